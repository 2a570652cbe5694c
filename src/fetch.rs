//! The only module that talks to the network.

mod transfer;

use api::{ApiError, Method, Response};
use gloo_net::http::RequestBuilder;
use web_sys::AbortSignal;

pub(crate) use transfer::{Answer, Upload, transfer};

/// Sends one request and brings back whatever the server said. Not generic, so that it stands in
/// the bundle once.
pub(crate) async fn exchange(
    method: Method,
    url: &str,
    body: Option<String>,
    token: Option<&str>,
    abort: Option<&AbortSignal>,
) -> Result<Response, ApiError> {
    let builder = RequestBuilder::new(url).abort_signal(abort).method(match method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Head => gloo_net::http::Method::HEAD,
        Method::Post => gloo_net::http::Method::POST,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Patch => gloo_net::http::Method::PATCH,
        Method::Delete => gloo_net::http::Method::DELETE,
    });
    let builder = match token {
        Some(token) => builder.header("authorization", &format!("Token {token}")),
        None => builder,
    };
    let sent = match body {
        Some(body) => builder.header("content-type", "application/json").body(body),
        None => builder.build(),
    };
    let sent = sent.map_err(|error| ApiError::Protocol(error.to_string()))?;
    let answer = sent.send().await.map_err(|_| ApiError::Offline)?;
    let total = answer.headers().get("x-result-count").and_then(|it| it.parse().ok());
    let body = answer.binary().await.map_err(|_| ApiError::Offline)?;
    Ok(Response { status: answer.status(), total, body })
}
