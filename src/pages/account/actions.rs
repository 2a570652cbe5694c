use api::{ApiError, Reason, Transition};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{Shown, comment::CommentFields, shown};
use crate::{
    explain::explain,
    i18n::{say, t},
    notice::use_notices,
    pages::words,
    session::use_session,
    ui::{Button, Dialog, DialogHandle, Emphasis, Problem, live},
};

/// The actions that the state allows. Each says what it does and is confirmed in a dialog; those
/// that ask something of the person take the reason in the same dialog and send it in the same
/// request.
#[component]
pub(super) fn Actions() -> impl IntoView {
    let Shown { account, .. } = shown();
    let dialog = DialogHandle::new();
    let chosen = RwSignal::new(Transition::SetOk);
    let allowed = Memo::new(move |_| {
        let state = account.read().state.clone();
        let allowed = Transition::ALL.into_iter().filter(|it| it.sources().contains(&state));
        let (forward, others): (Vec<_>, Vec<_>) = allowed.partition(|it| leads_forward(*it));
        forward.into_iter().chain(others).collect::<Vec<_>>()
    });
    let button = move |transition: Transition| {
        let emphasis = match transition {
            Transition::RequestDeletion | Transition::SetDeleting | Transition::SetDeleted => {
                Emphasis::Danger
            }
            _ if leads_forward(transition) => Emphasis::Primary,
            _ => Emphasis::Quiet,
        };
        view! {
            <Button
                emphasis
                on_press=move |()| {
                    chosen.set(transition);
                    dialog.open();
                }
            >
                {live(move || words::transition(transition))}
            </Button>
        }
    };
    view! {
        <section class="card" aria-label=t!(account.actions)>
            <h2>{t!(account.actions)}</h2>
            {live(move || {
                let allowed = allowed.get();
                if allowed.is_empty() {
                    view! { <p class="soft">{t!(account.no_actions)}</p> }.into_any()
                } else {
                    view! {
                        <div class="card__foot">
                            {allowed.into_iter().map(button).collect_view()}
                        </div>
                    }
                    .into_any()
                }
            })}
            <Dialog
                handle=dialog
                id="action"
                title=Signal::derive(move || words::transition(chosen.get()))
            >
                <Confirm transition=chosen.get_untracked() dialog/>
            </Dialog>
        </section>
    }
}

/// Whether it is what a provider usually does next.
fn leads_forward(transition: Transition) -> bool {
    matches!(transition, Transition::BeginCreating | Transition::SetValidationComplete)
}

#[component]
fn Confirm(transition: Transition, dialog: DialogHandle) -> impl IntoView {
    let Shown { account, load, .. } = shown();
    let session = use_session();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let before = account.get_untracked();
    let comment = RwSignal::new(before.service_provider_comment.clone());
    let url = RwSignal::new(before.service_provider_comment_url.clone());
    let id = before.uuid;

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let reason = transition.takes_comment().then(|| Reason {
                comment: comment.get_untracked(),
                comment_url: url.get_untracked(),
            });
            let outcome = session.send(api::transition(id, transition, reason.as_ref())).await;
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    dialog.close();
                    load.again();
                    notices.good(say!(account.moved, state = words::state(&transition.target())));
                }
                Err(reason) => {
                    // Somebody else may have moved it: what is on screen must be true.
                    if matches!(reason, ApiError::Rejected(_)) && !transition.takes_comment() {
                        load.again();
                    }
                    error.try_set(Some(reason));
                }
            }
        });
    };
    view! {
        <form class="dialog__body" on:submit=submit novalidate>
            <p>{live(move || words::transition_effect(transition))}</p>
            {live(move || error.get().map(|it| view! {
                <Problem title=Signal::derive(move || explain(&it))/>
            }))}
            {transition.takes_comment().then(|| view! {
                <CommentFields
                    prefix="action"
                    comment
                    url
                    error
                    comment_field="comment"
                    url_field="comment_url"
                />
            })}
            <div class="dialog__actions">
                <Button on_press=move |()| dialog.close()>{t!(common.cancel)}</Button>
                <Button emphasis=Emphasis::Primary submit=true busy>
                    {live(move || words::transition(transition))}
                </Button>
            </div>
        </form>
    }
}
