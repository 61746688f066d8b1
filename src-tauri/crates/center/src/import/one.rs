//! One bundle in one transaction: what is decided of it is read in the same transaction that writes it down, so two imports
//! at once never decide on what the other is changing.

use super::checkpoints;
use super::entries::{ContentCheck, EntryImport, Summary};
use super::error::ImportError;
use super::evidence::{Kept, Raw, Received};
use super::outcome::{ImportedBundle, Outcome};
use super::ways_back::Notice;
use crate::randomisation::Watched;
use crate::store::{Alarm, BundleRow, BundleState, Device, DeviceState, KnownCheckpoint, LogState, Tx};
use crate::{AlarmKind, Center, Stamp};
use bundle::{Admission, BundleError, Envelope, Key, Kind, SenderTrust, SignedReceipt, Trusted};
use casebook::act::{BundleImported, LogRange};
use casebook::{CENTER, EntryId, LogEnd, is_of_site};
use std::fs::{self, File};
use std::io::BufReader;
use study::Oid;

/// Bundles of one device that are kept until an earlier one comes.
const MOST_PARKED: usize = 256;
/// How many bytes of them are enough to keep no more. One bundle may be half as long.
const MOST_PARKED_BYTES: u64 = 1 << 30;

/// What became of a bundle, and the receipt for its sender.
pub(super) struct Imported {
    pub(super) bundle: ImportedBundle,
    pub(super) receipt: Option<SignedReceipt>,
}

/// A bundle that may be opened, and what is to be kept of it.
struct Opening {
    trusted: Trusted<BufReader<File>>,
    raw: Raw,
}

/// A bundle on its way in.
pub(super) struct Import<'a> {
    pub(super) center: &'a Center,
    pub(super) stamp: &'a Stamp,
    pub(super) name: &'a str,
    pub(super) id: EntryId,
    pub(super) envelope: Envelope,
}

impl<'a> Import<'a> {
    pub(super) fn new(center: &'a Center, stamp: &'a Stamp, name: &'a str, received: &Received) -> Self {
        let Received { sealed, .. } = received;
        Self { center, stamp, name, id: sealed.id(), envelope: sealed.envelope().clone() }
    }

    /// Decides what becomes of the bundle, and writes it down.
    pub(super) fn run(&self, tx: &mut dyn Tx, received: Received) -> Result<Imported, ImportError> {
        let Received { sealed, mut raw } = received;
        if let Some(row) = tx.bundle(self.id)?.filter(|row| row.state.is_answered()) {
            return self.answer_again(tx, row, &mut raw);
        }
        let device = tx.device(self.log())?;
        let trusted = sealed.admit(&self.admission(device.as_ref()))?;
        self.is_recoverable()?;
        match &device {
            Some(device) if device.key == self.envelope.sender.key => self.note_kit(tx, device)?,
            _ => return self.wait(tx, device.as_ref(), &mut raw),
        }
        self.is_of_branch_in_force(tx)?;
        let held = tx.log_state(self.log())?;
        match self.envelope.logs.first().and_then(|run| held.end.gap_before(run.first)) {
            // What follows the branch that is kept aside is of it, however far the one in force is.
            Some(expects) if !self.follows_aside(tx)? => self.park(tx, Opening { trusted, raw }, held, expects),
            _ => self.commit(tx, Opening { trusted, raw }, held),
        }
    }

    fn log(&self) -> &str {
        &self.envelope.sender.log
    }

    /// What the recovery key does not open is lost with the center's computer: it is not confirmed by a receipt. Every program
    /// that we made names both keys.
    fn is_recoverable(&self) -> Result<(), BundleError> {
        let recovery = self.center.card.recovery.to_string();
        let opens = self.envelope.recipients.iter().any(|to| to.age == recovery);
        if opens { Ok(()) } else { Err(BundleError::NotRecoverable) }
    }

    /// Of a branch that people put aside for good nothing more is taken in, nor waited for. Where it begins, where it ends, or where
    /// the vault stands shows it before anything is opened.
    fn is_of_branch_in_force(&self, tx: &dyn Tx) -> Result<(), ImportError> {
        let runs = self.envelope.logs.iter();
        let ends = runs.flat_map(|run| [(run.first.saturating_sub(1), run.prev), (run.last, run.head)]);
        for (seq, id) in ends.chain(self.envelope.checkpoint.iter().map(|own| (own.seq, own.head))) {
            if tx.is_settled(self.log(), seq, id)? {
                return Err(BundleError::SettledBranch(self.log().to_owned()).into());
            }
        }
        Ok(())
    }

    /// Whether it goes on where the branch of a fork that is kept aside ends, or within that.
    fn follows_aside(&self, tx: &dyn Tx) -> Result<bool, ImportError> {
        let Some(run) = self.envelope.logs.first() else { return Ok(false) };
        Ok(tx.aside_at(self.log(), run.first.saturating_sub(1))?.contains(&run.prev))
    }

