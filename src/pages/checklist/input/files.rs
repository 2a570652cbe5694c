//! Files: checked before they are read, named when they are refused, and kept when another one
//! fails.

use checklist::{FileLimits, FileProblem, Value};
use leptos::{html, prelude::*, task::spawn_local};
use web_sys::{DragEvent, File, FileList};

use super::Tie;
use crate::{
    draft::{Edit, Entry},
    file::{read_base64, read_start},
    format,
    i18n::{say, t},
    pages::checklist::{answer::FileLine, summary::file_problem_text},
    ui::{Glyph, Icon, live},
};

/// How many files a question takes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Count {
    One,
    Many { at_most: Option<u32> },
}

/// What the person does not see yet: a file that is being read, or one that was not taken.
#[derive(Clone, PartialEq)]
enum Pending {
    Reading(String),
    Refused(String),
}

pub(super) fn files(tie: Tie, limits: FileLimits, count: Count) -> AnyView {
    let Tie { entry, ref dom_id, by, required, .. } = tie;
    let pending = RwSignal::new(Vec::<Pending>::new());
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let rules_id = format!("{dom_id}-rules");
    let accept = limits.extensions.join(",");
    let rules = limits.clone();

    let take = move |list: Option<FileList>| {
        let Some(list) = list else { return };
        let chosen: Vec<File> = (0..list.length()).filter_map(|at| list.get(at)).collect();
        let limits = limits.clone();
        spawn_local(async move { take_files(chosen, limits, count, entry, pending).await });
    };
    let dropped = take.clone();
    let stored = move || entry.with(file_values);
    let remove = move |at: usize| {
        let mut files = stored();
        files.remove(at);
        entry.set(Edit::to(answer_of(files, count)));
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
    };
    let described = {
        let rules_id = rules_id.clone();
        move || match by.get() {
            Some(by) => format!("{by} {rules_id}"),
            None => rules_id.clone(),
        }
    };
    view! {
        <div
            class="files"
            class:files--over=over
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event: DragEvent| {
                event.prevent_default();
                over.set(false);
                dropped(event.data_transfer().and_then(|it| it.files()));
            }
        >
            <ul class="files__list">
                {live(move || stored()
                    .into_iter()
                    .enumerate()
                    .map(|(at, file)| view! {
                        <li class="files__item">
                            <FileLine file=file/>
                            <button
                                type="button"
                                class="button button--plain"
                                on:click=move |_| remove(at)
                            >
                                {t!(checklist.remove_file)}
                            </button>
                        </li>
                    })
                    .collect_view())}
                {live(move || pending.get().into_iter().map(pending_line).collect_view())}
            </ul>
            <label class="files__pick">
                <Icon glyph=Glyph::Upload/>
                <span>{live(move || if count == Count::One { say!(checklist.choose_file) } else { say!(checklist.choose_files) })}</span>
                <input
                    class="files__input"
                    type="file"
                    id=format!("{dom_id}-0")
                    node_ref=input
                    multiple=count != Count::One
                    accept=accept
                    aria-labelledby=tie.label_id()
                    aria-describedby=described
                    aria-required=required.then_some("true")
                    on:change:target=move |event| {
                        let target = event.target();
                        take(target.files());
                        // So that the same file can be chosen again.
                        target.set_value("");
                    }
                />
            </label>
            <p class="soft" id=rules_id>{live(move || rule_words(&rules, count))}</p>
        </div>
    }
    .into_any()
}

fn pending_line(pending: Pending) -> AnyView {
    match pending {
        Pending::Reading(name) => view! {
            <li class="files__item soft" role="status">{say!(checklist.reading_file, name = name)}</li>
        }
        .into_any(),
        Pending::Refused(reason) => view! {
            <li class="files__item files__item--refused" role="alert">
                <Icon glyph=Glyph::Warning/>
                {reason}
            </li>
        }
        .into_any(),
    }
}

/// Checks each file and adds those that pass, one after the other so that memory holds one at a
/// time in the making.
async fn take_files(
    chosen: Vec<File>,
    limits: FileLimits,
    count: Count,
    entry: Entry,
    pending: RwSignal<Vec<Pending>>,
) {
    pending.set(Vec::new());
    for file in chosen {
        let name = file.name();
        let there = entry.with(|value| file_values(value).len());
        let full = match count {
            Count::Many { at_most: Some(at_most) } if at_most > 0 => there >= at_most as usize,
            _ => false,
        };
        let refused = if full {
            Some(say!(checklist.file_too_many, name = name.clone()))
        } else {
            refusal(&file, &limits).await
        };
        if let Some(reason) = refused {
            pending.update(|it| it.push(Pending::Refused(reason)));
            continue;
        }
        pending.update(|it| it.push(Pending::Reading(name.clone())));
        let content = read_base64(&file).await;
        pending.update(|it| it.retain(|it| *it != Pending::Reading(name.clone())));
        let Some(content) = content else {
            pending.update(|it| {
                it.push(Pending::Refused(say!(checklist.file_unreadable, name = name)))
            });
            continue;
        };
        let value = Value::Map(vec![
            ("name".to_owned(), Value::Text(name)),
            ("content".to_owned(), Value::Text(content)),
        ]);
        let mut files = if count == Count::One { Vec::new() } else { entry.with(file_values) };
        files.push(value);
        entry.set(Edit::to(answer_of(files, count)));
    }
}

/// Why a file cannot be taken, in words that name it.
async fn refusal(file: &File, limits: &FileLimits) -> Option<String> {
    let name = file.name();
    let Some(start) = read_start(file).await else {
        return Some(say!(checklist.file_unreadable, name = name));
    };
    let problem: FileProblem = limits.check(&name, file.size() as u64, &start).err()?;
    Some(say!(checklist.file_refused, name = name, reason = file_problem_text(&problem)))
}

/// The files of an answer.
fn file_values(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(Value::List(files)) => files.clone(),
        Some(file @ Value::Map(_)) => vec![file.clone()],
        _ => Vec::new(),
    }
}

/// Files as an answer. No file left is no answer.
fn answer_of(mut files: Vec<Value>, count: Count) -> Value {
    match count {
        _ if files.is_empty() => Value::Null,
        Count::One => files.swap_remove(0),
        Count::Many { .. } => Value::List(files),
    }
}

fn rule_words(limits: &FileLimits, count: Count) -> String {
    let mut rules = Vec::new();
    if !limits.extensions.is_empty() {
        rules.push(limits.extensions.join(", "));
    } else if !limits.mime_types.is_empty() {
        rules.push(limits.mime_types.join(", "));
    }
    if let Some(megabytes) = limits.max_megabytes.filter(|it| *it > 0) {
        let size = format::size(f64::from(megabytes) * 1_048_576.0);
        rules.push(say!(checklist.file_at_most, size = size));
    }
    if let Count::Many { at_most: Some(at_most) } = count {
        rules.push(
            crate::i18n::count!(u64::from(at_most), files_single, files_several in checklist),
        );
    }
    rules.join(" · ")
}
