//! Steps that are announced, timed and, while they last, seen to move.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, ExitStatus, Stdio},
    sync::{
        Mutex, PoisonError,
        mpsc::{RecvTimeoutError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use crate::failure::{Doing, Failure, Result};

const HEARTBEAT: Duration = Duration::from_secs(15);

/// Runs a command that has nothing to tell unless it fails. What it prints is kept back; a long one
/// shows its latest line now and then.
pub(crate) fn quietly(name: &str, command: &mut Command) -> Result {
    let started = now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .doing(format_args!("start {}", program(command)))?;
    let output = Mutex::new(Vec::new());
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // Never sent to: it is closed when both readers are done.
        let (open, closed) = channel::<()>();
        let other = open.clone();
        scope.spawn(|| keep_lines(stdout, &output, open));
        scope.spawn(|| keep_lines(stderr, &output, other));
        while closed.recv_timeout(HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
            let lines = output.lock().unwrap_or_else(PoisonError::into_inner);
            let latest = lines.last().map_or("", |line: &String| line.trim());
            eprintln!("  … {name}, {} so far: {latest}", seconds(started));
        }
    });
    let status = child.wait().doing(format_args!("wait for {}", program(command)))?;
    if status.success() {
        eprintln!("  ✓ {name} ({})", seconds(started));
        return Ok(());
    }
    let lines = output.into_inner().unwrap_or_else(PoisonError::into_inner);
    let said = lines.join("\n");
    Err(Failure::new(format!(
        "{said}\n\n{name}: {} failed ({status}). What it said is above.",
        program(command)
    )))
}

/// Runs a command that speaks for itself.
pub(crate) fn aloud(name: &str, command: &mut Command) -> Result {
    eprintln!("  → {name}");
    let started = now();
    let status = command.status().doing(format_args!("start {}", program(command)))?;
    finished(name, command, status, started)
}

/// Runs a command that speaks for itself and shows each line it says to `look` as well.
pub(crate) fn watched(name: &str, command: &mut Command, mut look: impl FnMut(&str)) -> Result {
    eprintln!("  → {name}");
    let started = now();
    let mut child =
        command.stdout(Stdio::piped()).spawn().doing(format_args!("start {}", program(command)))?;
    for line in lines(child.stdout.take()) {
        println!("{line}");
        look(&line);
    }
    let status = child.wait().doing(format_args!("wait for {}", program(command)))?;
    finished(name, command, status, started)
}

/// Now, on the clock that only goes forward.
#[expect(clippy::disallowed_methods, reason = "the ban is for code that runs in the browser")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// How long ago something started, for people.
pub(crate) fn seconds(started: Instant) -> String {
    let seconds = started.elapsed().as_secs_f32();
    if seconds < 10.0 { format!("{seconds:.1} s") } else { format!("{seconds:.0} s") }
}

fn finished(name: &str, command: &Command, status: ExitStatus, started: Instant) -> Result {
    if status.success() {
        eprintln!("  ✓ {name} ({})", seconds(started));
        return Ok(());
    }
    Err(Failure::new(format!("{name}: {} failed ({status}).", program(command))))
}

/// Keeps what is read until the end; `_open` closes with it.
fn keep_lines<S>(stream: Option<impl Read>, output: &Mutex<Vec<String>>, _open: S) {
    for line in lines(stream) {
        output.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

/// What is said, by lines. A byte that is no text does not end it.
fn lines(stream: Option<impl Read>) -> impl Iterator<Item = String> {
    stream
        .into_iter()
        .flat_map(|it| BufReader::new(it).split(b'\n'))
        .map_while(|line| line.ok())
        .map(|line| String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned())
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
