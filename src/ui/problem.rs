use leptos::prelude::*;

use super::{Glyph, Icon};

/// How serious a message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Good to know.
    Info,
    /// It worked.
    Success,
    /// Something asks for attention.
    Warning,
    /// Something failed.
    #[default]
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Info => "problem problem--info",
            Self::Success => "problem problem--success",
            Self::Warning => "problem problem--warning",
            Self::Danger => "problem problem--danger",
        }
    }

    fn glyph(self) -> Glyph {
        match self {
            Self::Info => Glyph::Info,
            Self::Success => Glyph::Check,
            Self::Warning | Self::Danger => Glyph::Warning,
        }
    }
}

/// A message in the flow of the page: what happened, and what to do. A failure is announced.
#[component]
pub(crate) fn Problem(
    /// How serious it is.
    #[prop(optional)]
    tone: Tone,
    /// The one sentence.
    #[prop(into)]
    title: Signal<String>,
    /// More, and the way out.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=tone.class() role=(tone == Tone::Danger).then_some("alert")>
            <Icon glyph=tone.glyph()/>
            <div class="problem__body">
                <p class="problem__title">{title}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
