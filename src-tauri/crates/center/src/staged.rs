//! A folder of tables that comes to its place whole: written beside it, then renamed.

use crate::workplace::Workplace;
use crate::{CenterError, Printable, platform};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Files that are written beside the folder whose place they will take.
pub(crate) struct Staged {
    /// The folder that they will be in.
    pub(crate) out: PathBuf,
    /// Folders into which an earlier export was put back, because a later one had broken off in the middle.
    pub(crate) put_back: Vec<PathBuf>,
    place: Workplace,
    names: Vec<String>,
    /// Whether an earlier export was taken out of the way for these.
    has_earlier: bool,
    is_in_place: bool,
}

impl Staged {
    /// Begins a folder.
    ///
    /// # Errors
    /// [`CenterError::ExportUnderWay`] where somebody else is at it; else what the system says.
    pub(crate) fn for_folder(out: &Path) -> Result<Self, CenterError> {
        let out = led_to(out).map_err(CenterError::file(out))?;
        let (place, put_back) = Workplace::for_tables(&out)?;
        Ok(Self { out, put_back, place, names: Vec::new(), has_earlier: false, is_in_place: false })
    }

    /// Makes a file that nobody else can read.
    pub(crate) fn create(&mut self, name: &str) -> io::Result<File> {
        let file = platform::secret_file().open(self.place.new_tables().join(name))?;
        self.names.push(name.to_owned());
        Ok(file)
    }

    /// Makes everything last that was written so far.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn sync(&self) -> Result<(), CenterError> {
        let beside = self.place.new_tables();
        for name in &self.names {
            let synced = File::options().write(true).open(beside.join(name)).and_then(|open| open.sync_all());
            synced.map_err(CenterError::file(self.out.join(name)))?;
        }
        platform::sync_name(&beside.join("tables")).map_err(CenterError::file(&self.out))
    }

    /// Takes the folder's place. An earlier export is kept until [`Self::finish`].
    ///
    /// # Errors
    /// [`CenterError::NotAnExport`] where the folder holds anything but such files; else what the system says.
    pub(crate) fn put_in_place(&mut self) -> Result<(), CenterError> {
        let failed = || CenterError::file(&self.out);
        if !self.earlier_in(&self.out)?.is_empty() {
            fs::rename(&self.out, self.place.earlier_tables()).map_err(failed())?;
            self.has_earlier = true;
        } else if fs::symlink_metadata(&self.out).is_ok() {
            fs::remove_dir(&self.out).map_err(failed())?;
        }
        fs::rename(self.place.new_tables(), &self.out).map_err(failed())?;
        self.is_in_place = true;
        platform::sync_name(&self.out).map_err(failed())
    }

    /// Undoes [`Self::put_in_place`], however far it came. What can't be given back stays where the next export finds it.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn take_back(self) -> Result<(), CenterError> {
        let failed = || CenterError::file(&self.out);
        if self.is_in_place {
            fs::rename(&self.out, self.place.new_tables()).map_err(failed())?;
        }
        if !self.has_earlier {
            return Ok(());
        }
        let given_back = fs::rename(self.place.earlier_tables(), &self.out);
        given_back.and_then(|()| platform::sync_name(&self.out)).map_err(failed())
    }

    /// Removes the earlier export; gives the files.
    ///
    /// # Errors
    /// What the system says, and where something lies among the earlier files that is no export's: that stays.
    pub(crate) fn finish(self) -> Result<Vec<PathBuf>, CenterError> {
        if self.has_earlier {
            let earlier = self.place.earlier_tables();
            for file in self.earlier_in(&earlier)? {
                fs::remove_file(&file).map_err(CenterError::file(&file))?;
            }
            fs::remove_dir(&earlier).map_err(CenterError::file(&earlier))?;
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
}

/// Of a link, what it leads to, there or not: the link stays one.
fn led_to(out: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let out = std::path::absolute(out)?;
            let leads = fs::read_link(&out).ok();
            Ok(leads.map_or_else(|| out.clone(), |to| out.parent().unwrap_or(&out).join(to)))
        }
        found => found,
    }
}
