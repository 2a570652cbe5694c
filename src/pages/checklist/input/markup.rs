//! Inputs as text: what a screen reader gets, without a browser.

use std::sync::Arc;

use checklist::{Kind, RichText};
use leptos::prelude::*;

use super::Input;
use crate::{
    draft::{Draft, Drafts, Entry},
    pages::checklist::gallery,
};

/// What the questions of the gallery in a state look like, with the name of their kind.
fn inputs(state: &str) -> Vec<(String, String)> {
    let owner = Owner::new();
    owner.with(|| {
        Drafts::provide();
        let draft = gallery::sample();
        entries(draft, state)
            .into_iter()
            .filter_map(|entry| {
                let question = untrack(|| entry.question());
                let text = question.question.text.split(':').next()?.to_owned();
                Some((text, draw(entry)?))
            })
            .collect()
    })
}

fn entries(draft: Draft, state: &str) -> Vec<Entry> {
    let is_it = |entry: &Entry| {
        let question: Arc<_> = untrack(|| entry.question());
        question.question.text.ends_with(&format!(": {state}"))
    };
    untrack(|| draft.questions()).iter().map(|it| it.entry).filter(is_it).collect()
}

/// The input alone. `None` for the kind that has none, and for what needs the browser: files, and dates
/// in full.
fn draw(entry: Entry) -> Option<String> {
    let question = untrack(|| entry.question());
    let kind = match question.question.kind.clone() {
        Kind::Unsupported(_) | Kind::File(_) | Kind::MultipleFiles { .. } => return None,
        Kind::Date | Kind::DateTime if untrack(|| entry.is_answered()) => return None,
        // Counting is the browser's work too.
        Kind::RichText(limits) => Kind::RichText(RichText { at_most: None, ..limits }),
        kind => kind,
    };
    let html = view! {
        <Input
            kind
            entry
            dom_id="q".to_owned()
            described_by=Signal::stored(Some("q-hint".to_owned()))
            invalid=Signal::stored(question.question.required)
            required=question.question.required
        />
    };
    let html = html.into_view().to_html();
    Some(html.replace("<!>", "").replace("<!---->", "").replace("<!--()-->", ""))
}

#[track_caller]
fn has(html: &str, part: &str) {
    assert!(html.contains(part), "no {part} in {html}");
}

fn of<'a>(inputs: &'a [(String, String)], kind: &str) -> &'a str {
    let found = inputs.iter().find(|(it, _)| it == kind);
    found.map_or_else(|| panic!("no {kind}"), |(_, html)| html)
}

#[test]
fn every_input_is_named_by_its_question_and_described_by_its_help() {
    let inputs = inputs("empty");
    assert_eq!(inputs.len(), 18);
    for (kind, html) in &inputs {
        has(html, "aria-labelledby=\"q-label\"");
        has(html, "aria-describedby=\"q-hint");
        has(html, "id=\"q-0\"");
        for word in ["aria-invalid", "aria-required"] {
            assert!(!html.contains(word), "{kind} has {word}: {html}");
        }
    }
}

#[test]
fn what_is_required_and_what_is_wrong_is_said_on_the_input() {
    for (kind, html) in inputs("required") {
        has(&html, "aria-invalid=\"true\"");
        // A group of checkboxes has no such property; its words say it.
        if kind != "multi_select" {
            has(&html, "aria-required=\"true\"");
        }
    }
}

#[test]
fn each_kind_is_the_element_that_it_looks_like() {
    let inputs = inputs("empty");
    for kind in ["boolean", "single_select", "rating", "likert"] {
        has(of(&inputs, kind), "role=\"radiogroup\"");
        has(of(&inputs, kind), "type=\"radio\"");
        has(of(&inputs, kind), "<label");
    }
    has(of(&inputs, "multi_select"), "role=\"group\"");
    has(of(&inputs, "multi_select"), "type=\"checkbox\"");
    has(of(&inputs, "text_area"), "<textarea");
    for (kind, keyboard) in [
        ("text_input", "text"),
        ("number", "decimal"),
        ("year", "numeric"),
        ("phone_number", "tel"),
        ("email", "email"),
        ("url", "url"),
    ] {
        has(of(&inputs, kind), &format!("inputmode=\"{keyboard}\""));
        // The browser would change what was typed.
        has(of(&inputs, kind), "type=\"text\"");
    }
    has(of(&inputs, "date"), "type=\"date\"");
    has(of(&inputs, "datetime"), "type=\"datetime-local\"");
    has(of(&inputs, "rich_text"), "role=\"textbox\"");
    has(of(&inputs, "rich_text"), "aria-multiline=\"true\"");
}

#[test]
fn what_can_be_typed_is_said_below_the_field() {
    let inputs = inputs("empty");
    for (kind, id, words) in [
        ("number", "q-range", "Between 0.5 and 100"),
        ("year", "q-range", "Between 1900 and 2100"),
        ("date", "q-understood", "25/11/2026"),
        ("datetime", "q-understood", "25/11/2026 14:30"),
    ] {
        has(of(&inputs, kind), &format!("aria-describedby=\"q-hint {id}\""));
        has(of(&inputs, kind), &format!("id=\"{id}\""));
        has(of(&inputs, kind), words);
    }
}

#[test]
fn a_scale_names_its_ends_and_has_what_is_no_point_last() {
    let likert = inputs("empty");
    let likert = of(&likert, "likert");
    let at = |words: &str| likert.find(words).unwrap_or_else(|| panic!("no {words} in {likert}"));
    assert!(at("1 – Strongly disagree") < at("5 – Strongly agree"));
    assert!(at("5 – Strongly agree") < at("Not applicable"));
    assert!(at("5 – Strongly agree") < at("option--apart"));
    assert_eq!(likert.matches("type=\"radio\"").count(), 6);
}

#[test]
fn countries_are_drawn_only_while_their_list_is_open() {
    let inputs = inputs("empty");
    let country = of(&inputs, "country");
    has(country, "role=\"combobox\"");
    has(country, "aria-expanded=\"false\"");
    has(country, "aria-autocomplete=\"list\"");
    for word in ["role=\"option\"", "role=\"listbox\"", "aria-controls", "aria-activedescendant"] {
        assert!(!country.contains(word), "{word} in {country}");
    }
}

#[test]
fn a_toolbar_is_one_stop_and_offers_its_level() {
    let inputs = inputs("empty");
    let levels: Vec<&str> =
        inputs.iter().filter(|(it, _)| it == "rich_text").map(|(_, html)| html.as_str()).collect();
    let buttons = |html: &str| html.matches("aria-pressed=\"false\"").count();
    assert_eq!(levels.iter().map(|it| buttons(it)).collect::<Vec<_>>(), [2, 5, 8]);
    for html in levels {
        has(html, "role=\"toolbar\"");
        has(html, "aria-controls=\"q-0\"");
        assert_eq!(html.matches("tabindex=\"0\"").count(), 1, "{html}");
    }
}

#[test]
fn what_is_no_choice_of_the_question_is_shown_all_the_same() {
    let inputs = inputs("invalid");
    for kind in ["single_select", "multi_select"] {
        has(of(&inputs, kind), "000000000000000000000000000000ff");
    }
    assert!(!of(&inputs, "boolean").contains("option--apart"));
}

#[test]
fn an_answer_can_be_taken_back_and_no_answer_cannot() {
    let (answered, empty) = (inputs("refused"), inputs("empty"));
    for kind in ["boolean", "single_select", "multi_select", "rating", "likert"] {
        has(of(&answered, kind), "question__clear");
        assert!(!of(&empty, kind).contains("question__clear"), "{kind}");
    }
}
