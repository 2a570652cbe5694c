//! How far the accounts of a provider are (`contract.md` 10).

use axum::{extract::State, response::Response};
use checklist::Percentage;
use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};

use super::customer;
use crate::{
    App,
    access::Permission,
    call::Call,
    error::Result,
    filters::{given, uuid},
    page::{Collection, Paging, is_dense},
    users::full_name,
};

/// One offering of a provider and how far its accounts are. Counts come from indexes alone.
struct Standing {
    id: i64,
    uuid: String,
    name: String,
    checklist: Option<(i64, String)>,
    accounts: u64,
    completions: u64,
    completed: u64,
}

impl Standing {
    /// Those of one organisation, by name.
    fn all(db: &Connection, customer: i64) -> Result<Vec<Self>> {
        let mut statement = db.prepare_cached(
            "SELECT o.id, o.uuid, o.name, h.id, h.name, \
             (SELECT count(*) FROM offering_users a WHERE a.offering_id = o.id), \
             (SELECT count(*) FROM completions p \
              WHERE p.offering_id = o.id AND p.checklist_id = o.checklist_id), \
             (SELECT count(*) FROM completions p WHERE p.offering_id = o.id \
              AND p.checklist_id = o.checklist_id AND p.is_completed = 1) \
             FROM offerings o LEFT JOIN checklists h ON h.id = o.checklist_id \
             WHERE o.customer_id = ?1 ORDER BY o.name, o.id",
        )?;
        let rows = statement.query_map([customer], |row| {
            let checklist: (Option<i64>, Option<String>) = (row.get(3)?, row.get(4)?);
            Ok(Self {
                id: row.get(0)?,
                uuid: row.get(1)?,
                name: row.get(2)?,
                checklist: checklist.0.zip(checklist.1),
                accounts: row.get(5)?,
                completions: row.get(6)?,
                completed: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn overview(&self) -> Value {
        let rate = match self.accounts {
            0 => 0.0,
            accounts => self.completed as f64 / accounts as f64 * 100.0,
        };
        json!({
            "offering_uuid": self.uuid,
            "offering_name": self.name,
            "checklist_name": self.checklist.as_ref().map(|(_, name)| name),
            "total_users": self.accounts,
            "users_with_completions": self.completions,
            "completed_users": self.completed,
            "pending_users": self.completions - self.completed,
            "compliance_rate": rate,
        })
    }
}

pub(crate) async fn compliance_overview(State(app): State<App>, call: Call) -> Result<Response> {
    app.store
        .read(move |db| {
            let customer = customer(db, &call, Permission::ListCustomers)?;
            let standings = Standing::all(db, customer)?;
            let rows: Vec<_> = standings.iter().filter(|it| it.checklist.is_some()).collect();
            let paging = Paging::read(&call.query)?;
            let (size, skipped) = paging.window(rows.len() as u64)?;
            let page = rows.iter().skip(skipped as usize).take(size as usize);
            paging.respond(&call, rows.len() as u64, page.map(|it| it.overview()).collect())
        })
        .await
}

pub(crate) async fn checklists_summary(State(app): State<App>, call: Call) -> Result<Response> {
    app.store
        .read(move |db| {
            let customer = customer(db, &call, Permission::ListCustomers)?;
            let count = "(SELECT count(*) FROM offerings o \
                          WHERE o.customer_id = ?1 AND o.checklist_id = h.id)";
            let checklists = Collection {
                columns: &format!(
                    "h.uuid, h.name, {count}, \
                     (SELECT count(*) FROM questions q WHERE q.checklist_id = h.id)"
                ),
                tables: "checklists h",
                condition: &format!("{count} > 0"),
                order: &format!("{count} DESC, h.name, h.id"),
                parameters: &[customer.into()],
            };
            checklists.respond(db, &call, |row| {
                Ok(json!({
                    "checklist_uuid": row.get::<_, String>(0)?,
                    "checklist_name": row.get::<_, String>(1)?,
                    "questions_count": row.get::<_, i64>(3)?,
                    "offerings_count": row.get::<_, i64>(2)?,
                }))
            })
        })
        .await
}

/// How far an account is.
#[derive(Clone, Copy, PartialEq)]
enum Compliance {
    Completed,
    Pending,
    NoChecklist,
}

impl Compliance {
    fn label(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Pending => "pending",
            Self::NoChecklist => "no_checklist",
        }
    }

    /// What a request asks for. Other words ask for nothing.
    fn wanted(call: &Call) -> Option<Self> {
        let asked = given(&call.query, "compliance_status")?;
        [Self::Completed, Self::Pending, Self::NoChecklist]
            .into_iter()
            .find(|it| it.label() == asked)
    }

    /// How many accounts of an offering are like this.
    fn count(wanted: Option<Self>, standing: &Standing) -> u64 {
        match (wanted, &standing.checklist) {
            (None, _) | (Some(Self::NoChecklist), None) => standing.accounts,
            (Some(Self::NoChecklist), Some(_)) | (Some(_), None) => 0,
            (Some(Self::Completed), Some(_)) => standing.completed,
            (Some(Self::Pending), Some(_)) => standing.accounts - standing.completed,
        }
    }
}

/// By offering, then by last and first name. Offerings before the page are passed over by their
/// counts.
pub(crate) async fn compliance_offering_users(
    State(app): State<App>,
    call: Call,
) -> Result<Response> {
    app.store
        .read(move |db| {
            let customer = customer(db, &call, Permission::ListCustomers)?;
            let mut standings = Standing::all(db, customer)?;
            if let Some(offering) = given(&call.query, "offering_uuid") {
                let offering = uuid("offering_uuid", offering)?;
                standings.retain(|it| it.uuid == offering);
            }
            let wanted = Compliance::wanted(&call);
            let total = standings.iter().map(|it| Compliance::count(wanted, it)).sum();
            let paging = Paging::read(&call.query)?;
            let (size, mut skipped) = paging.window(total)?;
            let mut rows = Vec::new();
            for standing in &standings {
                let count = Compliance::count(wanted, standing);
                let missing = size - rows.len() as u64;
                if missing > 0 && skipped < count {
                    rows.extend(accounts(db, standing, wanted, missing, skipped)?);
                }
                skipped = skipped.saturating_sub(count);
            }
            paging.respond(&call, total, rows)
        })
        .await
}

/// A part of an offering's accounts, by name.
fn accounts(
    db: &Connection,
    standing: &Standing,
    wanted: Option<Compliance>,
    size: u64,
    skipped: u64,
) -> Result<Vec<Value>> {
    let people: u64 =
        db.query_row("SELECT coalesce(max(id), 0) FROM users", [], |row| row.get(0))?;
    let is_large = is_dense(skipped + size, standing.accounts, people);
    let tables = if is_large {
        "users u CROSS JOIN offering_users a ON a.user_id = u.id AND a.offering_id = ?1"
    } else {
        "offering_users a CROSS JOIN users u ON u.id = a.user_id AND a.offering_id = ?1"
    };
    let condition = match wanted {
        Some(Compliance::Completed) => "p.is_completed = 1",
        Some(Compliance::Pending) => "p.is_completed IS NOT 1",
        Some(Compliance::NoChecklist) | None => "1",
    };
    // What is not on the page is not worth reading.
    let sql = format!(
        "SELECT a.uuid, u.first_name, u.last_name, u.email, a.username, a.state, a.created, \
         p.is_completed, p.modified, \
         (SELECT count(*) FROM answers x WHERE x.completion_id = p.id), \
         (SELECT count(*) FROM questions q WHERE q.checklist_id = ?2) \
         FROM (SELECT a.id FROM {tables} \
               LEFT JOIN completions p ON p.offering_user_id = a.id AND p.checklist_id = ?2 \
               WHERE {condition} ORDER BY u.last_name, u.first_name, u.id LIMIT ?3 OFFSET ?4) page \
         JOIN offering_users a ON a.id = page.id JOIN users u ON u.id = a.user_id \
         LEFT JOIN completions p ON p.offering_user_id = a.id AND p.checklist_id = ?2 \
         ORDER BY u.last_name, u.first_name, u.id"
    );
    let checklist = standing.checklist.as_ref();
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params![standing.id, checklist.map(|(id, _)| id), size, skipped], |row| {
            account(row, standing)
        })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn account(row: &Row, standing: &Standing) -> rusqlite::Result<Value> {
    let (first_name, last_name): (String, String) = (row.get(1)?, row.get(2)?);
    let checklist = standing.checklist.as_ref().map(|(_, name)| name);
    let is_completed = row.get::<_, Option<bool>>(7)?.unwrap_or_default();
    let compliance = match checklist {
        None => Compliance::NoChecklist,
        Some(_) if is_completed => Compliance::Completed,
        Some(_) => Compliance::Pending,
    };
    let percentage = match Percentage::of(row.get(9)?, row.get(10)?) {
        _ if checklist.is_none() => Value::Null,
        Percentage::NoQuestions => json!(100),
        Percentage::Of(percentage) => json!(percentage),
    };
    Ok(json!({
        "uuid": row.get::<_, String>(0)?,
        "user_full_name": full_name(&first_name, &last_name),
        "user_email": row.get::<_, String>(3)?,
        "offering_name": standing.name,
        "checklist_name": checklist,
        "username": row.get::<_, Option<String>>(4)?,
        "state": row.get::<_, i64>(5)?,
        "completion_percentage": percentage,
        "compliance_status": compliance.label(),
        "last_updated": row.get::<_, Option<String>>(8)?,
        "created": row.get::<_, String>(6)?,
    }))
}
