//! Taking in bundles: bundle/FORMAT.md, section 8.
//!
//! Each bundle is taken in whole or not at all, in one transaction; what a device signed is kept as it was received,
//! whatever becomes of it. A bundle that came too early waits until what is before it has come.

mod marks;
mod outcome;
mod sink;

pub use outcome::{Intake, Outcome};

use crate::randomisation::Watched;
use crate::store::{Alarm, BundleRow, BundleState, Device, DeviceState, LogState, Mark, Refused, Storage, StoreError};
use crate::{AlarmKind, Center, CenterError, Stamp};
use bundle::{Admission, BundleError, Envelope, Key, Kind, LogRun, Receipt, Sealed, SenderTrust, Trusted};
use casebook::act::{BundleImported, LogRange};
use casebook::{EntryId, Tick};
use sink::{Content, Intaking};
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;
use study::Oid;

/// Bundles that are kept of one device that waits for approval.
const MOST_WAITING: usize = 64;
/// Devices that may wait for approval: anybody can make a key and a file.
const MOST_STRANGERS: usize = 1_000;

/// Why a bundle was not taken in: its own fault, or the center's.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The bundle's.
    Refused(BundleError),
    /// The center's.
    Center(CenterError),
}

impl From<BundleError> for Trouble {
    fn from(refusal: BundleError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<CenterError> for Trouble {
    fn from(error: CenterError) -> Self {
        Self::Center(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Center(error.into())
    }
}

impl Center {
    /// Takes in a bundle, and after it those parked bundles that it makes room for. The first line is the bundle's own.
    ///
    /// # Errors
    /// When the center itself fails; a bad bundle is an [`Outcome::Refused`].
    pub fn ingest<R: Read + Seek + Send>(
        &self,
        stamp: &Stamp,
        name: &str,
        mut source: R,
    ) -> Result<Vec<Intake>, CenterError> {
        let intake = match self.take(stamp, name, &mut source) {
            Ok(intake) => intake,
            Err(Trouble::Center(error)) => return Err(error),
            Err(Trouble::Refused(refusal)) => self.refuse(stamp, name, &refusal)?,
        };
        let log = intake.log.clone();
        let progress = matches!(intake.outcome, Outcome::Accepted { .. });
        let mut intakes = vec![intake];
        if let Some(log) = log.filter(|_| progress) {
            self.release_parked(stamp, &log, &mut intakes)?;
        }
        Ok(intakes)
    }

    /// Takes in what a device sent before it was approved.
    ///
    /// # Errors
    /// When the center itself fails.
    pub fn ingest_waiting(&self, stamp: &Stamp, log: &str) -> Result<Vec<Intake>, CenterError> {
        let mut intakes = Vec::new();
        for row in self.store.bundles(log, BundleState::Waiting)? {
            intakes.extend(self.ingest_kept(stamp, &row)?);
        }
        Ok(intakes)
    }

    fn release_parked(&self, stamp: &Stamp, log: &str, intakes: &mut Vec<Intake>) -> Result<(), CenterError> {
        loop {
            let held = self.store.log_state(log)?.seq;
            let parked = self.store.bundles(log, BundleState::Parked)?;
            let Some(next) = parked.first().filter(|row| row.first <= held + 1) else { return Ok(()) };
            // Not through `ingest`, which would come back here.
            let (name, file) = self.kept(next)?;
            match self.take(stamp, &name, &mut BufReader::new(file)) {
                Ok(intake) => intakes.push(intake),
                Err(Trouble::Center(error)) => return Err(error),
                Err(Trouble::Refused(refusal)) => {
                    intakes.push(self.refuse(stamp, &name, &refusal)?);
                    return Ok(());
                }
            }
        }
    }

    fn ingest_kept(&self, stamp: &Stamp, row: &BundleRow) -> Result<Vec<Intake>, CenterError> {
        let (name, file) = self.kept(row)?;
        self.ingest(stamp, &name, BufReader::new(file))
    }

    fn kept(&self, row: &BundleRow) -> Result<(String, File), CenterError> {
        let path = self.bundle_file(row.id);
        let file = File::open(&path).map_err(CenterError::file(&path))?;
        Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), file))
    }

