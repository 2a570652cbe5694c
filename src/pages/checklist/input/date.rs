//! Dates and times by the browser's own pickers, which also take typing.

use checklist::Value;
use leptos::prelude::*;

use super::{Tie, text::text_of};
use crate::draft::Edit;

/// A calendar date, sent as `2025-09-04`.
pub(super) fn date(tie: Tie) -> AnyView {
    picker(tie, "date", |text| text)
}

/// A date with a time, sent as `2025-09-04T12:30`: the local time the person means.
pub(super) fn date_time(tie: Tie) -> AnyView {
    // The picker takes no zone and no seconds' fraction; a stored answer may have both.
    picker(tie, "datetime-local", |text| text.get(..16).map(str::to_owned).unwrap_or(text))
}

fn picker(tie: Tie, input_type: &'static str, shown: fn(String) -> String) -> AnyView {
    let Tie { entry, ref dom_id, by, required } = tie;
    view! {
        <input
            class="input input--short input--date"
            type=input_type
            id=format!("{dom_id}-0")
            aria-labelledby=tie.label_id()
            aria-describedby=by
            aria-required=required.then_some("true")
            prop:value=move || shown(text_of(entry))
            on:input:target=move |event| {
                let text = event.target().value();
                entry.set(if text.is_empty() {
                    Edit::to(Value::Null)
                } else {
                    Edit::to(Value::Text(text))
                });
            }
        />
    }
    .into_any()
}
