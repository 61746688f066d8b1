//! Rebuilding every folded table from the journal, which alone is the truth.

use casebook::fold::FoldStore;
use casebook::{ROW_FORMAT, RowChange};
use rusqlite::Connection;

use crate::entries::{self, Place};
use crate::fold::FoldTables;
use crate::verify::{Fresh, fold_subject};
use crate::{Open, Stamp, VaultError};

impl Open {
    /// Writes the folded tables anew in one transaction. For after [`Alarm::TablesStale`](crate::Alarm::TablesStale).
    ///
    /// # Errors
    /// When an entry can't be read, or the database refuses.
    pub fn rebuild(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        self.cache.clear();
        self.regain()?;
        // It writes no entry, so it needs no session in the journal, nor that the log goes on.
        self.all_or_nothing(stamp, |tx| {
            tx.sql.execute_batch("DELETE FROM fold; DELETE FROM summary; DELETE FROM about")?;
            index(tx.sql, tx.state)?;
            tx.state.head.digest = seal::SetHash::new();
            let mut tables = FoldTables { sql: tx.sql, state: tx.state, studies: tx.studies };
            for subject in tables.state.keys.clone() {
                let Fresh { rows, .. } = fold_subject(&tables, &subject)?;
                let rows: Vec<RowChange> = rows.into_iter().map(|(key, value)| (key, Some(value))).collect();
                tables.write_rows(&subject, &rows)?;
            }
            tx.state.card.rows = ROW_FORMAT;
            tx.state.card.write(tx.sql)?;
            tx.follow_activation()
        })
    }
}

/// Lists anew which entries are about which subject.
fn index(sql: &Connection, state: &mut crate::state::State) -> Result<(), VaultError> {
    let mut read = sql.prepare("SELECT place, line FROM entry ORDER BY place")?;
    let mut add = sql.prepare("INSERT INTO about (subject, place) VALUES (?1, ?2)")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let (place, line) = (Place(row.get(0)?), entries::line(row.get(1)?)?);
        let subject = match line.entry().act.subject() {
            Some(key) => state.subject(sql, key)?,
            None => 0,
        };
        add.execute((subject, place.0))?;
    }
    Ok(())
}
