//! The door: the first screen, who is signed in, accounts, and what is noticed about the vault itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A vault on this computer, as the first screen lists it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultCard {
    /// Opaque name of the vault on this computer.
    pub id: String,
    /// The study's title.
    pub study: String,
    /// Site identifier, `S01`.
    pub site: String,
    /// Device identifier.
    pub device: String,
    /// Whether this is a practice vault; marked on every screen.
    pub practice: bool,
    /// For a practice vault only: its invented accounts, with the password that they share.
    pub practice_accounts: Option<PracticeAccounts>,
}

/// The invented accounts of a practice vault. Never present for a real one.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeAccounts {
    /// User name and role of each account.
    pub users: Vec<(String, Role)>,
    /// The password that they share.
    pub password: String,
}

/// The first screen.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StartView {
    /// Version of the program.
    pub version: String,
    /// The vaults of this computer, last used first.
    pub vaults: Vec<VaultCard>,
    /// What this computer remembers of the window.
    pub preferences: Preferences,
}

/// What a computer remembers of its window; holds nothing of any study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// `en` or `zh-CN`; empty means the system's.
    pub language: String,
    /// `light`, `dark`, or empty for the system's.
    pub theme: String,
    /// Zoom in per cent, 100 to 200; 0 means 100.
    pub zoom: u16,
}

impl Preferences {
    /// What is not a choice of this version counts as none, so that an edited file harms nothing.
    #[must_use]
    pub fn within_bounds(mut self) -> Self {
        if !["en", "zh-CN"].contains(&self.language.as_str()) {
            self.language.clear();
        }
        if !["light", "dark"].contains(&self.theme.as_str()) {
            self.theme.clear();
        }
        if self.zoom != 0 {
            self.zoom = self.zoom.clamp(100, 200);
        }
        self
    }

    /// The zoom as a factor, 1 to 2.
    pub fn zoom_factor(&self) -> f64 {
        if self.zoom == 0 { 1.0 } else { f64::from(self.zoom.clamp(100, 200)) / 100.0 }
    }
}

/// A role at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Site administrator: accounts, device, bundles; enters no data.
    Administrator,
    /// Research nurse: enters data.
    Nurse,
    /// Investigator: enters, reviews, signs.
    Investigator,
    /// Outcomes assessor: assesses tumours and must not learn the arm.
    Assessor,
}

/// What a kit offers, before it founds a vault.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KitView {
    /// The study's title.
    pub study: String,
    /// Site identifier and name.
    pub site: String,
    /// Name of the site.
    pub site_name: String,
    /// The center's signing key as words, to be compared by phone.
    pub center_words: String,
    /// Whether a practice center made it.
    pub practice: bool,
}

/// Who is signed in, and where.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// User id.
    pub user: String,
    /// Name as shown and signed.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Site identifier.
    pub site: String,
    /// The study's title.
    pub study: String,
    /// Metadata version in force.
    pub study_version: String,
    /// Languages that the study is written in.
    pub languages: Vec<String>,
    /// Device identifier.
    pub device: String,
    /// The device's signing key as words.
    pub device_words: String,
    /// Whether this is practice.
    pub practice: bool,
    /// Idle minutes until the window locks.
    pub lock_after_minutes: u32,
    /// Whether an administrator set the password, or it is a former one that came back with a copy of the vault: until an own one is
    /// set, nothing else is answered.
    pub must_change: bool,
    /// What was noticed on unlock.
    pub alarms: Vec<Alarm>,
    /// Whether the log may not be written now: the vault is a copy of what was there once and waits for the center, or its
    /// checkpoint could not be read. It can be read.
    pub awaits_center: bool,
    /// Whether it is no more than that the checkpoint could not be read.
    pub checkpoint_unread: bool,
    /// Which copy it is while it waits.
    pub copy: Option<CopyView>,
}

/// The copy that a vault is while it waits for the center.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CopyView {
    /// When its last entry was made, where it was made: passwords are those of then.
    pub at: String,
    /// Whether it was put back from a backup; else this computer knows of a later state of it.
    pub is_backup: bool,
    /// The key as words by which it knows its center's replies; empty where it knows none. To be compared with the center's before
    /// a vault goes on that was put back.
    pub center_words: String,
    /// Who came in by recovery codes while it waits, oldest first: to be compared with whom the center read them out for. Empty for
    /// a masked assessor.
    pub came_by_code: Vec<CodeUsed>,
}

/// A recovery code that somebody used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodeUsed {
    /// User id of whose password it set.
    pub user: String,
    /// Which set.
    pub set: u64,
    /// Which code of it.
    pub code: u32,
}

/// Something that a person must be told about the vault itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Alarm {
    /// Stable code, one of the vault's own (`rolled_back`, `damaged`) or `unverified`, `checkpoint_unkept` and
    /// `codes_unsealed`; the window words it.
    pub code: String,
    /// Where, in the program's own terms: a log and a sequence number, never a value.
    pub place: String,
}

/// State of the background verification, for the foot of every screen.
#[derive(Clone, Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IntegrityView {
    /// Whether the verification has finished.
    pub done: bool,
    /// Entries verified so far.
    pub verified: u64,
    /// Entries in all.
    pub total: u64,
    /// When it finished, `2026-11-23T13:40+08:00`.
    pub finished_at: Option<String>,
    /// What is wrong; empty when all is well.
    pub alarms: Vec<Alarm>,
}

/// The People and device screen.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PeopleView {
    /// Accounts.
    pub people: Vec<Person>,
    /// Device identifier.
    pub device: String,
    /// Device's signing key as words.
    pub device_words: String,
    /// The way back for who loses the password.
    pub recovery: RecoveryView,
}

/// The recovery codes of a device, as far as they may be known: the codes themselves are sealed for the center alone.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryView {
    /// Codes that open the vault still.
    pub left: u32,
    /// When they were sealed, `2026-11-23T13:40:02+08:00`; none where there never were any.
    pub sealed_at: Option<String>,
    /// Whether the center confirmed that it holds them: before, it can read none of them out.
    pub at_center: bool,
}

/// The program, as whoever helps with it asks for it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProgramView {
    /// Its version, as `CHANGELOG.md` counts them.
    pub version: String,
    /// The folder of its log files, which hold nothing of a participant; none where the computer gives no folder.
    pub logs: Option<String>,
}

/// One account.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// User id.
    pub user: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Whether it may sign in.
    pub open: bool,
    /// Whether an administrator set the password, and the person has not set an own one since.
    pub must_change: bool,
}

/// A refusal as the window receives it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "Refused")]
pub struct AnswerError {
    /// Stable code; the window branches on nothing else.
    pub code: String,
    /// English words for the log of a developer; holds no participant data.
    pub message: String,
    /// Seconds to wait, for `slow_down`; otherwise none.
    pub wait_seconds: Option<u32>,
}

/// Event `idle`: nobody was noticed for a while, and the vault will lock.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Idle {
    /// Seconds until it locks.
    pub seconds_left: u64,
}

/// Event `unsent`: another number of changes than before waits for the center.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Unsent {
    /// Changes that the center has not confirmed.
    pub changes: u32,
}

/// Why the shell locks the vault by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// Nobody was noticed for too long.
    Idle,
    /// The machine slept.
    Sleep,
    /// An act broke off in the middle.
    Fault,
}

/// Event `locked`: the vault was locked by the shell; the window must forget what it shows.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Locked {
    /// Why.
    pub why: LockReason,
}
