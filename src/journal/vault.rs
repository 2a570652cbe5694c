//! The database of one person: the key, the changed answers, and the files in them. Everything but the
//! key and the ids of accounts and questions is encrypted.
//!
//! ```text
//! keys     "key"                             -> CryptoKey
//! changes  ACCOUNT/QUESTION                  -> {iv, sealed, at}      see `journal::Change::encode`
//! files    ACCOUNT/QUESTION/FILE/CHUNK       -> {iv, sealed, count}
//! ```
//!
//! `at` is when it was changed, in milliseconds since 1970, and `count` how many chunks the file has.
//!
//! What a record is about is sealed with it, so that one cannot stand in the place of another.

use std::collections::BTreeSet;

use api::OfferingUserId;
use checklist::{QuestionId, Value};
use js_sys::Uint8Array;
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, BlobPropertyBag};

use super::{
    js::{Js, call, event, get, pair, promised, set, text},
    secret::Secret,
};

/// Of the stores. Another set of stores needs another version.
const VERSION: u32 = 1;

const KEYS: &str = "keys";
const CHANGES: &str = "changes";
const FILES: &str = "files";

/// The one key there is.
const KEY: &str = "key";

/// How many bytes of a file are encrypted at once. No more of it is in memory.
const CHUNK: u32 = 1 << 20;

/// A question of an account's checklist.
pub(super) type Place = (OfferingUserId, QuestionId);

/// Tells one writing of a record from every other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stamp(Vec<u8>);

/// What somebody else does to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    Deleted,
    /// A newer app changes it to its needs.
    Updated,
}

/// A changed answer as it was kept.
pub(super) struct Kept {
    pub(super) question: QuestionId,
    pub(super) stamp: Stamp,
    /// When it was changed.
    pub(super) at: f64,
    /// `None` where it cannot be decrypted.
    pub(super) text: Option<String>,
}

/// An open database.
#[derive(Clone)]
pub(super) struct Vault {
    database: JsValue,
    secret: Secret,
}

impl Vault {
    /// Opens the database `name`, and makes it if there is none. `on_gone` is called when somebody
    /// deletes it or a newer app changes it; it is closed by then.
    pub(super) async fn open(name: &str, on_gone: impl FnOnce(Gone) + 'static) -> Js<Self> {
        let factory = get(&js_sys::global(), "indexedDB")?;
        let request = call(&factory, "open", [&name.into(), &VERSION.into()])?;
        let asked = request.clone();
        let upgrade = Closure::once(move |_: JsValue| make_stores(&asked));
        set(&request, "onupgradeneeded", upgrade.as_ref())?;
        let database = answer(&request).await?;
        let closed = database.clone();
        let gone = Closure::once_into_js(move |event: JsValue| {
            let _ = call(&closed, "close", []);
            let is_deleted = get(&event, "newVersion").is_ok_and(|it| it.is_null());
            on_gone(if is_deleted { Gone::Deleted } else { Gone::Updated });
        });
        set(&database, "onversionchange", &gone)?;
        let secret = secret(&database).await?;
        Ok(Self { database, secret })
    }

    /// Lets go of the database. What is being written is still written.
    pub(super) fn close(&self) {
        let _ = set(&self.database, "onversionchange", &JsValue::NULL);
        let _ = call(&self.database, "close", []);
    }

    /// The changed answers of an account.
    pub(super) async fn changes(&self, account: OfferingUserId) -> Js<Vec<Kept>> {
        let store = self.read(CHANGES)?;
        let range = below(&format!("{account}/"))?;
        // Both asked for at once, so that they are of one moment.
        let keys = call(&store, "getAllKeys", [&range])?;
        let values = call(&store, "getAll", [&range])?;
        let (keys, values) = (answer(&keys).await?, answer(&values).await?);
        let mut all = Vec::new();
        for index in 0..length(&keys) {
            let at = index.to_string();
            let key = text(&keys, &at);
            let Some(question) = question(&key) else { continue };
            let sealed = get(&values, &at)?;
            let opened = self.secret.open(&sealed, &key).await.ok();
            let text = opened.and_then(|it| String::from_utf8(it.to_vec()).ok());
            let at = get(&sealed, "at")?.as_f64().unwrap_or_default();
            all.push(Kept { question, stamp: stamp(&sealed)?, at, text });
        }
        Ok(all)
    }

