//! Formatted text. What is sent is written from the nodes of the editor, allowed tags only, so that
//! nothing pasted or typed can smuggle anything else in.

mod command;
mod editor;
mod link;
mod tags;

use checklist::{RichText, Toolbar, Value};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};
use web_sys::{HtmlElement, InputEvent, Range};

use super::{Tie, typed::EmptyText};
use crate::{
    draft::{Edit, Entry},
    format,
    i18n::{say, t},
    ui::{Icon, live, parse_html},
};
use command::Command;
use link::LinkForm;
use tags::{tidy, write};

/// From this share of the limit on, one is told how much room is left.
const NEAR: f64 = 0.9;

pub(super) fn rich_text(tie: Tie, limits: RichText) -> AnyView {
    let editor = Editor::new(tie.entry, limits.toolbar);
    editor.follow();
    let length_id = format!("{}-length", tie.dom_id);
    let described = match limits.at_most {
        Some(_) => length_id.clone(),
        None => String::new(),
    };
    let described = tie.described_by(described);
    let dom_id = tie.dom_id.clone();
    view! {
        <div class="rich">
            <Bar editor tie=tie.clone()/>
            {live(move || editor.linking.get().map(|address| view! {
                <LinkForm
                    dom_id=dom_id.clone()
                    address
                    done=Callback::new(move |address| editor.link(address))
                />
            }))}
            <div
                class="input rich__editor"
                id=tie.first_id()
                node_ref=editor.node
                contenteditable="true"
                dir="auto"
                role="textbox"
                aria-multiline="true"
                aria-labelledby=tie.label_id()
                aria-describedby=move || Some(described()).filter(|it| !it.trim().is_empty())
                aria-required=tie.required()
                aria-invalid=tie.invalid()
                on:input=move |_| editor.changed()
                on:beforeinput=refuse_other_formats
                on:focus=move |_| {
                    editor::run("defaultParagraphSeparator", "p");
                    editor.look();
                }
                on:keyup=move |_| editor.look()
                on:pointerup=move |_| editor.look()
                // Only the words: formatting from elsewhere is not ours.
                on:paste=move |event| insert_words(&event, event.clipboard_data())
                on:drop=move |event| insert_words(&event, event.data_transfer())
            ></div>
            {limits.at_most.map(|at_most| view! { <Length entry=tie.entry at_most id=length_id/> })}
            <EmptyText tie/>
        </div>
    }
    .into_any()
}

/// The browser knows more formats by their keys than the toolbar offers.
fn refuse_other_formats(event: InputEvent) {
    let kind = event.input_type();
    if kind.starts_with("format") && !matches!(kind.as_str(), "formatBold" | "formatItalic") {
        event.prevent_default();
    }
}

fn insert_words(event: &web_sys::Event, data: Option<web_sys::DataTransfer>) {
    event.prevent_default();
    let words = data.and_then(|it| it.get_data("text/plain").ok()).unwrap_or_default();
    editor::run("insertText", &words);
}

/// The editor of one answer.
#[derive(Clone, Copy)]
struct Editor {
    entry: Entry,
    toolbar: Toolbar,
    node: NodeRef<html::Div>,
    /// The text that the editor shows. Another one came from outside.
    shown: StoredValue<Option<String>>,
    /// What was stored first, and how this editor writes the same.
    first: StoredValue<(String, String)>,
    /// Which buttons are on.
    on: RwSignal<Vec<bool>>,
    /// The address of the link that is being made or changed.
    linking: RwSignal<Option<String>>,
    /// Where the link is to be, while focus is in its form.
    place: StoredValue<Option<Range>, LocalStorage>,
}

impl Editor {
    fn new(entry: Entry, toolbar: Toolbar) -> Self {
        let first = untrack(|| text_of(entry));
        let written = write(&tidy(parse_html(&first), toolbar));
        Self {
            entry,
            toolbar,
            node: NodeRef::new(),
            shown: StoredValue::new(None),
            first: StoredValue::new((first, written)),
            on: RwSignal::new(vec![false; Command::of(toolbar).len()]),
            linking: RwSignal::new(None),
            place: StoredValue::new_local(None),
        }
    }

    /// Shows the answer whenever it is another one than the editor's own.
    fn follow(self) {
        crate::ui::effect(move || {
            let Some(node) = self.node.get() else { return };
            let text = text_of(self.entry);
            if self.shown.with_value(|shown| shown.as_ref() != Some(&text)) {
                editor::fill(&node, &text);
                self.shown.set_value(Some(text));
            }
        });
    }

