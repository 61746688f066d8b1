//! The one write door: entries, texts, folded rows, digest and counters in one synced transaction, or nothing.

use std::sync::Arc;

use casebook::act::{Act, ClockFault, ClockSuspected};
use casebook::{Book, Entry, EntryId, Line, Roster, TextRow, Words};
use rusqlite::Connection;
use study::Oid;

use crate::entries::{self, OWN_LOG, Place};
use crate::shelf::Shelf;
use crate::state::State;
use crate::studies::Studies;
use crate::{Open, Stamp, VaultError, records};

/// The only thing that can write: lent to the closure that [`Open::transact`] runs.
pub struct Tx<'a> {
    pub(crate) sql: &'a Connection,
    pub(crate) state: &'a mut State,
    pub(crate) shelf: &'a mut Shelf,
    pub(crate) studies: &'a mut Studies,
    pub(crate) stamp: &'a Stamp,
}

impl Open {
    /// Runs `work`; what it wrote is on the disk, synced, when this returns `Ok`. After an error nothing of it is.
    ///
    /// # Errors
    /// Those of `work`, and [`VaultError::Full`], `Io` or `Sql` when the commit failed; the vault stays usable.
    pub fn transact<T, E: From<VaultError>>(
        &mut self,
        stamp: &Stamp,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.sql.is_autocommit() {
            // The last closure panicked: nothing of it may stay.
            self.undo(false)?;
        }
        run(&self.sql, "BEGIN IMMEDIATE")?;
        let Self { sql, state, shelf, studies, .. } = self;
        let mut tx = Tx { sql, state, shelf, studies, stamp };
        let done = match work(&mut tx) {
            Ok(done) => tx.finish().map(|()| done).map_err(E::from),
            Err(refused) => Err(refused),
        };
        match done {
            Ok(done) => match run(&self.sql, "COMMIT") {
                Ok(()) => Ok(done),
                Err(error) => {
                    self.undo(error.breaks_connection())?;
                    Err(error.into())
                }
            },
            Err(refused) => {
                self.undo(false)?;
                Err(refused)
            }
        }
    }

    /// Back to what the disk holds.
    fn undo(&mut self, mut broken: bool) -> Result<(), VaultError> {
        if !self.sql.is_autocommit() {
            broken |= self.sql.execute_batch("ROLLBACK").is_err();
        }
        self.shelf.clear();
        if broken {
            self.reconnect()?;
        }
        match State::read(&self.sql) {
            Ok(state) => self.state = state,
            Err(_) => {
                self.reconnect()?;
                self.state = State::read(&self.sql)?;
            }
        }
        self.reread_studies()
    }
}

fn run(sql: &Connection, statement: &str) -> Result<(), VaultError> {
    sql.prepare_cached(statement)?.execute([])?;
    Ok(())
}

