//! Every kind of question in every state, to look at. Only in development builds.

use api::{ChecklistForm, OfferingUserId, Response};
use checklist::Value;
use leptos::prelude::*;

use super::{answer::AnswerText, question::QuestionItem};
use crate::{
    draft::{Draft, Edit, read, use_drafts},
    pages::Heading,
};

/// The person who answers.
pub(super) const ME: &str = "Alice Tamm";
const KINDS: &str = include_str!("gallery.json");
const STATES: [&str; 8] =
    ["empty", "required", "guided", "conditional", "answered", "invalid", "refused", "locked"];
const SWITCH: &str = "Show the conditional ones?";

/// All of them.
#[component]
pub(crate) fn Gallery() -> impl IntoView {
    let draft = sample();
    let tried = RwSignal::new(true);
    let item = move |asked| view! { <QuestionItem asked draft show_problems=tried/> };
    let reading = move || {
        let answers = draft.questions();
        let answered = answers.iter().filter(|it| it.entry.is_answered());
        answered
            .map(|it| {
                let question = it.entry.question().question.clone();
                view! {
                    <li class="question">
                        <p class="question__text">{question.text}</p>
                        <AnswerText kind=question.kind value=Signal::stored(it.entry.value())/>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="sheet">
            <Heading text=Signal::stored("Gallery".to_owned())/>
            <ol class="questions">
                {untrack(|| draft.questions()).iter().copied().map(item).collect_view()}
            </ol>
            <ol class="questions">{reading}</ol>
        </div>
    }
}

/// A draft with each kind in each state.
pub(super) fn sample() -> Draft {
    let id: OfferingUserId = uuid_of(0).parse().expect("a uuid");
    let kinds = kinds();
    let response = Response { status: 200, total: None, body: form(&kinds).to_json().into_bytes() };
    let form: ChecklistForm =
        api::checklist(id, true).read(&response).expect("the gallery is a checklist");
    let draft = use_drafts().open(id, form, ME);
    let questions = untrack(|| draft.questions());
    for (at, asked) in questions.iter().skip(1).enumerate() {
        let entry = asked.entry;
        let kind = untrack(|| entry.question()).question.kind.clone();
        let sample = &kinds[at / STATES.len()];
        match STATES[at % STATES.len()] {
            "invalid" => match (sample.get("typed"), sample.get("bad")) {
                (Some(Value::Text(typed)), _) => {
                    entry.set(Edit::typed(typed.clone(), read(&kind, typed)));
                }
                (_, Some(bad)) => entry.set(Edit::to(bad.clone())),
                _ => {}
            },
            "refused" => {
                let good = sample.get("good").cloned().unwrap_or(Value::Null);
                entry.set(Edit::to(good.clone()));
                draft.refuse(&[(entry.id(), good)], vec![Some("The server's reason.".to_owned())]);
            }
            _ => {}
        }
    }
    draft
}

fn kinds() -> Vec<Value> {
    match Value::from_json(KINDS) {
        Ok(Value::List(kinds)) => kinds,
        other => panic!("gallery.json is no list: {other:?}"),
    }
}

/// The checklist as a server would send it.
fn form(kinds: &[Value]) -> Value {
    let mut questions = vec![question(0, SWITCH, &object(&[("question_type", "boolean".into())]))];
    answer(&mut questions[0], Value::Bool(true), ME);
    for kind in kinds {
        let Some(Value::Text(name)) = kind.get("question_type") else { continue };
        for state in STATES {
            let mut question = question(questions.len(), &format!("{name}: {state}"), kind);
            let good = kind.get("good").cloned().unwrap_or(Value::Null);
            match state {
                "required" => put(&mut question, "required", Value::Bool(true)),
                "guided" => {
                    put(&mut question, "user_guidance", "What the administrator says.".into())
                }
                "conditional" => put(&mut question, "dependencies_info", condition()),
                "answered" => answer(&mut question, good, ME),
                "locked" => answer(&mut question, good, "Mari Maasikas"),
                _ => {}
            }
            questions.push(question);
        }
    }
    object(&[
        ("checklist", object(&[("name", "Gallery".into())])),
        ("completion", object(&[])),
        ("questions", Value::List(questions)),
    ])
}

fn question(at: usize, text: &str, kind: &Value) -> Value {
    let mut question = object(&[
        ("uuid", Value::Text(uuid_of(at))),
        ("description", text.into()),
        ("order", Value::Int(at as i128)),
        ("dependencies_info", Value::Null),
    ]);
    if let (Value::Map(question), Value::Map(kind)) = (&mut question, kind) {
        question.extend(kind.iter().cloned());
    }
    question
}

fn answer(question: &mut Value, value: Value, author: &str) {
    let answer = object(&[
        ("answer_data", value),
        ("user_name", author.into()),
        ("modified", "2026-11-25T10:00:00Z".into()),
    ]);
    put(question, "existing_answer", answer);
}

fn condition() -> Value {
    let condition = object(&[
        ("question_description", SWITCH.into()),
        ("operator", "equals".into()),
        ("required_value", Value::Bool(true)),
    ]);
    object(&[("logic", "and".into()), ("conditions", Value::List(vec![condition]))])
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Value::Map(entries) = object {
        entries.retain(|(it, _)| it != key);
        entries.push((key.to_owned(), value));
    }
}

fn object(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, it)| ((*key).to_owned(), it.clone())).collect())
}

fn uuid_of(at: usize) -> String {
    format!("{:032x}", 0xa11 + at)
}
