//! Moments as the server writes them.

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};

/// Now, as `2025-09-04T12:00:00.123456+00:00` (`contract.md` 1.4). Texts of this form sort by time.
pub(crate) fn now() -> String {
    text(Timestamp::now())
}

/// The same clock time some days and minutes ago.
pub(crate) fn ago(days: i64, minutes: i64) -> String {
    let span = (days * 24 * 60 + minutes).minutes();
    text(Timestamp::now().checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// So many seconds from now.
pub(crate) fn in_seconds(seconds: i64) -> String {
    text(Timestamp::now().checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX))
}

/// Today, for answers that name only a part of a date.
pub(crate) fn today() -> (i32, u8, u8) {
    let date = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    (date.year().into(), part(date.month()), part(date.day()))
}

pub(crate) fn text(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00").to_string()
}
