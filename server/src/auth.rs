//! Who is asking (`contract.md` 1.1).

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, header, request::Parts},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use crate::{
    App, Store,
    error::{Error, Result},
};

/// A person who has signed in.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) username: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) organization: String,
    pub(crate) job_title: String,
    pub(crate) is_staff: bool,
    pub(crate) is_support: bool,
    pub(crate) is_active: bool,
    /// How many seconds a token lasts after it was last used. `None`: for ever.
    pub(crate) token_lifetime: Option<i64>,
}

impl User {
    const COLUMNS: &'static str = "u.id, u.uuid, u.username, u.first_name, u.last_name, u.email, \
         u.organization, u.job_title, u.is_staff, u.is_support, u.is_active, u.token_lifetime";

    fn from_row(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            uuid: row.get(1)?,
            username: row.get(2)?,
            first_name: row.get(3)?,
            last_name: row.get(4)?,
            email: row.get(5)?,
            organization: row.get(6)?,
            job_title: row.get(7)?,
            is_staff: row.get(8)?,
            is_support: row.get(9)?,
            is_active: row.get(10)?,
            token_lifetime: row.get(11)?,
        })
    }

    /// The person of a uuid.
    pub(crate) fn find(db: &Connection, uuid: &str) -> Result<Self> {
        let sql = format!("SELECT {} FROM users u WHERE u.uuid = ?1", Self::COLUMNS);
        Ok(db.prepare_cached(&sql)?.query_row([uuid], Self::from_row)?)
    }

    /// First and last name.
    pub(crate) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

impl FromRequestParts<App> for User {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let header = parts.headers.get(header::AUTHORIZATION);
        let hash = hash_token(token_of(header.map(|it| it.to_str().unwrap_or_default()))?);
        let key = hash.clone();
        let (user, used) = app.store.read(move |db| user_of_token(db, &key)).await?;
        let now = Timestamp::now();
        if now.duration_since(used).as_secs() >= EXTENDED_EVERY {
            // Nobody has to wait for that.
            tokio::spawn(extend(app.store.clone(), hash, crate::clock::text(now)));
        }
        Ok(user)
    }
}

/// Each use makes a token last longer; so many seconds are let pass before that is written down
/// (`contract.md` 1.1).
const EXTENDED_EVERY: i64 = 60;

async fn extend(store: Store, hash: String, now: String) {
    let sql = "UPDATE tokens SET used = ?1 WHERE hash = ?2";
    if let Err(error) = store.write(move |db| Ok(db.execute(sql, [now, hash])?)).await {
        tracing::warn!(?error, "a token could not be extended");
    }
}

/// The token in an `Authorization` header. Other schemes than `Token` are none of ours.
fn token_of(header: Option<&str>) -> Result<&str> {
    let mut words = header.unwrap_or_default().split_whitespace();
    if !words.next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("token")) {
        return Err(Error::Unauthenticated("Authentication credentials were not provided."));
    }
    match (words.next(), words.next()) {
        (Some(token), None) => Ok(token),
        (None, _) => Err(Error::Unauthenticated("Invalid token. No credentials provided.")),
        (Some(_), Some(_)) => {
            Err(Error::Unauthenticated("Invalid token. Token string should not contain spaces."))
        }
    }
}

/// Whose token it is, and when it was last used. The database compares hashes: how long that takes
/// tells nothing about a token.
fn user_of_token(db: &Connection, hash: &str) -> Result<(User, Timestamp)> {
    let sql = format!(
        "SELECT {}, t.used FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = ?1",
        User::COLUMNS
    );
    let found = db
        .prepare_cached(&sql)?
        .query_row([hash], |row| Ok((User::from_row(row)?, row.get::<_, String>(12)?)))
        .optional()?;
    let (user, used) = found.ok_or(Error::Unauthenticated("Invalid token."))?;
    if !user.is_active {
        return Err(Error::Unauthenticated("User inactive or deleted."));
    }
    let used: Timestamp =
        used.parse().map_err(|error: jiff::Error| Error::Internal(error.to_string()))?;
    let age = Timestamp::now().duration_since(used).as_secs();
    if user.token_lifetime.is_some_and(|lifetime| age > lifetime) {
        return Err(Error::Unauthenticated("Token has expired."));
    }
    Ok((user, used))
}

fn hash_token(token: &str) -> String {
    Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Forgets a token.
pub(crate) fn end_session(db: &Connection, header: Option<&str>) -> Result<()> {
    let hash = hash_token(token_of(header)?);
    user_of_token(db, &hash)?;
    db.execute("DELETE FROM tokens WHERE hash = ?1", [hash])?;
    Ok(())
}

/// Random bytes as hex.
pub(crate) fn random_hex<const BYTES: usize>() -> Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A new uuid, as it travels.
pub(crate) fn new_uuid() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().simple().to_string())
}

