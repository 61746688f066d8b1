//! What lies in the way of a vault that is put back: it gets another name, and nothing of it is ever removed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::VaultError;
use crate::folder::{self, Folder, exists, with_end};

/// Beginning of the names of copies that become a vault.
pub(crate) const RESTORING: &str = ".restoring-";
/// In such a copy, while another vault is set aside for it: three lines, the names of [`Names`].
const NAMES: &str = "set-aside";

/// End of the name of a checkpoint that was set aside.
const FORMER: &str = ".former";
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
    /// Nobody can sign in to it any more, or no key at hand is that of its database: it may be whole.
    Unknown,
}

impl WhyAside {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Damaged, Self::Older, Self::Foreign, Self::Unknown];

    /// What stands between a folder's name and the day on which it was set aside.
    pub fn between(self) -> &'static str {
        match self {
            Self::Damaged => "-damaged-",
            Self::Older => "-older-",
            Self::Foreign => "-foreign-",
            Self::Unknown => "-unknown-",
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
        if exists(file)? { Self::rename(file, with_end(file, FORMER)) } else { Ok(Self::nothing(file)) }
    }

    /// A vault that nobody has open, by the reason and the day on which that happens, `2026-11-23`. Before it gets its other name that
    /// is noted.
    ///
    /// # Errors
    /// [`VaultError::InUse`] while another program has it open; [`VaultError::Taken`] where too many of this day lie there; what
    /// the disk says. It has its name then.
    pub(crate) fn vault(
        folder: &Path,
        why: WhyAside,
        day: &str,
        note: impl FnOnce(&Path) -> Result<(), VaultError>,
    ) -> Result<Self, VaultError> {
        if !exists(folder)? {
            return Ok(Self::nothing(folder));
        }
        // On Windows no folder gets another name while a file in it is open.
        drop(Folder::new(folder).lock()?);
        for n in 1..=MOST_OF_A_DAY {
            let number = if n == 1 { String::new() } else { format!("-{n}") };
            let to = with_end(folder, &format!("{}{day}{number}", why.between()));
            if !exists(&to)? {
                note(&to)?;
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

/// The names of a vault that is set aside: none of them says in which folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// The vault's own.
    vault: String,
    /// Its other one.
    aside: String,
    /// Its checkpoint's.
    checkpoint: String,
}

impl Names {
    /// # Errors
    /// [`VaultError::Missing`] for a name that is no text.
    pub(crate) fn of(vault: &Path, aside: &Path, checkpoint: &Path) -> Result<Self, VaultError> {
        let name = |path: &Path| path.file_name().and_then(OsStr::to_str).map(str::to_owned);
        let names = || Some(Self { vault: name(vault)?, aside: name(aside)?, checkpoint: name(checkpoint)? });
        names().ok_or(VaultError::Missing("a file name in Unicode"))
    }

    /// Notes them in the copy that is to take the place.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn note_in(&self, copy: &Path) -> Result<(), VaultError> {
        let Self { vault, aside, checkpoint } = self;
        folder::replace(&copy.join(NAMES), format!("{vault}\n{aside}\n{checkpoint}\n").as_bytes())?.lasting()
    }

    /// The copy has taken the place.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn forget_in(copy: &Path) -> Result<(), VaultError> {
        folder::remove(&copy.join(NAMES))
    }

    /// None where nothing was set aside for a copy.
    fn read(copy: &Path) -> Option<Self> {
        let text = String::from_utf8(folder::read_small(&copy.join(NAMES)).ok()??).ok()?;
        let mut lines = text.lines().map(str::to_owned);
        let names = Self { vault: lines.next()?, aside: lines.next()?, checkpoint: lines.next()? };
        // Names, and no way out of the folder.
        let is_name = |name: &String| Path::new(name).file_name() == Some(OsStr::new(name));
        let is_aside = names.aside.starts_with(&names.vault);
        (is_aside && [&names.vault, &names.aside, &names.checkpoint].into_iter().all(is_name)).then_some(names)
    }

    /// Gives the vault its name back in a folder where nothing has it, and its checkpoint.
    fn give_back(&self, folder: &Path, checkpoints: &Path) -> Result<(), VaultError> {
        let (vault, aside) = (folder.join(&self.vault), folder.join(&self.aside));
        if !exists(&aside)? {
            return Ok(());
        }
        // The copy's name is taken by an empty folder first.
        let _ = fs::remove_dir(&vault);
        if exists(&vault)? {
            return Ok(());
        }
        let checkpoint = checkpoints.join(&self.checkpoint);
        let former = with_end(&checkpoint, FORMER);
        if !exists(&checkpoint)? && exists(&former)? {
            folder::rename(&former, &checkpoint)?;
        }
        folder::rename(&aside, &vault)?;
        Ok(folder::sync_name(&vault)?)
    }
}

/// Gives vaults their names back that were set aside for a copy which never got one, as the power went between the two: else the
/// first screen would show none, and only the copy would be lost, of which there is a backup. `folders` are those in which vaults
/// lie, the first of them the one in which copies are made; `checkpoints` the one of their checkpoints. What can't be done now is done
/// at the next start.
pub fn give_names_back(folders: [&Path; 2], checkpoints: &Path) {
    let Ok(files) = fs::read_dir(folders[0]) else { return };
    for copy in files.flatten().filter(|file| file.file_name().to_string_lossy().starts_with(RESTORING)) {
        let copy = copy.path();
        let Some(names) = Names::read(&copy) else { continue };
        // Another program is at it.
        let lock = folder::lockable(&copy).map(|lock| (lock.try_lock().map_err(io::Error::from), lock));
        if matches!(&lock, Ok((Err(refused), _)) if folder::is_locked(refused)) {
            continue;
        }
        let given = folders.into_iter().try_for_each(|folder| names.give_back(folder, checkpoints));
        if given.is_ok() {
            let _ = Names::forget_in(&copy);
        }
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
