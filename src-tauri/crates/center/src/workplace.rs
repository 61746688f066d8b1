//! Where an export is written before it takes its place: one folder beside it, whose name says what it is and for which tables. Who
//! works in it holds its lock; what a program that died left there is found by that name, and undone by the next export.

use crate::{CenterError, Printable, platform};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// How the name ends of such a folder; before it stand a dot and the name of the tables' folder.
const ENDING: &str = ".outpost-export";
/// What is locked while somebody works there.
const LOCK: &str = "lock";
/// The new tables.
const NEW: &str = "new";
/// Those of an earlier export, while the new ones take their place.
const EARLIER: &str = "earlier";

/// A folder in which an export is made.
pub struct Workplace {
    folder: PathBuf,
    /// None once it was given up.
    lock: Option<File>,
}

impl Workplace {
    /// Undoes what broken exports left beside a folder, and begins a new one for it. Gives the folders, too, into which the tables
    /// of an earlier export were put back.
    ///
    /// # Errors
    /// [`CenterError::ExportUnderWay`] where somebody is at it; else what the system says.
    pub fn for_tables(out: &Path) -> Result<(Self, Vec<PathBuf>), CenterError> {
        let parent = out.parent().unwrap_or(out);
        platform::private_folder(parent).map_err(CenterError::file(out))?;
        let folder = parent.join(name_for(out));
        let put_back = undo_broken(parent, &folder)?;
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => CenterError::ExportUnderWay(Printable(folder.display()).to_string()),
            _ => CenterError::file(&folder)(error),
        };
        platform::new_private_folder(&folder).map_err(failed)?;
        let lock = platform::secret_file().open(folder.join(LOCK)).map_err(failed)?;
        let is_busy = matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
        // From here on it is ours to remove.
        let own = Self { folder: folder.clone(), lock: Some(lock) };
        if is_busy {
            return Err(failed(io::ErrorKind::AlreadyExists.into()));
        }
        platform::new_private_folder(&own.new_tables()).map_err(failed)?;
        Ok((own, put_back))
    }

    /// Where the new tables are written.
    pub fn new_tables(&self) -> PathBuf {
        self.folder.join(NEW)
    }

    /// Where those of an earlier export lie while the new ones take their place.
    pub fn earlier_tables(&self) -> PathBuf {
        self.folder.join(EARLIER)
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // Windows removes no file that is open.
        drop(self.lock.take());
        // What can't be removed now is found by the next export.
        let _ = remove_tables(&self.new_tables()).and_then(|()| remove_empty(&self.folder));
    }
}

fn name_for(out: &Path) -> String {
    format!(".{}{ENDING}", out.file_name().unwrap_or_default().to_string_lossy())
}

/// Undoes every export that broke off in a folder. What lies there for other tables than those that are meant now is undone as far as
/// it can be.
fn undo_broken(parent: &Path, own: &Path) -> Result<Vec<PathBuf>, CenterError> {
    let mut put_back = Vec::new();
    for entry in fs::read_dir(parent).map_err(CenterError::file(parent))?.flatten() {
        let name = entry.file_name();
        let tables = name.to_str().and_then(|name| name.strip_prefix('.')?.strip_suffix(ENDING));
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let Some(tables) = tables.filter(|tables| is_folder && !tables.is_empty()) else { continue };
        match undo(&entry.path(), &parent.join(tables)) {
            Ok(true) => put_back.push(parent.join(tables)),
            Err(error) if entry.path() == own => return Err(CenterError::file(own)(error)),
            _ => {}
        }
    }
    Ok(put_back)
}

/// Undoes one export unless somebody is at it. Whether the tables of an earlier one were put back.
fn undo(folder: &Path, tables: &Path) -> io::Result<bool> {
    let lock = File::options().write(true).create(true).truncate(false).open(folder.join(LOCK))?;
    // A file system without locks can't tell whether somebody is at it.
    if lock.try_lock().is_err() {
        return Ok(false);
    }
    let earlier = folder.join(EARLIER);
    let is_lost = earlier.exists() && fs::symlink_metadata(tables).is_err();
    if is_lost {
        fs::rename(&earlier, tables)?;
        platform::sync_name(tables)?;
    }
    remove_tables(&earlier)?;
    remove_tables(&folder.join(NEW))?;
    drop(lock);
    remove_empty(folder)?;
    Ok(is_lost)
}

/// Removes a folder of tables; not where anything else lies there. That there is none is as good.
fn remove_tables(folder: &Path) -> io::Result<()> {
    let inside = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        inside => inside?,
    };
    for entry in inside {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            fs::remove_file(&path)?;
        }
    }
    fs::remove_dir(folder)
}

/// Removes a workplace in which nothing lies any more.
fn remove_empty(folder: &Path) -> io::Result<()> {
    if folder.join(EARLIER).exists() {
        return Ok(());
    }
    fs::remove_file(folder.join(LOCK))?;
    fs::remove_dir(folder)
}
