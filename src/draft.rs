//! The answers being edited: what the server has, what was changed on this device, and what the
//! rules make of both. Everything a form shows about an answer is derived from here.
//!
//! Drafts live as long as the page, so that leaving the form and coming back loses nothing; the
//! journal keeps their changes beyond that.

mod entry;
mod read;
#[cfg(all(test, feature = "ssr"))]
mod walk;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use api::{ChecklistForm, ChecklistInfo, Completion, Conditions, OfferingUserId};
use checklist::{QuestionId, Value, Visibility};
use journal::Change;
use js_sys::Date;
use leptos::prelude::*;

pub(crate) use entry::{Edit, Entry, Saved, Standing};
pub(crate) use read::read;

use entry::Whose;

/// How long a draft outlives the screen that showed it.
const PATIENCE: Duration = Duration::from_secs(2);

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

    /// The draft of an account over what the server has now.
    ///
    /// The changes go on in new signals: the old ones keep a trace of everything that ever followed
    /// them. Only while a save is under way, the draft stays the same.
    pub(crate) fn open(self, account: OfferingUserId, form: ChecklistForm, me: &str) -> Draft {
        let before = self.drafts.read_value().get(&account).copied();
        if let Some(draft) = before.filter(|it| it.is_busy()) {
            draft.refresh(form);
            return draft;
        }
        let owner = self.owner.with_value(Owner::child);
        let draft = owner.with(|| Draft::new(form, me));
        if let Some(before) = before {
            draft.restore(before.changes(), None);
            before.dispose_soon();
        }
        self.drafts.update_value(|drafts| {
            drafts.insert(account, draft);
        });
        draft
    }

    /// Whether any draft holds a change that is not saved.
    pub(crate) fn any_changed(self) -> bool {
        untrack(|| self.drafts.read_value().values().any(|draft| draft.changed() > 0))
    }

    /// Forgets the draft of one account.
    pub(crate) fn forget(self, account: OfferingUserId) {
        self.drafts.update_value(|drafts| {
            if let Some(draft) = drafts.remove(&account) {
                draft.dispose_soon();
            }
        });
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
    /// Owns the signals of all answers, also of questions that come later.
    owner: StoredValue<Owner>,
    checklist: RwSignal<ChecklistInfo>,
    completion: RwSignal<Completion>,
    /// The questions in their order.
    list: RwSignal<Arc<Vec<Asked>>>,
    entries: StoredValue<BTreeMap<QuestionId, Asked>>,
    /// What the server showed last, for conditions that we cannot resolve ourselves.
    shown_by_server: RwSignal<Option<BTreeSet<QuestionId>>>,
    /// Whether a save is under way.
    busy: StoredValue<bool>,
    /// The question that was changed last before the draft was brought back.
    last_changed: RwSignal<Option<QuestionId>>,
    whose: Whose,
}

/// A question of the checklist: its answer, and whether it is shown.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// The answer.
    pub(crate) entry: Entry,
    shown: Memo<bool>,
}

impl Asked {
    /// Whether the question is shown, with the answers as they are on screen.
    pub(crate) fn is_shown(self) -> bool {
        self.shown.get()
    }
}

impl Draft {
    fn new(form: ChecklistForm, me: &str) -> Self {
        let draft = Self {
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            checklist: RwSignal::new(form.checklist.clone()),
            completion: RwSignal::new(form.completion.clone()),
            list: RwSignal::new(Arc::default()),
            entries: StoredValue::new(BTreeMap::new()),
            shown_by_server: RwSignal::new(None),
            busy: StoredValue::new(false),
            last_changed: RwSignal::new(None),
            whose: Whose { me: StoredValue::new(me.to_owned()), watch: StoredValue::new(None) },
        };
        draft.refresh(form);
        draft
    }

