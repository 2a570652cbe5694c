use std::borrow::Cow;

use crate::{QuestionId, Value};

/// How an answer is compared with a required value (`contract.md` 6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Same value, by Python's `==`.
    Equals,
    /// Another value. An unanswered question does not satisfy it.
    NotEquals,
    /// At least one required element is inside the answer.
    Contains,
    /// At least one element of the answer is among the required ones.
    In,
    /// No element of the answer is among the required ones.
    NotIn,
    /// Blank, or a name this build does not know. Never satisfied.
    Unknown(String),
}

impl Operator {
    /// The operator of a name the server uses.
    pub fn from_name(name: &str) -> Self {
        match name {
            "equals" => Self::Equals,
            "not_equals" => Self::NotEquals,
            "contains" => Self::Contains,
            "in" => Self::In,
            "not_in" => Self::NotIn,
            unknown => Self::Unknown(unknown.to_owned()),
        }
    }

    /// The server's name for it.
    pub fn name(&self) -> &str {
        match self {
            Self::Equals => "equals",
            Self::NotEquals => "not_equals",
            Self::Contains => "contains",
            Self::In => "in",
            Self::NotIn => "not_in",
            Self::Unknown(name) => name,
        }
    }

    /// Whether an answer satisfies the comparison. `Null` never does. Types that cannot be compared
    /// make the real server fail; here they do not satisfy it either (`contract.md` 6.2).
    pub fn holds(&self, answer: &Value, required: &Value) -> bool {
        if *answer == Value::Null {
            return false;
        }
        match (self, required) {
            (Self::Contains, _) => any_inside(required, answer) == Some(true),
            (Self::In, Value::List(among)) => any_among(answer, among) == Some(true),
            (Self::NotIn, Value::List(among)) => any_among(answer, among) == Some(false),
            (Self::Equals | Self::In, _) => answer.same_as(required),
            (Self::NotEquals | Self::NotIn, _) => !answer.same_as(required),
            (Self::Unknown(_), _) => false,
        }
    }
}

/// Whether any element of `required` is inside `answer`. Stops at the first hit, so that a clash
/// behind it does not matter. `None`: the types clash.
fn any_inside(required: &Value, answer: &Value) -> Option<bool> {
    for element in elements(required)? {
        if is_inside(&element, answer)? {
            return Some(true);
        }
    }
    Some(false)
}

/// Whether any element of `answer` equals one of `among`. `None`: the answer has no elements.
fn any_among(answer: &Value, among: &[Value]) -> Option<bool> {
    let hit = |element: Cow<Value>| among.iter().any(|one| element.same_as(one));
    Some(elements(answer)?.into_iter().any(hit))
}

/// What Python's `for` goes through: the items of a list, the characters of a string, the keys of
/// an object. `None`: it cannot.
fn elements(value: &Value) -> Option<Vec<Cow<'_, Value>>> {
    match value {
        Value::List(items) => Some(items.iter().map(Cow::Borrowed).collect()),
        Value::Text(text) => {
            Some(text.chars().map(|c| Cow::Owned(Value::Text(c.to_string()))).collect())
        }
        Value::Map(entries) => {
            Some(entries.iter().map(|(key, _)| Cow::Owned(Value::Text(key.clone()))).collect())
        }
        _ => None,
    }
}

/// Python's `element in whole`. `None`: the types clash.
fn is_inside(element: &Value, whole: &Value) -> Option<bool> {
    match (whole, element) {
        (Value::List(items), _) => Some(items.iter().any(|item| item.same_as(element))),
        (Value::Text(text), Value::Text(part)) => Some(text.contains(part.as_str())),
        // Lists and objects cannot be keys, and Python refuses to look for them.
        (Value::Map(_), Value::List(_) | Value::Map(_)) => None,
        (Value::Map(_), Value::Text(key)) => Some(whole.get(key).is_some()),
        (Value::Map(_), _) => Some(false),
        _ => None,
    }
}

/// How several conditions combine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Logic {
    /// All must hold.
    #[default]
    And,
    /// At least one must hold.
    Or,
}

/// One comparison with the stored answer to another question.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The question whose stored answer is read, whether or not that question is itself shown.
    pub parent: QuestionId,
    /// The comparison.
    pub operator: Operator,
    /// What it compares with.
    pub required: Value,
}

/// When a question is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Visibility {
    /// How the conditions combine.
    pub logic: Logic,
    /// At least one; a question without conditions has no `Visibility`.
    pub conditions: Vec<Condition>,
}

impl Condition {
    /// Whether the parent's stored answer satisfies it. No answer satisfies nothing.
    pub fn holds<'a>(&self, stored: impl Fn(QuestionId) -> Option<&'a Value>) -> bool {
        stored(self.parent).is_some_and(|answer| self.operator.holds(answer, &self.required))
    }
}

impl Visibility {
    /// Whether the question is shown, given the stored answer of any question: the oldest row of
    /// any user (`contract.md` 6.1).
    pub fn holds<'a>(&self, stored: impl Fn(QuestionId) -> Option<&'a Value>) -> bool {
        let mut outcomes = self.conditions.iter().map(|condition| condition.holds(&stored));
        match self.logic {
            _ if self.conditions.is_empty() => true,
            Logic::And => outcomes.all(|holds| holds),
            Logic::Or => outcomes.any(|holds| holds),
        }
    }
}
