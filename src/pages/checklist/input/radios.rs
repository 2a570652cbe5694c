//! A group of radios: native inputs, so that the keyboard and screen readers know them.

use checklist::Value;
use leptos::prelude::*;

use super::{Tie, clear::Clear};
use crate::draft::Edit;

/// One answer to choose.
pub(super) struct Radio {
    value: Value,
    label: Signal<String>,
    is_apart: bool,
}

impl Radio {
    pub(super) fn new(value: Value, label: Signal<String>) -> Self {
        Self { value, label, is_apart: false }
    }

    /// Set off from the others, since it is no point of their scale.
    pub(super) fn apart(self) -> Self {
        Self { is_apart: true, ..self }
    }
}

/// A group of which one can be chosen, and the way back to no answer.
pub(super) fn radios(tie: Tie, mut options: Vec<Radio>, class: &'static str) -> AnyView {
    let Tie { entry, ref dom_id, by, .. } = tie;
    // The server does not check that a choice is one of the question's. What is no option is shown
    // as it is, or it would look like no answer.
    if let Some(other) = untrack(|| entry.value())
        && !options.iter().any(|it| is_same(&it.value, &other))
    {
        let label = Signal::stored(as_it_is(&other));
        options.push(Radio::new(other, label).apart());
    }
    let one = |(index, option): (usize, Radio)| {
        let id = format!("{dom_id}-{index}");
        let input_id = id.clone();
        let (mine, chosen) = (option.value.clone(), option.value);
        let class = if option.is_apart { "option option--apart" } else { "option" };
        view! {
            <label class=class for=id>
                <input
                    type="radio"
                    id=input_id
                    name=dom_id.clone()
                    prop:checked=move || entry.with(|value| value.is_some_and(|it| is_same(&mine, it)))
                    on:change=move |_| entry.set(Edit::to(chosen.clone()))
                />
                <span>{option.label}</span>
            </label>
        }
    };
    view! {
        <div
            class=class
            role="radiogroup"
            aria-labelledby=tie.label_id()
            aria-describedby=by
            aria-required=tie.required()
            aria-invalid=tie.invalid()
        >
            {options.into_iter().enumerate().map(one).collect_view()}
        </div>
        <Clear tie=tie.clone()/>
    }
    .into_any()
}

/// Whether an answer is the one that an option stands for. Numbers may be stored as text.
fn is_same(option: &Value, answer: &Value) -> bool {
    match (option, answer) {
        (Value::Int(number), Value::Text(text)) => text.trim().parse() == Ok(*number),
        (option, answer) => option.same_as(answer),
    }
}

/// A stored value that no option stands for.
pub(super) fn as_it_is(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::List(items) => items.iter().map(as_it_is).collect::<Vec<_>>().join(", "),
        other => other.python_repr(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_knows_its_answer_in_each_spelling() {
        assert!(is_same(&Value::Int(3), &Value::Int(3)));
        assert!(is_same(&Value::Int(3), &Value::from(" 3 ")));
        assert!(is_same(&Value::from("na"), &Value::from("na")));
        assert!(!is_same(&Value::Int(3), &Value::from("na")));
        assert!(!is_same(&Value::Int(0), &Value::from("")));
    }

    #[test]
    fn a_strange_answer_is_readable() {
        let list = |items: &[&str]| Value::List(items.iter().map(|it| Value::from(*it)).collect());
        assert_eq!(as_it_is(&list(&["gone", "lost"])), "gone, lost");
        assert_eq!(as_it_is(&Value::Bool(true)), "True");
    }
}
