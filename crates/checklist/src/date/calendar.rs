/// How many days a month (1 to 12) has. 0 for any other month, so that no day fits.
pub(crate) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Monday is 0.
pub(super) fn weekday(year: i64, month: i64, day: i64) -> i64 {
    let earlier_years = year - 1;
    let leap_days = earlier_years / 4 - earlier_years / 100 + earlier_years / 400;
    let earlier_months: i64 = (1..month).map(|month| days_in_month(year, month)).sum();
    (earlier_years * 365 + leap_days + earlier_months + day - 1) % 7
}
