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
mod waiting;
mod ways_back;

pub use outcome::{ImportedBundle, Outcome};

use crate::store::{BundleRow, BundleState, RefusedFile, Tx};
use crate::{Center, CenterError, Stamp};
use bundle::{BundleError, LogRun, Sealed};
use casebook::EntryId;
use error::ImportError;
use one::{Import, Imported};
use seal::PublicKey;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek};

/// A bundle that is kept, from which nothing can be read any more.
const LOST: &str = "lost";
/// A bundle that is kept, which can't be read at this moment.
const NOT_NOW: &str = "unreadable";

/// Adds what was imported next. That it failed takes nothing back of what was imported before, so it is said with the last of these;
/// gives whether it did not fail.
///
/// # Errors
/// What failed, where nothing was imported before.
fn go_on(
    imported: &mut Vec<ImportedBundle>,
    next: Result<Vec<ImportedBundle>, CenterError>,
) -> Result<bool, CenterError> {
    let error = match next {
        Err(error) => error,
        Ok(next) => {
            imported.extend(next);
            return Ok(true);
        }
    };
    let Some(last) = imported.last_mut() else { return Err(error) };
    let said = last.undone.take().map_or_else(String::new, |said| said + "; ");
    last.undone = Some(format!("{said}what waited could not be taken in: {error}"));
    Ok(false)
}

/// What is said of a kept bundle whose file can't be read just now.
fn not_now(row: &BundleRow, file: &str, why: &dyn Display) -> ImportedBundle {
    later(row, file, format!("the file that was kept cannot be read now ({why}); the next run tries again"))
}

/// What is said of a kept bundle that can't be taken in just now: it stays as it is, and the next run tries again. What is wrong may pass.
fn later(row: &BundleRow, file: &str, words: String) -> ImportedBundle {
    ImportedBundle::new(file, row.id, &row.log, Outcome::Refused { code: NOT_NOW, words })
}

