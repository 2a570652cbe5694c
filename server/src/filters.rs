//! What the filters and orders of all lists have in common (`contract.md` 1.2 and 2.3).

use std::collections::BTreeSet;

use api::QueryString;
use jiff::{Timestamp, civil, tz::TimeZone};
use rusqlite::types::Value as Sql;

use crate::{
    auth::User,
    call::hex,
    clock,
    error::{Error, Result},
};

/// A condition in the making, with the values it hands to SQL.
pub(crate) struct Condition {
    pub(crate) text: String,
    pub(crate) parameters: Vec<Sql>,
}

impl From<&str> for Condition {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), parameters: Vec::new() }
    }
}

impl Condition {
    /// Begins with what a person sees. `?1` is that person's id, which is named even where nothing
    /// depends on it, since SQLite refuses values that a statement has no place for.
    pub(crate) fn visible(user: &User, condition: &str) -> Self {
        Self { text: format!("?1 = ?1 AND ({condition})"), parameters: vec![Sql::Integer(user.id)] }
    }

    pub(crate) fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }

    /// Hands a value to SQL and gives back its name there.
    pub(crate) fn bind(&mut self, value: impl Into<Sql>) -> String {
        self.parameters.push(value.into());
        format!("?{}", self.parameters.len())
    }

    pub(crate) fn equals(&mut self, column: &str, value: impl Into<Sql>) {
        let value = self.bind(value);
        self.and(&format!("{column} = {value}"));
    }

    /// One of these texts.
    pub(crate) fn any_of(&mut self, column: &str, texts: impl IntoIterator<Item = String>) {
        let names: Vec<_> = texts.into_iter().map(|text| self.bind(text)).collect();
        self.and(&format!("{column} IN ({})", names.join(", ")));
    }

    /// Texts that begin so, whatever the case of their letters; by an index that does not mind it.
    pub(crate) fn begins(&mut self, column: &str, beginning: &str) {
        let beginning = self.bind(beginning.to_owned());
        self.and(&format!(
            "{column} COLLATE NOCASE >= {beginning} \
             AND {column} COLLATE NOCASE < {beginning} || char(0x10ffff)"
        ));
    }

    /// One of the uuids that a parameter lists.
    pub(crate) fn uuids(&mut self, query: &QueryString, key: &str, column: &str) -> Result<()> {
        let Some(list) = given(query, key) else { return Ok(()) };
        let uuids = comma_separated(list).map(|text| uuid(key, text));
        self.any_of(column, uuids.collect::<Result<Vec<_>>>()?);
        Ok(())
    }

    /// The one uuid that a parameter holds.
    pub(crate) fn by_uuid(&mut self, query: &QueryString, key: &str, column: &str) -> Result<()> {
        if let Some(text) = given(query, key) {
            self.equals(column, uuid(key, text)?);
        }
        Ok(())
    }

    /// The record that a parameter links to. A link that is none of ours matches nothing.
    pub(crate) fn link(&mut self, query: &QueryString, key: &str, column: &str) {
        if let Some(url) = given(query, key) {
            self.equals(column, uuid_of_link(url));
        }
    }

    /// On or after the moment that a parameter names.
    pub(crate) fn since(&mut self, query: &QueryString, key: &str, column: &str) -> Result<()> {
        if let Some(moment) = moment(query, key)? {
            let moment = self.bind(clock::text(moment));
            self.and(&format!("{column} >= {moment}"));
        }
        Ok(())
    }

    /// Whether something holds, where a parameter asks for it.
    pub(crate) fn flag(&mut self, query: &QueryString, key: &str, holds: &str) {
        if let Some(wanted) = flag(query, key) {
            self.and(&format!("({holds}) = {}", u8::from(wanted)));
        }
    }
}

/// The value of a parameter, if it has one.
pub(crate) fn given<'a>(query: &'a QueryString, key: &'a str) -> Option<&'a str> {
    query.last(key).filter(|it| !it.is_empty())
}

/// Yes or no. Anything else counts as not given.
pub(crate) fn flag(query: &QueryString, key: &str) -> Option<bool> {
    match given(query, key)?.to_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

pub(crate) fn comma_separated(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|it| !it.is_empty())
}

pub(crate) fn uuid(key: &str, text: &str) -> Result<String> {
    hex(text).ok_or_else(|| Error::field(key, "Enter a valid UUID."))
}

/// The uuid at the end of a link of ours, or one that stands alone.
pub(crate) fn uuid_of_link(url: &str) -> Option<String> {
    url.trim_end_matches('/').rsplit('/').next().and_then(hex)
}

pub(crate) fn no_choice(key: &str, value: &str) -> Error {
    let message = format!("Select a valid choice. {value} is not one of the available choices.");
    Error::field(key, message)
}

/// The date or the moment that a parameter names. Without a zone it is UTC.
pub(crate) fn moment(query: &QueryString, key: &str) -> Result<Option<Timestamp>> {
    let Some(text) = given(query, key) else { return Ok(None) };
    let local = || -> Option<Timestamp> {
        let local: civil::DateTime = text.parse().ok()?;
        Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    match text.parse().ok().or_else(local) {
        Some(moment) => Ok(Some(moment)),
        None => Err(Error::field(key, "Enter a valid date/time.")),
    }
}

/// What `o` asks for, as SQL. `columns` has SQL for each of its names, with `{}` for the direction,
/// and `last` is what equal rows are ordered by.
pub(crate) fn order(
    query: &QueryString,
    default: &str,
    columns: &[(&str, &str)],
    last: &str,
) -> Result<String> {
    let asked = given(query, "o").unwrap_or(default);
    let mut terms = Vec::new();
    let mut seen = BTreeSet::new();
    for name in comma_separated(asked) {
        let (name, direction) = match name.strip_prefix('-') {
            Some(name) => (name, "DESC"),
            None => (name, "ASC"),
        };
        let column = columns.iter().find(|(it, _)| *it == name);
        let (_, sql) = column.ok_or_else(|| no_choice("o", name))?;
        // Named again, it decides nothing any more.
        if seen.insert(name) {
            terms.push(sql.replace("{}", direction));
        }
    }
    terms.push(last.to_owned());
    Ok(terms.join(", "))
}
