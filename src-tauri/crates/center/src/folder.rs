//! The folder that is a center.

use crate::keys::{self, Keys};
use crate::store::{DeviceState, Embedded, Storage, Tx};
use crate::versions::{STUDIES, Version, Versions, read_study, read_study_file, study_file};
use crate::{CenterError, Stamp, platform};
use casebook::act::StudyPublished;
use casebook::{EntryId, Instant};
use seal::{Identity, PublicKey, Recipient, sha256};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use study::{Functions, Study};

pub(crate) const ALLOCATION: &str = "allocation";
const CARD: &str = "center.json";
const DATABASE: &str = "center.sqlite";
const BUNDLES: &str = "bundles";
/// Lies in the folder from the first moment until the card does.
const BEGUN: &str = "center.begun";
/// How the name begins of a file that is written beside its place.
const BESIDE: &str = ".tmp";
const FORMAT: &str = "outpost-center";

/// What `center.json` says. **Frozen format, version 1: do not modify.**
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Card {
    format: String,
    version: u32,
    /// Study OID.
    pub study: String,
    /// Digest of the first study file; it lies in `studies/`.
    pub study_sha256: EntryId,
    /// Whether the center is for practice.
    pub practice: bool,
    /// The offline recovery key's public half.
    pub recovery: Recipient,
    /// When it was made.
    pub made: Instant,
}

/// An open center.
pub struct Center {
    pub(crate) folder: PathBuf,
    pub(crate) card: Card,
    pub(crate) keys: Keys,
    /// The first version of the study, which the center was made with.
    pub(crate) study: Arc<Study>,
    /// The functions that the study's rules may call.
    pub(crate) functions: Functions,
    pub(crate) versions: Versions,
    pub(crate) store: Box<dyn Storage>,
}

/// What a center begins with.
pub struct Founding<'a> {
    /// Name of the study file, for its faults.
    pub study_name: &'a str,
    /// The study file.
    pub study: &'a [u8],
    /// The functions that the study's rules may call.
    pub functions: &'a Functions,
    /// Whether the center is for practice.
    pub practice: bool,
}

impl Center {
    /// Makes a center in an empty folder: checks the study, draws the keys, publishes the study in its own log.
    ///
    /// # Errors
    /// When the study has faults or lacks something, or the folder cannot be used.
    pub fn init(folder: &Path, founding: &Founding<'_>, stamp: &Stamp) -> Result<Self, CenterError> {
        Self::init_with(folder, founding, stamp, Keys::make, |_| Ok(()))
    }

    /// Makes a practice center with the keys that a practice site was founded on, which lie beside that site.
    ///
    /// # Errors
    /// As [`Self::init`], and when the keys cannot be read.
    pub fn init_practice(
        folder: &Path,
        founding: &Founding<'_>,
        keys: &Path,
        stamp: &Stamp,
    ) -> Result<Self, CenterError> {
        let adopt = |center: &Self| center.adopt_allocation(stamp, keys);
        Self::init_with(folder, founding, stamp, |folder| Keys::adopt(keys, folder), adopt)
    }

    fn init_with(
        folder: &Path,
        founding: &Founding<'_>,
        stamp: &Stamp,
        make_keys: impl FnOnce(&Path) -> Result<(Keys, Identity), CenterError>,
        adopt: impl FnOnce(&Self) -> Result<(), CenterError>,
    ) -> Result<Self, CenterError> {
        let study = read_study(founding.study_name, founding.study, founding.functions)?;
        if !study.lacks.is_empty() {
            return Err(CenterError::Study(study.lacks.clone()));
        }
        let mark = begin(folder)?;
        let made = Self::fill(folder, founding, study, stamp, make_keys);
        let made = made.and_then(|center| {
            adopt(&center)?;
            // The card comes last: a folder without it is no center, so a broken attempt is not mistaken for one.
            let card = serde_json::to_vec_pretty(&center.card).map_err(|_| CenterError::Damaged(CARD))?;
            keys::replace(&folder.join(CARD), &card)?;
            Ok(center)
        });
        // Beside the card the mark says nothing any more; without it, it lets the next attempt clear what stays.
        if made.is_ok() || clear(folder).is_ok() {
            let _ = remove(&folder.join(BEGUN));
        }
        drop(mark);
        made
    }

    /// Makes all of a center but its card.
    fn fill(
        folder: &Path,
        founding: &Founding<'_>,
        study: Study,
        stamp: &Stamp,
        make_keys: impl FnOnce(&Path) -> Result<(Keys, Identity), CenterError>,
    ) -> Result<Self, CenterError> {
        keys::make_private(folder)?;
        for name in [BUNDLES, STUDIES] {
            platform::private_folder(&folder.join(name)).map_err(CenterError::file(folder))?;
        }
        let study_sha256 = EntryId(sha256(founding.study));
        keys::replace(&study_file(folder, study_sha256), founding.study)?;
        let (keys, recovery) = make_keys(folder)?;
        let store = Box::new(Embedded::open(&folder.join(DATABASE))?);
        let card = Card {
            format: FORMAT.to_owned(),
            version: 1,
            study: study.oid.to_string(),
            study_sha256,
            practice: founding.practice,
            recovery: recovery.recipient(),
            made: stamp.at,
        };
        let center = Self::assemble(folder, card, keys, Arc::new(study), founding.functions, store);
        center.store.transact(|tx| {
            center.write(tx, stamp, center.first_publication(stamp))?;
            center.write_signers(tx)
        })?;
        Ok(center)
    }

