use api::FormQuestion;
use checklist::{Kind, QuestionId};
use leptos::prelude::*;

use super::{AnswerText, input::Input, summary::problem_text, why::WhyShown};
use crate::{
    draft::{Draft, Entry, Standing},
    i18n::{say, t},
    ui::{Button, Emphasis, FieldError, Glyph, Icon, live},
};

/// The ids of the parts of a question on the page.
pub(super) fn question_dom_id(id: QuestionId) -> String {
    format!("q-{}", id.0.simple())
}

/// One question while it is shown: its words, its help, its input, and where its answer stands.
#[component]
pub(super) fn QuestionItem(
    id: QuestionId,
    draft: Draft,
    /// Whether to say what is wrong with the answer.
    show_problems: RwSignal<bool>,
) -> impl IntoView {
    let question =
        Memo::new(move |_| draft.form().questions.iter().find(|it| it.question.id == id).cloned());
    let visible =
        Memo::new(move |_| question.read().as_ref().is_some_and(|it| draft.is_visible(it)));
    live(move || {
        let entry = draft.entry(id)?;
        let question = question.get()?;
        visible.get().then(|| view! { <Shown question entry draft show_problems/> })
    })
}

#[component]
fn Shown(
    question: FormQuestion,
    entry: Entry,
    draft: Draft,
    show_problems: RwSignal<bool>,
) -> impl IntoView {
    let dom_id = question_dom_id(question.question.id);
    let hint_id = format!("{dom_id}-hint");
    let error_id = StoredValue::new(format!("{dom_id}-error"));
    let kind = question.question.kind.clone();
    let required = question.question.required;
    let judged = question.clone();
    let error = Signal::derive(move || match entry.standing() {
        Standing::Refused(reason) => Some(say!(checklist.refused, reason = reason)),
        _ if show_problems.get() => draft.problem(&judged).map(|it| problem_text(&it)),
        _ => None,
    });
    let guidance = question.guidance.clone().filter(|it| !it.trim().is_empty());
    let described_by = {
        let hint = guidance.is_some().then(|| hint_id.clone());
        Signal::derive(move || {
            let error = error.read().is_some().then(|| error_id.get_value());
            let ids: Vec<String> = hint.clone().into_iter().chain(error).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        })
    };
    let locked = matches!(kind, Kind::Unsupported(_));
    let words = question.question.text.clone();
    let (item_id, label_id) = (format!("{dom_id}-item"), format!("{dom_id}-label"));
    let shown_kind = kind.clone();
    view! {
        <li class="question" class:question--invalid=move || error.read().is_some() id=item_id>
            <div class="question__head">
                <p class="question__text" id=label_id>
                    {words}
                    {required.then(|| view! {
                        " "
                        <span class="question__required">{t!(checklist.required)}</span>
                    })}
                </p>
                <StandingMark entry/>
            </div>
            {guidance.map(|text| view! { <p class="question__guidance" id=hint_id>{text}</p> })}
            <WhyShown question=question.clone() draft/>
            <FieldError id=error_id error/>
            {live(move || match entry.other_author() {
                Some(author) => view! {
                    <div class="question__locked">
                        <AnswerText kind=shown_kind.clone() value=Signal::derive(move || entry.value())/>
                        <p class="soft">
                            <Icon glyph=Glyph::Lock/>
                            {say!(checklist.other_author, author = author)}
                        </p>
                    </div>
                }
                .into_any(),
                None if locked => view! {
                    <div class="question__locked">
                        <AnswerText kind=shown_kind.clone() value=Signal::derive(move || entry.value())/>
                        <p class="soft"><Icon glyph=Glyph::Lock/>{t!(checklist.unsupported)}</p>
                    </div>
                }
                .into_any(),
                None => view! {
                    <Input kind=shown_kind.clone() entry dom_id=dom_id.clone() described_by required/>
                }
                .into_any(),
            })}
        </li>
    }
}

/// Where the answer stands, in a word, with the way to take a change back.
#[component]
fn StandingMark(entry: Entry) -> impl IntoView {
    let standing = Memo::new(move |_| entry.standing());
    live(move || match standing.get() {
        Standing::Open => ().into_any(),
        Standing::Saved => {
            view! { <span class="standing"><Icon glyph=Glyph::Check/>{t!(checklist.saved)}</span> }
                .into_any()
        }
        Standing::Changed => {
            view! { <span class="standing standing--changed">{t!(checklist.on_this_device)}</span> }
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
