//! The accounts: `contract.md` 2 and 3.

mod filter;
mod record;

use api::{State as AccountState, Transition};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value, json};

use self::filter::{sorting, wanted};
pub(crate) use self::record::Account;
use crate::{
    App, Settings,
    access::{Permission, Scope, may, require},
    auth::new_uuid,
    call::{Call, hex, object, text},
    clock, done,
    error::{Error, Result},
    html,
    page::Paging,
    roster::{RUNTIME_STATES, Roster},
};

pub(crate) async fn list(State(app): State<App>, call: Call) -> Result<Response> {
    let store = app.store.clone();
    app.store.read(move |db| page(db, &store.roster(), app.settings, &call)).await
}

fn page(db: &Connection, roster: &Roster, settings: Settings, call: &Call) -> Result<Response> {
    let wanted = wanted(db, roster, &call.user, settings, &call.query)?;
    let sorting = sorting(&call.query, settings)?;
    let paging = Paging::read(&call.query)?;
    let (total, selected) = roster.select(&wanted);
    let (limit, offset) = paging.window(total)?;
    let accounts = roster.window(&selected, &sorting, offset, limit);
    let mut rows = Vec::with_capacity(accounts.len());
    for account in accounts {
        // One that was deleted in this moment is left out.
        if let Some(account) = Account::of_key(db, account)? {
            rows.push(account.json(&call.origin, settings));
        }
    }
    paging.respond(call, total, rows)
}

/// Unlike the actions, this heeds the filters of lists (`contract.md` 1.2).
pub(crate) async fn retrieve(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    let store = app.store.clone();
    app.store
        .read(move |db| {
            let account = Account::find(db, &call.user, &call.uuid()?)?;
            let roster = store.roster();
            let wanted = wanted(db, &roster, &call.user, app.settings, &call.query)?;
            if !roster.has(&wanted, u32::try_from(account.id).unwrap_or_default()) {
                return Err(Error::NotFound);
            }
            Ok(Json(call.select(account.json(&call.origin, app.settings))))
        })
        .await
}

/// The account as it is now.
fn answer(db: &Connection, settings: Settings, call: &Call, uuid: &str) -> Result<Json<Value>> {
    let account = Account::find(db, &call.user, uuid)?;
    Ok(Json(call.select(account.json(&call.origin, settings))))
}

pub(crate) async fn create(State(app): State<App>, call: Call, body: Bytes) -> Result<Response> {
    let created =
        app.store.clone().write(move |db| create_account(db, app.settings, &call, &body)).await?;
    Ok((StatusCode::CREATED, created).into_response())
}

fn create_account(
    db: &Connection,
    settings: Settings,
    call: &Call,
    body: &Bytes,
) -> Result<Json<Value>> {
    let body = object(body)?;
    let offering = relation(&body, "offering")?;
    let person = relation(&body, "user")?;
    let username = username(&body)?.unwrap_or_default();
    let no_object = |field: &str| Error::field(field, "Invalid hyperlink - Object does not exist.");
    let found = db
        .query_row(
            "SELECT id, customer_id, checklist_id, provider_can_create_users FROM offerings \
             WHERE uuid = ?1",
            [offering],
            |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?, row.get(3)?)),
        )
        .optional()?;
    let (offering, customer, checklist, allowed): (i64, i64, _, bool) =
        found.ok_or_else(|| no_object("offering"))?;
    let person: Option<i64> = db
        .query_row("SELECT id FROM users WHERE uuid = ?1", [person], |row| row.get(0))
        .optional()?;
    let person = person.ok_or_else(|| no_object("user"))?;
    let scope = Scope { customer: Some(customer), offering: None };
    require(db, &call.user, Permission::Create, scope)?;
    if !allowed {
        let message = "It is not allowed to create users for current offering.";
        return Err(Error::Rejected(json!([message])));
    }
    let uuid = new_uuid()?;
    let now = clock::now();
    let state = if username.is_empty() { AccountState::Requested } else { AccountState::Ok };
    let added = db.execute(
        "INSERT INTO offering_users (uuid, user_id, offering_id, username, state, created, modified) \
         VALUES (?1, ?2, ?3, nullif(?4, ''), ?5, ?6, ?6) ON CONFLICT DO NOTHING",
        params![uuid, person, offering, username, state.number(), now],
    )?;
    if added == 0 {
        return Err(Error::whole("The fields offering, user must make a unique set."));
    }
    if let Some(checklist) = checklist {
        db.execute(
            "INSERT INTO completions (uuid, offering_user_id, checklist_id, offering_id, created, \
             modified) SELECT ?1, id, ?2, offering_id, ?3, ?3 FROM offering_users WHERE uuid = ?4",
            params![new_uuid()?, checklist, now, uuid],
        )?;
    }
    answer(db, settings, call, &uuid)
}

