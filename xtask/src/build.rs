//! Builds the app and the server that carries it.

use std::{fs, process::Command};

use crate::{
    failure::{Doing, Result},
    inputs,
    project::Project,
    setup, step,
};

/// Builds the one self-contained binary and leaves it at `target/dist/purser`.
pub(crate) fn dist(project: &Project) -> Result {
    app(project)?;
    server(project)?;
    let binary = project.binary();
    if let Some(folder) = binary.parent() {
        fs::create_dir_all(folder).doing(format_args!("make the folder {}", folder.display()))?;
    }
    // A program that runs cannot be written to, but its name can be given to another file.
    let _ = fs::remove_file(&binary);
    let built = project.release_binary();
    let size =
        fs::copy(built, &binary).doing(format_args!("copy purser to {}", binary.display()))?;
    eprintln!("  ✓ {} ({:.1} MB)", binary.display(), megabytes(size));
    Ok(())
}

/// Builds what the app and the server are made of, without the tools that finish the app.
pub(crate) fn ahead(project: &Project) -> Result {
    // The same words that trunk uses, so that it finds everything done.
    let mut app = project.cargo();
    app.args([
        "build",
        "--locked",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "wasm-release",
    ]);
    app.args(["--bin", "purser-app", "--features", "csr"]);
    step::quietly("the app, compiled", &mut app)?;
    step::quietly("the server's dependencies", &mut cargo_build_server(project))
}

/// Builds the app into `dist/`, unless it is there and made of what is here now.
pub(crate) fn app(project: &Project) -> Result {
    setup::for_building(project)?;
    if inputs::are_built(project)? {
        eprintln!("  ✓ the app, unchanged");
        return Ok(());
    }
    let mut trunk = project.command("trunk");
    trunk.args(["build", "--release", "--skip-version-check"]);
    // Trunk stops at the usual value of it, `1`.
    trunk.env_remove("NO_COLOR");
    step::quietly("the app", &mut trunk)?;
    inputs::note_built(project)
}

/// Builds the server, with the app inside if that is built.
pub(crate) fn server(project: &Project) -> Result {
    step::quietly("the server, with the app inside", &mut cargo_build_server(project))
}

fn cargo_build_server(project: &Project) -> Command {
    let mut cargo = project.cargo();
    cargo.args(["build", "--release", "--package", "purser"]);
    cargo
}

#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
fn megabytes(size: u64) -> f64 {
    size as f64 / 1e6
}
