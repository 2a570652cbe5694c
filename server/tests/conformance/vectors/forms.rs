//! Vectors about checklists.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{Outcome, Vector, fits, has_status, is};
use crate::{
    compare::is_hex_uuid,
    desk::{Answer, Ask, Desk, Form, uuids},
    recordings::{store_null, type_that_takes},
};

/// Who the vectors mean.
fn person(name: &str) -> &'static str {
    match name {
        "owner" => "alice",
        "provider" => "rita",
        other => panic!("{other} is nobody"),
    }
}

/// Answers a question so that the answer is stored.
fn store(desk: &Desk, form: &Form, who: &str, question: &str, answer: &Value) -> Outcome {
    if answer.is_null() {
        store_null(desk, form, question);
        return Ok(());
    }
    has_status(&desk.submit(who, form, &[(question, answer.clone())]), 200)
}

fn dependency(parent: &str, operator: &Value, required: &Value) -> Value {
    json!({
        "depends_on_question": parent,
        "operator": operator,
        "required_answer_value": required,
    })
}

pub(super) fn operator(desk: &Desk, vector: &Vector) -> Outcome {
    let input = &vector.input;
    let parent = desk.uuid();
    let form = desk.form(&[
        json!({
            "uuid": parent,
            "question_type": type_that_takes(&input["answer"]).unwrap_or("number"),
        }),
        json!({ "dependencies": [dependency(&parent, &input["operator"], &input["required"])] }),
    ]);
    store(desk, &form, "alice", &parent, &input["answer"])?;
    if vector.expected["http_500"] == true {
        return has_status(&desk.get("alice", &form.path("checklist/")), 500);
    }
    let visible = desk.visible("alice", &form)?.contains(&form.questions[1]);
    is("visible", &vector.expected["result"], &json!(visible))
}

/// Questions that the vectors name by keys, in the order of the keys.
struct Keyed {
    form: Form,
    keys: Vec<String>,
}

impl Keyed {
    /// `questions` by key, with dependencies as the vectors write them.
    fn new(desk: &Desk, questions: &BTreeMap<String, Value>) -> Self {
        let uuids: BTreeMap<&String, String> =
            questions.keys().map(|key| (key, desk.uuid())).collect();
        let build = |(key, question): (&String, &Value)| {
            let mut question = question.clone();
            question["uuid"] = json!(uuids[key]);
            if let Some(logic) = question.get("logic").cloned() {
                question["dependency_logic_operator"] = logic;
            }
            let dependencies = question["dependencies"].as_array().into_iter().flatten();
            let dependencies = dependencies.map(|it| {
                let parent = it["on"].as_str().expect("a key").to_owned();
                dependency(&uuids[&parent], &it["operator"], &it["value"])
            });
            question["dependencies"] = dependencies.collect();
            question
        };
        let built: Vec<Value> = questions.iter().map(build).collect();
        Self { form: desk.form(&built), keys: questions.keys().cloned().collect() }
    }

    fn uuid(&self, key: &str) -> &str {
        let index = self.keys.iter().position(|it| it == key);
        &self.form.questions[index.unwrap_or_else(|| panic!("no question {key}"))]
    }

    fn key(&self, uuid: &str) -> &str {
        let index = self.form.questions.iter().position(|it| it == uuid);
        &self.keys[index.expect("one of the questions")]
    }

    fn keys(&self, list: &Value) -> Value {
        uuids(list).iter().map(|uuid| json!(self.key(uuid))).collect()
    }

    fn visible(&self, desk: &Desk) -> Result<Value, String> {
        Ok(desk.visible("alice", &self.form)?.iter().map(|uuid| json!(self.key(uuid))).collect())
    }

    fn answer(&self, desk: &Desk, who: &str, key: &str, answer: Value) -> Outcome {
        has_status(&desk.submit(who, &self.form, &[(self.uuid(key), answer)]), 200)
    }

    fn status(&self, desk: &Desk) -> Result<Value, String> {
        let answer = desk.get("alice", &self.form.path("completion_status/"));
        has_status(&answer, 200)?;
        Ok(answer.json())
    }
}

fn keyed<const N: usize>(questions: [(&str, Value); N]) -> BTreeMap<String, Value> {
    questions.into_iter().map(|(key, question)| (key.to_owned(), question)).collect()
}

