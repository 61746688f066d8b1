//! Whether what the center holds is what was imported.

use crate::store::{StoreError, Tx};
use crate::{Center, CenterError};
use casebook::{EntryId, Line};
use seal::sha256;

impl Center {
    /// Checks the database, of every log that each entry is the one that the next was written after, and that the folded
    /// rows are what the entries fold to. Rows that are not are folded anew when they are next read.
    ///
    /// # Errors
    /// The first thing that is wrong, by log and place.
    pub fn check(&self) -> Result<(), CenterError> {
        self.store.read(|tx| {
            tx.check()?;
            tx.logs()?.iter().try_for_each(|log| check_log(tx, log))
        })?;
        self.check_folded_rows()
    }
}

fn check_log(tx: &dyn Tx, log: &str) -> Result<(), CenterError> {
    let (mut expected, mut before) = (1, EntryId::ZERO);
    let mut broken = None;
    tx.lines(log, 1, &mut |_, seq, id, bytes| {
        if broken.is_some() {
            return Ok(());
        }
        let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?;
        let entry = line.entry();
        let placed = seq == expected && entry.seq == seq && *entry.log == *log && entry.prev == before;
        if !placed || sha256(bytes) != id.0 {
            broken = Some(expected);
        }
        (expected, before) = (seq + 1, id);
        Ok(())
    })?;
    broken.map_or(Ok(()), |seq| Err(CenterError::Chain { log: log.to_owned(), seq }))
}
