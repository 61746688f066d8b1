//! Bundles out and in.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use bundle::{Admission, BlobNote, Key, Kind, Maker, Sealed, SignedReceipt, Sink};
use casebook::act::{BundleImported, LogRange};
use casebook::{Line, TextRow};
use study::Oid;
use vault::{BundleRecord, Received, Tx, VaultError, VerifiedReceipt, Way};

use crate::SiteError;
use crate::desk::{Seat, Tell};
use crate::export::ExportJob;
use crate::founding;
use crate::guard::Command;
use crate::messages::{ExportReport, ImportReport, Progress, SyncView, TransferView};

/// Setting: where the last bundle was written.
pub(crate) const FOLDER: &str = "export.folder";
/// Bundles that the screen lists.
const LISTED: usize = 100;
/// Lines between two words of progress.
const STRIDE: u64 = 2_000;

impl Seat<'_> {
    /// The outbox in words, and what was sent and received.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn sync_view(&mut self) -> Result<SyncView, SiteError> {
        self.may(Command::SyncView)?;
        let (outbox, acknowledged) = (self.session.open.outbox(), self.session.open.acknowledged());
        let offset = casebook::Offset::from_minutes(i32::from(self.now.offset_minutes));
        let mut history = Vec::new();
        for record in self.session.open.bundles()?.into_iter().take(LISTED) {
            let sent = record.way == Way::Sent;
            let waiting = sent && record.last > acknowledged;
            history.push(TransferView {
                at: record.at.local(offset),
                by: self.name_of(&record.by)?,
                kind: if sent { "exported" } else { "imported" }.to_owned(),
                bundle: record.id.hex().chars().take(12).collect(),
                file: record.file,
                entries: record.entries,
                state: if waiting { "waiting" } else { "confirmed" }.to_owned(),
            });
        }
        let receipt = self.session.open.last_receipt()?;
        let folder = self.session.open.setting(FOLDER)?.and_then(|path| String::from_utf8(path).ok());
        Ok(SyncView {
            unsent: u32::try_from(outbox.changes).unwrap_or(u32::MAX),
            oldest_days: outbox.oldest.map(|at| self.today().days_since(&at.local(offset))),
            last_receipt: receipt.map(|(at, _)| at.local(offset)),
            history,
            suggested_folder: folder.unwrap_or_default(),
        })
    }

    /// Writes everything that the center has not confirmed into `folder`.
    ///
    /// # Errors
    /// `Full`, `Gone`, `Cancelled` and what else the disk says: then nothing is left behind.
    pub fn export_bundle(&mut self, folder: &Path) -> Result<ExportReport, SiteError> {
        let job = self.export_begin(folder)?;
        let written = job.run(&|progress| (self.tell)(progress), self.cancel)?;
        self.export_finish(&written)
    }

    /// Fixes what is to be exported. The job can run on another thread while people go on working.
    ///
    /// # Errors
    /// The vault refuses, or it does not know its center.
    pub fn export_begin(&mut self, folder: &Path) -> Result<ExportJob, SiteError> {
        self.may(Command::ExportBundle)?;
        let stamp = self.stamp();
        ExportJob::new(&mut self.session.open, self.session.practice, folder, &stamp)
    }

    /// Notes what was written.
    ///
    /// # Errors
    /// The vault refuses; the files stand and are complete all the same.
    pub fn export_finish(&mut self, written: &crate::export::Written) -> Result<ExportReport, SiteError> {
        self.may(Command::ExportBundle)?;
        let (stamp, user) = (self.stamp(), self.session.user.clone());
        self.write(|tx| written.record(tx, &user))?;
        self.session.open.write_checkpoint(&stamp)?;
        Ok(written.report())
    }

    /// Reads a bundle of the center: all of it or nothing.
    ///
    /// # Errors
    /// `Refused` with the reason, or what the disk and the vault say.
    pub fn import_bundle(&mut self, path: &Path) -> Result<ImportReport, SiteError> {
        self.may(Command::ImportBundle)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let center = founding::center_key(&self.session.open)?;
        let sealed = Sealed::inspect(BufReader::new(File::open(path)?))?;
        let id = sealed.id();
        let study = self.session.open.study_oid().to_owned();
        let admission = Admission {
            study: Some(&study),
            site: None,
            kind: Kind::Reply,
            practice: self.session.practice,
            maker: Maker::Known(center),
        };
        let trusted = sealed.admit(&admission)?;
        let envelope = trusted.envelope().clone();
        let identity = self.session.open.device_identity()?;
        let known = self.session.open.bundles()?.iter().any(|record| record.id == id);
        let pending = self.session.open.outbox().changes;
        let (stamp, user, device) = (self.stamp(), self.session.user.clone(), self.session.open.device().to_owned());
        let (tell, cancel) = (self.tell, self.cancel);
        let received = self.session.open.transact(&stamp, |tx| {
            let mut intake = Intake {
                tx,
                so_far: Received::default(),
                blobs: Vec::new(),
                done: 0,
                total: envelope.entries,
                tell,
                cancel,
            };
            trusted.open(&Key::Identity(&identity), &mut intake)?;
            let Intake { tx, so_far, blobs, .. } = intake;
            for receipt in receipts(&blobs) {
                let said = receipt.verify(&center)?;
                if *said.log == *device && said.study == study {
                    take(tx, &receipt, &said)?;
                }
            }
            if !known {
                let logs = envelope.logs.iter().map(|run| LogRange {
                    log: run.log.as_str().into(),
                    first: run.first,
                    last: run.last,
                });
                let (sender, entries) = (Oid::from(envelope.sender.log.as_str()), so_far.accepted);
                tx.write(BundleImported { bundle: id, sender, logs: logs.collect(), entries })?;
                let at = stamp.at;
                tx.record_bundle(&BundleRecord {
                    id,
                    at,
                    way: Way::Received,
                    file: name,
                    by: user,
                    first: 0,
                    last: 0,
                    entries,
                })?;
            }
            Ok::<_, SiteError>(so_far)
        })?;
        self.session.open.write_checkpoint(&stamp)?;
        let unsent = self.session.open.outbox().changes;
        let outcome = match () {
            () if !received.forks.is_empty() => "fork",
            () if !received.expects.is_empty() => "parked",
            () if known => "already_held",
            () => "accepted",
        };
        Ok(ImportReport {
            entries: received.accepted,
            confirmed: u32::try_from(pending.saturating_sub(unsent)).unwrap_or(u32::MAX),
            unsent: u32::try_from(unsent).unwrap_or(u32::MAX),
            outcome: outcome.to_owned(),
        })
    }

    /// Last entry of this device's log that the center confirmed.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.session.open.acknowledged()
    }
}

/// What takes a bundle's content into the vault.
struct Intake<'t, 'a> {
    tx: &'t mut Tx<'a>,
    so_far: Received,
    blobs: Vec<(String, Vec<u8>)>,
    done: u64,
    total: u64,
    tell: &'t Tell,
    cancel: &'t AtomicBool,
}

impl Sink for Intake<'_, '_> {
    type Error = SiteError;

    fn line(&mut self, line: Line) -> Result<(), SiteError> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(SiteError::Cancelled);
        }
        self.tx.receive(&line, &mut self.so_far)?;
        self.done += 1;
        if self.done.is_multiple_of(STRIDE) {
            let step = "read".to_owned();
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

fn take(tx: &mut Tx<'_>, signed: &SignedReceipt, said: &bundle::Receipt) -> Result<bool, VaultError> {
    let (bundle, seq, head, at) = (said.bundle, said.seq, said.head, said.at);
    tx.accept_receipt(&VerifiedReceipt { bundle, seq, head, at, bytes: signed.bytes.clone() })
}
