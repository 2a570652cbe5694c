//! What Purser keeps on this device of a person, by name.

use api::UserId;
use js_sys::{Function, Reflect};
use leptos::wasm_bindgen::{JsCast, JsValue};

/// What the names of our databases begin with.
pub(crate) const DATABASES: &str = "purser-";

/// The name of a person's database. Another person never opens it.
pub(crate) fn database(person: UserId) -> String {
    format!("{DATABASES}{person}")
}

/// Deletes a database, key and all. Whoever has it open is told to close it. The request that comes
/// back tells when it is done; `None` where the browser has no storage.
pub(crate) fn delete(database: &str) -> Option<JsValue> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into()).ok()?;
    let delete = Reflect::get(&factory, &"deleteDatabase".into()).ok()?;
    delete.unchecked_into::<Function>().call1(&factory, &database.into()).ok()
}
