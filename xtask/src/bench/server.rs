//! How long the embedded backend takes to answer, with a million accounts if nothing else is said.

mod client;
mod json;
mod measure;
mod operations;
mod process;
mod random;
mod scene;

use std::time::Duration;

use self::{
    measure::{Effort, Figures},
    operations::{Kind, Operation},
    process::Server,
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
const SMALLER: [usize; 2] = [10_000, 100_000];

/// Every read stays below this at one client, 99 times of 100.
const READ_BAR: Duration = Duration::from_millis(25);
/// A million accounts are there after so long.
const SEEDING_BAR: Duration = Duration::from_secs(60);
/// The server needs no more than this, in megabytes.
const MEMORY_BAR: u64 = 200;

const CLIENTS: usize = 32;
/// What takes longer than this alone would keep 32 clients waiting for minutes.
const TOO_SLOW_TOGETHER: Duration = Duration::from_secs(1);

const THOROUGH: Effort = Effort {
    samples: 300,
    warm_up: 5,
    longest: Duration::from_secs(10),
    together: Duration::from_secs(5),
};
const BRIEF: Effort = Effort {
    samples: 100,
    warm_up: 5,
    longest: Duration::from_secs(3),
    together: Duration::from_secs(2),
};

/// Prints how long each operation takes, and what the server needs. Only figures: how fast a
/// machine is says nothing about a change. A wrong answer is a failure.
pub(crate) fn server(project: &Project, args: &[&str]) -> Result {
    let accounts = read_arguments(args)?;
    build::server(project)?;
    let mut runs = Vec::new();
    if accounts >= GROWTH_FROM {
        for smaller in SMALLER.into_iter().filter(|it| *it < accounts) {
            runs.push(run(project, smaller, &BRIEF)?);
        }
    }
    runs.push(run(project, accounts, &THOROUGH)?);
    if runs.len() > 1 {
        print_growth(&runs);
    }
    Ok(())
}

fn read_arguments(args: &[&str]) -> Result<usize> {
    match args {
        [] => Ok(ACCOUNTS),
        ["--accounts", number] => match number.replace('_', "").parse() {
            Ok(number) if number >= 100 => Ok(number),
            _ => Err(Failure::new(format!("--accounts takes a number from 100, not {number}."))),
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
    is_main: bool,
    figures: Figures,
}

fn run(project: &Project, accounts: usize, effort: &Effort) -> Result<Run> {
    println!("\n## {accounts} accounts\n");
    let server = Server::start(project, accounts)?;
    println!(
        "Ready after {:.1} s{}, with at most {} MB of memory.\n",
        server.start_took.as_secs_f64(),
        if accounts == ACCOUNTS {
            format!(" (bar {} s)", SEEDING_BAR.as_secs())
        } else {
            String::new()
        },
        server.memory()?.most
    );
    let measured =
        measure_all(&server, accounts, effort).map_err(|failure| server.explain(failure))?;
    let memory = server.memory()?;
    println!("\nMemory: {} MB now, {} MB at most (bar {MEMORY_BAR} MB).", memory.now, memory.most);
    Ok(Run { accounts, rows: measured })
}

fn measure_all(server: &Server, accounts: usize, effort: &Effort) -> Result<Vec<Row>> {
    let scenes = Scene::all(server.address, accounts)?;
    let scene = |who: &str| scenes.iter().find(|it| it.who == who).expect("everybody has a scene");
    let operations = operations::all();
    let comment = operations.iter().find(|it| it.name == operations::COMMENT);

    println!("One client:\n");
    println!("| operation | as | p50 ms | p99 ms | samples | |");
    println!("| --- | --- | ---: | ---: | ---: | --- |");
    let mut rows = Vec::new();
    for it in &operations {
        let figures = measure::alone(server.address, scene(it.who), it, effort, None)?;
        print_row(&it.name, it, &figures);
        rows.push(Row { name: it.name.clone(), who: it.who, is_main: it.is_main, figures });
    }
    for it in operations.iter().filter(|it| it.is_main && it.kind == Kind::Read) {
        let figures = measure::alone(server.address, scene(it.who), it, effort, comment)?;
        print_row(&format!("{}, a write between every ten", it.name), it, &figures);
    }

    println!("\n{CLIENTS} clients:\n");
    println!("| operation | as | p50 ms | p99 ms | requests/s |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for (it, alone) in operations.iter().zip(&rows).filter(|(it, _)| it.is_together) {
        if alone.figures.percentile(50) > TOO_SLOW_TOGETHER {
            println!("| {} | {} | | | too slow alone |", it.name, it.who);
            continue;
        }
        let (figures, rate) =
            measure::together(server.address, scene(it.who), it, CLIENTS, effort.together)?;
        let (p50, p99) = (figures.milliseconds(50), figures.milliseconds(99));
        println!("| {} | {} | {p50:.2} | {p99:.2} | {rate:.0} |", it.name, it.who);
    }
    Ok(rows)
}

fn print_row(name: &str, operation: &Operation, figures: &Figures) {
    let is_over = operation.kind == Kind::Read && figures.percentile(99) > READ_BAR;
    let mark = if is_over { "over 25 ms" } else { "" };
    let (p50, p99) = (figures.milliseconds(50), figures.milliseconds(99));
    println!(
        "| {name} | {} | {p50:.2} | {p99:.2} | {} | {mark} |",
        operation.who,
        figures.samples()
    );
}

/// The main operations, beside each other for each size.
fn print_growth(runs: &[Run]) {
    println!("\n## How cost grows: p50 in ms at one client\n");
    let heads: Vec<String> = runs.iter().map(|it| format!(" {} |", it.accounts)).collect();
    println!("| operation | as |{}", heads.concat());
    println!("| --- | --- |{}", " ---: |".repeat(runs.len()));
    for (index, row) in runs[0].rows.iter().enumerate().filter(|(_, it)| it.is_main) {
        let figures = runs.iter().map(|run| &run.rows[index].figures);
        let figures: Vec<String> =
            figures.map(|it| format!(" {:.2} |", it.milliseconds(50))).collect();
        println!("| {} | {} |{}", row.name, row.who, figures.concat());
    }
}
