//! A telephone number.

use checklist::Kind;
use leptos::prelude::*;

use super::{
    Tie,
    typed::{Look, doubted},
};
use crate::i18n::say;

pub(super) fn phone_number(tie: Tie) -> AnyView {
    let look = Look { class: "input input--short", keyboard: "tel", autocomplete: "tel" };
    let doubt = |text: &str| (!looks_right(text)).then(|| say!(checklist.doubt_phone));
    doubted(tie, Kind::PhoneNumber, look, doubt)
}

fn looks_right(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let shape = |it: char| it.is_ascii_digit() || matches!(it, ' ' | '-' | '(' | ')' | '.' | '/');
    (7..=15).contains(&digits) && text.strip_prefix('+').unwrap_or(text).chars().all(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_wrong_is_doubted() {
        for good in ["+372 5555 1234", "(020) 7946-0958"] {
            assert!(looks_right(good), "{good}");
        }
        for odd in ["12", "call me", "+", "+372 5555 1234 x9", "1234567890123456"] {
            assert!(!looks_right(odd), "{odd}");
        }
    }
}
