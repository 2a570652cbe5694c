//! Sends answers with the files that are on this device. The content of a file never lies in the
//! app's own memory as a whole: the body is put together by the browser from small pieces.

use std::cell::Cell;

use api::{ApiError, OfferingUserId, Request, Response, Submitted};
use checklist::{QuestionId, Value};
use js_sys::Array;
use leptos::prelude::*;
use web_sys::{AbortSignal, Blob};

use crate::{
    device_files::{DeviceFiles, is_device_key},
    fetch::Upload,
    file::{Encoder, read_all},
    session::{Outgoing, Session},
};

/// How far the files of a request are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Progress {
    /// They are read and encoded; which share is done.
    Preparing(f64),
    /// They are on their way; which share has left.
    Sending(f64),
    /// All has left. From here on the server may have stored them.
    Waiting,
}

/// Why answers with files were not taken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failed {
    /// This file is gone from the device, or was changed since it was chosen. Nothing was sent.
    Unreadable(String),
    /// The person stopped it before all had left, so the server has nothing.
    Cancelled,
    /// Anything that can happen to a request.
    Request(ApiError),
}

/// Sends answers. `files` has what they refer to; `progress` is told how far they are, if there are
/// any, and is `None` again at the end.
pub(crate) async fn send(
    session: Session,
    files: DeviceFiles,
    account: OfferingUserId,
    answers: &[(QuestionId, Value)],
    progress: RwSignal<Option<Progress>>,
    abort: AbortSignal,
) -> Result<Submitted, Failed> {
    let (answers, places) = with_places(answers);
    let request = api::submit_answers(account, &answers);
    if places.is_empty() {
        return session.send(request).await.map_err(Failed::Request);
    }
    let sent = send_with(session, files, request, &places, progress, abort).await;
    progress.try_set(None);
    sent
}

async fn send_with(
    session: Session,
    files: DeviceFiles,
    request: Request<Submitted>,
    places: &[Place],
    progress: RwSignal<Option<Progress>>,
    abort: AbortSignal,
) -> Result<Submitted, Failed> {
    let body = prepare(files, &request, places, progress, &abort).await?;
    progress.try_set(Some(Progress::Sending(0.0)));
    let on_sent = Box::new(move |share| {
        let stage = if share < 1.0 { Progress::Sending(share) } else { Progress::Waiting };
        progress.try_set(Some(stage));
    });
    let upload = Upload { body, on_sent, abort: abort.clone() };
    let answer = session.transfer(Outgoing::of(&request), Some(upload)).await;
    let has_left = progress.try_get_untracked().flatten() == Some(Progress::Waiting);
    match answer {
        Err(_) if abort.aborted() && !has_left => Err(Failed::Cancelled),
        Err(error) => Err(Failed::Request(error)),
        Ok((status, body)) => {
            let body = read_all(&body).await.ok_or(Failed::Request(ApiError::Offline))?;
            request.read(&Response { status, total: None, body }).map_err(Failed::Request)
        }
    }
}

/// The whole body: the text of `request` with the content of the files in their places.
async fn prepare(
    files: DeviceFiles,
    request: &Request<Submitted>,
    places: &[Place],
    progress: RwSignal<Option<Progress>>,
    abort: &AbortSignal,
) -> Result<Blob, Failed> {
    let chosen = places
        .iter()
        .map(|it| files.get(&it.key).ok_or_else(|| Failed::Unreadable(it.name.clone())))
        .collect::<Result<Vec<_>, _>>()?;
    let total: f64 = chosen.iter().map(Blob::size).sum();
    let done = Cell::new(0.0);
    let on_done = |bytes| {
        done.set(done.get() + bytes);
        progress.try_set(Some(Progress::Preparing(done.get() / total)));
        !abort.aborted()
    };
    let text = request.body.as_deref().unwrap_or_default();
    let (texts, end) = around(text, places).ok_or_else(lost)?;
    let parts = Array::new();
    let mut encoder = Encoder::new();
    for ((text, place), file) in texts.into_iter().zip(places).zip(&chosen) {
        parts.push(&text.into());
        let encoded = encoder.encode(file, &parts, &on_done).await;
        encoded.ok_or_else(|| Failed::Unreadable(place.name.clone()))?;
        if abort.aborted() {
            return Err(Failed::Cancelled);
        }
    }
    parts.push(&end.into());
    Blob::new_with_blob_sequence(&parts).map_err(|_| lost())
}

/// The keys of the files of this device that answers refer to.
pub(crate) fn device_keys(answers: &[(QuestionId, Value)]) -> Vec<String> {
    with_places(answers).1.into_iter().map(|it| it.key).collect()
}

/// Whether `now`, the answer that the server has, came of sending `sent`, which brought files of this
/// device, when it had `before`: file by file it is the same, and each of ours has become one that
/// was not there.
pub(crate) fn are_stored(sent: &Value, before: Option<&Value>, now: &Value) -> bool {
    let (sent, now) = (files_in(sent), files_in(now));
    let known: Vec<_> = before.map(files_in).unwrap_or_default().into_iter().map(id_of).collect();
    let is_stored = |(ours, theirs): (&&Value, &&Value)| match id_of(ours) {
        Some(id) if is_device_key(id) => {
            !known.contains(&id_of(theirs))
                && ["name", "size"].iter().all(|key| ours.get(key) == theirs.get(key))
        }
        id => id == id_of(theirs),
    };
    let brings_files = sent.iter().any(|it| id_of(it).is_some_and(is_device_key));
    brings_files && sent.len() == now.len() && sent.iter().zip(&now).all(is_stored)
}

fn files_in(answer: &Value) -> Vec<&Value> {
    match answer {
        Value::List(files) => files.iter().collect(),
        file => vec![file],
    }
}

