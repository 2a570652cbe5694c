//! `purser`: Purser in one program.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use purser::{App, OpenError, Settings, Store, demo, router};
use tokio::net::TcpListener;

const HELP: &str = "\
Purser, the offering-user desk for Waldur.

Usage: purser demo [--listen ADDR:PORT] [--data DIR] [--accounts N]

  demo               Runs Purser alone, with demo data.

  --listen ADDR:PORT Where to listen. Default: 127.0.0.1:8080
  --data DIR         Where the data stays. Default: a folder of yours, named at start.
  --accounts N       How many accounts new demo data has. Default: 400
  --help             This text.
  --version          The version.
";

/// What the command line asks for.
struct Demo {
    listen: SocketAddr,
    data: Option<PathBuf>,
    accounts: usize,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0} Try `purser --help`.")]
    Usage(String),
    #[error("Purser cannot listen on {0}: another program does. Choose an address with --listen.")]
    PortTaken(SocketAddr),
    #[error("Purser cannot listen on {address}: {reason}.")]
    Listen { address: SocketAddr, reason: io::Error },
    #[error("There is no folder of yours to keep data in. Name one with --data.")]
    NoFolder,
    #[error("{0}")]
    Open(#[from] OpenError),
    #[error("{0}")]
    Seed(#[from] demo::SeedError),
    #[error("The server stopped: {0}.")]
    Serve(io::Error),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let Some(options) = read_arguments()? else { return Ok(()) };
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::Serve)?;
    runtime.block_on(serve_demo(options))
}

/// `None`: the question was answered, there is nothing to run.
fn read_arguments() -> Result<Option<Demo>, Failure> {
    use lexopt::prelude::*;
    let usage = |error: lexopt::Error| Failure::Usage(format!("{error}."));
    let mut options =
        Demo { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), data: None, accounts: 400 };
    let mut command = None;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(usage)? {
        match argument {
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(None);
            }
            Long("version") | Short('V') => {
                println!("purser {}", env!("CARGO_PKG_VERSION"));
                return Ok(None);
            }
            Long("listen") => {
                let value = parser.value().map_err(usage)?;
                options.listen = value.parse().map_err(usage)?;
            }
            Long("data") => options.data = Some(parser.value().map_err(usage)?.into()),
            Long("accounts") => {
                let value = parser.value().map_err(usage)?;
                options.accounts = value.parse().map_err(usage)?;
            }
            Value(name) if command.is_none() => command = Some(name),
            other => return Err(usage(other.unexpected())),
        }
    }
    match command.as_ref().and_then(|name| name.to_str()) {
        Some("demo") => Ok(Some(options)),
        Some(other) => Err(Failure::Usage(format!("There is no command {other}."))),
        None => Err(Failure::Usage("Purser needs a command.".to_owned())),
    }
}

async fn serve_demo(options: Demo) -> Result<(), Failure> {
    let address = options.listen;
    // First the address: if it is taken, the data is not touched.
    let listener = TcpListener::bind(address).await.map_err(|reason| match reason.kind() {
        io::ErrorKind::AddrInUse => Failure::PortTaken(address),
        _ => Failure::Listen { address, reason },
    })?;
    let address = listener.local_addr().map_err(Failure::Serve)?;
    let folder = match options.data {
        Some(folder) => folder,
        None => dirs::data_dir().ok_or(Failure::NoFolder)?.join("purser"),
    };
    let store = Store::open(&folder)?;
    let is_new = demo::seed(&store, options.accounts)?;
    // Before anybody is told how to stop it.
    let stop = asked_to_stop().map_err(Failure::Serve)?;
    println!("Purser runs on http://{address}");
    let kept = if is_new { "new demo data" } else { "the data of last time" };
    println!("It keeps {kept} in {}", folder.display());
    println!("Sign in with the password {:?} as", demo::PASSWORD);
    for (name, role) in demo::PEOPLE {
        println!("  {name:<8}{}", role.replace('_', " "));
    }
    println!("Press Ctrl-C to stop.");
    // Somebody may be waiting for the address at the other end of a pipe.
    io::stdout().flush().map_err(Failure::Serve)?;
    let app = router(App::new(store.clone(), Settings::default()));
    let served = axum::serve(listener, app).with_graceful_shutdown(stop).await;
    store.close();
    served.map_err(Failure::Serve)
}

/// Waits for Ctrl-C, or for the system's wish that the program ends. From here on the program
/// listens, also while nobody waits yet.
#[cfg(unix)]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(windows)]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
