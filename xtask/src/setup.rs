//! What has to be there before something can be built or tested. Each part looks first and does
//! nothing when it is satisfied.

use std::{fs, path::Path, process::Command, thread};

use crate::{
    build,
    failure::{Doing, Failure, Result},
    project::Project,
    step,
};

/// The release that is known to build with the oldest compiler the project supports.
const TRUNK: &str = "0.21.14";

/// Everything that building the app takes.
///
/// On a fresh clone the tools are compiled beside what the app and the server need, because neither
/// keeps all processors busy to its end.
pub(crate) fn for_building(project: &Project) -> Result {
    wasm_target(project)?;
    npm_packages(project)?;
    let tools = Tool::missing(project)?;
    if tools.is_empty() {
        return splitter(project);
    }
    eprintln!(
        "Setting up. The first time takes some minutes; what was done once is kept in target/."
    );
    if project.path("dist").exists() {
        tools.iter().try_for_each(|tool| tool.install(project))?;
        return splitter(project);
    }
    thread::scope(|scope| {
        let dependencies = scope.spawn(|| build::ahead(project));
        tools.iter().try_for_each(|tool| tool.install(project))?;
        dependencies.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    splitter(project)
}

/// Our own program, which stands in front of the real wasm-bindgen and splits the app.
fn splitter(project: &Project) -> Result {
    let mut cargo = project.cargo();
    cargo.args(["build", "--locked", "--package", "splitter"]);
    step::quietly("the splitter", &mut cargo)?;
    let suffix = std::env::consts::EXE_SUFFIX;
    let bin = project.tools().join("bin");
    fs::create_dir_all(&bin).doing("make the folder of the tools")?;
    let place = bin.join(format!("wasm-bindgen{suffix}"));
    // A program that runs cannot be written to, but its name can be given to another file.
    let _ = fs::remove_file(&place);
    fs::copy(project.target(format!("debug/splitter{suffix}")), place)
        .doing("copy the splitter")?;
    Ok(())
}

/// The parts of the toolchain that `cargo xtask ci` asks.
pub(crate) fn for_linting(project: &Project) -> Result {
    for (component, program) in [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")] {
        if project.version_of(program).is_none() {
            step::quietly(
                component,
                project.command("rustup").args(["component", "add", component]),
            )?;
        }
    }
    Ok(())
}

fn wasm_target(project: &Project) -> Result {
    const TARGET: &str = "wasm32-unknown-unknown";
    let output = project
        .command("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .doing("start rustc")?;
    let library = String::from_utf8_lossy(&output.stdout);
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    step::quietly(
        "the compiler's part for WebAssembly",
        project.command("rustup").args(["target", "add", TARGET]),
    )
}

/// Playwright, axe and wasm-opt, in the versions of the lock file.
fn npm_packages(project: &Project) -> Result {
    if project.version_of("node").is_none() || project.version_of("npm").is_none() {
        return Err(Failure::new(
            "Node.js with npm is needed, version 20 or later, and was not found on the path.",
        ));
    }
    let wanted =
        fs::read(project.path("e2e/package-lock.json")).doing("read e2e/package-lock.json")?;
    let stamp = project.path("e2e/node_modules/.purser-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = project.command("npm");
    npm.current_dir(project.path("e2e"))
        // The browser is the system's, see browser.rs.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .args(["ci", "--no-audit", "--no-fund"]);
    step::quietly("npm packages", &mut npm)?;
    fs::write(stamp, wanted).doing("note which npm packages are there")
}

/// A tool of the project that cargo builds.
struct Tool {
    package: &'static str,
    program: &'static str,
    version: String,
    /// What of the package is needed.
    only: &'static [&'static str],
    /// Where it goes, below the folder of the tools.
    root: &'static str,
}

impl Tool {
    /// The tools that are not there in the right version.
    fn missing(project: &Project) -> Result<Vec<Self>> {
        let all = [
            Self {
                package: "trunk",
                program: "trunk",
                version: TRUNK.to_owned(),
                only: &[],
                root: "",
            },
            // The two halves of wasm-bindgen only fit in the same version. Trunk downloads it otherwise.
            Self {
                package: "wasm-bindgen-cli",
                program: "wasm-bindgen",
                version: project.locked_version("wasm-bindgen")?,
                // The rest runs tests in a remote browser, over TLS.
                only: &["--no-default-features", "--bin", "wasm-bindgen"],
                // The splitter stands in its place.
                root: "real",
            },
        ];
        Ok(all.into_iter().filter(|tool| !tool.is_installed(project)).collect())
    }

    fn is_installed(&self, project: &Project) -> bool {
        let program = project.tools().join(self.root).join("bin").join(self.program);
        let said = project.version_of(&program.to_string_lossy());
        said.is_some_and(|said| said.split_whitespace().nth(1) == Some(&self.version))
    }

    /// Installs the tool as its authors locked it. A registry that is a copy may lack one of those
    /// versions; then what fits takes its place.
    fn install(&self, project: &Project) -> Result {
        let name = format!("{} {}", self.package, self.version);
        let as_locked = step::quietly(&name, self.cargo_install(project).arg("--locked"));
        as_locked.or_else(|_| {
            eprintln!(
                "  … {name} cannot be built as its authors locked it; once more, with what fits"
            );
            step::quietly(&name, &mut self.cargo_install(project))
        })
    }

    /// The unoptimized form is fast enough for our sizes and compiles in a third of the time.
    fn cargo_install(&self, project: &Project) -> Command {
        let mut cargo = project.cargo();
        cargo
            // For what the lock file does not decide.
            .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
            .args(["install", self.package, "--version", &self.version, "--debug", "--force"])
            .args(self.only)
            .arg("--root")
            .arg(project.tools().join(self.root))
            .arg("--target-dir")
            .arg(project.tools().join("build"));
        cargo
    }
}
