//! What is decided again after a change comes to the same as deciding everything.

use std::collections::{BTreeMap, BTreeSet};

use checklist::{
    Condition, Kind, Live, Logic, Operator, Question, QuestionId, Value, Visibility, assess,
};
use proptest::prelude::*;
use uuid::Uuid;

fn id(number: u8) -> QuestionId {
    QuestionId(Uuid::from_u128(number.into()))
}

/// Few enough that answers often satisfy conditions.
fn few_values() -> impl Strategy<Value = Value> {
    let leaf = || {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (0..3_i128).prop_map(Value::Int),
            Just(Value::Float(1.0)),
            "[ab]{0,2}".prop_map(Value::Text),
        ]
    };
    prop_oneof![
        leaf(),
        prop::collection::vec(leaf(), 0..3).prop_map(Value::List),
        leaf().prop_map(|value| Value::Map(vec![("a".to_owned(), value)])),
    ]
}

fn any_operator() -> impl Strategy<Value = Operator> {
    let names = vec!["equals", "not_equals", "contains", "in", "not_in", "", "like"];
    prop::sample::select(names).prop_map(Operator::from_name)
}

/// A condition on any question, the own and later ones included, or on one that is not there.
fn any_condition() -> impl Strategy<Value = Condition> {
    (0..14_u8, any_operator(), few_values()).prop_map(|(parent, operator, required)| Condition {
        parent: id(parent),
        operator,
        required,
    })
}

fn any_visibility() -> impl Strategy<Value = Visibility> {
    let logic = prop::sample::select(vec![Logic::And, Logic::Or]);
    (logic, prop::collection::vec(any_condition(), 0..4))
        .prop_map(|(logic, conditions)| Visibility { logic, conditions })
}

/// Up to twelve questions, most with the same words, in any order of their ids.
fn any_questions() -> impl Strategy<Value = Vec<Question>> {
    let question = ("(Why\\?){1,2}", any::<bool>(), prop::option::weighted(0.8, any_visibility()));
    let ids = Just((0..12_u8).collect::<Vec<_>>()).prop_shuffle();
    (prop::collection::vec(question, 0..12), ids).prop_map(|(questions, ids)| {
        let question = |((text, required, visibility), number)| Question {
            id: id(number),
            text,
            kind: Kind::TextInput,
            required,
            visibility,
        };
        questions.into_iter().zip(ids).map(question).collect()
    })
}

/// An answer that is given, or taken back.
fn any_step() -> impl Strategy<Value = (QuestionId, Option<Value>)> {
    ((0..14_u8).prop_map(id), prop::option::weighted(0.7, few_values()))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_follows_every_change(
        questions in any_questions(),
        before in prop::collection::vec(any_step(), 0..6),
        steps in prop::collection::vec(any_step(), 1..12),
    ) {
        let mut answers: BTreeMap<_, _> =
            before.into_iter().filter_map(|(id, answer)| Some((id, answer?))).collect();
        let mut live = Live::new(&questions, &answers);
        prop_assert_eq!(live.assessment(), &assess(&questions, &answers));
        for (parent, answer) in steps {
            match answer {
                Some(answer) => answers.insert(parent, answer),
                None => answers.remove(&parent),
            };
            live.changed(parent, &answers);
            prop_assert_eq!(live.assessment(), &assess(&questions, &answers));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Each question by itself and all at once, and a question that does not depend on a change stays.
    #[test]
    fn a_question_alone_is_decided_like_all_at_once(
        questions in any_questions(),
        steps in prop::collection::vec(any_step(), 0..8),
        (parent, answer) in any_step(),
    ) {
        let mut answers: BTreeMap<_, _> =
            steps.into_iter().filter_map(|(id, answer)| Some((id, answer?))).collect();
        let live = Live::new(&questions, &answers);
        let stored = answers.clone();
        for question in &questions {
            let is_shown = question.is_shown(|id| stored.get(&id));
            let reasons = question.reasons(|id| stored.get(&id));
            let assessment = live.assessment();
            prop_assert_eq!(assessment.visible.contains(&question.id), is_shown);
            let expected = (is_shown && !reasons.is_empty()).then_some(&reasons);
            prop_assert_eq!(assessment.reasons.get(&question.id), expected);
        }
        answers.extend(answer.map(|answer| (parent, answer)));
        let after = assess(&questions, &answers).visible;
        let differing: BTreeSet<_> =
            after.symmetric_difference(&live.assessment().visible).copied().collect();
        let dependents: BTreeSet<_> = live.dependents(parent).map(|it| it.id).collect();
        prop_assert!(differing.is_subset(&dependents), "{differing:?} {dependents:?}");
    }
}

#[test]
fn only_what_has_a_condition_on_a_question_depends_on_it() {
    let condition = |parent| Condition {
        parent: id(parent),
        operator: Operator::Equals,
        required: Value::Bool(true),
    };
    let question = |number, parents: &[u8]| Question {
        id: id(number),
        text: "Why?".to_owned(),
        kind: Kind::Boolean,
        required: false,
        visibility: Some(Visibility {
            logic: Logic::Or,
            conditions: parents.iter().map(|it| condition(*it)).collect(),
        }),
    };
    // In a circle, and one that asks twice.
    let questions =
        [question(3, &[1, 2, 1]), question(1, &[2]), question(2, &[3, 2]), question(4, &[])];
    let live = Live::new(&questions, &BTreeMap::new());
    let dependents = |parent| live.dependents(id(parent)).map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(dependents(1), [id(3)]);
    assert_eq!(dependents(2), [id(3), id(1), id(2)]);
    assert_eq!(dependents(3), [id(2)]);
    assert_eq!(dependents(4), []);
    assert_eq!(Vec::from_iter(live.assessment().visible.clone()), [id(4)]);
}
