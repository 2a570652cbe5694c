//! The data a demo starts with. It is the same every time, apart from its dates, which count back
//! from today. `server/demo/README.md` describes the files.

mod accounts;
mod files;
mod load;

use rusqlite::{Connection, OptionalExtension, Statement, params};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use self::files::{Data, MembershipScope, Offering, Person};
pub use self::load::{LoadError, load};
use crate::{
    Store,
    auth::hash_password,
    checklists, clock,
    error::{Error, Result},
};

/// The people who can sign in, with what they are in the demo.
pub const PEOPLE: [(&str, &str); 5] = [
    ("alice", "account_holder"),
    ("pavel", "provider_manager"),
    ("rita", "reviewer"),
    ("sam", "support"),
    ("stella", "staff"),
];

/// Opens all of their doors.
pub const PASSWORD: &str = "demo";

/// The demo data could not be written.
#[derive(Debug, thiserror::Error)]
#[error("The demo data could not be written: {0}.")]
pub struct SeedError(String);

/// Whether there is nobody yet.
pub fn is_missing(store: &Store) -> Result<bool, SeedError> {
    store.read_here(is_empty).map_err(|error| SeedError(format!("{error:?}")))
}

fn is_empty(db: &Connection) -> Result<bool> {
    Ok(db.query_row("SELECT NOT EXISTS (SELECT 1 FROM users)", [], |row| row.get(0))?)
}

/// Fills an empty store with the demo data and says so. A store that has data stays as it is.
pub fn seed(store: &Store, accounts: usize) -> Result<bool, SeedError> {
    let outcome = store.write_here(|db| {
        let is_empty = is_empty(db)?;
        if is_empty {
            Seed { db, store, data: Data::read()? }.all(accounts)?;
        }
        Ok(is_empty)
    });
    let is_new = outcome.map_err(|error| SeedError(format!("{error:?}")))?;
    if is_new {
        // The log has become as large as the data and would stay so.
        store.close();
    }
    Ok(is_new)
}

/// Whether the data is a demo's, so that everybody may know the passwords.
pub(crate) fn is_demo(db: &Connection) -> Result<bool> {
    let found =
        db.query_row("SELECT 1 FROM settings WHERE key = 'demo'", [], |_| Ok(())).optional()?;
    Ok(found.is_some())
}

/// The id of alice, who stands first in the file.
const FIRST_PERSON: i64 = 1;

struct Seed<'a> {
    db: &'a Connection,
    store: &'a Store,
    data: Data,
}

