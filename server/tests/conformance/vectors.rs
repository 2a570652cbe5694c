//! The test vectors of `contract.md` section 11. Each is turned into requests and decided by what
//! the server answers.

mod accounts;
mod completion;
mod forms;
mod lists;
mod review;
mod stage;
mod values;
mod visibility;

use std::collections::{BTreeMap, BTreeSet};

use purser::Profile;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    compare::short,
    desk::{Answer, Desk},
};
use stage::Stage;

/// Where the server differs from a vector on purpose, whatever the profile: how the difference
/// begins, and why. Each must keep differing like that.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("OP-035", "status 200", NO_CRASH),
    ("OP-036", "status 200", NO_CRASH),
    ("OP-037", "status 200", NO_CRASH),
    ("OP-049", "status 200", NO_CRASH),
    ("OP-058", "status 200", NO_CRASH),
    ("VAL-092", "status 400", "Waldur crashes; here a number that large is no date"),
    ("ERR-011", "status 404", "Waldur crashes; here an unknown parent is not found"),
    ("REV-002", "requires_review: null", "null deletes the answer: over HTTP nothing is flagged"),
];

const NO_CRASH: &str = "Waldur crashes; here types that cannot be compared do not fit";

/// Where only [`Profile::Current`] differs.
const STRICTER: &[(&str, &str, &str)] = &[
    ("FILE-035", "provider_with_UPDATE_USER", "who reviews a file may open it"),
    ("PRM-056", "status 403", UPDATE_USER),
    ("PRM-070", "status 403", UPDATE_USER),
    ("PRM-071", "status 403", UPDATE_USER),
    ("PRM-072", "status 403", UPDATE_USER),
    ("PRM-080", "status 403", UPDATE_USER),
    ("PRM-094", "status 403", UPDATE_USER),
    ("PRM-095", "status 403", UPDATE_USER),
    ("PRM-096", "status 403", UPDATE_USER),
    ("PRM-176", "status 403", UPDATE_USER),
    ("PRM-190", "status 403", UPDATE_USER),
    ("PRM-191", "status 403", UPDATE_USER),
    ("PRM-192", "status 403", UPDATE_USER),
];

const UPDATE_USER: &str = "comments and approval need OFFERING.UPDATE_USER, for holders too";

/// What a difference begins with, and why, by the vector's id.
fn exceptions(profile: Profile) -> BTreeMap<&'static str, (&'static str, &'static str)> {
    let stricter = if profile == Profile::Current { STRICTER } else { &[] };
    let all = EXCEPTIONS.iter().chain(stricter);
    all.map(|(id, difference, reason)| (*id, (*difference, *reason))).collect()
}

/// One expectation.
#[derive(Deserialize)]
struct Vector {
    id: String,
    area: String,
    input: Value,
    expected: Value,
}

impl Vector {
    /// The number in the id.
    fn number(&self) -> u32 {
        let digits = self.id.rsplit('-').next().and_then(|it| it.parse().ok());
        digits.expect("a number")
    }
}

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
    constants: Value,
}

/// `Err` says in what the server differs.
type Outcome = Result<(), String>;

/// The servers that the vectors are tried on. What a vector needs beyond the demo's data, it makes.
struct Lab {
    desk: Desk,
    stage: Stage,
    /// With more accounts than fit on a page.
    crowd: Desk,
    constants: Value,
}

impl Lab {
    fn new(profile: Profile, constants: Value) -> Self {
        let desk = Desk::new(profile, 4);
        let stage = Stage::new(&desk);
        Self { desk, stage, crowd: Desk::new(profile, 400), constants }
    }

