//! A calendar date, sent as `2026-11-25`.

use checklist::{Kind, Value};
use leptos::prelude::*;

use super::{
    Tie,
    calendar::{Calendar, calendar},
};
use crate::{format, i18n::say};

pub(super) fn date(tie: Tie) -> AnyView {
    let kind = Calendar {
        kind: Kind::Date,
        native: "date",
        full: format::full_date,
        start: str::to_owned,
        hint: || say!(checklist.date_hint, example = example()),
        show,
    };
    calendar(tie, kind)
}

fn show(value: &Value) -> String {
    match value {
        Value::Text(text) => format::short_date(text).unwrap_or_else(|| text.clone()),
        other => other.python_repr(),
    }
}

/// A date that cannot be taken for another one.
pub(super) fn example() -> String {
    format::short_date("2026-11-25").unwrap_or_default()
}
