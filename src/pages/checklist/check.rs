//! The answers in reading form, before they are saved. It is also what one prints.

use leptos::{html, prelude::*, task::spawn_local};

use super::{
    AnswerText, Frame, frame,
    long::{Drawn, is_long},
    outcome::{Conflicts, Outcome},
    refusal::refusal_words,
    submit::Saving,
    summary::{problem_text, question_href},
    uploading::Uploading,
    why::shown_if,
};
use crate::{
    draft::{Asked, Draft, Entry, Standing},
    i18n::{count, say, t},
    pages::Heading,
    path::Path,
    ui::{Button, Emphasis, Problem, Tag, TagTone, Tone, live},
};

#[component]
pub(crate) fn CheckPage() -> impl IntoView {
    let Frame { account, draft, submitter } = frame();
    submitter.settle();
    let sending = Signal::derive(move || *submitter.state.read() == Saving::Sending);
    let save = Callback::new(move |()| spawn_local(submitter.save()));
    let failed = Signal::derive(move || {
        !matches!(&*submitter.state.read(), Saving::Idle | Saving::Sending | Saving::Done(_))
    });
    let outcome = NodeRef::<html::Div>::new();
    // What came of saving stands on top, and the button at the bottom.
    crate::ui::effect(move || {
        let is_over = !matches!(&*submitter.state.read(), Saving::Idle | Saving::Sending);
        if is_over && let Some(outcome) = outcome.get_untracked() {
            request_animation_frame(move || {
                let _ = outcome.focus();
                outcome.scroll_into_view();
            });
        }
    });
    let form_path = Path::Checklist(account).to_string();
    let edit_path = form_path.clone();
    let drawn = Drawn::begin(move || draft.questions().len());
    let shown = move || {
        let questions = draft.questions();
        let drawn = &questions[..drawn.of(questions.len())];
        drawn.iter().copied().filter(|it| it.is_shown()).collect::<Vec<_>>()
    };
    view! {
        <div class="sheet">
            <header class="sheet__head">
                <Heading text=Signal::derive(|| say!(check.title)) failed/>
                <p class="soft">{live(move || draft.checklist().name)}</p>
            </header>
            <div class="sheet__summary" tabindex="-1" node_ref=outcome><Outcome/></div>
            <Conflicts/>
            <Missing draft form_path=form_path.clone()/>
            <Hidden draft/>
            <ol
                class="questions questions--reading"
                class:questions--long=move || is_long(draft)
            >
                <For each=shown key=|asked| asked.entry.id() let:asked>
                    <Line entry=asked.entry form_path=form_path.clone()/>
                </For>
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
                <Button emphasis=Emphasis::Plain on_press=move |()| print(drawn)>
                    {t!(check.print)}
                </Button>
            </div>
        </div>
    }
}

/// Prints everything, also what is not drawn yet.
fn print(drawn: Drawn) {
    drawn.all();
    request_animation_frame(|| {
        let _ = window().print();
    });
}

/// What still blocks completion, by the server's rule: required questions without an answer, shown
/// or not (`contract.md` 6.5).
#[component]
fn Missing(draft: Draft, form_path: String) -> impl IntoView {
    let missing = Memo::new(move |_| {
        let questions = draft.questions();
        let is_open =
            |it: &&Asked| it.entry.question().question.required && !it.entry.is_answered();
        let (shown, hidden): (Vec<_>, Vec<_>) =
            questions.iter().filter(is_open).partition(|it| it.is_shown());
        let ids = |them: Vec<&Asked>| them.into_iter().map(|it| it.entry.id()).collect::<Vec<_>>();
        (ids(shown), ids(hidden))
    });
    let entries = move |ids: Vec<_>| -> Vec<Entry> {
        ids.into_iter().filter_map(|id| draft.entry(id)).collect()
    };
    let shown = move || {
        let missing = entries(missing.get().0);
        let form_path = form_path.clone();
        let link = move |entry: Entry| {
            let href = question_href(&form_path, entry.id());
            view! { <li><a href=href>{entry.question().question.text.clone()}</a></li> }.into_any()
        };
        (!missing.is_empty()).then(|| {
            let title = count!(missing.len() as u64, missing_single, missing_several in check);
            view! {
                <Problem tone=Tone::Warning title=Signal::stored(title)>
                    <ul>{missing.into_iter().map(link).collect_view()}</ul>
                </Problem>
            }
        })
    };
    let hidden = move || {
        let missing = entries(missing.get().1);
        let line = move |entry: Entry| {
            let question = entry.question();
            let when = shown_if(draft, &question).join(" ");
            view! { <li>{question.question.text.clone()} " " <span class="soft">{when}</span></li> }
        };
        (!missing.is_empty()).then(|| {
            view! {
                <Problem tone=Tone::Info title=Signal::derive(|| say!(check.hidden_blockers))>
                    <p>{t!(check.hidden_blockers_text)}</p>
                    <ul>{missing.into_iter().map(line).collect_view()}</ul>
                </Problem>
            }
        })
    };
    view! { {live(shown)} {live(hidden)} }
}

