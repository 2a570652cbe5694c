use api::{Consent, State};
use leptos::prelude::*;

use super::{Shown, shown};
use crate::{
    i18n::say,
    pages::words,
    ui::{Glyph, Icon, Prose, Target, live},
};

/// What the person who looks at the account should do next, in plain words.
#[component]
pub(super) fn WhatNow() -> impl IntoView {
    let Shown { account, completion, own, .. } = shown();
    let open_checklist = move || completion.with(|it| !it.is_completed).unwrap_or(false);
    let sentences = move || {
        let it = account.read();
        let provider = it.customer_name.clone();
        let mut sentences = if own.get() {
            vec![for_holder(&it.state, provider)]
        } else {
            vec![for_provider(&it.state, words::person(&it))]
        };
        if own.get() {
            match it.consent {
                Consent::Missing => sentences.push(say!(now.consent_missing)),
                Consent::Outdated(_) => sentences.push(say!(now.consent_outdated)),
                _ => {}
            }
            if open_checklist() {
                sentences.push(say!(now.checklist_open));
            }
            if it.is_restricted {
                sentences.push(say!(now.restricted));
            }
        }
        sentences
    };
    let comment = move || account.read().service_provider_comment.clone();
    let asks = move || own.get() && !comment().is_empty();
    let link = move || Target::of(&account.read().service_provider_comment_url);
    view! {
        <section class="card now" aria-label=move || if own.get() { say!(now.title) } else { say!(now.title_provider) }>
            <h2>{live(move || if own.get() { say!(now.title) } else { say!(now.title_provider) })}</h2>
            <div class="now__text">
                {live(move || sentences().into_iter().map(|it| view! { <p>{it}</p> }).collect_view())}
            </div>
            {live(move || asks().then(|| view! {
                <blockquote class="now__comment">
                    <Prose html=Signal::derive(comment) words=words::link_words()/>
                </blockquote>
            }))}
            {live(move || match (own.get(), link()) {
                (true, Target::Web { href, host }) => Some(view! {
                    <p class="card__foot">
                        <a class="button button--primary" href=href target="_blank" rel="noopener noreferrer">
                            {link_label(&account.read().state)}
                            <Icon glyph=Glyph::External/>
                        </a>
                        <span class="soft now__host">{say!(common.opens_host, host = host)}</span>
                    </p>
                }),
                _ => None,
            })}
        </section>
    }
}

fn link_label(state: &State) -> String {
    match state {
        State::PendingAccountLinking => say!(now.open_linking),
        _ => say!(now.open_link),
    }
}

fn for_holder(state: &State, provider: String) -> String {
    match state {
        State::Requested => say!(now.holder_requested, provider = provider),
        State::Creating => say!(now.holder_creating, provider = provider),
        State::PendingAccountLinking => say!(now.holder_linking, provider = provider),
        State::PendingAdditionalValidation => say!(now.holder_validation, provider = provider),
        State::Ok => say!(now.holder_ok, provider = provider),
        State::RequestedDeletion | State::Deleting => {
            say!(now.holder_deleting, provider = provider)
        }
        State::Deleted => say!(now.holder_deleted, provider = provider),
        State::ErrorCreating => say!(now.holder_error_creating, provider = provider),
        State::ErrorDeleting => say!(now.holder_error_deleting, provider = provider),
        State::Unknown(label) => say!(now.unknown, label = label.clone()),
    }
}

fn for_provider(state: &State, person: String) -> String {
    match state {
        State::Requested => say!(now.provider_requested, person = person),
        State::Creating => say!(now.provider_creating, person = person),
        State::PendingAccountLinking => say!(now.provider_linking, person = person),
        State::PendingAdditionalValidation => say!(now.provider_validation, person = person),
        State::Ok => say!(now.provider_ok, person = person),
        State::RequestedDeletion => say!(now.provider_requested_deletion, person = person),
        State::Deleting => say!(now.provider_deleting, person = person),
        State::Deleted => say!(now.provider_deleted, person = person),
        State::ErrorCreating => say!(now.provider_error_creating, person = person),
        State::ErrorDeleting => say!(now.provider_error_deleting, person = person),
        State::Unknown(label) => say!(now.unknown, label = label.clone()),
    }
}
