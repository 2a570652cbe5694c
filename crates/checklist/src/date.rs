//! Dates in text, as loosely as the server takes them: whatever dateutil 2.9 `parser.parse` makes
//! sense of (`contract.md` 5.2), `"2024-01-15"` as well as `"10"`, `"12:30"` or `"Fri, 5th of May"`.
//!
//! Only whether the text is accepted matters, so what would merely change the result (fractions of
//! a second, the size of a time zone offset) is skipped. Where dateutil fails with any exception,
//! the text is not accepted.

mod calendar;
mod reader;
mod token;
mod words;
mod ymd;

pub(crate) use calendar::{days_in_month, is_leap};

/// Whether the text is a date. `today` (year, month, day) fills in the parts that are missing.
pub(crate) fn is_date(text: &str, today: (i32, u8, u8)) -> bool {
    let tokens = token::split(text);
    reader::read(&tokens, today.0.into()).is_some_and(|reading| reading.exists(today))
}
