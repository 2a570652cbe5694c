//! Requests whose content is too large for the app's own memory: it goes out and comes in as the
//! browser's blobs. `fetch` cannot tell how much of a body is sent, so this is `XMLHttpRequest`.

use api::{ApiError, Method};
use js_sys::Promise;
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob, ProgressEvent, XmlHttpRequest, XmlHttpRequestResponseType};

/// A body, and those who take part in its way.
pub(crate) struct Upload {
    /// JSON.
    pub(crate) body: Blob,
    /// Is told which share of the body is sent, up to 1.
    pub(crate) on_sent: Box<dyn Fn(f64)>,
    /// Stops it.
    pub(crate) abort: AbortSignal,
}

/// What came back: the status and the body.
pub(crate) type Answer = (u16, Blob);

/// Sends one request and brings back whatever the server said. One that is stopped ends as if the
/// network had failed.
pub(crate) async fn transfer(
    method: Method,
    url: &str,
    upload: Option<Upload>,
    token: Option<&str>,
) -> Result<Answer, ApiError> {
    let failed = |_| ApiError::Offline;
    let request = open(method, url, token).map_err(failed)?;
    let end = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    let body = upload.as_ref().map(|it| it.body.clone());
    // The browser calls these for as long as they are held.
    let _callbacks = upload.map(|upload| attend(&request, upload)).transpose().map_err(failed)?;
    request.send_with_opt_blob(body.as_ref()).map_err(failed)?;
    JsFuture::from(end).await.map_err(failed)?;
    match (request.status(), request.response().map(JsCast::dyn_into::<Blob>)) {
        (Ok(status @ 1..), Ok(Ok(body))) => Ok((status, body)),
        _ => Err(ApiError::Offline),
    }
}

fn open(method: Method, url: &str, token: Option<&str>) -> Result<XmlHttpRequest, JsValue> {
    let request = XmlHttpRequest::new()?;
    let verb = if method == Method::Post { "POST" } else { "GET" };
    request.open(verb, url)?;
    request.set_response_type(XmlHttpRequestResponseType::Blob);
    if let Some(token) = token {
        request.set_request_header("authorization", &format!("Token {token}"))?;
    }
    Ok(request)
}

type Callbacks = (Closure<dyn Fn(ProgressEvent)>, Closure<dyn Fn()>);

fn attend(request: &XmlHttpRequest, upload: Upload) -> Result<Callbacks, JsValue> {
    request.set_request_header("content-type", "application/json")?;
    let Upload { on_sent, abort, .. } = upload;
    let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        on_sent(event.loaded() / event.total().max(1.0));
    });
    request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    let stopped = request.clone();
    let stop = Closure::<dyn Fn()>::new(move || {
        // Fails for requests that are at an end only.
        let _ = stopped.abort();
    });
    abort.set_onabort(Some(stop.as_ref().unchecked_ref()));
    Ok((progress, stop))
}
