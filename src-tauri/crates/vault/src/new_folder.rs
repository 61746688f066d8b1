//! A folder that is written under a temporary name, and goes again unless it got its own and is kept.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::faults::{self, Call};
use crate::{VaultError, folder};

/// How often a folder is made anew that went before it was locked.
const TRIES: u32 = 10;
/// End of the name of an abandoned folder that is being removed.
const GONE: &str = ".gone";

/// A folder being written. Dropping it removes it with all that is in it.
pub(crate) struct NewFolder {
    path: PathBuf,
    /// Tells others who write beside it that it is not abandoned; none where nothing can be locked.
    lock: Option<File>,
    is_kept: bool,
}

impl NewFolder {
    /// Makes one in `parent` under a temporary name, closed to other people. What an earlier one of that beginning left when the
    /// power went is removed before: it takes up room. What another program is writing there stays.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn make(parent: &Path, beginning: &str) -> Result<Self, VaultError> {
        clear(parent, beginning);
        faults::before(Call::Write, parent)?;
        for _ in 0..TRIES {
            let path = tempfile::Builder::new().prefix(beginning).tempdir_in(parent)?.keep();
            let lock = match folder::lockable(&path) {
                Ok(file) => match file.try_lock().map_err(io::Error::from) {
                    Ok(()) => Some(file),
                    // Another program took it for abandoned, and is about to remove it.
                    Err(refused) if folder::is_locked(&refused) => continue,
                    Err(_) => None,
                },
                Err(_) => None,
            };
            // Until it was locked, another program could take it for abandoned.
            if path.is_dir() {
                return Ok(Self { path, lock, is_kept: false });
            }
        }
        Err(io::Error::from(ErrorKind::Interrupted).into())
    }

    /// Where it is now.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its own name, which lasts then.
    ///
    /// # Errors
    /// [`VaultError::Taken`] when something has that name; what the disk says.
    pub(crate) fn name(&mut self, to: &Path) -> Result<(), VaultError> {
        if cfg!(windows) {
            // There no folder is renamed in which a file is open.
            drop(self.lock.take());
            folder::remove_lock(&self.path)?;
        }
        // An empty folder takes the name before anybody else can; a folder may then take the place of an empty one.
        match fs::create_dir(to) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(VaultError::Taken),
            made => made?,
        }
        if cfg!(windows) {
            // There no folder takes the place of another: the rename itself refuses a name that is taken again.
            fs::remove_dir(to)?;
        }
        if let Err(refused) = folder::rename(&self.path, to) {
            // It holds nothing; where it can't be removed, nobody takes it for more.
            let _ = fs::remove_dir(to);
            return Err(refused);
        }
        to.clone_into(&mut self.path);
        Ok(folder::sync_name(to)?)
    }

    /// It stays.
    pub(crate) fn keep(mut self) -> PathBuf {
        self.is_kept = true;
        std::mem::take(&mut self.path)
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if !self.is_kept {
            drop(self.lock.take());
            // A stick that is gone has taken it along; what else stays is removed by the next one.
            let _ = faults::before(Call::Remove, &self.path).and_then(|()| fs::remove_dir_all(&self.path));
        }
    }
}

/// Removes abandoned folders as far as that can be done: they are in nobody's way but for the room.
fn clear(parent: &Path, beginning: &str) {
    let Ok(files) = fs::read_dir(parent) else { return };
    let begins = |file: &fs::DirEntry| file.file_name().to_string_lossy().starts_with(beginning);
    for file in files.flatten().filter(|file| begins(file) && file.path().is_dir()) {
        remove_abandoned(&file.path());
    }
}

