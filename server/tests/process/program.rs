//! Starting and stopping the program, and asking it as a client does.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::{self, JoinHandle},
};

use serde_json::{Value, json};

use crate::wire::{self, Answer};

/// `purser demo` with its data in `folder`, on a free port, saying what it says by default.
pub(crate) fn demo(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purser"));
    command.env_remove("PURSER_LOG");
    command.args(["demo", "--listen", "127.0.0.1:0", "--accounts", "20", "--data"]).arg(folder);
    command
}

/// `purser serve` in front of what listens at `upstream`.
pub(crate) fn serve(upstream: SocketAddr) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purser"));
    command.env_remove("PURSER_LOG");
    command.args(["serve", "--listen", "127.0.0.1:0", "--upstream", &format!("http://{upstream}")]);
    command
}

/// Runs what must fail, and gives back the one line that it says.
pub(crate) fn refusal(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("it runs");
    assert!(!status.success());
    assert!(stdout.is_empty(), "{:?}", String::from_utf8_lossy(&stdout));
    let said = String::from_utf8(stderr).expect("text");
    assert_eq!(said.lines().count(), 1, "{said}");
    said.trim_end().to_owned()
}

/// One that runs and listens. It ends when this goes.
pub(crate) struct Program {
    running: Child,
    pub(crate) address: SocketAddr,
    /// What it said on the standard output.
    pub(crate) greeting: String,
    /// Collects what it says on the standard error.
    errors: Option<JoinHandle<String>>,
}

impl Program {
    /// Starts it and waits until it listens.
    pub(crate) fn start(mut command: Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().expect("it runs");
        let mut stderr = running.stderr.take().expect("a pipe");
        let errors = thread::spawn(move || {
            let mut said = String::new();
            stderr.read_to_string(&mut said).expect("text");
            said
        });
        let mut output = BufReader::new(running.stdout.take().expect("a pipe"));
        let mut greeting = String::new();
        while !greeting.contains("Ctrl-C") {
            let length = output.read_line(&mut greeting).expect("text");
            assert_ne!(length, 0, "it ended after {greeting:?}");
        }
        let address = greeting.lines().find_map(|line| line.split_once("http://"));
        let address = address.expect("an address").1.parse().expect("an address");
        Self { running, address, greeting, errors: Some(errors) }
    }

    /// Ends it as Ctrl-C does, and gives back what it said on the standard error.
    pub(crate) fn stop(mut self) -> String {
        let process = self.running.id().to_string();
        let asked = Command::new("kill").args(["-INT", &process]).status();
        assert!(asked.expect("kill").success());
        assert!(self.running.wait().expect("an end").success());
        self.errors.take().expect("a reader").join().expect("text")
    }

    /// Ends it as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.running.kill().expect("a process");
        self.running.wait().expect("an end");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Most have ended already.
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

/// Somebody who has signed in. The token outlives the program that gave it.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) token: String,
}

impl Client {
    pub(crate) async fn sign_in(address: SocketAddr, name: &str) -> Self {
        let body = json!({ "username": name, "password": purser::demo::PASSWORD }).to_string();
        let answer = wire::ask(address, &request("POST", "/api-auth/password/", "", &body)).await;
        let token = json_of(&answer)["token"].as_str().expect("a token").to_owned();
        Self { token }
    }

    /// A whole request of this person's.
    pub(crate) fn request(&self, method: &str, path: &str, body: &str) -> String {
        request(method, path, &format!("Authorization: Token {}\r\n", self.token), body)
    }

    pub(crate) async fn send(
        &self,
        address: SocketAddr,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Answer {
        wire::ask(address, &self.request(method, path, &body.to_string())).await
    }

    pub(crate) async fn get(&self, address: SocketAddr, path: &str) -> Answer {
        wire::ask(address, &self.request("GET", path, "")).await
    }

    /// What has to be there.
    pub(crate) async fn json(&self, address: SocketAddr, path: &str) -> Value {
        let answer = self.get(address, path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        json_of(&answer)
    }
}

/// A whole request with further headers, each with its line end.
pub(crate) fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub(crate) fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {answer:?}"))
}

/// Path of an account of this person's on an offering of that name.
pub(crate) async fn account(client: &Client, address: SocketAddr, offering: &str) -> String {
    const ACCOUNTS: &str = "/api/marketplace-offering-users/";
    let accounts = client.json(address, &format!("{ACCOUNTS}?page_size=300")).await;
    let accounts = accounts.as_array().into_iter().flatten();
    let account = accounts.into_iter().find(|it| it["offering_name"] == offering);
    let account = account.expect("an account on the offering");
    format!("{ACCOUNTS}{}/", account["uuid"].as_str().expect("a uuid"))
}