    /// Keeps a changed answer in the place of the one before, and throws away the files that are
    /// no longer in it.
    pub(super) async fn put(
        &self,
        place: Place,
        text: &str,
        at: f64,
        without: &BTreeSet<String>,
    ) -> Js<Stamp> {
        let key = key(place);
        let bytes = Uint8Array::from(text.as_bytes()).into();
        let sealed = self.secret.seal(&bytes, &key).await?;
        set(&sealed, "at", &at.into())?;
        let transaction = if without.is_empty() {
            self.write(&CHANGES.into())?
        } else {
            self.write(&pair(&CHANGES.into(), &FILES.into())?)?
        };
        call(&store(&transaction, CHANGES)?, "put", [&sealed, &key.as_str().into()])?;
        for file in without {
            let range = below(&format!("{key}/{file}/"))?;
            call(&store(&transaction, FILES)?, "delete", [&range])?;
        }
        committed(&transaction).await?;
        stamp(&sealed)
    }

    /// Throws a changed answer away, if it is still the one that was written as `stamp`: another
    /// tab may have put its own in its place.
    pub(super) async fn remove(&self, place: Place, stamped: &Stamp) -> Js<()> {
        let key = key(place);
        let transaction = self.write(&pair(&CHANGES.into(), &FILES.into())?)?;
        let changes = store(&transaction, CHANGES)?;
        let kept = answer(&call(&changes, "get", [&key.as_str().into()])?).await?;
        if kept.is_undefined() || stamp(&kept)? == *stamped {
            call(&changes, "delete", [&key.as_str().into()])?;
            let files = below(&format!("{key}/"))?;
            call(&store(&transaction, FILES)?, "delete", [&files])?;
        }
        committed(&transaction).await
    }

    /// Keeps a file of an answer, piece by piece, as long as it `is_wanted`.
    pub(super) async fn put_file(
        &self,
        place: Place,
        file: &str,
        content: &Blob,
        is_wanted: impl Fn() -> bool,
    ) -> Js<()> {
        let size = content.size();
        // An empty file has one piece, too: it has to be found again.
        let count = (size / f64::from(CHUNK)).ceil().max(1.0);
        let mut index = 0;
        while f64::from(index) < count && is_wanted() {
            let start = f64::from(index) * f64::from(CHUNK);
            let end = (start + f64::from(CHUNK)).min(size);
            let piece = call(content, "slice", [&start.into(), &end.into()])?;
            let bytes = promised(&piece, "arrayBuffer", []).await?;
            let key = chunk(place, file, index);
            let sealed = self.secret.seal(&bytes, &about_chunk(&key, count)).await?;
            set(&sealed, "count", &count.into())?;
            if is_wanted() {
                let transaction = self.write(&FILES.into())?;
                call(&store(&transaction, FILES)?, "put", [&sealed, &key.into()])?;
                committed(&transaction).await?;
            }
            index += 1;
        }
        Ok(())
    }

    /// A file of an answer; `None` where a part of it is missing.
    pub(super) async fn file(&self, place: Place, file: &str, kind: &str) -> Js<Option<Blob>> {
        let mut pieces = JsValue::UNDEFINED;
        let mut index = 0;
        loop {
            let key = chunk(place, file, index);
            let sealed = call(&self.read(FILES)?, "get", [&key.as_str().into()])?;
            let sealed = answer(&sealed).await?;
            if sealed.is_undefined() {
                return Ok(None);
            }
            let count = get(&sealed, "count")?.as_f64().unwrap_or_default();
            let Ok(opened) = self.secret.open(&sealed, &about_chunk(&key, count)).await else {
                return Ok(None);
            };
            // Each piece goes to the browser at once; the file is made of them.
            let piece: JsValue = blob(&js_sys::Array::of1(&opened), "")?.into();
            if index == 0 {
                pieces = js_sys::Array::of1(&piece).into();
            } else {
                set(&pieces, &index.to_string(), &piece)?;
            }
            index += 1;
            if f64::from(index) >= count {
                return blob(pieces.unchecked_ref(), kind).map(Some);
            }
        }
    }

