//! Who agreed to which terms of service (`contract.md` 9.3).

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use crate::{
    App,
    auth::{User, new_uuid},
    call::{Call, link},
    clock,
    error::{Error, Result},
    fields::{Fields, Mode, text, words},
    filters::{self, Condition, given, uuid_of_link},
    page::Collection,
    users::full_name,
};

const COLUMNS: &str = "k.uuid, u.uuid, o.uuid, k.agreement_date, k.version, k.revocation_date, \
     k.created, k.modified, u.username, u.first_name, u.last_name, u.email, o.name, \
     o.slug, coalesce(t.requires_reconsent AND t.version <> k.version \
     AND k.revocation_date IS NULL, 0)";

const TABLES: &str = "consents k JOIN users u ON u.id = k.user_id \
     JOIN offerings o ON o.id = k.offering_id \
     LEFT JOIN terms t ON t.offering_id = o.id AND t.is_active";

fn consent(row: &Row, origin: &str) -> rusqlite::Result<Value> {
    let offering: String = row.get(2)?;
    let revoked: Option<String> = row.get(5)?;
    let (first_name, last_name): (String, String) = (row.get(9)?, row.get(10)?);
    Ok(json!({
        "uuid": row.get::<_, String>(0)?,
        "user_uuid": row.get::<_, String>(1)?,
        "offering_uuid": offering,
        "agreement_date": row.get::<_, String>(3)?,
        "version": row.get::<_, String>(4)?,
        "has_consent": revoked.is_none(),
        "revocation_date": revoked,
        "created": row.get::<_, String>(6)?,
        "modified": row.get::<_, String>(7)?,
        "user_username": row.get::<_, String>(8)?,
        "user_full_name": full_name(&first_name, &last_name),
        "user_email": row.get::<_, String>(11)?,
        "offering_name": row.get::<_, String>(12)?,
        "offering_slug": row.get::<_, String>(13)?,
        "offering_url": link(origin, "marketplace-provider-offerings", &offering),
        "requires_reconsent": row.get::<_, bool>(14)?,
        "collected_attributes": [],
    }))
}

/// One's own consents; staff and support see all.
fn visible_consents(user: &User) -> &'static str {
    if user.is_staff || user.is_support { "?1 = ?1" } else { "k.user_id = ?1" }
}

pub(crate) async fn list(State(app): State<App>, call: Call) -> Result<Response> {
    app.store
        .read(move |db| {
            let condition = condition(&call)?;
            let consents = Collection {
                columns: COLUMNS,
                tables: TABLES,
                condition: &condition.text,
                order: &order(&call)?,
                parameters: &condition.parameters,
            };
            consents.respond(db, &call, |row| consent(row, &call.origin))
        })
        .await
}

fn condition(call: &Call) -> Result<Condition> {
    let query = &call.query;
    let mut condition = Condition::visible(&call.user, visible_consents(&call.user));
    condition.link(query, "user", "u.uuid");
    condition.uuids(query, "user_uuid", "u.uuid")?;
    condition.link(query, "offering", "o.uuid");
    condition.uuids(query, "offering_uuid", "o.uuid")?;
    if let Some(version) = given(query, "version") {
        condition.equals("k.version", version.to_owned());
    }
    condition.flag(query, "has_consent", "k.revocation_date IS NULL");
    condition.flag(
        query,
        "requires_reconsent",
        "coalesce(t.requires_reconsent AND t.version <> k.version \
         AND k.revocation_date IS NULL, 0)",
    );
    Ok(condition)
}

fn order(call: &Call) -> Result<String> {
    const COLUMNS: [(&str, &str); 4] = [
        ("agreement_date", "k.agreement_date {}"),
        ("created", "k.created {}"),
        ("modified", "k.modified {}"),
        ("revocation_date", "k.revocation_date {} NULLS LAST"),
    ];
    filters::order(&call.query, "", &COLUMNS, "k.id DESC")
}

pub(crate) async fn retrieve(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    app.store
        .read(move |db| {
            let found = find(db, &call, visible_consents(&call.user))?;
            Ok(Json(call.select(found)))
        })
        .await
}

fn find(db: &Connection, call: &Call, condition: &str) -> Result<Value> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE {condition} AND k.uuid = ?2");
    let found = db
        .prepare_cached(&sql)?
        .query_row((call.user.id, call.uuid()?), |row| consent(row, &call.origin))
        .optional()?;
    found.ok_or(Error::NotFound)
}

