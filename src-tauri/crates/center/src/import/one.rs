//! One bundle in one transaction: what is decided of it is read in the same transaction that writes it down, so two imports
//! at once never decide on what the other is changing.

use super::checkpoints;
use super::entries::{ContentCheck, EntryImport, Summary};
use super::error::ImportError;
use super::evidence::Kept;
use super::outcome::{ImportedBundle, Outcome};
use super::ways_back::Notice;
use crate::proof::shown_kit;
use crate::randomisation::Watched;
use crate::store::{Alarm, BundleRow, BundleState, Device, DeviceState, KnownCheckpoint, LogState, Tx};
use crate::{AlarmKind, Center, Stamp};
use bundle::{Admission, BundleError, Envelope, Key, Kind, Sealed, SenderTrust, SignedReceipt, Trusted};
use casebook::act::{BundleImported, LogRange};
use casebook::{CENTER, EntryId, LogEnd, is_of_site};
use std::fs;
use std::io::{Read, Seek};
use study::Oid;

/// Bundles that are kept of one key that waits for approval.
const MOST_WAITING: usize = 64;
/// Keys that may wait for approval at one site: anybody can make a key and a file, and none of them is in the way of another
/// site's.
const MOST_STRANGERS: usize = 256;
/// Keys that may wait for approval beside the approved one of a device.
const MOST_NEW_KEYS: usize = 16;

/// Bundles of one device that are kept until an earlier one comes.
const MOST_PARKED: usize = 256;
/// How many bytes of them are enough to keep no more. One bundle may be half as long.
const MOST_PARKED_BYTES: u64 = 1 << 30;

/// What became of a bundle, and the receipt for its sender.
pub(super) struct Imported {
    pub(super) bundle: ImportedBundle,
    pub(super) receipt: Option<SignedReceipt>,
}

/// A bundle on its way in.
pub(super) struct Import<'a> {
    center: &'a Center,
    stamp: &'a Stamp,
    name: &'a str,
    id: EntryId,
    envelope: Envelope,
}

impl<'a> Import<'a> {
    pub(super) fn new<R: Read + Seek>(center: &'a Center, stamp: &'a Stamp, name: &'a str, sealed: &Sealed<R>) -> Self {
        Self { center, stamp, name, id: sealed.id(), envelope: sealed.envelope().clone() }
    }

