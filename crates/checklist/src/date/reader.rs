use super::calendar::{days_in_month, weekday};
use super::words;
use super::ymd::{Resolved, Ymd};

/// What a text says about a point in time.
#[derive(Default)]
pub(super) struct Reading {
    date: Resolved,
    weekday: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    has_zone_name: bool,
    has_offset: bool,
}

/// Makes sense of the tokens. `None`: one of them fits nowhere.
pub(super) fn read(tokens: &[String], this_year: i64) -> Option<Reading> {
    let mut reader =
        Reader { tokens, at: 0, this_year, ymd: Ymd::default(), reading: Reading::default() };
    while let Some(token) = reader.tokens.get(reader.at) {
        reader.read_token(token)?;
        reader.at += 1;
    }
    reader.finish()
}

struct Reader<'a> {
    tokens: &'a [String],
    /// The token being read, and after that the last one used.
    at: usize,
    this_year: i64,
    ymd: Ymd,
    reading: Reading,
}

/// A number with an optional fraction, which lies from `low` to `high`.
#[derive(Clone, Copy)]
struct Number {
    low: i64,
    high: i64,
}

impl Number {
    fn parse(token: &str) -> Option<Self> {
        let (whole, fraction) = token.split_once('.').unwrap_or((token, "0"));
        let (low, _) = (int(whole)?, int(fraction)?);
        let has_fraction = fraction.bytes().any(|b| b != b'0');
        Some(Self { low, high: low.saturating_add(has_fraction.into()) })
    }

    fn has_fraction(self) -> bool {
        self.low < self.high
    }
}

