//! What is left out of what the center gives out, and why. Nothing is left out in silence.

use crate::CenterError;
use crate::store::{BundleState, StoreError, Tx};
use casebook::CENTER;
use serde::Serialize;
use std::collections::BTreeSet;
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
    /// Bundles that came in a known device's name and wait: of another key that nobody has compared, or not taken in yet.
    Waiting {
        /// The device.
        device: String,
        /// How many bundles.
        bundles: u64,
    },
    /// A reply is for the approved key of a device while another one waits, which it is not for.
    OtherKey {
        /// The device.
        device: String,
    },
    /// Bundles of a log that came too early and wait for what comes before them.
    Parked {
        /// The log.
        log: String,
        /// The entry that is expected next.
        expects: u64,
        /// How many bundles.
        bundles: u64,
    },
    /// A log from an entry on that can't be read.
    Damaged {
        /// The log.
        log: String,
        /// The place.
        seq: u64,
    },
    /// An entry that can't be read any more, of which a status knows only by reading it: about recovery codes, or about a fork that was
    /// settled.
    Entry {
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
            Self::Waiting { device, bundles } => {
                write!(
                    f,
                    "{device}: {bundles} of its bundles wait; compare the words of the key that waits and approve or revoke it (device list); those of an approved key are taken in by the next ingest"
                )
            }
            Self::OtherKey { device } => {
                write!(
                    f,
                    "{device}: another key of it, which waits; whoever has the former key, such as somebody who left, can open this reply, where that is a new key of the device: compare the words, and reply anew once it is approved"
                )
            }
            Self::Parked { log, expects, bundles } => {
                write!(f, "{log}: {bundles} bundles are parked until seq {expects} and what follows it have come")
            }
            Self::Unregistered { subjects: 1, first } => write!(f, "{first}: no registration has come"),
            Self::Unregistered { subjects, first } => {
                write!(f, "{subjects} subjects, {first} the first of them: no registration has come")
            }
            Self::Unreadable { subject, what } => write!(f, "{subject}: damaged: {what}"),
            Self::Damaged { log, seq } => write!(f, "{log} from seq {seq} on: damaged"),
            Self::Entry { log, seq } => write!(f, "{log} at seq {seq}: damaged: what this entry says is not counted"),
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
        Self::Unreadable { subject: subject.to_owned(), what: "folded rows" }.note(omitted);
    }

    /// Names it, a subject once.
    pub(crate) fn note(self, omitted: &mut Vec<Omission>) {
        let is_known = match &self {
            Self::Unreadable { subject, .. } => omitted.iter().any(|known| known.is_about(subject)),
            other => omitted.contains(other),
        };
        if !is_known {
            omitted.push(self);
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

/// What is kept aside of some of the logs: branches, and bundles of known devices that wait or are parked.
pub(crate) fn kept_aside<'a>(
    tx: &dyn Tx,
    logs: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Omission>, StoreError> {
    let mut found = Vec::new();
    for log in logs {
        let state = tx.log_state(log)?;
        if let Some(seq) = state.forked_at {
            found.push(Omission::Branch { log: log.to_owned(), seq, entries: tx.quarantined(log)? });
        }
        let parked = tx.bundles(log, BundleState::Parked)?.len() as u64;
        if parked > 0 {
            found.push(Omission::Parked { log: log.to_owned(), expects: state.end.seq + 1, bundles: parked });
        }
        // Of a device that is not known nothing is missed. Of one that an earlier version revoked, what waits until it is revoked once more.
        if tx.device(log)?.is_some() {
            let waiting = tx.bundles(log, BundleState::Waiting)?.len() as u64;
            found.extend((waiting > 0).then(|| Omission::Waiting { device: log.to_owned(), bundles: waiting }));
        }
    }
    Ok(found)
}

/// The same of all logs, also of devices of which no entry has come.
pub(crate) fn all_kept_aside(tx: &dyn Tx) -> Result<Vec<Omission>, StoreError> {
    let mut logs: BTreeSet<String> = tx.logs()?.into_iter().collect();
    logs.extend(tx.devices()?.into_iter().filter(|device| device.state.is_known()).map(|device| device.log));
    kept_aside(tx, logs.iter().map(String::as_str))
}
