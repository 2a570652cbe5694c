use checklist::Value;

/// Why a request did not produce the value it promised, by what the caller does next.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ApiError {
    /// The request never got an answer, or the answer was cut off.
    #[error("no answer")]
    Offline,
    /// The session is missing or has expired, or the credentials are wrong.
    #[error("not signed in: {detail}")]
    SignedOut {
        /// The server's words.
        detail: String,
    },
    /// The caller may not do this.
    #[error("forbidden: {detail}")]
    Forbidden {
        /// The server's words.
        detail: String,
    },
    /// There is no such thing, or the caller may not know about it.
    #[error("not found")]
    NotFound,
    /// The server looked at the input and refused it.
    #[error("rejected: {0:?}")]
    Rejected(ErrorBody),
    /// Something else stands in the way: another state, or records that refer to this one.
    #[error("conflict: {detail}")]
    Conflict {
        /// The server's words.
        detail: String,
    },
    /// This server does not have the feature.
    #[error("feature off")]
    FeatureOff,
    /// The server failed.
    #[error("server failed with {status}")]
    Server {
        /// HTTP status.
        status: u16,
    },
    /// The answer could not be understood: a bug in one of the two programs.
    #[error("unexpected answer: {0}")]
    Protocol(String),
}

impl ApiError {
    /// The error for a status and what was said with it (`contract.md` 1.3).
    pub(crate) fn of(status: u16, body: ErrorBody) -> Self {
        let detail = || body.general().join(" ");
        match status {
            401 => Self::SignedOut { detail: detail() },
            403 => Self::Forbidden { detail: detail() },
            404 => Self::NotFound,
            409 => Self::Conflict { detail: detail() },
            424 => Self::FeatureOff,
            400 | 413 | 415 => Self::Rejected(body),
            500.. => Self::Server { status },
            _ => Self::Protocol(format!("status {status}")),
        }
    }
}

/// What a server says when it refuses input. All its shapes become one: messages for the whole, for
/// fields, and for the items of a list by position (`contract.md` 1.3 and 5.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorBody {
    general: Vec<String>,
    fields: Vec<(String, Vec<String>)>,
    items: Vec<Vec<String>>,
}

impl ErrorBody {
    /// Reads a body of any shape. One that is no JSON says nothing.
    pub fn read(body: &[u8]) -> Self {
        let body = str::from_utf8(body).unwrap_or_default();
        match Value::from_json(body) {
            Ok(Value::Map(fields)) => Self::of_fields(fields),
            Ok(Value::List(items)) if !items.iter().all(|it| matches!(it, Value::Text(_))) => {
                Self { items: items.iter().map(messages).collect(), ..Self::default() }
            }
            Ok(value @ (Value::List(_) | Value::Text(_))) => {
                Self { general: messages(&value), ..Self::default() }
            }
            _ => Self::default(),
        }
    }

    fn of_fields(fields: Vec<(String, Value)>) -> Self {
        let mut body = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "detail" | "non_field_errors" => collect_messages(&value, &mut body.general),
                _ => body.fields.push((name, messages(&value))),
            }
        }
        body
    }

    /// Messages that belong to no field.
    pub fn general(&self) -> Vec<&str> {
        self.general.iter().map(String::as_str).collect()
    }

    /// Messages for one field, for display beside it.
    pub fn for_field(&self, name: &str) -> Vec<&str> {
        let messages = self.fields.iter().filter(|(field, _)| field == name);
        messages.flat_map(|(_, messages)| messages.iter().map(String::as_str)).collect()
    }

    /// All fields that have messages.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.fields.iter().map(|(name, messages)| (name.as_str(), messages.as_slice()))
    }

    /// Messages for the item at this position of the list that was sent.
    pub fn at(&self, position: usize) -> &[String] {
        self.items.get(position).map_or(&[], Vec::as_slice)
    }
}

/// All texts inside a value, in order: a message may be a string, a list, or nested in either.
fn messages(value: &Value) -> Vec<String> {
    let mut messages = Vec::new();
    collect_messages(value, &mut messages);
    messages
}

fn collect_messages(value: &Value, messages: &mut Vec<String>) {
    match value {
        Value::Text(text) => messages.push(text.clone()),
        Value::List(items) => items.iter().for_each(|it| collect_messages(it, messages)),
        Value::Map(fields) => fields.iter().for_each(|(_, it)| collect_messages(it, messages)),
        Value::Null => {}
        other => messages.push(other.to_json()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &str) -> ErrorBody {
        ErrorBody::read(body.as_bytes())
    }

    #[test]
    fn every_shape_of_the_contract_is_read() {
        assert_eq!(read(r#"{"detail":"No."}"#).general(), ["No."]);
        assert_eq!(read(r#"{"non_field_errors":["A","B"]}"#).general(), ["A", "B"]);
        assert_eq!(
            read(r#"["It is not allowed to create users for current offering."]"#).general().len(),
            1
        );
        assert_eq!(
            read(r#"{"comment_url":["Enter a valid URL."]}"#).for_field("comment_url"),
            ["Enter a valid URL."]
        );
        assert_eq!(
            read(r#"{"comment_url":"Enter a valid URL."}"#).for_field("comment_url"),
            ["Enter a valid URL."]
        );
        assert_eq!(read("<html>Bad gateway</html>"), ErrorBody::default());
        assert_eq!(read("null"), ErrorBody::default());
    }

    #[test]
    fn answers_are_matched_by_position() {
        let body = read(
            r#"[{}, {"non_field_errors":["Answer value 'abc' is not valid."]}, [["null item"]], {"answer_data":["This field is required."]}]"#,
        );
        assert_eq!(body.at(0), [] as [String; 0]);
        assert_eq!(body.at(1), ["Answer value 'abc' is not valid."]);
        assert_eq!(body.at(2), ["null item"]);
        assert_eq!(body.at(3), ["This field is required."]);
        assert_eq!(body.at(9), [] as [String; 0]);
    }

    #[test]
    fn statuses_say_what_to_do_next() {
        let error = |status| ApiError::of(status, ErrorBody::default());
        assert_eq!(error(404), ApiError::NotFound);
        assert_eq!(error(502), ApiError::Server { status: 502 });
        assert_eq!(error(424), ApiError::FeatureOff);
        assert_eq!(error(405), ApiError::Protocol("status 405".to_owned()));
    }

    proptest! {
        #[test]
        fn any_body_can_be_read(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            ErrorBody::read(&body);
        }
    }
}
