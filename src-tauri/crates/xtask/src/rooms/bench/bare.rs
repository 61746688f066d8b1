//! The yardstick: one synced single-row commit in a bare SQLCipher file, with nothing of ours around it.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// Bytes of the row: about an entry of the journal.
const ROW: usize = 400;

/// A bare file.
pub struct Bare(Connection);

impl Bare {
    /// Makes one.
    pub fn open(folder: &Path) -> rusqlite::Result<Bare> {
        let file = Connection::open(folder.join("bare.db"))?;
        file.pragma_update(None, "key", format!("x'{}'", "5a".repeat(32)))?;
        file.pragma_update(None, "journal_mode", "WAL")?;
        file.pragma_update(None, "synchronous", "FULL")?;
        file.execute_batch("CREATE TABLE line (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")?;
        Ok(Bare(file))
    }

    /// Times one commit.
    pub fn commit(&mut self) -> rusqlite::Result<Duration> {
        let row = [b'x'; ROW];
        let start = Instant::now();
        self.0.prepare_cached("INSERT INTO line (bytes) VALUES (?1)")?.execute([&row[..]])?;
        Ok(start.elapsed())
    }
}
