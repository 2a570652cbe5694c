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
use serde_json::{Value, json};

use self::filter::{sorting, wanted};
pub(crate) use self::record::Account;
use crate::{
    App, Settings,
    access::{Permission, Scope, may, require},
    auth::new_uuid,
    call::Call,
    clock, done,
    error::{Error, Result},
    fields::{Fields, Mode, NO_OBJECT, Refusal, boolean, choice, text, uuid, web_address},
    filters::uuid_of_link,
    html,
    media::remove_files,
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
    let mut fields = Fields::read(body, Mode::Create)?;
    let offering = relation(&mut fields, "offering")?;
    let person = relation(&mut fields, "user")?;
    let username = username(&mut fields).unwrap_or_default();
    fields.finish()?;
    let no_object = |field: &str| Error::field(field, NO_OBJECT);
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
    require(db, &call.user, Permission::CreateUser, scope)?;
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
            "INSERT INTO completions (uuid, offering_user_id, checklist_id, created, modified) \
             SELECT ?1, id, ?2, ?3, ?3 FROM offering_users WHERE uuid = ?4",
            params![new_uuid()?, checklist, now, uuid],
        )?;
    }
    answer(db, settings, call, &uuid)
}

/// The uuid of a related record, named by a link or by a uuid, but not by both (`contract.md` 2.4).
fn relation(fields: &mut Fields, name: &str) -> Result<Option<String>> {
    let by_uuid = format!("{name}_uuid");
    match (fields.has(name), fields.has(&by_uuid)) {
        (true, true) => Err(Error::whole(format!(
            "Cannot specify both '{name}' URL and '{name}_uuid'. Use one or the other."
        ))),
        (false, false) => {
            Err(Error::whole(format!("Either '{name}' URL or '{name}_uuid' is required.")))
        }
        (true, false) => Ok(fields.get(name, uuid_in_link)),
        (false, true) => Ok(fields.get(&by_uuid, uuid)),
    }
}

fn uuid_in_link(value: &Value) -> Result<String, Refusal> {
    let link = text(usize::MAX)(value)?;
    uuid_of_link(&link).ok_or_else(|| "Invalid hyperlink - No URL match.".into())
}

/// The name that a request sets. Null is none, like an empty one.
fn username(fields: &mut Fields) -> Option<String> {
    fields.get_or_null("username", text(Account::LONGEST_NAME)).map(Option::unwrap_or_default)
}

/// PUT and PATCH: only the name can change (`contract.md` 2.4).
pub(crate) async fn update(State(app): State<App>, call: Call, body: Bytes) -> Result<Json<Value>> {
    let store = app.store.clone();
    store
        .write(move |db| {
            let account = Account::find(db, &call.user, &call.uuid()?)?;
            account.require_update(db, &call.user)?;
            let mut fields = Fields::read(&body, Mode::Change)?;
            let name = username(&mut fields);
            fields.finish()?;
            if let Some(name) = name {
                let is_new = !name.is_empty() && account.username.as_deref() != Some(&name);
                let settles = is_new && account.state.awaits_name();
                let state = if settles { &AccountState::Ok } else { &account.state };
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
            if !may(db, &call.user, Permission::DeleteUser, scope)? {
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
    remove_files(app.store, files).await?;
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
            let mut fields = Fields::read(&body, Mode::Create)?;
            fields.require("is_restricted");
            let is_restricted = fields.get_even_null("is_restricted", boolean);
            fields.finish()?;
            account.require_update(db, &call.user)?;
            db.execute(
                "UPDATE offering_users SET is_restricted = ?1, modified = ?2 WHERE id = ?3",
                params![is_restricted, clock::now(), account.id],
            )?;
            Ok(done())
        })
        .await
}

const COMMENT: &str = "service_provider_comment";
const COMMENT_URL: &str = "service_provider_comment_url";

/// What a request says about the provider's comment. What it leaves out stays.
struct Comment {
    html: Option<String>,
    url: Option<String>,
}

impl Comment {
    const LONGEST_URL: usize = 200;

    fn read(fields: &mut Fields, html: &str, url: &str) -> Self {
        Self {
            html: fields.get(html, text(usize::MAX)).map(|it| html::clean(&it)),
            url: fields.get(url, web_address(Self::LONGEST_URL)),
        }
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

pub(crate) async fn update_comments(
    State(app): State<App>,
    call: Call,
    body: Bytes,
) -> Result<Json<Value>> {
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
            let mut fields = Fields::read(&body, Mode::Change)?;
            let comment = Comment::read(&mut fields, COMMENT, COMMENT_URL);
            fields.finish()?;
            comment.save(db, &account)?;
            let account = Account::find(db, &call.user, &account.uuid)?;
            Ok(Json(json!({ COMMENT: account.comment, COMMENT_URL: account.comment_url })))
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
            let mut fields = Fields::read(&body, Mode::Create)?;
            fields.require("runtime_state");
            let state = fields.get("runtime_state", choice(&RUNTIME_STATES));
            let comment = Comment::read(&mut fields, COMMENT, COMMENT_URL);
            fields.finish()?;
            comment.save(db, &account)?;
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
        let mut fields = Fields::read(body, Mode::Create)?;
        let comment = Comment::read(&mut fields, "comment", "comment_url");
        fields.finish()?;
        comment.save(db, account)?;
    } else if transition == Transition::SetValidationComplete {
        Comment { html: Some(String::new()), url: Some(String::new()) }.save(db, account)?;
    }
    db.execute(
        "UPDATE offering_users SET state = ?1, modified = ?2 WHERE id = ?3",
        params![transition.target().number(), clock::now(), account.id],
    )?;
    Ok(())
}
