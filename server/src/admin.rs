//! How staff make checklists: `/api/checklists-admin*` (`contract.md` 10).

mod checklists;
mod dependencies;
mod link;
mod options;
mod questions;
mod rules;

use api::QueryString;
use axum::{
    Json,
    body::Bytes,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde_json::Value;

pub(crate) use self::{
    checklists::{Checklists, questions_of_checklist},
    dependencies::Dependencies,
    options::Options,
    questions::Questions,
};
use crate::{
    App,
    call::Call,
    error::{Error, Result},
    fields::{Fields, Mode},
    filters::Condition,
    page::Collection,
};

/// One of the collections: where its records are, and what a request does to one of them.
pub(crate) trait Resource: 'static {
    /// Where the collection is.
    const PATH: &'static str;
    /// What [`show`](Self::show) reads.
    const COLUMNS: &'static str;
    const TABLES: &'static str;
    /// The name that SQL has for the record.
    const NAME: &'static str;
    const ORDER: &'static str;

    /// The address of a record, as answers name it.
    fn link(origin: &str, uuid: &str) -> String {
        format!("{origin}{}{uuid}/", Self::PATH)
    }

    /// Leaves the records that the parameters ask for.
    fn filter(query: &QueryString, condition: &mut Condition) -> Result<()>;

    /// A record as it travels.
    fn show(row: &Row, origin: &str) -> rusqlite::Result<Value>;

    /// Creates a record, or changes the one with the key `id`, and gives back the key.
    fn save(db: &Connection, id: Option<i64>, fields: Fields) -> Result<i64>;

    /// Deletes the record with the key `id` and what hangs on it.
    fn delete(db: &Connection, id: i64) -> Result<()>;
}

/// A call of somebody who may do everything. All others are told 403 before they learn what exists.
pub(crate) struct Staff(Call);

impl FromRequestParts<App> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let call = Call::from_request_parts(parts, app).await?;
        if call.user.is_staff { Ok(Self(call)) } else { Err(Error::FORBIDDEN) }
    }
}

pub(crate) async fn list<R: Resource>(
    State(app): State<App>,
    Staff(call): Staff,
) -> Result<Response> {
    app.store
        .read(move |db| {
            let condition = asked::<R>(&call.query)?;
            let records = Collection {
                columns: R::COLUMNS,
                tables: R::TABLES,
                condition: &condition.text,
                order: R::ORDER,
                parameters: &condition.parameters,
            };
            records.respond(db, &call, |row| R::show(row, &call.origin))
        })
        .await
}

pub(crate) async fn create<R: Resource>(
    State(app): State<App>,
    Staff(call): Staff,
    body: Bytes,
) -> Result<Response> {
    let created = app
        .store
        .write(move |db| {
            let id = R::save(db, None, Fields::read(&body, Mode::Create)?)?;
            answer::<R>(db, &call, id)
        })
        .await?;
    Ok((StatusCode::CREATED, created).into_response())
}

pub(crate) async fn retrieve<R: Resource>(
    State(app): State<App>,
    Staff(call): Staff,
) -> Result<Json<Value>> {
    app.store.read(move |db| answer::<R>(db, &call, find::<R>(db, &call)?)).await
}

pub(crate) async fn replace<R: Resource>(
    State(app): State<App>,
    staff: Staff,
    body: Bytes,
) -> Result<Json<Value>> {
    update::<R>(app, staff, body, Mode::Replace).await
}

pub(crate) async fn change<R: Resource>(
    State(app): State<App>,
    staff: Staff,
    body: Bytes,
) -> Result<Json<Value>> {
    update::<R>(app, staff, body, Mode::Change).await
}

async fn update<R: Resource>(
    app: App,
    Staff(call): Staff,
    body: Bytes,
    mode: Mode,
) -> Result<Json<Value>> {
    app.store
        .write(move |db| {
            let id = find::<R>(db, &call)?;
            R::save(db, Some(id), Fields::read(&body, mode)?)?;
            answer::<R>(db, &call, id)
        })
        .await
}

pub(crate) async fn delete<R: Resource>(
    State(app): State<App>,
    Staff(call): Staff,
) -> Result<StatusCode> {
    app.store
        .write(move |db| {
            R::delete(db, find::<R>(db, &call)?)?;
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

/// Which records a query asks for.
fn asked<R: Resource>(query: &QueryString) -> Result<Condition> {
    let mut condition = Condition::from("1");
    R::filter(query, &mut condition)?;
    Ok(condition)
}

/// The key of the record that the path names, if the filters leave it (`contract.md` 1.2).
fn find<R: Resource>(db: &Connection, call: &Call) -> Result<i64> {
    let uuid = call.uuid()?;
    let mut condition = asked::<R>(&call.query)?;
    condition.equals(&format!("{}.uuid", R::NAME), uuid);
    let sql = format!("SELECT {}.id FROM {} WHERE {}", R::NAME, R::TABLES, condition.text);
    let mut statement = db.prepare_cached(&sql)?;
    Ok(statement.query_row(params_from_iter(&condition.parameters), |row| row.get(0))?)
}

/// The record as it is now.
fn answer<R: Resource>(db: &Connection, call: &Call, id: i64) -> Result<Json<Value>> {
    let sql = format!("SELECT {} FROM {} WHERE {}.id = ?1", R::COLUMNS, R::TABLES, R::NAME);
    let found = db.prepare_cached(&sql)?.query_row([id], |row| R::show(row, &call.origin))?;
    Ok(Json(call.select(found)))
}

/// The key of the record of `R` with this uuid.
fn key_of<R: Resource>(db: &Connection, uuid: &str) -> Result<Option<i64>> {
    let sql = format!("SELECT {0}.id FROM {1} WHERE {0}.uuid = ?1", R::NAME, R::TABLES);
    Ok(db.prepare_cached(&sql)?.query_row([uuid], |row| row.get(0)).optional()?)
}
