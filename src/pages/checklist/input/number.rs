//! Numbers. What was typed stays; what it means is sent as a number.

use checklist::{Bounds, Kind};
use leptos::prelude::*;

use super::{Tie, text::text_of};
use crate::{
    draft::{Edit, read},
    i18n::say,
    ui::live,
};

/// A number with an optional fraction.
pub(super) fn number(tie: Tie, bounds: Bounds) -> AnyView {
    field(tie, Kind::Number(bounds.clone()), bounds, "decimal")
}

/// A whole number.
pub(super) fn whole(tie: Tie, bounds: Bounds) -> AnyView {
    field(tie, Kind::Year(bounds.clone()), bounds, "numeric")
}

fn field(tie: Tie, kind: Kind, bounds: Bounds, keyboard: &'static str) -> AnyView {
    let Tie { entry, ref dom_id, by, required } = tie;
    let range_id = format!("{dom_id}-range");
    let range = range_id.clone();
    let described = move || match by.get() {
        Some(by) => format!("{by} {range}"),
        None => range.clone(),
    };
    view! {
        // Not type="number": it hides what it cannot read, and a wheel changes it by accident.
        <input
            class="input input--short"
            type="text"
            inputmode=keyboard
            autocomplete="off"
            id=format!("{dom_id}-0")
            aria-labelledby=tie.label_id()
            aria-describedby=described
            aria-required=required.then_some("true")
            prop:value=move || text_of(entry)
            on:input:target=move |event| {
                let text = event.target().value();
                let value = read(&kind, &text);
                entry.set(Edit::typed(text, value));
            }
        />
        <p class="soft question__range" id=range_id>{live(move || range_words(&bounds))}</p>
    }
    .into_any()
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
    match bound.contains('.') {
        true => bound.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => bound.to_owned(),
    }
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
}
