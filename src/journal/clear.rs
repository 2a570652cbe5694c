use leptos::wasm_bindgen::JsCast;

use super::{
    State, close,
    js::{Js, call, event, get, promised, text},
    show,
};
use crate::{device, draft::Drafts};

/// What was removed from this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cleared {
    /// Databases, each with the unsaved answers of one person.
    pub(crate) databases: u64,
    /// Choices such as the language.
    pub(crate) choices: u64,
}

/// Removes everything that Purser keeps on this device, of everybody, but for the session of this tab.
/// What does not go because the browser forbids storage is not there either.
pub(crate) async fn clear(drafts: Drafts) -> Cleared {
    drafts.discard();
    close();
    let mut cleared = Cleared::default();
    for name in databases().await.unwrap_or_default() {
        if delete(&name).await == Some(true) {
            cleared.databases += 1;
        }
    }
    cleared.choices = clear_choices().unwrap_or_default();
    show(State::Opening);
    cleared
}

/// The names of our databases.
async fn databases() -> Js<Vec<String>> {
    let factory = get(&js_sys::global(), "indexedDB")?;
    let found = promised(&factory, "databases", []).await?;
    let found: &js_sys::Array = found.unchecked_ref();
    let names = (0..found.length()).map(|at| text(&found.get(at), "name"));
    Ok(names.filter(|it| it.starts_with(device::DATABASES)).collect())
}

async fn delete(name: &str) -> Option<bool> {
    event(&device::delete(name)?, "onsuccess", "onerror").await.ok()
}

fn clear_choices() -> Js<u64> {
    let storage = get(&js_sys::global(), "localStorage")?;
    let count = get(&storage, "length")?.as_f64().unwrap_or_default() as u32;
    let key = |at: u32| call(&storage, "key", [&at.into()]).ok()?.as_string();
    // All names first: removing one moves the others.
    let ours: Vec<_> = (0..count).filter_map(key).filter(|it| it.starts_with("purser.")).collect();
    for key in &ours {
        call(&storage, "removeItem", [&key.as_str().into()])?;
    }
    Ok(ours.len() as u64)
}
