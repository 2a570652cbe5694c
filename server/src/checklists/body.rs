//! What a request with answers carries, whatever its content type.

use std::collections::BTreeMap;

use api::QueryString;
use axum::http::{HeaderMap, header};
use checklist::Value;

use crate::error::{Error, Result};

/// What a request carries, as Waldur's parsers read it.
pub(super) enum Body {
    /// JSON.
    Data(Value),
    /// The fields of a form.
    Form(QueryString),
}

impl Body {
    /// Reads a body by its content type. The words of the refusals are those of Django REST framework, orjson
    /// and Python (recordings of the categories `content-type`, `raw-json` and `envelope-raw`).
    pub(super) fn read(headers: &HeaderMap, bytes: &[u8]) -> Result<Self> {
        let given = headers.get(header::CONTENT_TYPE).map(|it| it.as_bytes()).unwrap_or_default();
        let given = String::from_utf8_lossy(given);
        let kind = ContentType::parse(&given);
        if kind.is("application", "x-www-form-urlencoded") {
            // What is no UTF-8 becomes what stands for it, and no error.
            return Ok(Self::Form(QueryString::parse(&String::from_utf8_lossy(bytes))));
        }
        if bytes.is_empty() {
            // Nobody looks at the type of nothing.
            return Ok(Self::Data(Value::Map(Vec::new())));
        }
        if !kind.is("application", "json") {
            let detail = format!("Unsupported media type \"{given}\" in request.");
            return Err(Error::UnsupportedMediaType(detail));
        }
        // What is small on the wire and large in memory. File contents have no commas.
        const MOST_COMMAS: usize = 500_000;
        if bytes.iter().filter(|byte| **byte == b',').count() > MOST_COMMAS {
            return Err(Error::detail("The request has too many parts."));
        }
        let parse_error = |reason: String| Error::detail(format!("JSON parse error - {reason}"));
        let text = kind.charset.decode(bytes).map_err(parse_error)?;
        let value = Value::from_json(&text).map_err(|error| parse_error(error.to_string()))?;
        Ok(Self::Data(value.without_repeated_keys()))
    }

    /// The value that a list of records is expected in. A form has one under keys like
    /// `[0]question_uuid`, whose answers are JSON in text.
    pub(super) fn list(self) -> ListBody {
        match self {
            Self::Data(Value::List(items)) => {
                ListBody::Items(items.into_iter().map(Item::Data).collect())
            }
            Self::Data(Value::Null) => ListBody::Null,
            Self::Data(other) => ListBody::Other(other),
            Self::Form(form) => ListBody::Items(items_of(&form)),
        }
    }
}

/// A body where a list is expected.
pub(super) enum ListBody {
    Items(Vec<Item>),
    Null,
    Other(Value),
}

/// One element of the list.
pub(super) enum Item {
    /// As JSON has it.
    Data(Value),
    /// The fields that a form has for it.
    Fields(BTreeMap<String, String>),
}

impl Item {
    /// The answer of a form is JSON in text; JSON has it as it is.
    pub(super) fn json_field(&self, name: &str) -> Option<Result<Value, &'static str>> {
        match self {
            Self::Data(item) => item.get(name).cloned().map(Ok),
            Self::Fields(fields) => fields
                .get(name)
                .map(|text| Value::from_json(text).map_err(|_| "Value must be valid JSON.")),
        }
    }

    /// A field as it is.
    pub(super) fn field(&self, name: &str) -> Option<Value> {
        match self {
            Self::Data(item) => item.get(name).cloned(),
            Self::Fields(fields) => fields.get(name).cloned().map(Value::Text),
        }
    }
}

fn items_of(form: &QueryString) -> Vec<Item> {
    let mut items: BTreeMap<u64, Item> = BTreeMap::new();
    for (key, value) in form.pairs() {
        let Some((index, name)) = key.strip_prefix('[').and_then(|it| it.split_once(']')) else {
            continue;
        };
        let Some(index) = index.parse().ok().filter(|_| !index.starts_with('+')) else { continue };
        if name.is_empty() {
            items.insert(index, Item::Data(Value::Text(value.clone())));
        } else if let Some(Item::Fields(fields)) = items.get_mut(&index) {
            fields.insert(name.to_owned(), value.clone());
        } else {
            let fields = BTreeMap::from([(name.to_owned(), value.clone())]);
            items.insert(index, Item::Fields(fields));
        }
    }
    items.into_values().collect()
}

