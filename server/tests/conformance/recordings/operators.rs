//! `operators.json`: whether an answer fulfils a condition.

use checklist::{Kind, validate};
use purser::Profile;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Report, Verdict};
use crate::desk::{Desk, Form};

#[derive(Deserialize)]
struct Operators {
    cases: Vec<OperatorCase>,
}

#[derive(Deserialize)]
struct OperatorCase {
    id: String,
    user_answer: Value,
    required_value: Value,
    operator: String,
    /// `"error"`: the real server crashes. Here such a comparison does not hold.
    result: Value,
}

/// A type of question that takes the answer. `null` is taken by none, since it deletes.
pub(crate) fn type_that_takes(answer: &Value) -> Option<&'static str> {
    let answer: checklist::Value =
        serde_json::from_value(answer.clone()).expect("every value is one");
    let files =
        || checklist::FileLimits { extensions: vec![], mime_types: vec![], max_megabytes: None };
    let bounds = checklist::Bounds { min: None, max: None };
    let kinds = [
        ("boolean", Kind::Boolean),
        ("number", Kind::Number(bounds)),
        ("text_input", Kind::TextInput),
        ("multi_select", Kind::MultiSelect(vec![])),
        ("file", Kind::File(files())),
        ("multiple_files", Kind::MultipleFiles { limits: files(), at_most: None }),
        // Data can be older, or younger, than the types that are known.
        ("unknown", Kind::Unsupported("unknown".to_owned())),
    ];
    let takes = |kind: &Kind| validate(kind, &answer, (2026, 11, 23)).is_ok();
    let found = kinds.into_iter().find(|(_, kind)| takes(kind));
    found.map(|(name, _)| name).filter(|_| answer != checklist::Value::Null)
}

/// Each case is a question with the answer, and one that depends on it, a hundred to a checklist.
#[test]
fn operators() {
    let file = include_str!("../../../../crates/checklist/tests/data/operators.json");
    let file: Operators = serde_json::from_str(file).expect("the recordings");
    let desk = Desk::new(Profile::Current, 4);
    let mut report = Report::default();
    for cases in file.cases.chunks(100) {
        let mut questions = Vec::new();
        for case in cases {
            let parent = desk.uuid();
            questions.push(json!({
                "uuid": parent,
                "question_type": type_that_takes(&case.user_answer).unwrap_or("number"),
            }));
            questions.push(json!({
                "dependencies": [{
                    "depends_on_question": parent,
                    "operator": case.operator,
                    "required_answer_value": case.required_value,
                }],
            }));
        }
        let form = desk.form(&questions);
        let parents = form.questions.iter().step_by(2);
        let answers = cases.iter().zip(parents).filter(|(case, _)| !case.user_answer.is_null());
        let answers: Vec<_> =
            answers.map(|(case, parent)| (parent.as_str(), case.user_answer.clone())).collect();
        let answer = desk.submit("alice", &form, &answers);
        assert_eq!(answer.status, 200, "{}", answer.text);
        // `null` deletes, so a stored one can only come from older data.
        for (case, parent) in cases.iter().zip(form.questions.iter().step_by(2)) {
            if case.user_answer.is_null() {
                store_null(&desk, &form, parent);
            }
        }
        let visible = desk.visible("alice", &form).expect("a form");
        for (case, child) in cases.iter().zip(form.questions.iter().skip(1).step_by(2)) {
            let (recorded, ours) = (case.result == true, visible.contains(child));
            let differs = format!("visible: {ours}");
            report.add(&case.id, (recorded == ours).then_some(Verdict::Same).ok_or(differs));
        }
    }
    report.check("op-", 1265);
}

/// Puts a stored `null` in a form, as no request can.
pub(crate) fn store_null(desk: &Desk, form: &Form, question: &str) {
    desk.sql(
        "INSERT INTO answers (uuid, completion_id, question_id, user_id, data, requires_review, \
         created, modified) SELECT ?1, ?2, q.id, u.id, 'null', 0, '2026-01-01T00:00:00.000000+00:00', \
         '2026-01-01T00:00:00.000000+00:00' FROM questions q, users u \
         WHERE q.uuid = ?3 AND u.username = 'alice'",
        rusqlite::params![desk.uuid(), form.completion, question],
    );
}
