//! What was typed and not yet left: kept every second, so that a power cut loses at most that second.

use casebook::{Instant, Private};
use rusqlite::Connection;
use study::{CellKey, FormKey};

use crate::{Open, Stamp, VaultError};

/// What was typed into a cell and is not yet an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The cell.
    pub cell: CellKey,
    /// What was typed, as it was typed.
    pub words: Private,
    /// When.
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
        if words.is_empty() {
            return remove(&self.sql, subject, cell);
        }
        let mut write = self.sql.prepare_cached(
            "INSERT INTO draft (subject, cell, words, at_ms, by) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (subject, cell) DO UPDATE SET words = ?3, at_ms = ?4, by = ?5",
        )?;
        write.execute((subject, cell.to_string(), words, stamp.at.ms(), &*stamp.by))?;
        Ok(())
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

/// Forgets the draft of a cell.
pub(crate) fn remove(sql: &Connection, subject: &str, cell: &CellKey) -> Result<(), VaultError> {
    sql.prepare_cached("DELETE FROM draft WHERE subject = ?1 AND cell = ?2")?.execute((subject, cell.to_string()))?;
    Ok(())
}
