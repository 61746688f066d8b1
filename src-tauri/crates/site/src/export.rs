//! Writing bundles: each as [`crate::files`] writes; only when all of them stand and the journal tells of them is anything
//! said to be written.
//!
//! An export belongs to the session in which it was begun. What it reads with is lent to it, and what it wrote goes again
//! unless that same session journals it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use bundle::{Activation, HeldLog, Kind, PackOptions, Packed, Packer, Recipients, limits};
use casebook::act::{BundleExported, LogRange};
use casebook::trial_state::Device;
use casebook::{EntryId, Instant};
use screens::messages::{ExportReport, Progress, ProgressStep};
use seal::SigningKey;
use study::Oid;
use tempfile::NamedTempFile;
use vault::{BundleRecord, Open, Snapshot, Stamp, Way};

use crate::beside::{Loan, SessionMark};
use crate::files::{self, NewFile};
use crate::session::SignedIn;
use crate::writing::ActWriter;
use crate::{SiteError, settings};

/// Lines between two looks at the wish to stop.
const STRIDE: u64 = 2_000;

/// An export that is fixed and not yet written. Can be sent to another thread; a lock takes from it what it would read with.
pub struct ExportJob {
    fixed: Loan<Fixed>,
}

/// What an export is to write, and what it reads and signs with.
struct Fixed {
    snapshot: Snapshot,
    terms: PackOptions,
    key: SigningKey,
    /// The blob by which the device shows its kit, until the center knows it.
    kit: Option<String>,
    first: u64,
    last: u64,
    folder: PathBuf,
}

/// One bundle on the disk. Until the journal tells of all of them they go again when the export stops: whoever finds some of
/// them on a stick would carry them off as if they were all.
struct Piece {
    id: EntryId,
    file: NewFile,
    first: u64,
    last: u64,
    entries: u64,
    bytes: u64,
}

/// What an export wrote: complete, synced, re-read. Dropping it removes the files.
pub struct Written {
    pieces: Vec<Piece>,
    device: String,
    folder: PathBuf,
    at: Instant,
    session: SessionMark,
}

impl ExportJob {
    pub(crate) fn new(signed_in: &mut SignedIn, folder: &Path, stamp: &Stamp) -> Result<Self, SiteError> {
        if !folder.is_dir() {
            return Err(SiteError::Gone);
        }
        let (open, practice) = (&mut signed_in.open, signed_in.practice);
        let outbox = open.outbox();
        let snapshot = open.snapshot()?;
        let checkpoint = open.checkpoint(stamp)?.checkpoint();
        open.keep_checkpoint(stamp);
        let has = snapshot.logs().iter().skip(1).map(|held| HeldLog {
            log: held.log.clone(),
            seq: held.seq,
            head: held.head,
        });
        let terms = PackOptions {
            kind: Kind::Data,
            practice,
            study: open.study_oid().to_owned(),
            site: open.site().to_owned(),
            log: open.device().to_owned(),
            age: open.device_identity()?.recipient(),
            to: Recipients::Keys(settings::recipients(open)?),
            at: stamp.at,
            checkpoint: Some(checkpoint),
            has: has.collect(),
            split: limits::USUAL_SPLIT,
        };
        let key = open.device_key().clone();
        let kit = shown_kit(open, &terms)?;
        let (first, last, folder) = (outbox.first, outbox.last, folder.to_owned());
        Ok(Self { fixed: signed_in.lender.lend(Fixed { snapshot, terms, key, kit, first, last, folder }) })
    }

    /// Writes the bundles. Nothing is left behind unless all of them stand.
    ///
    /// # Errors
    /// `Full`, `Gone`, `Cancelled` also by a lock, and what else the disk says.
    pub fn run(self, tell: &dyn Fn(&Progress), cancel: &AtomicBool) -> Result<Written, SiteError> {
        self.fixed.spend(|fixed, session| fixed.write(tell, &Wish { cancel, session }))
    }
}

impl Fixed {
    fn write(self, tell: &dyn Fn(&Progress), wish: &Wish<'_>) -> Result<Written, SiteError> {
        let Self { snapshot, terms, key, kit, first, last, folder } = self;
        let (log, at) = (terms.log.clone(), terms.at);
        let total = (last + 1).saturating_sub(first);
        let mut packer = Packer::begin(terms, &key)?;
        if let Some(name) = kit {
            packer.blob(&name, Activation::CONTENT)?;
        }
        let mut ready: Vec<(NamedTempFile, Packed)> = Vec::new();
        let mut done = 0;
        let say = |step, done| tell(&Progress { step, done, total, seconds_left: None });
        if total > 0 {
            snapshot.lines(&log, first, last, |seq, line| {
                packer.entry(&log, seq, None, line)?;
                for text in snapshot.texts_of(line)? {
                    packer.text(&text)?;
                }
                done += 1;
                if done % STRIDE == 1 {
                    say(ProgressStep::Collect, done);
                    wish.stops()?;
                    while let Some(packed) = packer.take_ready() {
                        ready.push(write(&folder, packed)?);
                    }
                }
                Ok::<_, SiteError>(())
            })?;
        }
        say(ProgressStep::Seal, done);
        for packed in packer.finish()? {
            wish.stops()?;
            say(ProgressStep::Write, done);
            ready.push(write(&folder, packed)?);
        }
        let mut pieces = Vec::new();
        for (file, packed) in ready {
            wish.stops()?;
            say(ProgressStep::Verify, done);
            pieces.push(finish(&folder, file, &packed, &log)?);
        }
        say(ProgressStep::Done, done);
        Ok(Written { pieces, device: log, folder, at, session: wish.session.clone() })
    }
}

