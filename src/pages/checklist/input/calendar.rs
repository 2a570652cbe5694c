//! What the two kinds of dates share: a line to type into, what is understood of it, and a button for
//! the browser's own picker.

use checklist::{Kind, Value};
use leptos::{html, prelude::*};

use super::{
    Tie,
    typed::{Look, Typed, line},
};
use crate::{
    i18n::t,
    ui::{Glyph, Icon, live},
};

/// What sets one kind of date apart.
pub(super) struct Calendar {
    pub(super) kind: Kind,
    /// The type of the browser's own input.
    pub(super) native: &'static str,
    /// An answer in full, so that one sees which day it is.
    pub(super) full: fn(&str) -> Option<String>,
    /// Where the picker starts.
    pub(super) start: fn(&str) -> String,
    /// What can be typed.
    pub(super) hint: fn() -> String,
    /// A short answer, or the text as it is.
    pub(super) show: fn(&Value) -> String,
}

pub(super) fn calendar(tie: Tie, calendar: Calendar) -> AnyView {
    let Calendar { kind, native, full, start, hint, show } = calendar;
    let entry = tie.entry;
    let typed = Typed::new(entry, kind, show);
    let look = Look { class: "input", keyboard: "text", autocomplete: "off" };
    let hint_id = format!("{}-understood", tie.dom_id);
    let answer = move || {
        entry.with(|value| match value {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        })
    };
    let picker = NodeRef::<html::Input>::new();
    let open = move |_| {
        let Some(picker) = picker.get_untracked() else { return };
        picker.set_value(&untrack(answer).as_deref().map(start).unwrap_or_default());
        if picker.show_picker().is_err() {
            // Old browsers open it on focus, or let one type.
            let _ = picker.focus();
        }
    };
    view! {
        <div class="picked">
            {line(&tie, typed, look, Some(hint_id.clone()))}
            <input
                class="picked__native"
                type=native
                node_ref=picker
                tabindex="-1"
                aria-hidden="true"
                on:input:target=move |event| match event.target().value() {
                    none if none.is_empty() => typed.choose(Value::Null),
                    chosen => typed.choose(Value::Text(chosen)),
                }
            />
            <button
                type="button"
                class="button picked__open"
                aria-label=t!(checklist.pick_date)
                aria-describedby=tie.label_id()
                on:click=open
            >
                <Icon glyph=Glyph::Calendar/>
            </button>
        </div>
        <p class="soft question__range" id=hint_id>
            {live(move || answer().as_deref().and_then(full).unwrap_or_else(hint))}
        </p>
    }
    .into_any()
}
