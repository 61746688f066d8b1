//! The metadata versions that a vault holds. Each is read when a subject under it is first needed, and then kept: a save
//! never reads a study file, and an unlock only the one in force.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rusqlite::Connection;
use study::{Functions, Oid, Study};

use crate::{VaultError, keys, records};

/// Setting of each version beside the first: SHA-256 of its file, 32 bytes.
const VERSION: &str = "study.version:";
/// Setting: the version in force for new subjects, where it is no longer the first.
pub(crate) const IN_FORCE: &str = "study.in_force";

/// The setting that names a version's file.
pub(crate) fn version_setting(version: &Oid) -> String {
    format!("{VERSION}{version}")
}

/// A version that the vault holds.
pub(crate) struct Held {
    pub(crate) file: [u8; 32],
    pub(crate) study: OnceLock<Arc<Study>>,
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
    pub(crate) versions: BTreeMap<Oid, Held>,
    /// The version that the vault was founded on: it stands in for one that is not held.
    pub(crate) first: Oid,
    /// The one in force for new subjects.
    pub(crate) current: Arc<Study>,
    /// What the rules of every version may call.
    pub(crate) functions: Functions,
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
                let version = study.metadata_version.clone();
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
    pub(crate) fn adopt(&mut self, before: Self) {
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