struct ContentType {
    major: String,
    minor: String,
    charset: Charset,
}

impl ContentType {
    fn parse(text: &str) -> Self {
        let mut parts = text.split(';');
        let full = parts.next().unwrap_or_default().trim().to_lowercase();
        let (major, minor) = full.split_once('/').unwrap_or((&full, ""));
        let charset = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let is_charset = name.trim().eq_ignore_ascii_case("charset");
            is_charset.then(|| Charset::of(value.trim().trim_matches('"')))
        });
        Self {
            major: major.to_owned(),
            minor: minor.to_owned(),
            charset: charset.unwrap_or(Charset::Utf8),
        }
    }

    /// A `*` matches everything, even in what a client sends.
    fn is(&self, major: &str, minor: &str) -> bool {
        (self.major == major || self.major == "*") && (self.minor == minor || self.minor == "*")
    }
}

/// How a body is written. A name that Python does not know counts as UTF-8, and so do the many
/// others that it knows and this server does not.
enum Charset {
    Utf8,
    Latin1,
    Ascii,
}

impl Charset {
    fn of(name: &str) -> Self {
        match name.to_lowercase().replace('_', "-").as_str() {
            "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" | "8859" | "cp819" => {
                Self::Latin1
            }
            "ascii" | "us-ascii" | "646" => Self::Ascii,
            _ => Self::Utf8,
        }
    }

    /// The text, or what Python says about the first byte that is none.
    fn decode(&self, bytes: &[u8]) -> Result<String, String> {
        match self {
            Self::Latin1 => Ok(bytes.iter().map(|it| char::from(*it)).collect()),
            Self::Ascii => match bytes.iter().position(|it| !it.is_ascii()) {
                Some(at) => Err(cannot_decode("ascii", bytes, at, 1, "ordinal not in range(128)")),
                None => Ok(String::from_utf8_lossy(bytes).into_owned()),
            },
            Self::Utf8 => str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
                let at = error.valid_up_to();
                let (length, reason) = match (error.error_len(), bytes[at]) {
                    (None, _) => (bytes.len() - at, "unexpected end of data"),
                    (Some(length), 0xc2..=0xf4) => (length, "invalid continuation byte"),
                    (Some(length), _) => (length, "invalid start byte"),
                };
                cannot_decode("utf-8", bytes, at, length, reason)
            }),
        }
    }
}

fn cannot_decode(codec: &str, bytes: &[u8], at: usize, length: usize, reason: &str) -> String {
    if length == 1 {
        let byte = bytes[at];
        format!("'{codec}' codec can't decode byte {byte:#04x} in position {at}: {reason}")
    } else {
        let end = at + length - 1;
        format!("'{codec}' codec can't decode bytes in position {at}-{end}: {reason}")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};
    use checklist::Value;

    use super::{Body, Charset, ListBody};

    #[test]
    fn bytes_that_are_no_text_are_refused_in_the_words_of_python() {
        let refusal = |bytes: &[u8]| Charset::Utf8.decode(bytes).expect_err("no text");
        let start = "'utf-8' codec can't decode byte";
        assert_eq!(refusal(b"[\xff]"), format!("{start} 0xff in position 1: invalid start byte"));
        let continuation = format!("{start} 0xe2 in position 1: invalid continuation byte");
        assert_eq!(refusal(b"[\xe2]"), continuation);
        assert_eq!(
            refusal(b"[\xe2\x82]"),
            "'utf-8' codec can't decode bytes in position 1-2: invalid continuation byte"
        );
        assert_eq!(
            refusal(b"[\xe2\x82"),
            "'utf-8' codec can't decode bytes in position 1-2: unexpected end of data"
        );
    }

    #[test]
    fn a_form_has_its_items_under_numbers() {
        let mut headers = HeaderMap::new();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, form);
        let body = Body::read(&headers, b"[1]answer_data=true&x=y&[0]answer_data=%221%22");
        let Ok(ListBody::Items(items)) = body.map(Body::list) else { panic!("no items") };
        let answers: Vec<_> = items.iter().filter_map(|it| it.json_field("answer_data")).collect();
        assert_eq!(answers, [Ok(Value::from("1")), Ok(Value::Bool(true))]);
    }
}
