//! The folder that is a center.

use crate::begun::{begin, clear, unmark};
use crate::keys::{self, Keys};
use crate::layout::{ALLOCATION, BUNDLES, CARD, DATABASE, RECEIPTS};
use crate::store::{Embedded, Storage, StoreError, Tx};
use crate::versions::{STUDIES, Version, Versions, read_study, read_study_file, study_file};
use crate::{CenterError, Stamp, beside, platform};
use casebook::act::StudyPublished;
use casebook::{Act, CENTER, EntryId, Instant, Line};
use seal::{Identity, PublicKey, Recipient, sha256};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use study::{Functions, Study};

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
            unmark(folder);
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
        let store = Box::new(Embedded::make(&folder.join(DATABASE))?);
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
        let card = folder.join(CARD);
        let card = fs::read(&card).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => CenterError::NotACenter,
            _ => CenterError::file(&card)(error),
        })?;
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
        let store: Box<dyn Storage> = Box::new(Embedded::open(&folder.join(DATABASE))?);
        store.read(|tx| begins_with(tx, &card))?;
        unmark(folder);
        for own in ["", BUNDLES, RECEIPTS, STUDIES, ALLOCATION] {
            beside::sweep(&folder.join(own));
        }
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
        keys::write_signers(&self.folder, self.public_key(), &tx.devices()?)
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

/// Fails where the center's log does not begin with the publication that the card names: it is another center's, or was emptied.
fn begins_with(tx: &dyn Tx, card: &Card) -> Result<(), CenterError> {
    let (Some(id), Some(bytes)) = (tx.id_at(CENTER, 1)?, tx.line_at(CENTER, 1)?) else {
        return Err(StoreError::Gone.into());
    };
    let line = Line::reread(bytes, id).map_err(|_| CenterError::Damaged("the center's log"))?;
    match &line.entry().act {
        Act::StudyPublished(act) if act.file == card.study_sha256.hex() => Ok(()),
        _ => Err(CenterError::Damaged("the center's log")),
    }
}
