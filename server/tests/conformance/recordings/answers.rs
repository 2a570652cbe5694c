//! `answers.json`: what is sent, answered and stored.

use std::collections::BTreeMap;

use purser::Profile;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Meta, Outcome, People, Report, Verdict, expect, same, status_of, stored};
use crate::desk::{Ask, Desk, Form};

#[derive(Deserialize)]
struct Answers {
    meta: Meta,
    checklists: BTreeMap<String, Value>,
    cases: Vec<AnswerCase>,
}

#[derive(Deserialize)]
struct AnswerCase {
    id: String,
    checklist: String,
    user: String,
    #[serde(default)]
    prior: Vec<Prior>,
    body: Option<Value>,
    raw_body: Option<Raw>,
    content_type: Option<String>,
    method: Option<String>,
    path: Option<String>,
    response: Value,
    answers_after: Value,
    completion_after: Value,
    checklist_status_after: Option<u16>,
    #[serde(default)]
    substitutions: BTreeMap<String, Substitution>,
}

#[derive(Deserialize)]
struct Prior {
    user: String,
    body: Value,
    status: u16,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Raw {
    Text(String),
    Hex { hex: String },
}

#[derive(Deserialize)]
struct Substitution {
    repeat: String,
    times: usize,
    tail: String,
}

impl AnswerCase {
    fn substituted(&self, text: String) -> String {
        self.substitutions.iter().fold(text, |text, (token, by)| {
            text.replace(token, &(by.repeat.repeat(by.times) + &by.tail))
        })
    }

    fn request_body(&self) -> Vec<u8> {
        match (&self.raw_body, &self.body) {
            (Some(Raw::Text(text)), _) => self.substituted(text.clone()).into_bytes(),
            (Some(Raw::Hex { hex }), _) => hex
                .as_bytes()
                .chunks(2)
                .map(|pair| {
                    let pair = str::from_utf8(pair).expect("hex");
                    u8::from_str_radix(pair, 16).expect("hex")
                })
                .collect(),
            (None, body) => {
                let body = body.as_ref().unwrap_or(&Value::Null);
                self.substituted(body.to_string()).into_bytes()
            }
        }
    }

    /// Whether the case ends as recorded. Starts from nothing answered.
    fn replay(&self, desk: &Desk, people: &People, form: &Form) -> Outcome<Verdict> {
        desk.sql("DELETE FROM answers WHERE completion_id = ?1", [form.completion]);
        desk.sql(
            "UPDATE completions SET is_completed = 0, requires_review = 0 WHERE id = ?1",
            [form.completion],
        );
        for prior in &self.prior {
            let person = people.username(&prior.user);
            let answer = desk.post(person, &form.path("submit_answers/"), &prior.body);
            if expect("prior", &answer, prior.status)?.is_none() {
                return Ok(Verdict::Crashed);
            }
        }
        assert!(self.path.is_none(), "{}: a path of its own", self.id);
        let person = people.username(&self.user);
        let answer = desk.send(
            Some(person),
            Ask {
                method: self.method.as_deref().unwrap_or("POST"),
                path: &form.path("submit_answers/"),
                headers: match self.content_type.as_deref() {
                    None => vec![("content-type", "application/json")],
                    Some("") => vec![],
                    Some(other) => vec![("content-type", other)],
                },
                body: self.request_body(),
            },
        );
        let Some(body) = expect("submit", &answer, status_of(&self.response))? else {
            return self.all_or_nothing(desk, form, answer.status).map(|()| Verdict::Crashed);
        };
        let recorded = self.substituted(self.response["body"].to_string());
        let recorded: Value = serde_json::from_str(&recorded).expect("JSON");
        same("body", &people.translate(&recorded), &body)?;
        same("stored", &self.answers_after, &stored(desk, form))?;
        let review = desk.get("rita", &form.path("completion_review_status/"));
        let review = expect("completion_review_status", &review, 200)?.unwrap_or_default();
        let after = self.completion_after.as_object().expect("an object");
        for (key, recorded) in after {
            same(key, recorded, &review[key])?;
        }
        match self.checklist_status_after {
            Some(status) => {
                let answer = desk.get(person, &form.path("checklist/"));
                let body = expect("checklist", &answer, status)?;
                Ok(if body.is_some() { Verdict::Same } else { Verdict::Crashed })
            }
            None => Ok(Verdict::Same),
        }
    }

    /// Where the real server dies in the middle of a batch, this one stores all of it or nothing.
    fn all_or_nothing(&self, desk: &Desk, form: &Form, status: u16) -> Outcome {
        let items = self.body.as_ref().and_then(Value::as_array).map_or(0, Vec::len);
        let kept = if status == 200 { items } else { 0 };
        let rows = stored(desk, form).as_array().map_or(0, Vec::len);
        if rows == kept { Ok(()) } else { Err(format!("{rows} rows are stored after {status}")) }
    }
}

#[test]
fn answers() {
    let file = include_str!("../../../../crates/checklist/tests/data/answers.json");
    let file: Answers = serde_json::from_str(file).expect("the recordings");
    let desk = Desk::new(Profile::Current, 4);
    let checklists: Vec<_> = file.checklists.values().collect();
    let loaded = desk.load(&json!(checklists).to_string());
    assert_eq!(loaded, Ok(checklists.len()));
    let people = People::find(&desk, &file.meta.users);
    let mut report = Report::default();
    for case in &file.cases {
        let checklist = file.checklists[&case.checklist]["uuid"].as_str().expect("a uuid");
        let form = desk.form_of(checklist);
        report.add(&case.id, case.replay(&desk, &people, &form));
    }
    report.check("ans-", 672);
}
