//! Writing bundles: to a temporary name on the same volume, synced, re-read, renamed without overwriting, the name
//! synced; only then is anything said to be written.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use bundle::{HeldLog, Kind, PackOptions, Packed, Packer, Recipients, limits};
use casebook::act::{BundleExported, LogRange};
use casebook::{EntryId, Instant};
use screens::messages::{ExportReport, Progress, ProgressStep};
use seal::{Sha256, SigningKey, sha256};
use tempfile::{NamedTempFile, PersistError};
use vault::{BundleRecord, Open, Snapshot, Stamp, Way};

use crate::writing::ActWriter;
use crate::{SiteError, settings};

/// Lines between two looks at the wish to stop.
const STRIDE: u64 = 2_000;
/// Most files that may lie under one name already.
const MOST_NAMESAKES: u32 = 99;

/// An export that is fixed and not yet written. Can be sent to another thread.
pub struct ExportJob {
    snapshot: Snapshot,
    terms: PackOptions,
    key: SigningKey,
    first: u64,
    last: u64,
    folder: PathBuf,
}

/// One bundle on the disk.
struct Piece {
    id: EntryId,
    path: PathBuf,
    first: u64,
    last: u64,
    entries: u64,
    bytes: u64,
}

/// What an export wrote: complete, synced, re-read.
pub struct Written {
    pieces: Vec<Piece>,
    device: String,
    folder: PathBuf,
    at: Instant,
}

impl ExportJob {
    pub(crate) fn new(open: &mut Open, practice: bool, folder: &Path, stamp: &Stamp) -> Result<Self, SiteError> {
        if !folder.is_dir() {
            return Err(SiteError::Gone);
        }
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
        Ok(Self { snapshot, terms, key, first: outbox.first, last: outbox.last, folder: folder.to_owned() })
    }

    /// Writes the bundles. Nothing is left behind unless all of them stand.
    ///
    /// # Errors
    /// `Full`, `Gone`, `Cancelled`, and what else the disk says.
    pub fn run(self, tell: &dyn Fn(&Progress), cancel: &AtomicBool) -> Result<Written, SiteError> {
        let Self { snapshot, terms, key, first, last, folder } = self;
        let (log, at) = (terms.log.clone(), terms.at);
        let total = (last + 1).saturating_sub(first);
        let mut packer = Packer::begin(terms, &key)?;
        let mut ready: Vec<(NamedTempFile, Packed)> = Vec::new();
        let mut done = 0;
        let say = |step, done| tell(&Progress { step, done, total, seconds_left: None });
        if total > 0 {
            snapshot.lines(&log, first, last, |seq, line| {
                packer.entry(&log, seq, None, line)?;
                for text in snapshot.texts_of(line)? {
                    packer.text(&text);
                }
                done += 1;
                if done % STRIDE == 1 {
                    say(ProgressStep::Collect, done);
                    stop_if(cancel)?;
                    while let Some(packed) = packer.take_ready() {
                        ready.push(write(&folder, packed)?);
                    }
                }
                Ok::<_, SiteError>(())
            })?;
        }
        say(ProgressStep::Seal, done);
        for packed in packer.finish()? {
            stop_if(cancel)?;
            say(ProgressStep::Write, done);
            ready.push(write(&folder, packed)?);
        }
        let mut named = Named::default();
        for (file, packed) in ready {
            stop_if(cancel)?;
            say(ProgressStep::Verify, done);
            named.pieces.push(finish(&folder, file, &packed, &log)?);
        }
        named.pieces.iter().try_for_each(|piece| vault::sync_name(&piece.path))?;
        say(ProgressStep::Done, done);
        Ok(Written { pieces: named.all(), device: log, folder, at })
    }
}

/// Bundles that have their names. Until all of them have, they go again when the export stops: whoever finds some of them
/// on a stick would carry them off as if they were all.
#[derive(Default)]
struct Named {
    pieces: Vec<Piece>,
}

impl Named {
    /// All of them stand.
    fn all(mut self) -> Vec<Piece> {
        std::mem::take(&mut self.pieces)
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        for piece in &self.pieces {
            // A stick that is gone has taken it along; nothing was journaled.
            let _ = std::fs::remove_file(&piece.path);
        }
    }
}

