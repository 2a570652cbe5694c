//! Dates, numbers and sizes as people of the page's language write them, by `Intl`.

use std::cell::RefCell;

use api::Timestamp;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::i18n::{language, say, tag};

thread_local! {
    /// The formatters in use, by language and style: making one takes the browser far longer than
    /// using it.
    static FORMATTERS: RefCell<Vec<(String, Function)>> = const { RefCell::new(Vec::new()) };
}

fn locale_tag() -> &'static str {
    // English dates day first and with a 24-hour clock: Waldur's users are in Europe.
    match tag(language()) {
        "en" => "en-GB",
        other => other,
    }
}

fn locale() -> Array {
    Array::of1(&JsValue::from_str(locale_tag()))
}

/// What a formatter of this style makes of `value`.
fn formatted(
    value: &JsValue,
    style: &[(&str, &str)],
    make: fn(&Array, &Object) -> Function,
) -> String {
    let mut name = locale_tag().to_owned();
    for (key, value) in style {
        name.extend([*key, *value]);
    }
    let format = FORMATTERS.with_borrow_mut(|all| {
        if let Some((_, format)) = all.iter().find(|(known, _)| *known == name) {
            return format.clone();
        }
        let format = make(&locale(), &options(style));
        all.push((name, format.clone()));
        format
    });
    format.call1(&JsValue::NULL, value).ok().and_then(|it| it.as_string()).unwrap_or_default()
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (key, value) in pairs {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &(*key).into(), &(*value).into());
    }
    options
}

fn date(timestamp: &str, style: &[(&str, &str)]) -> String {
    let date = Date::new(&JsValue::from_str(timestamp));
    if date.get_time().is_nan() {
        return timestamp.to_owned();
    }
    moment_of(&date, style)
}

fn moment_of(date: &Date, style: &[(&str, &str)]) -> String {
    formatted(date, style, |locale, options| Intl::DateTimeFormat::new(locale, options).format())
}

/// A day: `4 Sept 2025`.
pub(crate) fn day(timestamp: &Timestamp) -> String {
    date(timestamp.as_str(), &[("dateStyle", "medium")])
}

/// A moment: `4 Sept 2025, 12:00`.
pub(crate) fn moment(timestamp: &Timestamp) -> String {
    date(timestamp.as_str(), &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// The time of a day: `12:00`. `at` is in milliseconds since 1970.
pub(crate) fn time(at: f64) -> String {
    moment_of(&Date::new(&JsValue::from_f64(at)), &[("timeStyle", "short")])
}

/// A date answer as people type it, `25/11/2026`. `None`: it is not spelled `2026-11-25`.
pub(crate) fn short_date(text: &str) -> Option<String> {
    let (year, month, day) = parts(text)?;
    Some(say!(date.short, day = day, month = month, year = year))
}

/// A date-time answer as people type it, `25/11/2026 14:30`. `None`: it is not spelled
/// `2026-11-25T14:30`, with whatever behind.
pub(crate) fn short_moment(text: &str) -> Option<String> {
    let (date, time) = day_and_time(text)?;
    Some(format!("{} {time}", short_date(date)?))
}

/// A date answer in full, without a shift by the time zone: `Wednesday, 25 November 2026`. `None`: it
/// is spelled in a way that leaves something open.
pub(crate) fn full_date(text: &str) -> Option<String> {
    parts(text).map(|_| date(text, &[("dateStyle", "full"), ("timeZone", "UTC")]))
}

/// A date-time answer in full. Where it names a zone, it is shown in the reader's, named too.
pub(crate) fn full_moment(text: &str) -> Option<String> {
    moment_answer(text, "full")
}

/// A date answer: `25 Nov 2026`. One that leaves something open stays as it is.
pub(crate) fn plain_date(text: &str) -> String {
    let style = [("dateStyle", "medium"), ("timeZone", "UTC")];
    parts(text).map_or_else(|| text.to_owned(), |_| date(text, &style))
}

/// A date-time answer: `25 Nov 2026, 14:30`. One that leaves something open stays as it is.
pub(crate) fn plain_moment(text: &str) -> String {
    moment_answer(text, "medium").unwrap_or_else(|| plain_date(text))
}

fn moment_answer(text: &str, date_style: &str) -> Option<String> {
    let (day, time) = day_and_time(text)?;
    parts(day)?;
    let time_style = match time {
        zoned if zoned.contains(['Z', '+', '-']) => "long",
        seconds if seconds.len() > 5 => "medium",
        _ => "short",
    };
    Some(date(text, &[("dateStyle", date_style), ("timeStyle", time_style)]))
}

fn day_and_time(text: &str) -> Option<(&str, &str)> {
    text.split_once(['T', ' ']).filter(|(_, time)| time.get(2..3) == Some(":"))
}

/// Year, month and day of a date that is spelled `2026-11-25`.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let is_part =
        |part: &str, digits| part.len() == digits && part.bytes().all(|it| it.is_ascii_digit());
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_date = is_part(year, 4) && is_part(month, 2) && is_part(day, 2);
    (is_date && parts.next().is_none()).then_some((year, month, day))
}

/// A number that is written with a point, with the mark of the page's language: `12,5`.
pub(crate) fn decimal(number: &str) -> String {
    number.replacen('.', &say!(date.decimal_mark), 1)
}

fn number(value: f64, style: &[(&str, &str)]) -> String {
    formatted(&value.into(), style, |locale, options| {
        Intl::NumberFormat::new(locale, options).format()
    })
}

/// A count: `1,234`.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(crate) fn whole(value: u64) -> String {
    number(value as f64, &[])
}

