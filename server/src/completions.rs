//! The completions of all accounts in one list (`contract.md` 10).

use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde_json::{Value, json};

use crate::{
    App,
    access::{Permission, carries},
    auth::User,
    call::Call,
    error::{Error, Result},
    filters::{self, Condition},
    page::{Paging, is_dense},
    users::full_name,
};

/// How SQL names the columns of `completions p` by which an index finds rows. In SQLite a column
/// behind a plus is found by no index.
#[derive(Clone, Copy)]
struct Columns {
    offering: &'static str,
    account: &'static str,
    is_completed: &'static str,
}

impl Columns {
    const INDEXED: Self = Self {
        offering: "p.offering_id",
        account: "p.offering_user_id",
        is_completed: "p.is_completed",
    };

    /// For going through completions in their order.
    const IN_ORDER: Self =
        Self { offering: "+p.offering_id", account: "+p.offering_user_id", ..Self::INDEXED };

    /// For finding completions by offering or by account alone.
    const BY_PLACE: Self = Self { is_completed: "+p.is_completed", ..Self::INDEXED };
}

/// Conditions on `completions p` that leave what the person `?1` sees, each row in one of them:
/// those of the accounts one may update, and of one's own, where one sees the account at all
/// (`contract.md` 4.2). Staff and support see all. What Waldur shows here is not established.
fn visible_completions(user: &User, columns: Columns) -> Vec<String> {
    if user.is_staff || user.is_support {
        return vec!["1".to_owned()];
    }
    let Columns { offering, account, .. } = columns;
    let reviewed = reviewed_offerings();
    vec![
        format!("{offering} IN ({reviewed})"),
        format!(
            "{offering} NOT IN ({reviewed}) AND {account} IN \
             (SELECT a.id FROM offering_users a \
              JOIN offerings o ON o.id = a.offering_id AND o.provider_can_create_users \
              WHERE a.user_id = ?1)"
        ),
    ]
}

/// The offerings whose accounts the person `?1` may update.
fn reviewed_offerings() -> String {
    format!(
        "SELECT o.id FROM memberships m \
         JOIN offerings o ON o.id = m.offering_id OR o.customer_id = m.customer_id \
         WHERE m.user_id = ?1 AND o.provider_can_create_users AND {}",
        carries(Permission::UpdateUser)
    )
}

pub(crate) async fn list(State(app): State<App>, call: Call) -> Result<Response> {
    let tells_all = tells_all(&app, &call.user);
    app.store
        .read(move |db| {
            let total = count(db, &call)?;
            let order = order(&call)?;
            let paging = Paging::read(&call.query)?;
            let (size, skipped) = paging.window(total)?;
            let all =
                db.query_row("SELECT coalesce(max(id), 0) FROM completions", [], |row| row.get(0))?;
            let is_dense = is_dense(skipped + size, total, all);
            let columns = if is_dense { Columns::IN_ORDER } else { Columns::INDEXED };
            let Condition { text: wanted, parameters } = condition(&call, columns)?;
            let visible = visible_completions(&call.user, columns).join(" OR ");
            // Only what is on the page is worth looking up.
            let page = format!(
                "SELECT p.id FROM completions p WHERE {wanted} AND ({visible}) ORDER BY {order} \
                 LIMIT {size} OFFSET {skipped}"
            );
            let mut statement = db.prepare_cached(&page)?;
            let ids = statement.query_map(params_from_iter(&parameters), |row| row.get(0))?;
            let rows = ids.map(|id| show(db, &call, id?, tells_all));
            paging.respond(&call, total, rows.collect::<Result<_>>()?)
        })
        .await
}

/// Counts what is wanted in each part of what is visible. Whoever sees a part counts by offering or
/// by account.
fn count(db: &Connection, call: &Call) -> Result<u64> {
    let visible = visible_completions(&call.user, Columns::INDEXED);
    let columns = if visible.len() == 1 { Columns::INDEXED } else { Columns::BY_PLACE };
    let Condition { text: wanted, parameters } = condition(call, columns)?;
    let mut total = 0;
    for part in visible {
        let sql = format!("SELECT count(*) FROM completions p WHERE {wanted} AND {part}");
        let mut statement = db.prepare_cached(&sql)?;
        total += statement.query_row(params_from_iter(&parameters), |row| row.get::<_, u64>(0))?;
    }
    Ok(total)
}

fn condition(call: &Call, columns: Columns) -> Result<Condition> {
    let query = &call.query;
    let Columns { offering, account, is_completed } = columns;
    let mut condition = Condition::visible(&call.user, "1");
    if let Some(user) = filters::given(query, "user_uuid") {
        let user = condition.bind(filters::uuid("user_uuid", user)?);
        condition.and(&format!(
            "{account} IN (SELECT a.id FROM offering_users a \
             JOIN users u ON u.id = a.user_id WHERE u.uuid = {user})"
        ));
    }
    if let Some(uuid) = filters::given(query, "offering_uuid") {
        let uuid = condition.bind(filters::uuid("offering_uuid", uuid)?);
        condition.and(&format!("{offering} = (SELECT id FROM offerings WHERE uuid = {uuid})"));
    }
    condition.flag(query, "is_completed", is_completed);
    condition.since(query, "created", "p.created")?;
    condition.since(query, "modified", "p.modified")?;
    Ok(condition)
}

