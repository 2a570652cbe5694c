//! The fields of a request, judged one by one as Waldur's serializers judge them. All that is wrong
//! is told at once.

use axum::body::Bytes;
use checklist::Value;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{Checklists, Dependencies, Options, Questions, Resource, key_of};
use crate::{
    call::{hex, object},
    checklists::{Decimal, DecimalError},
    error::{Error, Result},
};

/// What a request does with its record.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mode {
    /// POST.
    Create,
    /// PUT: what has to be there on creation has to be there again.
    Replace,
    /// PATCH: nothing has to be there.
    Change,
}

/// The body of a request, and what was found wrong with it so far.
pub(crate) struct Fields {
    body: Map<String, Json>,
    mode: Mode,
    errors: Map<String, Json>,
}

/// Why a value is not taken: what stands under the field's name in the answer.
pub(super) struct Refusal(Json);

impl<T: Into<String>> From<T> for Refusal {
    fn from(message: T) -> Self {
        Self(json!([message.into()]))
    }
}

impl Fields {
    pub(super) fn read(body: &Bytes, mode: Mode) -> Result<Self> {
        Ok(Self { body: object(body)?, mode, errors: Map::new() })
    }

    /// Demands a field.
    pub(super) fn require(&mut self, name: &str) {
        if self.mode != Mode::Change && !self.body.contains_key(name) {
            self.refuse(name, "This field is required.");
        }
    }

    /// A field that has a value, if it is there and right.
    pub(super) fn get<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Json) -> Result<T, Refusal>,
    ) -> Option<T> {
        match self.body.get(name)? {
            Json::Null => {
                self.refuse(name, "This field may not be null.");
                None
            }
            value => read(value).map_err(|refusal| self.refuse(name, refusal)).ok(),
        }
    }

    /// A field that may be null, which makes it `Some(None)`.
    pub(super) fn get_or_null<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Json) -> Result<T, Refusal>,
    ) -> Option<Option<T>> {
        match self.body.get(name)? {
            Json::Null => Some(None),
            value => read(value).map(Some).map_err(|refusal| self.refuse(name, refusal)).ok(),
        }
    }

    /// A field for which null is a value like any other.
    pub(super) fn get_even_null<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Json) -> Result<T, Refusal>,
    ) -> Option<T> {
        read(self.body.get(name)?).map_err(|refusal| self.refuse(name, refusal)).ok()
    }

    /// The key of the record of `R` that a link names.
    pub(super) fn link<R: Resource>(&mut self, db: &Connection, name: &str) -> Result<Option<i64>> {
        let read = |value: &Json| match value {
            // To Waldur an empty link is none.
            Json::String(text) if text.is_empty() => Err("This field may not be null.".into()),
            value => uuid_in_link::<R>(value),
        };
        let Some(uuid) = self.get(name, read) else { return Ok(None) };
        let id = key_of::<R>(db, &uuid)?;
        if id.is_none() {
            self.refuse(name, NO_OBJECT);
        }
        Ok(id)
    }

    fn refuse(&mut self, name: &str, refusal: impl Into<Refusal>) {
        self.errors.insert(name.to_owned(), refusal.into().0);
    }

    /// The end of the fields: tells what was wrong, if anything was.
    pub(super) fn finish(self) -> Result<()> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Error::Rejected(Json::Object(self.errors)))
        }
    }
}

const NO_OBJECT: &str = "Invalid hyperlink - Object does not exist.";

