//! Encryption with a key that the browser keeps to itself: not even this app can read it.

use js_sys::Uint8Array;
use leptos::wasm_bindgen::JsValue;

use super::js::{Js, call, get, object, pair, promised};

const ALGORITHM: &str = "AES-GCM";

/// A key. It can encrypt and decrypt, and cannot be read.
#[derive(Clone)]
pub(super) struct Secret(JsValue);

impl Secret {
    /// A new key.
    pub(super) async fn generate() -> Js<Self> {
        let algorithm = object([("name", &ALGORITHM.into()), ("length", &256.into())])?;
        let uses = pair(&"encrypt".into(), &"decrypt".into())?;
        let is_extractable = JsValue::FALSE;
        let key = promised(&subtle()?, "generateKey", [&algorithm, &is_extractable, &uses]).await?;
        Ok(Self(key))
    }

    /// The key that was kept.
    pub(super) fn from_kept(key: JsValue) -> Self {
        Self(key)
    }

    /// The key in the form in which the browser keeps it. It is a handle, not the bytes.
    pub(super) fn to_keep(&self) -> &JsValue {
        &self.0
    }

    /// Encrypts bytes. `about` says what they are; they can only be opened as the same.
    pub(super) async fn seal(&self, bytes: &JsValue, about: &str) -> Js {
        let iv = random()?;
        let parameters = parameters(&iv, about)?;
        let sealed = promised(&subtle()?, "encrypt", [&parameters, &self.0, bytes]).await?;
        object([("iv", &iv), ("sealed", &sealed)])
    }

    /// The bytes that were sealed as `about`.
    pub(super) async fn open(&self, sealed: &JsValue, about: &str) -> Js<Uint8Array> {
        let parameters = parameters(&get(sealed, "iv")?, about)?;
        let bytes = get(sealed, "sealed")?;
        let opened = promised(&subtle()?, "decrypt", [&parameters, &self.0, &bytes]).await?;
        Ok(Uint8Array::new(&opened))
    }
}

fn parameters(iv: &JsValue, about: &str) -> Js {
    let about = Uint8Array::from(about.as_bytes()).into();
    object([("name", &ALGORITHM.into()), ("iv", iv), ("additionalData", &about)])
}

/// Never the same twice under one key: 96 random bits, as AES-GCM wants them.
fn random() -> Js {
    let bytes = Uint8Array::from([0; 12].as_slice()).into();
    call(&crypto()?, "getRandomValues", [&bytes])
}

fn crypto() -> Js {
    get(&js_sys::global(), "crypto")
}

/// There is none where the page came without TLS from another machine.
fn subtle() -> Js {
    let subtle = get(&crypto()?, "subtle")?;
    if subtle.is_undefined() { Err(JsValue::UNDEFINED) } else { Ok(subtle) }
}
