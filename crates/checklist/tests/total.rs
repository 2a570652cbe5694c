//! Whatever comes in, there is a result: the engine never panics.

use checklist::{
    Bounds, Condition, FileLimits, Guidance, Kind, Likert, Logic, Operator, Question, QuestionId,
    RichText, Toolbar, Trigger, Value, Visibility, assess, progress, sniff, validate,
};
use proptest::prelude::*;
use uuid::Uuid;

const TODAY: (i32, u8, u8) = (2026, 11, 23);

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i128>().prop_map(Value::Int),
        (-3..10_i128).prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        any::<String>().prop_map(Value::Text),
        "[a-c]{0,2}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec(("[a-c]{0,1}|content|name", inner), 0..4).prop_map(Value::Map),
        ]
    })
}

fn any_operator() -> impl Strategy<Value = Operator> {
    prop_oneof![
        prop::sample::select(vec!["equals", "not_equals", "contains", "in", "not_in", ""])
            .prop_map(Operator::from_name),
        any::<String>().prop_map(|name| Operator::from_name(&name)),
    ]
}

fn any_kind() -> impl Strategy<Value = Kind> {
    let bound = prop::option::of("-?[0-9]{1,4}(\\.[0-9]{1,4})?|\\PC{0,4}");
    let bounds = || (bound.clone(), bound.clone()).prop_map(|(min, max)| Bounds { min, max });
    let limits = || {
        let extensions = prop::collection::vec("\\.?(pdf|txt|TXT)", 0..2);
        let mime_types = prop::collection::vec("text/plain|text/\\*|\\PC{0,9}", 0..2);
        (extensions, mime_types, any::<Option<u32>>()).prop_map(
            |(extensions, mime_types, max_megabytes)| FileLimits {
                extensions,
                mime_types,
                max_megabytes,
            },
        )
    };
    prop_oneof![
        prop::sample::select(vec![
            Kind::Boolean,
            Kind::SingleSelect(Vec::new()),
            Kind::MultiSelect(Vec::new()),
            Kind::TextArea,
            Kind::Date,
            Kind::DateTime,
            Kind::Unsupported("matrix".to_owned()),
        ]),
        bounds().prop_map(Kind::Number),
        bounds().prop_map(Kind::Year),
        (any::<u8>(), any::<bool>()).prop_map(|(points, allow_na)| Kind::Likert(Likert {
            points,
            low: String::new(),
            high: String::new(),
            allow_na,
        })),
        any::<Option<u32>>()
            .prop_map(|at_most| Kind::RichText(RichText { at_most, toolbar: Toolbar::Standard })),
        limits().prop_map(Kind::File),
        (limits(), any::<Option<u32>>())
            .prop_map(|(limits, at_most)| Kind::MultipleFiles { limits, at_most }),
    ]
}

