//! What went wrong, in the words of the person it happened to.

use api::ApiError;

use crate::i18n::say;

/// One sentence: what failed and, where it helps, what to do.
pub(crate) fn explain(error: &ApiError) -> String {
    match error {
        ApiError::Offline => say!(error.offline),
        ApiError::SignedOut { .. } => say!(error.signed_out),
        ApiError::Forbidden { .. } => say!(error.forbidden),
        ApiError::NotFound => say!(error.not_found),
        ApiError::Rejected(body) => {
            let messages = body.general();
            if messages.is_empty() { say!(error.rejected) } else { messages.join(" ") }
        }
        ApiError::Conflict { detail } => say!(error.conflict, detail = detail.clone()),
        ApiError::FeatureOff => say!(error.feature_off),
        ApiError::Server { .. } => say!(error.server),
        ApiError::Protocol(_) => say!(error.protocol),
    }
}