    /// Takes over what the server has now. Changes on this device stay.
    pub(crate) fn refresh(self, form: ChecklistForm) {
        let mut list = Vec::with_capacity(form.questions.len());
        for mut question in form.questions {
            let id = question.question.id;
            let saved = question.existing.take().map(|it| Saved {
                value: it.value,
                author: it.author,
                modified: Some(it.modified),
            });
            let known = self.entries.with_value(|entries| entries.get(&id).copied());
            let asked = known.unwrap_or_else(|| {
                let asked = self.owner.with_value(|owner| {
                    owner.with(|| self.ask(Entry::new(question.clone(), self.whose)))
                });
                self.entries.update_value(|entries| {
                    entries.insert(id, asked);
                });
                asked
            });
            asked.entry.refresh(question, saved);
            list.push(asked);
        }
        let ids = |list: &[Asked]| list.iter().map(|it| it.entry.id()).collect::<Vec<_>>();
        if ids(&self.list.read_untracked()) != ids(&list) {
            self.list.set(Arc::new(list));
        }
        self.checklist.set(form.checklist);
        self.completion.set(form.completion);
    }

    fn ask(self, entry: Entry) -> Asked {
        Asked { entry, shown: Memo::new(move |_| self.decide(entry)) }
    }

    /// Whether a question is shown. Where its conditions name a question by a text that several
    /// have, the server's word is asked for (`contract.md` 6.4); until it is here, the question is
    /// shown.
    fn decide(self, entry: Entry) -> bool {
        let question = entry.question();
        if matches!(question.conditions, Conditions::Ambiguous(_)) {
            let shown = self.shown_by_server.read();
            return shown.as_ref().is_none_or(|it| it.contains(&entry.id()));
        }
        question.question.visibility.as_ref().is_none_or(|visibility| self.holds(visibility))
    }

    fn holds(self, visibility: &Visibility) -> bool {
        let answers: BTreeMap<QuestionId, Value> = visibility
            .conditions
            .iter()
            .filter_map(|it| Some((it.parent, self.value(it.parent)?)))
            .collect();
        visibility.holds(|id| answers.get(&id))
    }

    /// What checklist it is.
    pub(crate) fn checklist(self) -> ChecklistInfo {
        self.checklist.get()
    }

    /// Where the checklist stands by the server's last word.
    pub(crate) fn completion(self) -> Completion {
        self.completion.get()
    }

    /// The questions in their order, shown or not.
    pub(crate) fn questions(self) -> Arc<Vec<Asked>> {
        self.list.get()
    }

    /// The questions that are shown now, in order.
    pub(crate) fn shown(self) -> Vec<Entry> {
        self.list.read().iter().filter(|it| it.is_shown()).map(|it| it.entry).collect()
    }

    /// The answer to a question of this checklist.
    pub(crate) fn entry(self, id: QuestionId) -> Option<Entry> {
        self.entries.with_value(|entries| entries.get(&id).map(|it| it.entry))
    }

    /// The answer on screen to a question, if it is in this checklist.
    pub(crate) fn value(self, id: QuestionId) -> Option<Value> {
        self.entry(id)?.value()
    }

    /// Takes over which questions the server shows for the saved answers.
    pub(crate) fn heed(self, shown: BTreeSet<QuestionId>) {
        self.shown_by_server.set(Some(shown));
    }

    /// Whether the form cannot know which questions appear, because the server does not say or says
    /// it ambiguously. Then saving shows new questions.
    pub(crate) fn asks_server(self) -> bool {
        self.any_condition(|it| matches!(it, Conditions::Unknown | Conditions::Ambiguous(_)))
    }

    /// Whether the form needs the server to say which of its questions are shown.
    pub(crate) fn is_ambiguous(self) -> bool {
        self.any_condition(|it| matches!(it, Conditions::Ambiguous(_)))
    }

    fn any_condition(self, is: impl Fn(&Conditions) -> bool) -> bool {
        self.list.read().iter().any(|it| is(&it.entry.question().conditions))
    }

    /// The changes that are not saved, followed.
    pub(crate) fn changed(self) -> usize {
        self.list.read().iter().filter(|it| it.entry.is_changed()).count()
    }

