//! `purser serve`: what passes between a browser and a real Waldur, and what does not.

#[path = "support/wire.rs"]
mod wire;

use std::{
    fs,
    future::pending,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use purser::{
    App, Settings, Store, demo,
    listen::{self, Patience},
    router,
    upstream::{self, Front, Limits},
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use wire::{Answer, LONG, ask, read};

const SHORT: Duration = Duration::from_millis(500);

/// Nobody is hurried, so that a machine with much else to do fails nothing.
fn limits() -> Limits {
    let patience = Patience { stall: LONG, rate: 1 };
    Limits { connect: LONG, answer: LONG, patience, request_size: 1 << 20 }
}

/// For an upstream that is given up.
fn short() -> Limits {
    let patience = Patience { stall: SHORT, rate: 1 };
    Limits { answer: SHORT, patience, ..limits() }
}

async fn listen(app: Router, limits: listen::Limits) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(listen::serve(listener, app, limits, pending()));
    address
}

/// Purser in front of what listens at `upstream`.
async fn front(upstream: SocketAddr) -> SocketAddr {
    front_with(upstream, Front::Direct, limits()).await
}

async fn front_with(upstream: SocketAddr, front: Front, limits: Limits) -> SocketAddr {
    let address = format!("http://{upstream}").parse().expect("an address");
    let app = upstream::router(address, front, limits).expect("no TLS is needed");
    listen(app, listen::Limits::default()).await
}

/// An upstream made by hand.
struct Fake {
    address: SocketAddr,
    /// The head of every request that reached it.
    heads: mpsc::UnboundedReceiver<String>,
}

impl Fake {
    /// Reads the head of a request, and leaves the rest to `then`.
    async fn new<F, T>(then: F) -> Self
    where
        F: Fn(TcpStream) -> T + Send + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, heads) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = stream.read_u8().await else { break };
                    head.push(byte);
                }
                let _ = sender.send(String::from_utf8_lossy(&head).into_owned());
                tokio::spawn(then(stream));
            }
        });
        Self { address, heads }
    }

    /// Says `answer` and hangs up.
    async fn saying(answer: &str) -> Self {
        let answer: Arc<str> = answer.into();
        Self::new(move |mut stream| {
            let answer = answer.clone();
            async move { stream.write_all(answer.as_bytes()).await.expect("a reader") }
        })
        .await
    }

    fn was_asked(&mut self) -> Option<String> {
        self.heads.try_recv().ok()
    }
}

async fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
        .await
}

fn detail(answer: &Answer) -> String {
    assert_eq!(answer.all("content-type"), ["application/json"], "{answer:?}");
    let body: Value = serde_json::from_str(&answer.body).expect("JSON");
    body["detail"].as_str().expect("a sentence").to_owned()
}

const WHOLE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere";

