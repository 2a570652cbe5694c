//! What the journal knows: what was changed, what is on the disk, and what is on its way there.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
};

use ::journal::{Change, Queue, file_keys};
use api::UserId;
use leptos::wasm_bindgen::JsValue;

use super::{
    State, Trouble,
    vault::{Place, Stamp, Vault},
};
use crate::device_files::{DeviceFiles, is_device_key};

thread_local! {
    /// The journal of the person who is here, once it is open.
    static BOOK: RefCell<Option<Book>> = const { RefCell::new(None) };
}

/// The journal of one person.
pub(super) struct Book {
    person: UserId,
    vault: Vault,
    pub(super) device_files: DeviceFiles,
    pub(super) queue: Queue<Place>,
    /// What was changed in this page, as it is now.
    latest: BTreeMap<Place, Latest>,
    /// What is on the disk, as far as this page knows.
    written: BTreeMap<Place, Written>,
    /// The files that are to be written. The first one is on its way.
    files: VecDeque<(Place, String)>,
    /// The files that could not be written.
    failed_files: Vec<(Place, String)>,
    trouble: Option<Trouble>,
    /// Something is writing files, one after the other.
    pub(super) is_writing_files: bool,
    /// Something will look at the queue when its next is due.
    pub(super) is_waking: bool,
}

/// The newest state of an answer.
#[derive(Clone)]
pub(super) struct Latest {
    /// `None`: it is no longer changed.
    pub(super) change: Option<Change>,
    /// When it was changed, in milliseconds since 1970.
    pub(super) at: f64,
}

/// A changed answer on the disk.
pub(super) struct Written {
    pub(super) stamp: Stamp,
    /// The files in it, also those that are not whole yet.
    pub(super) files: BTreeSet<String>,
}

/// Looks at the journal, if it is open.
pub(super) fn with<T>(look: impl FnOnce(&mut Book) -> T) -> Option<T> {
    BOOK.with_borrow_mut(|book| book.as_mut().map(look))
}

/// Begins the journal of a person.
pub(super) fn begin(person: UserId, vault: Vault, device_files: DeviceFiles) {
    BOOK.set(Some(Book {
        person,
        vault,
        device_files,
        queue: Queue::default(),
        latest: BTreeMap::new(),
        written: BTreeMap::new(),
        files: VecDeque::new(),
        failed_files: Vec::new(),
        trouble: None,
        is_writing_files: false,
        is_waking: false,
    }));
}

/// Ends the journal.
pub(super) fn take() -> Option<Vault> {
    BOOK.take().map(|book| book.vault)
}

impl Book {
    /// The database, if it is of this person.
    pub(super) fn vault_of(&self, person: UserId) -> Option<Vault> {
        (self.person == person).then(|| self.vault.clone())
    }

    pub(super) fn vault(&self) -> Vault {
        self.vault.clone()
    }

    /// Where changes are.
    pub(super) fn state(&self) -> State {
        match self.trouble {
            Some(trouble) => State::Lost(trouble),
            None if self.files.is_empty() => State::Kept,
            None => State::KeepingFile,
        }
    }

    /// Whether everything is on the disk.
    pub(super) fn is_settled(&self) -> bool {
        self.queue.is_settled() && self.state() == State::Kept
    }

    /// Whether this page has changed an answer or brought a change back.
    pub(super) fn knows(&self, place: Place) -> bool {
        self.latest.contains_key(&place)
    }

    /// What an answer is now. It need not be written.
    pub(super) fn remember(&mut self, place: Place, latest: Latest) {
        self.latest.insert(place, latest);
    }

    /// Something was changed: it is due to be written, and so is what could not be written before.
    pub(super) fn change(&mut self, place: Place, latest: Latest, now: u64) {
        self.latest.insert(place, latest);
        self.queue.changed(place, now);
        self.files.extend(self.failed_files.drain(..));
    }

    /// What there is to write of an answer, what of it is on the disk, and which files there are no
    /// longer in it.
    pub(super) fn to_write(
        &self,
        place: Place,
    ) -> Option<(Latest, Option<Stamp>, BTreeSet<String>)> {
        let latest = self.latest.get(&place)?.clone();
        let now = device_files(latest.change.as_ref());
        let written = self.written.get(&place);
        let gone = written.map(|it| it.files.difference(&now).cloned().collect());
        Some((latest, written.map(|it| it.stamp.clone()), gone.unwrap_or_default()))
    }

    /// This is on the disk. Files that are new in it are due.
    pub(super) fn put(&mut self, place: Place, change: &Change, stamp: Stamp) {
        let files = device_files(Some(change));
        let before = self.written.insert(place, Written { stamp, files: files.clone() });
        let before = before.map(|it| it.files).unwrap_or_default();
        self.files.extend(files.difference(&before).map(|file| (place, file.clone())));
        self.calm(place);
    }

    /// This was found on the disk.
    pub(super) fn found(&mut self, place: Place, written: Written) {
        self.written.insert(place, written);
    }

    /// This is no longer on the disk.
    pub(super) fn removed(&mut self, place: Place) {
        self.written.remove(&place);
        self.calm(place);
    }

    /// This could not be written.
    pub(super) fn failed(&mut self, place: Place, error: &JsValue) {
        if self.queue.failed(place) {
            self.trouble = Some(Trouble::of(error));
        }
    }

    /// The file that is to be written next.
    pub(super) fn next_file(&self) -> Option<(Place, String)> {
        self.files.front().cloned()
    }

    /// The file that was on its way is not any more.
    pub(super) fn file_done(&mut self, outcome: Result<(), JsValue>) {
        let file = self.files.pop_front();
        if let Err(error) = outcome {
            self.trouble = Some(Trouble::of(&error));
            self.failed_files.extend(file);
        }
    }

    /// Whether a file is in an answer that is on the disk.
    pub(super) fn has_file(&self, place: Place, file: &str) -> bool {
        self.written.get(&place).is_some_and(|it| it.files.contains(file))
    }

    fn calm(&mut self, place: Place) {
        self.queue.written(place);
        if self.queue.is_settled() && self.failed_files.is_empty() {
            self.trouble = None;
        }
    }
}

/// The files on this device that a change refers to.
pub(super) fn device_files(change: Option<&Change>) -> BTreeSet<String> {
    let answer = change.and_then(|it| it.value.as_ref());
    let files = answer.map(file_keys).unwrap_or_default();
    files.into_iter().filter(|key| is_device_key(key)).collect()
}
