//! The one write door: entries, texts, folded rows, digest and counters in one synced transaction, or nothing.

use casebook::act::{AlarmRaised, SessionOpened};
use casebook::fold::BookCache;
use casebook::{Act, Book, EntryId, FreeTextId, Line, Stamp, TextRow, TrialState};
use rusqlite::Connection;
use study::Oid;

use crate::attempts::{Asked, RefusedLogin};
use crate::entries::{self, OWN_LOG, Place};
use crate::faults::{self, Call};
use crate::fold::FoldTables;
use crate::open::{Footing, Unsaid};
use crate::state::State;
use crate::studies::Studies;
use crate::untold::{Recovered, Untold};
use crate::{Alarm, Open, VaultError, checkpoint, device_keys, folder, records};

/// The only thing that can write: lent to the closure that [`Open::transact`] runs.
pub struct Tx<'a> {
    pub(crate) sql: &'a Connection,
    pub(crate) state: &'a mut State,
    pub(crate) cache: &'a mut BookCache,
    pub(crate) studies: &'a mut Studies,
    pub(crate) stamp: &'a Stamp,
    /// Whether the log may not be written.
    pub(crate) holds_back: bool,
}

impl Open {
    /// Runs `work`; what it wrote is on the disk, synced, when this returns `Ok`. After an error nothing of it is.
    ///
    /// Nothing is written while it is in doubt what the disk holds: that is found out first. An act that would come before the
    /// session's own beginning waits for that.
    ///
    /// # Errors
    /// Those of [`Open::goes_on`]. Those of `work`, and [`VaultError::Full`], `Io` or `Database` when the commit failed; the vault
    /// stays usable.
    pub fn transact<T, E: From<VaultError>>(
        &mut self,
        stamp: &Stamp,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.state.untold {
            // Where the new keys can't be told now, no act waits for that.
            let _ = self.say(stamp);
        }
        self.regain()?;
        self.goes_on()?;
        if self.unsaid.session {
            self.say(stamp)?;
        }
        self.all_or_nothing(stamp, work)
    }

