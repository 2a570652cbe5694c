//! Short messages about something that just happened. They are announced, stay until dismissed when
//! they tell of a failure, and go by themselves when they tell of a success.

use std::time::Duration;

use leptos::prelude::*;

use crate::{
    i18n::t,
    ui::{Glyph, Icon, Tone},
};

/// How long good news stays.
const GOOD_NEWS: Duration = Duration::from_secs(6);

/// The messages on screen.
#[derive(Clone, Copy)]
pub(crate) struct Notices {
    list: RwSignal<Vec<Notice>>,
    next: StoredValue<u32>,
}

#[derive(Clone)]
struct Notice {
    id: u32,
    tone: Tone,
    text: String,
}

impl Notices {
    /// Makes the list, for everything below the caller.
    pub(crate) fn provide() {
        provide_context(Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
    }

    /// Says that something worked.
    pub(crate) fn good(self, text: String) {
        let id = self.add(Tone::Success, text);
        set_timeout(move || self.remove(id), GOOD_NEWS);
    }

    /// Says that something failed.
    pub(crate) fn bad(self, text: String) {
        self.add(Tone::Danger, text);
    }

    fn add(self, tone: Tone, text: String) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| list.push(Notice { id, tone, text }));
        id
    }

    fn remove(self, id: u32) {
        self.list.try_update(|list| list.retain(|notice| notice.id != id));
    }
}

/// The messages of the page.
pub(crate) fn use_notices() -> Notices {
    expect_context()
}

/// Draws the messages.
#[component]
pub(crate) fn NoticeList() -> impl IntoView {
    let notices = use_notices();
    view! {
        <div class="notices" role="status" aria-live="polite">
            <For each=move || notices.list.get() key=|notice| notice.id let:notice>
                <div class=if notice.tone == Tone::Danger { "notice notice--danger" } else { "notice" }>
                    <Icon glyph=if notice.tone == Tone::Danger { Glyph::Warning } else { Glyph::Check }/>
                    <p>{notice.text}</p>
                    <button
                        type="button"
                        class="notice__close"
                        aria-label=t!(common.dismiss)
                        on:click=move |_| notices.remove(notice.id)
                    >
                        <Icon glyph=Glyph::Close/>
                    </button>
                </div>
            </For>
        </div>
    }
}
