//! Where things are, and how a command of the project is started.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::failure::{Doing, Failure, Result};

/// The working copy that this tool belongs to.
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// The working copy this tool was compiled in.
    pub(crate) fn here() -> Self {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ is in the project");
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(target) => {
                env::current_dir().map_or_else(|_| root.join(&target), |it| it.join(&target))
            }
            None => root.join("target"),
        };
        Self { root: root.to_owned(), target }
    }

    /// A path inside the working copy.
    pub(crate) fn path(&self, inside: impl AsRef<Path>) -> PathBuf {
        self.root.join(inside)
    }

    /// A path inside cargo's target folder.
    pub(crate) fn target(&self, inside: impl AsRef<Path>) -> PathBuf {
        self.target.join(inside)
    }

    /// The folder of the project's own tools.
    pub(crate) fn tools(&self) -> PathBuf {
        self.path("target/tools")
    }

    /// The server with the app inside, which `cargo xtask dist` leaves.
    pub(crate) fn binary(&self) -> PathBuf {
        self.target(format!("dist/purser{}", env::consts::EXE_SUFFIX))
    }

    /// The server as cargo leaves it.
    pub(crate) fn release_binary(&self) -> PathBuf {
        self.target(format!("release/purser{}", env::consts::EXE_SUFFIX))
    }

    /// A command that runs at the top of the working copy and finds the project's tools first.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.search_path());
        command
    }

    /// Cargo, the one that runs this tool.
    pub(crate) fn cargo(&self) -> Command {
        self.command(&env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
    }

    /// What a program says of its version, or nothing if there is no such program.
    pub(crate) fn version_of(&self, program: &str) -> Option<String> {
        let output = self.command(program).arg("--version").output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    }

    /// Where a program is, if it is on the path.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        env::split_paths(&self.search_path())
            .map(|folder| folder.join(program))
            .find(|it| it.is_file())
    }

    /// The version of a package in Cargo.lock.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let lock = fs::read_to_string(self.path("Cargo.lock")).doing("read Cargo.lock")?;
        version_in_lock(&lock, package)
            .map(str::to_owned)
            .ok_or_else(|| Failure::new(format!("Cargo.lock does not name {package}.")))
    }

    fn search_path(&self) -> std::ffi::OsString {
        let ours = [self.tools().join("bin"), self.path("e2e/node_modules/.bin")];
        let theirs = env::var_os("PATH").unwrap_or_default();
        let all = ours.into_iter().chain(env::split_paths(&theirs));
        // Only a folder with the separator in its name cannot be joined; then the user's path is what there is.
        env::join_paths(all).unwrap_or(theirs)
    }
}

fn version_in_lock<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_tells_the_version_of_a_package_and_not_of_its_namesakes() {
        let lock = "\
[[package]]
name = \"wasm-bindgen-futures\"
version = \"0.4.1\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
dependencies = [
 \"once_cell\",
]
";
        assert_eq!(version_in_lock(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }
}
