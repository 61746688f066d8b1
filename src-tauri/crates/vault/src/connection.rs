//! Connections: the key first, then the settings under which nothing is lost and nothing rests in the clear.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::VaultError;
use crate::faults::{self, Call};
use crate::folder::{Folder, exists, has_bytes, with_end};
use crate::migrations::{self, MIGRATIONS};

/// The database key. Wiped when dropped, never shown.
pub(crate) type DbKey = Zeroizing<[u8; 32]>;

/// Pages of the write-ahead log (4 KiB each) after which a save folds it back into the database. Fewer than one save in a
/// hundred pays for it; locking folds back the rest.
const BUSY_CHECKPOINT_PAGES: u32 = 4_000;

/// Opens the one connection that writes; makes the file when `create` is set.
pub(crate) fn open_writer(file: &Path, key: &DbKey, create: bool) -> Result<Connection, VaultError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let sql = open_keyed(file, key, flags)?;
    let mode: String = sql.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(VaultError::damaged("the file system does not support a write-ahead log"));
    }
    sql.pragma_update(None, "synchronous", "FULL")?;
    sql.pragma_update(None, "wal_autocheckpoint", BUSY_CHECKPOINT_PAGES)?;
    sql.pragma_update(None, "journal_size_limit", 64 << 20)?;
    sql.pragma_update(None, "cache_size", -48 * 1024)?;
    Ok(sql)
}

/// Opens a copy to be put in order before it is given away: without a write-ahead log, so that all of it lies in its own file.
pub(crate) fn open_at_rest(file: &Path, key: &DbKey) -> Result<Connection, VaultError> {
    open_keyed(file, key, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Opens a connection that can only read: for the background verification and for exports, and for everything where the disk
/// takes in nothing.
pub(crate) fn open_reader(file: &Path, key: &DbKey) -> Result<Connection, VaultError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sql = match open_keyed(file, key, flags) {
        Err(refused) if refused.is_of_the_disk() && is_at_rest(file) => {
            // Readers of a write-ahead database make files beside it. Where they cannot, one that nobody writes is read
            // without them.
            let at_rest = OpenFlags::SQLITE_OPEN_URI | flags;
            open_keyed(&uri_at_rest(file).ok_or(refused)?, key, at_rest)?
        }
        opened => opened?,
    };
    sql.pragma_update(None, "query_only", true)?;
    sql.pragma_update(None, "cache_size", -24 * 1024)?;
    Ok(sql)
}

/// Whether nobody writes a database and all that was written lies in its own file.
fn is_at_rest(file: &Path) -> bool {
    matches!((exists(&with_end(file, "-shm")), has_bytes(&Folder::log_of(file))), (Ok(false), Ok(false)))
}

/// A database's name for one who takes it as never changing.
fn uri_at_rest(file: &Path) -> Option<PathBuf> {
    let mut uri = String::from(if cfg!(windows) { "file:/" } else { "file:" });
    for sign in std::path::absolute(file).ok()?.to_str()?.chars() {
        match sign {
            '\\' if cfg!(windows) => uri.push('/'),
            '%' | '?' | '#' => uri.push_str(&format!("%{:02x}", u32::from(sign))),
            _ => uri.push(sign),
        }
    }
    uri.push_str("?immutable=1");
    Some(uri.into())
}

fn open_keyed(file: &Path, key: &DbKey, flags: OpenFlags) -> Result<Connection, VaultError> {
    faults::before_database(Call::Open, file)?;
    // Reading a pipe waits for its writer, for ever perhaps. That a folder is no database the system itself says.
    if fs::metadata(file).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        return Err(VaultError::no_key_of_it());
    }
    let sql = Connection::open_with_flags(file, flags)?;
    give_key(&sql, key)?;
    sql.busy_timeout(Duration::from_secs(5))?;
    sql.set_prepared_statement_cache_capacity(64);
    // Statement journals and sorters must not become files: they would be in the clear.
    sql.pragma_update(None, "temp_store", "MEMORY")?;
    sql.pragma_update(None, "trusted_schema", false)?;
    sql.pragma_update(None, "foreign_keys", true)?;
    sql.pragma_update(None, "cell_size_check", true)?;
    sql.pragma_update(None, "mmap_size", 0)?;
    sql.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // On Apple's systems a plain `fsync` leaves data in the drive's own cache; elsewhere these two change nothing.
    sql.pragma_update(None, "fullfsync", true)?;
    sql.pragma_update(None, "checkpoint_fullfsync", true)?;
    // The first read shows whether the key fits.
    sql.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(sql)
}

/// The raw form skips SQLCipher's own key derivation. It must be the first statement, and no other `cipher_` pragma
/// may follow it: on 4.19 a late one silently ruins the file. `cipher_memory_security`, which would wipe what SQLite frees, is
/// off: with its two system calls for each allocation the median save takes a sixth longer (measured: 0.51 and 0.59 ms).
fn give_key(sql: &Connection, key: &DbKey) -> Result<(), VaultError> {
    let word = raw_key(key);
    // In one piece and wiped afterwards: a pragma with a value is put together in a text that nobody wipes.
    let mut statement = Zeroizing::new(String::with_capacity(16 + word.len()));
    statement.extend(["PRAGMA key = \"", word.as_str(), "\""]);
    Ok(sql.execute_batch(&statement)?)
}

/// The key as SQLCipher takes it without deriving anything.
pub(crate) fn raw_key(key: &DbKey) -> Zeroizing<String> {
    let mut word = Zeroizing::new(String::with_capacity(67));
    word.push_str("x'");
    word.push_str(&Zeroizing::new(seal::hex::encode(key.as_slice())));
    word.push('\'');
    word
}

/// Makes a database with the present schema and nothing in it, to be filled as an attached one.
pub(crate) fn make_empty(file: &Path, key: &DbKey) -> Result<(), VaultError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut sql = open_keyed(file, key, flags)?;
    migrations::migrate(&mut sql, MIGRATIONS)?;
    sql.close().map_err(|(_, error)| error)?;
    Ok(())
}
