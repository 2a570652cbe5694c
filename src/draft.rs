//! The answers being edited: what the server has, what was changed on this device, and what the
//! rules make of both. Everything a form shows about an answer is derived from here.
//!
//! Drafts live as long as the page, so that leaving the form and coming back loses nothing.

mod read;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use api::{ChecklistForm, Conditions, FormQuestion, OfferingUserId};
use checklist::{Kind, Problem, QuestionId, Value, Visibility};
use js_sys::Date;
use leptos::prelude::*;

pub(crate) use read::read;

/// The drafts of this page, by account.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    drafts: StoredValue<BTreeMap<OfferingUserId, Draft>>,
    /// Owns the signals of all drafts, since the pages that use them come and go.
    owner: StoredValue<Owner>,
}

impl Drafts {
    /// Makes the collection, for everything below the caller.
    pub(crate) fn provide() {
        let owner = Owner::current().unwrap_or_default();
        provide_context(Self {
            drafts: StoredValue::new(BTreeMap::new()),
            owner: StoredValue::new(owner),
        });
    }

    /// The draft of an account, brought up to date with what the server has now.
    pub(crate) fn open(self, account: OfferingUserId, form: ChecklistForm, me: &str) -> Draft {
        if let Some(draft) = self.drafts.read_value().get(&account).copied() {
            draft.refresh(form, me);
            return draft;
        }
        let draft = self.owner.with_value(|owner| owner.with(|| Draft::new(form, me)));
        self.drafts.update_value(|drafts| {
            drafts.insert(account, draft);
        });
        draft
    }

    /// Whether any draft holds a change that is not saved.
    pub(crate) fn any_changed(self) -> bool {
        self.drafts.read_value().values().any(|draft| draft.is_changed_untracked())
    }

    /// Forgets all drafts, when another person takes over.
    pub(crate) fn clear(self) {
        self.drafts.update_value(BTreeMap::clear);
    }
}

/// The drafts of the page.
pub(crate) fn use_drafts() -> Drafts {
    expect_context()
}

/// The answers to one checklist.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    form: RwSignal<Arc<ChecklistForm>>,
    entries: RwSignal<Arc<BTreeMap<QuestionId, Entry>>>,
    /// What the server showed last, for conditions that we cannot resolve ourselves.
    shown_by_server: RwSignal<Option<BTreeSet<QuestionId>>>,
}

/// The answer to one question.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    /// The answer that everyone sees, as the server has it.
    saved: RwSignal<Option<Value>>,
    /// Who gave it, when it was somebody else. Then it cannot be changed here: a second answer
    /// would be stored beside it and stay invisible (`contract.md` 8).
    other_author: RwSignal<Option<String>>,
    /// What was changed on this device.
    edit: RwSignal<Option<Edit>>,
    /// Why the server refused the answer last time it was sent.
    refusal: RwSignal<Option<String>>,
}

/// A change that is not saved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edit {
    /// What the person typed, where that is more than the value says: `12.50`, or `12,` on the way.
    typed: Option<String>,
    /// What it means. `Null` clears the answer; `Err` is text that is no answer yet.
    value: Result<Value, Problem>,
}

impl Edit {
    /// A value that stands for itself.
    pub(crate) fn to(value: Value) -> Self {
        Self { typed: None, value: Ok(value) }
    }

    /// Text, and what it means.
    pub(crate) fn typed(text: String, value: Result<Value, Problem>) -> Self {
        Self { typed: Some(text), value }
    }
}

/// Where the answer to a question stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Standing {
    /// There is no answer.
    Open,
    /// The server has it.
    Saved,
    /// Changed on this device, not saved yet.
    Changed,
    /// The server refused it, and said why.
    Refused(String),
}

impl Entry {
    fn new() -> Self {
        Self {
            saved: RwSignal::new(None),
            other_author: RwSignal::new(None),
            edit: RwSignal::new(None),
            refusal: RwSignal::new(None),
        }
    }

