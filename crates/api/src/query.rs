//! Query strings: parameters in order, keys may repeat.

use std::fmt::Write as _;

/// The parameters of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryString {
    pairs: Vec<(String, String)>,
}

impl QueryString {
    /// Reads what stands behind the `?`. Total: what is not well formed is taken as text.
    pub fn parse(text: &str) -> Self {
        let text = text.strip_prefix('?').unwrap_or(text);
        let pairs = text
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(key), decode(value))
            })
            .collect();
        Self { pairs }
    }

    /// All parameters, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The values of a parameter.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(it, _)| it == key).map(|(_, value)| value.as_str())
    }

    /// The last value of a parameter, which is the one that counts where only one does.
    pub fn last<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        self.all(key).last()
    }

    /// Adds a parameter.
    pub fn push(&mut self, key: &str, value: impl Into<String>) {
        self.pairs.push((key.to_owned(), value.into()));
    }

    /// Removes a parameter, however often it stands there.
    pub fn remove(&mut self, key: &str) {
        self.pairs.retain(|(it, _)| it != key);
    }

    /// Writes an address: the path, and the parameters if there are any.
    pub fn address(&self, path: &str) -> String {
        let mut out = path.to_owned();
        for (index, (key, value)) in self.pairs.iter().enumerate() {
            out.push(if index == 0 { '?' } else { '&' });
            encode(key, &mut out);
            out.push('=');
            encode(value, &mut out);
        }
        out
    }
}

/// Percent-encodes everything that is not unreserved (RFC 3986 2.3).
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |index: usize| bytes.get(index).and_then(|it| char::from(*it).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(if byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_characters_stay_inside_their_value() {
        let mut query = QueryString::default();
        query.push("query", "a&b=c #?%/ü");
        assert_eq!(query.address("/x/"), "/x/?query=a%26b%3Dc%20%23%3F%25%2F%C3%BC");
    }

    #[test]
    fn keys_repeat_in_order() {
        let query = QueryString::parse("?state=OK&page=2&state=Creating&page=3");
        assert_eq!(query.all("state").collect::<Vec<_>>(), ["OK", "Creating"]);
        assert_eq!(query.last("page"), Some("3"));
    }

    proptest! {
        #[test]
        fn reading_what_was_written_gives_the_same(pairs in proptest::collection::vec((".+", ".*"), 0..6)) {
            let query = QueryString { pairs };
            prop_assert_eq!(QueryString::parse(&query.address("")), query);
        }

        #[test]
        fn any_text_can_be_read(text in ".*") {
            QueryString::parse(&text);
        }
    }
}
