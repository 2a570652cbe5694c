//! One line of text.

use checklist::Kind;
use leptos::prelude::*;

use super::{
    Tie,
    typed::{EmptyText, Look, line, plain},
};

pub(super) fn text_input(tie: Tie) -> AnyView {
    let look = Look { class: "input", keyboard: "text", autocomplete: "on" };
    view! {
        {line(&tie, plain(tie.entry, Kind::TextInput), look, None)}
        <EmptyText tie/>
    }
    .into_any()
}
