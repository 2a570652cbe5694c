use leptos::{ev, prelude::*, wasm_bindgen::JsCast};

use super::live;

/// A line that can be opened. What is inside is drawn only while it is open: most never are.
#[component]
pub(crate) fn Fold(
    /// The class of the whole.
    class: &'static str,
    /// The class of the line.
    #[prop(optional)]
    line_class: &'static str,
    /// What the line says.
    label: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
    /// Draws what is inside.
    children: ChildrenFn,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let on_toggle = move |event: ev::Event| {
        let details = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        is_open.set(details.is_some_and(|it| it.has_attribute("open")));
    };
    view! {
        <details class=class on:toggle=on_toggle>
            <summary class=line_class>{label}</summary>
            {live(move || is_open.get().then(|| children()))}
        </details>
    }
}