/// A share of a hundred, with at most one decimal: `66.7 %`.
pub(crate) fn percent(value: f64) -> String {
    number(value / 100.0, &[("style", "percent"), ("maximumFractionDigits", "1")])
}

/// A size in bytes, with the unit that suits it: `1.2 MB`. A megabyte is 1,048,576 bytes, as it is
/// for the limits that Waldur sets (`contract.md` 5.4).
pub(crate) fn size(bytes: f64) -> String {
    let units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    let mut value = bytes;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    let digits = if unit == 0 || value >= 100.0 { "0" } else { "1" };
    number(
        value,
        &[
            ("style", "unit"),
            ("unit", units[unit]),
            ("unitDisplay", "short"),
            ("maximumFractionDigits", digits),
        ],
    )
}

/// Whether a count takes the singular form in the page's language.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(crate) fn is_singular(count: u64) -> bool {
    let rules = Intl::PluralRules::new(&locale(), &Object::new());
    rules.select(count as f64) == "one"
}

/// A country's name in the page's language; anything that is no country code stays as it is.
pub(crate) fn country(code: &str) -> String {
    display_names().and_then(|names| country_by(&names, code)).unwrap_or_else(|| code.to_owned())
}

/// All countries as `(code, name)`, by name.
pub(crate) fn countries() -> Vec<(&'static str, String)> {
    let Some(names) = display_names() else { return Vec::new() };
    let mut countries: Vec<_> = crate::country::CODES
        .into_iter()
        .map(|code| (code, country_by(&names, code).unwrap_or_else(|| code.to_owned())))
        .collect();
    let collator = Intl::Collator::new(&locale(), &Object::new());
    let compare = collator.compare();
    countries.sort_by(|(_, a), (_, b)| {
        let order = compare.call2(&JsValue::NULL, &a.into(), &b.into());
        let order = order.ok().and_then(|it| it.as_f64()).unwrap_or_default();
        order.partial_cmp(&0.0).unwrap_or(std::cmp::Ordering::Equal)
    });
    countries
}

fn display_names() -> Option<Intl::DisplayNames> {
    // Old browsers lack the constructor; then codes stay codes.
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    Reflect::has(&intl, &"DisplayNames".into()).ok()?.then(|| {
        Intl::DisplayNames::new(&locale(), &options(&[("type", "region"), ("fallback", "none")]))
    })
}

fn country_by(names: &Intl::DisplayNames, code: &str) -> Option<String> {
    // `of` throws for anything that is not shaped like a code.
    let is_code = code.len() == 2 && code.bytes().all(|it| it.is_ascii_uppercase());
    is_code.then(|| names.of(code)).flatten().map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_nothing_open_is_spelled_anew() {
        assert_eq!(short_date("2026-11-25").as_deref(), Some("25/11/2026"));
        assert_eq!(short_moment("2026-11-25T14:30").as_deref(), Some("25/11/2026 14:30"));
        assert_eq!(
            short_moment("2026-11-25 14:30:05+02:00").as_deref(),
            Some("25/11/2026 14:30:05+02:00")
        );
        for other in ["15/01/2024", "2024", "10", "2026-1-5", "20261125", "2026-11-25-1", "", "x"] {
            assert_eq!(short_date(other), None, "{other}");
            assert_eq!(plain_date(other), other);
        }
        for other in ["2026-11-25", "2026-11-25T1430", "20261125T14:30", "T", "2026-W48-3T14:30"] {
            assert_eq!(short_moment(other), None, "{other}");
        }
    }
}
