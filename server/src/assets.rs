//! The built app, inside this program.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::error::Error;

struct Asset {
    /// With a leading slash.
    path: &'static str,
    content_type: &'static str,
    /// Its name changes with its content, so it never has to be asked for again.
    is_hashed: bool,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
}

// `ASSETS`, written by build.rs from what trunk left in `dist`.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Nothing but our own files runs, and nothing is written as HTML. `data:` is for the pictures
/// inside the style sheet.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
     trusted-types 'none'";

/// Files of the app, and its page for every address the app might know. What looks like a file and
/// is none is not found, so that a stale page fails in a way that can be seen.
pub(crate) async fn serve(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api") {
        return Error::NotFound.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Error::WrongMethod(request.method().to_string()).into_response();
    }
    let looks_like_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let wanted = if looks_like_file { path } else { "/index.html" };
    match ASSETS.iter().find(|it| it.path == wanted) {
        Some(asset) => asset.respond(request.headers()),
        None if looks_like_file => (StatusCode::NOT_FOUND, "Not found.").into_response(),
        None => {
            let reason = "This program was built without the app. `cargo xtask demo` builds both.";
            (StatusCode::NOT_FOUND, reason).into_response()
        }
    }
}

impl Asset {
    fn respond(&self, request: &HeaderMap) -> Response {
        let accepted = request.get(header::ACCEPT_ENCODING).and_then(|it| it.to_str().ok());
        let takes_brotli = accepted.is_some_and(|it| {
            it.split(',').any(|coding| coding.split(';').next().is_some_and(|it| it.trim() == "br"))
        });
        let brotli = self.brotli.filter(|_| takes_brotli);
        let mut response = brotli.unwrap_or(self.plain).into_response();
        let headers = response.headers_mut();
        let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
        set(header::CONTENT_TYPE, self.content_type);
        set(header::VARY, "accept-encoding");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
        set(header::REFERRER_POLICY, "same-origin");
        let age = if self.is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        set(header::CACHE_CONTROL, age);
        if brotli.is_some() {
            set(header::CONTENT_ENCODING, "br");
        }
        response
    }
}
