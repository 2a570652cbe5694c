//! Where checklists are: read whole, in four statements however many questions there are, and
//! written whole. One by one, administrators change them (`admin`).

use std::collections::HashMap;

use checklist::{Condition, Operator, QuestionId, Value};
use rusqlite::{Connection, Row, params, types::Type};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use uuid::Uuid;

use super::question::{Config, Dependency, Question, QuestionOption};
use crate::{
    call::hex,
    error::{Error, Result},
};

/// A checklist with its questions in their order.
pub(super) struct Checklist {
    uuid: String,
    pub(super) name: String,
    pub(super) description: String,
    checklist_type: String,
    pub(super) questions: Vec<Question>,
}

impl Checklist {
    pub(super) fn load(db: &Connection, id: i64) -> Result<Self> {
        let mut checklist = db
            .prepare_cached(
                "SELECT uuid, name, description, checklist_type FROM checklists WHERE id = ?1",
            )?
            .query_row([id], |row| {
                Ok(Self {
                    uuid: row.get(0)?,
                    name: row.get(1)?,
                    description: row.get(2)?,
                    checklist_type: row.get(3)?,
                    questions: Vec::new(),
                })
            })?;
        let mut options = load_options(db, id)?;
        let mut dependencies = load_dependencies(db, id)?;
        let mut statement = db.prepare_cached(
            "SELECT id, uuid, position, required, config FROM questions WHERE checklist_id = ?1 \
             ORDER BY position, id",
        )?;
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            checklist.questions.push(Question {
                id,
                uuid: read_uuid(&row.get::<_, String>(1)?)?,
                order: row.get(2)?,
                required: row.get(3)?,
                config: json_column(row, 4)?,
                options: options.remove(&id).unwrap_or_default(),
                dependencies: dependencies.remove(&id).unwrap_or_default(),
            });
        }
        Ok(checklist)
    }

    pub(super) fn json(&self) -> serde_json::Value {
        json!({
            "uuid": self.uuid,
            "name": self.name,
            "description": self.description,
            "checklist_type": self.checklist_type,
        })
    }
}

fn load_options(db: &Connection, checklist: i64) -> Result<HashMap<i64, Vec<QuestionOption>>> {
    let mut statement = db.prepare_cached(
        "SELECT o.question_id, o.uuid, o.label, o.position FROM questions q \
         JOIN question_options o ON o.question_id = q.id WHERE q.checklist_id = ?1 \
         ORDER BY o.position, o.id",
    )?;
    let mut rows = statement.query([checklist])?;
    let mut options: HashMap<_, Vec<_>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let option = QuestionOption { uuid: row.get(1)?, label: row.get(2)?, order: row.get(3)? };
        options.entry(row.get(0)?).or_default().push(option);
    }
    Ok(options)
}

fn load_dependencies(db: &Connection, checklist: i64) -> Result<HashMap<i64, Vec<Dependency>>> {
    let mut statement = db.prepare_cached(
        "SELECT d.question_id, parent.uuid, parent.config ->> 'description', d.operator, \
         d.required_value FROM questions q JOIN question_dependencies d ON d.question_id = q.id \
         JOIN questions parent ON parent.id = d.parent_id WHERE q.checklist_id = ?1 ORDER BY d.id",
    )?;
    let mut rows = statement.query([checklist])?;
    let mut dependencies: HashMap<_, Vec<_>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let condition = Condition {
            parent: QuestionId(read_uuid(&row.get::<_, String>(1)?)?),
            operator: Operator::from_name(&row.get::<_, String>(3)?),
            required: json_column(row, 4)?,
        };
        let dependency = Dependency { condition, parent_text: row.get(2)? };
        dependencies.entry(row.get(0)?).or_default().push(dependency);
    }
    Ok(dependencies)
}

fn read_uuid(text: &str) -> Result<Uuid> {
    text.parse().map_err(|error: uuid::Error| Error::Internal(error.to_string()))
}

/// A column that holds JSON.
pub(crate) fn json_column<T: DeserializeOwned>(row: &Row, index: usize) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
    })
}

/// Writes what is to be stored as JSON.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
}

/// A checklist to be stored as it is, in the form of `server/demo/checklists`: whether
/// administrators could make it does not matter.
#[derive(Deserialize)]
pub(crate) struct NewChecklist {
    pub(crate) uuid: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) checklist_type: String,
    /// As they are to be created.
    pub(crate) questions: Vec<NewQuestion>,
}

/// A question of it. What is absent has the value that Waldur gives it.
#[derive(Deserialize)]
pub(crate) struct NewQuestion {
    uuid: String,
    #[serde(default = "default_description")]
    description: String,
    #[serde(default)]
    order: i64,
    #[serde(default)]
    required: bool,
    #[serde(flatten)]
    config: Config,
    #[serde(default)]
    question_options: Vec<QuestionOption>,
    #[serde(default)]
    dependencies: Vec<NewDependency>,
}

