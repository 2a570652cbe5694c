//! `purser demo --load FILE.json`: checklists from elsewhere, each with an offering and an account
//! to try it on.

use std::collections::BTreeSet;

use api::State;
use checklist::Value;
use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;

use crate::{
    Store,
    auth::new_uuid,
    call::hex,
    checklists::{self, NewChecklist, NewQuestion},
    clock,
    error::Result,
};

/// Why a file of checklists was not loaded. Each is a sentence, and nothing was stored.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Not even JSON.
    #[error("The file is no JSON: {0}.")]
    NoJson(String),
    /// JSON, but no list.
    #[error("The file has to be a list of checklists.")]
    NoList,
    /// Something in it is not as it has to be.
    #[error("{place} {reason}.")]
    Broken {
        /// Where, as the subject of the sentence.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The people of the demo, who get the accounts and the roles, are missing.
    #[error("There is no demo data to load the checklists into: {0} is missing.")]
    NoDemo(&'static str),
    /// The database does not work.
    #[error("The checklists could not be stored: {0}.")]
    Store(String),
}

/// Stores the checklists of a JSON list and says how many were new. One that is there already, by
/// its uuid, stays as it is.
///
/// Each becomes an offering of pavel's organisation that is named by the checklist's uuid as the
/// file writes it, is reviewed by rita, and has an account of alice with nothing answered. Values
/// that the administrator's operations would refuse are taken as they are.
pub fn load(store: &Store, json: &str) -> Result<usize, LoadError> {
    let checklists = read(json)?;
    let outcome = store.write_here(|db| {
        let cast = match Cast::find(db)? {
            Ok(cast) => cast,
            Err(missing) => return Ok(Err(LoadError::NoDemo(missing))),
        };
        let new = new_ones(db, checklists)?;
        for (name, checklist) in &new {
            checklists::add(db, checklist)?;
            cast.take_up(db, name, &checklist.uuid)?;
        }
        Ok(Ok(new.len()))
    });
    outcome.unwrap_or_else(|error| Err(LoadError::Store(format!("{error:?}"))))
}

/// A checklist and the name its offering gets: its uuid as it was written.
type Named = (String, NewChecklist);

fn read(json: &str) -> Result<Vec<Named>, LoadError> {
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    match Value::from_json(json) {
        Ok(Value::List(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| checklist(&format!("Checklist {}", index + 1), item))
            .collect(),
        Ok(_) => Err(LoadError::NoList),
        Err(error) => Err(LoadError::NoJson(error.to_string())),
    }
}

fn checklist(place: &str, item: &Value) -> Result<Named, LoadError> {
    let name: String = field(place, item, "uuid")?.ok_or_else(|| missing(place, "uuid"))?;
    let place = format!("{place} ({name})");
    let uuid = hex(&name).ok_or_else(|| broken(&place, "has a wrong uuid"))?;
    let questions = match item.get("questions") {
        Some(Value::List(items)) => items,
        Some(_) => return Err(broken(&place, "has questions that are no list")),
        None => return Err(missing(&place, "questions")),
    };
    let uuids: Vec<_> = questions.iter().map(uuid_in).collect();
    let mut seen = BTreeSet::new();
    let questions = questions.iter().enumerate().map(|(index, item)| {
        let place = format!("{place}: question {}", index + 1);
        let question = question(&place, item, &uuids)?;
        match seen.insert(uuid_in(item)) {
            true => Ok(question),
            false => Err(broken(&place, "has the uuid of another")),
        }
    });
    let checklist = NewChecklist {
        uuid,
        name: field(&place, item, "name")?.unwrap_or_default(),
        description: field(&place, item, "description")?.unwrap_or_default(),
        checklist_type: field(&place, item, "checklist_type")?
            .unwrap_or_else(|| "offering_compliance".to_owned()),
        questions: questions.collect::<Result<_, _>>()?,
    };
    Ok((name, checklist))
}

/// A question of a checklist whose questions have these uuids.
fn question(place: &str, item: &Value, uuids: &[Option<String>]) -> Result<NewQuestion, LoadError> {
    let Value::Map(entries) = item else { return Err(broken(place, "is no object")) };
    let uuid: String = field(place, item, "uuid")?.ok_or_else(|| missing(place, "uuid"))?;
    if hex(&uuid).is_none() {
        return Err(broken(place, "has a wrong uuid"));
    }
    let id = ("uuid".to_owned(), Value::Text(uuid));
    let mut kept = vec![id.clone()];
    for (key, value) in entries.iter().filter(|(key, _)| key != "uuid") {
        let entry = match key.as_str() {
            "dependencies" => (key.clone(), with_uuids(value)),
            _ => (key.clone(), value.clone()),
        };
        // Each field alone, so that the one to blame can be named.
        match decode::<NewQuestion>(&Value::Map(vec![id.clone(), entry.clone()])) {
            Ok(_) => kept.push(entry),
            // Where nothing is no value, it means that nothing was given.
            Err(_) if *value == Value::Null => {}
            Err(reason) => return Err(broken(place, &format!("has a wrong {key}: {reason}"))),
        }
    }
    let kept = Value::Map(kept);
    let mut seen = BTreeSet::new();
    for option in elements(&kept, "question_options") {
        match uuid_in(option) {
            None => return Err(broken(place, "has an option with a wrong uuid")),
            Some(uuid) if !seen.insert(uuid.clone()) => {
                return Err(broken(place, &format!("has two options with the uuid {uuid}")));
            }
            Some(_) => {}
        }
    }
    let is_there = |it: &Value| {
        let parent = it.get("depends_on_question").and_then(hex_of);
        parent.is_some() && uuids.contains(&parent)
    };
    if !elements(&kept, "dependencies").all(is_there) {
        return Err(broken(place, "depends on a question that is not in its checklist"));
    }
    decode(&kept).map_err(|reason| broken(place, &format!("cannot be read: {reason}")))
}

/// Gives dependencies that have no uuid of their own a new one: nothing names them by it.
fn with_uuids(dependencies: &Value) -> Value {
    let mut seen = BTreeSet::new();
    let with_uuid = |it: &Value| match it {
        Value::Map(entries) if uuid_in(it).is_none_or(|uuid| !seen.insert(uuid)) => {
            let mut entries = entries.clone();
            entries.retain(|(key, _)| key != "uuid");
            let uuid = new_uuid().unwrap_or_default();
            entries.push(("uuid".to_owned(), Value::Text(uuid)));
            Value::Map(entries)
        }
        other => other.clone(),
    };
    match dependencies {
        Value::List(items) => Value::List(items.iter().map(with_uuid).collect()),
        other => other.clone(),
    }
}

fn elements<'a>(item: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let elements = match item.get(name) {
        Some(Value::List(elements)) => elements.as_slice(),
        _ => &[],
    };
    elements.iter()
}