    /// Journals alarms in the program's own name. Those noticed on unlock are journaled there; this is for what the
    /// verification finds, and for what was noted since.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn journal_alarms(&mut self, alarms: &[Alarm], stamp: &Stamp) -> Result<(), VaultError> {
        self.regain()?;
        self.goes_on()?;
        self.say(stamp)?;
        if alarms.is_empty() {
            return Ok(());
        }
        self.all_or_nothing(stamp, |tx| alarms.iter().try_for_each(|alarm| tx.write_alarm(alarm)))
    }

    /// Runs work that writes entries only where the log goes on: key slots change also while it may not be written.
    ///
    /// # Errors
    /// As [`Open::transact`]; [`VaultError::AwaitsCenter`] only where `work` writes an entry.
    pub(crate) fn transact_beside<T, E: From<VaultError>>(
        &mut self,
        stamp: &Stamp,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.holds_back() {
            return self.transact(stamp, work);
        }
        self.regain()?;
        self.all_or_nothing(stamp, work)
    }

    /// Whether the log may be written.
    ///
    /// # Errors
    /// [`VaultError::AwaitsCenter`] in a vault that is a copy of what was there once; [`VaultError::CheckpointUnread`].
    pub fn goes_on(&self) -> Result<(), VaultError> {
        match () {
            () if self.awaits_center() => Err(VaultError::AwaitsCenter),
            () if self.unread => Err(VaultError::CheckpointUnread),
            () => Ok(()),
        }
    }

    /// Journals what it does not say yet: what was noticed, then the session's beginning, which raises the epoch, and then the
    /// device's new keys. While the log may not be written it is kept.
    pub(crate) fn say(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        let is_all_said = self.unsaid.alarms.is_empty() && !self.unsaid.session && !self.state.untold;
        if self.holds_back() || is_all_said {
            return Ok(());
        }
        self.regain()?;
        let stamp = Stamp { by: self.user.clone(), ..stamp.clone() };
        let unsaid = std::mem::take(&mut self.unsaid);
        let said = self.all_or_nothing(&stamp, |tx| tx.write_unsaid(&unsaid));
        match said {
            Ok(()) => {
                self.forget(&Alarm::Unjournaled);
                if unsaid.session {
                    self.admitted(unsaid.refused.len());
                }
            }
            Err(_) => self.unsaid = unsaid,
        }
        said
    }

    /// Forgets the failures of whoever was let in, and refusals that the journal tells now.
    pub(crate) fn admitted(&mut self, journaled: usize) {
        let asked = Asked { folder: &self.folder, account: Some(&*self.user) };
        if asked.journaled(journaled).is_err() {
            self.note(Alarm::AttemptsUnkept);
        }
    }

    pub(crate) fn all_or_nothing<T, E: From<VaultError>>(
        &mut self,
        stamp: &Stamp,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // Until this has ended well; also where `work` panics.
        self.footing = Footing::Unread;
        let (refused, broken) = match self.attempt(stamp, work) {
            Ok(done) => {
                self.footing = Footing::Firm;
                return Ok(done);
            }
            Err(refused) => refused,
        };
        // Where that fails, the next act begins with it.
        let _ = self.undo(broken);
        Err(refused)
    }

    /// The transaction itself; an error comes with whether the connection is broken.
    fn attempt<T, E: From<VaultError>>(
        &mut self,
        stamp: &Stamp,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, (E, bool)> {
        let of_the_door = |error: VaultError| {
            let broken = error.breaks_connection();
            (E::from(error), broken)
        };
        run(&self.sql, "BEGIN IMMEDIATE").map_err(of_the_door)?;
        let holds_back = self.holds_back();
        let Self { sql, state, cache, studies, .. } = self;
        let mut tx = Tx { sql, state, cache, studies, stamp, holds_back };
        let done = work(&mut tx).map_err(|refused| (refused, false))?;
        tx.finish().map_err(of_the_door)?;
        faults::before_database(Call::Commit, &self.folder.database()).map_err(|error| of_the_door(error.into()))?;
        run(&self.sql, "COMMIT").map_err(of_the_door)?;
        Ok(done)
    }

    /// Onto firm ground: connection and memory are what the disk holds, under the name that the next unlock finds.
    ///
    /// # Errors
    /// Why that can't be known or done now. Nothing may be written then; it is tried again before the next act.
    pub(crate) fn regain(&mut self) -> Result<(), VaultError> {
        match self.footing.clone() {
            Footing::Firm => return Ok(()),
            Footing::Unread | Footing::ReadOnly => self.undo(true)?,
            Footing::Between(key) => {
                self.reopen(&key)?;
                self.read_anew()?;
                self.footing = Footing::Unnamed;
            }
            Footing::Unnamed => {}
        }
        if matches!(self.footing, Footing::Unnamed) {
            folder::sync_name(&self.folder.database())?;
            self.footing = Footing::Firm;
            self.tidy();
        }
        self.forget(&Alarm::ReadOnly);
        Ok(())
    }

    /// Where it is in doubt what is in memory, onto firm ground; where nothing can be written, what is read is sure all the same.
    pub(crate) fn be_sure(&mut self) -> Result<(), VaultError> {
        match self.footing {
            Footing::Firm | Footing::Unnamed | Footing::ReadOnly => Ok(()),
            Footing::Unread | Footing::Between(_) => self.regain(),
        }
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
        if self.read_anew().is_err() {
            self.reconnect()?;
            self.read_anew()?;
        }
        self.footing = Footing::Firm;
        Ok(())
    }

    /// Everything in memory, from the disk.
    fn read_anew(&mut self) -> Result<(), VaultError> {
        self.cache.clear();
        self.state = State::read(&self.sql)?;
        checkpoint::adopt_end(&self.sql, &mut self.state)?;
        self.device = device_keys::signing_key(&self.sql)?;
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

    fn write_alarm(&mut self, alarm: &Alarm) -> Result<(), VaultError> {
        let place = alarm.place().chars().take(200).collect();
        self.write_as_system(AlarmRaised { code: alarm.code().to_owned(), place }).map(drop)
    }

    /// Journals what was noticed, then the sessions whose beginning was kept, this session's, who came in by codes, and the
    /// device's new keys. What an earlier session could not tell comes with it.
    pub(crate) fn write_unsaid(&mut self, unsaid: &Unsaid) -> Result<(), VaultError> {
        let Untold { alarms, recovered, sessions } = self.take_untold(unsaid)?;
        self.write_noticed(&alarms, &unsaid.refused)?;
        sessions.into_iter().try_for_each(|user| self.begin_session(user))?;
        if unsaid.session {
            self.begin_session(self.stamp.by.clone())?;
        }
        recovered.iter().try_for_each(|one| self.write_recovered(one))?;
        self.tell_keys()
    }

    /// Tells what was noticed before a session, and which passwords were refused.
    pub(crate) fn write_noticed(&mut self, alarms: &[Alarm], refused: &[RefusedLogin]) -> Result<(), VaultError> {
        alarms.iter().try_for_each(|alarm| self.write_alarm(alarm))?;
        self.write_refusals(refused)
    }

    /// Raises the epoch and journals the beginning of somebody's session.
    pub(crate) fn begin_session(&mut self, user: Oid) -> Result<(), VaultError> {
        self.state.head.epoch += 1;
        let stamp = Stamp { by: user.clone(), ..self.stamp.clone() };
        self.write_stamped(SessionOpened { user }.into(), &stamp).map(drop)
    }

    /// Tells in somebody's name that recovery codes let that person in.
    pub(crate) fn write_recovered(&mut self, one: &Recovered) -> Result<(), VaultError> {
        let stamp = Stamp { by: one.user.clone(), ..self.stamp.clone() };
        one.acts().try_for_each(|act| self.write_stamped(act, &stamp).map(drop))
    }

    /// Tells in somebody's name that recovery codes were used that give no other password.
    pub(crate) fn write_used(&mut self, one: &Recovered) -> Result<(), VaultError> {
        let stamp = Stamp { by: one.user.clone(), ..self.stamp.clone() };
        one.used().try_for_each(|act| self.write_stamped(act, &stamp).map(drop))
    }

    fn write_stamped(&mut self, act: Act, stamp: &Stamp) -> Result<EntryId, VaultError> {
        if self.holds_back {
            return Err(VaultError::AwaitsCenter);
        }
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
