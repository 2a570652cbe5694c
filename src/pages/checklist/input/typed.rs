//! What all fields that are typed into share: the text stays as it was typed, and what it means is the
//! answer.

use checklist::{Kind, Problem, Value};
use leptos::prelude::*;

use super::{Tie, clear::Clear};
use crate::{
    draft::{Edit, Entry, read},
    i18n::t,
    ui::live,
};

/// The text in a field.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    entry: Entry,
    kind: StoredValue<Kind>,
    /// How an answer stands in the field before somebody types.
    show: fn(&Value) -> String,
    /// What a text means. More than [`read`] where the language of the page matters.
    means: fn(&Kind, &str) -> Result<Value, Problem>,
    /// The answer that was there first, whose spelling may be none that is typed.
    first: StoredValue<Option<Value>>,
    /// The last text. It stays while it means the answer.
    last: RwSignal<Option<String>>,
}

impl Typed {
    pub(super) fn new(entry: Entry, kind: Kind, show: fn(&Value) -> String) -> Self {
        Self::with_meaning(entry, kind, show, read)
    }

    pub(super) fn with_meaning(
        entry: Entry,
        kind: Kind,
        show: fn(&Value) -> String,
        means: fn(&Kind, &str) -> Result<Value, Problem>,
    ) -> Self {
        let first = StoredValue::new(untrack(|| entry.value()));
        let (kind, last) = (StoredValue::new(kind), RwSignal::new(None));
        Self { entry, kind, show, means, first, last }
    }

    /// What stands in the field, followed.
    pub(super) fn text(self) -> String {
        if let Some(typed) = self.entry.typed() {
            return typed;
        }
        let answer = self.entry.value();
        match self.last.get() {
            Some(last) if self.answer(&last) == answer => last,
            _ => answer.as_ref().map(self.show).unwrap_or_default(),
        }
    }

    /// Takes what stands in the field now.
    pub(super) fn set(self, text: String) {
        let meaning = self.meaning(&text);
        let edit = match &meaning {
            // An empty text would count as answered (`contract.md` 5.2).
            Ok(Value::Null) => Edit::to(Value::Null),
            // The text says no more than the value, or it will not mean the same everywhere.
            Ok(value) if self.stands_for_itself(&text, value) => Edit::to(value.clone()),
            _ => Edit::typed(text.clone(), meaning),
        };
        self.last.set(Some(text));
        self.entry.set(edit);
    }

    /// Takes an answer that was chosen.
    pub(super) fn choose(self, value: Value) {
        self.last.set(None);
        self.entry.set(Edit::to(value));
    }

    /// Whether what stands in the field is no answer yet, followed.
    pub(super) fn is_unread(self) -> bool {
        self.entry.typed().is_some_and(|text| self.meaning(&text).is_err())
    }

    fn meaning(self, text: &str) -> Result<Value, Problem> {
        let first = self.first.get_value().filter(|it| (self.show)(it) == text);
        first.filter(|_| !text.is_empty()).map_or_else(|| self.read(self.means, text), Ok)
    }

    fn read(
        self,
        how: fn(&Kind, &str) -> Result<Value, Problem>,
        text: &str,
    ) -> Result<Value, Problem> {
        self.kind.with_value(|kind| how(kind, text))
    }

    fn answer(self, text: &str) -> Option<Value> {
        self.meaning(text).ok().filter(|it| *it != Value::Null)
    }

    fn stands_for_itself(self, text: &str, value: &Value) -> bool {
        (self.show)(value) == text || self.read(read, text).as_ref() != Ok(value)
    }
}

/// A line to type into. Never `type="number"`, `email` and their like: the browser hides or changes
/// what it cannot read, and a wheel changes a number by accident.
pub(super) fn line(tie: &Tie, typed: Typed, look: Look, own: Option<String>) -> AnyView {
    let by = tie.by;
    let described = own.map(|own| tie.described_by(own));
    view! {
        <input
            class=look.class
            type="text"
            inputmode=look.keyboard
            autocomplete=look.autocomplete
            dir="auto"
            id=tie.first_id()
            aria-labelledby=tie.label_id()
            aria-describedby=move || described.as_ref().map_or_else(|| by.get(), |it| Some(it()))
            aria-required=tie.required()
            aria-invalid=tie.invalid()
            prop:value=move || typed.text()
            on:input:target=move |event| typed.set(event.target().value())
        />
    }
    .into_any()
}

/// How a line looks, and what the browser may do for it.
pub(super) struct Look {
    pub(super) class: &'static str,
    /// `inputmode`: which keys a touch screen offers.
    pub(super) keyboard: &'static str,
    /// `autocomplete`.
    pub(super) autocomplete: &'static str,
}

/// A field of plain text whose answer is what was typed.
pub(super) fn plain(entry: Entry, kind: Kind) -> Typed {
    Typed::new(entry, kind, text_of)
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => other.python_repr(),
    }
}

/// A line of plain text with what looks wrong in it. The server takes any text; a shape that looks
/// wrong is pointed out and not refused.
pub(super) fn doubted(
    tie: Tie,
    kind: Kind,
    look: Look,
    doubt: fn(&str) -> Option<String>,
) -> AnyView {
    let entry = tie.entry;
    let words = Memo::new(move |_| {
        entry.with(|value| match value {
            Some(Value::Text(text)) if !text.trim().is_empty() => doubt(text.trim()),
            _ => None,
        })
    });
    let doubt_id = format!("{}-doubt", tie.dom_id);
    view! {
        {line(&tie, plain(entry, kind), look, Some(doubt_id.clone()))}
        <p class="question__doubt" role="status" id=doubt_id>{words}</p>
        <EmptyText tie/>
    }
    .into_any()
}

/// A stored empty text is an answer, though nothing is to be seen of it.
#[component]
pub(super) fn EmptyText(tie: Tie) -> impl IntoView {
    let entry = tie.entry;
    let is_empty = Memo::new(move |_| {
        entry.with(|value| matches!(value, Some(Value::Text(text)) if text.is_empty()))
    });
    live(move || {
        is_empty.get().then(|| {
            view! {
                <p class="soft">{t!(checklist.empty_text)}</p>
                <Clear tie=tie.clone()/>
            }
        })
    })
}
