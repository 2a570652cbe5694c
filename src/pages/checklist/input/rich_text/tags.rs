//! Which tags a toolbar can make, and text with them as it is sent.
//!
//! What is written is read again as the same nodes.

use checklist::Toolbar;

use crate::ui::{Inline, Target};

/// Elements nested deeper than this are flattened, by those who read too.
const DEEPEST: usize = 24;

/// The nodes that a toolbar can make: others leave what stands in them.
pub(super) fn tidy(nodes: Vec<Inline>, toolbar: Toolbar) -> Vec<Inline> {
    let mut out = Vec::new();
    tidy_into(&mut out, nodes, toolbar, 0);
    out
}

fn tidy_into(out: &mut Vec<Inline>, nodes: Vec<Inline>, toolbar: Toolbar, depth: usize) {
    for node in nodes {
        match node {
            Inline::Text(text) => push_text(out, text),
            Inline::Link { target, children } => {
                let children = inside(children, toolbar, depth);
                let is_safe = !matches!(target, Target::Refused(_));
                match is_safe && toolbar != Toolbar::Minimal && depth < DEEPEST {
                    true if children.is_empty() => {}
                    true => out.push(Inline::Link { target, children }),
                    false => append(out, children),
                }
            }
            Inline::Element { tag, children } => {
                let children = inside(children, toolbar, depth);
                match kept(toolbar, tag).filter(|_| depth < DEEPEST) {
                    // Browsers put lists into paragraphs, where HTML has no place for them.
                    Some("p") if children.iter().any(is_block) => append(out, children),
                    Some(tag) if tag == "br" || !children.is_empty() => {
                        out.push(Inline::Element { tag, children });
                    }
                    Some(_) => {}
                    None => append(out, children),
                }
            }
        }
    }
}

fn inside(children: Vec<Inline>, toolbar: Toolbar, depth: usize) -> Vec<Inline> {
    let mut out = Vec::new();
    tidy_into(&mut out, children, toolbar, depth + 1);
    out
}

fn is_block(node: &Inline) -> bool {
    const BLOCKS: [&str; 6] = ["p", "ul", "ol", "blockquote", "pre", "h2"];
    matches!(node, Inline::Element { tag, .. } if BLOCKS.contains(tag))
}

fn append(out: &mut Vec<Inline>, nodes: Vec<Inline>) {
    for node in nodes {
        match node {
            Inline::Text(text) => push_text(out, text),
            other => out.push(other),
        }
    }
}

/// Neighbouring texts are one, as they will be when they are read again.
fn push_text(out: &mut Vec<Inline>, text: String) {
    match out.last_mut() {
        _ if text.is_empty() => {}
        Some(Inline::Text(before)) => before.push_str(&text),
        _ => out.push(Inline::Text(text)),
    }
}

/// The tag that stands for one, with this toolbar. `None`: only its content stays.
fn kept(toolbar: Toolbar, tag: &str) -> Option<&'static str> {
    let lists = toolbar != Toolbar::Minimal;
    let blocks = toolbar == Toolbar::Extended;
    match tag {
        "b" | "strong" => Some("strong"),
        "i" | "em" => Some("em"),
        "br" => Some("br"),
        "ul" if lists => Some("ul"),
        "ol" if lists => Some("ol"),
        "li" if lists => Some("li"),
        "blockquote" if blocks => Some("blockquote"),
        "code" if blocks => Some("code"),
        "pre" if blocks => Some("pre"),
        // One size of headings, the next below that of the page.
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if blocks => Some("h2"),
        // What stands on lines of its own stays there.
        "p" | "li" | "blockquote" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some("p"),
        _ => None,
    }
}

/// Nodes as HTML. Empty when there are no words.
pub(super) fn write(nodes: &[Inline]) -> String {
    let mut out = String::new();
    if nodes.iter().any(has_words) {
        write_into(&mut out, nodes);
    }
    out
}

fn has_words(node: &Inline) -> bool {
    match node {
        Inline::Text(text) => text.chars().any(|it| !it.is_whitespace() && it != '\u{200b}'),
        Inline::Element { children, .. } | Inline::Link { children, .. } => {
            children.iter().any(has_words)
        }
    }
}

fn write_into(out: &mut String, nodes: &[Inline]) {
    for node in nodes {
        match node {
            Inline::Text(text) => escape(text, out),
            Inline::Element { tag: "br", .. } => out.push_str("<br>"),
            Inline::Element { tag, children } => {
                out.extend(["<", tag, ">"]);
                write_into(out, children);
                out.extend(["</", tag, ">"]);
            }
            Inline::Link { target, children } => {
                out.push_str("<a href=\"");
                escape(address(target), out);
                out.push_str("\">");
                write_into(out, children);
                out.push_str("</a>");
            }
        }
    }
}

