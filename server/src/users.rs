//! People, to be looked up when an account is made for one (`contract.md` 10).

use axum::{Json, extract::State, response::Response};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde_json::{Value, json};

use crate::{
    App,
    access::{Permission, carries, known_people},
    auth::User,
    call::{Call, link},
    error::{Error, Result},
    filters::{Condition, comma_separated, flag, given, no_choice},
    page::Paging,
    roster::{Bits, PersonColumn, PersonKey, Roster},
};

/// Whom a person may look up.
#[derive(Clone, Copy)]
enum Circle {
    /// Staff and support see everybody.
    Everybody,
    /// Whoever may create accounts can create one for anybody who is active.
    Active,
    /// Others see themselves and those who have a role in an organisation or a project where they
    /// have one.
    Colleagues,
}

impl Circle {
    fn of(db: &Connection, user: &User) -> Result<Self> {
        if user.is_staff || user.is_support {
            return Ok(Self::Everybody);
        }
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = ?1 AND {})",
            carries(Permission::CreateUser)
        );
        let creates = db.prepare_cached(&sql)?.query_row([user.id], |row| row.get(0))?;
        Ok(if creates { Self::Active } else { Self::Colleagues })
    }

    /// All of them.
    fn people(self, db: &Connection, roster: &Roster, user: &User) -> Result<Bits> {
        match self {
            Self::Everybody => Ok(roster.everybody()),
            Self::Active => {
                let mut people = roster.everybody();
                let hidden = Condition::visible(user, "NOT u.is_active AND u.id <> ?1");
                people.subtract(&keys(db, &hidden)?);
                Ok(people)
            }
            Self::Colleagues => keys(db, &Condition::visible(user, &self.condition())),
        }
    }

    /// The same as a condition on `users u`. `?1` is who looks.
    fn condition(self) -> String {
        match self {
            Self::Everybody => "1".to_owned(),
            Self::Active => "(u.is_active OR u.id = ?1)".to_owned(),
            Self::Colleagues => format!(
                "u.id IN (SELECT ?1 UNION {} UNION SELECT theirs.user_id \
                 FROM memberships own LEFT JOIN offerings oo ON oo.id = own.offering_id \
                 JOIN memberships theirs LEFT JOIN offerings ot ON ot.id = theirs.offering_id \
                 WHERE own.user_id = ?1 AND coalesce(own.customer_id, oo.customer_id) \
                       = coalesce(theirs.customer_id, ot.customer_id))",
                known_people("?1")
            ),
        }
    }
}

pub(crate) async fn retrieve(State(app): State<App>, call: Call) -> Result<Json<Value>> {
    app.store
        .read(move |db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM users u WHERE ?1 = ?1 AND u.uuid = ?2 AND {}",
                Circle::of(db, &call.user)?.condition()
            );
            let found = db
                .prepare_cached(&sql)?
                .query_row((call.user.id, call.uuid()?), |row| person(row, &call.origin))
                .optional()?;
            Ok(Json(call.select(found.ok_or(Error::NotFound)?)))
        })
        .await
}

/// First and last name, or the one that is there.
pub(crate) fn full_name(first: &str, last: &str) -> String {
    format!("{first} {last}").trim().to_owned()
}

const COLUMNS: &str = "u.uuid, u.username, u.first_name, u.last_name, u.email, u.organization, \
     u.job_title, u.is_active";

/// As it travels: nothing that opens a door, and not who works here.
fn person(row: &Row, origin: &str) -> rusqlite::Result<Value> {
    let uuid: String = row.get(0)?;
    let (first_name, last_name): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(json!({
        "url": link(origin, "users", &uuid),
        "uuid": uuid,
        "username": row.get::<_, String>(1)?,
        "full_name": full_name(&first_name, &last_name),
        "first_name": first_name,
        "last_name": last_name,
        "email": row.get::<_, String>(4)?,
        "organization": row.get::<_, String>(5)?,
        "job_title": row.get::<_, String>(6)?,
        "is_active": row.get::<_, bool>(7)?,
    }))
}

pub(crate) async fn list(State(app): State<App>, call: Call) -> Result<Response> {
    let store = app.store.clone();
    app.store
        .read(move |db| {
            let order = order(&call)?;
            let roster = store.roster();
            let people = wanted(db, &roster, &call)?;
            let paging = Paging::read(&call.query)?;
            let (limit, offset) = paging.window(people.count())?;
            let page = roster.people_window(&people, &order, offset, limit);
            let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.id = ?1");
            let mut statement = db.prepare_cached(&sql)?;
            let mut rows = Vec::new();
            for key in page {
                rows.extend(
                    statement.query_row([key], |row| person(row, &call.origin)).optional()?,
                );
            }
            paging.respond(&call, people.count(), rows)
        })
        .await
}

/// The people that a query asks for, among those that can be looked up.
fn wanted(db: &Connection, roster: &Roster, call: &Call) -> Result<Bits> {
    let query = &call.query;
    let mut people = Circle::of(db, &call.user)?.people(db, roster, &call.user)?;
    let mut filter = Condition::from("1");
    if let Some(name) = given(query, "username") {
        filter.equals("u.username", name.to_owned());
    }
    if let Some(email) = given(query, "email") {
        filter.begins("u.email", email);
    }
    filter.uuids(query, "uuid", "u.uuid")?;
    if let Some(wanted) = flag(query, "is_active") {
        // In these words, so that the index of the few who are not active is used.
        filter.and(if wanted { "u.is_active" } else { "NOT u.is_active" });
    }
    if filter.text != "1" {
        people.intersect(&keys(db, &filter)?);
    }
    for words in ["query", "user_keyword"].iter().filter_map(|key| given(query, key)) {
        if words.contains('@') {
            let mut address = Condition::from("1");
            address.begins("u.email", words);
            people.intersect(&keys(db, &address)?);
        } else {
            people.intersect(&roster.find_people(words));
        }
    }
    if let Some(words) = given(query, "full_name") {
        people.intersect(&roster.find_full_names(words));
    }
    Ok(people)
}

/// The people who satisfy a condition on `users u`.
fn keys(db: &Connection, condition: &Condition) -> Result<Bits> {
    let sql = format!("SELECT u.id FROM users u WHERE {}", condition.text);
    let mut statement = db.prepare_cached(&sql)?;
    let keys = statement.query_map(params_from_iter(&condition.parameters), |row| row.get(0))?;
    Ok(keys.collect::<rusqlite::Result<_>>()?)
}

/// By full name, unless something else is asked for.
fn order(call: &Call) -> Result<Vec<PersonKey>> {
    use PersonColumn::{Email, FirstName, LastName, Username};
    let asked = given(&call.query, "o").unwrap_or("full_name");
    let mut order = Vec::new();
    for text in comma_separated(asked) {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let columns: &[PersonColumn] = match name {
            "full_name" => &[FirstName, LastName],
            "first_name" => &[FirstName],
            "last_name" => &[LastName],
            "username" => &[Username],
            "email" => &[Email],
            _ => return Err(no_choice("o", name)),
        };
        // A column that comes again finds nothing left to decide.
        order.extend(columns.iter().map(|column| PersonKey { column: *column, descending }));
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_may_have_one_name() {
        assert_eq!(full_name("Alice", "Tamm"), "Alice Tamm");
        assert_eq!(full_name("Sukarno", ""), "Sukarno");
        assert_eq!(full_name("", "Sukarno"), "Sukarno");
    }
}
