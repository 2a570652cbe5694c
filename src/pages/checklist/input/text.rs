//! Text of one line or several. The server takes any text for e-mail, address and phone; a shape
//! that looks wrong is pointed out and not refused.

use checklist::Value;
use leptos::prelude::*;

use super::Tie;
use crate::{
    draft::{Edit, Entry},
    i18n::say,
};

/// What a line of text is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Line {
    Text,
    Phone,
    Email,
    Url,
}

impl Line {
    fn input_type(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Phone => "tel",
            Self::Email => "email",
            Self::Url => "url",
        }
    }

    /// What looks wrong, if anything does.
    fn doubt(self, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        match self {
            Self::Text => None,
            Self::Phone => (!looks_like_phone(text)).then(|| say!(checklist.doubt_phone)),
            Self::Email => (!looks_like_email(text)).then(|| say!(checklist.doubt_email)),
            Self::Url => (!looks_like_url(text)).then(|| say!(checklist.doubt_url)),
        }
    }
}

/// One line.
pub(super) fn line(tie: Tie, line: Line) -> AnyView {
    let Tie { entry, ref dom_id, by, required } = tie;
    let doubt = Memo::new(move |_| line.doubt(&text_of(entry)));
    view! {
        <input
            class="input"
            type=line.input_type()
            id=format!("{dom_id}-0")
            aria-labelledby=tie.label_id()
            aria-describedby=by
            aria-required=required.then_some("true")
            prop:value=move || text_of(entry)
            on:input:target=move |event| entry.set(text_edit(event.target().value()))
        />
        <p class="question__doubt" role="status">{doubt}</p>
    }
    .into_any()
}

/// Several lines.
pub(super) fn area(tie: Tie) -> AnyView {
    let Tie { entry, ref dom_id, by, required } = tie;
    view! {
        <textarea
            class="input"
            rows="4"
            id=format!("{dom_id}-0")
            aria-labelledby=tie.label_id()
            aria-describedby=by
            aria-required=required.then_some("true")
            prop:value=move || text_of(entry)
            on:input:target=move |event| entry.set(text_edit(event.target().value()))
        ></textarea>
    }
    .into_any()
}

/// The answer as text.
pub(super) fn text_of(entry: Entry) -> String {
    entry.typed().unwrap_or_else(|| {
        entry.with(|value| match value {
            Some(Value::Text(text)) => text.clone(),
            Some(other) => other.python_repr(),
            None => String::new(),
        })
    })
}

/// An emptied field asks for the answer to be deleted: an empty text would count as answered
/// (`contract.md` 5.2).
fn text_edit(text: String) -> Edit {
    if text.is_empty() { Edit::to(Value::Null) } else { Edit::to(Value::Text(text)) }
}

fn looks_like_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
            && !text.contains(char::is_whitespace)
    })
}

fn looks_like_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace)
    })
}

fn looks_like_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let shape = |it: char| it.is_ascii_digit() || matches!(it, ' ' | '-' | '(' | ')' | '.' | '/');
    (7..=15).contains(&digits) && text.strip_prefix('+').unwrap_or(text).chars().all(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_only_doubted_when_they_look_wrong() {
        for good in ["a@b.ee", "first.last+tag@sub.example.org"] {
            assert!(looks_like_email(good), "{good}");
        }
        for odd in ["a", "a@b", "@b.ee", "a@b.ee.", "a b@c.ee", "a@b@c.ee"] {
            assert!(!looks_like_email(odd), "{odd}");
        }
        for good in ["https://x.example", "http://localhost:1/y?z"] {
            assert!(looks_like_url(good), "{good}");
        }
        for odd in ["x.example", "ftp://x.example", "https://", "https:///x", "https://a b"] {
            assert!(!looks_like_url(odd), "{odd}");
        }
        for good in ["+372 5555 1234", "(020) 7946-0958"] {
            assert!(looks_like_phone(good), "{good}");
        }
        for odd in ["12", "call me", "+", "+372 5555 1234 x9", "1234567890123456"] {
            assert!(!looks_like_phone(odd), "{odd}");
        }
    }
}