    /// Decides what becomes of the bundle, and writes it down.
    pub(super) fn run<R: Read + Seek + Send>(
        &self,
        tx: &mut dyn Tx,
        sealed: Sealed<R>,
    ) -> Result<Imported, ImportError> {
        if let Some(row) = tx.bundle(self.id)?.filter(|row| row.state.is_answered()) {
            return self.answer_again(tx, row, sealed.into_source());
        }
        let device = tx.device(self.log())?;
        let trusted = sealed.admit(&self.admission(device.as_ref()))?;
        self.is_recoverable()?;
        if device.as_ref().is_none_or(|device| device.key != self.envelope.sender.key) {
            return self.wait(tx, device.as_ref(), trusted.into_source());
        }
        self.is_of_branch_in_force(tx)?;
        let held = tx.log_state(self.log())?;
        match self.envelope.logs.first().and_then(|run| held.end.gap_before(run.first)) {
            // What follows the branch that is kept aside is of it, however far the one in force is.
            Some(expects) if !self.follows_aside(tx)? => self.park(tx, trusted, held, expects),
            _ => self.commit(tx, trusted, held),
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
    fn answer_again(
        &self,
        tx: &mut dyn Tx,
        row: BundleRow,
        mut source: impl Read + Seek,
    ) -> Result<Imported, ImportError> {
        let alarms = self.keep(tx, &mut source)?;
        let outcome = match row.state {
            BundleState::Fork => Outcome::Fork { seq: tx.log_state(&row.log)?.forked_at.unwrap_or(row.first) },
            _ => Outcome::AlreadyHeld,
        };
        let bundle = ImportedBundle { alarms, ..ImportedBundle::new(self.name, row.id, &row.log, outcome) };
        Ok(Imported { bundle, receipt: row.receipt })
    }

    /// A key that nobody has approved: its bundle is kept aside, unopened. Each key waits by itself: whoever names a log first keeps
    /// nobody else from it, and nobody the device that is `known` under that name.
    fn wait<R: Read + Seek>(
        &self,
        tx: &mut dyn Tx,
        known: Option<&Device>,
        mut source: R,
    ) -> Result<Imported, ImportError> {
        let sender = &self.envelope.sender;
        if tx.site(&sender.site)?.is_none() || !is_of_site(&sender.log, &sender.site) {
            return Err(BundleError::OtherSite.into());
        }
        let devices = tx.devices()?;
        let own = devices.iter().find(|other| other.log == sender.log && other.key == sender.key);
        match own.map(|own| own.state) {
            Some(DeviceState::Rejected) => return Err(BundleError::RevokedSender(sender.log.clone()).into()),
            Some(DeviceState::Replaced) => return Err(BundleError::ReplacedSender(sender.log.clone()).into()),
            _ => {}
        }
        // What was shown once stays shown: of an export in parts only the first part shows it. Another key of a known device
        // shows nothing: who has an old copy of its vault has the kit's code, too.
        let kit = match known {
            Some(_) => None,
            None => shown_kit(tx, &self.envelope)?.or(own.and_then(|own| own.kit)),
        };
        let waiting = tx.waiting_bundles(&sender.log, sender.key)?;
        let many = waiting.len() >= MOST_WAITING && waiting.iter().all(|row| row.id != self.id);
        if many || own.is_none() && self.is_crowded(&devices, kit) {
            return Err(BundleError::TooLarge("number of bundles that wait for approval").into());
        }
        let mut alarms = self.keep(tx, &mut source)?;
        if known.is_some() && own.is_none() {
            alarms.push(self.raise(tx, AlarmKind::NewKey, self.first())?);
        }
        tx.put_device(&Device {
            log: sender.log.clone(),
            site: sender.site.clone(),
            key: sender.key,
            age: sender.age.clone(),
            state: DeviceState::Waiting,
            first_seen: own.map_or(self.stamp.at, |own| own.first_seen),
            last_seen: own.map_or(self.stamp.at, |own| own.last_seen.max(self.stamp.at)),
            kit,
        })?;
        tx.put_bundle(&self.row(BundleState::Waiting, 0))?;
        tx.put_signer(self.id, sender.key)?;
        let outcome = Outcome::Waiting { device: sender.log.clone(), words: sender.key.words() };
        let bundle = ImportedBundle { alarms, ..ImportedBundle::new(self.name, self.id, self.log(), outcome) };
        Ok(Imported { bundle, receipt: None })
    }

    /// Whether too many keys wait beside the sender's. However many there are who show no kit, they are in nobody's way who shows
    /// one, and other keys of a known device in the way of none but that device's.
    fn is_crowded(&self, devices: &[Device], kit: Option<u64>) -> bool {
        let sender = &self.envelope.sender;
        let is_known = |log: &str| devices.iter().any(|device| device.log == log && device.state.is_known());
        let mut waiting: Vec<&Device> = devices.iter().filter(|other| other.state == DeviceState::Waiting).collect();
        if is_known(&sender.log) {
            waiting.retain(|other| other.log == sender.log);
            return waiting.len() >= MOST_NEW_KEYS;
        }
        waiting.retain(|other| other.site == sender.site && other.kit == kit && !is_known(&other.log));
        waiting.len() >= MOST_STRANGERS
    }

    /// Keeps a bundle that came too early: it is parked until what is before it has come.
    fn park<R: Read + Seek + Send>(
        &self,
        tx: &mut dyn Tx,
        trusted: Trusted<R>,
        held: LogState,
        expects: u64,
    ) -> Result<Imported, ImportError> {
        self.may_park(tx)?;
        // What will be imported later must be good already: its sender may be far away by then.
        let mut content = ContentCheck::new(&self.envelope);
        let opened = trusted.open(&Key::Identity(&self.center.keys.age), &mut content)?;
        content.finish()?;
        let mut alarms = self.keep(tx, &mut opened.into_source())?;
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
    fn commit<R: Read + Seek + Send>(
        &self,
        tx: &mut dyn Tx,
        trusted: Trusted<R>,
        held: LogState,
    ) -> Result<Imported, ImportError> {
        // A study whose allocation has faults deals no slots, so there is nothing to compare entries with.
        let watched = Watched::new(self.center.plan().ok().flatten().as_ref());
        let mut entries = EntryImport::new(&mut *tx, &self.envelope, self.id, held, watched);
        let opened = trusted.open(&Key::Identity(&self.center.keys.age), &mut entries)?;
        let summary = entries.finish()?;
        let mut alarms = self.keep(tx, &mut opened.into_source())?;
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

    fn row(&self, state: BundleState, entries: u64) -> BundleRow {
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
    fn keep(&self, tx: &mut dyn Tx, source: &mut (impl Read + Seek)) -> Result<Vec<AlarmKind>, ImportError> {
        match self.center.store_raw(self.id, source)? {
            Kept::Good => Ok(Vec::new()),
            Kept::WasDamaged => self.raise(tx, AlarmKind::Evidence, self.first()).map(|kind| vec![kind]),
        }
    }

    /// The first entry in the bundle; 0 for none.
    fn first(&self) -> u64 {
        self.envelope.logs.first().map_or(0, |run| run.first)
    }

    /// Raises what the imported entries give away about their sender.
    fn raise_alarms(&self, tx: &mut dyn Tx, held: LogEnd, summary: &Summary) -> Result<Vec<AlarmKind>, ImportError> {
        let mut alarms = self.judge_checkpoint(tx, held, summary.fork)?;
        for Notice { kind, seq, last } in summary.ways_back.judge(tx, self.log(), held)? {
            tx.put_alarm(&Alarm { last, ..self.alarm(kind, seq) })?;
            alarms.push(kind);
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

    fn raise(&self, tx: &mut dyn Tx, kind: AlarmKind, seq: u64) -> Result<AlarmKind, ImportError> {
        tx.put_alarm(&self.alarm(kind, seq))?;
        Ok(kind)
    }

    fn alarm(&self, kind: AlarmKind, seq: u64) -> Alarm {
        Alarm { at: self.stamp.at, kind, log: self.log().to_owned(), seq, last: None, bundle: self.id }
    }
}
