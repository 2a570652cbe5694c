/// What a form must know about a file that travels as base64.
pub(crate) struct Decoded {
    /// How many bytes the file has.
    pub(crate) size: u64,
    /// The first of them, at least as many as were asked for if there are.
    pub(crate) start: Vec<u8>,
}

/// Checks all of the text, and decodes only the first `at_least` bytes. `None`: it is not base64 as
/// Python's `b64decode(validate=True)` wants it, with the standard alphabet, full padding and
/// nothing else, not even a line break (`contract.md` 5.4).
pub(crate) fn decode(text: &str, at_least: usize) -> Option<Decoded> {
    let padding = text.bytes().rev().take_while(|b| *b == b'=').count();
    let digits = &text.as_bytes()[..text.len() - padding];
    if !text.len().is_multiple_of(4) || padding > 2 || (digits.is_empty() && padding > 0) {
        return None;
    }
    let mut start = Vec::new();
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for byte in group {
            bits = bits << 6 | digit(*byte)?;
        }
        if start.len() < at_least {
            bits <<= 6 * (4 - group.len());
            start.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
        }
    }
    Some(Decoded { size: digits.len() as u64 * 3 / 4, start })
}

fn digit(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(digit.into())
}
