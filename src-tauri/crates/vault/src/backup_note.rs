//! `backup.json`: what a backup holds, and the device's word for it.

use std::io::ErrorKind;
use std::path::Path;

use casebook::{EntryId, Instant, LogEnd, Offset};
use seal::{PublicKey, SigningKey};
use serde::{Deserialize, Serialize};
use study::Oid;

use crate::{VaultError, folder};

/// Purpose under which a backup is signed.
pub const BACKUP_NAMESPACE: &str = "outpost-backup";
/// Name of the statement's file.
pub(crate) const NOTE_FILE: &str = "backup.json";
/// What the file says that it is.
pub(crate) const FORMAT: &str = "outpost-backup";
/// Newest version of the format that is known here.
pub(crate) const VERSION: u32 = 1;

/// What a backup holds. **Frozen format: do not modify.**
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupNote {
    /// Always `outpost-backup`.
    pub(crate) format: String,
    /// Version of the format: 1.
    pub(crate) version: u32,
    /// The study's OID.
    pub study: Oid,
    /// Site identifier.
    pub site: String,
    /// Device id.
    pub device: String,
    /// Whether the vault is for practice.
    pub practice: bool,
    /// How often the vault had been unlocked.
    pub epoch: u64,
    /// Sequence number of the newest entry of the device's own log.
    pub seq: u64,
    /// Its id.
    pub head: EntryId,
    /// Digest over all folded rows.
    pub state: EntryId,
    /// Entries of all logs.
    pub entries: u64,
    /// When the backup was begun.
    pub at: Instant,
    /// Local offset then in force.
    pub tz: Offset,
    /// Version of the program.
    pub program: String,
    /// The files beside this one.
    pub files: Vec<BackupFile>,
}

/// One file of a backup. **Frozen format: do not modify.**
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupFile {
    /// Its name in the backup's folder.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: EntryId,
}

/// A note with the device's signature over its JSON. **Frozen format: do not modify.**
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignedNote {
    #[serde(rename = "backup")]
    pub(crate) note: BackupNote,
    /// OpenSSH signature in armour, namespace [`BACKUP_NAMESPACE`].
    signature: String,
}

/// Reads a small file of a folder that somebody took for a backup; `none` is what is said where it is no file.
///
/// # Errors
/// `none`, [`VaultError::Unreadable`], or what the disk says.
pub(crate) fn read_part(file: &Path, none: VaultError) -> Result<Vec<u8>, VaultError> {
    match folder::read_small(file).map_err(unreadable) {
        Ok(None) | Err(VaultError::Damaged { .. }) => Err(none),
        read => Ok(read?.unwrap_or_default()),
    }
}

/// That a file may not be read is not that nothing may be written.
pub(crate) fn unreadable(refused: VaultError) -> VaultError {
    match refused {
        VaultError::Io(error) if error.kind() == ErrorKind::PermissionDenied => VaultError::Unreadable,
        other => other,
    }
}

/// What every version of the file begins with.
#[derive(Deserialize)]
struct Outline {
    backup: OutlineNote,
}

#[derive(Deserialize)]
struct OutlineNote {
    format: String,
    version: u32,
}

impl BackupNote {
    /// Where the device's own log ends in the backup.
    pub fn end(&self) -> LogEnd {
        LogEnd { seq: self.seq, head: self.head }
    }

    /// A file of the backup.
    pub(crate) fn file(&self, name: &str) -> Option<&BackupFile> {
        self.files.iter().find(|file| file.name == name)
    }

    fn bytes(&self) -> Result<Vec<u8>, VaultError> {
        serde_json::to_vec(self).map_err(|_| VaultError::damaged("backup.json"))
    }
}

impl SignedNote {
    pub(crate) fn sign(note: BackupNote, device: &SigningKey) -> Result<Self, VaultError> {
        let signature = device.sign_ssh(BACKUP_NAMESPACE, &note.bytes()?);
        Ok(Self { note, signature })
    }

    pub(crate) fn is_signed_by(&self, device: &PublicKey) -> bool {
        self.note.bytes().is_ok_and(|bytes| seal::verify_ssh(device, BACKUP_NAMESPACE, &bytes, &self.signature).is_ok())
    }

    /// Writes it into a backup's folder, synced.
    pub(crate) fn write(&self, root: &Path) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec_pretty(self).map_err(|_| VaultError::damaged("backup.json"))?;
        folder::replace(&root.join(NOTE_FILE), &bytes)?.lasting()
    }

    /// Reads it from a folder.
    ///
    /// # Errors
    /// [`VaultError::NotABackup`], [`VaultError::Newer`], or what the disk says.
    pub(crate) fn read(root: &Path) -> Result<Self, VaultError> {
        let bytes = read_part(&root.join(NOTE_FILE), VaultError::NotABackup)?;
        let Outline { backup } = serde_json::from_slice(&bytes).map_err(|_| VaultError::NotABackup)?;
        if backup.format != FORMAT {
            return Err(VaultError::NotABackup);
        }
        if backup.version > VERSION {
            return Err(VaultError::Newer { found: backup.version, known: VERSION });
        }
        serde_json::from_slice(&bytes).map_err(|_| VaultError::BadCopy("backup.json is not what was written"))
    }
}
