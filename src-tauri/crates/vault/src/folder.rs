//! The vault's folder: names, the lock against a second process, and files that are replaced whole or not at all.
//! Everything that differs between operating systems in this room is here.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::VaultError;
use crate::faults::{self, Call};

/// Greatest size of a small file beside the database: anything larger was not written by us.
const SMALL_FILE: u64 = 4 << 20;
/// Beginning of the names under which small files are written.
const WRITING: &str = ".writing-";
/// Beginning of the names of copies that were made before a schema migration.
const SCHEMA_COPY: &str = "vault.db.schema-";
/// Pauses, in milliseconds, after which a file that another program holds is tried again: 2.5 seconds in all.
const PAUSES_MS: [u64; 7] = [10, 30, 60, 100, 300, 700, 1300];
/// How often those pauses are gone through while somebody else's guess is under way: it takes as long as a password costs.
const GUESS_WAITS: u32 = 4;

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

    /// The database that was replaced, until the present one was opened with a password and nothing was wrong.
    pub(crate) fn old_database(&self) -> PathBuf {
        self.root.join("vault.db.old")
    }

    /// The write-ahead log of one of the databases.
    pub(crate) fn log_of(database: &Path) -> PathBuf {
        with_end(database, "-wal")
    }

    /// The copy of the database as it was under an older schema.
    pub(crate) fn schema_copy(&self, version: u32) -> PathBuf {
        self.root.join(format!("{SCHEMA_COPY}{version}"))
    }

    pub(crate) fn slots(&self) -> PathBuf {
        self.root.join("keyslots.json")
    }

    /// The slot file that belongs to [`Self::next_database`].
    pub(crate) fn next_slots(&self) -> PathBuf {
        self.root.join("keyslots.json.next")
    }

    /// The slot file that belongs to [`Self::old_database`].
    pub(crate) fn old_slots(&self) -> PathBuf {
        self.root.join("keyslots.json.old")
    }

    pub(crate) fn attempts(&self) -> PathBuf {
        self.root.join("attempts.json")
    }

    /// Takes the lock; it is held until the returned file is dropped, also by a crash. Where nothing can be written, the file
    /// is only read: it can be locked all the same.
    ///
    /// A lock that was just given back may still be held: a program that this one is starting has a copy of every open file
    /// until its own beginning. So it is waited for.
    pub(crate) fn lock(&self) -> Result<File, VaultError> {
        let name = self.root.join("vault.lock");
        // Opening a pipe waits for its reader, for ever perhaps. There is nothing in a lock that could be lost.
        if fs::metadata(&name).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
            remove(&name)?;
        }
        let written = File::options().create(true).truncate(false).write(true).open(&name);
        let file = written.or_else(|refused| File::open(&name).map_err(|_| refused))?;
        patiently(is_locked, || Ok(file.try_lock()?))?;
        Ok(file)
    }

    /// Takes the lock of what is counted of refused guesses, in whichever program; another guess is waited for. None where nothing
    /// can be locked, as on a disk that is only read: no file is written there, either.
    ///
    /// # Errors
    /// [`VaultError::InUse`] when others guess for ten seconds on end.
    pub(crate) fn lock_attempts(&self) -> Result<Option<File>, VaultError> {
        let Ok(file) = lockable(&self.root) else { return Ok(None) };
        for _ in 0..GUESS_WAITS {
            match patiently(is_locked, || Ok(file.try_lock()?)) {
                Err(VaultError::InUse) => {}
                locked => return Ok(locked.is_ok().then_some(file)),
            }
        }
        Err(VaultError::InUse)
    }

    /// Removes what interrupted writing of small files left.
    ///
    /// # Errors
    /// What cannot be removed; the rest is removed all the same.
    pub(crate) fn clear_unfinished(&self) -> Result<(), VaultError> {
        self.clear(WRITING)
    }

    /// Removes the copies that were made before schema migrations.
    ///
    /// # Errors
    /// What cannot be removed; the rest is removed all the same.
    pub(crate) fn clear_schema_copies(&self) -> Result<(), VaultError> {
        self.clear(SCHEMA_COPY)
    }

    fn clear(&self, beginning: &str) -> Result<(), VaultError> {
        let mut cleared = Ok(());
        for file in fs::read_dir(&self.root)? {
            let file = file?;
            if file.file_name().to_string_lossy().starts_with(beginning) {
                cleared = cleared.and(remove(&file.path()));
            }
        }
        cleared
    }
}

/// The file by which a folder is locked on Windows.
const FOLDER_LOCK: &str = "folder.lock";

/// What a folder is locked by: itself; on Windows, where only files are locked, a file in it.
pub(crate) fn lockable(folder: &Path) -> io::Result<File> {
    if cfg!(windows) {
        return File::options().create(true).truncate(false).write(true).open(folder.join(FOLDER_LOCK));
    }
    File::open(folder)
}

/// Takes away what [`lockable`] lays into a folder on Windows.
pub(crate) fn remove_lock(folder: &Path) -> Result<(), VaultError> {
    remove(&folder.join(FOLDER_LOCK))
}

