//! Offerings, as providers and as everybody sees them (`contract.md` 10).

use axum::{Json, extract::State, response::Response};
use rusqlite::{OptionalExtension, Row, types::Value as Sql};
use serde_json::{Value, json};

use crate::{
    App,
    access::provided_offerings,
    call::{Call, hex},
    error::{Error, Result},
    page::Collection,
};

/// Those that belong to one's organisation, or on which one has a role.
pub(crate) async fn provided(State(app): State<App>, call: Call) -> Result<Response> {
    let condition = provided_offerings(&call.user, "?1");
    list(app, call, condition).await
}

pub(crate) async fn provided_one(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    let condition = provided_offerings(&call.user, "?1");
    one(app, call, condition).await
}

/// All of them: every offering here is shared.
pub(crate) async fn public(State(app): State<App>, call: Call) -> Result<Response> {
    list(app, call, "1".to_owned()).await
}

pub(crate) async fn public_one(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    one(app, call, "1".to_owned()).await
}

const COLUMNS: &str = "o.uuid, o.name, o.slug, o.description, c.uuid, c.name, o.checklist_id, \
     o.provider_can_create_users";

const TABLES: &str = "offerings o JOIN customers c ON c.id = o.customer_id";

fn offering(row: &Row) -> rusqlite::Result<Value> {
    Ok(json!({
        "uuid": row.get::<_, String>(0)?,
        "name": row.get::<_, String>(1)?,
        "slug": row.get::<_, String>(2)?,
        "description": row.get::<_, String>(3)?,
        "customer_uuid": row.get::<_, String>(4)?,
        "customer_name": row.get::<_, String>(5)?,
        "state": "Active",
        "shared": true,
        "has_compliance_requirements": row.get::<_, Option<i64>>(6)?.is_some(),
        "plugin_options": { "service_provider_can_create_offering_user": row.get::<_, bool>(7)? },
    }))
}

async fn list(app: App, call: Call, mut condition: String) -> Result<Response> {
    app.store
        .read(move |db| {
            condition.push_str(" AND ?1 = ?1");
            let mut parameters = vec![Sql::Integer(call.user.id)];
            if let Some(name) = call.query.last("name").filter(|it| !it.is_empty()) {
                parameters.push(Sql::Text(name.to_lowercase()));
                condition.push_str(" AND instr(fold(o.name), ?2)");
            }
            if let Some(customer) = call.query.last("customer_uuid").filter(|it| !it.is_empty()) {
                let uuid = hex(customer)
                    .ok_or_else(|| Error::field("customer_uuid", "Enter a valid UUID."))?;
                parameters.push(Sql::Text(uuid));
                condition.push_str(&format!(" AND c.uuid = ?{}", parameters.len()));
            }
            let order = match call.query.last("o") {
                Some("-name") => "fold(o.name) DESC, o.id",
                _ => "fold(o.name), o.id",
            };
            let offerings = Collection {
                columns: COLUMNS,
                tables: TABLES,
                condition: &condition,
                order,
                parameters: &parameters,
            };
            offerings.respond(db, &call, offering)
        })
        .await
}

async fn one(app: App, call: Call, condition: String) -> Result<Json<Value>> {
    app.store
        .read(move |db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE {condition} AND ?1 = ?1 AND o.uuid = ?2"
            );
            let found = db
                .prepare_cached(&sql)?
                .query_row((call.user.id, call.uuid()?), offering)
                .optional()?;
            Ok(Json(call.select(found.ok_or(Error::NotFound)?)))
        })
        .await
}