/// Where a link leads.
pub(super) fn address(target: &Target) -> &str {
    match target {
        Target::Web { href, .. } | Target::Mail(href) => href,
        Target::Refused(_) => "",
    }
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ui::parse_html;

    fn written(html: &str, toolbar: Toolbar) -> String {
        write(&tidy(parse_html(html), toolbar))
    }

    #[test]
    fn each_toolbar_makes_its_own_tags() {
        let all = "<h3>T</h3><p><b>b</b> <i>i</i><br><code>c</code></p><ul><li>l</li></ul>\
                   <blockquote>q</blockquote><pre>p</pre><a href=\"https://x.example\">a</a>";
        assert_eq!(
            written(all, Toolbar::Minimal),
            "<p>T</p><p><strong>b</strong> <em>i</em><br>c</p><p>l</p><p>q</p><p>p</p>a"
        );
        assert_eq!(
            written(all, Toolbar::Standard),
            "<p>T</p><p><strong>b</strong> <em>i</em><br>c</p><ul><li>l</li></ul><p>q</p><p>p</p>\
             <a href=\"https://x.example\">a</a>"
        );
        assert_eq!(
            written(all, Toolbar::Extended),
            "<h2>T</h2><p><strong>b</strong> <em>i</em><br><code>c</code></p><ul><li>l</li></ul>\
             <blockquote>q</blockquote><pre>p</pre><a href=\"https://x.example\">a</a>"
        );
    }

    #[test]
    fn blocks_do_not_stand_in_paragraphs() {
        assert_eq!(
            written("<p>a<ul><li>l</li></ul>b</p><p><p>c</p></p>", Toolbar::Standard),
            "a<ul><li>l</li></ul>b<p>c</p>"
        );
    }

    #[test]
    fn nothing_else_gets_through() {
        for toolbar in [Toolbar::Minimal, Toolbar::Standard, Toolbar::Extended] {
            for odd in [
                "<script>x</script>",
                "<p></p>",
                "<p><br></p>",
                "<b> </b>",
                "<img src=x onerror=y>",
                "\u{a0}",
            ] {
                assert_eq!(written(odd, toolbar), "", "{odd}");
            }
            assert_eq!(written("<a href=\"javascript:x\">a</a>", toolbar), "a");
            assert_eq!(written("<span style=\"x\"><u>a</u></span>", toolbar), "a");
            assert_eq!(written("a < b & \"c\"", toolbar), "a &lt; b &amp; &quot;c&quot;");
        }
    }

    /// Trees of what an editor may hold, allowed or not.
    fn trees() -> impl Strategy<Value = Vec<Inline>> {
        let text = prop_oneof![
            Just(String::new()),
            "[a-z <>&\";#x\u{a0}\n]{0,12}",
            Just("&lt;".to_owned()),
            Just("</p>".to_owned()),
        ];
        let leaf = prop_oneof![
            text.prop_map(Inline::Text),
            Just(Inline::Element { tag: "br", children: Vec::new() }),
        ];
        let tags = prop::sample::select(vec![
            "b",
            "strong",
            "i",
            "em",
            "u",
            "span",
            "p",
            "h1",
            "h3",
            "ul",
            "ol",
            "li",
            "blockquote",
            "pre",
            "code",
        ]);
        let addresses = prop::sample::select(vec![
            "https://x.example/?a=1&b=\"2\"",
            "mailto:a@b.ee",
            "javascript:x",
            "/here",
        ]);
        let node = leaf.prop_recursive(6, 60, 4, move |inner| {
            let children = prop::collection::vec(inner, 0..4);
            prop_oneof![
                (tags.clone(), children.clone())
                    .prop_map(|(tag, children)| Inline::Element { tag, children }),
                (addresses.clone(), children)
                    .prop_map(|(to, children)| Inline::Link { target: Target::of(to), children }),
            ]
        });
        prop::collection::vec(node, 0..5)
    }

    fn toolbars() -> impl Strategy<Value = Toolbar> {
        prop::sample::select(vec![Toolbar::Minimal, Toolbar::Standard, Toolbar::Extended])
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same_nodes(nodes in trees(), toolbar in toolbars()) {
            let nodes = tidy(nodes, toolbar);
            let html = write(&nodes);
            if html.is_empty() {
                prop_assert!(!nodes.iter().any(has_words));
            } else {
                prop_assert_eq!(&parse_html(&html), &nodes);
                prop_assert_eq!(write(&tidy(parse_html(&html), toolbar)), html);
            }
        }

        #[test]
        fn any_text_is_written_with_allowed_tags_only(html in ".{0,80}", toolbar in toolbars()) {
            let html = written(&html, toolbar);
            prop_assert_eq!(written(&html, toolbar), html);
        }
    }

    #[test]
    fn very_deep_text_is_read_as_it_was_written() {
        let deep = (0..100).fold(Inline::Text("x".to_owned()), |inner, _| Inline::Element {
            tag: "blockquote",
            children: vec![inner],
        });
        let nodes = tidy(vec![deep], Toolbar::Extended);
        assert_eq!(parse_html(&write(&nodes)), nodes);
    }
}
