//! The server in this process, on a copy of data that are made once.

use std::{path::PathBuf, sync::OnceLock};

use axum::Router;
use purser::Settings;
use rusqlite::{Connection, params};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support;

/// An offering of pavel's organisation, on which rita has a role. Its key is 1.
pub(crate) const SECURE_ANALYSIS: &str = "fcc6e115887841a0aadcdce4130447e6";
pub(crate) const ACCOUNTS: &str = "/api/marketplace-offering-users/";

/// Names that are hard to compare: of the account, and first, last and user name of its person.
const AWKWARD: [(Option<&str>, &str, &str, &str); 16] = [
    (Some("ZOË.Straße"), "Zoë", "Straße", "ZOE"),
    (Some("õis"), "Õie", "Ärm", "õie.ä"),
    (Some("ÕIS"), "õie", "ÄRM", "Öie.Ü"),
    (Some("Šarūnas Žukas"), "Šarūnas", "ŽUKAS", "sarunas"),
    (Some("ΟΔΥΣΣΕΥΣ"), "Οδυσσεύς", "ΣΟΦΟΣ", "odysseus"),
    (Some("οδυσσευς"), "ΟΔΥΣΣΕΥΣ ΣΑΣ", "σοφος", "Odysseus2"),
    (Some("İstanbul"), "İpek", "Işık", "ipek"),
    (Some("istanbul"), "ipek", "ışık", "IPEK2"),
    (None, "Prince", "", "prince"),
    (None, "", "", "nobody"),
    (Some(" two  words "), "Anna Maria", "von der Au", "anna.maria"),
    (Some("same"), "Same", "Same", "same1"),
    (Some("SAME"), "same", "same", "same2"),
    (Some("same"), "SAME", "SAME", "same3"),
    (Some("a%_b\\'\"&=+#"), "O'Neil", "%_\\", "per%cent_"),
    (Some("𝒳𐐀ﬁ"), "ﬁn", "𐐀𐐀", "deseret"),
];

/// Who sees something by way of a project, of a group, or as an identity manager.
const OTHERS: &str = "
    INSERT INTO users (id, uuid, username, first_name, last_name, email, organization, job_title)
        VALUES (1001, 'b0000000000000000000000000001001', 'viewer', '', '', '', '', ''),
            (1002, 'b0000000000000000000000000001002', 'holder', '', '', '', '', '');
    UPDATE offerings SET provider_can_create_users = 0
        WHERE uuid = '06ee07f21e44486ab05534b0246b2a37';
    UPDATE offerings SET parent_id = (SELECT id FROM offerings
        WHERE uuid = '7b924491dd914febb08474289905cc6d')
        WHERE uuid IN ('33a194350d7643c68097217e91ba42ab', '05639512d4054cf194a8ffd07fb7071c');
    INSERT INTO projects (id, uuid, customer_id, name) VALUES
        (1, 'c0000000000000000000000000000001', 1, 'Ice'),
        (2, 'c0000000000000000000000000000002', 2, 'Fire');
    INSERT INTO memberships (uuid, user_id, role_id, project_id, created)
        SELECT lower(hex(randomblob(16))), id, 1, 1 + id % 2, '2026-01-01T00:00:00.000000+00:00'
        FROM users WHERE (id % 5 = 0 AND id < 1000) OR username IN ('prince', 'õie.ä');
    INSERT INTO customer_groups VALUES (2, 'North'), (3, 'South');
    INSERT INTO offering_groups SELECT id, 'North' FROM offerings WHERE customer_id = 3;
    INSERT INTO identity_sources SELECT 'eduGAIN', id FROM users WHERE id % 3 = 0 AND id < 1000;
    INSERT INTO managed_sources SELECT id, 'eduGAIN' FROM users WHERE username = 'anna.maria';
";

/// Equal moments, so that something else has to decide.
const EQUALS: &str = "
    UPDATE offering_users SET created = '2026-03-01T00:00:00.000000+00:00' WHERE id % 3 = 0;
    UPDATE offering_users SET modified = '2026-04-01T12:00:00.000000+00:00' WHERE id % 4 = 0;
    UPDATE offering_users SET runtime_state = 'Pending account linking' WHERE id % 6 = 0;
    UPDATE offering_users SET runtime_state = 'Pending additional validation' WHERE id % 7 = 0;
";

/// What makes requests fail after they have changed something.
const STUMBLES: &str = "
    UPDATE offering_users SET comment = 'half-way' WHERE id % 5 = 0;
    CREATE TRIGGER stumbles_over_a_state BEFORE UPDATE OF state ON offering_users
        WHEN old.comment = 'half-way' AND new.state <> old.state
        BEGIN SELECT raise(ABORT, 'half-way'); END;
    CREATE TRIGGER stumbles_over_a_name BEFORE UPDATE OF username ON offering_users
        WHEN old.offering_id > 3 AND new.username = 'half-way'
        BEGIN SELECT raise(ABORT, 'half-way'); END;