fn order(call: &Call) -> Result<String> {
    const COLUMNS: [(&str, &str); 2] =
        [("modified", "p.modified {}"), ("is_completed", "p.is_completed {}, p.modified {}")];
    filters::order(&call.query, "-modified", &COLUMNS, "p.id")
}

/// One of them, by the number that the list does not show.
pub(crate) async fn retrieve(
    State(app): State<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Value>> {
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let tells_all = tells_all(&app, &call.user);
    app.store
        .read(move |db| {
            let sql = format!(
                "SELECT p.id FROM completions p WHERE ?1 = ?1 AND p.id = ?2 AND ({})",
                visible_completions(&call.user, Columns::INDEXED).join(" OR ")
            );
            let found = db
                .prepare_cached(&sql)?
                .query_row((call.user.id, id), |row| row.get(0))
                .optional()?;
            let id = found.ok_or(Error::NotFound)?;
            Ok(Json(call.select(show(db, &call, id, tells_all)?)))
        })
        .await
}

/// Whether a person is told of the review on whatever they see. Waldur tells everybody.
fn tells_all(app: &App, user: &User) -> bool {
    user.is_staff || user.is_support || app.settings.profile.is_loose()
}

fn show(db: &Connection, call: &Call, id: i64, tells_all: bool) -> Result<Value> {
    let sql = format!(
        "SELECT p.uuid, a.uuid, a.username, u.first_name, u.last_name, u.email, a.state, \
         a.is_restricted, o.name, o.uuid, c.uuid, c.name, h.uuid, h.name, h.description, \
         p.is_completed, \
         EXISTS (SELECT 1 FROM answers x WHERE x.completion_id = p.id), \
         (SELECT count(*) FROM questions q WHERE q.checklist_id = h.id AND q.required \
          AND NOT EXISTS (SELECT 1 FROM answers x \
                          WHERE x.completion_id = p.id AND x.question_id = q.id)), \
         p.requires_review, p.reviewed_by, p.reviewed_at, p.review_notes, p.created, p.modified, \
         ?3 OR p.offering_id IN ({}) \
         FROM completions p \
         JOIN offering_users a ON a.id = p.offering_user_id \
         JOIN users u ON u.id = a.user_id \
         JOIN offerings o ON o.id = a.offering_id \
         JOIN customers c ON c.id = o.customer_id \
         JOIN checklists h ON h.id = p.checklist_id \
         WHERE p.id = ?2",
        reviewed_offerings()
    );
    Ok(db.prepare_cached(&sql)?.query_row((call.user.id, id, tells_all), completion)?)
}

/// As it travels. What a review found is for those who may review: a person who answers could
/// otherwise try which answers are looked at.
fn completion(row: &Row) -> rusqlite::Result<Value> {
    let account: String = row.get(1)?;
    let (first_name, last_name): (String, String) = (row.get(3)?, row.get(4)?);
    let has_answers: bool = row.get(16)?;
    let reviews: bool = row.get(24)?;
    let for_reviewers = |value: Value| if reviews { value } else { Value::Null };
    Ok(json!({
        "uuid": row.get::<_, String>(0)?,
        "offering_user": {
            "uuid": account,
            "username": row.get::<_, Option<String>>(2)?,
            "user_full_name": full_name(&first_name, &last_name),
            "user_email": row.get::<_, String>(5)?,
            "state": api::State::from_number(row.get(6)?).label(),
            "is_restricted": row.get::<_, bool>(7)?,
        },
        "offering_user_uuid": account,
        "offering_name": row.get::<_, String>(8)?,
        "offering_uuid": row.get::<_, String>(9)?,
        "customer_provider_uuid": row.get::<_, String>(10)?,
        "customer_provider_name": row.get::<_, String>(11)?,
        "checklist_uuid": row.get::<_, String>(12)?,
        "checklist_name": row.get::<_, String>(13)?,
        "checklist_description": row.get::<_, String>(14)?,
        "is_completed": row.get::<_, bool>(15)?,
        // Answers over answers, as Waldur has it: of no use.
        "completion_percentage": if has_answers { 100.0 } else { 0.0 },
        "unanswered_required_questions": row.get::<_, i64>(17)?,
        "requires_review": for_reviewers(json!(row.get::<_, bool>(18)?)),
        "reviewed_by": for_reviewers(json!(row.get::<_, Option<i64>>(19)?)),
        "reviewed_at": for_reviewers(json!(row.get::<_, Option<String>>(20)?)),
        "review_notes": for_reviewers(json!(row.get::<_, String>(21)?)),
        "created": row.get::<_, String>(22)?,
        "modified": row.get::<_, String>(23)?,
    }))
}
