//! Dates with a time in text, as `datetime.fromisoformat` of Python 3.13 takes them
//! (`contract.md` 5.2): ISO 8601 with or without separators, week dates, and any one character
//! between date and time. The quirks are Python's.

use crate::date::{days_in_month, is_leap};

/// Whether the text is a date with an optional time.
pub(crate) fn is_datetime(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 7 {
        return false;
    }
    let Some((date, rest)) = bytes.split_at_checked(date_length(bytes)) else { return false };
    // Between date and time stands one character, whichever it is.
    let separator = text.get(date.len()..).and_then(|rest| rest.chars().next());
    is_date(date) && separator.is_none_or(|separator| is_time(&rest[separator.len_utf8()..]))
}

/// Where the date ends: `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-Www`, `YYYY-Www-D`, `YYYYWww`, `YYYYWwwD`.
fn date_length(bytes: &[u8]) -> usize {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    match (at(4), at(5)) {
        _ if bytes.len() == 7 => 7,
        (b'-', b'W') if at(8) != b'-' => 8,
        // A dash may also be the separator before the time.
        (b'-', b'W') if at(10).is_ascii_digit() => 8,
        (b'-', _) => 10,
        (b'W', _) => match bytes[7..].iter().take_while(|b| b.is_ascii_digit()).count() {
            n @ (0 | 1) => 7 + n,
            // The digits of a time come in pairs, so an odd one is the weekday.
            n if n % 2 == 1 => 7,
            _ => 8,
        },
        _ => 8,
    }
}

fn is_date(text: &[u8]) -> bool {
    read_date(text).is_some_and(|rest| rest.is_empty())
}

fn read_date(text: &[u8]) -> Option<&[u8]> {
    let (year, rest) = digits(text, 4)?;
    let has_dashes = rest.first() == Some(&b'-');
    let rest = if has_dashes { &rest[1..] } else { rest };
    if let Some(rest) = rest.strip_prefix(b"W") {
        let (week, rest) = digits(rest, 2)?;
        let (weekday, rest) = match rest {
            [] => (1, rest),
            _ if has_dashes => digits(rest.strip_prefix(b"-")?, 1)?,
            _ => digits(rest, 1)?,
        };
        return is_week_date(year, week, weekday).then_some(rest);
    }
    let (month, rest) = digits(rest, 2)?;
    let rest = if has_dashes { rest.strip_prefix(b"-")? } else { rest };
    let (day, rest) = digits(rest, 2)?;
    ((1..=9999).contains(&year) && (1..=days_in_month(year, month)).contains(&day)).then_some(rest)
}

fn is_week_date(year: i64, week: i64, weekday: i64) -> bool {
    if !(1..=9999).contains(&year) || !(1..=7).contains(&weekday) {
        return false;
    }
    // A year has 53 weeks if it starts on a Thursday, or on a Wednesday and is a leap year.
    let earlier = year - 1;
    let starts_on = (earlier + earlier / 4 - earlier / 100 + earlier / 400) % 7;
    let is_long = starts_on == 3 || (starts_on == 2 && is_leap(year));
    let weeks = if is_long { 53 } else { 52 };
    // The last week of 9999 runs into the year 10000.
    let is_beyond = year == 9999 && week == 52 && weekday > 5;
    (1..=weeks).contains(&week) && !is_beyond
}

fn is_time(text: &[u8]) -> bool {
    let zone = text.iter().position(|b| matches!(b, b'+' | b'-' | b'Z')).unwrap_or(text.len());
    let (time, zone) = text.split_at(zone);
    let Some(clock) = read_clock(time) else { return false };
    let [hour, minute, second] = clock.parts;
    let is_real = hour < 24 && minute < 60 && second < 60;
    is_real
        && match zone {
            [] => clock.is_whole,
            [b'Z', rest @ ..] => rest.is_empty() || rest[0] == 0,
            [_, offset @ ..] => read_clock(offset).is_some_and(|offset| {
                let [hours, minutes, seconds] = offset.parts;
                offset.is_whole && hours * 3600 + minutes * 60 + seconds < 24 * 3600
            }),
        }
}

struct Clock {
    /// Hour, minute and second.
    parts: [i64; 3],
    /// Whether the text ends here.
    is_whole: bool,
}

/// `HH[:MM[:SS[.ffffff]]]`, with or without colons. As in Python, a fraction may also follow the
/// hour or the minute, and need not have a mark where there are no colons.
fn read_clock(text: &[u8]) -> Option<Clock> {
    let mut clock = Clock { parts: [0; 3], is_whole: true };
    let mut rest = text;
    let mut has_colons = true;
    for index in 0..clock.parts.len() {
        let (number, after) = digits(rest, 2)?;
        clock.parts[index] = number;
        let Some((&mark, behind)) = after.split_first() else { return Some(clock) };
        if index == 0 {
            has_colons = mark == b':';
        }
        if behind.is_empty() {
            // C takes a zero byte for the end of the text.
            clock.is_whole = mark == 0;
            return Some(clock);
        }
        match mark {
            b':' if has_colons => rest = behind,
            b'.' | b',' => {
                rest = behind;
                break;
            }
            _ if !has_colons => rest = after,
            _ => return None,
        }
    }
    let (_, rest) = digits(rest, rest.len().min(6))?;
    let end = rest.iter().find(|b| !b.is_ascii_digit());
    clock.is_whole = end.is_none_or(|b| *b == 0);
    Some(clock)
}

/// A number of exactly `n` digits and what follows it.
fn digits(text: &[u8], n: usize) -> Option<(i64, &[u8])> {
    let (digits, rest) = text.split_at_checked(n)?;
    let number = digits
        .iter()
        .try_fold(0, |number, b| b.is_ascii_digit().then(|| number * 10 + i64::from(b - b'0')))?;
    Some((number, rest))
}
