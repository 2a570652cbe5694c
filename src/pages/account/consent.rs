use api::{Consent, TermsOfService};
use leptos::{prelude::*, task::spawn_local};

use super::{Shown, shown};
use crate::{
    explain::explain,
    format,
    i18n::{say, t},
    load::load,
    notice::use_notices,
    pages::words,
    session::use_session,
    ui::{Button, Dialog, DialogHandle, Emphasis, Glyph, Icon, Problem, Tag, Target, live},
};

/// Whether the person agreed to the terms, to which, and the way to agree or to take it back.
#[component]
pub(super) fn ConsentCard() -> impl IntoView {
    let Shown { account, own, .. } = shown();
    let grant = DialogHandle::new();
    let revoke = DialogHandle::new();
    let offering = Memo::new(move |_| account.read().offering_uuid);
    // Only what the person concerned may read: providers see the terms of their own offerings.
    let terms = load(move || offering.get().map(api::active_terms));
    let current = Memo::new(move |_| terms.with(|page| page.items.first().cloned()).flatten());
    // An older server does not say with the account whether there are terms; their list does.
    let consent = Memo::new(move |_| match account.read().consent.clone() {
        Consent::NoneKnown => match terms.with(|page| page.items.is_empty()) {
            Some(true) => Consent::NoTerms,
            Some(false) => Consent::Missing,
            None => Consent::NoneKnown,
        },
        told => told,
    });
    view! {
        <section class="card" aria-label=t!(consent.title)>
            <div class="card__head">
                <h2>{t!(consent.title)}</h2>
                <Tag
                    tone=Signal::derive(move || words::consent_tone(&consent.read()))
                    label=Signal::derive(move || words::consent(&consent.read()))
                />
            </div>
            {live(move || match consent.get() {
                Consent::Given(Some(agreement)) | Consent::Outdated(Some(agreement)) => Some(view! {
                    <dl class="facts">
                        <dt>{t!(consent.version)}</dt>
                        <dd>{agreement.version.clone()}</dd>
                        <dt>{t!(consent.date)}</dt>
                        <dd>{format::day(&agreement.agreement_date)}</dd>
                    </dl>
                }),
                _ => None,
            })}
            {live(move || current.get().map(|terms| view! { <Terms terms/> }))}
            {live(move || own.get().then(|| match consent.get() {
                Consent::Missing | Consent::Outdated(_) | Consent::NoneKnown if current.read().is_some() => view! {
                    <div class="card__foot">
                        <Button emphasis=Emphasis::Primary on_press=move |()| grant.open()>
                            {t!(consent.read_and_accept)}
                        </Button>
                    </div>
                }
                .into_any(),
                Consent::Given(_) => view! {
                    <div class="card__foot">
                        <Button on_press=move |()| revoke.open()>{t!(consent.revoke)}</Button>
                    </div>
                }
                .into_any(),
                _ => ().into_any(),
            }))}
            <Dialog handle=grant id="grant" title=Signal::derive(|| say!(consent.read_and_accept))>
                <Grant terms=current.get_untracked() dialog=grant/>
            </Dialog>
            <Dialog handle=revoke id="revoke" title=Signal::derive(|| say!(consent.revoke))>
                <Revoke dialog=revoke/>
            </Dialog>
        </section>
    }
}

/// Which terms are in force.
#[component]
fn Terms(terms: TermsOfService) -> impl IntoView {
    view! {
        <p class="soft">
            {live(move || say!(consent.in_force, version = terms.version.clone()))}
            {terms.requires_reconsent.then(|| view! {
                " "
                {say!(consent.reconsent, days = format::whole(terms.grace_period_days.into()))}
            })}
        </p>
        <TermsLink link=terms.terms_of_service_link.clone()/>
    }
}

#[component]
fn TermsLink(link: String) -> impl IntoView {
    match Target::of(&link) {
        Target::Web { href, host } => Some(view! {
            <p>
                <a href=href target="_blank" rel="noopener noreferrer">
                    {t!(consent.open_terms)}
                    <Icon glyph=Glyph::External/>
                </a>
                " "
                <span class="soft">{say!(common.opens_host, host = host)}</span>
            </p>
        }),
        _ => None,
    }
}

/// The terms in full, and the button to accept them. It works once the end of the text was in view.
#[component]
fn Grant(terms: Option<TermsOfService>, dialog: DialogHandle) -> impl IntoView {
    let Shown { account, load, .. } = shown();
    let session = use_session();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let terms = terms?;
    let offering = account.get_untracked().offering_uuid?;
    let accept = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            let outcome = session.send(api::grant_consent(offering)).await;
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    dialog.close();
                    load.again();
                    notices.good(say!(consent.granted));
                }
                Err(reason) => {
                    error.try_set(Some(explain(&reason)));
                }
            }
        });
    });
    let paragraphs = terms.terms_of_service.split("\n\n").map(str::to_owned).collect::<Vec<_>>();
    Some(view! {
        <div class="dialog__body">
            {live(move || error.get().map(|it| view! { <Problem title=Signal::stored(it)/> }))}
            // Focusable, so that the keyboard can scroll it.
            <div class="terms" tabindex="0" role="region" aria-label=t!(consent.text)>
                {paragraphs.into_iter().map(|it| view! { <p>{it}</p> }).collect_view()}
            </div>
            <TermsLink link=terms.terms_of_service_link.clone()/>
            <div class="dialog__actions">
                <Button on_press=move |()| dialog.close()>{t!(common.cancel)}</Button>
                <Button emphasis=Emphasis::Primary busy on_press=accept>
                    {say!(consent.accept, version = terms.version.clone())}
                </Button>
            </div>
        </div>
    })
}

/// Taking consent back, after saying what that means.
#[component]
fn Revoke(dialog: DialogHandle) -> impl IntoView {
    let Shown { account, load, .. } = shown();
    let session = use_session();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let before = account.get_untracked();
    let revoke = Callback::new(move |()| {
        let (Some(offering), Some(user)) = (before.offering_uuid, before.user_uuid) else { return };
        busy.set(true);
        spawn_local(async move {
            let outcome = async {
                let consents = session.send(api::list_consents(offering, user)).await?;
                let active = consents.items.iter().find(|it| it.revocation_date.is_none());
                match active {
                    Some(consent) => {
                        session.send(api::revoke_consent(consent.uuid)).await.map(drop)
                    }
                    // Revoked elsewhere already: what is wanted is so.
                    None => Ok(()),
                }
            };
            let outcome = outcome.await;
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    dialog.close();
                    load.again();
                    notices.good(say!(consent.revoked));
                }
                Err(reason) => {
                    error.try_set(Some(explain(&reason)));
                }
            }
        });
    });
    view! {
        <div class="dialog__body">
            {live(move || error.get().map(|it| view! { <Problem title=Signal::stored(it)/> }))}
            <p>{t!(consent.revoke_text)}</p>
            <div class="dialog__actions">
                <Button on_press=move |()| dialog.close()>{t!(common.cancel)}</Button>
                <Button emphasis=Emphasis::Danger busy on_press=revoke>{t!(consent.revoke_yes)}</Button>
            </div>
        </div>
    }
}
