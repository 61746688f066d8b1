//! Importing bundles: bundle/FORMAT.md says what a bundle is, this says what becomes of one.
//!
//! Each bundle is imported whole or not at all, in one transaction; what a device signed is kept as it was received,
//! whatever becomes of it. A bundle that came too early waits until what is before it has come.

mod checkpoints;
mod entries;
mod error;
mod one;
mod outcome;

pub use outcome::{ImportedBundle, Outcome};

use crate::store::{BundleRow, BundleState, RefusedFile, StoreError};
use crate::{Center, CenterError, Stamp};
use bundle::{BundleError, Sealed, SignedReceipt};
use casebook::EntryId;
use error::ImportError;
use one::{Import, Imported};
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;

impl Center {
    /// Imports a bundle, and after it those parked bundles that it makes room for. The first element is the bundle's own.
    ///
    /// # Errors
    /// When the center itself fails; a bad bundle is an [`Outcome::Refused`].
    pub fn import<R: Read + Seek + Send>(
        &self,
        stamp: &Stamp,
        name: &str,
        source: R,
    ) -> Result<Vec<ImportedBundle>, CenterError> {
        let first = self.import_one(stamp, name, source)?;
        let log = first.log.clone();
        let progress = matches!(first.outcome, Outcome::Accepted { .. });
        let mut imported = vec![first];
        if let Some(log) = log.filter(|_| progress) {
            self.import_parked(stamp, &log, &mut imported)?;
        }
        Ok(imported)
    }

    /// Imports what a device sent before it was approved.
    ///
    /// # Errors
    /// When the center itself fails.
    pub fn import_waiting(&self, stamp: &Stamp, log: &str) -> Result<Vec<ImportedBundle>, CenterError> {
        let mut imported = Vec::new();
        for row in self.store.read(|tx| tx.bundles(log, BundleState::Waiting))? {
            let (name, file) = self.stored_raw(&row)?;
            imported.extend(self.import(stamp, &name, file)?);
        }
        Ok(imported)
    }

    /// Imports the parked bundles of a log that follow what is held.
    fn import_parked(&self, stamp: &Stamp, log: &str, imported: &mut Vec<ImportedBundle>) -> Result<(), CenterError> {
        loop {
            let next = self.store.read(|tx| {
                let held = tx.log_state(log)?.end;
                let parked = tx.bundles(log, BundleState::Parked)?;
                Ok::<_, StoreError>(parked.into_iter().next().filter(|row| held.gap_before(row.first).is_none()))
            })?;
            let Some(next) = next else { return Ok(()) };
            // Not through `import`, which would come back here.
            let (name, file) = self.stored_raw(&next)?;
            let one = self.import_one(stamp, &name, file)?;
            let is_refused = matches!(one.outcome, Outcome::Refused { .. });
            imported.push(one);
            if is_refused {
                return Ok(());
            }
        }
    }

    /// Imports one bundle; notes the file where it is refused.
    fn import_one<R: Read + Seek + Send>(
        &self,
        stamp: &Stamp,
        name: &str,
        source: R,
    ) -> Result<ImportedBundle, CenterError> {
        match self.try_import(stamp, name, source) {
            Ok(Imported { bundle, receipt }) => {
                let receipt = receipt.as_ref().zip(bundle.bundle).map(|(receipt, id)| self.write_receipt(id, receipt));
                Ok(ImportedBundle { receipt: receipt.transpose()?, ..bundle })
            }
            Err(ImportError::Refused(refusal)) => self.note_refused(stamp, name, &refusal),
            Err(ImportError::Center(error)) => Err(error),
        }
    }

    fn try_import<R: Read + Seek + Send>(&self, stamp: &Stamp, name: &str, source: R) -> Result<Imported, ImportError> {
        // What costs time and needs nothing of the center comes before the transaction.
        let sealed = Sealed::inspect(source)?;
        let import = Import::new(self, stamp, name, &sealed);
        self.store.transact(|tx| import.run(tx, sealed))
    }

    fn note_refused(&self, stamp: &Stamp, name: &str, refusal: &BundleError) -> Result<ImportedBundle, CenterError> {
        let (code, words) = (refusal.code(), refusal.to_string());
        let row = RefusedFile { at: stamp.at, file: name.to_owned(), code: code.to_owned(), words: words.clone() };
        self.store.transact(|tx| tx.put_refused_file(&row))?;
        let outcome = Outcome::Refused { code, words };
        Ok(ImportedBundle {
            file: name.to_owned(),
            bundle: None,
            log: None,
            outcome,
            alarms: Vec::new(),
            receipt: None,
        })
    }

    /// Opens a bundle as it was received, with its file's name.
    fn stored_raw(&self, row: &BundleRow) -> Result<(String, BufReader<File>), CenterError> {
        let path = self.bundle_file(row.id);
        let file = File::open(&path).map_err(CenterError::file(&path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, BufReader::new(file)))
    }

    /// Keeps a bundle's bytes as they were received, synced.
    fn store_raw<R: Read + Seek>(&self, id: EntryId, source: &mut R) -> Result<(), CenterError> {
        let path = self.bundle_file(id);
        if path.exists() {
            return Ok(());
        }
        let folder = path.parent().map_or_else(PathBuf::new, PathBuf::from);
        let mut copy = || -> io::Result<()> {
            let mut beside = tempfile::NamedTempFile::new_in(&folder)?;
            source.seek(SeekFrom::Start(0))?;
            io::copy(source, &mut beside)?;
            beside.as_file().sync_all()?;
            beside.persist(&path).map_err(|error| error.error)?;
            crate::platform::sync_name(&path);
            Ok(())
        };
        copy().map_err(CenterError::file(&path))
    }

    /// Puts a receipt where people and programs find it: beside the bundles, as a file with its signature.
    fn write_receipt(&self, bundle: EntryId, receipt: &SignedReceipt) -> Result<PathBuf, CenterError> {
        let folder = self.folder.join("receipts");
        fs::create_dir_all(&folder).map_err(CenterError::file(&folder))?;
        let path = folder.join(format!("{bundle}.json"));
        if !path.exists() {
            crate::keys::replace(&folder.join(format!("{bundle}.json.sig")), receipt.signature.as_bytes())?;
            crate::keys::replace(&path, &receipt.bytes)?;
        }
        Ok(path)
    }
}
