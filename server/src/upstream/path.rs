//! Which paths are passed on.

/// What is the upstream's.
const PREFIXES: [&str; 3] = ["/api/", "/api-auth/", "/media/"];

/// Whether the upstream is asked, and not the app's files. `/api` alone and `/apix` are nobody's.
pub(super) fn is_passed(path: &str) -> bool {
    PREFIXES.iter().any(|prefix| path.starts_with(prefix))
}

/// Whether a path stays under its prefix however the upstream reads it: decoded once or more, with
/// `\` for `/`, with parameters cut off, as UTF-8. Nobody encodes a path more often than `LAYERS` times
/// without meaning harm, and each time costs a look at all of it.
pub(super) fn is_plain(path: &str) -> bool {
    const LAYERS: usize = 3;
    let mut path = path.as_bytes().to_vec();
    for _ in 0..=LAYERS {
        let has_odd_byte = path.iter().any(|byte| byte.is_ascii_control() || *byte == b'\\');
        let mut segments = path.split(|byte| *byte == b'/');
        let has_dots = segments.any(|segment| {
            let name = segment.split(|byte| *byte == b';').next();
            matches!(name, Some(b"." | b".."))
        });
        if has_odd_byte || has_dots {
            return false;
        }
        let decoded = decode(&path);
        if decoded == path {
            return str::from_utf8(&path).is_ok();
        }
        let slashes = |path: &[u8]| path.iter().filter(|byte| **byte == b'/').count();
        if slashes(&decoded) != slashes(&path) {
            return false;
        }
        path = decoded;
    }
    false
}

/// Takes one layer of `%2e` off. What is no escape stays.
fn decode(text: &[u8]) -> Vec<u8> {
    let digit =
        |byte: Option<&u8>| char::from(*byte?).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        match (first, digit(tail.first()), digit(tail.get(1))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(high * 16 + low);
                rest = &tail[2..];
            }
            _ => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_prefixes_are_passed() {
        for path in ["/api/", "/api/users/me/", "/api-auth/password/", "/media/a.pdf"] {
            assert!(is_passed(path), "{path}");
        }
        for path in ["/", "/api", "/apix/", "/api-auth", "/API/", "/media", "/%61pi/", "//api/"] {
            assert!(!is_passed(path), "{path}");
        }
    }

    #[test]
    fn a_plain_path_cannot_leave() {
        for path in
            ["/api/a/", "/api/a.b/..c/", "/media/100%25.pdf", "/media/%C3%B5%20.pdf", "/api//"]
        {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "/api/../admin/",
            "/api/./a",
            "/api/..",
            "/api/%2e%2e/admin/",
            "/api/%2E./admin/",
            "/api/%252e%252e/admin/",
            "/api/..%2fadmin/",
            "/api/a%2fb/",
            "/api/a%252fb/",
            "/api/..\\admin",
            "/api/a%5cb",
            "/api/..;a=b/admin/",
            "/api/a%00b",
            "/api/a%0d%0ab",
            "/api/%c0%ae%c0%ae/admin/",
        ] {
            assert!(!is_plain(path), "{path}");
        }
    }
}
