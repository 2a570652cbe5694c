//! What a person sees when the program itself fails: never a blank screen.

use leptos::prelude::*;

use crate::i18n::{Locale, language};

/// Shows a page with a way back when the program panics. Built by plain DOM calls, since the
/// framework may be what failed.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|panic| {
        leptos::logging::error!("{panic}");
        show();
    }));
}

/// Draws the page once; a second panic leaves the first page as it is.
fn show() -> Option<()> {
    let document = document();
    let body = document.body()?;
    if document.get_element_by_id("recovery").is_some() {
        return None;
    }
    let (title, text, again) = words();
    let page = document.create_element("main").ok()?;
    page.set_id("recovery");
    page.set_class_name("recovery");
    let _ = page.set_attribute("role", "alert");
    for (tag, words) in [("h1", title), ("p", text)] {
        let element = document.create_element(tag).ok()?;
        element.set_text_content(Some(words));
        page.append_child(&element).ok()?;
    }
    let link = document.create_element("a").ok()?;
    link.set_class_name("button button--primary");
    let _ =
        link.set_attribute("href", &window().location().href().unwrap_or_else(|_| "/".to_owned()));
    link.set_text_content(Some(again));
    page.append_child(&link).ok()?;
    body.replace_children_with_node_1(&page);
    Some(())
}

fn words() -> (&'static str, &'static str, &'static str) {
    // Reading the language may itself fail inside a panic; the words then stay English.
    let locale = std::panic::catch_unwind(language).unwrap_or(Locale::en);
    (
        leptos_i18n::td_string!(locale, recovery.title),
        leptos_i18n::td_string!(locale, recovery.text),
        leptos_i18n::td_string!(locale, recovery.again),
    )
}
