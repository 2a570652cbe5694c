//! Numbers. What was typed stays; what it means is sent as a number.

use checklist::{Bounds, Problem, Value};
use leptos::prelude::*;

use super::{Tie, text::text_of};
use crate::{draft::Edit, i18n::say, ui::live};

/// A number with an optional fraction.
pub(super) fn number(tie: Tie, bounds: Bounds) -> AnyView {
    field(tie, bounds, "decimal", read_number)
}

/// A whole number.
pub(super) fn whole(tie: Tie, bounds: Bounds) -> AnyView {
    field(tie, bounds, "numeric", read_whole)
}

fn field(
    tie: Tie,
    bounds: Bounds,
    keyboard: &'static str,
    read: fn(&str) -> Result<Value, Problem>,
) -> AnyView {
    let Tie { entry, ref dom_id, by, required } = tie;
    let range_id = format!("{dom_id}-range");
    let range = range_id.clone();
    let described = move || match by.get() {
        Some(by) => format!("{by} {range}"),
        None => range.clone(),
    };
    view! {
        // Not type="number": it hides what it cannot read, and a wheel changes it by accident.
        <input
            class="input input--short"
            type="text"
            inputmode=keyboard
            autocomplete="off"
            id=format!("{dom_id}-0")
            aria-labelledby=tie.label_id()
            aria-describedby=described
            aria-required=required.then_some("true")
            prop:value=move || text_of(entry)
            on:input:target=move |event| {
                let text = event.target().value();
                let value = read(&text);
                entry.set(Edit::typed(text, value));
            }
        />
        <p class="soft question__range" id=range_id>{live(move || range_words(&bounds))}</p>
    }
    .into_any()
}

fn range_words(bounds: &Bounds) -> String {
    match (bounds.min.as_deref().map(trim_bound), bounds.max.as_deref().map(trim_bound)) {
        (Some(min), Some(max)) => say!(checklist.range, min = min, max = max),
        (Some(min), None) => say!(checklist.range_from, min = min),
        (None, Some(max)) => say!(checklist.range_to, max = max),
        (None, None) => String::new(),
    }
}

/// A bound as people write it: `10.5000` is 10.5.
pub(in crate::pages::checklist) fn trim_bound(bound: &str) -> String {
    match bound.contains('.') {
        true => bound.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => bound.to_owned(),
    }
}

/// Reads a number as people type it: a comma may stand for the point, spaces may group digits.
fn read_number(text: &str) -> Result<Value, Problem> {
    let text = tidy(text);
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if let Ok(value) = read_whole(&text) {
        return Ok(value);
    }
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let plain = digits.bytes().all(|it| it.is_ascii_digit() || it == b'.')
        && digits.bytes().any(|it| it.is_ascii_digit());
    match text.parse::<f64>() {
        Ok(value) if plain && value.is_finite() => Ok(Value::Float(value)),
        _ => Err(Problem::NotANumber),
    }
}

fn read_whole(text: &str) -> Result<Value, Problem> {
    let text = tidy(text);
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let digits = text.strip_prefix('-').unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return Err(Problem::NotWhole);
    }
    // More digits than any server keeps exactly.
    if digits.len() > 15 {
        return Err(Problem::NotANumber);
    }
    text.parse().map(Value::Int).map_err(|_| Problem::NotANumber)
}

fn tidy(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|it| !it.is_whitespace())
        .map(|it| match it {
            ',' => '.',
            '\u{2212}' => '-',
            other => other,
        })
        .collect();
    text.strip_prefix('+').unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(read_number("12,5"), Ok(Value::Float(12.5)));
        assert_eq!(read_number(" 1 000 "), Ok(Value::Int(1000)));
        assert_eq!(read_number("12.50"), Ok(Value::Float(12.5)));
        assert_eq!(read_number("\u{2212}3"), Ok(Value::Int(-3)));
        assert_eq!(read_number(""), Ok(Value::Null));
        for odd in ["abc", "1,000.5", "1e5", "nan", "inf", ".", "-", "1.2.3"] {
            assert_eq!(read_number(odd), Err(Problem::NotANumber), "{odd}");
        }
    }

    #[test]
    fn whole_numbers_take_no_fraction() {
        assert_eq!(read_whole("2024"), Ok(Value::Int(2024)));
        assert_eq!(read_whole("2024.0"), Err(Problem::NotWhole));
        assert_eq!(read_whole("9999999999999999"), Err(Problem::NotANumber));
    }

    #[test]
    fn bounds_lose_their_padding_only() {
        assert_eq!(trim_bound("10.5000"), "10.5");
        assert_eq!(trim_bound("100.0000"), "100");
        assert_eq!(trim_bound("100"), "100");
    }
}
