//! Files inside answers (`contract.md` 5.4).

use std::fs;

use axum::{
    body::Body,
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use rusqlite::{Connection, OptionalExtension};

use tokio_util::io::ReaderStream;

use crate::{
    App, Profile, Store,
    access::{Permission, Scope, may},
    auth::User,
    call::Call,
    error::{Error, Result},
};

/// Who may not have it does not learn that it is there.
pub(crate) async fn download(State(app): State<App>, request: Request) -> Result<Response> {
    let (mut parts, _) = request.into_parts();
    let call = match Call::from_request_parts(&mut parts, &app).await {
        Err(Error::Unauthenticated(_)) => return Err(Error::NotFound),
        call => call?,
    };
    let uuid = call.uuid()?;
    let path = app.store.file(&uuid);
    let profile = app.settings.profile;
    let describe = move |db: &Connection| describe(db, &call.user, profile, &uuid);
    let (name, mime_type) = app.store.read(describe).await?;
    // By pieces, so that a slow reader does not keep all of it in memory.
    let file = tokio::fs::File::open(path).await?;
    let length = file.metadata().await?.len();
    let mut response = Body::from_stream(ReaderStream::new(file)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let type_ = HeaderValue::from_str(&mime_type);
    headers.insert(
        header::CONTENT_TYPE,
        type_.unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    // The name comes from the person: only harmless characters pass, the rest is escaped.
    let escaped: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let disposition = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{escaped}"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        disposition.map_err(|error| Error::Internal(error.to_string()))?,
    );
    Ok(response)
}

/// Authors of an answer beside it, staff, support, and, unlike in Waldur, those who review it.
fn describe(
    db: &Connection,
    user: &User,
    profile: Profile,
    uuid: &str,
) -> Result<(String, String)> {
    let found = db
        .query_row(
            "SELECT f.name, f.mime_type, o.id, o.customer_id, EXISTS (SELECT 1 FROM answers x \
               WHERE x.completion_id = f.completion_id AND x.user_id = ?2) \
             FROM files f JOIN completions p ON p.id = f.completion_id \
             JOIN offering_users a ON a.id = p.offering_user_id \
             JOIN offerings o ON o.id = a.offering_id WHERE f.uuid = ?1",
            (uuid, user.id),
            |row| {
                let scope = Scope { offering: row.get(2)?, customer: row.get(3)? };
                Ok(((row.get(0)?, row.get(1)?), scope, row.get::<_, bool>(4)?))
            },
        )
        .optional()?;
    let (file, scope, is_author) = found.ok_or(Error::NotFound)?;
    let is_allowed = is_author
        || user.is_staff
        || user.is_support
        || (!profile.is_loose() && may(db, user, Permission::UpdateUser, scope)?);
    if is_allowed { Ok(file) } else { Err(Error::NotFound) }
}

/// Removes files once their records are gone.
pub(crate) async fn remove_files(store: Store, files: Vec<String>) -> Result<()> {
    let remove = move || {
        for file in files {
            // Nothing names it any more; a file that cannot be removed is only lost space.
            if let Err(error) = fs::remove_file(store.file(&file)) {
                tracing::warn!(file, %error, "a file could not be removed");
            }
        }
    };
    tokio::task::spawn_blocking(remove).await.map_err(|error| Error::Internal(error.to_string()))
}
