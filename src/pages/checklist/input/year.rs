//! A whole number that names a year.

use checklist::{Bounds, Kind};
use leptos::prelude::*;

use super::{Tie, range};

pub(super) fn year(tie: Tie, bounds: Bounds) -> AnyView {
    range::field(tie, Kind::Year(bounds.clone()), bounds, "numeric")
}
