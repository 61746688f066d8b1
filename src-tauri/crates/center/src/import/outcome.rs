//! What became of a bundle, in words that can be read over the telephone.

use crate::{AlarmKind, Printable};
use casebook::EntryId;
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

/// What became of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Its entries were imported.
    Accepted {
        /// Entries that were new.
        entries: u64,
    },
    /// Everything in it was held before.
    AlreadyHeld,
    /// Kept until what is before it has come.
    Parked {
        /// The entry that is expected next.
        expects: u64,
    },
    /// Kept until its device is approved.
    Waiting {
        /// The device.
        device: String,
        /// Its key's fingerprint as words.
        words: String,
    },
    /// It contradicts what is held: the branch that was held first stays in force, this one is kept aside.
    Fork {
        /// First place that has two entries.
        seq: u64,
    },
    /// It was not imported.
    Refused {
        /// The reason's short name.
        code: &'static str,
        /// The reason.
        words: String,
    },
}

impl Outcome {
    /// Whether nothing has to be done by people.
    #[must_use]
    pub fn is_good(&self) -> bool {
        !matches!(self, Self::Refused { .. } | Self::Fork { .. } | Self::Waiting { .. })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { entries } => write!(f, "accepted {entries} entries"),
            Self::AlreadyHeld => f.write_str("already held"),
            Self::Parked { expects } => write!(f, "parked, expects seq {expects}"),
            Self::Waiting { device, words } => write!(f, "waiting for approval: {}, {words}", Printable(device)),
            Self::Fork { seq } => {
                write!(
                    f,
                    "fork: seq {seq} has two entries; the branch held first stays in force, this one is kept aside"
                )
            }
            Self::Refused { words, .. } => write!(f, "refused: {}", Printable(words)),
        }
    }
}

/// A bundle and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct ImportedBundle {
    /// Name of the file.
    pub file: String,
    /// The bundle's id, where it could be read so far.
    pub bundle: Option<EntryId>,
    /// The log of its sender, likewise.
    pub log: Option<String>,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What it gave away about its sender's log.
    pub alarms: Vec<AlarmKind>,
    /// Where the receipt lies.
    pub receipt: Option<PathBuf>,
    /// What could not be done after it, in words: its receipt, or what waited for it. What became of the bundle holds all the same; the
    /// same bundle once more makes up for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone: Option<String>,
}

impl ImportedBundle {
    pub(super) fn new(file: &str, bundle: EntryId, log: &str, outcome: Outcome) -> Self {
        let log = Some(log.to_owned());
        Self {
            file: file.to_owned(),
            bundle: Some(bundle),
            log,
            outcome,
            alarms: Vec::new(),
            receipt: None,
            undone: None,
        }
    }
}

impl ImportedBundle {
    /// Whether it is of a branch that is kept aside until people settle the fork.
    #[must_use]
    pub fn is_fork(&self) -> bool {
        matches!(self.outcome, Outcome::Fork { .. })
    }

    /// Whether nothing has to be done by people.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.outcome.is_good() && self.alarms.is_empty() && self.undone.is_none()
    }
}

impl fmt::Display for ImportedBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Printable(&self.file), self.outcome)?;
        for alarm in &self.alarms {
            write!(f, "; ALARM {alarm}")?;
        }
        if let Some(why) = &self.undone {
            write!(f, "; take it in once more, for {}", Printable(why))?;
        }
        Ok(())
    }
}
