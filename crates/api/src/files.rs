use checklist::Value;

use crate::{ApiError, Decode, Method, Request, Response};

/// A file that the server keeps, as an answer refers to it (`contract.md` 5.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// The name it was uploaded under.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The type the server found in its first bytes.
    pub mime_type: String,
    /// Opaque: sent back exactly as it came.
    pub stored_file_id: String,
}

impl StoredFile {
    /// Reads one file of an answer; `None` where it is no stored file.
    pub fn of(value: &Value) -> Option<Self> {
        let text = |key: &str| match value.get(key) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let size = match value.get("size") {
            Some(Value::Int(size)) => u64::try_from(*size).unwrap_or_default(),
            _ => 0,
        };
        Some(Self {
            name: text("name").unwrap_or_default(),
            size,
            mime_type: text("mime_type").unwrap_or_default(),
            stored_file_id: text("stored_file_id")?,
        })
    }
}

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Decode for Bytes {
    fn decode(response: &Response) -> Result<Self, ApiError> {
        Ok(Self(response.body.clone()))
    }
}

/// The content of a stored file.
pub fn media(stored_file_id: &str) -> Request<Bytes> {
    // The id comes out of an answer, which anyone may have written: only what can be an id passes.
    let id: String =
        stored_file_id.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
    Request::bare(Method::Get, format!("/api/media/{id}/"))
}
