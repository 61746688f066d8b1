//! A folder in which a center is being made: marked from the first moment until it is one, so that what an attempt left that broke
//! off can be told from what somebody else put there, and from a center that has lost its card.

use crate::layout::{ALLOCATION, BEGUN, BUNDLES, CARD, DATABASE};
use crate::store::{Embedded, Storage, StoreError};
use crate::versions::STUDIES;
use crate::{CenterError, beside, keys, platform};
use casebook::CENTER;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

/// What SQLite lays beside a database.
const OF_DATABASE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Takes an empty folder for a center, or one in which an attempt broke off, and marks it. The mark is locked as long as it is held.
///
/// # Errors
/// [`CenterError::NotEmpty`] where anything else lies there, or a center that ever did more than to begin; nothing is removed then.
pub fn begin(folder: &Path) -> Result<File, CenterError> {
    platform::private_folder(folder).map_err(CenterError::file(folder))?;
    let path = folder.join(BEGUN);
    let broke_off = path.exists() && !folder.join(CARD).exists();
    if !broke_off && holds(folder)? > 0 {
        return Err(CenterError::NotEmpty);
    }
    let mark = if broke_off { File::options().write(true).open(&path) } else { platform::secret_file().open(&path) };
    let mark = mark.map_err(CenterError::file(&path))?;
    // Somebody is at it just now, or was until a moment ago. A file system without locks can't tell.
    let is_busy = matches!(mark.try_lock(), Err(TryLockError::WouldBlock));
    if is_busy || !path.exists() || folder.join(CARD).exists() {
        return Err(CenterError::NotEmpty);
    }
    if broke_off {
        if !is_only_ours(folder)? || !has_only_begun(folder)? {
            return Err(CenterError::NotEmpty);
        }
        clear(folder)?;
    }
    platform::sync_name(&path).map_err(CenterError::file(&path))?;
    Ok(mark)
}

/// Removes the mark from what is a center now: there it says nothing, and would speak up if the card were ever lost.
pub fn unmark(folder: &Path) {
    // Where nothing can be written the mark does no harm either.
    let _ = remove(&folder.join(BEGUN));
}

/// Removes what an attempt made that broke off; all but the mark.
///
/// # Errors
/// What the system says.
pub fn clear(folder: &Path) -> Result<(), CenterError> {
    // The card first: it would make a center of what is left.
    remove(&folder.join(CARD))?;
    for entry in fs::read_dir(folder).map_err(CenterError::file(folder))? {
        let entry = entry.map_err(CenterError::file(folder))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if is_our_file(&name) && name != BEGUN {
            remove(&entry.path())?;
        }
    }
    for name in [BUNDLES, STUDIES, ALLOCATION] {
        let made = folder.join(name);
        match fs::remove_dir_all(&made) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(CenterError::file(&made)(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Whether all that lies in a folder has a name that an attempt gives.
fn is_only_ours(folder: &Path) -> Result<bool, CenterError> {
    for entry in fs::read_dir(folder).map_err(CenterError::file(folder))? {
        let entry = entry.map_err(CenterError::file(folder))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_folder = entry.file_type().map_err(CenterError::file(entry.path()))?.is_dir();
        let is_ours = if is_folder { [BUNDLES, STUDIES, ALLOCATION].contains(&&*name) } else { is_our_file(&name) };
        if !is_ours {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_our_file(name: &str) -> bool {
    let of_database = name.strip_prefix(DATABASE).is_some_and(|ending| OF_DATABASE.contains(&ending));
    let files = [CARD, BEGUN, keys::SIGNING, keys::OPERATIONAL, keys::RECOVERY, keys::SIGNERS, DATABASE];
    of_database || files.contains(&name) || beside::is_beside(name)
}

/// Whether nothing was ever done with what lies in a folder: no bundle is kept, and the center's log ends with its first
/// publication. A center whose card was lost is none that broke off.
fn has_only_begun(folder: &Path) -> Result<bool, CenterError> {
    let bundles = folder.join(BUNDLES);
    if bundles.exists() && holds(&bundles)? > 0 {
        return Ok(false);
    }
    let database = match Embedded::open(&folder.join(DATABASE)) {
        Err(StoreError::Gone) => return Ok(true),
        // What can't be read may be all that a center had.
        Err(_) => return Ok(false),
        Ok(database) => database,
    };
    let database: &dyn Storage = &database;
    database.read(|tx| {
        let is_alone = tx.logs()?.iter().all(|log| log == CENTER);
        Ok::<_, CenterError>(is_alone && tx.log_state(CENTER)?.end.seq <= 1)
    })
}

/// How many files and folders are in a folder.
fn holds(folder: &Path) -> Result<usize, CenterError> {
    Ok(fs::read_dir(folder).map_err(CenterError::file(folder))?.count())
}

/// Removes a file; that there is none is as good.
fn remove(file: &Path) -> Result<(), CenterError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(CenterError::file(file)(error)),
        _ => Ok(()),
    }
}
