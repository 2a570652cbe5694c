//! The engine against recordings of the real server (`tests/data`): every case must come out the
//! same. Where the real server crashes, the engine says "no".

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, TODAY};
use checklist::{Operator, Percentage, QuestionId, Value, progress, sniff, validate};
use serde::Deserialize;
use uuid::Uuid;

fn read<'de, T: Deserialize<'de>>(json: &'de str) -> T {
    serde_json::from_str(json).expect("a file of recordings")
}

/// Collects what differs, so that one run shows all of it.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn check<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, ours: T, recorded: T) {
        if ours != recorded {
            self.0.push(format!("{what}: {ours:?}, recorded {recorded:?}"));
        }
    }

    #[track_caller]
    fn assert_none(self) {
        assert!(self.0.is_empty(), "{} differ:\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[test]
fn operators_decide_as_recorded() {
    #[derive(Deserialize)]
    struct File {
        cases: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        id: String,
        user_answer: Value,
        required_value: Value,
        operator: String,
        result: Value,
    }
    let file: File = read(include_str!("../data/operators.json"));
    assert_eq!(file.cases.len(), 1265);
    let mut differences = Differences::default();
    for case in file.cases {
        let ours =
            Operator::from_name(&case.operator).holds(&case.user_answer, &case.required_value);
        // "error" is a crash.
        differences.check(&case.id, ours, case.result == Value::Bool(true));
    }
    differences.assert_none();
}

#[derive(Deserialize)]
struct Answers {
    files: BTreeMap<String, Sample>,
    checklists: BTreeMap<String, Checklist>,
    cases: Vec<AnswerCase>,
}

#[derive(Deserialize)]
struct Sample {
    base64: String,
    mime_detected: String,
}

#[derive(Deserialize)]
struct Checklist {
    questions: Vec<Config>,
}

#[derive(Deserialize)]
struct AnswerCase {
    id: String,
    checklist: String,
    body: Option<Value>,
    raw_body: Option<Value>,
    #[serde(default)]
    prior: Vec<Value>,
    response: Response,
    answers_after: Vec<Row>,
    completion_after: CompletionAfter,
    #[serde(default)]
    substitutions: BTreeMap<String, Substitution>,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    body: Option<Value>,
    exception: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Row {
    user: String,
    question: Uuid,
    answer_data: Value,
    requires_review: bool,
}

#[derive(Deserialize)]
struct CompletionAfter {
    completion_percentage: Value,
}

#[derive(Deserialize)]
struct Substitution {
    repeat: String,
    times: usize,
    tail: String,
}

impl AnswerCase {
    /// The request's items with the question they name, as far as they are well formed.
    fn items(&self) -> Vec<Option<(Uuid, Value)>> {
        let body = match (&self.body, &self.raw_body) {
            (Some(body), _) => self.substituted(body),
            (None, Some(Value::Text(raw))) => Value::from_json(raw).unwrap_or(Value::Null),
            _ => Value::Null,
        };
        let Value::List(items) = body else { return Vec::new() };
        let item = |item: &Value| match (get(item, "question_uuid"), get(item, "answer_data")) {
            (Some(Value::Text(id)), Some(answer)) => Some((id.parse().ok()?, answer.clone())),
            _ => None,
        };
        items.iter().map(item).collect()
    }

    fn substituted(&self, value: &Value) -> Value {
        match value {
            Value::Text(text) => {
                let mut text = text.clone();
                for (token, by) in &self.substitutions {
                    text = text.replace(token, &(by.repeat.repeat(by.times) + &by.tail));
                }
                Value::Text(text)
            }
            Value::List(items) => {
                Value::List(items.iter().map(|item| self.substituted(item)).collect())
            }
            Value::Map(entries) => Value::Map(
                entries.iter().map(|(key, value)| (key.clone(), self.substituted(value))).collect(),
            ),
            other => other.clone(),
        }
    }

    /// What the server said about one item: `None` if it did not get as far as judging it.
    fn recorded(&self, index: usize) -> Option<Result<(), String>> {
        if self.response.status == 200 {
            return Some(Ok(()));
        }
        let Value::List(errors) = self.response.body.as_ref()? else { return None };
        let Value::Map(error) = errors.get(index)? else { return None };
        if error.is_empty() {
            return Some(Ok(()));
        }
        let Some(Value::List(messages)) = get(errors.get(index)?, "non_field_errors") else {
            return None;
        };
        let Value::Text(message) = self.substituted(messages.first()?) else { return None };
        message.starts_with("Answer value '").then_some(Err(message))
    }
}

fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let Value::Map(entries) = value else { return None };
    entries.iter().find(|(other, _)| other == key).map(|(_, value)| value)
}

#[test]
fn answers_are_accepted_and_quoted_as_recorded() {
    let file: Answers = read(include_str!("../data/answers.json"));
    let mut differences = Differences::default();
    let mut judged = 0;
    for case in &file.cases {
        let questions = &file.checklists[&case.checklist].questions;
        for (index, item) in case.items().into_iter().enumerate() {
            let Some((id, answer)) = item else { continue };
            let Some(config) = questions.iter().find(|config| config.uuid == id) else { continue };
            let Some(recorded) = case.recorded(index) else { continue };
            judged += 1;
            let text = match config.description.char_indices().nth(50) {
                Some((cut, _)) => format!("{}...", &config.description[..cut]),
                None => config.description.clone(),
            };
            let ours = validate(&config.kind(), &answer, TODAY).map_err(|_| {
                format!(
                    "Answer value '{}' is not valid for the question '{text}' (type: {}).",
                    answer.python_str(),
                    config.question_type
                )
            });
            differences.check(&format!("{}[{index}]", case.id), ours, recorded);
        }
    }
    assert!(judged > 600, "only {judged} answers were judged");
    differences.assert_none();
}

#[test]
fn bodies_that_are_no_json_are_refused_in_the_recorded_words() {
    let file: Answers = read(include_str!("../data/answers.json"));
    let mut differences = Differences::default();
    let mut refused = 0;
    for case in &file.cases {
        let Some(Value::Text(raw)) = &case.raw_body else { continue };
        let recorded = match case.response.body.as_ref().and_then(|body| get(body, "detail")) {
            Some(Value::Text(detail)) => detail.strip_prefix("JSON parse error - "),
            _ => None,
        };
        let ours = Value::from_json(raw).err().map(|error| error.to_string());
        refused += usize::from(ours.is_some());
        differences.check(&case.id, ours.as_deref(), recorded);
    }
    differences.assert_none();
    assert_eq!(refused, 30);
}

#[test]
fn where_the_server_crashes_the_answer_is_not_valid_or_fires_no_review() {
    let file: Answers = read(include_str!("../data/answers.json"));
    let mut crashes = 0;
    for case in file.cases.iter().filter(|case| case.response.status == 500) {
        crashes += 1;
        let questions = &file.checklists[&case.checklist].questions;
        let holds = |(id, answer): &(Uuid, Value), refuses: fn(&Config, &Value) -> bool| {
            questions.iter().any(|config| config.uuid == *id && refuses(config, answer))
        };
        // A date too large for Python, or a trigger that cannot be compared.
        let is_refused = match case.response.exception.as_deref() {
            Some("OverflowError") => case.items().into_iter().flatten().any(|item| {
                holds(&item, |config, answer| validate(&config.kind(), answer, TODAY).is_err())
            }),
            _ => case
                .items()
                .into_iter()
                .flatten()
                .any(|item| holds(&item, |config, answer| !config.trigger().fires(answer))),
        };
        assert!(is_refused, "{}", case.id);
    }
    assert_eq!(crashes, 7);
}

#[test]
fn stored_rows_are_flagged_and_counted_as_recorded() {
    let file: Answers = read(include_str!("../data/answers.json"));
    let mut differences = Differences::default();
    for case in &file.cases {
        let questions = &file.checklists[&case.checklist].questions;
        let all: Vec<_> = questions.iter().map(|q| (QuestionId(q.uuid), q.required)).collect();
        let rows = case.answers_after.iter().map(|row| QuestionId(row.question));
        let ours = percentage(progress(&all, rows).percentage);
        differences.check(&case.id, ours, case.completion_after.completion_percentage.clone());
        // With earlier submissions the flag may be an old one.
        if case.prior.is_empty() {
            for row in &case.answers_after {
                let config = questions.iter().find(|config| config.uuid == row.question).unwrap();
                let ours = config.trigger().fires(&row.answer_data);
                differences.check(&format!("{} review", case.id), ours, row.requires_review);
            }
        }
    }
    differences.assert_none();
}

fn percentage(percentage: Percentage) -> Value {
    match percentage {
        Percentage::NoQuestions => Value::Int(100),
        Percentage::Of(percentage) => Value::Float(percentage),
    }
}

#[test]
fn files_are_sniffed_as_recorded() {
    let file: Answers = read(include_str!("../data/answers.json"));
    let mut differences = Differences::default();
    for (name, sample) in &file.files {
        let ours = sniff(&decode(&sample.base64));
        differences.check(name, ours, sample.mime_detected.as_str());
    }
    differences.assert_none();
}

/// Base64 in a few lines, for samples that are known to be well formed.
fn decode(base64: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits: Vec<u32> =
        base64.chars().filter_map(|c| ALPHABET.find(c)).map(|digit| digit as u32).collect();
    let bytes = digits.chunks(4).flat_map(|group| {
        let bits = group.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - group.len()));
        bits.to_be_bytes()[1..group.len()].to_vec()
    });
    bytes.collect()
}

