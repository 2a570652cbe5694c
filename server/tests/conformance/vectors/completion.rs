//! Vectors about what becomes of a form: `completion` and `submit`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    Outcome, Vector, fits,
    forms::{Keyed, keyed, person, store, when},
    has_status, is,
};
use crate::{desk::Desk, recordings::operators::type_that_takes};

pub(super) fn completion(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    let text = |required: bool| json!({ "question_type": "text_input", "required": required });
    match vector.number() {
        14 => {
            let mut hidden = when("A", "equals", json!(true));
            hidden["required"] = json!(true);
            let questions = keyed([("A", json!({ "required": true })), ("B", hidden)]);
            let form = Keyed::new(desk, &questions);
            form.answer(desk, "alice", "A", json!(false))?;
            check_completion(&form, desk, expected)
        }
        15 => {
            let mut child = when("A", "equals", json!(true));
            child["question_type"] = json!("text_input");
            let form = Keyed::new(desk, &keyed([("A", json!({})), ("B", child)]));
            form.answer(desk, "alice", "A", json!(true))?;
            is("visible", &json!(["A", "B"]), &form.visible(desk)?)?;
            form.answer(desk, "alice", "B", json!("x"))?;
            form.answer(desk, "alice", "A", json!(false))?;
            check_completion(&form, desk, expected)
        }
        16 => {
            for answer in input["answers"].as_array().expect("answers") {
                let kind = type_that_takes(answer).expect("a type");
                let question = json!({ "question_type": kind, "required": true });
                let form = Keyed::new(desk, &keyed([("q1", question)]));
                form.answer(desk, "alice", "q1", answer.clone())?;
                let completed = &form.status(desk)?["is_completed"];
                is("answered", &expected["answered"], completed)?;
            }
            Ok(())
        }
        17 => {
            let form = Keyed::new(desk, &keyed([("q1", text(true))]));
            form.answer(desk, "alice", "q1", json!("x"))?;
            desk.sql(
                "INSERT INTO questions (uuid, checklist_id, position, required, config) \
                 SELECT ?1, checklist_id, 9, 1, config FROM questions WHERE uuid = ?2",
                [&desk.uuid(), form.uuid("q1")],
            );
            let status = form.status(desk)?;
            is("is_completed", &expected["is_completed"], &status["is_completed"])?;
            let open = status["unanswered_required_questions"].as_array().map(Vec::len);
            let count = "unanswered_required_questions_count";
            is(count, &expected[count], &json!(open))
        }
        _ => {
            let list = input["questions"].as_array().expect("questions");
            let questions = list.iter().map(|it| {
                let key = it["key"].as_str().expect("a key").to_owned();
                (key, json!({ "required": it["required"], "order": it["order"] }))
            });
            let form = Keyed::new(desk, &questions.collect());
            for row in input["rows"].as_array().into_iter().flatten() {
                let who = person(row["user"].as_str().expect("a person"));
                form.answer(desk, who, row["q"].as_str().expect("a key"), json!(true))?;
            }
            if input["recomputed"] == true || vector.number() == 8 {
                has_status(&desk.submit("alice", &form.form, &[]), 200)?;
            }
            check_completion(&form, desk, expected)
        }
    }
}

/// Checks what a vector says about a completion.
fn check_completion(form: &Keyed, desk: &Desk, expected: &Value) -> Outcome {
    let status = form.status(desk)?;
    for key in ["is_completed", "completion_percentage"] {
        if let Some(expected) = expected.get(key) {
            is(key, expected, &status[key])?;
        }
    }
    let open = form.keys(&status["unanswered_required_questions"]);
    for key in ["unanswered_required", "unanswered_required_questions"] {
        if let Some(expected) = expected.get(key) {
            is(key, expected, &open)?;
        }
    }
    match expected.get("visible") {
        Some(expected) => is("visible", expected, &form.visible(desk)?),
        None => Ok(()),
    }
}

