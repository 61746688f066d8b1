//! Entries of other logs: linked when they follow, parked when something before them is missing, kept apart when they
//! contradict what is held. Nothing that arrived is ever dropped.

use casebook::{EntryId, Line, TextRow};
use rusqlite::OptionalExtension;

use crate::entries::{self, GREATEST_SEQ, OWN_LOG, Place};
use crate::state::LogEnd;
use crate::{Tx, VaultError};

/// What became of received entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// New, linked and folded; parked ones that now follow count here.
    pub accepted: u64,
    /// Held already, equal.
    pub held: u64,
    /// Kept until what precedes them arrives.
    pub parked: u64,
    /// Contradict what is held, and are kept apart.
    pub quarantined: u64,
    /// For each log with a gap, the sequence number that it waits for.
    pub expects: Vec<(String, u64)>,
    /// Logs that forked, with the first sequence number that has two ids.
    pub forks: Vec<(String, u64)>,
}

impl Tx<'_> {
    /// Takes one line into account. Lines of one log come in their order; texts are brought by [`Tx::keep_text`].
    ///
    /// # Errors
    /// When the database refuses; no line is refused for what it says.
    pub fn receive(&mut self, line: &Line, so_far: &mut Received) -> Result<(), VaultError> {
        let entry = line.entry();
        let (log, seq) = (entry.log.to_string(), entry.seq);
        if seq > GREATEST_SEQ {
            return self.quarantine(line, so_far);
        }
        if log == self.state.card.device {
            return self.receive_own(line, so_far);
        }
        let end = self.state.log(self.sql, &log)?;
        if seq <= end.seq {
            return self.receive_known(end.no, line, so_far);
        }
        if seq > end.seq + 1 {
            self.park(line, so_far)?;
            note(&mut so_far.expects, log, end.seq + 1);
            return Ok(());
        }
        if entry.prev != end.head {
            note(&mut so_far.forks, log, seq);
            return self.quarantine(line, so_far);
        }
        let end = self.link(end, line)?;
        so_far.accepted += 1;
        self.unpark(&log, end, so_far)
    }

    /// Keeps a text that arrived; one that does not fit its commitment is refused.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when salt and text do not give the commitment.
    pub fn keep_text(&mut self, text: &TextRow) -> Result<(), VaultError> {
        if !text.holds(seal::sha256) {
            return Err(VaultError::damaged("a text does not fit its commitment"));
        }
        entries::keep_text(self.sql, text)
    }

    /// This device's own log, coming back: all of it must be known here.
    fn receive_own(&mut self, line: &Line, so_far: &mut Received) -> Result<(), VaultError> {
        if line.entry().seq <= self.state.head.seq {
            return self.receive_known(OWN_LOG, line, so_far);
        }
        // Somebody holds more of this log than this vault does: a copy was written to, or this is one.
        note(&mut so_far.forks, line.entry().log.to_string(), line.entry().seq);
        self.quarantine(line, so_far)
    }

    fn receive_known(&mut self, no: i64, line: &Line, so_far: &mut Received) -> Result<(), VaultError> {
        let seq = line.entry().seq;
        if entries::bytes(self.sql, Place::new(no, seq))?.is_some_and(|held| held == line.bytes()) {
            so_far.held += 1;
            return Ok(());
        }
        note(&mut so_far.forks, line.entry().log.to_string(), seq);
        self.quarantine(line, so_far)
    }

    fn link(&mut self, end: LogEnd, line: &Line) -> Result<LogEnd, VaultError> {
        let entry = line.entry();
        self.fold(Place::new(end.no, entry.seq), line)?;
        self.state.head.tick = self.state.head.tick.max(entry.tick);
        let end = LogEnd { seq: entry.seq, head: line.id(), ..end };
        self.state.extend_log(self.sql, &entry.log, end)?;
        Ok(end)
    }

    /// Links what was parked behind a gap that has closed.
    fn unpark(&mut self, log: &str, mut end: LogEnd, so_far: &mut Received) -> Result<(), VaultError> {
        if !self.is_waited_for(log)? {
            return Ok(());
        }
        let mut next = end.seq;
        while next <= end.seq + 1 {
            let Some(bytes) = self.take_parked(log, next)? else {
                next += 1;
                continue;
            };
            let line = entries::line(bytes)?;
            if next == end.seq + 1 && line.entry().prev == end.head {
                end = self.link(end, &line)?;
                so_far.accepted += 1;
            } else if line.id() != end.head {
                note(&mut so_far.forks, log.to_owned(), next);
                self.quarantine(&line, so_far)?;
            }
        }
        so_far.expects.retain(|(gap, _)| gap != log);
        if self.is_waited_for(log)? {
            note(&mut so_far.expects, log.to_owned(), end.seq + 1);
        }
        Ok(())
    }

    fn is_waited_for(&self, log: &str) -> Result<bool, VaultError> {
        let mut read = self.sql.prepare_cached("SELECT EXISTS (SELECT 1 FROM parked WHERE log = ?1)")?;
        Ok(read.query_row([log], |row| row.get(0))?)
    }

    fn take_parked(&mut self, log: &str, seq: u64) -> Result<Option<Vec<u8>>, VaultError> {
        let found: Option<([u8; 32], Vec<u8>)> = self
            .sql
            .prepare_cached("SELECT id, line FROM parked WHERE log = ?1 AND seq = ?2 LIMIT 1")?
            .query_row((log, seq), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((id, line)) = found else { return Ok(None) };
        self.sql
            .prepare_cached("DELETE FROM parked WHERE log = ?1 AND seq = ?2 AND id = ?3")?
            .execute((log, seq, id))?;
        Ok(Some(line))
    }

    fn park(&mut self, line: &Line, so_far: &mut Received) -> Result<(), VaultError> {
        let added =
            self.put_aside("INSERT OR IGNORE INTO parked (log, seq, id, line) VALUES (?1, ?2, ?3, ?4)", line)?;
        *(if added { &mut so_far.parked } else { &mut so_far.held }) += 1;
        Ok(())
    }

    fn quarantine(&mut self, line: &Line, so_far: &mut Received) -> Result<(), VaultError> {
        let added =
            self.put_aside("INSERT OR IGNORE INTO quarantine (log, seq, id, line) VALUES (?1, ?2, ?3, ?4)", line)?;
        *(if added { &mut so_far.quarantined } else { &mut so_far.held }) += 1;
        Ok(())
    }

    fn put_aside(&mut self, insert: &str, line: &Line) -> Result<bool, VaultError> {
        let (EntryId(id), entry) = (line.id(), line.entry());
        // Beyond SQLite's integers a number is only kept as the greatest one; the line itself is whole.
        let seq = entry.seq.min(i64::MAX.unsigned_abs());
        Ok(self.sql.prepare_cached(insert)?.execute((entry.log.as_str(), seq, id, line.bytes()))? == 1)
    }
}

fn note(list: &mut Vec<(String, u64)>, log: String, seq: u64) {
    if !list.iter().any(|(known, _)| *known == log) {
        list.push((log, seq));
    }
}
