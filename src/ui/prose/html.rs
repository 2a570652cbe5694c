//! Reads the limited HTML of comments into a tree of allowed nodes (`contract.md` 2.4 lists them).
//!
//! Total: any text gives a tree. What is not on the list is not there: unknown tags vanish and
//! leave their text, `script` and its like vanish with it, attributes other than a link's address
//! are dropped.

/// One node of allowed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inline {
    /// Plain text, entities resolved.
    Text(String),
    /// An allowed element, by its name in lower case.
    Element {
        /// One of [`ALLOWED`].
        tag: &'static str,
        /// What stands inside.
        children: Vec<Inline>,
    },
    /// A link.
    Link {
        /// Where it leads.
        target: Target,
        /// What stands inside.
        children: Vec<Inline>,
    },
}

/// Where a link leads, judged by its scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `http` or `https`.
    Web {
        /// The address.
        href: String,
        /// The host, to be named before leaving.
        host: String,
    },
    /// `mailto`.
    Mail(String),
    /// Anything else: shown as text, never followed.
    Refused(String),
}

impl Target {
    /// Judges an address.
    pub(crate) fn of(address: &str) -> Self {
        // Browsers ignore these anywhere in an address, so `java\nscript:` must not pass as new.
        let address: String = address.trim().chars().filter(|it| !it.is_ascii_control()).collect();
        let lower = address.to_ascii_lowercase();
        if lower.starts_with("mailto:") {
            return Self::Mail(address);
        }
        let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
        let host = rest.map(|rest| {
            let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
            let host = authority.rsplit('@').next().unwrap_or_default();
            host.to_owned()
        });
        match host {
            Some(host) if !host.is_empty() => Self::Web { href: address, host },
            _ => Self::Refused(address),
        }
    }
}

/// The elements that a comment may hold besides links.
const ALLOWED: [&str; 24] = [
    "b",
    "blockquote",
    "br",
    "code",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
    "a",
];

/// Elements whose content is no text for a reader either.
const SWALLOWED: [&str; 7] =
    ["script", "style", "template", "iframe", "object", "textarea", "title"];

/// Elements nested deeper than this are flattened.
const DEEPEST: usize = 32;

/// Reads limited HTML.
pub(crate) fn parse(html: &str) -> Vec<Inline> {
    let mut open: Vec<Open> = vec![Open { tag: "", target: None, children: Vec::new() }];
    let mut rest = html;
    while !rest.is_empty() {
        let Some(start) = rest.find('<') else {
            push_text(&mut open, rest);
            break;
        };
        push_text(&mut open, &rest[..start]);
        rest = &rest[start..];
        let Some(tag) = Tag::read(rest) else {
            push_text(&mut open, "<");
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.length..];
        if SWALLOWED.contains(&tag.name.as_str()) {
            if !tag.closes {
                rest = after_closing(rest, &tag.name);
            }
            continue;
        }
        let Some(name) = ALLOWED.into_iter().find(|it| *it == tag.name) else { continue };
        if tag.closes {
            close(&mut open, name);
        } else if name == "br" {
            push(&mut open, Inline::Element { tag: name, children: Vec::new() });
        } else if open.len() <= DEEPEST {
            let target = (name == "a").then(|| Target::of(&tag.href));
            open.push(Open { tag: name, target, children: Vec::new() });
        }
    }
    while open.len() > 1 {
        close_last(&mut open);
    }
    open.pop().map(|root| root.children).unwrap_or_default()
}

/// An element whose end has not been seen yet.
struct Open {
    tag: &'static str,
    target: Option<Target>,
    children: Vec<Inline>,
}

fn push(open: &mut [Open], node: Inline) {
    if let Some(last) = open.last_mut() {
        last.children.push(node);
    }
}

fn push_text(open: &mut [Open], raw: &str) {
    if !raw.is_empty() {
        push(open, Inline::Text(unescape(raw)));
    }
}

fn close(open: &mut Vec<Open>, tag: &str) {
    if open.iter().skip(1).any(|it| it.tag == tag) {
        while close_last(open) != tag {}
    }
}

/// Closes the innermost element and returns its name.
fn close_last(open: &mut Vec<Open>) -> &'static str {
    let Some(Open { tag, target, children }) = open.pop() else { return "" };
    push(
        open,
        match target {
            Some(target) => Inline::Link { target, children },
            None => Inline::Element { tag, children },
        },
    );
    tag
}

fn after_closing<'a>(rest: &'a str, name: &str) -> &'a str {
    let closing = format!("</{name}");
    let lower = rest.to_ascii_lowercase();
    match lower.find(&closing) {
        Some(at) => rest[at..].find('>').map_or("", |end| &rest[at + end + 1..]),
        None => "",
    }
}

/// A tag as written.
struct Tag {
    name: String,
    closes: bool,
    href: String,
    /// Bytes of the whole tag.
    length: usize,
}

