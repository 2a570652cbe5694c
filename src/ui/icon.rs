use leptos::prelude::*;

/// The pictures in `public/icons.svg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Glyph {
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    Close,
    Copy,
    Download,
    External,
    File,
    Flag,
    Info,
    Lock,
    Print,
    Search,
    SortDown,
    SortUp,
    Upload,
    Warning,
}

impl Glyph {
    fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::ChevronDown => "chevron-down",
            Self::ChevronLeft => "chevron-left",
            Self::ChevronRight => "chevron-right",
            Self::Close => "close",
            Self::Copy => "copy",
            Self::Download => "download",
            Self::External => "external",
            Self::File => "file",
            Self::Flag => "flag",
            Self::Info => "info",
            Self::Lock => "lock",
            Self::Print => "print",
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
pub fn Icon(
    /// Which one.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" width="16" height="16">
            <use_ href=format!("/icons.svg#{}", glyph.name())></use_>
        </svg>
    }
}
