//! `purser`: Purser in one program.

mod arguments;

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    net::SocketAddr,
    panic::resume_unwind,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
};

use purser::{
    App, OpenError, Store, demo, listen, log, router,
    upstream::{self, AddressError, TlsError},
};
use tokio::net::TcpListener;

use self::arguments::{Command, Demo, Serve};

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0} Try `purser --help`.")]
    Usage(String),
    #[error("Purser cannot listen on {0}: another program does. Choose an address with --listen.")]
    PortTaken(SocketAddr),
    #[error("Purser cannot listen on {address}: {reason}.")]
    Listen { address: SocketAddr, reason: io::Error },
    #[error(
        "Purser does not run the demo on {0}, because other machines reach it there and everybody \
         knows the demo's passwords. Add --allow-remote if you want that."
    )]
    Remote(SocketAddr),
    #[error("{0}")]
    Upstream(#[from] AddressError),
    #[error("{0}")]
    Tls(#[from] TlsError),
    #[error("PURSER_LOG is {0:?}, and has to be error, warn, info or debug.")]
    Level(String),
    #[error("Another Purser works with the data in {}. Choose another folder with --data.", .0.display())]
    InUse(PathBuf),
    #[error("There is no folder of yours to keep data in. Name one with --data.")]
    NoFolder,
    #[error("{0}")]
    Open(#[from] OpenError),
    #[error("{0}")]
    Seed(#[from] demo::SeedError),
    #[error("The file {path} cannot be read: {reason}.")]
    Read { path: String, reason: io::Error },
    #[error("{path}: {reason}")]
    Load { path: String, reason: demo::LoadError },
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
    let command = arguments::read()?;
    let level = std::env::var_os("PURSER_LOG").unwrap_or_else(|| "warn".into());
    log::start(&level.to_string_lossy()).map_err(Failure::Level)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::Serve)?;
    match command {
        Command::Demo(options) => runtime.block_on(run_demo(options)),
        Command::Serve(options) => runtime.block_on(run_serve(options)),
        Command::Nothing => Ok(()),
    }
}

async fn run_demo(options: Demo) -> Result<(), Failure> {
    // First the address: if it is taken, the data is not touched.
    let listener = bind(options.listen).await?;
    let address = listener.local_addr().map_err(Failure::Serve)?;
    let folder = match options.data {
        Some(folder) => folder,
        None => dirs::data_dir().ok_or(Failure::NoFolder)?.join("purser"),
    };
    let mut store = Store::open(&folder)?;
    let _alone = Alone::in_folder(&folder)?;
    let is_new = demo::is_missing(&store)?;
    if is_new {
        drop(store);
        seed(&folder, options.accounts)?;
        store = Store::open(&folder)?;
    }
    let loaded = options.load.as_deref().map(|path| load(&store, path)).transpose()?;
    // Before anybody is told how to stop it.
    let stop = asked_to_stop().map_err(Failure::Serve)?;
    println!("Purser runs on http://{address}");
    let kept = if is_new { "new demo data" } else { "the data of last time" };
    println!("It keeps {kept} in {}", folder.display());
    if let Some(loaded) = loaded {
        let checklists = if loaded == 1 { "checklist" } else { "checklists" };
        println!("It has {loaded} more {checklists}, each with an offering of its own");
    }
    println!("Sign in with the password {:?} as", demo::PASSWORD);
    for (name, role) in demo::PEOPLE {
        println!("  {name:<8}{}", role.replace('_', " "));
    }
    say_how_to_stop()?;
    let app = router(App::new(store.clone(), options.settings)).merge(options.drafts.router());
    listen::serve(listener, app, listen::Limits::default(), stop).await;
    store.close();
    Ok(())
}

/// While this lasts, no other Purser works in the folder. Each would keep accounts in memory that the
/// other has changed.
struct Alone {
    #[expect(dead_code, reason = "the lock lasts as long as the file is open")]
    lock: File,
}

impl Alone {
    fn in_folder(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(".lock");
        let lock = File::options().create(true).write(true).truncate(false).open(path);
        let lock = lock.map_err(Failure::Serve)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => Err(Failure::InUse(folder.to_owned())),
            // Where files cannot be locked, people have to take care themselves.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self { lock }),
        }
    }
}

/// Makes the demo's data. A thread of its own has memory of its own, which goes back to the system
/// with it: a million accounts leave nothing behind.
fn seed(folder: &Path, accounts: usize) -> Result<bool, Failure> {
    let seed = || Ok(demo::seed(&Store::open(folder)?, accounts)?);
    thread::scope(|scope| scope.spawn(seed).join().unwrap_or_else(|panic| resume_unwind(panic)))
}

fn load(store: &Store, path: &Path) -> Result<usize, Failure> {
    let name = || path.display().to_string();
    let json = fs::read_to_string(path).map_err(|reason| Failure::Read { path: name(), reason })?;
    demo::load(store, &json).map_err(|reason| Failure::Load { path: name(), reason })
}

async fn run_serve(options: Serve) -> Result<(), Failure> {
    let limits = upstream::Limits::default();
    let app = upstream::router(options.upstream.clone(), options.front, limits)?;
    let app = app.merge(options.drafts.router());
    let listener = bind(options.listen).await?;
    let address = listener.local_addr().map_err(Failure::Serve)?;
    let stop = asked_to_stop().map_err(Failure::Serve)?;
    println!("Purser runs on http://{address}");
    println!("It passes requests for the API on to {}", options.upstream);
    if options.upstream.is_exposed() {
        println!("Passwords can be read on the way there: the address begins with http://");
    }
    say_how_to_stop()?;
    listen::serve(listener, app, listen::Limits::default(), stop).await;
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|reason| match reason.kind() {
        io::ErrorKind::AddrInUse => Failure::PortTaken(address),
        _ => Failure::Listen { address, reason },
    })
}

fn say_how_to_stop() -> Result<(), Failure> {
    println!("Press Ctrl-C to stop.");
    // Somebody may be waiting for the address at the other end of a pipe.
    io::stdout().flush().map_err(Failure::Serve)
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
