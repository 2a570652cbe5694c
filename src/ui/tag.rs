use leptos::prelude::*;

/// The colour of a tag. It never stands alone: the words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagTone {
    /// Nothing to do.
    Neutral,
    /// Under way.
    Progress,
    /// Well.
    Good,
    /// Waits for somebody.
    Waiting,
    /// Went wrong.
    Bad,
}

impl TagTone {
    fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tag",
            Self::Progress => "tag tag--progress",
            Self::Good => "tag tag--good",
            Self::Waiting => "tag tag--waiting",
            Self::Bad => "tag tag--bad",
        }
    }
}

/// A word or two with a dot in a colour.
#[component]
pub(crate) fn Tag(
    /// The colour.
    #[prop(into)]
    tone: Signal<TagTone>,
    /// The words.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! { <span class=move || tone.get().class()>{label}</span> }
}
