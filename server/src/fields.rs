//! The fields of a request, judged one by one as Waldur's serializers judge them. All that is wrong
//! is told at once.

use axum::body::Bytes;
use checklist::Value;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::{
    call::{hex, object, python_type},
    checklists::{Decimal, DecimalError},
    error::{Error, Result},
};

/// What a request does with its record.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
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
pub(crate) struct Refusal(Json);

impl<T: Into<String>> From<T> for Refusal {
    fn from(message: T) -> Self {
        Self(json!([message.into()]))
    }
}

impl Fields {
    pub(crate) fn read(body: &Bytes, mode: Mode) -> Result<Self> {
        Ok(Self { body: object(body)?, mode, errors: Map::new() })
    }

    /// Whether a field is there at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.body.contains_key(name)
    }

    /// Demands a field.
    pub(crate) fn require(&mut self, name: &str) {
        if self.mode != Mode::Change && !self.has(name) {
            self.refuse(name, "This field is required.");
        }
    }

    /// A field that has a value, if it is there and right.
    pub(crate) fn get<T>(
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
    pub(crate) fn get_or_null<T>(
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
    pub(crate) fn get_even_null<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Json) -> Result<T, Refusal>,
    ) -> Option<T> {
        read(self.body.get(name)?).map_err(|refusal| self.refuse(name, refusal)).ok()
    }

    /// Notes why a field is not taken.
    pub(crate) fn refuse(&mut self, name: &str, refusal: impl Into<Refusal>) {
        self.errors.insert(name.to_owned(), refusal.into().0);
    }

    /// The end of the fields: tells what was wrong, if anything was.
    pub(crate) fn finish(self) -> Result<()> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Error::Rejected(Json::Object(self.errors)))
        }
    }
}

/// For a field that links to a record which is not there.
pub(crate) const NO_OBJECT: &str = "Invalid hyperlink - Object does not exist.";

/// Text of at most so many characters, without the space around it. It may be blank.
pub(crate) fn text(at_most: usize) -> impl FnOnce(&Json) -> Result<String, Refusal> {
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
pub(crate) fn words(at_most: usize) -> impl FnOnce(&Json) -> Result<String, Refusal> {
    move |value| match text(at_most)(value)? {
        text if text.is_empty() => Err("This field may not be blank.".into()),
        text => Ok(text),
    }
}

/// Yes or no, in all the spellings that Django REST framework takes.
pub(crate) fn boolean(value: &Json) -> Result<bool, Refusal> {
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
pub(crate) fn whole(value: &Json) -> Result<u32, Refusal> {
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
pub(crate) fn decimal(value: &Json) -> Result<Decimal, Refusal> {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    };
    text.parse().map_err(|error: DecimalError| error.to_string().into())
}

/// One of these words.
pub(crate) fn choice(
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

/// A uuid in either spelling, as 32 hex digits.
pub(crate) fn uuid(value: &Json) -> Result<String, Refusal> {
    value.as_str().and_then(hex).ok_or_else(|| "Must be a valid UUID.".into())
}

/// An address in the web of at most so many characters, or nothing.
pub(crate) fn web_address(at_most: usize) -> impl FnOnce(&Json) -> Result<String, Refusal> {
    move |value| match text(at_most)(value)? {
        text if text.is_empty() || is_web_address(&text) => Ok(text),
        _ => Err("Enter a valid URL.".into()),
    }
}

/// Whether this has a scheme of the web and a host, as Django's URL field demands.
fn is_web_address(text: &str) -> bool {
    let rest = ["http://", "https://", "ftp://", "ftps://"].iter().find_map(|scheme| {
        Some(text.get(scheme.len()..)?).filter(|_| text.to_lowercase().starts_with(scheme))
    });
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let is_name = name == "localhost"
        || (name.contains('.')
            && name.split('.').all(|label| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|it| it.is_alphanumeric() || it == '-')
            }));
    is_name
        && port.len() <= 5
        && port.bytes().all(|it| it.is_ascii_digit())
        && !text.contains(char::is_whitespace)
}

/// A list of texts, none of them blank.
pub(crate) fn texts(value: &Json) -> Result<Vec<String>, Refusal> {
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
pub(crate) fn anything(value: &Json) -> Result<Value, Refusal> {
    Value::deserialize(value).map_err(|_| "Value must be valid JSON.".into())
}

/// What Python's `str()` makes of a value.
fn python_text(value: &Json) -> String {
    Value::deserialize(value).map(|it| it.python_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let body = json!({
            "name": " ", "flag": "perhaps", "days": -1, "uuid": "x", "link": "nope", "word": "\0",
        });
        let mut fields = Fields::read(&body.to_string().into(), Mode::Create).unwrap();
        fields.require("missing");
        assert_eq!(fields.get("name", words(5)), None);
        assert_eq!(fields.get("flag", boolean), None);
        assert_eq!(fields.get("days", whole), None);
        assert_eq!(fields.get("uuid", uuid), None);
        assert_eq!(fields.get("link", web_address(200)), None);
        assert_eq!(fields.get("word", text(5)), None);
        let Err(Error::Rejected(told)) = fields.finish() else { panic!("nothing was wrong") };
        let expected = json!({
            "missing": ["This field is required."],
            "name": ["This field may not be blank."],
            "flag": ["Must be a valid boolean."],
            "days": ["Ensure this value is greater than or equal to 0."],
            "uuid": ["Must be a valid UUID."],
            "link": ["Enter a valid URL."],
            "word": ["Null characters are not allowed."],
        });
        assert_eq!(told, expected);
    }

    #[test]
    fn what_may_be_left_out_of_a_change_has_to_be_there_again_in_a_replacement() {
        for (mode, is_right) in
            [(Mode::Create, false), (Mode::Replace, false), (Mode::Change, true)]
        {
            let mut fields = Fields::read(&Bytes::new(), mode).unwrap();
            fields.require("name");
            assert_eq!(fields.finish().is_ok(), is_right);
        }
    }

    #[test]
    fn addresses_have_a_scheme_of_the_web_and_a_host() {
        for right in ["https://example.org", "HTTP://me@localhost:8080/x?y#z", "ftp://a.b-c.d"] {
            assert!(is_web_address(right), "{right}");
        }
        for wrong in [
            "example.org",
            "https://",
            "https://example",
            "javascript:alert(1)",
            "https://two words.org",
            "https://-a.org",
            "https://a..org",
            "https://a.org:123456",
            "https://a.org:port",
        ] {
            assert!(!is_web_address(wrong), "{wrong}");
        }
    }
}
