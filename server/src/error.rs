//! Why a request is refused.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE;
use serde_json::{Value, json};

/// Why a handler gave up. Becomes the answer that a client of Waldur expects (`contract.md` 1.3).
#[derive(Debug)]
pub(crate) enum Error {
    /// 401, with the reason.
    Unauthenticated(&'static str),
    /// 403, with the reason.
    Forbidden(&'static str),
    /// 404: no such record, or none that the person may know of.
    NotFound,
    /// 404 with another sentence.
    Missing(&'static str),
    /// 404: a page beyond the last.
    NoSuchPage,
    /// 400, with a body in one of the documented shapes.
    Rejected(Value),
    /// 409: other records stand in the way.
    Conflict(String),
    /// 405, with the verb.
    WrongMethod(String),
    /// 415, with the reason.
    UnsupportedMediaType(String),
    /// A bug or a broken disk. The text is logged and never sent.
    Internal(String),
}

/// What most handlers return.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Visible, but not allowed.
    pub(crate) const FORBIDDEN: Self =
        Self::Forbidden("You do not have permission to perform this action.");

    /// 400 that points at one field.
    pub(crate) fn field(name: &str, message: impl Into<String>) -> Self {
        Self::Rejected(json!({ name: [message.into()] }))
    }

    /// 400 for the request as a whole.
    pub(crate) fn whole(message: impl Into<String>) -> Self {
        Self::field("non_field_errors", message)
    }

    /// 400: a field names a record that is not there.
    pub(crate) fn no_object(name: &str, uuid: &str) -> Self {
        Self::field(name, format!("Object with uuid={uuid} does not exist."))
    }

    /// 400 with one sentence under `detail`.
    pub(crate) fn detail(message: impl Into<String>) -> Self {
        Self::Rejected(json!({ "detail": message.into() }))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            // What could have been there before was looked for; two at once may still meet.
            rusqlite::Error::SqliteFailure(error, _)
                if error.extended_code == SQLITE_CONSTRAINT_UNIQUE =>
            {
                Self::Conflict("Something like this is there already.".to_owned())
            }
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::Unauthenticated(reason) => {
                let body = Json(json!({ "detail": reason }));
                let mut response = (StatusCode::UNAUTHORIZED, body).into_response();
                let scheme = HeaderValue::from_static("Token");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
                return response;
            }
            Self::Forbidden(reason) => (StatusCode::FORBIDDEN, json!({ "detail": reason })),
            Self::NotFound => (StatusCode::NOT_FOUND, json!({ "detail": "Not found." })),
            Self::Missing(reason) => (StatusCode::NOT_FOUND, json!({ "detail": reason })),
            Self::NoSuchPage => (StatusCode::NOT_FOUND, json!({ "detail": "Invalid page." })),
            Self::Rejected(body) => (StatusCode::BAD_REQUEST, body),
            Self::Conflict(reason) => (StatusCode::CONFLICT, json!({ "detail": reason })),
            Self::WrongMethod(verb) => {
                let detail = format!("Method \"{verb}\" not allowed.");
                (StatusCode::METHOD_NOT_ALLOWED, json!({ "detail": detail }))
            }
            Self::UnsupportedMediaType(reason) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, json!({ "detail": reason }))
            }
            Self::Internal(reason) => {
                tracing::error!(reason, "failed");
                let detail = "The server failed. The reason is in its log.";
                (StatusCode::INTERNAL_SERVER_ERROR, json!({ "detail": detail }))
            }
        };
        (status, Json(body)).into_response()
    }
}
