//! A vault that was put back from a backup, until it is known that its log may go on.
//!
//! The lost vault went further than the backup, and some of that may have reached the center. An entry written here at the end
//! of the copy would then contradict an entry that the center holds at the same place: a fork, and work on it is kept apart
//! until somebody at the center chooses. Nothing on this computer can tell whether it is so. Therefore a restored vault can be
//! read and not written, the beginnings of sessions included, until one of two things:
//!
//! - A reply of the center is read. It names how far the center holds this log (`has` of its envelope), and brings the entries
//!   that are missing here. They are linked as this device's own where each names the one before it; only when the end that the
//!   center named is reached, `vault.restored` is written behind it, and the log goes on where the lost computer left it.
//! - A person says that the center holds nothing newer, as after a backup of this morning with no bundle since. A number that
//!   the center named before speaks against it and is believed.
//!
//! What can't be proven is that a reply is the newest: an old one names an old end. The person is asked for a new one, and where
//! it was old after all, the center names the fork, and nothing is lost but time.
//!
//! The epoch rises by one for each session that comes back, as it rose on the lost computer, and by one for the session that is
//! then begun: never more epochs than entries, and no earlier checkpoint at the center is contradicted.

use casebook::act::VaultRestored;
use casebook::{Act, Line, Link, LogEnd, TextRow};
use study::Oid;

use crate::entries::{GREATEST_SEQ, OWN_LOG, Place};
use crate::open::Unsaid;
use crate::waiting::Waiting;
use crate::{Alarm, Open, Stamp, Tx, VaultError, keys};

/// What was brought back to a restored vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BroughtBack {
    /// Entries of this device's own log.
    pub entries: u64,
    /// Whether the log goes on; else the center holds more of it.
    pub goes_on: bool,
}

/// Links what the center holds of this device's own log behind the end of the copy.
pub struct Bringing<'t, 'a> {
    tx: &'t mut Tx<'a>,
    entries: u64,
}

impl Open {
    /// Whether this vault was put back from a backup and its log waits for the center: it can be read and not written.
    pub fn awaits_center(&self) -> bool {
        self.state.waiting.is_some()
    }

    /// Makes the vault wait.
    pub(crate) fn await_center(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        let waiting = Waiting { copy: self.state.head.log.end, center: 0 };
        self.all_or_nothing(stamp, |tx| tx.wait(Some(waiting)))
    }

    /// Brings back what the center holds of this device's log: `center` is how far that is, by its own word. Where that end is
    /// reached the log goes on; where it is not, what came stays and the vault waits for the rest.
    ///
    /// # Errors
    /// [`VaultError::ForeignReceipt`] when the center holds another history, [`VaultError::AccountClosed`] when this person left
    /// after the backup was made; those of `bring`. Nothing is changed then.
    pub fn bring_back<E: From<VaultError>>(
        &mut self,
        center: Option<LogEnd>,
        stamp: &Stamp,
        bring: impl FnOnce(&mut Bringing<'_, '_>) -> Result<(), E>,
    ) -> Result<BroughtBack, E> {
        if !self.awaits_center() {
            return Ok(BroughtBack { entries: 0, goes_on: true });
        }
        self.regain()?;
        let stamp = Stamp { by: self.user.clone(), ..stamp.clone() };
        let unsaid = std::mem::take(&mut self.unsaid);
        let done = self.all_or_nothing(&stamp, |tx| {
            let mut bringing = Bringing { tx, entries: 0 };
            bring(&mut bringing)?;
            let Bringing { tx, entries } = bringing;
            if entries > 0 && tx.is_closed(&stamp.by)? {
                return Err(VaultError::AccountClosed.into());
            }
            let goes_on = tx.reaches(center)?;
            if goes_on {
                tx.go_on(&unsaid)?;
            }
            Ok(BroughtBack { entries, goes_on })
        });
        match &done {
            Ok(BroughtBack { goes_on: true, .. }) => self.went_on(&unsaid, &stamp),
            _ => self.unsaid = unsaid,
        }
        done
    }

    /// The log goes on where the copy ended: a person says that the center holds nothing newer.
    ///
    /// # Errors
    /// [`VaultError::Behind`] when the center said otherwise; what the disk says.
    pub fn go_on(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        let BroughtBack { goes_on, .. } = self.bring_back(None, stamp, |_| Ok::<_, VaultError>(()))?;
        if goes_on { Ok(()) } else { Err(VaultError::Behind) }
    }

