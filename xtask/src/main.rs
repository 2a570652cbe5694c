//! Everything a developer or a visitor runs: `cargo xtask demo`, `test`, `dist`, `ci`, `bench`.
//!
//! Each command first sets up what it needs and leaves alone what is there. Tools of the project go
//! into `target/tools`, so nothing of the user's is changed.

mod bench;
mod browser;
mod build;
mod chunks;
mod demo;
mod failure;
mod inputs;
mod post_build;
mod project;
mod setup;
mod step;
mod test;

use std::{env, process::ExitCode};

use self::{
    failure::{Failure, Result},
    project::Project,
};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo [ARGS]   build everything and start the app with demo data; ARGS go to `purser demo`
  test [ARGS]   run all tests, in Rust and in the browser; ARGS go to Playwright
  test --faults N
                run only the schedules in which something goes wrong while answering, N of them
  dist          build the one self-contained binary, target/dist/purser
  ci            check format and lints, then run all tests
  bench size    weigh what the browser loads, and fail over the budget
  bench load    time the table of accounts in the browser, beside a page in plain JavaScript
  bench form    measure the checklist form in the browser, beside a page in plain JavaScript
  bench server [--accounts N]
                time the embedded backend, with a million accounts or N";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result {
    let project = Project::here();
    match args {
        ["demo", args @ ..] => demo::run(&project, args),
        ["test", "--faults", count] => test::faults(&project, count),
        ["test", args @ ..] => test::run(&project, args),
        ["dist"] => build::dist(&project),
        ["ci"] => test::ci(&project),
        ["bench", "size"] => bench::size(&project),
        ["bench", "load"] => bench::load(&project),
        ["bench", "form"] => bench::form(&project),
        ["bench", "server", args @ ..] => bench::server(&project, args),
        // Called by trunk, see Trunk.toml.
        ["post-build"] => post_build::run(&project),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(Failure::new(USAGE)),
    }
}
