//! Vectors about single answers: `validation`, `file_validation` and `error_format`.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Outcome, Vector, fits, forms::question_of, has_status, is};
use crate::{
    compare::is_hex_uuid,
    desk::{Answer, Ask, Desk, Form},
};

pub(super) fn validation(desk: &Desk, vector: &Vector) -> Outcome {
    let answer = &vector.input["answer_data"];
    let form = desk.form(&[question_of(&vector.input["question"])]);
    let submitted = desk.submit("alice", &form, &[(&form.questions[0], answer.clone())]);
    if vector.expected["http_500"] == true {
        return has_status(&submitted, 500);
    }
    if vector.expected["valid"] == false {
        has_status(&submitted, 400)?;
        let message = submitted.json()[0]["non_field_errors"][0].clone();
        let message = message.as_str().unwrap_or_default().to_owned();
        let is_refusal = message.contains("is not valid for the question");
        return if is_refusal { Ok(()) } else { Err(submitted.text) };
    }
    has_status(&submitted, 200)?;
    let stored = &desk.question("alice", &form, &form.questions[0])?["existing_answer"];
    match answer {
        Value::Null => is("existing_answer", &Value::Null, stored),
        answer if vector.area == "validation" => is("stored", answer, &stored["answer_data"]),
        _ => Ok(()),
    }
}

pub(super) fn file(desk: &Desk, vector: &Vector) -> Outcome {
    match vector.number() {
        33 | 34 => {
            let form = desk.form(&[question_of(&vector.input["question"])]);
            let question = &form.questions[0];
            let answer = vector.input["answer_data"].clone();
            has_status(&desk.submit("alice", &form, &[(question, answer)]), 200)?;
            let shown = desk.question("alice", &form, question)?;
            let mut stored = shown["existing_answer"]["answer_data"].clone();
            let file = match &mut stored {
                Value::Array(files) => files.first_mut().ok_or("no file")?,
                file => file,
            };
            let id = file["stored_file_id"].as_str().unwrap_or_default();
            if !is_hex_uuid(id) {
                return Err(format!("{id:?} is no uuid"));
            }
            file["stored_file_id"] = json!("<opaque id>");
            is("stored", &vector.expected["answer_data"], &stored)
        }
        35 => download(desk, &vector.expected),
        _ => {
            let answer = with_content(&vector.input["answer_data"]);
            let input = json!({ "question": vector.input["question"], "answer_data": answer });
            let expected = vector.expected.clone();
            let (id, area) = (vector.id.clone(), vector.area.clone());
            validation(desk, &Vector { id, area, input, expected })
        }
    }
}

/// Writes out what a vector only describes: `<base64 of N bytes of x>`.
fn with_content(answer: &Value) -> Value {
    let size = answer["content"].as_str().and_then(|it| {
        it.strip_prefix("<base64 of ")?.strip_suffix(" bytes of x>")?.parse::<usize>().ok()
    });
    let mut answer = answer.clone();
    if let Some(size) = size {
        answer["content"] = json!(STANDARD.encode("x".repeat(size)));
    }
    answer
}

fn download(desk: &Desk, expected: &Value) -> Outcome {
    let form = desk.form(&[json!({ "question_type": "file" })]);
    let question = &form.questions[0];
    let file = json!({ "name": "a.txt", "content": "aGVsbG8gd29ybGQ=" });
    has_status(&desk.submit("alice", &form, &[(question, file)]), 200)?;
    let shown = desk.question("alice", &form, question)?;
    let id = shown["existing_answer"]["answer_data"]["stored_file_id"].as_str();
    let path = format!("/api/media/{}/", id.ok_or("no file")?);
    for (who, key) in [
        (Some("alice"), "answer_author"),
        (Some("stella"), "staff"),
        (Some("sam"), "support"),
        (None, "anonymous"),
        (Some("rita"), "provider_with_UPDATE_USER_but_no_answer_in_completion"),
    ] {
        let ask = Ask { method: "GET", path: &path, headers: vec![], body: vec![] };
        let status = expected[key].as_u64().ok_or(key)?;
        has_status(&desk.send(who, ask), status).map_err(|it| format!("{key}: {it}"))?;
    }
    Ok(())
}

pub(super) fn error_format(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    let submit = |form: &Form, body: &Value| -> Answer {
        desk.post("alice", &form.path("submit_answers/"), body)
    };
    let template = "/api/marketplace-offering-users/checklist-template/";
    match vector.number() {
        1 => {
            let form = desk.form(&[
                json!({}),
                json!({ "question_type": "number", "description": input["question_text"] }),
            ]);
            let mut body = input["body"].clone();
            for (index, question) in form.questions.iter().enumerate() {
                body[index]["question_uuid"] = json!(question);
            }
            fits(&submit(&form, &body), expected)?;
            let first = desk.question("alice", &form, &form.questions[0])?;
            is("existing_answer", &Value::Null, &first["existing_answer"])
        }
        2 | 3 => {
            let question =
                json!({ "question_type": input["type"], "description": input["question_text"] });
            let form = desk.form(&[question]);
            let answers = [(form.questions[0].as_str(), input["answer_data"].clone())];
            fits(&desk.submit("alice", &form, &answers), expected)
        }
        4..=8 => {
            let form = desk.form(&[json!({ "question_type": "number" })]);
            let mut body = input["body"].clone();
            if body[0]["question_uuid"] == "<q1>" {
                body[0]["question_uuid"] = json!(form.questions[0]);
            }
            if vector.number() == 7 {
                desk.form(&[json!({ "uuid": body[0]["question_uuid"] })]);
            }
            fits(&submit(&form, &body), expected)
        }
        9 => {
            // Once without a completion, once without a checklist.
            let without_completion = desk.form(&[json!({})]);
            desk.sql("DELETE FROM completions WHERE id = ?1", [without_completion.completion]);
            let without_checklist = desk.form(&[json!({})]);
            desk.sql(
                "UPDATE offerings SET checklist_id = NULL WHERE uuid = ?1",
                [&without_checklist.offering],
            );
            for form in [without_completion, without_checklist] {
                for (who, action) in [
                    ("alice", "checklist/"),
                    ("alice", "completion_status/"),
                    ("rita", "checklist_review/"),
                    ("rita", "completion_review_status/"),
                ] {
                    fits(&desk.get(who, &form.path(action)), expected)
                        .map_err(|it| format!("{action}: {it}"))?;
                }
                fits(&submit(&form, &json!([])), expected)?;
            }
            Ok(())
        }
        10 => fits(&desk.get("alice", template), expected),
        _ => {
            let path = format!("{template}?parent_uuid={}", desk.uuid());
            fits(&desk.get("alice", &path), expected)
        }
    }
}
