//! Any number of choices, also none. None chosen after a choice is the answer "none", which is not the
//! same as no answer.

use checklist::{Choice, Value};
use leptos::prelude::*;

use super::{Tie, clear::Clear};
use crate::{draft::Edit, i18n::t, ui::live};

pub(super) fn multi_select(tie: Tie, mut choices: Vec<Choice>) -> AnyView {
    let Tie { entry, ref dom_id, by, .. } = tie;
    // Stored ids that the question does not know can be seen and taken away.
    for id in untrack(|| entry.with(ids)) {
        if !choices.iter().any(|it| it.id == id) {
            choices.push(Choice { label: id.clone(), id });
        }
    }
    let order: StoredValue<Vec<String>> =
        StoredValue::new(choices.iter().map(|it| it.id.clone()).collect());
    let toggle = move |id: &str, on: bool| {
        let chosen = order.with_value(|order| toggled(entry.with(ids), order, id, on));
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
                    prop:checked=move || entry.with(|value| has(value, &mine))
                    on:change=move |event| untrack(|| toggle(&changed, event_target_checked(&event)))
                />
                <span>{choice.label}</span>
            </label>
        }
    };
    view! {
        <div
            class="options"
            role="group"
            aria-labelledby=tie.label_id()
            aria-describedby=by
            aria-invalid=tie.invalid()
        >
            {choices.into_iter().enumerate().map(one).collect_view()}
        </div>
        {live(move || entry.with(|value| matches!(value, Some(Value::List(it)) if it.is_empty()))
            .then(|| view! { <p class="soft">{t!(checklist.none_chosen)}</p> }))}
        <Clear tie=tie.clone()/>
    }
    .into_any()
}

/// The chosen ids after a change, in the order of the question; ids it does not know stay, behind.
fn toggled(mut chosen: Vec<String>, order: &[String], id: &str, on: bool) -> Vec<String> {
    chosen.retain(|it| it != id);
    if on {
        chosen.push(id.to_owned());
    }
    chosen.sort_by_key(|id| order.iter().position(|it| it == id).unwrap_or(usize::MAX));
    chosen
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

fn has(value: Option<&Value>, id: &str) -> bool {
    let is_it = |it: &Value| matches!(it, Value::Text(text) if text == id);
    matches!(value, Some(Value::List(items)) if items.iter().any(is_it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_keep_the_order_of_the_question_and_unknown_ids() {
        let list = |ids: &[&str]| ids.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let order = list(&["a", "b", "c"]);
        assert_eq!(toggled(list(&["x", "c"]), &order, "a", true), list(&["a", "c", "x"]));
        assert_eq!(toggled(list(&["a", "c", "x"]), &order, "c", false), list(&["a", "x"]));
        assert_eq!(toggled(list(&["a", "a"]), &order, "a", true), list(&["a"]));
        assert_eq!(toggled(list(&["a"]), &order, "a", false), list(&[]));
    }
}
