//! What the program says about its requests, as JSON lines on the standard error: no token, no
//! query, no body.

use std::any::Any;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::Instant;
use tracing::{Instrument, Level, info, info_span};

use crate::{auth::random_hex, error::Error};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Starts saying what happens, from a level on: `error`, `warn`, `info`, `debug`. An unknown level is
/// given back.
pub fn start(level: &str) -> Result<(), String> {
    let level = match level {
        "error" => Level::ERROR,
        "warn" => Level::WARN,
        "info" => Level::INFO,
        "debug" => Level::DEBUG,
        unknown => return Err(unknown.to_owned()),
    };
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .init();
    Ok(())
}

/// Gives each request an id, which stands in the answer and beside everything that is said about it.
pub(crate) async fn record(request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let path = request.uri().path().to_owned();
    let span = info_span!("request", id, method = %request.method(), path);
    async {
        let started = Instant::now();
        let mut response = next.run(request).await;
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let microseconds = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        info!(status = response.status().as_u16(), microseconds, "answered");
        response
    }
    .instrument(span)
    .await
}

/// The id that a proxy gave, if it is one, or a new one.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|it| it.to_str().ok());
    let is_id = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
    };
    match given.filter(is_id) {
        Some(id) => id.to_owned(),
        None => random_hex::<8>().unwrap_or_default(),
    }
}

/// A handler that panicked is a bug: it is said, and the others go on.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    Error::Internal(format!("a handler panicked: {text}")).into_response()
}

/// What the framework refuses by itself, such as a body that is too large, is said in text. Clients
/// of the API expect JSON.
pub(crate) async fn in_json(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api");
    let response = next.run(request).await;
    let is_text = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|it| it.as_bytes().starts_with(b"text/plain"));
    if !is_api || !is_text || !response.status().is_client_error() {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let reason = parts.status.canonical_reason().unwrap_or("Refused");
    let body = serde_json::json!({ "detail": format!("{reason}.") }).to_string();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, Body::from(body))
}