/// A related record, named by a link or by a uuid, but not by both (`contract.md` 2.4).
fn relation(body: &Map<String, Value>, name: &str) -> Result<String> {
    let by_uuid = format!("{name}_uuid");
    match (text(body, name)?, text(body, &by_uuid)?) {
        (Some(_), Some(_)) => Err(Error::whole(format!(
            "Cannot specify both '{name}' URL and '{name}_uuid'. Use one or the other."
        ))),
        (None, None) => {
            Err(Error::whole(format!("Either '{name}' URL or '{name}_uuid' is required.")))
        }
        (Some(url), None) => url
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .and_then(hex)
            .ok_or_else(|| Error::field(name, "Invalid hyperlink - No URL match.")),
        (None, Some(uuid)) => {
            hex(uuid).ok_or_else(|| Error::field(&by_uuid, "Must be a valid UUID."))
        }
    }
}

fn username(body: &Map<String, Value>) -> Result<Option<String>> {
    const LONGEST: usize = 100;
    let name = match body.get("username") {
        Some(Value::Null) => return Ok(Some(String::new())),
        _ => text(body, "username")?,
    };
    match name {
        Some(name) if name.chars().count() > LONGEST => {
            let message = format!("Ensure this field has no more than {LONGEST} characters.");
            Err(Error::field("username", message))
        }
        name => Ok(name.map(|name| name.trim().to_owned())),
    }
}

/// PUT and PATCH: only the name can change (`contract.md` 2.4).
pub(crate) async fn update(State(app): State<App>, call: Call, body: Bytes) -> Result<Json<Value>> {
    let store = app.store.clone();
    store
        .write(move |db| {
            let account = Account::find(db, &call.user, &call.uuid()?)?;
            account.require_update(db, &call.user)?;
            if let Some(name) = username(&object(&body)?)? {
                let is_new = !name.is_empty() && account.username.as_deref() != Some(&name);
                let settles = matches!(
                    account.state,
                    AccountState::Requested
                        | AccountState::Creating
                        | AccountState::PendingAccountLinking
                        | AccountState::PendingAdditionalValidation
                        | AccountState::ErrorCreating
                );
                let state = if is_new && settles { &AccountState::Ok } else { &account.state };
                db.execute(
                    "UPDATE offering_users SET username = nullif(?1, ''), state = ?2, \
                     modified = ?3 WHERE id = ?4",
                    params![name, state.number(), clock::now(), account.id],
                )?;
            }
            answer(db, app.settings, &call, &account.uuid)
        })
        .await
}

