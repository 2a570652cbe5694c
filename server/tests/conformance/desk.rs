//! A server in this process whose database the tests can reach, too.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use axum::{Router, http};
use purser::{Profile, Settings, Store, demo};
use rusqlite::{Connection, Params, params};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{sign_in::sign_in, support};

pub(crate) struct Desk {
    pub(crate) db: Connection,
    folder: TempDir,
    server: RefCell<(Store, Router)>,
    settings: Cell<Settings>,
    /// Whether the tests changed something since the server read what it keeps in memory.
    is_stale: Cell<bool>,
    runtime: tokio::runtime::Runtime,
    tokens: RefCell<BTreeMap<String, String>>,
    next: Cell<u64>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body, or null if it is no JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

/// A request to be sent.
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: Vec<u8>,
}

/// The demo's role that may change accounts.
pub(crate) const UPDATE: &str = "Offering reviewer";

/// One checklist with an account of alice, as [`demo::load`] makes it.
pub(crate) struct Form {
    /// The account.
    pub(crate) account: String,
    pub(crate) offering: String,
    pub(crate) completion: i64,
    /// The questions, in the order of the list they were given in.
    pub(crate) questions: Vec<String>,
}

impl Form {
    pub(crate) fn path(&self, action: &str) -> String {
        format!("/api/marketplace-offering-users/{}/{action}", self.account)
    }
}

impl Desk {
    /// With the demo's data.
    pub(crate) fn new(profile: Profile, accounts: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the data");
        let settings = Settings { profile, ..Settings::default() };
        let server = support::open(folder.path(), settings, accounts);
        let db = Connection::open(folder.path().join("purser.sqlite3")).expect("the database");
        db.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
        db.execute_batch("PRAGMA foreign_keys = ON").expect("foreign keys");
        Self {
            db,
            folder,
            server: RefCell::new(server),
            settings: Cell::new(settings),
            is_stale: Cell::default(),
            runtime: tokio::runtime::Runtime::new().expect("a runtime"),
            tokens: RefCell::default(),
            next: Cell::new(1),
        }
    }

    /// Loads checklists as `purser demo --load` does.
    pub(crate) fn load(&self, json: &str) -> Result<usize, demo::LoadError> {
        demo::load(&self.server.borrow().0, json)
    }

    /// Switches `ENFORCE_USER_CONSENT_FOR_OFFERINGS`.
    pub(crate) fn enforce_consent(&self, enforce_consent: bool) {
        self.settings.set(Settings { enforce_consent, ..self.settings.get() });
        self.is_stale.set(true);
    }

    /// Lists and records come from memory, so before one is asked for, the server must know what was changed
    /// behind its back.
    fn refresh(&self, path: &str) {
        let is_record = !path.contains("/marketplace-offering-users/") || {
            let rest = path.rsplit("/marketplace-offering-users/").next();
            rest.is_none_or(|rest| rest.matches('/').count() < 2)
        };
        if is_record && self.is_stale.take() {
            *self.server.borrow_mut() = support::open(self.folder.path(), self.settings.get(), 0);
        }
    }

    /// A uuid that nothing has yet, in hex.
    pub(crate) fn uuid(&self) -> String {
        let next = self.next.get() + 1;
        self.next.set(next);
        format!("c0ffee00000040008000{next:012x}")
    }

