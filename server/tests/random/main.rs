//! A hundred thousand requests, valid, invalid and hostile, made from the table of operations: no
//! answer is a failure of the server, and each has one of the documented shapes (`contract.md` 1.3).

mod request;
mod shape;

use std::{cell::RefCell, collections::BTreeMap, path::Path};

use axum::{Router, body::Body, http};
use http_body_util::BodyExt;
use proptest::test_runner::{Config, TestCaseError, TestRng, TestRunner};
use purser::{App, Profile, Settings, Store, demo, router};
use serde_json::Value;
use tower::ServiceExt;

use request::{Ids, Request, Who, any_request};
use shape::check;

/// For each of the three profiles.
const REQUESTS: u32 = 33_334;

/// So many requests meet the same data, which they change and delete; then there is new data.
const ROUND: u32 = 5_000;

#[test]
fn no_request_makes_the_server_fail() {
    endure(Profile::Current);
}

#[test]
fn no_request_makes_the_older_server_fail() {
    endure(Profile::Seed);
}

#[test]
fn no_request_makes_the_looser_server_fail() {
    endure(Profile::Upstream);
}

fn endure(profile: Profile) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut statuses: BTreeMap<u16, u32> = BTreeMap::new();
    for (round, start) in (0..).zip((0..REQUESTS).step_by(ROUND as usize)) {
        let desk = runtime.block_on(Desk::new(profile));
        let cases = ROUND.min(REQUESTS - start);
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let rng = TestRng::from_seed(config.rng_algorithm, &[round; 32]);
        let counted = RefCell::new(&mut statuses);
        TestRunner::new_with_rng(config, rng)
            .run(&any_request(&desk.ids), |request| {
                let status = runtime.block_on(desk.send(&request))?;
                *counted.borrow_mut().entry(status).or_insert(0) += 1;
                Ok(())
            })
            .unwrap_or_else(|failure| panic!("{profile:?}: {failure}"));
    }
    println!("{profile:?}: {REQUESTS} requests, by status: {statuses:?}");
    // The requests are of all kinds, and most get further than the door.
    for status in [200, 201, 204, 400, 401, 403, 404, 405] {
        let count = statuses.get(&status).copied().unwrap_or_default();
        assert!(count >= 20, "only {count} answers are {status}");
    }
    assert!(statuses[&401] < REQUESTS / 3, "{statuses:?}");
}

/// A server with the demo's data and people who have signed in.
struct Desk {
    _folder: tempfile::TempDir,
    router: Router,
    tokens: Vec<String>,
    ids: Ids,
}

impl Desk {
    async fn new(profile: Profile) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a store");
        demo::seed(&store, 200).expect("demo data");
        let router = router(App::new(store, Settings { profile, ..Settings::default() }));
        let mut desk =
            Self { ids: ids(folder.path()), _folder: folder, router, tokens: Vec::new() };
        for (name, _) in demo::PEOPLE {
            let body = serde_json::json!({ "username": name, "password": demo::PASSWORD });
            let request =
                http::Request::post("/api-auth/password/").body(Body::from(body.to_string()));
            let answer = desk.router.clone().oneshot(request.expect("a request")).await;
            let body = answer.expect("an answer").into_body().collect().await.expect("a body");
            let body: Value = serde_json::from_slice(&body.to_bytes()).expect("JSON");
            desk.tokens.push(body["token"].as_str().expect("a token").to_owned());
        }
        desk
    }

    /// Sends a request and looks at the answer, which it gives the status of.
    async fn send(&self, request: &Request) -> Result<u16, TestCaseError> {
        let answer = self.router.clone().oneshot(self.message(request)).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        check(request, &parts, &body).map_err(TestCaseError::fail)?;
        Ok(parts.status.as_u16())
    }

    fn message(&self, request: &Request) -> http::Request<Body> {
        let mut message =
            http::Request::builder().method(request.method.as_str()).uri(request.address());
        let token = match &request.who {
            Who::Nobody => None,
            Who::Stranger(header) => Some(header.clone()),
            // Signing out would leave the rest outside.
            Who::Known(_) if request.address().contains("logout") => Some("Token 0".to_owned()),
            Who::Known(index) => Some(format!("Token {}", self.tokens[index % self.tokens.len()])),
        };
        if let Some(token) = token {
            message = message.header("authorization", token);
        }
        if let Some(kind) = &request.content_type {
            message = message.header("content-type", kind);
        }
        message.body(Body::from(request.body.clone())).expect("an HTTP request")
    }
}

/// The uuids of what there is, by table.
fn ids(folder: &Path) -> Ids {
    let db = rusqlite::Connection::open(folder.join("purser.sqlite3")).expect("the database");
    let tables = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
                  WHERE m.type = 'table' AND c.name = 'uuid'";
    let mut tables = db.prepare(tables).expect("tables");
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).expect("tables");
    let mut ids = Ids::new();
    for table in tables {
        let table = table.expect("a name");
        let mut rows = db.prepare(&format!("SELECT uuid FROM {table} LIMIT 40")).expect("a table");
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        ids.insert(table, rows.map(|it| it.expect("a uuid")).collect());
    }
    ids
}
