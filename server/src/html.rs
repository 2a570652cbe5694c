//! The HTML of comments and terms.

use std::collections::{HashMap, HashSet};

/// Leaves of a provider's comment what Waldur keeps (`contract.md` 2.4).
pub(crate) fn clean(html: &str) -> String {
    const TAGS: [&str; 24] = [
        "a",
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
    ];
    let attributes = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    ammonia::Builder::default()
        .tags(TAGS.into_iter().collect())
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([
            ("a", attributes(&["href"])),
            ("p", attributes(&["style"])),
            ("span", attributes(&["style"])),
        ]))
        .link_rel(None)
        .clean(html)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn keeps_formatting_and_drops_the_rest() {
        let given = "<p style=\"color:red\" onclick=\"x()\">Hi <script>x()</script>\
                     <a href=\"https://a.example\" target=\"_blank\">a</a></p><img src=x>";
        let kept = "<p style=\"color:red\">Hi <a href=\"https://a.example\">a</a></p>";
        assert_eq!(clean(given), kept);
    }

    #[test]
    fn scripts_do_not_hide_in_links() {
        assert_eq!(clean("<a href=\"javascript:x()\">a</a>"), "<a>a</a>");
    }
}
