//! The browser that the tests drive: the system's Chromium.

use std::{env, fs, path::PathBuf};

use crate::{
    failure::{Failure, Result},
    project::Project,
    step,
};

/// Where Chromium is. Installs it where that can be done without asking anybody: as root on Debian.
pub(crate) fn chromium(project: &Project) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM") {
        let chosen = PathBuf::from(chosen);
        let complaint = format!("CHROMIUM says {}, and there is no such file.", chosen.display());
        return chosen.is_file().then_some(chosen).ok_or_else(|| Failure::new(complaint));
    }
    if let Some(found) = find(project) {
        return Ok(found);
    }
    if !is_root(project) || !is_debian() {
        return Err(Failure::new(
            "The tests in the browser need Chromium, and none was found on the path. Install it \
             (on Debian: `apt-get install chromium`) or say where it is: CHROMIUM=/path/to/chromium.",
        ));
    }
    let apt = |args: &[&str]| {
        let mut command = project.command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
        command
    };
    step::quietly("the list of Debian's packages", &mut apt(&["update"]))?;
    step::quietly("Chromium", &mut apt(&["install", "--yes", "chromium"]))?;
    find(project)
        .ok_or_else(|| Failure::new("Chromium was installed and still is not on the path."))
}

fn find(project: &Project) -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(|name| project.find(name))
}

fn is_root(project: &Project) -> bool {
    let user = project.command("id").arg("-u").output();
    user.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn is_debian() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release
        .lines()
        .any(|line| line == "ID=debian" || line.starts_with("ID_LIKE=") && line.contains("debian"))
}
