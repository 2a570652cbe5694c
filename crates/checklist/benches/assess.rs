//! How long it takes to decide a long checklist: all of it, and what one change asks for.
//!
//! `cargo bench -p checklist`. The bar is 100 µs for 500 questions.
#![allow(missing_docs, reason = "criterion makes functions")]

use std::{collections::BTreeMap, hint::black_box};

use checklist::{
    Condition, Kind, Live, Logic, Operator, Question, QuestionId, Value, Visibility, assess,
};
use criterion::{Criterion, criterion_group, criterion_main};
use uuid::Uuid;

const QUESTIONS: u128 = 500;

/// Spread like random ids, which real ones are.
fn id(number: u128) -> QuestionId {
    QuestionId(Uuid::from_u128(
        (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
    ))
}

/// Every kind of comparison, three of four questions with one condition to three.
fn questions() -> Vec<Question> {
    let text = |text: &str| Value::Text(text.to_owned());
    let condition = |number: u128| {
        let (operator, required) = match number % 5 {
            0 => (Operator::Equals, Value::Bool(true)),
            1 => (Operator::NotEquals, text("3")),
            2 => (Operator::In, Value::List(vec![text("a"), text("b"), text("c")])),
            3 => (Operator::NotIn, Value::List(vec![text("x"), text("y")])),
            _ => (Operator::Contains, Value::List(vec![text("person")])),
        };
        // Mostly a question near by, sometimes one far away, now and then a later one.
        let parent = (number * 7 + number / 3) % QUESTIONS;
        Condition { parent: id(parent - parent % 5 + number % 5), operator, required }
    };
    let question = |number: u128| Question {
        id: id(number),
        text: format!("Question {number}"),
        kind: Kind::TextInput,
        required: number.is_multiple_of(2),
        visibility: (!number.is_multiple_of(4)).then(|| Visibility {
            logic: if number.is_multiple_of(3) { Logic::Or } else { Logic::And },
            conditions: (0..number % 3 + 1).map(|it| condition(number + it * 11)).collect(),
        }),
    };
    (0..QUESTIONS).map(question).collect()
}

/// Two of three questions are answered.
fn answers() -> BTreeMap<QuestionId, Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let answer = |number: u128| match number % 5 {
        0 => Value::Bool(number.is_multiple_of(2)),
        1 => text(if number.is_multiple_of(2) { "3" } else { "4" }),
        2 => Value::List(vec![text("c"), text("d")]),
        3 => Value::List(vec![text("z")]),
        _ => text("Data about persons, with the consent of each person"),
    };
    (0..QUESTIONS).filter(|it| it % 3 != 0).map(|it| (id(it), answer(it))).collect()
}

fn whole(criterion: &mut Criterion) {
    let (questions, answers) = (questions(), answers());
    let assessment = assess(&questions, &answers);
    let shown = assessment.visible.len();
    assert!((200..450).contains(&shown), "{shown} of {QUESTIONS} are shown");
    criterion.bench_function("500 questions", |bencher| {
        bencher.iter(|| assess(black_box(&questions), black_box(&answers)));
    });
}

fn change(criterion: &mut Criterion) {
    let (questions, mut answers) = (questions(), answers());
    let mut live = Live::new(&questions, &answers);
    let parent = questions.iter().max_by_key(|it| live.dependents(it.id).count());
    let parent = parent.expect("questions").id;
    let mut truth = false;
    criterion.bench_function("one change of 500", |bencher| {
        bencher.iter(|| {
            truth = !truth;
            answers.insert(parent, Value::Bool(truth));
            live.changed(black_box(parent), &answers);
        });
    });
}

criterion_group!(benches, whole, change);
criterion_main!(benches);
