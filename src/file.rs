//! Reading files that a person chose.

use js_sys::{ArrayBuffer, Uint8Array};
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// How much of a file decides its type (`contract.md` 5.4).
const START: f64 = 1024.0;

/// Read in pieces whose base64 forms join without padding: a multiple of three bytes.
const CHUNK: u32 = 3 * 256 * 1024;

/// The first bytes of a file.
pub(crate) async fn read_start(file: &File) -> Option<Vec<u8>> {
    let start = file.slice_with_f64_and_f64(0.0, START).ok()?;
    read(&start).await
}

/// A whole file as base64, piece by piece, so that the page stays responsive.
pub(crate) async fn read_base64(file: &File) -> Option<String> {
    let size = file.size();
    let mut out = String::with_capacity((size as usize).div_ceil(3) * 4);
    let mut at = 0.0;
    while at < size {
        let end = (at + f64::from(CHUNK)).min(size);
        let piece = file.slice_with_f64_and_f64(at, end).ok()?;
        encode(&read(&piece).await?, &mut out);
        at = end;
    }
    Some(out)
}

async fn read(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec())
}

fn encode(bytes: &[u8], out: &mut String) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            if at <= three.len() {
                let index = (bits >> (18 - 6 * at)) & 63;
                out.push(char::from(ALPHABET[index as usize]));
            } else {
                out.push('=');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_standard_one_with_padding() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("\u{ff}>?", "w78+Pw=="),
        ] {
            let mut out = String::new();
            encode(bytes.as_bytes(), &mut out);
            assert_eq!(out, expected);
        }
    }
}
