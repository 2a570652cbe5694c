//! What typed text means for a kind of question.

use checklist::{Kind, Problem, Value};

/// The answer that typed text stands for, or why it is none yet. An emptied field asks for the answer
/// to be deleted: an empty text would count as answered (`contract.md` 5.2).
pub(crate) fn read(kind: &Kind, text: &str) -> Result<Value, Problem> {
    match kind {
        Kind::Number(_) => read_number(text),
        Kind::Year(_) | Kind::Rating(_) => read_whole(text),
        _ if text.is_empty() => Ok(Value::Null),
        _ => Ok(Value::Text(text.to_owned())),
    }
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
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(read_number("12,5"), Ok(Value::Float(12.5)));
        assert_eq!(read_number(" 1 000 "), Ok(Value::Int(1000)));
        assert_eq!(read_number("12.50"), Ok(Value::Float(12.5)));
        assert_eq!(read_number("\u{2212}3"), Ok(Value::Int(-3)));
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
}
