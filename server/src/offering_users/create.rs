//! New accounts (`contract.md` 2.4).

use api::State as AccountState;
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};

use super::{answer, username};
use crate::{
    App, Settings,
    access::{Permission, Scope, require},
    auth::new_uuid,
    call::Call,
    clock,
    error::{Error, Result},
    fields::{Fields, Mode, NO_OBJECT, Refusal, text, uuid},
    filters::uuid_of_link,
};

pub(crate) async fn create(State(app): State<App>, call: Call, body: Bytes) -> Result<Response> {
    let created =
        app.store.clone().write(move |db| create_account(db, app.settings, &call, &body)).await?;
    Ok((StatusCode::CREATED, created).into_response())
}

fn create_account(
    db: &Connection,
    settings: Settings,
    call: &Call,
    body: &Bytes,
) -> Result<Json<Value>> {
    let mut fields = Fields::read(body, Mode::Create)?;
    let offering = relation(&mut fields, "offering")?;
    let person = relation(&mut fields, "user")?;
    let username = username(&mut fields).unwrap_or_default();
    fields.finish()?;
    let no_object = |field: &str| Error::field(field, NO_OBJECT);
    let found = db
        .query_row(
            "SELECT id, customer_id, checklist_id, provider_can_create_users FROM offerings \
             WHERE uuid = ?1",
            [offering],
            |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?, row.get(3)?)),
        )
        .optional()?;
    let (offering, customer, checklist, allowed): (i64, i64, _, bool) =
        found.ok_or_else(|| no_object("offering"))?;
    let person: Option<i64> = db
        .query_row("SELECT id FROM users WHERE uuid = ?1", [person], |row| row.get(0))
        .optional()?;
    let person = person.ok_or_else(|| no_object("user"))?;
    let scope = Scope { customer: Some(customer), offering: None };
    require(db, &call.user, Permission::CreateUser, scope)?;
    if !allowed {
        let message = "It is not allowed to create users for current offering.";
        return Err(Error::Rejected(json!([message])));
    }
    let uuid = new_uuid()?;
    let now = clock::now();
    let state = if username.is_empty() { AccountState::Requested } else { AccountState::Ok };
    let added = db.execute(
        "INSERT INTO offering_users (uuid, user_id, offering_id, username, state, created, modified) \
         VALUES (?1, ?2, ?3, nullif(?4, ''), ?5, ?6, ?6) ON CONFLICT DO NOTHING",
        params![uuid, person, offering, username, state.number(), now],
    )?;
    if added == 0 {
        return Err(Error::whole("The fields offering, user must make a unique set."));
    }
    if let Some(checklist) = checklist {
        db.execute(
            "INSERT INTO completions (uuid, offering_user_id, checklist_id, offering_id, created, \
             modified) SELECT ?1, id, ?2, offering_id, ?3, ?3 FROM offering_users WHERE uuid = ?4",
            params![new_uuid()?, checklist, now, uuid],
        )?;
    }
    answer(db, settings, call, &uuid)
}

/// The uuid of a related record, named by a link or by a uuid, but not by both (`contract.md` 2.4).
fn relation(fields: &mut Fields, name: &str) -> Result<Option<String>> {
    let by_uuid = format!("{name}_uuid");
    match (fields.has(name), fields.has(&by_uuid)) {
        (true, true) => Err(Error::whole(format!(
            "Cannot specify both '{name}' URL and '{name}_uuid'. Use one or the other."
        ))),
        (false, false) => {
            Err(Error::whole(format!("Either '{name}' URL or '{name}_uuid' is required.")))
        }
        (true, false) => Ok(fields.get(name, uuid_in_link)),
        (false, true) => Ok(fields.get(&by_uuid, uuid)),
    }
}

fn uuid_in_link(value: &Value) -> Result<String, Refusal> {
    let link = text(usize::MAX)(value)?;
    uuid_of_link(&link).ok_or_else(|| "Invalid hyperlink - No URL match.".into())
}