/// Answers to questions that are no longer shown. Each stays as it is unless the person says
/// otherwise.
#[component]
fn Hidden(draft: Draft) -> impl IntoView {
    let hidden = Memo::new(move |_| {
        let questions = draft.questions();
        let has_answer = |it: &&Asked| {
            !it.is_shown()
                && it.entry.other_author().is_none()
                && (it.entry.is_answered() || it.entry.saved().is_some())
        };
        questions.iter().filter(has_answer).map(|it| it.entry.id()).collect::<Vec<_>>()
    });
    live(move || {
        let entries: Vec<_> = hidden.get().into_iter().filter_map(|id| draft.entry(id)).collect();
        (!entries.is_empty()).then(|| {
            let line = |entry| view! { <HiddenAnswer entry/> };
            view! {
                <section class="card no-print" aria-label=t!(check.hidden)>
                    <h2>{t!(check.hidden)}</h2>
                    <p class="soft">{t!(check.hidden_text)}</p>
                    <ul class="hidden-answers">{entries.into_iter().map(line).collect_view()}</ul>
                </section>
            }
        })
    })
}

/// One such answer, with *keep* or *remove*.
#[component]
fn HiddenAnswer(entry: Entry) -> impl IntoView {
    let question = untrack(|| entry.question());
    let name = format!("hidden-{}", entry.id().0.simple());
    let label_id = format!("{name}-label");
    // What is removed is still shown, so that one knows what goes.
    let value = Signal::derive(move || entry.value().or_else(|| entry.saved().map(|it| it.value)));
    let is_kept = move || entry.is_answered();
    // An answer that the server never had goes at once.
    let remove = move |_| {
        if untrack(|| entry.saved()).is_some() { entry.clear() } else { entry.discard() }
    };
    view! {
        <li class="hidden-answer">
            <p class="question__text" id=label_id.clone()>{question.question.text.clone()}</p>
            <AnswerText kind=question.question.kind.clone() value/>
            <div class="options options--row" role="radiogroup" aria-labelledby=label_id>
                <label class="option">
                    <input
                        type="radio"
                        name=name.clone()
                        prop:checked=is_kept
                        on:change=move |_| if !untrack(is_kept) { entry.discard() }
                    />
                    <span>{t!(check.keep_hidden)}</span>
                </label>
                <label class="option">
                    <input type="radio" name=name prop:checked=move || !is_kept() on:change=remove/>
                    <span>{t!(check.remove_hidden)}</span>
                </label>
            </div>
        </li>
    }
}

/// One question and its answer, for reading.
#[component]
fn Line(entry: Entry, form_path: String) -> impl IntoView {
    let question = untrack(|| entry.question());
    let required = question.question.required;
    let href = question_href(&form_path, entry.id());
    let problem = Memo::new(move |_| entry.problem());
    view! {
        <li class="reading" data-standing=move || entry.standing().name()>
            <p class="question__text">
                {question.question.text.clone()}
                {required.then(|| view! { " " <span class="question__required">{t!(checklist.required)}</span> })}
            </p>
            <AnswerText kind=question.question.kind.clone() value=Signal::derive(move || entry.value())/>
            {live(move || problem.get().map(|problem| view! {
                <p class="field__error">{problem_text(&problem)}</p>
            }))}
            <div class="reading__foot">
                <Mark entry/>
                <a href=href class="no-print">
                    {t!(check.change)}
                    <span class="visually-hidden">{question.question.text.clone()}</span>
                </a>
            </div>
        </li>
    }
}

/// Where an answer stands, when that needs a word.
#[component]
fn Mark(entry: Entry) -> impl IntoView {
    let tag = |label: fn() -> String| {
        view! { <Tag tone=TagTone::Progress label=Signal::derive(label)/> }.into_any()
    };
    live(move || match entry.standing() {
        Standing::Open | Standing::Saved => ().into_any(),
        Standing::Changed => tag(|| say!(check.changed)),
        Standing::Saving => tag(|| say!(checklist.saving)),
        Standing::Elsewhere => {
            view! { <p class="field__error">{t!(checklist.elsewhere)}</p> }.into_any()
        }
        Standing::Refused(reason) => {
            view! { <p class="field__error">{refusal_words(&reason)}</p> }.into_any()
        }
    })
}
