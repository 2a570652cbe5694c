//! An answer in reading form: labels for options, names for countries, dates as people write them.

use api::StoredFile;
use checklist::{Kind, Value};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    download, format,
    i18n::{say, t},
    notice::use_notices,
    pages::words::link_words,
    session::use_session,
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

/// One file: its name, its size and type, and the way to get it where the server keeps it.
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
    let about = match (&stored, file.get("content")) {
        (Some(stored), _) => format!("{} · {}", format::size(stored.size as f64), stored.mime_type),
        // Four characters of base64 hold three bytes.
        (None, Some(Value::Text(content))) => {
            format!(
                "{} · {}",
                format::size(content.len() as f64 * 0.75),
                say!(checklist.on_this_device)
            )
        }
        _ => String::new(),
    };
    let session = use_session();
    let notices = use_notices();
    let get = move |stored: StoredFile| {
        spawn_local(async move {
            match session.send(api::media(&stored.stored_file_id)).await {
                Ok(bytes) => download::offer(&stored.name, &stored.mime_type, &bytes.0),
                Err(api::ApiError::NotFound) => {
                    notices.bad(say!(checklist.file_not_shared, name = stored.name))
                }
                Err(error) => notices.bad(crate::explain::explain(&error)),
            }
        });
    };
    view! {
        <Icon glyph=Glyph::File/>
        <span class="files__name">{name}</span>
        <span class="soft">{about}</span>
        {stored.map(|stored| view! {
            <Button emphasis=Emphasis::Plain on_press=move |()| get(stored.clone())>
                <Icon glyph=Glyph::Download/>
                {t!(checklist.download)}
            </Button>
        })}
    }
}
