//! The database file and the folder of uploaded files.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, Transaction, TransactionBehavior, functions::FunctionFlags};

use crate::error::{Error, Result};

/// Each file takes the database one version further. Never change one that was released.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/0001_init.sql")];

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

/// The data of one server.
#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
    files: Arc<Path>,
}

impl Store {
    /// Opens the data in `folder`, making what is missing.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let files = folder.join("files");
        let probe = folder.join(".writable");
        let unwritable = |error: std::io::Error| OpenError::Unwritable {
            path: folder.display().to_string(),
            reason: error.to_string(),
        };
        fs::create_dir_all(&files).map_err(unwritable)?;
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
        if version > 0 {
            let verdict: String = connection
                .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
                .map_err(damaged)?;
            if verdict != "ok" {
                let path = path.display().to_string();
                return Err(OpenError::Damaged { path, reason: verdict });
            }
        }
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
            )
            .map_err(damaged)?;
        migrate(&mut connection, version).map_err(damaged)?;
        add_functions(&connection).map_err(damaged)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), files: files.into() })
    }

    /// Runs `work` on the database, away from the threads that answer the network. All of its
    /// changes are kept, or none.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        let done = tokio::task::spawn_blocking(move || store.run_here(work)).await;
        done.map_err(|error| Error::Internal(error.to_string()))?
    }

    /// The same, on this thread.
    pub(crate) fn run_here<T>(&self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        // A panic while the lock was held rolled its transaction back: the data are sound.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let outcome = work(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    }

    /// Where the content of an uploaded file is.
    pub(crate) fn file(&self, uuid: &str) -> PathBuf {
        self.files.join(uuid)
    }

    /// Brings everything into the one file, before the program ends.
    pub fn close(&self) {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            eprintln!("The write-ahead log stays beside the database: {error}.");
        }
    }
}

fn migrate(connection: &mut Connection, version: usize) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for migration in &MIGRATIONS[version..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len())?;
    transaction.commit()
}

/// `fold(text)`: lower case in every alphabet, which SQLite's own `lower` cannot.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold", 1, flags, |context| {
        Ok(context.get::<Option<String>>(0)?.map(|text| text.to_lowercase()))
    })
}
