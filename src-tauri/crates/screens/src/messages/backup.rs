//! Backups of the vault: when one is due, what was written, and what one holds.

use serde::Serialize;
use ts_rs::TS;

use super::Alarm;

/// When the vault was last backed up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupState {
    /// When, `2026-11-23T13:40:00+08:00`; none while it never was.
    pub last: Option<String>,
    /// Whole days since then.
    pub days: Option<u32>,
    /// Whether another one is due.
    pub due: bool,
    /// Whether accounts or passwords are others since: a vault that is put back from it has the former ones.
    pub former_accounts: bool,
}

/// What a backup wrote.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupReport {
    /// The backup's folder: written, read back and synced.
    pub folder: String,
    /// Entries in it.
    pub entries: u64,
    /// Bytes in all.
    pub bytes: u64,
    /// What is wrong with the vault itself, and so with its backup.
    pub alarms: Vec<Alarm>,
    /// Whether the vault's journal tells of it; not where the vault's own disk is full, for example.
    pub noted: bool,
}

/// What a folder says of itself that somebody takes for a backup; not proven yet.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupView {
    /// Site identifier.
    pub site: String,
    /// Device identifier.
    pub device: String,
    /// Whether it is of a practice vault.
    pub practice: bool,
    /// When it was made, where it was made.
    pub at: String,
    /// Entries in it; not told to whoever must not see how much is entered.
    pub entries: Option<u64>,
    /// Which set of the device's recovery codes opens it; none where none is left.
    pub code_set: Option<u64>,
    /// Whether this computer has a vault of that device already, be it one that does not open any more.
    pub is_here: bool,
}

/// How a backup stands to the vault that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupAgainst {
    /// No vault of its device is open.
    Nothing,
    /// The vault holds no more.
    Same,
    /// The vault goes on where the backup ends.
    Behind,
    /// The vault has another entry where the backup ends, or ends before it.
    OtherHistory,
}

/// What a backup holds, as a restore drill found it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DrillReport {
    /// The study's title.
    pub study: String,
    /// Site identifier.
    pub site: String,
    /// Device identifier.
    pub device: String,
    /// Whether it is of a practice vault.
    pub practice: bool,
    /// When it was made, where it was made.
    pub at: String,
    /// Entries, each of them verified.
    pub entries: u64,
    /// Subjects.
    pub subjects: u32,
    /// When its newest entry was made; none where there is none.
    pub newest: Option<String>,
    /// Whether an earlier version of the program wrote it: the copy could be brought up to date.
    pub was_older: bool,
    /// What is wrong with it; empty when all is well.
    pub alarms: Vec<Alarm>,
    /// How it stands to the vault that is open.
    pub against: BackupAgainst,
    /// How many entries of its own the open vault has beyond the backup.
    pub behind: u64,
}

/// Why a vault was set aside for a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WhySetAside {
    /// It did not open any more.
    Damaged,
    /// The backup holds all of it and more.
    Older,
    /// It is of another device, which only took this one's name.
    Foreign,
    /// Nobody can sign in to it any more, or no key at hand is that of its database: it may be whole.
    Unknown,
}

/// A vault that was set aside for a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetAside {
    /// Where it lies now.
    pub folder: String,
    /// Why.
    pub why: WhySetAside,
}

/// What was put back from a backup.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestoreReport {
    /// Name of the new vault on this computer.
    pub vault: String,
    /// What it holds.
    pub content: DrillReport,
    /// What became of the vault that was in its place; none where there was none.
    pub set_aside: Option<SetAside>,
    /// Fingerprint of the device's key as words: the center knows them. A folder that somebody made has other ones.
    pub device_words: String,
    /// Fingerprint of the key as words by which the vault knows its center's replies; empty where it knows no center. To whom data is
    /// encrypted are other keys, of which they say nothing.
    pub center_words: String,
}
