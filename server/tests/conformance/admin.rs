//! Making checklists through the operations of the administrator (`contract.md` 10).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::desk::{Desk, Form, UPDATE};

/// A checklist that was made, and the new names of what is in it.
pub(crate) struct Made {
    pub(crate) form: Form,
    /// New uuids by those of the recording, in hex.
    renamed: BTreeMap<String, String>,
}

impl Made {
    /// A recording with the new names, in the spelling that each has in it, and with guidance as
    /// the operations store it.
    pub(crate) fn rename(&self, recorded: &Value) -> Value {
        let mut text = recorded.to_string();
        for (old, new) in &self.renamed {
            text = text.replace(old, new).replace(&hyphenated(old), &hyphenated(new));
        }
        let mut renamed = serde_json::from_str(&text).expect("JSON");
        trim_guidance(&mut renamed, false);
        renamed
    }
}

/// The operations drop the space around a text.
fn trim_guidance(value: &mut Value, is_guidance: bool) {
    match value {
        Value::String(text) if is_guidance => *text = text.trim().to_owned(),
        Value::Array(items) => {
            items.iter_mut().for_each(|it| trim_guidance(it, is_guidance));
        }
        Value::Object(map) => map
            .iter_mut()
            .for_each(|(key, it)| trim_guidance(it, is_guidance || key == "user_guidance")),
        _ => {}
    }
}

fn hyphenated(hex: &str) -> String {
    uuid::Uuid::parse_str(hex).expect("a uuid").to_string()
}

/// Makes a recorded checklist, an offering that asks for it, and an account of alice there. `Err`
/// says what was refused.
pub(crate) fn make(desk: &Desk, recorded: &Value) -> Result<Made, String> {
    let mut renamed = BTreeMap::new();
    let fields = ["name", "description", "checklist_type"];
    let fields = fields.map(|key| (key.to_owned(), recorded[key].clone()));
    let checklist = create(desk, "checklists-admin", Value::Object(fields.into_iter().collect()))?;
    renamed.insert(text(&recorded["uuid"]), text(&checklist["uuid"]));
    let questions = recorded["questions"].as_array().expect("questions");
    let mut urls = BTreeMap::new();
    for recorded in questions {
        let is_own = |key: &str| !["uuid", "question_options", "dependencies"].contains(&key);
        let fields = recorded.as_object().expect("a question").iter();
        let mut fields: Map<String, Value> = fields
            .filter(|(key, _)| is_own(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        // Rules are given whole or not at all.
        for (value, operator) in
            [("review_answer_value", "operator"), ("guidance_answer_value", "guidance_operator")]
        {
            if fields.contains_key(value) || fields.contains_key(operator) {
                fields.entry(value).or_insert_with(|| json!([]));
                fields.entry(operator).or_insert_with(|| json!("equals"));
            }
        }
        // A rule or a value may name an option, which does not exist yet.
        let options = recorded["question_options"].as_array().into_iter().flatten();
        let options: Vec<_> = options.map(|it| text(&it["uuid"])).collect();
        let naming: Vec<_> = [
            "operator",
            "review_answer_value",
            "guidance_answer_value",
            "guidance_operator",
            "always_show_guidance",
        ]
        .into_iter()
        .filter(|_| !options.is_empty())
        .filter_map(|key| fields.remove_entry(key))
        .collect();
        fields.insert("checklist".to_owned(), checklist["url"].clone());
        let made = create(desk, "checklists-admin-questions", Value::Object(fields))?;
        renamed.insert(text(&recorded["uuid"]), text(&made["uuid"]));
        for option in recorded["question_options"].as_array().into_iter().flatten() {
            let body = json!({
                "label": option["label"],
                "order": option["order"],
                "question": made["url"],
            });
            let new = create(desk, "checklists-admin-question-options", body)?;
            renamed.insert(text(&option["uuid"]), text(&new["uuid"]));
        }
        if !naming.is_empty() {
            let naming = rename_all(&Value::Object(naming.into_iter().collect()), &renamed);
            let path = format!("/api/checklists-admin-questions/{}/", text(&made["uuid"]));
            let answer = desk.call("stella", "PATCH", &path, &naming);
            if answer.status != 200 {
                return Err(format!("{path}: {} {}", answer.status, answer.text));
            }
        }
        urls.insert(text(&recorded["uuid"]), made["url"].clone());
    }
    for recorded in questions {
        for dependency in recorded["dependencies"].as_array().into_iter().flatten() {
            let body = json!({
                "question": urls[&text(&recorded["uuid"])],
                "depends_on_question": urls[&text(&dependency["depends_on_question"])],
                "operator": dependency["operator"],
                "required_answer_value": dependency["required_answer_value"],
            });
            create(desk, "checklists-admin-question-dependencies", rename_all(&body, &renamed))?;
        }
    }
    let form = take_up(desk, &text(&checklist["uuid"]))?;
    Ok(Made { form, renamed })
}

/// Gives the checklist to a new offering, and alice an account there.
fn take_up(desk: &Desk, checklist: &str) -> Result<Form, String> {
    let offering = desk.offering();
    desk.role("rita", UPDATE, &offering, true);
    let path =
        format!("/api/marketplace-provider-offerings/{offering}/update_compliance_checklist/");
    let answer = desk.post("stella", &path, &json!({ "compliance_checklist": checklist }));
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    let body = json!({ "offering_uuid": offering, "user_uuid": desk.user_uuid("alice") });
    let answer = desk.post("pavel", "/api/marketplace-offering-users/", &body);
    assert_eq!(answer.status, 201, "{}", answer.text);
    Ok(desk.form_of(checklist))
}

fn create(desk: &Desk, kind: &str, body: Value) -> Result<Value, String> {
    let answer = desk.post("stella", &format!("/api/{kind}/"), &body);
    if answer.status == 201 {
        Ok(answer.json())
    } else {
        Err(format!("{kind}: {} {} for {body}", answer.status, answer.text))
    }
}

fn rename_all(value: &Value, renamed: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(old) => json!(renamed.get(old).unwrap_or(old)),
        Value::Array(items) => items.iter().map(|it| rename_all(it, renamed)).collect(),
        Value::Object(map) => Value::Object(
            map.iter().map(|(key, it)| (key.clone(), rename_all(it, renamed))).collect(),
        ),
        other => other.clone(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
