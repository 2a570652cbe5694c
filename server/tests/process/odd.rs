//! Requests that no client sends: they get an answer or a closed door, at once, and never a file
//! from outside.

use std::{fs, time::Duration};

use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

use crate::{
    program::{Client, Program, demo},
    wire::{self, Answer},
};

/// In files beside the program and above it, which nobody may get.
const CANARY: &str = "canary-3f0c9a";

/// A program whose own folder and the one above hold something to steal.
struct Cage {
    program: Program,
    stella: Client,
    _folder: tempfile::TempDir,
}

impl Cage {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        fs::create_dir_all(data.join("files")).expect("a folder");
        for place in [folder.path(), &data, &data.join("files")] {
            fs::write(place.join("canary.txt"), CANARY).expect("a file");
        }
        let mut command = demo(&data);
        command.current_dir(&data);
        let program = Program::start(command);
        let stella = Client::sign_in(program.address, "stella").await;
        Self { program, stella, _folder: folder }
    }

    /// Sends bytes and reads until the end of the connection. There may be no answer.
    async fn ask(&self, request: &[u8]) -> Option<Answer> {
        /// Less than the server waits for the rest of what never comes.
        const SOON: Duration = Duration::from_secs(9);
        let shown = String::from_utf8_lossy(request).into_owned();
        let exchange = async {
            let mut stream = TcpStream::connect(self.program.address).await.expect("a connection");
            // It may close the door before all is said.
            let _ = stream.write_all(request).await;
            wire::read(&mut stream).await
        };
        let answer = timeout(SOON, exchange).await;
        let answer = answer.unwrap_or_else(|_| panic!("no end of {shown:?}"));
        if let Some(answer) = &answer {
            assert!((200..500).contains(&answer.status), "{shown:?}: {answer:?}");
            for stolen in [CANARY, "root:", "SQLite format 3", "[package]"] {
                assert!(!answer.body.contains(stolen), "{shown:?}: {answer:?}");
            }
        }
        answer
    }

    /// It still works, and has nothing to report.
    async fn close(self) {
        let answer = self.ask(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assert_eq!(answer.await.expect("an answer").status, 200);
        assert_eq!(self.program.stop(), "");
    }
}

const TARGETS: &[&str] = &[
    "/../../etc/passwd",
    "/../canary.txt",
    "/canary.txt",
    "/./canary.txt",
    "/files/canary.txt",
    "/../data/canary.txt",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/%2e%2e/canary.txt",
    "/%2E%2E%2Fcanary.txt",
    "/..%2f..%2f..%2fetc/passwd",
    "/..%5c..%5ccanary.txt",
    "/..\\canary.txt",
    "/%252e%252e/canary.txt",
    "/%c0%ae%c0%ae/canary.txt",
    "/%c0%ae%c0%ae%c0%afetc%c0%afpasswd",
    "/%e0%80%ae%e0%80%ae/canary.txt",
    "/%f0%80%80%ae%f0%80%80%ae/canary.txt",
    "/%uff0e%uff0e/canary.txt",
    "/..;/canary.txt",
    "/.../canary.txt",
    "//etc/passwd",
    "///etc/passwd",
    "//canary.txt",
    "/index.html/../canary.txt",
    "/canary.txt%00.html",
    "/%00",
    "/index.html%00",
    "/%",
    "/%2",
    "/%zz",
    "/%ff%fe",
    "/purser.sqlite3",
    "/../purser.sqlite3",
    "/%2e%2e/purser.sqlite3",
    "/assets/..%2fpurser.sqlite3",
    "/../data/purser.sqlite3",
    "/Cargo.toml",
    "/proc/self/environ",
    "http://localhost/../../etc/passwd",
    "http://localhost/canary.txt",
    "http://evil.example.org/canary.txt",
    "https://evil.example.org/../canary.txt",
    "http://localhost",
    "http://",
    "http:///etc/passwd",
    "file:///etc/passwd",
    "ftp://localhost/etc/passwd",
    "localhost:80",
    "etc/passwd",
    "../canary.txt",
    "*",
    "?",
    "#",
    "/#/../canary.txt",
    "/api/../canary.txt",
    "/api/media/..%2f..%2fcanary.txt/",
    "/api/media/..%2fcanary.txt/",
    "/api/media/canary.txt/",
    "/api/media/canary.txt",
    "/api/media/../../canary.txt/",
    "/api/media/%2e%2e/",
    "/api/media/%00/",
    "/api/media/%c0%ae%c0%ae%c0%afcanary.txt/",
    "/api/media//etc/passwd/",
    "/api/media/file:%2f%2f%2fetc%2fpasswd/",
    "/api/marketplace-offering-users/%00/",
    "/api/marketplace-offering-users/%ff%fe/checklist/",
    "/api/marketplace-offering-users/%c0%80/checklist/",
    "/api/marketplace-offering-users/..%2f/",
    "/api/marketplace-offering-users/?page=%00&query=%ff&state=%c0%ae",
    "/api/marketplace-offering-users/?query=%00",
    "/api/users/?full_name=%00%ff",
    "/api/../api/users/me/",
    "//api/users/me/",
    "/API/users/me/",
    "/api/users/me/%20",
    "/api/users/me/\u{e9}",
    "/\u{0}",
    "/\u{7f}",
    "/a\tb",
    "/\u{4f60}",
    "/<script>alert(1)</script>",
];

