//! Rules of the repository that the compiler cannot see.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, by its path from the root, with its text.
fn sources(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let name = path.strip_prefix(root()).expect("below the root");
                let text = fs::read_to_string(&path).expect("text");
                found.insert(name.display().to_string(), text);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no source");
    found
}

fn mentions<'a>(sources: &'a BTreeMap<String, String>, word: &str) -> Vec<&'a str> {
    let hits = sources.iter().filter(|(_, text)| text.contains(word));
    hits.map(|(name, _)| name.as_str()).collect()
}

#[test]
fn one_module_talks_to_the_network() {
    assert_eq!(mentions(&sources("src"), "fetch_with"), ["src/fetch.rs"]);
    assert_eq!(mentions(&sources("src"), "XmlHttpRequest"), ["src/fetch/transfer.rs"]);
}

#[test]
fn one_module_knows_the_token() {
    assert_eq!(mentions(&sources("src"), "session_storage"), ["src/session.rs"]);
}

#[test]
fn building_blocks_know_nothing_of_waldur() {
    let blocks = sources("src/ui");
    for word in ["api::", "crate::pages", "crate::session"] {
        assert!(mentions(&blocks, word).is_empty(), "{word} in {:?}", mentions(&blocks, word));
    }
}

#[test]
fn no_text_becomes_html() {
    for word in ["inner_html", "insert_adjacent_html", "outer_html", "document.write"] {
        assert!(mentions(&sources("src"), word).is_empty(), "{word}");
    }
}

#[test]
fn nothing_unfinished_is_left() {
    for folder in ["src", "crates", "server/src", "xtask/src"] {
        for word in ["todo!(", "unimplemented!(", "TODO", "FIXME", "dbg!("] {
            let hits =
                mentions(&sources(folder), word).into_iter().map(str::to_owned).collect::<Vec<_>>();
            assert!(hits.is_empty(), "{word} in {hits:?}");
        }
    }
}

type Texts = BTreeMap<String, BTreeMap<String, String>>;

fn texts(language: &str) -> Texts {
    let path = root().join(Path::new("locales").join(format!("{language}.json")));
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("texts")
}

/// What a text leaves open: `{{ name }}`.
fn gaps(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|it| it.split("}}").next()).map(str::trim).collect()
}

#[test]
fn every_text_leaves_the_same_gaps_in_both_languages() {
    let (english, estonian) = (texts("en"), texts("et"));
    for (group, names) in &english {
        for (name, text) in names {
            let other = estonian.get(group).and_then(|it| it.get(name));
            let other = other.unwrap_or_else(|| panic!("et.json has no {group}.{name}"));
            assert_eq!(gaps(text), gaps(other), "{group}.{name}");
        }
    }
}

#[test]
fn every_text_is_used() {
    let all: String = sources("src").into_values().collect();
    for (group, names) in texts("en") {
        for name in names.keys() {
            let counted = all.contains(name) && all.contains(&format!("in {group})"));
            let used = all.contains(&format!("{group}.{name}")) || counted;
            assert!(used, "nothing says {group}.{name}");
        }
    }
}
