//! The choices of select questions, as administrators make them.

use api::QueryString;
use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};

use super::{Questions, Resource};
use crate::{
    auth::new_uuid,
    error::Result,
    fields::{Fields, whole, words},
    filters::Condition,
};

/// The choices of select questions.
pub(crate) struct Options;

impl Options {
    /// One of them, as it travels.
    pub(super) fn json(origin: &str, question: &str, uuid: &str, label: &str, order: i64) -> Value {
        json!({
            "uuid": uuid,
            "label": label,
            "order": order,
            "url": Self::link(origin, uuid),
            "question": Questions::link(origin, question),
            "question_uuid": question,
        })
    }
}

impl Resource for Options {
    const PATH: &'static str = "/api/checklists-admin-question-options/";
    const COLUMNS: &'static str = "q.uuid, o.uuid, o.label, o.position";
    const TABLES: &'static str = "question_options o JOIN questions q ON q.id = o.question_id \
         JOIN checklists k ON k.id = q.checklist_id";
    const NAME: &'static str = "o";
    const ORDER: &'static str =
        "k.checklist_type, k.name, k.id, q.position, q.id, o.position, o.id";

    fn filter(query: &QueryString, condition: &mut Condition) -> Result<()> {
        condition.by_uuid(query, "question_uuid", "q.uuid")
    }

    fn show(row: &Row, origin: &str) -> rusqlite::Result<Value> {
        let (question, uuid, label): (String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Self::json(origin, &question, &uuid, &label, row.get(3)?))
    }

    /// The question is fixed after creation (`contract.md` 10): later it is not even looked at.
    fn save(db: &Connection, id: Option<i64>, mut fields: Fields) -> Result<i64> {
        let question = if id.is_none() {
            fields.require("question");
            fields.link::<Questions>(db, "question")?
        } else {
            None
        };
        fields.require("label");
        let label = fields.get("label", words(255));
        let order = fields.get("order", whole);
        fields.finish()?;
        if let Some(id) = id {
            db.execute(
                "UPDATE question_options SET label = coalesce(?1, label), \
                 position = coalesce(?2, position) WHERE id = ?3",
                params![label, order, id],
            )?;
            return Ok(id);
        }
        db.execute(
            "INSERT INTO question_options (uuid, question_id, label, position) \
             VALUES (?1, ?2, ?3, coalesce(?4, 0))",
            params![new_uuid()?, question, label, order],
        )?;
        Ok(db.last_insert_rowid())
    }

    fn delete(db: &Connection, id: i64) -> Result<()> {
        db.execute("DELETE FROM question_options WHERE id = ?1", [id])?;
        Ok(())
    }
}
