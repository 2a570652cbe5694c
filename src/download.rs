//! Hands a file to the person.

use std::time::Duration;

use leptos::{
    prelude::{document, set_timeout},
    wasm_bindgen::JsCast,
};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// How long a browser may take to begin with saving.
const PATIENCE: Duration = Duration::from_secs(60);

/// Lets the browser save `file` under `name`.
pub(crate) fn offer(name: &str, file: &Blob) {
    let Ok(url) = Url::create_object_url_with_blob(file) else { return };
    if let Ok(link) = document().create_element("a") {
        let link = link.unchecked_into::<HtmlAnchorElement>();
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    set_timeout(
        move || {
            let _ = Url::revoke_object_url(&url);
        },
        PATIENCE,
    );
}
