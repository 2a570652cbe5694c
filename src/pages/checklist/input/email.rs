//! An e-mail address.

use checklist::Kind;
use leptos::prelude::*;

use super::{
    Tie,
    typed::{Look, doubted},
};
use crate::i18n::say;

pub(super) fn email(tie: Tie) -> AnyView {
    let look = Look { class: "input", keyboard: "email", autocomplete: "email" };
    let doubt = |text: &str| (!looks_right(text)).then(|| say!(checklist.doubt_email));
    doubted(tie, Kind::Email, look, doubt)
}

fn looks_right(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
            && !text.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_wrong_is_doubted() {
        for good in ["a@b.ee", "first.last+tag@sub.example.org", "õ@ä.ee"] {
            assert!(looks_right(good), "{good}");
        }
        for odd in ["a", "a@b", "@b.ee", "a@b.ee.", "a@.ee", "a b@c.ee", "a@b@c.ee"] {
            assert!(!looks_right(odd), "{odd}");
        }
    }
}
