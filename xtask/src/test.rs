//! Runs the tests, and for `ci` what comes before and after them.

use std::{path::Path, process::Command};

use crate::{bench, browser, build, failure::Result, project::Project, setup, step};

/// How many schedules of faults (`e2e/faults`) are run.
const SCHEDULES: &str = "200";

/// The first of them, where a change waits for the answer.
const SCHEDULES_OF_CI: &str = "40";

/// Sets up what the tests need and runs all of them. `args` go to Playwright.
pub(crate) fn run(project: &Project, args: &[&str]) -> Result {
    let mut totals = Totals::default();
    let outcome = all_tests(project, args, SCHEDULES, &mut totals);
    totals.print();
    outcome
}

/// Everything that must hold before a change is taken.
pub(crate) fn ci(project: &Project) -> Result {
    let mut totals = Totals::default();
    let outcome = checks(project)
        .and_then(|()| all_tests(project, &[], SCHEDULES_OF_CI, &mut totals))
        .and_then(|()| bench::size(project));
    totals.print();
    outcome
}

/// Format, lints and documentation; what is quick to fail comes first.
fn checks(project: &Project) -> Result {
    setup::for_linting(project)?;
    let cargo = |args: &str| {
        let mut cargo = project.cargo();
        cargo.args(args.split_whitespace());
        cargo
    };
    step::quietly("format", &mut cargo("fmt --all --check"))?;
    setup::for_building(project)?;
    step::quietly(
        "lints, native",
        &mut cargo("clippy --workspace --all-targets --exclude purser-app -- -D warnings"),
    )?;
    step::quietly(
        "lints, the app as its tests see it",
        &mut cargo("clippy -p purser-app --features ssr --all-targets -- -D warnings"),
    )?;
    step::quietly(
        "lints, the app in the browser",
        &mut cargo(
            "clippy -p purser-app --features csr --target wasm32-unknown-unknown -- -D warnings",
        ),
    )?;
    let mut documentation = cargo("doc --workspace --no-deps --features purser-app/ssr");
    step::quietly("documentation", documentation.env("RUSTDOCFLAGS", "-D warnings"))?;
    let mut typescript = project.command("tsc");
    step::quietly("types of the browser tests", typescript.args(["--noEmit", "--project", "e2e"]))
}

fn all_tests(project: &Project, args: &[&str], schedules: &str, totals: &mut Totals) -> Result {
    setup::for_building(project)?;
    let chromium = browser::chromium(project)?;
    rust_tests(project, totals)?;
    build::dist(project)?;
    let mut playwright = playwright(project, &chromium);
    playwright.env("FAULTS", schedules).args(args.strip_prefix(&["--"]).unwrap_or(args));
    step::watched("tests in the browser", &mut playwright, |line| {
        totals.browser += passed_in_playwright(line).unwrap_or(0);
    })
}

/// Runs only the schedules in which something goes wrong while somebody answers (`e2e/faults`), as many
/// as `count` says.
pub(crate) fn faults(project: &Project, count: &str) -> Result {
    setup::for_building(project)?;
    let chromium = browser::chromium(project)?;
    build::dist(project)?;
    let mut playwright = playwright(project, &chromium);
    playwright.env("FAULTS", count).args(["--project", "faults"]);
    step::aloud("schedules of faults", &mut playwright)
}

fn playwright(project: &Project, chromium: &Path) -> Command {
    let mut playwright = project.command("npx");
    playwright
        .current_dir(project.path("e2e"))
        .env("CHROMIUM", chromium)
        .env("PURSER_BINARY", project.binary())
        .args(["--no-install", "playwright", "test"]);
    playwright
}

fn rust_tests(project: &Project, totals: &mut Totals) -> Result {
    let mut count = |line: &str| totals.rust += passed_in_cargo(line).unwrap_or(0);
    // The app is tested as text, and so with another feature than in the browser.
    let mut workspace = project.cargo();
    workspace.args([
        "test",
        "--workspace",
        "--exclude",
        "purser-app",
        "--no-fail-fast",
        "--",
        "--quiet",
    ]);
    step::watched("tests in Rust", &mut workspace, &mut count)?;
    let mut app = project.cargo();
    app.args(["test", "-p", "purser-app", "--features", "ssr", "--no-fail-fast", "--", "--quiet"]);
    step::watched("tests of the app's markup", &mut app, &mut count)
}

/// How many tests have passed.
#[derive(Default)]
struct Totals {
    rust: usize,
    browser: usize,
}

impl Totals {
    fn print(&self) {
        let Self { rust, browser } = self;
        println!(
            "\nPassed: {rust} tests in Rust, {browser} tests in the browser, {} in all.",
            rust + browser
        );
    }
}

/// Reads `test result: ok. 12 passed; 0 failed; ...`.
fn passed_in_cargo(line: &str) -> Option<usize> {
    let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
    counts.split_once(" passed")?.0.parse().ok()
}

/// Reads `  12 passed (34.5s)`.
fn passed_in_playwright(line: &str) -> Option<usize> {
    line.trim().split_once(" passed")?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_says_is_counted() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(passed_in_cargo(line), Some(12));
        let line = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(passed_in_cargo(line), Some(3));
        assert_eq!(passed_in_cargo("test draft::twelve passed ... ok"), None);
    }

    #[test]
    fn what_playwright_says_is_counted() {
        assert_eq!(passed_in_playwright("  48 passed (1.2m)"), Some(48));
        assert_eq!(
            passed_in_playwright("  ✓  1 [desktop] › walk.spec.ts:3:1 › it passed (2s)"),
            None
        );
    }
}
