//! The recordings of the real server, replayed over HTTP. Each file's checklists are loaded with
//! [`purser::demo::load`]; the recordings' alice is the holder of the accounts, bob and carol are rita and
//! pavel, who may update them.

use std::collections::{BTreeMap, BTreeSet};

use checklist::{Kind, validate};
use purser::Profile;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    admin,
    compare::{difference, short},
    desk::{Answer, Ask, Desk, Form, uuids},
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

// ---------------------------------------------------------------------------------- answers.json

#[derive(Deserialize)]
struct Answers {
    meta: Meta,
    checklists: BTreeMap<String, Value>,
    cases: Vec<AnswerCase>,
}

#[derive(Deserialize)]
struct Meta {
    users: Value,
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
    let file = include_str!("../../../crates/checklist/tests/data/answers.json");
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

// ------------------------------------------------------------------------------- visibility.json

#[derive(Deserialize)]
struct Visibility {
    meta: Meta,
    cases: Vec<VisibilityCase>,
}

#[derive(Deserialize)]
struct VisibilityCase {
    id: String,
    checklist: Value,
    users: Vec<String>,
    initial: Value,
    include_all: Value,
    dependencies_info: Option<Map<String, Value>>,
    steps: Vec<Step>,
    full: Option<Value>,
    #[serde(default)]
    summary_order_unspecified: bool,
}

#[derive(Deserialize)]
struct Step {
    user: String,
    body: Value,
    response: Value,
    after: Value,
}

impl VisibilityCase {
    fn replay(&self, desk: &Desk, people: &People, form: &Form) -> Outcome<Verdict> {
        let at = |place: String| move |error| format!("{place}: {error}");
        let mut has_crashed = self
            .snapshot(desk, people, form, &self.users[0], &self.initial)
            .map_err(at("initial".to_owned()))?;
        self.check_all_questions(desk, form)?;
        for (index, step) in self.steps.iter().enumerate() {
            let at = at(format!("step {index}"));
            let person = people.username(&step.user);
            let answer = desk.post(person, &form.path("submit_answers/"), &step.body);
            let body = expect("submit", &answer, status_of(&step.response)).map_err(&at)?;
            // After a crash this server has answers that the real one has not.
            let Some(body) = body else { return Ok(Verdict::Crashed) };
            step.check(&body).map_err(&at)?;
            has_crashed |=
                self.snapshot(desk, people, form, &step.user, &step.after).map_err(&at)?;
        }
        if let Some(full) = &self.full {
            has_crashed |= self.check_full(desk, people, form, full)?;
        }
        Ok(if has_crashed { Verdict::Crashed } else { Verdict::Same })
    }

    fn check_all_questions(&self, desk: &Desk, form: &Form) -> Outcome {
        let everything = desk.get("alice", &form.path("checklist/?include_all=true")).json();
        let order = json!(uuids(&everything["questions"]));
        same("include_all", &self.include_all, &order)?;
        let questions = everything["questions"].as_array().into_iter().flatten();
        for question in questions.filter(|_| self.dependencies_info.is_some()) {
            let uuid = question["uuid"].as_str().unwrap_or_default();
            let recorded = self.dependencies_info.as_ref().and_then(|it| it.get(uuid));
            let recorded = recorded.unwrap_or(&Value::Null);
            same("dependencies_info", recorded, &question["dependencies_info"])?;
        }
        Ok(())
    }

    /// Whether the real server crashed at something that is looked at.
    fn snapshot(
        &self,
        desk: &Desk,
        people: &People,
        form: &Form,
        actor: &str,
        recorded: &Value,
    ) -> Outcome<bool> {
        let mut has_crashed = false;
        for user in &self.users {
            let view = match &recorded["views"][user] {
                Value::String(same) if same == "same" => &recorded["views"][actor],
                view => view,
            };
            let answer = desk.get(people.username(user), &form.path("checklist/"));
            match expect("checklist", &answer, status_of(view))? {
                None => has_crashed = true,
                Some(form) => same_view(&people.translate(view), &view_of(&form))
                    .map_err(|it| format!("{user} sees {it}"))?,
            }
        }
        let status = desk.get("alice", &form.path("completion_status/"));
        let status = expect("completion_status", &status, 200)?.unwrap_or_default();
        let open = json!(uuids(&status["unanswered_required_questions"]));
        let completion = &recorded["completion"];
        same("is_completed", &completion["is_completed"], &status["is_completed"])?;
        same("unanswered", &completion["unanswered_required_questions"], &open)?;
        let percentage = "completion_percentage";
        same(percentage, &completion[percentage], &status[percentage])?;
        let review = desk.get("rita", &form.path("checklist_review/"));
        match expect("checklist_review", &review, status_of(&recorded["review"]))? {
            None => has_crashed = true,
            Some(form) => {
                let visible = json!(uuids(&form["questions"]));
                same("review", &recorded["review"]["visible"], &visible)?;
                let flags = "requires_review_per_answer";
                same_keys(flags, &recorded["review"][flags], &review_flags(&form))?;
            }
        }
        let review = desk.get("rita", &form.path("completion_review_status/"));
        let review = expect("completion_review_status", &review, 200)?.unwrap_or_default();
        let status = &recorded["review_status"];
        same("requires_review", &status["requires_review"], &review["requires_review"])?;
        let summary = |of: &Value| {
            let mut items: Vec<_> =
                of["review_trigger_summary"].as_array().into_iter().flatten().cloned().collect();
            if self.summary_order_unspecified {
                items.sort_by_key(Value::to_string);
            }
            Value::Array(items)
        };
        same("review_trigger_summary", &summary(status), &summary(&review))?;
        same("stored", &recorded["answers_stored"], &stored(desk, form))?;
        Ok(has_crashed)
    }

