//! Where the real Waldur is.

use std::{fmt, net::IpAddr, str::FromStr};

use axum::http::{
    Uri,
    uri::{Authority, PathAndQuery, Scheme},
};

/// The address of a Waldur: `https://waldur.example.org`. Its API begins at `/api/`.
#[derive(Clone, Debug)]
pub struct Address {
    scheme: Scheme,
    authority: Authority,
}

/// Why a text is not the address of a Waldur. None repeats the text: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an absolute URL.
    #[error("The upstream has to be an address such as https://waldur.example.org.")]
    NoUrl,
    /// Neither http nor https.
    #[error("The upstream's address has to begin with https:// or http://.")]
    Scheme,
    /// `name:password@`.
    #[error(
        "The upstream's address must not hold a name or a password: people sign in themselves."
    )]
    Credentials,
    /// `?` or `#`.
    #[error("The upstream's address must not have a query or a fragment.")]
    Query,
    /// More than `/`.
    #[error(
        "The upstream's address must not have a path: Waldur's API is expected at the top of its \
         host, as /api/."
    )]
    Path,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        // A fragment is dropped silently by the parser.
        if text.contains('#') {
            return Err(AddressError::Query);
        }
        let parts = text.parse::<Uri>().map_err(|_| AddressError::NoUrl)?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(AddressError::NoUrl);
        };
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(AddressError::Scheme);
        }
        if authority.as_str().contains('@') {
            return Err(AddressError::Credentials);
        }
        let port = port(&authority, scheme == Scheme::HTTPS);
        if authority.host().is_empty() || port.is_none() {
            return Err(AddressError::NoUrl);
        }
        match parts.path_and_query {
            Some(target) if target.query().is_some() => Err(AddressError::Query),
            Some(target) if target.path() != "/" => Err(AddressError::Path),
            _ => Ok(Self { scheme, authority }),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme, self.authority)
    }
}

impl Address {
    pub(super) fn is_https(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// Whether what is sent there can be read on the way.
    pub fn is_exposed(&self) -> bool {
        let host = self.authority.host();
        let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
        !self.is_https() && host != "localhost" && !ip.is_ok_and(|it| it.is_loopback())
    }

    pub(super) fn uri(&self, target: PathAndQuery) -> Option<Uri> {
        let builder = Uri::builder().scheme(self.scheme.clone());
        builder.authority(self.authority.clone()).path_and_query(target).build().ok()
    }

    /// What follows the host in a URL that points here, by http or https. Nothing for relative
    /// URLs and for those that point elsewhere.
    pub(super) fn rest_of<'a>(&self, url: &'a str) -> Option<&'a str> {
        let (scheme, after) = url.split_once("//")?;
        let is_https = match scheme {
            "" => self.is_https(),
            _ if scheme.eq_ignore_ascii_case("https:") => true,
            _ if scheme.eq_ignore_ascii_case("http:") => false,
            _ => return None,
        };
        let end = after.find(['/', '\\', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let authority = authority.parse::<Authority>().ok()?;
        let is_here = !authority.as_str().contains('@')
            && authority.host().eq_ignore_ascii_case(self.authority.host())
            && port(&authority, is_https).is_some_and(|it| self.is_same_port(it, is_https));
        is_here.then_some(rest)
    }

    /// The same port, or the usual one of either scheme if ours is usual.
    fn is_same_port(&self, port: u16, is_https: bool) -> bool {
        let ours = self.authority.port_u16().unwrap_or(usual_port(self.is_https()));
        port == ours || (ours == usual_port(self.is_https()) && port == usual_port(is_https))
    }
}

/// The port an authority names or leaves out. Nothing if what it names is none.
fn port(authority: &Authority, is_https: bool) -> Option<u16> {
    match authority.as_str().strip_prefix(authority.host())? {
        "" => Some(usual_port(is_https)),
        named => named.strip_prefix(':')?.parse().ok(),
    }
}

fn usual_port(is_https: bool) -> u16 {
    if is_https { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(upstream: &str, url: &str) -> Option<String> {
        let address: Address = upstream.parse().expect("an address");
        address.rest_of(url).map(str::to_owned)
    }

    #[test]
    fn an_address_is_scheme_and_host() {
        for good in ["https://waldur.example.org", "http://127.0.0.1:8000/", "https://[::1]:8443"] {
            let address: Address = good.parse().expect("an address");
            assert_eq!(address.to_string(), good.trim_end_matches('/'));
        }
        for (bad, reason) in [
            ("", AddressError::NoUrl),
            ("waldur.example.org", AddressError::NoUrl),
            ("/api/", AddressError::NoUrl),
            ("https://", AddressError::NoUrl),
            ("https:///api/", AddressError::NoUrl),
            ("https://waldur.example.org:99999", AddressError::NoUrl),
            ("https://wal dur", AddressError::NoUrl),
            ("ftp://waldur.example.org", AddressError::Scheme),
            ("https://me:secret@waldur.example.org", AddressError::Credentials),
            ("https://waldur.example.org?token=1", AddressError::Query),
            ("https://waldur.example.org/#a", AddressError::Query),
            ("https://waldur.example.org/waldur", AddressError::Path),
        ] {
            assert_eq!(bad.parse::<Address>().err(), Some(reason), "{bad}");
        }
    }

    #[test]
    fn its_own_urls_are_recognised() {
        let waldur = "https://waldur.example.org";
        for (url, expected) in [
            ("https://waldur.example.org/api/?page=2", Some("/api/?page=2")),
            ("https://Waldur.Example.ORG:443/api/", Some("/api/")),
            ("http://waldur.example.org/api/", Some("/api/")),
            ("//waldur.example.org/api/", Some("/api/")),
            ("https://waldur.example.org", Some("")),
            ("https://waldur.example.org?a=//b", Some("?a=//b")),
            ("https://waldur.example.org:8443/api/", None),
            ("https://waldur.example.org:99999/api/", None),
            ("https://waldur.example.org.evil.org/api/", None),
            ("https://waldur.example.org@evil.org/api/", None),
            ("https://evil.org/https://waldur.example.org/", None),
            ("/api//waldur.example.org/", None),
            ("ftp://waldur.example.org/", None),
            ("", None),
        ] {
            assert_eq!(rest(waldur, url).as_deref(), expected, "{url}");
        }
        let local = "http://127.0.0.1:8000";
        assert_eq!(rest(local, "https://127.0.0.1:8000/api/").as_deref(), Some("/api/"));
        assert_eq!(rest(local, "http://127.0.0.1/api/"), None);
    }

    #[test]
    fn only_http_to_another_machine_is_exposed() {
        let is_exposed = |text: &str| text.parse::<Address>().expect("an address").is_exposed();
        assert!(is_exposed("http://waldur.example.org"));
        assert!(!is_exposed("https://waldur.example.org"));
        assert!(!is_exposed("http://localhost:8000"));
        assert!(!is_exposed("http://[::1]:8000"));
    }
}
