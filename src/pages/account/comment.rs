use api::{ApiError, CommentUpdate, State};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{Shown, shown};
use crate::{
    explain::explain,
    i18n::{say, t},
    notice::use_notices,
    pages::words,
    session::use_session,
    ui::{Button, Dialog, DialogHandle, Emphasis, Field, Problem, Prose, Target, live},
};

/// What the provider says to the person, and the way to change it.
#[component]
pub(super) fn CommentCard() -> impl IntoView {
    let Shown { account, own, may_update, .. } = shown();
    let dialog = DialogHandle::new();
    let comment = Signal::derive(move || account.read().service_provider_comment.clone());
    let url = Signal::derive(move || account.read().service_provider_comment_url.clone());
    let silent = move || comment.read().is_empty() && url.read().is_empty();
    // The person reads the comment where it asks for something: in "what now".
    let shown = move || may_update.get() || (!own.get() && !silent());
    let editable = move || may_update.get() && account.read().state != State::Deleted;
    live(move || {
        shown().then(|| {
            view! {
                <section class="card" aria-label=t!(comment.title)>
                    <div class="card__head">
                        <h2>{t!(comment.title)}</h2>
                        {live(move || editable().then(|| view! {
                            <Button on_press=move |()| dialog.open()>
                                {live(move || if silent() { say!(comment.add) } else { say!(comment.edit) })}
                            </Button>
                        }))}
                    </div>
                    {live(move || silent().then(|| view! { <p class="soft">{t!(comment.none)}</p> }))}
                    <Prose html=comment words=words::link_words()/>
                    <CommentLink url/>
                    {live(move || (may_update.get() && !editable()).then(|| view! {
                        <p class="soft">{t!(comment.deleted)}</p>
                    }))}
                    <Dialog handle=dialog id="comment" title=Signal::derive(|| say!(comment.title))>
                        <EditComment dialog/>
                    </Dialog>
                </section>
            }
        })
    })
}

/// The comment's link, with the host named before leaving.
#[component]
fn CommentLink(url: Signal<String>) -> impl IntoView {
    live(move || match Target::of(&url.read()) {
        Target::Web { href, host } => Some({
            let shown = href.clone();
            view! {
                <p>
                    <a href=href target="_blank" rel="noopener noreferrer">{shown}</a>
                    " "
                    <span class="soft">{say!(common.opens_host, host = host)}</span>
                </p>
            }
            .into_any()
        }),
        Target::Mail(href) => {
            let shown = href.clone();
            Some(view! { <p><a href=href>{shown}</a></p> }.into_any())
        }
        Target::Refused(text) if text.is_empty() => None,
        Target::Refused(text) => Some(view! { <p class="soft">{text}</p> }.into_any()),
    })
}

#[component]
fn EditComment(dialog: DialogHandle) -> impl IntoView {
    let Shown { account, load, .. } = shown();
    let session = use_session();
    let notices = use_notices();
    let before = account.get_untracked();
    let comment = RwSignal::new(before.service_provider_comment.clone());
    let url = RwSignal::new(before.service_provider_comment_url.clone());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let id = before.uuid;

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let update = CommentUpdate {
                service_provider_comment: comment.get_untracked(),
                service_provider_comment_url: url.get_untracked(),
            };
            let outcome = session.send(api::update_comments(id, &update)).await;
            busy.try_set(false);
            match outcome {
                Ok(_) => {
                    dialog.close();
                    load.again();
                    notices.good(say!(comment.saved));
                }
                Err(reason) => {
                    error.try_set(Some(reason));
                }
            }
        });
    };
    view! {
        <form class="dialog__body" on:submit=submit novalidate>
            {live(move || error.get().map(|it| view! {
                <Problem title=Signal::derive(move || explain(&it))/>
            }))}
            <CommentFields
                prefix="comment"
                comment
                url
                error
                comment_field="service_provider_comment"
                url_field="service_provider_comment_url"
            />
            <div class="dialog__actions">
                <Button on_press=move |()| dialog.close()>{t!(common.cancel)}</Button>
                <Button emphasis=Emphasis::Primary submit=true busy>{t!(comment.save)}</Button>
            </div>
        </form>
    }
}

/// The comment and its link, with a preview of what the person will see. What the server refused
/// is said beside the field it refused.
#[component]
pub(super) fn CommentFields(
    /// Makes the ids unique where two of these stand on one page.
    prefix: &'static str,
    comment: RwSignal<String>,
    url: RwSignal<String>,
    error: RwSignal<Option<ApiError>>,
    /// The server's name of the comment in this request.
    comment_field: &'static str,
    /// The server's name of the link in this request.
    url_field: &'static str,
) -> impl IntoView {
    let refusal = move |field: &'static str| {
        Signal::derive(move || match &*error.read() {
            Some(ApiError::Rejected(body)) => {
                let messages = body.for_field(field);
                (!messages.is_empty()).then(|| messages.join(" "))
            }
            _ => None,
        })
    };
    view! {
        <Field
            id=format!("{prefix}-text")
            label=Signal::derive(|| say!(comment.text))
            hint=Signal::derive(|| Some(say!(comment.text_hint)))
            error=refusal(comment_field)
            let:described
        >
            <textarea
                class="input"
                rows="4"
                id=described.id.get_value()
                aria-describedby=described.by
                aria-invalid=described.invalid
                bind:value=comment
            ></textarea>
        </Field>
        {live(move || (!comment.read().trim().is_empty()).then(|| view! {
            <div class="preview">
                <p class="preview__label">{t!(comment.preview)}</p>
                <Prose html=comment words=words::link_words()/>
            </div>
        }))}
        <Field
            id=format!("{prefix}-url")
            label=Signal::derive(|| say!(comment.url))
            hint=Signal::derive(|| Some(say!(comment.url_hint)))
            error=refusal(url_field)
            let:described
        >
            <input
                class="input"
                type="url"
                id=described.id.get_value()
                aria-describedby=described.by
                aria-invalid=described.invalid
                bind:value=url
            />
        </Field>
    }
}