#[tokio::test]
async fn a_desk_behind_it_works_as_if_it_were_in_front() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).expect("a store");
    demo::seed(&store, 40).expect("demo data");
    let desk =
        listen(router(App::new(store, Settings::default())), listen::Limits::default()).await;
    let purser = front(desk).await;
    assert_eq!(get(desk, "/healthz").await.body, r#"{"status":"ok"}"#);

    let answer = get(purser, "/api/users/me/").await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.all("www-authenticate"), ["Token"]);
    assert_eq!(detail(&answer), "Authentication credentials were not provided.");

    let body = r#"{"username": "stella", "password": "demo"}"#;
    let answer = ask(
        purser,
        &format!(
            "POST /api-auth/password/ HTTP/1.1\r\nHost: {purser}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    )
    .await;
    assert_eq!(answer.status, 200);
    let body: Value = serde_json::from_str(&answer.body).expect("JSON");
    let token = body["token"].as_str().expect("a token");

    let head =
        format!("Host: {purser}\r\nConnection: close\r\nAuthorization: Token {token}\r\n\r\n");
    let path = "/api/marketplace-offering-users/?page_size=10&page=2";
    let answer = ask(purser, &format!("GET {path} HTTP/1.1\r\n{head}")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.is_whole);
    assert_eq!(answer.all("x-result-count"), ["40"]);
    let links = answer.all("link").join(", ");
    assert!(
        links.contains(&format!("<http://{purser}/api/marketplace-offering-users/")),
        "{links}"
    );
    assert!(links.contains("rel=\"next\""), "{links}");
    assert!(!links.contains(&desk.to_string()), "{links}");

    let answer = ask(purser, &format!("HEAD {path} HTTP/1.1\r\n{head}")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.all("x-result-count"), ["40"]);
}

#[tokio::test]
async fn the_upstream_hears_what_is_meant_for_it() {
    let mut fake = Fake::saying(WHOLE).await;
    let purser = front(fake.address).await;
    let answer = ask(
        purser,
        &format!(
            "GET /api/users/me/?field=uuid HTTP/1.1\r\nHost: {purser}\r\n\
             Authorization: Token abc\r\nAccept-Language: et\r\n\
             Connection: close, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\n\
             Upgrade: websocket\r\nProxy-Authorization: 1\r\nX-Forwarded-For: 10.0.0.1\r\n\
             X-Forwarded-Proto: https\r\nX_Forwarded_For: 10.0.0.2\r\nX-Real-IP: 10.0.0.3\r\n\
             Forwarded: for=10.0.0.4\r\n\r\n"
        ),
    )
    .await;
    assert_eq!(answer.body, "here");
    let head = fake.was_asked().expect("a request").to_ascii_lowercase();
    let (first, headers) = head.split_once("\r\n").expect("a head");
    assert_eq!(first, "get /api/users/me/?field=uuid http/1.1");
    let mut headers: Vec<_> = headers.lines().filter(|it| !it.is_empty()).collect();
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            "accept-language: et",
            "authorization: token abc",
            &format!("host: {}", fake.address),
            "x-forwarded-for: 127.0.0.1",
            &format!("x-forwarded-host: {purser}"),
            "x-forwarded-proto: http",
        ]
    );
}

#[tokio::test]
async fn a_proxy_in_front_is_believed_when_it_is_said_to_be_there() {
    let answer = "HTTP/1.1 302 Found\r\nLocation: /stays\r\nContent-Length: 0\r\n\r\n";
    let mut fake = Fake::saying(answer).await;
    let purser = front_with(fake.address, Front::Proxy, limits()).await;
    let request = "GET /api/ HTTP/1.1\r\nHost: inside\r\nConnection: close\r\n\
                   X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n\
                   X-Forwarded-Host: purser.example.org\r\n\r\n";
    assert_eq!(ask(purser, request).await.all("location"), ["/stays"]);
    let head = fake.was_asked().expect("a request").to_ascii_lowercase();
    for line in [
        "x-forwarded-for: 192.0.2.7, 127.0.0.1\r\n",
        "x-forwarded-proto: https\r\n",
        "x-forwarded-host: purser.example.org\r\n",
    ] {
        assert!(head.contains(line), "{head}");
    }
}

/// An upstream that knows its own address, which stands for `UPSTREAM` in its answer.
async fn self_aware(answer: &str) -> Fake {
    let answer: Arc<str> = answer.into();
    Fake::new(move |mut stream| {
        let own = stream.local_addr().expect("an address").to_string();
        let answer = answer.replace("UPSTREAM", &own);
        async move { stream.write_all(answer.as_bytes()).await.expect("a reader") }
    })
    .await
}

const SELF_CENTRED: &str = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\
    Location: https://UPSTREAM/api/a/?b=1\r\n\
    Link: <http://UPSTREAM/api/?page=2>; rel=\"next\", <https://other.org/>; rel=\"help\"\r\n\
    Link: <http://UPSTREAM/api/>; rel=\"first\"\r\n\
    Set-Cookie: a=1; Domain=127.0.0.1; Path=/\r\nSet-Cookie: b=2; HttpOnly\r\n\
    Strict-Transport-Security: max-age=1\r\nAlt-Svc: h3=\":443\"\r\n\
    Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n\
    X-Result-Count: 7\r\n\r\n";

