//! Vectors of the area `review`.

use serde_json::{Value, json};

use super::{
    Outcome, Vector,
    forms::{question_of, store},
    has_status, is,
};
use crate::{desk::Desk, recordings::operators::type_that_takes};

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
