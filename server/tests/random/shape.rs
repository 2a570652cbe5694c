use axum::http::{StatusCode, response::Parts};
use serde_json::Value;

use crate::request::Request;

/// Whether an answer has one of the documented shapes, or what is wrong with it.
pub(crate) fn check(request: &Request, parts: &Parts, body: &[u8]) -> Result<(), String> {
    let status = parts.status;
    let shown = || format!("{status}: {}", String::from_utf8_lossy(&body[..body.len().min(400)]));
    if status.is_server_error() || status.is_redirection() || status.is_informational() {
        return Err(shown());
    }
    if !parts.headers.contains_key("x-request-id") {
        return Err(format!("no request id, {}", shown()));
    }
    if body.is_empty() {
        return if may_be_empty(request, status) {
            Ok(())
        } else {
            Err(format!("no body, {}", shown()))
        };
    }
    if request.method == "HEAD" || status == StatusCode::NO_CONTENT {
        return Err(format!("a body, {}", shown()));
    }
    let due = Due::of(request);
    if due == Due::File && status.is_success() {
        let is_file = parts.headers.contains_key("content-disposition");
        return if is_file { Ok(()) } else { Err(format!("no file, {}", shown())) };
    }
    let kind = parts.headers.get("content-type").and_then(|it| it.to_str().ok()).unwrap_or("");
    if kind != "application/json" {
        return Err(format!("{kind:?}, {}", shown()));
    }
    let value: Value = serde_json::from_slice(body).map_err(|it| format!("{it}, {}", shown()))?;
    let is_sound = match status {
        _ if status.is_success() => match &value {
            Value::Array(rows) => {
                let is_due = due == Due::All || due == Due::Page && is_counted(parts, rows.len());
                is_due && rows.iter().all(Value::is_object)
            }
            Value::Object(_) => due == Due::Record,
            _ => false,
        },
        StatusCode::BAD_REQUEST => is_refusal(&value),
        _ => has_detail(&value),
    };
    if is_sound { Ok(()) } else { Err(format!("no documented shape, {}", shown())) }
}

/// Where a body would be one too many, and after an action that has nothing to tell.
fn may_be_empty(request: &Request, status: StatusCode) -> bool {
    let acts = ["POST", "PUT", "PATCH"].contains(&request.method.as_str());
    request.method == "HEAD" || status == StatusCode::NO_CONTENT || acts && status.is_success()
}

/// Whether a page comes with the number of all rows.
fn is_counted(parts: &Parts, rows: usize) -> bool {
    let total = parts.headers.get("x-result-count").and_then(|it| it.to_str().ok());
    total.and_then(|it| it.parse().ok()).is_some_and(|it: usize| it >= rows)
}

/// What a request is answered with when it succeeds.
#[derive(PartialEq)]
enum Due {
    Page,
    /// A list without pages.
    All,
    Record,
    File,
}

impl Due {
    fn of(request: &Request) -> Self {
        let path = request.operation.as_str();
        let is_alone = ["/users/me/", "/configuration/", "/checklist-template/"]
            .iter()
            .any(|it| path.ends_with(it));
        match path {
            "/api/media/{uuid}/" => Self::File,
            _ if request.method != "GET" || is_alone => Self::Record,
            _ if path.ends_with("/questions/") => Self::All,
            _ if path.contains("/compliance/") || !path.contains('{') => Self::Page,
            _ => Self::Record,
        }
    }
}

fn has_detail(value: &Value) -> bool {
    matches!(value, Value::Object(fields) if fields.len() == 1 && fields.get("detail").is_some_and(Value::is_string))
}

/// `{"detail": …}`, `{"field": ["…"]}`, `["…"]`, or a list of the second form and `{}`.
fn is_refusal(value: &Value) -> bool {
    let is_item = |it: &Value| match it {
        Value::String(_) => true,
        Value::Object(fields) => fields.values().all(is_messages),
        // What Waldur answers to an item that is null.
        Value::Array(messages) => messages.iter().all(Value::is_string),
        _ => false,
    };
    match value {
        Value::Object(fields) => {
            has_detail(value) || (!fields.is_empty() && fields.values().all(is_messages))
        }
        Value::Array(items) => !items.is_empty() && items.iter().all(is_item),
        _ => false,
    }
}

fn is_messages(value: &Value) -> bool {
    matches!(value, Value::Array(messages) if !messages.is_empty() && messages.iter().all(Value::is_string))
}
