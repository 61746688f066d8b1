//! The vault's folder: names, the lock against a second process, and files that are replaced whole or not at all.
//! Everything that differs between operating systems in this room is here.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::VaultError;

/// Greatest size of a small file beside the database: anything larger was not written by us.
const SMALL_FILE: u64 = 4 << 20;
/// Pauses, in milliseconds, after which a file that another program holds is tried again: 2.5 seconds in all.
const PAUSES_MS: [u64; 7] = [10, 30, 60, 100, 300, 700, 1300];

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

/// Replaces a small file as a whole: written beside it, synced, renamed over it, the name synced. A crash leaves the old or
/// the new one.
///
/// # Errors
/// What the disk says; the old file stays.
pub fn replace(file: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut beside = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    let beside = beside.into_temp_path().keep().map_err(|refused| refused.error)?;
    if let Err(error) = rename(&beside, file) {
        // What is left of it does no harm.
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    Ok(sync_name(file)?)
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

/// Renames a file, over another if there is one. A virus scanner or a backup that holds either is waited for.
///
/// # Errors
/// [`VaultError::InUse`] when it is still held after 2.5 seconds.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), VaultError> {
    patiently(is_held, || fs::rename(from, to))
}

/// Removes a file if it is there; who holds it is waited for as in [`rename`].
pub(crate) fn remove(file: &Path) -> Result<(), VaultError> {
    patiently(is_held, || match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    })
}

/// Makes the name lasting that a file or a folder of files was just given.
///
/// Windows cannot open a folder for syncing. NTFS journals names by itself; FAT and exFAT, as on sticks, write a name with
/// the file that it belongs to.
///
/// # Errors
/// What the operating system says.
pub fn sync_name(named: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = named.parent().filter(|folder| !folder.as_os_str().is_empty());
        return File::open(folder.unwrap_or(Path::new(".")))?.sync_all();
    }
    if named.is_dir() {
        return fs::read_dir(named)?.try_for_each(|file| sync_file(&file?.path()));
    }
    sync_file(named)
}

/// Syncs a file that something else has written.
pub(crate) fn sync_file(file: &Path) -> io::Result<()> {
    File::options().read(true).write(true).open(file)?.sync_all()
}

/// Does something to a file, and again after each of the pauses while it is held.
fn patiently(is_held: fn(&io::Error) -> bool, mut act: impl FnMut() -> io::Result<()>) -> Result<(), VaultError> {
    for pause in PAUSES_MS {
        match act() {
            Err(error) if is_held(&error) => std::thread::sleep(Duration::from_millis(pause)),
            done => return Ok(done?),
        }
    }
    act().map_err(|error| if is_held(&error) { VaultError::InUse } else { error.into() })
}

/// Whether the error is Windows' word for a file that somebody else has open: access denied, sharing or lock violation.
fn is_held(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(5 | 32 | 33))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::ResourceBusy
    }

    #[test]
    fn a_file_that_is_held_is_waited_for_but_not_for_ever() {
        let mut tries = 0;
        let done = patiently(held, || {
            tries += 1;
            if tries < 4 { Err(io::ErrorKind::ResourceBusy.into()) } else { Ok(()) }
        });
        assert!(done.is_ok() && tries == 4, "{done:?} after {tries}");
        let mut tries = 0;
        let never = patiently(held, || {
            tries += 1;
            Err(io::ErrorKind::ResourceBusy.into())
        });
        assert!(matches!(never, Err(VaultError::InUse)) && tries == PAUSES_MS.len() + 1, "{never:?} after {tries}");
    }

    #[test]
    fn another_trouble_is_told_at_once() {
        let mut tries = 0;
        let done = patiently(held, || {
            tries += 1;
            Err(io::ErrorKind::NotFound.into())
        });
        assert!(matches!(done, Err(VaultError::Io(_))) && tries == 1, "{done:?} after {tries}");
    }
}
