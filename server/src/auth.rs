//! Who is asking (`contract.md` 1.1).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::SaltString,
};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use crate::{
    App,
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
}

impl User {
    const COLUMNS: &'static str = "u.id, u.uuid, u.username, u.first_name, u.last_name, u.email, \
         u.organization, u.job_title, u.is_staff, u.is_support, u.is_active";

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
        let token = token_of(header.map(|it| it.to_str().unwrap_or_default()))?.to_owned();
        app.store.read(move |db| user_of_token(db, &token)).await
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

fn user_of_token(db: &Connection, token: &str) -> Result<User> {
    let sql = format!(
        "SELECT {} FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = ?1",
        User::COLUMNS
    );
    let user =
        db.prepare_cached(&sql)?.query_row([hash_token(token)], User::from_row).optional()?;
    let user = user.ok_or(Error::Unauthenticated("Invalid token."))?;
    if user.is_active { Ok(user) } else { Err(Error::Unauthenticated("User inactive or deleted.")) }
}

fn hash_token(token: &str) -> String {
    Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Forgets a token.
pub(crate) fn end_session(db: &Connection, header: Option<&str>) -> Result<()> {
    let token = token_of(header)?;
    db.execute("DELETE FROM tokens WHERE hash = ?1", [hash_token(token)])?;
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

/// The demo's passwords are public, so hashing them is kept cheap: a debug build signs in at once.
fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(64, 1, 1, None).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A password as it is stored.
pub(crate) fn hash_password(password: &str) -> Result<String> {
    let internal = |error: argon2::password_hash::Error| Error::Internal(error.to_string());
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(error.to_string()))?;
    let salt = SaltString::encode_b64(&bytes).map_err(internal)?;
    let hash = hasher()?.hash_password(password.as_bytes(), &salt).map_err(internal)?;
    Ok(hash.to_string())
}

/// Signs in: a new token, or the reason why not.
pub(crate) fn sign_in(db: &Connection, username: &str, password: &str) -> Result<String> {
    const WRONG: Error = Error::Unauthenticated("Invalid username/password.");
    let found: Option<(i64, Option<String>, bool)> = db
        .query_row(
            "SELECT id, password, is_active FROM users WHERE username = ?1",
            [username],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let Some((id, Some(stored), is_active)) = found else { return Err(WRONG) };
    let stored = PasswordHash::new(&stored).map_err(|error| Error::Internal(error.to_string()))?;
    if hasher()?.verify_password(password.as_bytes(), &stored).is_err() {
        return Err(WRONG);
    }
    if !is_active {
        return Err(Error::Unauthenticated("User account is disabled."));
    }
    let token = random_hex::<20>()?;
    db.execute(
        "INSERT INTO tokens (hash, user_id, created) VALUES (?1, ?2, ?3)",
        (hash_token(&token), id, crate::clock::now()),
    )?;
    Ok(token)
}

/// Counts failed attempts by name: after four, ten minutes of silence (`contract.md` 1.1).
#[derive(Default)]
pub(crate) struct Lockout(Mutex<HashMap<String, (u32, Timestamp)>>);

impl Lockout {
    const ATTEMPTS: u32 = 4;
    const PAUSE: Duration = Duration::from_secs(600);

    /// Refuses names that failed too often.
    pub(crate) fn check(&self, username: &str) -> Result<()> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Timestamp::now();
        failures.retain(|_, (_, last)| now.duration_since(*last).unsigned_abs() < Self::PAUSE);
        match failures.get(username) {
            Some((count, _)) if *count >= Self::ATTEMPTS => {
                Err(Error::Unauthenticated("Username is locked out. Try in 10 minutes."))
            }
            _ => Ok(()),
        }
    }

    /// Notes how an attempt ended.
    pub(crate) fn note(&self, username: &str, succeeded: bool) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if succeeded {
            failures.remove(username);
        } else {
            let entry = failures.entry(username.to_owned()).or_insert((0, Timestamp::now()));
            *entry = (entry.0 + 1, Timestamp::now());
        }
    }
}
