//! The metadata versions that a vault holds. Each is read when a subject under it is first needed, and then kept: a save
//! never reads a study file, and an unlock only the one in force.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use casebook::act::{StudyActivated, SubjectRegistered};
use casebook::{Act, EntryId};
use rusqlite::Connection;
use study::{Functions, Oid, Study};

use crate::shelf::read_summary;
use crate::{Open, Tx, VaultError, keys, records};

/// Setting of each version beside the first: SHA-256 of its file, 32 bytes.
const VERSION: &str = "study.version:";
/// Setting: the version in force for new subjects, where it is no longer the first.
const IN_FORCE: &str = "study.in_force";

/// The setting that names a version's file.
pub(crate) fn version_setting(version: &Oid) -> String {
    format!("{VERSION}{version}")
}

/// A version that the vault holds.
struct Held {
    file: [u8; 32],
    study: OnceLock<Arc<Study>>,
}

impl Held {
    fn read(&self, sql: &Connection, functions: &Functions) -> Result<&Arc<Study>, VaultError> {
        if let Some(study) = self.study.get() {
            return Ok(study);
        }
        let study = Arc::new(keys::parse_study(&keys::study_file(sql, &self.file)?, functions)?);
        Ok(self.study.get_or_init(|| study))
    }
}

/// The versions by their OID.
pub(crate) struct Studies {
    versions: BTreeMap<Oid, Held>,
    /// The version that the vault was founded on: it stands in for one that is not held.
    first: Oid,
    /// The one in force for new subjects.
    current: Arc<Study>,
    /// What the rules of every version may call.
    functions: Functions,
}

impl Studies {
    /// What the vault holds. Only the version in force is read, and the others when they are asked for.
    pub(crate) fn read(sql: &Connection, functions: Functions) -> Result<Self, VaultError> {
        let founded_on = keys::study_id(sql)?;
        let mut versions = BTreeMap::new();
        let mut read = sql.prepare("SELECT key, value FROM setting WHERE key >= ?1 AND key < ?2 ORDER BY key")?;
        let mut rows = read.query([VERSION, "study.version;"])?;
        while let Some(row) = rows.next()? {
            let key: String = row.get(0)?;
            let version = Oid::from(key.strip_prefix(VERSION).unwrap_or(&key));
            versions.insert(version, Held { file: row.get(1)?, study: OnceLock::new() });
        }
        let listed = versions.iter().find(|(_, held)| held.file == founded_on).map(|(version, _)| version.clone());
        let first = match listed {
            Some(version) => version,
            // A vault that was founded before versions were listed.
            None => {
                let study = keys::parse_study(&keys::study_file(sql, &founded_on)?, &functions)?;
                let version = study.mdv.clone();
                versions.insert(version.clone(), Held { file: founded_on, study: OnceLock::from(Arc::new(study)) });
                version
            }
        };
        let in_force = match records::setting(sql, IN_FORCE)? {
            Some(version) => Oid::from(String::from_utf8(version).unwrap_or_default()),
            None => first.clone(),
        };
        let held = versions.get(&in_force).ok_or_else(|| VaultError::damaged("the study in force is not held"))?;
        let current = Arc::clone(held.read(sql, &functions)?);
        Ok(Self { versions, first, current, functions })
    }

    /// Keeps what was read before of the same files.
    fn adopt(&mut self, before: Self) {
        for (version, held) in before.versions {
            if let Some(study) = held.study.into_inner()
                && let Some(now) = self.versions.get(&version).filter(|now| now.file == held.file)
            {
                now.study.get_or_init(|| study);
            }
        }
    }

    /// The study of a version; of the first where it is not held or not known.
    pub(crate) fn of(&self, sql: &Connection, version: Option<&Oid>) -> Result<&Arc<Study>, VaultError> {
        let gone = || VaultError::damaged("the study definition is gone");
        let held = version.and_then(|version| self.versions.get(version)).or_else(|| self.versions.get(&self.first));
        held.ok_or_else(gone)?.read(sql, &self.functions)
    }

    /// The functions that the study's rules may call.
    pub(crate) fn functions(&self) -> &Functions {
        &self.functions
    }

    /// The study in force for new subjects.
    pub(crate) fn current(&self) -> &Arc<Study> {
        &self.current
    }

    /// Whether a version is held.
    pub(crate) fn holds(&self, version: &Oid) -> bool {
        self.versions.contains_key(version)
    }
}

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
        let Some(no) = self.state.subjects.get(subject).copied() else { return Ok(Arc::clone(self.study())) };
        let version = self.shelf.version(&self.sql, &mut self.state, &self.studies, no)?;
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
    /// Keeps a metadata version that the center published. Subjects that were under it before it came are settled anew.
    ///
    /// # Errors
    /// [`VaultError::Study`] when this program can't read it, [`VaultError::OtherStudy`] when it is another study's, or
    /// another file came under the same version before.
    pub fn hold_version(&mut self, version: &Oid, xml: &[u8]) -> Result<Arc<Study>, VaultError> {
        let study = Arc::new(keys::parse_study(xml, &self.studies.functions)?);
        let file = seal::sha256(xml);
        if *study.oid != *self.state.card.study || study.mdv != *version {
            return Err(VaultError::OtherStudy);
        }
        if let Some(held) = self.studies.versions.get(&study.mdv) {
            return if held.file == file { Ok(study) } else { Err(VaultError::OtherStudy) };
        }
        self.store(xml)?;
        self.set(&version_setting(&study.mdv), &file)?;
        let first = self.studies.first.clone();
        let founded_on = keys::study_id(self.sql)?;
        self.set(&version_setting(&first), &founded_on)?;
        let held = Held { file, study: OnceLock::from(Arc::clone(&study)) };
        self.studies.versions.insert(study.mdv.clone(), held);
        for no in 1..i64::try_from(self.state.keys.len()).unwrap_or(i64::MAX) {
            let summary = read_summary(self.sql, no)?;
            if summary.is_some_and(|summary| summary.version() == Some(&study.mdv)) {
                self.shelf.for_change(self.sql, self.state, self.studies, no)?;
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
        self.set(IN_FORCE, version.as_bytes())?;
        self.studies.current = Arc::clone(self.studies.of(self.sql, Some(version))?);
        Ok(id)
    }

    /// The study that a subject is under; the one in force for a key that is not known.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn study_of(&mut self, subject: &str) -> Result<Arc<Study>, VaultError> {
        let Some(no) = self.state.subjects.get(subject).copied() else { return Ok(Arc::clone(self.studies.current())) };
        let version = self.shelf.version(self.sql, self.state, self.studies, no)?;
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
        let known = self.state.subjects.get(subject.as_str()).copied();
        let study = match (act, known) {
            (Act::SubjectRegistered(SubjectRegistered { .. }), _) | (_, None) => self.studies.current(),
            (_, Some(no)) => {
                let version = self.shelf.version(self.sql, self.state, self.studies, no)?;
                self.studies.of(self.sql, version.as_ref())?
            }
        };
        Ok(Some(study.mdv.clone()))
    }
}
