//! The yardstick: one synced single-row commit in a bare SQLCipher file, with nothing of ours around it.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// Bytes of the row: about an entry of the journal.
const ROW: usize = 400;

/// Times of `count` commits.
///
/// # Errors
/// SQLite's own.
pub fn commits(folder: &Path, count: usize) -> rusqlite::Result<Vec<Duration>> {
    let file = Connection::open(folder.join("bare.db"))?;
    file.pragma_update(None, "key", format!("x'{}'", "5a".repeat(32)))?;
    file.pragma_update(None, "journal_mode", "WAL")?;
    file.pragma_update(None, "synchronous", "FULL")?;
    file.execute_batch("CREATE TABLE line (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")?;
    let mut insert = file.prepare("INSERT INTO line (bytes) VALUES (?1)")?;
    let row = vec![b'x'; ROW];
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let start = Instant::now();
        insert.execute([&row])?;
        times.push(start.elapsed());
    }
    Ok(times)
}
