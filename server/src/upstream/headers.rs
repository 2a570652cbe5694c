//! Which headers pass, and what they become.

use std::net::IpAddr;

use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{self, Entry},
    uri::Authority,
};

use super::Address;

/// Who stands between this server and the browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// Nobody. What a client says about itself in `X-Forwarded-*` is thrown away.
    Direct,
    /// Another proxy, which has to set `X-Forwarded-For`, `-Proto` and `-Host` itself: they are
    /// believed.
    Proxy,
}

/// These speak of one connection and not of what passes through it (RFC 9110, 7.6.1).
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Nothing that comes from there runs in the name of this origin, where the app keeps its token.
/// The pages of `/api-auth/` are Waldur's own and part of signing in, so they stay as they are.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Who asks, and under which address they know this server.
pub(super) struct Visitor {
    addresses: Vec<String>,
    is_https: bool,
    host: Authority,
}

impl Visitor {
    /// Nothing if the request does not say which host it is for.
    pub(super) fn of(headers: &HeaderMap, client: Option<IpAddr>, front: Front) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|it| it.to_str().ok());
        let mut addresses = Vec::new();
        let mut host = text(header::HOST);
        let mut is_https = false;
        if front == Front::Proxy {
            let said = headers.get_all(FORWARDED_FOR).iter().filter_map(|it| it.to_str().ok());
            addresses.extend(said.map(str::to_owned));
            is_https = text(FORWARDED_PROTO).map(first) == Some("https");
            host = text(FORWARDED_HOST).map(first).or(host);
        }
        addresses.extend(client.map(|it| it.to_canonical().to_string()));
        let host = host?.parse::<Authority>().ok().filter(|it| !it.as_str().contains('@'))?;
        Some(Self { addresses, is_https, host })
    }

    fn scheme(&self) -> &'static str {
        if self.is_https { "https" } else { "http" }
    }
}

/// What the outermost of several proxies said.
fn first(list: &str) -> &str {
    list.split(',').next().unwrap_or(list).trim()
}

/// Leaves what the upstream may know, and says who asks.
pub(super) fn toward_upstream(headers: &mut HeaderMap, visitor: &Visitor) {
    remove_hop_by_hop(headers);
    let is_ours_to_say = |name: &str| {
        name.starts_with("x-forwarded-")
            || matches!(name, "forwarded" | "x-real-ip" | "host" | "expect")
            // A WSGI server cannot tell `X_Forwarded_For` from the real one.
            || name.contains('_')
    };
    let ours: Vec<_> = headers.keys().filter(|it| is_ours_to_say(it.as_str())).cloned().collect();
    for name in ours {
        headers.remove(name);
    }
    let mut say = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    if !visitor.addresses.is_empty() {
        say(FORWARDED_FOR, &visitor.addresses.join(", "));
    }
    say(FORWARDED_PROTO, visitor.scheme());
    say(FORWARDED_HOST, visitor.host.as_str());
}

/// Leaves what the client may know, as an answer of this server.
pub(super) fn toward_client(
    headers: &mut HeaderMap,
    address: &Address,
    visitor: &Visitor,
    path: &str,
) {
    remove_hop_by_hop(headers);
    // Promises about the upstream's host, which this one cannot keep.
    headers.remove(header::ALT_SVC);
    headers.remove(header::STRICT_TRANSPORT_SECURITY);
    let here = |url: &str| {
        let rest = address.rest_of(url)?;
        let slash = if rest.starts_with('/') { "" } else { "/" };
        Some(format!("{}://{}{slash}{rest}", visitor.scheme(), visitor.host))
    };
    change(headers, header::LOCATION, |value| here(value.to_str().ok()?));
    change(headers, header::CONTENT_LOCATION, |value| here(value.to_str().ok()?));
    change(headers, header::LINK, |value| Some(with_links(value.to_str().ok()?, here)));
    change(headers, header::SET_COOKIE, without_domain);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if path.starts_with("/api/") || path.starts_with("/media/") {
        let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
        headers.append(header::CONTENT_SECURITY_POLICY, policy);
    }
    if path.starts_with("/api") {
        let no_store = HeaderValue::from_static("no-store");
        headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    }
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in HOP_BY_HOP.iter().chain(&named) {
        headers.remove(name);
    }
}

/// Changes every value of a header for which there is a change.
fn change(
    headers: &mut HeaderMap,
    name: HeaderName,
    changed: impl Fn(&HeaderValue) -> Option<String>,
) {
    let Entry::Occupied(mut entry) = headers.entry(name) else { return };
    for value in entry.iter_mut() {
        if let Some(new) = changed(value).and_then(|it| HeaderValue::from_str(&it).ok()) {
            *value = new;
        }
    }
}

/// A `Link` header with its targets changed: `<target>; rel="next", <target>; …` (RFC 8288).
fn with_links(value: &str, changed: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    let mut is_quoted = false;
    while let Some(at) = rest.find(['"', '\\', '<']) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        rest = match tail.find('>') {
            Some(end) if tail.starts_with('<') && !is_quoted => {
                let target = &tail[1..end];
                out.push('<');
                out.push_str(changed(target).as_deref().unwrap_or(target));
                &tail[end..]
            }
            _ => {
                is_quoted ^= tail.starts_with('"');
                let length = if tail.starts_with('\\') { tail.len().min(2) } else { 1 };
                out.push_str(&tail[..length]);
                &tail[length..]
            }
        };
    }
    out.push_str(rest);
    out
}

/// A cookie that stays with the host that sets it: this one.
fn without_domain(value: &HeaderValue) -> Option<String> {
    let is_domain = |part: &&str| {
        let name = part.split('=').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("domain")
    };
    let parts: Vec<&str> = value.to_str().ok()?.split(';').collect();
    let (cookie, attributes) = parts.split_first()?;
    let kept = attributes.iter().filter(|it| !is_domain(it));
    Some(std::iter::once(cookie).chain(kept).copied().collect::<Vec<_>>().join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_change_only_between_the_brackets() {
        let upper = |target: &str| (target != "/stays").then(|| target.to_uppercase());
        for (value, expected) in [
            ("<a>; rel=\"next\", <b,c>; rel=\"last\"", "<A>; rel=\"next\", <B,C>; rel=\"last\""),
            ("</stays>; rel=prev", "</stays>; rel=prev"),
            ("<a>; title=\"<b> \\\" <c>\", <d>", "<A>; title=\"<b> \\\" <c>\", <D>"),
            ("<never ends", "<never ends"),
            ("", ""),
        ] {
            assert_eq!(with_links(value, upper), expected);
        }
    }

    #[test]
    fn a_cookie_loses_its_domain_only() {
        let cookie = HeaderValue::from_static("domain=1; Path=/; DOMAIN=.example.org; HttpOnly");
        assert_eq!(without_domain(&cookie).as_deref(), Some("domain=1; Path=/; HttpOnly"));
    }
}
