//! Which answers are accepted, and what a form can say about the others.

use checklist::{
    Bounds, FileLimits, FileProblem, Kind, Likert, Problem, RichText, Toolbar, Value, validate,
};
use expect_test::{Expect, expect};

const TODAY: (i32, u8, u8) = (2026, 11, 23);

/// One line per answer (JSON) with what is wrong with it.
#[track_caller]
fn check(kind: Kind, answers: &[&str], expected: Expect) {
    let lines = answers.iter().map(|json| {
        let answer: Value = serde_json::from_str(json).expect("JSON");
        match validate(&kind, &answer, TODAY) {
            Ok(()) => format!("{json}: ok\n"),
            Err(problem) => format!("{json}: {problem:?}\n"),
        }
    });
    expected.assert_eq(&lines.collect::<String>());
}

fn bounds(min: &str, max: &str) -> Bounds {
    Bounds { min: Some(min.to_owned()), max: Some(max.to_owned()) }
}

#[test]
fn null_deletes_an_answer_of_any_kind() {
    check(
        Kind::Boolean,
        &["null", "true", "1"],
        expect![[r#"
        null: ok
        true: ok
        1: WrongType
    "#]],
    );
    check(
        Kind::Unsupported("matrix".to_owned()),
        &["null", "[[1]]"],
        expect![[r#"
        null: ok
        [[1]]: ok
    "#]],
    );
}

#[test]
fn numbers_are_what_python_reads() {
    let answers = [
        "1",
        "0.5",
        "true",
        "\" 5 \"",
        "\"1_0\"",
        "\"٣\"",
        "\"nan\"",
        "\"inf\"",
        "\"5e400\"",
        "11",
        "\"1__0\"",
        "\"0x1\"",
        "\"\"",
        "[5]",
    ];
    check(
        Kind::Number(bounds("0.5", "10.0000")),
        &answers,
        expect![[r#"
        1: ok
        0.5: ok
        true: ok
        " 5 ": ok
        "1_0": ok
        "٣": ok
        "nan": ok
        "inf": TooLarge("10.0000")
        "5e400": TooLarge("10.0000")
        11: TooLarge("10.0000")
        "1__0": NotANumber
        "0x1": NotANumber
        "": NotANumber
        [5]: WrongType
    "#]],
    );
}

#[test]
fn years_are_whole() {
    let answers = ["2000", "true", "\"2_000\"", "2000.0", "\"2000.0\"", "\"nan\"", "\"x\"", "{}"];
    check(
        Kind::Year(bounds("0", "2030")),
        &answers,
        expect![[r#"
        2000: ok
        true: ok
        "2_000": ok
        2000.0: NotWhole
        "2000.0": NotWhole
        "nan": NotWhole
        "x": NotANumber
        {}: WrongType
    "#]],
    );
}

#[test]
fn likert_points_count_from_zero() {
    let likert = |allow_na| {
        Kind::Likert(Likert { points: 5, low: String::new(), high: String::new(), allow_na })
    };
    let answers = ["0", "4", "5", "-1", "2.0", "\"2\"", "true", "\"na\""];
    check(
        likert(false),
        &answers,
        expect![[r#"
        0: ok
        4: ok
        5: OffScale
        -1: OffScale
        2.0: WrongType
        "2": WrongType
        true: WrongType
        "na": OffScale
    "#]],
    );
    check(
        likert(true),
        &["\"na\"", "\"NA\""],
        expect![[r#"
        "na": ok
        "NA": WrongType
    "#]],
    );
}

#[test]
fn option_ids_are_what_python_takes_for_a_uuid() {
    let answers = [
        "[]",
        "[\"9b4c807a99664d35b21e7eb4a7bcae72\"]",
        "[\"{9B4C807A-9966-4d35-b21e-7eb4a7bcae72}\"]",
        "[\"urn:uuid:9b4c807a-9966-4d35-b21e-7eb4a7bcae72\"]",
        "[\"9b4c807a99664d_5b21e7eb4a7bcae72\"]",
        "[\"9b4c807a99664d__b21e7eb4a7bcae72\"]",
        "[\"0x4c807a99664d35b21e7eb4a7bcae72\"]",
        "[\"Health\"]",
        "[1]",
        "\"9b4c807a99664d35b21e7eb4a7bcae72\"",
    ];
    check(
        Kind::MultiSelect(Vec::new()),
        &answers,
        expect![[r#"
        []: ok
        ["9b4c807a99664d35b21e7eb4a7bcae72"]: ok
        ["{9B4C807A-9966-4d35-b21e-7eb4a7bcae72}"]: ok
        ["urn:uuid:9b4c807a-9966-4d35-b21e-7eb4a7bcae72"]: ok
        ["9b4c807a99664d_5b21e7eb4a7bcae72"]: ok
        ["9b4c807a99664d__b21e7eb4a7bcae72"]: NotAnOptionId
        ["0x4c807a99664d35b21e7eb4a7bcae72"]: ok
        ["Health"]: NotAnOptionId
        [1]: NotAnOptionId
        "9b4c807a99664d35b21e7eb4a7bcae72": WrongType
    "#]],
    );
    check(
        Kind::SingleSelect(Vec::new()),
        &answers[..2],
        expect![[r#"
        []: NotOneChoice
        ["9b4c807a99664d35b21e7eb4a7bcae72"]: ok
    "#]],
    );
}

#[test]
fn dates_are_what_dateutil_understands() {
    let answers = [
        "\"2024-01-15\"",
        "\"15/01/2024\"",
        "\"2024\"",
        "\"10\"",
        "\"12:30\"",
        "\"Jan 5th, 2024\"",
        "\"5 May\"",
        "\"Fri\"",
        "\"Jan of 99\"",
        "\"20240115T1030Z\"",
        "\"10h30m\"",
        "\"5 pm GMT+3\"",
        "\"10:20 -0300 (BRST)\"",
        "\"٢٠٢٤-٠١-٠٥\"",
        "\"30\"",
        "\"31\"",
        "\"2024-02-30\"",
        "\"2024-01-05_10:20\"",
        "\"tomorrow\"",
        "\"\"",
        "\"99999999999\"",
        "20240115",
    ];
    check(
        Kind::Date,
        &answers,
        expect![[r#"
        "2024-01-15": ok
        "15/01/2024": ok
        "2024": ok
        "10": ok
        "12:30": ok
        "Jan 5th, 2024": ok
        "5 May": ok
        "Fri": ok
        "Jan of 99": ok
        "20240115T1030Z": ok
        "10h30m": ok
        "5 pm GMT+3": ok
        "10:20 -0300 (BRST)": ok
        "٢٠٢٤-٠١-٠٥": ok
        "30": ok
        "31": NotADate
        "2024-02-30": NotADate
        "2024-01-05_10:20": NotADate
        "tomorrow": NotADate
        "": NotADate
        "99999999999": NotADate
        20240115: WrongType
    "#]],
    );
}

#[test]
fn a_missing_part_of_a_date_is_that_of_today() {
    let accepts = |text: &str, today| validate(&Kind::Date, &Value::from(text), today).is_ok();
    assert!(accepts("31", (2026, 12, 1)));
    assert!(!accepts("31", (2026, 11, 1)));
    assert!(accepts("29 Feb", (2028, 1, 1)));
    assert!(!accepts("29 Feb", (2026, 1, 1)));
    // The day of today gives way to a shorter month.
    assert!(accepts("Feb 2026", (2026, 1, 31)));
}

#[test]
fn times_are_iso() {
    let answers = [
        "\"2024-01-15T10:30:00.123456+02:00\"",
        "\"2024-01-15\"",
        "\"20240115T1030Z\"",
        "\"2024-W03-1\"",
        "\"2024W031 10\"",
        "\"2024-01-15_10:30\"",
        "\"2024-01-15T\"",
        "\"2024-01-15T24:00\"",
        "\"2024-01-15T10:30+24:00\"",
        "\"2023-W53\"",
        "\"15/01/2024 10:30\"",
        "\"2024-01\"",
        "\"\"",
        "1705314600",
    ];
    check(
        Kind::DateTime,
        &answers,
        expect![[r#"
        "2024-01-15T10:30:00.123456+02:00": ok
        "2024-01-15": ok
        "20240115T1030Z": ok
        "2024-W03-1": ok
        "2024W031 10": ok
        "2024-01-15_10:30": ok
        "2024-01-15T": NotADateTime
        "2024-01-15T24:00": NotADateTime
        "2024-01-15T10:30+24:00": NotADateTime
        "2023-W53": NotADateTime
        "15/01/2024 10:30": NotADateTime
        "2024-01": NotADateTime
        "": NotADateTime
        1705314600: WrongType
    "#]],
    );
}

#[test]
fn rich_text_counts_characters() {
    let kind = |at_most| Kind::RichText(RichText { at_most, toolbar: Toolbar::Standard });
    check(
        kind(Some(2)),
        &["\"🎉🎉\"", "\"e\u{301}e\"", "5"],
        expect![[r#"
        "🎉🎉": ok
        "ée": TooLong { at_most: 2, actual: 3 }
        5: WrongType
    "#]],
    );
    check(
        kind(Some(0)),
        &["\"\"", "\"a\""],
        expect![[r#"
        "": ok
        "a": TooLong { at_most: 0, actual: 1 }
    "#]],
    );
}

#[test]
fn several_files_are_counted_and_the_bad_one_is_named() {
    let limits = FileLimits { extensions: vec![".TXT".to_owned()], ..FileLimits::default() };
    let kind = Kind::MultipleFiles { limits, at_most: Some(2) };
    let answers = [
        r#"[]"#,
        r#"[{"name": "a.txt", "content": "aGk="}, {"stored_file_id": "x"}]"#,
        r#"[{"stored_file_id": "x"}, {"name": "a.pdf", "content": "aGk="}]"#,
        r#"[{}, {}, {}]"#,
        r#"[{"content": "aGk="}]"#,
        r#"[{"name": "a.txt"}]"#,
        r#"[{"name": "a.txt", "content": ""}]"#,
        r#"[{"name": "a.txt", "content": "aGk"}]"#,
        r#"[{"name": "a.txt", "content": "aG k="}]"#,
        r#"[{"name": "a.txt", "content": "aGk=="}]"#,
        r#"[{"name": "a.txt", "content": "===="}]"#,
        r#"[{"name": "txt", "content": "aGk="}]"#,
        r#"[{"name": 5, "content": "aGk="}]"#,
        r#"[null]"#,
        r#"{}"#,
    ];
    check(
        kind,
        &answers,
        expect![[r#"
        []: ok
        [{"name": "a.txt", "content": "aGk="}, {"stored_file_id": "x"}]: ok
        [{"stored_file_id": "x"}, {"name": "a.pdf", "content": "aGk="}]: File { index: 1, problem: ExtensionNotAllowed { extension: ".pdf", allowed: [".TXT"] } }
        [{}, {}, {}]: TooManyFiles { at_most: 2 }
        [{"content": "aGk="}]: File { index: 0, problem: NoName }
        [{"name": "a.txt"}]: File { index: 0, problem: Empty }
        [{"name": "a.txt", "content": ""}]: File { index: 0, problem: Empty }
        [{"name": "a.txt", "content": "aGk"}]: File { index: 0, problem: NotBase64 }
        [{"name": "a.txt", "content": "aG k="}]: File { index: 0, problem: NotBase64 }
        [{"name": "a.txt", "content": "aGk=="}]: File { index: 0, problem: NotBase64 }
        [{"name": "a.txt", "content": "===="}]: File { index: 0, problem: NotBase64 }
        [{"name": "txt", "content": "aGk="}]: File { index: 0, problem: ExtensionNotAllowed { extension: "", allowed: [".TXT"] } }
        [{"name": 5, "content": "aGk="}]: File { index: 0, problem: NoName }
        [null]: File { index: 0, problem: NotAFile }
        {}: WrongType
    "#]],
    );
}

#[test]
fn a_file_is_judged_before_it_is_encoded() {
    let limits = FileLimits {
        extensions: vec![".pdf".to_owned()],
        mime_types: vec!["application/pdf".to_owned(), "image/*".to_owned()],
        max_megabytes: Some(1),
    };
    assert_eq!(limits.check("a.b.PDF", 1 << 20, b"%PDF-1.4"), Ok(()));
    assert_eq!(limits.check("a.pdf", 9, b"GIF89a..."), Ok(()));
    assert_eq!(limits.check("a.pdf", 0, b""), Err(FileProblem::Empty));
    assert_eq!(
        limits.check("a.pdf", (1 << 20) + 1, b"%PDF-1.4"),
        Err(FileProblem::TooLarge { max_megabytes: 1, actual: (1 << 20) + 1 })
    );
    assert_eq!(
        limits.check("a.pdf", 5, b"hello"),
        Err(FileProblem::TypeNotAllowed {
            mime_type: "text/plain",
            allowed: limits.mime_types.clone()
        })
    );
    assert_eq!(
        limits.check("pdf", 8, b"%PDF-1.4"),
        Err(FileProblem::ExtensionNotAllowed {
            extension: String::new(),
            allowed: limits.extensions.clone()
        })
    );
}

#[test]
fn a_wildcard_needs_a_major_type_and_its_case() {
    let accepts = |allowed: &str| {
        let mime_types = vec![allowed.to_owned()];
        FileLimits { mime_types, ..FileLimits::default() }.check("a", 5, b"hello").is_ok()
    };
    assert!(accepts("text/plain") && accepts("text/*"));
    assert!(!accepts("*/*") && !accepts("Text/*") && !accepts("text") && !accepts("tex/*"));
}

#[test]
fn the_smallest_and_the_largest_answer_are_named() {
    let kind = Kind::Rating(bounds("1.0000", "5.0000"));
    let judge = |int| validate(&kind, &Value::Int(int), TODAY);
    assert_eq!(judge(0), Err(Problem::TooSmall("1.0000".to_owned())));
    assert_eq!(judge(6), Err(Problem::TooLarge("5.0000".to_owned())));
    assert_eq!(judge(1), Ok(()));
    assert_eq!(judge(5), Ok(()));
}