impl Seed<'_> {
    fn all(&self, accounts: usize) -> Result<()> {
        self.people()?;
        self.checklists()?;
        self.offerings()?;
        self.roles()?;
        self.accounts(accounts.max(self.data.alice.len()))?;
        self.db.execute("INSERT INTO settings (key, value) VALUES ('demo', '1')", [])?;
        Ok(())
    }

    fn people(&self) -> Result<()> {
        let mut add = self.db.prepare(ADD_PERSON)?;
        let password = hash_password(PASSWORD)?;
        for (person, id) in self.data.people.people.iter().zip(FIRST_PERSON..) {
            add_person(&mut add, id, person, Some(&password))?;
        }
        // A working day.
        self.db.execute("UPDATE users SET token_lifetime = 12 * 3600", [])?;
        Ok(())
    }

    fn checklists(&self) -> Result<()> {
        for (_, checklist) in &self.data.checklists {
            checklists::add(self.db, checklist)?;
        }
        Ok(())
    }

    fn offerings(&self) -> Result<()> {
        for it in &self.data.offerings.organisations {
            self.db.execute(
                "INSERT INTO customers (uuid, provider_uuid, name, abbreviation) VALUES (?1, ?2, ?3, ?4)",
                params![it.uuid, uuid_of("provider", &it.key), it.name, it.abbreviation],
            )?;
        }
        for offering in &self.data.offerings.offerings {
            let organisation = self.organisation(&offering.organisation)?;
            let checklist =
                offering.checklist.as_ref().map(|key| self.checklist(key)).transpose()?;
            self.db.execute(
                "INSERT INTO offerings (uuid, customer_id, name, slug, description, \
                 provider_can_create_users, checklist_id) VALUES (?1, \
                 (SELECT id FROM customers WHERE uuid = ?2), ?3, ?4, ?5, 1, \
                 (SELECT id FROM checklists WHERE uuid = ?6))",
                params![
                    offering.uuid,
                    organisation,
                    offering.name,
                    offering.slug,
                    offering.description,
                    checklist,
                ],
            )?;
            let id = self.db.last_insert_rowid();
            for terms in &offering.terms {
                self.db.execute(
                    "INSERT INTO terms (uuid, offering_id, version, text, link, is_active, \
                     requires_reconsent, grace_period_days, created, modified) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
                    params![
                        terms.uuid,
                        id,
                        terms.version,
                        terms.text,
                        terms.link,
                        terms.is_active,
                        terms.requires_reconsent,
                        terms.grace_period_days,
                        clock::ago(terms.created_days_ago, 0),
                    ],
                )?;
            }
        }
        Ok(())
    }

    fn roles(&self) -> Result<()> {
        for (name, permissions) in &self.data.offerings.role_definitions {
            self.db.execute(
                "INSERT INTO roles (uuid, name, permissions) VALUES (?1, ?2, ?3)",
                params![uuid_of("role", name), name, Value::from(permissions.clone()).to_string()],
            )?;
        }
        for it in &self.data.offerings.roles {
            let (organisation, offering) = match &it.scope {
                MembershipScope::Organisation(key) => (Some(self.organisation(key)?), None),
                MembershipScope::Offering(key) => (None, Some(&*self.offering(key)?.uuid)),
            };
            self.db.execute(
                "INSERT INTO memberships (uuid, user_id, role_id, customer_id, offering_id, created) \
                 VALUES (?1, (SELECT id FROM users WHERE username = ?2), \
                 (SELECT id FROM roles WHERE name = ?3), (SELECT id FROM customers WHERE uuid = ?4), \
                 (SELECT id FROM offerings WHERE uuid = ?5), ?6)",
                params![
                    uuid_of("membership", &it.username),
                    it.username,
                    it.role,
                    organisation,
                    offering,
                    clock::ago(300, 0),
                ],
            )?;
        }
        Ok(())
    }

    fn organisation(&self, key: &str) -> Result<&str> {
        let found = self.data.offerings.organisations.iter().find(|it| it.key == key);
        found.map(|it| &*it.uuid).ok_or_else(|| unknown("organisation", key))
    }

    fn offering(&self, key: &str) -> Result<&Offering> {
        let found = self.data.offerings.offerings.iter().find(|it| it.key == key);
        found.ok_or_else(|| unknown("offering", key))
    }

    fn checklist(&self, key: &str) -> Result<&str> {
        let found = self.data.checklists.iter().find(|(it, _)| *it == key);
        found.map(|(_, it)| &*it.uuid).ok_or_else(|| unknown("checklist", key))
    }
}

const ADD_PERSON: &str = "INSERT INTO users (id, uuid, username, first_name, last_name, email, \
     organization, job_title, is_staff, is_support, password) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

fn add_person(
    statement: &mut Statement,
    id: i64,
    person: &Person,
    password: Option<&str>,
) -> Result<()> {
    statement.execute(params![
        id,
        person.uuid,
        person.username,
        person.first_name,
        person.last_name,
        person.email,
        person.organization,
        person.job_title,
        person.is_staff,
        person.is_support,
        password,
    ])?;
    Ok(())
}

/// The same uuid for the same thing, every time.
fn uuid_of(kind: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("purser demo {kind} {name}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(bytes).simple().to_string()
}

fn unknown(kind: &str, key: &str) -> Error {
    Error::Internal(format!("the demo data names no {kind} {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every table and index.
    fn schema(store: &Store) -> Vec<(String, Option<String>)> {
        let read = |db: &rusqlite::Transaction| {
            let mut all = db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")?;
            let all = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(all.collect::<rusqlite::Result<_>>()?)
        };
        store.write_here(read).unwrap()
    }

    #[test]
    fn the_indexes_are_there_again_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let before = schema(&store);
        assert!(seed(&store, 20).unwrap());
        assert_eq!(schema(&store), before);
        assert!(!seed(&store, 20).unwrap(), "a store that has data stays as it is");
    }
}
