//! What the operator of this site wants, from `/config.json`: `{"drafts": "encrypted"}`. The file may
//! be missing.

use std::cell::RefCell;

use api::{ApiError, Method, Response};
use checklist::Value;
use journal::Policy;

use crate::{fetch::exchange, theme::choice};

/// Where the operator's last known word on drafts is kept, for when the file does not come.
const LAST_KNOWN: &str = "purser.operator-drafts";

/// What the operator wants.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Config {
    /// What may be remembered of answers that are not saved.
    pub(crate) drafts: Policy,
    /// What stands there in its place and is no policy. Then drafts are only kept in memory: the
    /// operator wanted something, and nobody knows what.
    pub(crate) wrong: Option<String>,
}

thread_local! {
    /// It is asked for once.
    static CONFIG: RefCell<Option<Config>> = const { RefCell::new(None) };
}

/// What the operator wants.
pub(crate) async fn config() -> Config {
    if let Some(known) = CONFIG.with_borrow(Clone::clone) {
        return known;
    }
    let answer = exchange(Method::Get, "/config.json", None, None, None).await;
    let Some(config) = read(answer) else {
        return Config { drafts: last_known(), wrong: None };
    };
    choice::keep(LAST_KNOWN, config.drafts.name());
    CONFIG.set(Some(config.clone()));
    config
}

/// What the operator was last known to want of drafts, by this tab or another.
pub(crate) fn last_known() -> Policy {
    choice::read(LAST_KNOWN).and_then(|it| Policy::from_name(&it)).unwrap_or_default()
}

/// What an answer says. A server that has no such file may send its page instead. `None`: it could
/// not be asked.
fn read(answer: Result<Response, ApiError>) -> Option<Config> {
    let response = answer.ok()?;
    let text = String::from_utf8_lossy(&response.body);
    let is_page = text.trim_start().starts_with('<');
    match response.status {
        200 if is_page => Some(Config::default()),
        200 => Some(read_file(&text)),
        404 | 410 => Some(Config::default()),
        _ => None,
    }
}

fn read_file(text: &str) -> Config {
    let wrong = |what: &str| Config { drafts: Policy::Memory, wrong: Some(what.to_owned()) };
    let Ok(file @ Value::Map(_)) = Value::from_json(text) else { return wrong("…") };
    match file.get("drafts") {
        None => Config::default(),
        Some(Value::Text(name)) => match Policy::from_name(name) {
            Some(drafts) => Config { drafts, wrong: None },
            None => wrong(name),
        },
        Some(other) => wrong(&other.to_json()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<Response, ApiError> {
        Ok(Response { status, total: None, body: body.as_bytes().to_vec() })
    }

    fn drafts(drafts: Policy) -> Option<Config> {
        Some(Config { drafts, wrong: None })
    }

    #[test]
    fn the_file_says_what_is_kept() {
        assert_eq!(read(answer(200, r#"{"drafts":"off"}"#)), drafts(Policy::Off));
        assert_eq!(read(answer(200, r#"{"drafts":"memory","x":1}"#)), drafts(Policy::Memory));
    }

    #[test]
    fn without_a_file_drafts_are_kept_encrypted() {
        assert_eq!(read(answer(404, "Not found.")), drafts(Policy::Encrypted));
        assert_eq!(read(answer(200, "\n<!doctype html>")), drafts(Policy::Encrypted));
        assert_eq!(read(answer(200, "{}")), drafts(Policy::Encrypted));
    }

    #[test]
    fn a_wrong_file_is_not_taken_for_a_permission() {
        for (body, wrong) in [
            (r#"{"drafts":"of"}"#, "of"),
            (r#"{"drafts":null}"#, "null"),
            (r#"{"drafts":"off",}"#, "…"),
            ("[]", "…"),
            ("", "…"),
        ] {
            let expected = Config { drafts: Policy::Memory, wrong: Some(wrong.to_owned()) };
            assert_eq!(read(answer(200, body)), Some(expected), "{body}");
        }
    }

    #[test]
    fn a_server_that_fails_has_not_said_anything() {
        assert_eq!(read(answer(503, r#"{"drafts":"off"}"#)), None);
        assert_eq!(read(Err(ApiError::Offline)), None);
    }
}
