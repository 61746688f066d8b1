//! The acts: past-tense facts of the domain, as entries carry them.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

mod facts;
mod lab;

pub(crate) use facts::check_name;
pub use facts::{CENTER, MAX_ITEMS, MAX_NAME, MAX_VALUE, SYSTEM, bases, is_center};
pub use lab::LabRangeSet;

use crate::clock::Tick;
use crate::ids::EntryId;
use crate::text::{Private, Words};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess};
use serde::{Deserialize, Serialize};
use study::{EventKey, FormKey, Missing, Oid, Repeat};

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
}

/// A device was made and drew its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceEnrolled {
    /// Site identifier.
    pub site: Oid,
    /// Device identifier, which is its log's.
    pub device: Oid,
    /// Its Ed25519 public key, OpenSSH line.
    pub key: String,
    /// Its age recipient.
    pub recipient: String,
    /// Version of the program.
    pub program: String,
    /// Whether it was made for practice.
    pub practice: bool,
}

/// The center accepted a device's keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceApproved {
    /// Site identifier.
    pub site: Oid,
    /// Device identifier.
    pub device: Oid,
    /// Its Ed25519 public key, OpenSSH line.
    pub key: String,
    /// Its age recipient.
    pub recipient: String,
}

/// The center no longer accepts a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRevoked {
    /// Device identifier.
    pub device: Oid,
    /// Why.
    pub reason: Words,
}

/// A role at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Site administrator: accounts, device, bundles; enters no data.
    Administrator,
    /// Research nurse: enters data.
    Nurse,
    /// Investigator: enters, reviews, signs.
    Investigator,
    /// Monitor: verifies and queries.
    Monitor,
    /// Works at the coordinating center.
    DataManager,
    /// Assesses outcomes and must not learn the arm: sees what the study opens to the role, and nothing else.
    Assessor,
}

/// An account was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAdded {
    /// User id; never used again, not even after closing.
    pub user: Oid,
    /// Name as shown and signed.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The user's Ed25519 public key, OpenSSH line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// An account got another role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRoleChanged {
    /// User id.
    pub user: Oid,
    /// The role from now on.
    pub role: Role,
}

/// An account was closed for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserClosed {
    /// User id.
    pub user: Oid,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Words>,
}

/// Somebody signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionOpened {
    /// User id.
    pub user: Oid,
}

/// Somebody was not let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRefused {
    /// User id where there is such an account; what was typed otherwise may be a password and is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Oid>,
    /// Failures in a row, this one included.
    pub failures: u32,
}

/// A subject was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRegistered {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// Site identifier.
    pub site: Oid,
}

/// An event took place on a date; without one, an earlier date or miss was recorded wrongly and is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDated {
    /// Subject key.
    pub subject: Oid,
    /// The event.
    pub event: EventKey,
    /// ISO 8601, whole or partial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Private>,
    /// Heads that this replaces.
    pub bases: Vec<EntryId>,
    /// Why, where it replaces something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Words>,
}

/// An event was added that the schedule does not bring of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventAdded {
    /// Subject key.
    pub subject: Oid,
    /// The event.
    pub event: EventKey,
}

/// An event did not take place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventMissed {
    /// Subject key.
    pub subject: Oid,
    /// The event.
    pub event: EventKey,
    /// Why.
    pub reason: Words,
    /// Heads that this replaces: dates or misses of the same event.
    pub bases: Vec<EntryId>,
}

/// Answers were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemsSet {
    /// Subject key.
    pub subject: Oid,
    /// The form.
    pub form: FormKey,
    /// The answers; each cell at most once.
    pub items: Vec<ItemSet>,
}

/// One answer. With neither value nor missing code, the cell is emptied again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSet {
    /// Group.
    pub group: Oid,
    /// Row of the group.
    pub repeat: Repeat,
    /// Item.
    pub item: Oid,
    /// The value as normalised for the item's type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Stored>,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// Unit of the value, where the item has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Oid>,
    /// What was typed, where it differs from the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Private>,
    /// Heads whose values this replaces: none for a first value, several when it settles a conflict. Ascending.
    pub bases: Vec<EntryId>,
    /// Why it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Words>,
}

