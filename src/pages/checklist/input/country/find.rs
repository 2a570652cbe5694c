//! Finds countries by what somebody types.

/// A country as it is looked for.
pub(super) struct Country {
    pub(super) code: &'static str,
    /// In the page's language.
    pub(super) name: String,
    /// The name as it is compared.
    plain: String,
}

impl Country {
    pub(super) fn new(code: &'static str, name: String) -> Self {
        let plain = plain(&name);
        Self { code, name, plain }
    }
}

/// The positions of the countries that fit a text: first the one with this code, then those whose name
/// begins like it, then those with a word that does, then those that hold it anywhere. Within each, the
/// order stays.
pub(super) fn find(countries: &[Country], text: &str) -> Vec<usize> {
    let wanted = plain(text);
    let mut found: Vec<(u8, usize)> = countries
        .iter()
        .enumerate()
        .filter_map(|(at, it)| Some((rank(it, &wanted)?, at)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}

fn rank(country: &Country, wanted: &str) -> Option<u8> {
    let name = &country.plain;
    if wanted.len() == 2 && country.code.eq_ignore_ascii_case(wanted) {
        Some(0)
    } else if name.starts_with(wanted) {
        Some(1)
    } else if name.split(' ').any(|word| word.starts_with(wanted)) {
        Some(2)
    } else {
        name.contains(wanted).then_some(3)
    }
}

/// The code of the one country that a text names in full, by its name or its code.
pub(super) fn exactly(countries: &[Country], text: &str) -> Option<&'static str> {
    let wanted = plain(text);
    let mut named = countries.iter().filter(|it| it.plain == wanted);
    match (named.next(), named.next()) {
        (Some(country), None) => Some(country.code),
        (Some(_), Some(_)) => None,
        (None, _) => {
            countries.iter().find(|it| it.code.eq_ignore_ascii_case(&wanted)).map(|it| it.code)
        }
    }
}

/// A text as it is compared: small letters without marks, and words apart by one space.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match base(letter) {
            "" if letter.is_alphanumeric() => out.push(letter),
            // Marks that stand for themselves, and apostrophes, leave nothing.
            "" if is_mark(letter) => {}
            "" if out.is_empty() || out.ends_with(' ') => {}
            "" => out.push(' '),
            base => out.push_str(base),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\'' | '’' | 'ʻ' | '.')
}

/// The Latin letter without its mark, for the letters that stand in names of countries.
fn base(letter: char) -> &'static str {
    match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' | 'ģ' => "g",
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ļ' | 'ł' | 'ĺ' | 'ľ' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ř' | 'ŕ' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ţ' | 'ț' => "t",
        'þ' => "th",
        'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Vec<Country> {
        [
            ("AX", "Åland Islands"),
            ("CI", "Côte d’Ivoire"),
            ("CW", "Curaçao"),
            ("EE", "Estonia"),
            ("SZ", "Eswatini"),
            ("GW", "Guinea-Bissau"),
            ("IN", "India"),
            ("ID", "Indonesia"),
            ("NE", "Niger"),
            ("NG", "Nigeria"),
            ("PG", "Papua New Guinea"),
            ("ST", "São Tomé & Príncipe"),
            ("BL", "St. Barthélemy"),
            ("AE", "United Arab Emirates"),
            ("GB", "Ühendkuningriik"),
        ]
        .map(|(code, name)| Country::new(code, name.to_owned()))
        .into()
    }

    fn codes(text: &str) -> Vec<&'static str> {
        let some = some();
        find(&some, text).into_iter().map(|at| some[at].code).collect()
    }

    #[test]
    fn names_are_found_by_their_beginning_then_by_a_word_then_anywhere() {
        assert_eq!(codes("es"), ["EE", "SZ", "ID", "AE"]);
        assert_eq!(codes("guinea"), ["GW", "PG"]);
        assert_eq!(codes("bis"), ["GW"]);
        assert_eq!(codes("nia"), ["EE"]);
        assert_eq!(codes("new g"), ["PG"]);
        assert_eq!(codes("xyz"), [] as [&str; 0]);
    }

    #[test]
    fn a_code_comes_first() {
        assert_eq!(codes("in")[..2], ["IN", "ID"]);
        assert_eq!(codes("NE")[0], "NE");
        assert_eq!(codes("ee"), ["EE"]);
    }

    #[test]
    fn case_marks_and_punctuation_do_not_matter() {
        for (text, code) in [
            ("ALAND", "AX"),
            ("cote divoire", "CI"),
            ("Côte d'Ivoire", "CI"),
            ("curacao", "CW"),
            ("guinea bissau", "GW"),
            ("sao tome", "ST"),
            ("tome principe", "ST"),
            ("st barth", "BL"),
            ("uhend", "GB"),
            ("  estonia ", "EE"),
            // The mark as a letter of its own.
            ("cura\u{63}\u{327}ao", "CW"),
        ] {
            assert_eq!(codes(text), [code], "{text}");
        }
    }

    #[test]
    fn all_fit_an_empty_text() {
        assert_eq!(find(&some(), " ").len(), some().len());
    }

    #[test]
    fn only_a_full_name_or_a_code_is_a_country() {
        let some = some();
        assert_eq!(exactly(&some, "estonia"), Some("EE"));
        assert_eq!(exactly(&some, "Niger"), Some("NE"));
        assert_eq!(exactly(&some, "sao tome & principe"), Some("ST"));
        assert_eq!(exactly(&some, "in"), Some("IN"));
        for none in ["", "Estoni", "Nigeri", "xx", "e"] {
            assert_eq!(exactly(&some, none), None, "{none}");
        }
    }
}
