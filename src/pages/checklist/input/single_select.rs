//! Exactly one choice. The answer is a list with its id, exactly as the server sent it.

use checklist::{Choice, Value};
use leptos::prelude::*;

use super::{
    Tie,
    radios::{Radio, radios},
};

pub(super) fn single_select(tie: Tie, choices: Vec<Choice>) -> AnyView {
    let option = |choice: Choice| {
        Radio::new(Value::List(vec![Value::Text(choice.id)]), Signal::stored(choice.label))
    };
    radios(tie, choices.into_iter().map(option).collect(), "options")
}
