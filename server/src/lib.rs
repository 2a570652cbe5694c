//! The embedded backend: Waldur's REST API for offering users, as far as Purser uses it, and the
//! built app itself. Where the behaviour differs from Waldur's on purpose is listed in
//! `server/DIFFERENCES.md`.

mod access;
mod admin;
mod assets;
mod auth;
mod call;
mod checklists;
mod clock;
mod completions;
mod config;
mod consents;
pub mod demo;
mod error;
mod fields;
mod filters;
mod fold;
mod html;
pub mod listen;
pub mod log;
mod media;
mod offering_users;
mod offerings;
mod operations;
mod page;
mod providers;
mod roster;
mod session;
mod settings;
mod store;
mod terms;
pub mod upstream;
mod users;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

use auth::{Lockout, User};
pub use config::Drafts;
use error::Error;
pub use operations::{Operation, Origin, operations};
pub use settings::{Profile, Settings};
pub use store::{OpenError, Store};

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    store: Store,
    settings: Settings,
    lockout: Lockout,
    /// How many passwords are hashed at once.
    hashing: Arc<Semaphore>,
}

impl App {
    /// Serves the data in `store`.
    pub fn new(store: Store, settings: Settings) -> Self {
        Self { store, settings, lockout: Lockout::default(), hashing: Arc::new(Semaphore::new(2)) }
    }
}

/// Everything the server answers.
pub fn router(app: App) -> Router {
    let profile = app.settings.profile;
    operations()
        .into_iter()
        .filter(|it| it.is_in(profile))
        .fold(Router::new(), |router, it| router.route(&it.path, it.route()))
        .route("/healthz", get(healthz))
        .method_not_allowed_fallback(wrong_method)
        .fallback(assets::serve)
        .layer(CatchPanicLayer::custom(log::panicked))
        .layer(middleware::from_fn(log::in_json))
        .layer(middleware::from_fn(preflight))
        .layer(middleware::from_fn(never_cached))
        .layer(middleware::from_fn(log::record))
        .with_state(app)
}

/// A browser that asks whether it may ask is told yes, and nothing else (`contract.md` 1.5).
async fn preflight(request: Request, next: Next) -> Response {
    let asks = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if asks && request.method() == Method::OPTIONS && request.uri().path().starts_with("/api") {
        return done();
    }
    next.run(request).await
}

/// Says that the program runs, to whoever watches over it.
async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Who asks is looked at first, except where everybody may ask.
async fn wrong_method(State(app): State<App>, request: Request) -> Error {
    let (mut parts, _) = request.into_parts();
    let path = parts.uri.path();
    let is_open =
        !path.starts_with("/api") || operations().iter().any(|it| it.is_open && it.path == path);
    match User::from_request_parts(&mut parts, &app).await {
        Err(error) if !is_open => error,
        _ => Error::WrongMethod(parts.method.to_string()),
    }
}

/// What the API says is of this moment and for this person. The app's own files say themselves how
/// long they last.
async fn never_cached(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api");
    let mut response = next.run(request).await;
    if is_api {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
    response
}

/// 200 without a body and without a content type (`contract.md` 1.4).
fn done() -> Response {
    StatusCode::OK.into_response()
}
