//! Formatted text. What is sent is written from the nodes of the editor, allowed tags only, so that
//! nothing pasted or typed can smuggle anything else in.

use checklist::{RichText, Toolbar, Value};
use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use web_sys::{HtmlElement, Node};

use super::{Tie, text::text_of};
use crate::{
    draft::Edit,
    format,
    i18n::{say, t},
    ui::{Inline, Target, live, parse_html},
};

/// One press of the toolbar.
#[derive(Clone, Copy, PartialEq)]
enum Command {
    Bold,
    Italic,
    Bullets,
    Numbers,
    Heading,
    Quote,
    Plain,
}

impl Command {
    fn of(toolbar: Toolbar) -> &'static [Self] {
        match toolbar {
            Toolbar::Minimal => &[Self::Bold, Self::Italic],
            Toolbar::Standard => &[Self::Bold, Self::Italic, Self::Bullets, Self::Numbers],
            Toolbar::Extended => &[
                Self::Bold,
                Self::Italic,
                Self::Bullets,
                Self::Numbers,
                Self::Heading,
                Self::Quote,
                Self::Plain,
            ],
        }
    }

    fn label(self) -> String {
        match self {
            Self::Bold => say!(rich.bold),
            Self::Italic => say!(rich.italic),
            Self::Bullets => say!(rich.bullets),
            Self::Numbers => say!(rich.numbers),
            Self::Heading => say!(rich.heading),
            Self::Quote => say!(rich.quote),
            Self::Plain => say!(rich.plain),
        }
    }

    /// The browser's own editing command and its value.
    fn exec(self) -> (&'static str, &'static str) {
        match self {
            Self::Bold => ("bold", ""),
            Self::Italic => ("italic", ""),
            Self::Bullets => ("insertUnorderedList", ""),
            Self::Numbers => ("insertOrderedList", ""),
            Self::Heading => ("formatBlock", "h3"),
            Self::Quote => ("formatBlock", "blockquote"),
            Self::Plain => ("formatBlock", "p"),
        }
    }
}

pub(super) fn rich_text(tie: Tie, limits: RichText) -> AnyView {
    let Tie { entry, ref dom_id, by, required } = tie;
    let editor = NodeRef::<html::Div>::new();
    // The editor is filled once; from then on it is the person's, and the entry follows it.
    let first = StoredValue::new(parse_html(&untrack(|| text_of(entry))));
    crate::ui::effect(move || {
        if let Some(editor) = editor.get() {
            first.with_value(|nodes| fill(&editor, nodes));
        }
    });
    let changed = move || {
        let Some(editor) = editor.get_untracked() else { return };
        let html = write(&editor, limits.toolbar);
        entry.set(Edit::to(if html.is_empty() { Value::Null } else { Value::Text(html) }));
    };
    let press = move |command: Command| {
        let Some(editor) = editor.get_untracked() else { return };
        let _ = editor.focus();
        let (name, value) = command.exec();
        run_command(name, value);
        changed();
    };
    let length = Memo::new(move |_| text_of(entry).chars().count() as u64);
    let editor_id = format!("{dom_id}-0");
    view! {
        <div class="rich">
            <div class="rich__bar" role="toolbar" aria-label=t!(rich.toolbar) aria-controls=editor_id.clone()>
                {Command::of(limits.toolbar)
                    .iter()
                    .map(|command| view! {
                        <button
                            type="button"
                            class="rich__button"
                            // The selection must survive the press.
                            on:mousedown=|event| event.prevent_default()
                            on:click=move |_| press(*command)
                        >
                            {live(move || command.label())}
                        </button>
                    })
                    .collect_view()}
            </div>
            <div
                class="input rich__editor"
                id=editor_id
                node_ref=editor
                contenteditable="true"
                role="textbox"
                aria-multiline="true"
                aria-labelledby=tie.label_id()
                aria-describedby=by
                aria-required=required.then_some("true")
                on:input=move |_| changed()
                on:paste=move |event| {
                    // Only the words: formatting from elsewhere is not ours.
                    event.prevent_default();
                    let data = event.clipboard_data().and_then(|it| it.get_data("text/plain").ok());
                    run_command("insertText", &data.unwrap_or_default());
                }
            ></div>
            <p class="soft">
                {live(move || limits.at_most.map(|at_most| {
                    say!(rich.length, count = format::whole(length.get()), at_most = format::whole(at_most.into()))
                }))}
            </p>
        </div>
    }
    .into_any()
}

