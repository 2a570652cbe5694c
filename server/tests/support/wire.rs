//! HTTP by hand, to send what no client would.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Longer than anything here takes, so that a failing test ends.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// What came back before the connection ended.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Whether a client would take it for complete.
    pub(crate) is_whole: bool,
}

impl Answer {
    /// Every value of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str()).collect()
    }
}

/// Sends a request, which should ask for `Connection: close`, and reads to the end.
pub(crate) async fn ask(address: SocketAddr, request: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // A server that refuses may stop reading early.
    let _ = timeout(LONG, stream.write_all(request.as_bytes())).await.expect("an end in time");
    read(&mut stream).await.expect("an answer")
}

/// Reads until the other side ends the connection. Nothing if no answer came before that.
pub(crate) async fn read(stream: &mut TcpStream) -> Option<Answer> {
    let mut bytes = Vec::new();
    let end = timeout(LONG, stream.read_to_end(&mut bytes)).await.expect("an end in time");
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let (body, is_whole) = match length {
        Some((_, length)) => (body.to_owned(), length.parse() == Ok(body.len())),
        None if headers.iter().any(|(name, _)| name == "transfer-encoding") => unchunked(body),
        None => (body.to_owned(), true),
    };
    Some(Answer { status, headers, body, is_whole: is_whole && end.is_ok() })
}

fn unchunked(mut chunks: &str) -> (String, bool) {
    let mut body = String::new();
    while let Some((size, rest)) = chunks.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("the size of a chunk");
        if size == 0 {
            return (body, rest == "\r\n");
        }
        let Some(chunk) = rest.get(..size) else { break };
        body.push_str(chunk);
        chunks = rest.get(size + 2..).unwrap_or_default();
    }
    (body, false)
}
