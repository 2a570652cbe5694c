/// January is 1.
pub(super) fn month(word: &str) -> Option<i64> {
    const NAMES: [&[&str]; 12] = [
        &["jan", "january"],
        &["feb", "february"],
        &["mar", "march"],
        &["apr", "april"],
        &["may"],
        &["jun", "june"],
        &["jul", "july"],
        &["aug", "august"],
        &["sep", "sept", "september"],
        &["oct", "october"],
        &["nov", "november"],
        &["dec", "december"],
    ];
    position(&NAMES, word).map(|index| index + 1)
}

/// Monday is 0.
pub(super) fn weekday(word: &str) -> Option<i64> {
    const NAMES: [&[&str]; 7] = [
        &["mon", "monday"],
        &["tue", "tuesday"],
        &["wed", "wednesday"],
        &["thu", "thursday"],
        &["fri", "friday"],
        &["sat", "saturday"],
        &["sun", "sunday"],
    ];
    position(&NAMES, word)
}

/// Which part of the time a number with this unit is: 0 the hour, 1 the minute, 2 the second.
pub(super) fn time_unit(word: &str) -> Option<i64> {
    position(
        &[&["h", "hour", "hours"], &["m", "minute", "minutes"], &["s", "second", "seconds"]],
        word,
    )
}

/// The half of the day: 0 before noon, 1 after.
pub(super) fn half_of_day(word: &str) -> Option<i64> {
    position(&[&["am", "a"], &["pm", "p"]], word)
}

/// Words and marks without a meaning of their own.
pub(super) fn is_filler(word: &str) -> bool {
    const FILLERS: [&str; 18] = [
        " ", ".", ",", ";", "-", "/", "'", "at", "on", "and", "ad", "m", "t", "of", "st", "nd",
        "rd", "th",
    ];
    FILLERS.iter().any(|filler| filler.eq_ignore_ascii_case(word))
}

/// Names for UTC, in any case.
pub(super) fn is_utc(word: &str) -> bool {
    ["utc", "gmt", "z"].iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// Whether a token after a time looks like the name of a time zone.
pub(super) fn is_zone_name(word: &str) -> bool {
    word == "z" || (word.len() <= 5 && word.bytes().all(|b| b.is_ascii_uppercase()))
}

fn position(names: &[&[&str]], word: &str) -> Option<i64> {
    let index =
        names.iter().position(|names| names.iter().any(|n| n.eq_ignore_ascii_case(word)))?;
    i64::try_from(index).ok()
}
