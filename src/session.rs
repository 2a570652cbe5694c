//! Who is here, and the only place that holds the token.
//!
//! The token lives in memory. If the person asks for it when signing in, also in `sessionStorage`,
//! so that a reload of the tab does not sign them out; it never outlives the tab.

use std::pin::Pin;

use api::{ApiError, Decode, Me, Method, Request, Response, Rights};
use leptos::prelude::*;
use web_sys::AbortSignal;

use crate::fetch::{self, Upload, exchange};

const STORAGE_KEY: &str = "purser.token";

/// The server does not accept the token.
const UNAUTHORIZED: u16 = 401;

/// A request on its way, without the type of its answer.
pub(crate) struct Outgoing {
    method: Method,
    url: String,
    body: Option<String>,
}

impl Outgoing {
    /// What is sent for `request`.
    pub(crate) fn of<T>(request: &Request<T>) -> Self {
        Self { method: request.method, url: request.url.clone(), body: request.body.clone() }
    }
}

/// The session of this page.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    who: RwSignal<Who>,
    token: StoredValue<Option<String>>,
    /// The server stopped accepting the token while somebody was working.
    expired: RwSignal<bool>,
}

/// Who looks at the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Who {
    /// A token was kept; whose it is has been asked.
    Unknown,
    /// Nobody has signed in.
    Guest,
    /// Somebody has signed in.
    Viewer(Viewer),
}

/// A person who has signed in, and what they may do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Viewer {
    /// Who.
    pub(crate) me: Me,
    /// What they may do, as far as a browser can know (`contract.md` 13).
    pub(crate) rights: Rights,
}

impl Session {
    /// Makes the session, for everything below the caller.
    pub(crate) fn provide() -> Self {
        let token = storage().and_then(|it| it.get_item(STORAGE_KEY).ok().flatten());
        let who = if token.is_some() { Who::Unknown } else { Who::Guest };
        let this = Self {
            who: RwSignal::new(who),
            token: StoredValue::new(token),
            expired: RwSignal::new(false),
        };
        provide_context(this);
        this
    }

    /// Who is here, followed.
    pub(crate) fn who(self) -> Who {
        self.who.get()
    }

    /// Whether the server stopped accepting the token while somebody was working.
    pub(crate) fn is_expired(self) -> bool {
        self.expired.get()
    }

    /// Asks whose the kept token is. A token that is no longer good is forgotten.
    pub(crate) async fn resume(self) -> Result<(), ApiError> {
        match self.ask_who().await {
            Ok(()) => Ok(()),
            Err(ApiError::SignedOut { .. }) => {
                self.forget();
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Signs in with a name and a password.
    pub(crate) async fn sign_in(
        self,
        username: &str,
        password: &str,
        keep: bool,
    ) -> Result<(), ApiError> {
        let answer = self.send(api::sign_in(username, password)).await?;
        self.sign_in_with_token(answer.token, keep).await
    }

    /// Signs in with a token from elsewhere.
    pub(crate) async fn sign_in_with_token(
        self,
        token: String,
        keep: bool,
    ) -> Result<(), ApiError> {
        let before = self.token.get_value();
        self.token.set_value(Some(token.clone()));
        if let Err(error) = self.ask_who().await {
            self.token.set_value(before);
            return Err(error);
        }
        if let (true, Some(storage)) = (keep, storage()) {
            // Storage may be blocked; then the session lasts as long as the page.
            let _ = storage.set_item(STORAGE_KEY, &token);
        }
        Ok(())
    }

    /// Ends the session here and on the server. Here it ends in any case.
    pub(crate) async fn sign_out(self) {
        let Outgoing { method, url, body } = Outgoing::of(&api::sign_out());
        let token = self.token.get_value();
        self.forget();
        // The server may be out of reach; the token is gone from this device all the same.
        let _ = exchange(method, &url, body, token.as_deref(), None).await;
    }

    /// Sends a request as the person who is here.
    pub(crate) async fn send<T: Decode>(self, request: Request<T>) -> Result<T, ApiError> {
        let response = self.exchange(Outgoing::of(&request), None).await?;
        request.read(&response)
    }

    /// Sends a request that `abort` can cancel, and brings back whatever the server said. Not
    /// generic, so that it stands in the bundle once.
    pub(crate) fn exchange(
        self,
        outgoing: Outgoing,
        abort: Option<AbortSignal>,
    ) -> Pin<Box<dyn Future<Output = Result<Response, ApiError>>>> {
        Box::pin(async move {
            let token = self.token.get_value();
            let Outgoing { method, url, body } = outgoing;
            let answer = exchange(method, &url, body, token.as_deref(), abort.as_ref()).await;
            self.heed(answer.as_ref().ok().map(|it| it.status));
            answer
        })
    }

    /// Sends a request whose content the browser keeps: `upload` takes the place of the body, and
    /// the answer is a blob.
    pub(crate) async fn transfer(
        self,
        outgoing: Outgoing,
        upload: Option<Upload>,
    ) -> Result<fetch::Answer, ApiError> {
        let token = self.token.get_value();
        let Outgoing { method, url, .. } = outgoing;
        let answer = fetch::transfer(method, &url, upload, token.as_deref()).await;
        self.heed(answer.as_ref().ok().map(|it| it.0));
        answer
    }

    /// Notes when the server does not accept the token any more.
    fn heed(self, status: Option<u16>) {
        if status == Some(UNAUTHORIZED) && self.is_viewer_untracked() {
            self.expired.set(true);
        }
    }

    async fn ask_who(self) -> Result<(), ApiError> {
        let me = self.send(api::me()).await?;
        // Where the roles may not be read, the server decides each action by itself.
        let roles = self.send(api::roles()).await.ok().map(|page| page.items);
        let rights = Rights::of(&me, roles.as_deref());
        if self
            .who
            .with_untracked(|who| !matches!(who, Who::Viewer(viewer) if viewer.me.uuid == me.uuid))
        {
            self.who.set(Who::Viewer(Viewer { me, rights }));
        }
        self.expired.set(false);
        Ok(())
    }

    fn is_viewer_untracked(self) -> bool {
        matches!(&*self.who.read_untracked(), Who::Viewer(_))
    }

    fn forget(self) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(STORAGE_KEY);
        }
        self.token.set_value(None);
        self.expired.set(false);
        self.who.set(Who::Guest);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// The session of the page.
pub(crate) fn use_session() -> Session {
    expect_context()
}
