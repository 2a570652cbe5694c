//! Starts the whole of Purser, from nothing if need be.

use std::process::Command;

use crate::{build, failure::Result, project::Project};

/// Builds what is missing and becomes `purser demo`, which says its address and who can sign in.
pub(crate) fn run(project: &Project, args: &[&str]) -> Result {
    build::dist(project)?;
    eprintln!();
    // `cargo xtask demo -- --listen ...` and without the dashes are both common.
    let args = args.strip_prefix(&["--"]).unwrap_or(args);
    let mut purser = Command::new(project.binary());
    purser.arg("demo").args(args);
    replace_this_program(purser)
}

/// The server takes this program's place, so that Ctrl-C and the exit code are its own.
#[cfg(unix)]
fn replace_this_program(mut purser: Command) -> Result {
    use std::os::unix::process::CommandExt;

    use crate::failure::Doing;

    Err(purser.exec()).doing("start purser")
}

/// The console sends Ctrl-C to the server as well; this program only has to outlive it.
#[cfg(not(unix))]
fn replace_this_program(mut purser: Command) -> Result {
    use crate::failure::{Doing, Failure};

    let status = purser.status().doing("start purser")?;
    status
        .success()
        .then_some(())
        .ok_or_else(|| Failure::new(format!("purser stopped ({status}).")))
}
