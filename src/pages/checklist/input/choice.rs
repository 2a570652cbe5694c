//! Radio groups and checkboxes: native inputs, so that the keyboard and screen readers know them.

use checklist::{Bounds, Choice, Likert, Value};
use leptos::prelude::*;

use super::{Tie, number};
use crate::{
    draft::Edit,
    i18n::{say, t},
    ui::{Button, Emphasis, live},
};

/// Yes or no. Three states: no answer is neither.
pub(super) fn yes_no(tie: Tie) -> AnyView {
    let yes = Signal::derive(|| say!(checklist.yes));
    let no = Signal::derive(|| say!(checklist.no));
    radios(tie, vec![(Value::Bool(true), yes), (Value::Bool(false), no)], "options options--row")
}

/// Exactly one choice. The answer is a list with its id, exactly as the server sent it.
pub(super) fn one_of(tie: Tie, choices: Vec<Choice>) -> AnyView {
    let options = choices
        .into_iter()
        .map(|it| (Value::List(vec![Value::Text(it.id)]), Signal::stored(it.label)))
        .collect();
    radios(tie, options, "options")
}

/// A number on a scale, as radios where the scale is short, else typed.
pub(super) fn rating(tie: Tie, bounds: Bounds) -> AnyView {
    let end = |bound: &Option<String>| bound.as_deref()?.split('.').next()?.parse::<i128>().ok();
    match (end(&bounds.min), end(&bounds.max)) {
        (Some(min), Some(max)) if min < max && max - min < 11 => {
            let options =
                (min..=max).map(|it| (Value::Int(it), Signal::stored(it.to_string()))).collect();
            radios(tie, options, "options options--scale")
        }
        _ => number::whole(tie, bounds),
    }
}

/// Agreement on a scale. The points count from 0; the ends have names.
pub(super) fn likert(tie: Tie, likert: Likert) -> AnyView {
    let Likert { points, low, high, allow_na } = likert;
    let last = points.saturating_sub(1);
    let mut options: Vec<(Value, Signal<String>)> = (0..points)
        .map(|point| {
            // People count from one; the server counts from zero.
            let number = u16::from(point) + 1;
            let name = match point {
                0 if !low.is_empty() => format!("{number} – {low}"),
                _ if point == last && !high.is_empty() => format!("{number} – {high}"),
                _ => number.to_string(),
            };
            (Value::Int(point.into()), Signal::stored(name))
        })
        .collect();
    if allow_na {
        options.push((
            Value::Text("na".to_owned()),
            Signal::derive(|| say!(checklist.not_applicable)),
        ));
    }
    radios(tie, options, "options options--scale")
}

fn radios(tie: Tie, options: Vec<(Value, Signal<String>)>, class: &'static str) -> AnyView {
    let Tie { entry, dom_id, by, required } = tie.clone();
    let one = |(index, (value, label)): (usize, (Value, Signal<String>))| {
        let id = format!("{dom_id}-{index}");
        let input_id = id.clone();
        let (mine, chosen) = (value.clone(), value);
        view! {
            <label class="option" for=id>
                <input
                    type="radio"
                    id=input_id
                    name=dom_id.clone()
                    prop:checked=move || entry.with(|value| value == Some(&mine))
                    on:change=move |_| entry.set(Edit::to(chosen.clone()))
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <div
            class=class
            role="radiogroup"
            aria-labelledby=tie.label_id()
            aria-describedby=by
            aria-required=required.then_some("true")
        >
            {options.into_iter().enumerate().map(one).collect_view()}
        </div>
        <Clear tie/>
    }
    .into_any()
}

/// Any number of choices, also none. None chosen after a choice is the answer "none", which is not
/// the same as no answer.
pub(super) fn many_of(tie: Tie, choices: Vec<Choice>) -> AnyView {
    let Tie { entry, dom_id, by, .. } = tie.clone();
    let order: StoredValue<Vec<String>> =
        StoredValue::new(choices.iter().map(|it| it.id.clone()).collect());
    let toggle = move |id: &str, on: bool| {
        let mut chosen = entry.with(ids);
        chosen.retain(|it| it != id);
        if on {
            chosen.push(id.to_owned());
        }
        // In the order of the question; ids it does not know stay, behind.
        order.with_value(|order| {
            chosen.sort_by_key(|id| order.iter().position(|it| it == id).unwrap_or(usize::MAX));
        });
        entry.set(Edit::to(Value::List(chosen.into_iter().map(Value::Text).collect())));
    };
    let one = |(index, choice): (usize, Choice)| {
        let id = format!("{dom_id}-{index}");
        let input_id = id.clone();
        let (mine, changed) = (choice.id.clone(), choice.id);
        view! {
            <label class="option" for=id>
                <input
                    type="checkbox"
                    id=input_id
                    prop:checked=move || entry.with(|value| ids(value).contains(&mine))
                    on:change=move |event| toggle(&changed, event_target_checked(&event))
                />
                <span>{choice.label}</span>
            </label>
        }
    };
    view! {
        <div class="options" role="group" aria-labelledby=tie.label_id() aria-describedby=by>
            {choices.into_iter().enumerate().map(one).collect_view()}
        </div>
        {live(move || entry.with(|value| matches!(value, Some(Value::List(it)) if it.is_empty()))
            .then(|| view! { <p class="soft">{t!(checklist.none_chosen)}</p> }))}
        <Clear tie/>
    }
    .into_any()
}

/// The option ids of an answer.
fn ids(value: Option<&Value>) -> Vec<String> {
    let Some(Value::List(items)) = value else { return Vec::new() };
    items
        .iter()
        .filter_map(|it| match it {
            Value::Text(id) => Some(id.clone()),
            _ => None,
        })
        .collect()
}

/// Back to no answer, where there is one.
#[component]
fn Clear(tie: Tie) -> impl IntoView {
    let entry = tie.entry;
    let answered = Memo::new(move |_| entry.with(|value| value.is_some()));
    let first = format!("{}-0", tie.dom_id);
    let clear = Callback::new(move |()| {
        entry.clear();
        // The button goes; focus stays with the question.
        if let Some(input) = document().get_element_by_id(&first) {
            use leptos::wasm_bindgen::JsCast;
            let _ = input.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
    let label_id = tie.label_id();
    live(move || {
        answered.get().then(|| {
            view! {
                <div class="question__clear" aria-describedby=label_id.clone()>
                    <Button emphasis=Emphasis::Plain on_press=clear>{t!(checklist.clear)}</Button>
                </div>
            }
        })
    })
}
