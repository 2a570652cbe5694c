//! Several files, which may share a name. No file left is no answer.

use checklist::FileLimits;
use leptos::prelude::*;

use super::{
    Tie,
    files::{Count, files},
};

pub(super) fn multiple_files(tie: Tie, limits: FileLimits, at_most: Option<u32>) -> AnyView {
    // The server takes 0 for no limit (`contract.md` 5.4).
    files(tie, limits, Count::Many { at_most: at_most.filter(|it| *it > 0) })
}
