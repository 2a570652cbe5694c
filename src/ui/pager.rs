use leptos::prelude::*;

use super::{Glyph, Icon, live};

/// The words of a pager, which knows no language.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PagerWords {
    /// Names the navigation: "Pages".
    pub(crate) label: String,
    /// "Previous".
    pub(crate) previous: String,
    /// "Next".
    pub(crate) next: String,
    /// Where one is: "11–20 of 400".
    pub(crate) position: String,
}

/// Steps through the pages of a list. Each step is a link, so that it can be opened elsewhere.
#[component]
pub(crate) fn Pager(
    /// What it says.
    #[prop(into)]
    words: Signal<PagerWords>,
    /// The address of the page before, if there is one.
    #[prop(into)]
    previous: Signal<Option<String>>,
    /// The address of the page after, if there is one.
    #[prop(into)]
    next: Signal<Option<String>>,
) -> impl IntoView {
    let step = |target: Option<String>, label: String, glyph: Glyph| match target {
        Some(href) => view! {
            <a href=href class="button" aria-label=label><Icon glyph/></a>
        }
        .into_any(),
        // Kept in place so that the other step does not move under the pointer.
        None => view! {
            <span class="button button--off" aria-hidden="true"><Icon glyph/></span>
        }
        .into_any(),
    };
    view! {
        <nav class="pager" aria-label=move || words.get().label>
            <p class="pager__position" role="status">{live(move || words.get().position)}</p>
            {live(move || step(previous.get(), words.get().previous, Glyph::ChevronLeft))}
            {live(move || step(next.get(), words.get().next, Glyph::ChevronRight))}
        </nav>
    }
}
