//! Signing in, and what a person may know about themselves.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{Extensions, HeaderMap, StatusCode, header},
    response::Response,
};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::{
    App, auth,
    auth::{Attempt, User},
    call::{Call, link, object},
    clock, demo,
    error::{Error, Result},
    page::Collection,
};

pub(crate) async fn sign_in(
    State(app): State<App>,
    extensions: Extensions,
    body: Bytes,
) -> Result<Json<Value>> {
    let body = object(&body)?;
    let mut missing = Map::new();
    for field in ["username", "password"] {
        if text(&body, field)?.is_none_or(str::is_empty) {
            missing.insert(field.to_owned(), json!(["This field is required."]));
        }
    }
    if !missing.is_empty() {
        return Err(Error::Rejected(Value::Object(missing)));
    }
    let field = |name| text(&body, name).map(|it| it.unwrap_or_default().to_owned());
    let (username, password) = (field("username")?, field("password")?);
    let attempt = Attempt::new(&username, &extensions).ok_or(auth::WRONG)?;
    app.lockout.begin(&attempt)?;
    let token = auth::sign_in(&app, username, password).await?;
    app.lockout.forgive(&attempt);
    Ok(Json(json!({ "token": token })))
}

/// A field that is text, if it is there. It is taken as it is: a password may begin with a space.
fn text<'a>(body: &'a Map<String, Value>, field: &str) -> Result<Option<&'a str>> {
    match body.get(field) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Null) => Err(Error::field(field, "This field may not be null.")),
        Some(_) => Err(Error::field(field, "Not a valid string.")),
    }
}

pub(crate) async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<StatusCode> {
    let header = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
    let header = header.map(str::to_owned);
    app.store.write(move |db| auth::end_session(db, header.as_deref())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Public settings. `PURSER` is ours: it names the people of the demo, so that the sign-in page
/// can offer them. A real Waldur does not send it.
pub(crate) async fn configuration(State(app): State<App>) -> Result<Json<Value>> {
    let people = app.store.read(demo_people).await?;
    Ok(Json(json!({
        "WALDUR_CORE": {
            "ENFORCE_USER_CONSENT_FOR_OFFERINGS": app.settings.enforce_consent,
            "ENFORCE_OFFERING_USER_PROFILE_COMPLETENESS": false,
        },
        "PURSER": { "demo_people": people },
    })))
}

fn demo_people(db: &Connection) -> Result<Vec<Value>> {
    if !demo::is_demo(db)? {
        return Ok(Vec::new());
    }
    let people = demo::PEOPLE.iter().map(|(username, role)| {
        json!({ "username": username, "password": demo::PASSWORD, "role": role })
    });
    Ok(people.collect())
}

pub(crate) async fn me(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    let profile = app.settings.profile;
    app.store
        .read(move |db| {
            let mut record = own_record(db, &call.user, &call.origin)?;
            let is_ordinary = !call.user.is_staff && !call.user.is_support;
            if let Value::Object(fields) = &mut record
                && is_ordinary
                && !profile.is_new()
            {
                // The older server tells ordinary people nothing of this (`contract.md` 1.1).
                for key in ["is_staff", "is_support", "is_active"] {
                    fields.remove(key);
                }
            }
            Ok(Json(call.select(record)))
        })
        .await
}

fn own_record(db: &Connection, user: &User, origin: &str) -> Result<Value> {
    let mut permissions = Vec::new();
    let mut statement = db.prepare_cached(
        "SELECT m.uuid, m.created, r.name, r.uuid, m.offering_id IS NOT NULL, \
         coalesce(o.uuid, p.uuid, c.uuid), coalesce(o.name, p.name, c.name), c.uuid, c.name, \
         p.uuid FROM memberships m JOIN roles r ON r.id = m.role_id \
         LEFT JOIN offerings o ON o.id = m.offering_id \
         LEFT JOIN projects p ON p.id = m.project_id \
         JOIN customers c ON c.id = coalesce(m.customer_id, o.customer_id, p.customer_id) \
         WHERE m.user_id = ?1 ORDER BY m.id",
    )?;
    let mut rows = statement.query([user.id])?;
    while let Some(row) = rows.next()? {
        let role: String = row.get(2)?;
        let on_offering: bool = row.get(4)?;
        let project: Option<String> = row.get(9)?;
        let scope = match (on_offering, &project) {
            (true, _) => "offering",
            (false, Some(_)) => "project",
            (false, None) => "customer",
        };
        permissions.push(json!({
            "uuid": row.get::<_, String>(0)?,
            "user_uuid": user.uuid,
            "user_name": user.full_name(),
            "user_username": user.username,
            "user_email": user.email,
            "created": row.get::<_, String>(1)?,
            "expiration_time": null,
            "is_active": true,
            "role_name": role,
            "role_description": "",
            "role_uuid": row.get::<_, String>(3)?,
            "scope_type": scope,
            "scope_uuid": row.get::<_, String>(5)?,
            "scope_name": row.get::<_, String>(6)?,
            "customer_uuid": row.get::<_, String>(7)?,
            "customer_name": row.get::<_, String>(8)?,
            "project_uuid": project,
            "resource_uuid": null,
            "user_slug": user.username,
            "scope_is_removed": false,
        }));
    }
    Ok(json!({
        "url": link(origin, "users", &user.uuid),
        "uuid": user.uuid,
        "username": user.username,
        "full_name": user.full_name(),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "organization": user.organization,
        "job_title": user.job_title,
        "is_staff": user.is_staff,
        "is_support": user.is_support,
        "is_active": user.is_active,
        "preferred_language": "",
        "agreement_date": null,
        "token_lifetime": user.token_lifetime,
        // Each use makes it later, which is written down once in a minute.
        "token_expires_at": user.token_lifetime.map(clock::in_seconds),
        "permissions": permissions,
    }))
}

/// Which permissions each role carries.
pub(crate) async fn roles(State(app): State<App>, call: Call) -> Result<Response> {
    app.store
        .read(move |db| {
            let roles = Collection {
                columns: "uuid, name, permissions",
                tables: "roles",
                condition: "1",
                order: "name",
                parameters: &[],
            };
            roles.respond(db, &call, |row| {
                Ok(json!({
                    "uuid": row.get::<_, String>(0)?,
                    "name": row.get::<_, String>(1)?,
                    "permissions": row.get::<_, Value>(2)?,
                }))
            })
        })
        .await
}
