use std::fmt::{self, Write};

use crate::Value;

impl Value {
    /// The value as Python's `str` writes it, which is how the server's error texts quote answers:
    /// text as it is, anything else as its [`repr`](Self::python_repr) (`contract.md` 5.5).
    pub fn python_str(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            value => value.python_repr(),
        }
    }

    /// The value as Python's `repr` writes it: `True`, `['x']`, `{'name': 'a.pdf'}`, `1e+16`.
    pub fn python_repr(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = write(&mut out, self);
        out
    }

    /// The name of the value's type in Python, which the server's error texts use.
    pub fn python_type(&self) -> &'static str {
        match self {
            Self::Null => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "str",
            Self::List(_) => "list",
            Self::Map(_) => "dict",
        }
    }
}

fn write(out: &mut String, value: &Value) -> fmt::Result {
    match value {
        Value::Null => out.write_str("None"),
        Value::Bool(true) => out.write_str("True"),
        Value::Bool(false) => out.write_str("False"),
        Value::Int(int) => write!(out, "{int}"),
        Value::Float(float) => write_float(out, *float),
        Value::Text(text) => write_text(out, text),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                write_comma(out, index);
                write(out, item)?;
            }
            out.write_char(']')
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                write_comma(out, index);
                write_text(out, key)?;
                out.push_str(": ");
                write(out, value)?;
            }
            out.write_char('}')
        }
    }
}

fn write_comma(out: &mut String, index: usize) {
    if index > 0 {
        out.push_str(", ");
    }
}

/// Shortest digits that read back as the same number, with an exponent below 1e-4 and from 1e16 on.
pub(crate) fn write_float(out: &mut String, float: f64) -> fmt::Result {
    if float.is_nan() {
        return out.write_str("nan");
    }
    if float.is_infinite() {
        return out.write_str(if float < 0.0 { "-inf" } else { "inf" });
    }
    let scientific = shortest(float);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        let n_digits = i32::try_from(digits.bytes().filter(u8::is_ascii_digit).count());
        let decimals = (n_digits.unwrap_or_default() - 1 - exponent).max(1);
        return write!(out, "{float:.*}", usize::try_from(decimals).unwrap_or(1));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(out, "{digits}e{sign}{:02}", exponent.unsigned_abs())
}

/// The shortest digits, and of several equally short ones the nearest. Where two are equally near,
/// Python takes the even one and Rust the upper one, unless it is told how many digits to write.
fn shortest(float: f64) -> String {
    let scientific = format!("{float:e}");
    let (digits, _) = scientific.split_once('e').unwrap_or((&scientific, ""));
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let nearest = format!("{float:.decimals$e}");
    if nearest.parse() == Ok(float) { nearest } else { scientific }
}

/// Single quotes, unless the text holds single but no double ones.
fn write_text(out: &mut String, text: &str) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => match u32::from(c) {
                code @ ..=0xff => write!(out, "\\x{code:02x}")?,
                code @ ..=0xffff => write!(out, "\\u{code:04x}")?,
                code => write!(out, "\\U{code:08x}")?,
            },
        }
    }
    out.write_char(quote)
}

/// Python's `str.isprintable` for one character. Rust's debug output escapes the same categories,
/// and in addition combining characters, but those only at the start of a string.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return c == ' ' || c.is_ascii_graphic();
    }
    let mut buffer = [b' '; 5];
    let length = c.encode_utf8(&mut buffer[1..]).len();
    match std::str::from_utf8(&buffer[..=length]) {
        Ok(after_a_space) => after_a_space.escape_debug().nth(1) == Some(c),
        Err(_) => false,
    }
}
