//! One input for each kind of question, all of the same form: they show the entry and change it, and
//! read no other.

mod boolean;
mod calendar;
mod clear;
mod country;
mod date;
mod datetime;
mod email;
mod file;
mod files;
mod likert;
mod multi_select;
mod multiple_files;
mod number;
mod phone_number;
mod radios;
mod range;
mod rating;
mod rich_text;
mod single_select;
mod text_area;
mod text_input;
mod typed;
mod url;
mod year;

#[cfg(all(test, feature = "ssr"))]
mod markup;

use checklist::Kind;
use leptos::prelude::*;

use crate::draft::Entry;

pub(super) use range::trim_bound;

/// What every input needs to be tied to its question.
#[derive(Clone)]
struct Tie {
    /// The answer that is shown and changed.
    entry: Entry,
    /// For ids, unique on the page. The question's words have the id `{dom_id}-label`, and what takes
    /// focus first `{dom_id}-0`.
    dom_id: String,
    /// For `aria-describedby`: guidance and error.
    by: Signal<Option<String>>,
    /// Whether the question says that something is wrong with the answer.
    invalid: Signal<bool>,
    required: bool,
}

impl Tie {
    /// The id of the question's words, for `aria-labelledby`.
    fn label_id(&self) -> String {
        format!("{}-label", self.dom_id)
    }

    /// The id of what takes focus first.
    fn first_id(&self) -> String {
        format!("{}-0", self.dom_id)
    }

    /// For `aria-describedby`, with a part of the input's own.
    fn described_by(&self, own: String) -> impl Fn() -> String + Send + Sync + 'static {
        let by = self.by;
        move || match by.get() {
            Some(by) => format!("{by} {own}"),
            None => own.clone(),
        }
    }

    /// For `aria-required`.
    fn required(&self) -> Option<&'static str> {
        self.required.then_some("true")
    }

    /// For `aria-invalid`.
    fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + Sync + 'static {
        let invalid = self.invalid;
        move || invalid.get().then_some("true")
    }
}

/// The input that suits the kind of a question.
#[component]
pub(super) fn Input(
    kind: Kind,
    entry: Entry,
    dom_id: String,
    described_by: Signal<Option<String>>,
    /// Whether the question says that something is wrong with the answer.
    #[prop(optional, into)]
    invalid: Signal<bool>,
    required: bool,
) -> AnyView {
    let tie = Tie { entry, dom_id, by: described_by, invalid, required };
    match kind {
        Kind::Boolean => boolean::boolean(tie),
        Kind::SingleSelect(choices) => single_select::single_select(tie, choices),
        Kind::MultiSelect(choices) => multi_select::multi_select(tie, choices),
        Kind::TextInput => text_input::text_input(tie),
        Kind::TextArea => text_area::text_area(tie),
        Kind::Number(bounds) => number::number(tie, bounds),
        Kind::Date => date::date(tie),
        Kind::DateTime => datetime::datetime(tie),
        Kind::Year(bounds) => year::year(tie, bounds),
        Kind::Rating(bounds) => rating::rating(tie, bounds),
        Kind::PhoneNumber => phone_number::phone_number(tie),
        Kind::Email => email::email(tie),
        Kind::Url => url::url(tie),
        Kind::Country => country::country(tie),
        Kind::Likert(likert) => likert::likert(tie, likert),
        Kind::RichText(limits) => rich_text::rich_text(tie, limits),
        Kind::File(limits) => file::file(tie, limits),
        Kind::MultipleFiles { limits, at_most } => {
            multiple_files::multiple_files(tie, limits, at_most)
        }
        // Shown read-only by the question itself.
        Kind::Unsupported(_) => ().into_any(),
    }
}
