//! What is noticed about the vault itself. Each names a place in the program's own terms, never a value.

use serde::{Deserialize, Serialize};

/// Something that a person must be told about the vault.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Alarm {
    /// An entry is not the one that was written: its bytes do not give the id that its successor, the head or the
    /// checkpoint names.
    EntryEdited {
        /// The id of the log.
        log: String,
        /// Sequence number of the first such entry.
        seq: u64,
    },
    /// Entries that were written are not there.
    EntriesMissing {
        /// The id of the log.
        log: String,
        /// First missing sequence number.
        first: u64,
        /// Last one that should be there.
        last: u64,
    },
    /// The vault is an older state of itself: the checkpoint kept elsewhere knows a later one.
    RolledBack {
        /// The id of the log.
        log: String,
        /// Last entry held.
        seq: u64,
        /// Last entry according to the checkpoint.
        known: u64,
    },
    /// The checkpoint kept elsewhere and this vault share a past and then differ: a copy was written to.
    OtherHistory {
        /// The id of the log.
        log: String,
        /// Sequence number at which another entry is known.
        seq: u64,
    },
    /// Folded rows are not those that were last written, or not what the journal folds to.
    TablesStale {
        /// How many subjects are concerned; 0 when only the digest differs.
        subjects: u32,
        /// The first subject key concerned, empty for what concerns none.
        first: String,
    },
    /// Settings, receipts, bundle history or stored files are not those that were last written.
    RecordsStale,
    /// Free texts that entries commit to are gone or are other texts.
    TextsDamaged {
        /// How many.
        count: u64,
    },
    /// Pages of the database file can't be authenticated or do not form a database.
    Damaged {
        /// What the database's own check says, without any value.
        what: String,
    },
    /// The file of key slots is an older one, or was edited.
    SlotsStale,
    /// A key slot of the first form opened, which opens whichever vault lies beside it; it is sealed in the second form now.
    SlotUnbound,
    /// There is no checkpoint where one was kept.
    CheckpointMissing,
    /// The checkpoint was not signed by this device, or is not this vault's.
    CheckpointForged,
    /// The wall clock stands before the last entry's.
    ClockSuspect,
    /// The database and its folder can't be written: everything can be read, nothing saved.
    ReadOnly,
    /// The sign-in, and what was noticed at it, could not be journaled yet.
    Unjournaled,
    /// The checkpoint kept elsewhere can't be read or written.
    CheckpointUnkept,
    /// The file of key slots could not be brought up to date yet.
    SlotsPending,
    /// An account was closed, and the database could not be written anew under another key yet.
    ClosingPending,
    /// Failed sign-ins could not be noted or forgotten.
    AttemptsUnkept,
    /// Older copies of the database, or unfinished files, could not be removed.
    LeftoversKept,
    /// The schema was migrated without a copy of the database as it was before.
    CopyMissing,
    /// The verification in the background could not be begun.
    Unverified,
}

impl Alarm {
    /// The stable code on which the window branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EntryEdited { .. } => "entry_edited",
            Self::EntriesMissing { .. } => "entries_missing",
            Self::RolledBack { .. } => "rolled_back",
            Self::OtherHistory { .. } => "other_history",
            Self::TablesStale { .. } => "tables_stale",
            Self::RecordsStale => "records_stale",
            Self::TextsDamaged { .. } => "texts_damaged",
            Self::Damaged { .. } => "damaged",
            Self::SlotsStale => "slots_stale",
            Self::SlotUnbound => "slot_unbound",
            Self::CheckpointMissing => "checkpoint_missing",
            Self::CheckpointForged => "checkpoint_forged",
            Self::ClockSuspect => "clock_suspect",
            Self::ReadOnly => "read_only",
            Self::Unjournaled => "unjournaled",
            Self::CheckpointUnkept => "checkpoint_unkept",
            Self::SlotsPending => "slots_pending",
            Self::ClosingPending => "closing_pending",
            Self::AttemptsUnkept => "attempts_unkept",
            Self::LeftoversKept => "leftovers_kept",
            Self::CopyMissing => "copy_missing",
            Self::Unverified => "unverified",
        }
    }

    /// Where, in the program's own terms.
    pub fn place(&self) -> String {
        match self {
            Self::EntryEdited { log, seq } | Self::OtherHistory { log, seq } => format!("{log} {seq}"),
            Self::EntriesMissing { log, first, last } => format!("{log} {first}-{last}"),
            Self::RolledBack { log, seq, known } => format!("{log} {seq} < {known}"),
            Self::TablesStale { subjects, first } => format!("{subjects} {first}").trim_end().to_owned(),
            Self::TextsDamaged { count } => count.to_string(),
            Self::Damaged { what } => what.clone(),
            Self::RecordsStale
            | Self::SlotsStale
            | Self::SlotUnbound
            | Self::CheckpointMissing
            | Self::CheckpointForged
            | Self::ClockSuspect
            | Self::ReadOnly
            | Self::Unjournaled
            | Self::CheckpointUnkept
            | Self::SlotsPending
            | Self::ClosingPending
            | Self::AttemptsUnkept
            | Self::LeftoversKept
            | Self::CopyMissing
            | Self::Unverified => String::new(),
        }
    }

    /// Whether the vault may not hold all that was once written: then no older copy of it is let go.
    pub(crate) fn doubts_the_vault(&self) -> bool {
        match self {
            Self::EntryEdited { .. }
            | Self::EntriesMissing { .. }
            | Self::RolledBack { .. }
            | Self::OtherHistory { .. }
            | Self::TablesStale { .. }
            | Self::RecordsStale
            | Self::TextsDamaged { .. }
            | Self::Damaged { .. }
            | Self::SlotsStale
            | Self::CheckpointMissing
            | Self::CheckpointForged
            | Self::CheckpointUnkept
            | Self::ReadOnly => true,
            Self::SlotUnbound
            | Self::ClockSuspect
            | Self::Unjournaled
            | Self::SlotsPending
            | Self::ClosingPending
            | Self::AttemptsUnkept
            | Self::LeftoversKept
            | Self::CopyMissing
            | Self::Unverified => false,
        }
    }
}
