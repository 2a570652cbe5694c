//! The server in this process, with data of its own.

use api::{ApiError, Decode, OfferingUser, OfferingUserFilter, Request, Response};
use axum::{Router, http};
use purser::{Settings, Store};
use tempfile::TempDir;

use crate::{sign_in::sign_in, support};

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
        let (store, router) = support::open(folder.path(), Settings::default(), 400);
        Self { folder, store, router }
    }

    /// The same data, opened by another server.
    pub(crate) fn restarted(self) -> Self {
        self.store.close();
        drop((self.store, self.router));
        Self::open(self.folder)
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Person {
        Person { token: sign_in(&self.router, name).await }
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
        let method = format!("{:?}", request.method).to_uppercase();
        let token = person.map(|it| it.token.as_str());
        let mut builder = support::request(&method, &request.url, token);
        if request.body.is_some() {
            builder = builder.header("content-type", "application/json");
        }
        let body = request.body.clone().unwrap_or_default();
        request.read(&self.exchange(builder, body).await)
    }

    /// GET without signing in: status and body.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let request = support::request("GET", path, None);
        let answer = self.exchange(request, String::new()).await;
        (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
    }

    /// Changes a record. It has to succeed.
    pub(crate) async fn patch(&self, person: &Person, path: &str, body: String) {
        let request = support::request("PATCH", path, Some(&person.token));
        let request = request.header("content-type", "application/json");
        let answer = self.exchange(request, body).await;
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    }

    async fn exchange(&self, request: http::request::Builder, body: String) -> Response {
        let answer = support::exchange(&self.router, request, body).await;
        let total = answer.headers().get("x-result-count");
        let total = total.and_then(|it| it.to_str().ok()?.parse().ok());
        let status = answer.status().as_u16();
        Response { status, total, body: answer.into_body().to_vec() }
    }

    pub(crate) async fn account_of_alice(&self, alice: &Person, offering: &str) -> OfferingUser {
        let page = self.ok(alice, api::list_offering_users(&OfferingUserFilter::default())).await;
        let found = page.items.into_iter().find(|it| it.offering_name == offering);
        found.expect("an account of alice")
    }
}
