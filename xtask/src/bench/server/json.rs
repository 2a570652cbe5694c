//! As much JSON as the bench has to look at. This package has no dependencies.

/// The elements of an array, as they stand in the text.
pub(super) fn elements(array: &str) -> Option<Vec<&str>> {
    let inside = array.trim().strip_prefix('[')?.strip_suffix(']')?;
    split(inside)
}

/// The names and values of an object, as they stand in the text.
pub(super) fn members(object: &str) -> Option<Vec<(&str, &str)>> {
    let inside = object.trim().strip_prefix('{')?.strip_suffix('}')?;
    let member = |member| {
        let name = &str::get(member, ..end_of_value(member)?)?;
        let value = member[name.len()..].trim_start().strip_prefix(':')?.trim_start();
        Some((text(name)?, value))
    };
    split(inside)?.into_iter().map(member).collect()
}

/// What a string says. Those with escapes are not for us.
pub(super) fn text(value: &str) -> Option<&str> {
    let inside = value.strip_prefix('"')?.strip_suffix('"')?;
    (!inside.contains(['\\', '"'])).then_some(inside)
}

/// Cuts at the commas that are inside of nothing.
fn split(inside: &str) -> Option<Vec<&str>> {
    let mut rest = inside.trim();
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let mut end = 0;
        while !matches!(rest.as_bytes().get(end), None | Some(b',')) {
            end += end_of_value(&rest[end..])?;
        }
        let (part, after) = rest.split_at(end);
        parts.push(part.trim());
        rest = after;
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start();
            // A comma promises another part.
            if rest.is_empty() {
                return None;
            }
        }
    }
    Some(parts)
}

/// How long the string, array or object is that the text begins with; anything else is one
/// character.
fn end_of_value(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for (at, character) in text.char_indices() {
        let after = at + character.len_utf8();
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if in_string => is_escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 && !in_string {
            return Some(after);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_falls_into_its_elements() {
        let array = r#" [1, {"a": [2, "},]"], "b": "\","}, null ,"x"] "#;
        let expected = vec!["1", r#"{"a": [2, "},]"], "b": "\","}"#, "null", r#""x""#];
        assert_eq!(elements(array), Some(expected));
        assert_eq!(elements("[]"), Some(vec![]));
        for broken in ["", "{}", "[1,]", "[[1]", "[\"a]", "[1]]"] {
            assert_eq!(elements(broken), None, "{broken}");
        }
    }

    #[test]
    fn an_object_falls_into_its_members() {
        let object = r#"{"a":1, "b" : {"c": "d:e"}, "ö": true}"#;
        let expected = vec![("a", "1"), ("b", r#"{"c": "d:e"}"#), ("ö", "true")];
        assert_eq!(members(object), Some(expected));
        assert_eq!(members("{1}"), None);
    }

    #[test]
    fn a_text_has_no_escapes() {
        assert_eq!(text("\"Žižek\""), Some("Žižek"));
        assert_eq!(text(r#""a\n""#), None);
        assert_eq!(text("null"), None);
    }
}
