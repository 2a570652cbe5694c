//! The accounts: `contract.md` 2 and 3.

mod comment;
mod create;
mod filter;
mod record;

use api::{State as AccountState, Transition};
use axum::{Json, body::Bytes, extract::State, http::StatusCode, response::Response};
use rusqlite::{Connection, params};
use serde_json::Value;

pub(crate) use self::{comment::update_comments, create::create, record::Account};
use self::{
    comment::{COMMENT, COMMENT_URL, Comment},
    filter::{sorting, wanted},
};
use crate::{
    App, Settings, Store,
    access::{Permission, Scope, may},
    call::Call,
    clock, done,
    error::{Error, Result},
    fields::{Fields, Mode, boolean, choice, text},
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
    let accounts = Account::of_keys(db, &accounts)?;
    let rows = accounts.iter().map(|it| it.shown(&call.origin, settings)).collect();
    paging.respond(call, total, rows)
}

pub(crate) async fn retrieve(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    let store = app.store.clone();
    app.store
        .read(move |db| {
            let account = find_filtered(db, &store, app.settings, &call)?;
            Ok(Json(call.show(account.shown(&call.origin, app.settings))?))
        })
        .await
}

/// The account of the path. Unlike the actions, what is done with the account itself heeds the
/// filters of lists (`contract.md` 1.2).
fn find_filtered(
    db: &Connection,
    store: &Store,
    settings: Settings,
    call: &Call,
) -> Result<Account> {
    let account = Account::find(db, &call.user, &call.uuid()?)?;
    let roster = store.roster();
    let wanted = wanted(db, &roster, &call.user, settings, &call.query)?;
    let is_wanted = roster.has(&wanted, u32::try_from(account.id).unwrap_or_default());
    if is_wanted { Ok(account) } else { Err(Error::NotFound) }
}

/// Consent hides accounts from lists and from being retrieved, and from nothing else
/// (`contract.md` 4.2).
fn without_consent(settings: Settings) -> Settings {
    Settings { enforce_consent: false, ..settings }
}

/// The account as it is now.
fn answer(db: &Connection, settings: Settings, call: &Call, uuid: &str) -> Result<Json<Value>> {
    let account = Account::find(db, &call.user, uuid)?;
    Ok(Json(call.show(account.shown(&call.origin, settings))?))
}

/// The name that a request sets. Null is none, like an empty one.
fn username(fields: &mut Fields) -> Option<String> {
    fields.get_or_null("username", text(Account::LONGEST_NAME)).map(Option::unwrap_or_default)
}

/// PUT and PATCH: only the name can change (`contract.md` 2.4).
pub(crate) async fn update(State(app): State<App>, call: Call, body: Bytes) -> Result<Json<Value>> {
    let store = app.store.clone();
    app.store
        .write(move |db| {
            let account = find_filtered(db, &store, without_consent(app.settings), &call)?;
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
    let files = app
        .store
        .write(move |db| {
            let account = find_filtered(db, &store, without_consent(app.settings), &call)?;
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
