use leptos::prelude::*;

use super::{Shown, shown};
use crate::{
    format,
    i18n::{say, t},
    ui::{Glyph, Icon, live},
};

/// All that is known of the account. Personal fields that the offering does not expose are not
/// there, and nothing stands in for them (`contract.md` 2.2).
#[component]
pub(super) fn Facts() -> impl IntoView {
    let Shown { account, .. } = shown();
    let facts = move || {
        let it = account.read();
        let optional = |label: String, value: &Option<String>| {
            value.clone().filter(|it| !it.is_empty()).map(|value| (label, value))
        };
        [
            optional(say!(column.username), &it.username),
            optional(say!(facts.user_name), &it.user_username),
            optional(say!(facts.full_name), &it.user_full_name),
            optional(say!(facts.email), &it.user_email),
            Some((say!(column.offering), it.offering_name.clone())),
            Some((say!(column.provider), it.customer_name.clone())),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
    };
    let runtime = move || account.read().runtime_state.clone().filter(|it| it != "Active");
    view! {
        <section class="card" aria-label=t!(facts.title)>
            <h2>{t!(facts.title)}</h2>
            <dl class="facts">
                {live(move || facts().into_iter().map(|(label, value)| view! {
                    <dt>{label.clone()}</dt>
                    <dd class="facts__copy">
                        <span>{value.clone()}</span>
                        <Copy label value/>
                    </dd>
                }).collect_view())}
                {live(move || runtime().map(|state| view! {
                    <dt>{t!(facts.runtime_state)}</dt>
                    <dd>{state}</dd>
                }))}
                <dt>{t!(column.restricted)}</dt>
                <dd>{live(move || if account.read().is_restricted { say!(facts.restricted) } else { say!(facts.not_restricted) })}</dd>
                <dt>{t!(column.created)}</dt>
                <dd>{live(move || format::moment(&account.read().created))}</dd>
                <dt>{t!(column.modified)}</dt>
                <dd>{live(move || format::moment(&account.read().modified))}</dd>
            </dl>
        </section>
    }
}

#[component]
fn Copy(label: String, value: String) -> impl IntoView {
    let notices = crate::notice::use_notices();
    let copied = label.clone();
    view! {
        <button
            type="button"
            class="copy"
            aria-label=move || say!(facts.copy, what = label.clone())
            on:click=move |_| {
                // The clipboard answers later and only fails when the person forbids it.
                let _ = window().navigator().clipboard().write_text(&value);
                notices.good(say!(facts.copied, what = copied.clone()));
            }
        >
            <Icon glyph=Glyph::Copy/>
        </button>
    }
}
