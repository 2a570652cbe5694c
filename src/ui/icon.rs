use leptos::prelude::*;

/// The pictures in `public/icons.svg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    Bold,
    Bullets,
    Calendar,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    Close,
    Code,
    Copy,
    Download,
    External,
    File,
    Flag,
    Heading,
    Info,
    Italic,
    Link,
    Lock,
    Numbers,
    Quote,
    Search,
    SortDown,
    SortUp,
    Upload,
    Warning,
}

impl Glyph {
    fn name(self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Bullets => "bullets",
            Self::Calendar => "calendar",
            Self::Check => "check",
            Self::ChevronDown => "chevron-down",
            Self::ChevronLeft => "chevron-left",
            Self::ChevronRight => "chevron-right",
            Self::Close => "close",
            Self::Code => "code",
            Self::Copy => "copy",
            Self::Download => "download",
            Self::External => "external",
            Self::File => "file",
            Self::Flag => "flag",
            Self::Heading => "heading",
            Self::Info => "info",
            Self::Italic => "italic",
            Self::Link => "link",
            Self::Lock => "lock",
            Self::Numbers => "numbers",
            Self::Quote => "quote",
            Self::Search => "search",
            Self::SortDown => "sort-down",
            Self::SortUp => "sort-up",
            Self::Upload => "upload",
            Self::Warning => "warning",
        }
    }
}

/// A picture beside words. It says nothing to a screen reader: the words do.
#[component]
pub(crate) fn Icon(
    /// Which one.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" width="16" height="16">
            <use_ href=format!("/icons.svg#{}", glyph.name())></use_>
        </svg>
    }
}

/// The sign of Purser, beside its name.
#[component]
pub(crate) fn Mark(
    /// Edge length in pixels.
    size: u8,
) -> impl IntoView {
    // Not written into the view as a literal: what is wholly literal there is set as HTML, and the
    // page's Content-Security-Policy forbids that.
    let address = || "/icons.svg#mark";
    view! {
        <svg class="header__mark" aria-hidden="true" viewBox="0 0 22 22" width=size height=size>
            <use_ href=address></use_>
        </svg>
    }
}
