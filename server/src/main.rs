//! `purser`: Purser in one program.

use std::{
    error::Error,
    fs::{self, File, TryLockError},
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    panic::resume_unwind,
    path::{Path, PathBuf},
    process::ExitCode,
    str::FromStr,
    thread,
};

use lexopt::prelude::*;
use purser::{
    App, OpenError, Profile, Settings, Store, demo, listen, log, router,
    upstream::{self, Address, AddressError, Front, TlsError},
};
use tokio::net::TcpListener;

const HELP: &str = "\
Purser, the offering-user desk for Waldur.

Usage: purser demo [--listen ADDR:PORT] [--data DIR] [--accounts N] [--load FILE]
                   [--profile NAME] [--enforce-consent] [--allow-remote]
       purser serve --upstream URL [--listen ADDR:PORT] [--behind-proxy]

  demo               Runs Purser alone, with demo data.
  serve              Runs Purser for a real Waldur. It answers /healthz itself.

  --listen ADDR:PORT Where to listen. Default: 127.0.0.1:8080
  --help             This text.
  --version          The version.

With demo:
  --data DIR         Where the data stays. Default: a folder of yours, named at start.
  --accounts N       How many accounts new demo data has. Default: 400
  --load FILE        Adds the checklists of a JSON file: an array in the form of
                     server/demo/checklists. Each gets an offering that is named by the checklist's
                     uuid, which rita reviews and where alice has an account.
  --profile NAME     Which Waldur the demo behaves like. `current`: today's. `seed`: an older one
                     that lacks what is new. `upstream`: today's with its looser rules.
  --enforce-consent  Hides accounts from providers whose holders did not agree to the terms.
  --allow-remote     Lets other machines in. Everybody knows the demo's passwords.

With serve:
  --upstream URL     Waldur's address, such as https://waldur.example.org. What begins with
                     /api/, /api-auth/ or /media/ is passed on to it.
  --behind-proxy     Believes X-Forwarded-For, -Proto and -Host. Use it only if a proxy in
                     front of Purser sets all three.

PURSER_LOG=LEVEL in the environment says how much is logged on the standard error: error, warn
(the default), info (each request), debug.
";

/// What the command line asks for.
enum Command {
    Demo(Demo),
    Serve(Serve),
    /// The question was answered, there is nothing to run.
    Nothing,
}

struct Demo {
    listen: SocketAddr,
    data: Option<PathBuf>,
    accounts: usize,
    load: Option<PathBuf>,
    settings: Settings,
    allow_remote: bool,
}

struct Serve {
    listen: SocketAddr,
    upstream: Address,
    front: Front,
}

const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

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
    let command = read_arguments()?;
    let level = std::env::var_os("PURSER_LOG").unwrap_or_else(|| "warn".into());
    log::start(&level.to_string_lossy()).map_err(Failure::Level)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::Serve)?;
    match command {
        Command::Demo(options) => runtime.block_on(run_demo(options)),
        Command::Serve(options) => runtime.block_on(run_serve(options)),
        Command::Nothing => Ok(()),
    }
}

fn read_arguments() -> Result<Command, Failure> {
    let mut parser = lexopt::Parser::from_env();
    match parser.next().map_err(usage)? {
        Some(Value(name)) => match name.to_str() {
            Some("demo") => read_demo(&mut parser),
            Some("serve") => read_serve(&mut parser),
            _ => Err(Failure::Usage(format!("There is no command {}.", name.display()))),
        },
        Some(other) => answer(other),
        None => Err(Failure::Usage("Purser needs a command.".to_owned())),
    }
}

fn read_demo(parser: &mut lexopt::Parser) -> Result<Command, Failure> {
    let mut options = Demo {
        listen: LISTEN,
        data: None,
        accounts: 400,
        load: None,
        settings: Settings::default(),
        allow_remote: false,
    };
    while let Some(argument) = parser.next().map_err(usage)? {
        match argument {
            Long("listen") => options.listen = parsed(parser)?,
            Long("data") => options.data = Some(parser.value().map_err(usage)?.into()),
            Long("accounts") => options.accounts = parsed(parser)?,
            Long("load") => options.load = Some(parser.value().map_err(usage)?.into()),
            Long("profile") => options.settings.profile = profile(parser)?,
            Long("enforce-consent") => options.settings.enforce_consent = true,
            Long("allow-remote") => options.allow_remote = true,
            other => return answer(other),
        }
    }
    if options.listen.ip().to_canonical().is_loopback() || options.allow_remote {
        Ok(Command::Demo(options))
    } else {
        Err(Failure::Remote(options.listen))
    }
}

fn profile(parser: &mut lexopt::Parser) -> Result<Profile, Failure> {
    let name = parser.value().map_err(usage)?;
    let found = Profile::ALL.into_iter().find(|(it, _)| name == *it);
    let unknown = || Failure::Usage(format!("There is no profile {}.", name.display()));
    found.map(|(_, profile)| profile).ok_or_else(unknown)
}

fn read_serve(parser: &mut lexopt::Parser) -> Result<Command, Failure> {
    let mut listen = LISTEN;
    let mut upstream = None;
    let mut front = Front::Direct;
    while let Some(argument) = parser.next().map_err(usage)? {
        match argument {
            Long("listen") => listen = parsed(parser)?,
            Long("upstream") => {
                let text = parser.value().map_err(usage)?;
                // What is no Unicode is no URL either.
                upstream = Some(text.to_string_lossy().parse()?);
            }
            Long("behind-proxy") => front = Front::Proxy,
            other => return answer(other),
        }
    }
    let missing = || Failure::Usage("Purser needs to know your Waldur: --upstream URL.".to_owned());
    Ok(Command::Serve(Serve { listen, upstream: upstream.ok_or_else(missing)?, front }))
}

/// What every command understands.
fn answer(argument: lexopt::Arg<'_>) -> Result<Command, Failure> {
    match argument {
        Long("help") | Short('h') => print!("{HELP}"),
        Long("version") | Short('V') => println!("purser {}", env!("CARGO_PKG_VERSION")),
        other => return Err(usage(other.unexpected())),
    }
    Ok(Command::Nothing)
}

fn parsed<T>(parser: &mut lexopt::Parser) -> Result<T, Failure>
where
    T: FromStr<Err: Into<Box<dyn Error + Send + Sync>>>,
{
    parser.value().and_then(|value| value.parse()).map_err(usage)
}

fn usage(error: lexopt::Error) -> Failure {
    Failure::Usage(format!("{error}."))
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
    let app = router(App::new(store.clone(), options.settings));
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
