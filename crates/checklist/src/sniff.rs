//! The type of a file by its first bytes, as libmagic 5.44 names it (`contract.md` 5.4).
//!
//! The server shows libmagic the first 1,024 bytes only, and refuses by what it answers, so the
//! point is not to be right but to be the same: an archive that is cut in an unlucky place is
//! `application/octet-stream` here as well. Documents, images, audio, video, fonts, archives, data
//! formats, the usual scripts, batch files and patches are recognised.
//!
//! What libmagic knows and this does not: text in a programming language or in TeX, which it tells
//! by words inside and which is `text/plain` here, and rare binary formats, which are
//! `application/octet-stream`. `tests/samples.rs` has nearly two hundred files with libmagic's word on
//! each, and names those few.

mod csv;
mod json;
mod markup;
mod script;
mod signature;
mod text;
mod zip;

use text::Encoding;

/// How many bytes the server looks at.
pub(crate) const LENGTH: usize = 1024;

const UNKNOWN: &str = "application/octet-stream";

/// The type of a file by its first bytes. More than 1,024 are ignored, and fewer are enough only if
/// the file has no more.
pub fn sniff(first_bytes: &[u8]) -> &'static str {
    let bytes = &first_bytes[..first_bytes.len().min(LENGTH)];
    if bytes.is_empty() {
        return "application/x-empty";
    }
    // libmagic calls a single byte "very short" and does not look at it.
    if bytes.len() < 2 {
        return UNKNOWN;
    }
    let encoding = Encoding::of(bytes);
    if signature::is_tar(bytes) {
        return "application/x-tar";
    }
    if let Some(mime_type) = json::sniff(bytes) {
        return mime_type;
    }
    if encoding != Encoding::Binary && csv::is_csv(bytes) {
        return "text/csv";
    }
    if let Some(mime_type) = zip::sniff(bytes).or_else(|| signature::sniff(bytes)) {
        return mime_type;
    }
    text::decode(bytes, encoding).map_or(UNKNOWN, |text| sniff_text(&text))
}

fn sniff_text(text: &[u8]) -> &'static str {
    let head = &text[..text.len().min(256 + b"%PDF-".len())];
    if let Some(mime_type) = script::sniff(text).or_else(|| markup::sniff(text)) {
        mime_type
    } else if markup::is_drawing(text) {
        "image/vnd.dxf"
    } else if script::is_patch(text) {
        "text/x-diff"
    } else if find(head, b"%PDF-").is_some() {
        "application/pdf"
    } else if markup::is_html(text) {
        "text/html"
    } else if script::is_python(text) {
        "text/x-script.python"
    } else {
        "text/plain"
    }
}

/// Where a piece begins.
fn find(bytes: &[u8], piece: &[u8]) -> Option<usize> {
    bytes.windows(piece.len()).position(|window| window == piece)
}
