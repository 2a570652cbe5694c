use checklist::QuestionId;
use leptos::{html, prelude::*};
use leptos_router::hooks::use_navigate;

use super::{
    frame,
    long::{Drawn, Part, drawn_of, is_long},
    progress::Progress,
    question::{QuestionItem, question_of_dom_id},
    summary::{ErrorSummary, go_to, problems},
};
use crate::{
    draft::Draft,
    i18n::{count, say, t},
    pages::Heading,
    path::Path,
    ui::{Button, Emphasis, Problem, Tone, live},
};

/// The form. Nothing is sent from here: the check page does that.
#[component]
pub(crate) fn ChecklistForm() -> impl IntoView {
    let frame = frame();
    let draft = frame.draft;
    let form_path = Path::Checklist(frame.account).to_string();
    let navigate = use_navigate();
    // Problems of an answer are shown from the first try to go on.
    let tried = RwSignal::new(false);
    let found = Memo::new(move |_| if tried.get() { problems(draft) } else { Vec::new() });
    let summary = NodeRef::<html::Div>::new();
    let drawn = Drawn::begin(move || draft.questions().len());
    let go = Callback::new(move |id: QuestionId| {
        drawn.all();
        request_animation_frame(move || go_to(id));
    });
    if let Some(id) = where_to_begin(draft) {
        go.run(id);
    }

    let check = Callback::new(move |()| {
        if untrack(|| problems(draft)).is_empty() {
            navigate(&Path::Check(frame.account).to_string(), Default::default());
            return;
        }
        tried.set(true);
        // The summary is drawn by then.
        request_animation_frame(move || {
            if let Some(summary) = summary.get_untracked() {
                let _ = summary.focus();
            }
        });
    });

    let name = Signal::derive(move || draft.checklist().name);
    view! {
        <div class="sheet">
            <header class="sheet__head">
                <Heading text=name failed=Signal::derive(move || !found.read().is_empty())/>
                {live(move || {
                    let text = draft.checklist().description;
                    (!text.is_empty()).then(|| view! { <p class="soft">{text}</p> })
                })}
            </header>
            <Progress draft go/>
            <div node_ref=summary tabindex="-1" class="sheet__summary">
                <ErrorSummary problems=found go form_path/>
            </div>
            {live(move || draft.asks_server().then(|| view! {
                <Problem tone=Tone::Info title=Signal::derive(|| say!(checklist.save_and_ask))/>
            }))}
            <form
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    check.run(());
                }
            >
                {live(move || {
                    let parts = Part::all(draft.questions().len());
                    parts.map(|part| view! { <PartOfForm part draft drawn tried/> }).collect_view()
                })}
                <Announcer draft/>
                <div class="sheet__foot">
                    <Button emphasis=Emphasis::Primary submit=true>{t!(checklist.check)}</Button>
                    <a href=Path::Account(frame.account).to_string() class="button">
                        {t!(checklist.later)}
                    </a>
                    <p class="soft" role="status">
                        {live(move || match draft.changed() {
                            0 => say!(checklist.nothing_changed),
                            changed => count!(changed as u64, changed_single, changed_several in checklist),
                        })}
                    </p>
                </div>
            </form>
        </div>
    }
}

/// The question that the address names, or the one where the person was before the page was lost.
fn where_to_begin(draft: Draft) -> Option<QuestionId> {
    let last = draft.take_last_changed();
    let hash = window().location().hash().unwrap_or_default();
    let named = hash.strip_prefix('#').and_then(question_of_dom_id);
    named.or(last)
}

/// Up to 25 questions, with a heading where there are more of them.
#[component]
fn PartOfForm(part: Part, draft: Draft, drawn: Drawn, tried: RwSignal<bool>) -> impl IntoView {
    let questions = move || drawn_of(part, &draft.questions(), drawn);
    let is_empty = Memo::new(move |_| !questions().iter().any(|it| it.is_shown()));
    view! {
        <section hidden=is_empty>
            {live(move || is_long(draft).then(|| view! {
                <h2 class="part" id=part.dom_id()>{part_name(part, draft.questions().len())}</h2>
            }))}
            <ol class="questions" class:questions--long=move || is_long(draft)>
                <For each=questions key=|asked| asked.entry.id() let:asked>
                    <QuestionItem asked draft show_problems=tried/>
                </For>
            </ol>
        </section>
    }
}

/// What a part is called.
pub(super) fn part_name(part: Part, len: usize) -> String {
    let all = Part::all(len).count();
    say!(checklist.part, number = (part.0 + 1).to_string(), of = all.to_string())
}

/// Tells a screen reader, once per change, which questions appeared or went.
#[component]
fn Announcer(draft: Draft) -> impl IntoView {
    let shown = Memo::new(move |_| {
        draft.shown().into_iter().map(|it| it.id()).collect::<std::collections::BTreeSet<_>>()
    });
    let text = RwSignal::new(String::new());
    Effect::new(move |before: Option<std::collections::BTreeSet<QuestionId>>| {
        let now = shown.get();
        let Some(then) = before else { return now };
        let came = now.difference(&then).count() as u64;
        let went = then.difference(&now).count() as u64;
        let mut words = Vec::new();
        if came > 0 {
            words.push(count!(came, appeared_single, appeared_several in checklist));
        }
        if went > 0 {
            words.push(count!(went, went_single, went_several in checklist));
        }
        text.set(words.join(" "));
        now
    });
    view! { <p class="visually-hidden" role="status">{text}</p> }
}
