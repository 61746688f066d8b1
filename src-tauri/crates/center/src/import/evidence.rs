//! What people can be shown later: every bundle as it was received, and the receipts for them.
//!
//! The bundle is read a second time when it is copied, and a stick may have been exchanged or have failed since it was read
//! first: so the copy is read back, and everything else is done with that. It gets its name when the transaction keeps it. What lies
//! under that name already is read, too; where it is another, it is put aside for people to look at, and an alarm is raised.

use super::error::ImportError;
use super::outcome::ImportedBundle;
use crate::layout::RECEIPTS;
use crate::store::{Alarm, BundleState, StoreError};
use crate::{AlarmKind, Center, CenterError, Stamp, beside, keys, platform};
use bundle::{BundleError, Receipt, Sealed, SignedReceipt};
use casebook::{EntryId, LogEnd};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// How much is copied at once, in bytes.
const BUFFER: usize = 256 << 10;
/// What is put aside gets this ending.
const ASIDE: &str = "damaged";

/// Whether something else lay in the place of what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "what was found damaged is to be told"]
pub(super) enum Kept {
    /// Nothing, or the same.
    Good,
    /// Something else, which was put aside.
    WasDamaged,
}

/// A bundle on the center's own disk, before any transaction begins: nobody waits for the stick that it came on.
pub(super) struct Received {
    /// The bundle, to be read from there.
    pub(super) sealed: Sealed<BufReader<File>>,
    /// What is kept of it.
    pub(super) raw: Raw,
}

/// The file of a bundle that was received.
pub(super) struct Raw {
    id: EntryId,
    file: File,
    /// The same as a synced copy that has no name yet; none where it lies under its name already.
    copy: Option<NamedTempFile>,
}

impl Center {
    /// Copies a bundle, synced and read back, unless it lies in its place already. What is no bundle is not copied.
    pub(super) fn receive<R: Read + Seek>(&self, source: R) -> Result<Received, ImportError> {
        let sealed = Sealed::inspect(source)?;
        let id = sealed.id();
        let path = self.bundle_file(id);
        if let Some((file, sealed)) = kept_bundle(&path, id) {
            return Ok(Received { sealed, raw: Raw { id, file, copy: None } });
        }
        let copy = self.copy_of(&path, &mut sealed.into_source())?;
        let file = copy.as_file().try_clone().map_err(CenterError::file(&path))?;
        let sealed = inspect(&file, id).ok_or(BundleError::Damaged("it changed while it was read"))?;
        Ok(Received { sealed, raw: Raw { id, file, copy: Some(copy) } })
    }

    /// Keeps a bundle as it was received.
    pub(super) fn store_raw(&self, raw: &mut Raw) -> Result<Kept, ImportError> {
        let path = self.bundle_file(raw.id);
        // What is no link to anything is in the way as well.
        let is_there = fs::symlink_metadata(&path).is_ok();
        if is_there && is_bundle(&path, raw.id) {
            platform::sync_name(&path).map_err(CenterError::file(&path))?;
            return Ok(Kept::Good);
        }
        let copy = match raw.copy.take() {
            Some(copy) => copy,
            // It lay there when it was received, and somebody has removed it since.
            None => self.copy_of(&path, &mut raw.file)?,
        };
        if is_there {
            platform::put_aside(&path, ASIDE).map_err(CenterError::file(&path))?;
        }
        platform::persist(copy, &path).map_err(CenterError::file(&path))?;
        platform::sync_name(&path).map_err(CenterError::file(&path))?;
        Ok(if is_there { Kept::WasDamaged } else { Kept::Good })
    }

    /// A synced copy beside a path. That the source can't be read is the source's fault, all else the center's.
    fn copy_of<R: Read + Seek>(&self, path: &Path, source: &mut R) -> Result<NamedTempFile, ImportError> {
        let mut beside = beside::new_in(path.parent().unwrap_or(&self.folder)).map_err(CenterError::file(path))?;
        source.seek(SeekFrom::Start(0)).map_err(BundleError::from)?;
        let mut buffer = vec![0; BUFFER];
        loop {
            let read = match source.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read.map_err(BundleError::from)?,
            };
            if read == 0 {
                break;
            }
            beside.write_all(&buffer[..read]).map_err(CenterError::file(path))?;
        }
        beside.as_file().sync_all().map_err(CenterError::file(path))?;
        Ok(beside)
    }

    /// Puts a receipt where people and programs find it: beside the bundles, as a file with its signature.
    pub(super) fn write_receipt(
        &self,
        stamp: &Stamp,
        imported: &mut ImportedBundle,
        receipt: &SignedReceipt,
    ) -> Result<(), CenterError> {
        let Some(bundle) = imported.bundle else { return Ok(()) };
        let folder = self.folder.join(RECEIPTS);
        platform::private_folder(&folder).map_err(CenterError::file(&folder))?;
        let path = folder.join(format!("{bundle}.json"));
        // The signature comes first: a receipt that is there is whole.
        let signature = keep_file(&folder.join(format!("{bundle}.json.sig")), receipt.signature.as_bytes())?;
        let kept = keep_file(&path, &receipt.bytes)?;
        if [signature, kept].contains(&Kept::WasDamaged) {
            let (at, kind, seq) = (stamp.at, AlarmKind::Evidence, 0);
            let log = imported.log.clone().unwrap_or_default();
            let alarm = Alarm { at, kind, log, seq, last: None, bundle };
            self.store.transact(|tx| tx.put_alarm(&alarm))?;
            imported.alarms.push(kind);
        }
        imported.receipt = Some(path);
        Ok(())
    }
}

