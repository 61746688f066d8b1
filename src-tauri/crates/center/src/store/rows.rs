//! What the rows of the center's storage hold.

use crate::AlarmKind;
use bundle::SignedReceipt;
use casebook::{EntryId, Instant, Line, LogEnd};
use seal::{PublicKey, Recipient, Zeroizing};

/// A clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Identifier, `S01`.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// When it was added.
    pub added: Instant,
}

/// Whether a device's bundles are imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// Sent a bundle; nobody has compared its words yet.
    Waiting,
    /// Its bundles are imported.
    Approved,
    /// Its bundles are refused.
    Revoked,
    /// Its words were not the device's: its bundles are refused, and another key may wait for the same log.
    Rejected,
    /// It was approved, and another key of the same device since: its bundles are refused, what was imported stays.
    Replaced,
}

impl DeviceState {
    const ALL: [Self; 5] = [Self::Waiting, Self::Approved, Self::Revoked, Self::Rejected, Self::Replaced];

    /// Whether its key is the one of its log: people have compared its words.
    #[must_use]
    pub fn is_known(self) -> bool {
        matches!(self, Self::Approved | Self::Revoked)
    }

    /// The name in the database and in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Revoked => "revoked",
            Self::Rejected => "rejected",
            Self::Replaced => "replaced",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Identifier, which is its log's.
    pub log: String,
    /// Its site.
    pub site: String,
    /// The key that signs its bundles.
    pub key: PublicKey,
    /// What replies are encrypted to.
    pub age: Recipient,
    /// Whether its bundles are imported.
    pub state: DeviceState,
    /// When it was first heard of.
    pub first_seen: Instant,
    /// When it was last heard of; of a key that was replaced, when it was.
    pub last_seen: Instant,
    /// The kit by which it showed that it was founded, where it did.
    pub kit: Option<u64>,
}

impl Device {
    /// Whether its key waits for the place of a log's device.
    #[must_use]
    pub fn asks_for(&self, log: &str) -> bool {
        self.log == log && self.state == DeviceState::Waiting
    }
}

/// A kit that was made.
pub struct KnownKit {
    /// Its number, of all sites' kits.
    pub number: u64,
    /// When it was made.
    pub made: Instant,
    /// Its activation code.
    pub code: Zeroizing<String>,
}

/// How far a log is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogState {
    /// Its last entry that is held without a gap.
    pub end: LogEnd,
    /// First sequence number that has two entries, where there is one and nobody has settled it. The entries held are those of
    /// the branch that came first, which stays in force; the other's are kept aside.
    pub forked_at: Option<u64>,
    /// The last entry that says that the device's vault was put back from a copy, where there is one.
    pub restored_at: Option<u64>,
}

/// Entries of a log that a data manager put aside for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledCount {
    /// Which entry of the center's log says so.
    pub by: u64,
    /// How many.
    pub entries: u64,
}

/// An entry as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct StoredEntry<'a> {
    /// Its log.
    pub log: &'a str,
    /// Its sequence number.
    pub seq: u64,
    /// Its id.
    pub id: EntryId,
    /// Its bytes.
    pub line: &'a [u8],
    /// The subject that it concerns.
    pub subject: Option<&'a str>,
}

impl<'a> From<&'a Line> for StoredEntry<'a> {
    fn from(line: &'a Line) -> Self {
        let entry = line.entry();
        let subject = entry.act.subject().map(|subject| subject.as_str());
        Self { log: &entry.log, seq: entry.seq, id: line.id(), line: line.bytes(), subject }
    }
}

/// How far a subject's folded rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldState {
    /// There are none, or none that this version can go on from: to be folded from the first entry.
    Absent,
    /// Entries have come since they were written.
    Behind,
    /// They hold every entry that is held.
    Current,
}

/// What the center remembers of a checkpoint that a device signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownCheckpoint {
    /// How often the vault had been unlocked.
    pub epoch: u64,
    /// Where its log ended.
    pub end: LogEnd,
}

/// What became of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleState {
    /// Imported and confirmed.
    Accepted,
    /// Of a device that waits for approval.
    Waiting,
    /// Something before it is missing.
    Parked,
    /// It contradicts what is held.
    Fork,
    /// It was kept for later, and refused or gone when its turn came.
    Refused,
    /// It is of a branch that a data manager put aside for good.
    Settled,
}

impl BundleState {
    const ALL: [Self; 6] = [Self::Accepted, Self::Waiting, Self::Parked, Self::Fork, Self::Refused, Self::Settled];
    /// Those of which the bundle lies in the folder as it was received.
    pub(crate) const KEPT: [Self; 5] = [Self::Accepted, Self::Waiting, Self::Parked, Self::Fork, Self::Settled];

    /// Whether nothing further becomes of it: it gets the same answer whenever it comes again.
    #[must_use]
    pub fn is_answered(self) -> bool {
        matches!(self, Self::Accepted | Self::Fork)
    }

    /// The name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Waiting => "waiting",
            Self::Parked => "parked",
            Self::Fork => "fork",
            Self::Refused => "refused",
            Self::Settled => "settled",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A bundle that is kept.
#[derive(Clone, Debug)]
pub struct BundleRow {
    /// Its id.
    pub id: EntryId,
    /// The sender's log.
    pub log: String,
    /// First entry in it; 0 for none.
    pub first: u64,
    /// Last entry in it; 0 for none.
    pub last: u64,
    /// When it came.
    pub received: Instant,
    /// What became of it.
    pub state: BundleState,
    /// Entries in it that were new.
    pub entries: u64,
    /// The receipt, once it is imported.
    pub receipt: Option<SignedReceipt>,
}

/// Something that people must be told of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// When it was noticed.
    pub at: Instant,
    /// What was noticed.
    pub kind: AlarmKind,
    /// Of which log.
    pub log: String,
    /// At which place; the first of several.
    pub seq: u64,
    /// The last of several places.
    pub last: Option<u64>,
    /// By which bundle.
    pub bundle: EntryId,
}

/// A file that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedFile {
    /// When it was refused.
    pub at: Instant,
    /// Its name.
    pub file: String,
    /// The reason's short name.
    pub code: String,
    /// The reason in words.
    pub words: String,
}
