//! Whether what the center holds is what was imported.

use crate::store::{StoreError, Tx};
use crate::{Center, CenterError};
use casebook::{EntryId, Line};
use seal::sha256;

impl Center {
    /// Checks the database, of every log that each entry is the one that the next was written after, also what is kept aside, that the
    /// folded rows are what the entries fold to, and that bundles and receipts are what they were kept as. Rows that are not are folded anew
    /// when they are next read; a receipt is written anew; an entry that is kept aside is taken again from its bundle.
    ///
    /// # Errors
    /// All that is wrong: of each log the first place, the subjects, and the files. Several faults are [`CenterError::Unsound`].
    pub fn check(&self) -> Result<(), CenterError> {
        let mut faults = Vec::new();
        self.store.read(|tx| {
            tx.check()?;
            for log in tx.logs()? {
                faults.extend(broken_at(tx, &log)?.map(|seq| CenterError::Chain { log, seq }));
            }
            Ok::<_, StoreError>(())
        })?;
        // Where an entry is not what was imported, the rows may be the better witness.
        faults.extend(self.check_folded_rows(faults.is_empty() && !self.store.is_read_only())?);
        faults.extend(self.check_aside()?);
        faults.extend(self.check_evidence()?);
        match faults.len() {
            0 => Ok(()),
            1 => Err(faults.remove(0)),
            _ => Err(CenterError::Unsound(faults)),
        }
    }
}

/// The first place of a log at which something else is held than was imported, or nothing that can be read.
fn broken_at(tx: &dyn Tx, log: &str) -> Result<Option<u64>, StoreError> {
    let (mut expected, mut before) = (1, EntryId::ZERO);
    let mut broken = None;
    tx.lines(log, 1, &mut |_, seq, id, bytes| {
        if broken.is_some() {
            return Ok(());
        }
        let placed = Line::reread(bytes.to_vec(), id).is_ok_and(|line| {
            let entry = line.entry();
            seq == expected && entry.seq == seq && *entry.log == *log && entry.prev == before
        });
        if !placed || sha256(bytes) != id.0 {
            broken = Some(expected);
        }
        (expected, before) = (seq + 1, id);
        Ok(())
    })?;
    Ok(broken)
}
