//! What the two kinds of files share: choosing by a button or by dropping, and the list of what was
//! chosen, of what is saved, and of what was not taken and why.

mod tray;

use checklist::FileLimits;
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};
use web_sys::{DragEvent, File, FileList, HtmlElement, Node};

use self::tray::{Listed, Note, Tray, name_of};
use super::Tie;
use crate::{
    device_files::use_device_files,
    format,
    i18n::{count, say, t},
    pages::checklist::answer::FileLine,
    ui::{Glyph, Icon, live},
};

pub(super) use tray::Count;

pub(super) fn files(tie: Tie, limits: FileLimits, count: Count) -> AnyView {
    let Tie { entry, ref dom_id, by, required, .. } = tie;
    let rules = limits.clone();
    let accept = accepted(&limits);
    let tray = Tray::new(entry, limits, count, use_device_files());
    let zone = NodeRef::<html::Div>::new();
    let over = RwSignal::new(false);
    guard_the_rest_of_the_page();
    let (rules_id, pick_id) = (format!("{dom_id}-rules"), format!("{dom_id}-pick"));
    let described = {
        let rules_id = rules_id.clone();
        move || by.get().into_iter().chain([rules_id.clone()]).collect::<Vec<_>>().join(" ")
    };
    let label = format!("{} {pick_id}", tie.label_id());
    view! {
        <div
            class="files"
            class:files--over=over
            node_ref=zone
            on:dragover=move |event: DragEvent| {
                if has_files(&event) {
                    event.prevent_default();
                    over.set(true);
                }
            }
            on:dragleave=move |event: DragEvent| {
                let to = event.related_target().and_then(|it| it.dyn_into::<Node>().ok());
                let inside = zone.get_untracked().is_some_and(|it| it.contains(to.as_ref()));
                over.set(inside && to.is_some());
            }
            on:drop=move |event: DragEvent| {
                over.set(false);
                if has_files(&event) {
                    event.prevent_default();
                    tray.take(chosen(event.data_transfer().and_then(|it| it.files())));
                }
            }
        >
            <ul class="files__list">
                <For each=move || tray.listed() key=|it| it.key.clone() let:listed>
                    <Row listed tray zone/>
                </For>
                <For
                    each=move || tray.notes.get()
                    key=|it| (it.id, it.refusal.is_some())
                    let:note
                >
                    <NoteRow note tray zone/>
                </For>
            </ul>
            <label class="files__pick">
                <Icon glyph=Glyph::Upload/>
                <span id=pick_id>
                    {live(move || match count {
                        Count::One => say!(checklist.choose_file),
                        Count::Many { .. } => say!(checklist.choose_files),
                    })}
                </span>
                <input
                    class="files__input"
                    type="file"
                    id=format!("{dom_id}-0")
                    multiple=count != Count::One
                    accept=accept
                    aria-labelledby=label
                    aria-describedby=described
                    aria-required=required.then_some("true")
                    on:change:target=move |event| {
                        let input = event.target();
                        tray.take(chosen(input.files()));
                        // So that the same file can be chosen again.
                        input.set_value("");
                    }
                />
            </label>
            <p class="soft" id=rules_id>{live(move || rule_words(&rules, count))}</p>
            <p class="visually-hidden" role="status">{live(move || tray.said.get())}</p>
        </div>
    }
    .into_any()
}

/// A file of the answer.
#[component]
fn Row(listed: Listed, tray: Tray, zone: NodeRef<html::Div>) -> impl IntoView {
    let Listed { key, file } = listed;
    let name = name_of(&file);
    view! {
        <li class="files__item">
            <FileLine file/>
            <button
                type="button"
                class="button button--plain files__away"
                on:click=move |event| {
                    focus_next(zone, &event);
                    tray.remove(&key);
                }
            >
                {t!(checklist.remove_file)}
                " "
                <span class="visually-hidden">{name}</span>
            </button>
        </li>
    }
}

/// A file that is being checked, or was not taken.
#[component]
fn NoteRow(note: Note, tray: Tray, zone: NodeRef<html::Div>) -> impl IntoView {
    let Note { id, name, refusal } = note;
    let is_refused = refusal.is_some();
    let label = name.clone();
    let words = refusal.unwrap_or_else(|| say!(checklist.checking_file, name = name));
    view! {
        <li class="files__item" class:files__item--refused=is_refused>
            <Icon glyph=if is_refused { Glyph::Warning } else { Glyph::File }/>
            <p class="file"><bdi class="file__note">{words}</bdi></p>
            <button
                type="button"
                class="button button--plain files__away"
                on:click=move |event| {
                    focus_next(zone, &event);
                    tray.dismiss(id);
                }
            >
                {live(move || match is_refused {
                    true => say!(common.dismiss),
                    false => say!(checklist.remove_file),
                })}
                " "
                <span class="visually-hidden">{label}</span>
            </button>
        </li>
    }
}

/// The pressed button is about to go: focus moves to the one of the next line, or to the picker.
fn focus_next(zone: NodeRef<html::Div>, event: &ev::MouseEvent) {
    let Some(zone) = zone.get_untracked() else { return };
    let Ok(stops) = zone.query_selector_all(".files__away, .files__input") else { return };
    let stops: Vec<_> = (0..stops.length()).filter_map(|at| stops.get(at)).collect();
    let pressed = event.current_target().and_then(|it| it.dyn_into::<Node>().ok());
    let at = stops.iter().position(|it| Some(it) == pressed.as_ref());
    // The picker comes last.
    if let Some(next) = stops.get(at.map_or(0, |at| at + 1)) {
        let _ = next.unchecked_ref::<HtmlElement>().focus();
    }
}

/// A file that is dropped beside its place would be opened in the place of the page.
fn guard_the_rest_of_the_page() {
    let prevent = |event: DragEvent| {
        if has_files(&event) && !event.default_prevented() {
            event.prevent_default();
            if let Some(transfer) = event.data_transfer() {
                transfer.set_drop_effect("none");
            }
        }
    };
    let over = window_event_listener(ev::dragover, prevent);
    let drop = window_event_listener(ev::drop, prevent);
    on_cleanup(move || {
        over.remove();
        drop.remove();
    });
}

fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|it| it.types().includes(&"Files".into(), 0))
}

fn chosen(list: Option<FileList>) -> Vec<File> {
    list.map(|it| (0..it.length()).filter_map(|at| it.get(at)).collect()).unwrap_or_default()
}

/// What the browser's own dialog offers: a help only, since anything can be dropped.
fn accepted(limits: &FileLimits) -> String {
    let by_name = !limits.extensions.is_empty();
    if by_name { limits.extensions.join(",") } else { limits.mime_types.join(",") }
}

fn rule_words(limits: &FileLimits, count: Count) -> String {
    let mut rules = Vec::new();
    for list in [&limits.extensions, &limits.mime_types] {
        if !list.is_empty() {
            rules.push(list.join(", "));
        }
    }
    if let Some(megabytes) = limits.max_megabytes.filter(|it| *it > 0) {
        let size = format::size(f64::from(megabytes) * 1_048_576.0);
        rules.push(say!(checklist.file_at_most, size = size));
    }
    if let Count::Many { at_most: Some(at_most) } = count {
        rules.push(count!(u64::from(at_most), files_single, files_several in checklist));
    }
    rules.join(" · ")
}