/// The browser's editing commands work on the selection. They are old and everywhere.
fn run_command(name: &str, value: &str) {
    let document = document();
    let run = js_sys::Reflect::get(&document, &"execCommand".into()).ok();
    if let Some(run) = run.and_then(|it| it.dyn_into::<js_sys::Function>().ok()) {
        let _ = run.call3(&document, &name.into(), &false.into(), &value.into());
    }
}

/// Draws stored text into the editor, allowed nodes only.
fn fill(parent: &Node, nodes: &[Inline]) {
    for node in nodes {
        match node {
            Inline::Text(text) => {
                let _ = parent.append_child(&document().create_text_node(text));
            }
            Inline::Element { tag, children } => {
                if let Ok(element) = document().create_element(tag) {
                    fill(&element, children);
                    let _ = parent.append_child(&element);
                }
            }
            Inline::Link { target, children } => {
                let Ok(element) = document().create_element("a") else { continue };
                if let Target::Web { href, .. } | Target::Mail(href) = target {
                    let _ = element.set_attribute("href", href);
                }
                fill(&element, children);
                let _ = parent.append_child(&element);
            }
        }
    }
}

/// The tags that a toolbar can make, and those of stored text that it keeps.
fn keeps(toolbar: Toolbar, tag: &str) -> Option<&'static str> {
    let simple = match tag {
        "b" | "strong" => Some("strong"),
        "i" | "em" => Some("em"),
        "br" => Some("br"),
        // Editors make both; a paragraph is what is meant.
        "p" | "div" => Some("p"),
        _ => None,
    };
    let lists = match tag {
        "ul" => Some("ul"),
        "ol" => Some("ol"),
        "li" => Some("li"),
        "a" => Some("a"),
        _ => None,
    };
    let blocks = match tag {
        "h1" | "h2" | "h3" => Some("h3"),
        "blockquote" => Some("blockquote"),
        "code" => Some("code"),
        _ => None,
    };
    match toolbar {
        Toolbar::Minimal => simple,
        Toolbar::Standard => simple.or(lists),
        Toolbar::Extended => simple.or(lists).or(blocks),
    }
}

/// The editor's content as HTML with the allowed tags. Empty when there are no words.
fn write(editor: &HtmlElement, toolbar: Toolbar) -> String {
    if editor.text_content().unwrap_or_default().trim().is_empty() {
        return String::new();
    }
    let mut out = String::new();
    write_children(editor, toolbar, &mut out);
    out
}

fn write_children(parent: &Node, toolbar: Toolbar, out: &mut String) {
    let children = parent.child_nodes();
    for node in (0..children.length()).filter_map(|at| children.get(at)) {
        if node.node_type() == Node::TEXT_NODE {
            escape(&node.text_content().unwrap_or_default(), out);
            continue;
        }
        match keeps(toolbar, &node.node_name().to_ascii_lowercase()) {
            Some("br") => out.push_str("<br>"),
            Some("a") => write_link(&node, toolbar, out),
            Some(tag) => {
                out.extend(["<", tag, ">"]);
                write_children(&node, toolbar, out);
                out.extend(["</", tag, ">"]);
            }
            None => write_children(&node, toolbar, out),
        }
    }
}

fn write_link(node: &Node, toolbar: Toolbar, out: &mut String) {
    let href = node.dyn_ref::<web_sys::Element>().and_then(|it| it.get_attribute("href"));
    let href = match href.as_deref().map(Target::of) {
        Some(Target::Web { href, .. } | Target::Mail(href)) => href,
        _ => return write_children(node, toolbar, out),
    };
    out.push_str("<a href=\"");
    escape(&href, out);
    out.push_str("\">");
    write_children(node, toolbar, out);
    out.push_str("</a>");
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}
