//! Everything that can be checked of a bundle without being its addressee's installation.

use std::io::{Read, Seek};

use casebook::{EntryId, Line, TextRow};
use seal::{AllowedSigners, SignerStanding};

use crate::container::{Sealed, unknown};
use crate::payload::{Key, Sink};
use crate::{BlobNote, BundleError, Envelope};

/// What was found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// SHA-256 of `envelope.json`.
    pub id: EntryId,
    /// What it says of itself.
    pub envelope: Envelope,
    /// Whether the sender was looked up and found; without a list, only that somebody signed is known.
    pub sender_checked: bool,
    /// Whether the payload was decrypted and every line checked; without a key, only that it is the one that was signed.
    pub content_checked: bool,
    /// Id of the last entry.
    pub head: EntryId,
}

/// Whose signatures count.
#[derive(Debug, Clone, Copy)]
pub struct Signers<'a> {
    /// The list of a center.
    pub list: &'a AllowedSigners,
    /// The day on which the bundle was there at the latest, `YYYYMMDD`, as the center's receipt says it. Without it nothing counts
    /// that a key signed which its device has replaced since: whoever kept that key may have signed it later.
    pub day: Option<&'a str>,
}

impl Signers<'_> {
    fn check(&self, envelope: &Envelope) -> Result<(), BundleError> {
        match self.list.standing(&envelope.sender.log, &envelope.sender.key) {
            SignerStanding::Allowed => Ok(()),
            SignerStanding::Former { until } if self.day.is_some_and(|day| day < until) => Ok(()),
            SignerStanding::Former { until } => {
                Err(BundleError::FormerKey { log: envelope.sender.log.clone(), until: until.to_owned() })
            }
            SignerStanding::Unknown => Err(unknown(envelope)),
        }
    }
}

/// Checks a bundle as far as what is at hand allows.
///
/// # Errors
/// The first reason against it.
pub fn verify<R: Read + Seek + Send>(
    source: R,
    signers: Option<Signers<'_>>,
    key: Option<&Key<'_>>,
) -> Result<Report, BundleError> {
    let sealed = Sealed::inspect(source)?;
    let (id, envelope) = (sealed.id(), sealed.envelope().clone());
    if let Some(signers) = &signers {
        signers.check(&envelope)?;
    }
    let head = envelope.logs.last().map_or(EntryId::ZERO, |run| run.head);
    if let Some(key) = key {
        sealed.trust().open(key, &mut Nowhere)?;
    }
    Ok(Report { id, envelope, sender_checked: signers.is_some(), content_checked: key.is_some(), head })
}

/// Keeps nothing: the reader's own checks are what is wanted.
struct Nowhere;

impl Sink for Nowhere {
    type Error = BundleError;

    fn line(&mut self, _: Line) -> Result<(), BundleError> {
        Ok(())
    }

    fn text(&mut self, _: TextRow) -> Result<(), BundleError> {
        Ok(())
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), BundleError> {
        if seal::sha256(&bytes) == note.sha256.0 { Ok(()) } else { Err(BundleError::Damaged("blobs")) }
    }
}
