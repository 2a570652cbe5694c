//! What is wrong with the answers, and the ways to them.

use checklist::{FileProblem, Problem, QuestionId};
use leptos::{prelude::*, wasm_bindgen::JsCast};

use super::{input::trim_bound, question::question_dom_id};
use crate::{
    draft::{Draft, Entry},
    format,
    i18n::say,
    ui::{self, live},
};

/// A question whose answer cannot be sent, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wrong {
    pub(super) id: QuestionId,
    pub(super) question: String,
    pub(super) reason: String,
}

/// Everything that cannot be sent, in the order of the checklist. A missing answer is none: one may
/// save and go on later. What is not shown cannot be wrong on screen, but it would be sent.
pub(super) fn problems(draft: Draft) -> Vec<Wrong> {
    let questions = draft.questions();
    let wrong = |entry: Entry| {
        let problem = entry.problem()?;
        let question = entry.question().question.text.clone();
        Some(Wrong { id: entry.id(), question, reason: problem_text(&problem) })
    };
    questions.iter().filter(|it| it.is_shown()).filter_map(|it| wrong(it.entry)).collect()
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

/// The summary on top: each problem is a link to its question.
#[component]
pub(super) fn ErrorSummary(
    problems: Memo<Vec<Wrong>>,
    /// Goes to a question; on a page without inputs the link is followed instead.
    #[prop(optional)]
    go: Option<Callback<QuestionId>>,
    /// The address of the form.
    form_path: String,
) -> impl IntoView {
    let link = move |wrong: Wrong| {
        view! {
            <li>
                <a
                    href=question_href(&form_path, wrong.id)
                    on:click=move |event| {
                        if let Some(go) = go {
                            event.prevent_default();
                            go.run(wrong.id);
                        }
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
        let links: Vec<_> = problems.get().into_iter().map(link.clone()).collect();
        (!links.is_empty()).then(|| {
            view! {
                <ui::Problem title=Signal::derive(|| say!(checklist.problems))>
                    <ul>{links}</ul>
                </ui::Problem>
            }
        })
    })
}

/// The address of a question's input in the form.
pub(super) fn question_href(form_path: &str, id: QuestionId) -> String {
    format!("{form_path}#{}-0", question_dom_id(id))
}

/// Brings a question into view and puts focus into its input.
pub(super) fn go_to(id: QuestionId) {
    let dom_id = question_dom_id(id);
    let find = |part: &str| document().get_element_by_id(&format!("{dom_id}-{part}"));
    if let Some(item) = find("item") {
        item.scroll_into_view();
    }
    if let Some(input) = find("0") {
        let _ = input.unchecked_into::<web_sys::HtmlElement>().focus();
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
        FileProblem::TypeNotAllowed { mime_type, allowed } => {
            say!(problem.file_type, found = *mime_type, allowed = allowed.join(", "))
        }
        FileProblem::TooLarge { max_megabytes, .. } => {
            say!(problem.file_size, size = format::size(f64::from(*max_megabytes) * 1_048_576.0))
        }
    }
}
