//! Changes are written down and read again, also by a newer app.

use checklist::Value;
use journal::{Change, Unreadable};
use proptest::prelude::*;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn file(key: &str, name: &str) -> Value {
    let entries = [
        ("name", text(name)),
        ("size", Value::Int(2048)),
        ("mime_type", text("application/pdf")),
        ("stored_file_id", text(key)),
    ];
    Value::Map(entries.map(|(key, value)| (key.to_owned(), value)).to_vec())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|it| Value::Int(it.into())),
        any::<f64>().prop_filter("JSON has no others", |it| it.is_finite()).prop_map(Value::Float),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Map(map.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn change()(
        typed in any::<Option<String>>(),
        value in prop::option::of(value()),
        base in prop::option::of(value()),
    ) -> Change {
        Change { typed, value, base }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(change in change()) {
        prop_assume!(change.typed.is_some() || change.value.is_some());
        prop_assert_eq!(Change::decode(&change.encode()), Ok(change));
    }

    #[test]
    fn any_text_has_a_result(text in any::<String>(), at in any::<prop::sample::Index>(), change in change()) {
        let _ = Change::decode(&text);
        // Half a record, and one with something in the middle.
        let written = change.encode();
        let mut at = at.index(written.len());
        while !written.is_char_boundary(at) {
            at -= 1;
        }
        let (before, after) = written.split_at(at);
        prop_assert!(Change::decode(before).is_err());
        let _ = Change::decode(&format!("{before}{text}{after}"));
    }
}

/// What version 1 wrote has to be readable for ever: the file is never changed.
#[test]
fn version_1_is_read() {
    let file = file("on-this-device-00112233445566778899aabbccddeeff", "plan \"b\".pdf");
    let change =
        |typed: Option<&str>, value, base| Change { typed: typed.map(str::to_owned), value, base };
    let study = "Sleep and memory in shift workers.";
    let expected = [
        change(None, Some(text(study)), Some(text("Sleep."))),
        change(Some("12,"), None, Some(Value::Int(12))),
        change(Some("12.50"), Some(Value::Float(12.5)), None),
        change(None, Some(Value::Null), Some(Value::Float(1.0))),
        change(None, Some(Value::List(vec![file])), None),
        change(
            None,
            Some(Value::List(vec![text("a"), text("b")])),
            Some(Value::List(vec![text("a")])),
        ),
        change(None, Some(Value::Bool(true)), None),
    ];
    let samples: Vec<_> = include_str!("samples/version-1.txt").lines().collect();
    assert_eq!(samples.len(), expected.len());
    for (sample, expected) in samples.into_iter().zip(expected) {
        assert_eq!(Change::decode(sample), Ok(expected.clone()), "{sample}");
        // A new app that writes otherwise needs a version and samples of its own.
        assert_eq!(expected.encode(), sample);
    }
}

#[test]
fn a_newer_version_is_left_to_the_newer_app() {
    for newer in [r#"{"version":2,"edit":{}}"#, r#"{"version":99}"#] {
        assert_eq!(Change::decode(newer), Err(Unreadable::Newer));
    }
}

#[test]
fn what_no_app_wrote_is_refused() {
    for (record, reason) in [
        ("", "no JSON object"),
        ("[]", "no JSON object"),
        (r#"{"version":1,"value":"#, "no JSON object"),
        ("{}", "no version"),
        (r#"{"version":0,"value":1}"#, "no version"),
        (r#"{"version":-1,"value":1}"#, "no version"),
        (r#"{"version":1.0,"value":1}"#, "no version"),
        (r#"{"version":"1","value":1}"#, "no version"),
        (r#"{"version":1}"#, "nothing is changed in it"),
        (r#"{"version":1,"base":1}"#, "nothing is changed in it"),
        (r#"{"version":1,"typed":1,"value":1}"#, "what was typed is no text"),
    ] {
        assert_eq!(Change::decode(record), Err(Unreadable::Garbled(reason)), "{record}");
    }
}

#[test]
fn reasons_are_for_reading() {
    assert_eq!(Unreadable::Newer.to_string(), "a newer version of the app wrote it");
    let garbled = Unreadable::Garbled("no version").to_string();
    assert_eq!(garbled, "no version of the app wrote it: no version");
}

#[test]
fn files_are_found_alone_and_in_lists() {
    let files = |value: &Value| journal::file_keys(value);
    assert_eq!(files(&file("a", "a.pdf")), ["a"]);
    assert_eq!(files(&Value::List(vec![file("a", "a.pdf"), file("b", "b.pdf")])), ["a", "b"]);
    for other in [
        Value::Null,
        text("stored_file_id"),
        Value::Map(vec![("stored_file_id".to_owned(), Value::Int(1))]),
        Value::Map(vec![("name".to_owned(), text("a.pdf"))]),
    ] {
        assert!(files(&other).is_empty(), "{other:?}");
    }
}

#[test]
fn files_that_are_gone_are_taken_out_and_named() {
    let of = |value: Value| Change { value: Some(value), ..Change::default() };
    let gone = |key: &str| key.starts_with("gone");
    let kept = file("kept", "kept.pdf");
    let both = Value::List(vec![file("gone", "gone.pdf"), kept.clone()]);
    let left = of(Value::List(vec![kept.clone()]));
    assert_eq!(of(both).without_files(gone), (Some(left), vec!["gone.pdf".to_owned()]));
    let one = of(kept);
    assert_eq!(one.clone().without_files(gone), (Some(one), vec![]));
}

/// An empty list or nothing in its place would ask the server to delete what it has.
#[test]
fn an_answer_of_nothing_but_files_that_are_gone_is_no_change() {
    let nameless = Value::Map(vec![("stored_file_id".to_owned(), text("gone-2"))]);
    for (value, names) in [
        (file("gone", "gone.pdf"), vec!["gone.pdf"]),
        (Value::List(vec![file("gone", "gone.pdf"), nameless]), vec!["gone.pdf", "gone-2"]),
    ] {
        let change = Change { value: Some(value), base: Some(text("base")), typed: None };
        let (left, found) = change.without_files(|key| key.starts_with("gone"));
        assert_eq!((left, found), (None, names.into_iter().map(str::to_owned).collect()));
    }
}

#[test]
fn what_has_no_files_loses_nothing() {
    for value in [None, Some(Value::Null), Some(Value::List(vec![])), Some(text("a"))] {
        let change = Change { typed: Some("12,".to_owned()), value, base: None };
        assert_eq!(change.clone().without_files(|_| true), (Some(change), vec![]));
    }
}
