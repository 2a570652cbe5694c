use super::{UNKNOWN, find};

/// The header of an entry: its name starts 30 bytes further.
const ENTRY: &[u8] = b"PK\x03\x04";

/// Recognises a zip archive, and office documents by the names of their first entries.
pub(super) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"PK\x05\x06") {
        return Some("application/zip");
    }
    // libmagic wants to see this much of the first entry.
    if !bytes.starts_with(ENTRY) || bytes.len() < 50 {
        return None;
    }
    if let Some(declared) = bytes[26..].strip_prefix(b"\x08\0\0\0mimetype") {
        return Some(declared_type(declared));
    }
    if bytes[30..].starts_with(b"AndroidManifest.xml") {
        return Some("application/vnd.android.package-archive");
    }
    if let Some(office) = office_type(&bytes[30..]) {
        return Some(office);
    }
    const PACKAGE: [&[u8]; 4] = [b"[Content_Types].xml", b"_rels/.rels", b"docProps", b"customXml"];
    match PACKAGE.iter().any(|name| find(&bytes[30..], name).is_some()) {
        true => Some(package_type(bytes)),
        false => Some("application/zip"),
    }
}

/// OpenDocument and a few others name their type in an entry of its own.
fn declared_type(declared: &[u8]) -> &'static str {
    // Longer names first where one begins with another.
    const TYPES: [&str; 24] = [
        "application/epub+zip",
        "application/vnd.oasis.opendocument.text-template",
        "application/vnd.oasis.opendocument.text-master",
        "application/vnd.oasis.opendocument.text-web",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet-template",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation-template",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.graphics-template",
        "application/vnd.oasis.opendocument.graphics",
        "application/vnd.oasis.opendocument.formula-template",
        "application/vnd.oasis.opendocument.formula",
        "application/vnd.oasis.opendocument.chart-template",
        "application/vnd.oasis.opendocument.chart",
        "application/vnd.oasis.opendocument.image-template",
        "application/vnd.oasis.opendocument.image",
        "application/vnd.oasis.opendocument.database",
        "application/vnd.sun.xml.writer",
        "application/vnd.sun.xml.calc",
        "application/vnd.sun.xml.draw",
        "application/vnd.sun.xml.impress",
        "application/vnd.sun.xml.math",
        "application/vnd.sun.xml.base",
    ];
    let known = TYPES.iter().find(|mime_type| declared.starts_with(mime_type.as_bytes()));
    match known {
        Some(mime_type) => mime_type,
        None if declared.starts_with(b"application/vnd.oasis.opendocument.base") => {
            "application/vnd.oasis.opendocument.database"
        }
        // Half recognised, and then without a type.
        None if declared.starts_with(b"application/vnd.oasis.opendocument.") => UNKNOWN,
        None if declared.starts_with(b"application/vnd.sun.xml.") => UNKNOWN,
        None => "application/zip",
    }
}

/// Follows the entries of an office package as libmagic does: the third one it meets, or the fourth
/// or fifth, must lie in the folder of its kind. It steps over short entries, and an entry whose
/// name lies beyond the bytes at hand leaves the kind open.
fn package_type(bytes: &[u8]) -> &'static str {
    let next_from = |start: usize| Some(start + find(bytes.get(start..)?, ENTRY)?);
    let size = bytes[18..22].iter().rev().fold(0_usize, |size, b| size << 8 | usize::from(*b));
    let Some(second) = size.checked_add(49).and_then(next_from) else { return "application/zip" };
    let mut start = second + 30;
    for _ in 3..=5 {
        let Some(entry) = next_from(start) else { return "application/zip" };
        let Some(name) = bytes.get(entry + 30..) else { return UNKNOWN };
        if let Some(office) = office_type(name) {
            return office;
        }
        start = entry + 56;
    }
    UNKNOWN
}

fn office_type(name: &[u8]) -> Option<&'static str> {
    const FOLDERS: [(&[u8], &str); 4] = [
        (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        (b"visio/", "application/vnd.ms-visio.drawing.main+xml"),
    ];
    FOLDERS.iter().find(|(folder, _)| name.starts_with(folder)).map(|(_, mime_type)| *mime_type)
}
