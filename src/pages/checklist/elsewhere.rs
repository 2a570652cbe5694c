//! An answer that was changed here and elsewhere: both side by side, and the person chooses.

use leptos::prelude::*;

use super::AnswerText;
use crate::{
    draft::{Entry, Saved},
    format,
    i18n::{say, t},
    ui::{Button, live},
};

/// Both answers, and the choice between them.
#[component]
pub(super) fn Elsewhere(entry: Entry) -> impl IntoView {
    let kind = untrack(|| entry.question()).question.kind.clone();
    let mine = kind.clone();
    // A second answer beside somebody else's would stay invisible.
    let can_insist = move || entry.other_author().is_none();
    view! {
        <div class="elsewhere" role="group" aria-label=t!(checklist.elsewhere)>
            <div class="elsewhere__side">
                <p class="elsewhere__whose">{t!(elsewhere.yours)}</p>
                <AnswerText kind=mine value=Signal::derive(move || entry.value())/>
                {live(move || can_insist().then(|| view! {
                    <Button on_press=move |()| entry.insist()>{t!(elsewhere.keep_yours)}</Button>
                }))}
            </div>
            <div class="elsewhere__side">
                <p class="elsewhere__whose">{live(move || whose(entry.saved()))}</p>
                <AnswerText kind value=Signal::derive(move || entry.saved().map(|it| it.value))/>
                <Button on_press=move |()| entry.discard()>{t!(elsewhere.take_theirs)}</Button>
            </div>
        </div>
    }
}

/// Who gave the other answer, and when.
fn whose(saved: Option<Saved>) -> String {
    match saved {
        None => say!(elsewhere.removed),
        Some(Saved { author, modified: Some(at), .. }) => {
            say!(elsewhere.theirs_at, author = author, at = format::moment(&at))
        }
        Some(Saved { author, modified: None, .. }) => say!(elsewhere.theirs, author = author),
    }
}
