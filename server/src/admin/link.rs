//! Links to other records in the fields of a request.

use rusqlite::Connection;
use serde_json::Value;

use super::{Checklists, Dependencies, Options, Questions, Resource, key_of};
use crate::{
    call::{hex, python_type},
    error::Result,
    fields::{Fields, NO_OBJECT, Refusal},
};

impl Fields {
    /// The key of the record of `R` that a link names.
    pub(super) fn link<R: Resource>(&mut self, db: &Connection, name: &str) -> Result<Option<i64>> {
        let read = |value: &Value| match value {
            // To Waldur an empty link is none.
            Value::String(text) if text.is_empty() => Err("This field may not be null.".into()),
            value => uuid_in_link::<R>(value),
        };
        let Some(uuid) = self.get(name, read) else { return Ok(None) };
        let id = key_of::<R>(db, &uuid)?;
        if id.is_none() {
            self.refuse(name, NO_OBJECT);
        }
        Ok(id)
    }
}

fn uuid_in_link<R: Resource>(value: &Value) -> Result<String, Refusal> {
    const PATHS: [&str; 4] = [Checklists::PATH, Questions::PATH, Options::PATH, Dependencies::PATH];
    let Value::String(link) = value else {
        let kind = python_type(value);
        return Err(format!("Incorrect type. Expected URL string, received {kind}.").into());
    };
    let path = match link.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |start| &rest[start..]),
        None => link,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let record = |collection: &str| {
        let record = path.strip_prefix(collection)?;
        let record = record.strip_suffix('/').unwrap_or(record);
        (!record.is_empty() && !record.contains('/')).then_some(record)
    };
    match record(R::PATH) {
        Some(record) => hex(record).ok_or_else(|| NO_OBJECT.into()),
        None if PATHS.into_iter().any(|it| record(it).is_some()) => {
            Err("Invalid hyperlink - Incorrect URL match.".into())
        }
        None => Err("Invalid hyperlink - No URL match.".into()),
    }
}
