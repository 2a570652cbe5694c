//! Offerings, as providers and as everybody sees them (`contract.md` 10).

use axum::{Json, body::Bytes, extract::State, response::Response};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use crate::{
    App,
    access::{Permission, Scope, provided_offerings, require},
    call::{Call, hex, link, object},
    clock, done,
    error::{Error, Result},
    filters::{self, Condition, given},
    fold::fold,
    media::remove_files,
    page::Collection,
};

/// For whom an offering is shown.
#[derive(Clone, Copy, PartialEq)]
enum Reader {
    Provider,
    Everybody,
}

impl Reader {
    /// A condition on `offerings o` that leaves what the person `?1` sees. Providers see those of
    /// their organisation or on which they have a role; the public list has all, for every
    /// offering here is shared.
    fn condition(self, call: &Call) -> String {
        match self {
            Self::Provider => provided_offerings(&call.user, "?1"),
            Self::Everybody => "1".to_owned(),
        }
    }
}

pub(crate) async fn provided(State(app): State<App>, call: Call) -> Result<Response> {
    list(app, call, Reader::Provider).await
}

pub(crate) async fn provided_one(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    one(app, call, Reader::Provider).await
}

pub(crate) async fn public(State(app): State<App>, call: Call) -> Result<Response> {
    list(app, call, Reader::Everybody).await
}

pub(crate) async fn public_one(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    one(app, call, Reader::Everybody).await
}

const COLUMNS: &str = "o.uuid, o.name, o.slug, o.description, c.uuid, c.name, h.uuid, \
     o.provider_can_create_users, parent.uuid, parent.name";

const TABLES: &str = "offerings o JOIN customers c ON c.id = o.customer_id \
     LEFT JOIN checklists h ON h.id = o.checklist_id \
     LEFT JOIN offerings parent ON parent.id = o.parent_id";

fn offering(row: &Row, origin: &str, reader: Reader) -> rusqlite::Result<Value> {
    let uuid: String = row.get(0)?;
    let customer: String = row.get(4)?;
    let checklist: Option<String> = row.get(6)?;
    let kind = match reader {
        Reader::Provider => "marketplace-provider-offerings",
        Reader::Everybody => "marketplace-public-offerings",
    };
    let mut out = json!({
        "url": link(origin, kind, &uuid),
        "uuid": uuid,
        "name": row.get::<_, String>(1)?,
        "slug": row.get::<_, String>(2)?,
        "description": row.get::<_, String>(3)?,
        "customer": link(origin, "customers", &customer),
        "customer_uuid": customer,
        "customer_name": row.get::<_, String>(5)?,
        "parent_uuid": row.get::<_, Option<String>>(8)?,
        "parent_name": row.get::<_, Option<String>>(9)?,
        "state": "Active",
        "shared": true,
        "has_compliance_requirements": checklist.is_some(),
        "plugin_options": { "service_provider_can_create_offering_user": row.get::<_, bool>(7)? },
    });
    if reader == Reader::Provider {
        out["compliance_checklist"] = json!(checklist);
    }
    Ok(out)
}

async fn list(app: App, call: Call, reader: Reader) -> Result<Response> {
    app.store
        .read(move |db| {
            let query = &call.query;
            let mut condition = Condition::visible(&call.user, &reader.condition(&call));
            for (key, columns) in
                [("name", "o.name"), ("query", "o.name || ' ' || o.slug || ' ' || c.name")]
            {
                if let Some(words) = given(query, key) {
                    let words = condition.bind(fold(words));
                    condition.and(&format!("instr(fold({columns}), {words})"));
                }
            }
            condition.link(query, "customer", "c.uuid");
            condition.uuids(query, "customer_uuid", "c.uuid")?;
            condition.uuids(query, "parent_uuid", "parent.uuid")?;
            let offerings = Collection {
                columns: COLUMNS,
                tables: TABLES,
                condition: &condition.text,
                order: &order(&call)?,
                parameters: &condition.parameters,
            };
            offerings.respond(db, &call, |row| offering(row, &call.origin, reader))
        })
        .await
}

/// Waldur knows more orders than this server has columns. The others are no error, and leave the
/// default.
fn order(call: &Call) -> Result<String> {
    const COLUMNS: [(&str, &str); 2] = [("name", "fold(o.name) {}"), ("created", "o.id {}")];
    match filters::order(&call.query, "name", &COLUMNS, "o.id") {
        Err(Error::Rejected(_)) => Ok("fold(o.name), o.id".to_owned()),
        order => order,
    }
}

