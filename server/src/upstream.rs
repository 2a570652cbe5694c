//! Purser in front of a real Waldur: the app's files come from this program, the API from there,
//! both under one address, because Waldur's errors carry no CORS headers (`contract.md` 1.5).

mod address;
mod failure;
mod headers;
mod path;

use std::{
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    BoxError, Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, Request},
    http::{Method, StatusCode, Uri, header},
    middleware,
    response::Response,
    routing::get,
};
use http_body_util::Limited;
use hyper::body::{Frame, SizeHint};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use tower::Service;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    assets, healthz,
    listen::{GaveUp, Patience, PatientBody, Stream},
    log,
};
pub use address::{Address, AddressError};
use failure::Failure;
pub use headers::Front;
use headers::Visitor;

/// What the upstream and a request to it may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long opening a connection may take, without TLS.
    pub connect: Duration,
    /// How long the upstream may do nothing before its answer begins: neither take more of the
    /// request nor, when it has all of it, answer.
    pub answer: Duration,
    /// How long it may keep us waiting in the middle: to take more of the request, or for more of
    /// its answer.
    pub patience: Patience,
    /// The most bytes the body of a request may have.
    pub request_size: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(60),
            patience: Patience { stall: Duration::from_secs(60), rate: 1024 },
            request_size: crate::operations::LARGEST_ANSWERS,
        }
    }
}

/// Why there can be no connection to an upstream.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Nobody could be believed.
    #[error(
        "This system has no list of certificates that Purser could find, so no https upstream can \
         be trusted. Install one (Debian: ca-certificates) or name a file in SSL_CERT_FILE."
    )]
    NoCertificates,
    /// A bug of ours.
    #[error("TLS cannot be set up: {0}.")]
    Setup(#[from] rustls::Error),
}

/// The verbs of Waldur's API. Others have a meaning for proxies, which this one does not take part
/// in.
const METHODS: [Method; 7] = [
    Method::DELETE,
    Method::GET,
    Method::HEAD,
    Method::OPTIONS,
    Method::PATCH,
    Method::POST,
    Method::PUT,
];

type Client = legacy::Client<HttpsConnector<Connector>, Outgoing>;

struct Upstream {
    address: Address,
    front: Front,
    limits: Limits,
    client: Client,
}

/// The app's files, and everything of the API from `address`. Only `/api/`, `/api-auth/` and
/// `/media/` are passed on.
pub fn router(address: Address, front: Front, limits: Limits) -> Result<Router, TlsError> {
    let client = client(&address, limits)?;
    let upstream = Arc::new(Upstream { address, front, limits, client });
    let answer = move |request: Request| {
        let upstream = upstream.clone();
        async move {
            if path::is_passed(request.uri().path()) {
                upstream.pass(request).await
            } else {
                assets::serve(request).await
            }
        }
    };
    Ok(Router::new()
        .route("/healthz", get(healthz))
        .fallback(answer)
        .layer(CatchPanicLayer::custom(log::panicked))
        .layer(middleware::from_fn(log::record)))
}

/// Opens connections that give up an upstream that does not read.
#[derive(Clone)]
struct Connector {
    tcp: HttpConnector,
    patience: Patience,
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let opening = self.tcp.call(uri);
        let patience = self.patience;
        Box::pin(async move {
            let opened = opening.await?.into_inner();
            Ok(TokioIo::new(Stream::new(opened, patience, Duration::ZERO)))
        })
    }
}

/// With the certificates of the system, so that those of an institution count too.
fn client(address: &Address, limits: Limits) -> Result<Client, TlsError> {
    let mut roots = RootCertStore::empty();
    if address.is_https() {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(TlsError::NoCertificates);
        }
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(limits.connect));
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(Connector { tcp, patience: limits.patience });
    Ok(legacy::Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(30))
        .build(connector))
}

impl Upstream {
    async fn pass(&self, request: Request) -> Response {
        let accept = request.headers().get(header::ACCEPT).and_then(|it| it.to_str().ok());
        let wants_page = accept.is_some_and(|it| it.contains("text/html"));
        let method = request.method().clone();
        let uri = request.uri().clone();
        match self.exchange(request).await {
            Ok(response) => response,
            Err(failure) => {
                if let Some(reason) = failure.reason() {
                    // Without the query, which may name people and tokens.
                    tracing::warn!(%method, path = uri.path(), reason, "the upstream failed");
                }
                failure.answer(wants_page)
            }
        }
    }

    async fn exchange(&self, request: Request) -> Result<Response, Failure> {
        let client = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
        let (mut parts, body) = request.into_parts();
        if !METHODS.contains(&parts.method) {
            return Err(Failure::Method);
        }
        let target = parts.uri.path_and_query().filter(|it| path::is_plain(it.path()));
        let target = target.ok_or(Failure::Path)?;
        let visitor = Visitor::of(&parts.headers, client, self.front).ok_or(Failure::Host)?;
        let announced = hyper::body::Body::size_hint(&body).lower();
        if usize::try_from(announced).is_ok_and(|size| size > self.limits.request_size) {
            return Err(Failure::TooLarge);
        }
        headers::toward_upstream(&mut parts.headers, &visitor);
        let (moved, progress) = watch::channel(());
        let body = Outgoing { inner: Limited::new(body, self.limits.request_size), moved };
        let mut outgoing = Request::new(body);
        *outgoing.method_mut() = parts.method;
        *outgoing.uri_mut() = self.address.uri(target.clone()).ok_or(Failure::Path)?;
        *outgoing.headers_mut() = parts.headers;
        let answer = tokio::select! {
            answer = self.client.request(outgoing) => answer?,
            () = silence(progress, self.limits.answer) => {
                return Err(Failure::TooSlow("there is no answer".to_owned()));
            }
        };
        let (answered, body) = answer.into_parts();
        if answered.status == StatusCode::SWITCHING_PROTOCOLS {
            return Err(Failure::Garbled("it switches to another protocol unasked".to_owned()));
        }
        let body = PatientBody::new(body, self.limits.patience, GaveUp::default());
        let mut response = Response::new(Body::new(body));
        *response.status_mut() = answered.status;
        *response.headers_mut() = answered.headers;
        let headers = response.headers_mut();
        headers::toward_client(headers, &self.address, &visitor, parts.uri.path());
        Ok(response)
    }
}

/// Ends when a request has not moved for as long as `limit`.
async fn silence(mut progress: watch::Receiver<()>, limit: Duration) {
    while let Ok(moved) = timeout(limit, progress.changed()).await {
        if moved.is_err() {
            // All of it was sent.
            return sleep(limit).await;
        }
    }
}

/// The body of a request, which says when a piece of it is taken.
struct Outgoing {
    inner: Limited<Body>,
    moved: watch::Sender<()>,
}

impl hyper::body::Body for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.moved.send_replace(());
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
