//! Importing bundles: bundle/FORMAT.md says what a bundle is, this says what becomes of one.
//!
//! Each bundle is imported whole or not at all, in one transaction; what a device signed is kept as it was received,
//! whatever becomes of it. A bundle that came too early waits until what is before it has come.

mod checkpoints;
mod entries;
mod error;
mod evidence;
mod one;
mod outcome;

pub use outcome::{ImportedBundle, Outcome};

use crate::store::{BundleRow, BundleState, RefusedFile, StoreError};
use crate::{Center, CenterError, Stamp};
use bundle::{BundleError, Sealed};
use error::ImportError;
use one::{Import, Imported};
use std::fs::File;
use std::io::{BufReader, Read, Seek};

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
        let waiting = self.store.read(|tx| match tx.device(log)? {
            Some(device) => tx.waiting_bundles(log, device.key),
            None => Ok(Vec::new()),
        })?;
        for row in waiting {
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
            Ok(Imported { mut bundle, receipt }) => {
                if let Some(receipt) = &receipt {
                    self.write_receipt(stamp, &mut bundle, receipt)?;
                }
                Ok(bundle)
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
}
