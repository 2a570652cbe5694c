//! An answer in reading form: labels for options, names for countries, dates as people write them.

use api::{ApiError, Response, StoredFile};
use checklist::{Bounds, Choice, Kind, Likert, Value};
use leptos::{prelude::*, task::spawn_local};
use web_sys::Blob;

use super::input::trim_bound;
use crate::{
    device_files::{DeviceFiles, is_device_key, use_device_files},
    download,
    explain::explain,
    file::read_all,
    format,
    i18n::{say, t},
    notice::use_notices,
    pages::words::link_words,
    session::{Outgoing, Session, use_session},
    ui::{Button, Emphasis, Glyph, Icon, Prose, Target, live},
};

/// An answer in reading form.
#[component]
pub(crate) fn AnswerText(
    /// What kind of answer it is.
    kind: Kind,
    /// The answer, if there is one.
    #[prop(into)]
    value: Signal<Option<Value>>,
) -> impl IntoView {
    live(move || match value.get() {
        None | Some(Value::Null) => {
            view! { <p class="answer answer--none">{t!(checklist.no_answer)}</p> }.into_any()
        }
        Some(value) => view! { <div class="answer">{draw(&kind, value)}</div> }.into_any(),
    })
}

fn draw(kind: &Kind, value: Value) -> AnyView {
    match (kind, value) {
        (Kind::File(_) | Kind::MultipleFiles { .. }, value) => files(value),
        (_, Value::Text(text)) if text.is_empty() => {
            view! { <p class="soft">{t!(checklist.empty_text)}</p> }.into_any()
        }
        (Kind::RichText(_), Value::Text(html)) => {
            view! { <Prose html=Signal::stored(html) words=link_words()/> }.into_any()
        }
        (Kind::Url, Value::Text(text)) => link(text),
        (kind, value) => view! { <p>{words(kind, &value)}</p> }.into_any(),
    }
}

/// A web address that can be followed, or the text that is none.
fn link(text: String) -> AnyView {
    match Target::of(&text) {
        Target::Web { href, .. } => view! {
            <p><a href=href target="_blank" rel="noopener noreferrer nofollow">{text}</a></p>
        }
        .into_any(),
        _ => view! { <p>{text}</p> }.into_any(),
    }
}

/// An answer in words. Values that do not fit their question are shown as they are.
pub(crate) fn words(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Boolean, Value::Bool(true)) => say!(checklist.yes),
        (Kind::Boolean, Value::Bool(false)) => say!(checklist.no),
        (Kind::SingleSelect(_) | Kind::MultiSelect(_), Value::List(ids)) if ids.is_empty() => {
            say!(checklist.none_chosen)
        }
        (Kind::SingleSelect(choices) | Kind::MultiSelect(choices), Value::List(ids)) => {
            ids.iter().map(|id| choice(choices, id)).collect::<Vec<_>>().join(", ")
        }
        (Kind::Likert(likert), Value::Int(point)) => point_words(likert, *point),
        (Kind::Likert(_), Value::Text(text)) if text == "na" => say!(checklist.not_applicable),
        (Kind::Rating(Bounds { max: Some(max), .. }), Value::Int(number)) => {
            say!(checklist.point, number = *number, of = trim_bound(max))
        }
        (Kind::Country, Value::Text(code)) => format::country(code),
        (Kind::Date, Value::Text(text)) => format::plain_date(text),
        (Kind::DateTime, Value::Text(text)) => format::plain_moment(text),
        (_, value) => as_it_is(value),
    }
}

fn choice(choices: &[Choice], id: &Value) -> String {
    let known = choices.iter().find(|it| matches!(id, Value::Text(id) if *id == it.id));
    known.map_or_else(|| as_it_is(id), |it| it.label.clone())
}

/// A point of a scale: people count from one, and the ends have names.
fn point_words(likert: &Likert, point: i128) -> String {
    let of = likert.points;
    let number = point + 1;
    if !(1..=i128::from(of)).contains(&number) {
        return point.to_string();
    }
    let name = match number {
        1 => &likert.low,
        _ if number == i128::from(of) => &likert.high,
        _ => "",
    };
    if name.is_empty() {
        say!(checklist.point, number = number, of = of)
    } else {
        say!(checklist.point_named, number = number, of = of, name = name)
    }
}

/// A value that says nothing of how it is to be read.
fn as_it_is(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(_) | Value::Float(_) => format::decimal(&value.python_repr()),
        other => other.to_json(),
    }
}

fn files(value: Value) -> AnyView {
    let files = match value {
        Value::List(files) => files,
        file => vec![file],
    };
    if files.is_empty() {
        return view! { <p>{t!(checklist.none_chosen)}</p> }.into_any();
    }
    let lines =
        files.into_iter().map(|file| view! { <li class="files__item"><FileLine file/></li> });
    view! { <ul class="files__list">{lines.collect_view()}</ul> }.into_any()
}