async fn one(app: App, call: Call, reader: Reader) -> Result<Json<Value>> {
    app.store
        .read(move |db| {
            let condition = reader.condition(&call);
            let sql = format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE ({condition}) AND ?1 = ?1 AND o.uuid = ?2"
            );
            let found = db
                .prepare_cached(&sql)?
                .query_row((call.user.id, call.uuid()?), |row| offering(row, &call.origin, reader))
                .optional()?;
            Ok(Json(call.select(found.ok_or(Error::NotFound)?)))
        })
        .await
}

/// Sets, changes or removes the checklist that comes with an account.
pub(crate) async fn update_compliance_checklist(
    State(app): State<App>,
    call: Call,
    body: Bytes,
) -> Result<Response> {
    let removed = app.store.write(move |db| update_checklist(db, &call, &body)).await?;
    remove_files(app.store, removed).await?;
    Ok(done())
}

/// Gives back the files that belonged to the completions it removed.
fn update_checklist(db: &Connection, call: &Call, body: &Bytes) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT o.id, o.customer_id, o.checklist_id FROM offerings o WHERE o.uuid = ?2 AND {}",
        provided_offerings(&call.user, "?1")
    );
    let found = db
        .query_row(&sql, (call.user.id, call.uuid()?), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?))
        })
        .optional()?;
    let (offering, customer, current): (i64, i64, _) = found.ok_or(Error::NotFound)?;
    let scope = Scope { customer: Some(customer), offering: Some(offering) };
    require(db, &call.user, Permission::UpdateOfferingOptions, scope)?;
    match wanted_checklist(db, body)? {
        Some(wanted) if wanted != current => replace_checklist(db, offering, wanted),
        _ => Ok(Vec::new()),
    }
}

/// The key of the checklist that a body asks for: none at all, the removal, or one.
fn wanted_checklist(db: &Connection, body: &Bytes) -> Result<Option<Option<i64>>> {
    const FIELD: &str = "compliance_checklist";
    let body = object(body)?;
    let given = match body.get(FIELD) {
        None => return Ok(None),
        Some(Value::Null) => return Ok(Some(None)),
        Some(Value::String(text)) => text,
        Some(_) => return Err(Error::field(FIELD, "Must be a valid UUID.")),
    };
    let uuid = hex(given).ok_or_else(|| Error::field(FIELD, "Must be a valid UUID."))?;
    let found = db
        .query_row("SELECT id FROM checklists WHERE uuid = ?1", [uuid], |row| row.get(0))
        .optional()?;
    found.map(Some).ok_or_else(|| Error::no_object(FIELD, given))
}

/// Existing accounts follow at once: their completions are added, replaced or removed
/// (`contract.md` 7.5). Three statements, however many accounts there are.
fn replace_checklist(
    db: &Connection,
    offering: i64,
    checklist: Option<i64>,
) -> Result<Vec<String>> {
    db.execute("UPDATE offerings SET checklist_id = ?2 WHERE id = ?1", (offering, checklist))?;
    let mut statement = db.prepare(
        "SELECT f.uuid FROM completions p JOIN files f ON f.completion_id = p.id \
         WHERE p.offering_id = ?1 AND p.checklist_id IS NOT ?2",
    )?;
    let files = statement.query_map((offering, checklist), |row| row.get(0))?;
    let files = files.collect::<rusqlite::Result<_>>()?;
    db.execute(
        "DELETE FROM completions WHERE offering_id = ?1 AND checklist_id IS NOT ?2",
        (offering, checklist),
    )?;
    if let Some(checklist) = checklist {
        db.execute(
            &format!(
                "INSERT INTO completions (uuid, offering_user_id, offering_id, checklist_id, \
                 created, modified) SELECT {RANDOM_UUID}, id, ?1, ?2, ?3, ?3 FROM offering_users \
                 WHERE offering_id = ?1 ON CONFLICT DO NOTHING"
            ),
            params![offering, checklist, clock::now()],
        )?;
    }
    Ok(files)
}

/// A new uuid for each row, of version 4 as all others.
const RANDOM_UUID: &str = "lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) \
     || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(8)), 2))";
