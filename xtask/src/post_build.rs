//! What is done to the page after trunk has written it. `public/boot.js` starts the app; the names
//! of the app's files change with their content, so they are written beside it.
//!
//! The server allows no script and no style inside the page. A page that has one would be blank in
//! the browser, so it does not leave the build.

use std::{env, fs, path::Path};

use crate::{
    chunks,
    failure::{Doing, Failure, Result},
    project::Project,
};

/// Finishes the page that trunk is about to put into `dist/`.
pub(crate) fn run(project: &Project) -> Result {
    let staging = env::var_os("TRUNK_STAGING_DIR")
        .ok_or_else(|| Failure::new("`post-build` is for trunk, which says where the page is."))?;
    let staging = Path::new(&staging);
    let base = env::var("TRUNK_PUBLIC_URL").unwrap_or_else(|_| "/".to_owned());
    let page_file = staging.join("index.html");
    let page = fs::read_to_string(&page_file).doing("read the page that trunk wrote")?;
    let files = file_names(staging)?;
    let loader = chunks::add(project, staging, app_js(&files)?)?;
    let page = without_ignored_integrity(&with_names(&page, &base, &files)?);
    // Otherwise the browser would learn of it only when it has read the app's script.
    let preload = format!("<link rel=modulepreload href={base}{loader}></head>");
    let page = page.replacen("</head>", &preload, 1);
    if let Some(inline) = inline_part(&page) {
        return Err(Failure::new(format!("index.html: {inline} The server allows no such thing.")));
    }
    fs::write(page_file, page).doing("write the page")
}

fn file_names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).doing("list what trunk wrote")?;
    Ok(entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

/// The page with the names of the app's two files on the script that starts it.
fn with_names(page: &str, base: &str, files: &[String]) -> Result<String> {
    let wasm = only(files, "_bg.wasm")?;
    let js = app_js(files)?;
    // Trunk leaves out the quotes in a release.
    let id = ["id=\"boot\"", "id=boot"].into_iter().find(|id| page.contains(id));
    let id = id.ok_or_else(|| Failure::new("index.html has no script with the id `boot`."))?;
    Ok(page.replacen(id, &format!("{id} data-js=\"{base}{js}\" data-wasm=\"{base}{wasm}\""), 1))
}

/// The script of the app, which has the name of its WebAssembly.
fn app_js(files: &[String]) -> Result<&str> {
    only(files, &only(files, "_bg.wasm")?.replace("_bg.wasm", ".js"))
}

/// The page without the hash on the preload of the WebAssembly. Chromium does not check it there, and
/// warns of that on each visit; a `fetch` with a hash would not use the preload.
fn without_ignored_integrity(page: &str) -> String {
    let Some(tag) =
        tags(page).find(|tag| tag.starts_with("link") && tag.contains("application/wasm"))
    else {
        return page.to_owned();
    };
    let kept: Vec<&str> = tag.split(' ').filter(|word| !word.starts_with("integrity=")).collect();
    page.replacen(tag, &kept.join(" "), 1)
}

fn only<'a>(files: &'a [String], ending: &str) -> Result<&'a str> {
    let mut found = files.iter().filter(|name| name.ends_with(ending));
    match (found.next(), found.next()) {
        (Some(name), None) => Ok(name),
        (None, _) => Err(Failure::new(format!("Trunk wrote no file that ends in {ending}."))),
        _ => Err(Failure::new(format!("Trunk wrote more than one file that ends in {ending}."))),
    }
}

/// What the page says that its Content-Security-Policy forbids, if anything.
fn inline_part(page: &str) -> Option<String> {
    tags(page).find_map(|tag| {
        let mut words = tag.split_whitespace();
        let name = words.next()?;
        let attributes: Vec<&str> = words.map(|it| it.split('=').next().unwrap_or(it)).collect();
        if name == "script" && !attributes.contains(&"src") {
            return Some("a script stands in the page.".to_owned());
        }
        if name == "style" {
            return Some("a style sheet stands in the page.".to_owned());
        }
        let inline = attributes.iter().find(|it| **it == "style" || it.starts_with("on"))?;
        Some(format!("an element <{name}> has the attribute `{inline}`."))
    })
}

/// The inside of each opening tag.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).filter_map(|rest| rest.split('>').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_that_starts_the_app_learns_the_names_of_its_files() {
        let files = ["boot-1.js", "app-2.js", "app-2_bg.wasm", "base-3.css"].map(str::to_owned);
        let check = |page, expected| {
            let named = with_names(page, "/", &files).unwrap_or_else(|it| it.to_string());
            assert_eq!(named, expected);
        };
        check(
            "<script id=boot src=/boot-1.js type=module></script>",
            "<script id=boot data-js=\"/app-2.js\" data-wasm=\"/app-2_bg.wasm\" src=/boot-1.js type=module></script>",
        );
        check(
            "<script src=\"/boot-1.js\" id=\"boot\"></script>",
            "<script src=\"/boot-1.js\" id=\"boot\" data-js=\"/app-2.js\" data-wasm=\"/app-2_bg.wasm\"></script>",
        );
        check("<script></script>", "index.html has no script with the id `boot`.");
    }

    #[test]
    fn only_the_preload_of_the_webassembly_loses_its_hash() {
        let page = "<link rel=modulepreload integrity=sha384-a href=/a.js>\
                    <link as=fetch integrity=sha384-b rel=preload type=application/wasm>";
        let expected = "<link rel=modulepreload integrity=sha384-a href=/a.js>\
                        <link as=fetch rel=preload type=application/wasm>";
        assert_eq!(without_ignored_integrity(page), expected);
    }

    #[test]
    fn a_page_with_something_inline_does_not_pass() {
        let inline = |page| inline_part(page).unwrap_or_default();
        assert_eq!(inline("<script type=module>go()</script>"), "a script stands in the page.");
        assert_eq!(inline("<style>p{}</style>"), "a style sheet stands in the page.");
        assert_eq!(
            inline("<p class=a style=\"a:b\">"),
            "an element <p> has the attribute `style`."
        );
        assert_eq!(
            inline("<body\n onload='go()'>"),
            "an element <body> has the attribute `onload`."
        );
        assert_eq!(inline("<!doctype html><p id=on><script id=boot src=/b.js></script></p>"), "");
    }
}