/// Removes a folder that nobody is writing. It gets another name before: whoever just made it, and had not locked it yet, finds then
/// that it is gone, and makes another one.
fn remove_abandoned(folder: &Path) {
    let lock = folder::lockable(folder).map(|lock| (lock.try_lock().map_err(io::Error::from), lock));
    let held = match lock {
        Ok((Err(refused), _)) if folder::is_locked(&refused) => return,
        // On Windows no folder gets another name while a file in it is open.
        Ok((_, lock)) => Some(lock).filter(|_| !cfg!(windows)),
        Err(_) => None,
    };
    let gone = folder::with_end(folder, GONE);
    if fs::rename(folder, &gone).is_ok() {
        let _ = fs::remove_dir_all(&gone);
    }
    drop(held);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_unless_it_is_named_and_kept() {
        let temp = tempfile::tempdir().expect("temp");
        let made = NewFolder::make(temp.path(), ".new-").expect("made");
        fs::write(made.path().join("file"), "x").expect("written");
        drop(made);
        assert_eq!(fs::read_dir(temp.path()).expect("folder").count(), 0);
        let mut made = NewFolder::make(temp.path(), ".new-").expect("made");
        made.name(&temp.path().join("own")).expect("named");
        drop(made);
        assert_eq!(fs::read_dir(temp.path()).expect("folder").count(), 0, "named and not kept");
        let mut made = NewFolder::make(temp.path(), ".new-").expect("made");
        fs::write(made.path().join("file"), "x").expect("written");
        made.name(&temp.path().join("own")).expect("named");
        assert!(made.keep().join("file").is_file());
    }

    /// S19: two programs that wrote beside one another, such as two backups of one device, deleted each other's folder.
    #[test]
    fn s19_what_somebody_else_is_writing_stays() {
        let temp = tempfile::tempdir().expect("temp");
        let mut first = NewFolder::make(temp.path(), ".new-").expect("made");
        fs::write(first.path().join("file"), "x").expect("written");
        let second = NewFolder::make(temp.path(), ".new-").expect("made");
        assert!(first.path().join("file").is_file() && second.path().is_dir());
        first.name(&temp.path().join("own")).expect("named");
        assert_eq!(fs::read_dir(first.path()).expect("folder").count(), 1, "nothing else is in it");
        first.keep();
        drop(second);
        assert_eq!(fs::read_dir(temp.path()).expect("folder").count(), 1);
    }

    /// Third attack, S12: a folder that was just made, and that another program had just locked to remove it, was given out all the
    /// same, and went while it was written.
    #[test]
    fn a3_s12_what_somebody_else_is_about_to_remove_is_not_given_out() {
        let temp = tempfile::tempdir().expect("temp");
        let is_over = std::sync::atomic::AtomicBool::new(false);
        // Another program, which removes at once whatever it can lock, and takes its time for it.
        let remove_all = || {
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                for found in fs::read_dir(temp.path()).expect("folder").flatten() {
                    let Ok(lock) = folder::lockable(&found.path()) else { continue };
                    if lock.try_lock().is_ok() {
                        std::thread::sleep(std::time::Duration::from_millis(2));
                        let _ = fs::remove_dir_all(found.path());
                    }
                }
            }
        };
        let taken_away = std::thread::scope(|threads| {
            threads.spawn(remove_all);
            let made = || NewFolder::make(temp.path(), ".new-").expect("made");
            let stays = |made: &NewFolder| {
                std::thread::sleep(std::time::Duration::from_millis(4));
                made.path().is_dir()
            };
            let taken_away = (0..300).filter(|_| !stays(&made())).count();
            is_over.store(true, std::sync::atomic::Ordering::Relaxed);
            taken_away
        });
        assert_eq!(taken_away, 0);
    }

    #[test]
    fn a_name_that_is_taken_stays_whose_it_is() {
        let temp = tempfile::tempdir().expect("temp");
        let taken = temp.path().join("own");
        fs::create_dir(&taken).expect("made");
        let mut made = NewFolder::make(temp.path(), ".new-").expect("made");
        assert!(matches!(made.name(&taken), Err(VaultError::Taken)));
        drop(made);
        assert!(taken.is_dir(), "also an empty one");
    }

    #[test]
    fn what_a_crash_left_goes_with_the_next_one() {
        let temp = tempfile::tempdir().expect("temp");
        fs::create_dir(temp.path().join(".new-abandoned")).expect("made");
        let made = NewFolder::make(temp.path(), ".new-").expect("made");
        assert_eq!(fs::read_dir(temp.path()).expect("folder").count(), 1);
        drop(made);
    }
}
