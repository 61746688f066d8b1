//! One bundle in one transaction: what is decided of it is read in the same transaction that writes it down, so two imports
//! at once never decide on what the other is changing.

use super::checkpoints;
use super::entries::{ContentCheck, EntryImport, Summary};
use super::error::ImportError;
use super::outcome::{ImportedBundle, Outcome};
use crate::randomisation::Watched;
use crate::store::{Alarm, BundleRow, BundleState, Device, DeviceState, KnownCheckpoint, LogState, Tx};
use crate::{AlarmKind, Center, Stamp};
use bundle::{Admission, BundleError, Envelope, Key, Kind, Receipt, Sealed, SenderTrust, SignedReceipt, Trusted};
use casebook::act::{BundleImported, LogRange};
use casebook::{EntryId, LogEnd, is_of_site};
use std::io::{Read, Seek};
use study::Oid;

/// Bundles that are kept of one device that waits for approval.
const MOST_WAITING: usize = 64;
/// Devices that may wait for approval: anybody can make a key and a file.
const MOST_STRANGERS: usize = 1_000;

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
            return self.answer_again(tx, row);
        }
        let device = tx.device(self.log())?;
        let trusted = sealed.admit(&self.admission(device.as_ref()))?;
        if device.as_ref().is_none_or(|device| device.state != DeviceState::Approved) {
            return self.wait(tx, device.as_ref(), trusted.into_source());
        }
        let held = tx.log_state(self.log())?;
        match self.envelope.logs.first().and_then(|run| held.end.gap_before(run.first)) {
            Some(expects) => self.park(tx, trusted, held, expects),
            None => self.commit(tx, trusted, held),
        }
    }

    fn log(&self) -> &str {
        &self.envelope.sender.log
    }

    fn admission<'d>(&'d self, device: Option<&'d Device>) -> Admission<'d> {
        let sender = match device {
            Some(device) if device.state == DeviceState::Revoked => SenderTrust::Revoked,
            Some(device) => SenderTrust::Known(device.key),
            // Everything but the key is judged as for a known device.
            None => SenderTrust::Known(self.envelope.sender.key),
        };
        Admission {
            study: Some(&self.center.card.study),
            site: device.map(|device| device.site.as_str()),
            kind: Kind::Data,
            practice: self.center.card.practice,
            sender,
        }
    }

    /// A bundle that was answered before gets the same answer.
    fn answer_again(&self, tx: &dyn Tx, row: BundleRow) -> Result<Imported, ImportError> {
        let outcome = match row.state {
            BundleState::Fork => Outcome::Fork { seq: tx.log_state(&row.log)?.forked_at.unwrap_or(row.first) },
            _ => Outcome::AlreadyHeld,
        };
        let bundle = ImportedBundle::new(self.name, row.id, &row.log, outcome);
        Ok(Imported { bundle, receipt: row.receipt })
    }

    /// A device that nobody has approved: its bundle is kept aside, unopened.
    fn wait<R: Read + Seek>(
        &self,
        tx: &mut dyn Tx,
        device: Option<&Device>,
        mut source: R,
    ) -> Result<Imported, ImportError> {
        let sender = &self.envelope.sender;
        if tx.site(&sender.site)?.is_none() || !is_of_site(&sender.log, &sender.site) {
            return Err(BundleError::OtherSite.into());
        }
        let strangers = tx.devices()?.iter().filter(|known| known.state == DeviceState::Waiting).count();
        let waiting = tx.bundles(&sender.log, BundleState::Waiting)?;
        let many = waiting.len() >= MOST_WAITING && waiting.iter().all(|row| row.id != self.id);
        if many || (device.is_none() && strangers >= MOST_STRANGERS) {
            return Err(BundleError::TooLarge("number of bundles that wait for approval").into());
        }
        self.center.store_raw(self.id, &mut source)?;
        if device.is_none() {
            tx.put_device(&Device {
                log: sender.log.clone(),
                site: sender.site.clone(),
                key: sender.key,
                age: sender.age.clone(),
                state: DeviceState::Waiting,
                first_seen: self.stamp.at,
                last_seen: self.stamp.at,
            })?;
        }
        tx.put_bundle(&self.row(BundleState::Waiting, 0))?;
        let outcome = Outcome::Waiting { device: sender.log.clone(), words: sender.key.words() };
        self.done(tx, outcome, Vec::new(), None)
    }

    /// Keeps a bundle that came too early: it is parked until what is before it has come.
    fn park<R: Read + Seek + Send>(
        &self,
        tx: &mut dyn Tx,
        trusted: Trusted<R>,
        held: LogState,
        expects: u64,
    ) -> Result<Imported, ImportError> {
        // What will be imported later must be good already: its sender may be far away by then.
        let opened = trusted.open(&Key::Identity(&self.center.keys.age), &mut ContentCheck::new(&self.envelope))?;
        self.center.store_raw(self.id, &mut opened.into_source())?;
        let alarms = self.judge_checkpoint(tx, held.end, None)?;
        tx.put_bundle(&self.row(BundleState::Parked, 0))?;
        self.done(tx, Outcome::Parked { expects }, alarms, None)
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
        let summary = entries.into_summary();
        self.center.store_raw(self.id, &mut opened.into_source())?;
        let alarms = self.raise_alarms(tx, held.end, &summary)?;
        let (state, outcome) = match summary.fork {
            Some(seq) => (BundleState::Fork, Outcome::Fork { seq }),
            None if summary.new == 0 && self.envelope.entries > 0 => (BundleState::Accepted, Outcome::AlreadyHeld),
            None => (BundleState::Accepted, Outcome::Accepted { entries: summary.new }),
        };
        if let Some(seq) = summary.fork {
            tx.set_fork(self.log(), seq)?;
        }
        let receipt = (state == BundleState::Accepted && summary.end.seq > 0).then(|| self.receipt(summary.end));
        tx.put_bundle(&BundleRow { receipt: receipt.clone(), ..self.row(state, summary.new) })?;
        for has in &self.envelope.has {
            tx.put_heard(self.log(), &has.log, LogEnd { seq: has.seq, head: has.head })?;
        }
        let logs = self.envelope.logs.iter().map(LogRange::from).collect();
        let act = BundleImported { bundle: self.id, sender: Oid::from(self.log()), logs, entries: summary.new };
        self.center.write_after(tx, self.stamp, summary.tick, act)?;
        self.done(tx, outcome, alarms, receipt)
    }

    fn receipt(&self, LogEnd { seq, head }: LogEnd) -> SignedReceipt {
        let (card, key) = (&self.center.card, &self.center.keys.signing);
        let receipt = Receipt {
            format: Receipt::FORMAT.to_owned(),
            version: Receipt::VERSION,
            study: card.study.clone(),
            center: self.center.public_key(),
            practice: card.practice,
            bundle: self.id,
            log: self.log().to_owned(),
            seq,
            head,
            at: self.stamp.at,
        };
        receipt.sign(key)
    }

    fn row(&self, state: BundleState, entries: u64) -> BundleRow {
        let run = self.envelope.logs.first();
        BundleRow {
            id: self.id,
            log: self.log().to_owned(),
            first: run.map_or(0, |run| run.first),
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

    /// Raises what the imported entries give away about their sender.
    fn raise_alarms(&self, tx: &mut dyn Tx, held: LogEnd, summary: &Summary) -> Result<Vec<AlarmKind>, ImportError> {
        let mut alarms = self.judge_checkpoint(tx, held, summary.fork)?;
        for (kind, seq) in self.center.judge_allocation(tx, self.log(), &summary.watched)? {
            self.raise(tx, kind, seq)?;
            alarms.push(kind);
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
        let known = tx.checkpoints(self.log())?;
        let there = now.map(|now| tx.id_at(self.log(), now.end.seq)).transpose()?.flatten();
        let found = checkpoints::judge(now, &known, held, there, fork);
        for &(kind, seq) in &found {
            self.raise(tx, kind, seq)?;
        }
        if let Some(now) = now {
            tx.put_checkpoint(self.log(), now)?;
        }
        Ok(found.into_iter().map(|(kind, _)| kind).collect())
    }

    fn raise(&self, tx: &mut dyn Tx, kind: AlarmKind, seq: u64) -> Result<(), ImportError> {
        let (at, log) = (self.stamp.at, self.log().to_owned());
        Ok(tx.put_alarm(&Alarm { at, kind, log, seq, bundle: self.id })?)
    }
}