/// The name of the blob by which the device shows that it came by a kit of its site, as long as people have yet to approve its key:
/// the first until the center has confirmed anything, a new one until it has confirmed what tells of it.
fn shown_kit(open: &mut Open, terms: &PackOptions) -> Result<Option<String>, SiteError> {
    let awaits_approval = open.acknowledged() == 0 || has_new_keys(open)?;
    let code = if awaits_approval { open.setting(settings::ACTIVATION)? } else { None };
    let Some(code) = code.and_then(|code| String::from_utf8(code).ok()) else { return Ok(None) };
    let key = open.device_key().public();
    Ok(Activation { study: &terms.study, site: &terms.site, device: &terms.log, key }.blob_name(&code))
}

/// Whether the device drew new keys and the center has not confirmed what tells of them: people have yet to approve them there.
pub(crate) fn has_new_keys(open: &mut Open) -> Result<bool, SiteError> {
    let (acknowledged, device) = (open.acknowledged(), Oid::from(open.device()));
    let renewed = open.trial_state()?.device_of(&device).and_then(Device::renewed_keys);
    Ok(renewed.is_some_and(|keys| keys.origin.seq > acknowledged))
}

/// What may ask an export to stop: a person, or the end of the session.
struct Wish<'a> {
    cancel: &'a AtomicBool,
    session: &'a SessionMark,
}

impl Wish<'_> {
    /// Stops where that is wished.
    fn stops(&self) -> Result<(), SiteError> {
        let wished = self.cancel.load(Ordering::Relaxed) || self.session.has_ended();
        if wished { Err(SiteError::Cancelled) } else { Ok(()) }
    }
}

impl Written {
    /// Whether it was written for this session: the journal of another one has nothing to say of it.
    pub(crate) fn is_of(&self, session: &SessionMark) -> bool {
        self.session == *session
    }

    /// Journals the bundles and remembers the folder.
    pub(crate) fn record(&self, tx: &mut ActWriter<'_, '_>, user: &str) -> Result<(), SiteError> {
        for piece in &self.pieces {
            let file = file_name(piece.file.path());
            let logs = vec![LogRange { log: self.device.as_str().into(), first: piece.first, last: piece.last }];
            let logs = if piece.entries == 0 { Vec::new() } else { logs };
            tx.write(BundleExported { bundle: piece.id, file: file.clone(), logs, entries: piece.entries })?;
            let (id, at, way, by) = (piece.id, self.at, Way::Sent, user.to_owned());
            let (first, last, entries) = (piece.first, piece.last, piece.entries);
            tx.record_bundle(&BundleRecord { id, at, way, file, by, first, last, entries })?;
        }
        Ok(tx.set(settings::EXPORT_FOLDER, self.folder.to_string_lossy().as_bytes())?)
    }

    /// The bundles stay; what the window is told of them.
    pub(crate) fn keep(self) -> ExportReport {
        ExportReport {
            entries: self.pieces.iter().map(|piece| piece.entries).sum(),
            bytes: self.pieces.iter().map(|piece| piece.bytes).sum(),
            files: self.pieces.into_iter().map(|piece| piece.file.keep().to_string_lossy().into_owned()).collect(),
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Writes a bundle under a temporary name.
fn write(folder: &Path, mut packed: Packed) -> Result<(NamedTempFile, Packed), SiteError> {
    let file = files::write(folder, &packed.bytes)?;
    // What is on the disk need not stay in memory, too.
    packed.bytes = Vec::new();
    Ok((file, packed))
}

/// Gives a bundle its name.
fn finish(folder: &Path, file: NamedTempFile, packed: &Packed, log: &str) -> Result<Piece, SiteError> {
    let bytes = file.as_file().metadata()?.len();
    let own = packed.envelope.logs.iter().find(|run| run.log == log);
    let (first, last) = own.map_or((0, 0), |run| (run.first, run.last));
    let file = NewFile::name(file, &folder.join(&packed.name))?;
    Ok(Piece { id: packed.id, file, first, last, entries: packed.envelope.entries, bytes })
}
