//! Comparing what was recorded with what this server says.

use serde_json::Value;

/// The first difference, by its place, or `None`. The order of keys counts.
///
/// `<datetime>` stands for any moment and `<stored_file_id>` for any hex uuid, and so do the uuids
/// of completions and answers, which are new each time.
pub(crate) fn difference(recorded: &Value, ours: &Value) -> Option<String> {
    compare("", recorded, ours)
}

fn compare(place: &str, recorded: &Value, ours: &Value) -> Option<String> {
    match (recorded, ours) {
        (Value::Object(left), Value::Object(right)) => {
            let (left_keys, right_keys) =
                (left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
            if left_keys != right_keys {
                return Some(format!("{place}: keys {right_keys:?}, recorded {left_keys:?}"));
            }
            let is_new =
                left.contains_key("completion_percentage") || left.contains_key("user_name");
            left.iter().find_map(|(key, value)| match (key.as_str(), &right[key]) {
                ("uuid", Value::String(text)) if is_new && is_hex_uuid(text) => None,
                (_, other) => compare(&format!("{place}.{key}"), value, other),
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            left.iter().zip(right).enumerate().find_map(|(index, (left, right))| {
                compare(&format!("{place}[{index}]"), left, right)
            })
        }
        (Value::String(token), Value::String(text)) if token == "<datetime>" => {
            (!is_moment(text)).then(|| format!("{place}: {text} is no moment"))
        }
        (Value::String(token), Value::String(text)) if token == "<stored_file_id>" => {
            (!is_hex_uuid(text)).then(|| format!("{place}: {text} is no uuid"))
        }
        _ if recorded == ours => None,
        _ => Some(format!("{place}: {}, recorded {}", short(ours), short(recorded))),
    }
}

/// `2026-11-23T15:29:11.400240+00:00`
fn is_moment(text: &str) -> bool {
    const FORM: &str = "0000-00-00T00:00:00.000000+00:00";
    let fits =
        |(form, byte): (u8, u8)| if form == b'0' { byte.is_ascii_digit() } else { form == byte };
    text.len() == FORM.len() && FORM.bytes().zip(text.bytes()).all(fits)
}

pub(crate) fn is_hex_uuid(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
}

pub(crate) fn short(value: &Value) -> String {
    const LONGEST: usize = 300;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}
