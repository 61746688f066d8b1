//! The center's own log, under the same rules as every other.

use crate::amend::study_of;
use crate::store::{Kept, StoreError};
use crate::{Center, CenterError, Stamp};
use casebook::{Act, Author, CENTER, Entry, EntryId, Line, Role, Roster, TextRow, Tick, VERSION, Words};
use seal::{random, sha256};
use study::Oid;

impl Center {
    /// Appends an act to the center's log; called within a transaction.
    pub(crate) fn write(&self, stamp: &Stamp, act: impl Into<Act>) -> Result<EntryId, CenterError> {
        self.write_after(stamp, Tick::default(), act)
    }

    /// Appends an act whose tick rises over `seen`; called within a transaction.
    pub(crate) fn write_after(&self, stamp: &Stamp, seen: Tick, act: impl Into<Act>) -> Result<EntryId, CenterError> {
        let act = act.into();
        self.ask(&stamp.by, &act)?;
        let state = self.store.log_state(CENTER)?;
        let before = self.last_tick(state.seq)?;
        let entry = Entry {
            v: VERSION,
            study: Oid::from(self.card.study.as_str()),
            log: Oid::from(CENTER),
            seq: state.seq + 1,
            prev: state.head,
            at: stamp.at,
            tz: stamp.tz,
            tick: before.max(seen).next(stamp.at),
            by: stamp.by.clone(),
            mdv: None,
            act,
        };
        let line = Line::write(entry, sha256)?;
        let kept = Kept { log: CENTER, seq: state.seq + 1, id: line.id(), line: line.bytes(), subject: None };
        self.store.append(&kept)?;
        Ok(line.id())
    }

    /// Puts an act to the gate. Whoever works at the center is its data manager.
    fn ask(&self, by: &Oid, act: &Act) -> Result<(), CenterError> {
        let author = Author { log: &Oid::from(CENTER), by, role: Role::DataManager };
        let Some(subject) = act.subject() else { return Ok(Roster::new().permits(&author, act)?) };
        let (book, versions) = (self.book(subject)?, self.read_versions()?);
        let study = study_of(&versions, book.version()).unwrap_or(&self.study);
        Ok(book.permits(study, &author, act)?)
    }

    /// Keeps a free text of the center's beside its log; called within a transaction.
    pub(crate) fn words(&self, text: &str) -> Result<Words, CenterError> {
        let row = TextRow::new(&*random()?, text, sha256);
        self.store.put_text(&row)?;
        Ok(Words { text: row.commit })
    }

    fn last_tick(&self, seq: u64) -> Result<Tick, CenterError> {
        let mut tick = Tick::default();
        if seq > 0 {
            self.store.lines(CENTER, seq, &mut |_, _, id, bytes| {
                let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("the center's log"))?;
                tick = line.entry().tick;
                Ok(())
            })?;
        }
        Ok(tick)
    }
}
