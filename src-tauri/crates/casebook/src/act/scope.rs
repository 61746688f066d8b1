//! Who may speak of what: for every act, of which subject, site, log, device, keys and user its writer may speak.
//!
//! One table, asked wherever an act is written or comes in: by the gate before a write, by the center for every entry of a
//! bundle, by a site for every entry of a reply. It looks at the act and its writer alone; what must have come before, the
//! gate asks. A device speaks of its own site and of itself, the center of every subject and every device, the program of
//! what it noticed itself. An act without a row does not compile, and no row says yes by default.

use super::{
    Act, AllocationReleased, BundleImported, CENTER, DeviceEnrolled, PasswordChange, ReceiptAccepted, Role, SYSTEM,
    UserPasswordChanged,
};
use study::Oid;

/// The writer of an act.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// The log in which it stands.
    pub log: &'a str,
    /// The site of the device that writes that log; none for the coordinating center.
    pub site: Option<&'a str>,
    /// User id, or [`SYSTEM`].
    pub by: &'a str,
    /// What the device was proved to hold, where the reader knows.
    pub keys: Option<SpeakerKeys<'a>>,
}

/// The keys of a device, as its bundles prove them.
#[derive(Clone, Copy, Debug)]
pub struct SpeakerKeys<'a> {
    /// Its Ed25519 public key, OpenSSH line.
    pub key: &'a str,
    /// Its age recipient.
    pub recipient: &'a str,
    /// Whether it was made for practice.
    pub practice: bool,
}

/// Why a writer may not say an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub enum ScopeError {
    /// Only the center says this.
    Center,
    /// Only devices say this.
    Device,
    /// It names another site, or another site's subject.
    OtherSite,
    /// It names another log than its writer may.
    OtherLog,
    /// It names another device than its writer, or other keys than the writer's.
    OtherDevice,
    /// It is in the name of, or about, a user who can't be meant.
    OtherUser,
}

impl ScopeError {
    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Center => "an act of the center's in a device's log",
            Self::Device => "an act of a site's in the center's log",
            Self::OtherSite => "an act about another site",
            Self::OtherLog => "an act about another log",
            Self::OtherDevice => "an act about another device",
            Self::OtherUser => "an act of another user",
        }
    }
}

type Said = Result<(), ScopeError>;

/// Whether a subject's key or a device's id is one of a site's: the site's identifier, `-`, and a number or letters.
pub fn is_of_site(name: &str, site: &str) -> bool {
    site_of(name) == Some(site)
}

/// The site of a subject's key or a device's id; none where it is neither.
pub fn site_of(name: &str) -> Option<&str> {
    name.rsplit_once('-').filter(|(_, own)| !own.is_empty()).map(|(site, _)| site)
}

/// Whether a writer may say an act.
///
/// # Errors
/// The first of subject, site, log, device, keys and user that is not the writer's.
pub fn speaks(act: &Act, who: &Speaker<'_>) -> Result<(), ScopeError> {
    who.writes_its_own_log()?;
    match act {
        Act::DeviceEnrolled(act) => who.person().and(who.enrols(act)),
        Act::DeviceApproved(_) | Act::DeviceRevoked(_) | Act::LogSettled(_) => who.center(),
        Act::UserAdded(act) => who.person().and(site_role(act.role)),
        Act::UserRoleChanged(act) => who.person().and(site_role(act.role)),
        // An account belongs to the log that names it, so no other log's can be closed.
        Act::UserClosed(_) => who.person(),
        Act::SessionOpened(act) => who.is(&act.user),
        Act::SessionRefused(_) => who.device().and(who.program()),
        Act::SubjectRegistered(act) => who.enters(&act.subject).and(who.is_of(&act.site)),
        Act::EventDated(act) => who.enters(&act.subject),
        Act::EventAdded(act) => who.enters(&act.subject),
        Act::EventMissed(act) => who.enters(&act.subject),
        Act::ItemsSet(act) => who.enters(&act.subject),
        Act::RowAdded(act) => who.enters(&act.subject),
        Act::RowRemoved(act) => who.enters(&act.subject),
        Act::FormCompleted(act) => who.enters(&act.subject),
        Act::FormReopened(act) => who.enters(&act.subject),
        Act::FormNotDone(act) => who.enters(&act.subject),
        Act::FindingConfirmed(act) => who.enters(&act.subject),
        Act::QueryRaised(act) => who.asks(&act.subject),
        Act::QueryAnswered(act) => who.enters(&act.subject),
        Act::QueryClosed(act) => who.asks(&act.subject),
        Act::QueryReopened(act) => who.asks(&act.subject),
        Act::StudyPublished(_) => who.center(),
        // What it puts into force, it puts into force for its own log.
        Act::StudyActivated(_) => who.person(),
        Act::BundleExported(act) => who.person().and(all(act.logs.iter().map(|run| who.owns(&run.log)))),
        Act::BundleImported(act) => who.imports(act),
        Act::ReceiptAccepted(ReceiptAccepted { log, .. }) => who.person().and(who.owns(log)),
        Act::DataExported(_) => who.anybody(),
        Act::ClockSuspected(_) | Act::AlarmRaised(_) => who.program(),
        Act::TextRedacted(_) => who.center(),
        Act::LabRangeSet(_) => who.person(),
        Act::SubjectMigrated(act) => who.enters(&act.subject),
        Act::AllocationPublished(_) | Act::AllocationRefused(_) => who.center(),
        Act::AllocationRequested(act) => who.enters(&act.subject),
        Act::AllocationReleased(act) => who.center().and(fits(act)),
        Act::AllocationRevealed(act) => who.enters(&act.subject),
        Act::RecoverySealed(_) | Act::VaultRestored(_) => who.device().and(who.program()),
        Act::RecoveryReleased(_) => who.center(),
        Act::RecoveryUsed(act) => who.person().and(who.is(&act.user)),
        Act::UserPasswordChanged(act) => who.person().and(who.sets_password(act)),
        Act::BackupWritten(_) => who.person(),
    }
}