#[tokio::test]
async fn no_path_leads_outside() {
    let cage = Cage::new().await;
    for target in TARGETS {
        for method in ["GET", "HEAD", "POST", "OPTIONS", "CONNECT", "get", "PROPFIND"] {
            let request = cage.stella.request(method, target, "");
            cage.ask(request.as_bytes()).await;
        }
    }
    // Nor a very long one.
    for target in ["/..".repeat(10_000), format!("/{}", "%2e%2e%2f".repeat(5_000))] {
        cage.ask(cage.stella.request("GET", &target, "").as_bytes()).await;
    }
    cage.close().await;
}

/// Heads, each without the empty line at the end, with the body that follows.
const ODD: &[(&str, &str)] = &[
    // Which of the two says how long the body is?
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4",
        "2\r\n{}\r\n0\r\n\r\n",
    ),
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked",
        "{}",
    ),
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nContent-Length: 2",
        "{}",
    ),
    ("POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity", "{}"),
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: 2",
        "{}",
    ),
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\nContent-Length: 2",
        "{}",
    ),
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked",
        "-1\r\n{}\r\n0\r\n\r\n",
    ),
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked",
        "fffffffffffffffff\r\n{}",
    ),
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked",
        "2;a=\"\u{0}\"\r\n{}\r\n0\r\nX: y\r\n\r\n",
    ),
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3",
        "{}",
    ),
    (
        "POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2",
        "{}",
    ),
    ("POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2", "{}"),
    ("POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nContent-Length: -2", "{}"),
    ("POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nContent-Length: +2", "{}"),
    ("POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2", "{}"),
    ("POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616", "{}"),
    ("POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615", "{}"),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 2", "{}"),
    // Who is asked?
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b", ""),
    ("GET /healthz HTTP/1.1", ""),
    ("GET /healthz HTTP/1.1\r\nHost:", ""),
    ("GET /healthz HTTP/1.1\r\nHost: a b/../\"<>", ""),
    ("GET /api/configuration/ HTTP/1.1\r\nHost: \u{e9}", ""),
    ("GET http://b/healthz HTTP/1.1\r\nHost: a", ""),
    // What is asked?
    ("get /healthz HTTP/1.1\r\nHost: a", ""),
    ("GeT /healthz HTTP/1.1\r\nHost: a", ""),
    (" GET /healthz HTTP/1.1\r\nHost: a", ""),
    ("\r\nGET /healthz HTTP/1.1\r\nHost: a", ""),
    ("G\u{0}T /healthz HTTP/1.1\r\nHost: a", ""),
    ("GET  /healthz  HTTP/1.1\r\nHost: a", ""),
    ("GET /health z HTTP/1.1\r\nHost: a", ""),
    ("GET /healthz HTTP/1.0", ""),
    ("GET /healthz HTTP/0.9", ""),
    ("GET /healthz HTTP/1.2\r\nHost: a", ""),
    ("GET /healthz HTTP/2.0\r\nHost: a", ""),
    ("GET /healthz http/1.1\r\nHost: a", ""),
    ("GET /healthz", ""),
    ("PRI * HTTP/2.0", "SM\r\n\r\n"),
    ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", "\r\n\r\n"),
    // How is it asked?
    ("GET /healthz HTTP/1.1\r\nHost: a\r\n folded: b", ""),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nno colon", ""),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\n: no name", ""),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nX: \u{0}", ""),
    ("GET /healthz HTTP/1.1\nHost: a\nX: y", ""),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__", ""),
    ("POST /api-auth/password/ HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 2", "{}"),
    ("GET /index.html HTTP/1.1\r\nHost: a\r\nRange: bytes=-1,0-18446744073709551615", ""),
    ("GET /api/users/me/ HTTP/1.1\r\nHost: a\r\nAuthorization: Token \u{e9}", ""),
    (
        "GET /api/users/me/ HTTP/1.1\r\nHost: a\r\nAuthorization: Token a\r\nAuthorization: Token b",
        "",
    ),
];

#[tokio::test]
async fn an_odd_request_is_answered_at_once_or_not_at_all() {
    let cage = Cage::new().await;
    for (head, body) in ODD {
        let request = format!("{head}\r\nConnection: close\r\n\r\n{body}");
        if let Some(answer) = cage.ask(request.as_bytes()).await {
            assert!(answer.is_whole, "{head:?}: {answer:?}");
        }
    }
    cage.ask(b"\xff\xfe\xfd\r\n\r\n").await;
    // Lists link to their other pages under the name that they were asked by.
    for host in ["a b/../\"<>", "\u{e9}", "", "a\tb", &"a".repeat(10_000), "a\r\nHost: b"] {
        let list = cage.stella.request("GET", "/api/marketplace-offering-users/", "");
        let list = list.replace("Host: localhost", &format!("Host: {host}"));
        let answer = cage.ask(list.as_bytes()).await.expect("an answer");
        assert_eq!(answer.status, 200, "{host:?}: {answer:?}");
    }
    cage.close().await;
}
