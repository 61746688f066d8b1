//! Subjects and the events of their schedule.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use crate::ids::EntryId;
use crate::text::{FreeTextId, Private};
use serde::{Deserialize, Serialize};
use study::{EventKey, Oid};

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
    /// Subject key, `S01-003`.
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
    pub reason: Option<FreeTextId>,
}

/// An event was added that the schedule does not bring of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventAdded {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The event.
    pub event: EventKey,
}

/// An event did not take place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventMissed {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The event.
    pub event: EventKey,
    /// The reason, as a free text.
    pub reason: FreeTextId,
    /// Heads that this replaces: dates or misses of the same event.
    pub bases: Vec<EntryId>,
}
