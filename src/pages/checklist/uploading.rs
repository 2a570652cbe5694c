//! How far the files of a save are, and the way to stop it.

use leptos::prelude::*;

use crate::{
    format,
    i18n::{say, t},
    ui::{Button, live},
    upload::Progress,
};

/// Shown while files are prepared and sent. It is there for as long as `progress` is something.
#[component]
pub(super) fn Uploading(
    /// How far the files are.
    progress: Signal<Option<Progress>>,
    /// Stops it; what was chosen stays.
    #[prop(into)]
    cancel: Callback<()>,
) -> impl IntoView {
    let is_there = Memo::new(move |_| progress.read().is_some());
    let share = move || match progress.get() {
        Some(Progress::Preparing(share) | Progress::Sending(share)) => share,
        Some(Progress::Waiting) | None => 1.0,
    };
    // What has left cannot be taken back.
    let has_left = Signal::derive(move || progress.get() == Some(Progress::Waiting));
    // Said once for each stage; the bar says the rest.
    let words = Memo::new(move |_| match progress.get() {
        Some(Progress::Preparing(_)) => say!(upload.preparing),
        Some(Progress::Sending(_)) => say!(upload.sending),
        Some(Progress::Waiting) => say!(upload.waiting),
        None => String::new(),
    });
    view! {
        <p class="visually-hidden" role="status">{live(move || words.get())}</p>
        {live(move || is_there.get().then(|| view! {
            <div class="upload no-print">
                <p class="upload__words" aria-hidden="true">
                    <span>{live(move || words.get())}</span>
                    <span class="soft">{live(move || format::percent((share() * 100.0).floor()))}</span>
                </p>
                <progress
                    class="upload__bar"
                    max="1"
                    aria-label=t!(upload.label)
                    value=move || share().to_string()
                ></progress>
                <Button busy=has_left on_press=cancel>{t!(upload.cancel)}</Button>
            </div>
        }))}
    }
}
