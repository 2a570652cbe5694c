//! Walks at random through random checklists: what is shown is what the server shows after saving,
//! what is sent is what was changed, and an answer comes back when its question does.

use std::collections::BTreeMap;

use api::{ChecklistForm, OfferingUserId, Response};
use checklist::{Kind, Question, QuestionId, Value};
use leptos::prelude::*;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Draft, Edit};

const ME: &str = "Alice Tamm";

/// What one question of a random checklist is.
#[derive(Clone, Debug)]
struct Plan {
    kind: usize,
    /// Which questions it depends on, how, and on what.
    conditions: Vec<(usize, usize, Json)>,
    is_any: bool,
}

/// One step of a person.
#[derive(Clone, Debug)]
enum Step {
    Answer(usize, usize),
    Clear(usize),
    Undo(usize),
    Save,
}

const KINDS: [&str; 5] = ["boolean", "text_input", "number", "multi_select", "year"];
const OPERATORS: [&str; 6] = ["equals", "not_equals", "contains", "in", "not_in", "unheard_of"];
const OPTIONS: [&str; 2] = ["000000000000000000000000000000c1", "000000000000000000000000000000c2"];

/// The answers that a kind takes, of which a step picks one.
fn values(kind: usize) -> Vec<Json> {
    match KINDS[kind] {
        "boolean" => vec![json!(true), json!(false)],
        "text_input" => vec![json!("yes"), json!(""), json!("1")],
        "number" => vec![json!(0), json!(1), json!(2.5)],
        "multi_select" => vec![json!([]), json!([OPTIONS[0]]), json!(OPTIONS)],
        _ => vec![json!(2024), json!(1)],
    }
}

fn required_value() -> impl Strategy<Value = Json> {
    let all: Vec<Json> = (0..KINDS.len()).flat_map(values).collect();
    let lists: Vec<Json> = all.iter().map(|it| json!([it])).collect();
    prop::sample::select([all, lists].concat())
}

fn plan() -> impl Strategy<Value = Vec<Plan>> {
    (2..8_usize).prop_flat_map(|len| {
        let condition = (0..len, 0..OPERATORS.len(), required_value());
        let conditions = prop::collection::vec(condition, 0..3);
        let question = (0..KINDS.len(), conditions, any::<bool>());
        let question =
            question.prop_map(|(kind, conditions, is_any)| Plan { kind, conditions, is_any });
        prop::collection::vec(question, len)
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..8_usize, 0..3_usize).prop_map(|(at, pick)| Step::Answer(at, pick)),
        2 => (0..8_usize).prop_map(Step::Clear),
        1 => (0..8_usize).prop_map(Step::Undo),
        2 => Just(Step::Save),
    ]
}

fn id(at: usize) -> QuestionId {
    QuestionId(uuid_of(at))
}

fn uuid_of(at: usize) -> uuid::Uuid {
    uuid::Uuid::from_u128(at as u128 + 1)
}

/// The checklist as the server sends it, with the answers that it has.
fn form(plan: &[Plan], stored: &BTreeMap<QuestionId, Value>) -> ChecklistForm {
    let question = |(at, it): (usize, &Plan)| {
        let condition = |(parent, operator, required): &(usize, usize, Json)| {
            json!({
                "question_description": format!("Question {parent}"),
                "operator": OPERATORS[*operator],
                "required_value": required,
            })
        };
        let conditions: Vec<Json> = it.conditions.iter().map(condition).collect();
        let dependencies = (!conditions.is_empty()).then(
            || json!({"logic": if it.is_any { "or" } else { "and" }, "conditions": conditions}),
        );
        let answer = stored.get(&id(at)).map(|value| {
            let data: Json = serde_json::from_str(&value.to_json()).expect("JSON");
            json!({"answer_data": data, "user_name": ME, "modified": "2026-01-01T00:00:00Z"})
        });
        let options: Vec<Json> =
            OPTIONS.iter().map(|it| json!({"uuid": it, "label": it})).collect();
        json!({
            "uuid": uuid_of(at).simple().to_string(),
            "description": format!("Question {at}"),
            "question_type": KINDS[it.kind],
            "required": false,
            "order": at,
            "existing_answer": answer,
            "question_options": options,
            "dependencies_info": dependencies,
        })
    };
    let body = json!({
        "checklist": {"name": "Walk", "description": ""},
        "completion": {
            "is_completed": false, "completion_percentage": 0.0,
            "unanswered_required_questions": [], "checklist_name": "Walk", "modified": "",
        },
        "questions": plan.iter().enumerate().map(question).collect::<Vec<_>>(),
    });
    let account = OfferingUserId(uuid_of(99));
    let response = Response { status: 200, total: None, body: body.to_string().into_bytes() };
    api::checklist(account, true).read(&response).expect("a checklist")
}