    /// The answers that were changed here and elsewhere: the person has to choose.
    pub(crate) fn elsewhere(self) -> Vec<Entry> {
        let list = self.list.read();
        let entries = list.iter().map(|it| it.entry);
        entries.filter(|it| it.standing() == Standing::Elsewhere).collect()
    }

    /// The changes in the order of the checklist, as the server is to get them. Answers to questions
    /// that are not shown are among them.
    pub(crate) fn submission(self) -> Vec<(QuestionId, Value)> {
        let list = self.list.get_untracked();
        let of = |it: &Asked| {
            let id = it.entry.id();
            it.entry.to_send().into_iter().map(move |value| (id, value))
        };
        list.iter().flat_map(of).collect()
    }

    /// What was sent is on its way, or no longer.
    pub(crate) fn set_sending(self, sent: &[(QuestionId, Value)], sending: bool) {
        for entry in sent.iter().filter_map(|(id, _)| self.entry(*id)) {
            entry.set_sending(sending);
        }
    }

    /// Marks each answer that the server refused. `reasons` are in the order of the submission.
    pub(crate) fn refuse(self, sent: &[(QuestionId, Value)], reasons: Vec<Option<String>>) {
        for ((id, _), reason) in sent.iter().zip(reasons) {
            if let (Some(entry), Some(reason)) = (self.entry(*id), reason) {
                entry.refuse(reason);
            }
        }
    }

    /// The server has taken these answers: they are no changes any more, unless they were changed
    /// again meanwhile.
    pub(crate) fn accept(self, sent: &[(QuestionId, Value)]) {
        // Of a pair, the value comes last.
        let last: BTreeMap<_, _> = sent.iter().map(|(id, value)| (*id, value)).collect();
        for (id, value) in last {
            if let Some(entry) = self.entry(id) {
                entry.accept(value);
            }
        }
    }

    /// Calls `tell` with the question whose change has to be kept anew or forgotten.
    pub(crate) fn watch(self, tell: Callback<QuestionId>) {
        self.whose.watch.set_value(Some(tell));
    }

    /// What has to be kept of a question on this device; `None`: nothing.
    pub(crate) fn change(self, id: QuestionId) -> Option<Change> {
        self.entry(id)?.change()
    }

    /// All that has to be kept on this device.
    fn changes(self) -> BTreeMap<QuestionId, Change> {
        let list = self.list.get_untracked();
        list.iter().filter_map(|it| Some((it.entry.id(), it.entry.change()?))).collect()
    }

    /// Whether a save is under way.
    fn is_busy(self) -> bool {
        self.busy.get_value()
    }

    /// A save is under way, or no longer.
    pub(crate) fn set_busy(self, busy: bool) {
        self.busy.set_value(busy);
    }

    /// Frees the signals once what still looks at them is gone.
    fn dispose_soon(self) {
        set_timeout(move || self.owner.with_value(Owner::cleanup), PATIENCE);
    }

    /// Brings changes back that were kept, over what the server has now. `last` is the question that
    /// was changed last, where the person goes on.
    pub(crate) fn restore(self, changes: BTreeMap<QuestionId, Change>, last: Option<QuestionId>) {
        for (id, change) in changes {
            if let Some(entry) = self.entry(id) {
                entry.restore(change);
            }
        }
        self.last_changed.set(last);
    }

    /// Where the person goes on after the draft was brought back. Told once.
    pub(crate) fn take_last_changed(self) -> Option<QuestionId> {
        self.last_changed.try_update_untracked(Option::take).flatten()
    }
}

/// Today, for dates that name only a part of one.
fn today() -> (i32, u8, u8) {
    let now = Date::new_0();
    let part = |value: u32| u8::try_from(value).unwrap_or(1);
    let year = i32::try_from(now.get_full_year()).unwrap_or(1970);
    (year, part(now.get_month() + 1), part(now.get_date()))
}