impl<'a> Reader<'a> {
    fn token(&self, ahead: usize) -> Option<&'a str> {
        self.tokens.get(self.at + ahead).map(String::as_str)
    }

    fn read_token(&mut self, token: &str) -> Option<()> {
        if token.starts_with(char::is_numeric) {
            return self.read_number(token);
        }
        // Python's float() takes these for numbers, and then they are none of a date.
        if ["nan", "inf", "infinity"].iter().any(|word| word.eq_ignore_ascii_case(token)) {
            return None;
        }
        if let Some(day) = words::weekday(token) {
            self.reading.weekday = Some(day);
        } else if let Some(month) = words::month(token) {
            self.ymd.push_month(month)?;
            self.read_after_month()?;
        } else if let Some(half) = words::half_of_day(token) {
            let hour = self.reading.hour.filter(|hour| *hour <= 12)?;
            self.reading.hour = Some(on_clock(hour, half));
        } else if self.could_be_zone(token) && !self.reading.has_offset {
            self.read_zone_name(token);
        } else if self.reading.hour.is_some() && (token == "+" || token == "-") {
            self.read_offset()?;
        } else if !words::is_filler(token) {
            return None;
        }
        Some(())
    }

    /// `Jan-01`, `Jan-01-99`, `Jan of 01`.
    fn read_after_month(&mut self) -> Option<()> {
        match self.token(1) {
            Some(separator @ ("-" | "/")) => {
                self.push_digits(2)?;
                if self.token(3) == Some(separator) {
                    self.push_digits(4)?;
                    self.at += 2;
                }
                self.at += 2;
            }
            Some(" ") if self.token(3) == Some(" ") => {
                let (Some(of), Some(year)) = (self.token(2), self.token(4)) else {
                    return Some(());
                };
                if of.eq_ignore_ascii_case("of") {
                    if year.chars().all(char::is_numeric) {
                        let year = self.full_year(int(year)?);
                        self.ymd.has_century = true;
                        self.ymd.push_year(year)?;
                    }
                    self.at += 4;
                }
            }
            _ => {}
        }
        Some(())
    }

    /// `EST`, or `GMT+3`, where the name says from where the offset counts.
    fn read_zone_name(&mut self, token: &str) {
        self.reading.has_zone_name = true;
        // dateutil looks this one up in lower case only, hence not "Z" or "UTC".
        self.reading.has_offset = token == "z";
        if matches!(self.token(1), Some("+" | "-")) {
            self.reading.has_offset = false;
            self.reading.has_zone_name = !words::is_utc(token);
        }
    }

    /// `+03`, `-0300`, `+03:00`, each optionally with a name: `-0300 (BRST)`.
    fn read_offset(&mut self) -> Option<()> {
        let digits = self.token(1)?;
        let hours = if digits.len() == 4 {
            int(digits)?;
            int(digits.get(..2)?)?
        } else if self.token(2) == Some(":") {
            let (hours, _) = (int(digits)?, int(self.token(3)?)?);
            self.at += 2;
            hours
        } else if digits.len() <= 2 {
            int(digits)?
        } else {
            return None;
        };
        self.reading.has_offset = true;
        let has_name = self.token(2).is_some_and(words::is_filler)
            && self.token(3) == Some("(")
            && self.token(4).is_some_and(|name| name.len() >= 3 && self.could_be_zone(name))
            && self.token(5) == Some(")");
        if has_name {
            self.reading.has_zone_name = true;
            self.at += 4;
        }
        self.at += 1;
        // A Python timedelta ends at a thousand million days.
        (hours < 24_000_000_000).then_some(())
    }

    fn could_be_zone(&self, token: &str) -> bool {
        self.reading.hour.is_some() && !self.reading.has_zone_name && words::is_zone_name(token)
    }

    /// The cases in dateutil's order, which decides what an ambiguous number is.
    fn read_number(&mut self, token: &str) -> Option<()> {
        let number = Number::parse(token)?;
        let next = self.token(1);
        let is_time = next == Some(":") || next.and_then(words::time_unit).is_some();
        let unit = self.unit();
        match (token.len(), next) {
            // 19990101T23[59]
            (2 | 4, _) if self.ymd.len() == 3 && self.reading.hour.is_none() && !is_time => {
                self.reading.hour = Some(int(token.get(..2)?)?);
                if token.len() == 4 {
                    self.reading.minute = Some(int(token.get(2..)?)?);
                }
            }
            // YYMMDD
            (6, _) if self.ymd.len() == 0 && !token.contains('.') => {
                for part in [0..2, 2..4, 4..6].map(|range| token.get(range)) {
                    self.ymd.push(int(part?)?);
                }
            }
            // HHMMSS[.ss]
            (length, _) if length == 6 || (length > 6 && token.find('.') == Some(6)) => {
                self.reading.hour = Some(int(token.get(..2)?)?);
                self.reading.minute = Some(int(token.get(2..4)?)?);
                self.reading.second = Some(seconds(token.get(4..)?)?);
            }
            // YYYYMMDD[hhmm[ss]]
            (length @ (8 | 12 | 14), _) => self.read_compact(token, length)?,
            // 12h, 5 m, 10.5s
            _ if unit.is_some() => {
                let (unit, last) = unit?;
                self.read_with_unit(token, number, unit)?;
                self.at = last;
            }
            // HH:MM[:SS[.ss]]
            (_, Some(":")) if self.token(2).is_some() => self.read_clock(number)?,
            (_, Some(separator @ ("-" | "/" | "."))) => self.read_separated(token, separator)?,
            (_, None) => self.push_number(number)?,
            (_, Some(next)) if words::is_filler(next) => {
                match self.token(2).and_then(words::half_of_day) {
                    // 12 am
                    Some(half) => {
                        self.reading.hour = Some(on_clock(number.low, half));
                        self.at += 1;
                    }
                    None => self.push_number(number)?,
                }
                self.at += 1;
            }
            // 12am
            (_, Some(next)) if number.low < 24 && words::half_of_day(next).is_some() => {
                self.reading.hour = words::half_of_day(next).map(|half| on_clock(number.low, half));
                self.at += 1;
            }
            _ if self.ymd.could_be_day(number.low, number.high) => self.push_number(number)?,
            _ => return None,
        }
        Some(())
    }

    /// The unit of the number (see [`words::time_unit`]) and the last token that belongs to both.
    /// A unit before the number makes it the next smaller part, as in `12h04`.
    fn unit(&self) -> Option<(i64, usize)> {
        let unit_at = |index: usize| words::time_unit(self.tokens.get(index)?);
        let is_space_at = |index: usize| self.tokens.get(index).is_some_and(|token| token == " ");
        let at = self.at;
        if let Some(unit) = unit_at(at + 1) {
            return Some((unit, at + 1));
        }
        if let Some(unit) = unit_at(at + 2).filter(|_| is_space_at(at + 1)) {
            return Some((unit, at + 2));
        }
        let before = at.checked_sub(1)?;
        if let Some(unit) = unit_at(before) {
            return Some((unit + 1, at));
        }
        let further = before.checked_sub(1).filter(|_| is_space_at(before))?;
        let unit = unit_at(further).filter(|_| at + 1 == self.tokens.len())?;
        Some((unit + 1, at))
    }

    fn read_with_unit(&mut self, token: &str, number: Number, unit: i64) -> Option<()> {
        match unit {
            0 => {
                self.reading.hour = Some(number.low);
                if number.has_fraction() {
                    self.reading.minute = Some(0);
                }
            }
            1 => self.set_minute(number),
            2 => self.reading.second = Some(seconds(token)?),
            _ => {}
        }
        Some(())
    }

    /// A fraction of a minute becomes seconds; without one the seconds are forgotten.
    fn set_minute(&mut self, number: Number) {
        self.reading.minute = Some(number.low);
        self.reading.second = number.has_fraction().then_some(0);
    }

    fn read_compact(&mut self, token: &str, length: usize) -> Option<()> {
        self.ymd.has_century = true;
        self.ymd.push_year(int(token.get(..4)?)?)?;
        self.ymd.push(int(token.get(4..6)?)?);
        self.ymd.push(int(token.get(6..8)?)?);
        if length > 8 {
            self.reading.hour = Some(int(token.get(8..10)?)?);
            self.reading.minute = Some(int(token.get(10..12)?)?);
        }
        if length > 12 {
            self.reading.second = Some(int(token.get(12..)?)?);
        }
        Some(())
    }

    fn read_clock(&mut self, hour: Number) -> Option<()> {
        self.reading.hour = Some(hour.low);
        self.set_minute(Number::parse(self.token(2)?)?);
        if let (Some(":"), Some(second)) = (self.token(3), self.token(4)) {
            self.reading.second = Some(seconds(second)?);
            self.at += 2;
        }
        self.at += 2;
        Some(())
    }

    /// `01-01`, `01-Jan`, `01-01-01`, with any of `-`, `/` and `.`.
    fn read_separated(&mut self, token: &str, separator: &str) -> Option<()> {
        self.ymd.push_digits(token, int(token)?)?;
        if self.token(2).is_some_and(|second| !words::is_filler(second)) {
            self.push_digits_or_month(2)?;
            if self.token(3) == Some(separator) {
                self.push_digits_or_month(4)?;
                self.at += 2;
            }
            self.at += 1;
        }
        self.at += 1;
        Some(())
    }

    fn push_digits_or_month(&mut self, ahead: usize) -> Option<()> {
        match words::month(self.token(ahead)?) {
            Some(month) => self.ymd.push_month(month),
            None => self.push_digits(ahead),
        }
    }

    fn push_digits(&mut self, ahead: usize) -> Option<()> {
        let digits = self.token(ahead)?;
        self.ymd.push_digits(digits, int(digits)?)
    }

    fn push_number(&mut self, number: Number) -> Option<()> {
        if number.high > 100 {
            self.ymd.has_century = true;
            return self.ymd.push_year(number.low);
        }
        self.ymd.push(number.low);
        Some(())
    }

    /// Two digits mean the year within fifty years of today.
    fn full_year(&self, year: i64) -> i64 {
        if year >= 100 {
            return year;
        }
        match self.this_year / 100 * 100 + year {
            year if year >= self.this_year + 50 => year - 100,
            year if year < self.this_year - 50 => year + 100,
            year => year,
        }
    }

    fn finish(mut self) -> Option<Reading> {
        let mut date = self.ymd.resolve()?;
        if !self.ymd.has_century {
            date.year = date.year.map(|year| self.full_year(year));
        }
        self.reading.date = date;
        Some(self.reading)
    }
}

