//! The vault's folder: names, the lock against a second process, and files that are replaced whole or not at all.
//! Everything that differs between operating systems in this room is here.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::VaultError;

/// Greatest size of a small file beside the database: anything larger was not written by us.
const SMALL_FILE: u64 = 4 << 20;

/// The files of a vault.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// The folder itself.
    pub(crate) root: PathBuf,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("vault.db")
    }

    /// A database being written that shall replace the present one.
    pub(crate) fn next_database(&self) -> PathBuf {
        self.root.join("vault.db.next")
    }

    pub(crate) fn slots(&self) -> PathBuf {
        self.root.join("keyslots.json")
    }

    /// The slot file that belongs to [`Self::next_database`].
    pub(crate) fn next_slots(&self) -> PathBuf {
        self.root.join("keyslots.json.next")
    }

    pub(crate) fn attempts(&self) -> PathBuf {
        self.root.join("attempts.json")
    }

    /// Takes the lock; it is held until the returned file is dropped, also by a crash.
    pub(crate) fn lock(&self) -> Result<File, VaultError> {
        let file = File::options().create(true).truncate(false).write(true).open(self.root.join("vault.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// Replaces a file: written beside it, synced, renamed over it, the folder synced.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut beside = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(file).map_err(|refused| refused.error)?;
    sync_folder(folder)
}

/// Reads a small file; `None` when there is none.
pub(crate) fn read_small(file: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    let mut bytes = Vec::new();
    match File::open(file) {
        Ok(open) => open.take(SMALL_FILE + 1).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if bytes.len() as u64 > SMALL_FILE {
        return Err(VaultError::damaged("a file beside the database is too large"));
    }
    Ok(Some(bytes))
}

/// Removes a file if it is there.
pub(crate) fn remove(file: &Path) -> Result<(), VaultError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes the renames and removals in a folder lasting.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> Result<(), VaultError> {
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// NTFS journals renames itself, and a folder can't be opened for syncing.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> Result<(), VaultError> {
    Ok(())
}

/// Syncs a file that something else has written.
pub(crate) fn sync_file(file: &Path) -> Result<(), VaultError> {
    File::options().read(true).write(true).open(file)?.sync_all()?;
    Ok(())
}
