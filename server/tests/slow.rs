//! Clients that take their time, or more than their share.

#[path = "support/wire.rs"]
mod wire;

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::StatusCode,
    routing::{get, post},
};
use hyper::body::{Body as HttpBody, Frame};
use purser::listen::{Limits, Patience, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::{sleep, timeout},
};

use wire::{LONG, ask, read};

const SHORT: Duration = Duration::from_millis(500);
const QUICK: &str = "GET /quick HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

/// Nobody is hurried, so that a machine with much else to do fails nothing. A test shortens what it is
/// about.
fn limits() -> Limits {
    Limits {
        head: LONG,
        head_size: 8192,
        body: patience(LONG),
        answer: patience(LONG),
        connections: 100,
        linger: LONG,
        goodbye: LONG,
    }
}

fn patience(stall: Duration) -> Patience {
    Patience { stall, rate: 1000 }
}

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

async fn start(app: Router, limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let running = tokio::spawn(serve(listener, app, limits, async move {
        let _ = stopped.await;
    }));
    Server { address, stop, running }
}

fn app() -> Router {
    let take = async |body: Bytes| body.len().to_string();
    Router::new()
        .route("/quick", get(async || "quick"))
        .route("/take", post(take))
        .route("/refuse", post(async || (StatusCode::PAYLOAD_TOO_LARGE, "refused")))
}

async fn connect(server: &Server, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("a request");
    stream
}

async fn quick_is_answered(server: &Server) {
    assert_eq!(ask(server.address, QUICK).await.body, "quick");
}

