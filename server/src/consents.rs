//! Terms of service and who agreed to them (`contract.md` 9.3 and 9.4).

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rusqlite::{Connection, OptionalExtension, Row, params, types::Value as Sql};
use serde_json::{Value, json};

use crate::{
    App,
    access::provided_offerings,
    auth::{User, new_uuid},
    call::{Call, hex, object, text},
    clock,
    error::{Error, Result},
    page::Collection,
};

const COLUMNS: &str = "k.uuid, u.uuid, o.uuid, k.agreement_date, k.version, k.revocation_date, \
     k.created, k.modified, u.username, u.first_name || ' ' || u.last_name, u.email, o.name, \
     o.slug, t.requires_reconsent AND t.version <> k.version AND k.revocation_date IS NULL";

const TABLES: &str = "consents k JOIN users u ON u.id = k.user_id \
     JOIN offerings o ON o.id = k.offering_id \
     LEFT JOIN terms t ON t.offering_id = o.id AND t.is_active";

fn consent(row: &Row, origin: &str) -> rusqlite::Result<Value> {
    let offering: String = row.get(2)?;
    let revoked: Option<String> = row.get(5)?;
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
        "user_full_name": row.get::<_, String>(9)?,
        "user_email": row.get::<_, String>(10)?,
        "offering_name": row.get::<_, String>(11)?,
        "offering_slug": row.get::<_, String>(12)?,
        "offering_url": format!("{origin}/api/marketplace-provider-offerings/{offering}/"),
        "requires_reconsent": row.get::<_, Option<bool>>(13)?.unwrap_or_default(),
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
            let mut condition = visible_consents(&call.user).to_owned();
            let mut parameters = vec![Sql::Integer(call.user.id)];
            for (key, column) in [("user_uuid", "u.uuid"), ("offering_uuid", "o.uuid")] {
                if let Some(given) = call.query.last(key).filter(|it| !it.is_empty()) {
                    let uuid =
                        hex(given).ok_or_else(|| Error::field(key, "Enter a valid UUID."))?;
                    parameters.push(Sql::Text(uuid));
                    condition.push_str(&format!(" AND {column} = ?{}", parameters.len()));
                }
            }
            if let Some(version) = call.query.last("version").filter(|it| !it.is_empty()) {
                parameters.push(Sql::Text(version.to_owned()));
                condition.push_str(&format!(" AND k.version = ?{}", parameters.len()));
            }
            match call.query.last("has_consent") {
                Some("true") => condition.push_str(" AND k.revocation_date IS NULL"),
                Some("false") => condition.push_str(" AND k.revocation_date IS NOT NULL"),
                _ => {}
            }
            let consents = Collection {
                columns: COLUMNS,
                tables: TABLES,
                condition: &condition,
                order: "k.id DESC",
                parameters: &parameters,
            };
            consents.respond(db, &call, |row| consent(row, &call.origin))
        })
        .await
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
    let body = object(&body)?;
    let given = text(&body, "offering")?
        .ok_or_else(|| Error::field("offering", "This field is required."))?
        .to_owned();
    app.store.write(move |db| grant_consent(db, &call.user, &given)).await?;
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

fn grant_consent(db: &Connection, user: &User, given: &str) -> Result<()> {
    let uuid = given.trim_end_matches('/').rsplit('/').next().and_then(hex);
    let offering: Option<i64> = db
        .query_row("SELECT id FROM offerings WHERE uuid = ?1", [uuid], |row| row.get(0))
        .optional()?;
    let Some(offering) = offering else {
        let message = format!("Object with uuid={given} does not exist.");
        return Err(Error::field("offering", message));
    };
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
            let found = find(db, &call, visible_consents(&call.user))?;
            let is_own = found["user_uuid"] == call.user.uuid.as_str();
            if !is_own && !call.user.is_staff {
                return Err(Error::Forbidden("You don't have permission to revoke this consent."));
            }
            let now = clock::now();
            db.execute(
                "UPDATE consents SET revocation_date = coalesce(revocation_date, ?1), \
                 modified = ?1 WHERE uuid = ?2",
                params![now, call.uuid()?],
            )?;
            Ok(Json(find(db, &call, visible_consents(&call.user))?))
        })
        .await
}

/// Terms of one's own offerings, of those one agreed to, and all that are in force: every offering
/// here is shared.
pub(crate) async fn terms(State(app): State<App>, call: Call) -> Result<Response> {
    app.store
        .read(move |db| {
            let mut condition = format!(
                "(t.is_active OR k.id IS NOT NULL OR {})",
                provided_offerings(&call.user, "?1")
            );
            let mut parameters = vec![Sql::Integer(call.user.id)];
            if let Some(given) = call.query.last("offering_uuid").filter(|it| !it.is_empty()) {
                let uuid = hex(given)
                    .ok_or_else(|| Error::field("offering_uuid", "Enter a valid UUID."))?;
                parameters.push(Sql::Text(uuid));
                condition.push_str(" AND o.uuid = ?2");
            }
            match call.query.last("is_active") {
                Some("true") => condition.push_str(" AND t.is_active"),
                Some("false") => condition.push_str(" AND NOT t.is_active"),
                _ => {}
            }
            let terms = Collection {
                columns: "t.uuid, o.uuid, o.name, t.text, t.link, t.version, t.is_active, \
                     t.requires_reconsent, t.grace_period_days, t.created, t.modified, k.uuid, \
                     k.version, k.agreement_date, k.revocation_date",
                tables: "terms t JOIN offerings o ON o.id = t.offering_id \
                     LEFT JOIN consents k ON k.offering_id = o.id AND k.user_id = ?1",
                condition: &condition,
                order: "t.id DESC",
                parameters: &parameters,
            };
            terms.respond(db, &call, terms_of_service)
        })
        .await
}

fn terms_of_service(row: &Row) -> rusqlite::Result<Value> {
    let consent: Option<String> = row.get(11)?;
    let revoked = row.get::<_, Option<String>>(14)?.is_some();
    let has_consent = consent.is_some() && !revoked;
    let consent = match consent {
        None => Value::Null,
        Some(uuid) => json!({
            "uuid": uuid,
            "version": row.get::<_, String>(12)?,
            "agreement_date": row.get::<_, String>(13)?,
            "is_revoked": revoked,
        }),
    };
    Ok(json!({
        "uuid": row.get::<_, String>(0)?,
        "offering_uuid": row.get::<_, String>(1)?,
        "offering_name": row.get::<_, String>(2)?,
        "terms_of_service": row.get::<_, String>(3)?,
        "terms_of_service_link": row.get::<_, String>(4)?,
        "version": row.get::<_, String>(5)?,
        "is_active": row.get::<_, bool>(6)?,
        "requires_reconsent": row.get::<_, bool>(7)?,
        "grace_period_days": row.get::<_, i64>(8)?,
        "user_consent": consent,
        "has_user_consent": has_consent,
        "created": row.get::<_, String>(9)?,
        "modified": row.get::<_, String>(10)?,
    }))
}
