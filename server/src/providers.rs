//! Organisations as providers (`contract.md` 10).

mod compliance;

use api::State as AccountState;
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

pub(crate) use self::compliance::{
    checklists_summary, compliance_offering_users, compliance_overview,
};
use crate::{
    App,
    access::{Permission, Scope, require},
    auth::User,
    call::{Call, link},
    clock,
    error::{Error, Result},
    fields::{self, Fields, Mode, text},
    filters::{self, Condition, given},
    fold::fold,
    offering_users::Account,
    page::Collection,
};

const COLUMNS: &str = "c.provider_uuid, c.uuid, c.name, c.abbreviation, \
     (SELECT count(*) FROM offerings o WHERE o.customer_id = c.id)";

/// Staff and support see all of them, others those of organisations in which they have a role: on
/// the organisation, or on one of its offerings.
fn visible_providers(user: &User) -> &'static str {
    if user.is_staff || user.is_support {
        return "1";
    }
    "EXISTS (SELECT 1 FROM memberships m LEFT JOIN offerings o ON o.id = m.offering_id \
     WHERE m.user_id = ?1 AND coalesce(m.customer_id, o.customer_id) = c.id)"
}

fn provider(row: &Row, origin: &str) -> rusqlite::Result<Value> {
    let uuid: String = row.get(0)?;
    let customer: String = row.get(1)?;
    Ok(json!({
        "url": link(origin, "marketplace-service-providers", &uuid),
        "uuid": uuid,
        "customer": link(origin, "customers", &customer),
        "customer_uuid": customer,
        "customer_name": row.get::<_, String>(2)?,
        "customer_abbreviation": row.get::<_, String>(3)?,
        "description": "",
        "offering_count": row.get::<_, i64>(4)?,
    }))
}

pub(crate) async fn list(State(app): State<App>, call: Call) -> Result<Response> {
    const ORDERS: [(&str, &str); 1] = [("customer_name", "fold(c.name) {}")];
    app.store
        .read(move |db| {
            let query = &call.query;
            let mut condition = Condition::visible(&call.user, visible_providers(&call.user));
            condition.link(query, "customer", "c.uuid");
            condition.uuids(query, "customer_uuid", "c.uuid")?;
            if let Some(words) = given(query, "query") {
                let words = condition.bind(fold(words));
                let names = "c.name || ' ' || c.abbreviation";
                condition.and(&format!("instr(fold({names}), {words})"));
            }
            let providers = Collection {
                columns: COLUMNS,
                tables: "customers c",
                condition: &condition.text,
                order: &filters::order(query, "customer_name", &ORDERS, "c.id")?,
                parameters: &condition.parameters,
            };
            providers.respond(db, &call, |row| provider(row, &call.origin))
        })
        .await
}

pub(crate) async fn retrieve(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    app.store
        .read(move |db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM customers c \
                 WHERE ?1 = ?1 AND c.provider_uuid = ?2 AND {}",
                visible_providers(&call.user)
            );
            let found = db
                .prepare_cached(&sql)?
                .query_row((call.user.id, call.uuid()?), |row| provider(row, &call.origin))
                .optional()?;
            Ok(Json(call.select(found.ok_or(Error::NotFound)?)))
        })
        .await
}

/// The organisation behind the provider in the path, for those who may do something with it.
/// Everybody else is refused: that an organisation is a provider is no secret, its public offerings
/// say so.
fn customer(db: &Connection, call: &Call, permission: Permission) -> Result<i64> {
    let customer = db
        .prepare_cached("SELECT id FROM customers WHERE provider_uuid = ?1")?
        .query_row([call.uuid()?], |row| row.get(0))?;
    require(db, &call.user, permission, Scope { customer: Some(customer), offering: None })?;
    Ok(customer)
}

/// Gives a person's accounts on all offerings of a provider one name.
pub(crate) async fn set_offerings_username(
    State(app): State<App>,
    call: Call,
    body: Bytes,
) -> Result<Response> {
    app.store.write(move |db| set_username(db, &call, &body)).await?;
    let body = Json(json!({ "detail": "Offering users have been set." }));
    Ok((StatusCode::CREATED, body).into_response())
}

/// A new name settles accounts that were not usable yet, as it does one by one
/// (`contract.md` 2.4). No name changes nothing.
fn set_username(db: &Connection, call: &Call, body: &Bytes) -> Result<()> {
    let customer = customer(db, call, Permission::SetUsernames)?;
    let mut fields = Fields::read(body, Mode::Create)?;
    fields.require("user_uuid");
    let user = fields.get("user_uuid", fields::uuid).unwrap_or_default();
    let name = fields.get("username", text(Account::LONGEST_NAME));
    fields.finish()?;
    let name = name.ok_or_else(|| Error::field("username", "This field is required."))?;
    let person: Option<i64> = db
        .query_row("SELECT id FROM users WHERE uuid = ?1", [&user], |row| row.get(0))
        .optional()?;
    let Some(person) = person else {
        let message = format!("A user with the uuid [{user}] is not found.");
        return Err(Error::Rejected(json!([message])));
    };
    let awaiting = AccountState::ALL.iter().filter(|it| it.awaits_name());
    let awaiting: Vec<_> =
        awaiting.filter_map(AccountState::number).map(|it| it.to_string()).collect();
    db.execute(
        &format!(
            "UPDATE offering_users SET username = ?1, modified = ?2, \
             state = CASE WHEN state IN ({}) THEN ?3 ELSE state END \
             WHERE user_id = ?4 AND username IS NOT ?1 AND ?1 <> '' \
             AND offering_id IN (SELECT id FROM offerings WHERE customer_id = ?5)",
            awaiting.join(", ")
        ),
        params![name, clock::now(), AccountState::Ok.number(), person, customer],
    )?;
    Ok(())
}
