//! The server that is measured: a process of its own, on new data.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::{
    failure::{Doing, Failure, Result},
    project::Project,
    step,
};

/// Runs until it is dropped, and takes its data with it.
pub(super) struct Server {
    child: Child,
    folder: PathBuf,
    log: PathBuf,
    pub(super) address: SocketAddr,
    /// From the start, with no data, until it listens.
    pub(super) start_took: Duration,
}

/// Resident memory in megabytes.
pub(super) struct Memory {
    pub(super) now: u64,
    pub(super) most: u64,
}

impl Server {
    /// Starts the release build with so many accounts in a new folder.
    pub(super) fn start(project: &Project, accounts: usize) -> Result<Self> {
        let folder = project.target("bench/server");
        let log = project.target("bench/server.log");
        // What an interrupted run left.
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).doing(format_args!("remove {}", folder.display()));
            }
            _ => {}
        }
        fs::create_dir_all(&folder).doing(format_args!("make the folder {}", folder.display()))?;
        let log_file = File::create(&log).doing(format_args!("write {}", log.display()))?;
        let started = step::now();
        let mut child = Command::new(project.release_binary())
            .args(["demo", "--listen", "127.0.0.1:0", "--accounts", &accounts.to_string()])
            .arg("--data")
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log_file)
            .spawn()
            .doing("start purser")?;
        let mut lines =
            child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
        let first = lines.next().and_then(io::Result::ok).unwrap_or_default();
        let start_took = started.elapsed();
        // It must not wait for somebody to read what it says.
        thread::spawn(move || lines.for_each(drop));
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let mut server = Self { child, folder, log, address: nowhere, start_took };
        let address = first.strip_prefix("Purser runs on http://").and_then(|it| it.parse().ok());
        match address {
            Some(address) => server.address = address,
            None => return Err(server.explain(Failure::new("purser did not say its address."))),
        }
        Ok(server)
    }

    /// Adds where the server's own words are.
    pub(super) fn explain(&self, failure: Failure) -> Failure {
        Failure::new(format!("{failure}\nWhat the server said is in {}.", self.log.display()))
    }

    /// How much the server needs, where the system is Linux and tells it.
    pub(super) fn memory(&self) -> Option<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            let kibibytes: u64 = line?.trim().strip_suffix(" kB")?.parse().ok()?;
            Some(kibibytes * 1024 / 1_000_000)
        };
        Some(Memory { now: megabytes("VmRSS")?, most: megabytes("VmHWM")? })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If it has ended already, there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
