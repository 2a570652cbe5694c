//! Measures the checklist form in a real browser, and the rules behind it.

use crate::{browser, build, failure::Result, project::Project, step};

/// Prints how the form feels, beside a page in plain JavaScript that does the same work; then what
/// files cost, and how long the rules take. Only figures: how fast a machine is says nothing about a
/// change.
pub(crate) fn form(project: &Project) -> Result {
    build::dist(project)?;
    in_browser(project, "the form, with 500 questions", "bench/form.mjs")?;
    in_browser(project, "files", "bench/files.mjs")?;
    let mut rules = project.cargo();
    step::aloud("the rules", rules.args(["bench", "--package", "checklist"]))
}

fn in_browser(project: &Project, name: &str, script: &str) -> Result {
    let mut node = project.command("node");
    node.env("CHROMIUM", browser::chromium(project)?)
        .env("PURSER_BINARY", project.binary())
        .arg(project.path(script));
    step::aloud(name, &mut node)
}
