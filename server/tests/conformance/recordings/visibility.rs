//! `visibility.json`: which questions are shown to whom, and with what.

use std::collections::BTreeMap;

use purser::Profile;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Meta, Outcome, People, Report, Verdict, expect, same, status_of, stored};
use crate::{
    admin,
    desk::{Desk, Form, uuids},
};

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
    let file = include_str!("../../../../crates/checklist/tests/data/visibility.json");
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
    let file = include_str!("../../../../crates/checklist/tests/data/visibility.json");
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
