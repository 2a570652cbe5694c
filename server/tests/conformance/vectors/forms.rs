//! What vectors about checklists have in common.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Outcome, has_status};
use crate::{
    desk::{Desk, Form, uuids},
    recordings::operators::store_null,
};

/// Who the vectors mean.
pub(super) fn person(name: &str) -> &'static str {
    match name {
        "owner" => "alice",
        "provider" => "rita",
        other => panic!("{other} is nobody"),
    }
}

/// Answers a question so that the answer is stored.
pub(super) fn store(
    desk: &Desk,
    form: &Form,
    who: &str,
    question: &str,
    answer: &Value,
) -> Outcome {
    if answer.is_null() {
        store_null(desk, form, question);
        return Ok(());
    }
    has_status(&desk.submit(who, form, &[(question, answer.clone())]), 200)
}

pub(super) fn dependency(parent: &str, operator: &Value, required: &Value) -> Value {
    json!({
        "depends_on_question": parent,
        "operator": operator,
        "required_answer_value": required,
    })
}

/// Questions that the vectors name by keys, in the order of the keys.
pub(super) struct Keyed {
    pub(super) form: Form,
    keys: Vec<String>,
}

impl Keyed {
    /// `questions` by key, with dependencies as the vectors write them.
    pub(super) fn new(desk: &Desk, questions: &BTreeMap<String, Value>) -> Self {
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

    pub(super) fn uuid(&self, key: &str) -> &str {
        let index = self.keys.iter().position(|it| it == key);
        &self.form.questions[index.unwrap_or_else(|| panic!("no question {key}"))]
    }

    pub(super) fn key(&self, uuid: &str) -> &str {
        let index = self.form.questions.iter().position(|it| it == uuid);
        &self.keys[index.expect("one of the questions")]
    }

    pub(super) fn keys(&self, list: &Value) -> Value {
        uuids(list).iter().map(|uuid| json!(self.key(uuid))).collect()
    }

    pub(super) fn visible(&self, desk: &Desk) -> Result<Value, String> {
        Ok(desk.visible("alice", &self.form)?.iter().map(|uuid| json!(self.key(uuid))).collect())
    }

    pub(super) fn answer(&self, desk: &Desk, who: &str, key: &str, answer: Value) -> Outcome {
        has_status(&desk.submit(who, &self.form, &[(self.uuid(key), answer)]), 200)
    }

    pub(super) fn status(&self, desk: &Desk) -> Result<Value, String> {
        let answer = desk.get("alice", &self.form.path("completion_status/"));
        has_status(&answer, 200)?;
        Ok(answer.json())
    }
}

pub(super) fn keyed<const N: usize>(questions: [(&str, Value); N]) -> BTreeMap<String, Value> {
    questions.into_iter().map(|(key, question)| (key.to_owned(), question)).collect()
}

/// A condition as the vectors write it.
pub(super) fn when(on: &str, operator: &str, value: Value) -> Value {
    json!({ "dependencies": [{ "on": on, "operator": operator, "value": value }] })
}

/// A question as the server's field names have it.
pub(super) fn question_of(short: &Value) -> Value {
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
