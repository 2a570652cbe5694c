//! A country, by its code. The browser knows the names in the page's language; typing finds them, as
//! in the combobox pattern of the ARIA practices guide. The list is drawn only while it is open.

mod find;

use std::{cell::RefCell, rc::Rc};

use checklist::{Kind, Problem, Value};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlElement};

use super::{Tie, clear::Clear, typed::Typed};
use crate::{
    draft::read,
    format,
    i18n::{Locale, count, language, say, t},
    ui::{Glyph, Icon, live},
};
use find::{Country, exactly, find};

/// How far PageUp and PageDown go.
const PAGE: usize = 10;

/// How many pixels stay free above and below the active option.
const EDGE: i32 = 4;

thread_local! {
    /// Naming and sorting them takes the browser milliseconds: once a language is enough.
    static COUNTRIES: RefCell<Option<(Locale, Rc<[Country]>)>> = const { RefCell::new(None) };
}

fn countries() -> Rc<[Country]> {
    let language = language();
    COUNTRIES.with_borrow_mut(|kept| match kept {
        Some((locale, countries)) if *locale == language => countries.clone(),
        _ => {
            let named = format::countries().into_iter();
            let countries: Rc<[Country]> =
                named.map(|(code, name)| Country::new(code, name)).collect();
            *kept = Some((language, countries.clone()));
            countries
        }
    })
}

/// The list while it is open.
#[derive(Clone, Copy, PartialEq)]
struct Open {
    /// Whether it holds only what fits the text. Before somebody types, it holds all.
    is_filtered: bool,
}

pub(super) fn country(tie: Tie) -> AnyView {
    let typed = Typed::with_meaning(tie.entry, Kind::Country, name_of, meaning);
    let combo = Combo {
        typed,
        input: NodeRef::new(),
        list: NodeRef::new(),
        open: RwSignal::new(None),
        active: RwSignal::new(None),
        left: RwSignal::new(false),
    };
    let list_id = StoredValue::new(format!("{}-list", tie.dom_id));
    let option_id = move |at: usize| list_id.with_value(|id| format!("{id}-{at}"));
    let error_id = format!("{}-unknown", tie.dom_id);
    let error = error_id.clone();
    let invalid = tie.invalid;
    // Said by the question itself once it judges its answer.
    let is_unfinished =
        Memo::new(move |_| combo.left.get() && !invalid.get() && combo.is_unknown());
    view! {
        <div class="combo">
            <input
                class="input combo__input"
                type="text"
                role="combobox"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                id=tie.first_id()
                node_ref=combo.input
                aria-labelledby=tie.label_id()
                aria-describedby=tie.described_by(error_id)
                aria-required=tie.required()
                aria-invalid=move || (invalid.get() || is_unfinished.get()).then_some("true")
                aria-autocomplete="list"
                aria-expanded=move || if combo.open.get().is_some() { "true" } else { "false" }
                aria-controls=move || combo.open.get().map(|_| list_id.get_value())
                aria-activedescendant=move || combo.active.get().map(option_id)
                prop:value=move || typed.text()
                on:input:target=move |event| combo.type_in(event.target().value())
                on:click=move |_| combo.open_list()
                on:keydown=move |event| combo.press(&event)
                on:focus=move |_| combo.left.set(false)
                on:blur=move |_| combo.leave()
            />
            <Icon glyph=Glyph::ChevronDown/>
            {live(move || combo.open.get().map(|open| {
                let label_id = list_id.with_value(|id| id.replace("-list", "-label"));
                view! { <Popup combo open list_id=list_id.get_value() label_id/> }
            }))}
        </div>
        <p class="field__error" id=error>
            {live(move || is_unfinished.get().then(|| view! {
                <Icon glyph=Glyph::Warning/>
                {say!(problem.not_a_country)}
            }))}
        </p>
        <Clear tie/>
    }
    .into_any()
}

/// The countries to choose from.
#[component]
fn Popup(combo: Combo, open: Open, list_id: String, label_id: String) -> impl IntoView {
    let found = Memo::new(move |_| combo.found(open));
    let id = list_id.clone();
    let option = move |(at, country): (usize, usize)| {
        let name = countries()[country].name.clone();
        view! {
            <li
                class="combo__option"
                role="option"
                id=format!("{id}-{at}")
                data-at=at.to_string()
                aria-selected=move || if combo.active.get() == Some(at) { "true" } else { "false" }
            >
                {name}
            </li>
        }
    };
    let options = move || {
        let found = found.get();
        match found.is_empty() {
            true => view! { <li class="combo__none soft">{t!(checklist.no_such_country)}</li> }
                .into_any(),
            false => found.into_iter().enumerate().map(&option).collect_view().into_any(),
        }
    };
    view! {
        <ul
            class="combo__list"
            role="listbox"
            id=list_id
            node_ref=combo.list
            aria-labelledby=label_id
            // Focus stays in the field.
            on:mousedown=|event| event.prevent_default()
            on:click=move |event| {
                let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
                let option = element.and_then(|it| it.closest("[data-at]").ok().flatten());
                let at = option.and_then(|it| it.get_attribute("data-at")?.parse().ok());
                if let Some(at) = at {
                    combo.choose(at);
                }
            }
        >
            {live(options)}
        </ul>
        <p class="visually-hidden" role="status">
            {live(move || count!(found.read().len() as u64, countries_single, countries_several in checklist))}
        </p>
    }
}

