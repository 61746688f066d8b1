//! Whether what the center holds is what was taken in.

use crate::store::StoreError;
use crate::{Center, CenterError};
use casebook::{EntryId, Line};
use seal::sha256;

impl Center {
    /// Checks the database, and of every log that each entry is the one that the next was written after.
    ///
    /// # Errors
    /// The first thing that is wrong, by log and place.
    pub fn check(&self) -> Result<(), CenterError> {
        self.store.check()?;
        for log in self.store.logs()? {
            self.check_log(&log)?;
        }
        Ok(())
    }

    fn check_log(&self, log: &str) -> Result<(), CenterError> {
        let (mut expected, mut before) = (1, EntryId::ZERO);
        let mut broken = None;
        self.store.lines(log, 1, &mut |_, seq, id, bytes| {
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
}
