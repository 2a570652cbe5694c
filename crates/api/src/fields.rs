//! Reads answers by their keys.
//!
//! What an answer lacks is noted, not returned: every field has a value at once, so records are
//! built without a way out in the middle, and an answer with a fault is refused when it has been
//! gone through. All this is compiled once and not for each type, which keeps the app small.

use std::cell::OnceCell;

use checklist::Value;
use uuid::Uuid;

use crate::ApiError;

/// What one object of an answer becomes.
pub trait Record: Sized {
    /// Builds it. If something essential is missing, `fields` notes that, and what was built does
    /// not count.
    fn read(fields: &Fields<'_>) -> Self;
}

/// The fields of one object. A field that is `null` is as good as missing, and one that nobody asks
/// for is passed over.
pub struct Fields<'a> {
    entries: &'a [(String, Value)],
    faults: &'a Faults,
}

/// An answer, and what is wrong with it.
struct Answer {
    value: Value,
    faults: Faults,
}

/// The first thing in an answer that is not as promised.
#[derive(Default)]
struct Faults(OnceCell<String>);

const WHOLE: &str = "the answer";
const MISSING: &str = "is missing";
const NO_UTF8: &str = "is not UTF-8";
const NO_TEXT: &str = "is not text";
const NO_FLAG: &str = "is neither true nor false";
const NO_NUMBER: &str = "is not a number";
const NO_COUNT: &str = "is not a whole number in range";
const NO_ID: &str = "is not an id";
const NO_LIST: &str = "is not a list";
const NO_TEXTS: &str = "is not a list of texts";
const NO_OBJECT: &str = "is not an object";
const NO_OBJECTS: &str = "is not a list of objects";

/// Reads an answer that is one object.
#[inline(never)]
pub(crate) fn record<T: Record>(body: &[u8]) -> Result<T, ApiError> {
    let answer = Answer::of(body);
    let record = T::read(&answer.faults.fields(WHOLE, &answer.value, NO_OBJECT));
    answer.error().map_or(Ok(record), Err)
}

/// Reads an answer that is a list of objects.
#[inline(never)]
pub(crate) fn records<T: Record>(body: &[u8]) -> Result<Vec<T>, ApiError> {
    let answer = Answer::of(body);
    let records = answer.faults.objects(WHOLE, &answer.value).iter().map(T::read).collect();
    answer.error().map_or(Ok(records), Err)
}

impl Answer {
    /// What is no JSON is a fault like any other.
    fn of(body: &[u8]) -> Self {
        let faults = Faults::default();
        let value = match str::from_utf8(body).map(Value::from_json) {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => {
                faults.note(WHOLE, &format!("is not JSON: {error}"));
                Value::Null
            }
            Err(_) => {
                faults.note(WHOLE, NO_UTF8);
                Value::Null
            }
        };
        Self { value, faults }
    }

    fn error(self) -> Option<ApiError> {
        self.faults.0.into_inner().map(ApiError::Protocol)
    }
}

impl Faults {
    #[inline(never)]
    fn note(&self, what: &str, complaint: &str) {
        self.0.get_or_init(|| [what, " ", complaint].concat());
    }

    #[inline(never)]
    fn fields<'a>(&'a self, what: &str, value: &'a Value, otherwise: &str) -> Fields<'a> {
        let entries = match value {
            Value::Map(entries) => entries.as_slice(),
            _ => {
                self.note(what, otherwise);
                &[]
            }
        };
        Fields { entries, faults: self }
    }

    #[inline(never)]
    fn objects<'a>(&'a self, what: &str, value: &'a Value) -> Vec<Fields<'a>> {
        let items = self.items(what, value).iter();
        items.map(|it| self.fields(what, it, NO_OBJECTS)).collect()
    }

    fn items<'a>(&self, what: &str, value: &'a Value) -> &'a [Value] {
        match value {
            Value::List(items) => items,
            _ => {
                self.note(what, NO_LIST);
                &[]
            }
        }
    }
}