    fn refuse(&self, stamp: &Stamp, name: &str, refusal: &BundleError) -> Result<Intake, CenterError> {
        let (code, words) = (refusal.code(), refusal.to_string());
        let row = Refused { at: stamp.at, file: name.to_owned(), code: code.to_owned(), words: words.clone() };
        self.transact(|store| Ok::<_, CenterError>(store.put_refusal(&row)?))?;
        let outcome = Outcome::Refused { code, words };
        Ok(Intake { file: name.to_owned(), bundle: None, log: None, outcome, alarms: Vec::new(), receipt: None })
    }

    fn take<R: Read + Seek + Send>(&self, stamp: &Stamp, name: &str, source: &mut R) -> Result<Intake, Trouble> {
        let sealed = Sealed::inspect(&mut *source)?;
        let (id, envelope) = (sealed.id(), sealed.envelope().clone());
        if let Some(row) =
            self.store.bundle(id)?.filter(|row| matches!(row.state, BundleState::Accepted | BundleState::Fork))
        {
            return self.again(name, &row).map_err(Trouble::from);
        }
        let log = envelope.sender.log.as_str();
        let device = self.store.device(log)?;
        let sender = match &device {
            Some(device) if device.state == DeviceState::Revoked => SenderTrust::Revoked,
            Some(device) => SenderTrust::Known(device.key),
            // Everything but the key is judged as for a known device.
            None => SenderTrust::Known(envelope.sender.key),
        };
        let admission = Admission {
            study: Some(&self.card.study),
            site: device.as_ref().map(|device| device.site.as_str()),
            kind: Kind::Data,
            practice: self.card.practice,
            sender,
        };
        let trusted = sealed.admit(&admission)?;
        match device.as_ref().map(|device| device.state) {
            Some(DeviceState::Approved) => self.take_in(name, trusted)?,
            _ => {
                drop(trusted);
                return self.keep_waiting(stamp, name, id, &envelope, device.as_ref(), source);
            }
        }
        .finish(self, stamp, source)
    }

    /// A device that nobody has approved: its bundle is kept aside, unopened.
    fn keep_waiting<R: Read + Seek>(
        &self,
        stamp: &Stamp,
        name: &str,
        id: EntryId,
        envelope: &Envelope,
        device: Option<&Device>,
        source: &mut R,
    ) -> Result<Intake, Trouble> {
        let sender = &envelope.sender;
        let of_site =
            sender.log.strip_prefix(sender.site.as_str()).is_some_and(|rest| rest.starts_with('-') && rest.len() > 1);
        if self.store.site(&sender.site)?.is_none() || !of_site {
            return Err(BundleError::OtherSite.into());
        }
        let strangers = self.store.devices()?.iter().filter(|known| known.state == DeviceState::Waiting).count();
        let waiting = self.store.bundles(&sender.log, BundleState::Waiting)?;
        let many = waiting.len() >= MOST_WAITING && waiting.iter().all(|row| row.id != id);
        if many || (device.is_none() && strangers >= MOST_STRANGERS) {
            return Err(BundleError::TooLarge("number of bundles that wait for approval").into());
        }
        self.keep(id, source)?;
        self.transact(|store| {
            if device.is_none() {
                store.put_device(&Device {
                    log: sender.log.clone(),
                    site: sender.site.clone(),
                    key: sender.key,
                    age: sender.age.clone(),
                    state: DeviceState::Waiting,
                    first_seen: stamp.at,
                    last_seen: stamp.at,
                })?;
            }
            store.touch_device(&sender.log, stamp.at)?;
            store.put_bundle(&row(id, envelope, stamp, BundleState::Waiting, 0))?;
            Ok::<_, Trouble>(())
        })?;
        let outcome = Outcome::Waiting { device: sender.log.clone(), words: sender.key.words() };
        Ok(Intake::new(name, id, &sender.log, outcome))
    }

    /// A bundle that was answered before gets the same answer.
    fn again(&self, name: &str, row: &BundleRow) -> Result<Intake, CenterError> {
        let mut intake = Intake::new(name, row.id, &row.log, Outcome::AlreadyHeld);
        if row.state == BundleState::Fork {
            let forked_at = self.store.log_state(&row.log)?.forked_at.unwrap_or(row.first);
            intake.outcome = Outcome::Fork { seq: forked_at };
        }
        intake.receipt = row.receipt.as_ref().map(|receipt| self.keep_receipt(row.id, receipt)).transpose()?;
        Ok(intake)
    }