fn uuid_in(item: &Value) -> Option<String> {
    item.get("uuid").and_then(hex_of)
}

fn hex_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => hex(text),
        _ => None,
    }
}

/// A field of the type that is wanted, if it is there and not null.
fn field<T: DeserializeOwned>(
    place: &str,
    item: &Value,
    name: &str,
) -> Result<Option<T>, LoadError> {
    let value = item.get(name).filter(|it| **it != Value::Null).map(decode);
    value.transpose().map_err(|reason| broken(place, &format!("has a wrong {name}: {reason}")))
}

/// Through text, as it will be read from the database: what is nested too deeply for that does not
/// get in.
fn decode<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| {
        let reason = error.to_string();
        // Its line and column are those of our copy.
        reason.split(" at line ").next().unwrap_or(&reason).to_owned()
    })
}

fn missing(place: &str, name: &str) -> LoadError {
    broken(place, &format!("has no {name}"))
}

fn broken(place: &str, reason: &str) -> LoadError {
    LoadError::Broken { place: place.to_owned(), reason: reason.to_owned() }
}

/// Those whose uuid is not there yet, each once.
fn new_ones(db: &Connection, checklists: Vec<Named>) -> Result<Vec<Named>> {
    let mut seen = BTreeSet::new();
    let mut new = Vec::new();
    for (name, checklist) in checklists {
        let uuid = [&checklist.uuid];
        let is_stored = db
            .query_row("SELECT 1 FROM checklists WHERE uuid = ?1", uuid, |_| Ok(()))
            .optional()?;
        if seen.insert(checklist.uuid.clone()) && is_stored.is_none() {
            new.push((name, checklist));
        }
    }
    Ok(new)
}

/// The people of the demo and what they need, by their keys.
struct Cast {
    alice: i64,
    rita: i64,
    /// Pavel's.
    organisation: i64,
    /// A role that may update accounts, as rita has it elsewhere.
    reviewer: i64,
}

impl Cast {
    /// Or who is missing.
    fn find(db: &Connection) -> Result<Result<Self, &'static str>> {
        const PERSON: &str = "SELECT id FROM users WHERE username = ?1";
        const ORGANISATION: &str = "SELECT m.customer_id FROM memberships m \
             JOIN users u ON u.id = m.user_id \
             WHERE u.username = ?1 AND m.customer_id IS NOT NULL ORDER BY m.id";
        const REVIEWER: &str = "SELECT m.role_id FROM memberships m \
             JOIN users u ON u.id = m.user_id JOIN roles r ON r.id = m.role_id \
             WHERE u.username = ?1 AND EXISTS (SELECT 1 FROM json_each(r.permissions) \
               WHERE value = 'OFFERING.UPDATE_USER') ORDER BY m.id";
        let key = |sql: &str, name: &str| db.query_row(sql, [name], |row| row.get(0)).optional();
        let Some(alice) = key(PERSON, "alice")? else { return Ok(Err("alice")) };
        let Some(rita) = key(PERSON, "rita")? else { return Ok(Err("rita")) };
        let Some(organisation) = key(ORGANISATION, "pavel")? else {
            return Ok(Err("pavel's organisation"));
        };
        let Some(reviewer) = key(REVIEWER, "rita")? else { return Ok(Err("rita's role")) };
        Ok(Ok(Self { alice, rita, organisation, reviewer }))
    }

    /// Makes the offering, the review and the account of a checklist.
    fn take_up(&self, db: &Connection, name: &str, checklist: &str) -> Result<()> {
        let now = clock::now();
        db.execute(
            "INSERT INTO offerings (uuid, customer_id, name, slug, description, \
             provider_can_create_users, checklist_id) \
             SELECT ?1, ?2, ?3, ?4, '', 1, id FROM checklists WHERE uuid = ?4",
            params![new_uuid()?, self.organisation, name, checklist],
        )?;
        let offering = db.last_insert_rowid();
        db.execute(
            "INSERT INTO memberships (uuid, user_id, role_id, offering_id, created) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![new_uuid()?, self.rita, self.reviewer, offering, now],
        )?;
        db.execute(
            "INSERT INTO offering_users (uuid, user_id, offering_id, state, created, modified) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            params![
                new_uuid()?,
                self.alice,
                offering,
                State::PendingAdditionalValidation.number(),
                now,
            ],
        )?;
        db.execute(
            "INSERT INTO completions (uuid, offering_user_id, checklist_id, offering_id, created, \
             modified) SELECT ?1, ?2, id, ?5, ?3, ?3 FROM checklists WHERE uuid = ?4",
            params![new_uuid()?, db.last_insert_rowid(), now, checklist, offering],
        )?;
        Ok(())
    }
}
