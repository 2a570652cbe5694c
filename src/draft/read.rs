//! What typed text means for a kind of question.

use std::ops::RangeInclusive;

use checklist::{Kind, Problem, Value};

use crate::country::CODES;

/// The answer that typed text stands for, or why it is none yet. An emptied field asks for the answer
/// to be deleted: an empty text would count as answered (`contract.md` 5.2).
///
/// It does not depend on the language of the page, so that a text means the same when it is read again
/// after a change of language: days come before months.
pub(crate) fn read(kind: &Kind, text: &str) -> Result<Value, Problem> {
    match kind {
        Kind::Number(_) => read_number(text),
        Kind::Year(_) | Kind::Rating(_) => read_whole(text),
        Kind::Date => read_with(text, date_in, Problem::NotADate),
        Kind::DateTime => read_with(text, date_time_in, Problem::NotADateTime),
        Kind::Country => read_with(text, country_in, Problem::NotACountry),
        _ if text.is_empty() => Ok(Value::Null),
        _ => Ok(Value::Text(text.to_owned())),
    }
}

fn read_with(
    text: &str,
    meaning: fn(&str) -> Option<String>,
    problem: Problem,
) -> Result<Value, Problem> {
    match text.trim() {
        "" => Ok(Value::Null),
        text => meaning(text).map(Value::Text).ok_or(problem),
    }
}

/// Only a code is a country by itself. Names depend on the language, so the input looks them up.
fn country_in(text: &str) -> Option<String> {
    CODES.contains(&text).then(|| text.to_owned())
}

