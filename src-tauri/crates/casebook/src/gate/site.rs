//! What must come before an act that is about no subject: accounts, devices, laboratory limits.

use super::{Author, DeniedError, Thing};
use crate::act::{Act, DeviceEnrolled, RecoveryReleased};
use crate::ids::EntryId;
use crate::trial_state::{Keys, TrialState};
use study::Oid;

impl TrialState {
    /// Whether an act about no subject may be done now.
    ///
    /// # Errors
    /// Who could do it, or what must come first; [`Thing::Subject`] for an act that only a subject's book can judge.
    pub fn permits(&self, author: &Author<'_>, act: &Act) -> Result<(), DeniedError> {
        author.may(act)?;
        match act {
            Act::UserAdded(act) if self.account(author.log, &act.user).is_some() => {
                Err(DeniedError::Already(Thing::Account))
            }
            Act::UserRoleChanged(act) => self.is_open(author, &act.user),
            Act::UserClosed(act) if act.user == *author.by => Err(DeniedError::OwnAccount),
            Act::UserClosed(act) => self.is_open(author, &act.user),
            Act::UserPasswordChanged(act) => self.is_open(author, &act.user),
            Act::RecoveryUsed(act) => self.is_open(author, &act.user),
            Act::RecoveryReleased(act) => self.releases(act),
            Act::DeviceEnrolled(act) => self.enrols(act),
            Act::LabRangeSet(act) => self.replaces(&act.bases),
            act if act.subject().is_some() => Err(DeniedError::NoSuch(Thing::Subject)),
            // Nothing must have come before: who writes it, and of what it speaks, was asked.
            _ => Ok(()),
        }
    }

    /// A new device; or one that is known, at the same site, with other keys than it ever had.
    fn enrols(&self, act: &DeviceEnrolled) -> Result<(), DeniedError> {
        let Some(device) = self.device_of(&act.device) else { return Ok(()) };
        let is_other =
            |known: &Keys| known.site == act.site && known.key != act.key && known.recipient != act.recipient;
        let renews = !device.enrolled.is_empty() && device.enrolled.iter().all(is_other);
        if renews && device.practice == act.practice { Ok(()) } else { Err(DeniedError::Already(Thing::Device)) }
    }

    fn is_open(&self, author: &Author<'_>, user: &Oid) -> Result<(), DeniedError> {
        let open = self.account(author.log, user).is_some_and(|account| !account.closed);
        if open { Ok(()) } else { Err(DeniedError::NoSuch(Thing::Account)) }
    }

    /// A code of the set that lies at the center, that nobody was told and nobody used.
    fn releases(&self, act: &RecoveryReleased) -> Result<(), DeniedError> {
        let recovery = self.recovery(&act.device).ok_or(DeniedError::NoSuch(Thing::Device))?;
        let code = (act.set, act.code);
        if recovery.set != act.set || act.code > recovery.codes {
            return Err(DeniedError::NoSuch(Thing::Code));
        }
        let told = recovery.released.contains_key(&code) || recovery.used.contains_key(&code);
        if told { Err(DeniedError::Already(Thing::Code)) } else { Ok(()) }
    }

    /// Lines that are replaced or withdrawn still hold.
    fn replaces(&self, lines: &[EntryId]) -> Result<(), DeniedError> {
        let holds = |line: &EntryId| self.ranges().iter().any(|(known, ..)| known == line);
        if lines.iter().all(holds) { Ok(()) } else { Err(DeniedError::NoSuch(Thing::Line)) }
    }
}