    fn admission<'d>(&'d self, device: Option<&'d Device>) -> Admission<'d> {
        let sender = match device {
            Some(device) if device.state == DeviceState::Revoked => SenderTrust::Revoked,
            // Everything but the key is judged as for a known device: one that nobody has approved waits.
            _ => SenderTrust::Known(self.envelope.sender.key),
        };
        Admission {
            study: Some(&self.center.card.study),
            site: device.map(|device| device.site.as_str()),
            kind: Kind::Data,
            practice: self.center.card.practice,
            sender,
        }
    }

    /// A bundle that was answered before gets the same answer. That it is still kept as it came is looked at again.
    fn answer_again(&self, tx: &mut dyn Tx, row: BundleRow, raw: &mut Raw) -> Result<Imported, ImportError> {
        let alarms = self.keep(tx, raw)?;
        let outcome = match row.state {
            BundleState::Fork => Outcome::Fork { seq: tx.log_state(&row.log)?.forked_at.unwrap_or(row.first) },
            _ => Outcome::AlreadyHeld,
        };
        let bundle = ImportedBundle { alarms, ..ImportedBundle::new(self.name, row.id, &row.log, outcome) };
        Ok(Imported { bundle, receipt: row.receipt })
    }

    /// Keeps a bundle that came too early: it is parked until what is before it has come.
    fn park(
        &self,
        tx: &mut dyn Tx,
        Opening { trusted, mut raw }: Opening,
        held: LogState,
        expects: u64,
    ) -> Result<Imported, ImportError> {
        self.may_park(tx)?;
        // What will be imported later must be good already: its sender may be far away by then.
        let mut content = ContentCheck::new(&self.envelope);
        trusted.open(&Key::Identity(&self.center.keys.age), &mut content)?;
        content.finish()?;
        let mut alarms = self.keep(tx, &mut raw)?;
        alarms.extend(self.judge_checkpoint(tx, held.end, None)?);
        tx.put_bundle(&self.row(BundleState::Parked, 0))?;
        self.done(tx, Outcome::Parked { expects }, alarms, None)
    }

    /// What waits for an earlier bundle is bounded, in number and in bytes: a device that sends no earlier one fills no disk. What is
    /// refused its device sends again.
    fn may_park(&self, tx: &dyn Tx) -> Result<(), ImportError> {
        let mut parked = tx.bundles(self.log(), BundleState::Parked)?;
        parked.retain(|row| row.id != self.id);
        if parked.len() >= MOST_PARKED {
            return Err(BundleError::TooLarge("number of bundles that wait for an earlier one").into());
        }
        let kept = |row: &BundleRow| fs::metadata(self.center.bundle_file(row.id)).map_or(0, |file| file.len());
        let bytes: u64 = parked.iter().map(kept).sum();
        if bytes >= MOST_PARKED_BYTES {
            return Err(BundleError::TooLarge("bundles that wait for an earlier one, together").into());
        }
        Ok(())
    }

    /// Imports the content, and signs what the center holds now.
    fn commit(
        &self,
        tx: &mut dyn Tx,
        Opening { trusted, mut raw }: Opening,
        held: LogState,
    ) -> Result<Imported, ImportError> {
        // A study whose allocation has faults deals no slots, so there is nothing to compare entries with.
        let watched = Watched::new(self.center.plan().ok().flatten().as_ref());
        let mut entries = EntryImport::new(&mut *tx, &self.envelope, self.id, held, watched);
        trusted.open(&Key::Identity(&self.center.keys.age), &mut entries)?;
        let summary = entries.finish()?;
        let mut alarms = self.keep(tx, &mut raw)?;
        alarms.extend(self.raise_alarms(tx, held.end, &summary)?);
        let (state, outcome) = match summary.fork {
            Some(seq) => (BundleState::Fork, Outcome::Fork { seq }),
            None if summary.new == 0 && self.envelope.entries > 0 => (BundleState::Accepted, Outcome::AlreadyHeld),
            None => (BundleState::Accepted, Outcome::Accepted { entries: summary.new }),
        };
        if let Some(seq) = summary.fork {
            tx.set_fork(self.log(), seq)?;
        }
        let receipt = (state == BundleState::Accepted && summary.end.seq > 0)
            .then(|| self.center.sign_receipt(self.stamp, self.log(), self.id, summary.end));
        tx.put_bundle(&BundleRow { receipt: receipt.clone(), ..self.row(state, summary.new) })?;
        // Of another site's logs it can't have been given anything, and its word on them counts for nothing.
        let of_ours = |log: &str| log == CENTER || is_of_site(log, &self.envelope.sender.site);
        for has in self.envelope.has.iter().filter(|has| of_ours(&has.log)) {
            tx.put_heard(self.log(), &has.log, LogEnd { seq: has.seq, head: has.head })?;
            // Every entry of the center's log was written here and given out by replies. A practice site may have founded itself.
            let is_ours = has.log == CENTER && has.seq > 0 && !self.center.card.practice;
            if is_ours && tx.id_at(CENTER, has.seq)? != Some(has.head) {
                alarms.push(self.raise(tx, AlarmKind::Center, has.seq)?);
            }
        }
        // Also of its own log: a vault that was put back from a copy holds less of it than it has sent.
        if let Some(own) = &self.envelope.checkpoint {
            tx.put_heard(self.log(), self.log(), LogEnd { seq: own.seq, head: own.head })?;
        }
        let logs = self.envelope.logs.iter().map(LogRange::from).collect();
        let act = BundleImported { bundle: self.id, sender: Oid::from(self.log()), logs, entries: summary.new };
        self.center.write_after(tx, self.stamp, summary.tick, act)?;
        self.done(tx, outcome, alarms, receipt)
    }

