//! The answers in reading form, before they are saved. It is also what one prints.

use api::FormQuestion;
use leptos::{prelude::*, task::spawn_local};

use super::{
    AnswerText, frame,
    question::question_dom_id,
    submit::{Saved, Saving, Submitter},
    summary::problem_text,
    uploading::Uploading,
};
use crate::{
    draft::{Draft, Entry, Standing},
    explain::explain,
    format,
    i18n::{count, say, t},
    pages::Heading,
    path::Path,
    ui::{Button, Emphasis, Problem, Tag, TagTone, Tone, live},
};

#[component]
pub(crate) fn CheckPage() -> impl IntoView {
    let frame = frame();
    let draft = frame.draft;
    let submitter = Submitter::new(frame);
    let sending = Signal::derive(move || submitter.state.read() == Saving::Sending);
    let save = Callback::new(move |()| spawn_local(submitter.save()));
    let failed = Signal::derive(move || {
        matches!(
            &*submitter.state.read(),
            Saving::Refused
                | Saving::Conflict(_)
                | Saving::Stopped
                | Saving::Unreadable(_)
                | Saving::Failed(_)
        )
    });
    let form_path = Path::Checklist(frame.account).to_string();
    let edit_path = form_path.clone();
    view! {
        <div class="sheet">
            <header class="sheet__head">
                <Heading text=Signal::derive(|| say!(check.title)) failed/>
                <p class="soft">{live(move || draft.form().checklist.name.clone())}</p>
            </header>
            {live(move || outcome(submitter.state.get(), frame.account))}
            <Missing draft form_path=form_path.clone()/>
            <Hidden draft/>
            <ol class="questions questions--reading">
                {live(move || {
                    let form = draft.form();
                    let shown = form.questions.iter().filter(|it| draft.is_visible(it)).cloned();
                    shown.map(|question| view! { <Line question draft/> }).collect_view()
                })}
            </ol>
            <Uploading progress=submitter.progress.into() cancel=move |()| submitter.stop()/>
            <div class="sheet__foot no-print">
                <Button emphasis=Emphasis::Primary busy=sending on_press=save>
                    {live(move || match (sending.get(), draft.changed()) {
                        (true, _) => say!(check.saving),
                        (false, 0) => say!(check.save_nothing),
                        (false, changed) => count!(changed as u64, save_single, save_several in check),
                    })}
                </Button>
                <a href=edit_path class="button">{t!(check.back)}</a>
                <Button emphasis=Emphasis::Plain on_press=|()| { let _ = window().print(); }>
                    {t!(check.print)}
                </Button>
            </div>
        </div>
    }
}

/// What came of saving.
fn outcome(saving: Saving, account: api::OfferingUserId) -> Option<AnyView> {
    let view = match saving {
        Saving::Idle | Saving::Sending => return None,
        Saving::Done(saved) => view! { <Done saved account/> }.into_any(),
        Saving::Refused => {
            view! { <Problem title=Signal::derive(|| say!(check.refused))/> }.into_any()
        }
        Saving::Conflict(ids) => view! {
            <Problem tone=Tone::Warning title=Signal::derive(|| say!(check.conflict))>
                <p>{live(move || count!(ids.len() as u64, conflict_single, conflict_several in check))}</p>
            </Problem>
        }
        .into_any(),
        Saving::Stopped => view! {
            <Problem tone=Tone::Warning title=Signal::derive(|| say!(upload.cancelled))/>
        }
        .into_any(),
        Saving::Unreadable(name) => view! {
            <Problem title=Signal::derive(move || say!(upload.unreadable, name = name.clone()))/>
        }
        .into_any(),
        Saving::Failed(error) => view! {
            <Problem title=Signal::derive(move || explain(&error))>
                <p>{t!(check.kept)}</p>
            </Problem>
        }
        .into_any(),
    };
    Some(view)
}

/// The server has the answers: how many, and what remains.
#[component]
fn Done(saved: Saved, account: api::OfferingUserId) -> impl IntoView {
    let Saved { answers, completion } = saved;
    let percent = completion.percentage.shown();
    let open = completion.unanswered_required_questions.len() as u64;
    let tone = if completion.is_completed { Tone::Success } else { Tone::Info };
    view! {
        <div role="status">
            <Problem tone title=Signal::derive(move || count!(answers as u64, saved_single, saved_several in check))>
                <p>
                    {live(move || say!(check.completion, percent = format::percent(percent)))}
                    " "
                    {live(move || match open {
                        0 => say!(check.complete),
                        open => count!(open, open_single, open_several in check),
                    })}
                </p>
                <a href=Path::Account(account).to_string() class="button">
                    {t!(check.to_account)}
                </a>
            </Problem>
        </div>
    }
}

