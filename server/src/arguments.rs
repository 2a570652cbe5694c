//! What the command line asks for.

use std::{
    error::Error,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use lexopt::prelude::*;
use purser::{
    Drafts, Profile, Settings,
    upstream::{Address, Front},
};

use crate::Failure;

const HELP: &str = "\
Purser, the offering-user desk for Waldur.

Usage: purser demo [--listen ADDR:PORT] [--data DIR] [--accounts N] [--load FILE]
                   [--profile NAME] [--enforce-consent] [--allow-remote] [--drafts POLICY]
       purser serve --upstream URL [--listen ADDR:PORT] [--behind-proxy] [--drafts POLICY]

  demo               Runs Purser alone, with demo data.
  serve              Runs Purser for a real Waldur. It answers /healthz itself.

  --listen ADDR:PORT Where to listen. Default: 127.0.0.1:8080
  --drafts POLICY    What browsers may keep of answers that are not saved. `encrypted` (the default):
                     until they are saved or the person signs out. `memory`: while the page is open.
                     `off`: while the form is open. People can only choose something stricter.
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
pub(crate) enum Command {
    Demo(Demo),
    Serve(Serve),
    /// The question was answered, there is nothing to run.
    Nothing,
}

pub(crate) struct Demo {
    pub(crate) listen: SocketAddr,
    pub(crate) data: Option<PathBuf>,
    pub(crate) accounts: usize,
    pub(crate) load: Option<PathBuf>,
    pub(crate) settings: Settings,
    pub(crate) drafts: Drafts,
    pub(crate) allow_remote: bool,
}

pub(crate) struct Serve {
    pub(crate) listen: SocketAddr,
    pub(crate) upstream: Address,
    pub(crate) front: Front,
    pub(crate) drafts: Drafts,
}

const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// What the program was asked for. `--help` and `--version` are answered here.
pub(crate) fn read() -> Result<Command, Failure> {
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
        drafts: Drafts::default(),
        allow_remote: false,
    };
    while let Some(argument) = parser.next().map_err(usage)? {
        match argument {
            Long("listen") => options.listen = parsed(parser)?,
            Long("data") => options.data = Some(parser.value().map_err(usage)?.into()),
            Long("accounts") => options.accounts = parsed(parser)?,
            Long("load") => options.load = Some(parser.value().map_err(usage)?.into()),
            Long("profile") => options.settings.profile = profile(parser)?,
            Long("drafts") => options.drafts = drafts(parser)?,
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

fn drafts(parser: &mut lexopt::Parser) -> Result<Drafts, Failure> {
    let name = parser.value().map_err(usage)?;
    let found = Drafts::ALL.into_iter().find(|it| name == it.name());
    found.ok_or_else(|| Failure::Usage(format!("There is no policy {}.", name.display())))
}

fn read_serve(parser: &mut lexopt::Parser) -> Result<Command, Failure> {
    let mut listen = LISTEN;
    let mut upstream = None;
    let mut front = Front::Direct;
    let mut policy = Drafts::default();
    while let Some(argument) = parser.next().map_err(usage)? {
        match argument {
            Long("listen") => listen = parsed(parser)?,
            Long("upstream") => {
                let text = parser.value().map_err(usage)?;
                // What is no Unicode is no URL either.
                upstream = Some(text.to_string_lossy().parse()?);
            }
            Long("behind-proxy") => front = Front::Proxy,
            Long("drafts") => policy = drafts(parser)?,
            other => return answer(other),
        }
    }
    let missing = || Failure::Usage("Purser needs to know your Waldur: --upstream URL.".to_owned());
    let upstream = upstream.ok_or_else(missing)?;
    Ok(Command::Serve(Serve { listen, upstream, front, drafts: policy }))
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
