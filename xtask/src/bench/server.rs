//! How long the embedded backend takes to answer, with a million accounts if nothing else is said.

mod client;
mod json;
mod measure;
mod operations;
mod process;
mod random;
mod scene;

use std::{net::SocketAddr, time::Duration};

use self::{
    measure::{Effort, Figures},
    operations::{Kind, Operation},
    process::{Memory, Server},
    scene::Scene,
};
use crate::{
    build,
    failure::{Failure, Result},
    project::Project,
};

const ACCOUNTS: usize = 1_000_000;
/// From this many on, smaller sizes are measured as well, to show how cost grows.
const GROWTH_FROM: usize = 100_000;
/// With fewer there is not enough to choose from.
const FEWEST_ACCOUNTS: usize = 100;
const SMALLER: [usize; 2] = [10_000, 100_000];

/// Every read stays below this at one client, 99 times of 100.
const READ_BAR: Duration = Duration::from_millis(25);
/// A million accounts are there after so long.
const SEEDING_BAR: Duration = Duration::from_secs(60);
/// The server needs no more than this, in megabytes.
const MEMORY_BAR: u64 = 200;

const CLIENTS: usize = 32;
/// What takes longer than this alone would keep 32 clients waiting for minutes.
const TOO_SLOW: Duration = Duration::from_secs(1);

const THOROUGH: Effort = Effort {
    samples: 300,
    warm_up: 5,
    longest: Duration::from_secs(4),
    together: Duration::from_secs(5),
};
const BRIEF: Effort =
    Effort { samples: 100, warm_up: 5, longest: Duration::from_secs(2), together: Duration::ZERO };

/// Prints how long each operation takes, and what the server needs. Only figures: how fast a
/// machine is says nothing about a change. A wrong answer is a failure.
pub(crate) fn server(project: &Project, args: &[&str]) -> Result {
    let accounts = read_arguments(args)?;
    build::server(project)?;
    let mut runs = Vec::new();
    if accounts >= GROWTH_FROM {
        for smaller in SMALLER.into_iter().filter(|it| *it < accounts) {
            runs.push(run(project, smaller, |stage| stage.alone(&BRIEF, |it| it.is_main))?);
        }
    }
    runs.push(run(project, accounts, |stage| {
        let rows = stage.alone(&THOROUGH, |_| true)?;
        stage.with_writes(&THOROUGH, &rows)?;
        stage.together(&THOROUGH, &rows)?;
        Ok(rows)
    })?);
    if runs.len() > 1 {
        print_growth(&runs);
    }
    Ok(())
}

fn read_arguments(args: &[&str]) -> Result<usize> {
    match args {
        [] => Ok(ACCOUNTS),
        ["--accounts", number] => match number.replace('_', "").parse() {
            Ok(number) if number >= FEWEST_ACCOUNTS => Ok(number),
            _ => Err(Failure::new(format!(
                "--accounts takes a number from {FEWEST_ACCOUNTS}, not {number}."
            ))),
        },
        _ => Err(Failure::new("Usage: cargo xtask bench server [--accounts N]")),
    }
}

/// What was measured at one size.
struct Run {
    accounts: usize,
    rows: Vec<Row>,
}

/// An operation at one client.
struct Row {
    name: String,
    who: &'static str,
    figures: Figures,
}

/// Starts a server, measures, and stops it.
fn run(
    project: &Project,
    accounts: usize,
    measure: impl FnOnce(&Stage) -> Result<Vec<Row>>,
) -> Result<Run> {
    println!("\n## {accounts} accounts\n");
    let server = Server::start(project, accounts)?;
    let took = server.start_took.as_secs_f64();
    println!("Ready after {took:.1} s (bar for a million: {} s).", SEEDING_BAR.as_secs());
    print_memory(&server);
    let rows = Stage::new(server.address, accounts).and_then(|stage| measure(&stage));
    let rows = rows.map_err(|failure| server.explain(failure))?;
    println!();
    print_memory(&server);
    Ok(Run { accounts, rows })
}

fn print_memory(server: &Server) {
    if let Some(Memory { now, most }) = server.memory() {
        println!("Memory: {now} MB now, {most} MB at most until now (bar {MEMORY_BAR} MB).");
    }
}

