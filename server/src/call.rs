//! What handlers need of a request.

use api::QueryString;
use axum::{
    body::Bytes,
    extract::{FromRequestParts, RawPathParams},
    http::{header, request::Parts},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    App,
    auth::User,
    error::{Error, Result},
};

/// What every handler needs to know about a request: who asks, for what, and under which address
/// this server is known to them.
pub(crate) struct Call {
    pub(crate) user: User,
    pub(crate) query: QueryString,
    /// `http://host:port`, for the links inside answers.
    pub(crate) origin: String,
    /// The path, for the links between pages.
    pub(crate) path: String,
    uuid: Option<String>,
}

impl FromRequestParts<App> for Call {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let user = User::from_request_parts(parts, app).await?;
        let host = parts.headers.get(header::HOST).and_then(|it| it.to_str().ok());
        let origin = format!("http://{}", host.unwrap_or("localhost"));
        let params = RawPathParams::from_request_parts(parts, app).await;
        let uuid = params.ok().and_then(|params| {
            let uuid = params.iter().find(|(name, _)| *name == "uuid");
            uuid.map(|(_, value)| value.to_owned())
        });
        Ok(Self {
            user,
            query: QueryString::parse(parts.uri.query().unwrap_or_default()),
            origin,
            path: parts.uri.path().to_owned(),
            uuid,
        })
    }
}

impl Call {
    /// The record the path names, as it is stored. What is no uuid names no record.
    pub(crate) fn uuid(&self) -> Result<String> {
        self.uuid.as_deref().and_then(hex).ok_or(Error::NotFound)
    }

    /// Whether `field` asks for some keys only.
    pub(crate) fn selects(&self) -> bool {
        self.query.all("field").next().is_some()
    }

    /// A record as an answer shows it to this call.
    pub(crate) fn show(&self, record: impl Serialize) -> Result<Value> {
        let record = serde_json::to_value(record);
        Ok(self.select(record.map_err(|error| Error::Internal(error.to_string()))?))
    }

    /// Leaves only the keys that `field` asks for. If it names none that exist, all stay
    /// (`contract.md` 1.2).
    pub(crate) fn select(&self, object: Value) -> Value {
        let Value::Object(all) = object else { return object };
        let wanted: Vec<&str> = self.query.all("field").collect();
        if !wanted.iter().any(|name| all.contains_key(*name)) {
            return Value::Object(all);
        }
        Value::Object(all.into_iter().filter(|(key, _)| wanted.contains(&key.as_str())).collect())
    }
}

/// The address of a record, as answers name it.
pub(crate) fn link(origin: &str, kind: &str, uuid: &str) -> String {
    format!("{origin}/api/{kind}/{uuid}/")
}

/// A uuid in either spelling, as 32 hex digits.
pub(crate) fn hex(text: &str) -> Option<String> {
    Uuid::parse_str(text).ok().map(|uuid| uuid.simple().to_string())
}

/// Reads a body that has to be a JSON object. No body at all is an empty one.
pub(crate) fn object(body: &Bytes) -> Result<Map<String, Value>> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => {
            let kind = python_type(&other);
            Err(Error::whole(format!("Invalid data. Expected a dictionary, but got {kind}.")))
        }
        Err(error) => {
            // Waldur's reader has other words for what is wrong.
            let theirs = checklist::Value::from_json(&String::from_utf8_lossy(body)).err();
            let reason = theirs.map_or_else(|| error.to_string(), |it| it.to_string());
            Err(Error::detail(format!("JSON parse error - {reason}")))
        }
    }
}

/// The name of a value's type in Python, which Waldur's messages use.
pub(crate) fn python_type(value: &Value) -> &'static str {
    checklist::Value::deserialize(value).unwrap_or(checklist::Value::Null).python_type()
}
