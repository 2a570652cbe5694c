//! Text with a little formatting that came from a server, drawn node by node from an allow-list.
//! Nothing of it ever becomes HTML by itself.

mod html;

use leptos::{html as tags, prelude::*};

use super::live;

pub(crate) use html::{Inline, Target, parse as parse_html};

/// What a link in the prose is, for the person.
#[derive(Clone)]
pub(crate) struct LinkWords {
    /// Says that a link leaves for another site: "opens hpc.example.org".
    pub(crate) leaves_for: Callback<String, String>,
}

/// Text with a little formatting.
#[component]
pub(crate) fn Prose(
    /// The text as the server sent it.
    #[prop(into)]
    html: Signal<String>,
    /// What to say of links.
    words: LinkWords,
) -> impl IntoView {
    view! { <div class="prose">{live(move || draw(parse_html(&html.read()), &words))}</div> }
}

fn draw(nodes: Vec<Inline>, words: &LinkWords) -> AnyView {
    nodes.into_iter().map(|node| draw_one(node, words)).collect_view().into_any()
}

fn draw_one(node: Inline, words: &LinkWords) -> AnyView {
    let (tag, children) = match node {
        Inline::Text(text) => return text.into_any(),
        Inline::Link { target, children } => return link(target, draw(children, words), words),
        Inline::Element { tag, children } => (tag, draw(children, words)),
    };
    match tag {
        "b" | "strong" => tags::strong().child(children).into_any(),
        "i" | "em" => tags::em().child(children).into_any(),
        "blockquote" => tags::blockquote().child(children).into_any(),
        "br" => tags::br().into_any(),
        "code" => tags::code().child(children).into_any(),
        "li" => tags::li().child(children).into_any(),
        "ol" => tags::ol().child(children).into_any(),
        "ul" => tags::ul().child(children).into_any(),
        "pre" => tags::pre().child(children).into_any(),
        "s" => tags::s().child(children).into_any(),
        "sub" => tags::sub().child(children).into_any(),
        "sup" => tags::sup().child(children).into_any(),
        "u" => tags::u().child(children).into_any(),
        // A heading inside a comment must not enter the outline of the page.
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            tags::p().class("prose__heading").child(children).into_any()
        }
        "p" => tags::p().child(children).into_any(),
        _ => tags::span().child(children).into_any(),
    }
}

fn link(target: Target, text: AnyView, words: &LinkWords) -> AnyView {
    match target {
        Target::Web { href, host } => {
            let leaves = words.leaves_for.run(host);
            view! {
                <a href=href target="_blank" rel="noopener noreferrer nofollow">{text}</a>
                " "
                <span class="prose__host">{leaves}</span>
            }
            .into_any()
        }
        Target::Mail(href) => view! { <a href=href>{text}</a> }.into_any(),
        Target::Refused(address) => {
            view! { {text} " " <span class="prose__host">{address}</span> }.into_any()
        }
    }
}
