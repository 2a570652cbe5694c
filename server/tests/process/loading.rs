//! `purser demo --load FILE`.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::program::{Client, Program, account, demo, refusal};

/// As the file writes them: an offering is named so.
const FIRST: &str = "0D6A5F0E-9f1b-4d0c-8a3a-6d1b2c3d4e01";
const SECOND: &str = "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e02";

fn checklists() -> Value {
    let checklist = |uuid: &str, question: &str| {
        json!({
            "uuid": uuid,
            "name": "A list",
            "questions": [{ "uuid": question, "question_type": "text_input", "required": true }],
        })
    };
    json!([
        checklist(FIRST, "a0000000000000000000000000000001"),
        checklist(SECOND, "a0000000000000000000000000000002"),
    ])
}

/// Starts with the file, and says what was said of it.
fn start_with(data: &Path, file: &Path) -> (Program, String) {
    let mut command = demo(data);
    command.arg("--load").arg(file);
    let program = Program::start(command);
    let said = program.greeting.lines().find(|it| it.contains("checklist"));
    let said = said.unwrap_or_else(|| panic!("{}", program.greeting)).to_owned();
    (program, said)
}

/// How many offerings have the name, as somebody sees them who provides them.
async fn found(program: &Program, who: &str, name: &str) -> usize {
    let client = Client::sign_in(program.address, who).await;
    let path = format!("/api/marketplace-provider-offerings/?name={name}");
    let offerings = client.json(program.address, &path).await;
    let offerings = offerings.as_array().expect("a list");
    assert!(offerings.iter().all(|it| it["name"] == name), "{offerings:?}");
    offerings.len()
}

#[tokio::test]
async fn what_is_loaded_is_found_and_can_be_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let file = folder.path().join("lists.json");
    fs::write(&file, checklists().to_string()).expect("a file");
    let (program, said) = start_with(&data, &file);
    assert_eq!(said, "It has 2 more checklists, each with an offering of its own");
    let address = program.address;
    for name in [FIRST, SECOND] {
        for who in ["pavel", "rita"] {
            assert_eq!(found(&program, who, name).await, 1, "{who}");
        }
    }
    let alice = Client::sign_in(address, "alice").await;
    let path = account(&alice, address, FIRST).await;
    let body = json!([{
        "question_uuid": "a0000000000000000000000000000001",
        "answer_data": "An answer",
    }]);
    let answer = alice.send(address, "POST", &format!("{path}submit_answers/"), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(program.stop(), "");

    // A second time nothing is new, and nothing is lost.
    let (program, said) = start_with(&data, &file);
    assert_eq!(said, "It has 0 more checklists, each with an offering of its own");
    let address = program.address;
    assert_eq!(found(&program, "pavel", FIRST).await, 1);
    let form = alice.json(address, &format!("{path}checklist/")).await;
    assert_eq!(form["questions"][0]["existing_answer"]["answer_data"], "An answer");
    assert_eq!(form["completion"]["is_completed"], true);
    assert_eq!(account(&alice, address, FIRST).await, path);
    account(&alice, address, SECOND).await;
    assert_eq!(program.stop(), "");
}

#[tokio::test]
async fn a_file_that_cannot_be_loaded_is_named_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let file = folder.path().join("lists.json");
    let mut broken = checklists();
    broken[1]["questions"][0]["min_value"] = json!(5);
    let load = |file: &Path| {
        let mut command = demo(&data);
        command.arg("--load").arg(file);
        let said = refusal(command);
        assert!(said.contains(&file.display().to_string()), "{said}");
        said
    };
    // Before there is any data, and when there is.
    for _ in 0..2 {
        let missing = folder.path().join("missing.json");
        assert!(load(&missing).contains("cannot be read"));
        assert!(load(folder.path()).contains("cannot be read"));
        for (content, reason) in [
            (b"[{]".to_vec(), "The file is no JSON: ".to_owned()),
            (b"".to_vec(), "The file is no JSON: ".to_owned()),
            (b"\xff\xfe[\0]\0".to_vec(), "cannot be read".to_owned()),
            (b"{}".to_vec(), "The file has to be a list of checklists.".to_owned()),
            (broken.to_string().into_bytes(), format!("Checklist 2 ({SECOND}): question 1 has")),
        ] {
            fs::write(&file, content).expect("a file");
            let said = load(&file);
            assert!(said.contains(&reason), "{said}");
        }
        let program = Program::start(demo(&data));
        let alice = Client::sign_in(program.address, "alice").await;
        account(&alice, program.address, "Secure analysis environment").await;
        assert_eq!(found(&program, "pavel", FIRST).await, 0);
        assert_eq!(program.stop(), "");
    }
    fs::write(&file, checklists().to_string()).expect("a file");
    let (program, said) = start_with(&data, &file);
    assert_eq!(said, "It has 2 more checklists, each with an offering of its own");
    assert_eq!(found(&program, "pavel", FIRST).await, 1);
}
