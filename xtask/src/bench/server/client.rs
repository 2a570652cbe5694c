//! HTTP/1.1 over one connection that stays open: as much as the bench needs, and strict about it.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::failure::{Doing, Failure, Result};

/// Longer than any answer takes that is worth waiting for.
const PATIENCE: Duration = Duration::from_secs(300);

/// What is asked for.
pub(super) struct Request {
    pub(super) method: &'static str,
    /// With the query.
    pub(super) path: String,
    /// JSON.
    pub(super) body: Option<String>,
}

impl Request {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), body: None }
    }
}

/// What the server said.
pub(super) struct Answer {
    pub(super) status: u16,
    /// `X-Result-Count`.
    pub(super) total: Option<u64>,
    pub(super) body: String,
}

/// A connection to the server.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
    /// Lines that every request has.
    headers: String,
}

impl Client {
    /// Connects in the name of the token's person, or of nobody.
    pub(super) fn connect(address: SocketAddr, token: Option<&str>) -> Result<Self> {
        let stream = TcpStream::connect(address).doing("connect to the server")?;
        stream.set_nodelay(true).doing("send without delay")?;
        stream.set_read_timeout(Some(PATIENCE)).doing("limit the time to wait")?;
        let mut headers = format!("Host: {address}\r\n");
        if let Some(token) = token {
            headers.push_str(&format!("Authorization: Token {token}\r\n"));
        }
        Ok(Self { stream: BufReader::with_capacity(1 << 16, stream), headers })
    }

    /// Sends a request and reads the whole answer.
    pub(super) fn send(&mut self, request: &Request) -> Result<Answer> {
        let Request { method, path, body } = request;
        let mut message = format!("{method} {path} HTTP/1.1\r\n{}", self.headers);
        if let Some(body) = body {
            message.push_str("Content-Type: application/json\r\n");
            message.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        } else {
            message.push_str("\r\n");
        }
        let stream = self.stream.get_mut();
        stream.write_all(message.as_bytes()).doing(format_args!("ask for {path}"))?;
        read_answer(&mut self.stream, *method == "HEAD")
            .map_err(|failure| Failure::new(format!("{method} {path}: {failure}")))
    }
}

fn read_answer(stream: &mut impl BufRead, is_head: bool) -> Result<Answer> {
    let line = read_line(stream)?;
    let status = line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
    let status = status.ok_or_else(|| Failure::new(format!("no HTTP/1.1 answer: {line}")))?;
    let (mut total, mut length) = (None, None);
    loop {
        let line = read_line(stream)?;
        if line.is_empty() {
            break;
        }
        let malformed = || Failure::new(format!("a header that is none: {line}"));
        let (name, value) = line.split_once(':').ok_or_else(malformed)?;
        let number = || value.trim().parse::<u64>().map_err(|_| malformed());
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(number()?),
            "x-result-count" => total = Some(number()?),
            "transfer-encoding" => {
                return Err(Failure::new("the answer comes in pieces, which this cannot read"));
            }
            _ => {}
        }
    }
    let has_body = !is_head && status != 204;
    let length = if has_body {
        length.ok_or_else(|| Failure::new("the answer does not say how long it is"))?
    } else {
        0
    };
    let mut body = Vec::new();
    let read = stream.take(length).read_to_end(&mut body).doing("read the answer")?;
    if read as u64 != length {
        return Err(Failure::new("the answer ends before its end"));
    }
    let body = String::from_utf8(body).map_err(|_| Failure::new("the answer is no text"))?;
    Ok(Answer { status, total, body })
}

fn read_line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line).doing("read the answer")?;
    let line = line.strip_suffix("\r\n");
    line.map(str::to_owned).ok_or_else(|| Failure::new("the connection was closed"))
}

/// A path with a query, its values encoded.
pub(super) fn address(path: &str, query: &[(&str, String)]) -> String {
    let mut address = path.to_owned();
    for (index, (key, value)) in query.iter().enumerate() {
        address.push(if index == 0 { '?' } else { '&' });
        address.push_str(key);
        address.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
                address.push(byte.into());
            } else {
                // Writing to a text does not fail.
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_it_says() {
        let mut stream = "HTTP/1.1 200 OK\r\nX-Result-Count: 7\r\ncontent-length: 2\r\n\r\n[]\
                          HTTP/1.1 204 No Content\r\n\r\n\
                          HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"
            .as_bytes();
        let first = read_answer(&mut stream, false).expect("an answer");
        assert_eq!((first.status, first.total, first.body.as_str()), (200, Some(7), "[]"));
        assert_eq!(read_answer(&mut stream, false).expect("an answer").status, 204);
        assert_eq!(read_answer(&mut stream, true).expect("an answer").body, "");
        assert!(read_answer(&mut stream, false).is_err());
    }

    #[test]
    fn an_answer_that_breaks_off_or_has_no_length_is_refused() {
        for broken in [
            "HTTP/1.1 200 OK\r\n\r\n[]",
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n[]",
            "HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\n[]",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n[]",
        ] {
            assert!(read_answer(&mut broken.as_bytes(), false).is_err(), "{broken}");
        }
    }

    #[test]
    fn values_are_encoded() {
        let query = [("state", "Pending ö".to_owned()), ("created", "2025+00:00".to_owned())];
        assert_eq!(address("/a/", &query), "/a/?state=Pending%20%C3%B6&created=2025%2B00%3A00");
    }
}
