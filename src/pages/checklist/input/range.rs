//! A typed number with its bounds. What was typed stays; what it means is sent as a number.

use checklist::{Bounds, Kind, Value};
use leptos::prelude::*;

use super::{
    Tie,
    typed::{Look, Typed, line},
};
use crate::{format, i18n::say, ui::live};

pub(super) fn field(tie: Tie, kind: Kind, bounds: Bounds, keyboard: &'static str) -> AnyView {
    let entry = tie.entry;
    let typed = Typed::new(entry, kind, shown);
    let look = Look { class: "input input--short", keyboard, autocomplete: "off" };
    let range_id = format!("{}-range", tie.dom_id);
    let words = move || match understood(&typed.text(), entry.value()) {
        Some(number) => say!(checklist.understood, number = number),
        None => range_words(&bounds),
    };
    view! {
        {line(&tie, typed, look, Some(range_id.clone()))}
        <p class="soft question__range" id=range_id>{live(words)}</p>
    }
    .into_any()
}

/// A number as it stands in the field.
fn shown(value: &Value) -> String {
    match value {
        // A text is an answer too, and is compared as text.
        Value::Text(text) => text.clone(),
        number => format::decimal(&number.python_repr()),
    }
}

/// The number that was understood, where the text can be meant in two ways: `1,000` may be a thousand.
fn understood(text: &str, answer: Option<Value>) -> Option<String> {
    let (before, behind) = text.trim().split_once([',', '.'])?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let is_ambiguous = digits(before.trim_start_matches(['-', '+'])) && digits(behind);
    (is_ambiguous && behind.len() == 3).then_some(answer).flatten().map(|it| shown(&it))
}

fn range_words(bounds: &Bounds) -> String {
    match (bounds.min.as_deref().map(trim_bound), bounds.max.as_deref().map(trim_bound)) {
        (Some(min), Some(max)) => say!(checklist.range, min = min, max = max),
        (Some(min), None) => say!(checklist.range_from, min = min),
        (None, Some(max)) => say!(checklist.range_to, max = max),
        (None, None) => String::new(),
    }
}

/// A bound as people write it: `10.5000` is 10.5.
pub(in crate::pages::checklist) fn trim_bound(bound: &str) -> String {
    let bound = match bound.contains('.') {
        true => bound.trim_end_matches('0').trim_end_matches('.'),
        false => bound,
    };
    format::decimal(bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_lose_their_padding_only() {
        assert_eq!(trim_bound("10.5000"), "10.5");
        assert_eq!(trim_bound("100.0000"), "100");
        assert_eq!(trim_bound("100"), "100");
    }

    #[test]
    fn what_may_be_a_thousand_is_said_back() {
        let thousandth = Some(Value::Float(1.25));
        assert_eq!(understood("1,250", thousandth.clone()), Some("1.25".to_owned()));
        assert_eq!(understood("1.250", thousandth.clone()), Some("1.25".to_owned()));
        for plain in ["1.25", "1250", "1,2500", "", "1,x50", ",250"] {
            assert_eq!(understood(plain, thousandth.clone()), None, "{plain}");
        }
        assert_eq!(understood("1,250", None), None);
    }
}
