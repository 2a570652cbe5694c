//! Samples with the type libmagic 5.44 gives their first 1,024 bytes.

use checklist::sniff;

const TYPES: &str = "[Content_Types].xml";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

#[track_caller]
fn check(samples: impl IntoIterator<Item = (&'static str, Vec<u8>, &'static str)>) {
    let differing: Vec<String> = samples
        .into_iter()
        .filter(|(_, bytes, expected)| sniff(bytes) != *expected)
        .map(|(name, bytes, expected)| format!("{name}: {}, not {expected}", sniff(&bytes)))
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn short_samples_have_the_type_libmagic_gives_them() {
    let samples: &[(&'static str, &[u8], &'static str)] = &[
        ("one byte", b"a", "application/octet-stream"),
        ("one line break", b"\n", "application/octet-stream"),
        ("two bytes", b"ab", "text/plain"),
        ("four zero bytes", b"\0\0\0\0", "application/octet-stream"),
        ("ASCII", b"Hello, world\n", "text/plain"),
        ("UTF-8", b"\xc5\xbelu\xc5\xa5", "text/plain"),
        ("ISO 8859-1", b"caf\xe9", "text/plain"),
        ("UTF-16, little end first", b"\xff\xfeh\0i\0", "text/plain"),
        ("UTF-16, big end first", b"\xfe\xff\0h\0i", "text/plain"),
        ("UTF-16 with a control character", b"\xff\xfe\x01\0i\0", "application/octet-stream"),
        ("UTF-16 with half a surrogate pair", b"\xff\xfe=\xd8A\0", "application/octet-stream"),
        ("UTF-32", b"\xff\xfe\0\0h\0\0\0", "text/plain"),
        ("escape sequences", b"\x1b[1mbold", "text/plain"),
        ("a control character", b"abc\x01", "application/octet-stream"),
        ("zero bytes behind text", b"text\0\0", "text/plain"),
        ("one zero byte behind odd text", b"abc\0", "application/octet-stream"),
        ("pdf", b"%PDF-1.4\n", "application/pdf"),
        ("pdf behind some text", b"junk\n%PDF-1.4\n", "application/pdf"),
        ("pdf behind binary", b"\x01\x02%PDF-1.4\n", "application/octet-stream"),
        ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01", "image/png"),
        ("png without header", b"\x89PNG\r\n\x1a\n", "application/octet-stream"),
        ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
        ("three bytes of jpeg", b"\xff\xd8\xff", "text/plain"),
        ("gif", b"GIF89a\x01\0\x01\0", "image/gif"),
        ("webp", b"RIFF\x1a\0\0\0WEBPVP8L", "image/webp"),
        ("wav", b"RIFF$\0\0\0WAVEfmt ", "audio/x-wav"),
        ("bmp", b"BM:\0\0\0\0\0\0\0\x36\0\0\0(\0\0\0\x01\0\0\0", "image/bmp"),
        ("a text that begins like bmp", b"BMW is a car maker from Munich", "text/plain"),
        ("tiff", b"II*\0\x08\0\0\0", "image/tiff"),
        ("mp4", b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2", "video/mp4"),
        ("quicktime", b"\0\0\0\x14ftypqt  \0\0\x02\0", "video/quicktime"),
        ("heic", b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        ("an unknown brand", b"\0\0\0\x18ftypXXXX\0\0\0\0", "application/octet-stream"),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "application/gzip"),
        ("7z", b"7z\xbc\xaf'\x1c\0\x04", "application/x-7z-compressed"),
        ("rar", b"Rar!\x1a\x07\0\xcf", "application/x-rar"),
        ("empty zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "application/zip"),
        ("rtf", b"{\\rtf1\\ansi x}", "text/rtf"),
        ("PostScript", b"%!PS-Adobe-3.0\n", "application/postscript"),
        ("csv", b"a,b\n1,2\n3,4\n", "text/csv"),
        ("csv with quotes", b"\"a,x\",b\n1,2\n\"3\"\"q\",4\n", "text/csv"),
        ("csv with two lines", b"a,b\n1,2\n", "text/plain"),
        ("csv with uneven lines", b"a,b\n1,2,3\n4,5\n", "text/plain"),
        ("csv with semicolons", b"a;b\n1;2\n3;4\n", "text/plain"),
        ("prose with a comma in each line", b"Dear all,\nthis, is\nnot, data\n", "text/csv"),
        (
            "ten even lines, then an odd one",
            b"a,b\na,b\na,b\na,b\na,b\na,b\na,b\na,b\na,b\na,b\nx\n",
            "text/csv",
        ),
        ("json object", b"{\"a\": [1, 2.5e3, null]}", "application/json"),
        ("json array", b"[]", "application/json"),
        ("json number", b"12", "text/plain"),
        ("json with one comma too many", b"[1,]", "application/json"),
        ("json lines", b"{\"a\":1}\n{\"a\":2}\n", "application/x-ndjson"),
        ("json and something else", b"{\"a\":1} x", "text/plain"),
        ("html", b"<!DOCTYPE html><p>x", "text/html"),
        ("html fragment", b"<p>x</p>", "text/plain"),
        ("a link", b"see <a href=\"x\">y</a>", "text/html"),
        ("xml", b"<?xml version=\"1.0\"?><root/>", "text/xml"),
        ("xml behind a space", b" <?xml version=\"1.0\"?>", "text/plain"),
        ("svg", b"<svg xmlns=\"x\"/>", "image/svg+xml"),
        ("svg behind a declaration", b"<?xml version=\"1.0\"?>\n<svg/>", "image/svg+xml"),
        ("html in xml", b"<?xml version=\"1.0\"?><html/>", "text/xml"),
        ("shell script", b"#!/bin/sh\necho\n", "text/x-shellscript"),
        ("python by env", b"#!/usr/bin/env python3\n", "text/x-script.python"),
        (
            "python by definition",
            b"import os\n\ndef main():\n    return 1\n",
            "text/x-script.python",
        ),
        ("an unknown interpreter", b"#!/opt/foo\n", "text/plain"),
        ("Markdown", b"# Title\ntext\n", "text/plain"),
        ("YAML", b"a: 1\nb:\n  - 2\n", "text/plain"),
        ("nothing", b"", "application/x-empty"),
        ("batch file", b"@echo off\r\n", "text/x-msdos-batch"),
        ("batch file in capitals", b"@ ECHO  OFF\r\n", "text/x-msdos-batch"),
        ("batch file with a remark", b"@Rem x\n", "text/x-msdos-batch"),
        ("batch file with a variable", b"@set A=1\n", "text/x-msdos-batch"),
        ("another command", b"@setlocal\n", "text/plain"),
        ("a command that speaks", b"@echo on\n", "text/plain"),
        ("a batch file that shows itself", b"echo off\n", "text/plain"),
        ("a batch file behind a space", b" @echo off\n", "text/plain"),
        ("patch", b"x\n--- a\n+++ b\n@@ -1 +1 @@\n", "text/x-diff"),
        ("patch of git", b"diff --git a/x b/x\n", "text/x-diff"),
        ("patch with context", b"*** a\nx\n--- b\n", "text/x-diff"),
        ("patch of Subversion", b"Index: x\n", "text/x-diff"),
        ("folders that differ", b"Only in a: b\n", "text/x-diff"),
        ("folders in common", b"Common subdirectories: x\n", "text/x-diff"),
        ("patch without a hunk", b"--- a\n+++ b\n", "text/plain"),
        ("a line between", b"--- a\nx\n+++ b\n@@\n", "text/plain"),
        ("three stars alone", b"*** a\n---b\n", "text/plain"),
        ("a different word", b"different words", "text/plain"),
        ("drawing", b"  0\nSECTION\n  2\nHEADER\n", "image/vnd.dxf"),
        ("drawing with a comment", b"999\nx\n  0\nSECTION\n  2\nHEADER\n", "image/vnd.dxf"),
        ("drawing that is cut", b"  0\nSECTION\n  2\nHEADER", "text/plain"),
        ("another section", b"  0\nSECTION\n  2\nTABLES\n", "text/plain"),
        ("drawing of Windows", b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "image/vnd.dxf"),
        ("signed message", b"-----BEGIN PGP SIGNED MESSAGE-", "text/PGP"),
        ("a newer drawing", b"AC1032\0", "image/vnd.dwg"),
        ("a drawing that is not there yet", b"AC1099\0", "text/plain"),
        ("Ogg without a packet", b"OggS", "text/plain"),
        (
            "font without a table",
            b"\0\x01\0\0\0\x0c\0\x80\0\x03\0@GSUB",
            "application/octet-stream",
        ),
        ("font", b"\0\x01\0\0\0\x2e\0\x80\0\x03\0@OS/2\0", "font/sfnt"),
        (
            "font with too many tables",
            b"\0\x01\0\0\0\x2f\0\x80\0\x03\0@OS/2\0",
            "application/octet-stream",
        ),
        (
            "font with a nameless table",
            b"\0\x01\0\0\0\x0c\0\x80\0\x03\0@\0\x01\x02\x03\0",
            "application/octet-stream",
        ),
        ("Access", b"\0\x01\0\0Standard Jet DB\0", "application/x-msaccess"),
        ("SQLite, only its name", b"SQLite format 3\0", "application/octet-stream"),
    ];
    check(samples.iter().map(|(name, bytes, expected)| (*name, bytes.to_vec(), *expected)));
}

#[test]
fn the_place_of_a_mark_decides() {
    let behind = |n: usize, mark: &str| ("x".repeat(n) + mark).into_bytes();
    let padded = |start: &[u8], length: usize| {
        let mut bytes = start.to_vec();
        bytes.resize(length, 0);
        bytes
    };
    let program = |offset: u8| {
        let mut bytes = padded(b"MZ", 0x3c);
        bytes.extend([offset, 0, 0, 0]);
        bytes.extend(b"PE\0\0d\x86");
        bytes
    };
    let ogg = |packet: &[u8]| [padded(b"OggS\0\x02", 28).as_slice(), packet].concat();
    let json = format!("{{\"a\": \"{}\"}}", "x".repeat(2000));
    check([
        ("pdf at 256", behind(256, "%PDF-1.4"), "application/pdf"),
        ("pdf at 257", behind(257, "%PDF-1.4"), "text/plain"),
        ("html late", behind(300, "<html>"), "text/html"),
        ("html out of sight", behind(1020, "<html>"), "text/plain"),
        ("json that is cut", json.into_bytes(), "text/plain"),
        ("ole", padded(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 512), "application/x-ole-storage"),
        ("short ole", padded(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 16), "application/octet-stream"),
        (
            "elf",
            padded(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e", 64),
            "application/x-executable",
        ),
        ("elf of no kind", padded(b"\x7fELF\x02\x01\x01", 64), "application/octet-stream"),
        ("Windows program", program(0x40), "application/vnd.microsoft.portable-executable"),
        ("DOS program", program(0x20), "application/x-dosexec"),
        ("Vorbis", ogg(b"\x01vorbis"), "audio/ogg"),
        ("Speex", ogg(b"Speex   "), "audio/ogg"),
        ("FLAC in Ogg", ogg(b"\x7fFLAC"), "audio/ogg"),
        ("Theora", ogg(b"\x80theora"), "video/ogg"),
        ("a skeleton of Ogg", ogg(b"fishead\0"), "video/ogg"),
        ("something else in Ogg", ogg(b"\x01vor"), "application/octet-stream"),
        ("SQLite", padded(b"SQLite format 3\0\x10", 18), "application/vnd.sqlite3"),
        (
            "SQLite, half its page size",
            padded(b"SQLite format 3\0\x10", 17),
            "application/octet-stream",
        ),
        ("SQLite, no page size", padded(b"SQLite format 3\0\0", 18), "application/octet-stream"),
    ]);
}

/// A zip archive without its directory, which is out of sight anyway.
fn zip(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in entries {
        let (name_length, length) = (name.len() as u16, content.len() as u32);
        bytes.extend(b"PK\x03\x04\x14");
        bytes.extend([0; 13]);
        bytes.extend(length.to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend(name_length.to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(name.as_bytes());
        bytes.extend(content);
    }
    bytes
}

#[test]
fn office_documents_are_known_by_their_first_entries() {
    type Entries = &'static [(&'static str, usize)];
    let documents: &[(&'static str, Entries, &'static str)] = &[
        ("zip of one file", &[("a.txt", 200)], "application/zip"),
        (
            "word processor document",
            &[(TYPES, 300), ("_rels/.rels", 200), ("word/document.xml", 50)],
            WORD,
        ),
        (
            "its kind just in sight",
            &[(TYPES, 799), ("_rels/.rels", 100), ("word/document.xml", 50)],
            WORD,
        ),
        (
            "its kind cut off",
            &[(TYPES, 800), ("_rels/.rels", 100), ("word/document.xml", 50)],
            "application/zip",
        ),
        (
            "its third entry without a name",
            &[(TYPES, 805), ("_rels/.rels", 100), ("word/document.xml", 50)],
            "application/octet-stream",
        ),
        (
            "its third entry out of sight",
            &[(TYPES, 831), ("_rels/.rels", 100), ("word/document.xml", 50)],
            "application/zip",
        ),
        ("spreadsheet", &[(TYPES, 300), ("_rels/.rels", 200), ("xl/workbook.xml", 50)], SHEET),
        (
            "presentation, kind in the fourth entry",
            &[
                (TYPES, 100),
                ("_rels/.rels", 100),
                ("docProps/app.xml", 100),
                ("ppt/presentation.xml", 50),
            ],
            SLIDES,
        ),
        (
            "kind in the fifth entry",
            &[
                (TYPES, 100),
                ("_rels/.rels", 100),
                ("docProps/app.xml", 100),
                ("docProps/core.xml", 100),
                ("xl/workbook.xml", 9),
            ],
            SHEET,
        ),
        (
            "kind nowhere",
            &[(TYPES, 100), ("_rels/.rels", 100), ("a", 100), ("b", 100), ("c", 100)],
            "application/octet-stream",
        ),
        ("kind first", &[("word/document.xml", 13), (TYPES, 100)], WORD),
    ];
    check(documents.iter().map(|(name, entries, expected)| {
        let entries: Vec<_> =
            entries.iter().map(|(name, length)| (*name, vec![b'x'; *length])).collect();
        (*name, zip(&entries), *expected)
    }));
}

#[test]
fn documents_may_declare_their_type() {
    let declared =
        |mime_type: &str| zip(&[("mimetype", mime_type.into()), ("content.xml", b"<x/>".to_vec())]);
    let opendocument = |kind: &str| declared(&format!("application/vnd.oasis.opendocument.{kind}"));
    check([
        ("text", opendocument("text"), "application/vnd.oasis.opendocument.text"),
        ("sheet", opendocument("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
        (
            "template",
            opendocument("text-template"),
            "application/vnd.oasis.opendocument.text-template",
        ),
        ("database", opendocument("base"), "application/vnd.oasis.opendocument.database"),
        ("no known kind", opendocument("x"), "application/octet-stream"),
        ("e-book", declared("application/epub+zip"), "application/epub+zip"),
        ("another type", declared("text/plain"), "application/zip"),
    ]);
}
