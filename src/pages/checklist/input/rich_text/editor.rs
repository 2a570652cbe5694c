//! The nodes of the editor, and the browser's own editing commands on them: they are old and
//! everywhere, and what they do can be undone with the browser's own undo.

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
};
use web_sys::{Element, HtmlElement, Node, Range, Selection};

use super::tags::address;
use crate::ui::{Inline, Target, parse_html};

/// Shows stored text in the editor, allowed nodes only.
pub(super) fn fill(editor: &HtmlElement, html: &str) {
    editor.set_text_content(None);
    append(editor, &parse_html(html));
}

fn append(parent: &Node, nodes: &[Inline]) {
    let document = document();
    for node in nodes {
        let (tag, href, children) = match node {
            Inline::Text(text) => {
                let _ = parent.append_child(&document.create_text_node(text));
                continue;
            }
            // They must not skip a level of the page.
            Inline::Element { tag: "h1" | "h3" | "h4" | "h5" | "h6", children } => {
                ("h2", "", children)
            }
            Inline::Element { tag, children } => (*tag, "", children),
            Inline::Link { target, children } => ("a", address(target), children),
        };
        let Ok(element) = document.create_element(tag) else { continue };
        if !href.is_empty() {
            let _ = element.set_attribute("href", href);
        }
        append(&element, children);
        let _ = parent.append_child(&element);
    }
}

/// What stands in the editor, as far as it can be text at all.
pub(super) fn read(parent: &Node) -> Vec<Inline> {
    let children = parent.child_nodes();
    let nodes = (0..children.length()).filter_map(|at| children.get(at));
    nodes.flat_map(|node| read_one(&node)).collect()
}

fn read_one(node: &Node) -> Vec<Inline> {
    if node.node_type() == Node::TEXT_NODE {
        return vec![Inline::Text(node.text_content().unwrap_or_default())];
    }
    let children = read(node);
    let tag = match node.node_name().to_ascii_lowercase().as_str() {
        "a" => {
            let element = node.dyn_ref::<Element>();
            let href = element.and_then(|it| it.get_attribute("href")).unwrap_or_default();
            return vec![Inline::Link { target: Target::of(&href), children }];
        }
        // Editors make both; a paragraph is what is meant.
        "p" | "div" => "p",
        "b" | "strong" => "strong",
        "i" | "em" => "em",
        "br" => "br",
        "ul" => "ul",
        "ol" => "ol",
        "li" => "li",
        "blockquote" => "blockquote",
        "code" => "code",
        "pre" => "pre",
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "h2",
        _ => return children,
    };
    vec![Inline::Element { tag, children }]
}

/// Runs one of the browser's editing commands on the selection.
pub(super) fn run(name: &str, value: &str) {
    call("execCommand", &[name.into(), false.into(), value.into()]);
}

/// Whether a command is on for what will be typed next.
pub(super) fn is_on(name: &str) -> bool {
    call("queryCommandState", &[name.into()]).and_then(|it| it.as_bool()).unwrap_or_default()
}

fn call(name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let document = document();
    let function = js_sys::Reflect::get(&document, &name.into()).ok()?;
    let arguments = arguments.iter().collect::<js_sys::Array>();
    function.dyn_into::<js_sys::Function>().ok()?.apply(&document, &arguments).ok()
}

/// The selection, where it stands in the editor.
pub(super) fn selection(editor: &HtmlElement) -> Option<Selection> {
    let selection = window().get_selection().ok().flatten()?;
    let node = selection.anchor_node()?;
    editor.contains(Some(&node)).then_some(selection)
}

/// The selected range, where it stands in the editor.
pub(super) fn range(editor: &HtmlElement) -> Option<Range> {
    selection(editor)?.get_range_at(0).ok()
}

/// Selects a range again.
pub(super) fn select(range: &Range) {
    if let Ok(Some(selection)) = window().get_selection() {
        let _ = selection.remove_all_ranges();
        let _ = selection.add_range(range);
    }
}

/// Inserts words at the caret and selects them.
pub(super) fn insert_selected(editor: &HtmlElement, words: &str) {
    run("insertText", words);
    let Some(selection) = selection(editor) else { return };
    let (Some(node), end) = (selection.focus_node(), selection.focus_offset()) else { return };
    // Offsets count UTF-16 units.
    let length = u32::try_from(words.encode_utf16().count()).unwrap_or(end);
    let start = end.saturating_sub(length);
    let _ = selection.set_base_and_extent(&node, start, &node, end);
}

/// Runs a command that moves whole lines, and puts the caret back to where it stood in its words:
/// Chromium leaves it at their start.
pub(super) fn run_on_lines(editor: &HtmlElement, name: &str) {
    let before = selection(editor)
        .filter(|it| it.is_collapsed() && it.anchor_offset() > 0)
        .and_then(|it| Some((words_before(editor, &it)?, it)));
    run(name, "");
    if let Some((length, selection)) = before
        && let Some((node, offset)) = text_at(editor, length)
    {
        let _ = selection.collapse_with_offset(Some(&node), offset);
    }
}

/// How many UTF-16 units stand before the caret.
fn words_before(editor: &HtmlElement, selection: &Selection) -> Option<u32> {
    let range = document().create_range().ok()?;
    range.set_start(editor, 0).ok()?;
    range.set_end(&selection.anchor_node()?, selection.anchor_offset()).ok()?;
    Some(String::from(range.to_string()).encode_utf16().count() as u32)
}

/// The text that has so many UTF-16 units before a place in it, and the place.
fn text_at(parent: &Node, mut before: u32) -> Option<(Node, u32)> {
    let mut next = parent.first_child();
    while let Some(node) = next {
        let length = node.text_content().unwrap_or_default().encode_utf16().count() as u32;
        if before <= length {
            let is_text = node.node_type() == Node::TEXT_NODE;
            return if is_text { Some((node, before)) } else { text_at(&node, before) };
        }
        before -= length;
        next = node.next_sibling();
    }
    None
}

/// The element with one of these names around the selection, inside the editor.
pub(super) fn around(editor: &HtmlElement, names: &[&str]) -> Option<Element> {
    let mut node = selection(editor)?.anchor_node();
    while let Some(here) = node.filter(|it| !editor.is_same_node(Some(it))) {
        if names.contains(&here.node_name().to_ascii_lowercase().as_str()) {
            return here.dyn_into().ok();
        }
        node = here.parent_node();
    }
    None
}
