//! What a provider tells the person (`contract.md` 2.4 and 3.2).

use api::State as AccountState;
use axum::{Json, body::Bytes, extract::State};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::Account;
use crate::{
    App,
    call::Call,
    clock,
    error::{Error, Result},
    fields::{Fields, Mode, text, web_address},
    html,
};

pub(super) const COMMENT: &str = "service_provider_comment";
pub(super) const COMMENT_URL: &str = "service_provider_comment_url";

/// What a request says about the provider's comment. What it leaves out stays.
pub(super) struct Comment {
    pub(super) html: Option<String>,
    pub(super) url: Option<String>,
}

impl Comment {
    const LONGEST_URL: usize = 200;

    pub(super) fn read(fields: &mut Fields, html: &str, url: &str) -> Self {
        Self {
            html: fields.get(html, text(usize::MAX)).map(|it| html::clean(&it)),
            url: fields.get(url, web_address(Self::LONGEST_URL)),
        }
    }

    pub(super) fn save(&self, db: &Connection, account: &Account) -> Result<()> {
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
