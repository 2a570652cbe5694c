use std::fmt;

use checklist::Value;

use crate::Change;

/// The version in which changes are written. Another shape needs another version, and the reader of
/// each earlier one stays.
const VERSION: i128 = 1;

/// Why a record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A newer app wrote it, and can read it.
    Newer,
    /// No app wrote this; what is wrong, for the console.
    Garbled(&'static str),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer => write!(f, "a newer version of the app wrote it"),
            Self::Garbled(what) => write!(f, "no version of the app wrote it: {what}"),
        }
    }
}

impl Change {
    /// Writes the change as JSON, in today's version.
    pub fn encode(&self) -> String {
        let mut entries = vec![("version".to_owned(), Value::Int(VERSION))];
        let mut add = |key: &str, value: Option<Value>| {
            entries.extend(value.map(|it| (key.to_owned(), it)));
        };
        add("typed", self.typed.clone().map(Value::Text));
        add("value", self.value.clone());
        add("base", self.base.clone());
        Value::Map(entries).to_json()
    }

    /// Reads a change that this app or an older one wrote. Any text has a result.
    pub fn decode(text: &str) -> Result<Self, Unreadable> {
        let Ok(Value::Map(entries)) = Value::from_json(text) else {
            return Err(Unreadable::Garbled("no JSON object"));
        };
        let version = entries.iter().find(|(key, _)| key == "version");
        match version.map(|(_, version)| version) {
            Some(Value::Int(1)) => read_first(entries),
            Some(Value::Int(version)) if *version > VERSION => Err(Unreadable::Newer),
            _ => Err(Unreadable::Garbled("no version")),
        }
    }
}

/// Version 1: `typed`, `value` and `base`, each left out where there is none.
fn read_first(entries: Vec<(String, Value)>) -> Result<Change, Unreadable> {
    let mut change = Change::default();
    for (key, value) in entries {
        match (key.as_str(), value) {
            ("typed", Value::Text(text)) => change.typed = Some(text),
            ("typed", _) => return Err(Unreadable::Garbled("what was typed is no text")),
            ("value", value) => change.value = Some(value),
            ("base", value) => change.base = Some(value),
            _ => {}
        }
    }
    if change.typed.is_none() && change.value.is_none() {
        return Err(Unreadable::Garbled("nothing is changed in it"));
    }
    Ok(change)
}
