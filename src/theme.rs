//! Light, dark, or as the system says. The choice is an attribute of the root element, which the
//! style sheet reads.

use std::sync::LazyLock;

use leptos::prelude::*;

/// How the page is lit. There is one page, so there is one of these.
static THEME: LazyLock<ArcRwSignal<Theme>> = LazyLock::new(|| {
    let kept = choice::read("purser.theme").unwrap_or_default();
    ArcRwSignal::new(Theme::from_name(&kept))
});

/// How the page is lit now, followed.
pub(crate) fn theme() -> Theme {
    THEME.get()
}

/// Changes how the page is lit.
pub(crate) fn set_theme(theme: Theme) {
    THEME.set(theme);
}

/// How the page is lit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name in storage and in the attribute.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// What the person chose on this device, kept where it is no secret.
pub(crate) mod choice {
    use super::*;

    /// Reads a choice.
    pub(crate) fn read(key: &str) -> Option<String> {
        window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
    }

    /// Keeps a choice. Storage may be blocked; then the choice lasts as long as the page.
    pub(crate) fn keep(key: &str, value: &str) {
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.set_item(key, value);
        }
    }
}
