//! The acts: past-tense facts of the domain, as entries carry them.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

mod allocation;
mod bounds;
mod device;
mod facts;
mod form;
mod lab;
mod people;
mod query;
mod recovery;
mod redaction;
mod scope;
mod settle;
mod subject;
mod transport;
mod travel;
mod version;

pub use allocation::{
    AllocationPublished, AllocationRefused, AllocationReleased, AllocationRequested, AllocationRevealed,
};
pub(crate) use bounds::check_name;
pub use bounds::{MAX_NAME, bases};
pub use device::{AlarmRaised, ClockFault, ClockSuspected, DeviceApproved, DeviceEnrolled, DeviceRevoked};
pub use facts::{CENTER, SYSTEM, is_center};
pub use form::{
    FindingConfirmed, FormCompleted, FormNotDone, FormReopened, ItemSet, ItemsSet, RowAdded, RowRemoved, Stored,
};
pub use form::{MAX_ITEMS, MAX_VALUE};
pub use lab::LabRangeSet;
pub use people::{Role, SessionOpened, SessionRefused, UserAdded, UserClosed, UserRoleChanged};
pub use query::{QueryAnswered, QueryClosed, QueryRaised, QueryReopened};
pub use recovery::{
    BackupWritten, MAX_CODES, MAX_SEALED, PasswordChange, RecoveryReleased, RecoverySealed, RecoveryUsed,
    UserPasswordChanged, VaultRestored,
};
pub use redaction::TextRedacted;
pub use scope::{ScopeError, Speaker, SpeakerKeys, is_of_site, site_of, speaks};
pub use settle::{Branch, LogSettled, LostSlot};
pub use subject::{EventAdded, EventDated, EventMissed, SubjectRegistered};
pub use transport::{BundleExported, BundleImported, DataExported, LogRange, ReceiptAccepted};
pub use version::{StudyActivated, StudyPublished, SubjectMigrated};

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess};
use serde::{Deserialize, Serialize};

macro_rules! acts {
    ($($(#[$doc:meta])* $name:literal $variant:ident,)*) => {
        /// What happened.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(tag = "act")]
        pub enum Act {
            $($(#[$doc])* #[serde(rename = $name)] $variant($variant),)*
        }

        impl Act {
            /// The act's name in the journal.
            pub fn name(&self) -> &'static str {
                match self { $(Act::$variant(_) => $name,)* }
            }

            /// The names of all acts that this version knows, in the order of the catalogue.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// Whether this version knows an act of that name.
            pub fn is_known(name: &str) -> bool {
                matches!(name, $($name)|*)
            }

            /// Reads the act's own fields, which follow its name.
            pub(crate) fn read<'de, A: MapAccess<'de>>(name: &str, rest: A) -> Result<Act, A::Error> {
                let rest = MapAccessDeserializer::new(rest);
                match name {
                    $($name => $variant::deserialize(rest).map(Act::$variant),)*
                    _ => Err(A::Error::custom("unknown act")),
                }
            }
        }

        $(impl From<$variant> for Act {
            fn from(act: $variant) -> Act {
                Act::$variant(act)
            }
        })*
    };
}

acts! {
    /// A device was made and drew its keys.
    "device.enrolled" DeviceEnrolled,
    /// The center accepted a device's keys.
    "device.approved" DeviceApproved,
    /// The center no longer accepts a device.
    "device.revoked" DeviceRevoked,
    /// An account was made.
    "user.added" UserAdded,
    /// An account got another role.
    "user.role_changed" UserRoleChanged,
    /// An account was closed for good.
    "user.closed" UserClosed,
    /// Somebody signed in.
    "session.opened" SessionOpened,
    /// Somebody was not let in.
    "session.refused" SessionRefused,
    /// A subject was registered.
    "subject.registered" SubjectRegistered,
    /// An event took place on a date.
    "event.dated" EventDated,
    /// An event was added that the schedule does not bring of itself.
    "event.added" EventAdded,
    /// An event did not take place.
    "event.missed" EventMissed,
    /// Answers were given.
    "items.set" ItemsSet,
    /// A row was added to a repeating group.
    "row.added" RowAdded,
    /// A row was removed; its cells are kept and hidden.
    "row.removed" RowRemoved,
    /// A form was declared complete.
    "form.completed" FormCompleted,
    /// A form was opened again.
    "form.reopened" FormReopened,
    /// A form was declared not done.
    "form.not_done" FormNotDone,
    /// A soft finding was confirmed.
    "finding.confirmed" FindingConfirmed,
    /// A query was raised.
    "query.raised" QueryRaised,
    /// A query was answered.
    "query.answered" QueryAnswered,
    /// A query was closed.
    "query.closed" QueryClosed,
    /// A query was opened again.
    "query.reopened" QueryReopened,
    /// The center published a metadata version.
    "study.published" StudyPublished,
    /// A device put a metadata version into force.
    "study.activated" StudyActivated,
    /// A bundle was written.
    "bundle.exported" BundleExported,
    /// A bundle was read.
    "bundle.imported" BundleImported,
    /// The center's receipt was verified and taken.
    "receipt.accepted" ReceiptAccepted,
    /// Data left in the clear.
    "data.exported" DataExported,
    /// The wall clock cannot be right.
    "clock.suspected" ClockSuspected,
    /// Something was noticed about the vault itself.
    "alarm.raised" AlarmRaised,
    /// A free text was removed because it held what it must not.
    "text.redacted" TextRedacted,
    /// A laboratory's limits of normal were put into the register, replaced or withdrawn.
    "lab.range_set" LabRangeSet,
    /// A subject was put under another metadata version.
    "subject.migrated" SubjectMigrated,
    /// The center committed itself to the sealed slots of an allocation list.
    "allocation.published" AllocationPublished,
    /// A site asked for a subject's allocation. Irrevocable.
    "allocation.requested" AllocationRequested,
    /// The center released one slot to one request.
    "allocation.released" AllocationReleased,
    /// The center refused a request.
    "allocation.refused" AllocationRefused,
    /// A subject's slot was opened. Irrevocable.
    "allocation.revealed" AllocationRevealed,
    /// A set of recovery codes was sealed to the center's recovery key.
    "recovery.sealed" RecoverySealed,
    /// The center read a recovery code out.
    "recovery.released" RecoveryReleased,
    /// A recovery code opened the vault; it opens it no more.
    "recovery.used" RecoveryUsed,
    /// An account got another password.
    "user.password_changed" UserPasswordChanged,
    /// A copy of the vault was written and read back.
    "backup.written" BackupWritten,
    /// The vault was put back from a copy.
    "vault.restored" VaultRestored,
    /// The center decided which branch of a forked log goes on.
    "log.settled" LogSettled,
}