    /// Throws away the pieces of files of an account that are in none of its answers.
    pub(super) async fn sweep(
        &self,
        account: OfferingUserId,
        is_wanted: impl Fn(QuestionId, &str) -> bool,
    ) -> Js<()> {
        let range = below(&format!("{account}/"))?;
        let keys = answer(&call(&self.read(FILES)?, "getAllKeys", [&range])?).await?;
        let mut orphans = Vec::new();
        for index in 0..length(&keys) {
            let key = text(&keys, &index.to_string());
            let file = key.split('/').nth(2).unwrap_or_default();
            if !question(&key).is_some_and(|question| is_wanted(question, file)) {
                orphans.push(key);
            }
        }
        if orphans.is_empty() {
            return Ok(());
        }
        let transaction = self.write(&FILES.into())?;
        for key in orphans {
            call(&store(&transaction, FILES)?, "delete", [&key.into()])?;
        }
        committed(&transaction).await
    }

    fn read(&self, name: &str) -> Js {
        store(&call(&self.database, "transaction", [&name.into()])?, name)
    }

    /// A transaction that may change the stores of this name or list of names.
    fn write(&self, names: &JsValue) -> Js {
        call(&self.database, "transaction", [names, &"readwrite".into()])
    }
}

/// Comes from version 0, which is no database, to today's.
fn make_stores(request: &JsValue) {
    if let Ok(database) = get(request, "result") {
        for name in [KEYS, CHANGES, FILES] {
            let _ = call(&database, "createObjectStore", [&name.into()]);
        }
    }
}

/// The key of this database. Another tab may be making one at the same moment; the first one counts.
async fn secret(database: &JsValue) -> Js<Secret> {
    let keys = |mode: &str| call(database, "transaction", [&KEYS.into(), &mode.into()]);
    let kept = store(&keys("readonly")?, KEYS)?;
    let kept = answer(&call(&kept, "get", [&KEY.into()])?).await?;
    if !kept.is_undefined() {
        return Ok(Secret::from_kept(kept));
    }
    let new = Secret::generate().await?;
    let transaction = keys("readwrite")?;
    let store = store(&transaction, KEYS)?;
    let other = answer(&call(&store, "get", [&KEY.into()])?).await?;
    if !other.is_undefined() {
        return Ok(Secret::from_kept(other));
    }
    call(&store, "put", [new.to_keep(), &KEY.into()])?;
    committed(&transaction).await?;
    Ok(new)
}

fn store(transaction: &JsValue, name: &str) -> Js {
    call(transaction, "objectStore", [&name.into()])
}

/// What a request brings.
async fn answer(request: &JsValue) -> Js {
    if text(request, "readyState") != "done" {
        event(request, "onsuccess", "onerror").await?;
    }
    let error = get(request, "error")?;
    if error.is_null() { get(request, "result") } else { Err(error) }
}

/// Waits until a transaction is on the disk.
async fn committed(transaction: &JsValue) -> Js<()> {
    if event(transaction, "oncomplete", "onabort").await? {
        Ok(())
    } else {
        Err(get(transaction, "error")?)
    }
}

/// All keys that begin like this.
fn below(start: &str) -> Js {
    let range = get(&js_sys::global(), "IDBKeyRange")?;
    call(&range, "bound", [&start.into(), &format!("{start}\u{ffff}").into()])
}

fn key((account, question): Place) -> String {
    format!("{account}/{}", question.0.simple())
}

/// The question in a key.
fn question(key: &str) -> Option<QuestionId> {
    QuestionId::from_value(&Value::Text(key.split('/').nth(1)?.to_owned()))
}

fn chunk(place: Place, file: &str, index: u32) -> String {
    format!("{}/{file}/{index:06}", key(place))
}

/// A file that lost its end must not pass for a shorter one.
fn about_chunk(key: &str, count: f64) -> String {
    format!("{key}/{count}")
}

fn stamp(sealed: &JsValue) -> Js<Stamp> {
    Ok(Stamp(Uint8Array::new(&get(sealed, "iv")?).to_vec()))
}

fn length(list: &JsValue) -> u32 {
    list.unchecked_ref::<js_sys::Array>().length()
}

fn blob(pieces: &js_sys::Array, kind: &str) -> Js<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(pieces, &options)
}
