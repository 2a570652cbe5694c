//! One input for each kind of question, all of the same form: they show the entry and change it.

mod choice;
mod country;
mod date;
mod file;
mod files;
mod multiple_files;
mod number;
mod rich;
mod text;

use checklist::Kind;
use leptos::prelude::*;

use crate::draft::Entry;

pub(super) use number::trim_bound;

/// What every input needs to be tied to its question.
#[derive(Clone)]
struct Tie {
    /// The answer that is shown and changed.
    entry: Entry,
    /// For ids, unique on the page. The question's words have the id `{dom_id}-label`.
    dom_id: String,
    /// For `aria-describedby`: guidance and error.
    by: Signal<Option<String>>,
    required: bool,
}

impl Tie {
    /// The id of the question's words, for `aria-labelledby`.
    fn label_id(&self) -> String {
        format!("{}-label", self.dom_id)
    }
}

/// The input that suits the kind of a question.
#[component]
pub(super) fn Input(
    kind: Kind,
    entry: Entry,
    dom_id: String,
    described_by: Signal<Option<String>>,
    required: bool,
) -> AnyView {
    let tie = Tie { entry, dom_id, by: described_by, required };
    match kind {
        Kind::Boolean => choice::yes_no(tie),
        Kind::SingleSelect(choices) => choice::one_of(tie, choices),
        Kind::MultiSelect(choices) => choice::many_of(tie, choices),
        Kind::Rating(bounds) => choice::rating(tie, bounds),
        Kind::Likert(likert) => choice::likert(tie, likert),
        Kind::TextInput => text::line(tie, text::Line::Text),
        Kind::PhoneNumber => text::line(tie, text::Line::Phone),
        Kind::Email => text::line(tie, text::Line::Email),
        Kind::Url => text::line(tie, text::Line::Url),
        Kind::TextArea => text::area(tie),
        Kind::Number(bounds) => number::number(tie, bounds),
        Kind::Year(bounds) => number::whole(tie, bounds),
        Kind::Date => date::date(tie),
        Kind::DateTime => date::date_time(tie),
        Kind::Country => country::country(tie),
        Kind::RichText(limits) => rich::rich_text(tie, limits),
        Kind::File(limits) => file::file(tie, limits),
        Kind::MultipleFiles { limits, at_most } => {
            multiple_files::multiple_files(tie, limits, at_most)
        }
        // Shown read-only by the question itself.
        Kind::Unsupported(_) => ().into_any(),
    }
}