/// Sends a byte at a time until the other side has had enough.
async fn drip(stream: &mut tokio::net::tcp::WriteHalf<'_>) {
    while stream.write_all(b"x").await.is_ok() {
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn half_a_head_is_waited_for_only_so_long() {
    let server = start(app(), Limits { head: SHORT, ..limits() }).await;
    let mut half = connect(&server, "GET /quick HTTP/1.1\r\nHo").await;
    quick_is_answered(&server).await;
    assert!(read(&mut half).await.is_none());
}

#[tokio::test]
async fn a_head_that_drips_is_not_waited_for_longer() {
    let server = start(app(), Limits { head: SHORT, ..limits() }).await;
    let mut slow = connect(&server, "GET /quick HTTP/1.1\r\nA: ").await;
    let (mut reading, mut writing) = slow.split();
    let mut byte = [0];
    let ended = async {
        tokio::select! {
            () = drip(&mut writing) => {}
            _ = reading.read(&mut byte) => {}
        }
    };
    timeout(LONG, ended).await.expect("an end in time");
    quick_is_answered(&server).await;
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = start(app(), Limits { head: SHORT, ..limits() }).await;
    let mut idle = connect(&server, "GET /quick HTTP/1.1\r\nHost: here\r\n\r\n").await;
    let answer = read(&mut idle).await.expect("an answer, and then the end");
    assert_eq!(answer.body, "quick");
}

#[tokio::test]
async fn the_wait_for_the_next_request_does_not_cut_off_an_answer_on_its_way() {
    // So much that the system keeps a part of it for a client that does not read.
    const SIZE: usize = 16 << 20;
    let large = get(async || "x".repeat(SIZE));
    let limits = Limits { head: SHORT, ..limits() };
    let server = start(app().route("/large", large), limits).await;
    let mut slow = connect(&server, "GET /large HTTP/1.1\r\nHost: here\r\n\r\n").await;
    slow.read_exact(&mut vec![0; SIZE * 7 / 8]).await.expect("most of it");
    // Longer than a client may take for the head of a request.
    sleep(SHORT * 3).await;
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).await.expect("an orderly end");
    // The head of the answer is beside it.
    assert!((SIZE / 8..SIZE / 8 + 1000).contains(&rest.len()), "{}", rest.len());
}

#[tokio::test]
async fn a_wish_for_another_protocol_is_ignored() {
    let server = start(app(), Limits { head: SHORT, ..limits() }).await;
    for connection in ["close", "upgrade"] {
        let request = format!(
            "GET /quick HTTP/1.1\r\nHost: here\r\nUpgrade: h2c\r\nConnection: {connection}\r\n\r\n"
        );
        let answer = ask(server.address, &request).await;
        assert!(answer.is_whole, "{connection}: {answer:?}");
        assert_eq!(answer.body, "quick");
    }
}

#[tokio::test]
async fn a_head_beyond_the_limit_is_refused() {
    let server = start(app(), limits()).await;
    let long = "a".repeat(9000);
    let request = format!("GET /quick HTTP/1.1\r\nHost: here\r\nA: {long}\r\n\r\n");
    assert_eq!(ask(server.address, &request).await.status, 431);
}

#[tokio::test]
async fn a_body_that_stalls_is_told_so() {
    let server = start(app(), Limits { body: patience(SHORT), ..limits() }).await;
    let head = "POST /take HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n";
    let mut stalled = connect(&server, &format!("{head}abc")).await;
    quick_is_answered(&server).await;
    let answer = read(&mut stalled).await.expect("an answer");
    assert_eq!(answer.status, 408);
    assert_eq!(answer.all("connection"), ["close"]);
    let detail = r#"{"detail":"The request took too long to arrive. Try again."}"#;
    assert_eq!(answer.body, detail);
}

#[tokio::test]
async fn a_body_that_drips_is_told_so() {
    let server = start(app(), Limits { body: patience(SHORT), ..limits() }).await;
    let head = "POST /take HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\n";
    let mut slow = connect(&server, head).await;
    let (mut reading, mut writing) = slow.split();
    let mut start = [0; 12];
    let answered = async {
        tokio::select! {
            () = drip(&mut writing) => panic!("closed without a word"),
            read = reading.read_exact(&mut start) => read.expect("an answer"),
        }
    };
    timeout(LONG, answered).await.expect("an answer in time");
    assert_eq!(&start, b"HTTP/1.1 408");
}

#[tokio::test]
async fn a_body_that_is_slow_but_comes_is_taken() {
    /// Together the pauses are longer, and each is by far shorter.
    const STALL: Duration = Duration::from_secs(2);
    let server = start(app(), Limits { body: patience(STALL), ..limits() }).await;
    let head =
        "POST /take HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 8000\r\n\r\n";
    let mut slow = connect(&server, head).await;
    for _ in 0..8 {
        sleep(STALL / 7).await;
        slow.write_all(&[b'x'; 1000]).await.expect("still open");
    }
    assert_eq!(read(&mut slow).await.expect("an answer").body, "8000");
}

#[tokio::test]
async fn whoever_sends_too_much_can_read_why_it_was_refused() {
    let server = start(app(), limits()).await;
    let body = "x".repeat(8 << 20);
    let length = body.len();
    let head = format!("POST /refuse HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n");
    // Many a client reads nothing before it has sent everything.
    let mut stream = connect(&server, &(head + &body)).await;
    let answer = read(&mut stream).await.expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (413, "refused"));
    assert!(answer.is_whole);
}

#[tokio::test]
async fn whoever_never_stops_sending_is_not_listened_to_for_ever() {
    let server = start(app(), Limits { answer: patience(SHORT), linger: SHORT, ..limits() }).await;
    let head = "POST /refuse HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\n";
    let mut stream = connect(&server, head).await;
    let (_, mut writing) = stream.split();
    timeout(LONG, drip(&mut writing)).await.expect("an end in time");
}

/// Says when the server lets go of it.
struct Endless(mpsc::UnboundedSender<()>);

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 65536])))))
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let (dropped, mut is_dropped) = mpsc::unbounded_channel();
    let endless = get(async move || Body::new(Endless(dropped.clone())));
    let limits = Limits { answer: patience(SHORT), ..limits() };
    let server = start(app().route("/endless", endless), limits).await;
    let mut deaf = connect(&server, "GET /endless HTTP/1.1\r\nHost: here\r\n\r\n").await;
    quick_is_answered(&server).await;
    timeout(LONG, is_dropped.recv()).await.expect("given up in time");
    assert!(read(&mut deaf).await.is_none_or(|it| !it.is_whole));
}

