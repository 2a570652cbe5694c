//! What came of saving, on top of the check page.

use api::OpenQuestion;
use checklist::QuestionId;
use leptos::prelude::*;

use super::{
    Frame,
    elsewhere::Elsewhere,
    frame,
    submit::{Saving, Stored},
    summary::{ErrorSummary, problems, question_href},
};
use crate::{
    draft::Entry,
    explain::explain,
    format,
    i18n::{count, say, t},
    path::Path,
    ui::{Problem, Tone, live},
};

/// What came of saving, if anything yet.
#[component]
pub(super) fn Outcome() -> impl IntoView {
    let Frame { account, draft, submitter } = frame();
    let form_path = Path::Checklist(account).to_string();
    live(move || match submitter.state.get() {
        Saving::Idle | Saving::Sending => ().into_any(),
        Saving::Done(stored) => view! { <Done stored/> }.into_any(),
        Saving::Invalid => {
            let problems = Memo::new(move |_| problems(draft));
            view! { <ErrorSummary problems form_path=form_path.clone()/> }.into_any()
        }
        Saving::Refused => {
            view! { <Problem title=Signal::derive(|| say!(check.refused))/> }.into_any()
        }
        Saving::Elsewhere => view! {
            <Problem tone=Tone::Warning title=Signal::derive(|| say!(check.elsewhere))>
                <p>{t!(check.elsewhere_text)}</p>
            </Problem>
        }
        .into_any(),
        Saving::Stopped => {
            view! { <Problem tone=Tone::Warning title=Signal::derive(|| say!(upload.cancelled))/> }
                .into_any()
        }
        Saving::Unreadable(name) => view! {
            <Problem title=Signal::derive(move || say!(upload.unreadable, name = name.clone()))/>
        }
        .into_any(),
        Saving::Unknown(_) => view! {
            <Problem title=Signal::derive(|| say!(check.unknown))>
                <p>{t!(check.unknown_text)}</p>
            </Problem>
        }
        .into_any(),
        Saving::Failed(error) => view! {
            <Problem title=Signal::derive(move || explain(&error))>
                <p>{t!(check.kept)}</p>
            </Problem>
        }
        .into_any(),
    })
}

/// The server has the answers: how many, when, and what remains.
#[component]
fn Done(stored: Stored) -> impl IntoView {
    let Frame { account, draft, .. } = frame();
    let Stored { answers, at, completion, new_questions } = stored;
    let percent = completion.percentage.shown();
    let form_path = StoredValue::new(Path::Checklist(account).to_string());
    let open = completion.unanswered_required_questions;
    let open_count = open.len() as u64;
    let tone = if completion.is_completed { Tone::Success } else { Tone::Info };
    let line = move |it: OpenQuestion| {
        let id = QuestionId(it.uuid);
        let is_shown = untrack(|| draft.shown()).iter().any(|entry| entry.id() == id);
        if is_shown {
            let href = form_path.with_value(|path| question_href(path, id));
            view! { <li><a href=href>{it.description}</a></li> }.into_any()
        } else {
            view! { <li>{it.description} " " <span class="soft">{t!(check.not_shown)}</span></li> }
                .into_any()
        }
    };
    view! {
        <div role="status">
            <Problem tone title=Signal::derive(move || {
                let what = match answers {
                    0 => say!(check.saved_all),
                    answers => count!(answers as u64, saved_single, saved_several in check),
                };
                say!(check.saved_at, what = what, at = format::time(at))
            })>
                <p>
                    {live(move || say!(check.completion, percent = format::percent(percent)))}
                    " "
                    {live(move || match open_count {
                        0 => say!(check.complete),
                        open => count!(open, open_single, open_several in check),
                    })}
                </p>
                {(!open.is_empty()).then(|| view! {
                    <ul>{open.into_iter().map(line).collect_view()}</ul>
                })}
                {(new_questions > 0).then(|| view! {
                    <p>
                        <a href=form_path.get_value()>
                            {live(move || count!(new_questions as u64, new_single, new_several in check))}
                        </a>
                    </p>
                })}
                <a href=Path::Account(account).to_string() class="button">
                    {t!(check.to_account)}
                </a>
            </Problem>
        </div>
    }
}

/// The answers that were changed here and elsewhere, each with both versions.
#[component]
pub(super) fn Conflicts() -> impl IntoView {
    let draft = frame().draft;
    let ids = Memo::new(move |_| draft.elsewhere().iter().map(|it| it.id()).collect::<Vec<_>>());
    let line = move |entry: Entry| {
        let question = untrack(|| entry.question());
        view! {
            <li class="conflict">
                <p class="question__text">{question.question.text.clone()}</p>
                <Elsewhere entry/>
            </li>
        }
    };
    live(move || {
        let entries: Vec<_> = ids.get().into_iter().filter_map(|id| draft.entry(id)).collect();
        (!entries.is_empty()).then(|| {
            view! {
                <section class="card" aria-label=t!(checklist.elsewhere)>
                    <h2>{t!(check.conflicts)}</h2>
                    <ul class="conflicts">{entries.into_iter().map(line).collect_view()}</ul>
                </section>
            }
        })
    })
}