/// A value as an entry holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Stored {
    /// The value itself, never empty.
    Plain(Private),
    /// Commitment to a free text.
    Text(Words),
}

/// A row was added to a repeating group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowAdded {
    /// Subject key.
    pub subject: Oid,
    /// The form.
    pub form: FormKey,
    /// Group.
    pub group: Oid,
    /// Its row key, `<device suffix>.<n>`.
    pub repeat: Repeat,
    /// Heads that this replaces: removals that are taken back. Ascending.
    pub bases: Vec<EntryId>,
}

/// A row was removed; its cells are kept and hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRemoved {
    /// Subject key.
    pub subject: Oid,
    /// The form.
    pub form: FormKey,
    /// Group.
    pub group: Oid,
    /// Row key.
    pub repeat: Repeat,
    /// Why.
    pub reason: Words,
    /// Heads of the row that this replaces. Ascending.
    pub bases: Vec<EntryId>,
    /// Heads of the row's cells that were seen: a value that was not seen brings the row back as a conflict. Ascending.
    pub cells: Vec<EntryId>,
}

/// A form was declared complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormCompleted {
    /// Subject key.
    pub subject: Oid,
    /// The form.
    pub form: FormKey,
    /// Heads of its status that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A form was opened again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormReopened {
    /// Subject key.
    pub subject: Oid,
    /// The form.
    pub form: FormKey,
    /// Why.
    pub reason: Words,
    /// Heads of its status that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A form was declared not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormNotDone {
    /// Subject key.
    pub subject: Oid,
    /// The form.
    pub form: FormKey,
    /// Why.
    pub reason: Words,
    /// Heads of its status that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A soft finding was confirmed. The confirmation lapses when an operand changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingConfirmed {
    /// Subject key.
    pub subject: Oid,
    /// The form.
    pub form: FormKey,
    /// Group.
    pub group: Oid,
    /// Row of the group.
    pub repeat: Repeat,
    /// Item.
    pub item: Oid,
    /// The rule that speaks.
    pub rule: Oid,
    /// What was said to it.
    pub comment: Words,
    /// Entries whose values the rule read. Ascending.
    pub operands: Vec<EntryId>,
}

/// A query was raised. Its id is the id of this entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryRaised {
    /// Subject key.
    pub subject: Oid,
    /// The form.
    pub form: FormKey,
    /// Group.
    pub group: Oid,
    /// Row of the group.
    pub repeat: Repeat,
    /// Item.
    pub item: Oid,
    /// The question.
    pub question: Words,
}

/// A query was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryAnswered {
    /// Subject key.
    pub subject: Oid,
    /// Which query.
    pub query: EntryId,
    /// The answer.
    pub answer: Words,
    /// Heads of the query that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A query was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryClosed {
    /// Subject key.
    pub subject: Oid,
    /// Which query.
    pub query: EntryId,
    /// Why, or what was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Words>,
    /// Heads of the query that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A query was opened again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryReopened {
    /// Subject key.
    pub subject: Oid,
    /// Which query.
    pub query: EntryId,
    /// Why.
    pub reason: Words,
    /// Heads of the query that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// The center published a metadata version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudyPublished {
    /// Metadata version.
    pub version: Oid,
    /// SHA-256 of the study file, hexadecimal.
    pub file: String,
    /// From which day, ISO 8601.
    pub effective: String,
    /// Reference of the approval (ethics committee, authority), or empty.
    pub approval: String,
    /// Sites that it is for; empty means all.
    pub sites: Vec<Oid>,
}

/// A device put a metadata version into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudyActivated {
    /// Metadata version.
    pub version: Oid,
    /// SHA-256 of the study file, hexadecimal.
    pub file: String,
}

/// A run of one log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRange {
    /// Log.
    pub log: Oid,
    /// First `seq`.
    pub first: u64,
    /// Last `seq`.
    pub last: u64,
}

/// A bundle was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleExported {
    /// SHA-256 of its envelope.
    pub bundle: EntryId,
    /// File name.
    pub file: String,
    /// What it carries.
    pub logs: Vec<LogRange>,
    /// Entries in it.
    pub entries: u64,
}

