//! Files as people have them, with what libmagic 5.44 says about their first 1,024 bytes.
//!
//! `tests/data/samples` holds the first 1,024 bytes of each, made by the usual programs where there is
//! one. Each line of `tests/data/samples.tsv` has such a file, a name under which somebody might choose
//! it, the size of the whole file, and the type, which `file --mime-type` of Debian 12 told.

use std::{collections::BTreeSet, fs, path::Path};

use checklist::{FileLimits, FileProblem, sniff};

struct Sample {
    file: String,
    /// The name it is chosen under.
    name: String,
    size: u64,
    mime_type: String,
    first_bytes: Vec<u8>,
}

fn samples() -> Vec<Sample> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let table = fs::read_to_string(data.join("samples.tsv")).expect("the table");
    let read = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [file, name, size, mime_type] = columns[..] else { panic!("{line}") };
        Sample {
            file: file.to_owned(),
            name: name.to_owned(),
            size: size.parse().expect(line),
            mime_type: mime_type.to_owned(),
            first_bytes: fs::read(data.join("samples").join(file)).expect(line),
        }
    };
    table.lines().map(read).collect()
}

/// Text that libmagic tells by its words, and `sniff` does not.
const CODE: [&str; 4] = ["js", "c", "rs", "tex"];

fn is_code(sample: &Sample) -> bool {
    CODE.contains(&sample.file.as_str())
}

#[test]
fn the_type_is_the_one_libmagic_gives() {
    let samples = samples();
    let files: BTreeSet<&str> = samples.iter().map(|it| it.file.as_str()).collect();
    assert!(files.len() >= 60, "{}", files.len());
    for it in &samples {
        let found = sniff(&it.first_bytes);
        if is_code(it) {
            assert_eq!(found, "text/plain", "{}", it.file);
            assert_ne!(it.mime_type, found, "{} is no exception any more", it.file);
        } else {
            assert_eq!(found, it.mime_type, "{}", it.file);
        }
    }
}

fn limits(extensions: &[&str], mime_types: &[&str], max_megabytes: Option<u32>) -> FileLimits {
    let list = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect();
    FileLimits { extensions: list(extensions), mime_types: list(mime_types), max_megabytes }
}

/// What questions ask for.
fn usual_limits() -> Vec<FileLimits> {
    vec![
        limits(&[], &[], None),
        limits(&[".pdf"], &[], None),
        limits(&[], &["application/pdf"], None),
        limits(&[".pdf"], &["application/pdf"], Some(1)),
        limits(&[".PNG", ".jpg", ".jpeg"], &["image/*"], Some(5)),
        limits(&[".docx", ".xlsx", ".odt"], &["application/*"], None),
        limits(&[".txt", ".csv", ".json", ".xml"], &["text/plain", "text/csv"], None),
        limits(&[".gz", ".zip", ".exe"], &["application/zip", "application/gzip"], None),
        limits(&[".mp4", ".html", ".svg"], &["video/*", "text/html", "image/svg+xml"], Some(0)),
    ]
}

/// The rule of `contract.md` 5.4 once more, plainly, on the type that libmagic told.
fn is_accepted(limits: &FileLimits, sample: &Sample, size: u64) -> bool {
    let name = sample.name.to_lowercase();
    let has_extension = limits.extensions.iter().any(|extension| {
        let extension = extension.to_lowercase();
        name.ends_with(&extension)
    });
    let has_type = limits.mime_types.iter().any(|mime_type| match mime_type.strip_suffix('*') {
        Some(major) => sample.mime_type.starts_with(major),
        None => *mime_type == sample.mime_type,
    });
    size > 0
        && (limits.extensions.is_empty() || has_extension)
        && (limits.mime_types.is_empty() || has_type)
        && limits.max_megabytes.is_none_or(|it| it == 0 || size <= u64::from(it) * 1024 * 1024)
}

#[test]
fn name_type_and_size_decide_together() {
    let samples = samples();
    for limits in usual_limits() {
        let mut accepted = 0;
        for sample in samples.iter().filter(|it| !is_code(it)) {
            for size in [sample.size, 1 << 20, (1 << 20) + 1, 5 << 20, (5 << 20) + 1] {
                // Nothing grows or becomes longer that is empty.
                let size = if sample.size == 0 { 0 } else { size };
                let verdict = limits.check(&sample.name, size, &sample.first_bytes);
                let expected = is_accepted(&limits, sample, size);
                let case = (&sample.file, &sample.name, size, &limits, &verdict);
                assert_eq!(verdict.is_ok(), expected, "{case:?}");
                accepted += usize::from(expected);
            }
        }
        assert!(accepted > 0, "{limits:?}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    let samples = samples();
    let check = |file: &str, name: &str, limits: &FileLimits| {
        let sample = samples.iter().find(|it| (it.file.as_str(), it.name.as_str()) == (file, name));
        let sample = sample.unwrap_or_else(|| panic!("no {name} among the samples"));
        limits.check(name, sample.size, &sample.first_bytes)
    };
    let pdf = limits(&[".pdf"], &["application/pdf"], None);
    let images = limits(&[], &["image/*"], None);
    let extension = |extension: &str| {
        let (extension, allowed) = (extension.to_owned(), pdf.extensions.clone());
        Err(FileProblem::ExtensionNotAllowed { extension, allowed })
    };
    let kind = |mime_type, limits: &FileLimits| {
        let allowed = limits.mime_types.clone();
        Err(FileProblem::TypeNotAllowed { mime_type, allowed })
    };
    for (file, name, limits, expected) in [
        ("pdf", "policy.pdf", &pdf, Ok(())),
        ("pdf", "POLICY.PDF", &pdf, Ok(())),
        ("pdf", "poliitika õäöü.pdf", &pdf, Ok(())),
        ("pdf", "方針.pdf", &pdf, Ok(())),
        ("pdf", ".pdf", &pdf, Ok(())),
        ("pdf", "policy", &pdf, extension("")),
        ("pdf", "policy.pdf.exe", &pdf, extension(".exe")),
        ("pdf", "policy.png", &pdf, extension(".png")),
        ("txt", "notes.", &pdf, extension(".")),
        ("empty", "empty.pdf", &pdf, Err(FileProblem::Empty)),
        ("txt", "notes.pdf", &pdf, kind("text/plain", &pdf)),
        ("jpeg", "photo.pdf", &pdf, kind("image/jpeg", &pdf)),
        ("exe", "setup.pdf", &pdf, kind("application/vnd.microsoft.portable-executable", &pdf)),
        ("pdf-cut", "cut.pdf", &pdf, kind("text/plain", &pdf)),
        ("png", "photo.jpg", &images, Ok(())),
        ("png-cut-8", "cut.png", &images, kind("application/octet-stream", &images)),
        ("svg", "plan.svg", &images, Ok(())),
        ("svg-in-html", "plan.svg", &images, kind("text/html", &images)),
    ] {
        assert_eq!(check(file, name, limits), expected, "{file} as {name}");
    }
}
