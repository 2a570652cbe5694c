//! Writes what was changed.

use std::{sync::Once, time::Duration};

use ::journal::Change;
use js_sys::Date;
use leptos::{prelude::*, task::spawn_local};

use super::{
    book::{self, Latest},
    js::{Js, call, get},
    show,
    vault::Place,
};

/// An answer was changed, or is no longer changed.
pub(super) fn note(place: Place, change: Option<Change>) {
    let latest = Latest { change, at: Date::new_0().get_time() };
    book::with(|book| book.change(place, latest, now()));
    wake();
}

/// Writes everything at once: the page may be gone in a moment.
pub(super) fn hurry() {
    book::with(|book| book.queue.hurry());
    write_due();
}

/// Hurries whenever the page may be about to go.
pub(super) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        for event in ["visibilitychange", "pagehide"] {
            let _ = window_event_listener_untyped(event, |_| hurry());
        }
    });
}

/// Shows where changes are.
pub(super) fn show_state() {
    if let Some(state) = book::with(|book| book.state()) {
        show(state);
    }
}

/// Looks at the queue when its next is due.
fn wake() {
    let wait = book::with(|book| {
        let due = book.queue.next().filter(|_| !book.is_waking)?;
        book.is_waking = true;
        Some(Duration::from_millis(due.saturating_sub(now())))
    });
    let look = || {
        book::with(|book| book.is_waking = false);
        write_due();
    };
    if let Some(wait) = wait.flatten() {
        set_timeout(look, wait);
    }
}

fn write_due() {
    for place in book::with(|book| book.queue.take(now())).unwrap_or_default() {
        spawn_local(async move {
            let outcome = write(place).await;
            book::with(|book| {
                if let Err(error) = &outcome {
                    book.failed(place, error);
                }
            });
            show_state();
            write_files();
            wake();
        });
    }
    wake();
}

/// Brings an answer to the disk as it is now.
async fn write(place: Place) -> Js<()> {
    let to_write = book::with(|book| Some((book.vault(), book.to_write(place)?)));
    let Some((vault, (latest, stamp, gone))) = to_write.flatten() else { return Ok(()) };
    match (&latest.change, stamp) {
        (Some(change), _) => {
            let stamp = vault.put(place, &change.encode(), latest.at, &gone).await?;
            book::with(|book| book.put(place, change, stamp));
        }
        (None, Some(stamp)) => {
            vault.remove(place, &stamp).await?;
            book::with(|book| book.removed(place));
        }
        (None, None) => {
            book::with(|book| book.removed(place));
        }
    }
    Ok(())
}

/// Brings the files of answers to the disk, one after the other.
fn write_files() {
    let is_first = book::with(|book| !std::mem::replace(&mut book.is_writing_files, true));
    if is_first != Some(true) {
        return;
    }
    spawn_local(async move {
        while write_file().await {
            show_state();
        }
        book::with(|book| book.is_writing_files = false);
        show_state();
    });
}

/// Brings the next file to the disk, and says whether there was one.
async fn write_file() -> bool {
    let next = book::with(|book| {
        let (place, file) = book.next_file()?;
        Some((book.vault(), book.device_files.get(&file), place, file))
    });
    let Some((vault, content, place, file)) = next.flatten() else { return false };
    let is_wanted = || book::with(|book| book.has_file(place, &file)).unwrap_or(false);
    let outcome = match content {
        Some(content) => vault.put_file(place, &file, &content, is_wanted).await,
        // It was taken out of the answer before its turn came.
        None => Ok(()),
    };
    book::with(|book| book.file_done(outcome));
    true
}

/// Milliseconds since the page was opened.
fn now() -> u64 {
    let performance = get(&js_sys::global(), "performance");
    let now = performance.and_then(|it| call(&it, "now", [])).ok().and_then(|it| it.as_f64());
    now.map_or(0, |it| it as u64)
}
