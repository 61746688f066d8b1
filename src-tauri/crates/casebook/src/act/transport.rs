//! What leaves a computer and what comes to it.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use crate::clock::Instant;
use crate::ids::EntryId;
use serde::{Deserialize, Serialize};
use study::Oid;

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
    pub at: Instant,
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