/// Text made of what dates, times, numbers and option ids are made of.
fn almost_a_date() -> impl Strategy<Value = String> {
    let piece = "[0-9]{1,4}|[0-9]{6,14}|[-+/.,:()TZzW ]|Jan|of|at|am|h|m|s|EST|GMT|²|½|٣|é|\0|nan";
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_comparison_has_a_result(
        operator in any_operator(),
        answer in any_value(),
        required in any_value(),
    ) {
        let holds = operator.holds(&answer, &required);
        prop_assert!(!holds || answer != Value::Null);
        let always = false;
        let trigger = Trigger { always, operator: operator.clone(), required: required.clone() };
        prop_assert_eq!(trigger.fires(&answer), holds && required.is_truthy());
        let guidance = Guidance { text: "Hint".to_owned(), always, operator, required };
        prop_assert_eq!(guidance.is_shown(Some(&answer)), holds && guidance.required != Value::Null);
    }

    #[test]
    fn equality_goes_both_ways(left in any_value(), right in any_value()) {
        prop_assert_eq!(left.same_as(&right), right.same_as(&left));
    }

    #[test]
    fn every_answer_is_judged(kind in any_kind(), answer in any_value()) {
        let _ = validate(&kind, &answer, TODAY);
        prop_assert!(!answer.python_repr().is_empty());
    }

    #[test]
    fn every_text_is_judged(text in prop_oneof![almost_a_date(), any::<String>()]) {
        let answer = Value::Text(text);
        let ids = Value::List(vec![answer.clone()]);
        let bounds = Bounds { min: Some("1".to_owned()), max: None };
        for kind in [Kind::Date, Kind::DateTime, Kind::Number(bounds.clone()), Kind::Year(bounds)] {
            let _ = validate(&kind, &answer, TODAY);
        }
        let _ = validate(&Kind::MultiSelect(Vec::new()), &ids, TODAY);
        let file = Value::Map(vec![
            ("name".to_owned(), answer.clone()),
            ("content".to_owned(), answer),
        ]);
        let _ = validate(&Kind::File(FileLimits::default()), &file, TODAY);
    }

    #[test]
    fn today_may_be_any_day(text in almost_a_date(), today in any::<(i32, u8, u8)>()) {
        let _ = validate(&Kind::Date, &Value::Text(text), today);
    }

    #[test]
    fn every_content_has_a_type(
        start in prop::sample::select(vec![
            &b""[..], b"PK\x03\x04", b"MZ", b"BM", b"\x7fELF", b"\xff\xfe", b"<?xml", b"{", b"#!",
            b"\x1a\x45\xdf\xa3", b"RIFF",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..1200),
    ) {
        prop_assert!(sniff(&[start, &rest].concat()).contains('/'));
    }

    #[test]
    fn what_is_shown_has_a_reason_or_no_condition(
        answers in prop::collection::btree_map(0..6_u128, any_value(), 0..6),
        rules in prop::collection::vec(
            (any::<bool>(), prop::collection::vec((0..7_u128, any_operator(), any_value()), 0..4)),
            0..6,
        ),
    ) {
        let id = |n| QuestionId(Uuid::from_u128(n));
        let questions: Vec<Question> = rules
            .into_iter()
            .zip(0..)
            .map(|((is_or, conditions), n)| Question {
                id: id(n),
                text: String::new(),
                kind: Kind::Boolean,
                required: true,
                visibility: Some(Visibility {
                    logic: if is_or { Logic::Or } else { Logic::And },
                    conditions: conditions
                        .into_iter()
                        .map(|(parent, operator, required)| {
                            Condition { parent: id(parent), operator, required }
                        })
                        .collect(),
                }),
            })
            .collect();
        let answers: std::collections::BTreeMap<_, _> =
            answers.into_iter().map(|(n, answer)| (id(n), answer)).collect();
        let before = assess(&questions, &answers);
        for question in &questions {
            let conditions = question.visibility.as_ref().map_or(0, |v| v.conditions.len());
            let is_shown = before.visible.contains(&question.id);
            prop_assert_eq!(is_shown, question.is_shown(|id| answers.get(&id)));
            prop_assert_eq!(
                before.reasons.contains_key(&question.id),
                is_shown && conditions > 0
            );
        }

        let all: Vec<_> = questions.iter().map(|q| (q.id, q.required)).collect();
        let percentage = progress(&all, answers.into_keys()).percentage.clamped();
        prop_assert!((0.0..=100.0).contains(&percentage));
    }

    #[test]
    fn every_text_is_json_or_not(
        text in prop_oneof![any::<String>(), "([\\[\\]{}:,\"]|\\\\u?|[0-9a-f.e+-]|true|\"é\"){0,12}"],
    ) {
        // What is no JSON for serde_json is none here, except that it knows no "-0".
        let ours = Value::from_json(&text);
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            prop_assert!(ours.is_ok_and(|ours| ours.same_as(&value)), "{value:?}");
        } else {
            prop_assert!(ours.is_err());
        }
    }

    #[test]
    fn json_comes_back_as_it_was(value in any_value()) {
        // Once through JSON, which has no NaN, no whole numbers beyond 64 bits and no repeated
        // keys; from then on nothing changes.
        let json = serde_json::to_string(&value).unwrap();
        let written: Value = serde_json::from_str(&value.to_json()).unwrap();
        let value: Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&written, &value);
        let json = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Value>(&json).unwrap(), &value);
        prop_assert_eq!(&Value::from_json(&json).unwrap(), &value);
        prop_assert_eq!(&Value::from_json(&value.to_json()).unwrap(), &value);
    }
}

#[test]
fn json_may_be_1024_levels_deep() {
    let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
    assert!(Value::from_json(&nested(1024)).is_ok());
    let objects = "{\"a\":".repeat(1024) + "1" + &"}".repeat(1024);
    assert!(Value::from_json(&objects).is_ok());
    let error = Value::from_json(&nested(100_000)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "array and object recursion depth exceeded: line 1 column 1026 (char 1025)"
    );
}