    fn changed(self) {
        let Some(node) = self.node.get_untracked() else { return };
        let html = write(&tidy(editor::read(&node), self.toolbar));
        // Taken back to what was stored, though perhaps spelled differently there.
        let html = self.first.with_value(|(first, written)| {
            if !html.is_empty() && html == *written { first.clone() } else { html }
        });
        self.shown.set_value(Some(html.clone()));
        self.entry.set(Edit::to(if html.is_empty() { Value::Null } else { Value::Text(html) }));
        self.look();
    }

    /// Looks which buttons are on where the caret is.
    fn look(self) {
        let Some(node) = self.node.get_untracked() else { return };
        let on: Vec<bool> = Command::of(self.toolbar).iter().map(|it| it.is_on(&node)).collect();
        if self.on.with_untracked(|before| *before != on) {
            self.on.set(on);
        }
    }

    fn press(self, command: Command) {
        let Some(node) = self.node.get_untracked() else { return };
        let _ = node.focus();
        if command == Command::Link {
            return self.ask_for_address(&node);
        }
        command.run(&node);
        self.changed();
    }

    fn ask_for_address(self, node: &HtmlElement) {
        let link = editor::around(node, &["a"]);
        if let (Some(link), Some(selection)) = (&link, editor::selection(node)) {
            // The whole link is changed, wherever in it the caret stands.
            let _ = selection.select_all_children(link);
        }
        self.place.set_value(editor::range(node));
        self.linking.set(Some(link.and_then(|it| it.get_attribute("href")).unwrap_or_default()));
    }

    /// Makes the link, changes it, or takes it away.
    fn link(self, address: Option<String>) {
        self.linking.set(None);
        let Some(node) = self.node.get_untracked() else { return };
        let _ = node.focus();
        if let Some(range) = self.place.try_update_value(Option::take).flatten() {
            editor::select(&range);
        }
        let Some(address) = address else { return };
        if address.is_empty() {
            editor::run("unlink", "");
        } else {
            if editor::selection(&node).is_none_or(|it| it.is_collapsed()) {
                editor::insert_selected(&node, &address);
            }
            editor::run("createLink", &address);
        }
        self.changed();
    }
}

/// The toolbar: one stop for Tab, with arrow keys inside.
#[component]
fn Bar(editor: Editor, tie: Tie) -> impl IntoView {
    let commands = Command::of(editor.toolbar);
    let stop = RwSignal::new(0_usize);
    let id = StoredValue::new(format!("{}-tool", tie.dom_id));
    let tool_id = move |at: usize| id.with_value(|id| format!("{id}-{at}"));
    let go = move |event: ev::KeyboardEvent| {
        let (now, last) = (stop.get_untracked(), commands.len() - 1);
        let to = match event.key().as_str() {
            "ArrowRight" => {
                if now == last {
                    0
                } else {
                    now + 1
                }
            }
            "ArrowLeft" => now.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        stop.set(to);
        if let Some(button) = document().get_element_by_id(&tool_id(to)) {
            let _ = button.unchecked_into::<HtmlElement>().focus();
        }
    };
    let button = move |(at, command): (usize, Command)| {
        let label = Signal::derive(move || command.label());
        view! {
            <button
                type="button"
                class="rich__button"
                id=tool_id(at)
                title=label
                aria-label=label
                aria-pressed=move || if editor.on.read()[at] { "true" } else { "false" }
                tabindex=move || if stop.get() == at { "0" } else { "-1" }
                // The selection must survive the press.
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| {
                    stop.set(at);
                    editor.press(command);
                }
            >
                <Icon glyph=command.glyph()/>
            </button>
        }
    };
    view! {
        <div
            class="rich__bar"
            role="toolbar"
            aria-label=t!(rich.toolbar)
            aria-controls=tie.first_id()
            on:keydown=go
        >
            {commands.iter().copied().enumerate().map(button).collect_view()}
        </div>
    }
}

/// How much of the limit is used. Near it, the person is told while typing.
#[component]
fn Length(entry: Entry, at_most: u32, id: String) -> impl IntoView {
    let length = Memo::new(move |_| text_of(entry).chars().count() as u64);
    let is_near = Memo::new(move |_| length.get() as f64 >= f64::from(at_most) * NEAR);
    view! {
        <p class="soft question__range" class:question__doubt=is_near id=id>
            {live(move || say!(
                rich.length,
                count = format::whole(length.get()),
                at_most = format::whole(at_most.into())
            ))}
        </p>
        <p class="visually-hidden" role="status">
            {live(move || is_near.get().then(|| say!(rich.near)))}
        </p>
    }
}

fn text_of(entry: Entry) -> String {
    entry.with(|value| match value {
        Some(Value::Text(text)) => text.clone(),
        Some(other) => other.python_repr(),
        None => String::new(),
    })
}
