//! The engine against the test vectors of `contract.md` section 11 (`tests/data/vectors.json`), as
//! far as they are about one decision. Where a vector says 500, the engine says "no".

use std::collections::BTreeMap;

use crate::config::{Config, TODAY};
use checklist::{
    Condition, Logic, Operator, Percentage, QuestionId, Value, Visibility, progress, validate,
};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    area: String,
    input: Value,
    expected: Value,
}

/// Runs `decide` on the vectors of an area whose expectation has `key`. `None` leaves one out: it
/// is about several requests, which is the server's part. The vectors that count must be `n`.
#[track_caller]
fn check(area: &str, key: &str, n: usize, decide: impl Fn(&Value) -> Option<Value>) {
    let file: Vectors =
        serde_json::from_str(include_str!("../data/vectors.json")).expect("vectors");
    let mut counted = 0;
    let mut differing = Vec::new();
    for vector in file.vectors.iter().filter(|vector| vector.area == area) {
        let Some(ours) = decide(&vector.input) else { continue };
        let expected = match get(&vector.expected, key) {
            Some(expected) => expected.clone(),
            None if get(&vector.expected, "http_500").is_some() => Value::Bool(false),
            None => continue,
        };
        counted += 1;
        if ours != expected {
            differing.push(format!("{}: {ours:?}, expected {expected:?}", vector.id));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert_eq!(counted, n, "vectors of {area}");
}

fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let Value::Map(entries) = value else { return None };
    entries.iter().find(|(other, _)| other == key).map(|(_, value)| value)
}

fn decode<T: for<'de> Deserialize<'de>>(value: &Value) -> Option<T> {
    serde_json::from_value(serde_json::to_value(value).ok()?).ok()
}

fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

#[test]
fn operators() {
    check("operator", "result", 60, |input| {
        let operator = Operator::from_name(text(get(input, "operator")?));
        let holds = operator.holds(get(input, "answer")?, get(input, "required")?);
        Some(Value::Bool(holds))
    });
}

#[test]
fn visibility() {
    #[derive(Deserialize)]
    struct Case {
        question: Rule,
        answers: BTreeMap<String, Vec<Value>>,
    }
    #[derive(Deserialize)]
    struct Rule {
        logic: String,
        dependencies: Vec<Dependency>,
    }
    #[derive(Deserialize)]
    struct Dependency {
        on: String,
        operator: String,
        value: Value,
    }
    // The questions are named by single letters.
    let id = |name: &str| QuestionId(Uuid::from_u128(name.bytes().next().unwrap().into()));
    check("visibility", "visible", 19, |input| {
        let case: Case = decode(input)?;
        let condition = |dependency: &Dependency| Condition {
            parent: id(&dependency.on),
            operator: Operator::from_name(&dependency.operator),
            required: dependency.value.clone(),
        };
        let visibility = Visibility {
            logic: if case.question.logic == "or" { Logic::Or } else { Logic::And },
            conditions: case.question.dependencies.iter().map(condition).collect(),
        };
        let oldest = |wanted| case.answers.iter().find(|(name, _)| id(name) == wanted)?.1.first();
        Some(Value::Bool(visibility.holds(oldest)))
    });
}

#[test]
fn validation() {
    check("validation", "valid", 130, is_valid);
}

#[test]
fn files() {
    check("file_validation", "valid", 32, is_valid);
}

fn is_valid(input: &Value) -> Option<Value> {
    let config: Config = decode(get(input, "question")?)?;
    let answer = get(input, "answer_data").or(get(input, "answer"))?;
    let is_valid = validate(&config.kind(), &expanded(answer), TODAY).is_ok();
    Some(Value::Bool(is_valid))
}

/// Two vectors describe their content instead of holding it.
fn expanded(answer: &Value) -> Value {
    match answer {
        Value::Map(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.clone(), expanded(value))).collect())
        }
        // 2,097,152 and 1,048,576 bytes, which leave two and one over a multiple of three.
        Value::Text(text) if text.starts_with("<base64 of 2097152") => {
            Value::Text("eHh4".repeat(699_050) + "eHg=")
        }
        Value::Text(text) if text.starts_with("<base64 of 1048576") => {
            Value::Text("eHh4".repeat(349_525) + "eA==")
        }
        other => other.clone(),
    }
}

#[test]
fn guidance() {
    check("guidance", "shown", 14, |input| {
        let config: Config = decode(get(input, "question")?)?;
        let own_answer = get(input, "own_answer").filter(|answer| **answer != Value::Null);
        Some(Value::Bool(config.guidance().is_shown(own_answer)))
    });
}

#[test]
fn review() {
    check("review", "requires_review", 17, |input| {
        let config: Config = decode(get(input, "question")?)?;
        Some(Value::Bool(config.trigger().fires(get(input, "answer")?)))
    });
}

#[test]
fn completion() {
    #[derive(Deserialize)]
    struct Case {
        questions: Vec<Question>,
        rows: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct Question {
        key: String,
        required: bool,
    }
    #[derive(Deserialize)]
    struct Row {
        q: String,
    }
    let id = |key: &str| QuestionId(Uuid::from_u128(key[1..].parse().unwrap()));
    let progress = |input: &Value| {
        let case: Case = decode(input)?;
        let questions: Vec<_> = case.questions.iter().map(|q| (id(&q.key), q.required)).collect();
        Some(progress(&questions, case.rows.iter().map(|row| id(&row.q))))
    };
    check("completion", "completion_percentage", 12, |input| {
        Some(match progress(input)?.percentage {
            Percentage::NoQuestions => Value::Int(100),
            Percentage::Of(percentage) => Value::Float(percentage),
        })
    });
    check("completion", "unanswered_required", 7, |input| {
        let unanswered = progress(input)?.unanswered_required;
        let key = |id: &QuestionId| Value::Text(format!("q{}", id.0.as_u128()));
        Some(Value::List(unanswered.iter().map(key).collect()))
    });
}
