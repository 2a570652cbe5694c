//! Agreement on a scale. The points count from 0; the ends have names.

use checklist::{Likert, Value};
use leptos::prelude::*;

use super::{
    Tie,
    radios::{Radio, radios},
};
use crate::i18n::say;

pub(super) fn likert(tie: Tie, likert: Likert) -> AnyView {
    let mut options: Vec<Radio> = (0..likert.points)
        .map(|point| Radio::new(Value::Int(point.into()), Signal::stored(name(&likert, point))))
        .collect();
    if likert.allow_na {
        let label = Signal::derive(|| say!(checklist.not_applicable));
        options.push(Radio::new(Value::from("na"), label).apart());
    }
    radios(tie, options, "options options--scale")
}

/// People count from one; the server counts from zero.
fn name(likert: &Likert, point: u8) -> String {
    let number = u16::from(point) + 1;
    let end = match point {
        0 => &likert.low,
        _ if u16::from(likert.points) == number => &likert.high,
        _ => return number.to_string(),
    };
    if end.is_empty() { number.to_string() } else { format!("{number} – {end}") }
}