    /// Looks at the answer as it is on screen: the change if there is one, else what is saved.
    /// Text that is no answer yet counts as no answer.
    pub(crate) fn with<T>(self, look: impl FnOnce(Option<&Value>) -> T) -> T {
        match &*self.edit.read() {
            Some(Edit { value: Ok(Value::Null) | Err(_), .. }) => look(None),
            Some(Edit { value: Ok(value), .. }) => look(Some(value)),
            None => look(self.saved.read().as_ref()),
        }
    }

    /// The answer as it is on screen.
    pub(crate) fn value(self) -> Option<Value> {
        self.with(|value| value.cloned())
    }

    /// What was typed, where that is more than the value says.
    pub(crate) fn typed(self) -> Option<String> {
        self.edit.read().as_ref()?.typed.clone()
    }

    /// Changes the answer on this device. A change back to what is saved is none.
    pub(crate) fn set(self, edit: Edit) {
        self.refusal.set(None);
        let same = match (&edit.value, &*self.saved.read_untracked()) {
            (Ok(Value::Null), None) => edit.typed.as_deref().is_none_or(str::is_empty),
            (Ok(value), Some(saved)) => value == saved,
            _ => false,
        };
        self.edit.set((!same).then_some(edit));
    }

    /// Clears the answer: the server is asked to delete it.
    pub(crate) fn clear(self) {
        self.set(Edit::to(Value::Null));
    }

    /// Takes the change back.
    pub(crate) fn discard(self) {
        self.refusal.set(None);
        self.edit.set(None);
    }

    /// Who gave the saved answer, when it was somebody else.
    pub(crate) fn other_author(self) -> Option<String> {
        self.other_author.get()
    }

    /// Where the answer stands.
    pub(crate) fn standing(self) -> Standing {
        if let Some(reason) = self.refusal.get() {
            return Standing::Refused(reason);
        }
        match (self.edit.read().is_some(), self.saved.read().is_some()) {
            (true, _) => Standing::Changed,
            (false, true) => Standing::Saved,
            (false, false) => Standing::Open,
        }
    }

    /// Why what is on screen cannot be sent.
    fn problem(self, kind: &Kind) -> Option<Problem> {
        match &self.edit.read().as_ref()?.value {
            Err(problem) => Some(problem.clone()),
            Ok(value) => checklist::validate(kind, value, today()).err(),
        }
    }
}

impl Draft {
    fn new(form: ChecklistForm, me: &str) -> Self {
        let draft = Self {
            form: RwSignal::new(Arc::new(form.clone())),
            entries: RwSignal::new(Arc::default()),
            shown_by_server: RwSignal::new(None),
        };
        draft.refresh(form, me);
        draft
    }

    /// Takes over what the server has now. Changes on this device stay.
    pub(crate) fn refresh(self, form: ChecklistForm, me: &str) {
        let known = self.entries.get_untracked();
        let mut entries = BTreeMap::new();
        for question in &form.questions {
            let id = question.question.id;
            let entry = known.get(&id).copied().unwrap_or_else(Entry::new);
            let saved = question.existing.as_ref();
            let author = saved.map(|it| it.author.clone()).filter(|author| author != me);
            entry.other_author.set(author);
            entry.saved.set(saved.map(|it| it.value.clone()));
            entries.insert(id, entry);
        }
        self.form.set(Arc::new(form));
        self.entries.set(Arc::new(entries));
    }

    /// The checklist as the server sent it last.
    pub(crate) fn form(self) -> Arc<ChecklistForm> {
        self.form.get()
    }

    /// The answer to a question of this checklist.
    pub(crate) fn entry(self, id: QuestionId) -> Option<Entry> {
        self.entries.read_untracked().get(&id).copied()
    }

    /// Takes over which questions the server shows for the saved answers.
    pub(crate) fn heed(self, shown: BTreeSet<QuestionId>) {
        self.shown_by_server.set(Some(shown));
    }

