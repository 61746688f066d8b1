//! Names of the settings that this room itself reads, and the study files behind some of them.

use rusqlite::Connection;
use study::{Functions, Study};

use crate::{VaultError, records};

/// Seed of the device's signing key.
pub(crate) const DEVICE_SEED: &str = "device.seed";
/// The device's age identity, as text.
pub(crate) const DEVICE_IDENTITY: &str = "device.identity";
/// The keys that the device had before, newest first: a line each, the signing key's public half, a tab, the age identity.
pub(crate) const DEVICE_FORMER: &str = "device.former";
/// Whether the journal does not tell of the device's keys yet; empty once it does.
pub(crate) const DEVICE_UNTOLD: &str = "device.untold";
/// SHA-256 of the study file that the vault was founded on, 32 bytes.
pub(crate) const STUDY_FILE: &str = "study.file";

/// Where the copy ends that this vault is, and what the center said of it, while its log waits; empty once it goes on.
pub(crate) const RESTORED: &str = "vault.restored";
/// What a vault whose log may not be written can't tell its journal yet, as JSON; empty once it is told.
pub(crate) const UNTOLD: &str = "vault.untold";
/// SHA-256 of each checkpoint in spite of which the log went on, 32 bytes each; one as a rule.
pub(crate) const ANSWERED: &str = "vault.answered";
/// Not empty once a person let the log go on without a checkpoint that can't be read, until it can be read again.
pub(crate) const UNREAD: &str = "vault.unread";

/// Settings that never leave this room.
pub(crate) fn is_secret(key: &str) -> bool {
    matches!(key, DEVICE_SEED | DEVICE_IDENTITY | DEVICE_FORMER)
}

/// SHA-256 of the study file that the vault was founded on.
pub(crate) fn study_id(sql: &Connection) -> Result<[u8; 32], VaultError> {
    let gone = || VaultError::damaged("the study definition is gone");
    records::setting(sql, STUDY_FILE)?.and_then(|id| id.try_into().ok()).ok_or_else(gone)
}

/// A study file, as it was published.
pub(crate) fn study_file(sql: &Connection, id: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
    let bytes = records::stored(sql, id)?.ok_or_else(|| VaultError::damaged("the study definition is gone"))?;
    if seal::sha256(&bytes) != *id {
        return Err(VaultError::damaged("the study definition is another one"));
    }
    Ok(bytes)
}

/// Reads a study file; `functions` are those that its rules may call.
pub(crate) fn parse_study(bytes: &[u8], functions: &Functions) -> Result<Study, VaultError> {
    Study::read("study.xml", bytes, functions).map_err(|faults| VaultError::Study { faults: faults.len() })
}
