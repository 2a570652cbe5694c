//! Values as Python compares and prints them, and what is counted.

use std::collections::BTreeMap;

use checklist::{
    Condition, Kind, Logic, Operator, Percentage, Question, QuestionId, Reason, Value, Visibility,
    assess, progress,
};
use expect_test::{Expect, expect};
use uuid::Uuid;

fn value(json: &str) -> Value {
    serde_json::from_str(json).expect("JSON")
}

#[track_caller]
fn check_repr(values: &[&str], expected: Expect) {
    let lines = values.iter().map(|json| value(json).python_repr() + "\n");
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn values_print_as_in_python() {
    check_repr(
        &[r#"null"#, r#"{"b": [true, {"a": null}], "a": -1}"#, r#"[]"#, r#"{}"#],
        expect![[r#"
            None
            {'b': [True, {'a': None}], 'a': -1}
            []
            {}
        "#]],
    );
}

#[test]
fn numbers_print_as_in_python() {
    let numbers = [
        "5",
        "5.0",
        "-0.0",
        "0.1",
        "1e15",
        "9999999999999998.0",
        "1e16",
        "1.5e300",
        "0.0001",
        "0.00001",
        "5e-324",
        "18446744073709551615",
        "18446744073709551616",
        "1.25e-7",
        "81119291205591.62",
        "0.3",
        "123456.789",
    ];
    check_repr(
        &numbers,
        expect![[r#"
            5
            5.0
            -0.0
            0.1
            1000000000000000.0
            9999999999999998.0
            1e+16
            1.5e+300
            0.0001
            1e-05
            5e-324
            18446744073709551615
            1.8446744073709552e+19
            1.25e-07
            81119291205591.62
            0.3
            123456.789
        "#]],
    );
    assert_eq!(Value::Float(f64::NAN).python_repr(), "nan");
    assert_eq!(Value::Float(f64::NEG_INFINITY).python_repr(), "-inf");
}

#[test]
fn text_prints_as_in_python() {
    let texts = [
        r#""it's""#,
        r#""say \"hi\"""#,
        r#""it's \"both\"""#,
        r#""a\nb\tc\\d\r""#,
        r#""\u0000\u007f\u00a0\u00ad\u200b\u2028\ufeff\ue000""#,
        r#""žluť e\u0301 🎉""#,
        r#""\udb40\udc01""#,
    ];
    check_repr(
        &texts,
        expect![[r#"
        "it's"
        'say "hi"'
        'it\'s "both"'
        'a\nb\tc\\d\r'
        '\x00\x7f\xa0\xad\u200b\u2028\ufeff\ue000'
        'žluť é 🎉'
        '\U000e0001'
    "#]],
    );
    assert_eq!(Value::from("it's").python_str(), "it's");
    assert_eq!(Value::Bool(true).python_str(), "True");
}

#[test]
fn equality_is_that_of_python() {
    let same = |left, right| value(left).same_as(&value(right));
    assert!(same("true", "1") && same("1", "1.0") && same("true", "1.0") && same("0", "false"));
    assert!(same("[1, true]", "[1.0, 1]"));
    assert!(same(r#"{"a": 1, "b": 2}"#, r#"{"b": 2.0, "a": true}"#));
    assert!(!same("1", r#""1""#) && !same("null", "false") && !same("[]", "{}"));
    assert!(!same("[1, 2]", "[2, 1]") && !same(r#"{"a": 1}"#, r#"{"b": 1}"#));
    // No rounding on the way.
    assert!(!same("9007199254740993", "9007199254740992.0"));
    assert!(!Value::Int(i128::MIN).same_as(&Value::Float(-1e300)));
    assert!(!Value::Float(f64::NAN).same_as(&Value::Float(f64::NAN)));
}

#[test]
fn json_keeps_its_order_and_its_numbers() {
    let json = r#"{"b":1,"a":[1.0,"x",null,true],"c":18446744073709551615,"d":-1}"#;
    assert_eq!(serde_json::to_string(&value(json)).unwrap(), json);
    assert_eq!(value(json).to_json(), json);
    assert_eq!(value(r#"{"a": 1, "b": 2, "a": 3}"#), value(r#"{"a": 3, "b": 2}"#));
}

#[test]
fn json_is_written_without_loss() {
    let written = |value: Value| value.to_json();
    assert_eq!(
        written(Value::from("\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}é🎉")),
        concat!(r#""\"\\/\u0008\u000c\n\r\t\u0000\u001f"#, "\u{7f}é🎉\"")
    );
    assert_eq!(written(Value::Map(vec![("a\"b".to_owned(), Value::Null)])), r#"{"a\"b":null}"#);
    for number in ["0.1", "-0.0", "1e+16", "1.5e+300", "1e-05", "1000000000000000.0", "-1"] {
        assert_eq!(written(value(number)), number);
    }
    assert_eq!(written(Value::Float(f64::NAN)), "null");
    assert_eq!(written(Value::Float(f64::NEG_INFINITY)), "null");
}

fn id(n: u128) -> QuestionId {
    QuestionId(Uuid::from_u128(n))
}

fn question(n: u128, logic: Logic, conditions: &[(u128, &str)]) -> Question {
    let condition = |&(parent, required): &(u128, &str)| Condition {
        parent: id(parent),
        operator: Operator::Equals,
        required: value(required),
    };
    Question {
        id: id(n),
        text: format!("Question {n}"),
        kind: Kind::Boolean,
        required: true,
        visibility: (!conditions.is_empty())
            .then(|| Visibility { logic, conditions: conditions.iter().map(condition).collect() }),
    }
}

#[test]
fn a_hidden_parent_still_opens_its_children() {
    let questions = [
        question(1, Logic::And, &[]),
        question(2, Logic::And, &[(1, "true")]),
        question(3, Logic::And, &[(2, "true")]),
    ];
    let answers = BTreeMap::from([(id(1), value("false")), (id(2), value("true"))]);
    let assessment = assess(&questions, &answers);
    assert_eq!(Vec::from_iter(assessment.visible), [id(1), id(3)]);
}

#[test]
fn reasons_name_the_conditions_that_hold() {
    let questions = [
        question(2, Logic::Or, &[(1, "1"), (1, "2"), (9, "1")]),
        question(3, Logic::And, &[(1, "2"), (9, "1")]),
        question(4, Logic::And, &[(1, "2"), (1, "2.0")]),
    ];
    let assessment = assess(&questions, &BTreeMap::from([(id(1), value("2"))]));
    let because = |conditions: &[usize]| {
        conditions.iter().map(|&condition| Reason { parent: id(1), condition }).collect::<Vec<_>>()
    };
    let expected = BTreeMap::from([(id(2), because(&[1])), (id(4), because(&[0, 1]))]);
    assert_eq!(assessment.reasons, expected);
    assert!(!assessment.visible.contains(&id(3)));
}

#[test]
fn percentages_are_rounded_half_to_even_and_may_pass_100() {
    let percentage = |rows: usize, n: u128| {
        let questions: Vec<_> = (0..n).map(|n| (id(n), false)).collect();
        progress(&questions, std::iter::repeat_n(id(0), rows)).percentage
    };
    let expected = [
        (1, 16, 6.2),
        (3, 16, 18.8),
        (5, 16, 31.2),
        (7, 16, 43.8),
        (9, 80, 11.2),
        (33, 80, 41.2),
        (1, 3, 33.3),
        (2, 3, 66.7),
        (3, 2, 150.0),
        (0, 7, 0.0),
    ];
    for (rows, n, rounded) in expected {
        assert_eq!(percentage(rows, n), Percentage::Of(rounded), "{rows} of {n}");
    }
    assert_eq!(percentage(0, 0), Percentage::NoQuestions);
    assert_eq!(percentage(3, 2).clamped(), 100.0);
    assert_eq!(percentage(0, 0).clamped(), 100.0);
}

#[test]
fn unanswered_questions_come_in_the_order_of_the_checklist() {
    let questions = [(id(3), true), (id(1), true), (id(2), false), (id(4), true)];
    let progress = progress(&questions, [id(1)]);
    assert_eq!(progress.unanswered_required, [id(3), id(4)]);
}

#[test]
fn a_repeated_key_takes_its_last_value_among_many_keys_too() {
    let many: Vec<String> = (0..500).map(|key| format!("\"k{}\": {key}", key % 300)).collect();
    let object = format!("[{{\"a\": 1, \"a\": 2, {}}}]", many.join(", "));
    let value = Value::from_json(&object).expect("JSON").without_repeated_keys();
    let Value::List(items) = &value else { panic!("{value:?}") };
    let Value::Map(entries) = &items[0] else { panic!("{value:?}") };
    assert_eq!(entries.len(), 301);
    assert_eq!(entries[0], ("a".to_owned(), Value::Int(2)));
    assert_eq!(entries[1], ("k0".to_owned(), Value::Int(300)));
    assert_eq!(items[0].get("k299"), Some(&Value::Int(299)));
}
