//! People, to be looked up when an account is made for one (`contract.md` 10).

use axum::{Json, extract::State, response::Response};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde_json::{Value, json};

use crate::{
    App,
    access::{Permission, carries},
    auth::User,
    call::Call,
    error::{Error, Result},
    filters::{self, Condition, flag, given},
    page::Paging,
};

/// Whom a person may look up.
#[derive(Clone, Copy, PartialEq)]
enum Sight {
    /// Staff and support see everybody.
    Everybody,
    /// Whoever may create accounts can create one for anybody who is active.
    Active,
    /// Others see themselves and those who have a role in an organisation where they have one.
    Colleagues,
}

impl Sight {
    fn of(db: &Connection, user: &User) -> Result<Self> {
        if user.is_staff || user.is_support {
            return Ok(Self::Everybody);
        }
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = ?1 AND {})",
            carries(Permission::Create)
        );
        let creates = db.prepare_cached(&sql)?.query_row([user.id], |row| row.get(0))?;
        Ok(if creates { Self::Active } else { Self::Colleagues })
    }

    /// A condition on `users u`. `?1` is who looks.
    fn condition(self) -> &'static str {
        match self {
            Self::Everybody => "1",
            Self::Active => "(u.is_active OR u.id = ?1)",
            Self::Colleagues => {
                "u.id IN (SELECT ?1 UNION SELECT theirs.user_id \
                 FROM memberships own LEFT JOIN offerings oo ON oo.id = own.offering_id \
                 JOIN memberships theirs LEFT JOIN offerings ot ON ot.id = theirs.offering_id \
                 WHERE own.user_id = ?1 AND coalesce(own.customer_id, oo.customer_id) \
                       = coalesce(theirs.customer_id, ot.customer_id))"
            }
        }
    }
}

pub(crate) async fn retrieve(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    app.store
        .read(move |db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM users u WHERE ?1 = ?1 AND u.uuid = ?2 AND {}",
                Sight::of(db, &call.user)?.condition()
            );
            let found = db
                .prepare_cached(&sql)?
                .query_row((call.user.id, call.uuid()?), |row| person(row, &call.origin))
                .optional()?;
            Ok(Json(call.select(found.ok_or(Error::NotFound)?)))
        })
        .await
}

const COLUMNS: &str = "u.uuid, u.username, u.first_name, u.last_name, u.email, u.organization, \
     u.job_title, u.is_active";

/// As it travels: nothing that opens a door, and not who works here.
fn person(row: &Row, origin: &str) -> rusqlite::Result<Value> {
    let uuid: String = row.get(0)?;
    let (first_name, last_name): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(json!({
        "url": format!("{origin}/api/users/{uuid}/"),
        "uuid": uuid,
        "username": row.get::<_, String>(1)?,
        "full_name": format!("{first_name} {last_name}").trim(),
        "first_name": first_name,
        "last_name": last_name,
        "email": row.get::<_, String>(4)?,
        "organization": row.get::<_, String>(5)?,
        "job_title": row.get::<_, String>(6)?,
        "is_active": row.get::<_, bool>(7)?,
    }))
}

pub(crate) async fn list(State(app): State<App>, call: Call) -> Result<Response> {
    app.store
        .read(move |db| {
            let search = Search::read(Sight::of(db, &call.user)?, &call)?;
            let total = search.count(db)?;
            let paging = Paging::read(&call.query)?;
            let (size, skipped) = paging.window(total)?;
            let rows = search.page(db, &call.origin, total, size, skipped)?;
            paging.respond(&call, total, rows)
        })
        .await
}

/// Who is asked for.
struct Search {
    sight: Sight,
    /// What the index of letters is asked for, as SQL's name for it.
    words: Option<String>,
    /// Whether there is nothing but the words.
    is_plain: bool,
    condition: Condition,
    order: String,
}

impl Search {
    fn read(sight: Sight, call: &Call) -> Result<Self> {
        let query = &call.query;
        let mut condition = Condition::visible(&call.user, "1");
        let words = ["query", "user_keyword", "full_name", "email"]
            .into_iter()
            .filter_map(|key| given(query, key))
            .flat_map(str::split_whitespace)
            .map(phrase)
            .collect::<Vec<_>>();
        let words = (!words.is_empty()).then(|| condition.bind(words.join(" AND ")));
        let plain = condition.text.len();
        for (key, column) in [("full_name", FULL_NAME), ("email", "u.email")] {
            if let Some(text) = given(query, key) {
                let text = condition.bind(text.to_lowercase());
                condition.and(&format!("instr(fold({column}), {text})"));
            }
        }
        if let Some(name) = given(query, "username") {
            condition.equals("u.username", name.to_owned());
        }
        condition.uuids(query, "uuid", "u.uuid")?;
        if let Some(wanted) = flag(query, "is_active") {
            condition.and(if wanted { "u.is_active" } else { "NOT u.is_active" });
        }
        let is_plain = sight != Sight::Colleagues && condition.text.len() == plain;
        Ok(Self { sight, words, is_plain, condition, order: order(call)? })
    }

