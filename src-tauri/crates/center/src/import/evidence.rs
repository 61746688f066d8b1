//! What people can be shown later: every bundle as it was received, and the receipts for them.
//!
//! The bundle is read a last time when it is kept, and a stick may have been exchanged or have failed since it was read
//! first: so what is kept is read back before it gets its name. What lies under that name already is read, too; where it is
//! another, it is put aside for people to look at, and an alarm is raised.

use super::error::ImportError;
use super::outcome::ImportedBundle;
use crate::store::Alarm;
use crate::{AlarmKind, Center, CenterError, Stamp, keys, platform};
use bundle::{BundleError, Sealed, SignedReceipt};
use casebook::EntryId;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
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

impl Center {
    /// Keeps a bundle as it was received: synced, and read back.
    pub(super) fn store_raw<R: Read + Seek>(&self, id: EntryId, source: &mut R) -> Result<Kept, ImportError> {
        let path = self.bundle_file(id);
        // What is no link to anything is in the way as well.
        let is_there = fs::symlink_metadata(&path).is_ok();
        if is_there && is_bundle(&path, id) {
            platform::sync_name(&path).map_err(CenterError::file(&path))?;
            return Ok(Kept::Good);
        }
        let copy = self.copy_of(&path, source)?;
        if !Sealed::inspect(copy.as_file()).is_ok_and(|kept| kept.id() == id) {
            return Err(BundleError::Damaged("it changed while it was read").into());
        }
        if is_there {
            platform::put_aside(&path, ASIDE).map_err(CenterError::file(&path))?;
        }
        platform::persist(copy, &path).map_err(CenterError::file(&path))?;
        platform::sync_name(&path).map_err(CenterError::file(&path))?;
        Ok(if is_there { Kept::WasDamaged } else { Kept::Good })
    }

    /// A synced copy beside a path. That the source can't be read is the source's fault, all else the center's.
    fn copy_of<R: Read + Seek>(&self, path: &Path, source: &mut R) -> Result<NamedTempFile, ImportError> {
        let mut beside =
            NamedTempFile::new_in(path.parent().unwrap_or(&self.folder)).map_err(CenterError::file(path))?;
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
        let folder = self.folder.join("receipts");
        platform::private_folder(&folder).map_err(CenterError::file(&folder))?;
        let path = folder.join(format!("{bundle}.json"));
        // The signature comes first: a receipt that is there is whole.
        let signature = keep_file(&folder.join(format!("{bundle}.json.sig")), receipt.signature.as_bytes())?;
        let kept = keep_file(&path, &receipt.bytes)?;
        if [signature, kept].contains(&Kept::WasDamaged) {
            let (at, kind, seq) = (stamp.at, AlarmKind::Evidence, 0);
            let alarm = Alarm { at, kind, log: imported.log.clone().unwrap_or_default(), seq, bundle };
            self.store.transact(|tx| tx.put_alarm(&alarm))?;
            imported.alarms.push(kind);
        }
        imported.receipt = Some(path);
        Ok(())
    }
}

/// Whether a file is the bundle of this id. What can't be read is not.
fn is_bundle(path: &Path, id: EntryId) -> bool {
    let is_file = fs::symlink_metadata(path).is_ok_and(|known| known.is_file());
    is_file && File::open(path).is_ok_and(|file| Sealed::inspect(file).is_ok_and(|sealed| sealed.id() == id))
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
