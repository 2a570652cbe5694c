//! Building blocks as text: what a screen reader gets, without a browser.

use leptos::prelude::*;

use crate::ui::{
    Button, Emphasis, Field, LinkWords, Pager, PagerWords, Problem, Prose, Tag, TagTone, Tone,
};

fn html<V: IntoView + 'static>(draw: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    let html = owner.with(|| draw().into_view().to_html());
    // Marks between neighbouring texts, for a browser that would take the page over.
    html.replace("<!>", "").replace("<!---->", "").replace("<!--()-->", "")
}

fn has(html: &str, part: &str) {
    assert!(html.contains(part), "no {part} in {html}");
}

#[test]
fn a_field_names_its_hint_and_its_error() {
    let html = html(|| {
        view! {
            <Field
                id="link"
                label=Signal::stored("Link".to_owned())
                hint=Signal::stored(Some("Where to go".to_owned()))
                error=Signal::stored(Some("No address".to_owned()))
                let:described
            >
                <input
                    id=described.id.get_value()
                    aria-describedby=described.by
                    aria-invalid=described.invalid
                />
            </Field>
        }
    });
    has(&html, "<label for=\"link\"");
    has(&html, "aria-describedby=\"link-hint link-error\"");
    has(&html, "aria-invalid=\"true\"");
    has(&html, "id=\"link-hint\"");
    has(&html, "id=\"link-error\"");
}

#[test]
fn a_button_is_no_submit_by_accident() {
    let plain = html(|| view! { <Button emphasis=Emphasis::Quiet on_press=|()| {}>"Go"</Button> });
    has(&plain, "type=\"button\"");
    let submit = html(|| view! { <Button emphasis=Emphasis::Primary submit=true>"Go"</Button> });
    has(&submit, "type=\"submit\"");
}

#[test]
fn a_problem_is_announced_and_a_success_is_not_an_alarm() {
    has(&html(|| view! { <Problem title=Signal::stored("No".to_owned())/> }), "role=\"alert\"");
    let good =
        html(|| view! { <Problem tone=Tone::Success title=Signal::stored("Yes".to_owned())/> });
    assert!(!good.contains("role=\"alert\""), "{good}");
}

#[test]
fn a_tag_says_its_meaning_in_words() {
    let tag = html(|| {
        view! { <Tag tone=Signal::stored(TagTone::Bad) label=Signal::stored("Error".to_owned())/> }
    });
    has(&tag, ">Error<");
}

#[test]
fn what_leads_nowhere_is_no_link() {
    let words = Signal::stored(PagerWords {
        label: "Pages".to_owned(),
        previous: "Previous page".to_owned(),
        next: "Next page".to_owned(),
        position: "1–10 of 20".to_owned(),
    });
    let pager = html(move || {
        view! {
            <Pager
                words
                previous=Signal::stored(None::<String>)
                next=Signal::stored(Some("/accounts?page=2".to_owned()))
            />
        }
    });
    has(&pager, "href=\"/accounts?page=2\"");
    assert_eq!(pager.matches("<a ").count(), 1, "{pager}");
    has(&pager, "Next page");
}

#[test]
fn text_from_a_server_keeps_its_words_and_loses_its_scripts() {
    let words = LinkWords { leaves_for: Callback::new(|host: String| format!("opens {host}")) };
    let given = "<b onclick=\"x()\">Hi</b><script>alert(1)</script>\
                 <a href=\"https://a.example/\">there</a><a href=\"javascript:x()\">bad</a>";
    let prose = html(move || view! { <Prose html=Signal::stored(given.to_owned()) words/> });
    has(&prose, "<strong>Hi</strong>");
    has(&prose, "href=\"https://a.example/\"");
    has(&prose, "opens a.example");
    for word in ["onclick", "alert", "<script", "href=\"javascript"] {
        assert!(!prose.contains(word), "{word} in {prose}");
    }
}
