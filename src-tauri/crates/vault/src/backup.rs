//! Backups: a whole vault folder elsewhere, still encrypted, read back before anybody is told that it exists.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rusqlite::Connection;
use seal::KeySlots;
use study::Functions;

use crate::connection::{DbKey, open_reader};
use crate::folder::{self, Folder};
use crate::head::Head;
use crate::verify::{self, Progress, Report};
use crate::{Open, VaultError};

/// A backup that was read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupMade {
    /// Size of the database in bytes.
    pub bytes: u64,
    /// Last entry of this device's log in it.
    pub seq: u64,
}

impl Open {
    /// Writes a copy of the vault into a new folder and verifies it. The vault stays usable by readers meanwhile.
    ///
    /// # Errors
    /// [`VaultError::Taken`] when the folder exists, [`VaultError::BadCopy`] when it does not read back.
    pub fn backup(&self, to: &Path) -> Result<BackupMade, VaultError> {
        if to.exists() {
            return Err(VaultError::Taken);
        }
        let parent = to.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let beside = tempfile::Builder::new().prefix(".backup-").tempdir_in(parent)?;
        let folder = Folder::new(beside.path());
        copy_database(&self.sql, &self.key, &folder.database())?;
        folder::replace_file(&folder.slots(), &self.judge_slots()?.in_force)?;
        let made = BackupMade { bytes: fs::metadata(folder.database())?.len(), seq: self.state.head.log.end.seq };
        if to.exists() {
            return Err(VaultError::Taken);
        }
        folder::rename(&beside.keep(), to)?;
        folder::sync_name(to)?;
        Ok(made)
    }
}

/// Copies the database as it stands, under the same key, and reads the copy back.
pub(crate) fn copy_database(sql: &Connection, key: &DbKey, to: &Path) -> Result<(), VaultError> {
    let name = to.to_str().ok_or(VaultError::Missing("a file name in Unicode"))?;
    sql.execute("VACUUM INTO ?1", [name])?;
    folder::sync_file(to)?;
    let copy = open_reader(to, key).map_err(|_| VaultError::BadCopy("it does not open"))?;
    is_sound(&copy)?;
    let counts = |sql: &Connection| -> Result<(u64, i64), VaultError> {
        Ok(sql.query_row("SELECT count(*), total(place) FROM entry", [], |row| {
            Ok((row.get(0)?, row.get::<_, f64>(1)? as i64))
        })?)
    };
    if counts(&copy)? != counts(sql)? {
        return Err(VaultError::BadCopy("entries are missing"));
    }
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// The database's own check: every page authenticated, every tree in order.
pub(crate) fn is_sound(sql: &Connection) -> Result<(), VaultError> {
    let first: String = sql.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if first == "ok" { Ok(()) } else { Err(VaultError::BadCopy("the database's own check fails")) }
}

/// The restore drill: opens a backup with a password, without touching it or the live vault, and verifies everything
/// in it.
///
/// # Errors
/// [`VaultError::NotAVault`], [`VaultError::WrongPassword`], or why it can't be read.
pub fn drill(
    backup: &Path,
    functions: &Functions,
    user: &str,
    password: &str,
    cancel: &Arc<AtomicBool>,
    progress: impl FnMut(Progress),
) -> Result<(Report, u64), VaultError> {
    let folder = Folder::new(backup);
    let file = folder::read_small(&folder.slots())?.ok_or(VaultError::NotAVault)?;
    let secrets = KeySlots::read(&file)?.unlock(user, password).map_err(|error| match error {
        seal::SealError::WrongPassword | seal::SealError::UnknownUser => VaultError::WrongPassword,
        other => other.into(),
    })?;
    // A reader of a write-ahead database makes files beside it: the drill works on a copy.
    let scratch = tempfile::tempdir()?;
    let copy = scratch.path().join("vault.db");
    fs::copy(folder.database(), &copy)?;
    let sql = open_reader(&copy, &secrets.db_key)?;
    let seq = Head::read(&sql)?.log.end.seq;
    Ok((verify::run(sql, functions, cancel, progress)?, seq))
}
