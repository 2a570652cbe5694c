//! How connections are accepted and served: HTTP/1.1 over TCP, where nobody may keep the server
//! waiting for long.

mod patience;
mod stream;

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
    service::TowerToHyperService,
};
use serde_json::json;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};

pub use patience::Patience;
pub(crate) use patience::{GaveUp, PatientBody};
pub(crate) use stream::Stream;

/// What a client may take, of time and of the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a client may take for the head of a request, from the moment the connection is
    /// free for it. So this is also how long an idle connection is kept, which is short: opening
    /// another costs little, and others may be waiting for the place.
    pub head: Duration,
    /// The most bytes the head of a request may have. At least 8,192.
    pub head_size: usize,
    /// How long a client may make the server wait for the body of its request.
    pub body: Patience,
    /// How long a client may leave an answer unread.
    pub answer: Patience,
    /// How many connections are served at once. Further ones are not turned away but wait in the
    /// system's queue: the limits above make room, and a late page is better than none. Each may
    /// need a second file, for the upstream or an upload, and many systems allow 1,024 in all.
    pub connections: usize,
    /// How long a closed connection has to be quiet before it is forgotten, so that a client that
    /// is still sending gets to read why it was refused. At most as long as a stall of the answer.
    pub linger: Duration,
    /// How long a request in flight may take when the server is to stop.
    pub goodbye: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let patience = Patience { stall: Duration::from_secs(30), rate: 1024 };
        Self {
            head: Duration::from_secs(10),
            head_size: 64 << 10,
            body: patience,
            answer: patience,
            connections: 480,
            linger: Duration::from_secs(1),
            goodbye: Duration::from_secs(5),
        }
    }
}

/// Serves `app` to whoever connects, until `stop` comes. Then what is in flight is finished, as far
/// as [`Limits::goodbye`] allows.
///
/// The handlers find the client's address as `ConnectInfo<SocketAddr>`.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let goodbye = GracefulShutdown::new();
    let mut running = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let next = async { (places.clone().acquire_owned().await, accept(&listener).await) };
        let (place, (stream, client)) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        while running.try_join_next().is_some() {}
        // Small answers leave at once. Where this cannot be set they leave later.
        let _ = stream.set_nodelay(true);
        let stream = Stream::new(stream, limits.answer, limits.linger);
        let done = stream.done();
        let served = goodbye.watch(connection(stream, client, app.clone(), limits));
        running.spawn(async move {
            let mut served = Box::pin(served);
            // A client that breaks off or is too slow is nothing to report.
            if is_at_an_end(&served.as_mut().await) {
                done.set();
            }
            drop(served);
            drop(place);
        });
    }
    drop(listener);
    // Whatever is still there after that goes with `running`.
    let _ = timeout(limits.goodbye, goodbye.shutdown()).await;
}

/// The next connection. When the system has no more to give, it may have in a moment.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Whether a connection ended between two requests. The system may still have bytes of the last
/// answer to send, and hyper shuts down neither what was idle for too long nor what once wished for
/// another protocol.
fn is_at_an_end(outcome: &hyper::Result<()>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(error) => error.is_timeout(),
    }
}

fn connection(
    stream: Stream,
    client: SocketAddr,
    app: Router,
    limits: Limits,
) -> impl GracefulConnection<Error = hyper::Error> + Send {
    let service = service_fn(move |request| answer(app.clone(), client, request, limits.body));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(limits.head_size)
        .serve_connection(TokioIo::new(stream), service)
}

async fn answer(
    app: Router,
    client: SocketAddr,
    request: Request<Incoming>,
    patience: Patience,
) -> Result<Response, Infallible> {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(ConnectInfo(client));
    let gave_up = GaveUp::default();
    let body = Body::new(PatientBody::new(body, patience, gave_up.clone()));
    let app = TowerToHyperService::new(app);
    let response = app.call(Request::from_parts(parts, body)).await?;
    // Whatever was made of half a request, this is the reason.
    Ok(if gave_up.is_set() { too_slow() } else { response })
}

fn too_slow() -> Response {
    let detail = "The request took too long to arrive. Try again.";
    let mut response =
        (StatusCode::REQUEST_TIMEOUT, Json(json!({ "detail": detail }))).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
