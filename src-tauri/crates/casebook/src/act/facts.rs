//! What every act can be asked: whose it is, which texts it commits to, whether people count it as work.

use super::Act;
use super::bounds::{check_bases, check_name};
use super::form::{ItemSet, check_items};
use crate::ids::TextCommit;
use crate::text::FreeTextId;
use study::Oid;

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
            Act::DeviceEnrolled(_) | Act::DeviceApproved(_) | Act::DeviceRevoked(_) => return None,
            Act::UserAdded(_) | Act::UserRoleChanged(_) | Act::UserClosed(_) => return None,
            Act::SessionOpened(_) | Act::SessionRefused(_) => return None,
            Act::StudyPublished(_) | Act::StudyActivated(_) | Act::LabRangeSet(_) => return None,
            Act::BundleExported(_) | Act::BundleImported(_) | Act::ReceiptAccepted(_) => return None,
            Act::DataExported(_) | Act::ClockSuspected(_) | Act::AlarmRaised(_) => return None,
            Act::AllocationPublished(_) | Act::AllocationRefused(_) => return None,
            Act::RecoverySealed(_) | Act::RecoveryReleased(_) | Act::RecoveryUsed(_) => return None,
            Act::UserPasswordChanged(_) | Act::BackupWritten(_) | Act::VaultRestored(_) => return None,
            Act::LogSettled(_) => return None,
            // The center's word on a subject, not an entry about it.
            Act::AllocationReleased(_) => return None,
        })
    }

    /// Whether it is data or judgement, which the outbox counts for people, rather than housekeeping (sessions,
    /// transport, clock).
    pub fn is_change(&self) -> bool {
        match self {
            Act::SubjectRegistered(_) | Act::EventDated(_) | Act::EventAdded(_) | Act::EventMissed(_) => true,
            Act::ItemsSet(_) | Act::RowAdded(_) | Act::RowRemoved(_) | Act::FindingConfirmed(_) => true,
            Act::FormCompleted(_) | Act::FormReopened(_) | Act::FormNotDone(_) => true,
            Act::QueryRaised(_) | Act::QueryAnswered(_) | Act::QueryClosed(_) | Act::QueryReopened(_) => true,
            Act::TextRedacted(_) | Act::LabRangeSet(_) | Act::SubjectMigrated(_) => true,
            Act::AllocationRequested(_) | Act::AllocationRevealed(_) => true,
            Act::DeviceEnrolled(_) | Act::DeviceApproved(_) | Act::DeviceRevoked(_) => false,
            Act::UserAdded(_) | Act::UserRoleChanged(_) | Act::UserClosed(_) => false,
            Act::SessionOpened(_) | Act::SessionRefused(_) => false,
            Act::StudyPublished(_) | Act::StudyActivated(_) => false,
            Act::BundleExported(_) | Act::BundleImported(_) | Act::ReceiptAccepted(_) => false,
            Act::DataExported(_) | Act::ClockSuspected(_) | Act::AlarmRaised(_) => false,
            Act::AllocationPublished(_) | Act::AllocationReleased(_) | Act::AllocationRefused(_) => false,
            Act::RecoverySealed(_) | Act::RecoveryReleased(_) | Act::RecoveryUsed(_) => false,
            Act::UserPasswordChanged(_) | Act::BackupWritten(_) | Act::VaultRestored(_) => false,
            Act::LogSettled(_) => false,
        }
    }

    /// Commitments of the free texts that it brings; a redaction's own target is not among them.
    pub fn texts(&self) -> Vec<TextCommit> {
        let one = |words: &FreeTextId| vec![words.text];
        let perhaps = |words: &Option<FreeTextId>| words.iter().map(|words| words.text).collect();
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
            Act::RecoveryReleased(a) => one(&a.reason),
            Act::LogSettled(a) => std::iter::once(&a.reason).chain(&a.rest).map(|words| words.text).collect(),
            Act::DeviceEnrolled(_) | Act::DeviceApproved(_) | Act::UserAdded(_) | Act::UserRoleChanged(_) => Vec::new(),
            Act::SessionOpened(_) | Act::SessionRefused(_) | Act::SubjectRegistered(_) => Vec::new(),
            Act::EventAdded(_) | Act::RowAdded(_) | Act::FormCompleted(_) => Vec::new(),
            Act::StudyPublished(_) | Act::StudyActivated(_) | Act::LabRangeSet(_) => Vec::new(),
            Act::BundleExported(_) | Act::BundleImported(_) | Act::ReceiptAccepted(_) => Vec::new(),
            Act::DataExported(_) | Act::ClockSuspected(_) | Act::AlarmRaised(_) => Vec::new(),
            Act::AllocationPublished(_) | Act::AllocationRefused(_) => Vec::new(),
            Act::AllocationRequested(_) | Act::AllocationRevealed(_) => Vec::new(),
            Act::RecoverySealed(_) | Act::RecoveryUsed(_) | Act::UserPasswordChanged(_) => Vec::new(),
            Act::BackupWritten(_) | Act::VaultRestored(_) => Vec::new(),
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
            Act::RecoverySealed(a) => a.check(),
            Act::RecoveryReleased(a) => a.check(),
            Act::RecoveryUsed(a) => a.check(),
            Act::UserPasswordChanged(a) => check_name(&a.user),
            Act::LogSettled(a) => a.check(),
            // Nothing but the subject, digests, numbers, words, and names that are read as they are.
            Act::DeviceRevoked(_) | Act::UserRoleChanged(_) | Act::UserClosed(_) | Act::SessionRefused(_) => Ok(()),
            Act::SubjectRegistered(_) | Act::EventAdded(_) | Act::QueryRaised(_) => Ok(()),
            Act::StudyPublished(_) | Act::StudyActivated(_) | Act::AllocationPublished(_) => Ok(()),
            Act::BundleExported(_) | Act::BundleImported(_) | Act::ReceiptAccepted(_) => Ok(()),
            Act::DataExported(_) | Act::ClockSuspected(_) | Act::AlarmRaised(_) | Act::TextRedacted(_) => Ok(()),
            Act::VaultRestored(act) => act.check(),
            Act::BackupWritten(_) => Ok(()),
        }
    }
}

/// The name of the coordinating center's log.
pub const CENTER: &str = "center";

/// The user id of what no person did.
pub const SYSTEM: &str = "system";

/// Whether a log is the coordinating center's.
pub fn is_center(log: &Oid) -> bool {
    log.as_str() == CENTER
}
