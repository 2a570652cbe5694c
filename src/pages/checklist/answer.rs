//! An answer in reading form: labels for options, names for countries, dates as people write them.

use api::{ApiError, Response, StoredFile};
use checklist::{Kind, Value};
use leptos::{prelude::*, task::spawn_local};
use web_sys::Blob;

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
    ui::{Button, Emphasis, Glyph, Icon, Prose, live},
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
        (Kind::RichText(_), Value::Text(html)) => {
            view! { <Prose html=Signal::stored(html) words=link_words()/> }.into_any()
        }
        (kind, value) => view! { <p>{words(kind, &value)}</p> }.into_any(),
    }
}

/// An answer in words. Values that do not fit their question are shown as they are.
pub(crate) fn words(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (_, Value::Bool(true)) => say!(checklist.yes),
        (_, Value::Bool(false)) => say!(checklist.no),
        (Kind::SingleSelect(choices) | Kind::MultiSelect(choices), Value::List(ids)) => {
            if ids.is_empty() {
                return say!(checklist.none_chosen);
            }
            let label = |id: &Value| match id {
                Value::Text(id) => choices
                    .iter()
                    .find(|it| it.id == *id)
                    .map_or_else(|| id.clone(), |it| it.label.clone()),
                other => other.python_repr(),
            };
            ids.iter().map(label).collect::<Vec<_>>().join(", ")
        }
        (Kind::Likert(likert), Value::Int(point)) => {
            let last = i128::from(likert.points) - 1;
            let name = match *point {
                0 => likert.low.as_str(),
                point if point == last => likert.high.as_str(),
                _ => "",
            };
            let number = point + 1;
            let of = likert.points;
            if name.is_empty() {
                say!(checklist.point, number = number, of = of)
            } else {
                say!(checklist.point_named, number = number, of = of, name = name)
            }
        }
        (Kind::Likert(_), Value::Text(text)) if text == "na" => say!(checklist.not_applicable),
        (Kind::Country, Value::Text(code)) => format::country(code),
        (Kind::Date, Value::Text(text)) => format::plain_date(text),
        (Kind::DateTime, Value::Text(text)) => format::plain_moment(text),
        (_, Value::Text(text)) => text.clone(),
        (_, other) => other.python_repr(),
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
