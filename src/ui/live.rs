use std::sync::{Arc, Mutex};

use leptos::{prelude::*, tachys::reactive_graph::SharedReactiveFunction};

/// A part of a view that is drawn again whenever what it reads has changed.
///
/// A closure does the same, but each brings its own copy of the code that follows it. This is one
/// type for all, which keeps the bundle small (`docs/performance.md`).
pub(crate) fn live<V: IntoView>(draw: impl Fn() -> V + Send + 'static) -> AnyView {
    let draw: SharedReactiveFunction<AnyView> = Arc::new(Mutex::new(move || draw().into_any()));
    draw.into_any()
}

/// Does something now, and whenever what it reads has changed. One type for all, as with [`live`].
pub(crate) fn effect(run: impl Fn() + 'static) {
    // What is rendered to text is only looked at.
    if cfg!(feature = "ssr") {
        return;
    }
    let run: Box<dyn Fn()> = Box::new(run);
    Effect::new(move |_: Option<()>| run());
}