/// What the embedded backend's engine shows for stored answers.
fn shown_by_engine(
    questions: &[Question],
    stored: &BTreeMap<QuestionId, Value>,
) -> Vec<QuestionId> {
    let visible = checklist::assess(questions, stored).visible;
    questions.iter().map(|it| it.id).filter(|id| visible.contains(id)).collect()
}

/// What the server makes of a submission (`contract.md` 8).
fn store(stored: &mut BTreeMap<QuestionId, Value>, sent: &[(QuestionId, Value)]) {
    for (id, value) in sent {
        if *value == Value::Null {
            stored.remove(id);
        } else {
            stored.insert(*id, value.clone());
        }
    }
}

fn value_of(json: &Json) -> Value {
    Value::from_json(&json.to_string()).expect("a value")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_walk_ends_where_the_server_is(
        plan in plan(),
        steps in prop::collection::vec(step(), 1..24),
    ) {
        let owner = Owner::new();
        owner.set();
        let mut stored = BTreeMap::new();
        let first = form(&plan, &stored);
        let questions: Vec<_> = first.questions.iter().map(|it| it.question.clone()).collect();
        let draft = Draft::new(first, ME);
        // What a person means to have, said apart from the draft.
        let mut meant = stored.clone();
        for step in steps {
            match step {
                Step::Answer(at, pick) => {
                    let at = at % plan.len();
                    let values = values(plan[at].kind);
                    let value = value_of(&values[pick % values.len()]);
                    meant.insert(id(at), value.clone());
                    draft.entry(id(at)).expect("an entry").set(Edit::to(value));
                }
                Step::Clear(at) => {
                    let at = at % plan.len();
                    meant.remove(&id(at));
                    draft.entry(id(at)).expect("an entry").clear();
                }
                Step::Undo(at) => {
                    let id = id(at % plan.len());
                    match stored.get(&id) {
                        Some(value) => meant.insert(id, value.clone()),
                        None => meant.remove(&id),
                    };
                    draft.entry(id).expect("an entry").discard();
                }
                Step::Save => {
                    let sent = draft.submission();
                    check_request(&sent, &stored, &meant)?;
                    for (id, value) in &sent {
                        let kind = &draft.entry(*id).expect("an entry").question().question.kind;
                        prop_assert!(is_accepted(kind, value), "{value:?}");
                    }
                    store(&mut stored, &sent);
                    draft.accept(&sent);
                    draft.refresh(form(&plan, &stored));
                    prop_assert_eq!(draft.changed(), 0);
                }
            }
            // Hidden or not, every answer is what the person meant it to be.
            for at in 0..plan.len() {
                prop_assert_eq!(draft.value(id(at)), meant.get(&id(at)).cloned());
            }
            let shown: Vec<_> = draft.shown().iter().map(|it| it.id()).collect();
            prop_assert_eq!(shown, shown_by_engine(&questions, &meant));
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_kept_brings_the_same_draft_back(
        plan in plan(),
        steps in prop::collection::vec((0..8_usize, 0..3_usize), 1..12),
        first in prop::collection::vec((0..8_usize, 0..3_usize), 0..6),
    ) {
        let owner = Owner::new();
        owner.set();
        let pick = |(at, pick): (usize, usize)| {
            let at = at % plan.len();
            let values = values(plan[at].kind);
            (id(at), value_of(&values[pick % values.len()]))
        };
        let stored: BTreeMap<_, _> = first.into_iter().map(pick).collect();
        let draft = Draft::new(form(&plan, &stored), ME);
        for (id, value) in steps.into_iter().map(pick) {
            draft.entry(id).expect("an entry").set(Edit::to(value));
        }
        let ids = || (0..plan.len()).map(id);
        let kept = ids().filter_map(|id| Some((id, draft.change(id)?))).collect();
        let again = Draft::new(form(&plan, &stored), ME);
        again.restore(kept, None);
        for id in ids() {
            prop_assert_eq!(draft.value(id), again.value(id));
        }
        prop_assert_eq!(draft.submission(), again.submission());
    }
}

/// The request is the set of changes: each question once, or as the pair that has its answer judged
/// afresh, and nothing that is as the server has it.
fn check_request(
    sent: &[(QuestionId, Value)],
    stored: &BTreeMap<QuestionId, Value>,
    meant: &BTreeMap<QuestionId, Value>,
) -> Result<(), TestCaseError> {
    let mut expected = Vec::new();
    let ids = stored.keys().chain(meant.keys()).collect::<std::collections::BTreeSet<_>>();
    for id in ids {
        match (stored.get(id), meant.get(id)) {
            (before, after) if before == after => {}
            (_, None) => expected.push((*id, Value::Null)),
            (None, Some(value)) => expected.push((*id, value.clone())),
            (Some(_), Some(value)) => {
                expected.push((*id, Value::Null));
                expected.push((*id, value.clone()));
            }
        }
    }
    prop_assert_eq!(sent, expected);
    Ok(())
}

fn is_accepted(kind: &Kind, value: &Value) -> bool {
    checklist::validate(kind, value, (2026, 1, 1)).is_ok()
}