/// Whether somebody else holds a lock.
pub(crate) fn is_locked(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

/// A database's file with the end of one of its side files.
pub(crate) fn with_end(database: &Path, end: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// How a file was replaced.
#[derive(Debug)]
pub(crate) enum Replaced {
    /// The new one stands, also after a power cut.
    Lasting,
    /// The new one has the name; after a power cut the old one may have it again.
    Named(io::Error),
}

impl Replaced {
    /// For whom a name that may go back is none.
    pub(crate) fn lasting(self) -> Result<(), VaultError> {
        match self {
            Self::Lasting => Ok(()),
            Self::Named(error) => Err(error.into()),
        }
    }
}

/// Makes a folder and those above it that are not there, each for this account alone whatever the umask says. On Windows they
/// inherit the rights of what they are made in.
///
/// # Errors
/// What the system says; a folder that is there is none.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Replaces a small file as a whole: written beside it, synced, renamed over it, the name synced. A crash leaves the old or
/// the new one. The folder is made if need be.
///
/// # Errors
/// What the disk says; the old file stays.
pub fn replace_file(file: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    private_folder(folder_of(file))?;
    replace(file, bytes).map(drop)
}

/// The same in a folder that is there, telling whether the new name lasts.
///
/// # Errors
/// What the disk says; the old file stays.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> Result<Replaced, VaultError> {
    faults::before(Call::Write, file)?;
    let mut beside = tempfile::Builder::new().prefix(WRITING).tempfile_in(folder_of(file))?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    let beside = beside.into_temp_path().keep().map_err(|refused| refused.error)?;
    if let Err(error) = rename(&beside, file) {
        // What is left of it does no harm and goes at the next unlock.
        let _ = remove(&beside);
        return Err(error);
    }
    Ok(sync_name(file).map_or_else(Replaced::Named, |()| Replaced::Lasting))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a file is there.
///
/// # Errors
/// When that can't be known.
pub(crate) fn exists(file: &Path) -> Result<bool, VaultError> {
    faults::before(Call::Look, file)?;
    Ok(file.try_exists()?)
}

/// Whether a file is there and has bytes.
///
/// # Errors
/// When that can't be known.
pub(crate) fn has_bytes(file: &Path) -> Result<bool, VaultError> {
    faults::before(Call::Look, file)?;
    match fs::metadata(file) {
        Ok(about) => Ok(about.len() > 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Reads a small file; `None` when there is none. What is no file is not opened: a pipe would be waited for, for ever perhaps.
///
/// # Errors
/// [`VaultError::Damaged`] when it is no file or too large; what the disk says.
pub fn read_small(file: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    faults::before(Call::Read, file)?;
    // The system itself refuses to read a folder.
    if fs::metadata(file).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        return Err(VaultError::damaged("what lies beside the database is no file"));
    }
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
    faults::before(Call::Rename, to)?;
    patiently(is_held, || fs::rename(from, to))
}

/// Gives a file a second name, where the file system knows that. Not on Windows: there whoever holds the file under its first
/// name keeps the second one from being taken back.
pub(crate) fn link(file: &Path, second: &Path) -> io::Result<()> {
    faults::before(Call::Link, second)?;
    if cfg!(windows) {
        return Err(io::ErrorKind::Unsupported.into());
    }
    fs::hard_link(file, second)
}

/// Removes a file if it is there; who holds it is waited for as in [`rename`].
pub(crate) fn remove(file: &Path) -> Result<(), VaultError> {
    faults::before(Call::Remove, file)?;
    patiently(is_held, || match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    })
}

/// Makes the name lasting that a file or a folder of files was just given.
///
/// Windows cannot open a folder for syncing. NTFS journals names by itself; FAT and exFAT, as on sticks, write a name with
/// the file that it belongs to. A file system that knows no syncing of folders is taken at its word.
///
/// # Errors
/// What the operating system says.
pub fn sync_name(named: &Path) -> io::Result<()> {
    faults::before(Call::SyncName, named)?;
    if cfg!(unix) {
        return match File::open(folder_of(named))?.sync_all() {
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            synced => synced,
        };
    }
    if named.is_dir() {
        return fs::read_dir(named)?.try_for_each(|file| sync_file(&file?.path()));
    }
    sync_file(named)
}

/// Syncs a file that something else has written.
pub(crate) fn sync_file(file: &Path) -> io::Result<()> {
    faults::before(Call::Sync, file)?;
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

    /// Third attack, a small one: a pipe in the place of the lock kept a sign-in waiting for ever.
    #[cfg(unix)]
    #[test]
    fn a3_a_pipe_in_the_place_of_the_lock_is_not_waited_for() {
        let temp = tempfile::tempdir().expect("temp");
        let pipe = temp.path().join("vault.lock");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("runs").success());
        let (tell, told) = std::sync::mpsc::channel();
        let folder = Folder::new(temp.path());
        std::thread::spawn(move || tell.send(folder.lock().is_ok()));
        assert_eq!(told.recv_timeout(Duration::from_secs(20)), Ok(true), "it is locked");
        assert!(pipe.is_file());
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