fn id_of(file: &Value) -> Option<&str> {
    match file.get("stored_file_id") {
        Some(Value::Text(id)) => Some(id),
        _ => None,
    }
}

fn lost() -> Failed {
    Failed::Request(ApiError::Protocol("the body could not be put together".to_owned()))
}

/// Where the content of a file belongs in the text of a request: in the place of its key, which is
/// random and therefore nowhere else, as with the boundary of a multipart body.
#[derive(Debug, PartialEq)]
struct Place {
    key: String,
    name: String,
}

/// The answers with each file of this device as a new one, whose content is its key for now.
fn with_places(answers: &[(QuestionId, Value)]) -> (Vec<(QuestionId, Value)>, Vec<Place>) {
    let mut places = Vec::new();
    let mut placed = |file: &Value| match (file.get("name"), file.get("stored_file_id")) {
        (Some(Value::Text(name)), Some(Value::Text(key))) if is_device_key(key) => {
            places.push(Place { key: key.clone(), name: name.clone() });
            Value::Map(vec![
                ("name".to_owned(), Value::Text(name.clone())),
                ("content".to_owned(), Value::Text(key.clone())),
            ])
        }
        _ => file.clone(),
    };
    let answers = answers
        .iter()
        .map(|(id, answer)| match answer {
            Value::List(items) => (*id, Value::List(items.iter().map(&mut placed).collect())),
            answer => (*id, placed(answer)),
        })
        .collect();
    (answers, places)
}

/// The text before each of the places, and the text behind the last. `None` if they are not all
/// there, in this order.
fn around<'a>(text: &'a str, places: &[Place]) -> Option<(Vec<&'a str>, &'a str)> {
    let mut rest = text;
    let mut before = Vec::new();
    for place in places {
        let (text, behind) = rest.split_once(&place.key)?;
        before.push(text);
        rest = behind;
    }
    Some((before, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, id: &str) -> Value {
        Value::from_json(&format!(
            r#"{{"name":"{name}","size":3,"mime_type":"text/plain","stored_file_id":"{id}"}}"#
        ))
        .unwrap()
    }

    fn answers() -> Vec<(QuestionId, Value)> {
        let ids = ["0c0f6476a18914569b4e2df19bf78c6b", "1c0f6476a18914569b4e2df19bf78c6b"];
        let [one, many] = ids.map(|id| QuestionId(id.parse().unwrap()));
        vec![
            (one, Value::Null),
            (one, file("a.txt", "on-this-device-1")),
            (
                many,
                Value::List(vec![
                    file("stored.txt", "5f"),
                    file("b.txt", "on-this-device-2"),
                    file("b.txt", "on-this-device-3"),
                ]),
            ),
        ]
    }

    #[test]
    fn only_files_of_this_device_are_uploads() {
        let (answers, places) = with_places(&answers());
        let names: Vec<_> = places.iter().map(|it| (it.key.as_str(), it.name.as_str())).collect();
        assert_eq!(
            names,
            [
                ("on-this-device-1", "a.txt"),
                ("on-this-device-2", "b.txt"),
                ("on-this-device-3", "b.txt"),
            ]
        );
        let texts: Vec<_> = answers.iter().map(|(_, value)| value.to_json()).collect();
        assert_eq!(
            texts,
            [
                "null".to_owned(),
                r#"{"name":"a.txt","content":"on-this-device-1"}"#.to_owned(),
                format!(
                    "[{},{},{}]",
                    file("stored.txt", "5f").to_json(),
                    r#"{"name":"b.txt","content":"on-this-device-2"}"#,
                    r#"{"name":"b.txt","content":"on-this-device-3"}"#
                ),
            ]
        );
    }

    #[test]
    fn content_takes_the_place_of_the_key_and_of_nothing_else() {
        let (answers, places) = with_places(&answers());
        let text = Value::List(answers.iter().map(|(_, it)| it.clone()).collect()).to_json();
        let (before, end) = around(&text, &places).unwrap();
        let body = before.iter().map(|it| format!("{it}Zm9v")).collect::<String>() + end;
        let body = Value::from_json(&body).unwrap().to_json();
        assert_eq!(body.matches(r#""content":"Zm9v""#).count(), 3);
        assert!(body.contains(r#""stored_file_id":"5f""#) && !body.contains("on-this-device"));
    }

    #[test]
    fn what_the_server_stored_without_saying_so_is_told_from_what_was_there() {
        let list = |ids: &[&str]| Value::List(ids.iter().map(|id| file("a.txt", id)).collect());
        let sent = list(&["5f", "on-this-device-1"]);
        let before = list(&["5f"]);
        assert!(are_stored(&sent, Some(&before), &list(&["5f", "60"])));
        assert!(are_stored(&file("a.txt", "on-this-device-1"), None, &file("a.txt", "60")));
        // Nothing came, or something else.
        assert!(!are_stored(&sent, Some(&before), &before));
        assert!(!are_stored(&sent, Some(&before), &list(&["61", "60"])));
        let other = Value::List(vec![file("a.txt", "5f"), file("b.txt", "60")]);
        assert!(!are_stored(&sent, Some(&before), &other));
        // A file of the same name and size that was there before is not the new one.
        let again = file("a.txt", "on-this-device-1");
        assert!(!are_stored(&again, Some(&file("a.txt", "60")), &file("a.txt", "60")));
        // Without a file of ours, comparing answers does tell.
        assert!(!are_stored(&before, None, &before));
    }

    #[test]
    fn a_place_that_is_missing_is_noticed() {
        let places = [Place { key: "k".to_owned(), name: String::new() }];
        assert_eq!(around("abc", &places), None);
    }
}