    fn decide(&self, vector: &Vector) -> Outcome {
        match vector.area.as_str() {
            "operator" => visibility::operator(&self.desk, vector),
            "visibility" => visibility::visibility(&self.desk, vector),
            "validation" => values::validation(&self.desk, vector),
            "file_validation" => values::file(&self.desk, vector),
            "error_format" => values::error_format(&self.desk, vector),
            "guidance" => visibility::guidance(&self.desk, vector),
            "review" => review::review(&self.desk, vector),
            "completion" => completion::completion(&self.desk, vector),
            "submit" => completion::submit(&self.desk, vector),
            "transition" => accounts::transition(&self.desk, &self.stage, vector),
            "transition_effect" => accounts::effect(&self.desk, &self.stage, vector),
            "permission" => accounts::permission(&self.desk, &self.stage, &self.constants, vector),
            "create_update" => accounts::create_update(&self.desk, &self.stage, vector),
            "consent" => accounts::consent(&self.desk, vector),
            "auth" => accounts::auth(&self.desk, vector),
            "http" => accounts::http(&self.desk, &self.stage, vector),
            "related" => accounts::related(&self.desk, vector),
            "list" => lists::list(&self.crowd, vector),
            other => Err(format!("there is no driver for {other}")),
        }
    }
}

#[test]
fn vectors() {
    let file = include_str!("../../../crates/checklist/tests/data/vectors.json");
    let file: File = serde_json::from_str(file).expect("the vectors");
    let mut wrong = Vec::new();
    for profile in [Profile::Current, Profile::Upstream] {
        let lab = Lab::new(profile, file.constants.clone());
        let mut excepted = exceptions(profile);
        let mut table: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for vector in &file.vectors {
            assert!(seen.insert(&vector.id), "{} is there twice", vector.id);
            let outcome = lab.decide(vector);
            let [passed, set_apart, total] = table.entry(&vector.area).or_default();
            *total += 1;
            match (outcome, excepted.remove(vector.id.as_str())) {
                (Ok(()), None) => *passed += 1,
                (Err(ours), Some((known, _))) if ours.starts_with(known) => *set_apart += 1,
                (Ok(()), Some((_, why))) => {
                    wrong.push(format!("{profile:?} {} passes, but is excepted: {why}", vector.id));
                }
                (Err(ours), _) => wrong.push(format!("{profile:?} {}: {ours}", vector.id)),
            }
        }
        let unknown = excepted.keys().map(|id| format!("{id} is excepted, but does not exist"));
        wrong.extend(unknown);
        let total = print_table(profile, &table);
        assert_eq!(total, 737);
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Prints how many of each area passed, and gives back how many there are.
fn print_table(profile: Profile, table: &BTreeMap<&str, [usize; 3]>) -> usize {
    println!("{profile:?}{:>18} passed excepted total", "");
    let mut sum = [0; 3];
    for (area, counts) in table {
        let [passed, excepted, total] = counts;
        println!("{area:<20}{passed:>12}{excepted:>9}{total:>6}");
        for (sum, count) in sum.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    let [passed, excepted, total] = sum;
    println!("{:<20}{passed:>12}{excepted:>9}{total:>6}", "all");
    total
}

/// Two values that have to be the same.
fn is(what: &str, expected: &Value, ours: &Value) -> Outcome {
    if expected == ours {
        Ok(())
    } else {
        Err(format!("{what}: {}, expected {}", short(ours), short(expected)))
    }
}

fn has_status(answer: &Answer, expected: u64) -> Outcome {
    if u64::from(answer.status) == expected {
        Ok(())
    } else {
        let text = short(&Value::from(answer.text.as_str()));
        Err(format!("status {}, expected {expected}: {text}", answer.status))
    }
}

/// Checks what a vector expects of an answer itself: `status`, `body` and `body_key`.
fn fits(answer: &Answer, expected: &Value) -> Outcome {
    if let Some(status) = expected["status"].as_u64() {
        has_status(answer, status)?;
    }
    match &expected["body"] {
        Value::Null => {}
        Value::String(text) => {
            is("body", &Value::from(text.as_str()), &Value::from(answer.text.as_str()))?;
        }
        body => is("body", body, &answer.json())?,
    }
    match expected["body_key"].as_str() {
        Some(key) if answer.json().get(key).is_none() => {
            Err(format!("{} has no {key}", answer.text))
        }
        _ => Ok(()),
    }
}
