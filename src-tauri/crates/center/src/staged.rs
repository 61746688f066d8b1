//! A folder of tables that comes to its place whole: written beside it, then renamed.

use crate::{CenterError, Printable, platform};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The folder of an earlier export, in one that is kept beside its place.
const EARLIER: &str = "earlier";

/// Files that are written beside the folder whose place they will take.
pub(crate) struct Staged {
    /// The folder that they will be in.
    pub(crate) out: PathBuf,
    beside: TempDir,
    names: Vec<String>,
    /// Where the earlier export is now, once these are in its place.
    earlier: Option<TempDir>,
    is_in_place: bool,
}

impl Staged {
    /// Begins a folder.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn for_folder(out: &Path) -> Result<Self, CenterError> {
        let failed = || CenterError::file(out);
        // Of a link, what it leads to: the link stays one.
        let out = match fs::canonicalize(out) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => std::path::absolute(out).map_err(failed())?,
            found => found.map_err(failed())?,
        };
        let parent = out.parent().unwrap_or(&out);
        platform::private_folder(parent).map_err(failed())?;
        let beside = platform::private_folder_in(parent).map_err(failed())?;
        Ok(Self { out, beside, names: Vec::new(), earlier: None, is_in_place: false })
    }

    /// Makes a file that nobody else can read.
    pub(crate) fn create(&mut self, name: &str) -> io::Result<File> {
        let file = platform::secret_file().open(self.beside.path().join(name))?;
        self.names.push(name.to_owned());
        Ok(file)
    }

    /// Makes everything last that was written so far.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn sync(&self) -> Result<(), CenterError> {
        for name in &self.names {
            let synced =
                File::options().write(true).open(self.beside.path().join(name)).and_then(|open| open.sync_all());
            synced.map_err(CenterError::file(self.out.join(name)))?;
        }
        platform::sync_name(&self.beside.path().join("tables")).map_err(CenterError::file(&self.out))
    }

    /// Takes the folder's place. An earlier export is kept until [`Self::finish`].
    ///
    /// # Errors
    /// [`CenterError::NotAnExport`] where the folder holds anything but such files; else what the system says.
    pub(crate) fn put_in_place(&mut self) -> Result<(), CenterError> {
        let failed = || CenterError::file(&self.out);
        if !self.earlier_in(&self.out)?.is_empty() {
            let parent = self.out.parent().unwrap_or(&self.out);
            let earlier = platform::private_folder_in(parent).map_err(failed())?;
            fs::rename(&self.out, earlier.path().join(EARLIER)).map_err(failed())?;
            self.earlier = Some(earlier);
        } else if fs::symlink_metadata(&self.out).is_ok() {
            fs::remove_dir(&self.out).map_err(failed())?;
        }
        fs::rename(self.beside.path(), &self.out).map_err(failed())?;
        self.is_in_place = true;
        platform::sync_name(&self.out).map_err(failed())
    }

    /// Undoes [`Self::put_in_place`], however far it came.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn take_back(mut self) -> Result<(), CenterError> {
        let failed = || CenterError::file(&self.out);
        if self.is_in_place {
            fs::rename(&self.out, self.beside.path()).map_err(failed())?;
        }
        let Some(earlier) = self.earlier.take() else { return Ok(()) };
        let given_back = fs::rename(earlier.path().join(EARLIER), &self.out);
        if given_back.is_err() {
            // Rather in a place that nobody looks at than nowhere.
            let _ = earlier.keep();
        }
        given_back.and_then(|()| platform::sync_name(&self.out)).map_err(failed())
    }

    /// Removes the earlier export; gives the files.
    ///
    /// # Errors
    /// What the system says, and where something lies among the earlier files that is no export's.
    pub(crate) fn finish(mut self) -> Result<Vec<PathBuf>, CenterError> {
        if let Some(earlier) = self.earlier.take() {
            let removed = self.remove_earlier(&earlier.path().join(EARLIER));
            if removed.is_err() {
                // What somebody put there meanwhile is no export's: the error names it, and it stays.
                let _ = earlier.keep();
            }
            removed?;
        }
        let Self { out, names, .. } = &self;
        Ok(names.iter().map(|name| out.join(name)).collect())
    }

    /// The files of an earlier export in a folder; none where the folder is not there or empty. Versions of a study are only
    /// added, so what an earlier export wrote has the name of one of these files.
    fn earlier_in(&self, folder: &Path) -> Result<Vec<PathBuf>, CenterError> {
        let inside = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            inside => inside.map_err(CenterError::file(folder))?,
        };
        let mut files = Vec::new();
        for entry in inside {
            let path = entry.map_err(CenterError::file(folder))?.path();
            let is_file = fs::symlink_metadata(&path).is_ok_and(|known| known.is_file());
            let is_ours = self.names.iter().any(|name| path.file_name().is_some_and(|found| found == name.as_str()));
            if !is_file || !is_ours {
                return Err(CenterError::NotAnExport(Printable(path.display()).to_string()));
            }
            files.push(path);
        }
        Ok(files)
    }

    fn remove_earlier(&self, folder: &Path) -> Result<(), CenterError> {
        for file in self.earlier_in(folder)? {
            fs::remove_file(&file).map_err(CenterError::file(&file))?;
        }
        fs::remove_dir(folder).map_err(CenterError::file(folder))
    }
}
