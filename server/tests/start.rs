//! How the program starts and ends, and what it says when it cannot.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

fn purser() -> Command {
    Command::new(env!("CARGO_BIN_EXE_purser"))
}

/// Runs it with what must make it fail, and gives back the one line that it says.
fn refusal(arguments: &[&str]) -> String {
    let output = purser().args(arguments).output().expect("it runs");
    assert!(!output.status.success());
    assert!(output.stdout.is_empty(), "{:?}", output.stdout);
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(said.lines().count(), 1, "{said}");
    said.trim().to_owned()
}

/// Starts it, waits for the address, and stops it as Ctrl-C does. What it said is given back.
fn start_and_stop(data: &Path) -> String {
    let mut running = purser()
        .args(["demo", "--listen", "127.0.0.1:0", "--accounts", "20", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut output = BufReader::new(running.stdout.take().expect("a pipe"));
    let mut said = String::new();
    while !said.contains("Ctrl-C") {
        assert_ne!(output.read_line(&mut said).expect("text"), 0, "{said}");
    }
    let stopped = Command::new("kill").args(["-INT", &running.id().to_string()]).status();
    assert!(stopped.expect("kill").success());
    output.read_to_string(&mut said).expect("text");
    assert!(running.wait().expect("an end").success(), "{said}");
    said
}

#[test]
fn it_explains_itself() {
    let output = purser().arg("--help").output().expect("it runs");
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(said.contains("purser demo [--listen ADDR:PORT]"), "{said}");
    assert!(said.contains("purser serve --upstream URL"), "{said}");
    assert_eq!(purser().args(["serve", "-h"]).output().expect("it runs").stdout, said.as_bytes());
}

#[test]
fn a_mistyped_command_is_named() {
    assert_eq!(refusal(&["dmeo"]), "There is no command dmeo. Try `purser --help`.");
    assert!(refusal(&["demo", "--listen", "here"]).contains("here"));
    assert_eq!(refusal(&[]), "Purser needs a command. Try `purser --help`.");
}

#[test]
fn the_demo_is_not_for_other_machines_unless_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = data.to_string_lossy();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        assert_eq!(
            refusal(&["demo", "--listen", address, "--data", &data]),
            format!(
                "Purser does not run the demo on {address}, because other machines reach it there \
                 and everybody knows the demo's passwords. Add --allow-remote if you want that."
            )
        );
    }
    assert!(!folder.path().join("data").exists());
    // An address of nobody's: allowed, and then there is nothing to listen on.
    let said = refusal(&["demo", "--allow-remote", "--listen", "192.0.2.1:80", "--data", &data]);
    assert!(said.starts_with("Purser cannot listen on 192.0.2.1:80"), "{said}");
}

#[test]
fn an_upstream_has_to_be_one() {
    assert_eq!(
        refusal(&["serve"]),
        "Purser needs to know your Waldur: --upstream URL. Try `purser --help`."
    );
    for (upstream, reason) in [
        ("waldur.example.org", "has to be an address such as https://waldur.example.org"),
        ("ftp://waldur.example.org", "has to begin with https:// or http://"),
        ("https://me:secret@waldur.example.org", "must not hold a name or a password"),
        ("https://waldur.example.org?token=secret", "must not have a query"),
        ("https://waldur.example.org/waldur", "must not have a path"),
    ] {
        let said = refusal(&["serve", "--upstream", upstream]);
        assert!(said.contains(reason), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn options_belong_to_a_command() {
    let said = refusal(&["serve", "--upstream", "http://localhost", "--data", "here"]);
    assert!(said.contains("--data"), "{said}");
    assert!(refusal(&["demo", "--upstream", "http://localhost"]).contains("--upstream"));
}

#[cfg(unix)]
#[test]
fn data_stays_from_one_start_to_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = start_and_stop(folder.path());
    assert!(first.contains("Purser runs on http://127.0.0.1:"), "{first}");
    assert!(first.contains("new demo data"), "{first}");
    assert!(start_and_stop(folder.path()).contains("the data of last time"));
}

#[test]
fn a_taken_port_is_said_before_any_data_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let said = refusal(&["demo", "--listen", &address, "--data", &data.to_string_lossy()]);
    assert_eq!(
        said,
        format!(
            "Purser cannot listen on {address}: another program does. Choose an address with --listen."
        )
    );
    assert!(!data.exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("a file");
    let data = file.join("data");
    let said = refusal(&["demo", "--listen", "127.0.0.1:0", "--data", &data.to_string_lossy()]);
    assert!(
        said.starts_with(&format!("The folder {} cannot be written to", data.display())),
        "{said}"
    );
}

#[test]
fn a_damaged_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("purser.sqlite3");
    fs::write(&file, "this is no database, and long enough to be looked at as one")
        .expect("a file");
    let data = folder.path().to_string_lossy().into_owned();
    let said = refusal(&["demo", "--listen", "127.0.0.1:0", "--data", &data]);
    assert!(said.contains("is damaged or is no database of Purser"), "{said}");
    assert!(fs::read_to_string(file).expect("the file").starts_with("this is no database"));
}

#[test]
fn a_database_of_a_newer_version_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("purser.sqlite3");
    let database = rusqlite::Connection::open(&file).expect("a database");
    database.pragma_update(None, "user_version", 999).expect("a version");
    drop(database);
    let before = fs::read(&file).expect("the file");
    let data = folder.path().to_string_lossy().into_owned();
    let said = refusal(&["demo", "--listen", "127.0.0.1:0", "--data", &data]);
    assert!(said.contains("was made by a newer version of Purser"), "{said}");
    assert_eq!(fs::read(file).expect("the file"), before);
}
