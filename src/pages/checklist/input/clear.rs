use leptos::prelude::*;

use super::Tie;
use crate::{
    i18n::t,
    ui::{Emphasis, live},
};

/// Back to no answer, where there is one. Focus stays in the question.
#[component]
pub(super) fn Clear(tie: Tie) -> impl IntoView {
    let entry = tie.entry;
    let tie = StoredValue::new(tie);
    live(move || {
        entry.is_answered().then(|| {
            view! {
                <div class="question__clear">
                    <button
                        type="button"
                        class=Emphasis::Plain.class()
                        aria-describedby=tie.with_value(Tie::label_id)
                        on:click=move |_| {
                            entry.clear();
                            tie.with_value(focus);
                        }
                    >
                        {t!(checklist.clear)}
                    </button>
                </div>
            }
        })
    })
}

/// Puts focus into the input of a question.
pub(super) fn focus(tie: &Tie) {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlElement};
    if let Some(input) = document().get_element_by_id(&tie.first_id()) {
        let _ = input.unchecked_into::<HtmlElement>().focus();
    }
}
