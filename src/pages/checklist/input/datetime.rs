//! A date with a time, sent as `2026-11-25T14:30`: the wall clock of the person who answers.

use checklist::{Kind, Value};
use leptos::prelude::*;

use super::{
    Tie,
    calendar::{Calendar, calendar},
    date::example,
};
use crate::{format, i18n::say};

pub(super) fn datetime(tie: Tie) -> AnyView {
    let kind = Calendar {
        kind: Kind::DateTime,
        native: "datetime-local",
        full: format::full_moment,
        // The picker takes neither a zone nor seconds.
        start: |text| text.get(..16).unwrap_or_default().replace(' ', "T"),
        hint: || say!(checklist.date_time_hint, example = format!("{} 14:30", example())),
        show,
    };
    calendar(tie, kind)
}

fn show(value: &Value) -> String {
    match value {
        Value::Text(text) => format::short_moment(text).unwrap_or_else(|| text.clone()),
        other => other.python_repr(),
    }
}
