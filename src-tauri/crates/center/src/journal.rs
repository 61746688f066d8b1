//! The center's own log, under the same rules as every other.

use crate::codes::{SaidOfCodes, note_recovery};
use crate::fold::read_book;
use crate::store::{StoreError, StoredEntry, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::{
    Act, Author, CENTER, EntryId, FreeTextId, Instant, Line, LogEnd, LogHead, LogWriter, Role, SYSTEM, TextRow, Tick,
    TrialState,
};
use seal::{random, sha256};
use study::Oid;

/// How much earlier than the last entry a program may have read the clock that waited for its turn while others wrote. What is
/// further behind is a clock that was set back.
const TURN_MS: i64 = 10 * 60 * 1000;

/// An act that the gate has permitted.
pub(crate) struct Permitted {
    pub(crate) act: Act,
    /// The metadata version of its subject, where it concerns one.
    pub(crate) version: Option<Oid>,
    /// What its tick rises over, as far as another's clock may pull it.
    pub(crate) seen: Tick,
}

impl Center {
    /// Appends an act to the center's log: under the metadata version of its subject, where it concerns one.
    pub(crate) fn write(&self, tx: &mut dyn Tx, stamp: &Stamp, act: impl Into<Act>) -> Result<EntryId, CenterError> {
        self.write_after(tx, stamp, Tick::default(), act)
    }

    /// Appends an act whose tick rises over `seen`, as far as another's clock may pull it.
    pub(crate) fn write_after(
        &self,
        tx: &mut dyn Tx,
        stamp: &Stamp,
        seen: Tick,
        act: impl Into<Act>,
    ) -> Result<EntryId, CenterError> {
        check_person(&stamp.by)?;
        let act = act.into();
        let version = self.permit(tx, &stamp.by, &act)?;
        self.append(tx, stamp, Permitted { act, version, seen })
    }

    /// Appends an act that the gate has permitted.
    pub(crate) fn append(&self, tx: &mut dyn Tx, stamp: &Stamp, done: Permitted) -> Result<EntryId, CenterError> {
        let Permitted { act, version, seen } = done;
        let mut head = log_head(tx)?;
        let stamp = &in_turn(stamp, head.at);
        head.see(seen, stamp.at);
        let (study, log) = (Oid::from(self.card.study.as_str()), Oid::from(CENTER));
        let written = LogWriter { study, log, head }.next(act, version, stamp, sha256)?;
        written.lines().try_for_each(|line| {
            if let Act::TextRedacted(act) = &line.entry().act {
                tx.redact(act.text)?;
            }
            tx.append(&StoredEntry::from(line))?;
            share_texts(&mut *tx, &line.entry().act)?;
            note_recovery(&mut *tx, line.entry())
        })?;
        Ok(written.line.id())
    }

    /// Puts an act to the gate; whoever works at the center is its data manager. Gives the metadata version under which the
    /// act is written, where it concerns a subject.
    fn permit(&self, tx: &dyn Tx, by: &Oid, act: &Act) -> Result<Option<Oid>, CenterError> {
        let author = Author { log: &Oid::from(CENTER), site: None, by, role: Role::DataManager };
        let Some(subject) = act.subject() else {
            let state = match act {
                // Who reads a code out has passed over as many as entries can't be read.
                Act::RecoveryReleased(act) => SaidOfCodes::read_at(tx, &act.device, act.set)?.state,
                _ => TrialState::new(),
            };
            state.permits(&author, act)?;
            return Ok(None);
        };
        let published = self.published_versions(tx)?;
        let book = read_book(tx, &published, subject)?;
        if book.registrations().is_empty() {
            return Err(CenterError::UnknownSubject(subject.to_string()));
        }
        let study = published.of(book.version());
        book.permits(study, &author, act)?;
        Ok(Some(study.metadata_version.clone()))
    }
}

/// Whether somebody can act under this user id at the center: it names a person, and neither what no person did nor the center.
///
/// # Errors
/// [`CenterError::Person`].
pub fn check_person(by: &Oid) -> Result<(), CenterError> {
    let is_kept = [SYSTEM, CENTER].iter().any(|kept| by.eq_ignore_ascii_case(kept));
    let is_person = study::is_name(by) && by.trim() == by.as_str() && !is_kept;
    if is_person { Ok(()) } else { Err(CenterError::Person(by.to_string())) }
}

/// Notes that the words of an act are also those of the site that they are about.
fn share_texts(tx: &mut dyn Tx, act: &Act) -> Result<(), StoreError> {
    let Some(site) = act.site_of_texts(CENTER) else { return Ok(()) };
    act.texts().into_iter().try_for_each(|text| tx.share_text(text, site))
}

/// Keeps a free text of the center's beside its log; the act that is to name it says whose it is, too.
pub(crate) fn keep_text(tx: &mut dyn Tx, text: &str) -> Result<FreeTextId, CenterError> {
    let row = TextRow::new(&*random()?, text, sha256)?;
    tx.put_text(&row, CENTER)?;
    Ok(FreeTextId { text: row.commit })
}

/// The time of an act whose turn comes after an entry of the moment `last`: never earlier than that entry, unless the clock was set
/// back.
fn in_turn(stamp: &Stamp, last: Instant) -> Stamp {
    let has_waited = (0..=TURN_MS).contains(&last.ms().saturating_sub(stamp.at.ms()));
    Stamp { at: if has_waited { last } else { stamp.at }, ..stamp.clone() }
}

/// Where the center's log stands.
fn log_head(tx: &dyn Tx) -> Result<LogHead, StoreError> {
    let end = tx.log_state(CENTER)?.end;
    let mut head = LogHead { end, ..LogHead::empty() };
    if end.seq > 0 {
        tx.lines(CENTER, end.seq, &mut |_, _, id, bytes| {
            let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("the center's log"))?;
            head = LogHead { end: LogEnd::of(&line), at: line.entry().at, tick: line.entry().tick };
            Ok(())
        })?;
    }
    Ok(head)
}
