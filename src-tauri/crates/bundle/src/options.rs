//! What an export is told, and what it gives.

use casebook::{Checkpoint, EntryId, Instant};
use seal::{Recipient, Zeroizing};

use crate::envelope::{Envelope, HeldLog, Kind};
#[cfg(doc)]
use crate::limits;

/// To whom a bundle is encrypted.
#[derive(Clone)]
pub enum Recipients {
    /// To age keys, each with a name.
    Keys(Vec<(String, Recipient)>),
    /// To a passphrase, for whom it is meant.
    Passphrase(String, Zeroizing<String>),
}

/// What all bundles of one export say alike.
#[derive(Clone)]
pub struct PackOptions {
    /// What the bundles do.
    pub kind: Kind,
    /// Whether they are for practice.
    pub practice: bool,
    /// OID of the study.
    pub study: String,
    /// The sender's site, or `center`.
    pub site: String,
    /// The sender's own log.
    pub log: String,
    /// Where an answer is to be encrypted to.
    pub age: Recipient,
    /// Who can open the bundles.
    pub to: Recipients,
    /// When the export was made.
    pub at: Instant,
    /// The sender's own log now.
    pub checkpoint: Option<Checkpoint>,
    /// What the sender holds.
    pub has: Vec<HeldLog>,
    /// Size in bytes over which bundles are split at entry boundaries, within [`limits::SPLIT`]. Only a blob that is
    /// larger by itself makes a larger bundle.
    pub split: usize,
}

/// A finished bundle, ready to be written to a file.
pub struct Packed {
    /// Its id: SHA-256 of its envelope.
    pub id: EntryId,
    /// Name to give the file.
    pub name: String,
    /// What it says of itself.
    pub envelope: Envelope,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}