pub(super) fn submit(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    match vector.number() {
        1 => {
            let uuid = &input["body"][0]["question_uuid"];
            let form = desk.form(&[json!({ "uuid": uuid, "required": true })]);
            let answer = desk.post("alice", &form.path("submit_answers/"), &input["body"]);
            has_status(&answer, 200)?;
            let mut body = answer.json();
            let completion = &mut body["completion"];
            for (key, token) in [
                ("uuid", "<id>"),
                ("checklist_name", "<text>"),
                ("checklist_description", "<text>"),
                ("created", "<dt>"),
                ("modified", "<dt>"),
            ] {
                if completion[key].is_string() {
                    completion[key] = json!(token);
                }
            }
            is("body", &expected["body"], &body)
        }
        9 => {
            let form = desk.form(&[json!({})]);
            fits(&desk.submit("alice", &form, &[]), expected)
        }
        11 => {
            let mut hidden = when("A", "equals", json!(true));
            hidden["question_type"] = json!("text_input");
            let form = Keyed::new(desk, &keyed([("A", json!({})), ("B", hidden)]));
            is("visible", &json!(["A"]), &form.visible(desk)?)?;
            form.answer(desk, "alice", "B", input["body"][0]["B"].clone())?;
            is("stored", &expected["stored"], &stored(desk, &form, false))
        }
        12 | 13 => {
            let form = desk.form(&[json!({ "required": true })]);
            let state =
                super::stage::number(input["offering_user_state"].as_str().expect("a state"));
            desk.sql(
                "UPDATE offering_users SET state = ?1 WHERE uuid = ?2",
                rusqlite::params![state, form.account],
            );
            let answer = desk.submit("alice", &form, &[(&form.questions[0], json!(true))]);
            has_status(&answer, 200)?;
            is("completed", &json!(true), &answer.json()["completion"]["is_completed"])?;
            let state = desk.state(&form.account)?;
            is("state", &input["offering_user_state"], &state)
        }
        14 => {
            let option = input["answer_data"][0].clone();
            let form = desk.form(&[json!({
                "question_type": "single_select",
                "question_options": [{ "uuid": option, "label": "High", "order": 0 }],
            })]);
            let question = &form.questions[0];
            store(desk, &form, "alice", question, &input["answer_data"])?;
            let shown = desk.question("alice", &form, question)?;
            let key = "existing_answer.answer_data";
            is(key, &expected[key], &shown["existing_answer"]["answer_data"])
        }
        _ => structured_submit(desk, input, expected),
    }
}

fn structured_submit(desk: &Desk, input: &Value, expected: &Value) -> Outcome {
    let empty = Map::new();
    let before = input["stored"].as_object().unwrap_or(&empty);
    let body = input["body"].as_array().expect("a body");
    let body: Vec<(&String, &Value)> = body.iter().filter_map(Value::as_object).flatten().collect();
    let mut questions = BTreeMap::new();
    for (key, value) in before.iter().chain(body.iter().copied()) {
        let key = key.split('@').next().unwrap_or_default();
        let is_text = value.as_str().is_some_and(|it| it != "bad");
        let kind = if is_text { "text_input" } else { "number" };
        questions.entry(key.to_owned()).or_insert_with(|| json!({ "question_type": kind }));
    }
    let form = Keyed::new(desk, &questions);
    for (key, value) in before {
        let (key, who) = key.split_once('@').unwrap_or((key, "owner"));
        form.answer(desk, person(who), key, value.clone())?;
    }
    let answers: Vec<_> =
        body.iter().map(|(key, value)| (form.uuid(key), (*value).clone())).collect();
    let who = person(input["as"].as_str().unwrap_or("owner"));
    fits(&desk.submit(who, &form.form, &answers), &json!({ "status": expected["status"] }))?;
    if let Some(expected) = expected.get("stored") {
        let with_authors = before.keys().any(|key| key.contains('@'));
        is("stored", expected, &stored(desk, &form, with_authors))?;
    }
    if let Some(rows) = expected.get("rows") {
        is("rows", rows, &json!(stored(desk, &form, true).as_object().map(Map::len)))?;
    }
    for (key, people) in [
        ("existing_answer.answer_data_for_everyone", ["alice", "rita"].as_slice()),
        ("existing_answer.answer_data", &["alice"]),
    ] {
        let Some(expected) = expected.get(key) else { continue };
        for who in people {
            let shown = desk.question(who, &form.form, form.uuid("q1"))?;
            is(key, expected, &shown["existing_answer"]["answer_data"])?;
        }
    }
    Ok(())
}

/// What is stored, by the keys of the questions, with the authors or without.
fn stored(desk: &Desk, form: &Keyed, with_authors: bool) -> Value {
    let mut statement = desk
        .db
        .prepare(
            "SELECT q.uuid, u.username, x.data FROM answers x JOIN users u ON u.id = x.user_id \
             JOIN questions q ON q.id = x.question_id WHERE x.completion_id = ?1 ORDER BY x.id",
        )
        .expect("a statement");
    let rows = statement.query_map([form.form.completion], |row| {
        let (uuid, author): (String, String) = (row.get(0)?, row.get(1)?);
        let data: String = row.get(2)?;
        let author = if author == "alice" { "owner" } else { "provider" };
        let key = form.key(&uuid);
        let key = if with_authors { format!("{key}@{author}") } else { key.to_owned() };
        Ok((key, serde_json::from_str(&data).expect("JSON")))
    });
    Value::Object(rows.expect("rows").collect::<Result<_, _>>().expect("answers"))
}