fn all(mut each: impl Iterator<Item = Said>) -> Said {
    each.find(Result::is_err).unwrap_or(Ok(()))
}

/// A site has no account of the center's.
fn site_role(role: Role) -> Said {
    if role == Role::DataManager { Err(ScopeError::OtherUser) } else { Ok(()) }
}

/// A slot goes to a subject of the site whose device asked.
fn fits(act: &AllocationReleased) -> Said {
    let site = act.device.rsplit_once('-').map(|(site, _)| site);
    if site.is_some_and(|site| is_of_site(&act.subject, site)) { Ok(()) } else { Err(ScopeError::OtherSite) }
}

impl Speaker<'_> {
    /// The log is the center's, or that of a device of the site.
    fn writes_its_own_log(&self) -> Said {
        let own = self.site.map_or(self.log == CENTER, |site| is_of_site(self.log, site));
        if own { Ok(()) } else { Err(ScopeError::OtherLog) }
    }

    fn center(&self) -> Said {
        if self.site.is_none() { Ok(()) } else { Err(ScopeError::Center) }
    }

    fn device(&self) -> Said {
        if self.site.is_some() { Ok(()) } else { Err(ScopeError::Device) }
    }

    /// The program itself, at a device or at the center.
    fn program(&self) -> Said {
        if self.by == SYSTEM { Ok(()) } else { Err(ScopeError::OtherUser) }
    }

    fn is(&self, user: &Oid) -> Said {
        if *user == *self.by { Ok(()) } else { Err(ScopeError::OtherUser) }
    }

    /// A person at a device, or whoever works at the center.
    fn anybody(&self) -> Said {
        if self.site.is_some() && self.by == SYSTEM { Err(ScopeError::OtherUser) } else { Ok(()) }
    }

    /// One's own password, or as an administrator somebody else's.
    fn sets_password(&self, act: &UserPasswordChanged) -> Said {
        let own = *act.user == *self.by;
        if own == (act.how != PasswordChange::Administrator) { Ok(()) } else { Err(ScopeError::OtherUser) }
    }

    /// A person at a device.
    fn person(&self) -> Said {
        self.device().and(self.anybody())
    }

    /// A person at a device, about a subject of its site.
    fn enters(&self, subject: &Oid) -> Said {
        self.device().and(self.asks(subject))
    }

    /// A person at a device, about a subject of its site; the center about any subject.
    fn asks(&self, subject: &Oid) -> Said {
        match self.site {
            Some(site) if !is_of_site(subject, site) => Err(ScopeError::OtherSite),
            _ => self.anybody(),
        }
    }

    fn is_of(&self, site: &Oid) -> Said {
        if self.site == Some(site.as_str()) { Ok(()) } else { Err(ScopeError::OtherSite) }
    }

    fn owns(&self, log: &Oid) -> Said {
        if *log == *self.log { Ok(()) } else { Err(ScopeError::OtherLog) }
    }

    /// A device enrols itself, at its own site, by the keys that it holds. It does so again when it draws other ones: who reads a
    /// log that goes on after that asks it of the last enrolment only (`center/src/import/entries.rs`).
    fn enrols(&self, act: &DeviceEnrolled) -> Said {
        self.is_of(&act.site)?;
        let holds = self
            .keys
            .is_none_or(|own| own.key == act.key && own.recipient == act.recipient && own.practice == act.practice);
        if act.device == *self.log && holds { Ok(()) } else { Err(ScopeError::OtherDevice) }
    }

    /// A device imports what the center sends it: the center's own log and those of its site. The center imports from
    /// every device.
    fn imports(&self, act: &BundleImported) -> Said {
        let Some(site) = self.site else { return Ok(()) };
        let comes = |log: &Oid| *log == *CENTER || is_of_site(log, site);
        if act.sender != *CENTER || !act.logs.iter().all(|run| comes(&run.log)) {
            return Err(ScopeError::OtherLog);
        }
        self.person()
    }
}

#[cfg(test)]
mod tests;
