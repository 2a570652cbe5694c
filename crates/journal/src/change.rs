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

impl Change {
    /// Whether the server having `saved` makes this no change: it says the same, as a value.
    pub fn is_nothing(&self, saved: Option<&Value>) -> bool {
        match (&self.value, saved) {
            (Some(Value::Null), None) => self.typed.as_deref().is_none_or(str::is_empty),
            (Some(value), Some(saved)) => value == saved,
            _ => false,
        }
    }

    /// Whether the server, which has `saved` now, has got this change: after an answer of its own was
    /// lost on the way, that is how one knows.
    pub fn says(&self, saved: Option<&Value>) -> bool {
        match (&self.value, saved) {
            (Some(Value::Null), None) => self.base.is_some(),
            (Some(value), Some(saved)) => {
                value == saved
                    || (self.base.as_ref() != Some(saved) && same(Some(value), Some(saved)))
            }
            _ => false,
        }
    }
}

/// Whether two answers are the same to a person. A file that was sent comes back with a reference of
/// the server's; its name and size tell that it is the same.
pub fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::List(ones)), Some(Value::List(others))) => {
            ones.len() == others.len()
                && ones.iter().zip(others).all(|(one, other)| same(Some(one), Some(other)))
        }
        (Some(one), Some(other)) => one == other || is_same_file(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn is_same_file(one: &Value, other: &Value) -> bool {
    let has_reference = |file: &Value| file.get("stored_file_id").is_some();
    has_reference(one)
        && has_reference(other)
        && one.get("name") == other.get("name")
        && one.get("size") == other.get("size")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(key: &str, size: i128) -> Value {
        let text = |it: &str| Value::Text(it.to_owned());
        Value::Map(vec![
            ("name".to_owned(), text("a.pdf")),
            ("size".to_owned(), Value::Int(size)),
            ("stored_file_id".to_owned(), text(key)),
        ])
    }

    fn change(value: Option<Value>, base: Option<Value>) -> Change {
        Change { typed: None, value, base }
    }

    #[test]
    fn a_change_back_to_what_is_saved_is_none() {
        let yes = Value::Bool(true);
        assert!(change(Some(yes.clone()), None).is_nothing(Some(&yes)));
        assert!(!change(Some(yes.clone()), None).is_nothing(Some(&Value::Int(1))));
        assert!(!change(Some(yes.clone()), None).is_nothing(None));
        assert!(change(Some(Value::Null), None).is_nothing(None));
        assert!(!change(Some(Value::Null), None).is_nothing(Some(&yes)));
        assert!(!change(None, None).is_nothing(None));
        let spaces = Change { typed: Some(" ".to_owned()), ..change(Some(Value::Null), None) };
        assert!(!spaces.is_nothing(None));
    }

    #[test]
    fn a_stored_change_is_known_by_what_it_says() {
        let (one, two) = (Value::Int(1), Value::Int(2));
        assert!(change(Some(two.clone()), Some(one.clone())).says(Some(&two)));
        assert!(!change(Some(two.clone()), Some(one.clone())).says(Some(&one)));
        assert!(change(Some(Value::Null), Some(one)).says(None));
        assert!(!change(Some(Value::Null), None).says(None));
        assert!(!change(Some(two), None).says(None));
        assert!(!change(None, None).says(None));
    }

    #[test]
    fn a_file_that_was_sent_is_known_by_name_and_size() {
        let (here, there) = (file("here", 5), file("there", 5));
        assert!(same(Some(&here), Some(&there)));
        assert!(!same(Some(&here), Some(&file("there", 6))));
        let both = |file: &Value| Value::List(vec![file.clone(), file.clone()]);
        assert!(same(Some(&both(&here)), Some(&both(&there))));
        assert!(!same(Some(&both(&here)), Some(&Value::List(vec![there.clone()]))));
        assert!(change(Some(here.clone()), None).says(Some(&there)));
        // The person chose a file of the same name and size over the one that is there.
        assert!(!change(Some(here), Some(there.clone())).says(Some(&there)));
        assert!(!same(Some(&there), None));
        assert!(same(None, None));
    }
}
