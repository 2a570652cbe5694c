//! The scale of `cargo xtask bench size`: says of each file that is named how many bytes it has, raw
//! and as brotli 11, which is how the server sends it.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    for path in env::args_os().skip(1) {
        let content = fs::read(&path)?;
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut &content[..], &mut packed, &parameters)?;
        // A file that does not get smaller is sent as it is.
        let sent = packed.len().min(content.len());
        let name = Path::new(&path).file_name().unwrap_or(&path).to_string_lossy();
        println!("{} {sent} {name}", content.len());
    }
    Ok(())
}