    /// Opens a trusted bundle and takes in its content; the transaction stays open until [`Taken::finish`].
    fn take_in<R: Read + Seek + Send>(&self, name: &str, trusted: Trusted<R>) -> Result<Taken, Trouble> {
        let (id, envelope) = (trusted.id(), trusted.envelope().clone());
        let key = Key::Identity(&self.keys.age);
        let before = self.store.log_state(&envelope.sender.log)?;
        let gap = envelope.logs.first().is_some_and(|run| run.first > before.seq + 1);
        if gap {
            // What will be taken in later must be good already: its sender may be far away by then.
            trusted.open(&key, &mut Content::new(&envelope))?;
            return Ok(Taken { id, name: name.to_owned(), envelope, before, content: None });
        }
        self.store.begin()?;
        // A study whose allocation has faults deals no slots, so there is nothing to hold entries against.
        let watched = Watched::new(self.plan().ok().flatten().as_ref());
        let mut intaking = Intaking::new(&*self.store, &envelope, id, before, watched);
        let opened = intaking.join(envelope.logs.first()).and_then(|()| trusted.open(&key, &mut intaking).map(drop));
        let content = intaking.into_content();
        if let Err(trouble) = opened {
            self.store.rollback();
            return Err(trouble);
        }
        Ok(Taken { id, name: name.to_owned(), envelope, before, content: Some(content) })
    }

    /// Keeps the bundle's bytes as they came.
    fn keep<R: Read + Seek>(&self, id: EntryId, source: &mut R) -> Result<(), CenterError> {
        let path = self.bundle_file(id);
        if path.exists() {
            return Ok(());
        }
        let folder = path.parent().map_or_else(PathBuf::new, PathBuf::from);
        let mut copy = || -> io::Result<()> {
            let mut beside = tempfile::NamedTempFile::new_in(&folder)?;
            source.seek(SeekFrom::Start(0))?;
            io::copy(source, &mut beside)?;
            beside.as_file().sync_all()?;
            beside.persist(&path).map_err(|error| error.error)?;
            crate::platform::sync_name(&path);
            Ok(())
        };
        copy().map_err(CenterError::file(&path))
    }

    /// Puts a receipt where people and programs find it: beside the bundles, as a file with its signature.
    fn keep_receipt(&self, bundle: EntryId, receipt: &bundle::SignedReceipt) -> Result<PathBuf, CenterError> {
        let folder = self.folder.join("receipts");
        fs::create_dir_all(&folder).map_err(CenterError::file(&folder))?;
        let path = folder.join(format!("{bundle}.json"));
        if !path.exists() {
            crate::keys::replace(&folder.join(format!("{bundle}.json.sig")), receipt.signature.as_bytes())?;
            crate::keys::replace(&path, &receipt.bytes)?;
        }
        Ok(path)
    }
}

fn row(id: EntryId, envelope: &Envelope, stamp: &Stamp, state: BundleState, entries: u64) -> BundleRow {
    let run = envelope.logs.first();
    BundleRow {
        id,
        log: envelope.sender.log.clone(),
        first: run.map_or(0, |run: &LogRun| run.first),
        last: run.map_or(0, |run| run.last),
        received: stamp.at,
        state,
        entries,
        receipt: None,
    }
}

/// A bundle whose content is good. Where it has content, a transaction is open.
struct Taken {
    id: EntryId,
    name: String,
    envelope: Envelope,
    before: LogState,
    /// What was taken in; none where the bundle came too early.
    content: Option<sink::Summary>,
}

impl Taken {
    /// Writes down what became of the bundle, and ends the transaction.
    fn finish<R: Read + Seek>(self, center: &Center, stamp: &Stamp, source: &mut R) -> Result<Intake, Trouble> {
        center.keep(self.id, source).inspect_err(|_| center.store.rollback())?;
        let done = match &self.content {
            None => center.transact(|store| self.park(store, stamp)),
            Some(summary) => {
                let done = self
                    .settle(center, stamp, summary)
                    .and_then(|done| center.store.commit().map(|()| done).map_err(Trouble::from));
                done.inspect_err(|_| center.store.rollback())
            }
        };
        let (intake, receipt) = done?;
        let receipt = receipt.map(|receipt| center.keep_receipt(self.id, &receipt)).transpose()?;
        Ok(Intake { receipt, ..intake })
    }

