//! The compliance checklist of an account: `contract.md` 5 to 9.1.

mod body;
mod decimal;
mod form;
mod question;
mod stored;
mod submit;

use axum::{Json, body::Bytes, extract::State, http::HeaderMap};
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde_json::{Value, json};

use self::{body::Body, form::Form, question::Question, stored::Checklist};
pub(crate) use self::{
    decimal::{Decimal, DecimalError},
    question::{Config, QuestionOption},
    stored::{NewChecklist, NewQuestion, add, json_column, to_json},
};
use crate::{
    App, Profile, Store,
    access::{Permission, may},
    auth::User,
    call::{Call, hex},
    error::{Error, Result},
    offering_users::Account,
};

pub(crate) async fn checklist(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    let profile = app.settings.profile;
    answer(app, call, Reader::Participant, move |call, form| {
        let everything = profile.is_new()
            && call.query.last("include_all").is_some_and(|it| it.eq_ignore_ascii_case("true"));
        let shown = |it: &&Question| everything || form.is_visible(it);
        let questions = form.checklist.questions.iter().filter(shown);
        let reader = Reader::Participant;
        let questions = questions.map(|it| question(form, it, &call.user, reader, profile));
        json!({
            "checklist": form.checklist.json(),
            "completion": form.completion(),
            "questions": questions.collect::<Vec<_>>(),
        })
    })
    .await
}

pub(crate) async fn checklist_review(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    let profile = app.settings.profile;
    answer(app, call, Reader::Reviewer, move |call, form| {
        let reader = Reader::Reviewer;
        let questions = form.checklist.questions.iter().filter(|it| form.is_visible(it));
        let questions = questions.map(|it| question(form, it, &call.user, reader, profile));
        json!({
            "checklist": form.checklist.json(),
            "completion": form.review_completion(),
            "questions": questions.collect::<Vec<_>>(),
        })
    })
    .await
}

pub(crate) async fn completion_status(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    answer(app, call, Reader::Participant, |_, form| form.completion()).await
}

pub(crate) async fn completion_review_status(
    State(app): State<App>,
    call: Call,
) -> Result<Json<Value>> {
    answer(app, call, Reader::Reviewer, |_, form| form.review_completion()).await
}

/// For whom a form is written.
#[derive(Clone, Copy, PartialEq)]
enum Reader {
    Participant,
    Reviewer,
}

/// Finds the form, checks that the person may read it, and shows it.
async fn answer(
    app: App,
    call: Call,
    reader: Reader,
    show: impl FnOnce(&Call, &Form) -> Value + Send + 'static,
) -> Result<Json<Value>> {
    app.store
        .read(move |db| {
            let account = Account::find(db, &call.user, &call.uuid()?)?;
            require(db, &call.user, &account, reader)?;
            let form = Form::load(db, &account)?;
            Ok(Json(call.select(show(&call, &form))))
        })
        .await
}

/// Account holders answer; whoever may update the account answers and reviews (`contract.md` 4.3).
fn require(db: &Connection, user: &User, account: &Account, reader: Reader) -> Result<()> {
    let is_own = reader == Reader::Participant && account.user_id == user.id;
    if is_own || may(db, user, Permission::UpdateUser, account.scope())? {
        Ok(())
    } else {
        Err(Error::FORBIDDEN)
    }
}

fn question(
    form: &Form,
    question: &Question,
    user: &User,
    reader: Reader,
    profile: Profile,
) -> Value {
    let config = &question.config;
    let shown_answer = form.shown_answer(question).map(|answer| answer.json(question, reader));
    // Guidance follows the reader's own answer, not the one that is shown (`contract.md` 7.1).
    let guided = config.guidance().is_shown(form.own_answer(question, user.id));
    let mut out = json!({
        "uuid": question.uuid.simple().to_string(),
        "description": config.description,
        "user_guidance": guided.then_some(&config.user_guidance),
        "question_type": config.question_type,
        "required": question.required,
        "order": question.order,
        "existing_answer": shown_answer,
    });
    for (key, value) in question.limits() {
        out[key] = value;
    }
    out["dependencies_info"] = question.dependencies_info();
    if reader == Reader::Reviewer {
        out["operator"] = json!(config.operator);
        out["review_answer_value"] = json!(config.review_answer_value);
        out["always_requires_review"] = json!(config.always_requires_review);
    }
    as_known_to(profile, out)
}