    /// Alice reviews here, too. Whether the real server crashed at something.
    fn check_full(&self, desk: &Desk, people: &People, form: &Form, full: &Value) -> Outcome<bool> {
        let mut has_crashed = false;
        let person = people.username(full["as_user"].as_str().expect("a name"));
        desk.role("alice", crate::desk::UPDATE, &form.offering, true);
        for (name, action) in [
            ("checklist", "checklist/"),
            ("checklist_include_all", "checklist/?include_all=true"),
            ("completion_status", "completion_status/"),
            ("checklist_review", "checklist_review/"),
            ("completion_review_status", "completion_review_status/"),
        ] {
            let recorded = &full[name];
            let answer = desk.get(person, &form.path(action));
            match expect(name, &answer, status_of(recorded))? {
                None => has_crashed = true,
                Some(ours) => same(name, &people.translate(&recorded["body"]), &ours)?,
            }
        }
        Ok(has_crashed)
    }
}

impl Step {
    fn check(&self, body: &Value) -> Outcome {
        let recorded = &self.response;
        if status_of(recorded) != 200 {
            return same("body", &recorded["body"], body);
        }
        same("detail", &recorded["detail"], &body["detail"])?;
        for key in ["completion_percentage", "is_completed"] {
            same(key, &recorded[key], &body["completion"][key])?;
        }
        Ok(())
    }
}

fn status_of(recorded: &Value) -> u16 {
    recorded["status"].as_u64().and_then(|it| it.try_into().ok()).expect("a status")
}

/// What a recording keeps of a person's view.
fn view_of(form: &Value) -> Value {
    let (mut guidance, mut answers) = (Map::new(), Map::new());
    for question in form["questions"].as_array().into_iter().flatten() {
        let uuid = question["uuid"].as_str().unwrap_or_default().to_owned();
        if !question["user_guidance"].is_null() {
            guidance.insert(uuid.clone(), question["user_guidance"].clone());
        }
        let answer = &question["existing_answer"];
        if !answer.is_null() {
            let kept = ["answer_data", "user", "user_name"];
            let kept = kept.iter().map(|key| ((*key).to_owned(), answer[key].clone()));
            answers.insert(uuid, Value::Object(kept.collect()));
        }
    }
    json!({
        "visible": uuids(&form["questions"]),
        "user_guidance": guidance,
        "existing_answer": answers,
    })
}

fn same_view(recorded: &Value, ours: &Value) -> Outcome {
    same("visible", &recorded["visible"], &ours["visible"])?;
    for key in ["user_guidance", "existing_answer"] {
        same_keys(key, &recorded[key], &ours[key])?;
    }
    Ok(())
}

/// Compares two maps whose keys have no order.
fn same_keys(what: &str, recorded: &Value, ours: &Value) -> Outcome {
    let sorted = |map: &Value| -> Value {
        let map = map.as_object().into_iter().flatten();
        let map: BTreeMap<_, _> = map.collect();
        json!(map)
    };
    same(what, &sorted(recorded), &sorted(ours))
}

fn review_flags(form: &Value) -> Value {
    let questions = form["questions"].as_array().into_iter().flatten();
    let flags = questions.filter(|it| !it["existing_answer"].is_null()).map(|it| {
        let uuid = it["uuid"].as_str().unwrap_or_default().to_owned();
        (uuid, it["existing_answer"]["requires_review"].clone())
    });
    Value::Object(flags.collect())
}

#[test]
fn visibility() {
    let file = include_str!("../../../crates/checklist/tests/data/visibility.json");
    let file: Visibility = serde_json::from_str(file).expect("the recordings");
    let desk = Desk::new(Profile::Current, 4);
    let checklists: Vec<_> = file.cases.iter().map(|it| &it.checklist).collect();
    let loaded = desk.load(&json!(checklists).to_string());
    assert_eq!(loaded, Ok(checklists.len()));
    let people = People::find(&desk, &file.meta.users);
    let mut report = Report::default();
    for case in &file.cases {
        let form = desk.form_of(case.checklist["uuid"].as_str().expect("a uuid"));
        report.add(&case.id, case.replay(&desk, &people, &form));
    }
    report.check("vis-", 70);
}

/// The same through the operations of the administrator, as far as their rules take the
/// checklists: made by POST, given to an offering, answered and compared.
#[test]
fn visibility_through_the_operations_of_the_administrator() {
    let file = include_str!("../../../crates/checklist/tests/data/visibility.json");
    let file: Value = serde_json::from_str(file).expect("the recordings");
    let desk = Desk::new(Profile::Current, 4);
    let people = People::find(&desk, &file["meta"]["users"]);
    let (mut taken, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    let cases = file["cases"].as_array().expect("cases");
    for case in cases.iter().filter(|it| it["admin_api_would_accept"] == true) {
        let id = case["id"].as_str().expect("an id");
        let made = match admin::make(&desk, &case["checklist"]) {
            Ok(made) => made,
            Err(refusal) => {
                refused.push(format!("{id}: {refusal}"));
                continue;
            }
        };
        taken += 1;
        let case = made.rename(case);
        let case: VisibilityCase = serde_json::from_value(case).expect("a case");
        if let Err(reason) = case.replay(&desk, &people, &made.form) {
            wrong.push(format!("{id}: {reason}"));
        }
    }
    println!("admin {taken} taken, {} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(taken >= 27, "{taken} are taken");
}

// -------------------------------------------------------------------------------- operators.json

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
    let file = include_str!("../../../crates/checklist/tests/data/operators.json");
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
