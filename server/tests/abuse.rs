//! What one client does must not take the server from the others.

use std::time::Duration;

use axum::{Router, body::Body, http::Request};
use http_body_util::BodyExt;
use purser::{App, Settings, Store, demo, router};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

struct Desk {
    _folder: TempDir,
    router: Router,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a store");
        demo::seed(&store, 40).expect("demo data");
        Self { _folder: folder, router: router(App::new(store, Settings::default())) }
    }

    async fn send(&self, method: &str, path: &str, token: &str, body: String) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("authorization", format!("Token {token}"))
            .body(Body::from(body))
            .expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("an answer");
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn sign_in(&self, username: &str, password: &str) -> (u16, Value) {
        let body = json!({ "username": username, "password": password });
        self.send("POST", "/api-auth/password/", "", body.to_string()).await
    }

    async fn token(&self, username: &str) -> String {
        let (_, body) = self.sign_in(username, demo::PASSWORD).await;
        body["token"].as_str().expect("a token").to_owned()
    }

    /// The address where alice answers the checklist of her first account that has one.
    async fn answers(&self, token: &str) -> String {
        let path = "/api/marketplace-offering-users/";
        let (_, accounts) = self.send("GET", path, token, String::new()).await;
        let account = accounts.as_array().expect("a list").iter();
        let account = account.filter(|it| it["has_compliance_checklist"] == true).next();
        format!("{path}{}/submit_answers/", account.expect("one")["uuid"].as_str().expect("a uuid"))
    }
}

#[tokio::test]
async fn many_attempts_at_once_are_no_more_than_one_after_another() {
    let desk = Desk::new();
    let attempts =
        (0..20).map(|number| desk.sign_in("pavel", if number == 19 { "demo" } else { "x" }));
    let outcomes = join_all(attempts).await;
    let told: Vec<_> = outcomes.iter().map(|(_, body)| body["detail"].to_string()).collect();
    let tried = told.iter().filter(|it| it.contains("Invalid username")).count();
    assert_eq!(tried, 4, "{told:?}");
    assert_eq!(desk.sign_in("pavel", "demo").await.0, 401);
    assert_eq!(
        desk.sign_in(&"a".repeat(100_000), "x").await.1["detail"],
        "Invalid username/password."
    );
}

/// Polls all in turn: they begin before the first of them ends.
async fn join_all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(|it| (Box::pin(it), None)).collect();
    std::future::poll_fn(|context| {
        let mut is_done = true;
        for (future, outcome) in waiting.iter_mut().filter(|(_, outcome)| outcome.is_none()) {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(value) => *outcome = Some(value),
                std::task::Poll::Pending => is_done = false,
            }
        }
        if is_done { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    waiting.into_iter().map(|(_, outcome)| outcome.expect("an outcome")).collect()
}

#[tokio::test]
async fn a_body_that_is_large_in_memory_is_refused() {
    let desk = Desk::new();
    let token = desk.token("alice").await;
    let path = desk.answers(&token).await;
    let (status, body) =
        desk.send("POST", &path, &token, format!("[{}0]", "0,".repeat(600_000))).await;
    assert_eq!((status, &body["detail"]), (400, &json!("The request has too many parts.")));
    let (status, body) =
        desk.send("POST", &path, &token, format!("[{}0]", "0,".repeat(20_000))).await;
    assert_eq!(status, 400);
    assert_eq!(body["detail"], "At most 10000 answers can be sent at once.");
    // Nobody is told anything about a body that they may not send.
    let stranger = desk.token("sam").await;
    assert_eq!(desk.send("POST", &path, &stranger, "[0,".to_owned()).await.0, 403);
}

/// Looking through all keys for each key would take minutes.
#[tokio::test]
async fn an_object_with_many_keys_is_read_in_time() {
    let desk = Desk::new();
    let token = desk.token("alice").await;
    let path = desk.answers(&token).await;
    let fields: Vec<_> = (0..200_000).map(|number| format!("\"k{number}\":1")).collect();
    let body = format!("[{{{}}}]", fields.join(","));
    let answer =
        tokio::time::timeout(Duration::from_secs(60), desk.send("POST", &path, &token, body));
    assert_eq!(answer.await.expect("an answer in time").0, 400);
}

#[tokio::test]
async fn an_order_that_is_named_thousands_of_times_is_one_order() {
    let desk = Desk::new();
    let token = desk.token("stella").await;
    for path in [
        "/api/marketplace-offering-users/",
        "/api/marketplace-user-offering-consents/",
        "/api/marketplace-offering-terms-of-service/",
    ] {
        let order = format!("{path}?o={}modified", "created,".repeat(5_000));
        assert_eq!(desk.send("GET", &order, &token, String::new()).await.0, 200, "{path}");
    }
}

/// A request that nobody waits for any more must not leave its place to another one before it is done.
#[tokio::test]
async fn readers_that_were_given_up_do_not_pile_up() {
    let desk = Desk::new();
    let token = desk.token("stella").await;
    for _ in 0..50 {
        let path = "/api/marketplace-offering-users/?page_size=300&query=a";
        let given_up = desk.send("GET", path, &token, String::new());
        let _ = tokio::time::timeout(Duration::from_micros(300), given_up).await;
    }
    assert_eq!(desk.send("GET", "/api/users/me/", &token, String::new()).await.0, 200);
    let open = std::fs::read_dir("/proc/self/fd").map(|all| {
        let all = all.filter_map(|it| std::fs::read_link(it.ok()?.path()).ok());
        all.filter(|it| it.starts_with(desk._folder.path())).count()
    });
    // One writer and four readers, with two files each, and what the two share.
    assert!(open.is_ok_and(|it| it <= 14) || cfg!(not(target_os = "linux")));
}