/// Older servers know no likert and no rich text, and do not tell why a question is shown.
fn as_known_to(profile: Profile, mut question: Value) -> Value {
    if let Value::Object(fields) = &mut question
        && !profile.is_new()
    {
        fields.retain(|key, _| {
            !key.starts_with("likert_")
                && !key.starts_with("rich_text_")
                && key != "dependencies_info"
        });
    }
    question
}

pub(crate) async fn submit_answers(
    State(app): State<App>,
    call: Call,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>> {
    // What is wrong with the body is said only to those who may send one; but it is read before
    // anybody else has to wait.
    let read = tokio::task::spawn_blocking(move || Body::read(&headers, &body)).await;
    let body = read.unwrap_or_else(|error| Err(Error::Internal(error.to_string())));
    let store = app.store.clone();
    app.store.write(move |db| submit_and_report(db, &store, &call, body)).await
}

fn submit_and_report(
    db: &Transaction,
    store: &Store,
    call: &Call,
    body: Result<Body>,
) -> Result<Json<Value>> {
    let account = Account::find(db, &call.user, &call.uuid()?)?;
    require(db, &call.user, &account, Reader::Participant)?;
    let form = Form::load(db, &account)?;
    submit::submit(db, store, &call.user, &form, body?)?;
    Form::load(db, &account)?.refresh(db)?;
    let form = Form::load(db, &account)?;
    Ok(Json(json!({
        "detail": "Answers submitted successfully",
        "completion": form.completion(),
    })))
}

/// Stores answers, a list in JSON, in a person's name and what follows from them.
pub(crate) fn answer_as(
    db: &Connection,
    store: &Store,
    user: &User,
    account: &Account,
    body: &str,
) -> Result<()> {
    let body = checklist::Value::from_json(body).map_err(|it| Error::Internal(it.to_string()))?;
    submit::submit(db, store, user, &Form::load(db, account)?, Body::Data(body))?;
    Form::load(db, account)?.refresh(db)
}

/// The checklist that a new account would get. Waldur fails here; this server takes the uuid of an
/// offering, or of an organisation with a checklist (`contract.md` 9.1).
pub(crate) async fn checklist_template(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    let profile = app.settings.profile;
    app.store
        .read(move |db| {
            let parent = call.query.last("parent_uuid").filter(|it| !it.is_empty());
            let parent = parent
                .ok_or_else(|| Error::detail("parent_uuid query parameter is required"))?;
            let found = db
                .query_row(
                    "SELECT o.checklist_id FROM offerings o JOIN customers c ON c.id = o.customer_id \
                     WHERE o.uuid = ?1 OR c.uuid = ?1 OR c.provider_uuid = ?1 \
                     ORDER BY o.checklist_id IS NULL, o.id",
                    [hex(parent)],
                    |row| row.get::<_, Option<i64>>(0),
                )
                .optional()?;
            let checklist = match found {
                Some(Some(id)) => Checklist::load(db, id)?,
                Some(None) => {
                    return Err(Error::detail("No checklist configured for new objects"));
                }
                None => return Err(Error::Missing("Parent object not found")),
            };
            let questions = &checklist.questions;
            let initial = questions.iter().filter(|it| !it.is_conditional());
            let template = |it: &Question| as_known_to(profile, it.template());
            Ok(Json(json!({
                "checklist": checklist.json(),
                "questions": questions.iter().map(template).collect::<Vec<_>>(),
                "initial_visible_questions": initial.map(template).collect::<Vec<_>>(),
            })))
        })
        .await
}
