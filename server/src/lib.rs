//! The embedded backend: Waldur's REST API for offering users, as far as Purser uses it, and the
//! built app itself. Where the behaviour differs from Waldur's on purpose is listed in
//! `server/DIFFERENCES.md`.

mod access;
mod assets;
mod auth;
mod call;
mod checklists;
mod clock;
mod consents;
pub mod demo;
mod error;
mod html;
pub mod listen;
mod media;
mod offering_users;
mod offerings;
mod page;
mod session;
mod store;
pub mod upstream;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, patch, post},
};

use serde_json::{Value, json};

use auth::Lockout;
use error::Error;
pub use store::{OpenError, Store};

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    store: Store,
    lockout: Arc<Lockout>,
}

impl App {
    /// Serves the data in `store`.
    pub fn new(store: Store) -> Self {
        Self { store, lockout: Arc::default() }
    }
}

/// Answers travel with their files inside, so bodies may be large. A real deployment leaves the
/// limit to its proxy (`contract.md` 5.4).
const LARGEST_BODY: usize = 64 << 20;

/// Everything the server answers.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/api-auth/password/", post(session::sign_in))
        .route("/api-auth/logout/", post(session::sign_out))
        .route("/api/configuration/", get(session::configuration))
        .route("/api/users/me/", get(session::me))
        .route("/api/roles/", get(session::roles))
        .route(
            "/api/marketplace-offering-users/",
            get(offering_users::list).post(offering_users::create),
        )
        .route(
            "/api/marketplace-offering-users/checklist-template/",
            get(checklists::checklist_template),
        )
        .merge(one_offering_user())
        .route(
            "/api/marketplace-user-offering-consents/",
            get(consents::list).post(consents::grant),
        )
        .route("/api/marketplace-user-offering-consents/{uuid}/", get(consents::retrieve))
        .route("/api/marketplace-user-offering-consents/{uuid}/revoke/", post(consents::revoke))
        .route("/api/marketplace-offering-terms-of-service/", get(consents::terms))
        .route("/api/marketplace-provider-offerings/", get(offerings::provided))
        .route("/api/marketplace-provider-offerings/{uuid}/", get(offerings::provided_one))
        .route("/api/marketplace-public-offerings/", get(offerings::public))
        .route("/api/marketplace-public-offerings/{uuid}/", get(offerings::public_one))
        .route("/api/media/{uuid}/", get(media::download))
        .route("/healthz", get(healthz))
        .method_not_allowed_fallback(wrong_method)
        .fallback(assets::serve)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn(never_cached))
        .with_state(app)
}

fn one_offering_user() -> Router<App> {
    let account = |action: &str| format!("/api/marketplace-offering-users/{{uuid}}/{action}");
    let mut routes = Router::new()
        .route(
            &account(""),
            get(offering_users::retrieve)
                .put(offering_users::update)
                .patch(offering_users::update)
                .delete(offering_users::delete),
        )
        .route(&account("update_comments/"), patch(offering_users::update_comments))
        .route(&account("update_restricted/"), post(offering_users::update_restricted))
        .route(&account("update_runtime_state/"), post(offering_users::update_runtime_state))
        .route(&account("checklist/"), get(checklists::checklist))
        .route(&account("checklist_review/"), get(checklists::checklist_review))
        .route(&account("completion_status/"), get(checklists::completion_status))
        .route(&account("completion_review_status/"), get(checklists::completion_review_status))
        .route(&account("submit_answers/"), post(checklists::submit_answers));
    for transition in api::Transition::ALL {
        routes = routes.route(
            &account(&format!("{}/", transition.action())),
            post(move |app, call, body| offering_users::transition(app, call, body, transition)),
        );
    }
    routes
}

/// Says that the program runs, to whoever watches over it.
async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

async fn wrong_method(request: Request) -> Error {
    Error::WrongMethod(request.method().to_string())
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
