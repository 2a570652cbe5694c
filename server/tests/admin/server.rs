//! The server in this process, asked as raw HTTP: status, headers and JSON.

use axum::{Router, http};
use purser::Settings;
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{sign_in::sign_in, support};

pub(crate) const CHECKLISTS: &str = "/api/checklists-admin/";
pub(crate) const QUESTIONS: &str = "/api/checklists-admin-questions/";
pub(crate) const OPTIONS: &str = "/api/checklists-admin-question-options/";
pub(crate) const DEPENDENCIES: &str = "/api/checklists-admin-question-dependencies/";
pub(crate) const COLLECTIONS: [&str; 4] = [CHECKLISTS, QUESTIONS, OPTIONS, DEPENDENCIES];

/// A server with a little of the demo's data, which go when it goes.
pub(crate) struct Server {
    folder: TempDir,
    router: Router,
}

/// Somebody who has signed in.
pub(crate) struct Person<'a> {
    server: &'a Server,
    token: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Value,
}

impl Server {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the data");
        let (_, router) = support::open(folder.path(), Settings::default(), 20);
        Self { folder, router }
    }

    /// The data, for what no request can do.
    pub(crate) fn database(&self) -> Connection {
        Connection::open(self.folder.path().join("purser.sqlite3")).expect("the database")
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Person<'_> {
        Person { server: self, token: sign_in(&self.router, name).await }
    }

    pub(crate) async fn send(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let request = support::request(method, path, token)
            .header("host", "desk.example")
            .header("content-type", "application/json");
        let body = body.map_or_else(String::new, |it| it.to_string());
        let answer = support::exchange(&self.router, request, body).await;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.into_body();
        let body = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body).expect("a body of JSON")
        };
        Answer { status, headers, body }
    }
}

impl Person<'_> {
    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.server.send(Some(&self.token), method, path, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }

    /// Creates a record, which has to succeed.
    #[track_caller]
    pub(crate) fn create(&self, path: &str, body: Value) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        async move {
            let answer = self.post(path, body).await;
            assert_eq!(answer.status, 201, "{caller}: {}", answer.body);
            answer.body
        }
    }

    /// A new checklist for offerings.
    pub(crate) async fn checklist(&self, name: &str) -> Value {
        let body = json!({ "name": name, "checklist_type": "offering_compliance" });
        self.create(CHECKLISTS, body).await
    }

    /// A new question; `fields` say what it is like.
    pub(crate) async fn question(&self, checklist: &Value, fields: Value) -> Value {
        let mut body = fields;
        body["checklist"] = checklist["url"].clone();
        self.create(QUESTIONS, body).await
    }

    pub(crate) async fn option(&self, question: &Value, label: &str, order: u32) -> Value {
        let body = json!({ "question": question["url"], "label": label, "order": order });
        self.create(OPTIONS, body).await
    }

    pub(crate) async fn depend(
        &self,
        question: &Value,
        on: &Value,
        operator: &str,
        value: Value,
    ) -> Answer {
        let body = json!({
            "question": question["url"],
            "depends_on_question": on["url"],
            "operator": operator,
            "required_answer_value": value,
        });
        self.post(DEPENDENCIES, body).await
    }
}

/// The path in a link.
pub(crate) fn path(record: &Value) -> &str {
    let url = record["url"].as_str().expect("a link");
    url.strip_prefix("http://desk.example").expect("a link to this server")
}

/// `key` of each.
pub(crate) fn all<'a>(records: &'a Value, key: &str) -> Vec<&'a Value> {
    records.as_array().expect("a list").iter().map(|it| &it[key]).collect()
}
