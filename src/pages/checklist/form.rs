use leptos::{html, prelude::*};
use leptos_router::hooks::use_navigate;

use super::{
    asks_server_for_visibility, frame,
    question::QuestionItem,
    summary::{Progress, problems},
};
use crate::{
    i18n::{say, t},
    pages::{Heading, checklist::summary::ErrorSummary},
    path::Path,
    ui::{Button, Emphasis, Problem, Tone, live},
};

/// The form. Nothing is sent from here: the check page does that.
#[component]
pub(crate) fn ChecklistForm() -> impl IntoView {
    let frame = frame();
    let draft = frame.draft;
    let navigate = use_navigate();
    // Problems of an answer are shown from the first try to go on.
    let tried = RwSignal::new(false);
    let found = Memo::new(move |_| if tried.get() { problems(draft) } else { Vec::new() });
    let summary = NodeRef::<html::Div>::new();

    let check = Callback::new(move |()| {
        if problems(draft).is_empty() {
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

    let form = move || draft.form();
    let ids = move || form().questions.iter().map(|it| it.question.id).collect::<Vec<_>>();
    let name = Signal::derive(move || form().checklist.name.clone());
    view! {
        <div class="sheet">
            <header class="sheet__head">
                <Heading text=name failed=Signal::derive(move || !found.read().is_empty())/>
                {live(move || {
                    let text = form().checklist.description.clone();
                    (!text.is_empty()).then(|| view! { <p class="soft">{text}</p> })
                })}
                <Progress draft/>
            </header>
            <div node_ref=summary tabindex="-1" class="sheet__summary">
                <ErrorSummary problems=found/>
            </div>
            {live(move || asks_server_for_visibility(&form()).then(|| view! {
                <Problem tone=Tone::Info title=Signal::derive(|| say!(checklist.save_and_ask))/>
            }))}
            <form
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    check.run(());
                }
            >
                <ol class="questions">
                    <For
                        each=ids
                        key=|id| *id
                        let:id
                    >
                        <QuestionItem id draft show_problems=tried/>
                    </For>
                </ol>
                <Announcer draft/>
                <div class="sheet__foot">
                    <Button emphasis=Emphasis::Primary submit=true>{t!(checklist.check)}</Button>
                    <a href=Path::Account(frame.account).to_string() class="button">
                        {t!(checklist.later)}
                    </a>
                    <p class="soft" role="status">
                        {live(move || match draft.changed() {
                            0 => say!(checklist.nothing_changed),
                            count => crate::i18n::count!(count as u64, changed_single, changed_several in checklist),
                        })}
                    </p>
                </div>
            </form>
        </div>
    }
}

/// Tells a screen reader, once per change, which questions appeared or went.
#[component]
fn Announcer(draft: crate::draft::Draft) -> impl IntoView {
    let visible = Memo::new(move |_| draft.visible());
    let text = Memo::new(move |before: Option<&(std::collections::BTreeSet<_>, String)>| {
        let now = visible.get();
        let Some((then, _)) = before else { return (now, String::new()) };
        let came = now.difference(then).count() as u64;
        let went = then.difference(&now).count() as u64;
        let mut words = Vec::new();
        if came > 0 {
            words.push(crate::i18n::count!(came, appeared_single, appeared_several in checklist));
        }
        if went > 0 {
            words.push(crate::i18n::count!(went, went_single, went_several in checklist));
        }
        (now, words.join(" "))
    });
    view! { <p class="visually-hidden" role="status">{live(move || text.get().1)}</p> }
}
