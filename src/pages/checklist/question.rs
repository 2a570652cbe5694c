//! One question of the form: its words, its help, its input, and where its answer stands.

use std::sync::Arc;

use api::FormQuestion;
use checklist::{Kind, QuestionId};
use leptos::prelude::*;

use super::{
    AnswerText, elsewhere::Elsewhere, input::Input, refusal::refusal_words, summary::problem_text,
    why::WhyShown,
};
use crate::{
    draft::{Asked, Draft, Entry, Standing},
    i18n::{say, t},
    ui::{Button, Emphasis, FieldError, Glyph, Icon, live},
};

/// The ids of the parts of a question on the page.
pub(super) fn question_dom_id(id: QuestionId) -> String {
    format!("q-{}", id.0.simple())
}

/// The question that a part of the page belongs to, by the id of that part.
pub(super) fn question_of_dom_id(dom_id: &str) -> Option<QuestionId> {
    let hex = dom_id.strip_prefix("q-")?.split('-').next()?;
    hex.parse().ok().map(QuestionId)
}

/// One question. It stays on the page while it is not asked, so that a hundred others can appear at
/// once.
#[component]
pub(super) fn QuestionItem(
    asked: Asked,
    draft: Draft,
    /// Whether to say what is wrong with the answer.
    show_problems: RwSignal<bool>,
) -> impl IntoView {
    let entry = asked.entry;
    let error = Memo::new(move |_| match entry.standing() {
        Standing::Refused(reason) => Some(refusal_words(&reason)),
        _ if show_problems.get() => entry.problem().map(|it| problem_text(&it)),
        _ => None,
    });
    view! {
        <li
            class="question"
            class:question--invalid=move || error.read().is_some()
            id=format!("{}-item", question_dom_id(entry.id()))
            hidden=move || !asked.is_shown()
            data-standing=move || entry.standing().name()
        >
            {live(move || view! { <Content question=entry.question() entry draft error/> })}
        </li>
    }
}

#[component]
fn Content(
    question: Arc<FormQuestion>,
    entry: Entry,
    draft: Draft,
    error: Memo<Option<String>>,
) -> impl IntoView {
    let dom_id = question_dom_id(entry.id());
    let hint_id = format!("{dom_id}-hint");
    let error_id = StoredValue::new(format!("{dom_id}-error"));
    let kind = question.question.kind.clone();
    let required = question.question.required;
    let described_by = {
        let hint = question.guidance.is_some().then(|| hint_id.clone());
        Signal::derive(move || {
            let error = error.read().is_some().then(|| error_id.get_value());
            let ids: Vec<String> = hint.clone().into_iter().chain(error).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        })
    };
    let label_id = format!("{dom_id}-label");
    let lock = Memo::new(move |_| entry.other_author());
    let guidance = question.guidance.clone();
    view! {
        <div class="question__head">
            <p class="question__text" id=label_id>
                {question.question.text.clone()}
                {required.then(|| view! {
                    " "
                    <span class="question__required">{t!(checklist.required)}</span>
                })}
            </p>
            <StandingMark entry/>
        </div>
        {guidance.map(|text| view! { <p class="question__guidance" id=hint_id>{text}</p> })}
        <WhyShown question draft/>
        <FieldError id=error_id error=error.into()/>
        {live(move || match lock.get() {
            Some(author) => {
                let reason = say!(checklist.other_author, author = author);
                view! { <Locked kind=kind.clone() entry reason/> }.into_any()
            }
            None if matches!(kind, Kind::Unsupported(_)) => {
                view! { <Locked kind=kind.clone() entry reason=say!(checklist.unsupported)/> }.into_any()
            }
            None => view! {
                <Input
                    kind=kind.clone()
                    entry
                    dom_id=dom_id.clone()
                    described_by
                    invalid=Signal::derive(move || error.read().is_some())
                    required
                />
            }
            .into_any(),
        })}
        {live(move || (entry.standing() == Standing::Elsewhere).then(|| view! { <Elsewhere entry/> }))}
    }
}

/// An answer that cannot be changed here, and why.
#[component]
fn Locked(kind: Kind, entry: Entry, reason: String) -> impl IntoView {
    view! {
        <div class="question__locked">
            <AnswerText kind value=Signal::derive(move || entry.value())/>
            <p class="soft"><Icon glyph=Glyph::Lock/>{reason}</p>
        </div>
    }
}

/// Where the answer stands, in a word, with the way to take a change back.
#[component]
pub(super) fn StandingMark(entry: Entry) -> impl IntoView {
    live(move || match entry.standing() {
        Standing::Open => ().into_any(),
        Standing::Saved => {
            view! { <span class="standing"><Icon glyph=Glyph::Check/>{t!(checklist.saved)}</span> }
                .into_any()
        }
        Standing::Saving => {
            view! { <span class="standing standing--changed">{t!(checklist.saving)}</span> }
                .into_any()
        }
        Standing::Changed => {
            view! { <span class="standing standing--changed">{t!(checklist.on_this_device)}</span> }
                .into_any()
        }
        Standing::Elsewhere => {
            view! { <span class="standing standing--refused">{t!(checklist.elsewhere)}</span> }
                .into_any()
        }
        Standing::Refused(_) => view! {
            <span class="standing standing--refused">
                {t!(checklist.refused_mark)}
                <Button emphasis=Emphasis::Plain on_press=move |()| entry.discard()>
                    {t!(checklist.discard)}
                </Button>
            </span>
        }
        .into_any(),
    })
}