    pub(super) fn row(&self, state: BundleState, entries: u64) -> BundleRow {
        let run = self.envelope.logs.first();
        BundleRow {
            id: self.id,
            log: self.log().to_owned(),
            first: self.first(),
            last: run.map_or(0, |run| run.last),
            received: self.stamp.at,
            state,
            entries,
            receipt: None,
        }
    }

    fn done(
        &self,
        tx: &mut dyn Tx,
        outcome: Outcome,
        alarms: Vec<AlarmKind>,
        receipt: Option<SignedReceipt>,
    ) -> Result<Imported, ImportError> {
        tx.touch_device(self.log(), self.stamp.at)?;
        let bundle = ImportedBundle { alarms, ..ImportedBundle::new(self.name, self.id, self.log(), outcome) };
        Ok(Imported { bundle, receipt })
    }

    /// Keeps the bundle as it was received; raises it where something else lay in its place.
    pub(super) fn keep(&self, tx: &mut dyn Tx, raw: &mut Raw) -> Result<Vec<AlarmKind>, ImportError> {
        match self.center.store_raw(raw)? {
            Kept::Good => Ok(Vec::new()),
            Kept::WasDamaged => self.raise(tx, AlarmKind::Evidence, self.first()).map(|kind| vec![kind]),
        }
    }

    /// The first entry in the bundle; 0 for none.
    pub(super) fn first(&self) -> u64 {
        self.envelope.logs.first().map_or(0, |run| run.first)
    }

    /// Raises what the imported entries give away about their sender.
    fn raise_alarms(&self, tx: &mut dyn Tx, held: LogEnd, summary: &Summary) -> Result<Vec<AlarmKind>, ImportError> {
        let mut alarms = self.judge_checkpoint(tx, held, summary.fork)?;
        for Notice { kind, seq, last } in summary.ways_back.judge(tx, self.log(), held)? {
            tx.put_alarm(&Alarm { last, ..self.alarm(kind, seq) })?;
            alarms.push(kind);
        }
        if let Some(seq) = summary.others_words {
            alarms.push(self.raise(tx, AlarmKind::OthersWords, seq)?);
        }
        for (kind, seq) in self.center.judge_allocation(tx, self.log(), &summary.watched)? {
            alarms.push(self.raise(tx, kind, seq)?);
        }
        Ok(alarms)
    }

    /// Compares the checkpoint with what is known, writes it down, and raises what it gives away.
    fn judge_checkpoint(
        &self,
        tx: &mut dyn Tx,
        held: LogEnd,
        fork: Option<u64>,
    ) -> Result<Vec<AlarmKind>, ImportError> {
        let signed = self.envelope.checkpoint.as_ref();
        let now = signed.map(|c| KnownCheckpoint { epoch: c.epoch, end: LogEnd { seq: c.seq, head: c.head } });
        let mut known = tx.checkpoints(self.log())?;
        // One that is remembered from before this was looked at would blind for ever.
        known.retain(checkpoints::is_possible);
        let (now, absurd) = match now {
            Some(now) if !checkpoints::is_possible(&now) => (None, Some(now)),
            now => (now, None),
        };
        let there = now.map(|now| tx.id_at(self.log(), now.end.seq)).transpose()?.flatten();
        let held = match (now, tx.log_state(self.log())?.restored_at) {
            (Some(now), Some(at)) => checkpoints::in_its_life(now, at, &mut known, held),
            _ => held,
        };
        let mut found = checkpoints::judge(now, &known, held, there, fork);
        found.extend(absurd.map(|absurd| (AlarmKind::Epoch, absurd.end.seq)));
        if let Some(now) = now {
            tx.put_checkpoint(self.log(), now)?;
        }
        found.into_iter().map(|(kind, seq)| self.raise(tx, kind, seq)).collect()
    }

    pub(super) fn raise(&self, tx: &mut dyn Tx, kind: AlarmKind, seq: u64) -> Result<AlarmKind, ImportError> {
        tx.put_alarm(&self.alarm(kind, seq))?;
        Ok(kind)
    }

    fn alarm(&self, kind: AlarmKind, seq: u64) -> Alarm {
        Alarm { at: self.stamp.at, kind, log: self.log().to_owned(), seq, last: None, bundle: self.id }
    }
}
