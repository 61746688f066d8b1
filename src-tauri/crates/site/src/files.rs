//! Files outside the vault: opened only where they are files, written under a temporary name on the same volume, synced,
//! re-read, and named without overwriting another.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use seal::{Sha256, sha256};
use tempfile::{NamedTempFile, PersistError};

use crate::SiteError;

/// Most files that may lie under one name already.
const MOST_NAMESAKES: u32 = 99;

/// Opens a file that somebody chose.
///
/// # Errors
/// `Gone`; `NoFile` for what is none: opening a pipe would wait for its writer, for ever perhaps.
pub(crate) fn open(path: &Path) -> Result<File, SiteError> {
    if std::fs::metadata(path)?.is_file() { Ok(File::open(path)?) } else { Err(SiteError::NoFile) }
}

/// Writes under a temporary name, which goes away by itself when anything fails later.
///
/// # Errors
/// `NotAsWritten`, and what the disk says.
pub(crate) fn write(folder: &Path, bytes: &[u8]) -> Result<NamedTempFile, SiteError> {
    let mut file = tempfile::Builder::new().prefix(".outpost-").suffix(".part").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    verify(file.path(), &sha256(bytes))?;
    Ok(file)
}

/// Reads back what the disk says that it holds.
fn verify(path: &Path, expected: &[u8; 32]) -> Result<(), SiteError> {
    let mut file = File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 256 << 10]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    if hash.finish() == *expected { Ok(()) } else { Err(SiteError::NotAsWritten) }
}

/// A file that has its name. Unless it is kept it goes again: whatever was to follow it did not come.
pub(crate) struct NewFile {
    path: PathBuf,
    is_kept: bool,
}

impl NewFile {
    /// Gives a file the name that is wanted, or that name with a number, and syncs the name. Nothing is overwritten.
    ///
    /// # Errors
    /// `Taken` when there are too many of that name; what the disk says.
    pub(crate) fn name(mut file: NamedTempFile, wanted: &Path) -> Result<Self, SiteError> {
        for n in 1..=MOST_NAMESAKES {
            let path = numbered(wanted, n);
            match rename(file, &path) {
                Ok(()) => {
                    let named = Self { path, is_kept: false };
                    vault::sync_name(&named.path)?;
                    return Ok(named);
                }
                Err((again, error)) if error.kind() == ErrorKind::AlreadyExists => file = again,
                Err((_, error)) => return Err(error.into()),
            }
        }
        Err(SiteError::Taken)
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// It stays.
    pub(crate) fn keep(mut self) -> PathBuf {
        self.is_kept = true;
        std::mem::take(&mut self.path)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.is_kept {
            // A stick that is gone has taken it along; nothing was journaled.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The wanted name, from the second file on with a number: `a.pdf`, `a-2.pdf`.
fn numbered(wanted: &Path, n: u32) -> PathBuf {
    let (Some(stem), true) = (wanted.file_stem(), n > 1) else { return wanted.to_owned() };
    let mut name = OsString::from(stem);
    name.push(format!("-{n}"));
    if let Some(extension) = wanted.extension() {
        name.push(".");
        name.push(extension);
    }
    wanted.with_file_name(name)
}

fn rename(file: NamedTempFile, to: &Path) -> Result<(), (NamedTempFile, std::io::Error)> {
    let file = match file.persist_noclobber(to) {
        Ok(_) => return Ok(()),
        Err(PersistError { error, file }) if error.kind() == ErrorKind::AlreadyExists => return Err((file, error)),
        Err(PersistError { file, .. }) => file,
    };
    // Sticks are often formatted so that a name cannot be given and taken at once: an empty file takes it first.
    if let Err(error) = OpenOptions::new().write(true).create_new(true).open(to) {
        return Err((file, error));
    }
    file.persist(to).map(drop).map_err(|PersistError { error, file }| {
        // The empty one; where it cannot be removed, it holds nothing.
        let _ = std::fs::remove_file(to);
        (file, error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_before_the_ending() {
        for (wanted, second) in [("f/a.pdf", "f/a-2.pdf"), ("f/a", "f/a-2"), ("f/a.b.bundle", "f/a.b-2.bundle")] {
            assert_eq!(numbered(Path::new(wanted), 1), Path::new(wanted));
            assert_eq!(numbered(Path::new(wanted), 2), Path::new(second));
        }
    }

    #[test]
    fn what_is_not_kept_goes_again_and_leaves_the_older_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let wanted = folder.path().join("a.pdf");
        std::fs::write(&wanted, b"older").expect("written");
        let new = NewFile::name(write(folder.path(), b"newer").expect("written"), &wanted).expect("named");
        assert_eq!(std::fs::read(new.path()).expect("the file"), b"newer");
        drop(new);
        let new = NewFile::name(write(folder.path(), b"newest").expect("written"), &wanted).expect("named");
        assert_eq!(std::fs::read(new.keep()).expect("the file"), b"newest");
        assert_eq!(std::fs::read(&wanted).expect("the file"), b"older");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_and_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("x.bundle");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        assert!(matches!(open(&pipe), Err(SiteError::NoFile)));
        assert!(matches!(open(folder.path()), Err(SiteError::NoFile)));
        assert!(matches!(open(&folder.path().join("none")), Err(SiteError::Gone)));
    }
}
