//! Everything a person reads, by key. The texts are in `locales/`, one file a language; a key that
//! one of them lacks does not compile.
//!
//! `t!(key)` is a text that follows the language by itself, for children and attributes.
//! `say!(key, name = value)` is a text now, for use inside a closure.

use std::sync::{LazyLock, PoisonError, RwLock};

use leptos::prelude::*;

mod generated {
    #![allow(
        missing_docs,
        unreachable_pub,
        unused_imports,
        dead_code,
        clippy::all,
        reason = "written by the build script"
    )]
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

pub(crate) use generated::i18n::Locale;

/// The languages, each with its own name for itself.
pub(crate) const LANGUAGES: [(Locale, &str); 2] = [(Locale::en, "English"), (Locale::et, "Eesti")];

/// The language of the page: a signal for the shell, and one for each screen that asked for its own.
/// They outlive every component, and event handlers may ask them too.
static LANGUAGE: LazyLock<RwLock<Vec<ArcRwSignal<Locale>>>> =
    LazyLock::new(|| RwLock::new(vec![ArcRwSignal::new(Locale::en)]));

/// The signal that what is drawn now follows.
fn signal() -> ArcRwSignal<Locale> {
    let signals = LANGUAGE.read().unwrap_or_else(PoisonError::into_inner);
    signals.last().cloned().unwrap_or_else(|| ArcRwSignal::new(Locale::en))
}

/// The language now; inside a closure, followed.
pub(crate) fn language() -> Locale {
    signal().get()
}

/// Changes the language of everything on screen.
pub(crate) fn set_language(locale: Locale) {
    let signals = LANGUAGE.read().unwrap_or_else(PoisonError::into_inner).clone();
    for signal in signals {
        signal.set(locale);
    }
}

/// Lets the texts of the screen that is being drawn follow a signal that goes with it. A signal keeps
/// a trace of everything that ever followed it, so that a screen with thousands of texts, opened
/// again and again, would fill the memory.
pub(crate) fn own_language() {
    let own = ArcRwSignal::new(signal().get_untracked());
    let mine = own.clone();
    LANGUAGE.write().unwrap_or_else(PoisonError::into_inner).push(own);
    on_cleanup(move || {
        LANGUAGE.write().unwrap_or_else(PoisonError::into_inner).retain(|it| *it != mine);
    });
}

/// The language's tag, for the `lang` attribute and for `Intl`.
pub(crate) fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::et => "et",
    }
}

/// The best language for a list of wishes such as `navigator.languages`.
pub(crate) fn best_language(wishes: impl Iterator<Item = String>) -> Locale {
    wishes
        .filter_map(|wish| {
            LANGUAGES.map(|(it, _)| it).into_iter().find(|it| wish.starts_with(tag(*it)))
        })
        .next()
        .unwrap_or(Locale::en)
}

/// A text that follows the language. One type for all keys, so that a thousand texts cost the
/// bundle no more code than one.
pub(crate) fn text(
    key: fn(Locale) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || key(language())
}

/// A text without values, which follows the language.
macro_rules! t {
    ($($key:ident).+) => {
        $crate::i18n::text(|locale| leptos_i18n::td_string!(locale, $($key).+))
    };
}

/// A text now, with its values; inside a closure, it follows the language.
macro_rules! say {
    ($($key:ident).+ $(, $name:ident = $value:expr)* $(,)?) => {
        leptos_i18n::td_string!($crate::i18n::language(), $($key).+ $(, $name = $value)*).to_string()
    };
}

/// A text now with a count, in the form that the language's plural rules ask for.
macro_rules! count {
    ($count:expr, $one:ident, $other:ident in $group:ident) => {{
        let count: u64 = $count;
        if $crate::format::is_singular(count) {
            $crate::i18n::say!($group.$one, count = $crate::format::whole(count))
        } else {
            $crate::i18n::say!($group.$other, count = $crate::format::whole(count))
        }
    }};
}

pub(crate) use {count, say, t};
