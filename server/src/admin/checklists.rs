//! The checklists that administrators make.

use api::QueryString;
use axum::{Json, extract::State};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::{Questions, Resource, Staff, key_of};
use crate::{
    App,
    auth::new_uuid,
    error::{Error, Result},
    fields::{Fields, choice, text, words},
    filters::{Condition, no_choice},
};

/// `contract.md` 5.1. An offering's is `offering_compliance`.
const TYPES: [&str; 7] = [
    "project_compliance",
    "proposal_compliance",
    "offering_compliance",
    "project_metadata",
    "onboarding_customer",
    "onboarding_intent",
    "workflow_step",
];

/// The checklists themselves.
pub(crate) struct Checklists;

impl Resource for Checklists {
    const PATH: &'static str = "/api/checklists-admin/";
    const COLUMNS: &'static str = "k.uuid, k.name, k.description, k.checklist_type, \
         (SELECT count(*) FROM questions q WHERE q.checklist_id = k.id)";
    const TABLES: &'static str = "checklists k";
    const NAME: &'static str = "k";
    const ORDER: &'static str = "k.id DESC";

    fn filter(query: &QueryString, condition: &mut Condition) -> Result<()> {
        let one: Vec<_> = query.last("checklist_type").into_iter().collect();
        let many: Vec<_> = query.all("checklist_type__in").collect();
        for (name, given) in [("checklist_type", one), ("checklist_type__in", many)] {
            let types: Vec<_> = given.into_iter().filter(|it| !it.is_empty()).collect();
            if let Some(unknown) = types.iter().find(|it| !TYPES.contains(it)) {
                return Err(no_choice(name, unknown));
            }
            if !types.is_empty() {
                condition.any_of("k.checklist_type", types.into_iter().map(str::to_owned));
            }
        }
        Ok(())
    }

    fn show(row: &Row, origin: &str) -> rusqlite::Result<Value> {
        let uuid: String = row.get(0)?;
        Ok(json!({
            "uuid": uuid,
            "url": Self::link(origin, &uuid),
            "name": row.get::<_, String>(1)?,
            "description": row.get::<_, String>(2)?,
            "checklist_type": row.get::<_, String>(3)?,
            "questions_count": row.get::<_, i64>(4)?,
        }))
    }

    fn save(db: &Connection, id: Option<i64>, mut fields: Fields) -> Result<i64> {
        fields.require("name");
        let name = fields.get("name", words(150));
        let description = fields.get("description", text(2000));
        let checklist_type = fields.get("checklist_type", choice(&TYPES));
        fields.finish()?;
        if let Some(id) = id {
            db.execute(
                "UPDATE checklists SET name = coalesce(?1, name), \
                 description = coalesce(?2, description), \
                 checklist_type = coalesce(?3, checklist_type) WHERE id = ?4",
                params![name, description, checklist_type, id],
            )?;
            return Ok(id);
        }
        db.execute(
            "INSERT INTO checklists (uuid, name, description, checklist_type) \
             VALUES (?1, ?2, coalesce(?3, ''), coalesce(?4, 'project_compliance'))",
            params![new_uuid()?, name, description, checklist_type],
        )?;
        Ok(db.last_insert_rowid())
    }

    /// A checklist that somebody uses stays (`contract.md` 1.3).
    fn delete(db: &Connection, id: i64) -> Result<()> {
        for (users, table) in [("offerings", "offerings"), ("checklist completions", "completions")]
        {
            let sql = format!("SELECT 1 FROM {table} WHERE checklist_id = ?1 LIMIT 1");
            if db.query_row(&sql, [id], |_| Ok(())).optional()?.is_some() {
                return Err(Error::Conflict(format!(
                    "Cannot delete checklist with existing {users}"
                )));
            }
        }
        db.execute("DELETE FROM checklists WHERE id = ?1", [id])?;
        Ok(())
    }
}

/// The questions of one checklist: all of them, in their order.
pub(crate) async fn questions_of_checklist(
    State(app): State<App>,
    Staff(call): Staff,
) -> Result<Json<Value>> {
    app.store
        .read(move |db| {
            let checklist = key_of::<Checklists>(db, &call.uuid()?)?.ok_or(Error::NotFound)?;
            let sql = format!(
                "SELECT {} FROM {} WHERE q.checklist_id = ?1 ORDER BY q.position, q.id",
                Questions::COLUMNS,
                Questions::TABLES
            );
            let mut statement = db.prepare_cached(&sql)?;
            let rows = statement.query_map([checklist], |row| {
                Ok(call.select(Questions::show(row, &call.origin)?))
            })?;
            Ok(Json(Value::Array(rows.collect::<rusqlite::Result<_>>()?)))
        })
        .await
}
