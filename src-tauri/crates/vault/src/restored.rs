//! A vault that is a copy of what was there once, until it is known that its log may go on: one that was put back from a backup, and
//! one that the checkpoint kept elsewhere contradicts, because somebody put an older folder back.
//!
//! The vault that was there went further than the copy, and some of that may have reached the center. An entry written here at the
//! end of the copy would then contradict an entry that the center holds at the same place: a fork, and work on it is kept apart
//! until somebody at the center chooses. Nothing on this computer can tell whether it is so. Therefore a copy can be read and not
//! written, the beginnings of sessions included, until one of two things:
//!
//! - A reply of the center is read. It names how far the center holds this log (`has` of its envelope), and brings the entries
//!   that are missing here. They are linked as this device's own where each names the one before it; only when the end that the
//!   center named is reached, `vault.restored` is written behind it, and the log goes on where the lost computer left it.
//! - A person says that the center holds nothing newer, as after a backup of this morning with no bundle since. A number that
//!   the center named before speaks against it and is believed, and so is that the center holds another history, or answers to
//!   keys that the device has drawn since: that is remembered before a reply is opened, whatever becomes of it then.
//!
//! A reply that can be shown to be old is refused: one that was read before, that says less than the center said already or
//! confirmed, or that holds less of the center's own log than is here. What can't be shown is that a reply is the newest; where it
//! was old after all, the center names the fork, and nothing is lost but time.
//!
//! Until then the checkpoint stays as it is: it is the only witness of what was lost. What was noticed, and who came in by a
//! recovery code, is kept for the journal ([`crate::untold`]). Who came in by what the entries that came back take away is out
//! again when the log goes on ([`crate::revoked`]).
//!
//! A checkpoint that can't be read shows nothing: the vault is no copy by that, and its log does not wait for the center. But
//! nothing is written either, in memory alone and until the next sign-in: what was never compared may be that witness. A person
//! has it looked for once more, and only where it still can't be read lets the log go on without it, which the journal tells. It
//! is asked once and not at each sign-in.
//!
//! The epoch rises by one for each session that comes back, as it rose on the lost computer, and by one for the session that is
//! then begun: never more epochs than entries, and no earlier checkpoint at the center is contradicted.

use casebook::act::{AlarmRaised, RecoveryUsed, VaultRestored};
use casebook::{Act, CENTER, EntryId, Instant, Line, Link, LogEnd, Offset, TextRow};
use study::Oid;

use crate::checkpoint::Says;
use crate::entries::{self, GREATEST_SEQ, OWN_LOG, Place};
use crate::open::Unsaid;
use crate::revoked::WaysIn;
use crate::untold::Untold;
use crate::waiting::{Bar, Waiting, Why};
use crate::{Alarm, Open, Stamp, Tx, VaultError, checkpoint, keys, records};

/// How often a person's wish looks for a checkpoint that can't be read, each time as patiently as a sign-in does: two seconds in all.
const LOOKS: u32 = 10;

/// What was brought back to a vault that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BroughtBack {
    /// Entries of this device's own log.
    pub entries: u64,
    /// Whether the log goes on; else the center holds more of it.
    pub goes_on: bool,
}

/// What a reply of the center says before it is opened: its envelope, which the center has signed.
#[derive(Clone, Copy, Debug)]
pub struct CenterWord {
    /// The reply's id.
    pub reply: EntryId,
    /// How far the center held this device's log; none where it held nothing of it.
    pub own: Option<LogEnd>,
    /// The last entry of the center's own log then, where it says so.
    pub center: Option<u64>,
    /// Whether it is for keys of this device which this vault does not have.
    pub other_keys: bool,
}

/// The copy that a vault is whose log waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyHeld {
    /// Wall clock of its last entry: passwords are those of then.
    pub at: Instant,
    /// The offset there.
    pub tz: Offset,
    /// Whether it was put back from a backup; else it was found to be older than this computer knows.
    pub is_backup: bool,
}

/// What lets a log go on.
struct GoingOn {
    /// Whoever said that the center holds nothing newer; none where a reply said how far it holds the log.
    said_by: Option<Oid>,
    /// The checkpoints that it goes on in spite of.
    answered: Vec<u8>,
    /// Who gets in by the copy.
    ways: WaysIn,
}

/// Links what the center holds of this device's own log behind the end of the copy.
pub struct Bringing<'t, 'a> {
    tx: &'t mut Tx<'a>,
    entries: u64,
}

impl Open {
    /// Whether this vault is a copy of what was there once and its log waits for the center: it can be read and not written.
    pub fn awaits_center(&self) -> bool {
        self.waiting().is_some()
    }

