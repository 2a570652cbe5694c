//! A number on a scale: radios where the scale is short, else typed.

use std::ops::RangeInclusive;

use checklist::{Bounds, Kind, Value};
use leptos::prelude::*;

use super::{
    Tie,
    radios::{Radio, radios},
    range,
};

/// With more points than this, typing is quicker than looking for one's own.
const MOST_POINTS: i128 = 11;

pub(super) fn rating(tie: Tie, bounds: Bounds) -> AnyView {
    match scale(&bounds) {
        Some(scale) => {
            let option = |it: i128| Radio::new(Value::Int(it), Signal::stored(it.to_string()));
            radios(tie, scale.map(option).collect(), "options options--scale")
        }
        None => range::field(tie, Kind::Rating(bounds.clone()), bounds, "numeric"),
    }
}

/// The whole numbers within the bounds, where they are few enough to show.
fn scale(bounds: &Bounds) -> Option<RangeInclusive<i128>> {
    let end = |bound: &Option<String>| bound.as_deref()?.parse::<f64>().ok();
    let (min, max) = (end(&bounds.min)?.ceil(), end(&bounds.max)?.floor());
    // Beyond this a float leaves out whole numbers.
    let exact = |it: f64| it.abs() < 1e15;
    if !exact(min) || !exact(max) {
        return None;
    }
    let (min, max) = (min as i128, max as i128);
    (min < max && max - min < MOST_POINTS).then_some(min..=max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(min: Option<&str>, max: Option<&str>) -> Option<RangeInclusive<i128>> {
        let owned = |it: Option<&str>| it.map(str::to_owned);
        scale(&Bounds { min: owned(min), max: owned(max) })
    }

    #[test]
    fn a_short_scale_has_only_points_within_the_bounds() {
        assert_eq!(points(Some("1.0000"), Some("5.0000")), Some(1..=5));
        assert_eq!(points(Some("0"), Some("10")), Some(0..=10));
        assert_eq!(points(Some("0.5"), Some("4.9")), Some(1..=4));
        assert_eq!(points(Some("-2"), Some("2")), Some(-2..=2));
        for (min, max) in [
            (Some("0"), Some("11")),
            (Some("3"), Some("3")),
            (Some("5"), Some("1")),
            (None, Some("5")),
            (Some("1"), None),
            (Some("x"), Some("5")),
            (Some("-inf"), Some("inf")),
            (Some("nan"), Some("5")),
        ] {
            assert_eq!(points(min, max), None, "{min:?} {max:?}");
        }
    }
}