impl Tx<'_> {
    /// Writes one act as the next entry of this device's log and folds it.
    ///
    /// # Errors
    /// When the act can't be an entry, or the database refuses.
    pub fn write(&mut self, act: impl Into<Act>) -> Result<EntryId, VaultError> {
        self.mind_the_clock()?;
        self.write_by(act.into(), self.stamp.by.clone())
    }

    /// Like [`Self::write`], in the name of the program itself.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_as_system(&mut self, act: impl Into<Act>) -> Result<EntryId, VaultError> {
        self.mind_the_clock()?;
        self.write_by(act.into(), casebook::act::SYSTEM.into())
    }

    fn write_by(&mut self, act: Act, by: Arc<str>) -> Result<EntryId, VaultError> {
        let mdv = self.version_for(&act)?;
        let head = &mut self.state.head;
        let is_change = act.is_change();
        let tick = head.tick.next(self.stamp.at);
        let entry = Entry {
            v: casebook::VERSION,
            study: Oid::from(self.state.card.study.as_str()),
            log: Oid::from(self.state.card.device.as_str()),
            seq: head.seq + 1,
            prev: head.head,
            at: self.stamp.at,
            tz: self.stamp.tz,
            tick,
            by: Oid::from(&*by),
            mdv,
            act,
        };
        let line = Line::write(entry, seal::sha256)?;
        head.seq += 1;
        head.head = line.id();
        head.at = self.stamp.at;
        head.tick = tick;
        if is_change {
            if head.pending == 0 {
                head.pending_at = self.stamp.at;
            }
            head.pending += 1;
        }
        let place = Place::new(OWN_LOG, head.seq);
        self.fold(place, &line)?;
        Ok(line.id())
    }

    /// Stores a line, whosever it is, and folds it.
    pub(crate) fn fold(&mut self, place: Place, line: &Line) -> Result<(), VaultError> {
        let act = &line.entry().act;
        let subject = match act.subject() {
            Some(key) => self.state.subject(self.sql, key.as_str())?,
            None => 0,
        };
        entries::insert(self.sql, place, subject, line.bytes())?;
        match act {
            Act::ItemsSet(set) if place.log() == OWN_LOG => {
                for item in &set.items {
                    let cell = set.form.cell(&item.group, &item.repeat, &item.item);
                    self.end_draft(&set.subject, &cell)?;
                }
            }
            Act::TextRedacted(redacted) => entries::redact(self.sql, &redacted.text)?,
            _ => {}
        }
        if subject == 0 {
            self.shelf.roster_for_change(self.sql)?.apply(line.id(), line.entry());
        } else {
            let book = self.shelf.for_change(self.sql, self.state, self.studies, subject)?;
            book.apply(line.id(), line.entry())
                .map_err(|_| VaultError::damaged("an entry is filed under another subject"))?;
        }
        Ok(())
    }

    /// Keeps a free text beside the journal and gives what the act is to hold of it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn text(&mut self, words: &str) -> Result<Words, VaultError> {
        let row = TextRow::new(&*seal::random()?, words, seal::sha256);
        entries::keep_text(self.sql, &row)?;
        Ok(Words { text: row.commit })
    }

    /// A subject's book with everything written so far in this transaction, settled.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn book(&mut self, subject: &str) -> Result<&Book, VaultError> {
        match self.state.subjects.get(subject).copied() {
            Some(no) => self.shelf.settled(self.sql, self.state, self.studies, no),
            None => Ok(self.shelf.blank()),
        }
    }

    /// A subject's book with everything written so far in this transaction. What the rules make of it may be missing:
    /// that is computed once, before the commit.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn folded(&mut self, subject: &str) -> Result<&Book, VaultError> {
        match self.state.subjects.get(subject).copied() {
            Some(no) => self.shelf.folded(self.sql, self.state, self.studies, no),
            None => Ok(self.shelf.blank()),
        }
    }

    /// What concerns no subject: people, devices, study versions, transport.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn roster(&mut self) -> Result<&Roster, VaultError> {
        self.shelf.roster(self.sql)
    }

    /// Writes a setting.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn set(&mut self, key: &str, value: &[u8]) -> Result<(), VaultError> {
        records::set(self.sql, &mut self.state.card.side, key, value)?;
        self.state.card.write(self.sql)
    }

    /// Stores a file under its SHA-256.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn store(&mut self, bytes: &[u8]) -> Result<[u8; 32], VaultError> {
        let id = records::store(self.sql, &mut self.state.card.side, bytes)?;
        self.state.card.write(self.sql)?;
        Ok(id)
    }

    /// Journals once that the wall clock stands before the last entry's time. The next entry is then no longer
    /// earlier than its predecessor, so that a wrong clock says this once and not at every field.
    fn mind_the_clock(&mut self) -> Result<(), VaultError> {
        let head = &self.state.head;
        if self.stamp.at >= head.at {
            return Ok(());
        }
        let suspected = ClockSuspected { why: ClockFault::Backwards, tick: head.tick, against: head.at };
        self.write_by(suspected.into(), casebook::act::SYSTEM.into())?;
        Ok(())
    }

    /// Writes what the fold changed, and the head.
    fn finish(self) -> Result<(), VaultError> {
        self.shelf.write_all(self.sql, self.state, self.studies)?;
        self.state.head.write(self.sql)
    }
}