pub(crate) async fn delete(State(app): State<App>, call: Call) -> Result<StatusCode> {
    let store = app.store.clone();
    let files = store
        .write(move |db| {
            let account = Account::find(db, &call.user, &call.uuid()?)?;
            // A role on the offering is not enough (`contract.md` 2.4).
            let scope = Scope { customer: Some(account.customer_id), offering: None };
            if !may(db, &call.user, Permission::Delete, scope)? {
                return Err(Error::Forbidden("You do not have permission to delete this user."));
            }
            let mut statement = db.prepare_cached(
                "SELECT f.uuid FROM files f JOIN completions p ON p.id = f.completion_id \
                 WHERE p.offering_user_id = ?1",
            )?;
            let files = statement.query_map([account.id], |row| row.get::<_, String>(0))?;
            let files = files.collect::<rusqlite::Result<Vec<_>>>()?;
            db.execute("DELETE FROM offering_users WHERE id = ?1", [account.id])?;
            Ok(files)
        })
        .await?;
    for file in files {
        // The record is gone; a file that cannot be removed is only lost space.
        if let Err(error) = std::fs::remove_file(app.store.file(&file)) {
            tracing::warn!(file, %error, "a file could not be removed");
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn update_restricted(
    State(app): State<App>,
    call: Call,
    body: Bytes,
) -> Result<Response> {
    app.store
        .write(move |db| {
            let account = Account::find(db, &call.user, &call.uuid()?)?;
            // Here the body is looked at before the right (`contract.md` 2.4).
            let is_restricted = match object(&body)?.get("is_restricted") {
                Some(Value::Bool(flag)) => *flag,
                None => return Err(Error::field("is_restricted", "This field is required.")),
                Some(_) => return Err(Error::field("is_restricted", "Must be a valid boolean.")),
            };
            account.require_update(db, &call.user)?;
            db.execute(
                "UPDATE offering_users SET is_restricted = ?1, modified = ?2 WHERE id = ?3",
                params![is_restricted, clock::now(), account.id],
            )?;
            Ok(done())
        })
        .await
}

/// What a request says about the provider's comment. What it leaves out stays.
struct Comment {
    html: Option<String>,
    url: Option<String>,
}

impl Comment {
    const LONGEST_URL: usize = 200;

    fn read(body: &Map<String, Value>, html_field: &str, url_field: &str) -> Result<Self> {
        let url = text(body, url_field)?.map(str::trim);
        if let Some(url) = url.filter(|it| !it.is_empty()) {
            if url.chars().count() > Self::LONGEST_URL {
                let message =
                    format!("Ensure this field has no more than {} characters.", Self::LONGEST_URL);
                return Err(Error::field(url_field, message));
            }
            if !is_web_address(url) {
                return Err(Error::field(url_field, "Enter a valid URL."));
            }
        }
        let html = text(body, html_field)?.map(html::clean);
        Ok(Self { html, url: url.map(str::to_owned) })
    }

    fn save(&self, db: &Connection, account: &Account) -> Result<()> {
        db.execute(
            "UPDATE offering_users SET comment = coalesce(?1, comment), \
             comment_url = coalesce(?2, comment_url), modified = ?3 WHERE id = ?4",
            params![self.html, self.url, clock::now(), account.id],
        )?;
        Ok(())
    }
}

/// An address with a scheme of the web and a host, as Django's URL field accepts it.
pub(crate) fn is_web_address(text: &str) -> bool {
    let rest = ["http://", "https://", "ftp://", "ftps://"].iter().find_map(|scheme| {
        Some(text.get(scheme.len()..)?).filter(|_| text.to_lowercase().starts_with(scheme))
    });
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let is_name = name == "localhost"
        || (name.contains('.')
            && name.split('.').all(|label| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|it| it.is_alphanumeric() || it == '-')
            }));
    is_name
        && port.len() <= 5
        && port.bytes().all(|it| it.is_ascii_digit())
        && !text.contains(char::is_whitespace)
}

pub(crate) async fn update_comments(
    State(app): State<App>,
    call: Call,
    body: Bytes,
) -> Result<Json<Value>> {
    const HTML: &str = "service_provider_comment";
    const URL: &str = "service_provider_comment_url";
    let store = app.store.clone();
    store
        .write(move |db| {
            let account = Account::find(db, &call.user, &call.uuid()?)?;
            if !app.settings.profile.is_loose() {
                account.require_update(db, &call.user)?;
            }
            if account.state == AccountState::Deleted {
                return Err(Error::Forbidden(
                    "Cannot update comments for offering user in state: Deleted",
                ));
            }
            Comment::read(&object(&body)?, HTML, URL)?.save(db, &account)?;
            let account = Account::find(db, &call.user, &account.uuid)?;
            Ok(Json(json!({ HTML: account.comment, URL: account.comment_url })))
        })
        .await
}

pub(crate) async fn update_runtime_state(
    State(app): State<App>,
    call: Call,
    body: Bytes,
) -> Result<Response> {
    app.store
        .write(move |db| {
            let account = Account::find(db, &call.user, &call.uuid()?)?;
            account.require_update(db, &call.user)?;
            if account.state == AccountState::Deleted {
                let message = "Cannot update runtime state for offering user in state: Deleted";
                return Err(Error::detail(message));
            }
            let body = object(&body)?;
            let state = text(&body, "runtime_state")?
                .ok_or_else(|| Error::field("runtime_state", "This field is required."))?;
            if !RUNTIME_STATES.contains(&state) {
                let message = format!("\"{state}\" is not a valid choice.");
                return Err(Error::field("runtime_state", message));
            }
            Comment::read(&body, "service_provider_comment", "service_provider_comment_url")?
                .save(db, &account)?;
            db.execute(
                "UPDATE offering_users SET runtime_state = ?1 WHERE id = ?2",
                params![state, account.id],
            )?;
            Ok(done())
        })
        .await
}

/// Moves an account on (`contract.md` 3.2).
pub(crate) async fn transition(
    State(app): State<App>,
    call: Call,
    body: Bytes,
    transition: Transition,
) -> Result<Response> {
    let store = app.store.clone();
    store
        .write(move |db| {
            let account = Account::find(db, &call.user, &call.uuid()?)?;
            if !(app.settings.profile.is_loose() && is_unguarded(transition)) {
                account.require_update(db, &call.user)?;
            }
            move_on(db, &account, &body, transition)?;
            Ok(done())
        })
        .await
}

/// Those that Waldur lets everybody make who sees the account, its holder included.
fn is_unguarded(transition: Transition) -> bool {
    use Transition::{SetErrorCreating, SetErrorDeleting, SetOk};
    matches!(transition, SetOk | SetErrorCreating | SetErrorDeleting)
}

fn move_on(db: &Connection, account: &Account, body: &Bytes, transition: Transition) -> Result<()> {
    if !transition.sources().contains(&account.state) {
        let labels: Vec<&str> = transition.sources().iter().map(AccountState::label).collect();
        return Err(Error::detail(format!(
            "Cannot transition to {} from current state: {}. Valid states for operation: {}.",
            transition.name_in_error(),
            account.state.number().unwrap_or_default(),
            labels.join(", ")
        )));
    }
    if transition.takes_comment() {
        Comment::read(&object(body)?, "comment", "comment_url")?.save(db, account)?;
    } else if transition == Transition::SetValidationComplete {
        Comment { html: Some(String::new()), url: Some(String::new()) }.save(db, account)?;
    }
    db.execute(
        "UPDATE offering_users SET state = ?1, modified = ?2 WHERE id = ?3",
        params![transition.target().number(), clock::now(), account.id],
    )?;
    Ok(())
}
