//! Yes or no. Three states: no answer is neither.

use checklist::Value;
use leptos::prelude::*;

use super::{
    Tie,
    radios::{Radio, radios},
};
use crate::i18n::say;

pub(super) fn boolean(tie: Tie) -> AnyView {
    let yes = Signal::derive(|| say!(checklist.yes));
    let no = Signal::derive(|| say!(checklist.no));
    let options = [(true, yes), (false, no)];
    let options = options.map(|(truth, label)| Radio::new(Value::Bool(truth), label));
    radios(tie, options.into(), "options options--row")
}