    /// How many there are. Without other filters the index of letters knows, and the few who are
    /// not active are taken off.
    fn count(&self, db: &Connection) -> Result<u64> {
        if !self.is_plain {
            return self.one(db, &format!("SELECT count(*) FROM {}", self.source(false)));
        }
        let everybody = match &self.words {
            Some(words) => {
                let sql = format!("SELECT count(*) FROM people WHERE people MATCH {words}");
                self.one(db, &format!("{sql} AND ?1 = ?1"))?
            }
            None => self.one(db, "SELECT count(*) FROM users WHERE ?1 = ?1")?,
        };
        let hidden = match (self.sight, &self.words) {
            (Sight::Everybody | Sight::Colleagues, _) => 0,
            (Sight::Active, words) => {
                let found = words.as_ref().map_or_else(String::new, |words| {
                    format!(
                        " AND EXISTS (SELECT 1 FROM people WHERE rowid = u.id AND people MATCH {words})"
                    )
                });
                self.one(
                    db,
                    &format!(
                        "SELECT count(*) FROM users u WHERE NOT u.is_active AND u.id <> ?1{found}"
                    ),
                )?
            }
        };
        Ok(everybody - hidden)
    }

    fn one(&self, db: &Connection, sql: &str) -> Result<u64> {
        let parameters = params_from_iter(&self.condition.parameters);
        Ok(db.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?)
    }

    fn page(
        &self,
        db: &Connection,
        origin: &str,
        total: u64,
        size: u64,
        skipped: u64,
    ) -> Result<Vec<Value>> {
        /// How many rows can be read and sorted while one is looked up among the letters.
        const LOOK_UP: u64 = 10;
        let people: u64 =
            db.query_row("SELECT coalesce(max(id), 0) FROM users", [], |row| row.get(0))?;
        // Either all hits are sorted, or people are gone through by name until enough of them are
        // hits: what is less work.
        let is_common = (skipped + size) * people * LOOK_UP < total * total;
        let sql = format!(
            "SELECT {COLUMNS} FROM {} ORDER BY {} LIMIT {size} OFFSET {skipped}",
            self.source(is_common),
            self.order
        );
        let mut statement = db.prepare_cached(&sql)?;
        let rows = statement
            .query_map(params_from_iter(&self.condition.parameters), |row| person(row, origin))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Tables and conditions, beginning with the people or with the letters.
    fn source(&self, people_first: bool) -> String {
        let condition = format!("{} AND {}", self.condition.text, self.sight.condition());
        match &self.words {
            None => format!("users u WHERE {condition}"),
            Some(words) if people_first => format!(
                "users u CROSS JOIN people f ON f.rowid = u.id \
                 WHERE f.words MATCH {words} AND {condition}"
            ),
            Some(words) => format!(
                "people f CROSS JOIN users u ON u.id = f.rowid \
                 WHERE f.words MATCH {words} AND {condition}"
            ),
        }
    }
}

const FULL_NAME: &str = "u.first_name || ' ' || u.last_name";

/// A word as the index of letters takes it. One letter or two find the words that begin with them,
/// three or more find them anywhere: two spaces stand before each word there.
fn phrase(word: &str) -> String {
    let missing = 3_usize.saturating_sub(word.chars().count());
    // A zero byte would end what SQLite reads.
    let word = word.replace('\0', "\u{fffd}").replace('"', "\"\"");
    format!("\"{}{word}\"", " ".repeat(missing))
}

/// By full name, unless something else is asked for.
fn order(call: &Call) -> Result<String> {
    const COLUMNS: [(&str, &str); 5] = [
        ("full_name", "u.first_name, u.last_name"),
        ("first_name", "u.first_name"),
        ("last_name", "u.last_name"),
        ("username", "u.username"),
        ("email", "u.email"),
    ];
    filters::order(&call.query, "full_name", &COLUMNS, "u.id")
}