impl Center {
    /// The center's word that it holds a log up to `end` once it has taken in `bundle`.
    pub(crate) fn sign_receipt(&self, stamp: &Stamp, log: &str, bundle: EntryId, end: LogEnd) -> SignedReceipt {
        let receipt = Receipt {
            format: Receipt::FORMAT.to_owned(),
            version: Receipt::VERSION,
            study: self.card.study.clone(),
            center: self.public_key(),
            practice: self.card.practice,
            bundle,
            log: log.to_owned(),
            seq: end.seq,
            head: end.head,
            at: stamp.at,
        };
        receipt.sign(&self.keys.signing)
    }

    /// Reads every bundle that is kept, and every receipt; gives what is wrong. A receipt that is gone is written anew, one that was
    /// altered is put aside before: the database holds what it says. Nothing makes a bundle good again but its device.
    pub(crate) fn check_evidence(&self) -> Result<Vec<CenterError>, CenterError> {
        let (mut bundles, mut receipts) = (Vec::new(), Vec::new());
        self.store.read(|tx| {
            let mut logs: BTreeSet<String> = tx.logs()?.into_iter().collect();
            logs.extend(tx.devices()?.into_iter().map(|device| device.log));
            for (log, state) in logs.iter().flat_map(|log| BundleState::KEPT.map(|state| (log, state))) {
                for row in tx.bundles(log, state)? {
                    if !is_bundle(&self.bundle_file(row.id), row.id) {
                        bundles.push(row.id);
                    }
                    if row.receipt.is_some_and(|receipt| !self.has_receipt(row.id, &receipt)) {
                        receipts.push(row.id);
                    }
                }
            }
            Ok::<_, StoreError>(())
        })?;
        let found = [("the bundles that are kept", bundles), ("the receipts", receipts)];
        let fault = |(what, gone): (&'static str, Vec<EntryId>)| {
            let first = gone.first()?.to_string();
            Some(CenterError::Evidence { what, files: gone.len(), first })
        };
        Ok(found.into_iter().filter_map(fault).collect())
    }

    /// Whether a receipt lies where people find it; makes it lie there.
    pub(crate) fn has_receipt(&self, bundle: EntryId, receipt: &SignedReceipt) -> bool {
        let path = self.folder.join(RECEIPTS).join(format!("{bundle}.json"));
        let parts = [(path.with_extension("json.sig"), receipt.signature.as_bytes()), (path, receipt.bytes.as_slice())];
        let is_there = |(path, bytes): &(PathBuf, &[u8])| fs::read(path).is_ok_and(|held| held == *bytes);
        if parts.iter().all(is_there) {
            return true;
        }
        // Where nothing can be written, saying so is all that can be done.
        let _ = platform::private_folder(&self.folder.join(RECEIPTS));
        for (path, bytes) in &parts {
            let _ = keep_file(path, bytes);
        }
        false
    }
}

/// Whether a file is the bundle of this id. What can't be read is not.
fn is_bundle(path: &Path, id: EntryId) -> bool {
    kept_bundle(path, id).is_some()
}

/// The file with the bundle of this id, where one lies there.
fn kept_bundle(path: &Path, id: EntryId) -> Option<(File, Sealed<BufReader<File>>)> {
    let is_file = fs::symlink_metadata(path).is_ok_and(|known| known.is_file());
    let file = if is_file { File::open(path).ok()? } else { return None };
    let sealed = inspect(&file, id)?;
    Some((file, sealed))
}

/// The bundle of this id in an open file.
fn inspect(file: &File, id: EntryId) -> Option<Sealed<BufReader<File>>> {
    let file = BufReader::with_capacity(BUFFER, file.try_clone().ok()?);
    Sealed::inspect(file).ok().filter(|sealed| sealed.id() == id)
}

/// Makes a file hold these bytes, whatever lies there.
fn keep_file(path: &Path, bytes: &[u8]) -> Result<Kept, CenterError> {
    let there = fs::symlink_metadata(path).ok();
    if there.as_ref().is_some_and(fs::Metadata::is_file) && fs::read(path).is_ok_and(|held| held == bytes) {
        platform::sync_name(path).map_err(CenterError::file(path))?;
        return Ok(Kept::Good);
    }
    if there.is_some() {
        platform::put_aside(path, ASIDE).map_err(CenterError::file(path))?;
    }
    keys::replace(path, bytes)?;
    Ok(if there.is_some() { Kept::WasDamaged } else { Kept::Good })
}
