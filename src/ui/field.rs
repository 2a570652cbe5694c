use leptos::prelude::*;

use super::{Glyph, Icon, live};

/// The ids that tie an input to its hint and its error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Described {
    /// For `id` on the input.
    pub(crate) id: StoredValue<String>,
    /// For `aria-describedby` on the input.
    pub(crate) by: Signal<Option<String>>,
    /// For `aria-invalid` on the input.
    pub(crate) invalid: Signal<Option<&'static str>>,
}

/// A label, a hint and an error around one input.
#[component]
pub(crate) fn Field<V: IntoView + 'static>(
    /// Unique on the page. The ids of the parts are made from it.
    #[prop(into)]
    id: String,
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// Help for answering it.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong with the answer.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Draws the input.
    children: impl FnOnce(Described) -> V,
) -> impl IntoView {
    let hint_id = StoredValue::new(format!("{id}-hint"));
    let error_id = StoredValue::new(format!("{id}-error"));
    let by = Signal::derive(move || {
        let hint = hint.read().is_some().then(|| hint_id.get_value());
        let error = error.read().is_some().then(|| error_id.get_value());
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    });
    let invalid = Signal::derive(move || error.read().is_some().then_some("true"));
    let described = Described { id: StoredValue::new(id.clone()), by, invalid };
    view! {
        <div class="field" class:field--invalid=move || error.read().is_some()>
            <label class="field__label" for=id>{label}</label>
            {live(move || hint.get().map(|hint| view! {
                <p class="field__hint" id=hint_id.get_value()>{hint}</p>
            }))}
            <FieldError id=error_id error/>
            {children(described)}
        </div>
    }
}

/// What is wrong with an answer, tied to the input by `id`.
#[component]
pub(crate) fn FieldError(
    /// The id that the input's `aria-describedby` names.
    id: StoredValue<String>,
    /// What is wrong; nothing is drawn when nothing is.
    error: Signal<Option<String>>,
) -> impl IntoView {
    live(move || {
        error.get().map(|error| {
            view! {
                <p class="field__error" id=id.get_value()>
                    <Icon glyph=Glyph::Warning/>
                    {error}
                </p>
            }
        })
    })
}
