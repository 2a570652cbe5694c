/// libmagic judges the first ten lines.
const LINES: usize = 10;

/// Whether text has three lines or more with the same number of commas, one at least.
pub(super) fn is_csv(text: &[u8]) -> bool {
    let (mut commas, mut lines, mut expected) = (0, 0, 0);
    let mut rest = text.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b',' => commas += 1,
            b'"' => {
                // Up to the closing quote; a doubled one does not close.
                while let Some(byte) = rest.next() {
                    if byte == b'"' && rest.next_if_eq(&b'"').is_none() {
                        break;
                    }
                }
            }
            b'\n' => {
                lines += 1;
                if lines == LINES {
                    return commas != 0 && commas == expected;
                }
                if expected == 0 {
                    expected = commas;
                }
                if commas == 0 || commas != expected {
                    return false;
                }
                commas = 0;
            }
            _ => {}
        }
    }
    expected > 0 && lines >= 3
}
