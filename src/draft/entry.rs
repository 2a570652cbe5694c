//! The answer to one question: what the server has, what was changed on this device, and where that
//! leaves it.

use std::sync::Arc;

use api::{FormQuestion, Timestamp};
use checklist::{Problem, QuestionId, Value};
use journal::{Change, same};
use leptos::prelude::*;

use super::{read, today};

/// The answer to one question.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    id: QuestionId,
    /// The question, without its saved answer.
    question: RwSignal<Arc<FormQuestion>>,
    /// The answer that everyone sees, as the server has it.
    saved: RwSignal<Option<Saved>>,
    /// What was changed on this device.
    change: RwSignal<Option<Change>>,
    /// Why the server refused the answer last time it was sent.
    refusal: RwSignal<Option<String>>,
    sending: RwSignal<bool>,
    standing: Memo<Standing>,
    answered: Memo<bool>,
    whose: Whose,
}

/// What the entries of one draft share.
#[derive(Clone, Copy)]
pub(super) struct Whose {
    /// The full name of the person who answers.
    pub(super) me: StoredValue<String>,
    /// Told of each change, to keep it.
    pub(super) watch: StoredValue<Option<Callback<QuestionId>>>,
}

/// An answer that the server has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Saved {
    /// The answer.
    pub(crate) value: Value,
    /// The full name of who gave it.
    pub(crate) author: String,
    /// When it last changed, where the server has said so.
    pub(crate) modified: Option<Timestamp>,
}

/// A change that a person makes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edit {
    typed: Option<String>,
    value: Option<Value>,
}

impl Edit {
    /// A value that stands for itself.
    pub(crate) fn to(value: Value) -> Self {
        Self { typed: None, value: Some(value) }
    }

    /// Text, and what it means.
    pub(crate) fn typed(text: String, value: Result<Value, Problem>) -> Self {
        Self { typed: Some(text), value: value.ok() }
    }
}

/// Where the answer to a question stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Standing {
    /// There is no answer.
    Open,
    /// Changed on this device, not saved yet.
    Changed,
    /// On its way to the server.
    Saving,
    /// The server has it.
    Saved,
    /// The server refused it, and said why.
    Refused(String),
    /// Changed on this device, and elsewhere since. The person has to choose.
    Elsewhere,
}

impl Standing {
    /// Its name in the page, for styles and tests.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Changed => "changed",
            Self::Saving => "saving",
            Self::Saved => "saved",
            Self::Refused(_) => "refused",
            Self::Elsewhere => "elsewhere",
        }
    }
}

impl Entry {
    /// An answer that is neither saved nor changed.
    pub(super) fn new(question: FormQuestion, whose: Whose) -> Self {
        let saved = RwSignal::new(None);
        let change = RwSignal::new(None);
        let refusal = RwSignal::new(None);
        let sending = RwSignal::new(false);
        let standing = Memo::new(move |_| {
            standing(&saved.read(), &change.read(), &refusal.read(), *sending.read())
        });
        let answered = Memo::new(move |_| on_screen(&change.read(), &saved.read()).is_some());
        let id = question.question.id;
        let question = RwSignal::new(Arc::new(question));
        Self { id, question, saved, change, refusal, sending, standing, answered, whose }
    }

    /// Takes over the question and the answer that the server has now. A change that says the same
    /// is none any more, and one that began with what the server still has goes on from there.
    pub(super) fn refresh(self, question: FormQuestion, saved: Option<Saved>) {
        if **self.question.read_untracked() != question {
            self.question.set(Arc::new(question));
        }
        let now = saved.as_ref().map(|it| &it.value);
        if let Some(mut change) = self.change.get_untracked() {
            if change.says(now) {
                self.set_change(None);
            } else if change.base.as_ref() != now && same(change.base.as_ref(), now) {
                change.base = now.cloned();
                self.set_change(Some(change));
            }
        }
        if *self.saved.read_untracked() != saved {
            self.saved.set(saved);
        }
    }

    /// Which question it answers.
    pub(crate) fn id(self) -> QuestionId {
        self.id
    }

    /// The question, followed.
    pub(crate) fn question(self) -> Arc<FormQuestion> {
        self.question.get()
    }

    /// Looks at the answer as it is on screen: the change if there is one, else what is saved.
    /// Text that is no answer yet counts as no answer.
    pub(crate) fn with<T>(self, look: impl FnOnce(Option<&Value>) -> T) -> T {
        look(on_screen(&self.change.read(), &self.saved.read()))
    }

    /// The answer as it is on screen.
    pub(crate) fn value(self) -> Option<Value> {
        self.with(|value| value.cloned())
    }

    /// Whether there is an answer on screen.
    pub(crate) fn is_answered(self) -> bool {
        self.answered.get()
    }

    /// What was typed, where that is more than the value says.
    pub(crate) fn typed(self) -> Option<String> {
        self.change.read().as_ref()?.typed.clone()
    }

    /// What the server has.
    pub(crate) fn saved(self) -> Option<Saved> {
        self.saved.get()
    }

    /// Changes the answer on this device. A change back to what is saved is none.
    pub(crate) fn set(self, edit: Edit) {
        let saved = self.saved_value();
        let base = match &*self.change.read_untracked() {
            Some(change) => change.base.clone(),
            None => saved.clone(),
        };
        let change = Change { typed: edit.typed, value: edit.value, base };
        self.put((!change.is_nothing(saved.as_ref())).then_some(change));
    }