    pub(crate) fn send(&self, person: Option<&str>, ask: Ask) -> Answer {
        self.refresh(ask.path);
        let token = person.map(|it| self.token(it));
        let mut request = support::request(ask.method, ask.path, token.as_deref());
        for (name, value) in &ask.headers {
            request = request.header(*name, *value);
        }
        if !ask.body.is_empty() {
            request = request.header("content-length", ask.body.len());
        }
        let router = &self.server.borrow().1;
        let answer = self.runtime.block_on(support::exchange(router, request, ask.body));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, text: String::from_utf8_lossy(answer.body()).into_owned() }
    }

    pub(crate) fn get(&self, person: &str, path: &str) -> Answer {
        self.send(Some(person), Ask { method: "GET", path, headers: vec![], body: vec![] })
    }

    /// Sends JSON.
    pub(crate) fn call(&self, person: &str, method: &str, path: &str, body: &Value) -> Answer {
        let headers = vec![("content-type", "application/json")];
        let body = body.to_string().into_bytes();
        self.send(Some(person), Ask { method, path, headers, body })
    }

    pub(crate) fn post(&self, person: &str, path: &str, body: &Value) -> Answer {
        self.call(person, "POST", path, body)
    }

    fn token(&self, person: &str) -> String {
        if let Some(token) = self.tokens.borrow().get(person) {
            return token.clone();
        }
        let token = self.runtime.block_on(sign_in(&self.server.borrow().1, person));
        self.tokens.borrow_mut().insert(person.to_owned(), token.clone());
        token
    }

    /// Loads one checklist. Questions without a uuid get one, and an order by their place.
    pub(crate) fn form(&self, questions: &[Value]) -> Form {
        let uuid = self.uuid();
        let mut questions = questions.to_vec();
        for (index, question) in questions.iter_mut().enumerate() {
            if question["uuid"].is_null() {
                question["uuid"] = json!(self.uuid());
            }
            if question["order"].is_null() {
                question["order"] = json!(index);
            }
        }
        let checklist = json!([{
            "uuid": uuid,
            "name": "A checklist",
            "description": "",
            "checklist_type": "offering_compliance",
            "questions": questions,
        }]);
        assert_eq!(self.load(&checklist.to_string()), Ok(1));
        self.form_of(&uuid)
    }

    /// The form of a checklist that was loaded.
    pub(crate) fn form_of(&self, checklist: &str) -> Form {
        let find = "SELECT a.uuid, o.uuid, p.id FROM checklists c \
             JOIN offerings o ON o.checklist_id = c.id \
             JOIN offering_users a ON a.offering_id = o.id \
             JOIN completions p ON p.offering_user_id = a.id WHERE c.uuid = ?1";
        let (account, offering, completion) = self
            .db
            .query_row(find, [checklist], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .expect("the loaded checklist");
        let mut statement = self
            .db
            .prepare(
                "SELECT q.uuid FROM questions q JOIN checklists c ON c.id = q.checklist_id \
                 WHERE c.uuid = ?1 ORDER BY q.id",
            )
            .expect("a statement");
        let questions = statement.query_map([checklist], |row| row.get(0)).expect("questions");
        let questions = questions.collect::<Result<_, _>>().expect("uuids");
        Form { account, offering, completion, questions }
    }

    pub(crate) fn submit(&self, person: &str, form: &Form, answers: &[(&str, Value)]) -> Answer {
        let items = answers
            .iter()
            .map(|(question, answer)| json!({ "question_uuid": question, "answer_data": answer }));
        self.post(person, &form.path("submit_answers/"), &items.collect())
    }

    /// What a GET that has to succeed gives.
    pub(crate) fn fetch(&self, person: &str, path: &str) -> Result<Value, String> {
        let answer = self.get(person, path);
        if answer.status == 200 {
            Ok(answer.json())
        } else {
            Err(format!("{path}: {} {}", answer.status, answer.text))
        }
    }

    /// The uuids of the questions that a person is shown.
    pub(crate) fn visible(&self, person: &str, form: &Form) -> Result<Vec<String>, String> {
        Ok(uuids(&self.fetch(person, &form.path("checklist/"))?["questions"]))
    }

    /// A question as a person is shown it, hidden or not.
    pub(crate) fn question(
        &self,
        person: &str,
        form: &Form,
        question: &str,
    ) -> Result<Value, String> {
        let form = self.fetch(person, &form.path("checklist/?include_all=true"))?;
        Ok(find_question(&form, question))
    }

    /// A question as a reviewer is shown it.
    pub(crate) fn reviewed(&self, form: &Form, question: &str) -> Result<Value, String> {
        Ok(find_question(&self.fetch("rita", &form.path("checklist_review/"))?, question))
    }

    pub(crate) fn sql(&self, sql: &str, parameters: impl Params) -> usize {
        self.is_stale.set(true);
        self.db.execute(sql, parameters).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Makes somebody who can sign in with the demo's password.
    pub(crate) fn person(&self, name: &str) {
        self.sql(
            "INSERT INTO users (uuid, username, first_name, last_name, email, organization, \
             job_title, password) SELECT ?1, ?2, 'First', 'Last', ?2 || '@people.example', '', '', \
             password FROM users WHERE username = 'alice'",
            [&self.uuid(), name],
        );
    }

    /// Gives somebody a role on the organisation of an offering, or on the offering.
    pub(crate) fn role(&self, name: &str, role: &str, offering: &str, on_offering: bool) {
        let (customer, offering_id) = if on_offering {
            ("NULL", "(SELECT id FROM offerings WHERE uuid = ?4)")
        } else {
            ("(SELECT customer_id FROM offerings WHERE uuid = ?4)", "NULL")
        };
        self.sql(
            &format!(
                "INSERT INTO memberships (uuid, user_id, role_id, customer_id, offering_id, created) \
                 VALUES (?1, (SELECT id FROM users WHERE username = ?2), \
                 (SELECT id FROM roles WHERE name = ?3), {customer}, {offering_id}, \
                 '2026-01-01T00:00:00.000000+00:00')"
            ),
            params![self.uuid(), name, role, offering],
        );
    }

    /// Makes an account in a state and gives back its uuid.
    pub(crate) fn account(&self, person: &str, offering: &str, state: i64) -> String {
        let uuid = self.uuid();
        let moment = "2026-01-01T00:00:00.000000+00:00";
        self.sql(
            "INSERT INTO offering_users (uuid, user_id, offering_id, state, created, modified) \
             VALUES (?1, (SELECT id FROM users WHERE username = ?2), \
             (SELECT id FROM offerings WHERE uuid = ?3), ?4, ?5, ?5)",
            params![uuid, person, offering, state, moment],
        );
        self.sql(
            "INSERT INTO completions (uuid, offering_user_id, checklist_id, offering_id, created, \
             modified) SELECT ?1, a.id, o.checklist_id, o.id, ?3, ?3 FROM offering_users a \
             JOIN offerings o ON o.id = a.offering_id \
             WHERE a.uuid = ?2 AND o.checklist_id IS NOT NULL",
            params![self.uuid(), uuid, moment],
        );
        uuid
    }

    /// Makes an offering of pavel's organisation, without a checklist.
    pub(crate) fn offering(&self) -> String {
        let uuid = self.uuid();
        self.sql(
            "INSERT INTO offerings (uuid, customer_id, name, slug, description, \
             provider_can_create_users) SELECT ?1, m.customer_id, ?1, ?1, '', 1 \
             FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.username = 'pavel'",
            [&uuid],
        );
        uuid
    }

    /// Makes an organisation of nobody with an offering that has a checklist of one boolean
    /// question, and gives back the offering.
    pub(crate) fn foreign_offering(&self) -> String {
        let form = self.form(&[json!({ "question_type": "boolean" })]);
        let customer = self.uuid();
        self.sql(
            "INSERT INTO customers (uuid, provider_uuid, name, abbreviation) \
             VALUES (?1, ?2, 'Another organisation', 'AO')",
            [&customer, &self.uuid()],
        );
        self.sql(
            "UPDATE offerings SET customer_id = (SELECT id FROM customers WHERE uuid = ?1) \
             WHERE uuid = ?2",
            [&customer, &form.offering],
        );
        self.sql(
            "DELETE FROM memberships WHERE offering_id = (SELECT id FROM offerings WHERE uuid = ?1)",
            [&form.offering],
        );
        self.sql("DELETE FROM offering_users WHERE uuid = ?1", [&form.account]);
        form.offering
    }

    pub(crate) fn user_uuid(&self, name: &str) -> String {
        let sql = "SELECT uuid FROM users WHERE username = ?1";
        self.db.query_row(sql, [name], |row| row.get(0)).expect("a person")
    }

    /// The state of an account, as staff see it.
    pub(crate) fn state(&self, account: &str) -> Result<Value, String> {
        Ok(self.record(account)?["state"].take())
    }

    /// An account, as staff see it.
    pub(crate) fn record(&self, account: &str) -> Result<Value, String> {
        self.fetch("stella", &format!("/api/marketplace-offering-users/{account}/"))
    }
}

/// The uuids in a list of records.
pub(crate) fn uuids(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|it| Some(it["uuid"].as_str()?.to_owned())).collect()
}

fn find_question(form: &Value, uuid: &str) -> Value {
    let questions = form["questions"].as_array().into_iter().flatten();
    questions.into_iter().find(|it| it["uuid"] == uuid).cloned().unwrap_or_default()
}
