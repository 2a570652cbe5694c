//! The data a demo starts with. It is the same every time, apart from its dates, which count back
//! from today. `server/demo/README.md` describes the files.

mod load;

use std::collections::BTreeMap;

use api::State;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Store,
    auth::{User, hash_password},
    checklists::{Config, answer_as},
    clock,
    error::{Error, Result},
    offering_users::Account,
};

pub use self::load::{LoadError, load};

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

/// Fills an empty store with the demo data and says so. A store that has data stays as it is.
pub fn seed(store: &Store, accounts: usize) -> Result<bool, SeedError> {
    let outcome = store.run_here(|db| {
        let is_empty: bool =
            db.query_row("SELECT NOT EXISTS (SELECT 1 FROM users)", [], |row| row.get(0))?;
        if is_empty {
            Seed { db, store, data: Data::read()? }.all(accounts)?;
        }
        Ok(is_empty)
    });
    outcome.map_err(|error| SeedError(format!("{error:?}")))
}

/// Whether the data is a demo's, so that everybody may know the passwords.
pub(crate) fn is_demo(db: &Connection) -> Result<bool> {
    let found =
        db.query_row("SELECT 1 FROM settings WHERE key = 'demo'", [], |_| Ok(())).optional()?;
    Ok(found.is_some())
}

#[derive(Deserialize)]
struct People {
    people: Vec<Person>,
    first_names: Vec<String>,
    last_names: Vec<String>,
    logins: Vec<String>,
    organizations: Vec<String>,
    job_titles: Vec<String>,
    long_name: LongName,
}

#[derive(Deserialize)]
struct Person {
    uuid: String,
    username: String,
    first_name: String,
    last_name: String,
    email: String,
    organization: String,
    job_title: String,
    is_staff: bool,
    is_support: bool,
}

#[derive(Deserialize)]
struct LongName {
    first_name: String,
    last_name: String,
    organization: String,
    job_title: String,
}

#[derive(Deserialize)]
struct Offerings {
    organisations: Vec<Organisation>,
    offerings: Vec<Offering>,
    role_definitions: BTreeMap<String, Vec<String>>,
    roles: Vec<Membership>,
}

#[derive(Deserialize)]
struct Organisation {
    uuid: String,
    key: String,
    name: String,
    abbreviation: String,
}

#[derive(Deserialize)]
struct Offering {
    uuid: String,
    key: String,
    name: String,
    slug: String,
    organisation: String,
    description: String,
    username_prefix: String,
    checklist: Option<String>,
    terms: Vec<Terms>,
}

#[derive(Deserialize)]
struct Terms {
    uuid: String,
    version: String,
    text: String,
    link: String,
    is_active: bool,
    requires_reconsent: bool,
    grace_period_days: u32,
    created_days_ago: i64,
}

