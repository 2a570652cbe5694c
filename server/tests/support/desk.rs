//! The server in this process: its data in a folder, and its router to be asked without a network.

use std::path::Path;

use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, Response, request},
};
use http_body_util::BodyExt;
use purser::{App, Settings, Store, demo};
use tower::ServiceExt;

/// A server on the data in a folder. Where there is none yet, the demo's is made.
pub(crate) fn open(folder: &Path, settings: Settings, accounts: usize) -> (Store, Router) {
    let store = Store::open(folder).expect("a store");
    demo::seed(&store, accounts).expect("demo data");
    let router = purser::router(App::new(store.clone(), settings));
    (store, router)
}

/// The beginning of a request, of the person with the token if there is one.
pub(crate) fn request(method: &str, url: &str, token: Option<&str>) -> request::Builder {
    let request = Request::builder().method(method).uri(url);
    match token {
        Some(token) => request.header("authorization", format!("Token {token}")),
        None => request,
    }
}

/// Sends a request and reads all of the answer.
pub(crate) async fn exchange(
    router: &Router,
    request: request::Builder,
    body: impl Into<Body>,
) -> Response<Bytes> {
    let request = request.body(body.into()).expect("an HTTP request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = answer.into_parts();
    Response::from_parts(parts, body.collect().await.expect("a body").to_bytes())
}
