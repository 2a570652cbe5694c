//! What is wrong with the answers, and how far they have come.

use checklist::{FileProblem, Problem, QuestionId};
use leptos::{prelude::*, wasm_bindgen::JsCast};

use super::{input::trim_bound, question::question_dom_id};
use crate::{
    draft::Draft,
    format,
    i18n::{say, t},
    ui::{self, live},
};

/// A question whose answer cannot be sent, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wrong {
    pub(super) id: QuestionId,
    pub(super) question: String,
    pub(super) reason: String,
}

/// Everything shown that cannot be sent, in the order of the checklist. A missing answer is none:
/// one may save and go on later.
pub(super) fn problems(draft: Draft) -> Vec<Wrong> {
    let form = draft.form();
    let shown = form.questions.iter().filter(|it| draft.is_visible(it));
    shown
        .filter_map(|it| {
            let problem = draft.problem(it)?;
            Some(Wrong {
                id: it.question.id,
                question: it.question.text.clone(),
                reason: problem_text(&problem),
            })
        })
        .collect()
}

/// Why an answer is not accepted, in words.
pub(super) fn problem_text(problem: &Problem) -> String {
    match problem {
        Problem::WrongType | Problem::NotAnOptionId => say!(problem.wrong_type),
        Problem::NotOneChoice => say!(problem.one_choice),
        Problem::NotANumber => say!(problem.not_a_number),
        Problem::NotWhole => say!(problem.not_whole),
        Problem::TooSmall(min) => say!(problem.too_small, min = trim_bound(min)),
        Problem::TooLarge(max) => say!(problem.too_large, max = trim_bound(max)),
        Problem::NotADate => say!(problem.not_a_date),
        Problem::NotADateTime => say!(problem.not_a_date_time),
        Problem::NotACountry => say!(problem.not_a_country),
        Problem::OffScale => say!(problem.off_scale),
        Problem::TooLong { at_most, actual } => say!(
            problem.too_long,
            at_most = format::whole((*at_most).into()),
            actual = format::whole(*actual as u64)
        ),
        Problem::File { problem, .. } => file_problem_text(problem),
        Problem::TooManyFiles { at_most } => {
            say!(problem.too_many_files, at_most = format::whole((*at_most).into()))
        }
    }
}

/// The summary on top of the form: each problem is a link to its question.
#[component]
pub(super) fn ErrorSummary(problems: Memo<Vec<Wrong>>) -> impl IntoView {
    let link = |wrong: Wrong| {
        let dom_id = question_dom_id(wrong.id);
        let target = format!("{dom_id}-0");
        let go = target.clone();
        view! {
            <li>
                <a
                    href=format!("#{target}")
                    on:click=move |event| {
                        event.prevent_default();
                        go_to(&dom_id, &go);
                    }
                >
                    {wrong.question}
                </a>
                ": "
                {wrong.reason}
            </li>
        }
    };
    live(move || {
        let problems = problems.get();
        (!problems.is_empty()).then(|| {
            view! {
                <ui::Problem title=Signal::derive(|| say!(checklist.problems))>
                    <ul>{problems.into_iter().map(link).collect_view()}</ul>
                </ui::Problem>
            }
        })
    })
}

/// Brings a question into view and puts focus into its input.
pub(super) fn go_to(item: &str, input: &str) {
    if let Some(item) = document().get_element_by_id(&format!("{item}-item")) {
        item.scroll_into_view();
    }
    if let Some(input) = document().get_element_by_id(input) {
        let _ = input.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// How far the shown questions are answered on screen, and what the server counts.
#[component]
pub(super) fn Progress(draft: Draft) -> impl IntoView {
    let counted = Memo::new(move |_| {
        let form = draft.form();
        let shown: Vec<_> = form.questions.iter().filter(|it| draft.is_visible(it)).collect();
        let answered =
            shown.iter().filter(|it| draft.value(it.question.id).is_some()).count() as u64;
        let open = shown
            .iter()
            .find(|it| it.question.required && draft.value(it.question.id).is_none())
            .or_else(|| shown.iter().find(|it| draft.value(it.question.id).is_none()))
            .map(|it| it.question.id);
        (answered, shown.len() as u64, open)
    });
    view! {
        <div class="progress">
            <div class="bar" aria-hidden="true">
                <span
                    class="bar__fill"
                    style:width=move || {
                        let (answered, shown, _) = counted.get();
                        format!("{}%", (answered * 100).checked_div(shown).unwrap_or(100))
                    }
                ></span>
            </div>
            <p class="soft">
                {live(move || {
                    let (answered, shown, _) = counted.get();
                    say!(checklist.answered, answered = format::whole(answered), shown = format::whole(shown))
                })}
            </p>
            {live(move || counted.get().2.map(|id| {
                let dom_id = question_dom_id(id);
                let target = format!("{dom_id}-0");
                view! {
                    <ui::Button
                        emphasis=ui::Emphasis::Plain
                        on_press=move |()| go_to(&dom_id, &target)
                    >
                        {t!(checklist.next_open)}
                    </ui::Button>
                }
            }))}
        </div>
    }
}

/// Why a file is not accepted; continues a sentence that names the file.
pub(super) fn file_problem_text(problem: &FileProblem) -> String {
    match problem {
        FileProblem::NoName => say!(problem.file_unnamed),
        FileProblem::Empty => say!(problem.file_empty),
        FileProblem::NotAFile | FileProblem::NotBase64 => say!(problem.file_broken),
        FileProblem::ExtensionNotAllowed { allowed, .. } => {
            say!(problem.file_extension, allowed = allowed.join(", "))
        }
        FileProblem::TypeNotAllowed { mime_type, .. } => {
            say!(problem.file_type, found = *mime_type)
        }
        FileProblem::TooLarge { max_megabytes, .. } => {
            say!(problem.file_size, size = format::size(f64::from(*max_megabytes) * 1_048_576.0))
        }
    }
}