/// A condition as the vectors write it.
fn when(on: &str, operator: &str, value: Value) -> Value {
    json!({ "dependencies": [{ "on": on, "operator": operator, "value": value }] })
}

pub(super) fn visibility(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    match vector.number() {
        21 => {
            let multi = |on, value| {
                let mut question = when(on, "in", value);
                question["question_type"] = json!("multi_select");
                question
            };
            let form = Keyed::new(
                desk,
                &keyed([
                    ("root", json!({})),
                    ("types", multi("root", json!(true))),
                    ("pci", multi("types", json!(["cards"]))),
                    ("aml", multi("types", json!(["wires"]))),
                ]),
            );
            form.answer(desk, "alice", "root", input["answers"]["root"][0].clone())?;
            is("visible", &expected["visible"], &form.visible(desk)?)
        }
        22 => {
            let questions = serde_json::from_value(input["questions"].clone());
            let form = Keyed::new(desk, &questions.expect("questions"));
            let path = format!(
                "/api/marketplace-offering-users/checklist-template/?parent_uuid={}",
                form.form.offering
            );
            let template = desk.get("alice", &path);
            has_status(&template, 200)?;
            let template = template.json();
            is("questions", &expected["questions"], &form.keys(&template["questions"]))?;
            let initial = "initial_visible_questions";
            is(initial, &expected[initial], &form.keys(&template[initial]))
        }
        23 => {
            let mut hidden = when("A", "equals", json!(true));
            hidden["order"] = json!(2);
            let questions = keyed([("A", json!({ "order": 1 })), ("B", hidden)]);
            let form = Keyed::new(desk, &questions);
            for spelling in ["true", "TRUE"] {
                let path = form.form.path(&format!("checklist/?include_all={spelling}"));
                let shown = form.keys(&desk.get("alice", &path).json()["questions"]);
                is("questions", &expected["questions"], &shown)?;
            }
            Ok(())
        }
        24 => {
            let questions = keyed([("A", json!({})), ("B", when("A", "equals", json!(true)))]);
            let form = Keyed::new(desk, &questions);
            let shown = |query: &str| {
                let path = form.form.path(&format!("checklist/?include_all={query}"));
                form.keys(&desk.get("alice", &path).json()["questions"])
            };
            is("include_all=false", &json!(["A"]), &shown("false"))?;
            is("include_all=1", &json!(["A"]), &shown("1"))
        }
        _ => structured_visibility(desk, input, expected),
    }
}

fn structured_visibility(desk: &Desk, input: &Value, expected: &Value) -> Outcome {
    let answers = input["answers"].as_object().expect("answers");
    let mut questions: BTreeMap<String, Value> = match &input["questions"] {
        Value::Object(questions) => questions.clone().into_iter().collect(),
        _ => keyed([("it", input["question"].clone())]),
    };
    let parents = questions.values().flat_map(|it| it["dependencies"].as_array().into_iter());
    let parents = parents.flatten().filter_map(|it| it["on"].as_str().map(str::to_owned));
    let parents: BTreeSet<String> = parents.chain(answers.keys().cloned()).collect();
    for parent in parents {
        let kind = answers.get(&parent).and_then(|it| type_that_takes(&it[0]));
        let question = questions.entry(parent).or_insert_with(|| json!({}));
        question["question_type"] = json!(kind.unwrap_or("boolean"));
    }
    let form = Keyed::new(desk, &questions);
    for (key, values) in answers {
        for (value, who) in values.as_array().into_iter().flatten().zip(["alice", "rita"]) {
            form.answer(desk, who, key, value.clone())?;
        }
    }
    let visible = form.visible(desk)?;
    match &expected["visible_keys"] {
        Value::Null => {
            let is_visible = visible.as_array().is_some_and(|it| it.contains(&json!("it")));
            is("visible", &expected["visible"], &json!(is_visible))
        }
        keys => is("visible", keys, &visible),
    }
}

/// A question as the server's field names have it.
fn question_of(short: &Value) -> Value {
    let short = short.as_object().expect("a question");
    let long = short.iter().map(|(key, value)| {
        let key = match key.as_str() {
            "type" => "question_type",
            "min" => "min_value",
            "max" => "max_value",
            key => key,
        };
        (key.to_owned(), value.clone())
    });
    Value::Object(long.collect())
}

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

