//! The table of offering users. Its state is the address and nothing else.

mod filters;
mod query;
mod row;

use api::OfferingUser;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use self::{filters::Filters, query::Query, row::Row};
use crate::{
    format,
    i18n::{say, t},
    later::Later,
    load::{Load, Loaded, load},
    pages::{Heading, viewer},
    path::Path,
    ui::{Glyph, Icon, Pager, PagerWords, SkeletonShape, effect, live},
};

type Rows = Load<api::Page<OfferingUser>>;

#[component]
pub(crate) fn AccountsPage() -> impl IntoView {
    let location = use_location();
    let query = Memo::new(move |_| Query::read(&location.search.read()));
    let me = viewer().me;
    let mine = Memo::new(move |_| query.read().is_only(&me.uuid));
    let rows = load(move || Some(api::list_offering_users(&query.read().filter)));
    // Once there are rows, one of them will be opened.
    let later: Later = expect_context();
    effect(move || {
        if rows.with(|_| ()).is_some() {
            later.prefetch();
        }
    });
    let title =
        Signal::derive(move || if mine.get() { say!(accounts.mine) } else { say!(accounts.all) });
    view! {
        <div class="accounts">
            <div class="accounts__head">
                <Heading text=title/>
                <Total rows/>
            </div>
            <Filters query/>
            <div class="table-frame" aria-busy=move || rows.is_busy().then_some("true")>
                <Loaded load=rows shape=SkeletonShape::Table let:page>
                    {view! { <Table page query mine/> }.into_any()}
                </Loaded>
            </div>
            <PageSteps rows query/>
        </div>
    }
}

/// How many accounts the filters leave, said when it changes.
#[component]
fn Total(rows: Rows) -> impl IntoView {
    view! {
        <p class="soft" role="status">
            {live(move || rows.with(|page| crate::i18n::count!(page.total, total_single, total_several in accounts)))}
        </p>
    }
}

#[component]
fn Table(
    page: Signal<api::Page<OfferingUser>>,
    query: Memo<Query>,
    /// Whether all rows are the viewer's own, so that naming the person would say nothing.
    mine: Memo<bool>,
) -> impl IntoView {
    let empty = Memo::new(move |_| page.read().items.is_empty());
    let ids = move || page.read().items.iter().map(|it| it.uuid).collect::<Vec<_>>();
    live(move || {
        if empty.get() {
            return view! { <Empty query mine/> }.into_any();
        }
        view! {
            <table class="table" aria-rowcount=move || page.read().total.to_string()>
                <caption class="visually-hidden">
                    {live(move || if mine.get() { say!(accounts.mine) } else { say!(accounts.all) })}
                </caption>
                <thead>
                    <tr>
                        {live(move || (!mine.get()).then(|| view! {
                            <SortHeader query key="user_first_name" label=Signal::derive(|| say!(column.person))/>
                        }))}
                        <th scope="col" class=move || if mine.get() { "" } else { "wide" }>{t!(column.offering)}</th>
                        <SortHeader query key="username" wide=true label=Signal::derive(|| say!(column.username))/>
                        <th scope="col">{t!(column.state)}</th>
                        <th scope="col" class="wide">{t!(column.consent)}</th>
                        <th scope="col" class="widest">{t!(column.checklist)}</th>
                        <SortHeader query key="modified" wide=true label=Signal::derive(|| say!(column.modified))/>
                    </tr>
                </thead>
                <tbody>
                    <For each=ids key=|id| *id let:id>
                        <Row id page mine/>
                    </For>
                </tbody>
            </table>
        }
        .into_any()
    })
}

/// The head of a column that the server can sort by: a link to the same table, sorted.
#[component]
fn SortHeader(
    query: Memo<Query>,
    /// The server's name of the order.
    key: &'static str,
    #[prop(into)] label: Signal<String>,
    /// Whether the column is left out on narrow screens.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let order = Memo::new(move |_| query.read().order_of(key));
    let aria = move || match order.get() {
        Some(false) => Some("ascending"),
        Some(true) => Some("descending"),
        None => None,
    };
    view! {
        <th scope="col" class=if wide { "wide" } else { "" } aria-sort=aria>
            <a href=move || query.read().sorted_by(key).address() class="table__sort">
                {label}
                {live(move || order.get().map(|descending| {
                    let glyph = if descending { Glyph::SortDown } else { Glyph::SortUp };
                    view! { <Icon glyph/> }
                }))}
            </a>
        </th>
    }
}

/// Why there is nothing, and what helps.
#[component]
fn Empty(query: Memo<Query>, mine: Memo<bool>) -> impl IntoView {
    live(move || {
        let filtered = query.read().is_filtered();
        let (title, text) = match (filtered, mine.get()) {
            (true, _) => (say!(accounts.empty_filtered), say!(accounts.empty_filtered_text)),
            (false, true) => (say!(accounts.empty_mine), say!(accounts.empty_mine_text)),
            (false, false) => (say!(accounts.empty_all), say!(accounts.empty_all_text)),
        };
        view! {
            <div class="blank">
                <h2>{title}</h2>
                <p class="soft">{text}</p>
                {filtered.then(|| view! {
                    <a href=query.read().without_filters().address() class="button">
                        {t!(accounts.clear_filters)}
                    </a>
                })}
            </div>
        }
    })
}

#[component]
fn PageSteps(rows: Rows, query: Memo<Query>) -> impl IntoView {
    let range = Memo::new(move |_| {
        let total = rows.with(|page| page.total)?;
        let (page, size) = query.read().window();
        let first = (page - 1) * size + 1;
        (total > 0).then_some((first, (first + size - 1).min(total), total))
    });
    let step = move |forward: bool| {
        let (first, last, total) = range.get()?;
        let (page, _) = query.read().window();
        let there = if forward { last < total } else { first > 1 };
        there.then(|| query.read().at_page(if forward { page + 1 } else { page - 1 }).address())
    };
    let words = Signal::derive(move || {
        let position = range.get().map(|(first, last, total)| {
            say!(
                accounts.position,
                first = format::whole(first),
                last = format::whole(last),
                total = format::whole(total)
            )
        });
        PagerWords {
            label: say!(accounts.pages),
            previous: say!(accounts.previous),
            next: say!(accounts.next),
            position: position.unwrap_or_default(),
        }
    });
    view! {
        <Pager
            words
            previous=Signal::derive(move || step(false))
            next=Signal::derive(move || step(true))
        />
    }
}

/// The address of an account, from a row.
fn account_path(account: &OfferingUser) -> String {
    Path::Account(account.uuid).to_string()
}
