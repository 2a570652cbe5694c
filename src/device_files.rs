//! The files that a person chose on this device and that the server does not have yet. The browser
//! keeps them; nothing of their content lies in the app's own memory.
//!
//! An answer refers to such a file as to a stored one, by a key of ours in the place of the server's:
//! `{"name", "size", "mime_type", "stored_file_id": KEY}`. `upload` puts the content there.

use leptos::prelude::*;
use web_sys::Blob;

/// Tells a key of ours from the ids of a server, even when the file is gone.
const PREFIX: &str = "on-this-device-";

/// The files of this page, by key. They live as long as the person is signed in; then there is nothing
/// to get and nothing to keep.
#[derive(Clone, Copy)]
pub(crate) struct DeviceFiles(StoredValue<Vec<(String, Blob)>, LocalStorage>);

impl DeviceFiles {
    /// Makes the collection, for everything below the caller.
    pub(crate) fn provide() {
        provide_context(Self(StoredValue::new_local(Vec::new())));
    }

    /// Keeps a file and gives the key to refer to it by.
    pub(crate) fn keep(self, file: &Blob) -> String {
        let key = format!("{PREFIX}{}", random_hex());
        self.put(&key, file.clone());
        key
    }

    /// The file that `key` refers to, if it is here.
    pub(crate) fn get(self, key: &str) -> Option<Blob> {
        let find = |files: &Vec<(String, Blob)>| {
            files.iter().find(|(known, _)| known == key).map(|(_, file)| file.clone())
        };
        self.0.try_with_value(find).flatten()
    }

    /// Keeps a file under the key that it had before.
    pub(crate) fn put(self, key: &str, file: Blob) {
        self.forget(key);
        self.0.try_update_value(|files| files.push((key.to_owned(), file)));
    }

    /// Lets go of a file.
    pub(crate) fn forget(self, key: &str) {
        self.0.try_update_value(|files| files.retain(|(known, _)| known != key));
    }
}

/// Whether a reference is to a file on this device, which may be gone, and not to one of a server.
pub(crate) fn is_device_key(key: &str) -> bool {
    key.starts_with(PREFIX)
}

/// The files of the page.
pub(crate) fn use_device_files() -> DeviceFiles {
    expect_context()
}

/// 128 random bits, which nobody can have written anywhere before. (`randomUUID` is missing where the
/// page is not served by https.)
fn random_hex() -> String {
    let mut bytes = [0; 16];
    // Fails for more than 65,536 bytes only.
    let _ = window().crypto().and_then(|it| it.get_random_values_with_u8_array(&mut bytes));
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