#[tokio::test]
async fn the_answer_speaks_of_this_server() {
    let fake = self_aware(SELF_CENTRED).await;
    let purser = front(fake.address).await;
    let answer = get(purser, "/api/").await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.all("location"), [format!("http://{purser}/api/a/?b=1")]);
    let next = format!("<http://{purser}/api/?page=2>; rel=\"next\"");
    assert_eq!(
        answer.all("link"),
        [
            format!("{next}, <https://other.org/>; rel=\"help\""),
            format!("<http://{purser}/api/>; rel=\"first\""),
        ]
    );
    assert_eq!(answer.all("set-cookie"), ["a=1; Path=/", "b=2; HttpOnly"]);
    assert_eq!(answer.all("x-result-count"), ["7"]);
    assert_eq!(answer.all("connection"), ["close"]);
    for gone in ["strict-transport-security", "alt-svc", "x-hop", "keep-alive"] {
        assert!(answer.all(gone).is_empty(), "{gone}");
    }
    assert_eq!(answer.all("x-content-type-options"), ["nosniff"]);
    assert_eq!(answer.all("cache-control"), ["no-store"]);
    assert!(answer.all("content-security-policy")[0].contains("sandbox"));
}

#[tokio::test]
async fn behind_a_proxy_the_answer_speaks_of_the_proxy() {
    let fake = self_aware(SELF_CENTRED).await;
    let purser = front_with(fake.address, Front::Proxy, limits()).await;
    let request = "GET /api/ HTTP/1.1\r\nHost: inside\r\nConnection: close\r\n\
                   X-Forwarded-Proto: https\r\nX-Forwarded-Host: purser.example.org\r\n\r\n";
    let answer = ask(purser, request).await;
    assert_eq!(answer.all("location"), ["https://purser.example.org/api/a/?b=1"]);
}

