//! Bundles out and in.

use serde::Serialize;
use ts_rs::TS;

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
}

/// A bundle that was written or read here.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransferView {
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// `exported` or `imported`.
    pub kind: String,
    /// Bundle id, first 12 characters.
    pub bundle: String,
    /// File name.
    pub file: String,
    /// Entries in it.
    pub entries: u64,
    /// `waiting` or `confirmed`.
    pub state: String,
}

/// Progress of long work.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// `collect`, `seal`, `write`, `verify`, `read` or `done`.
    pub step: String,
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
    /// `accepted`, `already_held` or `parked`.
    pub outcome: String,
    /// Names of study versions that came with it.
    pub versions: Vec<String>,
}
