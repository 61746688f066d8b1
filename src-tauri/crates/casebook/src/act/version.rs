//! Metadata versions of the study.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use crate::ids::EntryId;
use crate::text::FreeTextId;
use serde::{Deserialize, Serialize};
use study::Oid;

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

/// A subject was put under another metadata version: forward, or back again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectMigrated {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The metadata version in force for the subject until now.
    pub from: Oid,
    /// The one from now on.
    pub to: Oid,
    /// The reason, as a free text.
    pub reason: FreeTextId,
    /// Earlier migrations that this replaces: none for the first, several where devices said different things. Ascending.
    pub bases: Vec<EntryId>,
}
