//! What the app asks before it keeps anything on a device: `/config.json`.

use axum::{
    Json, Router,
    http::{HeaderValue, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use crate::log;

/// What browsers may keep of answers that are not saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drafts {
    /// On the device, encrypted, until the answers are saved or the person signs out.
    #[default]
    Encrypted,
    /// While the page is open.
    Memory,
    /// While the form is open.
    Off,
}

impl Drafts {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Encrypted, Self::Memory, Self::Off];

    /// Its name on the command line and in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Memory => "memory",
            Self::Off => "off",
        }
    }

    /// Answers the file, beside whatever else a server answers.
    pub fn router(self) -> Router {
        Router::new()
            .route("/config.json", get(async move || self.respond()))
            .layer(middleware::from_fn(log::record))
    }

    fn respond(self) -> Response {
        let mut response = Json(json!({ "drafts": self.name() })).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}