#[derive(Deserialize)]
struct Membership {
    username: String,
    role: String,
    scope: MembershipScope,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum MembershipScope {
    Organisation(String),
    Offering(String),
}

#[derive(Deserialize)]
struct Checklist {
    uuid: String,
    name: String,
    description: String,
    checklist_type: String,
    questions: Vec<Question>,
}

#[derive(Deserialize)]
struct Question {
    uuid: String,
    order: i64,
    required: bool,
    #[serde(flatten)]
    config: Config,
}

#[derive(Deserialize)]
struct Comment {
    state: String,
    html: String,
    url: String,
}

#[derive(Deserialize)]
struct OwnAccount {
    offering: String,
    state: String,
    username: Option<String>,
    comment: String,
    comment_url: String,
    consent_version: Option<String>,
    answers: Answers,
}

type Answers = BTreeMap<String, Box<RawValue>>;

struct Data {
    people: People,
    offerings: Offerings,
    checklists: Vec<(&'static str, Checklist)>,
    comments: Vec<Comment>,
    alice: Vec<OwnAccount>,
    answers: BTreeMap<String, Vec<Answers>>,
}

impl Data {
    fn read() -> Result<Self> {
        fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
            serde_json::from_str(text).map_err(|error| Error::Internal(error.to_string()))
        }
        Ok(Self {
            people: json(include_str!("../demo/people.json"))?,
            offerings: json(include_str!("../demo/offerings.json"))?,
            checklists: vec![
                ("account-linking", json(include_str!("../demo/checklists/account-linking.json"))?),
                ("export-control", json(include_str!("../demo/checklists/export-control.json"))?),
                ("security-60", json(include_str!("../demo/checklists/security-60.json"))?),
                ("sensitive-data", json(include_str!("../demo/checklists/sensitive-data.json"))?),
                ("training", json(include_str!("../demo/checklists/training.json"))?),
            ],
            comments: json(include_str!("../demo/comments.json"))?,
            alice: json(include_str!("../demo/alice.json"))?,
            answers: json(include_str!("../demo/answers.json"))?,
        })
    }
}

/// One account to be made.
struct NewAccount<'a> {
    uuid: String,
    user_uuid: &'a str,
    offering: &'a Offering,
    state: State,
    username: Option<String>,
    comment: &'a str,
    comment_url: &'a str,
    consent_version: Option<&'a str>,
    answers: Option<&'a Answers>,
    created: String,
    modified: String,
}

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
        self.accounts_of_alice()?;
        self.accounts_of_others(accounts.saturating_sub(self.data.alice.len()))?;
        self.db.execute("INSERT INTO settings (key, value) VALUES ('demo', '1')", [])?;
        Ok(())
    }

    fn people(&self) -> Result<()> {
        for person in &self.data.people.people {
            self.add_person(person, Some(hash_password(PASSWORD)?))?;
        }
        Ok(())
    }

    fn add_person(&self, person: &Person, password: Option<String>) -> Result<()> {
        let mut statement = self.db.prepare_cached(
            "INSERT INTO users (uuid, username, first_name, last_name, email, organization, \
             job_title, is_staff, is_support, password) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        statement.execute(params![
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

    fn checklists(&self) -> Result<()> {
        for (_, checklist) in &self.data.checklists {
            add_checklist(self.db, checklist)?;
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

    fn accounts_of_alice(&self) -> Result<()> {
        let alice = &self.data.people.people[0].uuid;
        for (index, it) in self.data.alice.iter().enumerate() {
            let days = 9 + 30 * index as i64;
            self.add_account(&NewAccount {
                uuid: uuid_of("account of alice", &it.offering),
                user_uuid: alice,
                offering: self.offering(&it.offering)?,
                state: State::from_label(&it.state),
                username: it.username.clone(),
                comment: &it.comment,
                comment_url: &it.comment_url,
                consent_version: it.consent_version.as_deref(),
                answers: Some(&it.answers).filter(|answers| !answers.is_empty()),
                created: clock::ago(days, 70),
                modified: clock::ago(days / 4, 25),
            })?;
        }
        Ok(())
    }

    /// Two accounts for each person, spread over offerings and states by position.
    fn accounts_of_others(&self, count: usize) -> Result<()> {
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
        for index in 0..count {
            let (number, is_second) = (index / 2, index % 2 == 1);
            let person = self.other_person(number);
            if !is_second {
                self.add_person(&person, None)?;
            }
            // The second offering is never the first one again.
            let step = if is_second { 1 + number % (offerings.len() - 1) } else { 0 };
            let offering = &offerings[(number + step) % offerings.len()];
            // Each run of twenty has them all, and begins elsewhere than the one before.
            let turn = index * 7 + index / STATES.len();
            let state = STATES[turn % STATES.len()].clone();
            let has_name = !matches!(
                state,
                State::Requested
                    | State::Creating
                    | State::PendingAccountLinking
                    | State::PendingAdditionalValidation
                    | State::ErrorCreating
            );
            let username = format!("{}{}", offering.username_prefix, person.username);
            let comment = self.comment(&state, index);
            let days = 3 + (index * 37 % 700) as i64;
            self.add_account(&NewAccount {
                uuid: uuid_of("account", &index.to_string()),
                user_uuid: &person.uuid,
                offering,
                username: has_name.then_some(username),
                comment: comment.map_or("", |it| &it.html),
                comment_url: comment.map_or("", |it| &it.url),
                consent_version: consented_version(offering, index),
                answers: self.answers(offering, index),
                created: clock::ago(days, (index * 131 % 1440) as i64),
                modified: clock::ago(days / (2 + index as i64 % 5), (index * 71 % 1440) as i64),
                state,
            })?;
        }
        Ok(())
    }

    fn other_person(&self, number: usize) -> Person {
        let people = &self.data.people;
        let pick = |list: &[String]| list[number % list.len()].clone();
        let (mut first_name, mut last_name) = (pick(&people.first_names), pick(&people.last_names));
        let (mut organization, mut job_title) =
            (pick(&people.organizations), pick(&people.job_titles));
        let username = format!("{}{}", pick(&people.logins), number + 1);
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

    fn add_account(&self, new: &NewAccount) -> Result<()> {
        let user = User::find(self.db, new.user_uuid)?;
        self.db
            .prepare_cached(
                "INSERT INTO offering_users (uuid, user_id, offering_id, username, state, comment, \
                 comment_url, created, modified) VALUES (?1, ?2, \
                 (SELECT id FROM offerings WHERE uuid = ?3), ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                new.uuid,
                user.id,
                new.offering.uuid,
                new.username,
                new.state.number(),
                new.comment,
                new.comment_url,
                new.created,
                new.modified,
            ])?;
        self.db
            .prepare_cached(
                "INSERT INTO completions (uuid, offering_user_id, checklist_id, created, modified) \
                 SELECT ?1, a.id, o.checklist_id, a.created, a.created FROM offering_users a \
                 JOIN offerings o ON o.id = a.offering_id \
                 WHERE a.uuid = ?2 AND o.checklist_id IS NOT NULL",
            )?
            .execute([&uuid_of("completion", &new.uuid), &new.uuid])?;
        if let Some(version) = new.consent_version {
            self.db
                .prepare_cached(
                    "INSERT INTO consents (uuid, user_id, offering_id, version, agreement_date, \
                     created, modified) SELECT ?1, user_id, offering_id, ?2, created, created, \
                     created FROM offering_users WHERE uuid = ?3",
                )?
                .execute([uuid_of("consent", &new.uuid).as_str(), version, &new.uuid])?;
        }
        match new.answers {
            Some(answers) => self.answer(&user, new, answers),
            None => Ok(()),
        }
    }

    /// Answers by the rules of the server, and then back in time.
    fn answer(&self, user: &User, new: &NewAccount, answers: &Answers) -> Result<()> {
        let items: Vec<_> = answers
            .iter()
            .map(|(question, answer)| {
                format!("{{\"question_uuid\": \"{question}\", \"answer_data\": {answer}}}")
            })
            .collect();
        let account = Account::find(self.db, user, &new.uuid)?;
        answer_as(self.db, self.store, user, &account, &format!("[{}]", items.join(",")))?;
        self.db
            .prepare_cached("UPDATE completions SET modified = ?1 WHERE offering_user_id = ?2")?
            .execute(params![new.modified, account.id])?;
        self.db
            .prepare_cached(
                "UPDATE answers SET created = ?1, modified = ?1 WHERE completion_id IN \
                 (SELECT id FROM completions WHERE offering_user_id = ?2)",
            )?
            .execute(params![new.modified, account.id])?;
        Ok(())
    }
}

fn add_checklist(db: &Connection, checklist: &Checklist) -> Result<()> {
    db.execute(
        "INSERT INTO checklists (uuid, name, description, checklist_type) VALUES (?1, ?2, ?3, ?4)",
        params![checklist.uuid, checklist.name, checklist.description, checklist.checklist_type,],
    )?;
    let id = db.last_insert_rowid();
    for question in &checklist.questions {
        let config = serde_json::to_string(&question.config)
            .map_err(|error| Error::Internal(error.to_string()))?;
        db.execute(
            "INSERT INTO questions (uuid, checklist_id, position, required, config) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![question.uuid, id, question.order, question.required, config],
        )?;
    }
    Ok(())
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
