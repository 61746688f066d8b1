//! Entries that are kept aside and were damaged since: named, and taken again from the bundle that brought them.

use super::kept::{each_aside, reread};
use crate::store::{BundleState, StoreError, Tx};
use crate::{Center, CenterError};
use bundle::{Admission, BlobNote, BundleError, Key, Kind, Sealed, SenderTrust, Sink};
use casebook::{EntryId, Line, TextRow};
use std::fs::File;
use std::io::BufReader;

/// An entry that is kept aside and is not what was imported.
struct Damaged {
    log: String,
    seq: u64,
    id: EntryId,
}

impl Center {
    /// Reads all that is kept aside, for now or for good; gives what is not what was imported. Where it can be written, it is taken again
    /// from the bundle that brought it.
    pub(crate) fn check_aside(&self) -> Result<Vec<CenterError>, CenterError> {
        let mut faults = Vec::new();
        for Damaged { log, seq, id } in self.store.read(damaged)? {
            let whole =
                if self.store.is_read_only() { None } else { self.store.read(|tx| self.brought(tx, &log, seq, id))? };
            let mended = whole.is_some();
            if let Some(line) = whole {
                self.store.transact(|tx| tx.mend_aside(&log, id, line.bytes()))?;
            }
            faults.push(CenterError::Aside { log, seq, mended });
        }
        Ok(faults)
    }

    /// An entry out of the bundles that are kept; none where no good one holds it.
    pub(super) fn brought(&self, tx: &dyn Tx, log: &str, seq: u64, id: EntryId) -> Result<Option<Line>, CenterError> {
        let mut bundles = Vec::new();
        for state in BundleState::KEPT {
            bundles.extend(tx.bundles(log, state)?);
        }
        let mut holds = bundles.iter().filter(|row| (row.first..=row.last).contains(&seq));
        Ok(holds.find_map(|row| self.entry_of(row.id, id).ok().flatten()))
    }

    /// An entry of a bundle that is kept.
    fn entry_of(&self, bundle: EntryId, id: EntryId) -> Result<Option<Line>, BundleError> {
        let mut wanted = Wanted { id, found: None };
        self.read_kept(bundle, &mut wanted)?;
        Ok(wanted.found)
    }

    /// Reads a bundle that is kept.
    ///
    /// # Errors
    /// Where its file is gone or no good bundle.
    pub(super) fn read_kept(
        &self,
        bundle: EntryId,
        sink: &mut impl Sink<Error = BundleError>,
    ) -> Result<(), BundleError> {
        let sealed = Sealed::inspect(BufReader::new(File::open(self.bundle_file(bundle))?))?;
        // It was admitted when it came; whether its key counts still does not matter for what it brought.
        let admission = Admission {
            study: Some(&self.card.study),
            site: None,
            kind: Kind::Data,
            practice: self.card.practice,
            sender: SenderTrust::Known(sealed.envelope().sender.key),
        };
        sealed.admit(&admission)?.open(&Key::Identity(&self.keys.age), sink)?;
        Ok(())
    }
}

/// Looks for one entry and stores nothing.
struct Wanted {
    id: EntryId,
    found: Option<Line>,
}

impl Sink for Wanted {
    type Error = BundleError;

    fn line(&mut self, line: Line) -> Result<(), BundleError> {
        if line.id() == self.id {
            self.found = Some(line);
        }
        Ok(())
    }

    fn text(&mut self, _: TextRow) -> Result<(), BundleError> {
        Ok(())
    }

    fn blob(&mut self, _: &BlobNote, _: Vec<u8>) -> Result<(), BundleError> {
        Ok(())
    }
}

/// Everything that is kept aside and was damaged.
fn damaged(tx: &dyn Tx) -> Result<Vec<Damaged>, StoreError> {
    let mut found = Vec::new();
    for log in tx.logs()? {
        each_aside(tx, &log, &mut |log, seq, id, bytes| {
            let is_there = reread(bytes, id).is_some_and(|line| line.entry().seq == seq && *line.entry().log == *log);
            if !is_there {
                found.push(Damaged { log: log.to_owned(), seq, id });
            }
            Ok(())
        })?;
    }
    Ok(found)
}
