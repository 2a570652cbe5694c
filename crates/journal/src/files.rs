use checklist::Value;

use crate::Change;

/// The keys of the files that an answer refers to, wherever they are kept.
pub fn file_keys(answer: &Value) -> Vec<String> {
    let items = match answer {
        Value::List(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    items.iter().filter_map(file).map(|(key, _)| key.to_owned()).collect()
}

impl Change {
    /// The change without the files whose keys `is_gone` names, and the names of those files.
    ///
    /// No change is left when these were all that was answered: an answer without them would delete
    /// what the server has.
    pub fn without_files(self, is_gone: impl Fn(&str) -> bool) -> (Option<Self>, Vec<String>) {
        let mut names = Vec::new();
        let mut stays = |value: &Value| match file(value) {
            Some((key, name)) if is_gone(key) => {
                names.push(name.to_owned());
                false
            }
            _ => true,
        };
        let value = match self.value.clone() {
            Some(Value::List(mut items)) => {
                items.retain(&mut stays);
                Some(Value::List(items))
            }
            other => other.filter(&mut stays),
        };
        let is_empty = value.is_none() || value == Some(Value::List(Vec::new()));
        let left = (names.is_empty() || !is_empty).then_some(Self { value, ..self });
        (left, names)
    }
}

/// The key and the name of the file that an answer or a part of it refers to, if it is one.
fn file(value: &Value) -> Option<(&str, &str)> {
    let Value::Map(entries) = value else { return None };
    let text = |wanted| {
        entries.iter().find_map(|(key, value)| match value {
            Value::Text(text) if key == wanted => Some(text.as_str()),
            _ => None,
        })
    };
    let key = text("stored_file_id")?;
    Some((key, text("name").unwrap_or(key)))
}
