//! Metadata versions of the study through the vault's doors: which are held, which one a subject is under, and how one comes
//! in and into force.

use std::sync::{Arc, OnceLock};

use casebook::act::StudyActivated;
use casebook::{Act, EntryId, TrialState};
use study::{Oid, Study};

use crate::fold::{FoldTables, read_summary};
use crate::studies::{Held, IN_FORCE, Studies, version_setting};
use crate::{Open, Tx, VaultError, keys, records};

impl Open {
    /// After a failed transaction: what the disk holds.
    pub(crate) fn reread_studies(&mut self) -> Result<(), VaultError> {
        let fresh = Studies::read(&self.sql, self.studies.functions.clone())?;
        let before = std::mem::replace(&mut self.studies, fresh);
        self.studies.adopt(before);
        Ok(())
    }

    /// The metadata versions that the vault holds, by OID.
    pub fn versions(&self) -> impl Iterator<Item = &Oid> {
        self.studies.versions.keys()
    }

    /// The study of a metadata version, where the vault holds it.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when it is not what was stored.
    pub fn study_version(&self, version: &Oid) -> Result<Option<Arc<Study>>, VaultError> {
        if !self.studies.holds(version) {
            return Ok(None);
        }
        self.studies.of(&self.sql, Some(version)).map(|study| Some(Arc::clone(study)))
    }

    /// The study that a subject is under; the one in force for a key that is not known.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn study_of(&mut self, subject: &str) -> Result<Arc<Study>, VaultError> {
        if !self.state.subjects.contains_key(subject) {
            return Ok(Arc::clone(self.study()));
        }
        let mut tables = FoldTables { sql: &self.sql, state: &mut self.state, studies: &self.studies };
        let version = self.cache.version(&mut tables, subject)?;
        self.studies.of(&self.sql, version.as_ref()).cloned()
    }

    /// The study under which a subject's rows were made, going by its summary.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when it is not what was stored.
    pub fn study_under(&self, summary: &casebook::Summary) -> Result<&Arc<Study>, VaultError> {
        self.studies.of(&self.sql, summary.version())
    }
}

impl Tx<'_> {
    /// Keeps a metadata version that the center published. Subjects that were under it before it came are recomputed anew.
    ///
    /// # Errors
    /// [`VaultError::Study`] when this program can't read it, [`VaultError::OtherStudy`] when it is another study's, or
    /// another file came under the same version before.
    pub fn hold_version(&mut self, version: &Oid, xml: &[u8]) -> Result<Arc<Study>, VaultError> {
        let study = Arc::new(keys::parse_study(xml, &self.studies.functions)?);
        let file = seal::sha256(xml);
        if *study.oid != *self.state.card.study || study.metadata_version != *version {
            return Err(VaultError::OtherStudy);
        }
        if let Some(held) = self.studies.versions.get(&study.metadata_version) {
            return if held.file == file { Ok(study) } else { Err(VaultError::OtherStudy) };
        }
        self.store(xml)?;
        self.set(&version_setting(&study.metadata_version), &file)?;
        let first = self.studies.first.clone();
        let founded_on = keys::study_id(self.sql)?;
        self.set(&version_setting(&first), &founded_on)?;
        let held = Held { file, study: OnceLock::from(Arc::clone(&study)) };
        self.studies.versions.insert(study.metadata_version.clone(), held);
        self.follow_activation()?;
        for no in 1..i64::try_from(self.state.keys.len()).unwrap_or(i64::MAX) {
            let summary = read_summary(self.sql, no)?;
            if summary.is_some_and(|summary| summary.version() == Some(&study.metadata_version)) {
                let key = self.state.key(no);
                let (cache, mut tables) = self.cached();
                cache.for_change(&mut tables, &key)?;
            }
        }
        Ok(study)
    }

    /// Puts a version that is held into force for new subjects, and journals that.
    ///
    /// # Errors
    /// [`VaultError::Missing`] when it is not held; what the database says.
    pub fn activate_version(&mut self, version: &Oid) -> Result<EntryId, VaultError> {
        let file = self.studies.versions.get(version).ok_or(VaultError::Missing("study version"))?.file;
        let act = StudyActivated { version: version.clone(), file: seal::hex::encode(&file) };
        let id = self.write(act)?;
        self.put_into_force(version)?;
        Ok(id)
    }

    /// Puts a version into force for new subjects where it is held; who lacks it may put it into force when it has come.
    pub(crate) fn put_into_force(&mut self, version: &Oid) -> Result<(), VaultError> {
        if self.studies.holds(version) {
            self.set(IN_FORCE, version.as_bytes())?;
            self.studies.current = Arc::clone(self.studies.of(self.sql, Some(version))?);
        }
        Ok(())
    }

    /// Puts into force what this device's own log says is, where it is held and another one is in force: its entry may have come
    /// back to a copy of the vault before the version's file did.
    pub(crate) fn follow_activation(&mut self) -> Result<(), VaultError> {
        let device = Oid::from(self.state.card.device.as_str());
        let said = put_into_force_by(self.trial_state()?, &device).cloned();
        match said {
            Some(version) if version != self.studies.current().metadata_version => self.put_into_force(&version),
            _ => Ok(()),
        }
    }

    /// The study that a subject is under; the one in force for a key that is not known.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn study_of(&mut self, subject: &str) -> Result<Arc<Study>, VaultError> {
        if !self.state.subjects.contains_key(subject) {
            return Ok(Arc::clone(self.studies.current()));
        }
        let (cache, mut tables) = self.cached();
        let version = cache.version(&mut tables, subject)?;
        self.studies.of(self.sql, version.as_ref()).cloned()
    }

    /// SHA-256 of a version's file, where it is held.
    pub fn version_file(&self, version: &Oid) -> Option<EntryId> {
        self.studies.versions.get(version).map(|held| EntryId(held.file))
    }

    /// Whether a version is held.
    pub fn holds_version(&self, version: &Oid) -> bool {
        self.studies.holds(version)
    }

    /// A file stored under its SHA-256.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn stored(&self, id: &[u8; 32]) -> Result<Option<Vec<u8>>, VaultError> {
        records::stored(self.sql, id)
    }

    /// The metadata version under which an act is written: the one in force for its subject, or for new subjects.
    pub(crate) fn version_for(&mut self, act: &Act) -> Result<Option<Oid>, VaultError> {
        let Some(subject) = act.subject() else { return Ok(None) };
        if matches!(act, Act::SubjectRegistered(_)) {
            return Ok(Some(self.studies.current().metadata_version.clone()));
        }
        Ok(Some(self.study_of(subject)?.metadata_version.clone()))
    }
}

/// The version that a log put into force last.
pub(crate) fn put_into_force_by<'a>(people: &'a TrialState, log: &Oid) -> Option<&'a Oid> {
    let said = people.versions().filter_map(|(version, said)| Some((said.activated.get(log)?.0.seq, version)));
    said.max().map(|(_, version)| version)
}
