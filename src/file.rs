//! Reading files that a person chose.

use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamByobReader};

/// How much of a file decides its type (`contract.md` 5.4).
const START: f64 = 1024.0;

/// How many bytes are encoded at once: few enough not to be felt on a slow device, and a multiple
/// of three, so that the base64 forms of the pieces join without padding.
const CHUNK: usize = 3 << 16;

/// The first bytes of a file. `None`: it cannot be read.
pub(crate) async fn read_start(file: &Blob) -> Option<Vec<u8>> {
    read_all(&file.slice_with_f64_and_f64(0.0, START).ok()?).await
}

/// All bytes of what is known to be small. `None`: it cannot be read.
pub(crate) async fn read_all(blob: &Blob) -> Option<Vec<u8>> {
    Some(read(blob).await?.to_vec())
}

/// Turns files into base64, a piece at a time: between two pieces the page can do something else,
/// and no more than one is in memory. What is ready lies with the browser.
pub(crate) struct Encoder {
    bytes: Vec<u8>,
    text: Vec<u8>,
    /// What blobs are made from; each copies it.
    out: Uint8Array,
}

impl Encoder {
    /// Makes the room for one piece.
    pub(crate) fn new() -> Self {
        let length = CHUNK / 3 * 4;
        Self {
            bytes: vec![0; CHUNK],
            text: Vec::with_capacity(length),
            out: Uint8Array::new_with_length(length as u32),
        }
    }

    /// Appends the base64 form of `file` to `parts`. Tells `on_done` how many more bytes are done,
    /// which says whether to go on. `None`: the file cannot be read to its end.
    pub(crate) async fn encode(
        &mut self,
        file: &Blob,
        parts: &Array,
        on_done: impl Fn(f64) -> bool,
    ) -> Option<()> {
        let mut pieces = Pieces::of(file);
        let mut left = file.size();
        while left > 0.0 {
            let piece = pieces.next().await.filter(|it| it.length() > 0)?;
            let length = f64::from(piece.length());
            let encoded = self.encode_piece(&piece)?;
            is_taken(&encoded).await?;
            parts.push(&encoded.into());
            if !on_done(length) {
                return Some(());
            }
            left -= length;
        }
        Some(())
    }

    fn encode_piece(&mut self, piece: &Uint8Array) -> Option<Blob> {
        let bytes = &mut self.bytes[..piece.length() as usize];
        piece.copy_to(bytes);
        self.text.clear();
        encode(bytes, &mut self.text);
        let out = self.out.subarray(0, self.text.len() as u32);
        out.copy_from(&self.text);
        Blob::new_with_u8_array_sequence(&Array::of1(&out)).ok()
    }
}

/// Waits until the browser has taken a blob over from the page, as it has when it can read from it.
/// A page that is faster would have to keep the rest, and would have no time for anything else.
async fn is_taken(blob: &Blob) -> Option<()> {
    read(&blob.slice_with_f64_and_f64(0.0, 1.0).ok()?).await.map(|_| ())
}

/// A file, piece by piece.
enum Pieces {
    /// Into the same memory over and over.
    Stream { reader: ReadableStreamByobReader, memory: ArrayBuffer },
    /// Into new memory each time, which the browser may keep for a while: for those that know no
    /// better.
    Slices { file: Blob, at: f64 },
}

impl Pieces {
    fn of(file: &Blob) -> Self {
        // Fails where blobs are no streams of bytes.
        match ReadableStreamByobReader::new(&file.stream()) {
            Ok(reader) => Self::Stream { reader, memory: ArrayBuffer::new(CHUNK as u32) },
            Err(_) => Self::Slices { file: file.clone(), at: 0.0 },
        }
    }

    /// The next piece, empty at the end. All are as long as they can be, but for the last. `None`:
    /// the file cannot be read.
    async fn next(&mut self) -> Option<Uint8Array> {
        match self {
            Self::Stream { reader, memory } => fill(reader, memory).await,
            Self::Slices { file, at } => {
                let start = *at;
                *at += CHUNK as f64;
                read(&file.slice_with_f64_and_f64(start, *at).ok()?).await
            }
        }
    }
}

/// Reads as much as `memory` holds. The browser takes the memory and gives it back as another value.
async fn fill(reader: &ReadableStreamByobReader, memory: &mut ArrayBuffer) -> Option<Uint8Array> {
    let mut length = 0;
    let mut is_over = false;
    while length < CHUNK as u32 && !is_over {
        let rest = CHUNK as u32 - length;
        let rest = Uint8Array::new_with_byte_offset_and_length(memory, length, rest);
        let result = JsFuture::from(reader.read_with_array_buffer_view(&rest)).await.ok()?;
        let filled = Reflect::get(&result, &"value".into()).ok()?.dyn_into::<Uint8Array>().ok()?;
        *memory = filled.buffer();
        length += filled.length();
        is_over = Reflect::get(&result, &"done".into()).ok()?.is_truthy();
    }
    Some(Uint8Array::new_with_byte_offset_and_length(memory, 0, length))
}

async fn read(blob: &Blob) -> Option<Uint8Array> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()))
}

fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u32, shift: u32| ALPHABET[(bits >> shift & 63) as usize];
    let (groups, rest) = bytes.as_chunks::<3>();
    for [a, b, c] in groups {
        let bits = u32::from_be_bytes([0, *a, *b, *c]);
        out.extend([18, 12, 6, 0].map(|shift| digit(bits, shift)));
    }
    match *rest {
        [a] => {
            let bits = u32::from_be_bytes([0, a, 0, 0]);
            out.extend([digit(bits, 18), digit(bits, 12), b'=', b'=']);
        }
        [a, b] => {
            let bits = u32::from_be_bytes([0, a, b, 0]);
            out.extend([digit(bits, 18), digit(bits, 12), digit(bits, 6), b'=']);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        encode(bytes, &mut out);
        String::from_utf8(out).unwrap()
    }

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
            assert_eq!(encoded(bytes.as_bytes()), expected);
        }
    }

    #[test]
    fn pieces_join_to_the_whole() {
        let bytes: Vec<u8> = (0..2 * CHUNK + 100).map(|it| (it * 31 % 251) as u8).collect();
        let pieces: String = bytes.chunks(CHUNK).map(encoded).collect();
        assert_eq!(pieces, encoded(&bytes));
    }
}
