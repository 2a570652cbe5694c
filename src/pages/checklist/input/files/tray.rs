//! What happens to the files that a person chooses: each is checked by its name, its size and its
//! first bytes, and stays where it is. Those that pass become part of the answer.

use checklist::{FileLimits, Value, sniff};
use leptos::{prelude::*, task::spawn_local};
use web_sys::File;

use crate::{
    device_files::{DeviceFiles, is_device_key},
    draft::{Edit, Entry},
    file::read_start,
    i18n::{count, say},
    pages::checklist::summary::file_problem_text,
};

/// How many files a question takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Count {
    One,
    Many { at_most: Option<u32> },
}

impl Count {
    /// Whether one more file can be added to an answer that has `there`, of which the choice at hand
    /// has brought `added`. A choice takes the place of a single file, but brings one only.
    fn has_room(self, there: usize, added: usize) -> bool {
        match self {
            Self::One => added == 0,
            Self::Many { at_most: Some(at_most) } => there < at_most as usize,
            Self::Many { at_most: None } => true,
        }
    }
}

/// A chosen file that is no part of the answer.
#[derive(Clone)]
pub(super) struct Note {
    pub(super) id: u32,
    pub(super) name: String,
    /// Why it was not taken. `None`: it is being checked.
    pub(super) refusal: Option<String>,
}

/// The files of one question.
#[derive(Clone, Copy)]
pub(super) struct Tray {
    entry: Entry,
    limits: StoredValue<FileLimits>,
    count: Count,
    files: DeviceFiles,
    next: StoredValue<u32>,
    /// The files that are not taken, or not yet.
    pub(super) notes: RwSignal<Vec<Note>>,
    /// What just happened, for those who do not see it.
    pub(super) said: RwSignal<String>,
}

/// A file of the answer, with what tells it from the others while it is on screen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Listed {
    pub(super) key: String,
    pub(super) file: Value,
}

impl Tray {
    pub(super) fn new(entry: Entry, limits: FileLimits, count: Count, files: DeviceFiles) -> Self {
        let tray = Self {
            entry,
            limits: StoredValue::new(limits),
            count,
            files,
            next: StoredValue::new(0),
            notes: RwSignal::new(Vec::new()),
            said: RwSignal::new(String::new()),
        };
        tray.forget_what_goes();
        tray
    }

    /// The files of the answer, followed.
    pub(super) fn listed(self) -> Vec<Listed> {
        listed(self.entry.with(file_values))
    }

    /// Checks files and adds those that pass, in their order.
    pub(super) fn take(self, chosen: Vec<File>) {
        self.said.set(String::new());
        let batch: Vec<_> = chosen.into_iter().map(|file| (self.note(file.name()), file)).collect();
        spawn_local(async move {
            let mut added = Vec::new();
            let mut refusals = Vec::new();
            for (id, file) in batch {
                let judged = self.judge(&file, added.len()).await;
                // The person may have thought better of it, or left the page.
                let Some(true) = self.is_noted(id) else { continue };
                match judged.and_then(|value| self.add(value, added.len())) {
                    Ok(()) => {
                        self.dismiss(id);
                        added.push(file.name());
                    }
                    Err(refusal) => {
                        refusals.push(refusal.clone());
                        self.refuse(id, refusal);
                    }
                }
            }
            let added = match &*added {
                [] => None,
                [name] => Some(say!(checklist.file_added, name = name.clone())),
                more => Some(
                    count!(more.len() as u64, files_added_single, files_added_several in checklist),
                ),
            };
            let words: Vec<_> = added.into_iter().chain(refusals).collect();
            self.said.try_set(words.join(" "));
        });
    }

    /// Takes a file out of the answer.
    pub(super) fn remove(self, key: &str) {
        let mut files = untrack(|| self.listed());
        let Some(at) = files.iter().position(|it| it.key == key) else { return };
        let removed = files.remove(at);
        self.set(files.into_iter().map(|it| it.file).collect());
        self.said.set(say!(checklist.file_removed, name = name_of(&removed.file)));
    }

    /// Takes a note away; a file that is being checked is then not added.
    pub(super) fn dismiss(self, id: u32) {
        self.notes.try_update(|notes| notes.retain(|it| it.id != id));
    }

    /// The description of a file that can be taken, or why it cannot, in words that name it. Reads
    /// no more of it than the server looks at.
    async fn judge(self, file: &File, added: usize) -> Result<Value, String> {
        let name = file.name();
        self.make_room(&name, added)?;
        let unreadable = || say!(checklist.file_unreadable, name = name.clone());
        let start = read_start(file).await.ok_or_else(unreadable)?;
        let size = file.size() as u64;
        // The page may be gone by now.
        let limits = self.limits.try_get_value().ok_or_else(unreadable)?;
        limits.check(&name, size, &start).map_err(|problem| {
            let reason = file_problem_text(&problem);
            say!(checklist.file_refused, name = name.clone(), reason = reason)
        })?;
        Ok(Value::Map(vec![
            ("name".to_owned(), Value::Text(name)),
            ("size".to_owned(), Value::Int(size.into())),
            ("mime_type".to_owned(), Value::Text(sniff(&start).to_owned())),
            ("stored_file_id".to_owned(), Value::Text(self.files.keep(file))),
        ]))
    }