    fn went_on(&mut self, unsaid: &Unsaid, stamp: &Stamp) {
        self.forget(&Alarm::Unjournaled);
        if unsaid.session {
            self.admitted(unsaid.refused.len());
        }
        self.keep_checkpoint(stamp);
    }

    /// Closes a vault in which nobody is signed in, with all of it in its own file.
    pub(crate) fn close_quietly(self) -> Result<(), VaultError> {
        self.sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let Self { sql, .. } = self;
        sql.close().map_err(|(_, error)| VaultError::from(error))
    }
}

impl Bringing<'_, '_> {
    /// Takes one line of this device's own log; lines come in their order. What the copy holds already is passed over.
    ///
    /// # Errors
    /// [`VaultError::ForeignReceipt`] where it contradicts the copy; [`VaultError::Behind`] where lines before it are missing.
    pub fn line(&mut self, line: &Line) -> Result<(), VaultError> {
        let (tx, entry) = (&mut *self.tx, line.entry());
        if entry.log.as_str() != tx.state.card.device || entry.seq > GREATEST_SEQ {
            return Err(VaultError::ForeignReceipt { seq: entry.seq });
        }
        match tx.state.head.log.end.judge(line, |seq| tx.id_at(OWN_LOG, seq))? {
            Link::Known => Ok(()),
            Link::Gap { .. } => Err(VaultError::Behind),
            Link::Fork { at } => Err(VaultError::ForeignReceipt { seq: at }),
            Link::Follows => {
                tx.link_own(line)?;
                self.entries += 1;
                Ok(())
            }
        }
    }

    /// Keeps a text that came with the lines.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when salt and text do not give the commitment.
    pub fn text(&mut self, text: &TextRow) -> Result<(), VaultError> {
        self.tx.keep_text(text)
    }
}

impl Tx<'_> {
    fn wait(&mut self, waiting: Option<Waiting>) -> Result<(), VaultError> {
        self.set(keys::RESTORED, &waiting.map(Waiting::bytes).unwrap_or_default())?;
        self.state.waiting = waiting;
        Ok(())
    }

    fn is_closed(&mut self, user: &Oid) -> Result<bool, VaultError> {
        let device = Oid::from(self.state.card.device.as_str());
        Ok(self.trial_state()?.account(&device, user).is_some_and(|account| account.closed))
    }

    fn link_own(&mut self, line: &Line) -> Result<(), VaultError> {
        let entry = line.entry();
        let head = &mut self.state.head;
        head.log.end = LogEnd::of(line);
        head.log.at = entry.at;
        // It is this device's own clock.
        head.log.tick = head.log.tick.max(entry.tick);
        head.count_pending(entry);
        match &entry.act {
            Act::SessionOpened(_) => head.epoch += 1,
            Act::StudyActivated(act) => self.put_into_force(&act.version)?,
            _ => {}
        }
        self.fold(Place::new(OWN_LOG, entry.seq), line)
    }

    /// Whether the log reaches as far as the center holds it, by its word of now or of before; what it says is remembered.
    fn reaches(&mut self, center: Option<LogEnd>) -> Result<bool, VaultError> {
        let Some(waiting) = self.state.waiting else { return Ok(true) };
        let end = self.state.head.log.end;
        if let Some(LogEnd { seq, head }) = center
            && seq > 0
            && seq <= end.seq
            && self.id_at(OWN_LOG, seq)? != Some(head)
        {
            return Err(VaultError::ForeignReceipt { seq });
        }
        let known = waiting.center.max(center.map_or(0, |center| center.seq));
        if known > waiting.center {
            self.wait(Some(Waiting { center: known, ..waiting }))?;
        }
        Ok(known <= end.seq)
    }

    /// The first entries of the restored vault itself.
    fn go_on(&mut self, unsaid: &Unsaid) -> Result<(), VaultError> {
        let Some(Waiting { copy: LogEnd { seq, head }, .. }) = self.state.waiting else { return Ok(()) };
        self.wait(None)?;
        self.write_as_system(VaultRestored { seq, head })?;
        self.write_unsaid(unsaid)
    }
}
