use super::find;

/// Recognises SVG and XML by how the text begins.
pub(super) fn sniff(text: &[u8]) -> Option<&'static str> {
    let begins =
        |word: &[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let has = |piece| find(text, piece).is_some();
    let is_svg = text.starts_with(b"<svg") || begins(b"<!doctype svg");
    let holds_svg = || has(b"<svg") || has(b"<!DOCTYPE svg");
    if is_svg || (begins(b"<?xml version=") && holds_svg()) {
        return Some("image/svg+xml");
    }
    begins(b"<?xml").then_some("text/xml")
}

/// Whether text is a drawing in DXF: lines with a code, each before one with what it is about.
pub(super) fn is_drawing(text: &[u8]) -> bool {
    const START: [&[u8]; 4] = [b"0", b"SECTION", b"2", b"HEADER"];
    let lines: Vec<_> = text.split(|b| *b == b'\n').collect();
    // A comment has a code, too.
    let lines =
        if lines.starts_with(&[b"999"]) { lines.get(2..).unwrap_or_default() } else { &lines };
    let is_start = lines.iter().zip(START).all(|(line, start)| line.trim_ascii() == start);
    is_start && lines.len() > START.len()
}

/// Whether text is HTML. One of a few elements anywhere is enough; most are not among them.
pub(super) fn is_html(text: &[u8]) -> bool {
    let text = text.to_ascii_lowercase();
    const ELEMENTS: [&[u8]; 6] = [b"<html", b"<head", b"<title", b"<style", b"<script", b"<table"];
    starts(&text, b"<").any(|rest| {
        ELEMENTS.iter().filter_map(|name| rest.strip_prefix(*name)).any(ends_name)
            || after_space(rest, b"<!doctype").is_some_and(|rest| rest.starts_with(b"html"))
            || after_space(rest, b"<a").is_some_and(|rest| rest.starts_with(b"href="))
    })
}

/// What begins with each occurrence of a piece.
fn starts<'a>(text: &'a [u8], piece: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    (0..text.len()).map(|start| &text[start..]).filter(move |rest| rest.starts_with(piece))
}

fn ends_name(rest: &[u8]) -> bool {
    rest.first().is_some_and(|b| *b == b'>' || b.is_ascii_whitespace())
}

/// What follows a word and at least one space.
fn after_space<'a>(text: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let rest = text.strip_prefix(word)?;
    let trimmed = rest.trim_ascii_start();
    (trimmed.len() < rest.len()).then_some(trimmed)
}