    /// Opens the center in a folder. `functions` are those that the study's rules may call.
    ///
    /// # Errors
    /// When there is none, or something in it is damaged.
    pub fn open(folder: &Path, functions: &Functions) -> Result<Self, CenterError> {
        let card = fs::read(folder.join(CARD)).map_err(|_| CenterError::NotACenter)?;
        let card: Card = serde_json::from_slice(&card).map_err(|_| CenterError::Damaged(CARD))?;
        if card.format != FORMAT {
            return Err(CenterError::NotACenter);
        }
        if card.version > 1 {
            return Err(CenterError::NewerVersion);
        }
        let bytes = read_study_file(folder, card.study_sha256)?;
        if sha256(&bytes) != card.study_sha256.0 {
            return Err(CenterError::Damaged("the study file"));
        }
        let study = read_study("study.xml", &bytes, functions)?;
        let keys = Keys::read(folder)?;
        let store = Box::new(Embedded::open(&folder.join(DATABASE))?);
        Ok(Self::assemble(folder, card, keys, Arc::new(study), functions, store))
    }

    fn assemble(
        folder: &Path,
        card: Card,
        keys: Keys,
        study: Arc<Study>,
        functions: &Functions,
        store: Box<dyn Storage>,
    ) -> Self {
        let versions = Versions::new(Version { study: Arc::clone(&study), file: card.study_sha256 });
        let (folder, functions) = (folder.to_owned(), functions.clone());
        Self { folder, card, keys, study, functions, versions, store }
    }

    /// The study in its first version.
    #[must_use]
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// Whether this center is for practice.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.card.practice
    }

    /// The key that signs the center's bundles.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.keys.signing.public()
    }

    /// Where a bundle is kept as it was received.
    pub(crate) fn bundle_file(&self, id: EntryId) -> PathBuf {
        self.folder.join(BUNDLES).join(format!("{id}.bundle"))
    }

    /// Brings `allowed_signers` up to date, alone among all writers: nobody's older list comes after it.
    pub(crate) fn write_signers(&self, tx: &mut dyn Tx) -> Result<(), CenterError> {
        let devices = tx.devices()?;
        let approved = devices.iter().filter(|device| device.state == DeviceState::Approved);
        keys::write_signers(&self.folder, self.public_key(), approved.map(|device| (device.log.as_str(), device.key)))
    }

    fn first_publication(&self, stamp: &Stamp) -> StudyPublished {
        let day = stamp.at.local(stamp.tz);
        StudyPublished {
            version: self.study.metadata_version.clone(),
            file: self.card.study_sha256.hex(),
            effective: day.get(..10).unwrap_or(&day).to_owned(),
            approval: String::new(),
            sites: Vec::new(),
        }
    }
}

/// Takes an empty folder for a center, or one in which an attempt broke off, and marks it, so that what is made in it can be told
/// from what was there before. The mark is locked as long as it is held.
fn begin(folder: &Path) -> Result<File, CenterError> {
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
        clear(folder)?;
        if holds(folder)? > 1 {
            return Err(CenterError::NotEmpty);
        }
    }
    platform::sync_name(&path).map_err(CenterError::file(&path))?;
    Ok(mark)
}

/// How many files and folders are in a folder.
fn holds(folder: &Path) -> Result<usize, CenterError> {
    Ok(fs::read_dir(folder).map_err(CenterError::file(folder))?.count())
}

/// Removes what an attempt made that broke off; all but the mark. What it did not make stays.
fn clear(folder: &Path) -> Result<(), CenterError> {
    // The card first: it would make a center of what is left.
    let files = [CARD, keys::SIGNING, keys::OPERATIONAL, keys::RECOVERY, keys::SIGNERS, DATABASE].map(str::to_owned);
    let beside = ["-wal", "-shm", "-journal"].map(|ending| format!("{DATABASE}{ending}"));
    files.iter().chain(&beside).try_for_each(|name| remove(&folder.join(name)))?;
    for entry in fs::read_dir(folder).map_err(CenterError::file(folder))? {
        let entry = entry.map_err(CenterError::file(folder))?;
        if entry.file_name().to_string_lossy().starts_with(BESIDE) {
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

/// Removes a file; that there is none is as good.
fn remove(file: &Path) -> Result<(), CenterError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(CenterError::file(file)(error)),
        _ => Ok(()),
    }
}