/// A body that breaks when its first bytes are on their way.
enum Breaking {
    Whole,
    Sent,
    Broken,
}

impl HttpBody for Breaking {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match *self {
            Self::Whole => {
                *self = Self::Sent;
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"half")))))
            }
            Self::Sent => {
                *self = Self::Broken;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Broken => Poll::Ready(Some(Err(io::Error::other("broken")))),
        }
    }
}

#[tokio::test]
async fn half_an_answer_is_never_taken_for_a_whole_one() {
    let breaking = get(async || Body::new(Breaking::Whole));
    let server = start(app().route("/breaking", breaking), limits()).await;
    // To the older version, an orderly end of the connection is the end of the answer.
    for version in ["1.0", "1.1"] {
        let request = format!("GET /breaking HTTP/{version}\r\nHost: here\r\n\r\n");
        let mut stream = connect(&server, &request).await;
        assert!(read(&mut stream).await.is_none_or(|it| !it.is_whole), "{version}");
    }
}

#[tokio::test]
async fn a_connection_too_many_waits_for_a_place() {
    let limits = Limits { head: SHORT, connections: 3, linger: SHORT, ..limits() };
    let server = start(app(), limits).await;
    let mut halves = Vec::new();
    for _ in 0..7 {
        halves.push(connect(&server, "GET /quick HTTP/1.1\r\n").await);
    }
    quick_is_answered(&server).await;
    for mut half in halves {
        assert!(read(&mut half).await.is_none());
    }
}

#[tokio::test]
async fn no_more_connections_are_served_than_allowed() {
    let (release, held) = oneshot::channel::<()>();
    let held = Arc::new(Mutex::new(Some(held)));
    let hold = get(async move || {
        let held = held.lock().expect("a lock").take().expect("one request");
        let _ = held.await;
        "held"
    });
    let limits = Limits { connections: 1, linger: SHORT, ..limits() };
    let server = start(app().route("/hold", hold), limits).await;
    let mut first =
        connect(&server, "GET /hold HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").await;
    let mut second = connect(&server, QUICK).await;
    assert!(timeout(SHORT, second.peek(&mut [0])).await.is_err(), "it was served");
    release.send(()).expect("somebody waits");
    assert_eq!(read(&mut first).await.expect("an answer").body, "held");
    assert_eq!(read(&mut second).await.expect("an answer").body, "quick");
}

#[tokio::test]
async fn what_is_in_flight_is_finished_when_the_server_stops() {
    let (begun, mut has_begun) = mpsc::unbounded_channel();
    let (release, _) = tokio::sync::broadcast::channel::<()>(1);
    let released = release.clone();
    let hold = get(async move || {
        let mut released = released.subscribe();
        let _ = begun.send(());
        let _ = released.recv().await;
        "held"
    });
    let server = start(app().route("/hold", hold), Limits { linger: SHORT, ..limits() }).await;
    let mut stream = connect(&server, "GET /hold HTTP/1.1\r\nHost: here\r\n\r\n").await;
    has_begun.recv().await.expect("a request");
    let Server { address, stop, running } = server;
    stop.send(()).expect("it runs");
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LONG, refused).await.expect("an end in time");
    release.send(()).expect("somebody waits");
    assert_eq!(read(&mut stream).await.expect("an answer").body, "held");
    timeout(LONG, running).await.expect("an end in time").expect("no panic");
}

#[tokio::test]
async fn what_never_ends_is_cut_off_when_the_server_stops() {
    let (begun, mut has_begun) = mpsc::unbounded_channel();
    let hold = get(async move || {
        let _ = begun.send(());
        std::future::pending::<()>().await;
    });
    let limits = Limits { goodbye: SHORT, ..limits() };
    let server = start(app().route("/hold", hold), limits).await;
    let mut stream = connect(&server, "GET /hold HTTP/1.1\r\nHost: here\r\n\r\n").await;
    has_begun.recv().await.expect("a request");
    server.stop.send(()).expect("it runs");
    timeout(LONG, server.running).await.expect("an end in time").expect("no panic");
    assert!(read(&mut stream).await.is_none());
}
