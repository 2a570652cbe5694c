//! The only module that talks to the network.

mod transfer;

use api::{ApiError, Method, Response};
use js_sys::{ArrayBuffer, Uint8Array};
use leptos::{
    prelude::window,
    wasm_bindgen::{JsCast, JsValue},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit};

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
    let request = request(method, body, token, abort).map_err(|_| cannot_be_said())?;
    let sent = window().fetch_with_str_and_init(url, &request);
    let answer = JsFuture::from(sent).await.map_err(|_| ApiError::Offline)?;
    let answer: web_sys::Response = answer.unchecked_into();
    let total = answer.headers().get("x-result-count").ok().flatten();
    let body = answer.array_buffer().map_err(|_| ApiError::Offline)?;
    let body = JsFuture::from(body).await.map_err(|_| ApiError::Offline)?;
    Ok(Response {
        status: answer.status(),
        total: total.and_then(|it| it.parse().ok()),
        body: Uint8Array::new(body.unchecked_ref::<ArrayBuffer>()).to_vec(),
    })
}

fn request(
    method: Method,
    body: Option<String>,
    token: Option<&str>,
    abort: Option<&AbortSignal>,
) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    let request = RequestInit::new();
    request.set_method(match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    });
    if let Some(token) = token {
        headers.set("authorization", &format!("Token {token}"))?;
    }
    if let Some(body) = body {
        headers.set("content-type", "application/json")?;
        request.set_body(&body.into());
    }
    request.set_headers(&headers);
    request.set_signal(abort);
    Ok(request)
}

/// A token may have letters that no header can carry.
fn cannot_be_said() -> ApiError {
    ApiError::Protocol("the request cannot be written".to_owned())
}
