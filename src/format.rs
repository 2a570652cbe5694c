//! Dates, numbers and sizes as people of the page's language write them, by `Intl`.

use std::cell::RefCell;

use api::Timestamp;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::i18n::{language, tag};

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

/// A date answer such as `2025-09-04`, without a shift by the time zone.
pub(crate) fn plain_date(text: &str) -> String {
    date(text, &[("dateStyle", "medium"), ("timeZone", "UTC")])
}

/// A date-time answer, shown in the local zone where it names none.
pub(crate) fn plain_moment(text: &str) -> String {
    date(text, &[("dateStyle", "medium"), ("timeStyle", "short")])
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