fn uuid_in_link<R: Resource>(value: &Json) -> Result<String, Refusal> {
    const PATHS: [&str; 4] = [Checklists::PATH, Questions::PATH, Options::PATH, Dependencies::PATH];
    let Json::String(link) = value else {
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

/// Text of at most so many characters, without the space around it. It may be blank.
pub(super) fn text(at_most: usize) -> impl FnOnce(&Json) -> Result<String, Refusal> {
    move |value| {
        let text = match value {
            Json::String(text) => text.trim().to_owned(),
            Json::Number(number) => number.to_string(),
            _ => return Err("Not a valid string.".into()),
        };
        if text.contains('\0') {
            return Err("Null characters are not allowed.".into());
        }
        if text.chars().count() > at_most {
            let message = format!("Ensure this field has no more than {at_most} characters.");
            return Err(message.into());
        }
        Ok(text)
    }
}

/// The same, and it may not be blank.
pub(super) fn words(at_most: usize) -> impl FnOnce(&Json) -> Result<String, Refusal> {
    move |value| match text(at_most)(value)? {
        text if text.is_empty() => Err("This field may not be blank.".into()),
        text => Ok(text),
    }
}

/// Yes or no, in all the spellings that Django REST framework takes.
pub(super) fn boolean(value: &Json) -> Result<bool, Refusal> {
    const YES: [&str; 6] = ["true", "t", "yes", "y", "on", "1"];
    const NO: [&str; 6] = ["false", "f", "no", "n", "off", "0"];
    let word = match value {
        Json::Bool(truth) => return Ok(*truth),
        Json::String(text) => text.trim().to_lowercase(),
        Json::Number(number) if number.as_f64() == Some(1.0) => "1".to_owned(),
        Json::Number(number) if number.as_f64() == Some(0.0) => "0".to_owned(),
        _ => String::new(),
    };
    match word.as_str() {
        word if YES.contains(&word) => Ok(true),
        word if NO.contains(&word) => Ok(false),
        _ => Err("Must be a valid boolean.".into()),
    }
}

/// A whole number that is not negative and fits a column of the real server.
pub(super) fn whole(value: &Json) -> Result<u32, Refusal> {
    const LARGEST: i128 = 2_147_483_647;
    let text = match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    };
    // `5.0` and `"5."` are whole to Waldur.
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if zeros.bytes().all(|it| it == b'0') => digits,
        _ => &text,
    };
    let number: i128 = digits.parse().map_err(|_| "A valid integer is required.")?;
    if number < 0 {
        return Err("Ensure this value is greater than or equal to 0.".into());
    }
    u32::try_from(number)
        .ok()
        .filter(|_| number <= LARGEST)
        .ok_or_else(|| format!("Ensure this value is less than or equal to {LARGEST}.").into())
}

/// A decimal number, given as one or as text.
pub(super) fn decimal(value: &Json) -> Result<Decimal, Refusal> {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    };
    text.parse().map_err(|error: DecimalError| error.to_string().into())
}

/// One of these words.
pub(super) fn choice(
    choices: &'static [&'static str],
) -> impl FnOnce(&Json) -> Result<String, Refusal> {
    move |value| {
        let given = python_text(value);
        match choices.iter().find(|it| **it == given) {
            Some(choice) => Ok((*choice).to_owned()),
            None => Err(format!("\"{given}\" is not a valid choice.").into()),
        }
    }
}

/// A list of texts, none of them blank.
pub(super) fn texts(value: &Json) -> Result<Vec<String>, Refusal> {
    let Json::Array(items) = value else {
        let kind = python_type(value);
        return Err(format!("Expected a list of items but got type \"{kind}\".").into());
    };
    let mut taken = Vec::new();
    let mut errors = Map::new();
    for (index, item) in items.iter().enumerate() {
        let outcome = match item {
            Json::Null => Err("This field may not be null.".into()),
            item => words(usize::MAX)(item),
        };
        match outcome {
            Ok(text) => taken.push(text),
            Err(Refusal(messages)) => drop(errors.insert(index.to_string(), messages)),
        }
    }
    if errors.is_empty() { Ok(taken) } else { Err(Refusal(Json::Object(errors))) }
}

/// Any JSON.
pub(super) fn anything(value: &Json) -> Result<Value, Refusal> {
    Value::deserialize(value).map_err(|_| "Value must be valid JSON.".into())
}

/// What Python's `str()` makes of a value.
fn python_text(value: &Json) -> String {
    Value::deserialize(value).map(|it| it.python_str()).unwrap_or_default()
}

/// The name of a value's type in Python, which the messages use.
fn python_type(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Number(number) if number.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "str",
        Json::Array(_) => "list",
        Json::Object(_) => "dict",
    }
}
