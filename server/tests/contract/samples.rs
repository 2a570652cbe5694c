//! The samples of `crates/checklist`, chosen as answers: the server takes those that the form takes.

use std::{collections::BTreeSet, fs, path::Path};

use api::ApiError;
use base64::{Engine, prelude::BASE64_STANDARD};
use checklist::{FileLimits, Value};
use serde_json::json;

use crate::desk::Desk;

/// A name and the content of each sample, which is at most 1,024 bytes of a file.
fn samples() -> Vec<(String, Vec<u8>)> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/checklist/tests/data");
    let table = fs::read_to_string(data.join("samples.tsv")).expect("the table");
    let read = |line: &str| {
        let mut columns = line.split('\t');
        let (Some(file), Some(name)) = (columns.next(), columns.next()) else { panic!("{line}") };
        (name.to_owned(), fs::read(data.join("samples").join(file)).expect(line))
    };
    table.lines().map(read).collect()
}

fn as_answer(name: &str, content: &[u8]) -> Value {
    let member = |key: &str, text: String| (key.to_owned(), Value::Text(text));
    let content = BASE64_STANDARD.encode(content);
    let file = vec![member("name", name.to_owned()), member("content", content)];
    Value::List(vec![Value::Map(file)])
}

#[tokio::test]
async fn the_server_takes_the_files_that_the_form_takes() {
    let desk = Desk::new();
    let (alice, stella) = (desk.sign_in("alice").await, desk.sign_in("stella").await);
    let account = desk.account_of_alice(&alice, "Secure analysis environment").await;
    let form = desk.ok(&alice, api::checklist(account.uuid, true)).await;
    let question = form.questions.iter().find(|it| it.question.text.contains("Other documents"));
    let question = question.expect("a question for files").question.id;
    let path = format!("/api/checklists-admin-questions/{}/", question.0.simple());
    let one_too_many = vec![b'x'; (1 << 20) + 1];
    let large = [
        ("just.txt".to_owned(), one_too_many[1..].to_vec()),
        ("large.txt".to_owned(), one_too_many),
    ];
    for (extensions, mime_types) in [
        (vec![".pdf", ".docx", ".txt", ".PNG"], vec!["application/pdf", "text/*", "image/png"]),
        (vec![], vec!["application/*", "video/mp4"]),
        (vec![".jpg", ".exe", ".zip", ".csv"], vec![]),
    ] {
        let list = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect();
        let limits = FileLimits {
            extensions: list(&extensions),
            mime_types: list(&mime_types),
            max_megabytes: Some(1),
        };
        let change = json!({
            "allowed_file_types": extensions,
            "allowed_mime_types": mime_types,
            "max_file_size_mb": limits.max_megabytes,
        });
        desk.patch(&stella, &path, change.to_string()).await;
        let mut verdicts = BTreeSet::new();
        for (name, content) in samples().iter().chain(&large) {
            let answers = [(question, as_answer(name, content))];
            let answer = desk.try_as(&alice, api::submit_answers(account.uuid, &answers)).await;
            let first_bytes = &content[..content.len().min(1024)];
            let verdict = limits.check(name, content.len() as u64, first_bytes);
            match answer {
                Ok(_) => assert_eq!(verdict, Ok(()), "the server takes {name}: {limits:?}"),
                Err(ApiError::Rejected(_)) => {
                    assert!(verdict.is_err(), "the server refuses {name}: {limits:?}");
                }
                Err(other) => panic!("{name}: {other:?}"),
            }
            verdicts.insert(verdict.is_ok());
        }
        assert_eq!(verdicts.len(), 2, "{limits:?}");
    }
}
