//! A hundred thousand requests, valid, invalid and hostile, made from the table of operations: no
//! answer is a failure of the server, and each has one of the documented shapes (`contract.md` 1.3).

mod request;
mod shape;
#[path = "../support/sign_in.rs"]
mod sign_in;
#[path = "../support/desk.rs"]
mod support;

use std::{cell::RefCell, collections::BTreeMap, path::Path};

use axum::{Router, body::Bytes, http::Response};
use proptest::test_runner::{Config, TestCaseError, TestRng, TestRunner};
use purser::{Profile, Settings, demo};

use request::{Ids, Request, Who, any_request};
use shape::check;
use sign_in::sign_in;

/// For each of the three profiles.
const REQUESTS: u32 = 33_334;

/// Few, so that long lists do not take most of the time.
const ACCOUNTS: usize = 60;

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
        let settings = Settings { profile, ..Settings::default() };
        let (_, router) = support::open(folder.path(), settings, ACCOUNTS);
        let mut tokens = Vec::new();
        for (name, _) in demo::PEOPLE {
            tokens.push(sign_in(&router, name).await);
        }
        Self { ids: ids(folder.path()), _folder: folder, router, tokens }
    }

    /// Sends a request and looks at the answer, which it gives the status of.
    async fn send(&self, request: &Request) -> Result<u16, TestCaseError> {
        let (parts, body) = self.answer(request).await.into_parts();
        check(request, &parts, &body).map_err(TestCaseError::fail)?;
        Ok(parts.status.as_u16())
    }

    async fn answer(&self, request: &Request) -> Response<Bytes> {
        let address = request.address();
        let token = match &request.who {
            // Signing out would leave the rest outside.
            Who::Known(_) if address.contains("logout") => Some("0"),
            Who::Known(index) => Some(self.tokens[index % self.tokens.len()].as_str()),
            Who::Nobody | Who::Stranger(_) => None,
        };
        let mut message = support::request(&request.method, &address, token);
        if let Who::Stranger(header) = &request.who {
            message = message.header("authorization", header);
        }
        if let Some(kind) = &request.content_type {
            message = message.header("content-type", kind);
        }
        support::exchange(&self.router, message, request.body.clone()).await
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
