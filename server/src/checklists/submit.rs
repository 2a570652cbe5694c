use std::fs;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use checklist::{Kind, QuestionId, Value, sniff, validate};
use rusqlite::{Connection, params};
use serde_json::{Value as Json, json};

use super::{
    body::{Body, Item, ListBody},
    form::Form,
    question::Question,
};
use crate::{
    Store,
    auth::{User, new_uuid},
    clock,
    error::{Error, Result},
};

/// Stores the answers of a request, or none of them (`contract.md` 8).
pub(crate) fn submit(
    db: &Connection,
    store: &Store,
    user: &User,
    form: &Form,
    body: Body,
) -> Result<()> {
    let items = match body.list() {
        ListBody::Items(items) => items,
        ListBody::Null => return Err(Error::whole("No data provided")),
        ListBody::Other(other) => {
            let kind = other.python_type();
            let message = format!("Expected a list of items but got type \"{kind}\".");
            return Err(Error::whole(message));
        }
    };
    if items.len() > MOST_ITEMS {
        return Err(Error::detail(format!("At most {MOST_ITEMS} answers can be sent at once.")));
    }
    let today = clock::today();
    let checked: Vec<_> = items.iter().map(|item| check(db, form, item, today)).collect();
    if checked.iter().any(|outcome| outcome.is_err()) {
        let bodies = checked.into_iter().map(|outcome| outcome.err().unwrap_or_else(|| json!({})));
        return Err(Error::Rejected(Json::Array(bodies.collect())));
    }
    for (question, answer) in checked.into_iter().flatten() {
        if answer == Value::Null {
            db.execute(
                "DELETE FROM answers WHERE completion_id = ?1 AND question_id = ?2 AND user_id = ?3",
                (form.id, question.id, user.id),
            )?;
        } else {
            save(db, store, user, form, question, &answer)?;
        }
    }
    Ok(())
}

/// Each may come back with its own refusal, so there must not be any number of them.
const MOST_ITEMS: usize = 10_000;

/// Finds the question of one item and judges its answer. The error is this item's part of the body
/// (`contract.md` 5.5).
fn check<'a>(
    db: &Connection,
    form: &'a Form,
    item: &Item,
    today: (i32, u8, u8),
) -> Result<(&'a Question, Value), Json> {
    const NULL: &str = "This field may not be null.";
    const REQUIRED: &str = "This field is required.";
    let whole = |message: String| json!({ "non_field_errors": [message] });
    match item {
        Item::Data(Value::Map(_)) | Item::Fields(_) => {}
        Item::Data(Value::Null) => return Err(json!([NULL])),
        Item::Data(other) => {
            let kind = other.python_type();
            return Err(whole(format!("Invalid data. Expected a dictionary, but got {kind}.")));
        }
    }
    let uuid = match item.field("question_uuid") {
        None => Err(REQUIRED),
        Some(Value::Null) => Err(NULL),
        Some(value) => QuestionId::from_value(&value).ok_or("Must be a valid UUID."),
    };
    let answer = item.json_field("answer_data").unwrap_or(Err(REQUIRED));
    let (QuestionId(uuid), answer) = match (uuid, answer) {
        (Ok(uuid), Ok(answer)) => (uuid, answer),
        (uuid, answer) => {
            let errors = [("question_uuid", uuid.err()), ("answer_data", answer.err())];
            let errors = errors.into_iter().filter_map(|(field, reason)| Some((field, reason?)));
            let errors = errors.map(|(field, reason)| (field.to_owned(), json!([reason])));
            return Err(Json::Object(errors.collect()));
        }
    };
    let Some(question) = form.checklist.questions.iter().find(|it| it.uuid == uuid) else {
        let elsewhere = db.query_row(
            "SELECT 1 FROM questions WHERE uuid = ?1",
            [uuid.simple().to_string()],
            |_| Ok(()),
        );
        return Err(whole(match elsewhere {
            Ok(()) => format!("Question {uuid} does not belong to this checklist"),
            Err(_) => format!("Question with UUID {uuid} does not exist"),
        }));
    };
    match validate(&question.kind(), &answer, today) {
        Ok(()) => Ok((question, answer)),
        Err(_) => Err(whole(refusal(question, &answer))),
    }
}

/// The one sentence Waldur has for every answer it does not take.
fn refusal(question: &Question, answer: &Value) -> String {
    const LONGEST: usize = 50;
    let description = &question.config.description;
    let mut text: String = description.chars().take(LONGEST).collect();
    if description.chars().count() > LONGEST {
        text.push_str("...");
    }
    let (answer, kind) = (answer.python_str(), &question.config.question_type);
    format!("Answer value '{answer}' is not valid for the question '{text}' (type: {kind}).")
}

/// Creates or changes the person's own row. Whether it needs a review is decided when it is
/// created, and then never again (`contract.md` 7.2).
fn save(
    db: &Connection,
    store: &Store,
    user: &User,
    form: &Form,
    question: &Question,
    answer: &Value,
) -> Result<()> {
    let stored = match (question.kind(), answer) {
        (Kind::File(_), file) => store_file(db, store, form, file)?,
        (Kind::MultipleFiles { .. }, Value::List(files)) => {
            let files = files.iter().map(|file| store_file(db, store, form, file));
            Value::List(files.collect::<Result<_>>()?)
        }
        _ => answer.clone(),
    };
    let requires_review = question.config.trigger().fires(&stored);
    let data =
        serde_json::to_string(&stored).map_err(|error| Error::Internal(error.to_string()))?;
    db.execute(
        "INSERT INTO answers (uuid, completion_id, question_id, user_id, data, requires_review, \
         created, modified) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) \
         ON CONFLICT (completion_id, question_id, user_id) \
         DO UPDATE SET data = excluded.data, modified = excluded.modified",
        params![new_uuid()?, form.id, question.id, user.id, data, requires_review, clock::now()],
    )?;
    Ok(())
}

/// Puts the content of a new file on disk and leaves a reference. A file that was stored before
/// passes as it is (`contract.md` 5.4).
fn store_file(db: &Connection, store: &Store, form: &Form, file: &Value) -> Result<Value> {
    /// Python reads what strict decoders refuse: bits beyond the last byte.
    const BASE64: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    const SNIFFED: usize = 1024;
    let Some(Value::Text(content)) = file.get("content") else { return Ok(file.clone()) };
    let content = BASE64.decode(content).map_err(|error| Error::detail(error.to_string()))?;
    let mime_type = sniff(&content[..content.len().min(SNIFFED)]);
    let name = file.get("name").map(Value::python_str).unwrap_or_default();
    let uuid = new_uuid()?;
    // If the request fails after this, the file stays without a record: lost space, nothing more.
    fs::write(store.file(&uuid), &content)?;
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    db.execute(
        "INSERT INTO files (uuid, completion_id, name, mime_type, size, created) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![uuid, form.id, name, mime_type, size, clock::now()],
    )?;
    Ok(Value::Map(vec![
        ("name".to_owned(), Value::Text(name)),
        ("size".to_owned(), Value::Int(size.into())),
        ("mime_type".to_owned(), Value::from(mime_type)),
        ("stored_file_id".to_owned(), Value::Text(uuid)),
    ]))
}
