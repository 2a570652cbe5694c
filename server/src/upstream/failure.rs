//! What a person is told when the upstream's answer is not there.

use std::{error::Error, io, iter};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use http_body_util::LengthLimitError;
use hyper_util::client::legacy;
use serde_json::json;

/// Why a request was not passed on, or not answered. The texts are for the log.
#[derive(Debug)]
pub(super) enum Failure {
    /// A path that might leave its prefix.
    Path,
    /// A verb that is not the API's.
    Method,
    /// No `Host`, or none that is one.
    Host,
    /// A body beyond the limit.
    TooLarge,
    /// A body that ended before its end.
    Broken,
    /// No connection.
    Unreachable(String),
    /// An answer that is none.
    Garbled(String),
    /// Nothing within the limit.
    TooSlow(String),
}

impl From<legacy::Error> for Failure {
    fn from(error: legacy::Error) -> Self {
        let first: &dyn Error = &error;
        let causes = || iter::successors(Some(first), |it| (*it).source());
        let is_slow = causes()
            .filter_map(|it| it.downcast_ref::<io::Error>())
            .any(|it| it.kind() == io::ErrorKind::TimedOut);
        let is_ours =
            causes().filter_map(|it| it.downcast_ref::<hyper::Error>()).any(hyper::Error::is_user);
        let reason = || causes().map(ToString::to_string).collect::<Vec<_>>().join(": ");
        if causes().any(|it| it.is::<LengthLimitError>()) {
            Self::TooLarge
        } else if is_ours {
            Self::Broken
        } else if is_slow {
            Self::TooSlow(reason())
        } else if error.is_connect() {
            Self::Unreachable(reason())
        } else {
            Self::Garbled(reason())
        }
    }
}

impl Failure {
    /// For the log: what only the operator can mend.
    pub(super) fn reason(&self) -> Option<&str> {
        match self {
            Self::Unreachable(reason) | Self::Garbled(reason) | Self::TooSlow(reason) => {
                Some(reason)
            }
            Self::Path | Self::Method | Self::Host | Self::TooLarge | Self::Broken => None,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Path | Self::Host | Self::Broken => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreachable(_) | Self::Garbled(_) => StatusCode::BAD_GATEWAY,
            Self::TooSlow(_) => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    fn sentence(&self) -> &'static str {
        match self {
            Self::Path => "This path is not passed on to Waldur.",
            Self::Method => "This method is not passed on to Waldur.",
            Self::Host => "The request does not say which host it is for.",
            Self::TooLarge => "The request is too large.",
            Self::Broken => "The request broke off.",
            Self::Unreachable(_) => "Waldur cannot be reached. Try again in a few minutes.",
            Self::Garbled(_) => "Waldur's answer makes no sense. Try again in a few minutes.",
            Self::TooSlow(_) => {
                "Waldur does not answer. What you asked for may still happen: look before you try \
                 again."
            }
        }
    }

    /// The answer: `detail` as in every error of the API, or a page for a browser that shows it.
    pub(super) fn answer(&self, wants_page: bool) -> Response {
        let sentence = self.sentence();
        let mut response = if wants_page {
            Html(page(sentence)).into_response()
        } else {
            Json(json!({ "detail": sentence })).into_response()
        };
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
        set(header::CACHE_CONTROL, "no-store");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        response
    }
}

fn page(sentence: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Purser</title>\n\
         <main>\n<h1>This did not work</h1>\n<p>{sentence}</p>\n\
         <p><a href=\"/\">Back to Purser</a></p>\n</main>\n</html>\n"
    )
}
