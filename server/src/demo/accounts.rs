//! The accounts of the demo, as many as are wanted: alice's own, then those of made-up people.

use api::State;
use rusqlite::params;

use super::{
    ADD_PERSON, FIRST_PERSON, Seed, add_person,
    files::{Answers, Comment, Offering, OwnAccount, Person},
    uuid_of,
};
use crate::{auth::User, checklists::answer_as, clock, error::Result, offering_users::Account};

/// One account to be made.
struct NewAccount<'a> {
    uuid: String,
    user_id: i64,
    offering: &'a Offering,
    state: State,
    username: Option<String>,
    comment: &'a str,
    comment_url: &'a str,
    consent_version: Option<&'a str>,
    answers: Option<&'a Answers>,
    created: Ago,
    modified: Ago,
}

/// A moment before now.
struct Ago {
    days: i64,
    minutes: i64,
}

impl Ago {
    fn text(&self) -> String {
        clock::ago(self.days, self.minutes)
    }
}

impl Seed<'_> {
    /// A million have to be there in a minute and in little memory, so each table is filled in one
    /// go: then only one index grows in random order at a time.
    pub(super) fn accounts(&self, count: usize) -> Result<()> {
        let cache: i64 = self.db.pragma_query_value(None, "cache_size", |row| row.get(0))?;
        self.db.pragma_update(None, "cache_size", -32 * 1024)?;
        let indexes = self.take_indexes()?;
        self.other_people(count)?;
        self.add_accounts(count)?;
        self.add_completions(count)?;
        self.add_consents(count)?;
        // Sorting takes as much again.
        self.db.pragma_update(None, "cache_size", -16 * 1024)?;
        self.db.execute_batch(&indexes)?;
        self.db.pragma_update(None, "cache_size", cache)?;
        self.answer_some(count)
    }

    /// Removes the indexes that only speed up reading and says how they are made again.
    fn take_indexes(&self) -> Result<String> {
        let mut statement = self.db.prepare(
            "SELECT name, sql FROM sqlite_schema \
             WHERE type = 'index' AND sql IS NOT NULL \
             AND tbl_name IN ('users', 'offering_users', 'completions', 'consents')",
        )?;
        let indexes = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let indexes = indexes.collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        let mut again = String::new();
        for (name, sql) in indexes {
            self.db.execute_batch(&format!("DROP INDEX {name}"))?;
            again.push_str(&sql);
            again.push_str(";\n");
        }
        Ok(again)
    }

    fn other_people(&self, accounts: usize) -> Result<()> {
        let mut add = self.db.prepare(ADD_PERSON)?;
        for number in 0..(accounts - self.data.alice.len()).div_ceil(2) {
            add_person(&mut add, self.other_person_id(number), &self.other_person(number), None)?;
        }
        Ok(())
    }

    fn add_accounts(&self, count: usize) -> Result<()> {
        let mut add = self.db.prepare(
            "INSERT INTO offering_users (id, uuid, user_id, offering_id, username, state, comment, \
             comment_url, created, modified) VALUES (?1, ?2, ?3, \
             (SELECT id FROM offerings WHERE uuid = ?4), ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        for index in 0..count {
            let new = self.account(index)?;
            add.execute(params![
                account_id(index),
                new.uuid,
                new.user_id,
                new.offering.uuid,
                new.username,
                new.state.number(),
                new.comment,
                new.comment_url,
                new.created.text(),
                new.modified.text(),
            ])?;
        }
        Ok(())
    }

    // A row made of a SELECT would take twice the time: SQLite could not know that it is only one,
    // and would copy each page that it changes.
    fn add_completions(&self, count: usize) -> Result<()> {
        let mut created = self.db.prepare(ACCOUNT_CREATED)?;
        let mut add = self.db.prepare(
            "INSERT INTO completions (uuid, offering_user_id, checklist_id, offering_id, created, \
             modified) VALUES (?1, ?2, (SELECT checklist_id FROM offerings WHERE uuid = ?3), \
             (SELECT id FROM offerings WHERE uuid = ?3), ?4, ?4)",
        )?;
        for index in 0..count {
            let new = self.account(index)?;
            if new.offering.checklist.is_some() {
                let created: String = created.query_row([account_id(index)], |row| row.get(0))?;
                add.execute(params![
                    uuid_of("completion", &new.uuid),
                    account_id(index),
                    new.offering.uuid,
                    created,
                ])?;
            }
        }
        Ok(())
    }

    fn add_consents(&self, count: usize) -> Result<()> {
        let mut created = self.db.prepare(ACCOUNT_CREATED)?;
        let mut add = self.db.prepare(
            "INSERT INTO consents (uuid, user_id, offering_id, version, agreement_date, created, \
             modified) VALUES (?1, ?2, (SELECT id FROM offerings WHERE uuid = ?3), ?4, ?5, ?5, ?5)",
        )?;
        for index in 0..count {
            let new = self.account(index)?;
            if let Some(version) = new.consent_version {
                let created: String = created.query_row([account_id(index)], |row| row.get(0))?;
                add.execute(params![
                    uuid_of("consent", &new.uuid),
                    new.user_id,
                    new.offering.uuid,
                    version,
                    created,
                ])?;
            }
        }
        Ok(())
    }

    /// Answering goes by the rules of the server and takes its time, so only the first few thousand
    /// have answered. More accounts than that are for measuring lists.
    fn answer_some(&self, count: usize) -> Result<()> {
        const ANSWERED: usize = 3000;
        for index in 0..count.min(ANSWERED) {
            let new = self.account(index)?;
            if let Some(answers) = new.answers {
                self.answer(&new, answers)?;
            }
        }
        Ok(())
    }

    /// Alice's accounts come first.
    fn account(&self, index: usize) -> Result<NewAccount<'_>> {
        match self.data.alice.get(index) {
            Some(it) => self.account_of_alice(it, index),
            None => Ok(self.account_of_other(index - self.data.alice.len())),
        }
    }

    fn account_of_alice<'a>(&'a self, it: &'a OwnAccount, index: usize) -> Result<NewAccount<'a>> {
        let days = 9 + 30 * index as i64;
        Ok(NewAccount {
            uuid: uuid_of("account of alice", &it.offering),
            user_id: FIRST_PERSON,
            offering: self.offering(&it.offering)?,
            state: State::from_label(&it.state),
            username: it.username.clone(),
            comment: &it.comment,
            comment_url: &it.comment_url,
            consent_version: it.consent_version.as_deref(),
            answers: Some(&it.answers).filter(|answers| !answers.is_empty()),
            created: Ago { days, minutes: 70 },
            modified: Ago { days: days / 4, minutes: 25 },
        })
    }

    /// Two accounts for each person, spread over offerings and states by position.
    fn account_of_other(&self, index: usize) -> NewAccount<'_> {
        const STATES: [State; 20] = [
            State::Ok,
            State::Requested,
            State::Ok,
            State::PendingAdditionalValidation,
            State::Ok,
            State::PendingAccountLinking,
            State::Ok,
            State::ErrorCreating,
            State::Ok,
            State::Creating,
            State::Ok,
            State::PendingAdditionalValidation,
            State::Requested,
            State::Ok,
            State::RequestedDeletion,
            State::PendingAccountLinking,
            State::Deleting,
            State::Ok,
            State::Deleted,
            State::ErrorDeleting,
        ];
        let offerings = &self.data.offerings.offerings;
        let (number, is_second) = (index / 2, index % 2 == 1);
        // The second offering is never the first one again.
        let step = if is_second { 1 + number % (offerings.len() - 1) } else { 0 };
        let offering = &offerings[(number + step) % offerings.len()];
        // Each run of twenty has them all, and begins elsewhere than the one before.
        let turn = index * 7 + index / STATES.len();
        let state = STATES[turn % STATES.len()].clone();
        let username = format!("{}{}", offering.username_prefix, self.login(number));
        let comment = self.comment(&state, index);
        let days = 3 + (index * 37 % 700) as i64;
        NewAccount {
            uuid: uuid_of("account", &index.to_string()),
            user_id: self.other_person_id(number),
            offering,
            username: (!state.awaits_name()).then_some(username),
            comment: comment.map_or("", |it| &it.html),
            comment_url: comment.map_or("", |it| &it.url),
            consent_version: consented_version(offering, index),
            answers: self.answers(offering, index),
            created: Ago { days, minutes: (index * 131 % 1440) as i64 },
            modified: Ago {
                days: days / (2 + index as i64 % 5),
                minutes: (index * 71 % 1440) as i64,
            },
            state,
        }
    }

    fn login(&self, number: usize) -> String {
        let logins = &self.data.people.logins;
        format!("{}{}", logins[number % logins.len()], number + 1)
    }

    fn other_person_id(&self, number: usize) -> i64 {
        FIRST_PERSON + (self.data.people.people.len() + number) as i64
    }

    fn other_person(&self, number: usize) -> Person {
        let people = &self.data.people;
        let pick = |list: &[String]| list[number % list.len()].clone();
        let (mut first_name, mut last_name) = (pick(&people.first_names), pick(&people.last_names));
        let (mut organization, mut job_title) =
            (pick(&people.organizations), pick(&people.job_titles));
        let username = self.login(number);
        if number == 5 {
            let it = &people.long_name;
            first_name.clone_from(&it.first_name);
            last_name.clone_from(&it.last_name);
            organization.clone_from(&it.organization);
            job_title.clone_from(&it.job_title);
        }
        Person {
            uuid: uuid_of("person", &number.to_string()),
            email: format!("{username}@people.example"),
            username,
            first_name,
            last_name,
            organization,
            job_title,
            is_staff: false,
            is_support: false,
        }
    }

    /// Two of three have one, if there is any for the state.
    fn comment(&self, state: &State, index: usize) -> Option<&Comment> {
        let fitting: Vec<_> =
            self.data.comments.iter().filter(|it| it.state == state.label()).collect();
        let wanted = !index.is_multiple_of(3) && !fitting.is_empty();
        wanted.then(|| fitting[index / 3 % fitting.len()])
    }

    /// Two of three have answered something.
    fn answers(&self, offering: &Offering, index: usize) -> Option<&Answers> {
        let sets = self.data.answers.get(offering.checklist.as_ref()?)?;
        (!index.is_multiple_of(3)).then(|| sets.get(index / 3 % sets.len().max(1))).flatten()
    }

    /// Answers by the rules of the server, and then back in time.
    fn answer(&self, new: &NewAccount, answers: &Answers) -> Result<()> {
        let items: Vec<_> = answers
            .iter()
            .map(|(question, answer)| {
                format!("{{\"question_uuid\": \"{question}\", \"answer_data\": {answer}}}")
            })
            .collect();
        let user = User::find(self.db, &self.user_uuid(new.user_id)?)?;
        let account = Account::find(self.db, &user, &new.uuid)?;
        answer_as(self.db, self.store, &user, &account, &format!("[{}]", items.join(",")))?;
        let modified = new.modified.text();
        self.db
            .prepare_cached("UPDATE completions SET modified = ?1 WHERE offering_user_id = ?2")?
            .execute(params![modified, account.id])?;
        self.db
            .prepare_cached(
                "UPDATE answers SET created = ?1, modified = ?1 WHERE completion_id IN \
                 (SELECT id FROM completions WHERE offering_user_id = ?2)",
            )?
            .execute(params![modified, account.id])?;
        Ok(())
    }

    fn user_uuid(&self, id: i64) -> Result<String> {
        let sql = "SELECT uuid FROM users WHERE id = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }
}

/// Kept with the account's consent and completion to the microsecond, so it is read back.
const ACCOUNT_CREATED: &str = "SELECT created FROM offering_users WHERE id = ?1";

/// The id of an account in the order they are made.
fn account_id(index: usize) -> i64 {
    1 + index as i64
}

/// Of four people one has not agreed, one has agreed to the oldest terms, two to those in force.
fn consented_version(offering: &Offering, index: usize) -> Option<&str> {
    let terms = match index % 4 {
        0 => None,
        1 => offering.terms.first(),
        _ => offering.terms.iter().find(|it| it.is_active),
    };
    terms.map(|it| &*it.version)
}
