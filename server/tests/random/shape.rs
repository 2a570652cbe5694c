use axum::http::{Method, StatusCode, response::Parts};
use serde_json::Value;

/// Whether an answer has one of the documented shapes, or what is wrong with it. Pages of a list come
/// with the number of all rows.
pub(crate) fn check(
    method: &Method,
    is_paged: bool,
    parts: &Parts,
    body: &[u8],
) -> Result<(), String> {
    let status = parts.status;
    let shown = || format!("{status}: {}", String::from_utf8_lossy(&body[..body.len().min(400)]));
    if status.is_server_error() || status.is_redirection() || status.is_informational() {
        return Err(shown());
    }
    if !parts.headers.contains_key("x-request-id") {
        return Err(format!("no request id, {}", shown()));
    }
    if body.is_empty() {
        let may_be_empty = method == Method::HEAD || status.is_success();
        return if may_be_empty { Ok(()) } else { Err(format!("no body, {}", shown())) };
    }
    let kind = parts.headers.get("content-type").and_then(|it| it.to_str().ok()).unwrap_or("");
    if parts.headers.contains_key("content-disposition") {
        return Ok(());
    }
    if kind != "application/json" {
        return Err(format!("{kind:?}, {}", shown()));
    }
    let value: Value = serde_json::from_slice(body).map_err(|it| format!("{it}, {}", shown()))?;
    let is_sound = match status {
        _ if status.is_success() => match &value {
            Value::Array(rows) => {
                let total = parts.headers.get("x-result-count").and_then(|it| it.to_str().ok());
                let total: Option<usize> = total.and_then(|it| it.parse().ok());
                let is_counted = total.is_some_and(|it| it >= rows.len());
                rows.iter().all(Value::is_object) && (is_counted || !is_paged)
            }
            Value::Object(_) => true,
            _ => false,
        },
        StatusCode::BAD_REQUEST => is_refusal(&value),
        _ => has_detail(&value),
    };
    if is_sound { Ok(()) } else { Err(format!("no documented shape, {}", shown())) }
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
