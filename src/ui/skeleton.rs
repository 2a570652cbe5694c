use leptos::prelude::*;

/// What a placeholder stands for, so that the page does not jump when the content comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SkeletonShape {
    /// Rows of a table.
    Table,
    /// A page of text and facts.
    Page,
}

/// A grey shape where content will be. It appears only after a moment, so that fast answers do not
/// flicker.
#[component]
pub(crate) fn Skeleton(
    /// What it stands for.
    shape: SkeletonShape,
) -> impl IntoView {
    let lines = match shape {
        SkeletonShape::Table => 10,
        SkeletonShape::Page => 6,
    };
    view! {
        <div class="skeleton" role="status" aria-busy="true">
            {(0..lines).map(|_| view! { <div class="skeleton__line"></div> }).collect_view()}
        </div>
    }
}