";

pub(crate) struct Desk {
    folder: TempDir,
    router: Router,
    settings: Settings,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// `X-Result-Count`, if it is there.
    pub(crate) total: Option<u64>,
    pub(crate) link: String,
    /// Null where there is none.
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn rows(&self) -> &[Value] {
        self.body.as_array().unwrap_or_else(|| panic!("no list: {}", self.body))
    }

    pub(crate) fn uuids(&self) -> Vec<&str> {
        self.rows().iter().filter_map(|it| it["uuid"].as_str()).collect()
    }
}

impl Desk {
    /// A server on the data that are made once, changed by some SQL before it opens them.
    pub(crate) fn new(settings: Settings, sql: &str) -> Self {
        static MADE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
        let (_, made) = MADE.get_or_init(make);
        let folder = tempfile::tempdir().expect("a folder for the data");
        let path = folder.path().join("purser.sqlite3");
        std::fs::copy(made, &path).expect("a copy");
        Connection::open(&path).expect("the data").execute_batch(sql).expect(sql);
        let router = open(&folder, settings);
        Self { folder, router, settings }
    }

    /// The same data, read again by another server.
    pub(crate) fn reopen(&mut self) {
        self.router = open(&self.folder, self.settings);
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings
    }

    /// The data itself.
    pub(crate) fn data(&self) -> Connection {
        Connection::open(self.folder.path().join("purser.sqlite3")).expect("the data")
    }

    pub(crate) async fn get(&self, person: &str, url: &str) -> Answer {
        self.send(person, "GET", url, &Value::Null).await
    }

    /// Asks as the person of a user name.
    pub(crate) async fn send(&self, person: &str, method: &str, url: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = support::request(method, url, Some(&token_of(person)));
        let answer = support::exchange(&self.router, request, body).await;
        let header = |name: &str| {
            let value = answer.headers().get(name).and_then(|it| it.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (total, link) = (header("x-result-count").parse().ok(), header("link"));
        let status = answer.status().as_u16();
        let body = serde_json::from_slice(answer.body()).unwrap_or_default();
        Answer { status, total, link, body }
    }
}

fn open(folder: &TempDir, settings: Settings) -> Router {
    support::open(folder.path(), settings, 48).1
}

fn make() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for the data");
    drop(open(&folder, Settings::default()));
    let path = folder.path().join("purser.sqlite3");
    let db = Connection::open(&path).expect("the data");
    for (number, names) in AWKWARD.iter().enumerate() {
        add_awkward(&db, number, names);
    }
    for sql in [OTHERS, EQUALS, STUMBLES] {
        db.execute_batch(sql).expect(sql);
    }
    let mut people = db.prepare("SELECT username, id FROM users").expect("people");
    let people = people.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("people");
    for person in people {
        let (name, id): (String, i64) = person.expect("a person");
        let hash = Sha256::digest(token_of(&name));
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let sql = "INSERT INTO tokens (hash, user_id, created, used) \
             VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 hour'))";
        db.execute(sql, params![hash, id, "2026-01-01T00:00:00Z"]).expect("a token");
    }
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("one file");
    (folder, path)
}

/// Everybody has signed in, with a token made of the name.
fn token_of(person: &str) -> String {
    let hash = Sha256::digest(person);
    hash.iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}

/// A person and an account for them; each third has another one.
fn add_awkward(db: &Connection, number: usize, names: &(Option<&str>, &str, &str, &str)) {
    let (account, first, last, username) = names;
    let uuid = format!("{number:032x}");
    db.execute(
        "INSERT INTO users (uuid, username, first_name, last_name, email, organization, job_title) \
         VALUES (?1, ?2, ?3, ?4, '', '', '')",
        [&uuid, *username, *first, *last],
    )
    .expect("a person");
    let person = db.last_insert_rowid();
    for offering in [1 + number % 8, 1 + (number + 3) % 8]
        .iter()
        .take(1 + usize::from(number.is_multiple_of(3)))
    {
        db.execute(
            "INSERT INTO offering_users (uuid, user_id, offering_id, username, state, created, \
             modified) VALUES (?1, ?2, ?3, ?4, ?5, '2026-03-01T00:00:00.000000+00:00', \
             '2026-04-01T12:00:00.000000+00:00')",
            params![
                format!("a{number:015x}{offering:016x}"),
                person,
                offering,
                account,
                1 + number % 10
            ],
        )
        .expect("an account");
        if number.is_multiple_of(2) {
            let sql = "INSERT INTO consents (uuid, user_id, offering_id, version, agreement_date, \
                 created, modified) VALUES (?1, ?2, ?3, '1', '', '', '')";
            let uuid = format!("c{number:015x}{offering:016x}");
            db.execute(sql, params![uuid, person, offering]).expect("a consent");
        }
    }
}
