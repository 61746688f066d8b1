//! A second, read-only view of the vault at one moment: streams lines and texts to an export on another thread while the
//! writer goes on.

use std::collections::HashMap;
use std::sync::Mutex;

use casebook::{TextCommit, TextRow};
use rusqlite::Connection;

use crate::connection::open_reader;
use crate::entries::{self, OWN_LOG};
use crate::stream::{self, READERS};
use crate::{LogHeld, Open, VaultError, records};

/// From so many lines on, several readers share the work: deciphering pages is what takes the time.
const MANY: u64 = 20_000;

/// The vault as it stood at one moment. Can be sent to another thread; the writer is not held up.
pub struct Snapshot {
    sql: Connection,
    /// Further connections for long ranges. They may see a later moment; lines that are there never change.
    readers: Vec<Mutex<Connection>>,
    numbers: HashMap<String, i64>,
    logs: Vec<LogHeld>,
}

impl Open {
    /// Fixes the present moment for reading elsewhere.
    ///
    /// # Errors
    /// When the second connection can't be opened.
    pub fn snapshot(&mut self) -> Result<Snapshot, VaultError> {
        self.be_sure()?;
        let sql = open_reader(&self.folder.database(), &self.key)?;
        sql.execute_batch("BEGIN")?;
        // The first read fixes the moment.
        sql.query_row("SELECT seq FROM head", [], |_| Ok(()))?;
        let mut numbers: HashMap<String, i64> =
            self.state.logs.iter().map(|(log, end)| (log.to_string(), end.no)).collect();
        numbers.insert(self.state.card.device.clone(), OWN_LOG);
        let many = self.state.head.log.end.seq >= MANY;
        let reader = || open_reader(&self.folder.database(), &self.key).map(Mutex::new);
        let readers = (0..if many { READERS } else { 0 }).map(|_| reader()).collect::<Result<_, _>>()?;
        Ok(Snapshot { sql, readers, numbers, logs: self.logs() })
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
        if to.saturating_sub(from) >= MANY && !self.readers.is_empty() {
            return stream::shared(&self.readers, no, from, to, each);
        }
        stream::range(&self.sql, no, from, to, &mut each)
    }

    /// The texts that a line commits to, that are held and can travel: redacted ones are not held, and one that was kept before
    /// texts had a bound may not fit into a bundle.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn texts_of(&self, line: &[u8]) -> Result<Vec<TextRow>, VaultError> {
        let mut found = Vec::new();
        for id in entries::commitments(line) {
            found.extend(self.text(&id)?.filter(TextRow::fits_line));
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
