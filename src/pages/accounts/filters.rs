//! The controls above the table. They write the address; the table reads it.

use std::time::Duration;

use api::State;
use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    html,
    leptos_dom::helpers::debounce,
    prelude::*,
    wasm_bindgen::JsCast,
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::query::Query;
use crate::{
    i18n::{say, t},
    load::load,
    pages::words,
    ui::{Glyph, Icon, live},
};

/// How long a person pauses before the search is sent.
const PAUSE: Duration = Duration::from_millis(250);

/// Offerings in the list to choose from.
const OFFERINGS: u64 = 100;

#[component]
pub(super) fn Filters(query: Memo<Query>) -> impl IntoView {
    view! {
        <div class="filters">
            <Search query/>
            <States query/>
            <Offerings query/>
        </div>
        <Chips query/>
    }
}

/// One box for names. A step back undoes a search as a whole, not letter by letter.
#[component]
fn Search(query: Memo<Query>) -> impl IntoView {
    let navigate = use_navigate();
    let mut search = debounce(PAUSE, move |text: String| {
        // The page may be gone by now.
        let Some(next) = query.try_get_untracked().map(|query| query.searching(&text)) else {
            return;
        };
        navigate(
            &next.address(),
            NavigateOptions { replace: true, scroll: false, ..Default::default() },
        );
    });
    view! {
        <div class="search">
            <Icon glyph=Glyph::Search/>
            <input
                class="input search__input"
                type="search"
                aria-label=t!(accounts.search)
                placeholder=t!(accounts.search)
                prop:value=move || query.read().filter.query.clone().unwrap_or_default()
                on:input:target=move |event| search(event.target().value())
            />
        </div>
    }
}

/// Any of the states.
#[component]
fn States(query: Memo<Query>) -> impl IntoView {
    let navigate = use_navigate();
    let toggle = Callback::new(move |state: State| {
        let next = query.read_untracked().toggled(&state).address();
        navigate(&next, NavigateOptions { scroll: false, ..Default::default() });
    });
    let option = |state: State| {
        let (label, on, pressed) = (state.clone(), state.clone(), state);
        view! {
            <label class="option">
                <input
                    type="checkbox"
                    prop:checked=move || query.read().filter.state.contains(&on)
                    on:change=move |_| toggle.run(pressed.clone())
                />
                <span>{live(move || words::state(&label))}</span>
            </label>
        }
    };
    let menu = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            let _ = menu.remove_attribute("open");
        }
    };
    // Focus that goes elsewhere closes it, as it does with a menu of the system.
    let left = move |event: FocusEvent| {
        let next = event.related_target().and_then(|it| it.dyn_into::<web_sys::Node>().ok());
        if menu.get_untracked().is_some_and(|menu| !menu.contains(next.as_ref())) {
            close();
        }
    };
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
            if let Some(summary) = menu.get_untracked().and_then(|it| it.first_element_child()) {
                let _ = summary.unchecked_into::<web_sys::HtmlElement>().focus();
            }
        }
    };
    view! {
        <details class="menu" node_ref=menu on:focusout=left on:keydown=pressed>
            <summary class="button">
                {t!(column.state)}
                {live(move || {
                    let chosen = query.read().filter.state.len();
                    (chosen > 0).then(|| view! { <span class="menu__count">{chosen}</span> })
                })}
                <Icon glyph=Glyph::ChevronDown/>
            </summary>
            // A press on a word of the panel must not take focus out of it, which would close it first.
            <fieldset class="menu__panel" tabindex="-1">
                <legend class="visually-hidden">{t!(column.state)}</legend>
                {State::ALL.into_iter().map(option).collect_view()}
            </fieldset>
        </details>
    }
}

/// One of the offerings that the person sees, if there are several.
#[component]
fn Offerings(query: Memo<Query>) -> impl IntoView {
    let navigate = use_navigate();
    let offerings = load(|| Some(api::find_offerings("", OFFERINGS)));
    let choose = Callback::new(move |id: String| {
        let next = query.read_untracked().at_offering(id.parse().ok()).address();
        navigate(&next, NavigateOptions { scroll: false, ..Default::default() });
    });
    let chosen = Memo::new(move |_| query.read().filter.offering_uuid.first().copied());
    live(move || {
        let offerings = offerings.with(|page| page.items.clone())?;
        (offerings.len() > 1).then(|| {
            let option = |it: api::Offering| {
                view! {
                    <option value=it.uuid.to_string() prop:selected=move || chosen.get() == Some(it.uuid)>
                        {it.name}
                    </option>
                }
            };
            view! {
                <select
                    class="select filters__offering"
                    aria-label=t!(column.offering)
                    on:change:target=move |event| choose.run(event.target().value())
                >
                    <option value="" prop:selected=move || chosen.get().is_none()>
                        {t!(accounts.any_offering)}
                    </option>
                    {offerings.into_iter().map(option).collect_view()}
                </select>
            }
        })
    })
}

/// What narrows the table; each can be taken away by itself.
#[component]
fn Chips(query: Memo<Query>) -> impl IntoView {
    let chip = |(label, without): (String, Query)| {
        let remove = say!(accounts.remove_filter, filter = label.clone());
        view! {
            <li>
                <a href=without.address() class="chip" aria-label=remove>
                    {label}
                    <Icon glyph=Glyph::Close/>
                </a>
            </li>
        }
    };
    live(move || {
        let query = query.get();
        let mut chips = Vec::new();
        if let Some(text) = &query.filter.query {
            chips.push((say!(accounts.chip_search, text = text.clone()), query.searching("")));
        }
        for state in &query.filter.state {
            chips.push((words::state(state), query.toggled(state)));
        }
        query.is_filtered().then(|| {
            view! {
                <ul class="chips" aria-label=t!(accounts.filters_on)>
                    {chips.into_iter().map(chip).collect_view()}
                    <li>
                        <a href=query.without_filters().address() class="chip chip--clear">
                            {t!(accounts.clear_filters)}
                        </a>
                    </li>
                </ul>
            }
        })
    })
}
