//! One account: what now, facts, consent, comment, actions, and where the checklist stands.

mod actions;
mod comment;
mod consent;
mod facts;
mod now;

use api::{Completion, OfferingUser};
use leptos::prelude::*;

use self::{
    actions::Actions, comment::CommentCard, consent::ConsentCard, facts::Facts, now::WhatNow,
};
use crate::{
    format,
    i18n::{count, say, t},
    load::{Load, Loaded, load},
    pages::{Heading, account_in_path, not_found::NotFound, viewer, words},
    path::Path,
    ui::{Glyph, Icon, SkeletonShape, Tag, live},
};

/// What the parts of the screen share.
#[derive(Clone, Copy)]
struct Shown {
    account: Signal<OfferingUser>,
    /// Where the account comes from; an action reads it again, and nothing else.
    load: Load<OfferingUser>,
    /// Where the checklist stands; asked for only when there is one that the viewer may see.
    completion: Load<Completion>,
    /// Whether it is the viewer's own account.
    own: Signal<bool>,
    /// Whether the viewer may change it, as far as a browser can know.
    may_update: Signal<bool>,
}

#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let id = account_in_path();
    live(move || match id.get() {
        Some(id) => {
            let account = load(move || Some(api::retrieve_offering_user(id)));
            view! {
                <BackToList/>
                <Loaded load=account shape=SkeletonShape::Page let:value>
                    {view! { <Account account=value load=account/> }.into_any()}
                </Loaded>
            }
            .into_any()
        }
        None => view! { <NotFound/> }.into_any(),
    })
}

#[component]
fn BackToList() -> impl IntoView {
    let viewer = viewer();
    let (href, label) = if viewer.rights.serves_others() {
        (Path::Accounts.to_string(), t!(shell.all_accounts))
    } else {
        (crate::pages::mine(&viewer.me), t!(shell.my_accounts))
    };
    view! {
        <nav class="back">
            <a href=href><Icon glyph=Glyph::ChevronLeft/>{label}</a>
        </nav>
    }
}

#[component]
fn Account(account: Signal<OfferingUser>, load: Load<OfferingUser>) -> impl IntoView {
    let viewer = viewer();
    let me = viewer.me.uuid;
    let rights = viewer.rights.clone();
    let own = Signal::derive(move || account.read().user_uuid == Some(me));
    let may_update = Signal::derive(move || rights.may_update(&account.read()));
    let asked = Memo::new(move |_| {
        let it = account.read();
        (it.has_compliance_checklist && (own.get() || may_update.get())).then_some(it.uuid)
    });
    let completion = crate::load::load(move || asked.get().map(api::completion_status));
    let shown = Shown { account, load, completion, own, may_update };
    provide_context(shown);
    let title = Signal::derive(move || {
        let it = account.read();
        if own.get() { it.offering_name.clone() } else { words::person(&it) }
    });
    let under = move || {
        let it = account.read();
        let place = if own.get() {
            it.customer_name.clone()
        } else {
            format!("{} · {}", it.offering_name, it.customer_name)
        };
        view! { <p class="soft">{place}</p> }
    };
    view! {
        <header class="account__head">
            <div class="account__title">
                <Heading text=title/>
                {under}
            </div>
            <Tag
                tone=Signal::derive(move || words::state_tone(&account.read().state))
                label=Signal::derive(move || words::state(&account.read().state))
            />
        </header>
        <div class="account">
            <div class="account__main">
                <WhatNow/>
                {live(move || may_update.get().then(|| view! { <Actions/> }))}
                <CommentCard/>
                <ChecklistCard/>
            </div>
            <div class="account__side">
                <ConsentCard/>
                <Facts/>
            </div>
        </div>
    }
}

fn shown() -> Shown {
    expect_context()
}

/// Where the checklist stands, and the way to it.
#[component]
fn ChecklistCard() -> impl IntoView {
    let Shown { account, completion, own, may_update, .. } = shown();
    let id = Memo::new(move |_| account.read().uuid);
    live(move || {
        if !account.read().has_compliance_checklist {
            return None;
        }
        let id = id.get();
        let answer_label =
            move || if own.get() { say!(account.answer) } else { say!(account.see_answers) };
        Some(view! {
            <section class="card" aria-label=t!(account.checklist)>
                <div class="card__head">
                    <h2>{t!(account.checklist)}</h2>
                    {live(move || completion.with(|it| it.is_completed).map(|done| view! {
                        <Tag
                            tone=Signal::stored(if done { crate::ui::TagTone::Good } else { crate::ui::TagTone::Waiting })
                            label=Signal::derive(move || if done { say!(account.complete) } else { say!(account.open) })
                        />
                    }))}
                </div>
                {live(move || completion.value().map(|it| view! { <Completeness completion=it/> }))}
                {live(move || completion.error().map(|error| view! {
                    <crate::load::Failure error again=move || completion.again()/>
                }))}
                <div class="card__foot">
                    {live(move || own.get().then(|| view! {
                        <a href=Path::Checklist(id).to_string() class="button button--primary">
                            {answer_label}
                        </a>
                    }))}
                    {live(move || may_update.get().then(|| view! {
                        <a href=Path::Review(id).to_string() class="button">
                            <Icon glyph=Glyph::Flag/>
                            {t!(account.review)}
                        </a>
                    }))}
                </div>
            </section>
        })
    })
}

#[component]
fn Completeness(completion: Completion) -> impl IntoView {
    let percent = completion.percentage.shown();
    let open = completion.unanswered_required_questions.len() as u64;
    view! {
        <p>{completion.checklist_name.clone()}</p>
        <div class="bar" aria-hidden="true">
            <span class="bar__fill" style:width=format!("{percent}%")></span>
        </div>
        <p class="soft">
            {live(move || say!(account.percent, percent = format::percent(percent)))}
            {live(move || (open > 0).then(|| {
                format!(" · {}", count!(open, required_open_single, required_open_several in account))
            }))}
        </p>
    }
}
