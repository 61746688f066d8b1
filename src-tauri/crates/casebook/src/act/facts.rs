//! What every act can be asked: whose it is, which texts it commits to, whether people count it as work.

use super::{Act, ItemSet, Stored};
use crate::ids::{EntryId, TextCommit};
use crate::text::Words;
use study::Oid;

/// Longest identifier (log, user, subject, repeat key) in bytes.
pub const MAX_NAME: usize = 128;
/// Most answers of one act: what a person gives at once, so that looking for one given twice stays cheap.
pub const MAX_ITEMS: usize = 256;
/// Most bytes of one value.
pub const MAX_VALUE: usize = 256 * 1024;

impl Act {
    /// The subject that it concerns.
    pub fn subject(&self) -> Option<&Oid> {
        Some(match self {
            Act::SubjectRegistered(a) => &a.subject,
            Act::EventDated(a) => &a.subject,
            Act::EventAdded(a) => &a.subject,
            Act::EventMissed(a) => &a.subject,
            Act::ItemsSet(a) => &a.subject,
            Act::RowAdded(a) => &a.subject,
            Act::RowRemoved(a) => &a.subject,
            Act::FormCompleted(a) => &a.subject,
            Act::FormReopened(a) => &a.subject,
            Act::FormNotDone(a) => &a.subject,
            Act::FindingConfirmed(a) => &a.subject,
            Act::QueryRaised(a) => &a.subject,
            Act::QueryAnswered(a) => &a.subject,
            Act::QueryClosed(a) => &a.subject,
            Act::QueryReopened(a) => &a.subject,
            Act::AllocationRequested(a) => &a.subject,
            Act::AllocationRevealed(a) => &a.subject,
            Act::TextRedacted(a) => return a.subject.as_ref(),
            Act::SubjectMigrated(a) => &a.subject,
            _ => return None,
        })
    }

    /// Whether it is data or judgement, which the outbox counts for people, rather than housekeeping (sessions,
    /// transport, clock).
    pub fn is_change(&self) -> bool {
        !matches!(
            self,
            Act::DeviceEnrolled(_)
                | Act::DeviceApproved(_)
                | Act::DeviceRevoked(_)
                | Act::UserAdded(_)
                | Act::UserRoleChanged(_)
                | Act::UserClosed(_)
                | Act::SessionOpened(_)
                | Act::SessionRefused(_)
                | Act::StudyPublished(_)
                | Act::StudyActivated(_)
                | Act::BundleExported(_)
                | Act::BundleImported(_)
                | Act::ReceiptAccepted(_)
                | Act::DataExported(_)
                | Act::ClockSuspected(_)
                | Act::AlarmRaised(_)
                | Act::AllocationPublished(_)
                | Act::AllocationReleased(_)
                | Act::AllocationRefused(_)
        )
    }

    /// Commitments of the free texts that it brings; a redaction's own target is not among them.
    pub fn texts(&self) -> Vec<TextCommit> {
        let one = |words: &Words| vec![words.text];
        let perhaps = |words: &Option<Words>| words.iter().map(|words| words.text).collect();
        match self {
            Act::DeviceRevoked(a) => one(&a.reason),
            Act::UserClosed(a) => perhaps(&a.reason),
            Act::EventDated(a) => perhaps(&a.reason),
            Act::EventMissed(a) => one(&a.reason),
            Act::ItemsSet(a) => a.items.iter().flat_map(ItemSet::texts).collect(),
            Act::RowRemoved(a) => one(&a.reason),
            Act::FormReopened(a) => one(&a.reason),
            Act::FormNotDone(a) => one(&a.reason),
            Act::FindingConfirmed(a) => one(&a.comment),
            Act::QueryRaised(a) => one(&a.question),
            Act::QueryAnswered(a) => one(&a.answer),
            Act::QueryClosed(a) => perhaps(&a.comment),
            Act::QueryReopened(a) => one(&a.reason),
            Act::TextRedacted(a) => one(&a.reason),
            Act::SubjectMigrated(a) => one(&a.reason),
            Act::AllocationReleased(a) => perhaps(&a.deviation),
            _ => Vec::new(),
        }
    }