/// A day that exists as `2026-11-25`, of `2026-11-25`, `25.11.2026`, `25/11/2026` and their like.
fn date_in(text: &str) -> Option<String> {
    let mark = text.chars().find(|it| !it.is_ascii_digit())?;
    if !matches!(mark, '-' | '.' | '/') {
        return None;
    }
    // Estonians put a space behind the point.
    let parts: Vec<&str> = text.split(mark).map(str::trim).collect();
    let [first, month, last] = parts[..] else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let number = |text: &str, digits: RangeInclusive<usize>| {
        let plain = text.bytes().all(|it| it.is_ascii_digit()) && digits.contains(&text.len());
        plain.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (year, month, day) = (number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?);
    let date = format!("{year:04}-{month:02}-{day:02}");
    is_accepted(&Kind::Date, &date).then_some(date)
}

/// A day and a time as `2026-11-25T14:30`. Seconds and a zone stay where they were typed.
fn date_time_in(text: &str) -> Option<String> {
    // A space behind the point of a date does not end it.
    let spaced = |at: usize| text[..at].ends_with(['.', ',']);
    let (at, mark) = text
        .char_indices()
        .find(|(at, it)| matches!(it, 'T' | 't') || (it.is_whitespace() && !spaced(*at)))
        .or_else(|| text.char_indices().find(|(_, it)| *it == ','))?;
    let date = date_in(text[..at].trim_end_matches([',', ' ']))?;
    let time: String = text[at + mark.len_utf8()..]
        .chars()
        .filter(|it| !it.is_whitespace())
        .map(|it| if it == 'z' { 'Z' } else { it })
        .collect();
    // A point between hours and minutes is as common as a colon.
    let time = if time.contains(':') { time } else { time.replacen('.', ":", 1) };
    let time = if time.find(':') == Some(1) { format!("0{time}") } else { time };
    let minutes = time.get(2..3) == Some(":") && time.len() >= 5;
    let plain = |it: char| it.is_ascii_digit() || matches!(it, ':' | '.' | '+' | '-' | 'Z');
    let date_time = format!("{date}T{time}");
    (minutes && time.chars().all(plain) && is_accepted(&Kind::DateTime, &date_time))
        .then_some(date_time)
}

/// Whether the server takes a text that leaves nothing open, on whichever day it is asked.
fn is_accepted(kind: &Kind, text: &str) -> bool {
    checklist::validate(kind, &Value::from(text), (2000, 1, 1)).is_ok()
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
    use checklist::Bounds;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(read_number("12,5"), Ok(Value::Float(12.5)));
        assert_eq!(read_number(" 1 000 "), Ok(Value::Int(1000)));
        assert_eq!(read_number("1\u{a0}000,5"), Ok(Value::Float(1000.5)));
        assert_eq!(read_number("12.50"), Ok(Value::Float(12.5)));
        assert_eq!(read_number("\u{2212}3"), Ok(Value::Int(-3)));
        assert_eq!(read_number("0"), Ok(Value::Int(0)));
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
    fn dates_are_read_day_first_and_sent_as_iso() {
        let table = [
            ("2026-11-25", "2026-11-25"),
            ("25.11.2026", "2026-11-25"),
            ("25. 11. 2026", "2026-11-25"),
            ("25/11/2026", "2026-11-25"),
            ("25-11-2026", "2026-11-25"),
            ("2026/11/25", "2026-11-25"),
            (" 5.1.2026 ", "2026-01-05"),
            ("29.2.2024", "2024-02-29"),
            ("0987-01-02", "0987-01-02"),
        ];
        for (typed, sent) in table {
            assert_eq!(read(&Kind::Date, typed), Ok(Value::from(sent)), "{typed}");
        }
        assert_eq!(read(&Kind::Date, "  "), Ok(Value::Null));
    }

    #[test]
    fn what_is_no_whole_existing_date_is_none() {
        // The server would take some of these for a day of the current month.
        let odd = [
            "2",
            "25",
            "25.11",
            "25.11.26",
            "2026",
            "2026-11",
            "31.2.2026",
            "29.2.2023",
            "13/13/2026",
            "2026-13-01",
            "0000-01-01",
            "25.11/2026",
            "25.11.2026.",
            "+5.1.2026",
            "25 11 2026",
            "25 Nov 2026",
            "tomorrow",
            "٢٥.١١.٢٠٢٦",
        ];
        for odd in odd {
            assert_eq!(read(&Kind::Date, odd), Err(Problem::NotADate), "{odd}");
        }
    }

    #[test]
    fn moments_are_read_as_the_wall_clock_shows_them() {
        let table = [
            ("2026-11-25T14:30", "2026-11-25T14:30"),
            ("2026-11-25 14:30", "2026-11-25T14:30"),
            ("25.11.2026 14:30", "2026-11-25T14:30"),
            ("25. 11. 2026 14.30", "2026-11-25T14:30"),
            ("25/11/2026, 9:05", "2026-11-25T09:05"),
            ("25/11/2026,9:05", "2026-11-25T09:05"),
            ("25/11/2026  14:30:15", "2026-11-25T14:30:15"),
            ("2026-11-25T14:30:15.25+02:00", "2026-11-25T14:30:15.25+02:00"),
            ("25.11.2026 14:30 Z", "2026-11-25T14:30Z"),
        ];
        for (typed, sent) in table {
            assert_eq!(read(&Kind::DateTime, typed), Ok(Value::from(sent)), "{typed}");
        }
        let odd = [
            "25.11.2026",
            "14:30",
            "25.11.2026 14",
            "25.11.2026 14:3",
            "25.11.2026 24:00",
            "25.11.2026 14:60",
            "31.2.2026 14:30",
            "25.11.2026 14:30 noon",
            "25.11.2026 2:30 pm",
            "T",
            ",",
            "25. ",
        ];
        for odd in odd {
            assert_eq!(read(&Kind::DateTime, odd), Err(Problem::NotADateTime), "{odd}");
        }
    }

    #[test]
    fn only_a_code_is_a_country_by_itself() {
        assert_eq!(read(&Kind::Country, "EE"), Ok(Value::from("EE")));
        assert_eq!(read(&Kind::Country, ""), Ok(Value::Null));
        for odd in ["ee", "Estonia", "XX", "E"] {
            assert_eq!(read(&Kind::Country, odd), Err(Problem::NotACountry), "{odd}");
        }
    }

    fn typed_kinds() -> [Kind; 7] {
        let bounds = Bounds::default;
        [
            Kind::Number(bounds()),
            Kind::Year(bounds()),
            Kind::Rating(bounds()),
            Kind::Date,
            Kind::DateTime,
            Kind::Country,
            Kind::TextInput,
        ]
    }

    #[track_caller]
    fn check(text: &str) {
        for kind in typed_kinds() {
            if let Ok(value) = read(&kind, text) {
                let verdict = checklist::validate(&kind, &value, (2026, 2, 28));
                assert_eq!(verdict, Ok(()), "{kind:?}: {text:?} gives {value:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_accepted(text in ".{0,40}") {
            check(&text);
        }

        #[test]
        fn what_looks_like_a_date_is_accepted_when_it_is_read(
            text in "[0-9]{1,4}[-./ ,]{1,2}[0-9]{1,2}[-./ ]{1,2}[0-9]{1,4}[T ,]{0,2}[0-9:.+Z -]{0,12}"
        ) {
            check(&text);
        }

        #[test]
        fn each_day_reads_the_same_in_each_spelling(year in 1_u16..10_000, month in 1..13, day in 1..29) {
            let iso = format!("{year:04}-{month:02}-{day:02}");
            for typed in [
                iso.clone(),
                format!("{day}.{month}.{year:04}"),
                format!("{day:02}/{month:02}/{year:04}"),
            ] {
                prop_assert_eq!(read(&Kind::Date, &typed), Ok(Value::Text(iso.clone())));
                let moment = format!("{typed} 07:05");
                let sent = Value::Text(format!("{iso}T07:05"));
                prop_assert_eq!(read(&Kind::DateTime, &moment), Ok(sent));
            }
        }
    }
}
