//! The server in this process, with data of its own.

use api::{ApiError, Decode, Method, OfferingUser, OfferingUserFilter, Request, Response};
use axum::{Router, body::Body, http};
use http_body_util::BodyExt;
use purser::{App, Settings, Store, demo, router};
use tempfile::TempDir;
use tower::ServiceExt;

/// A server with the demo's data, which go when it goes.
pub(crate) struct Desk {
    folder: TempDir,
    store: Store,
    router: Router,
}

/// Somebody who has signed in.
pub(crate) struct Person {
    pub(crate) token: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the data");
        Self::open(folder)
    }

    fn open(folder: TempDir) -> Self {
        let store = Store::open(folder.path()).expect("a store");
        demo::seed(&store, 400).expect("demo data");
        let router = router(App::new(store.clone(), Settings::default()));
        Self { folder, store, router }
    }

    /// The same data, opened by another server.
    pub(crate) fn restarted(self) -> Self {
        self.store.close();
        drop((self.store, self.router));
        Self::open(self.folder)
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Person {
        let answer = self.send(None, api::sign_in(name, demo::PASSWORD)).await;
        Person { token: answer.expect("a token").token }
    }

    /// Sends a request that has to succeed.
    pub(crate) async fn ok<T: Decode>(&self, person: &Person, request: Request<T>) -> T {
        let url = request.url.clone();
        match self.try_as(person, request).await {
            Ok(value) => value,
            Err(error) => panic!("{url}: {error:?}"),
        }
    }

    /// Sends a request and gives back what the app would make of the answer.
    pub(crate) async fn try_as<T: Decode>(
        &self,
        person: &Person,
        request: Request<T>,
    ) -> Result<T, ApiError> {
        self.send(Some(person), request).await
    }

    pub(crate) async fn send<T: Decode>(
        &self,
        person: Option<&Person>,
        request: Request<T>,
    ) -> Result<T, ApiError> {
        let mut builder = http::Request::builder().method(verb(request.method)).uri(&request.url);
        if let Some(person) = person {
            builder = builder.header("authorization", format!("Token {}", person.token));
        }
        let body = request.body.clone().unwrap_or_default();
        if request.body.is_some() {
            builder = builder.header("content-type", "application/json");
        }
        let answer = self.exchange(builder.body(Body::from(body)).expect("a request")).await;
        request.read(&answer)
    }

    /// GET without signing in: status and body.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let request = http::Request::builder().uri(path).body(Body::empty()).expect("a request");
        let answer = self.exchange(request).await;
        (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
    }

    async fn exchange(&self, request: http::Request<Body>) -> Response {
        let answer = self.router.clone().oneshot(request).await.expect("an answer");
        let total = answer.headers().get("x-result-count");
        let total = total.and_then(|it| it.to_str().ok()?.parse().ok());
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.expect("a body").to_bytes().to_vec();
        Response { status, total, body }
    }

    pub(crate) async fn account_of_alice(&self, alice: &Person, offering: &str) -> OfferingUser {
        let page = self.ok(alice, api::list_offering_users(&OfferingUserFilter::default())).await;
        let found = page.items.into_iter().find(|it| it.offering_name == offering);
        found.expect("an account of alice")
    }
}

fn verb(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Head => http::Method::HEAD,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
        Method::Patch => http::Method::PATCH,
        Method::Delete => http::Method::DELETE,
    }
}