/// A running server, and all there is to ask it.
struct Stage {
    address: SocketAddr,
    scenes: Vec<Scene>,
    operations: Vec<Operation>,
}

impl Stage {
    fn new(address: SocketAddr, accounts: usize) -> Result<Self> {
        let scenes = Scene::all(address, accounts)?;
        Ok(Self { address, scenes, operations: operations::all() })
    }

    fn scene(&self, operation: &Operation) -> &Scene {
        let scene = self.scenes.iter().find(|it| it.who == operation.who);
        scene.expect("everybody has a scene")
    }

    /// One client.
    fn alone(&self, effort: &Effort, wanted: impl Fn(&Operation) -> bool) -> Result<Vec<Row>> {
        print_head("One client", "samples | ");
        let mut rows = Vec::new();
        for it in self.operations.iter().filter(|it| wanted(it)) {
            let figures = measure::alone(self.address, self.scene(it), it, effort, None)?;
            print_alone(it, &figures);
            rows.push(Row { name: it.name.clone(), who: it.who, figures });
        }
        Ok(rows)
    }

    /// One client, and another who writes: what is remembered between requests must survive that.
    fn with_writes(&self, effort: &Effort, alone: &[Row]) -> Result {
        print_head(
            "One client, and a write of somebody else before every tenth request",
            "samples | ",
        );
        let write = self.operations.iter().find(|it| it.name == operations::COMMENT);
        let write = write.map(|it| (self.scene(it), it));
        for it in self.operations.iter().filter(|it| it.is_main && it.kind == Kind::Read) {
            if is_fast(alone, it) {
                let figures = measure::alone(self.address, self.scene(it), it, effort, write)?;
                print_alone(it, &figures);
            }
        }
        Ok(())
    }

    fn together(&self, effort: &Effort, alone: &[Row]) -> Result {
        print_head(&format!("{CLIENTS} clients"), "requests/s");
        for it in self.operations.iter().filter(|it| it.is_together) {
            if is_fast(alone, it) {
                let time = effort.together;
                let (figures, rate) =
                    measure::together(self.address, self.scene(it), it, CLIENTS, time)?;
                print_row(it, &figures, &format!("{rate:.0}"));
            }
        }
        Ok(())
    }
}

/// Whether an operation alone was fast enough to be measured in other ways. If not, says so.
fn is_fast(alone: &[Row], operation: &Operation) -> bool {
    let row = alone.iter().find(|it| (&it.name, it.who) == (&operation.name, operation.who));
    let is_fast = row.is_some_and(|it| it.figures.percentile(50) <= TOO_SLOW);
    if !is_fast {
        println!("| {} | {} | | | too slow alone |", operation.name, operation.who);
    }
    is_fast
}

fn print_head(title: &str, last: &str) {
    println!("\n{title}:\n");
    println!("| operation | as | p50 ms | p99 ms | {last} |");
    println!("| --- | --- | ---: | ---: |{}", " ---: |".repeat(last.split('|').count()));
}

fn print_alone(operation: &Operation, figures: &Figures) {
    let is_over = operation.kind == Kind::Read && figures.percentile(99) > READ_BAR;
    let mark = if is_over { format!("over {} ms", READ_BAR.as_millis()) } else { String::new() };
    print_row(operation, figures, &format!("{} | {mark}", figures.samples()));
}

fn print_row(operation: &Operation, figures: &Figures, last: &str) {
    let Operation { name, who, .. } = operation;
    let (p50, p99) = (figures.milliseconds(50), figures.milliseconds(99));
    println!("| {name} | {who} | {p50:.2} | {p99:.2} | {last} |");
}

/// What was measured at every size, side by side.
fn print_growth(runs: &[Run]) {
    println!("\n## How cost grows: p50 in ms at one client\n");
    let heads: Vec<String> = runs.iter().map(|it| format!(" {} |", it.accounts)).collect();
    println!("| operation | as |{}", heads.concat());
    println!("| --- | --- |{}", " ---: |".repeat(runs.len()));
    for Row { name, who, .. } in &runs[0].rows {
        let figures = runs.iter().filter_map(|run| {
            let row = run.rows.iter().find(|it| (&it.name, &it.who) == (name, who))?;
            Some(format!(" {:.2} |", row.figures.milliseconds(50)))
        });
        println!("| {name} | {who} |{}", figures.collect::<String>());
    }
}
