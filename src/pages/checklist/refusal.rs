//! Why the server refused an answer, in words. It tells little, and in Python's words
//! (`contract.md` 5.5).

use crate::i18n::say;

/// The longest text of the server that is shown as it is. A refused file comes back whole.
const LONGEST: usize = 300;

/// The server's reason, made readable.
pub(super) fn refusal_words(reason: &str) -> String {
    let says = |part: &str| reason.contains(part);
    if says("is not valid for the question") {
        say!(refusal.not_valid)
    } else if says("does not belong to this checklist") || says("does not exist") {
        say!(refusal.question_gone)
    } else if says("This field is required") {
        say!(refusal.missing)
    } else if reason.chars().count() > LONGEST {
        say!(refusal.unexplained)
    } else {
        say!(checklist.refused, reason = reason.to_owned())
    }
}