/// A password as it is stored.
pub(crate) fn hash_password(password: &str) -> Result<String> {
    let internal = |error: argon2::password_hash::Error| Error::Internal(error.to_string());
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(error.to_string()))?;
    let salt = SaltString::encode_b64(&bytes).map_err(internal)?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(internal)?;
    Ok(hash.to_string())
}

/// Whether a password is the one that was stored. Takes as long when there is none.
fn is_password(password: &str, stored: Option<&str>) -> bool {
    const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA\
                           $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let hash = PasswordHash::new(stored.unwrap_or(NOBODYS));
    hash.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// One sentence for a wrong name and for a wrong password.
pub(crate) const WRONG: Error = Error::Unauthenticated("Invalid username/password.");

/// Signs in: a new token, or the reason why not.
pub(crate) async fn sign_in(app: &App, username: String, password: String) -> Result<String> {
    let found: Option<(i64, Option<String>, bool)> = app
        .store
        .read(move |db| {
            let found = db
                .prepare_cached("SELECT id, password, is_active FROM users WHERE username = ?1")?
                .query_row([username], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            Ok(found)
        })
        .await?;
    let stored = found.as_ref().and_then(|(_, stored, _)| stored.clone());
    // Each takes 19 MB of memory and a processor.
    let permit = app.hashing.clone().acquire_owned().await;
    let is_right = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        is_password(&password, stored.as_deref())
    });
    let is_right = is_right.await;
    let is_right = is_right.map_err(|error| Error::Internal(error.to_string()))?;
    let (id, is_active) = match found {
        Some((id, _, is_active)) if is_right => (id, is_active),
        _ => return Err(WRONG),
    };
    if !is_active {
        return Err(Error::Unauthenticated("User account is disabled."));
    }
    let token = random_hex::<20>()?;
    let hash = hash_token(&token);
    app.store
        .write(move |db| {
            let now = crate::clock::now();
            // Those that have ended are not needed any more.
            db.execute(
                "DELETE FROM tokens WHERE user_id = ?1 AND unixepoch(used) < unixepoch(?2) - \
                 (SELECT token_lifetime FROM users WHERE id = ?1)",
                (id, &now),
            )?;
            let add = "INSERT INTO tokens (hash, user_id, created, used) VALUES (?1, ?2, ?3, ?3)";
            Ok(db.execute(add, (hash, id, now))?)
        })
        .await?;
    Ok(token)
}

/// Counts failed attempts by name and address: after four, ten minutes of silence
/// (`contract.md` 1.1).
#[derive(Clone, Default)]
pub(crate) struct Lockout(Arc<Mutex<HashMap<Attempt, (u32, Timestamp)>>>);

/// Who tries to sign in, and from where. In tests there is no address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Attempt {
    username: String,
    address: Option<IpAddr>,
}

impl Attempt {
    /// `None`: nobody has such a long name.
    pub(crate) fn new(username: &str, extensions: &Extensions) -> Option<Self> {
        const LONGEST: usize = 150;
        if username.len() > LONGEST {
            return None;
        }
        let address = extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
        Some(Self { username: username.to_lowercase(), address })
    }
}

impl Lockout {
    const ATTEMPTS: u32 = 4;
    const PAUSE: Duration = Duration::from_secs(600);
    /// From so many on, those whose time is over are forgotten. There cannot be many more within
    /// that time: each costs the hash of a password.
    const MANY: usize = 10_000;

    /// Refuses those who failed too often. Others count as failed until they have succeeded, so that
    /// many attempts at once are not more than many one after another.
    pub(crate) fn begin(&self, attempt: &Attempt) -> Result<()> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() > Self::MANY {
            failures.retain(|_, (_, last)| is_recent(*last));
        }
        let (count, last) = failures.entry(attempt.clone()).or_insert((0, Timestamp::now()));
        if !is_recent(*last) {
            *count = 0;
        }
        if *count >= Self::ATTEMPTS {
            return Err(Error::Unauthenticated("Username is locked out. Try in 10 minutes."));
        }
        *count += 1;
        *last = Timestamp::now();
        Ok(())
    }

    /// Forgets the failures of somebody who succeeded.
    pub(crate) fn forgive(&self, attempt: &Attempt) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(attempt);
    }
}

fn is_recent(moment: Timestamp) -> bool {
    Timestamp::now().duration_since(moment).unsigned_abs() < Lockout::PAUSE
}
