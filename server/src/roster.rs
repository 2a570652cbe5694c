//! The accounts in memory, as far as lists are filtered, searched, counted and ordered by them.
//!
//! SQLite can do all of it, but counting and skipping cost a step for each row that is passed: with a
//! million accounts a count took 0.6 s and a page in the middle 7 s (`docs/performance.md`). Here one
//! pass over 32 bytes for each account decides who is wanted, and the orders are kept ready. The rows
//! themselves are read from the database, which stays the only truth: [`Roster::follow`] brings what a
//! transaction changed.

mod bits;
mod order;
mod ranks;
mod texts;
mod wanted;

use std::{panic::resume_unwind, thread};

use jiff::Timestamp;
use memchr::memmem;
use rusqlite::{Connection, OptionalExtension, Row};

pub(crate) use self::{
    bits::Bits,
    order::{Direction, Key, Sorting},
    ranks::{PersonColumn, PersonKey},
    wanted::{Found, Sight, Wanted},
};
use self::{order::Orders, ranks::Ranks, texts::Texts};
use crate::{
    error::{Error, Result},
    fold::fold,
};

/// What the provider's own system says about an account (`contract.md` 2.2).
pub(crate) const RUNTIME_STATES: [&str; 3] =
    ["Active", "Pending account linking", "Pending additional validation"];

/// All accounts. Their keys, like those of people and offerings, are the database's.
#[derive(Default)]
pub(crate) struct Roster {
    /// By key. Keys that no account has leave a gap.
    accounts: Vec<Entry>,
    /// The keys that are no gap.
    present: Bits,
    /// The account's name at the provider, folded, by the account's key.
    names: Texts,
    /// First name, last name and user name of people, folded, by the person's key.
    people: Texts,
    /// The account that a consent is about, by the consent's key; 0 if there is none.
    consents: Vec<u32>,
    orders: Orders,
    ranks: Ranks,
}

/// One account.
#[derive(Clone, Copy, Default, PartialEq)]
struct Entry {
    /// Microseconds since 1970.
    created: i64,
    modified: i64,
    offering: u32,
    person: u32,
    /// 1 to 10 (`contract.md` 3.1).
    state: u8,
    /// The place in [`RUNTIME_STATES`].
    runtime: u8,
    flags: u8,
}

impl Entry {
    const RESTRICTED: u8 = 1;
    /// The person agreed to terms of the offering and did not revoke it.
    const CONSENT: u8 = 2;
}

/// A row that a transaction changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Changed {
    Person(u32),
    Account(u32),
    Consent(u32),
}

impl Changed {
    /// The row of a table, if the roster is made of it.
    pub(crate) fn of(table: &str, key: i64) -> Option<Self> {
        let key = u32::try_from(key).ok()?;
        match table {
            "users" => Some(Self::Person(key)),
            "offering_users" => Some(Self::Account(key)),
            "consents" => Some(Self::Consent(key)),
            _ => None,
        }
    }
}

const ACCOUNT: &str = "SELECT id, offering_id, user_id, state, runtime_state, is_restricted, created, \
     modified, username FROM offering_users";

const PERSON: &str = "SELECT id, first_name, last_name, username FROM users";

/// A consent that was not revoked, with the account it is about.
const CONSENT: &str = "SELECT k.id, a.id FROM consents k JOIN offering_users a \
     ON a.user_id = k.user_id AND a.offering_id = k.offering_id WHERE k.revocation_date IS NULL";

