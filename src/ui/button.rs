use leptos::prelude::*;

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Emphasis {
    /// The one action this place is for.
    Primary,
    /// Everything else.
    #[default]
    Quiet,
    /// No frame: for a small action inside a line.
    Plain,
    /// Cannot be undone.
    Danger,
}

impl Emphasis {
    /// The classes of a button or of a link that looks like one.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Quiet => "button",
            Self::Plain => "button button--plain",
            Self::Danger => "button button--danger",
        }
    }
}

/// A button. While it is blocked it stays focusable and says why.
#[component]
pub(crate) fn Button(
    /// How much it asks to be pressed.
    #[prop(optional)]
    emphasis: Emphasis,
    /// Whether it sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// Whether what it started is still under way; a second press does nothing.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Called on each press.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The label.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=emphasis.class()
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                } else if let Some(on_press) = on_press {
                    on_press.run(());
                }
            }
        >
            {children()}
        </button>
    }
}
