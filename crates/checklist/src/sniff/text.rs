/// How a file holds text, if it does.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Encoding {
    /// ASCII or anything that extends it: UTF-8, ISO 8859, the code pages.
    Bytes,
    /// UTF-16 behind a byte order mark.
    Utf16,
    /// UTF-32 behind a byte order mark.
    Utf32,
    /// No text.
    Binary,
}

impl Encoding {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let bytes = without_nuls(bytes);
        if bytes.iter().all(|b| is_text(*b)) {
            return Self::Bytes;
        }
        let is_text_unit = |unit: u32| match u8::try_from(unit) {
            Ok(byte) => is_text(byte),
            Err(_) => char::from_u32(unit).is_some() || (0xd800..0xe000).contains(&unit),
        };
        match bytes {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] if units32(bytes).all(is_text_unit) => {
                Self::Utf32
            }
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                let units = || units16(bytes).map(u16::from_be_bytes);
                let is_text = units().all(|unit| unit < 0xfffe && is_text_unit(unit.into()));
                let is_whole = char::decode_utf16(units()).all(|c| c.is_ok());
                if is_text && is_whole { Self::Utf16 } else { Self::Binary }
            }
            _ => Self::Binary,
        }
    }
}

/// The text, its letters lowered to ASCII where they are not. `None`: it is none.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Option<Vec<u8>> {
    let bytes = without_nuls(bytes);
    let narrow = |unit: u32| u8::try_from(unit).unwrap_or(b'?');
    match encoding {
        Encoding::Bytes if bytes.len() < 2 => None,
        Encoding::Bytes => Some(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).to_vec()),
        Encoding::Utf16 => {
            Some(units16(bytes).map(|unit| narrow(u16::from_be_bytes(unit).into())).collect())
        }
        Encoding::Utf32 => Some(units32(bytes).map(narrow).collect()),
        Encoding::Binary => None,
    }
}

/// Cuts zero bytes off the end, but leaves an even length even for the sake of UTF-16.
fn without_nuls(bytes: &[u8]) -> &[u8] {
    let length = bytes.iter().rposition(|b| *b != 0).map_or(1, |last| last + 1);
    let keeps_one = bytes.len().is_multiple_of(2) && !length.is_multiple_of(2);
    &bytes[..(length + usize::from(keeps_one)).min(bytes.len())]
}

/// Control characters that do not occur in text make a file binary.
fn is_text(byte: u8) -> bool {
    matches!(byte, 0x07..=0x0d | 0x1b | 0x20..=0x7e | 0x80..)
}

/// The units after the byte order mark, the higher byte first.
fn units16(bytes: &[u8]) -> impl Iterator<Item = [u8; 2]> {
    let is_little = bytes.starts_with(&[0xff, 0xfe]);
    bytes.chunks_exact(2).skip(1).map(move |unit| match is_little {
        true => [unit[1], unit[0]],
        false => [unit[0], unit[1]],
    })
}

fn units32(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let is_little = bytes.starts_with(&[0xff, 0xfe]);
    bytes.chunks_exact(4).skip(1).map(move |unit| {
        let unit = [unit[0], unit[1], unit[2], unit[3]];
        if is_little { u32::from_le_bytes(unit) } else { u32::from_be_bytes(unit) }
    })
}
