//! Several lines of text.

use checklist::Kind;
use leptos::prelude::*;

use super::{
    Tie,
    typed::{EmptyText, plain},
};

pub(super) fn text_area(tie: Tie) -> AnyView {
    let typed = plain(tie.entry, Kind::TextArea);
    view! {
        <textarea
            class="input"
            rows="4"
            dir="auto"
            id=tie.first_id()
            aria-labelledby=tie.label_id()
            aria-describedby=tie.by
            aria-required=tie.required()
            aria-invalid=tie.invalid()
            prop:value=move || typed.text()
            on:input:target=move |event| typed.set(event.target().value())
        ></textarea>
        <EmptyText tie/>
    }
    .into_any()
}