#[derive(Deserialize)]
struct VisibilityCase {
    id: String,
    checklist: Checklist,
    initial: Snapshot,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    body: Value,
    response: Response,
    after: Snapshot,
}

#[derive(Deserialize)]
struct Snapshot {
    completion: Completion,
    views: BTreeMap<String, View>,
    answers_stored: Vec<Row>,
}

#[derive(Deserialize)]
struct Completion {
    completion_percentage: Value,
    unanswered_required_questions: Vec<Uuid>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum View {
    Shown {
        visible: Vec<Uuid>,
        user_guidance: BTreeMap<Uuid, String>,
    },
    Crash {
        exception: String,
    },
    /// Identical to the acting user's view.
    Same(String),
}

#[test]
fn every_step_shows_and_counts_what_was_recorded() {
    #[derive(Deserialize)]
    struct File {
        cases: Vec<VisibilityCase>,
    }
    let file: File = read(include_str!("../data/visibility.json"));
    assert_eq!(file.cases.len(), 70);
    let mut differences = Differences::default();
    for case in &file.cases {
        check_snapshot(&mut differences, &format!("{} initially", case.id), case, &case.initial);
        let mut before = &case.initial;
        for (index, step) in case.steps.iter().enumerate() {
            let what = format!("{} step {index}", case.id);
            check_snapshot(&mut differences, &what, case, &step.after);
            check_flags(&mut differences, &what, case, step, &before.answers_stored);
            before = &step.after;
        }
    }
    differences.assert_none();
}

#[test]
fn conditions_are_taken_from_administrators_as_recorded() {
    #[derive(Deserialize)]
    struct File {
        cases: Vec<VisibilityCase>,
    }
    let file: File = read(include_str!("../data/visibility.json"));
    let mut differences = Differences::default();
    let mut seen = 0;
    for case in &file.cases {
        let questions = &case.checklist.questions;
        let dependencies = questions.iter().flat_map(|it| &it.dependencies);
        for dependency in dependencies {
            let parent = questions.iter().find(|it| it.uuid == dependency.depends_on_question);
            let kind = parent.expect("a question of the checklist").kind();
            let value = &dependency.required_answer_value;
            let ours = kind.takes_operator(&Operator::from_name(&dependency.operator))
                && kind.takes_condition(value, TODAY);
            let what = format!("{}: {kind:?} {} {value:?}", case.id, dependency.operator);
            differences.check(&what, Some(ours), dependency.admin_api_would_accept);
            seen += 1;
        }
    }
    assert_eq!(seen, 411);
    differences.assert_none();
}

fn check_snapshot(
    differences: &mut Differences,
    what: &str,
    case: &VisibilityCase,
    snapshot: &Snapshot,
) {
    let mut configs: Vec<&Config> = case.checklist.questions.iter().collect();
    configs.sort_by_key(|config| config.order);
    let rows = &snapshot.answers_stored;
    let oldest =
        |id: QuestionId| rows.iter().find(|row| row.question == id.0).map(|row| &row.answer_data);
    let shown: Vec<&&Config> =
        configs.iter().filter(|config| config.question().is_shown(oldest)).collect();

    for (user, view) in &snapshot.views {
        let what = format!("{what}, {user}");
        match view {
            View::Shown { visible, user_guidance } => {
                let ours: Vec<Uuid> = shown.iter().map(|config| config.uuid).collect();
                differences.check(&what, &ours, visible);
                let own = |id| {
                    let mut rows = rows.iter().filter(|row| row.user == *user);
                    rows.find(|row| row.question == id).map(|row| &row.answer_data)
                };
                let ours: BTreeMap<Uuid, String> = shown
                    .iter()
                    .map(|config| (config.uuid, config.guidance()))
                    .filter(|(id, guidance)| guidance.is_shown(own(*id)))
                    .map(|(id, guidance)| (id, guidance.text))
                    .collect();
                differences.check(&format!("{what} guidance"), &ours, user_guidance);
            }
            View::Crash { exception } => assert_eq!(exception, "TypeError", "{what}"),
            View::Same(same) => assert_eq!(same, "same", "{what}"),
        }
    }

    let all: Vec<_> = configs.iter().map(|q| (QuestionId(q.uuid), q.required)).collect();
    let ours = progress(&all, rows.iter().map(|row| QuestionId(row.question)));
    let unanswered: Vec<Uuid> = ours.unanswered_required.iter().map(|id| id.0).collect();
    let recorded = &snapshot.completion;
    let percentage = percentage(ours.percentage);
    differences.check(&format!("{what} percentage"), &percentage, &recorded.completion_percentage);
    differences.check(
        &format!("{what} unanswered"),
        &unanswered,
        &recorded.unanswered_required_questions,
    );
}

/// A row is judged when it is created; one that was there before keeps its flag.
fn check_flags(
    differences: &mut Differences,
    what: &str,
    case: &VisibilityCase,
    step: &Step,
    before: &[Row],
) {
    let Value::List(items) = &step.body else { panic!("{what}: the body is a list") };
    let deleted: BTreeSet<Uuid> = items
        .iter()
        // A refused request deletes nothing.
        .filter(|_| step.response.status != 400)
        .filter(|item| get(item, "answer_data") == Some(&Value::Null))
        .filter_map(|item| match get(item, "question_uuid") {
            Some(Value::Text(id)) => id.parse().ok(),
            _ => None,
        })
        .collect();
    for row in &step.after.answers_stored {
        let config = case.checklist.questions.iter().find(|config| config.uuid == row.question);
        let earlier = before
            .iter()
            .find(|earlier| earlier.question == row.question && earlier.user == row.user)
            .filter(|_| !deleted.contains(&row.question));
        let ours = match earlier {
            Some(earlier) => earlier.requires_review,
            None => config.expect("a question of the checklist").trigger().fires(&row.answer_data),
        };
        differences.check(&format!("{what} review {}", row.question), ours, row.requires_review);
    }
}
