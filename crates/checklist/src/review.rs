use crate::text::strip;
use crate::{Operator, Value};

/// When an answer needs a reviewer (`contract.md` 7.2). Known to reviewers and the server only.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// Whatever the answer is.
    pub always: bool,
    /// The comparison.
    pub operator: Operator,
    /// What it compares with. A falsy value never fires.
    pub required: Value,
}

impl Trigger {
    /// Whether an answer needs a reviewer. The server asks once, when the answer row is created;
    /// editing the answer changes nothing.
    pub fn fires(&self, answer: &Value) -> bool {
        self.always || (self.required.is_truthy() && self.operator.holds(answer, &self.required))
    }
}

/// Help that may depend on the person's own answer (`contract.md` 7.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Guidance {
    /// The help. Blank text is never shown.
    pub text: String,
    /// Whatever the answer is.
    pub always: bool,
    /// The comparison.
    pub operator: Operator,
    /// What it compares with. `Null` disables the comparison.
    pub required: Value,
}

impl Guidance {
    /// Whether the text is shown to a person who gave this answer, or none.
    pub fn is_shown(&self, own_answer: Option<&Value>) -> bool {
        if strip(&self.text).is_empty() {
            return false;
        }
        // Unlike a trigger, a falsy required value works; only null does not.
        self.always
            || (self.required != Value::Null
                && own_answer.is_some_and(|answer| self.operator.holds(answer, &self.required)))
    }
}
