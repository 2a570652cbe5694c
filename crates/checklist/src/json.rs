//! JSON as the server reads request bodies, with orjson 3.11: strict, at most 1,024 levels deep,
//! fractions to the last digit, and with the same complaint at the same place (recordings with
//! `raw_body`). A client reads answers with it too, which keeps a second reader out of the browser.

mod writer;

use std::fmt;

use crate::{Value, value::FEW_KEYS};

const MOST_LEVELS: usize = 1024;

/// Why a text is not JSON. Displayed in the words of the server's reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    message: &'static str,
    /// From one.
    line: usize,
    /// From one, in characters.
    column: usize,
    /// From zero, in characters.
    position: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, line, column, position } = self;
        write!(f, "{message}: line {line} column {column} (char {position})")
    }
}

impl std::error::Error for JsonError {}

impl Value {
    /// Reads JSON. Whole numbers beyond 64 bits become floats, and a repeated key keeps its place
    /// and takes the last value.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
        reader.document().map_err(|Fault { message, at }| {
            let before = text.get(..at).unwrap_or(text);
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            JsonError {
                message,
                line: before.matches('\n').count() + 1,
                column: before[line_start..].chars().count() + 1,
                position: before.chars().count(),
            }
        })
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// A complaint about the byte at this place.
struct Fault {
    message: &'static str,
    at: usize,
}

type Read<T> = Result<T, Fault>;

impl Reader<'_> {
    fn document(&mut self) -> Read<Value> {
        if self.bytes.is_empty() {
            return Err(self.fault("Input is a zero-length, empty document"));
        }
        self.skip_space();
        if self.peek().is_none() {
            return Err(Fault { message: "input data is empty", at: 0 });
        }
        let value = self.value(0)?;
        self.skip_space();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(self.fault("unexpected content after document")),
        }
    }

    fn value(&mut self, level: usize) -> Read<Value> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'[' | b'{') if level >= MOST_LEVELS => {
                self.at += 1;
                Err(self.fault("array and object recursion depth exceeded"))
            }
            Some(b'[') => self.list(level),
            Some(b'{') => self.map(level),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal(b"true", Value::Bool(true)),
            Some(b'f') => self.literal(b"false", Value::Bool(false)),
            Some(b'n') => self.literal(b"null", Value::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn list(&mut self, level: usize) -> Read<Value> {
        let mut items = Vec::new();
        while self.has_element(b']', items.is_empty())? {
            items.push(self.value(level + 1)?);
        }
        Ok(Value::List(items))
    }

    fn map(&mut self, level: usize) -> Read<Value> {
        let mut entries: Vec<(String, Value)> = Vec::new();
        while self.has_element(b'}', entries.is_empty())? {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let key = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected());
            }
            self.at += 1;
            self.skip_space();
            let value = self.value(level + 1)?;
            // With more keys, looking for each would take longer than anybody waits.
            let known = if entries.len() <= FEW_KEYS { entries.as_mut_slice() } else { &mut [] };
            match known.iter_mut().find(|(other, _)| *other == key) {
                Some((_, earlier)) => *earlier = value,
                None => entries.push((key, value)),
            }
        }
        Ok(Value::Map(entries))
    }

    /// Goes to the next element, over the opening bracket or a comma, or else over the closing
    /// bracket.
    fn has_element(&mut self, end: u8, is_first: bool) -> Read<bool> {
        if is_first {
            self.at += 1;
        }
        self.skip_space();
        if self.peek() == Some(end) {
            self.at += 1;
            return Ok(false);
        }
        if is_first {
            return Ok(true);
        }
        if self.peek() != Some(b',') {
            return Err(self.unexpected());
        }
        let comma = self.at;
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(end) {
            // The server's reader looks back from behind the bracket.
            let behind = self.at + 1;
            let at = if self.bytes.get(behind) == Some(&b',') { behind } else { comma };
            return Err(Fault { message: "trailing comma is not allowed", at });
        }
        Ok(true)
    }

    fn literal(&mut self, word: &[u8], value: Value) -> Read<Value> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else if word.starts_with(rest) {
            Err(self.end_of_data())
        } else {
            Err(self.fault("invalid literal"))
        }
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let digits = self.at;
        self.digits("no digit after minus sign")?;
        if self.at - digits > 1 && self.bytes[digits] == b'0' {
            return Err(Fault { message: "number with leading zero is not allowed", at: digits });
        }
        let mut is_whole = true;
        if self.peek() == Some(b'.') {
            is_whole = false;
            self.at += 1;
            self.digits("no digit after decimal point")?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            is_whole = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits("no digit after exponent sign")?;
        }
        let number = str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        match whole(number).filter(|_| is_whole) {
            Some(int) => Ok(Value::Int(int)),
            None => match number.parse::<f64>() {
                Ok(float) if float.is_finite() => Ok(Value::Float(float)),
                _ => Err(Fault { message: "number is infinity when parsed as double", at: start }),
            },
        }
    }

    /// One digit or more.
    fn digits(&mut self, otherwise: &'static str) -> Read<()> {
        let n = self.bytes[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += n;
        match self.peek() {
            _ if n > 0 => Ok(()),
            Some(_) => Err(self.fault(otherwise)),
            None => Err(self.end_of_data()),
        }
    }

    fn string(&mut self) -> Read<String> {
        self.at += 1;
        let mut text = Vec::new();
        loop {
            match self.peek() {
                None => return Err(self.end_of_data()),
                Some(b'"') => break,
                Some(..b' ') => return Err(self.fault("unexpected control character in string")),
                Some(b'\\') => {
                    let c = self.escape()?;
                    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(byte) => {
                    text.push(byte);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        // The bytes between escapes were UTF-8 and stay it.
        String::from_utf8(text).map_err(|_| self.fault("invalid UTF-8 encoding in string"))
    }

    fn escape(&mut self) -> Read<char> {
        let start = self.at;
        self.at += 1;
        let c = match self.peek() {
            None => return Err(self.end_of_data()),
            Some(b'u') => return self.unicode_escape(start),
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => return Err(self.fault("invalid escaped character in string")),
        };
        self.at += 1;
        Ok(c)
    }

    /// `\uXXXX`, or two of them that make up one character.
    fn unicode_escape(&mut self, start: usize) -> Read<char> {
        let high = self.code_unit(start)?;
        let second = self.at;
        let code = match high {
            0xdc00..0xe000 => {
                return Err(Fault { message: "invalid high surrogate in string", at: start });
            }
            0xd800..0xdc00 => match self.bytes[second..] {
                [b'\\', b'u', ..] => {
                    self.at += 1;
                    let low = self.code_unit(second)?.checked_sub(0xdc00).filter(|it| *it < 0x400);
                    low.map(|low| 0x1_0000 + ((high - 0xd800) << 10 | low))
                }
                [] | [b'\\'] => return Err(self.end_of_data()),
                _ => return Err(Fault { message: "no low surrogate in string", at: second }),
            },
            _ => Some(high),
        };
        let fault = Fault { message: "invalid low surrogate in string", at: second };
        code.and_then(char::from_u32).ok_or(fault)
    }

    /// The four digits behind `\u`, whose backslash is at `start`.
    fn code_unit(&mut self, start: usize) -> Read<u32> {
        self.at += 1;
        let rest = &self.bytes[self.at..];
        let digits = &rest[..rest.len().min(4)];
        let mut unit = 0;
        for digit in digits {
            let Some(digit) = char::from(*digit).to_digit(16) else {
                return Err(Fault { message: "invalid escaped sequence in string", at: start });
            };
            unit = unit << 4 | digit;
        }
        if digits.len() < 4 {
            return Err(self.end_of_data());
        }
        self.at += 4;
        Ok(unit)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn fault(&self, message: &'static str) -> Fault {
        Fault { message, at: self.at }
    }

    fn unexpected(&self) -> Fault {
        match self.peek() {
            Some(_) => self.fault("unexpected character"),
            None => self.end_of_data(),
        }
    }

    fn end_of_data(&self) -> Fault {
        Fault { message: "unexpected end of data", at: self.bytes.len() }
    }
}

/// A whole number of 64 bits, with a sign or without.
fn whole(digits: &str) -> Option<i128> {
    let signed = digits.parse::<i64>().map(i128::from);
    signed.or_else(|_| digits.parse::<u64>().map(i128::from)).ok()
}
