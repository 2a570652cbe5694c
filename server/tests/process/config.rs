//! What the app asks before it keeps anything on a device.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{
    program::{Program, demo, refusal, serve},
    wire,
};

async fn config(address: SocketAddr) -> Value {
    let request = "GET /config.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = wire::ask(address, request).await;
    assert_eq!(answer.status, 200);
    serde_json::from_str(&answer.body).expect("JSON")
}

#[tokio::test]
async fn drafts_are_kept_encrypted_unless_the_operator_says_otherwise() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(demo(folder.path()));
    assert_eq!(config(program.address).await, json!({ "drafts": "encrypted" }));
    program.stop();
    for policy in ["encrypted", "memory", "off"] {
        let mut command = demo(folder.path());
        command.args(["--drafts", policy]);
        let program = Program::start(command);
        assert_eq!(config(program.address).await, json!({ "drafts": policy }));
        program.stop();
    }
}

#[tokio::test]
async fn in_front_of_a_waldur_it_is_this_program_that_answers() {
    // Nobody listens there.
    let nobody = SocketAddr::from(([127, 0, 0, 1], 9));
    let mut command = serve(nobody);
    command.args(["--drafts", "off"]);
    let program = Program::start(command);
    assert_eq!(config(program.address).await, json!({ "drafts": "off" }));
    program.stop();
}

#[test]
fn a_policy_has_to_be_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = demo(folder.path());
    command.args(["--drafts", "never"]);
    assert_eq!(refusal(command), "There is no policy never. Try `purser --help`.");
}
