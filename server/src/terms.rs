//! Terms of service (`contract.md` 9.4).

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
    access::{Permission, Scope, provided_offerings, require},
    auth::{User, new_uuid},
    call::{Call, link},
    clock,
    error::{Error, Result},
    fields::{Fields, Mode, Refusal, boolean, text, web_address, whole, words},
    filters::{self, Condition, given, uuid_of_link},
    html,
    page::Collection,
};

/// `k` is the consent of the person `?1`.
const COLUMNS: &str = "t.uuid, o.uuid, o.name, t.text, t.link, t.version, t.is_active, \
     t.requires_reconsent, t.grace_period_days, t.created, t.modified, k.uuid, k.version, \
     k.agreement_date, k.revocation_date";

const TABLES: &str = "terms t JOIN offerings o ON o.id = t.offering_id \
     LEFT JOIN consents k ON k.offering_id = o.id AND k.user_id = ?1";

fn terms_of_service(row: &Row, origin: &str) -> rusqlite::Result<Value> {
    let uuid: String = row.get(0)?;
    let offering: String = row.get(1)?;
    let consent: Option<String> = row.get(11)?;
    let is_revoked = row.get::<_, Option<String>>(14)?.is_some();
    let has_consent = consent.is_some() && !is_revoked;
    let consent = match consent {
        None => Value::Null,
        Some(uuid) => json!({
            "uuid": uuid,
            "version": row.get::<_, String>(12)?,
            "agreement_date": row.get::<_, String>(13)?,
            "is_revoked": is_revoked,
        }),
    };
    Ok(json!({
        "url": link(origin, "marketplace-offering-terms-of-service", &uuid),
        "uuid": uuid,
        "offering": link(origin, "marketplace-provider-offerings", &offering),
        "offering_uuid": offering,
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

/// Terms of one's own offerings, of those one agreed to, and all that are in force: every offering
/// here is shared.
fn visible_terms(user: &User) -> String {
    let provided = provided_offerings(user, "?1");
    format!("t.is_active OR k.id IS NOT NULL OR {provided}")
}

pub(crate) async fn list(State(app): State<App>, call: Call) -> Result<Response> {
    const ORDERS: [(&str, &str); 3] =
        [("created", "t.created {}"), ("modified", "t.modified {}"), ("version", "t.version {}")];
    app.store
        .read(move |db| {
            let query = &call.query;
            let mut condition = Condition::visible(&call.user, &visible_terms(&call.user));
            condition.link(query, "offering", "o.uuid");
            condition.uuids(query, "offering_uuid", "o.uuid")?;
            condition.flag(query, "is_active", "t.is_active");
            condition.flag(query, "requires_reconsent", "t.requires_reconsent");
            if let Some(version) = given(query, "version") {
                condition.equals("t.version", version.to_owned());
            }
            let terms = Collection {
                columns: COLUMNS,
                tables: TABLES,
                condition: &condition.text,
                order: &filters::order(query, "", &ORDERS, "t.id DESC")?,
                parameters: &condition.parameters,
            };
            terms.respond(db, &call, |row| terms_of_service(row, &call.origin))
        })
        .await
}

pub(crate) async fn retrieve(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    app.store.read(move |db| Ok(Json(call.select(find(db, &call, &call.uuid()?)?)))).await
}

fn find(db: &Connection, call: &Call, uuid: &str) -> Result<Value> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE t.uuid = ?2 AND ({})",
        visible_terms(&call.user)
    );
    let found = db
        .prepare_cached(&sql)?
        .query_row((call.user.id, uuid), |row| terms_of_service(row, &call.origin))
        .optional()?;
    found.ok_or(Error::NotFound)
}

pub(crate) async fn create(State(app): State<App>, call: Call, body: Bytes) -> Result<Response> {
    let created = app.store.write(move |db| create_terms(db, &call, &body)).await?;
    Ok((StatusCode::CREATED, created).into_response())
}

fn create_terms(db: &Connection, call: &Call, body: &Bytes) -> Result<Json<Value>> {
    let mut fields = Fields::read(body, Mode::Create)?;
    let field = if fields.has("offering_uuid") { "offering_uuid" } else { "offering" };
    fields.require(field);
    fields.require("version");
    let given = fields.get(field, text(usize::MAX)).unwrap_or_default();
    let version = fields.get("version", version);
    let requires_reconsent = fields.get_even_null("requires_reconsent", boolean);
    let changes = Changes::read(&mut fields);
    fields.finish()?;
    let found = offering(db, &given)?;
    let (offering, customer) = found.ok_or_else(|| Error::no_object(field, &given))?;
    require_update(db, &call.user, customer, offering)?;
    let uuid = new_uuid()?;
    db.execute(
        "INSERT INTO terms (uuid, offering_id, version, text, link, is_active, requires_reconsent, \
         grace_period_days, created, modified) VALUES (?1, ?2, ?3, '', '', 0, ?4, ?5, ?6, ?6)",
        params![
            uuid,
            offering,
            version,
            requires_reconsent.unwrap_or_default(),
            Changes::GRACE_PERIOD,
            clock::now()
        ],
    )?;
    changes.save(db, &uuid)?;
    Ok(Json(call.select(find(db, call, &uuid)?)))
}

/// The offering of a uuid or a link, and the organisation it belongs to.
fn offering(db: &Connection, given: &str) -> Result<Option<(i64, i64)>> {
    let found = db.query_row(
        "SELECT id, customer_id FROM offerings WHERE uuid = ?1",
        [uuid_of_link(given)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    Ok(found.optional()?)
}

/// Unlike Waldur, this server takes no number for text here.
fn version(value: &Value) -> Result<String, Refusal> {
    if value.is_number() { Err("Not a valid string.".into()) } else { words(usize::MAX)(value) }
}

/// `OFFERING.UPDATE` on the offering or on its organisation.
fn require_update(db: &Connection, user: &User, customer: i64, offering: i64) -> Result<()> {
    let scope = Scope { customer: Some(customer), offering: Some(offering) };
    require(db, user, Permission::UpdateOffering, scope)
}

/// What a request says about the terms, apart from what is settled when they are made. What it
/// leaves out stays.
struct Changes {
    text: Option<String>,
    link: Option<String>,
    is_active: Option<bool>,
    grace_period_days: Option<u32>,
}

impl Changes {
    /// Days (`contract.md` 9.4).
    const GRACE_PERIOD: u32 = 60;

    fn read(fields: &mut Fields) -> Self {
        Self {
            text: fields.get("terms_of_service", text(usize::MAX)).map(|it| html::clean(&it)),
            link: fields.get("terms_of_service_link", web_address(usize::MAX)),
            is_active: fields.get_even_null("is_active", boolean),
            grace_period_days: fields.get("grace_period_days", whole),
        }
    }

    fn save(&self, db: &Connection, uuid: &str) -> Result<()> {
        if self.is_active == Some(true) {
            require_none_active(db, uuid)?;
        }
        db.execute(
            "UPDATE terms SET text = coalesce(?1, text), link = coalesce(?2, link), \
             is_active = coalesce(?3, is_active), \
             grace_period_days = coalesce(?4, grace_period_days), modified = ?5 WHERE uuid = ?6",
            params![
                self.text,
                self.link,
                self.is_active,
                self.grace_period_days,
                clock::now(),
                uuid
            ],
        )?;
        Ok(())
    }
}

/// One version of an offering's terms is in force at most.
fn require_none_active(db: &Connection, uuid: &str) -> Result<()> {
    let another: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM terms other JOIN terms t ON t.offering_id = other.offering_id \
         WHERE t.uuid = ?1 AND other.id <> t.id AND other.is_active)",
        [uuid],
        |row| row.get(0),
    )?;
    if another {
        return Err(Error::whole("The offering already has active terms of service."));
    }
    Ok(())
}

/// PUT and PATCH. The offering, the version and whether it asks again are settled: what a request
/// says about them is passed over.
pub(crate) async fn update(State(app): State<App>, call: Call, body: Bytes) -> Result<Json<Value>> {
    app.store
        .write(move |db| {
            let uuid = writable(db, &call)?;
            let mut fields = Fields::read(&body, Mode::Change)?;
            let changes = Changes::read(&mut fields);
            fields.finish()?;
            changes.save(db, &uuid)?;
            Ok(Json(call.select(find(db, &call, &uuid)?)))
        })
        .await
}

pub(crate) async fn delete(State(app): State<App>, call: Call) -> Result<StatusCode> {
    app.store
        .write(move |db| {
            let uuid = writable(db, &call)?;
            db.execute("DELETE FROM terms WHERE uuid = ?1", [uuid])?;
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

/// The uuid of the terms in the path, once it is clear that the person sees and may change them.
fn writable(db: &Connection, call: &Call) -> Result<String> {
    let uuid = call.uuid()?;
    find(db, call, &uuid)?;
    let (customer, offering) = db.query_row(
        "SELECT o.customer_id, o.id FROM terms t JOIN offerings o ON o.id = t.offering_id \
         WHERE t.uuid = ?1",
        [&uuid],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    require_update(db, &call.user, customer, offering)?;
    Ok(uuid)
}
