//! Keeps what is changed in a form on this device, so that nothing typed is lost by a reload, a crash
//! or the end of a session, and forgets it when it is saved or the person signs out.
//!
//! Each change is on the disk within 250 ms, encrypted. What may be kept at all is decided by the
//! operator ([`crate::config`]) and by the person ([`choose`]).

mod book;
mod clear;
mod guard;
mod js;
mod line;
mod restore;
mod secret;
mod vault;
mod write;

use std::{sync::LazyLock, time::Duration};

use ::journal::Policy;
use api::{OfferingUserId, UserId};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsValue};

use crate::{
    config::{config, last_known},
    device,
    device_files::{DeviceFiles, use_device_files},
    draft::{Draft, Drafts, use_drafts},
    i18n::say,
    notice::{Notices, use_notices},
    session::{Session, use_session},
    theme::choice,
};

pub(crate) use clear::clear;
pub(crate) use line::JournalLine;
use vault::{Gone, Vault};

/// Where the person's word on drafts is kept.
const CHOICE: &str = "purser.drafts";

/// How long a form waits for what was kept, before it opens without.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where changes are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// The device is being asked for what it kept.
    Opening,
    /// On this device.
    Kept,
    /// On this device but for a file, which is being written.
    KeepingFile,
    /// Not on this device, against everybody's will.
    Lost(Trouble),
    /// In this page. If that is because `config.json` is wrong, what stands there.
    Memory(Option<String>),
    /// In this form.
    Off,
}

/// Why changes are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no room.
    Full,
    /// The browser does not let us.
    Blocked,
    /// There is no encryption, since the page came without TLS.
    Insecure,
    /// The storage has not answered yet.
    Slow,
    /// Another tab signed out.
    SignedOut,
    /// Another tab has a newer app, which changes the database.
    Updated,
}

impl Trouble {
    fn of(error: &JsValue) -> Self {
        match js::text(error, "name").as_str() {
            "QuotaExceededError" => Self::Full,
            _ if error.is_undefined() => Self::Insecure,
            _ => Self::Blocked,
        }
    }
}

/// There is one page, so there is one of these; what writes runs outside of any screen.
static STATE: LazyLock<ArcRwSignal<State>> = LazyLock::new(|| ArcRwSignal::new(State::Opening));

/// What of the page the journal needs.
#[derive(Clone, Copy)]
struct Around {
    drafts: Drafts,
    files: DeviceFiles,
    notices: Notices,
    session: Session,
}

/// Brings back what was kept of a draft and keeps what is changed from now on. The form can be shown
/// when the signal says so.
pub(crate) fn follow(person: UserId, account: OfferingUserId, draft: Draft) -> Signal<bool> {
    let around = Around {
        drafts: use_drafts(),
        files: use_device_files(),
        notices: use_notices(),
        session: use_session(),
    };
    let is_ready = RwSignal::new(false);
    let open_without = move || {
        if is_ready.try_get_untracked() == Some(false) {
            show(State::Lost(Trouble::Slow));
            is_ready.set(true);
        }
    };
    set_timeout(open_without, PATIENCE);
    spawn_local(async move {
        begin(person, account, draft, around).await;
        is_ready.try_set(true);
    });
    guard::ask_before_leaving(around.drafts);
    on_cleanup(move || {
        if STATE.get_untracked() == State::Off {
            around.drafts.forget(account);
        }
    });
    is_ready.into()
}

/// Where changes are, followed.
pub(crate) fn state() -> State {
    STATE.get()
}

/// Whether everything is on the disk, so that the page may go without a question. Hurries what is not.
pub(crate) fn keeps_everything() -> bool {
    write::hurry();
    book::with(|book| book.is_settled()).unwrap_or(false)
}

/// What the person said about drafts on this device.
pub(crate) fn choice_of_person() -> Option<Policy> {
    choice::read(CHOICE).and_then(|it| Policy::from_name(&it))
}

/// The person decides what is kept on this device. What is there already goes, if it may not be
/// kept any longer; the page still has it.
pub(crate) fn choose(person: UserId, policy: Policy) {
    choice::keep(CHOICE, policy.name());
    match policy {
        Policy::Encrypted => show(State::Opening),
        Policy::Memory => keep_nothing(person, State::Memory(None)),
        Policy::Off => keep_nothing(person, State::Off),
    }
}

/// Lets go of the database, so that it can be deleted without anybody being told.
pub(crate) fn close() {
    if let Some(vault) = book::take() {
        vault.close();
    }
}

fn keep_nothing(person: UserId, state: State) {
    close();
    device::delete(&device::database(person));
    show(state);
}

fn show(state: State) {
    if *STATE.read_untracked() != state {
        STATE.set(state);
    }
}

async fn begin(person: UserId, account: OfferingUserId, draft: Draft, around: Around) {
    let operator = config().await;
    match operator.drafts.tightened_by(choice_of_person()) {
        Policy::Encrypted => {
            let outcome = match open(person, around).await {
                Ok(vault) => restore::bring_back(&vault, person, account, draft, around).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(()) => write::show_state(),
                Err(error) => show(State::Lost(Trouble::of(&error))),
            }
        }
        // Nobody meant this, so nothing is thrown away for it.
        Policy::Memory if operator.wrong.is_some() => {
            close();
            show(State::Memory(operator.wrong));
        }
        Policy::Memory => keep_nothing(person, State::Memory(None)),
        Policy::Off => keep_nothing(person, State::Off),
    }
}

/// Opens the journal of a person, and closes that of another.
async fn open(person: UserId, around: Around) -> Result<Vault, JsValue> {
    if let Some(vault) = book::with(|book| book.vault_of(person)).flatten() {
        return Ok(vault);
    }
    let name = device::database(person);
    let vault = Vault::open(&name, move |gone| leave(person, gone, around)).await?;
    close();
    book::begin(person, vault.clone(), around.files);
    write::listen();
    Ok(vault)
}

/// The database is gone: another tab signed out, or does not want anything kept, or has a newer app.
/// This one may have signed out itself.
fn leave(person: UserId, gone: Gone, around: Around) {
    if book::with(|book| book.vault_of(person).is_some()) == Some(true) {
        close();
    }
    match (gone, last_known().tightened_by(choice_of_person())) {
        (Gone::Updated, _) => show(State::Lost(Trouble::Updated)),
        (Gone::Deleted, Policy::Memory) => show(State::Memory(None)),
        (Gone::Deleted, Policy::Off) => show(State::Off),
        (Gone::Deleted, Policy::Encrypted) => {
            around.drafts.discard();
            show(State::Lost(Trouble::SignedOut));
            if around.session.is_of(person) {
                around.notices.bad(say!(journal.signed_out));
            }
        }
    }
}