    /// Makes a file part of the answer, unless others have filled it since it was judged.
    fn add(self, file: Value, added: usize) -> Result<(), String> {
        self.make_room(&name_of(&file), added)?;
        let mut files = match self.count {
            Count::One => Vec::new(),
            Count::Many { .. } => untrack(|| self.entry.with(file_values)),
        };
        files.push(file);
        self.set(files);
        Ok(())
    }

    fn make_room(self, name: &str, added: usize) -> Result<(), String> {
        let there = untrack(|| self.entry.with(file_values)).len();
        match self.count {
            count if count.has_room(there, added) => Ok(()),
            Count::One => Err(say!(checklist.file_only_one, name = name.to_owned())),
            Count::Many { .. } => Err(say!(checklist.file_too_many, name = name.to_owned())),
        }
    }

    fn set(self, mut files: Vec<Value>) {
        let answer = match self.count {
            _ if files.is_empty() => Value::Null,
            Count::One => files.swap_remove(0),
            Count::Many { .. } => Value::List(files),
        };
        self.entry.set(Edit::to(answer));
    }

    /// Notes that a file is being checked. What was said about one of its name is out of date.
    fn note(self, name: String) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.notes.update(|notes| {
            notes.retain(|it| it.refusal.is_none() || it.name != name);
            notes.push(Note { id, name, refusal: None });
        });
        id
    }

    fn is_noted(self, id: u32) -> Option<bool> {
        self.notes.try_with_untracked(|notes| notes.iter().any(|it| it.id == id))
    }

    fn refuse(self, id: u32, refusal: String) {
        self.notes.try_update(|notes| {
            if let Some(note) = notes.iter_mut().find(|it| it.id == id) {
                note.refusal = Some(refusal);
            }
        });
    }

    /// Lets go of the files that leave the answer.
    fn forget_what_goes(self) {
        Effect::new(move |before: Option<Vec<String>>| {
            let now: Vec<_> = self.entry.with(file_values).iter().filter_map(device_key).collect();
            for key in before.into_iter().flatten().filter(|key| !now.contains(key)) {
                self.files.forget(&key);
            }
            now
        });
    }
}

/// The files of an answer.
fn file_values(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(Value::List(files)) => files.clone(),
        Some(file @ Value::Map(_)) => vec![file.clone()],
        _ => Vec::new(),
    }
}

/// The same reference may be in an answer twice.
fn listed(files: Vec<Value>) -> Vec<Listed> {
    let mut listed = Vec::<Listed>::new();
    for file in files {
        let id = id_of(&file).unwrap_or_default();
        let twins = listed.iter().filter(|it| id_of(&it.file).unwrap_or_default() == id).count();
        listed.push(Listed { key: format!("{id} {twins}"), file });
    }
    listed
}

fn id_of(file: &Value) -> Option<&str> {
    match file.get("stored_file_id") {
        Some(Value::Text(id)) => Some(id),
        _ => None,
    }
}

fn device_key(file: &Value) -> Option<String> {
    id_of(file).filter(|id| is_device_key(id)).map(str::to_owned)
}

/// What a file is called, or words for one that has no name.
pub(super) fn name_of(file: &Value) -> String {
    match file.get("name") {
        Some(Value::Text(name)) => name.clone(),
        _ => say!(checklist.unnamed_file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted_across_choices() {
        let many = Count::Many { at_most: Some(3) };
        assert!(many.has_room(2, 0));
        assert!(!many.has_room(3, 0));
        assert!(!many.has_room(3, 2));
        assert!(Count::Many { at_most: None }.has_room(1_000, 1_000));
    }

    #[test]
    fn a_choice_takes_the_place_of_a_single_file_and_brings_one() {
        assert!(Count::One.has_room(1, 0));
        assert!(!Count::One.has_room(1, 1));
    }

    #[test]
    fn files_that_look_alike_are_told_apart() {
        let file = |id: &str| {
            let text = format!(r#"{{"name":"a.txt","stored_file_id":"{id}"}}"#);
            Value::from_json(&text).unwrap()
        };
        let odd = Value::from_json(r#"{"name":"b"}"#).unwrap();
        let odder = Value::from_json(r#"{"name":"c"}"#).unwrap();
        let files = listed(vec![file("1"), file("2"), file("1"), odd, odder]);
        let keys: Vec<_> = files.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(keys, ["1 0", "2 0", "1 1", " 0", " 1"]);
    }
}