    fn park(&self, store: &dyn Storage, stamp: &Stamp) -> Result<(Intake, Option<bundle::SignedReceipt>), Trouble> {
        let log = &self.envelope.sender.log;
        let alarms = self.judge(store, stamp, None)?;
        store.put_bundle(&row(self.id, &self.envelope, stamp, BundleState::Parked, 0))?;
        store.touch_device(log, stamp.at)?;
        let outcome = Outcome::Parked { expects: self.before.seq + 1 };
        Ok((Intake { alarms, ..Intake::new(&self.name, self.id, log, outcome) }, None))
    }

    fn settle(
        &self,
        center: &Center,
        stamp: &Stamp,
        summary: &sink::Summary,
    ) -> Result<(Intake, Option<bundle::SignedReceipt>), Trouble> {
        let store = &*center.store;
        let log = &self.envelope.sender.log;
        let mut alarms = self.judge(store, stamp, Some(summary))?;
        for (kind, seq) in center.judge_allocation(log, &summary.watched)? {
            store.put_alarm(&Alarm { at: stamp.at, kind, log: log.clone(), seq, bundle: self.id })?;
            alarms.push(kind);
        }
        let forked = summary.fork.or(self.before.forked_at.filter(|_| summary.quarantined > 0));
        let (state, outcome) = match forked {
            Some(seq) => (BundleState::Fork, Outcome::Fork { seq }),
            None if summary.new == 0 && self.envelope.entries > 0 => (BundleState::Accepted, Outcome::AlreadyHeld),
            None => (BundleState::Accepted, Outcome::Accepted { entries: summary.new }),
        };
        if let Some(seq) = forked {
            store.set_fork(log, seq)?;
        }
        let (seq, head) = (summary.held, summary.head);
        let receipt = (state == BundleState::Accepted && seq > 0).then(|| {
            let receipt = Receipt {
                format: Receipt::FORMAT.to_owned(),
                version: Receipt::VERSION,
                study: center.card.study.clone(),
                center: center.public_key(),
                practice: center.card.practice,
                bundle: self.id,
                log: log.clone(),
                seq,
                head,
                at: stamp.at,
            };
            receipt.sign(&center.keys.signing)
        });
        let mut kept = row(self.id, &self.envelope, stamp, state, summary.new);
        kept.receipt.clone_from(&receipt);
        store.put_bundle(&kept)?;
        store.touch_device(log, stamp.at)?;
        for has in &self.envelope.has {
            store.put_heard(log, &has.log, has.seq, has.head)?;
        }
        let ranges = self.envelope.logs.iter();
        let act = BundleImported {
            bundle: self.id,
            sender: Oid::from(log.as_str()),
            logs: ranges.map(LogRange::from).collect(),
            entries: summary.new,
        };
        center.write_after(stamp, summary.tick.unwrap_or_default(), act)?;
        Ok((Intake { alarms, ..Intake::new(&self.name, self.id, log, outcome) }, receipt))
    }

    /// Compares the checkpoint with what is known, writes it down, and raises what it gives away.
    fn judge(
        &self,
        store: &dyn Storage,
        stamp: &Stamp,
        summary: Option<&sink::Summary>,
    ) -> Result<Vec<AlarmKind>, Trouble> {
        let log = &self.envelope.sender.log;
        let now = self.envelope.checkpoint.as_ref().map(|c| Mark { epoch: c.epoch, seq: c.seq, head: c.head });
        let known = store.marks(log)?;
        let there = now.map(|mark| store.id_at(log, mark.seq)).transpose()?.flatten();
        let fork = summary.and_then(|summary| summary.fork);
        let found = marks::judge(now, &known, self.before, there, fork);
        for &(kind, seq) in &found {
            store.put_alarm(&Alarm { at: stamp.at, kind, log: log.clone(), seq, bundle: self.id })?;
        }
        if let Some(mark) = now {
            store.put_mark(log, &mark)?;
        }
        Ok(found.into_iter().map(|(kind, _)| kind).collect())
    }
}

impl sink::Summary {
    /// The greatest tick seen rises over everything that came.
    fn seen(&mut self, tick: Tick) {
        self.tick = Some(self.tick.map_or(tick, |before| before.max(tick)));
    }
}
