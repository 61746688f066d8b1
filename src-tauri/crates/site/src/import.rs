//! Reading a bundle of the center: all of it or nothing, in one transaction.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use allocation::SlotList;
use bundle::{
    Admission, BlobNote, BundleError, Envelope, Key, Kind, Sealed, SenderTrust, SignedReceipt, Sink, Trusted,
};
use casebook::act::{BundleImported, LogRange};
use casebook::{CENTER, EntryId, Line, TextRow, is_of_site};
use screens::messages::{ImportOutcome, ImportReport, Progress, ProgressStep};
use screens::permissions::Command;
use seal::{Identity, PublicKey};
use study::Oid;
use vault::{BundleRecord, Open, Received, Stamp, VerifiedReceipt, Way};

use crate::session::{OnProgress, Session};
use crate::versions::hold_published;
use crate::writing::ActWriter;
use crate::{SiteError, files, founding, settings};

/// Lines between two words of progress.
const STRIDE: u64 = 2_000;

impl Session<'_> {
    /// Reads a bundle of the center: all of it or nothing. Where it lets the log of a copy go on, that stands whatever becomes of the
    /// rest, and who is signed in is told anew.
    ///
    /// # Errors
    /// `Refused` with the reason, or what the disk and the vault say; `Locked` where it can't be read who is signed in by now.
    pub fn import_bundle(&mut self, path: &Path) -> Result<ImportReport, SiteError> {
        self.may(Command::ImportBundle)?;
        if !self.signed_in.open.awaits_center() {
            return self.take_in(path);
        }
        let brought = self.bring_back(path)?;
        if !brought.goes_on {
            return Ok(self.only_brought(brought.entries, ImportOutcome::Parked));
        }
        self.take_in(path).or_else(|_| Ok(self.only_brought(brought.entries, ImportOutcome::RestMissing)))
    }

    fn take_in(&mut self, path: &Path) -> Result<ImportReport, SiteError> {
        let trusted = self.admit(path)?;
        let open = &self.signed_in.open;
        let id = trusted.id();
        let pending = open.outbox().changes;
        let incoming = Incoming {
            id,
            envelope: trusted.envelope().clone(),
            file: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            center: settings::center_key(open)?,
            identity: opener(open, trusted.envelope())?,
            study: open.study_oid().to_owned(),
            device: open.device().to_owned(),
            site: open.site().to_owned(),
            known: open.bundles()?.iter().any(|record| record.id == id),
            has_slots: open.setting(settings::SLOTS)?.is_some(),
            stamp: self.stamp(),
        };
        let (tell, cancel) = (self.on_progress, self.cancel);
        let (received, versions) =
            self.signed_in.write(&incoming.stamp, |tx| incoming.import(tx, trusted, tell, cancel))?;
        let open = &mut self.signed_in.open;
        open.keep_checkpoint(&incoming.stamp);
        let unsent = open.outbox().changes;
        // What was kept apart is told like a fork: the log is not what it should be.
        let outcome = if !received.forks.is_empty() || received.quarantined > 0 {
            ImportOutcome::Fork
        } else if !received.expects.is_empty() {
            ImportOutcome::Parked
        } else if incoming.known {
            ImportOutcome::AlreadyHeld
        } else {
            ImportOutcome::Accepted
        };
        Ok(ImportReport {
            entries: received.accepted,
            confirmed: u32::try_from(pending.saturating_sub(unsent)).unwrap_or(u32::MAX),
            unsent: u32::try_from(unsent).unwrap_or(u32::MAX),
            outcome,
            versions,
            session: self.signed_in.view(),
        })
    }

    /// What is told of a reply that only brought a restored vault entries of its own.
    fn only_brought(&self, entries: u64, outcome: ImportOutcome) -> ImportReport {
        let unsent = u32::try_from(self.signed_in.open.outbox().changes).unwrap_or(u32::MAX);
        let (versions, session) = (Vec::new(), self.signed_in.view());
        ImportReport { entries, confirmed: 0, unsent, outcome, versions, session }
    }

    /// Structure, signature and sender, before anything is decrypted.
    pub(crate) fn admit(&self, path: &Path) -> Result<Trusted<BufReader<File>>, SiteError> {
        let sealed = Sealed::inspect(BufReader::new(files::open(path)?))?;
        Ok(sealed.admit(&self.admission()?)?)
    }

    /// Which bundles are taken in: replies of this study's own center.
    pub(crate) fn admission(&self) -> Result<Admission<'_>, SiteError> {
        let open = &self.signed_in.open;
        Ok(Admission {
            study: Some(open.study_oid()),
            site: None,
            kind: Kind::Reply,
            practice: self.signed_in.practice,
            sender: SenderTrust::Known(settings::center_key(open)?),
        })
    }
}

/// What opens a reply: the one of the device's identities to which it is encrypted. A reply that was made before the device drew
/// new keys, or before the center knew of them, is opened by a former one.
///
/// # Errors
/// `KeysReplaced` where the device has a key that this vault has not; `NotForUs`.
pub(crate) fn opener(open: &Open, envelope: &Envelope) -> Result<Identity, SiteError> {
    let is_to = |own: &Identity| {
        let own = own.recipient().to_string();
        envelope.recipients.iter().any(|to| to.age == own)
    };
    if let Some(own) = open.device_identities()?.into_iter().find(is_to) {
        return Ok(own);
    }
    let is_to_the_device = envelope.recipients.iter().any(|to| to.name == open.device());
    Err(if is_to_the_device { SiteError::KeysReplaced } else { BundleError::NotForUs.into() })
}