/// A bundle was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleImported {
    /// SHA-256 of its envelope.
    pub bundle: EntryId,
    /// Who made it: a log's id.
    pub sender: Oid,
    /// What it carried.
    pub logs: Vec<LogRange>,
    /// Entries in it that were new here.
    pub entries: u64,
}

/// The center's receipt was verified and taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptAccepted {
    /// Bundle that the receipt is for.
    pub bundle: EntryId,
    /// Log that the center confirms.
    pub log: Oid,
    /// Last `seq` that it holds of it.
    pub seq: u64,
    /// Id of that entry.
    pub head: EntryId,
    /// The center's time.
    pub at: crate::clock::Instant,
}

/// Data left in the clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataExported {
    /// Format, `csv`.
    pub format: String,
    /// How many subjects.
    pub subjects: u64,
    /// SHA-256 of the file, where it is one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<EntryId>,
}

/// The wall clock cannot be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSuspected {
    /// What speaks against it.
    pub why: ClockFault,
    /// The clock's greatest earlier reading.
    pub tick: Tick,
    /// The time that it is compared with.
    pub against: crate::clock::Instant,
}

/// What speaks against a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockFault {
    /// It stands before the previous entry's time.
    Backwards,
    /// It is more than a day off the center's time.
    OffCenter,
}

/// Something was noticed about the vault itself: entries missing or edited, an older copy, tables that do not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmRaised {
    /// Stable code, `rolled_back`.
    pub code: String,
    /// Where, in the program's own terms: a log and a sequence number, never a value. May be empty.
    pub place: String,
}

/// A free text was removed because it held what it must not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRedacted {
    /// Subject key, where the text concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Oid>,
    /// Which text.
    pub text: crate::ids::TextCommit,
    /// Why.
    pub reason: Words,
}

/// A subject was put under another metadata version: forward, or back again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectMigrated {
    /// Subject key.
    pub subject: Oid,
    /// The metadata version in force for the subject until now.
    pub from: Oid,
    /// The one from now on.
    pub to: Oid,
    /// Why.
    pub reason: Words,
    /// Earlier migrations that this replaces: none for the first, several where devices said different things. Ascending.
    pub bases: Vec<EntryId>,
}

/// The center committed itself to the sealed slots of an allocation list, before the first of them is released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationPublished {
    /// SHA-256 of the slot list, which the center signed.
    pub root: EntryId,
    /// Strata.
    pub strata: u32,
    /// Slots of each stratum.
    pub slots: u32,
}

/// A site asked for a subject's allocation. The id of this entry stands in the request code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationRequested {
    /// Subject key.
    pub subject: Oid,
    /// The slot list that the vault holds.
    pub root: EntryId,
    /// Which stratum, from 0.
    pub stratum: u32,
    /// The factors' codes by which it was found, in their order.
    pub factors: Vec<Private>,
    /// The how many-th request of this device, from 1.
    pub number: u32,
}

/// The center released one slot to one request. The center's word on a subject, not an entry about it: it does not hold
/// the arm, and the key of the slot is nowhere in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationReleased {
    /// The device that asked.
    pub device: Oid,
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// Which stratum, from 0.
    pub stratum: u32,
    /// Which slot of it, from 1.
    pub slot: u32,
    /// The how many-th request of the device.
    pub number: u32,
    /// The request code, as it was read out.
    pub code: String,
    /// Whether this answer was given before.
    pub again: bool,
    /// Why the subject's own slot was released to another request than the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation: Option<Words>,
}

/// The center refused a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationRefused {
    /// The request code, as it was read out.
    pub code: String,
    /// The device that asked, where there is one of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Oid>,
    /// Stable code of the reason, `skipped`.
    pub why: String,
}

/// A subject's slot was opened with the key that the center released. Irrevocable: the arm is known from here on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationRevealed {
    /// Subject key.
    pub subject: Oid,
    /// The request that was answered.
    pub request: EntryId,
    /// Which stratum, from 0.
    pub stratum: u32,
    /// Which slot of it, from 1.
    pub slot: u32,
    /// The arm's code.
    pub arm: Private,
}