impl<'a> Fields<'a> {
    /// Whether there is such a key, be it with `null`.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.raw(key).is_some()
    }

    #[inline(never)]
    fn raw(&self, key: &str) -> Option<&'a Value> {
        self.entries.iter().find(|(other, _)| other == key).map(|(_, value)| value)
    }

    fn present(&self, key: &str) -> Option<&'a Value> {
        self.raw(key).filter(|value| !matches!(value, Value::Null))
    }

    /// Any value, `null` too.
    pub(crate) fn any(&self, key: &str) -> Value {
        self.raw(key).cloned().unwrap_or(Value::Null)
    }

    /// Text that may be missing, and is empty then.
    pub(crate) fn text(&self, key: &str) -> String {
        self.optional_text(key).unwrap_or_default()
    }

    /// Text that must be there.
    pub(crate) fn essential_text(&self, key: &str) -> String {
        self.essential(key);
        self.text(key)
    }

    /// Text, if there is any.
    #[inline(never)]
    pub(crate) fn optional_text(&self, key: &str) -> Option<String> {
        match self.present(key)? {
            Value::Text(text) => Some(text.clone()),
            _ => self.note(key, NO_TEXT),
        }
    }

    /// A flag that may be missing, and is not set then.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.optional_flag(key) == Some(true)
    }

    /// A flag, if there is one.
    #[inline(never)]
    pub(crate) fn optional_flag(&self, key: &str) -> Option<bool> {
        match self.present(key)? {
            Value::Bool(flag) => Some(*flag),
            _ => self.note(key, NO_FLAG),
        }
    }

    /// A whole number that may be missing, and is 0 then.
    pub(crate) fn number<T: TryFrom<i128> + Default>(&self, key: &str) -> T {
        self.optional_number(key).unwrap_or_default()
    }

    /// A whole number that must be there.
    pub(crate) fn essential_number<T: TryFrom<i128> + Default>(&self, key: &str) -> T {
        self.essential(key);
        self.number(key)
    }

    /// A whole number, if there is one.
    pub(crate) fn optional_number<T: TryFrom<i128>>(&self, key: &str) -> Option<T> {
        let Value::Int(int) = self.present(key)? else { return self.note(key, NO_COUNT) };
        T::try_from(*int).ok().or_else(|| self.note(key, NO_COUNT))
    }

    /// A number that may be missing, and is 0 then.
    pub(crate) fn decimal(&self, key: &str) -> f64 {
        self.optional_decimal(key).unwrap_or_default()
    }

    /// A number, if there is one.
    #[inline(never)]
    pub(crate) fn optional_decimal(&self, key: &str) -> Option<f64> {
        match self.present(key)? {
            Value::Int(int) => Some(*int as f64),
            Value::Float(float) => Some(*float),
            _ => self.note(key, NO_NUMBER),
        }
    }

    /// An id that must be there.
    pub(crate) fn id(&self, key: &str) -> Uuid {
        self.essential(key);
        self.optional_id(key).unwrap_or_default()
    }

    /// An id, if there is one.
    #[inline(never)]
    pub(crate) fn optional_id(&self, key: &str) -> Option<Uuid> {
        let id = match self.present(key)? {
            Value::Text(text) => Uuid::try_parse(text).ok(),
            _ => None,
        };
        id.or_else(|| self.note(key, NO_ID))
    }

    /// An object that must be there.
    pub(crate) fn object(&self, key: &str) -> Fields<'a> {
        self.essential(key);
        let nothing = Fields { entries: &[], faults: self.faults };
        self.optional_object(key).unwrap_or(nothing)
    }

    /// An object, if there is one.
    #[inline(never)]
    pub(crate) fn optional_object(&self, key: &str) -> Option<Fields<'a>> {
        self.present(key).map(|value| self.faults.fields(key, value, NO_OBJECT))
    }

    /// A list that must be there, of objects.
    pub(crate) fn essential_objects(&self, key: &str) -> Vec<Fields<'a>> {
        self.essential(key);
        self.objects(key)
    }

    /// A list of objects that may be missing, and is empty then.
    pub(crate) fn objects(&self, key: &str) -> Vec<Fields<'a>> {
        self.present(key).map_or_else(Vec::new, |value| self.faults.objects(key, value))
    }

    /// A list of records that may be missing, and is empty then.
    pub(crate) fn records<T: Record>(&self, key: &str) -> Vec<T> {
        self.objects(key).iter().map(T::read).collect()
    }

    /// A list of texts that may be missing, and is empty then.
    #[inline(never)]
    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        let mut texts = Vec::new();
        let items = self.present(key).map_or(&[][..], |value| self.faults.items(key, value));
        for item in items {
            match item {
                Value::Text(text) => texts.push(text.clone()),
                _ => self.faults.note(key, NO_TEXTS),
            }
        }
        texts
    }

    #[inline(never)]
    fn essential(&self, key: &str) {
        if self.present(key).is_none() {
            self.faults.note(key, MISSING);
        }
    }

    #[inline(never)]
    fn note<T>(&self, key: &str, complaint: &str) -> Option<T> {
        self.faults.note(key, complaint);
        None
    }
}
