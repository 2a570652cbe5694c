//! What is said on the standard error, and what never is.

use serde_json::{Value, json};

use crate::{
    program::{Client, Program, account, demo, refusal, request, serve},
    wire::{self, Answer},
};

/// What nobody may read in the log: each is sent somewhere.
const PASSWORD: &str = "wrong-password-7f3a";
const TYPED: &str = "half-typed-password-2e88";
const STOLEN: &str = "stolen-token-4c1e";
const COOKIE: &str = "cookie-b7c3";
const SEARCHED: &str = "searched-words-91b2";
const ANSWER: &str = "answer-text-55d0";
const FILE: &str = "file-name-08ac";
const BROKEN: &str = "broken-body-d419";
const COMMENT: &str = "comment-words-6a6e";

/// One exchange: what the log should tell of it.
struct Exchange {
    method: &'static str,
    /// Without the query.
    path: String,
    answer: Answer,
}

/// A morning's work, with its mistakes. The tokens that were given out come back beside it.
async fn session(program: &Program) -> (Vec<Exchange>, Vec<String>) {
    let address = program.address;
    let mut exchanges = Vec::new();
    let mut send = async |method: &'static str, target: &str, headers: &str, body: &str| {
        let answer = wire::ask(address, &request(method, target, headers, body)).await;
        let path = target.split('?').next().unwrap_or_default().to_owned();
        exchanges.push(Exchange { method, path, answer });
    };
    let password = "/api-auth/password/";
    let wrong = json!({ "username": "alice", "password": PASSWORD }).to_string();
    send("POST", password, "", &wrong).await;
    send("POST", password, "", &format!(r#"{{"username": "alice", "password": "{TYPED}"#)).await;
    let right = json!({ "username": "alice", "password": purser::demo::PASSWORD }).to_string();
    send("POST", password, "", &right).await;
    send("GET", "/api/users/me/", &format!("Authorization: Token {STOLEN}\r\n"), "").await;
    send("GET", &format!("/accounts?token={STOLEN}"), &format!("Cookie: a={COOKIE}\r\n"), "").await;
    // Signing in and looking for the account are not what is counted here.
    let (alice, rita, stella) = (
        Client::sign_in(address, "alice").await,
        Client::sign_in(address, "rita").await,
        Client::sign_in(address, "stella").await,
    );
    let own = account(&alice, address, "Secure analysis environment").await;
    let header = |it: &Client| format!("Authorization: Token {}\r\n", it.token);
    let as_alice = header(&alice);
    let as_stella = header(&stella);
    let search =
        format!("/api/marketplace-offering-users/?query={SEARCHED}&user_keyword={SEARCHED}");
    send("GET", &search, &header(&rita), "").await;
    send("GET", &format!("/api/users/?full_name={SEARCHED}"), &as_stella, "").await;
    send("GET", &format!("/api/marketplace-offering-users/?state={SEARCHED}"), &as_stella, "")
        .await;
    let submit = format!("{own}submit_answers/");
    let file = json!({ "name": FILE, "content": ANSWER });
    for (question, answer) in
        [("5a2da39c7ea04da0a76b262ff26c04f7", json!(ANSWER)), (ANSWER, json!(true)), ("", file)]
    {
        let body = json!([{ "question_uuid": question, "answer_data": answer }]).to_string();
        send("POST", &submit, &as_alice, &body).await;
    }
    let body =
        json!([{ "question_uuid": "5a2da39c7ea04da0a76b262ff26c04f7", "answer_data": true }]);
    send("POST", &submit, &as_alice, &body.to_string()).await;
    send("POST", &submit, &as_alice, &format!("[{BROKEN}")).await;
    send("POST", &format!("{own}set_ok/"), &as_alice, &json!(BROKEN).to_string()).await;
    let comment = json!({ "service_provider_comment": COMMENT }).to_string();
    send("PATCH", &format!("{own}update_comments/"), &as_stella, &comment).await;
    send("DELETE", &format!("{own}checklist/?{SEARCHED}"), &as_stella, "").await;
    let large = format!("\"{}\"", BROKEN.repeat((1 << 20) / BROKEN.len() + 1));
    send("PATCH", &own, &as_stella, &large).await;
    send("POST", "/api-auth/logout/", &as_alice, "").await;
    let signed_in = exchanges[2].answer.body.clone();
    let signed_in: Value = serde_json::from_str(&signed_in).expect("JSON");
    let first = signed_in["token"].as_str().expect("a token").to_owned();
    (exchanges, vec![first, alice.token, rita.token, stella.token])
}

fn holds_no_secret(log: &str, tokens: &[String]) {
    let sent = [PASSWORD, TYPED, STOLEN, COOKIE, SEARCHED, ANSWER, FILE, BROKEN, COMMENT];
    let known = [purser::demo::PASSWORD, "alice", "Token"];
    for secret in sent.into_iter().chain(known).chain(tokens.iter().map(String::as_str)) {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

fn id_of(answer: &Answer) -> String {
    let [id] = answer.all("x-request-id")[..] else { panic!("one id: {answer:?}") };
    id.to_owned()
}

#[tokio::test]
async fn each_request_is_one_line_that_holds_no_secret() {
    // The most that is said is no more about people.
    for level in ["info", "debug"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = demo(folder.path());
        command.env("PURSER_LOG", level);
        let program = Program::start(command);
        let (exchanges, tokens) = session(&program).await;
        let log = program.stop();
        holds_no_secret(&log, &tokens);
        let lines: Vec<Value> =
            log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        for Exchange { method, path, answer } in &exchanges {
            let id = id_of(answer);
            let said: Vec<_> = lines.iter().filter(|it| it["span"]["id"] == *id).collect();
            let [line] = said[..] else { panic!("one line of {method} {path}: {said:?}") };
            assert_eq!(line["level"], "INFO", "{line}");
            assert_eq!(line["span"]["method"], *method, "{line}");
            assert_eq!(line["span"]["path"], *path, "{line}");
            assert_eq!(line["status"], answer.status, "{line}");
            assert!(line["microseconds"].is_u64(), "{line}");
            assert!(line["timestamp"].is_string(), "{line}");
        }
        // Three people signed in and alice looked for her account.
        assert_eq!(lines.len(), exchanges.len() + 4, "{log}");
        let statuses: Vec<_> = exchanges.iter().map(|it| it.answer.status).collect();
        let refusals = [401, 400, 200, 401, 404, 200, 200, 400, 400, 400, 400, 200, 400, 403, 200];
        assert_eq!(statuses, [&refusals[..], &[405, 413, 204]].concat());
    }
}

#[tokio::test]
async fn a_front_says_no_more_of_what_it_passes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Program::start(demo(folder.path()));
    let mut command = serve(desk.address);
    command.env("PURSER_LOG", "debug");
    let front = Program::start(command);
    let (exchanges, mut tokens) = session(&front).await;
    // What came before and what comes when there is nobody behind it.
    let stella = Client::sign_in(front.address, "stella").await;
    desk.stop();
    let path = format!("/api/users/?full_name={SEARCHED}");
    let answer = stella.get(front.address, &path).await;
    assert_eq!(answer.status, 502);
    tokens.push(stella.token);
    let log = front.stop();
    holds_no_secret(&log, &tokens);
    for Exchange { method, path, answer } in &exchanges {
        let id = id_of(answer);
        let said = log.lines().filter(|it| it.contains(&id) && it.contains("answered")).count();
        assert_eq!(said, 1, "{method} {path}: {log}");
    }
    let failed = |line: &&str| line.contains("\"WARN\"") && line.contains(&id_of(&answer));
    assert_eq!(log.lines().filter(failed).count(), 1, "{log}");
}

#[tokio::test]
async fn nothing_is_said_by_default() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(demo(folder.path()));
    let (exchanges, _) = session(&program).await;
    // The id is there for what might be said.
    exchanges.iter().for_each(|it| assert!(!id_of(&it.answer).is_empty()));
    assert_eq!(program.stop(), "");
}

#[tokio::test]
async fn a_harmless_id_is_taken_over_and_any_other_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = demo(folder.path());
    command.env("PURSER_LOG", "info");
    let program = Program::start(command);
    let ask = async |id: &str| {
        let header = format!("X-Request-ID: {id}\r\n");
        wire::ask(program.address, &request("GET", "/healthz", &header, "")).await
    };
    let (longest, shortest) = ("a".repeat(64), "b".repeat(8));
    let harmless = ["0d6a5f0e-9f1b-4d0c-8a3a-6d1b2c3d4e01", &longest, &shortest];
    for id in harmless {
        assert_eq!(id_of(&ask(id).await), id);
    }
    let too_long = "evil".repeat(17);
    let harmful = [
        "",
        "evil",
        &too_long,
        "evil\tevil",
        "evil evil",
        "evil\",\"level\":\"ERROR",
        "evil\\u000a-evil",
        "evil\u{9b}31m-evil",
        "evil\u{e9}-\u{4f60}-evil",
        "evil<script>",
    ];
    for id in harmful {
        let answer = ask(id).await;
        let new = id_of(&answer);
        assert_eq!(new.len(), 16, "{id:?}: {new}");
        assert!(new.bytes().all(|it| it.is_ascii_hexdigit()), "{id:?}: {new}");
    }
    // These are not even requests.
    for id in ["evil\0evil", "evil\u{1b}[31m", "evil\u{7f}evil"] {
        assert_eq!(ask(id).await.status, 400, "{id:?}");
    }
    let log = program.stop();
    assert!(!log.contains("evil"), "{log}");
    assert!(log.is_ascii() && !log.contains('\u{1b}'), "{log}");
    assert_eq!(log.lines().count(), harmless.len() + harmful.len(), "{log}");
    for id in harmless {
        assert_eq!(log.matches(&format!("\"{id}\"")).count(), 1, "{log}");
    }
}

#[test]
fn an_unknown_level_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    for (level, shown) in [("loud", "\"loud\""), ("", "\"\""), ("in\nfo", "\"in\\nfo\"")] {
        let mut command = demo(&data);
        command.env("PURSER_LOG", level);
        assert_eq!(
            refusal(command),
            format!("PURSER_LOG is {shown}, and has to be error, warn, info or debug.")
        );
    }
    assert!(!data.exists());
}
