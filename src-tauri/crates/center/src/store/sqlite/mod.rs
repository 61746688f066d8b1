//! The embedded storage: one SQLite database, synced at every commit. One connection writes; another reads meanwhile.

mod numbers;
mod read;
mod tables;

use super::{Storage, StoreError, Tx};
use crate::platform;
use numbers::Numbers;
use read::Stored;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tables::SqliteTx;

/// The steps of the schema, in order; `user_version` says how many were applied. Released steps never change.
const STEPS: [&str; 9] = [
    include_str!("0001_first.sql"),
    include_str!("0002_fold.sql"),
    include_str!("0003_forks.sql"),
    include_str!("0004_redacted.sql"),
    include_str!("0005_waiting.sql"),
    include_str!("0006_ways_back.sql"),
    include_str!("0007_settled.sql"),
    include_str!("0008_quotes.sql"),
    include_str!("0009_words_of.sql"),
];

/// How long a program waits for its turn while others write. Each writes for as long as one bundle takes to be opened.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// An open database.
pub struct Embedded {
    /// None where nothing can be written.
    writer: Option<Mutex<Session>>,
    reader: Mutex<Session>,
}

/// A connection with what it knows by heart.
struct Session {
    sql: Connection,
    numbers: Numbers,
}

impl Embedded {
    /// Makes a database in a new file, for us alone before SQLite does by the umask; what SQLite lays beside it gets the same
    /// rights.
    ///
    /// # Errors
    /// When the file is there already, or cannot be made.
    pub fn make(file: &Path) -> Stored<Self> {
        platform::secret_file().open(file).map_err(unusable)?;
        Self::connected(file)
    }

    /// Opens the database in `file`, and brings an older one's schema up to date. Where nothing can be written it is opened to be
    /// read, as it lies there.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where there is none, or an empty one; when it cannot be opened, or a newer version made it.
    pub fn open(file: &Path) -> Stored<Self> {
        // Before SQLite looks at it: that would take a log of writes beside an empty file for an old one, and delete it.
        let is_gone = match fs::metadata(file) {
            Ok(known) => known.len() == 0,
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(error) => return Err(unusable(error)),
        };
        if is_gone {
            return Err(StoreError::Gone);
        }
        if !platform::can_be_written(file) {
            return Self::to_be_read(file);
        }
        if missing_steps(&connect(file)?)?.len() == STEPS.len() {
            return Err(StoreError::Gone);
        }
        Self::connected(file)
    }

    /// Opens the database in `file` as something that nobody changes: SQLite lays nothing beside it.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] where a log of writes lies beside it, whose entries would be passed over, or an earlier version made
    /// it: either takes a place that can be written. Else as [`Self::open`].
    pub fn to_be_read(file: &Path) -> Stored<Self> {
        let log = with_ending(file, "-wal");
        if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
            return Err(StoreError::ReadOnly);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let sql = Connection::open_with_flags(format!("{}?immutable=1", uri(file)), flags)?;
        sql.execute_batch(
            "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;",
        )?;
        sql.set_prepared_statement_cache_capacity(64);
        match missing_steps(&sql)?.len() {
            0 => Ok(Self { writer: None, reader: Session::new(sql) }),
            missing if missing == STEPS.len() => Err(StoreError::Gone),
            _ => Err(StoreError::ReadOnly),
        }
    }

    fn connected(file: &Path) -> Stored<Self> {
        let mut writer = connect(file)?;
        migrate(&mut writer)?;
        let reader = connect(file)?;
        reader.execute_batch("PRAGMA query_only = ON;")?;
        Ok(Self { writer: Some(Session::new(writer)), reader: Session::new(reader) })
    }
}

/// A path as SQLite's URIs have it: every byte that could mean anything there is spelled out.
fn uri(file: &Path) -> String {
    let mut uri = "file:".to_owned();
    if cfg!(windows) {
        uri.push('/');
    }
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn unusable(error: io::Error) -> StoreError {
    StoreError::Database(error.to_string())
}

fn connect(file: &Path) -> Stored<Connection> {
    let sql = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    sql.busy_timeout(PATIENCE)?;
    sql.execute_batch(
        "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768; PRAGMA secure_delete = ON;",
    )?;
    sql.set_prepared_statement_cache_capacity(64);
    Ok(sql)
}

/// Applies the missing steps in one transaction, so that another process finds all of them or none.
fn migrate(sql: &mut Connection) -> Stored<()> {
    if missing_steps(sql)?.is_empty() {
        return Ok(());
    }
    let all = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been first.
    missing_steps(&all)?.iter().try_for_each(|step| all.execute_batch(step))?;
    all.pragma_update(None, "user_version", STEPS.len())?;
    Ok(all.commit()?)
}

fn missing_steps(sql: &Connection) -> Stored<&'static [&'static str]> {
    let applied: usize = sql.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    STEPS.get(applied..).ok_or(StoreError::NewerVersion)
}

impl Session {
    fn new(sql: Connection) -> Mutex<Self> {
        Mutex::new(Self { sql, numbers: Numbers::default() })
    }

    /// Undoes what is not committed. A database that cannot undo does so when it is next opened.
    fn undo(&mut self) {
        self.numbers = Numbers::default();
        if !self.sql.is_autocommit() {
            let _ = self.sql.execute_batch("ROLLBACK");
        }
    }

    fn tx(&mut self) -> SqliteTx<'_> {
        SqliteTx { sql: &self.sql, numbers: &mut self.numbers, touched: BTreeSet::new() }
    }
}

/// The session for oneself. Whoever panicked with it left nothing behind but perhaps a transaction, which is undone.
fn take(session: &Mutex<Session>) -> MutexGuard<'_, Session> {
    let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
    if !session.sql.is_autocommit() {
        session.undo();
    }
    session
}

impl Storage for Embedded {
    fn run_read(&self, work: &mut dyn FnMut(&dyn Tx)) -> Stored<()> {
        let mut session = take(&self.reader);
        session.sql.execute_batch("BEGIN")?;
        work(&session.tx());
        // There is nothing to undo: this only lets the view go.
        session.undo();
        Ok(())
    }

    fn run_write(&self, work: &mut dyn FnMut(&mut dyn Tx) -> bool) -> Stored<()> {
        let mut session = take(self.writer.as_ref().ok_or(StoreError::ReadOnly)?);
        session.sql.execute_batch("BEGIN IMMEDIATE")?;
        let mut tx = session.tx();
        let done = if work(&mut tx) { tx.finish().map(|()| true) } else { Ok(false) };
        let committed = done.and_then(|good| {
            if good {
                session.sql.execute_batch("COMMIT")?;
            }
            Ok(good)
        });
        // A full disk lets SQLite roll back by itself: no transaction is open then, but numbers of it are remembered.
        if !matches!(committed, Ok(true)) {
            session.undo();
        }
        committed.map(drop)
    }

    fn is_read_only(&self) -> bool {
        self.writer.is_none()
    }

    fn wipe(&self) -> Stored<()> {
        // What a reader of another process still sees stays beside the database until it is done.
        let session = take(self.writer.as_ref().ok_or(StoreError::ReadOnly)?);
        Ok(session.sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }
}