impl Written {
    /// Journals the bundles and remembers the folder.
    pub(crate) fn record(&self, tx: &mut ActWriter<'_, '_>, user: &str) -> Result<(), SiteError> {
        for piece in &self.pieces {
            let file = file_name(&piece.path);
            let logs = vec![LogRange { log: self.device.as_str().into(), first: piece.first, last: piece.last }];
            let logs = if piece.entries == 0 { Vec::new() } else { logs };
            tx.write(BundleExported { bundle: piece.id, file: file.clone(), logs, entries: piece.entries })?;
            let (id, at, way, by) = (piece.id, self.at, Way::Sent, user.to_owned());
            let (first, last, entries) = (piece.first, piece.last, piece.entries);
            tx.record_bundle(&BundleRecord { id, at, way, file, by, first, last, entries })?;
        }
        Ok(tx.set(settings::EXPORT_FOLDER, self.folder.to_string_lossy().as_bytes())?)
    }

    /// For the window.
    pub(crate) fn report(&self) -> ExportReport {
        ExportReport {
            files: self.pieces.iter().map(|piece| piece.path.to_string_lossy().into_owned()).collect(),
            entries: self.pieces.iter().map(|piece| piece.entries).sum(),
            bytes: self.pieces.iter().map(|piece| piece.bytes).sum(),
        }
    }
}

fn stop_if(cancel: &AtomicBool) -> Result<(), SiteError> {
    if cancel.load(Ordering::Relaxed) { Err(SiteError::Cancelled) } else { Ok(()) }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Writes under a temporary name, which goes away by itself when anything fails later.
fn write(folder: &Path, mut packed: Packed) -> Result<(NamedTempFile, Packed), SiteError> {
    let mut file = tempfile::Builder::new().prefix(".outpost-").suffix(".part").tempfile_in(folder)?;
    file.write_all(&packed.bytes)?;
    file.as_file().sync_all()?;
    verify(file.path(), &sha256(&packed.bytes))?;
    // What is on the disk need not stay in memory, too.
    packed.bytes = Vec::new();
    Ok((file, packed))
}

/// Reads back what the disk says that it holds.
pub(crate) fn verify(path: &Path, expected: &[u8; 32]) -> Result<(), SiteError> {
    let mut file = File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 256 << 10]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    if hash.finish() == *expected { Ok(()) } else { Err(SiteError::NotAsWritten) }
}

/// Gives the file its name without overwriting another.
fn finish(folder: &Path, mut file: NamedTempFile, packed: &Packed, log: &str) -> Result<Piece, SiteError> {
    let bytes = file.as_file().metadata()?.len();
    let stem = packed.name.trim_end_matches(".bundle");
    for n in 1..=MOST_NAMESAKES {
        let name = if n == 1 { packed.name.clone() } else { format!("{stem}-{n}.bundle") };
        let path = folder.join(name);
        match rename(file, &path) {
            Ok(()) => {
                let own = packed.envelope.logs.iter().find(|run| run.log == log);
                let (first, last) = own.map_or((0, 0), |run| (run.first, run.last));
                return Ok(Piece { id: packed.id, path, first, last, entries: packed.envelope.entries, bytes });
            }
            Err((again, error)) if error.kind() == std::io::ErrorKind::AlreadyExists => file = again,
            Err((_, error)) => return Err(error.into()),
        }
    }
    Err(SiteError::Taken)
}

fn rename(file: NamedTempFile, to: &Path) -> Result<(), (NamedTempFile, std::io::Error)> {
    match file.persist_noclobber(to) {
        Ok(_) => Ok(()),
        Err(PersistError { error, file }) if error.kind() == std::io::ErrorKind::AlreadyExists => Err((file, error)),
        // Sticks are often formatted so that a name cannot be taken atomically: look, then rename.
        Err(PersistError { file, .. }) if !to.exists() => match file.persist(to) {
            Ok(_) => Ok(()),
            Err(PersistError { error, file }) => Err((file, error)),
        },
        Err(PersistError { error, file }) => Err((file, error)),
    }
}
