//! What is left out of what the center gives out, and why. Nothing is left out in silence.

use crate::CenterError;
use crate::store::{StoreError, Tx};
use casebook::CENTER;
use serde::Serialize;
use std::fmt;

/// Something that an export, a reply or a count leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Omission {
    /// A log has two branches. The one that was held first is in force and given out whole; the other is not.
    Branch {
        /// The log.
        log: String,
        /// First place that has two entries.
        seq: u64,
        /// Entries that are kept aside.
        entries: u64,
    },
    /// Entries about subjects of whom no registration has come: it may lie in a bundle that is still on its way.
    Unregistered {
        /// How many subjects.
        subjects: u64,
        /// The first of them, by key.
        first: String,
    },
    /// A subject whose entries or folded rows can't be read.
    Unreadable {
        /// The subject's key.
        subject: String,
        /// What can't be read.
        what: &'static str,
    },
    /// A log from an entry on that can't be read.
    Damaged {
        /// The log.
        log: String,
        /// The place.
        seq: u64,
    },
}

impl fmt::Display for Omission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Branch { log, seq, entries } => {
                write!(
                    f,
                    "{log} has two branches from seq {seq} on: {entries} entries of the one that came later are kept aside"
                )
            }
            Self::Unregistered { subjects: 1, first } => write!(f, "{first}: no registration has come"),
            Self::Unregistered { subjects, first } => {
                write!(f, "{subjects} subjects, {first} the first of them: no registration has come")
            }
            Self::Unreadable { subject, what } => write!(f, "{subject}: damaged: {what}"),
            Self::Damaged { log, seq } => write!(f, "{log} from seq {seq} on: damaged"),
        }
    }
}

impl Omission {
    /// What a subject's failure leaves out, where it is the subject's own and not the center's.
    ///
    /// # Errors
    /// The failure itself, where it is the center's.
    pub(crate) fn of_subject(subject: &str, error: CenterError) -> Result<Self, CenterError> {
        match error {
            CenterError::Store(StoreError::Damaged(what)) => Ok(Self::Unreadable { subject: subject.to_owned(), what }),
            other => Err(other),
        }
    }

    /// Names a subject whose folded rows can't be read, once.
    pub(crate) fn note_rows(subject: &str, omitted: &mut Vec<Omission>) {
        if !omitted.iter().any(|known| known.is_about(subject)) {
            omitted.push(Self::Unreadable { subject: subject.to_owned(), what: "folded rows" });
        }
    }

    /// Whether it is this subject that is left out.
    pub(crate) fn is_about(&self, key: &str) -> bool {
        matches!(self, Self::Unreadable { subject, .. } if subject == key)
    }

    /// Subjects without a registration, where there are any.
    pub(crate) fn unregistered<'a>(mut subjects: impl Iterator<Item = &'a str>) -> Option<Self> {
        let first = subjects.next()?.to_owned();
        Some(Self::Unregistered { subjects: 1 + subjects.count() as u64, first })
    }
}

/// Whether a site's log speaks of a subject. Whom the center alone speaks of was registered by a branch that was put aside: no
/// registration is on its way.
pub(crate) fn is_spoken_of(tx: &dyn Tx, subject: &str) -> Result<bool, StoreError> {
    let mut spoken = false;
    tx.lines_of(subject, &|log| if log == CENTER { u64::MAX } else { 0 }, &mut |_, _, _, _| {
        spoken = true;
        Ok(())
    })?;
    Ok(spoken)
}

/// The branches that are kept aside, of some of the logs.
pub(crate) fn branches<'a>(tx: &dyn Tx, logs: impl IntoIterator<Item = &'a str>) -> Result<Vec<Omission>, StoreError> {
    let mut found = Vec::new();
    for log in logs {
        if let Some(seq) = tx.log_state(log)?.forked_at {
            found.push(Omission::Branch { log: log.to_owned(), seq, entries: tx.quarantined(log)? });
        }
    }
    Ok(found)
}
