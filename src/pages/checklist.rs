//! The checklist form of an account, and the page where answers are checked before they are saved.

mod answer;
mod check;
mod elsewhere;
mod form;
#[cfg(any(test, debug_assertions))]
mod gallery;
mod input;
mod long;
mod outcome;
mod progress;
mod question;
mod refusal;
mod submit;
mod summary;
mod uploading;
mod why;

use api::{Me, OfferingUserId};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::components::Outlet;

use crate::{
    draft::{Draft, use_drafts},
    i18n::{own_language, t},
    journal,
    load::{Loaded, load},
    pages::{account_in_path, not_found::NotFound, viewer},
    path::Path,
    session::use_session,
    ui::{Glyph, Icon, Skeleton, SkeletonShape, live},
};

pub(crate) use answer::{AnswerText, words};
pub(crate) use check::CheckPage;
pub(crate) use form::ChecklistForm;
#[cfg(debug_assertions)]
pub(crate) use gallery::Gallery;
pub(crate) use why::rule_words;

use submit::Submitter;

/// What the form and the check page share.
#[derive(Clone, Copy)]
struct Frame {
    account: OfferingUserId,
    draft: Draft,
    submitter: Submitter,
}

fn frame() -> Frame {
    expect_context()
}

/// Loads the checklist for the pages below and keeps the draft while they change.
#[component]
pub(crate) fn ChecklistFrame() -> impl IntoView {
    let account = account_in_path();
    live(move || match account.get() {
        Some(account) => view! { <Opened account/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    })
}

#[component]
fn Opened(account: OfferingUserId) -> impl IntoView {
    // Hidden questions are asked for too, so that they can appear while a person answers.
    let checklist = load(move || Some(api::checklist(account, true)));
    let drafts = use_drafts();
    let session = use_session();
    let Me { uuid: person, full_name: me, .. } = viewer().me;
    warn_before_unload();
    own_language();
    view! {
        <nav class="back no-print">
            <a href=Path::Account(account).to_string()>
                <Icon glyph=Glyph::ChevronLeft/>
                {t!(checklist.back_to_account)}
            </a>
        </nav>
        <Loaded load=checklist shape=SkeletonShape::Page let:form>
            {
                let draft = drafts.open(account, form.get_untracked(), &me);
                if untrack(|| draft.is_ambiguous()) {
                    spawn_local(async move {
                        if let Ok(shown) = submit::shown_by_server(session, account).await {
                            draft.heed(shown);
                        }
                    });
                }
                provide_context(Frame { account, draft, submitter: Submitter::new(account, draft) });
                let is_ready = journal::follow(person, account, draft);
                let is_ready = Memo::new(move |_| is_ready.get());
                live(move || {
                    if is_ready.get() {
                        view! { <Outlet/> }.into_any()
                    } else {
                        view! { <Skeleton shape=SkeletonShape::Page/> }.into_any()
                    }
                })
            }
        </Loaded>
    }
}

/// The browser asks before the page is left with changes that are neither saved nor kept here.
fn warn_before_unload() {
    let drafts = use_drafts();
    let handle = window_event_listener(ev::beforeunload, move |event| {
        if drafts.any_changed() && !journal::keeps_everything() {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}