    /// What no writer of this version produces: empty values, names out of bounds, bases out of order.
    ///
    /// # Errors
    /// Names the first thing that is wrong; holds no value.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if let Some(subject) = self.subject() {
            check_name(subject)?;
        }
        match self {
            Act::ItemsSet(a) => check_items(&a.items),
            Act::EventDated(a) => {
                let date = a.date.as_ref().map_or("2000", |date| date.as_str());
                if date.is_empty() || date.len() > 10 || !date.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
                    return Err("a date is not ISO 8601");
                }
                check_bases(&a.bases)
            }
            Act::EventMissed(a) => check_bases(&a.bases),
            Act::RowAdded(a) => check_name(&a.repeat).and(check_bases(&a.bases)),
            Act::RowRemoved(a) => check_bases(&a.bases).and(check_bases(&a.cells)),
            Act::FormCompleted(a) => check_bases(&a.bases),
            Act::FormReopened(a) => check_bases(&a.bases),
            Act::FormNotDone(a) => check_bases(&a.bases),
            Act::FindingConfirmed(a) => check_bases(&a.operands),
            Act::QueryAnswered(a) => check_bases(&a.bases),
            Act::QueryClosed(a) => check_bases(&a.bases),
            Act::QueryReopened(a) => check_bases(&a.bases),
            Act::LabRangeSet(a) => a.check(),
            Act::SubjectMigrated(a) => check_name(&a.from).and(check_name(&a.to)).and(check_bases(&a.bases)),
            Act::UserAdded(a) => check_name(&a.user),
            Act::SessionOpened(a) => check_name(&a.user),
            Act::DeviceEnrolled(a) => check_name(&a.device).and(check_name(&a.site)),
            Act::DeviceApproved(a) => check_name(&a.device).and(check_name(&a.site)),
            Act::AllocationRequested(a) => a.factors.iter().try_for_each(|code| check_name(code.as_str())),
            Act::AllocationReleased(a) => check_name(&a.device).and(check_name(&a.subject)).and(check_name(&a.code)),
            Act::AllocationRefused(a) => check_name(&a.code).and(check_name(&a.why)),
            Act::AllocationRevealed(a) => check_name(a.arm.as_str()),
            _ => Ok(()),
        }
    }
}

impl ItemSet {
    fn texts(&self) -> impl Iterator<Item = TextCommit> + '_ {
        let value = match &self.value {
            Some(Stored::Text(words)) => Some(words.text),
            _ => None,
        };
        value.into_iter().chain(self.reason.iter().map(|words| words.text))
    }

    fn check(&self) -> Result<(), &'static str> {
        check_name(&self.repeat)?;
        check_bases(&self.bases)?;
        if self.value.is_some() && self.missing.is_some() {
            return Err("a value and a reason why there is none");
        }
        if self.value.is_none() && (self.unit.is_some() || self.raw.is_some()) {
            return Err("a unit or typed text without a value");
        }
        if self.value.is_none() && self.missing.is_none() && self.bases.is_empty() {
            return Err("an empty cell cannot be emptied");
        }
        match &self.value {
            Some(Stored::Plain(value)) if value.as_str().is_empty() => Err("an empty value"),
            Some(Stored::Plain(value)) if value.as_str().len() > MAX_VALUE => Err("a value too long"),
            Some(Stored::Text(_)) if self.raw.is_some() => Err("a free text beside its commitment"),
            _ => Ok(()),
        }
    }
}

fn check_items(items: &[ItemSet]) -> Result<(), &'static str> {
    if items.is_empty() {
        return Err("no answers");
    }
    if items.len() > MAX_ITEMS {
        return Err("too many answers in one act");
    }
    for (i, item) in items.iter().enumerate() {
        item.check()?;
        let twice =
            |other: &ItemSet| other.item == item.item && other.repeat == item.repeat && other.group == item.group;
        if items[..i].iter().any(twice) {
            return Err("one cell twice");
        }
    }
    Ok(())
}

/// A name is short, printable and not empty.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
        return Err("a name out of bounds");
    }
    Ok(())
}

pub(super) fn check_bases(bases: &[EntryId]) -> Result<(), &'static str> {
    if bases.windows(2).all(|pair| pair[0] < pair[1]) { Ok(()) } else { Err("bases out of order") }
}

/// Puts ids into the order in which an act lists them: ascending, each once.
pub fn bases(ids: impl IntoIterator<Item = EntryId>) -> Vec<EntryId> {
    let mut ids: Vec<EntryId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The name of the coordinating center's log.
pub const CENTER: &str = "center";

/// The user id of what no person did.
pub const SYSTEM: &str = "system";

/// Whether a log is the coordinating center's.
pub fn is_center(log: &Oid) -> bool {
    log.as_str() == CENTER
}