impl Reading {
    /// Whether the text said anything, and such a date and time exist. What is missing is taken
    /// from today, but never a day that the month does not have.
    pub(super) fn exists(&self, today: (i32, u8, u8)) -> bool {
        let Resolved { year, month, day } = self.date;
        let parts = [year, month, day, self.weekday, self.hour, self.minute, self.second];
        if parts.iter().all(Option::is_none) {
            return false;
        }
        let year = year.unwrap_or(today.0.into());
        let month = month.unwrap_or(today.1.into());
        let last = days_in_month(year, month);
        let on = day.unwrap_or(i64::from(today.2).min(last));
        let is_within = |part: Option<i64>, n: i64| part.is_none_or(|part| part < n);
        (1..=9999).contains(&year)
            && (1..=last).contains(&on)
            && is_within(self.hour, 24)
            && is_within(self.minute, 60)
            && is_within(self.second, 60)
            // Without a day, a weekday moves the date forward, which must not leave the calendar.
            && (day.is_some() || !self.leaves_calendar(year, month, on))
    }

    fn leaves_calendar(&self, year: i64, month: i64, day: i64) -> bool {
        self.weekday.is_some_and(|wanted| {
            let ahead = (wanted - weekday(year, month, day)).rem_euclid(7);
            year == 9999 && month == 12 && day + ahead > 31
        })
    }
}

/// The hour of a 12-hour clock on a 24-hour one.
fn on_clock(hour: i64, half: i64) -> i64 {
    match (hour, half) {
        (..12, 1) => hour + 12,
        (12, 0) => 0,
        _ => hour,
    }
}

/// The whole seconds of `SS[.ss]`.
fn seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    int(fraction)?;
    int(whole)
}

/// A number of any length, held at the largest one that fits: no part of a date is that large.
fn int(digits: &str) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    let mut int = 0_i64;
    for c in digits.chars() {
        int = int.saturating_mul(10).saturating_add(c.to_digit(10)?.into());
    }
    Some(int)
}
