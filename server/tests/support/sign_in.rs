//! Signing in to the server in this process.

use axum::Router;
use serde_json::{Value, json};

use crate::support::{exchange, request};

/// The token of one of the demo's people.
pub(crate) async fn sign_in(router: &Router, name: &str) -> String {
    let body = json!({ "username": name, "password": purser::demo::PASSWORD });
    let request = request("POST", "/api-auth/password/", None);
    let answer = exchange(router, request, body.to_string()).await;
    let body: Value = serde_json::from_slice(answer.body()).expect("JSON");
    body["token"].as_str().unwrap_or_else(|| panic!("{name}: {body}")).to_owned()
}