/// One file: its name, its size and type, and the way to get it where it can be had.
#[component]
pub(crate) fn FileLine(
    /// A stored file, or one that is on this device.
    file: Value,
) -> impl IntoView {
    let name = match file.get("name") {
        Some(Value::Text(name)) => name.clone(),
        _ => say!(checklist.unnamed_file),
    };
    let stored = StoredFile::of(&file);
    let about = stored.clone().map(|it| live(move || about(&it)));
    view! {
        <Icon glyph=Glyph::File/>
        <p class="file">
            <bdi class="file__name">{name}</bdi>
            <span class="soft">{about}</span>
        </p>
        {stored.map(|stored| view! { <Get stored/> })}
    }
}

fn about(stored: &StoredFile) -> String {
    let size = (stored.size > 0).then(|| format::size(stored.size as f64));
    let kind = Some(stored.mime_type.clone()).filter(|it| !it.is_empty());
    let place = is_device_key(&stored.stored_file_id).then(|| say!(checklist.on_this_device));
    size.into_iter().chain(kind).chain(place).collect::<Vec<_>>().join(" · ")
}

/// The button that gives a file to the person.
#[component]
fn Get(stored: StoredFile) -> impl IntoView {
    let session = use_session();
    let files = use_device_files();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let name = stored.name.clone();
    let get = Callback::new(move |()| {
        let stored = stored.clone();
        busy.set(true);
        spawn_local(async move {
            match content(session, files, &stored.stored_file_id).await {
                Ok(file) => download::offer(&stored.name, &file),
                Err(Missing::FromDevice) => {
                    notices.bad(say!(checklist.file_gone, name = stored.name));
                }
                Err(Missing::FromServer(ApiError::NotFound)) => {
                    notices.bad(say!(checklist.file_not_shared, name = stored.name));
                }
                Err(Missing::FromServer(error)) => notices.bad(explain(&error)),
            }
            busy.try_set(false);
        });
    });
    view! {
        <Button emphasis=Emphasis::Plain busy on_press=get>
            <Icon glyph=Glyph::Download/>
            {t!(checklist.download)}
            " "
            <span class="visually-hidden">{name}</span>
        </Button>
    }
}

enum Missing {
    FromDevice,
    FromServer(ApiError),
}

/// The content of a file, wherever it is.
async fn content(session: Session, files: DeviceFiles, id: &str) -> Result<Blob, Missing> {
    if is_device_key(id) {
        return files.get(id).ok_or(Missing::FromDevice);
    }
    let request = api::media(id);
    let answer = session.transfer(Outgoing::of(&request), None).await;
    let (status, body) = answer.map_err(Missing::FromServer)?;
    if (200..300).contains(&status) {
        return Ok(body);
    }
    let body = read_all(&body).await.unwrap_or_default();
    let refused = request.read(&Response { status, total: None, body });
    Err(Missing::FromServer(refused.err().unwrap_or(ApiError::Offline)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likert(low: &str, high: &str) -> Kind {
        Kind::Likert(Likert { points: 5, low: low.into(), high: high.into(), allow_na: true })
    }

    #[test]
    fn answers_read_as_their_question_asks() {
        let choices = vec![Choice { id: "c1".to_owned(), label: "Health".to_owned() }];
        let list = |ids: &[&str]| Value::List(ids.iter().map(|it| Value::from(*it)).collect());
        let bounds = || Bounds { min: Some("1.0000".to_owned()), max: Some("5.0000".to_owned()) };
        let table = [
            (Kind::Boolean, Value::Bool(false), "No"),
            (Kind::SingleSelect(choices.clone()), list(&["c1"]), "Health"),
            (Kind::MultiSelect(choices.clone()), list(&["c1", "gone"]), "Health, gone"),
            (Kind::MultiSelect(choices), list(&[]), "None"),
            (Kind::Rating(bounds()), Value::Int(2), "2 of 5"),
            (Kind::Rating(Bounds::default()), Value::Int(2), "2"),
            (likert("Low", "High"), Value::Int(0), "1 of 5 – Low"),
            (likert("Low", "High"), Value::Int(4), "5 of 5 – High"),
            (likert("Low", ""), Value::Int(4), "5 of 5"),
            (likert("Low", "High"), Value::Int(2), "3 of 5"),
            (likert("Low", "High"), Value::from("na"), "Not applicable"),
            (Kind::Number(bounds()), Value::Float(12.5), "12.5"),
            (Kind::TextInput, Value::from("as typed"), "as typed"),
        ];
        for (kind, value, expected) in table {
            assert_eq!(words(&kind, &value), expected, "{kind:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_shown_as_it_is() {
        let table = [
            (likert("Low", "High"), Value::Int(9), "9"),
            (likert("Low", "High"), Value::Int(-1), "-1"),
            (Kind::Number(Bounds::default()), Value::Bool(true), "true"),
            (Kind::Date, Value::from("15/01/2024"), "15/01/2024"),
            (Kind::DateTime, Value::from("20240115"), "20240115"),
            (Kind::Boolean, Value::from("maybe"), "maybe"),
            (Kind::Unsupported("x".to_owned()), Value::List(vec![Value::Int(1)]), "[1]"),
        ];
        for (kind, value, expected) in table {
            assert_eq!(words(&kind, &value), expected, "{kind:?}");
        }
    }
}
