//! What lies in the way of a vault that is put back: it gets another name, and nothing of it is ever removed.

use std::path::{Path, PathBuf};

use seal::KeySlots;

use crate::connection::{DbKey, open_reader};
use crate::folder::{self, Folder, exists, with_end};
use crate::state::State;
use crate::{VaultError, backup, keys};

/// What stands between a folder's name and the day on which it was set aside.
pub const DAMAGED: &str = "-damaged-";
/// Folders that can be set aside on one day.
const MOST_OF_A_DAY: u32 = 99;

/// A file or folder that was given another name. Dropping it gives the name back, unless what took its place stays.
pub(crate) struct SetAside {
    from: PathBuf,
    /// Its other name; none where nothing lay there.
    to: Option<PathBuf>,
}

impl SetAside {
    /// A checkpoint of the vault that was there before: beside it, in the place of one that was set aside earlier.
    ///
    /// # Errors
    /// What the disk says; it has its name then.
    pub(crate) fn checkpoint(file: &Path) -> Result<Self, VaultError> {
        if exists(file)? { Self::rename(file, with_end(file, ".former")) } else { Ok(Self::nothing(file)) }
    }

    /// A vault that nobody has open, by the day on which that happens, `2026-11-23`.
    ///
    /// # Errors
    /// [`VaultError::InUse`] while another program has it open; [`VaultError::Taken`] where too many of this day lie there; what
    /// the disk says. It has its name then.
    pub(crate) fn vault(folder: &Path, day: &str) -> Result<Self, VaultError> {
        if !exists(folder)? {
            return Ok(Self::nothing(folder));
        }
        // On Windows no folder gets another name while a file in it is open.
        drop(Folder::new(folder).lock()?);
        for n in 1..=MOST_OF_A_DAY {
            let number = if n == 1 { String::new() } else { format!("-{n}") };
            let to = with_end(folder, &format!("{DAMAGED}{day}{number}"));
            if !exists(&to)? {
                return Self::rename(folder, to);
            }
        }
        Err(VaultError::Taken)
    }

    fn nothing(from: &Path) -> Self {
        Self { from: from.to_owned(), to: None }
    }

    fn rename(from: &Path, to: PathBuf) -> Result<Self, VaultError> {
        folder::rename(from, &to)?;
        let aside = Self { from: from.to_owned(), to: Some(to.clone()) };
        folder::sync_name(&to)?;
        Ok(aside)
    }

    /// It keeps its other name, which is given.
    pub(crate) fn keep(mut self) -> Option<PathBuf> {
        self.to.take()
    }
}

impl Drop for SetAside {
    fn drop(&mut self) {
        if let Some(to) = &self.to {
            // Where that can't be done it lies there under its other name, whole.
            let _ = folder::rename(to, &self.from);
        }
    }
}

/// Whether a vault opens by a key and is whole, as far as that can be known without anybody's password. One under another key
/// can't be told from one whose first page is damaged.
pub(crate) fn is_sound(folder: &Path, key: &DbKey) -> bool {
    let folder = Folder::new(folder);
    let slots = folder::read_small(&folder.slots()).ok().flatten().and_then(|bytes| KeySlots::read(&bytes).ok());
    let opens = || {
        let sql = open_reader(&folder.database(), key)?;
        backup::is_sound(&sql)?;
        State::read(&sql).map(drop)?;
        keys::study_file(&sql, &keys::study_id(&sql)?).map(drop)
    };
    slots.is_some_and(|slots| slots.is_authentic(key)) && opens().is_ok()
}
