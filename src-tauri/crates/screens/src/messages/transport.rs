//! Bundles out and in.

use serde::Serialize;
use ts_rs::TS;

use super::{BackupState, SessionView};

/// The Sync screen.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    /// Changes not yet confirmed by the center.
    pub unsent: u32,
    /// Age of the oldest in days.
    pub oldest_days: Option<u32>,
    /// Time of the last receipt.
    pub last_receipt: Option<String>,
    /// What was sent and received, newest first.
    pub history: Vec<TransferView>,
    /// Where the last bundle was written, as a suggestion.
    pub suggested_folder: String,
    /// When the vault was last backed up.
    pub backup: BackupState,
    /// Where the last backup was written, as a suggestion.
    pub backup_folder: String,
    /// The words of the device's key, where it is a new one that the center has not confirmed: it asks for them.
    pub new_words: Option<String>,
    /// Logs of this site that had two branches and were settled at the center, newest first.
    pub settled: Vec<SettledView>,
}

/// A log that had two branches: one goes on, and what the other says is not in force.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettledView {
    /// When the center settled it.
    pub at: String,
    /// The device whose log it is.
    pub device: String,
    /// The center's reason, as far as it is held.
    pub reason: Option<String>,
    /// What was put aside and no query asks about, one line each, as far as it is held.
    pub rest: Vec<String>,
}

/// Which way a bundle went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// It was written here.
    Exported,
    /// It was read here.
    Imported,
}

/// Whether a bundle has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// The center has not confirmed it.
    Waiting,
    /// It has arrived.
    Confirmed,
}

/// A bundle that was written or read here.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransferView {
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Which way it went.
    pub kind: TransferKind,
    /// Bundle id, first 12 characters.
    pub bundle: String,
    /// File name.
    pub file: String,
    /// Entries in it.
    pub entries: u64,
    /// Whether the other side has it.
    pub state: TransferState,
}

/// Steps of long work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProgressStep {
    /// Entries are collected.
    Collect,
    /// The bundle is sealed.
    Seal,
    /// The bundle is written.
    Write,
    /// What was written is read again.
    Verify,
    /// A bundle is read.
    Read,
    /// It is done.
    Done,
}

/// Progress of long work.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// What is under way.
    pub step: ProgressStep,
    /// Done so far.
    pub done: u64,
    /// In all.
    pub total: u64,
    /// Seconds left, estimated; none while unknown.
    pub seconds_left: Option<u32>,
}

/// What an export wrote.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportReport {
    /// Files written, re-read and synced.
    pub files: Vec<String>,
    /// Entries in all.
    pub entries: u64,
    /// Bytes in all.
    pub bytes: u64,
}

/// What became of a bundle that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It brought what it holds.
    Accepted,
    /// It was read before.
    AlreadyHeld,
    /// It waits for a bundle that has not come.
    Parked,
    /// It tells another history than the one held here.
    Fork,
    /// It let a restored vault go on, and the rest of it could not be taken in: it is to be read once more.
    RestMissing,
}

/// What an import brought.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// New entries.
    pub entries: u64,
    /// Changes that are now confirmed by the center.
    pub confirmed: u32,
    /// Changes still waiting.
    pub unsent: u32,
    /// What became of it.
    pub outcome: ImportOutcome,
    /// Names of study versions that came with it.
    pub versions: Vec<String>,
    /// Who is signed in now: what comes back to a restored vault may tell of another role, and of a password to be set first.
    pub session: SessionView,
}
