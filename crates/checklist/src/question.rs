use uuid::Uuid;

use crate::number::parse_uuid;
use crate::{FileLimits, Value, Visibility};

/// Identifies a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuestionId(pub Uuid);

impl QuestionId {
    /// The question that a request names. The server takes what Python's `uuid.UUID()` takes: a
    /// text with hyphens anywhere or nowhere, or a whole number (`true` is one).
    pub fn from_value(value: &Value) -> Option<Self> {
        let number = match value {
            Value::Text(text) => parse_uuid(text),
            Value::Int(int) => u128::try_from(*int).ok(),
            Value::Bool(truth) => Some(u128::from(*truth)),
            _ => None,
        };
        number.map(|number| Self(Uuid::from_u128(number)))
    }
}

/// One question as the person who answers knows it. What only reviewers or the server know is in
/// [`Trigger`](crate::Trigger) and [`Guidance`](crate::Guidance).
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Identity.
    pub id: QuestionId,
    /// The question's words. Not unique.
    pub text: String,
    /// What kind of answer is wanted, with its limits.
    pub kind: Kind,
    /// Whether the checklist is incomplete without an answer.
    pub required: bool,
    /// When it is shown. `None`: always.
    pub visibility: Option<Visibility>,
}

/// What kind of answer a question wants, together with the limits of that kind (`contract.md` 5.2).
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Yes or no.
    Boolean,
    /// Exactly one of the choices.
    SingleSelect(Vec<Choice>),
    /// Any number of the choices, also none.
    MultiSelect(Vec<Choice>),
    /// One line of text.
    TextInput,
    /// Several lines of text.
    TextArea,
    /// A number with an optional fraction.
    Number(Bounds),
    /// A calendar date.
    Date,
    /// A date with a time.
    DateTime,
    /// A whole number that names a year.
    Year(Bounds),
    /// A whole number on a scale.
    Rating(Bounds),
    /// A telephone number. The server accepts any text.
    PhoneNumber,
    /// An e-mail address. The server accepts any text.
    Email,
    /// A web address. The server accepts any text.
    Url,
    /// A country. The server accepts any text.
    Country,
    /// Agreement on a scale that counts from zero.
    Likert(Likert),
    /// Formatted text.
    RichText(RichText),
    /// One file.
    File(FileLimits),
    /// Several files, also none.
    MultipleFiles {
        /// What each file must satisfy.
        limits: FileLimits,
        /// How many files there may be. `None`: no limit.
        at_most: Option<u32>,
    },
    /// A kind this build does not know, by the server's name. Shown, never changed.
    Unsupported(String),
}

/// One choice of a select question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Exactly the text the server sent: answers and conditions compare it as text (5.3).
    pub id: String,
    /// What the person reads.
    pub label: String,
}

/// An inclusive range. The bounds are decimals in text, as the server sends them (`"10.5000"`), so
/// that no digit is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Smallest accepted value.
    pub min: Option<String>,
    /// Largest accepted value.
    pub max: Option<String>,
}

/// The scale of a likert question: answers are `0 ..= points - 1`, the low label belongs to 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likert {
    /// How many points; the server takes 5 where none is set.
    pub points: u8,
    /// What the lowest point means. May be empty.
    pub low: String,
    /// What the highest point means. May be empty.
    pub high: String,
    /// Whether `"na"` is an answer.
    pub allow_na: bool,
}

/// The limits of a rich-text question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RichText {
    /// Most characters accepted, markup included. `None`: no limit.
    pub at_most: Option<u32>,
    /// Which formatting the toolbar offers.
    pub toolbar: Toolbar,
}

/// How much formatting a rich-text question offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Toolbar {
    /// Bold and italic.
    Minimal,
    /// Also lists and links.
    #[default]
    Standard,
    /// Also headings, quotes and code.
    Extended,
}