/// What still blocks completion, by the server's rule: required questions without an answer, shown
/// or not (`contract.md` 6.5).
#[component]
fn Missing(draft: Draft, form_path: String) -> impl IntoView {
    let missing = Memo::new(move |_| {
        let form = draft.form();
        let open =
            |it: &&FormQuestion| it.question.required && draft.value(it.question.id).is_none();
        let (shown, hidden): (Vec<_>, Vec<_>) =
            form.questions.iter().filter(open).partition(|it| draft.is_visible(it));
        let name = |it: &FormQuestion| (it.question.id, it.question.text.clone());
        (
            shown.into_iter().map(name).collect::<Vec<_>>(),
            hidden.into_iter().map(name).collect::<Vec<_>>(),
        )
    });
    let shown = move || {
        let missing = missing.get().0;
        let form_path = form_path.clone();
        (!missing.is_empty()).then(|| {
            let title = count!(missing.len() as u64, missing_single, missing_several in check);
            let link = move |(id, text): (checklist::QuestionId, String)| {
                let href = format!("{form_path}#{}-0", question_dom_id(id));
                view! { <li><a href=href>{text}</a></li> }
            };
            view! {
                <Problem tone=Tone::Warning title=Signal::stored(title)>
                    <ul>{missing.into_iter().map(link).collect_view()}</ul>
                </Problem>
            }
        })
    };
    let hidden = move || {
        let missing = missing.get().1;
        (!missing.is_empty()).then(|| {
            view! {
                <Problem tone=Tone::Info title=Signal::derive(|| say!(check.hidden_blockers))>
                    <p>{t!(check.hidden_blockers_text)}</p>
                    <ul>{missing.into_iter().map(|(_, text)| view! { <li>{text}</li> }).collect_view()}</ul>
                </Problem>
            }
        })
    };
    view! { {shown} {hidden} }
}

/// Answers to questions that are no longer shown: they stay with the server unless the person
/// removes them.
#[component]
fn Hidden(draft: Draft) -> impl IntoView {
    let hidden = Memo::new(move |_| {
        let form = draft.form();
        form.questions
            .iter()
            .filter(|it| !draft.is_visible(it) && draft.value(it.question.id).is_some())
            .filter(|it| draft.entry(it.question.id).is_some_and(|it| it.other_author().is_none()))
            .cloned()
            .collect::<Vec<_>>()
    });
    let line = move |question: FormQuestion| {
        let entry = draft.entry(question.question.id)?;
        Some(view! {
            <li class="hidden-answer">
                <p class="question__text">{question.question.text}</p>
                <AnswerText kind=question.question.kind value=Signal::derive(move || entry.value())/>
                <Button on_press=move |()| entry.clear()>{t!(check.remove_hidden)}</Button>
            </li>
        })
    };
    live(move || {
        let hidden = hidden.get();
        (!hidden.is_empty()).then(|| {
            view! {
                <section class="card" aria-label=t!(check.hidden)>
                    <h2>{t!(check.hidden)}</h2>
                    <p class="soft">{t!(check.hidden_text)}</p>
                    <ul class="hidden-answers">{hidden.into_iter().map(line).collect_view()}</ul>
                </section>
            }
        })
    })
}

/// One question and its answer, for reading.
#[component]
fn Line(question: FormQuestion, draft: Draft) -> impl IntoView {
    let entry = draft.entry(question.question.id)?;
    let judged = question.clone();
    let required = question.question.required;
    let value = Signal::derive(move || entry.value());
    Some(view! {
        <li class="reading">
            <p class="question__text">
                {question.question.text.clone()}
                {required.then(|| view! { " " <span class="question__required">{t!(checklist.required)}</span> })}
            </p>
            <AnswerText kind=question.question.kind.clone() value/>
            {live(move || draft.problem(&judged).map(|problem| view! {
                <p class="field__error">{problem_text(&problem)}</p>
            }))}
            <Mark entry/>
        </li>
    })
}

/// Where an answer stands, when that needs a word.
#[component]
fn Mark(entry: Entry) -> impl IntoView {
    let standing = Memo::new(move |_| entry.standing());
    live(move || match standing.get() {
        Standing::Open | Standing::Saved => ().into_any(),
        Standing::Changed => {
            view! { <Tag tone=TagTone::Progress label=Signal::derive(|| say!(check.changed))/> }
                .into_any()
        }
        Standing::Refused(reason) => view! {
            <p class="field__error">{say!(checklist.refused, reason = reason)}</p>
        }
        .into_any(),
    })
}