impl Roster {
    /// Reads everything.
    pub(crate) fn load(db: &Connection) -> Result<Self> {
        let mut roster = Self::default();
        roster.reserve(db)?;
        let mut statement = db.prepare(&format!("{PERSON} ORDER BY id"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            roster.put_person(row)?;
        }
        let mut statement = db.prepare(&format!("{ACCOUNT} ORDER BY id"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (key, entry) = read_entry(row)?;
            roster.put_account(key, entry, row)?;
        }
        let mut statement = db.prepare(CONSENT)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            roster.put_consent(row.get(0)?, row.get(1)?);
        }
        roster.orders = Orders::sorted(&roster);
        roster.ranks = Ranks::load(db)?;
        Ok(roster)
    }

    /// Makes room for everything at once: growing step by step would leave holes in memory.
    fn reserve(&mut self, db: &Connection) -> Result<()> {
        let last = |table: &str| -> Result<usize> {
            let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
            Ok(db.query_row(&sql, [], |row| row.get(0))?)
        };
        let (people, accounts) = (last("users")?, last("offering_users")?);
        self.people.reserve(people);
        self.names.reserve(accounts);
        self.accounts.reserve_exact(accounts + 1);
        self.present.reserve(accounts + 1);
        self.consents.reserve_exact(last("consents")? + 1);
        Ok(())
    }

    /// Takes over what a transaction changed.
    pub(crate) fn follow(&mut self, db: &Connection, changes: &[Changed]) -> Result<()> {
        for change in changes {
            match *change {
                Changed::Person(key) => self.follow_person(db, key)?,
                Changed::Account(key) => self.follow_account(db, key)?,
                Changed::Consent(key) => self.follow_consent(db, key)?,
            }
        }
        // Nothing that is asked of the server changes people, so that this may take its time.
        if changes.iter().any(|it| matches!(it, Changed::Person(_))) {
            self.ranks = Ranks::load(db)?;
        }
        Ok(())
    }

    fn follow_person(&mut self, db: &Connection, key: u32) -> Result<()> {
        let accounts: Vec<u32> = db
            .prepare_cached("SELECT id FROM offering_users WHERE user_id = ?1")?
            .query_map([key], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let accounts: Vec<u32> =
            accounts.into_iter().filter(|it| self.present.contains(*it)).collect();
        for account in &accounts {
            self.leave_orders(*account);
        }
        let mut statement = db.prepare_cached(&format!("{PERSON} WHERE id = ?1"))?;
        let mut rows = statement.query([key])?;
        match rows.next()? {
            Some(row) => self.put_person(row)?,
            None => self.people.set(key, &[]),
        }
        for account in &accounts {
            self.join_orders(*account);
        }
        Ok(())
    }

    fn follow_account(&mut self, db: &Connection, key: u32) -> Result<()> {
        if self.present.contains(key) {
            self.leave_orders(key);
        }
        let mut statement = db.prepare_cached(&format!("{ACCOUNT} WHERE id = ?1"))?;
        let mut rows = statement.query([key])?;
        let Some(row) = rows.next()? else {
            if let Some(entry) = self.accounts.get_mut(key as usize) {
                *entry = Entry::default();
            }
            self.present.remove(key);
            self.names.set(key, &[]);
            return Ok(());
        };
        let (_, entry) = read_entry(row)?;
        self.put_account(key, entry, row)?;
        self.join_orders(key);
        self.look_for_consent(db, key)
    }

    /// Asks the database whether there is a consent for an account.
    fn look_for_consent(&mut self, db: &Connection, account: u32) -> Result<()> {
        if let Some(entry) = self.accounts.get_mut(account as usize) {
            entry.flags &= !Entry::CONSENT;
        }
        let consent: Option<u32> = db
            .prepare_cached(&format!("{CONSENT} AND a.id = ?1"))?
            .query_row([account], |row| row.get(0))
            .optional()?;
        if let Some(consent) = consent {
            self.put_consent(consent, account);
        }
        Ok(())
    }

    fn follow_consent(&mut self, db: &Connection, key: u32) -> Result<()> {
        let account: Option<u32> = db
            .prepare_cached(&format!("{CONSENT} AND k.id = ?1"))?
            .query_row([key], |row| row.get(1))
            .optional()?;
        if let Some(place) = self.consents.get_mut(key as usize) {
            let before = std::mem::take(place);
            // The account may be gone, and another one may have its key now.
            self.look_for_consent(db, before)?;
        }
        if let Some(account) = account {
            self.put_consent(key, account);
        }
        Ok(())
    }

    fn put_person(&mut self, row: &Row) -> Result<()> {
        let [first, last, username] = [1, 2, 3].map(|column| row.get::<_, String>(column));
        let texts = [first?, last?, username?].map(|it| fold(&it));
        self.people.set(row.get(0)?, &texts.each_ref().map(String::as_str));
        Ok(())
    }

    fn put_account(&mut self, key: u32, entry: Entry, row: &Row) -> Result<()> {
        *slot(&mut self.accounts, key) = entry;
        self.present.insert(key);
        let name: Option<String> = row.get(8)?;
        let name = name.map(|it| fold(&it));
        self.names.set(key, name.as_deref().as_slice());
        Ok(())
    }

    fn put_consent(&mut self, consent: u32, account: u32) {
        *slot(&mut self.consents, consent) = account;
        if let Some(entry) = self.accounts.get_mut(account as usize) {
            entry.flags |= Entry::CONSENT;
        }
    }

    fn entry(&self, account: u32) -> Entry {
        self.accounts.get(account as usize).copied().unwrap_or_default()
    }

    fn leave_orders(&mut self, account: u32) {
        let mut orders = std::mem::take(&mut self.orders);
        orders.remove(self, account);
        self.orders = orders;
    }

    fn join_orders(&mut self, account: u32) {
        let mut orders = std::mem::take(&mut self.orders);
        orders.insert(self, account);
        self.orders = orders;
    }

    /// The accounts, people and offerings in whose names a text is. `offerings` are those that the
    /// database found.
    pub(crate) fn find(&self, words: &str, offerings: Bits) -> Found {
        let words = fold(words);
        let (people, accounts) = thread::scope(|scope| {
            let people = scope.spawn(|| self.people.find(&words));
            let accounts = self.names.find(&words);
            (people.join().unwrap_or_else(|panic| resume_unwind(panic)), accounts)
        });
        Found { offerings, people, accounts }
    }

    /// All people.
    pub(crate) fn everybody(&self) -> Bits {
        self.people.keys().collect()
    }

    /// The people who have each of some words in one of their names.
    pub(crate) fn find_people(&self, words: &str) -> Bits {
        let mut people = self.everybody();
        for word in fold(words).split_whitespace() {
            people.intersect(&self.people.find(word));
        }
        people
    }

    /// The people in whose full name a text is.
    pub(crate) fn find_full_names(&self, words: &str) -> Bits {
        let words = fold(words);
        let is_in = |key: &u32| {
            let [first, last] = [0, 1].map(|number| self.people.text(*key, number).unwrap_or(b""));
            memmem::find(&[first, b" ", last].concat(), words.as_bytes()).is_some()
        };
        self.find_people(&words).keys().filter(is_in).collect()
    }

    /// The people with a user name, whatever the case of its letters.
    pub(crate) fn find_user_names(&self, name: &str) -> Bits {
        let name = fold(name);
        let is_it = |key: &u32| self.people.text(*key, 2) == Some(name.as_bytes());
        self.people.find(&name).keys().filter(is_it).collect()
    }

    /// Whether one account is wanted.
    pub(crate) fn has(&self, wanted: &Wanted, account: u32) -> bool {
        let entry = self.entry(account);
        wanted.leave(account, &[entry], u64::from(self.present.contains(account))) != 0
    }

    /// How many accounts are wanted, and which.
    pub(crate) fn select(&self, wanted: &Wanted) -> (u64, Bits) {
        let selected = self.present.filtered(|first, bits| {
            let entries = self.accounts.get(first as usize..).unwrap_or_default();
            wanted.leave(first, entries, bits)
        });
        (selected.count(), selected)
    }

    /// A part of the selected accounts in an order.
    pub(crate) fn window(
        &self,
        selected: &Bits,
        sorting: &Sorting,
        offset: u64,
        limit: u64,
    ) -> Vec<u32> {
        let [offset, limit] = [offset, limit].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        self.orders.window(self, selected, sorting, offset, limit)
    }

    /// A part of some people in an order; equals by their keys.
    pub(crate) fn people_window(
        &self,
        people: &Bits,
        by: &[PersonKey],
        offset: u64,
        limit: u64,
    ) -> Vec<u32> {
        let [offset, limit] = [offset, limit].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        self.ranks.window(people, by, offset, limit)
    }
}

fn read_entry(row: &Row) -> Result<(u32, Entry)> {
    let runtime: String = row.get(4)?;
    let runtime = RUNTIME_STATES.iter().position(|it| *it == runtime);
    let entry = Entry {
        offering: row.get(1)?,
        person: row.get(2)?,
        state: row.get(3)?,
        runtime: runtime.and_then(|it| u8::try_from(it).ok()).unwrap_or_default(),
        flags: if row.get(5)? { Entry::RESTRICTED } else { 0 },
        created: microseconds(row.get(6)?)?,
        modified: microseconds(row.get(7)?)?,
    };
    Ok((row.get(0)?, entry))
}

fn microseconds(text: String) -> Result<i64> {
    let moment: Timestamp =
        text.parse().map_err(|error: jiff::Error| Error::Internal(error.to_string()))?;
    Ok(moment.as_microsecond())
}

/// The place of a key, made if it is not there yet.
fn slot<T: Clone + Default>(places: &mut Vec<T>, key: u32) -> &mut T {
    let key = key as usize;
    if places.len() <= key {
        places.resize(key + 1, T::default());
    }
    &mut places[key]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    fn names(store: &Store, column: PersonColumn) -> Vec<u32> {
        let roster = store.roster();
        let by = PersonKey { column, descending: false };
        roster.people_window(&roster.everybody(), &[by], 0, 10)
    }

    #[test]
    fn the_order_of_people_follows_their_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a store");
        let run = |sql: &str| store.write_here(|db| Ok(db.execute_batch(sql)?)).expect(sql);
        run(
            "INSERT INTO users (uuid, username, first_name, last_name, email, organization, job_title) \
             VALUES ('1', 'x', 'Bob', 'b', 'c@x', '', ''), ('2', 'y', 'Abe', 'c', 'b@x', '', ''), \
                    ('3', 'z', 'Bob', 'a', 'a@x', '', '')",
        );
        assert_eq!(names(&store, PersonColumn::FirstName), [2, 1, 3]);
        assert_eq!(names(&store, PersonColumn::LastName), [3, 1, 2]);
        run("UPDATE users SET first_name = 'Zoe', email = 'B@x' WHERE id = 2");
        assert_eq!(names(&store, PersonColumn::FirstName), [1, 3, 2]);
        assert_eq!(names(&store, PersonColumn::Email), [2, 3, 1]);
        run("DELETE FROM users WHERE id = 1");
        assert_eq!(names(&store, PersonColumn::Username), [2, 3]);
    }
}
