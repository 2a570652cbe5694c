//! The server in this process, asked with the app's requests and with any others.

use std::cell::RefCell;

use api::{Decode, Request};
use axum::Router;
use purser::{Profile, Settings};
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::{sign_in::sign_in, support};

/// An offering of pavel's organisation, on which rita has a role.
pub(crate) const SECURE_ANALYSIS: &str = "fcc6e115887841a0aadcdce4130447e6";
/// Another one of pavel's.
pub(crate) const VASKILUOTO: &str = "7b924491dd914febb08474289905cc6d";
/// One of pavel's without a checklist.
pub(crate) const TAPE_ARCHIVE: &str = "05639512d4054cf194a8ffd07fb7071c";
/// One of an organisation where neither of them has a role, with a checklist.
pub(crate) const RESEARCH_CLOUD: &str = "3498a4fe29b44373a6d2e7a5e1bee96b";
/// Pavel's organisation.
pub(crate) const NCN: &str = "22b9bdd15a0a4b5085b0fe634188d51c";

const ACCOUNTS: usize = 120;

/// A server with the demo's data, which go when it goes.
pub(crate) struct Desk {
    folder: TempDir,
    settings: Settings,
    router: RefCell<Router>,
}

/// The token of somebody who has signed in.
pub(crate) struct Person(String);

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) total: u64,
    pub(crate) link: String,
    /// Null where there is none.
    pub(crate) body: Value,
    raw: Vec<u8>,
}

impl Answer {
    pub(crate) fn rows(&self) -> &[Value] {
        self.body.as_array().unwrap_or_else(|| panic!("no list: {}", self.body))
    }

    /// One field of all rows.
    pub(crate) fn all(&self, key: &str) -> Vec<&Value> {
        self.rows().iter().map(|it| &it[key]).collect()
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(Profile::Current)
    }

    pub(crate) fn with(profile: Profile) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the data");
        let settings = Settings { profile, ..Settings::default() };
        let (_, router) = support::open(folder.path(), settings, ACCOUNTS);
        Self { folder, settings, router: RefCell::new(router) }
    }

    /// The data itself, to prepare what the demo does not have.
    pub(crate) fn data(&self) -> Connection {
        Connection::open(self.folder.path().join("purser.sqlite3")).expect("the data")
    }

    /// One number out of the data.
    pub(crate) fn count(&self, sql: &str) -> u64 {
        self.data().query_row(sql, [], |row| row.get(0)).expect(sql)
    }

    /// Changes the data, as if it had been so when the server started.
    pub(crate) fn change(&self, sql: &str) {
        self.data().execute_batch(sql).expect(sql);
        let (_, router) = support::open(self.folder.path(), self.settings, ACCOUNTS);
        *self.router.borrow_mut() = router;
    }

    /// How many files are on disk.
    pub(crate) fn files(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("files")).expect("files").count()
    }

    /// Puts one there.
    pub(crate) fn put_file(&self, name: &str) {
        std::fs::write(self.folder.path().join("files").join(name), "x").expect("a file");
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Person {
        Person(sign_in(&self.router(), name).await)
    }

    pub(crate) async fn get(&self, person: Option<&Person>, url: &str) -> Answer {
        self.exchange(person, "GET", url, None).await
    }

    pub(crate) async fn head(&self, person: &Person, url: &str) -> Answer {
        self.exchange(Some(person), "HEAD", url, None).await
    }

    pub(crate) async fn send(
        &self,
        person: Option<&Person>,
        method: &str,
        url: &str,
        body: Value,
    ) -> Answer {
        self.exchange(person, method, url, Some(body.to_string())).await
    }

    /// Sends a request of the app's and reads the answer as the app does.
    pub(crate) async fn ok<T: Decode>(&self, person: &Person, request: Request<T>) -> T {
        let method = format!("{:?}", request.method).to_uppercase();
        let answer = self.exchange(Some(person), &method, &request.url, request.body.clone()).await;
        let (status, url) = (answer.status, &request.url);
        let response = api::Response { status, total: Some(answer.total), body: answer.raw };
        request.read(&response).unwrap_or_else(|error| panic!("{url}: {status} {error:?}"))
    }

    fn router(&self) -> Router {
        self.router.borrow().clone()
    }

    async fn exchange(
        &self,
        person: Option<&Person>,
        method: &str,
        url: &str,
        body: Option<String>,
    ) -> Answer {
        let request = support::request(method, url, person.map(|Person(token)| token.as_str()));
        let answer = support::exchange(&self.router(), request, body.unwrap_or_default()).await;
        let header = |name: &str| {
            let value = answer.headers().get(name).and_then(|it| it.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (total, link) = (header("x-result-count"), header("link"));
        let status = answer.status().as_u16();
        let raw = answer.into_body().to_vec();
        let body = serde_json::from_slice(&raw).unwrap_or_default();
        Answer { status, total: total.parse().unwrap_or_default(), link, body, raw }
    }
}
