//! One file. Choosing another one takes its place.

use checklist::FileLimits;
use leptos::prelude::*;

use super::{
    Tie,
    files::{Count, files},
};

pub(super) fn file(tie: Tie, limits: FileLimits) -> AnyView {
    files(tie, limits, Count::One)
}
