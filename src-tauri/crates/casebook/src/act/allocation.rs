//! Randomisation: the published slots, requests, releases and reveals.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use crate::ids::EntryId;
use crate::text::{FreeTextId, Private};
use serde::{Deserialize, Serialize};
use study::Oid;

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
    /// Subject key, `S01-003`.
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
    pub deviation: Option<FreeTextId>,
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
    /// Subject key, `S01-003`.
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
