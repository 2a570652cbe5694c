use api::{OfferingUser, OfferingUserId, Page};
use leptos::prelude::*;

use super::account_path;
use crate::{
    format,
    i18n::{say, t},
    pages::words,
    ui::{Glyph, Icon, Tag, live},
};

/// One account. Kept while the same account stays on the page, so that focus and selection stay.
#[component]
pub(super) fn Row(
    id: OfferingUserId,
    page: Signal<Page<OfferingUser>>,
    mine: Memo<bool>,
) -> impl IntoView {
    let account = Memo::new(move |before: Option<&Option<OfferingUser>>| {
        let now = page.read().items.iter().find(|it| it.uuid == id).cloned();
        now.or_else(|| before.cloned().flatten())
    });
    let field = move |get: fn(&OfferingUser) -> String| {
        Signal::derive(move || account.read().as_ref().map(get).unwrap_or_default())
    };
    let href = field(account_path);
    let offering = field(|it| it.offering_name.clone());
    let provider = field(|it| it.customer_name.clone());
    view! {
        <tr>
            {live(move || (!mine.get()).then(|| view! {
                <th scope="row" class="table__main">
                    <a href=href class="table__link">{field(words::person)}</a>
                    <span class="table__sub">{field(|it| it.user_email.clone().unwrap_or_default())}</span>
                    <span class="table__sub narrow">{offering}</span>
                </th>
            }))}
            {live(move || if mine.get() {
                view! {
                    <th scope="row" class="table__main">
                        <a href=href class="table__link">{offering}</a>
                        <span class="table__sub">{provider}</span>
                    </th>
                }
                .into_any()
            } else {
                view! {
                    <td class="wide">
                        {offering}
                        <span class="table__sub">{provider}</span>
                    </td>
                }
                .into_any()
            })}
            <td class="wide mono">{field(|it| it.username.clone().unwrap_or_default())}</td>
            <td class="table__state">
                <Tag
                    tone=Signal::derive(move || {
                        words::state_tone(&account.read().as_ref().map(|it| it.state.clone()).unwrap_or(api::State::Requested))
                    })
                    label=field(|it| words::state(&it.state))
                />
                <Marks account/>
            </td>
            <td class="wide">{field(|it| words::consent(&it.consent))}</td>
            <td class="widest">
                {field(|it| if it.has_compliance_checklist { say!(column.has_checklist) } else { String::new() })}
            </td>
            <td class="wide soft table__date">{field(|it| format::day(&it.modified))}</td>
        </tr>
    }
}

/// What is worth knowing beside the state: a comment for the person, and a restriction.
#[component]
fn Marks(account: Memo<Option<OfferingUser>>) -> impl IntoView {
    let comment =
        move || account.read().as_ref().is_some_and(|it| !it.service_provider_comment.is_empty());
    let restricted = move || account.read().as_ref().is_some_and(|it| it.is_restricted);
    view! {
        {live(move || comment().then(|| view! {
            <span class="mark" title=t!(column.comment)>
                <Icon glyph=Glyph::Info/>
                <span class="visually-hidden">{t!(column.comment)}</span>
            </span>
        }))}
        {live(move || restricted().then(|| view! {
            <span class="mark" title=t!(column.restricted)>
                <Icon glyph=Glyph::Lock/>
                <span class="visually-hidden">{t!(column.restricted)}</span>
            </span>
        }))}
    }
}