impl Center {
    /// Imports a bundle, and then the parked bundles whose turn has come, of whatever log. The first element is the bundle's
    /// own.
    ///
    /// # Errors
    /// When the center itself fails; a bad bundle is an [`Outcome::Refused`].
    pub fn import<R: Read + Seek>(
        &self,
        stamp: &Stamp,
        name: &str,
        source: R,
    ) -> Result<Vec<ImportedBundle>, CenterError> {
        let mut imported = vec![self.import_one(stamp, name, source)?];
        go_on(&mut imported, self.import_parked(stamp))?;
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
            if !go_on(&mut imported, self.import_next(stamp, &row))? {
                return Ok(imported);
            }
        }
        go_on(&mut imported, self.import_parked(stamp))?;
        Ok(imported)
    }

    /// Imports what is kept and whose turn has come: the parked bundles of all logs that follow what is held, or what is kept aside, for
    /// another process may have brought what they waited for; and before them what waits of keys that were approved, where whoever did so
    /// came no further.
    /// One that is refused, or whose file is gone, is named once and stands in the way of no other.
    ///
    /// # Errors
    /// When the center itself fails.
    pub fn import_parked(&self, stamp: &Stamp) -> Result<Vec<ImportedBundle>, CenterError> {
        let mut imported = Vec::new();
        for row in self.store.read(|tx| tx.approved_waiting())? {
            if !go_on(&mut imported, self.import_next(stamp, &row))? {
                return Ok(imported);
            }
        }
        // In the order of each log, so that one bundle makes room for the next.
        for row in self.store.read(|tx| tx.parked())? {
            let has_its_turn = match self.store.read(|tx| self.has_its_turn(tx, &row)) {
                // To take it in fails as well, and names it.
                Err(error) if !error.is_of_database() => true,
                turn => turn?,
            };
            if has_its_turn && !go_on(&mut imported, self.import_next(stamp, &row))? {
                break;
            }
        }
        Ok(imported)
    }

    /// Whether a parked bundle waits no more.
    fn has_its_turn(&self, tx: &dyn Tx, row: &BundleRow) -> Result<bool, CenterError> {
        if tx.log_state(&row.log)?.end.gap_before(row.first).is_none() {
            return Ok(true);
        }
        // Its file is read only where an entry that it may follow is kept aside.
        let aside = tx.aside_at(&row.log, row.first.saturating_sub(1))?;
        Ok(!aside.is_empty() && self.kept_run(row.id).is_some_and(|run| aside.contains(&run.prev)))
    }

    /// What of its device's log a bundle holds that is kept; none where its file can't be read.
    pub(crate) fn kept_run(&self, bundle: EntryId) -> Option<LogRun> {
        self.kept(bundle)?.envelope().logs.first().cloned()
    }

    /// The key that signed a bundle that is kept; none where its file can't be read.
    pub(crate) fn kept_signer(&self, bundle: EntryId) -> Option<PublicKey> {
        Some(self.kept(bundle)?.envelope().sender.key)
    }

    fn kept(&self, bundle: EntryId) -> Option<Sealed<BufReader<File>>> {
        Sealed::inspect(BufReader::new(File::open(self.bundle_file(bundle)).ok()?)).ok()
    }

    /// Imports a bundle that was kept until now. One that can't be taken in for damage at the center is named, stays, and stands in the
    /// way of no other.
    fn import_next(&self, stamp: &Stamp, row: &BundleRow) -> Result<Vec<ImportedBundle>, CenterError> {
        let bundle = match self.import_kept(stamp, row) {
            Err(error) if !error.is_of_database() => {
                let words = format!("it cannot be taken in now ({error}); the next run tries again");
                later(row, &format!("{}.bundle", row.id), words)
            }
            bundle => bundle?,
        };
        Ok(vec![bundle])
    }

    fn import_kept(&self, stamp: &Stamp, row: &BundleRow) -> Result<ImportedBundle, CenterError> {
        let path = self.bundle_file(row.id);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let done = match File::open(&path).map(BufReader::new) {
            Ok(file) => match self.try_import(stamp, &name, file) {
                Err(ImportError::Refused(BundleError::Unreadable(kind))) => return Ok(not_now(row, &name, &kind)),
                tried => self.conclude(stamp, &name, tried)?,
            },
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let words = format!("the file that was kept cannot be read ({error}); its device sends it again");
                self.note_refused(stamp, &name, LOST, words)?
            }
            Err(error) => return Ok(not_now(row, &name, &error)),
        };
        if !matches!(done.outcome, Outcome::Refused { .. }) {
            return Ok(done);
        }
        // Not tried again and again; if its device sends it once more, it is looked at like any other.
        self.store.transact(|tx| match tx.bundle(row.id)? {
            Some(kept) if kept.state == row.state => tx.put_bundle(&BundleRow { state: BundleState::Refused, ..kept }),
            _ => Ok(()),
        })?;
        Ok(ImportedBundle { bundle: Some(row.id), log: Some(row.log.clone()), ..done })
    }

    /// Imports one bundle; notes the file where it is refused.
    fn import_one<R: Read + Seek>(&self, stamp: &Stamp, name: &str, source: R) -> Result<ImportedBundle, CenterError> {
        self.conclude(stamp, name, self.try_import(stamp, name, source))
    }

    fn conclude(
        &self,
        stamp: &Stamp,
        name: &str,
        tried: Result<Imported, ImportError>,
    ) -> Result<ImportedBundle, CenterError> {
        match tried {
            Ok(Imported { mut bundle, receipt }) => {
                if let Some(receipt) = &receipt
                    && let Err(error) = self.write_receipt(stamp, &mut bundle, receipt)
                {
                    // The bundle is taken in, and its alarms were raised: that is said whatever else fails.
                    bundle.undone = Some(format!("its receipt could not be written: {error}"));
                }
                Ok(bundle)
            }
            Err(ImportError::Refused(refusal)) => self.note_refused(stamp, name, refusal.code(), refusal.to_string()),
            Err(ImportError::Center(error)) => Err(error),
        }
    }

    fn try_import<R: Read + Seek>(&self, stamp: &Stamp, name: &str, source: R) -> Result<Imported, ImportError> {
        // Before the transaction: nobody waits for a slow stick.
        let received = self.receive(source)?;
        let import = Import::new(self, stamp, name, &received);
        self.store.transact(|tx| import.run(tx, received))
    }

    fn note_refused(
        &self,
        stamp: &Stamp,
        name: &str,
        code: &'static str,
        words: String,
    ) -> Result<ImportedBundle, CenterError> {
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
            undone: None,
        })
    }
}