    /// Whether a question is shown, with the answers as they are on screen. Where its conditions
    /// name a question by a text that several have, the server's word is asked for (`contract.md`
    /// 6.4); until it is here, the question is shown.
    pub(crate) fn is_visible(self, question: &FormQuestion) -> bool {
        if matches!(question.conditions, Conditions::Ambiguous(_)) {
            let shown = self.shown_by_server.read();
            return shown.as_ref().is_none_or(|it| it.contains(&question.question.id));
        }
        question.question.visibility.as_ref().is_none_or(|visibility| self.holds(visibility))
    }

    fn holds(self, visibility: &Visibility) -> bool {
        let answers: BTreeMap<QuestionId, Value> = visibility
            .conditions
            .iter()
            .filter_map(|it| Some((it.parent, self.entry(it.parent)?.value()?)))
            .collect();
        visibility.holds(|id| answers.get(&id))
    }

    /// The answer on screen to a question, if it is in this checklist.
    pub(crate) fn value(self, id: QuestionId) -> Option<Value> {
        self.entry(id)?.value()
    }

    /// Why what is on screen cannot be sent.
    pub(crate) fn problem(self, question: &FormQuestion) -> Option<Problem> {
        self.entry(question.question.id)?.problem(&question.question.kind)
    }

    /// The questions that are shown now, in order.
    pub(crate) fn visible(self) -> BTreeSet<QuestionId> {
        let form = self.form();
        form.questions.iter().filter(|it| self.is_visible(it)).map(|it| it.question.id).collect()
    }

    /// The changes in the order of the checklist, as the server is to get them.
    ///
    /// An own answer that exists is sent as the pair `null`, then the value, in one request: the
    /// server fixes the review flag when a row is created and never again on edit (`product.md`,
    /// the form, 10).
    pub(crate) fn submission(self) -> Vec<(QuestionId, Value)> {
        let mut out = Vec::new();
        for question in &self.form.get_untracked().questions {
            let id = question.question.id;
            let Some(entry) = self.entry(id) else { continue };
            let Some(Edit { value: Ok(value), .. }) = entry.edit.get_untracked() else { continue };
            if entry.saved.read_untracked().is_some() && value != Value::Null {
                out.push((id, Value::Null));
            }
            out.push((id, value));
        }
        out
    }

    /// Marks each answer that the server refused. `reasons` are in the order of the submission.
    pub(crate) fn refuse(self, sent: &[(QuestionId, Value)], reasons: &[Option<String>]) {
        for ((id, _), reason) in sent.iter().zip(reasons) {
            if let (Some(entry), Some(reason)) = (self.entry(*id), reason) {
                entry.refusal.set(Some(reason.clone()));
            }
        }
    }

    /// The server has taken these answers: they are no changes any more, unless they were changed
    /// again meanwhile.
    pub(crate) fn accept(self, sent: &[(QuestionId, Value)]) {
        for (id, value) in sent {
            let Some(entry) = self.entry(*id) else { continue };
            entry.edit.update(|edit| {
                if edit.as_ref().is_some_and(|it| it.value.as_ref() == Ok(value)) {
                    *edit = None;
                }
            });
            entry.refusal.set(None);
        }
    }

    /// The changes that are not saved, followed.
    pub(crate) fn changed(self) -> usize {
        self.entries.read().values().filter(|entry| entry.edit.read().is_some()).count()
    }

    fn is_changed_untracked(self) -> bool {
        self.entries.read_untracked().values().any(|entry| entry.edit.read_untracked().is_some())
    }
}

/// Today, for dates that name only a part of one.
fn today() -> (i32, u8, u8) {
    let now = Date::new_0();
    let part = |value: u32| u8::try_from(value).unwrap_or(1);
    let year = i32::try_from(now.get_full_year()).unwrap_or(1970);
    (year, part(now.get_month() + 1), part(now.get_date()))
}
