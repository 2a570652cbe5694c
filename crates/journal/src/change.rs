use checklist::Value;

/// A changed answer to one question, which the server does not have yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// What the person typed, where that is more than the value says: `12.50`, or `12,` on the way.
    pub typed: Option<String>,
    /// What it means. `Null` clears the answer; `None` is text that is no answer yet.
    pub value: Option<Value>,
    /// The answer that the server had when the person began to change it. Another one there now was
    /// given elsewhere in the meantime.
    pub base: Option<Value>,
}
