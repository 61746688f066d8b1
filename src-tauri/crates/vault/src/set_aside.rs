//! What lies in the way of a vault that is put back: it gets another name, and nothing of it is ever removed.

use std::path::{Path, PathBuf};

use crate::VaultError;
use crate::folder::{self, Folder, exists, with_end};

/// Folders that can be set aside on one day.
const MOST_OF_A_DAY: u32 = 99;

/// Why a vault is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyAside {
    /// It does not open any more.
    Damaged,
    /// The backup holds all of it and more.
    Older,
    /// It is of another device, which only took this one's name.
    Foreign,
}

impl WhyAside {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Damaged, Self::Older, Self::Foreign];

    /// What stands between a folder's name and the day on which it was set aside.
    pub fn between(self) -> &'static str {
        match self {
            Self::Damaged => "-damaged-",
            Self::Older => "-older-",
            Self::Foreign => "-foreign-",
        }
    }
}

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

    /// A vault that nobody has open, by the reason and the day on which that happens, `2026-11-23`.
    ///
    /// # Errors
    /// [`VaultError::InUse`] while another program has it open; [`VaultError::Taken`] where too many of this day lie there; what
    /// the disk says. It has its name then.
    pub(crate) fn vault(folder: &Path, why: WhyAside, day: &str) -> Result<Self, VaultError> {
        if !exists(folder)? {
            return Ok(Self::nothing(folder));
        }
        // On Windows no folder gets another name while a file in it is open.
        drop(Folder::new(folder).lock()?);
        for n in 1..=MOST_OF_A_DAY {
            let number = if n == 1 { String::new() } else { format!("-{n}") };
            let to = with_end(folder, &format!("{}{day}{number}", why.between()));
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
