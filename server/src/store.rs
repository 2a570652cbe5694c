//! The database file and the folder of uploaded files.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, functions::FunctionFlags};
use tokio::sync::Semaphore;

use crate::{
    error::{Error, Result},
    fold::fold,
    roster::{Changed, Roster},
};

/// Each file takes the database one version further. Never change one that was released.
const MIGRATIONS: [&str; 2] =
    [include_str!("../migrations/0001_init.sql"), include_str!("../migrations/0002_whole_api.sql")];

/// Why the data cannot be used. Each is a sentence for the operator, and nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made or written to.
    #[error("The folder {path} cannot be written to: {reason}.")]
    Unwritable {
        /// Which folder.
        path: String,
        /// Why, in the system's words.
        reason: String,
    },
    /// The file is no database of ours, or is damaged.
    #[error(
        "The database {path} is damaged or is no database of Purser ({reason}). It was left as it is."
    )]
    Damaged {
        /// Which file.
        path: String,
        /// Why, in SQLite's words.
        reason: String,
    },
    /// A later version of Purser made the file.
    #[error("The database {path} was made by a newer version of Purser. It was left as it is.")]
    Newer {
        /// Which file.
        path: String,
    },
}

/// The data of one server: one connection writes, several read beside it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    writer: Mutex<Connection>,
    /// Connections that nobody reads with at the moment.
    readers: Mutex<Vec<Connection>>,
    /// One permit for each reader there may be.
    reading: Arc<Semaphore>,
    roster: RwLock<Roster>,
    /// What the open transaction changed so far.
    changes: Changes,
    database: PathBuf,
    files: PathBuf,
}

impl Store {
    /// More readers would only wait for the processors.
    const READERS: usize = 4;

    /// Opens the data in `folder`, making what is missing.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let files = folder.join("files");
        let probe = folder.join(".writable");
        let unwritable = |error: std::io::Error| OpenError::Unwritable {
            path: folder.display().to_string(),
            reason: error.to_string(),
        };
        make_folder(&files).map_err(unwritable)?;
        fs::write(&probe, "").and_then(|()| fs::remove_file(&probe)).map_err(unwritable)?;
        let path = folder.join("purser.sqlite3");
        let damaged = |error: rusqlite::Error| OpenError::Damaged {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        let mut connection = Connection::open(&path).map_err(damaged)?;
        let version: usize =
            connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(damaged)?;
        if version > MIGRATIONS.len() {
            return Err(OpenError::Newer { path: path.display().to_string() });
        }
        // A large file would keep everybody waiting; what is wrong with it is found when it is read.
        const CHECKED: u64 = 64 << 20;
        let is_small = fs::metadata(&path).is_ok_and(|it| it.len() <= CHECKED);
        if version > 0 && is_small {
            let verdict: String = connection
                .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
                .map_err(damaged)?;
            if verdict != "ok" {
                let path = path.display().to_string();
                return Err(OpenError::Damaged { path, reason: verdict });
            }
        }
        connection
            // While tables are made anew, what refers to them must not follow.
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF;",
            )
            .map_err(damaged)?;
        migrate(&mut connection, version).map_err(damaged)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(damaged)?;
        prepare(&connection).map_err(damaged)?;
        let roster = Roster::load(&connection).map_err(|error| OpenError::Damaged {
            path: path.display().to_string(),
            reason: format!("{error:?}"),
        })?;
        let changes = Changes::default();
        changes.watch(&connection);
        Ok(Self(Arc::new(Inner {
            writer: Mutex::new(connection),
            readers: Mutex::default(),
            reading: Arc::new(Semaphore::new(Self::READERS)),
            roster: RwLock::new(roster),
            changes,
            database: path,
            files,
        })))
    }

    /// Runs `work` on the database as it is at this moment, away from the threads that answer the
    /// network. It cannot change anything.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.0.reading.clone().acquire_owned().await;
        let store = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work is done, also when nobody waits for it any more.
            let _permit = permit;
            store.read_here(work)
        });
        let done = done.await;
        done.map_err(|error| Error::Internal(error.to_string()))?
    }

    /// The same, on this thread.
    pub(crate) fn read_here<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = lock(&self.0.readers).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.new_reader()?,
        };
        let outcome =
            connection.transaction().map_err(Error::from).and_then(|moment| work(&moment));
        lock(&self.0.readers).push(connection);
        outcome
    }

    fn new_reader(&self) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.0.database, flags)?;
        prepare(&connection)?;
        Ok(connection)
    }

    /// Runs `work` on the database, away from the threads that answer the network. All of its
    /// changes are kept, or none.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        let done = tokio::task::spawn_blocking(move || store.write_here(work)).await;
        done.map_err(|error| Error::Internal(error.to_string()))?
    }

    /// The same, on this thread.
    pub(crate) fn write_here<T>(&self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let mut connection = lock(&self.0.writer);
        // What an earlier transaction left when it was given up.
        self.0.changes.take();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let outcome = work(&transaction)?;
        transaction.commit()?;
        self.follow(&connection)?;
        Ok(outcome)
    }

    /// Brings the roster to where the database is.
    fn follow(&self, db: &Connection) -> Result<()> {
        let roster = || self.0.roster.write().unwrap_or_else(PoisonError::into_inner);
        match self.0.changes.take() {
            Some(rows) if rows.is_empty() => Ok(()),
            Some(rows) => roster().follow(db, &rows),
            None => {
                let loaded = Roster::load(db)?;
                *roster() = loaded;
                Ok(())
            }
        }
    }

    /// The accounts, for lists.
    pub(crate) fn roster(&self) -> RwLockReadGuard<'_, Roster> {
        self.0.roster.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the content of an uploaded file is.
    pub(crate) fn file(&self, uuid: &str) -> PathBuf {
        self.0.files.join(uuid)
    }

    /// Brings everything into the one file, before the program ends.
    pub fn close(&self) {
        lock(&self.0.readers).clear();
        if let Err(error) = lock(&self.0.writer).execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::warn!(%error, "the write-ahead log stays beside the database");
        }
    }
}

/// The rows that were changed and that the roster is made of.
#[derive(Clone, Default)]
struct Changes(Arc<Mutex<Vec<Changed>>>);

impl Changes {
    /// From so many on it is quicker to read everything again.
    const MANY: usize = 10_000;

    /// Notes what is changed through a connection.
    fn watch(&self, connection: &Connection) {
        let changes = self.clone();
        connection.update_hook(Some(move |_, _: &str, table: &str, key| {
            let mut rows = lock(&changes.0);
            if let Some(row) = Changed::of(table, key).filter(|_| rows.len() <= Self::MANY) {
                rows.push(row);
            }
        }));
    }

    /// The rows since the last time, each once; `None` if they are too many to tell.
    fn take(&self) -> Option<Vec<Changed>> {
        let mut rows = std::mem::take(&mut *lock(&self.0));
        if rows.len() > Self::MANY {
            return None;
        }
        rows.sort_unstable();
        rows.dedup();
        Some(rows)
    }
}

/// A panic while the lock was held rolled its transaction back: the data are sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What each connection needs.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(64);
    add_functions(connection)
}

/// Makes a folder that only its owner reads.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn migrate(connection: &mut Connection, version: usize) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for migration in &MIGRATIONS[version..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len())?;
    transaction.commit()
}

/// `fold(text)`, as [`fold`] does it: SQLite's own `lower` knows only the English alphabet.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold", 1, flags, |context| {
        Ok(context.get::<Option<String>>(0)?.map(|text| fold(&text)))
    })
}
