//! A number with an optional fraction.

use checklist::{Bounds, Kind};
use leptos::prelude::*;

use super::{Tie, range};

pub(super) fn number(tie: Tie, bounds: Bounds) -> AnyView {
    range::field(tie, Kind::Number(bounds.clone()), bounds, "decimal")
}
