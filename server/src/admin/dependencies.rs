//! The conditions under which questions are shown, as administrators make them.

use std::collections::BTreeSet;

use api::QueryString;
use checklist::{Operator, Value};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value as Json, json};

use super::{
    Questions, Resource,
    questions::{OPERATORS, config_of},
};
use crate::{
    auth::new_uuid,
    checklists::{json_column, to_json},
    clock,
    error::{Error, Result},
    fields::{Fields, anything, choice},
    filters::Condition,
};

/// The conditions under which questions are shown.
pub(crate) struct Dependencies;

impl Resource for Dependencies {
    const PATH: &'static str = "/api/checklists-admin-question-dependencies/";
    const COLUMNS: &'static str = "d.uuid, q.uuid, q.config ->> 'description', parent.uuid, \
         parent.config ->> 'description', d.required_value, d.operator";
    const TABLES: &'static str = "question_dependencies d JOIN questions q ON q.id = d.question_id \
         JOIN questions parent ON parent.id = d.parent_id";
    const NAME: &'static str = "d";
    const ORDER: &'static str = "d.id";

    fn filter(query: &QueryString, condition: &mut Condition) -> Result<()> {
        condition.by_uuid(query, "question_uuid", "q.uuid")?;
        condition.by_uuid(query, "depends_on_question_uuid", "parent.uuid")
    }

    fn show(row: &Row, origin: &str) -> rusqlite::Result<Json> {
        let uuid: String = row.get(0)?;
        let (question, parent): (String, String) = (row.get(1)?, row.get(3)?);
        Ok(json!({
            "uuid": uuid,
            "url": Self::link(origin, &uuid),
            "question": Questions::link(origin, &question),
            "question_name": row.get::<_, String>(2)?,
            "depends_on_question": Questions::link(origin, &parent),
            "depends_on_question_name": row.get::<_, String>(4)?,
            "required_answer_value": json_column::<Value>(row, 5)?,
            "operator": row.get::<_, String>(6)?,
        }))
    }

    /// What a change leaves out is judged as it is stored.
    fn save(db: &Connection, id: Option<i64>, mut fields: Fields) -> Result<i64> {
        fields.require("question");
        fields.require("depends_on_question");
        let question = fields.link::<Questions>(db, "question")?;
        let parent = fields.link::<Questions>(db, "depends_on_question")?;
        let value = fields.get("required_answer_value", anything);
        let operator = fields.get("operator", choice(&OPERATORS));
        fields.finish()?;
        let before = id.map(|id| Dependency::stored(db, id)).transpose()?;
        let question = question.or(before.as_ref().map(|it| it.question));
        let parent = parent.or(before.as_ref().map(|it| it.parent));
        let (Some(question), Some(parent)) = (question, parent) else {
            return Err(Error::field("question", "This field is required."));
        };
        let (stored_operator, stored_value) =
            before.map_or(("equals".to_owned(), Value::Null), |it| (it.operator, it.value));
        let dependency = Dependency {
            question,
            parent,
            operator: operator.unwrap_or(stored_operator),
            value: value.unwrap_or(stored_value),
        };
        dependency.check(db)?;
        let Dependency { question, parent, operator, value } = dependency;
        let value = to_json(&value)?;
        if let Some(id) = id {
            db.execute(
                "UPDATE question_dependencies SET question_id = ?1, parent_id = ?2, \
                 operator = ?3, required_value = ?4 WHERE id = ?5",
                params![question, parent, operator, value, id],
            )?;
            return Ok(id);
        }
        db.execute(
            "INSERT INTO question_dependencies (uuid, question_id, parent_id, operator, \
             required_value) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![new_uuid()?, question, parent, operator, value],
        )?;
        Ok(db.last_insert_rowid())
    }

    fn delete(db: &Connection, id: i64) -> Result<()> {
        db.execute("DELETE FROM question_dependencies WHERE id = ?1", [id])?;
        Ok(())
    }
}

/// A dependency as it is stored. The questions are named by their keys.
struct Dependency {
    question: i64,
    parent: i64,
    operator: String,
    value: Value,
}

impl Dependency {
    fn stored(db: &Connection, id: i64) -> Result<Self> {
        let mut statement = db.prepare_cached(
            "SELECT question_id, parent_id, operator, required_value FROM question_dependencies \
             WHERE id = ?1",
        )?;
        Ok(statement.query_row([id], |row| {
            Ok(Self {
                question: row.get(0)?,
                parent: row.get(1)?,
                operator: row.get(2)?,
                value: json_column(row, 3)?,
            })
        })?)
    }

    /// Refuses circles, then what does not suit the question whose answer is looked at
    /// (`contract.md` 6.3). The wording of the latter is ours.
    fn check(&self, db: &Connection) -> Result<()> {
        if closes_circle(self.question, self.parent, |id| first_parent(db, id))? {
            return Err(Error::whole("Question cannot depend on itself"));
        }
        let kind = config_of(db, self.parent)?.kind(&[]);
        if !kind.takes_condition(&self.value, clock::today()) {
            let value = self.value.python_str();
            let message = format!("The value {value} does not suit the question it depends on.");
            return Err(Error::whole(message));
        }
        if !kind.takes_operator(&Operator::from_name(&self.operator)) {
            let operator = &self.operator;
            let message =
                format!("The operator {operator} does not suit the question it depends on.");
            return Err(Error::whole(message));
        }
        Ok(())
    }
}

/// Whether a question would depend on itself, as far as Waldur looks: it follows the first
/// dependency of each question only, and refuses a circle that is already there (`contract.md` 6.3).
fn closes_circle(
    question: i64,
    parent: i64,
    first_parent: impl Fn(i64) -> Result<Option<i64>>,
) -> Result<bool> {
    let mut seen = BTreeSet::new();
    let mut next = Some(parent);
    while let Some(current) = next {
        if current == question || !seen.insert(current) {
            return Ok(true);
        }
        next = first_parent(current)?;
    }
    Ok(false)
}

fn first_parent(db: &Connection, question: i64) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached(
        "SELECT parent_id FROM question_dependencies WHERE question_id = ?1 ORDER BY id LIMIT 1",
    )?;
    Ok(statement.query_row([question], |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `question` may not depend on `parent` where these first dependencies exist.
    fn is_circle(question: i64, parent: i64, first: &[(i64, i64)]) -> bool {
        let first_parent =
            |id| Ok(first.iter().find(|(from, _)| *from == id).map(|(_, parent)| *parent));
        closes_circle(question, parent, first_parent).expect("no database, no error")
    }

    #[test]
    fn circles_are_followed_along_first_dependencies() {
        assert!(is_circle(1, 1, &[]));
        assert!(!is_circle(1, 2, &[]));
        assert!(is_circle(1, 2, &[(2, 1)]));
        assert!(is_circle(1, 2, &[(2, 3), (3, 1)]));
        assert!(!is_circle(1, 2, &[(2, 3), (3, 4)]));
        // A circle among others is never left, so that it counts as one.
        assert!(is_circle(1, 2, &[(2, 3), (3, 2)]));
    }
}