#[tokio::test]
async fn only_the_api_is_passed_on() {
    let mut fake = Fake::saying(WHOLE).await;
    let purser = front(fake.address).await;
    for path in ["/", "/api", "/apix/", "/media", "/static/a.css", "/%61pi/", "/x/../api/"] {
        get(purser, path).await;
        assert_eq!(fake.was_asked(), None, "{path}");
    }
    assert_eq!(detail(&get(purser, "/api").await), "Not found.");
    let healthz = get(purser, "/healthz").await;
    assert_eq!((healthz.status, healthz.body.as_str()), (200, r#"{"status":"ok"}"#));
    assert_eq!(fake.was_asked(), None);
    for path in ["/api/", "/api-auth/password/", "/media/a%20b.pdf?c=%2e%2e/"] {
        assert_eq!(get(purser, path).await.body, "here");
        assert!(fake.was_asked().expect("a request").starts_with(&format!("GET {path} ")));
    }
    // A whole address in the first line does not choose another host.
    assert_eq!(get(purser, "http://127.0.0.1:1/api/a/").await.body, "here");
    assert!(fake.was_asked().expect("a request").starts_with("GET /api/a/ "));
}

#[tokio::test]
async fn what_might_leave_the_api_is_refused() {
    let mut fake = Fake::saying(WHOLE).await;
    let purser = front(fake.address).await;
    for path in [
        "/api/../admin/",
        "/api/%2e%2e/admin/",
        "/api/.%2E/admin/",
        "/media/%252e%252e/admin/",
        "/api-auth/..%2fadmin/",
        "/api/..%5cadmin",
        "/api/..;/admin",
        "/api/%00",
    ] {
        let answer = get(purser, path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(detail(&answer), "This path is not passed on to Waldur.");
    }
    let answer = ask(
        purser,
        &format!("TRACE /api/ HTTP/1.1\r\nHost: {purser}\r\nConnection: close\r\n\r\n"),
    )
    .await;
    assert_eq!(answer.status, 405);
    let answer = ask(purser, "GET /api/ HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n").await;
    assert_eq!(answer.status, 400);
    assert_eq!(fake.was_asked(), None);
}

/// An upstream that says nothing, and tells when the connection is ended.
async fn silent() -> (Fake, mpsc::UnboundedReceiver<()>) {
    let (sender, ended) = mpsc::unbounded_channel();
    let fake = Fake::new(move |mut stream| {
        let sender = sender.clone();
        async move {
            let _ = stream.read_to_end(&mut Vec::new()).await;
            sender.send(()).expect("somebody waits");
        }
    });
    (fake.await, ended)
}

#[tokio::test]
async fn a_client_that_leaves_is_not_worked_for() {
    let (mut fake, mut ended) = silent().await;
    let limits = Limits { answer: LONG * 9, ..limits() };
    let purser = front_with(fake.address, Front::Direct, limits).await;
    let mut stream = TcpStream::connect(purser).await.expect("a connection");
    let request = format!("GET /api/ HTTP/1.1\r\nHost: {purser}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a request");
    fake.heads.recv().await.expect("a request");
    drop(stream);
    timeout(LONG, ended.recv()).await.expect("an end in time");
}

#[tokio::test]
async fn an_upstream_that_hangs_is_given_up() {
    let (fake, mut ended) = silent().await;
    let purser = front_with(fake.address, Front::Direct, short()).await;
    let answer = get(purser, "/api/").await;
    assert_eq!(answer.status, 504);
    assert!(detail(&answer).starts_with("Waldur does not answer."));
    timeout(LONG, ended.recv()).await.expect("an end in time");

    let answer = ask(
        purser,
        &format!(
            "GET /media/a.pdf HTTP/1.1\r\nHost: {purser}\r\nConnection: close\r\n\
             Accept: text/html,application/xhtml+xml\r\n\r\n"
        ),
    )
    .await;
    assert_eq!(answer.status, 504);
    assert_eq!(answer.all("content-type"), ["text/html; charset=utf-8"]);
    assert!(answer.all("content-security-policy")[0].starts_with("default-src 'none'"));
    assert!(answer.body.contains("<p>Waldur does not answer."), "{}", answer.body);
    assert!(!answer.body.contains("<script"));
}

#[tokio::test]
async fn an_upstream_that_does_not_listen_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let nobody = listener.local_addr().expect("an address");
    drop(listener);
    let answer = get(front(nobody).await, "/api/").await;
    assert_eq!(answer.status, 502);
    assert_eq!(detail(&answer), "Waldur cannot be reached. Try again in a few minutes.");
}

#[tokio::test]
async fn nonsense_is_not_passed_on() {
    for nonsense in [
        "",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: four\r\n\r\nhere",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n",
    ] {
        let fake = Fake::saying(nonsense).await;
        let answer = get(front(fake.address).await, "/api/").await;
        assert_eq!(answer.status, 502, "{nonsense}");
        let said = detail(&answer);
        assert_eq!(said, "Waldur's answer makes no sense. Try again in a few minutes.");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_off_stays_cut_off() {
    for half in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ] {
        let cut_off = Fake::saying(half).await;
        let stalling = Fake::new(async move |mut stream: TcpStream| {
            stream.write_all(half.as_bytes()).await.expect("a reader");
            pending::<()>().await;
        })
        .await;
        for fake in [cut_off, stalling] {
            let purser = front_with(fake.address, Front::Direct, short()).await;
            let request = format!("GET /api/ HTTP/1.1\r\nHost: {purser}\r\n\r\n");
            let mut stream = TcpStream::connect(purser).await.expect("a connection");
            stream.write_all(request.as_bytes()).await.expect("a request");
            assert!(read(&mut stream).await.is_none_or(|it| !it.is_whole), "{half}");
        }
    }
}

#[tokio::test]
async fn an_answer_streams() {
    let seen = Arc::new(Notify::new());
    let go_on = seen.clone();
    let fake = Fake::new(move |mut stream| {
        let go_on = go_on.clone();
        async move {
            let begin = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst";
            stream.write_all(begin.as_bytes()).await.expect("a reader");
            go_on.notified().await;
            stream.write_all(b" last").await.expect("a reader");
        }
    })
    .await;
    let purser = front(fake.address).await;
    let mut stream = TcpStream::connect(purser).await.expect("a connection");
    let request = format!("GET /api/ HTTP/1.1\r\nHost: {purser}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut begin = String::new();
    while !begin.ends_with("first") {
        let byte = timeout(LONG, stream.read_u8()).await.expect("the beginning in time");
        begin.push(char::from(byte.expect("a byte")));
    }
    seen.notify_one();
    let mut end = String::new();
    timeout(LONG, stream.read_to_string(&mut end)).await.expect("in time").expect("the end");
    assert_eq!(end, " last");
}

#[tokio::test]
async fn a_request_streams() {
    let (sender, mut arrived) = mpsc::unbounded_channel();
    let fake = Fake::new(move |mut stream| {
        let sender = sender.clone();
        async move {
            let mut first = [0; 5];
            stream.read_exact(&mut first).await.expect("the beginning");
            sender.send(first).expect("somebody waits");
            stream.read_exact(&mut [0; 5]).await.expect("the end");
            stream.write_all(WHOLE.as_bytes()).await.expect("a reader");
        }
    })
    .await;
    let purser = front(fake.address).await;
    let mut stream = TcpStream::connect(purser).await.expect("a connection");
    let head = format!("POST /api/ HTTP/1.1\r\nHost: {purser}\r\nConnection: close\r\n");
    let request = format!("{head}Content-Length: 10\r\n\r\nfirst");
    stream.write_all(request.as_bytes()).await.expect("a request");
    let first = timeout(LONG, arrived.recv()).await.expect("the beginning in time");
    assert_eq!(first.as_ref(), Some(b"first"));
    stream.write_all(b" last").await.expect("the end");
    assert_eq!(read(&mut stream).await.expect("an answer").body, "here");
}

#[tokio::test]
async fn a_request_beyond_the_limit_is_refused() {
    let mut fake = Fake::new(async |mut stream: TcpStream| {
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    let purser = front(fake.address).await;
    let size = (1 << 20) + 1;
    let head = format!("POST /api/ HTTP/1.1\r\nHost: {purser}\r\nConnection: close\r\n");
    let body = "x".repeat(size);
    let answer = ask(purser, &format!("{head}Content-Length: {size}\r\n\r\n{body}")).await;
    assert_eq!(answer.status, 413);
    assert_eq!(detail(&answer), "The request is too large.");
    assert_eq!(fake.was_asked(), None);

    // Not announced, so it is seen only on the way.
    let chunked =
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n0\r\n\r\n");
    let answer = ask(purser, &chunked).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_request_that_stalls_is_given_up() {
    let fake = Fake::new(async |stream| {
        pending::<()>().await;
        drop(stream);
    })
    .await;
    let address = format!("http://{}", fake.address).parse().expect("an address");
    let app = upstream::router(address, Front::Direct, limits());
    let patience = Patience { stall: SHORT, rate: 1 };
    let limits = listen::Limits { body: patience, ..listen::Limits::default() };
    let purser = listen(app.expect("no TLS is needed"), limits).await;
    let request =
        format!("POST /api/ HTTP/1.1\r\nHost: {purser}\r\nContent-Length: 10\r\n\r\nhalf");
    let answer = ask(purser, &request).await;
    assert_eq!(answer.status, 408);
    assert!(detail(&answer).starts_with("The request took too long"));
}

#[tokio::test]
async fn an_upstream_that_stops_taking_a_request_is_given_up() {
    let fake = Fake::new(async |stream| {
        pending::<()>().await;
        drop(stream);
    })
    .await;
    let limits = Limits { request_size: 64 << 20, ..short() };
    let purser = front_with(fake.address, Front::Direct, limits).await;
    let size = 32 << 20;
    let head = format!("POST /api/ HTTP/1.1\r\nHost: {purser}\r\nContent-Length: {size}\r\n\r\n");
    let answer = ask(purser, &(head + &"x".repeat(size))).await;
    assert_eq!(answer.status, 504);
}

/// The program itself, stopped at the end of a test.
struct Program {
    running: Child,
    address: SocketAddr,
}

impl Program {
    fn serving(upstream: &str, certificates: &std::path::Path) -> Self {
        let mut running = Command::new(env!("CARGO_BIN_EXE_purser"))
            .args(["serve", "--listen", "127.0.0.1:0", "--upstream", upstream])
            .env("SSL_CERT_FILE", certificates)
            .env_remove("SSL_CERT_DIR")
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut said = String::new();
        let output = running.stdout.as_mut().expect("a pipe");
        BufReader::new(output).read_line(&mut said).expect("text");
        let address = said.trim().strip_prefix("Purser runs on http://").expect("an address");
        let address = address.parse().expect("an address");
        Self { running, address }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

#[tokio::test]
async fn an_https_upstream_is_believed_only_with_a_known_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = || vec!["localhost".to_owned()];
    let ours = rcgen::generate_simple_self_signed(names()).expect("a certificate");
    let other = rcgen::generate_simple_self_signed(names()).expect("a certificate");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(ours.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![ours.cert.der().clone()], key)
        .expect("a configuration");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let upstream = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            // Whoever does not know the certificate breaks off.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(WHOLE.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    for (certificate, status) in [(ours.cert.pem(), 200), (other.cert.pem(), 502)] {
        let file = folder.path().join("certificates.pem");
        fs::write(&file, certificate).expect("a file");
        let upstream = format!("https://localhost:{}", upstream.port());
        let program = Program::serving(&upstream, &file);
        assert_eq!(get(program.address, "/api/").await.status, status);
    }
}
