//! A second, read-only view of the vault at one moment: streams lines and texts to an export on another thread while the
//! writer goes on.

use std::collections::HashMap;

use casebook::{TextCommit, TextRow};
use rusqlite::Connection;

use crate::connection::open_reader;
use crate::entries::{self, OWN_LOG, Place};
use crate::{LogHeld, Open, VaultError, records};

/// The vault as it stood at one moment. Can be sent to another thread; the writer is not held up.
pub struct Snapshot {
    sql: Connection,
    numbers: HashMap<String, i64>,
    logs: Vec<LogHeld>,
}

impl Open {
    /// Fixes the present moment for reading elsewhere.
    ///
    /// # Errors
    /// When the second connection can't be opened.
    pub fn snapshot(&self) -> Result<Snapshot, VaultError> {
        let sql = open_reader(&self.folder.database(), &self.key)?;
        sql.execute_batch("BEGIN")?;
        // The first read fixes the moment.
        sql.query_row("SELECT seq FROM head", [], |_| Ok(()))?;
        let mut numbers: HashMap<String, i64> =
            self.state.logs.iter().map(|(log, end)| (log.to_string(), end.no)).collect();
        numbers.insert(self.state.card.device.clone(), OWN_LOG);
        Ok(Snapshot { sql, numbers, logs: self.logs() })
    }
}

impl Snapshot {
    /// How far every log is held: this device's own first.
    pub fn logs(&self) -> &[LogHeld] {
        &self.logs
    }

    /// Hands the lines `from..=to` of a log to `each`, in order, as they were written. Stops when `each` fails.
    ///
    /// # Errors
    /// [`VaultError::Missing`] for an unknown log or when a line is not there; whatever `each` gives.
    pub fn lines<E: From<VaultError>>(
        &self,
        log: &str,
        from: u64,
        to: u64,
        mut each: impl FnMut(u64, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let no = *self.numbers.get(log).ok_or(VaultError::Missing("log"))?;
        let query = "SELECT place, line FROM entry WHERE place BETWEEN ?1 AND ?2 ORDER BY place";
        let mut read = self.sql.prepare_cached(query).map_err(VaultError::from)?;
        let mut rows = read.query((Place::new(no, from).0, Place::new(no, to).0)).map_err(VaultError::from)?;
        let mut next = from;
        while let Some(row) = rows.next().map_err(VaultError::from)? {
            let place = Place(row.get(0).map_err(VaultError::from)?);
            if place.seq() != next {
                return Err(VaultError::Missing("entry").into());
            }
            let line = row.get_ref(1).map_err(VaultError::from)?.as_blob().map_err(VaultError::from)?;
            each(next, line)?;
            next += 1;
        }
        if next > to { Ok(()) } else { Err(VaultError::Missing("entry").into()) }
    }

    /// The texts that a line commits to and that are held; redacted ones are not.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn texts_of(&self, line: &[u8]) -> Result<Vec<TextRow>, VaultError> {
        let mut found = Vec::new();
        for id in entries::commitments(line) {
            found.extend(self.text(&id)?);
        }
        Ok(found)
    }

    /// One text; `None` when it was redacted or never came.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn text(&self, id: &TextCommit) -> Result<Option<TextRow>, VaultError> {
        entries::text(&self.sql, id)
    }

    /// A file stored under its SHA-256.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn stored(&self, id: &[u8; 32]) -> Result<Option<Vec<u8>>, VaultError> {
        records::stored(&self.sql, id)
    }
}
