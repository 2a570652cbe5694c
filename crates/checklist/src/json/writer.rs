use std::fmt::{self, Write as _};

use crate::Value;
use crate::repr::write_float;

impl Value {
    /// Writes JSON without white space, with numbers as Python writes them. NaN and the infinities,
    /// which JSON does not have, become `null`.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = write(&mut out, self);
        out
    }
}

fn write(out: &mut String, value: &Value) -> fmt::Result {
    match value {
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(int) => write!(out, "{int}")?,
        Value::Float(float) if float.is_finite() => write_float(out, *float)?,
        Value::Null | Value::Float(_) => out.push_str("null"),
        Value::Text(text) => write_text(out, text)?,
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                write_comma(out, index);
                write(out, item)?;
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                write_comma(out, index);
                write_text(out, key)?;
                out.push(':');
                write(out, value)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_comma(out: &mut String, index: usize) {
    if index > 0 {
        out.push(',');
    }
}

fn write_text(out: &mut String, text: &str) -> fmt::Result {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(must_be_escaped) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            control => write!(out, "\\u{control:04x}")?,
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
    Ok(())
}

fn must_be_escaped(c: char) -> bool {
    matches!(c, ..' ' | '"' | '\\')
}
