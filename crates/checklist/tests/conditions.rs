//! Which conditions an administrator may set (`contract.md` 6.3).

use checklist::{Bounds, FileLimits, Kind, Likert, Operator, RichText, Toolbar, Value};
use expect_test::expect;

const TODAY: (i32, u8, u8) = (2026, 11, 23);

fn kinds() -> Vec<(&'static str, Kind)> {
    let likert = Likert { points: 5, low: String::new(), high: String::new(), allow_na: false };
    let limits = FileLimits::default();
    vec![
        ("boolean", Kind::Boolean),
        ("single_select", Kind::SingleSelect(Vec::new())),
        ("multi_select", Kind::MultiSelect(Vec::new())),
        ("text_input", Kind::TextInput),
        ("text_area", Kind::TextArea),
        ("number", Kind::Number(Bounds::default())),
        ("date", Kind::Date),
        ("file", Kind::File(limits.clone())),
        ("multiple_files", Kind::MultipleFiles { limits, at_most: None }),
        ("phone_number", Kind::PhoneNumber),
        ("year", Kind::Year(Bounds::default())),
        ("email", Kind::Email),
        ("url", Kind::Url),
        ("country", Kind::Country),
        ("rating", Kind::Rating(Bounds::default())),
        ("datetime", Kind::DateTime),
        ("likert", Kind::Likert(likert)),
        ("rich_text", Kind::RichText(RichText { at_most: None, toolbar: Toolbar::Standard })),
        ("unknown", Kind::Unsupported("unknown".to_owned())),
    ]
}

#[test]
fn operators_suit_kinds() {
    let lines = kinds().into_iter().map(|(name, kind)| {
        let operators = ["equals", "not_equals", "contains", "in", "not_in", "", "is"];
        let taken =
            operators.into_iter().filter(|it| kind.takes_operator(&Operator::from_name(it)));
        format!("{}\n", format!("{name}: {}", taken.collect::<Vec<_>>().join(" ")).trim_end())
    });
    expect![[r#"
        boolean: equals not_equals
        single_select: in not_in
        multi_select: in not_in
        text_input: contains
        text_area: contains
        number: equals not_equals
        date: equals not_equals
        file: equals not_equals contains
        multiple_files: contains in not_in
        phone_number: equals not_equals contains
        year: equals not_equals
        email: equals not_equals contains
        url: equals not_equals contains
        country: equals not_equals in not_in
        rating: equals not_equals
        datetime: equals not_equals
        likert: equals not_equals
        rich_text:
        unknown:
    "#]]
    .assert_eq(&lines.collect::<String>());
}

#[test]
fn values_suit_kinds() {
    let values = [
        "null",
        "true",
        "5",
        "5.0",
        "\"5\"",
        "\"5.5\"",
        "\"na\"",
        "\"text\"",
        "\"2026-01-31\"",
        "\"31 January 2026\"",
        "\"\"",
        "[]",
        "[\"ce00425f1b254887a52c06093c05e207\"]",
        "[\"ce00425f1b254887a52c06093c05e207\", \"CE00425F-1B25-4887-A52C-06093C05E207\"]",
        "[\"text\"]",
        "{}",
    ];
    let lines = kinds().into_iter().map(|(name, kind)| {
        let taken = values.into_iter().filter(|json| {
            let value: Value = serde_json::from_str(json).expect("JSON");
            kind.takes_condition(&value, TODAY)
        });
        format!("{}\n", format!("{name}: {}", taken.collect::<Vec<_>>().join(" ")).trim_end())
    });
    expect![[r#"
        boolean: true
        single_select: ["ce00425f1b254887a52c06093c05e207"]
        multi_select: [] ["ce00425f1b254887a52c06093c05e207"] ["ce00425f1b254887a52c06093c05e207", "CE00425F-1B25-4887-A52C-06093C05E207"]
        text_input: [] ["ce00425f1b254887a52c06093c05e207"] ["ce00425f1b254887a52c06093c05e207", "CE00425F-1B25-4887-A52C-06093C05E207"] ["text"]
        text_area: [] ["ce00425f1b254887a52c06093c05e207"] ["ce00425f1b254887a52c06093c05e207", "CE00425F-1B25-4887-A52C-06093C05E207"] ["text"]
        number: true 5 5.0 "5" "5.5"
        date: "5" "5.5" "2026-01-31" "31 January 2026"
        file: {}
        multiple_files: [] ["ce00425f1b254887a52c06093c05e207"] ["ce00425f1b254887a52c06093c05e207", "CE00425F-1B25-4887-A52C-06093C05E207"] ["text"]
        phone_number: "5" "5.5" "na" "text" "2026-01-31" "31 January 2026" "" [] ["ce00425f1b254887a52c06093c05e207"] ["ce00425f1b254887a52c06093c05e207", "CE00425F-1B25-4887-A52C-06093C05E207"] ["text"]
        year: true 5 "5"
        email: "5" "5.5" "na" "text" "2026-01-31" "31 January 2026" "" [] ["ce00425f1b254887a52c06093c05e207"] ["ce00425f1b254887a52c06093c05e207", "CE00425F-1B25-4887-A52C-06093C05E207"] ["text"]
        url: "5" "5.5" "na" "text" "2026-01-31" "31 January 2026" "" [] ["ce00425f1b254887a52c06093c05e207"] ["ce00425f1b254887a52c06093c05e207", "CE00425F-1B25-4887-A52C-06093C05E207"] ["text"]
        country: "5" "5.5" "na" "text" "2026-01-31" "31 January 2026" "" [] ["ce00425f1b254887a52c06093c05e207"] ["ce00425f1b254887a52c06093c05e207", "CE00425F-1B25-4887-A52C-06093C05E207"] ["text"]
        rating: true 5 "5"
        datetime: "2026-01-31"
        likert: 5 "5" "na"
        rich_text: "5" "5.5" "na" "text" "2026-01-31" "31 January 2026" ""
        unknown:
    "#]].assert_eq(&lines.collect::<String>());
}

#[test]
fn operators_are_called_as_the_server_calls_them() {
    for name in ["equals", "not_equals", "contains", "in", "not_in"] {
        assert_eq!(Operator::from_name(name).name(), name);
        assert!(!matches!(Operator::from_name(name), Operator::Unknown(_)), "{name}");
    }
    for name in ["", "Equals", "like"] {
        assert_eq!(Operator::from_name(name), Operator::Unknown(name.to_owned()));
        assert_eq!(Operator::from_name(name).name(), name);
    }
}