#[derive(Clone, Copy)]
struct Combo {
    typed: Typed,
    input: NodeRef<html::Input>,
    list: NodeRef<html::Ul>,
    open: RwSignal<Option<Open>>,
    /// The option that Enter takes, counted in the list as it is shown.
    active: RwSignal<Option<usize>>,
    /// Whether the person has gone on, so that what is unfinished is an error.
    left: RwSignal<bool>,
}

impl Combo {
    /// What the list holds, by the position among all countries.
    fn found(self, open: Open) -> Vec<usize> {
        match open.is_filtered {
            true => find(&countries(), &self.typed.text()),
            false => (0..countries().len()).collect(),
        }
    }

    fn is_unknown(self) -> bool {
        self.typed.is_unread()
    }

    fn type_in(self, text: String) {
        let is_filtered = !text.is_empty();
        self.typed.set(text);
        // What begins like the text is what Enter takes.
        self.active.set(is_filtered.then_some(0));
        self.show(Open { is_filtered });
        self.reveal();
    }

    /// Opens the list. A text that names no country yet says what it is about.
    fn open_list(self) {
        if self.open.get_untracked().is_none() {
            self.show(Open { is_filtered: untrack(|| self.is_unknown()) });
        }
    }

    fn show(self, open: Open) {
        if self.open.get_untracked() != Some(open) {
            if !open.is_filtered {
                self.active.set(self.chosen());
            }
            self.open.set(Some(open));
            self.reveal();
        }
    }

    /// Where the answer stands in the whole list.
    fn chosen(self) -> Option<usize> {
        let text = untrack(|| self.typed.text());
        let countries = untrack(countries);
        exactly(&countries, &text).and_then(|code| countries.iter().position(|it| it.code == code))
    }

    fn hide(self) {
        self.open.set(None);
        self.active.set(None);
    }

    fn choose(self, at: usize) {
        let Some(open) = self.open.get_untracked() else { return };
        let Some(country) = untrack(|| self.found(open)).get(at).copied() else { return };
        self.typed.choose(Value::from(untrack(countries)[country].code));
        self.hide();
    }

    /// A text that names one country is that country; any other stays, and is an error.
    fn leave(self) {
        self.hide();
        self.settle();
        self.left.set(true);
    }

    fn settle(self) {
        let text = untrack(|| self.typed.text());
        if let Some(code) = exactly(&untrack(countries), &text) {
            self.typed.choose(Value::from(code));
        }
    }

    fn press(self, event: &ev::KeyboardEvent) {
        let open = self.open.get_untracked();
        let Some(now) = open else {
            if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
                event.prevent_default();
                self.open_list();
                if self.active.get_untracked().is_none() && !event.alt_key() {
                    self.active.set(Some(0));
                }
            }
            return;
        };
        let count = untrack(|| self.found(now)).len();
        let active = self.active.get_untracked().filter(|at| *at < count);
        let last = count.checked_sub(1);
        let to = match event.key().as_str() {
            "ArrowDown" => active.map(|at| at + 1).filter(|at| *at < count).or(last.map(|_| 0)),
            "ArrowUp" if event.alt_key() => return self.hide(),
            "ArrowUp" => active.and_then(|at| at.checked_sub(1)).or(last),
            "PageDown" => last.map(|last| active.map_or(0, |at| last.min(at + PAGE))),
            "PageUp" => last.map(|_| active.unwrap_or(0).saturating_sub(PAGE)),
            "Home" if active.is_some() => Some(0),
            "End" if active.is_some() => last,
            "Enter" => {
                event.prevent_default();
                match active {
                    Some(at) => self.choose(at),
                    None => self.settle(),
                }
                return self.hide();
            }
            "Escape" => {
                // The dialog around it stays open.
                event.prevent_default();
                event.stop_propagation();
                return self.hide();
            }
            _ => return,
        };
        event.prevent_default();
        self.active.set(to);
        self.reveal();
    }

    /// Scrolls the list, and only the list, to the active option once it is drawn.
    fn reveal(self) {
        request_animation_frame(move || {
            let Some(Some(list)) = self.list.try_get_untracked() else { return };
            let Some(Some(at)) = self.active.try_get_untracked() else { return };
            let option = list.query_selector(&format!("[data-at='{at}']")).ok().flatten();
            let Some(option) = option.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
                return;
            };
            let (top, height) = (option.offset_top(), option.offset_height());
            let seen = list.scroll_top();
            if top - EDGE < seen {
                list.set_scroll_top(top - EDGE);
            } else if top + height + EDGE > seen + list.client_height() {
                list.set_scroll_top(top + height + EDGE - list.client_height());
            }
        });
    }
}

/// The name of a country in the page's language; other text as it is.
fn name_of(value: &Value) -> String {
    match value {
        Value::Text(code) => format::country(code),
        other => other.python_repr(),
    }
}

/// A name means its country at once. A code does so when the person has gone on: many names begin
/// like one.
fn meaning(kind: &Kind, text: &str) -> Result<Value, Problem> {
    let code = text.len() > 2;
    match exactly(&untrack(countries), text).filter(|_| code) {
        Some(code) => Ok(Value::from(code)),
        None => read(kind, text),
    }
}
