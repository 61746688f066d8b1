//! Devices: their keys, and what a device notices about itself.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use crate::clock::{Instant, Tick};
use crate::text::FreeTextId;
use serde::{Deserialize, Serialize};
use study::Oid;

/// A device was made and drew its keys; or it drew other ones since, after an account was closed.
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
    /// The reason, as a free text.
    pub reason: FreeTextId,
}

/// The wall clock cannot be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSuspected {
    /// What speaks against it.
    pub why: ClockFault,
    /// The clock's greatest earlier reading.
    pub tick: Tick,
    /// The time that it is compared with.
    pub against: Instant,
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
