//! Whether `dist/` is made of the sources that are here now. Asking trunk takes many seconds even
//! if nothing has changed.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::{
    failure::{Doing, Result},
    project::Project,
};

/// Everything that goes into the app or decides how it is built. The lock file of e2e names the
/// version of wasm-opt.
const INPUTS: [&str; 14] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "build.rs",
    "crates",
    "e2e/package-lock.json",
    "index.html",
    "locales",
    "public",
    "src",
    "style",
    "xtask/splitter",
    "xtask/src/post_build.rs",
];

/// Whether the app that is in `dist/` is the one that the sources give.
pub(crate) fn are_built(project: &Project) -> Result<bool> {
    let Ok(noted) = fs::read_to_string(stamp(project)) else { return Ok(false) };
    Ok(project.path("dist/index.html").is_file() && noted == fingerprint(project)?)
}

/// Notes that `dist/` was just built from the sources that are here.
pub(crate) fn note_built(project: &Project) -> Result {
    let stamp = stamp(project);
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder).doing(format_args!("make the folder {}", folder.display()))?;
    }
    fs::write(&stamp, fingerprint(project)?).doing(format_args!("write {}", stamp.display()))
}

/// Not in `dist/`, since everything there becomes part of the server.
fn stamp(project: &Project) -> PathBuf {
    project.path("target/dist.stamp")
}

/// A number that changes with each input, and with the page in `dist/`, which names all its files
/// by their hashes. So a `dist/` that `trunk serve` has replaced is noticed too.
fn fingerprint(project: &Project) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for input in INPUTS {
        hash(&project.path(input), &mut hasher)?;
    }
    hash(&project.path("dist/index.html"), &mut hasher)?;
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash(path: &Path, hasher: &mut impl Hasher) -> Result {
    path.hash(hasher);
    if path.is_dir() {
        for path in sorted(path)? {
            hash(&path, hasher)?;
        }
    } else if path.exists() {
        fs::read(path).doing(format_args!("read {}", path.display()))?.hash(hasher);
    }
    Ok(())
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|it| it.path())).collect::<std::io::Result<Vec<_>>>()
    });
    let mut paths = entries.doing(format_args!("list {}", folder.display()))?;
    paths.sort();
    Ok(paths)
}
