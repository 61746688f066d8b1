//! Reading: books, lists, lines, texts, settings.

use casebook::{Book, Line, Summary, TextCommit, TextRow, TrialState};
use study::FormKey;

use crate::entries::{self, OWN_LOG, Place};
use crate::fold::{FoldTables, read_sheets};
use crate::state::OtherLog;
use crate::{Open, VaultError, keys, records};

impl Open {
    /// A subject's book; an empty one for an unknown key.
    ///
    /// # Errors
    /// When the database refuses or folded rows can't be read (then [`Open::rebuild`] helps).
    pub fn book(&mut self, subject: &str) -> Result<&Book, VaultError> {
        self.be_sure()?;
        if !self.state.subjects.contains_key(subject) {
            return Ok(self.cache.blank());
        }
        let mut tables = FoldTables { sql: &self.sql, state: &mut self.state, studies: &self.studies };
        self.cache.recomputed(&mut tables, subject)
    }

    /// A subject's book, where [`Open::book`] read it into memory: for callers that look other things up meanwhile.
    pub fn book_in_memory(&self, subject: &str) -> Option<&Book> {
        self.cache.peek(subject)
    }

    /// What concerns no subject, where [`Open::trial_state`] read it into memory.
    pub fn trial_state_in_memory(&self) -> Option<&TrialState> {
        self.cache.peek_trial_state()
    }

    /// Some forms of a subject as a book of their own, for lists that look at a few answers of many subjects; none where
    /// nothing stands in them. The book knows neither the subject nor anything else of it, and is never written.
    ///
    /// # Errors
    /// When the database refuses or folded rows can't be read.
    pub fn sheets(&self, subject: &str, forms: &[FormKey]) -> Result<Option<Book>, VaultError> {
        match self.state.subjects.get(subject) {
            Some(no) => read_sheets(&self.sql, *no, forms),
            None => Ok(None),
        }
    }

    /// What concerns no subject.
    ///
    /// # Errors
    /// When the database refuses or folded rows can't be read.
    pub fn trial_state(&mut self) -> Result<&TrialState, VaultError> {
        self.be_sure()?;
        self.cache.trial_state(&FoldTables { sql: &self.sql, state: &mut self.state, studies: &self.studies })
    }

    /// Keys of all subjects, in the order of their first entry.
    pub fn subjects(&self) -> impl Iterator<Item = &str> {
        self.state.keys.iter().skip(1).map(|key| &**key)
    }

    /// One summary per subject, in the order of their first entry.
    ///
    /// # Errors
    /// When the database refuses or folded rows can't be read.
    pub fn summaries(&self) -> Result<Vec<Summary>, VaultError> {
        let mut read = self.sql.prepare_cached("SELECT value FROM summary ORDER BY subject")?;
        let mut rows = read.query([])?;
        let mut found = Vec::with_capacity(self.state.subjects.len());
        while let Some(row) = rows.next()? {
            found.push(Summary::from_row(row.get_ref(0)?.as_blob()?)?);
        }
        Ok(found)
    }

    /// All entries about a subject, log by log, each log in its order.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lines(&self, subject: &str) -> Result<Vec<Line>, VaultError> {
        let mut lines = Vec::new();
        if let Some(no) = self.state.subjects.get(subject) {
            entries::of_subject(&self.sql, *no, |_, line| {
                lines.push(line);
                Ok(())
            })?;
        }
        Ok(lines)
    }

    /// How many entries about a subject the center has not confirmed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn unsent_of(&self, subject: &str) -> Result<u64, VaultError> {
        let Some(no) = self.state.subjects.get(subject) else { return Ok(0) };
        let from = Place::new(OWN_LOG, self.state.head.acknowledged + 1);
        let mut read = self.sql.prepare_cached("SELECT count(*) FROM about WHERE subject = ?1 AND place >= ?2")?;
        Ok(read.query_row((no, from.0), |row| row.get(0))?)
    }

    /// One entry.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn line(&self, log: &str, seq: u64) -> Result<Option<Line>, VaultError> {
        let Some(no) = self.log_no(log) else { return Ok(None) };
        entries::bytes(&self.sql, Place::new(no, seq))?.map(entries::line).transpose()
    }

    /// The entries of a log that tell an act of this name, in order.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lines_of_act(&self, log: &str, act: &str) -> Result<Vec<Line>, VaultError> {
        let Some(no) = self.log_no(log) else { return Ok(Vec::new()) };
        entries::of_act(&self.sql, no, act)
    }

    /// A free text; `None` when it was redacted or has not come yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn text(&self, id: &TextCommit) -> Result<Option<TextRow>, VaultError> {
        entries::text(&self.sql, id)
    }

    /// A setting. The device's secrets are not given here.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
        if keys::is_secret(key) { Ok(None) } else { records::setting(&self.sql, key) }
    }

    /// A file stored under its SHA-256.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn stored(&self, id: &[u8; 32]) -> Result<Option<Vec<u8>>, VaultError> {
        records::stored(&self.sql, id)
    }

    /// How far every log is held without a gap: this device's own first.
    pub fn logs(&self) -> Vec<LogHeld> {
        let end = self.state.head.log.end;
        let own = LogHeld { log: self.state.card.device.clone(), seq: end.seq, head: end.head };
        let mut others: Vec<LogHeld> = self
            .state
            .logs
            .iter()
            .filter(|(_, log)| log.end.seq > 0)
            .map(|(id, OtherLog { end, .. })| LogHeld { log: id.to_string(), seq: end.seq, head: end.head })
            .collect();
        others.sort_by(|a, b| a.log.cmp(&b.log));
        std::iter::once(own).chain(others).collect()
    }

    /// A log's number, if it is known.
    pub(crate) fn log_no(&self, log: &str) -> Option<i64> {
        if log == self.state.card.device { Some(OWN_LOG) } else { self.state.logs.get(log).map(|log| log.no) }
    }
}

/// How far a log is held without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogHeld {
    /// The log.
    pub log: String,
    /// Last entry.
    pub seq: u64,
    /// Its id.
    pub head: casebook::EntryId,
}
