//! The one write door: entries, texts, folded rows, digest and counters in one synced transaction, or nothing.

use casebook::act::AlarmRaised;
use casebook::fold::BookCache;
use casebook::{Act, Book, EntryId, FreeTextId, Line, Stamp, TextRow, TrialState};
use rusqlite::Connection;

use crate::entries::{self, OWN_LOG, Place};
use crate::fold::FoldTables;
use crate::state::State;
use crate::studies::Studies;
use crate::{Alarm, Open, VaultError, records};

/// The only thing that can write: lent to the closure that [`Open::transact`] runs.
pub struct Tx<'a> {
    pub(crate) sql: &'a Connection,
    pub(crate) state: &'a mut State,
    pub(crate) cache: &'a mut BookCache,
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
        let Self { sql, state, cache, studies, .. } = self;
        let mut tx = Tx { sql, state, cache, studies, stamp };
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

    /// Journals alarms in the program's own name. Those noticed on unlock are journaled there; this is for what the
    /// verification finds.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn journal_alarms(&mut self, alarms: &[Alarm], stamp: &Stamp) -> Result<(), VaultError> {
        if alarms.is_empty() {
            return Ok(());
        }
        self.transact(stamp, |tx| {
            for alarm in alarms {
                let place = alarm.place().chars().take(200).collect();
                tx.write_as_system(AlarmRaised { code: alarm.code().to_owned(), place })?;
            }
            Ok(())
        })
    }

    /// Back to what the disk holds.
    fn undo(&mut self, mut broken: bool) -> Result<(), VaultError> {
        if !self.sql.is_autocommit() {
            broken |= self.sql.execute_batch("ROLLBACK").is_err();
        }
        self.cache.clear();
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
        let stamp = self.stamp;
        self.write_stamped(act.into(), stamp)
    }

    /// Like [`Self::write`], in the name of the program itself.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_as_system(&mut self, act: impl Into<Act>) -> Result<EntryId, VaultError> {
        self.write_stamped(act.into(), &self.stamp.by_system())
    }

    fn write_stamped(&mut self, act: Act, stamp: &Stamp) -> Result<EntryId, VaultError> {
        let version = self.version_for(&act)?;
        let mut writer = self.state.writer();
        let written = writer.next(act, version, stamp, seal::sha256)?;
        self.state.head.log = writer.head;
        for line in written.lines() {
            self.state.head.count_pending(line.entry());
            self.fold(Place::new(OWN_LOG, line.entry().seq), line)?;
        }
        Ok(written.line.id())
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
        let (cache, mut tables) = self.cached();
        match act.subject() {
            Some(key) => cache
                .for_change(&mut tables, key)?
                .apply(line.id(), line.entry())
                .map_err(|_| VaultError::damaged("an entry is filed under another subject")),
            None => {
                cache.trial_state_for_change(&tables)?.apply(line.id(), line.entry());
                Ok(())
            }
        }
    }

    /// The open books, and the tables from which others are read.
    pub(crate) fn cached(&mut self) -> (&mut BookCache, FoldTables<'_>) {
        (&mut *self.cache, FoldTables { sql: self.sql, state: &mut *self.state, studies: &*self.studies })
    }

    /// Keeps a free text beside the journal and gives what the act is to hold of it.
    ///
    /// # Errors
    /// [`VaultError::Text`] when it is too long to be sent, or the database refuses.
    pub fn text(&mut self, words: &str) -> Result<FreeTextId, VaultError> {
        let row = TextRow::new(&*seal::random()?, words, seal::sha256)?;
        entries::keep_text(self.sql, &row)?;
        Ok(FreeTextId { text: row.commit })
    }

    /// A subject's book with everything written so far in this transaction, recomputed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn book(&mut self, subject: &str) -> Result<&Book, VaultError> {
        let (cache, mut tables) = self.cached();
        if tables.state.subjects.contains_key(subject) {
            cache.recomputed(&mut tables, subject)
        } else {
            Ok(cache.blank())
        }
    }

    /// A subject's book with everything written so far in this transaction. What the rules make of it may be missing:
    /// that is computed once, before the commit.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn folded(&mut self, subject: &str) -> Result<&Book, VaultError> {
        let (cache, mut tables) = self.cached();
        if tables.state.subjects.contains_key(subject) { cache.folded(&mut tables, subject) } else { Ok(cache.blank()) }
    }

    /// What concerns no subject: people, devices, study versions, transport.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn trial_state(&mut self) -> Result<&TrialState, VaultError> {
        let (cache, tables) = self.cached();
        cache.trial_state(&tables)
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

    /// Writes what the fold changed, and the head.
    fn finish(mut self) -> Result<(), VaultError> {
        let (cache, mut tables) = self.cached();
        cache.write_all(&mut tables)?;
        self.state.head.write(self.sql)
    }
}