/// A bundle that is to be imported, and what it is compared with.
struct Incoming {
    id: EntryId,
    envelope: Envelope,
    file: String,
    center: PublicKey,
    identity: Identity,
    study: String,
    device: String,
    site: String,
    known: bool,
    has_slots: bool,
    stamp: Stamp,
}

impl Incoming {
    fn import(
        &self,
        tx: &mut ActWriter<'_, '_>,
        trusted: Trusted<BufReader<File>>,
        tell: &OnProgress,
        cancel: &AtomicBool,
    ) -> Result<(Received, Vec<String>), SiteError> {
        let (so_far, blobs, total) = (Received::default(), Vec::new(), self.envelope.entries);
        let mut content = ContentImport { tx, so_far, blobs, done: 0, total, tell, cancel };
        trusted.open(&Key::Identity(&self.identity), &mut content)?;
        let ContentImport { tx, so_far, blobs, .. } = content;
        for receipt in receipts(&blobs) {
            let said = receipt.verify(&self.center)?;
            if *said.log == *self.device && said.study == self.study {
                accept(tx, &receipt, &said)?;
            }
        }
        self.take_slots(tx, &blobs)?;
        if !self.known {
            self.note(tx, so_far.accepted)?;
        }
        let versions = hold_published(tx, &self.site)?;
        Ok((so_far, versions))
    }

    /// Keeps the randomisation slots that the center dealt after it had made the kit. A list that is there stays: it is
    /// the one to which the center committed itself.
    fn take_slots(&self, tx: &mut ActWriter<'_, '_>, blobs: &[(String, Vec<u8>)]) -> Result<(), SiteError> {
        let blob = |name: &str| blobs.iter().find(|(other, _)| other == name).map(|(_, bytes)| bytes);
        if let (false, Some(slots), Some(signature)) =
            (self.has_slots, blob(SlotList::NAME), blob(SlotList::SIGNATURE_NAME))
        {
            let list = founding::read_slots(&self.center, &self.study, slots, signature)?;
            tx.set(settings::SLOTS, list.bytes())?;
        }
        Ok(())
    }

    /// Journals the bundle and adds it to the history.
    fn note(&self, tx: &mut ActWriter<'_, '_>, entries: u64) -> Result<(), SiteError> {
        // Whatever else a reply names was kept apart, and is no business of this device.
        let comes = |log: &str| log == CENTER || is_of_site(log, &self.site);
        let logs = self.envelope.logs.iter().filter(|run| comes(&run.log)).map(LogRange::from).collect();
        let sender = Oid::from(self.envelope.sender.log.as_str());
        tx.write(BundleImported { bundle: self.id, sender, logs, entries })?;
        let (id, at, file, by) = (self.id, self.stamp.at, self.file.clone(), self.stamp.by.to_string());
        Ok(tx.record_bundle(&BundleRecord { id, at, way: Way::Received, file, by, first: 0, last: 0, entries })?)
    }
}

/// What takes a bundle's content into the vault.
struct ContentImport<'t, 'w, 'a> {
    tx: &'t mut ActWriter<'w, 'a>,
    so_far: Received,
    blobs: Vec<(String, Vec<u8>)>,
    done: u64,
    total: u64,
    tell: &'t OnProgress,
    cancel: &'t AtomicBool,
}

impl Sink for ContentImport<'_, '_, '_> {
    type Error = SiteError;

    fn line(&mut self, line: Line) -> Result<(), SiteError> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(SiteError::Cancelled);
        }
        self.tx.receive(&line, &mut self.so_far)?;
        self.done += 1;
        if self.done.is_multiple_of(STRIDE) {
            let step = ProgressStep::Read;
            (self.tell)(&Progress { step, done: self.done, total: self.total, seconds_left: None });
        }
        Ok(())
    }

    fn text(&mut self, row: TextRow) -> Result<(), SiteError> {
        Ok(self.tx.keep_text(&row)?)
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), SiteError> {
        self.tx.store(&bytes)?;
        self.blobs.push((note.name.clone(), bytes));
        Ok(())
    }
}

/// The receipts among the blobs, each with its signature.
fn receipts(blobs: &[(String, Vec<u8>)]) -> Vec<SignedReceipt> {
    let signature = |name: &str| {
        let signed = format!("{name}.sig");
        blobs.iter().find(|(other, _)| *other == signed).and_then(|(_, bytes)| String::from_utf8(bytes.clone()).ok())
    };
    let receipt = |(name, bytes): &(String, Vec<u8>)| {
        let is_receipt = name.starts_with("receipt") && name.ends_with(".json");
        Some(SignedReceipt { bytes: bytes.clone(), signature: signature(name).filter(|_| is_receipt)? })
    };
    blobs.iter().filter_map(receipt).collect()
}

fn accept(tx: &mut ActWriter<'_, '_>, signed: &SignedReceipt, said: &bundle::Receipt) -> Result<bool, SiteError> {
    let (bundle, seq, head, at) = (said.bundle, said.seq, said.head, said.at);
    tx.accept_receipt(&VerifiedReceipt { bundle, seq, head, at, bytes: signed.bytes.clone() })
}
