//! What was typed and not yet left: kept every second, so that a power cut loses at most that second.

use casebook::{Instant, Private};
use rusqlite::Connection;
use study::{CellKey, FormKey};

use crate::{Open, Stamp, Tx, VaultError};

/// What was typed into a cell and is not yet an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The cell.
    pub cell: CellKey,
    /// What was typed, as it was typed.
    pub words: Private,
    /// When it was typed.
    pub at: Instant,
    /// By whom.
    pub by: String,
}

impl Open {
    /// Keeps what was typed into a cell; empty words forget it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn save_draft(&mut self, subject: &str, cell: &CellKey, words: &str, stamp: &Stamp) -> Result<(), VaultError> {
        self.transact(stamp, |tx| {
            if words.is_empty() {
                return tx.end_draft(subject, cell);
            }
            let mut write = tx.sql.prepare_cached(
                "INSERT INTO draft (subject, cell, words, at_ms, by) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (subject, cell) DO UPDATE SET words = ?3, at_ms = ?4, by = ?5",
            )?;
            write.execute((subject, cell.to_string(), words, stamp.at.ms(), &*stamp.by))?;
            tx.state.head.drafts = digest(tx.sql)?;
            Ok(())
        })
    }

    /// The drafts of a form.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn drafts(&self, subject: &str, form: &FormKey) -> Result<Vec<Draft>, VaultError> {
        let mut all = self.all_drafts(subject)?;
        all.retain(|draft| draft.cell.form == *form);
        Ok(all)
    }

    /// The drafts of a subject: never many, as leaving a field ends its draft.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all_drafts(&self, subject: &str) -> Result<Vec<Draft>, VaultError> {
        let mut read = self.sql.prepare_cached("SELECT cell, words, at_ms, by FROM draft WHERE subject = ?1")?;
        let mut rows = read.query([subject])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let cell = row.get_ref(0)?.as_str()?.parse().map_err(|_| VaultError::damaged("a draft's place"))?;
            found.push(Draft {
                cell,
                words: row.get::<_, String>(1)?.into(),
                at: Instant::from_ms(row.get(2)?),
                by: row.get(3)?,
            });
        }
        Ok(found)
    }
}

impl Tx<'_> {
    /// Forgets the draft of a cell.
    pub(crate) fn end_draft(&mut self, subject: &str, cell: &CellKey) -> Result<(), VaultError> {
        let mut remove = self.sql.prepare_cached("DELETE FROM draft WHERE subject = ?1 AND cell = ?2")?;
        if remove.execute((subject, cell.to_string()))? > 0 {
            self.state.head.drafts = digest(self.sql)?;
        }
        Ok(())
    }
}

/// SHA-256 over all drafts. They are few: leaving a field ends its draft.
pub(crate) fn digest(sql: &Connection) -> Result<[u8; 32], VaultError> {
    let mut sum = seal::Sha256::new();
    let mut read = sql.prepare_cached("SELECT subject, cell, words, at_ms, by FROM draft ORDER BY subject, cell")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let at_ms: i64 = row.get(3)?;
        let parts = [
            row.get_ref(0)?.as_str()?,
            row.get_ref(1)?.as_str()?,
            row.get_ref(2)?.as_str()?,
            row.get_ref(4)?.as_str()?,
        ];
        for part in parts {
            sum.update(&(part.len() as u64).to_le_bytes());
            sum.update(part.as_bytes());
        }
        sum.update(&at_ms.to_le_bytes());
    }
    Ok(sum.finish())
}