    /// The copy that it is while it waits.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn copy_held(&self) -> Result<Option<CopyHeld>, VaultError> {
        let Some(Waiting { copy, why, .. }) = self.waiting() else { return Ok(None) };
        let line = entries::bytes(&self.sql, Place::new(OWN_LOG, copy.seq))?.map(entries::line).transpose()?;
        Ok(line.map(|line| {
            let entry = line.entry();
            CopyHeld { at: entry.at, tz: entry.tz, is_backup: why == Why::Backup }
        }))
    }

    /// Whether the checkpoint kept elsewhere could not be read, so that nothing is written.
    pub fn is_unread(&self) -> bool {
        self.unread && !self.awaits_center()
    }

    /// Whether the log may not be written now.
    pub fn holds_back(&self) -> bool {
        self.awaits_center() || self.unread
    }

    /// Who came in by which recovery codes while the log waits, oldest first: user, set, code. Nobody but the center knows for whom it
    /// read them out.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn came_by_codes(&self) -> Result<Vec<RecoveryUsed>, VaultError> {
        let told = |act| if let Act::RecoveryUsed(used) = act { Some(used) } else { None };
        let all = Untold::read(&self.sql)?.recovered;
        Ok(all.iter().flat_map(|one| one.used().filter_map(told)).collect())
    }

    fn waiting(&self) -> Option<Waiting> {
        self.state.waiting.or(self.unkept_wait)
    }

    /// Makes a vault wait that is made of a backup.
    pub(crate) fn await_center(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        let waiting = Waiting::begin(self.state.head.log.end, Why::Backup);
        self.all_or_nothing(stamp, |tx| tx.wait(Some(waiting)))
    }

    /// Holds the checkpoint kept elsewhere against the vault, and makes it wait where that contradicts it. Where it can't be read
    /// nothing is written, unless a person let the log go on without it. Of a vault that was put
    /// back on purpose it would say only that. A disk that does not take it in keeps nobody out: the next unlock finds the same.
    pub(crate) fn heed_checkpoint(&mut self, stamp: &Stamp) -> Result<Option<Alarm>, VaultError> {
        if self.state.waiting.is_some_and(|waiting| waiting.why == Why::Backup) {
            return Ok(None);
        }
        let verdict = checkpoint::compare(&self.sql, &self.state, &self.checkpoint_file)?;
        let is_answered = records::setting(&self.sql, keys::UNREAD)?.is_some_and(|said| !said.is_empty());
        self.unread = verdict.says == Says::Unread && !is_answered && !self.awaits_center();
        if verdict.says == Says::Otherwise && !self.awaits_center() {
            self.unkept_wait = Some(Waiting::begin(self.state.head.log.end, Why::Checkpoint));
        }
        let _ = match verdict.says {
            Says::Otherwise => self.regain().and_then(|()| self.keep_waiting(stamp)),
            // Another one that can't be read is asked about anew.
            Says::Nothing if is_answered => {
                self.regain().and_then(|()| self.all_or_nothing(stamp, |tx| tx.set(keys::UNREAD, b"")))
            }
            Says::Nothing | Says::Unread => Ok(()),
        };
        Ok(verdict.alarm)
    }

    /// Looks once more for a checkpoint that could not be read; where it is read, it says what it knows, or nothing has been.
    fn look_again(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        for _ in 0..LOOKS {
            let found = self.heed_checkpoint(stamp)?;
            if !self.unread {
                self.forget(&Alarm::CheckpointUnkept);
                found.into_iter().for_each(|alarm| self.note(alarm));
                break;
            }
        }
        Ok(())
    }

    /// Lets the log go on whose checkpoint could not be read: with it where it is read now, else without it, by the word of whoever
    /// is signed in.
    fn go_on_unread(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        self.regain()?;
        self.look_again(stamp)?;
        if self.unread {
            let by = self.user.to_string();
            let alarm = AlarmRaised { code: Alarm::CheckpointUnkept.code().to_owned(), place: by };
            self.unread = false;
            let told = self.transact(stamp, |tx| {
                tx.set(keys::UNREAD, b"1")?;
                tx.write_as_system(alarm).map(drop)
            });
            self.unread = told.is_err();
            told?;
        }
        if self.awaits_center() {
            self.keep_untold(stamp);
        } else {
            // What the disk does not take in now is said before the next act.
            let _ = self.say(stamp);
        }
        self.keep_checkpoint(stamp);
        Ok(())
    }

    /// Keeps on the disk that the log waits, where only memory knows it.
    fn keep_waiting(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        if let Some(waiting) = self.unkept_wait {
            self.all_or_nothing(stamp, |tx| tx.wait(Some(waiting)))?;
            self.unkept_wait = None;
        }
        Ok(())
    }

    /// Takes the center's word on this device's log and remembers it, whatever becomes of the reply that brings it: all of it, so
    /// that nobody believes half a word after a power cut. Of a reply for other keys the caller tells whoever brought it.
    ///
    /// # Errors
    /// [`VaultError::OldReply`]; [`VaultError::ForeignReceipt`] when the center holds another history, which is remembered, too;
    /// what the disk says.
    pub fn hear(&mut self, word: &CenterWord, stamp: &Stamp) -> Result<(), VaultError> {
        if !self.awaits_center() {
            return Ok(());
        }
        self.regain()?;
        self.keep_waiting(stamp)?;
        let Some(known) = self.state.waiting else { return Ok(()) };
        let said = word.center.unwrap_or(0);
        // Also one that was never read: what a newer one barred, it must not let go on.
        if said < known.heard || self.is_old(word)? {
            return Err(VaultError::OldReply);
        }
        let waiting = Waiting { heard: said, ..known };
        let (center, end) = (word.own.unwrap_or(LogEnd::EMPTY), self.state.head.log.end);
        if (1..=end.seq).contains(&center.seq) && self.own_id(center.seq)? != Some(center.head) {
            let barred = Some(Bar::OtherHistory { seq: center.seq });
            self.all_or_nothing(stamp, |tx| tx.wait(Some(Waiting { barred, ..waiting })))?;
            return Err(VaultError::ForeignReceipt { seq: center.seq });
        }
        if center.seq < self.state.head.acknowledged.max(waiting.center.seq) {
            return Err(VaultError::OldReply);
        }
        // The center may have settled on this history since it named another one.
        let heard = Waiting { center, barred: word.other_keys.then_some(Bar::KeysReplaced), ..waiting };
        if heard == known { Ok(()) } else { self.all_or_nothing(stamp, |tx| tx.wait(Some(heard))) }
    }

    fn own_id(&self, seq: u64) -> Result<Option<EntryId>, VaultError> {
        let line = entries::bytes(&self.sql, Place::new(OWN_LOG, seq))?;
        Ok(line.map(|line| EntryId(seal::sha256(&line))))
    }

    /// Whether a reply was shown to be made before what is known here, whatever it says of this device's log.
    fn is_old(&self, word: &CenterWord) -> Result<bool, VaultError> {
        let held = self.state.logs.get(CENTER).map_or(0, |log| log.end.seq);
        Ok(word.center.is_some_and(|center| center < held) || self.has_read(&word.reply)?)
    }

    /// Brings back what the center holds of this device's log. Where the end that it named is reached ([`Self::hear`]) the log goes
    /// on; where it is not, what came stays and the vault waits for the rest.
    ///
    /// # Errors
    /// [`VaultError::ForeignReceipt`] when the center holds another history, [`VaultError::AccountClosed`] when this person left
    /// after the backup was made, [`VaultError::Revoked`] when what let this person in was taken away; those of `bring`. Nothing is
    /// changed then.
    pub fn bring_back<E: From<VaultError>>(
        &mut self,
        stamp: &Stamp,
        bring: impl FnOnce(&mut Bringing<'_, '_>) -> Result<(), E>,
    ) -> Result<BroughtBack, E> {
        self.bring(None, stamp, bring)
    }

    fn bring<E: From<VaultError>>(
        &mut self,
        said_by: Option<Oid>,
        stamp: &Stamp,
        bring: impl FnOnce(&mut Bringing<'_, '_>) -> Result<(), E>,
    ) -> Result<BroughtBack, E> {
        if !self.awaits_center() {
            return Ok(BroughtBack { entries: 0, goes_on: true });
        }
        self.regain()?;
        self.keep_waiting(stamp)?;
        let stamp = Stamp { by: self.user.clone(), ..stamp.clone() };
        // What can't be settled now is settled once the slots are others.
        let _ = self.settle_slots();
        let ways = WaysIn { slots: self.judge_slots().map(|judged| judged.in_force), key: self.key.clone() };
        let answered = checkpoint::answered(&self.checkpoint_file, &self.state.card);
        let going_on = GoingOn { said_by, answered, ways };
        let unsaid = std::mem::take(&mut self.unsaid);
        let done = self.all_or_nothing(&stamp, |tx| {
            let mut bringing = Bringing { tx, entries: 0 };
            bring(&mut bringing)?;
            let Bringing { tx, entries } = bringing;
            if entries > 0 && tx.is_closed(&stamp.by)? {
                return Err(VaultError::AccountClosed.into());
            }
            let goes_on = tx.reaches_the_center()?;
            if goes_on {
                tx.go_on(&unsaid, going_on)?;
            }
            Ok(BroughtBack { entries, goes_on })
        });
        match &done {
            Ok(BroughtBack { goes_on: true, .. }) => self.went_on(&unsaid, &stamp),
            _ => self.unsaid = unsaid,
        }
        done
    }

    /// The log goes on where the copy ended: whoever is signed in says that the center holds nothing newer. Where only the checkpoint
    /// could not be read it is looked for once more: what it says then may be that this is a copy, which waits for the center, and
    /// nothing else is done; where it still can't be read the log goes on without it.
    ///
    /// # Errors
    /// [`VaultError::Behind`], [`VaultError::ForeignReceipt`], [`VaultError::KeysReplaced`] when the center said otherwise;
    /// [`VaultError::Revoked`]; what the disk says.
    pub fn go_on(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        if self.is_unread() {
            return self.go_on_unread(stamp);
        }
        let said_by = Some(self.user.clone());
        let BroughtBack { goes_on, .. } = self.bring(said_by, stamp, |_| Ok::<_, VaultError>(()))?;
        if goes_on { Ok(()) } else { Err(VaultError::Behind) }
    }

    /// Keeps what this session has to tell while the log may not be written. What the disk does not take in now is kept by the next
    /// sign-in that finds it still.
    pub(crate) fn keep_untold(&mut self, stamp: &Stamp) {
        let more = self.yet_to_tell(&self.unsaid);
        if more == Untold::default() || self.regain().is_err() {
            return;
        }
        let is_kept = self.all_or_nothing(stamp, |tx| tx.keep_untold(&more)).is_ok();
        self.unsaid.kept |= is_kept && !more.sessions.is_empty();
    }

    /// What a session has to tell, as it is kept. Sessions only where no copy is known: one that is read for its copy's sake tells
    /// nothing of who reads it, but nobody makes a sound vault one in which nothing is told.
    pub(crate) fn yet_to_tell(&self, unsaid: &Unsaid) -> Untold {
        let sessions =
            if self.is_unread() && unsaid.session && !unsaid.kept { vec![self.user.clone()] } else { vec![] };
        Untold { alarms: unsaid.alarms.clone(), recovered: unsaid.missed.clone(), sessions }
    }

    fn went_on(&mut self, unsaid: &Unsaid, stamp: &Stamp) {
        self.forget(&Alarm::Unjournaled);
        if unsaid.session {
            self.admitted(unsaid.refused.len());
        }
        if self.settle_slots().is_err() {
            self.note(Alarm::SlotsPending);
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
        self.holds_back = waiting.is_some();
        Ok(())
    }

    /// Keeps what the journal does not tell yet; what is kept already, once.
    pub(crate) fn keep_untold(&mut self, more: &Untold) -> Result<(), VaultError> {
        let mut untold = Untold::read(self.sql)?;
        untold.add(more);
        self.set(keys::UNTOLD, &untold.bytes()?)
    }

    /// Takes out what is kept, to be told now; what this session has to tell comes with it.
    pub(crate) fn take_untold(&mut self, unsaid: &Unsaid) -> Result<Untold, VaultError> {
        let mut untold = Untold::read(self.sql)?;
        if untold != Untold::default() {
            self.set(keys::UNTOLD, b"")?;
        }
        if unsaid.kept {
            // It is told as the one that goes on.
            untold.sessions.pop();
        }
        let (alarms, recovered) = (unsaid.alarms.clone(), unsaid.missed.clone());
        untold.add(&Untold { alarms, recovered, sessions: Vec::new() });
        Ok(untold)
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

    /// Whether the log reaches as far as the center holds it, by its own word.
    fn reaches_the_center(&mut self) -> Result<bool, VaultError> {
        let Some(Waiting { center, barred, .. }) = self.state.waiting else { return Ok(true) };
        if let Some(bar) = barred {
            return Err(bar.error());
        }
        if center.seq > self.state.head.log.end.seq {
            return Ok(false);
        }
        if center.head != EntryId::ZERO && self.id_at(OWN_LOG, center.seq)? != Some(center.head) {
            return Err(VaultError::ForeignReceipt { seq: center.seq });
        }
        Ok(true)
    }

    /// The first entries of the restored vault itself, and what it could not tell while it waited.
    fn go_on(&mut self, unsaid: &Unsaid, going_on: GoingOn) -> Result<(), VaultError> {
        let Some(Waiting { copy: LogEnd { seq, head }, .. }) = self.state.waiting else { return Ok(()) };
        self.wait(None)?;
        if !going_on.answered.is_empty() {
            self.set(keys::ANSWERED, &going_on.answered)?;
        }
        let Untold { alarms, recovered, sessions } = self.take_untold(unsaid)?;
        let judged = self.judge_codes(recovered)?;
        self.revoke(seq, &judged, going_on.ways)?;
        self.write_as_system(VaultRestored { seq, head, said_by: going_on.said_by })?;
        self.write_noticed(&alarms, &unsaid.refused)?;
        sessions.into_iter().try_for_each(|user| self.begin_session(user))?;
        // Each in the name of whoever it was.
        judged.iter().try_for_each(|one| self.tell_code(one))?;
        if unsaid.session {
            self.begin_session(self.stamp.by.clone())?;
        }
        self.tell_keys()
    }
}
