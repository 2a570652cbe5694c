//! A web address.

use checklist::Kind;
use leptos::prelude::*;

use super::{
    Tie,
    typed::{Look, doubted},
};
use crate::i18n::say;

pub(super) fn url(tie: Tie) -> AnyView {
    let look = Look { class: "input", keyboard: "url", autocomplete: "url" };
    let doubt = |text: &str| (!looks_right(text)).then(|| say!(checklist.doubt_url));
    doubted(tie, Kind::Url, look, doubt)
}

fn looks_right(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_wrong_is_doubted() {
        for good in ["https://x.example", "http://localhost:1/y?z"] {
            assert!(looks_right(good), "{good}");
        }
        for odd in ["x.example", "ftp://x.example", "https://", "https:///x", "https://a b"] {
            assert!(!looks_right(odd), "{odd}");
        }
    }
}
