//! Entries of other logs: linked when they follow, parked when something before them is missing, kept apart when they
//! contradict what is held. Nothing that arrived is ever dropped.

use casebook::{EntryId, Line, Link, LogEnd, TextRow};
use rusqlite::OptionalExtension;

use crate::entries::{self, GREATEST_SEQ, OWN_LOG, Place};
use crate::state::OtherLog;
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
    /// Contradict what is held, or say what their log may not, and are kept apart.
    pub quarantined: u64,
    /// For each log with a gap, the sequence number that it waits for.
    pub expects: Vec<(String, u64)>,
    /// Logs that forked, with the first sequence number that is known to have two ids.
    pub forks: Vec<(String, u64)>,
}

impl Tx<'_> {
    /// Takes one line into account. Lines of one log come in their order; texts are brought by [`Tx::keep_text`].
    ///
    /// # Errors
    /// When the database refuses; no line is refused for what it says.
    pub fn receive(&mut self, line: &Line, so_far: &mut Received) -> Result<(), VaultError> {
        let (log, seq) = (line.entry().log.as_str(), line.entry().seq);
        if seq > GREATEST_SEQ {
            return self.quarantine(line, so_far);
        }
        if log == self.state.card.device {
            let link = self.state.head.log.end.judge_own(line, |seq| self.id_at(OWN_LOG, seq))?;
            return self.take(None, line, link, so_far);
        }
        let known = self.state.log(self.sql, log)?;
        let link = known.end.judge(line, |seq| self.id_at(known.no, seq))?;
        self.take(Some(known), line, link, so_far)
    }

    /// Keeps a line apart that its log had no right to say: it is neither linked nor folded, and what follows it waits.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keep_apart(&mut self, line: &Line, so_far: &mut Received) -> Result<(), VaultError> {
        self.quarantine(line, so_far)
    }

    /// Does with a line what its link asks for. `known` is its log, none where it is this device's own, which never
    /// follows from elsewhere.
    fn take(
        &mut self,
        known: Option<OtherLog>,
        line: &Line,
        link: Link,
        so_far: &mut Received,
    ) -> Result<(), VaultError> {
        let log = &line.entry().log;
        match (link, known) {
            (Link::Known, _) => {
                so_far.held += 1;
                Ok(())
            }
            (Link::Gap { expects }, _) => {
                note(&mut so_far.expects, log, expects);
                self.park(line, so_far)
            }
            (Link::Fork { at }, _) => {
                note(&mut so_far.forks, log, at);
                self.quarantine(line, so_far)
            }
            (Link::Follows, None) => self.quarantine(line, so_far),
            (Link::Follows, Some(known)) => {
                let known = self.link(known, line)?;
                so_far.accepted += 1;
                self.unpark(log, known, so_far)
            }
        }
    }

    pub(crate) fn id_at(&self, log: i64, seq: u64) -> Result<Option<EntryId>, VaultError> {
        Ok(entries::bytes(self.sql, Place::new(log, seq))?.map(|line| EntryId(seal::sha256(&line))))
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

    fn link(&mut self, known: OtherLog, line: &Line) -> Result<OtherLog, VaultError> {
        self.fold(Place::new(known.no, line.entry().seq), line)?;
        self.state.head.log.see(line.entry().tick, self.stamp.at);
        let known = OtherLog { end: LogEnd::of(line), ..known };
        self.state.extend_log(self.sql, &line.entry().log, known)?;
        Ok(known)
    }

    /// Judges anew what was parked behind a gap that has closed.
    fn unpark(&mut self, log: &str, mut known: OtherLog, so_far: &mut Received) -> Result<(), VaultError> {
        if !self.is_waited_for(log)? {
            return Ok(());
        }
        let mut next = known.end.seq;
        while next <= known.end.seq + 1 {
            let Some(bytes) = self.take_parked(log, next)? else {
                next += 1;
                continue;
            };
            let line = entries::line(bytes)?;
            match known.end.judge(&line, |seq| self.id_at(known.no, seq))? {
                Link::Follows => {
                    known = self.link(known, &line)?;
                    so_far.accepted += 1;
                }
                Link::Known => {}
                Link::Gap { .. } => self.park(&line, so_far)?,
                Link::Fork { at } => {
                    note(&mut so_far.forks, log, at);
                    self.quarantine(&line, so_far)?;
                }
            }
        }
        so_far.expects.retain(|(gap, _)| gap != log);
        if self.is_waited_for(log)? {
            note(&mut so_far.expects, log, known.end.seq + 1);
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

fn note(list: &mut Vec<(String, u64)>, log: &str, seq: u64) {
    if !list.iter().any(|(known, _)| known == log) {
        list.push((log.to_owned(), seq));
    }
}
