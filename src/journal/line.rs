use leptos::prelude::*;

use super::{State, Trouble, state};
use crate::{
    i18n::say,
    ui::{Glyph, Icon, live},
};

/// Says where changes are. What a person should know is announced when it happens, once.
#[component]
pub(crate) fn JournalLine() -> impl IntoView {
    let now = Memo::new(|_| state());
    view! {
        <p class="journal" role="status" class:journal--lost=move || is_warning(&now.read())>
            {live(move || is_warning(&now.read()).then(|| view! { <Icon glyph=Glyph::Warning/> }))}
            {live(move || words(&now.read()))}
        </p>
    }
}

/// Whether the person has to do something about it.
fn is_warning(state: &State) -> bool {
    matches!(state, State::Lost(_) | State::Memory(Some(_)))
}

fn words(state: &State) -> String {
    match state {
        State::Opening => String::new(),
        State::Kept => say!(journal.kept),
        State::KeepingFile => say!(journal.keeping_file),
        State::Memory(None) => say!(journal.memory),
        State::Memory(Some(wrong)) => say!(journal.wrong_config, wrong = wrong.clone()),
        State::Off => say!(journal.off),
        State::Lost(Trouble::Full) => say!(journal.full),
        State::Lost(Trouble::Blocked) => say!(journal.blocked),
        State::Lost(Trouble::Insecure) => say!(journal.insecure),
        State::Lost(Trouble::Slow) => say!(journal.slow),
        State::Lost(Trouble::SignedOut) => say!(journal.signed_out),
        State::Lost(Trouble::Updated) => say!(journal.updated),
    }
}