impl Tag {
    /// Reads the tag or comment at the start of `text`; `None` where `<` is only a character.
    fn read(text: &str) -> Option<Self> {
        if text.starts_with("<!--") {
            let length = text.find("-->").map_or(text.len(), |at| at + 3);
            return Some(Self { name: String::new(), closes: false, href: String::new(), length });
        }
        let closes = text.starts_with("</");
        let name_at = if closes { 2 } else { 1 };
        let name: String = text[name_at..]
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .map(|it| it.to_ascii_lowercase())
            .collect();
        if !name.starts_with(|it: char| it.is_ascii_alphabetic()) && !text.starts_with("<!") {
            return None;
        }
        let attributes_at = name_at + name.len();
        let length = end_of_tag(&text[attributes_at..])? + attributes_at;
        let href = attribute(&text[attributes_at..length - 1], "href").unwrap_or_default();
        Some(Self { name, closes, href, length })
    }
}

/// Bytes up to and with the `>` that ends the tag, quotes respected.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, it) in text.char_indices() {
        match quote {
            Some(open) if it == open => quote = None,
            Some(_) => {}
            None if it == '"' || it == '\'' => quote = Some(it),
            None if it == '>' => return Some(at + 1),
            None => {}
        }
    }
    None
}

/// The value of an attribute in the text between a tag's name and its `>`.
fn attribute(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text.trim_start_matches(|it: char| it.is_whitespace() || it == '/');
    while !rest.is_empty() {
        let name_end = rest
            .find(|it: char| it.is_whitespace() || it == '=' || it == '/')
            .unwrap_or(rest.len());
        let name = &rest[..name_end];
        rest = rest[name_end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|it| matches!(it, '"' | '\''));
            (value, rest) = match quote {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
        }
        if name.eq_ignore_ascii_case(wanted) {
            return Some(unescape(value));
        }
        rest = rest.trim_start_matches(|it: char| it.is_whitespace() || it == '/' || it == '=');
    }
    None
}

/// Resolves the entities that an HTML cleaner writes. Others stay as they are.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.as_bytes().iter().take(12).position(|it| *it == b';');
        match end.and_then(|end| entity(&rest[1..end]).map(|it| (it, end))) {
            Some((character, end)) => {
                out.push(character);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn element(tag: &'static str, children: Vec<Inline>) -> Inline {
        Inline::Element { tag, children }
    }

    #[test]
    fn allowed_elements_nest() {
        assert_eq!(
            parse("<p>Please <b>link</b> it &amp; wait</p>"),
            [element(
                "p",
                vec![text("Please "), element("b", vec![text("link")]), text(" it & wait")]
            )]
        );
    }

    #[test]
    fn scripts_vanish_with_their_text() {
        assert_eq!(parse("a<script>alert(1)</script>b"), [text("a"), text("b")]);
        assert_eq!(parse("<SCRIPT>alert(1)"), []);
    }

    #[test]
    fn unknown_elements_leave_their_text_and_attributes_go() {
        assert_eq!(parse("<img src=x onerror=alert(1)><marquee>hi</marquee>"), [text("hi")]);
        assert_eq!(parse("<b onclick=alert(1)>x</b>"), [element("b", vec![text("x")])]);
    }

    #[test]
    fn only_web_and_mail_addresses_are_links() {
        #[track_caller]
        fn check(html: &str, expected: Target) {
            match parse(html).as_slice() {
                [Inline::Link { target, .. }] => assert_eq!(*target, expected),
                other => panic!("not one link: {other:?}"),
            }
        }
        let web =
            |href: &str, host: &str| Target::Web { href: href.to_owned(), host: host.to_owned() };
        check("<a href='https://a.example/x?y'>x</a>", web("https://a.example/x?y", "a.example"));
        check(
            "<a href=https://b.example@a.example/>x</a>",
            web("https://b.example@a.example/", "a.example"),
        );
        check(
            "<a href=\"mailto:a@b.example\">x</a>",
            Target::Mail("mailto:a@b.example".to_owned()),
        );
        check(
            "<a href='java&#10;script:alert(1)'>x</a>",
            Target::Refused("javascript:alert(1)".to_owned()),
        );
        check("<a href='/local'>x</a>", Target::Refused("/local".to_owned()));
        check("<a>x</a>", Target::Refused(String::new()));
    }

    #[test]
    fn broken_markup_is_text_or_closed_at_the_end() {
        assert_eq!(parse("1 < 2"), [text("1 "), text("<"), text(" 2")]);
        assert_eq!(parse("<b>x"), [element("b", vec![text("x")])]);
        assert_eq!(parse("</b>x"), [text("x")]);
        assert_eq!(parse("<!-- hidden -->x"), [text("x")]);
    }

    proptest! {
        #[test]
        fn any_text_gives_a_tree(html in ".*") {
            parse(&html);
        }

        #[test]
        fn any_markup_gives_a_tree(parts in proptest::collection::vec(
            prop_oneof![Just("<"), Just(">"), Just("</"), Just("a"), Just(" href="), Just("'"), Just("\""),
                Just("&"), Just("#x"), Just(";"), Just("script"), Just("b"), Just("é"), Just("<!--")], 0..40)) {
            parse(&parts.concat());
        }
    }
}
