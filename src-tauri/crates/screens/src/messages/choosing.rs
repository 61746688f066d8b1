//! Files and folders that people choose in the system's own dialogs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::keys::ChosenId;

/// What a file or folder is chosen for. It serves for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChosenFor {
    /// A kit that is to found a vault.
    Kit,
    /// A backup that is to be looked at, tested or put back.
    Backup,
    /// The folder into which a bundle is to be written.
    ExportFolder,
    /// The folder into which a backup is to be written.
    BackupFolder,
}

/// A file or folder that a person chose. Where it lies the shell keeps to itself until the vault is locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Chosen {
    /// Its number, by which commands are told of it.
    pub id: ChosenId,
    /// Its name, without the folders around it.
    pub name: String,
}
