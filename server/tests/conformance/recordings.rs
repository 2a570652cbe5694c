//! The recordings of the real server, replayed over HTTP. Each file's checklists are loaded with
//! [`purser::demo::load`]; the recordings' alice is the holder of the accounts, bob and carol are rita and
//! pavel, who may update them.

mod answers;
pub(crate) mod operators;
mod visibility;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    compare::{difference, short},
    desk::{Answer, Desk, Form},
};

/// Recordings in which the real server crashes, with what this one does instead. Up to the crash,
/// and beside it, they are compared like the others. `operators.json` has crashes too: there the
/// comparison must not hold.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("ans-05512", NO_REVIEW),
    ("ans-05516", NO_REVIEW),
    ("ans-05527", NO_REVIEW),
    ("ans-05542", NO_REVIEW),
    ("ans-05572", NO_REVIEW),
    ("ans-05573", NO_REVIEW),
    ("ans-05578", NO_DATE),
    ("vis-0142", HIDDEN),
    ("vis-0160", NO_REVIEW),
    ("vis-0318", NO_REVIEW),
    ("vis-0408", NO_REVIEW),
    ("vis-0463", HIDDEN),
    ("vis-0495", HIDDEN),
];

/// What happens where the real server crashes over a review rule.
const NO_REVIEW: &str = "a review rule that cannot be compared does not fire";
/// What happens where the real server crashes over a condition or guidance.
const HIDDEN: &str = "a condition that cannot be compared does not hold";
/// What happens where the real server crashes over a date.
const NO_DATE: &str = "a number that Python cannot convert is no date";

const PEOPLE: [(&str, &str); 3] = [("alice", "alice"), ("bob", "rita"), ("carol", "pavel")];

/// The recordings' people on our desk.
struct People(BTreeMap<String, Person>);

struct Person {
    username: &'static str,
    id: i64,
    full_name: String,
    recorded_id: i64,
    recorded_name: String,
}

impl People {
    fn find(desk: &Desk, recorded: &Value) -> Self {
        let sql = "SELECT id, trim(first_name || ' ' || last_name) FROM users WHERE username = ?1";
        let person = |(name, username): (&str, &'static str)| {
            let (id, full_name) = desk
                .db
                .query_row(sql, [username], |row| Ok((row.get(0)?, row.get(1)?)))
                .expect("a person");
            let recorded = &recorded[name];
            let person = Person {
                username,
                id,
                full_name,
                recorded_id: recorded["id"].as_i64().expect("an id"),
                recorded_name: recorded["full_name"].as_str().expect("a name").to_owned(),
            };
            (name.to_owned(), person)
        };
        Self(PEOPLE.into_iter().map(person).collect())
    }

    fn username(&self, name: &str) -> &'static str {
        self.0[name].username
    }

    /// What was recorded, as it has to read with our people in it.
    fn translate(&self, recorded: &Value) -> Value {
        match recorded {
            Value::Object(map) if map.contains_key("user_name") => {
                let (id, name) = (map["user"].as_i64(), map["user_name"].as_str());
                let person = self.0.values().find(|it| {
                    Some(it.recorded_id) == id && Some(it.recorded_name.as_str()) == name
                });
                let person = person.expect("one of the people");
                let mut map = self.translate_map(map);
                map["user"] = json!(person.id);
                map["user_name"] = json!(person.full_name);
                Value::Object(map)
            }
            Value::Object(map) => Value::Object(self.translate_map(map)),
            Value::Array(items) => items.iter().map(|it| self.translate(it)).collect(),
            other => other.clone(),
        }
    }

    fn translate_map(&self, map: &Map<String, Value>) -> Map<String, Value> {
        map.iter().map(|(key, value)| (key.clone(), self.translate(value))).collect()
    }
}

/// Collects what differs, and looks whether that was to be expected.
#[derive(Default)]
struct Report {
    cases: usize,
    crashed: BTreeSet<String>,
    failed: Vec<String>,
}

/// How a replay ended.
enum Verdict {
    Same,
    /// The same, but for a crash of the real server.
    Crashed,
}

/// `Err` says what differs.
type Outcome<T = ()> = Result<T, String>;

impl Report {
    fn add(&mut self, id: &str, outcome: Outcome<Verdict>) {
        self.cases += 1;
        match outcome {
            Ok(Verdict::Same) => {}
            Ok(Verdict::Crashed) => {
                self.crashed.insert(id.to_owned());
            }
            Err(reason) => self.failed.push(format!("{id}: {reason}")),
        }
    }

    #[track_caller]
    fn check(self, prefix: &str, cases: usize) {
        assert_eq!(self.cases, cases);
        let excepted = EXCEPTIONS.iter().map(|(id, _)| (*id).to_owned());
        let excepted: BTreeSet<String> = excepted.filter(|id| id.starts_with(prefix)).collect();
        let (set_apart, failed) = (excepted.len(), self.failed.len());
        let passed = cases - self.crashed.len() - failed;
        println!("{prefix:<4} {passed} passed, {set_apart} excepted, {cases} total");
        assert!(self.failed.is_empty(), "{failed} differ:\n{}", self.failed.join("\n"));
        assert_eq!(self.crashed, excepted, "the crashes of the real server");
    }
}

/// Fails with what differs from the recording.
fn same(what: &str, recorded: &Value, ours: &Value) -> Outcome {
    match difference(recorded, ours) {
        Some(difference) => Err(format!("{what}{difference}")),
        None => Ok(()),
    }
}

/// The body of an answer with the recorded status. `None`: the real server crashed, and this one
/// did not.
fn expect(what: &str, answer: &Answer, status: u16) -> Outcome<Option<Value>> {
    if status == CRASH && answer.status < CRASH {
        Ok(None)
    } else if answer.status == status {
        Ok(Some(answer.json()))
    } else {
        Err(format!("{what}: {} {}", answer.status, short(&json!(answer.text))))
    }
}

const CRASH: u16 = 500;

/// Everything that is stored for a form, in the order of its creation.
fn stored(desk: &Desk, form: &Form) -> Value {
    let mut statement = desk
        .db
        .prepare_cached(
            "SELECT u.username, q.uuid, x.data, x.requires_review FROM answers x \
             JOIN users u ON u.id = x.user_id JOIN questions q ON q.id = x.question_id \
             WHERE x.completion_id = ?1 ORDER BY x.id",
        )
        .expect("a statement");
    let rows = statement.query_map([form.completion], |row| {
        let username: String = row.get(0)?;
        let user = PEOPLE.iter().find(|(_, it)| *it == username).map(|(name, _)| *name);
        Ok(json!({
            "user": user,
            "question": row.get::<_, String>(1)?,
            "answer_data": serde_json::from_str::<Value>(&row.get::<_, String>(2)?).expect("JSON"),
            "requires_review": row.get::<_, bool>(3)?,
        }))
    });
    rows.expect("rows").collect::<Result<_, _>>().expect("answers")
}

fn status_of(recorded: &Value) -> u16 {
    recorded["status"].as_u64().and_then(|it| it.try_into().ok()).expect("a status")
}

/// What every file begins with.
#[derive(Deserialize)]
struct Meta {
    users: Value,
}
