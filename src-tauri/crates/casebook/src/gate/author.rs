//! Who acts, and the table of acts × roles.

use super::{DeniedError, Thing};
use crate::act::{Act, PasswordChange, Role, ScopeError, Speaker, UserPasswordChanged, speaks};
use study::Oid;

/// Who would write an act.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    /// The log in which it would be written.
    pub log: &'a Oid,
    /// The site of the device that writes it; none for the coordinating center.
    pub site: Option<&'a str>,
    /// User id.
    pub by: &'a Oid,
    /// The role in which the user works.
    pub role: Role,
}

impl Author<'_> {
    /// Asks the tables: whether the role may do such an act, and whether this log may speak of what it names. What comes in
    /// from elsewhere is held against the second one, too, so nothing is written here that is refused there.
    pub(super) fn may(&self, act: &Act) -> Result<(), DeniedError> {
        let may = roles(act);
        if !may.contains(&self.role) {
            return Err(DeniedError::Role { may });
        }
        let speaker = Speaker { log: self.log, site: self.site, by: self.by, keys: None };
        speaks(act, &speaker).map_err(|why| match why {
            ScopeError::Center | ScopeError::Device => DeniedError::Role { may },
            ScopeError::OtherSite => DeniedError::NoSuch(Thing::Subject),
            ScopeError::OtherLog | ScopeError::OtherDevice => DeniedError::NoSuch(Thing::Device),
            ScopeError::OtherUser => DeniedError::NoSuch(Thing::Account),
        })
    }
}

use Role::{Administrator, Assessor, DataManager, Investigator, Monitor, Nurse};

/// The program alone: what it noticed by itself.
const PROGRAM: &[Role] = &[];
/// The coordinating center.
const CENTER: &[Role] = &[DataManager];
/// Whoever keeps accounts and devices at a site.
const KEEPING: &[Role] = &[Administrator];
/// Whoever decides under which version of the study subjects are.
const DECIDING: &[Role] = &[Administrator, Investigator];
/// Whoever enters data.
const ENTERING: &[Role] = &[Nurse, Investigator];
/// Whoever enters data, or assessments behind the mask.
const ASSESSING: &[Role] = &[Nurse, Investigator, Assessor];
/// Whoever asks about data.
const ASKING: &[Role] = &[Nurse, Investigator, Assessor, Monitor, DataManager];
/// Whoever says that an answer will do.
const JUDGING: &[Role] = &[Monitor, DataManager];
/// Everybody at a site who may know how much is entered.
const SITE: &[Role] = &[Administrator, Nurse, Investigator];
/// Everybody at a site.
const WORKING: &[Role] = &[Administrator, Nurse, Investigator, Monitor, Assessor];
/// Those at a site who may know how much is entered, and the center.
const MOVING: &[Role] = &[Administrator, Nurse, Investigator, DataManager];
/// Whoever takes data out in the clear.
const PRINTING: &[Role] = &[Nurse, Investigator, DataManager];
/// Everybody.
const ALL: &[Role] = &[Administrator, Nurse, Investigator, Monitor, DataManager, Assessor];

/// Who may write an act at all; nobody where only the program does. An act without a row does not compile.
pub fn roles(act: &Act) -> &'static [Role] {
    match act {
        Act::SessionOpened(_) => ALL,
        Act::SessionRefused(_) | Act::ClockSuspected(_) | Act::AlarmRaised(_) => PROGRAM,
        Act::DeviceEnrolled(_) | Act::UserAdded(_) | Act::UserRoleChanged(_) | Act::UserClosed(_) => KEEPING,
        Act::DeviceApproved(_) | Act::DeviceRevoked(_) | Act::StudyPublished(_) | Act::TextRedacted(_) => CENTER,
        Act::AllocationPublished(_) | Act::AllocationReleased(_) | Act::AllocationRefused(_) => CENTER,
        Act::StudyActivated(_) | Act::SubjectMigrated(_) => DECIDING,
        Act::SubjectRegistered(_) | Act::EventDated(_) | Act::EventAdded(_) | Act::EventMissed(_) => ENTERING,
        Act::AllocationRequested(_) | Act::AllocationRevealed(_) => ENTERING,
        Act::ItemsSet(_) | Act::RowAdded(_) | Act::RowRemoved(_) | Act::FindingConfirmed(_) => ASSESSING,
        Act::FormCompleted(_) | Act::FormReopened(_) | Act::FormNotDone(_) => ASSESSING,
        Act::QueryRaised(_) => ASKING,
        Act::QueryAnswered(_) => ASSESSING,
        Act::QueryClosed(_) | Act::QueryReopened(_) => JUDGING,
        Act::BundleExported(_) | Act::ReceiptAccepted(_) | Act::LabRangeSet(_) => SITE,
        Act::BundleImported(_) => MOVING,
        Act::DataExported(_) => PRINTING,
        Act::RecoverySealed(_) | Act::VaultRestored(_) => PROGRAM,
        Act::RecoveryReleased(_) | Act::LogSettled(_) => CENTER,
        Act::RecoveryUsed(_) => WORKING,
        Act::UserPasswordChanged(UserPasswordChanged { how: PasswordChange::Administrator, .. }) => KEEPING,
        Act::UserPasswordChanged(_) => WORKING,
        Act::BackupWritten(_) => SITE,
    }
}
