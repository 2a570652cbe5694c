//! Times the table of accounts in a real browser.

use crate::{browser, build, failure::Result, project::Project, step};

/// Prints how long the table takes to be seen, beside a page in plain JavaScript that shows the
/// same rows. Only figures: how fast a machine is says nothing about a change.
pub(crate) fn load(project: &Project) -> Result {
    build::dist(project)?;
    let mut script = project.command("node");
    script
        .env("CHROMIUM", browser::chromium(project)?)
        .env("PURSER_BINARY", project.binary())
        .arg(project.path("bench/load.mjs"));
    step::aloud("the table of accounts, from the address to the painted rows", &mut script)
}