    /// Clears the answer: the server is asked to delete it.
    pub(crate) fn clear(self) {
        self.set(Edit::to(Value::Null));
    }

    /// Takes the change back: what the server has is the answer again.
    pub(crate) fn discard(self) {
        self.put(None);
    }

    /// Stays with the change although the answer was changed elsewhere meanwhile.
    pub(crate) fn insist(self) {
        if let Some(mut change) = self.change.get_untracked() {
            change.base = self.saved_value();
            self.put(Some(change));
        }
    }

    /// Brings a change back that was kept. Text is read again, since the rules may have changed.
    pub(super) fn restore(self, mut change: Change) {
        if let Some(typed) = &change.typed {
            change.value = read(&self.question.read_untracked().question.kind, typed).ok();
        }
        let saved = self.saved_value();
        let gone = change.says(saved.as_ref()) || change.is_nothing(saved.as_ref());
        self.put((!gone).then_some(change));
    }

    /// What has to be kept on this device.
    pub(crate) fn change(self) -> Option<Change> {
        self.change.get_untracked()
    }

    /// Whether something was changed on this device.
    pub(crate) fn is_changed(self) -> bool {
        self.standing.with(|it| !matches!(it, Standing::Open | Standing::Saved))
    }

    /// Who gave the saved answer, when it was somebody else. Then it cannot be changed here: a
    /// second answer would be stored beside it and stay invisible (`contract.md` 8).
    pub(crate) fn other_author(self) -> Option<String> {
        let saved = self.saved.read();
        let author = &saved.as_ref()?.author;
        self.whose.me.with_value(|me| author != me).then(|| author.clone())
    }

    /// Where the answer stands.
    pub(crate) fn standing(self) -> Standing {
        self.standing.get()
    }

    /// Why what is on screen cannot be sent.
    pub(crate) fn problem(self) -> Option<Problem> {
        let change = self.change.read();
        let change = change.as_ref()?;
        let question = self.question.read();
        let kind = &question.question.kind;
        match &change.value {
            None => read(kind, change.typed.as_deref().unwrap_or_default()).err(),
            Some(value) => checklist::validate(kind, value, today()).err(),
        }
    }

    /// What the server is to be told: nothing, a value, or `null` and then the value.
    ///
    /// An own answer that exists is sent as this pair in one request: the server fixes the review
    /// flag when a row is created and never again on edit (`product.md`, the form, 10).
    pub(super) fn to_send(self) -> Vec<Value> {
        let Some(Change { value: Some(value), .. }) = self.change.get_untracked() else {
            return Vec::new();
        };
        match (value, self.saved.read_untracked().is_some()) {
            (Value::Null, _) => vec![Value::Null],
            (value, true) => vec![Value::Null, value],
            (value, false) => vec![value],
        }
    }

    /// The answer is on its way, or no longer.
    pub(super) fn set_sending(self, sending: bool) {
        if *self.sending.read_untracked() != sending {
            self.sending.set(sending);
        }
    }

    /// The server refused what was sent.
    pub(super) fn refuse(self, reason: String) {
        self.refusal.set(Some(reason));
    }

    /// The server has taken `value`. What was changed since stays a change.
    pub(super) fn accept(self, value: &Value) {
        let author = self.whose.me.get_value();
        let is_there = *value != Value::Null;
        let value = is_there.then(|| value.clone());
        if let Some(mut change) = self.change.get_untracked() {
            if change.says(value.as_ref()) {
                self.put(None);
            } else {
                change.base = value.clone();
                self.put(Some(change));
            }
        }
        self.saved.set(value.map(|value| Saved { value, author, modified: None }));
    }

    fn saved_value(self) -> Option<Value> {
        self.saved.read_untracked().as_ref().map(|it| it.value.clone())
    }

    fn put(self, change: Option<Change>) {
        if self.refusal.read_untracked().is_some() {
            self.refusal.set(None);
        }
        self.set_change(change);
    }

    fn set_change(self, change: Option<Change>) {
        if *self.change.read_untracked() == change {
            return;
        }
        self.change.set(change);
        if let Some(watch) = self.whose.watch.get_value() {
            watch.run(self.id);
        }
    }
}

fn on_screen<'a>(change: &'a Option<Change>, saved: &'a Option<Saved>) -> Option<&'a Value> {
    match change {
        Some(Change { value: None | Some(Value::Null), .. }) => None,
        Some(Change { value: Some(value), .. }) => Some(value),
        None => saved.as_ref().map(|it| &it.value),
    }
}

fn standing(
    saved: &Option<Saved>,
    change: &Option<Change>,
    refusal: &Option<String>,
    sending: bool,
) -> Standing {
    let Some(change) = change else {
        return if saved.is_some() { Standing::Saved } else { Standing::Open };
    };
    if sending {
        return Standing::Saving;
    }
    if !same(change.base.as_ref(), saved.as_ref().map(|it| &it.value)) {
        return Standing::Elsewhere;
    }
    match refusal {
        Some(reason) => Standing::Refused(reason.clone()),
        None => Standing::Changed,
    }
}
