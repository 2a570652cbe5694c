//! Brings back what was kept.

use std::collections::{BTreeMap, BTreeSet};

use ::journal::{Change, Unreadable};
use api::{OfferingUserId, UserId};
use checklist::{QuestionId, Value};
use leptos::prelude::*;

use super::{
    Around,
    book::{self, Latest, Written, device_files},
    js::Js,
    vault::{Kept, Place, Stamp, Vault},
    write::note,
};
use crate::{
    device_files::DeviceFiles,
    draft::Draft,
    i18n::{count, say},
    notice::Notices,
};

/// Brings back what was kept for an account, and follows the draft from then on.
pub(super) async fn bring_back(
    vault: &Vault,
    person: UserId,
    account: OfferingUserId,
    draft: Draft,
    around: Around,
) -> Js<()> {
    let mut found = Found::default();
    for kept in vault.changes(account).await? {
        found.add(vault, account, kept, around.files).await?;
    }
    // The form may have been left meanwhile, and another person may be here.
    let is_open = book::with(|book| book.vault_of(person).is_some()).unwrap_or(false);
    if draft.is_gone() || !is_open {
        return Ok(());
    }
    found.tell(around.notices);
    restore(&found.readable, account, draft);
    draft.watch(Callback::new(move |id| note((account, id), draft.change(id))));
    // What was changed before the storage answered.
    for asked in untrack(|| draft.questions()).iter() {
        let id = asked.entry.id();
        if let (Some(change), false) = (draft.change(id), is_known((account, id))) {
            note((account, id), Some(change));
        }
    }
    let is_wanted = |id, file: &str| {
        found.of_newer.contains(&id)
            || book::with(|it| it.has_file((account, id), file)).unwrap_or(true)
    };
    // If this fails, files lie about that nobody can open; the next time will do.
    let _ = vault.sweep(account, is_wanted).await;
    Ok(())
}

/// Puts into the draft what it does not know better: what was changed in this page is newer.
fn restore(found: &[Readable], account: OfferingUserId, draft: Draft) {
    let is_news =
        |it: &&Readable| !is_known((account, it.question)) && draft.change(it.question).is_none();
    let news: Vec<_> = found.iter().filter(is_news).collect();
    let last = news.iter().max_by(|one, other| one.at.total_cmp(&other.at));
    let change = |it: &&Readable| Some((it.question, it.change.clone()?));
    let changes: BTreeMap<_, _> = news.iter().filter_map(change).collect();
    draft.restore(changes, last.map(|it| it.question));
    for it in news {
        let place = (account, it.question);
        let files = device_files(Some(&it.original));
        book::with(|book| book.found(place, Written { stamp: it.stamp.clone(), files }));
        // The server may have it by now, or the rules may have changed.
        match draft.change(it.question) {
            change if change.as_ref() != Some(&it.original) => note(place, change),
            change => {
                let latest = Latest { change, at: it.at };
                book::with(|book| book.remember(place, latest));
            }
        }
    }
}

fn is_known(place: Place) -> bool {
    book::with(|book| book.knows(place)).unwrap_or(false)
}

/// What was kept for an account.
#[derive(Default)]
struct Found {
    readable: Vec<Readable>,
    /// Kept by a newer app, which can read it.
    of_newer: BTreeSet<QuestionId>,
    /// What nobody can read.
    unreadable: u64,
    /// The names of files that are not whole.
    lost_files: Vec<String>,
}

struct Readable {
    question: QuestionId,
    /// As it was kept.
    original: Change,
    /// What can be brought back of it.
    change: Option<Change>,
    stamp: Stamp,
    at: f64,
}

impl Found {
    async fn add(
        &mut self,
        vault: &Vault,
        account: OfferingUserId,
        kept: Kept,
        files: DeviceFiles,
    ) -> Js<()> {
        let Kept { question, stamp, at, text } = kept;
        let place = (account, question);
        let no_text = Unreadable::Garbled("it cannot be decrypted");
        match text.ok_or(no_text).and_then(|it| Change::decode(&it)) {
            Ok(original) => {
                let lost = load_files(vault, place, &original, files).await?;
                let (change, names) = original.clone().without_files(|it| lost.contains(it));
                self.lost_files.extend(names);
                self.readable.push(Readable { question, original, change, stamp, at });
            }
            Err(Unreadable::Newer) => {
                self.of_newer.insert(question);
            }
            Err(reason) => {
                leptos::logging::warn!("A change that was kept is lost: {reason}");
                self.unreadable += 1;
                vault.remove(place, &stamp).await?;
            }
        }
        Ok(())
    }

    /// Says what could not be brought back.
    fn tell(&self, notices: Notices) {
        if self.unreadable > 0 {
            let lost = self.unreadable;
            notices.bad(count!(lost, unreadable_single, unreadable_several in journal));
        }
        if !self.of_newer.is_empty() {
            notices.bad(say!(journal.of_newer));
        }
        for name in &self.lost_files {
            notices.bad(say!(journal.lost_file, name = name.clone()));
        }
    }
}

/// Loads the files of a change, and says which are not whole.
async fn load_files(
    vault: &Vault,
    place: Place,
    change: &Change,
    files: DeviceFiles,
) -> Js<BTreeSet<String>> {
    let mut lost = BTreeSet::new();
    for key in device_files(Some(change)) {
        if files.get(&key).is_some() {
            continue;
        }
        match vault.file(place, &key, &mime_type(change, &key)).await? {
            Some(file) => files.put(&key, file),
            None => {
                lost.insert(key);
            }
        }
    }
    Ok(lost)
}

/// What kind of file `key` is, by the answer that refers to it.
fn mime_type(change: &Change, key: &str) -> String {
    let files = match &change.value {
        Some(Value::List(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let file = files
        .iter()
        .find(|it| matches!(it.get("stored_file_id"), Some(Value::Text(id)) if id == key));
    match file.and_then(|it| it.get("mime_type")) {
        Some(Value::Text(kind)) => kind.clone(),
        _ => String::new(),
    }
}