#[derive(Deserialize)]
struct NewDependency {
    uuid: String,
    depends_on_question: String,
    operator: String,
    required_answer_value: Value,
}

fn default_description() -> String {
    "Q".to_owned()
}

/// Stores a checklist with its questions, options and dependencies, and gives back its key. Fails if
/// it names a question that is not there, or a uuid that already is.
pub(crate) fn add(db: &Connection, new: &NewChecklist) -> Result<i64> {
    db.prepare_cached(
        "INSERT INTO checklists (uuid, name, description, checklist_type) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        stored_uuid(&new.uuid)?,
        new.name,
        new.description,
        new.checklist_type
    ])?;
    let id = db.last_insert_rowid();
    let mut questions = Vec::new();
    for question in &new.questions {
        questions.push((add_question(db, id, question)?, question));
    }
    // A question may depend on one that comes after it.
    for (id, question) in questions {
        for dependency in &question.dependencies {
            add_dependency(db, id, dependency)?;
        }
    }
    Ok(id)
}

fn add_question(db: &Connection, checklist: i64, new: &NewQuestion) -> Result<i64> {
    let config = Config { description: new.description.clone(), ..new.config.clone() };
    db.prepare_cached(
        "INSERT INTO questions (uuid, checklist_id, position, required, config) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        stored_uuid(&new.uuid)?,
        checklist,
        new.order,
        new.required,
        to_json(&config)?
    ])?;
    let id = db.last_insert_rowid();
    for option in &new.question_options {
        db.prepare_cached(
            "INSERT INTO question_options (uuid, question_id, position, label) \
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![stored_uuid(&option.uuid)?, id, option.order, option.label])?;
    }
    Ok(id)
}

fn add_dependency(db: &Connection, question: i64, new: &NewDependency) -> Result<()> {
    let parent = stored_uuid(&new.depends_on_question)?;
    let added = db
        .prepare_cached(
            "INSERT INTO question_dependencies (uuid, question_id, parent_id, operator, \
             required_value) SELECT ?1, ?2, parent.id, ?3, ?4 FROM questions q JOIN questions parent \
             ON parent.checklist_id = q.checklist_id WHERE q.id = ?2 AND parent.uuid = ?5",
        )?
        .execute(params![
            stored_uuid(&new.uuid)?,
            question,
            new.operator,
            to_json(&new.required_answer_value)?,
            parent
        ])?;
    if added == 0 {
        return Err(Error::Internal(format!("a checklist names no question {parent}")));
    }
    Ok(())
}

/// Either spelling, as it is stored.
fn stored_uuid(text: &str) -> Result<String> {
    hex(text).ok_or_else(|| Error::Internal(format!("{text} is no uuid")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checklist_is_stored_as_it_is() {
        let db = Connection::open_in_memory().expect("a database");
        db.execute_batch(include_str!("../../migrations/0001_init.sql")).expect("version 1");
        db.execute_batch(include_str!("../../migrations/0002_whole_api.sql")).expect("version 2");
        // Nothing of this passes the rules for administrators.
        let new: NewChecklist = serde_json::from_value(json!({
            "uuid": "c0000000-0000-0000-0000-000000000001",
            "name": "Wild",
            "description": "",
            "checklist_type": "offering_compliance",
            "questions": [
                {
                    "uuid": "a0000000000000000000000000000001",
                    "dependencies": [{
                        "uuid": "d0000000000000000000000000000001",
                        "depends_on_question": "A0000000-0000-0000-0000-000000000002",
                        "operator": "resembles",
                        "required_answer_value": 1.0,
                        "admin_api_would_accept": false,
                    }],
                },
                {
                    "uuid": "a0000000000000000000000000000002",
                    "description": "Later?",
                    "order": 7,
                    "required": true,
                    "question_type": "single_select",
                    "min_value": "10",
                    "question_options": [
                        { "uuid": "b0000000000000000000000000000002", "label": "B", "order": 2 },
                        { "uuid": "b0000000000000000000000000000001", "label": "A", "order": 1 },
                    ],
                },
            ],
        }))
        .expect("a checklist");
        let id = add(&db, &new).expect("a key");
        let checklist = Checklist::load(&db, id).expect("the checklist");
        let [first, second] = &checklist.questions[..] else { panic!("two questions") };
        assert_eq!((first.order, first.required), (0, false));
        assert_eq!(first.config.description, "Q");
        let info = json!({
            "logic": "and",
            "conditions": [{
                "question_description": "Later?",
                "operator": "resembles",
                "required_value": 1.0,
            }],
        });
        assert_eq!(first.dependencies_info(), info);
        assert_eq!(first.visibility().conditions[0].parent, second.id());
        assert_eq!((second.order, second.required), (7, true));
        let template = second.template();
        assert_eq!(template["min_value"], "10.0000");
        assert_eq!(template["question_options"][0]["label"], "A");
        assert!(add(&db, &new).is_err(), "the same uuids twice");
    }
}