pub(super) fn guidance(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    if let 15 | 16 = vector.number() {
        let form = desk.form(&[json!({
            "user_guidance": "<text>",
            "always_show_guidance": input["always_show_guidance"],
            "guidance_answer_value": true,
        })]);
        let question = &form.questions[0];
        store(desk, &form, "alice", question, &input["answers"]["owner"])?;
        let viewer = person(input["viewer"].as_str().expect("a person"));
        let shown = desk.question(viewer, &form, question)?;
        return is("user_guidance", &expected["user_guidance"], &shown["user_guidance"]);
    }
    let answer = &input["own_answer"];
    let mut question = question_of(&input["question"]);
    question["question_type"] = json!(type_that_takes(answer).unwrap_or("boolean"));
    let form = desk.form(&[question]);
    let question = &form.questions[0];
    has_status(&desk.submit("alice", &form, &[(question, answer.clone())]), 200)?;
    let shown = &desk.question("alice", &form, question)?["user_guidance"];
    match shown {
        Value::Null => is("shown", &expected["shown"], &json!(false)),
        shown => {
            is("user_guidance", &input["question"]["user_guidance"], shown)?;
            is("shown", &expected["shown"], &json!(true))
        }
    }
}

pub(super) fn review(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    match vector.number() {
        22 | 23 => {
            let form = desk.form(&[json!({ "always_requires_review": true })]);
            store(desk, &form, "alice", &form.questions[0], &json!(true))?;
            let action = if vector.number() == 22 { "checklist/" } else { "checklist_review/" };
            let body = desk.get("rita", &form.path(action)).json();
            let answer = &body["questions"][0]["existing_answer"];
            for (key, holder) in [
                ("existing_answer_has_requires_review", answer),
                ("completion_has_requires_review", &body["completion"]),
            ] {
                is(key, &expected[key], &json!(holder.get("requires_review").is_some()))?;
            }
            Ok(())
        }
        24 => {
            let form = desk.form(&[
                json!({ "required": true }),
                json!({
                    "required": true,
                    "question_type": "unknown",
                    "operator": "in",
                    "review_answer_value": ["health", "genetic"],
                }),
                json!({
                    "required": true,
                    "question_type": "unknown",
                    "always_requires_review": true,
                }),
                json!({ "required": true, "review_answer_value": true }),
            ]);
            let answers = [json!(true), json!(["health"]), json!(["consent"]), json!(true)];
            let answers: Vec<_> = form.questions.iter().map(String::as_str).zip(answers).collect();
            has_status(&desk.submit("alice", &form, &answers), 200)?;
            let status = desk.get("rita", &form.path("completion_review_status/")).json();
            let flagged = status["review_trigger_summary"].as_array().map(Vec::len);
            is("flagged", &expected["flagged"], &json!(flagged))?;
            is("is_completed", &expected["is_completed"], &status["is_completed"])?;
            is("review", &expected["completion.requires_review"], &status["requires_review"])
        }
        _ => structured_review(desk, input, expected),
    }
}

fn structured_review(desk: &Desk, input: &Value, expected: &Value) -> Outcome {
    let steps = match &input["steps"] {
        Value::Array(steps) => steps.iter().map(submitted_in).collect(),
        _ => vec![input["answer"].clone()],
    };
    let mut question = match &input["question"] {
        Value::Null => json!({ "review_answer_value": true, "operator": "equals" }),
        question => question_of(question),
    };
    question["question_type"] = json!(type_that_takes(&steps[0]).unwrap_or("boolean"));
    let form = desk.form(&[question]);
    let question = &form.questions[0];
    for answer in steps {
        has_status(&desk.submit("alice", &form, &[(question, answer)]), 200)?;
    }
    let flag = desk.reviewed(&form, question)?["existing_answer"]["requires_review"].clone();
    for key in ["requires_review", "answer.requires_review"] {
        if let Some(expected) = expected.get(key) {
            is(key, expected, &flag)?;
        }
    }
    let status = desk.get("rita", &form.path("completion_review_status/")).json();
    match expected.get("completion.requires_review") {
        Some(expected) => is("completion", expected, &status["requires_review"]),
        None => Ok(()),
    }
}

/// The answer in a step like `submit true (flagged)`.
fn submitted_in(step: &Value) -> Value {
    let word = step.as_str().and_then(|it| it.split(' ').nth(1)).expect("an answer");
    serde_json::from_str(word).expect("JSON")
}

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
