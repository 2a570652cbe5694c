use crate::text::{ascii_digit, is_space};

/// What the token being read is made of so far.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Word,
    Number,
    /// A word or number with dots inside, which may be separators or a decimal point.
    DottedWord,
    DottedNumber,
}

/// Cuts a text into words, numbers, single spaces and single other characters. Digits become ASCII.
pub(super) fn split(text: &str) -> Vec<String> {
    let chars = text.chars().filter(|&c| c != '\0').map(|c| ascii_digit(c).unwrap_or(c));
    let mut chars = chars.peekable();
    let mut tokens = Vec::new();
    while let Some(first) = chars.next() {
        let mut shape = match first {
            c if is_word(c) => Shape::Word,
            c if c.is_numeric() => Shape::Number,
            c => {
                tokens.push(if is_space(c) { " ".to_owned() } else { c.to_string() });
                continue;
            }
        };
        let mut token = first.to_string();
        let mut has_letters = false;
        while let Some(&next) = chars.peek() {
            has_letters |= matches!(shape, Shape::Word | Shape::DottedWord);
            match extend(shape, &token, next) {
                Some(extended) => shape = extended,
                None => break,
            }
            token.push(next);
            chars.next();
        }
        push(&mut tokens, token, shape, has_letters);
    }
    tokens
}

/// The shape of `token` with one more character, if the character belongs to it.
fn extend(shape: Shape, token: &str, next: char) -> Option<Shape> {
    let after_dot = token.ends_with('.');
    match shape {
        Shape::Word if is_word(next) => Some(Shape::Word),
        Shape::Word if next == '.' => Some(Shape::DottedWord),
        Shape::Number if next.is_numeric() => Some(Shape::Number),
        Shape::Number if next == '.' || (next == ',' && token.len() >= 2) => {
            Some(Shape::DottedNumber)
        }
        Shape::DottedWord if next == '.' || is_word(next) => Some(Shape::DottedWord),
        Shape::DottedWord if next.is_numeric() && after_dot => Some(Shape::DottedNumber),
        Shape::DottedNumber if next == '.' || next.is_numeric() => Some(Shape::DottedNumber),
        Shape::DottedNumber if is_word(next) && after_dot => Some(Shape::DottedWord),
        _ => None,
    }
}

/// Adds a token, cut at its dots and commas unless they are one decimal point.
fn push(tokens: &mut Vec<String>, token: String, shape: Shape, has_letters: bool) {
    let is_dotted = matches!(shape, Shape::DottedWord | Shape::DottedNumber);
    let dots = token.matches('.').count();
    if is_dotted && (has_letters || dots > 1 || token.ends_with(['.', ','])) {
        for part in token.split_inclusive(['.', ',']) {
            let word = part.trim_end_matches(['.', ',']);
            for piece in [word, &part[word.len()..]] {
                if !piece.is_empty() {
                    tokens.push(piece.to_owned());
                }
            }
        }
    } else if shape == Shape::DottedNumber && dots == 0 {
        tokens.push(token.replace(',', "."));
    } else {
        tokens.push(token);
    }
}

fn is_word(c: char) -> bool {
    c.is_alphabetic() && !c.is_numeric()
}
