//! Texts without the difference between capital and small letters.

/// Lower case in every alphabet, letter by letter: a part of a text folds as it does inside the text.
/// So a sigma is the same one wherever it stands, which `str::to_lowercase` does not make it.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.to_lowercase().replace('ς', "σ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_folds_as_inside_the_whole() {
        for text in ["ZOË", "ΟΔΥΣΣΕΥΣ ΣΑΣ", "İstanbul Iı", "Straße", "𐐀ﬁ"] {
            let whole = fold(text);
            for letter in text.chars() {
                assert!(whole.contains(&fold(&letter.to_string())), "{letter} in {text}");
            }
            assert_eq!(text.chars().map(|it| fold(&it.to_string())).collect::<String>(), whole);
        }
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
    }
}