/// Agrees to the terms in force. A revoked consent comes to life again.
pub(crate) async fn grant(State(app): State<App>, call: Call, body: Bytes) -> Result<Response> {
    let mut fields = Fields::read(&body, Mode::Create)?;
    fields.require("offering");
    let given = fields.get("offering", text(usize::MAX)).unwrap_or_default();
    fields.finish()?;
    let answer = Json(json!({ "offering": given }));
    app.store.write(move |db| grant_consent(db, &call.user, &given)).await?;
    Ok((StatusCode::CREATED, answer).into_response())
}

fn grant_consent(db: &Connection, user: &User, given: &str) -> Result<()> {
    let offering: Option<i64> = db
        .query_row("SELECT id FROM offerings WHERE uuid = ?1", [uuid_of_link(given)], |row| {
            row.get(0)
        })
        .optional()?;
    let offering = offering.ok_or_else(|| Error::no_object("offering", given))?;
    let version: Option<String> = db
        .query_row(
            "SELECT version FROM terms WHERE offering_id = ?1 AND is_active",
            [offering],
            |row| row.get(0),
        )
        .optional()?;
    let Some(version) = version else {
        return Err(Error::whole("This offering does not have Terms of Service."));
    };
    let now = clock::now();
    let changed = db.execute(
        "INSERT INTO consents (uuid, user_id, offering_id, version, agreement_date, created, modified) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5) \
         ON CONFLICT (user_id, offering_id) DO UPDATE SET version = excluded.version, \
         agreement_date = excluded.agreement_date, revocation_date = NULL, \
         modified = excluded.modified \
         WHERE revocation_date IS NOT NULL OR version <> excluded.version",
        params![new_uuid()?, user.id, offering, version, now],
    )?;
    if changed == 0 {
        return Err(Error::whole(
            "You have already consented to the current Terms of Service for this offering.",
        ));
    }
    Ok(())
}

pub(crate) async fn revoke(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    app.store
        .write(move |db| {
            let refusal = Error::Forbidden("You don't have permission to revoke this consent.");
            require_own(db, &call, refusal)?;
            db.execute(
                "UPDATE consents SET revocation_date = coalesce(revocation_date, ?1), \
                 modified = ?1 WHERE uuid = ?2",
                params![clock::now(), call.uuid()?],
            )?;
            Ok(Json(find(db, &call, visible_consents(&call.user))?))
        })
        .await
}

/// Only one's own consent can be changed, except by staff. Whoever sees it is told so.
fn require_own(db: &Connection, call: &Call, refusal: Error) -> Result<()> {
    let found = find(db, call, visible_consents(&call.user))?;
    let is_own = found["user_uuid"] == call.user.uuid.as_str();
    if is_own || call.user.is_staff { Ok(()) } else { Err(refusal) }
}

/// PUT: the version has to be there.
pub(crate) async fn replace(
    State(app): State<App>,
    call: Call,
    body: Bytes,
) -> Result<Json<Value>> {
    change(app, call, body, Mode::Replace).await
}

/// PATCH: what is left out stays.
pub(crate) async fn update(State(app): State<App>, call: Call, body: Bytes) -> Result<Json<Value>> {
    change(app, call, body, Mode::Change).await
}

async fn change(app: App, call: Call, body: Bytes, mode: Mode) -> Result<Json<Value>> {
    app.store
        .write(move |db| {
            require_own(db, &call, Error::FORBIDDEN)?;
            let mut fields = Fields::read(&body, mode)?;
            fields.require("version");
            let version = fields.get("version", words(usize::MAX));
            fields.finish()?;
            if let Some(version) = version {
                db.execute(
                    "UPDATE consents SET version = ?1, modified = ?2 WHERE uuid = ?3",
                    params![version, clock::now(), call.uuid()?],
                )?;
            }
            Ok(Json(call.select(find(db, &call, visible_consents(&call.user))?)))
        })
        .await
}

pub(crate) async fn delete(State(app): State<App>, call: Call) -> Result<StatusCode> {
    app.store
        .write(move |db| {
            require_own(db, &call, Error::FORBIDDEN)?;
            db.execute("DELETE FROM consents WHERE uuid = ?1", [call.uuid()?])?;
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}
