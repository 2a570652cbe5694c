//! The buttons of the toolbar.

use checklist::Toolbar;
use leptos::web_sys::HtmlElement;

use super::editor::{around, is_on, run, run_on_lines};
use crate::{i18n::say, ui::Glyph};

/// One button of the toolbar.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Command {
    Bold,
    Italic,
    Bullets,
    Numbers,
    Link,
    Heading,
    Quote,
    Code,
}

impl Command {
    pub(super) fn of(toolbar: Toolbar) -> &'static [Self] {
        const ALL: [Command; 8] = [
            Command::Bold,
            Command::Italic,
            Command::Bullets,
            Command::Numbers,
            Command::Link,
            Command::Heading,
            Command::Quote,
            Command::Code,
        ];
        match toolbar {
            Toolbar::Minimal => &ALL[..2],
            Toolbar::Standard => &ALL[..5],
            Toolbar::Extended => &ALL,
        }
    }

    pub(super) fn label(self) -> String {
        match self {
            Self::Bold => say!(rich.bold),
            Self::Italic => say!(rich.italic),
            Self::Bullets => say!(rich.bullets),
            Self::Numbers => say!(rich.numbers),
            Self::Link => say!(rich.link),
            Self::Heading => say!(rich.heading),
            Self::Quote => say!(rich.quote),
            Self::Code => say!(rich.code),
        }
    }

    pub(super) fn glyph(self) -> Glyph {
        match self {
            Self::Bold => Glyph::Bold,
            Self::Italic => Glyph::Italic,
            Self::Bullets => Glyph::Bullets,
            Self::Numbers => Glyph::Numbers,
            Self::Link => Glyph::Link,
            Self::Heading => Glyph::Heading,
            Self::Quote => Glyph::Quote,
            Self::Code => Glyph::Code,
        }
    }

    /// Whether the selection has it already.
    pub(super) fn is_on(self, editor: &HtmlElement) -> bool {
        match self {
            Self::Bold => is_on("bold"),
            Self::Italic => is_on("italic"),
            Self::Bullets => around(editor, &["ul", "ol"]).is_some_and(|it| it.node_name() == "UL"),
            Self::Numbers => around(editor, &["ul", "ol"]).is_some_and(|it| it.node_name() == "OL"),
            Self::Link => around(editor, &["a"]).is_some(),
            Self::Heading => around(editor, &["h1", "h2", "h3", "h4", "h5", "h6"]).is_some(),
            Self::Quote => around(editor, &["blockquote"]).is_some(),
            Self::Code => around(editor, &["pre", "code"]).is_some(),
        }
    }

    /// Gives it to the selection, or takes it away. A link asks for its address first.
    pub(super) fn run(self, editor: &HtmlElement) {
        let block = |tag| run("formatBlock", if self.is_on(editor) { "p" } else { tag });
        match self {
            Self::Bold => run("bold", ""),
            Self::Italic => run("italic", ""),
            Self::Bullets => run_on_lines(editor, "insertUnorderedList"),
            Self::Numbers => run_on_lines(editor, "insertOrderedList"),
            Self::Link => {}
            Self::Heading => block("h2"),
            Self::Quote => block("blockquote"),
            Self::Code => block("pre"),
        }
    }
}
