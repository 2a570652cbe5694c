//! How far the form has come, always in sight, and the ways through it.

use checklist::QuestionId;
use leptos::{prelude::*, wasm_bindgen::JsCast};

use super::{
    form::part_name,
    long::{Part, is_long},
    question::question_of_dom_id,
};
use crate::{
    draft::{Asked, Draft},
    format,
    i18n::{say, t},
    ui::{Button, Emphasis, Fold, live},
};

/// How far the shown questions are answered on screen.
#[component]
pub(super) fn Progress(
    draft: Draft,
    /// Goes to a question.
    go: Callback<QuestionId>,
) -> impl IntoView {
    let counted = Memo::new(move |_| {
        let shown = draft.shown();
        let answered = shown.iter().filter(|it| it.is_answered()).count() as u64;
        (answered, shown.len() as u64)
    });
    let is_done = Memo::new(move |_| counted.with(|(answered, shown)| answered == shown));
    let next = move |()| {
        if let Some(id) = untrack(|| next_open(draft)) {
            go.run(id);
        }
    };
    view! {
        <div class="progress">
            <div class="bar" aria-hidden="true">
                <span
                    class="bar__fill"
                    style:width=move || {
                        let (answered, shown) = counted.get();
                        format!("{}%", (answered * 100).checked_div(shown).unwrap_or(100))
                    }
                ></span>
            </div>
            <p class="soft">
                {live(move || {
                    let (answered, shown) = counted.get();
                    say!(checklist.answered, answered = format::whole(answered), shown = format::whole(shown))
                })}
            </p>
            {live(move || (!is_done.get()).then(|| view! {
                <Button emphasis=Emphasis::Plain on_press=next>{t!(checklist.next_open)}</Button>
            }))}
            {live(move || is_long(draft).then(|| view! { <Parts draft go/> }))}
        </div>
    }
}

/// The next question without an answer, after the one with focus, and then from the top.
fn next_open(draft: Draft) -> Option<QuestionId> {
    let questions = draft.questions();
    let focused = document().active_element().and_then(|it| it.closest(".question").ok().flatten());
    let here = focused.and_then(|it| question_of_dom_id(&it.id()));
    let after = questions.iter().position(|it| Some(it.entry.id()) == here).map_or(0, |at| at + 1);
    let (before, behind) = questions.split_at(after);
    let is_open = |it: &&Asked| it.is_shown() && !it.entry.is_answered();
    behind.iter().chain(before).find(is_open).map(|it| it.entry.id())
}

/// The parts of a long checklist, with how many questions are open in each.
#[component]
fn Parts(draft: Draft, go: Callback<QuestionId>) -> impl IntoView {
    let line = move |part: Part| {
        let questions = draft.questions();
        let of = &questions[part.range(questions.len())];
        let shown: Vec<_> = of.iter().filter(|it| it.is_shown()).collect();
        let first = shown.first()?.entry.id();
        let open = shown.iter().filter(|it| !it.entry.is_answered()).count() as u64;
        let name = part_name(part, questions.len());
        let go = move |event: web_sys::MouseEvent| {
            event.prevent_default();
            close(&event);
            go.run(first);
        };
        Some(view! {
            <li>
                <a href=format!("#{}", part.dom_id()) on:click=go>
                    {name}
                    " "
                    <span class="soft">
                        {say!(checklist.part_open, open = format::whole(open))}
                    </span>
                </a>
            </li>
        })
    };
    let lines = move || Part::all(draft.questions().len()).filter_map(line).collect_view();
    view! {
        <Fold class="parts" line_class="button button--plain" label=t!(checklist.parts)>
            <ul class="parts__list">{live(lines)}</ul>
        </Fold>
    }
}

/// Closes the list that a link stands in.
fn close(event: &web_sys::MouseEvent) {
    let link = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    if let Some(details) = link.and_then(|it| it.closest("details").ok().flatten()) {
        let _ = details.remove_attribute("open");
    }
}
