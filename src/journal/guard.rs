use std::sync::Once;

use leptos::{
    prelude::*,
    wasm_bindgen::{JsValue, closure::Closure},
};

use super::{
    STATE, State,
    js::{Js, call, get, text},
};
use crate::{draft::Drafts, i18n::say};

/// What the addresses of a form and of what belongs to it have in common.
const FORM: &str = "/checklist";

/// Asks before a link leads out of a form whose changes are lost then. The browser itself asks only
/// where the page is left, and nobody can ask where the person goes back.
pub(super) fn ask_before_leaving(drafts: Drafts) {
    static ASKING: Once = Once::new();
    ASKING.call_once(|| {
        let clicked = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if STATE.get_untracked() == State::Off && drafts.any_changed() {
                // A click on what is in no link is none of our business.
                let _ = ask(&event);
            }
        });
        // Before the router hears of it, which listens at the window.
        let document: JsValue = document().into();
        let _ = call(&document, "addEventListener", [&"click".into(), clicked.as_ref()]);
        clicked.forget();
    });
}

fn ask(event: &JsValue) -> Js<()> {
    let link = call(&get(event, "target")?, "closest", [&"a[href]".into()])?;
    let here = text(&get(&js_sys::global(), "location")?, "pathname");
    let Some((account, _)) = here.split_once(FORM) else { return Ok(()) };
    if text(&link, "pathname").starts_with(&format!("{account}{FORM}")) || link.is_null() {
        return Ok(());
    }
    let question = say!(journal.leave);
    if call(&js_sys::global(), "confirm", [&question.into()])?.is_falsy() {
        call(event, "preventDefault", [])?;
    }
    Ok(())
}
