//! Numbers in text, as Python's `float()` and `int()` read them.

use crate::text::with_ascii_digits;

/// Python refuses to convert longer ones.
const MOST_INT_DIGITS: usize = 4300;

/// Python's `float()`: surrounding space, underscores between digits, any script's digits, `nan`
/// and `inf` are fine (`contract.md` 5.2).
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let text = with_ascii_digits(text.trim());
    // Rust reads the same grammar, but for the underscores.
    without_underscores(&text, |b| b.is_ascii_digit())?.parse().ok()
}

/// Whether Python's `int()` reads it.
pub(crate) fn is_int(text: &str) -> bool {
    let text = with_ascii_digits(text.trim());
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    without_underscores(digits, |b| b.is_ascii_digit()).is_some_and(|digits| {
        (1..=MOST_INT_DIGITS).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// What Python's `uuid.UUID()` makes of a text, which is looser than the notation: braces,
/// `urn:uuid:` and hyphens may stand anywhere, and the rest only has to be 32 characters that
/// `int(_, 16)` reads (recordings `ans-03632` and `ans-04970`).
pub(crate) fn parse_uuid(text: &str) -> Option<u128> {
    let text = text.replace("urn:", "").replace("uuid:", "");
    let hex = text.trim_matches(['{', '}']).replace('-', "");
    if hex.chars().count() != 32 {
        return None;
    }
    let hex = with_ascii_digits(hex.trim());
    let digits = hex.strip_prefix('+').unwrap_or(&hex);
    let digits = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(rest) => rest.strip_prefix('_').unwrap_or(rest),
        None => digits,
    };
    let digits = without_underscores(digits, |b| b.is_ascii_hexdigit())?;
    // Rust would take a sign of its own.
    let is_plain = digits.bytes().all(|b| b.is_ascii_hexdigit());
    u128::from_str_radix(&digits, 16).ok().filter(|_| is_plain)
}

/// Drops single underscores between digits. `None`: there is one anywhere else.
fn without_underscores(text: &str, is_digit: fn(&u8) -> bool) -> Option<String> {
    let bytes = text.as_bytes();
    let is_separator = |i: usize| {
        let before = i.checked_sub(1).and_then(|i| bytes.get(i));
        before.is_some_and(is_digit) && bytes.get(i + 1).is_some_and(is_digit)
    };
    let mut underscores = bytes.iter().enumerate().filter(|(_, b)| **b == b'_').map(|(i, _)| i);
    underscores.all(is_separator).then(|| text.replace('_', ""))
}
