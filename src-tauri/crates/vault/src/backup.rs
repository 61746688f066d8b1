//! Backups: the whole vault in a folder elsewhere, still encrypted, read back before it gets its name.
//!
//! A backup is made beside the open vault, on connections of its own. It holds the vault as it stood at some moment after it was
//! begun: every act acknowledged before is in it.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use casebook::{EntryId, LogEnd};
use rusqlite::Connection;
use seal::{KeySlots, Sha256, SigningKey};
use study::Functions;

use crate::backup_note::{self, BackupFile, BackupNote, SignedNote};
use crate::connection::{DbKey, open_at_rest, open_reader};
use crate::entries::{self, OWN_LOG, Place};
use crate::faults::{self, Call};
use crate::folder::{self, Folder};
use crate::new_folder::NewFolder;
use crate::state::State;
use crate::verify::{self, Progress, Stop};
use crate::{Alarm, Open, Stamp, VaultError, slots};

/// End of a backup's name.
pub const BACKUP_END: &str = ".outpost-backup";
/// Most backups of one vault, one day and one folder.
const MOST_OF_A_DAY: u32 = 99;
/// Steps of the database between two looks at the wish to stop.
const STOP_STEPS: i32 = 10_000;

/// What a backup is made of beside the vault itself.
pub struct BackupTerms {
    /// The folder in which the backup gets a folder of its own.
    pub to: PathBuf,
    /// Whether the vault is for practice.
    pub practice: bool,
    /// Version of the program.
    pub program: String,
    /// Small files that go with it, by name.
    pub beside: Vec<(String, Vec<u8>)>,
}

/// What a backup is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupStep {
    /// The database is copied; nobody knows how far that is.
    Copy,
    /// The copy is read back.
    Verify(Progress),
}

/// A backup that is begun and not yet written. Can be sent to another thread; the writer is not held up.
pub struct BackupJob {
    folder: Folder,
    key: DbKey,
    functions: Functions,
    device: SigningKey,
    terms: BackupTerms,
    /// What must be in it.
    acknowledged: LogEnd,
    stamp: Stamp,
}

/// A backup that was read back and has its name. Dropping it removes it.
pub struct NewBackup {
    folder: NewFolder,
    note: BackupNote,
    alarms: Vec<Alarm>,
}

impl Open {
    /// Begins a backup of all that is acknowledged until now.
    ///
    /// # Errors
    /// [`VaultError::Io`] when the folder is not there, and when it can't be known what the disk holds.
    pub fn backup(&mut self, terms: BackupTerms, stamp: &Stamp) -> Result<BackupJob, VaultError> {
        self.be_sure()?;
        if !terms.to.is_dir() {
            return Err(std::io::Error::from(std::io::ErrorKind::NotFound).into());
        }
        Ok(BackupJob {
            folder: self.folder.clone(),
            key: self.key.clone(),
            functions: self.studies.functions().clone(),
            device: self.device.clone(),
            terms,
            acknowledged: self.state.head.log.end,
            stamp: stamp.clone(),
        })
    }
}

impl BackupJob {
    /// Writes the backup, reads it back and gives it its name. After an error nothing of it is left behind.
    ///
    /// # Errors
    /// [`VaultError::BadCopy`] when it does not read back as what it was copied from, [`VaultError::Cancelled`],
    /// [`VaultError::Taken`] when too many of this day lie there, [`VaultError::Overtaken`] when an account was closed meanwhile,
    /// and what the disk says.
    pub fn run(self, stop: &Stop, tell: impl FnMut(BackupStep)) -> Result<NewBackup, VaultError> {
        self.write(stop, tell).map_err(|refused| if self.is_overtaken() { VaultError::Overtaken } else { refused })
    }

    /// Whether an account was closed meanwhile, so that the vault lies under another key: then nothing is damaged.
    fn is_overtaken(&self) -> bool {
        let slots = folder::read_small(&self.folder.slots()).ok().flatten();
        let is_ours = |bytes: Vec<u8>| KeySlots::read(&bytes).is_ok_and(|slots| slots.is_authentic(&self.key));
        slots.is_some_and(|bytes| !is_ours(bytes)) && open_reader(&self.folder.database(), &self.key).is_err()
    }

    fn write(&self, stop: &Stop, mut tell: impl FnMut(BackupStep)) -> Result<NewBackup, VaultError> {
        let beginning = format!(".backup-{}-", plain(self.device_name()?.as_str()));
        let new = NewFolder::make(&self.terms.to, &beginning)?;
        let copy = Folder::new(new.path());
        tell(BackupStep::Copy);
        copy_beside(&self.folder.database(), &self.key, &copy.database(), stop)?;
        let state = self.bring_to_rest(&copy)?;
        for (name, bytes) in &self.terms.beside {
            folder::replace(&copy.root.join(name), bytes)?.lasting()?;
        }
        // Before it is proven: what would change afterwards is then not what was proven, and a drill names it.
        let files = files(&copy, &self.terms, stop)?;
        let (entries, alarms) = self.read_back(&copy, stop, &mut |progress| tell(BackupStep::Verify(progress)))?;
        self.goes_far_enough(state.head.log.end)?;
        let note = self.note(&state, entries, files);
        let signed = SignedNote::sign(note, &self.device)?;
        signed.write(new.path())?;
        if SignedNote::read(new.path())? != signed {
            return Err(VaultError::BadCopy("backup.json is not what was written"));
        }
        if stop() {
            return Err(VaultError::Cancelled);
        }
        self.name(new, signed.note, alarms)
    }

    /// The device's id, which the slot file names.
    fn device_name(&self) -> Result<String, VaultError> {
        let bytes = folder::read_small(&self.folder.slots())?.ok_or(VaultError::NotAVault)?;
        Ok(KeySlots::read(&bytes)?.device().to_owned())
    }

    /// Gives the copy the key slots that are in force, beside it and in it, with no replacement under way.
    fn bring_to_rest(&self, copy: &Folder) -> Result<State, VaultError> {
        let sql = open_at_rest(&copy.database(), &self.key)?;
        let file = folder::read_small(&self.folder.slots())?.unwrap_or_default();
        let in_force = slots::judge(&sql, &file, &self.key)?.in_force;
        if !KeySlots::read(&in_force)?.is_authentic(&self.key) {
            return Err(VaultError::BadCopy("the key slots belong to another key"));
        }
        slots::set_current(&sql, &in_force)?;
        let state = State::read(&sql)?;
        sql.close().map_err(|(_, error)| error)?;
        folder::sync_file(&copy.database())?;
        folder::replace(&copy.slots(), &in_force)?.lasting()?;
        Ok(state)
    }

    /// The whole proof over the copy. What is wrong with it must be wrong with the vault itself: a vault that lost something is
    /// to be copied all the more, before it loses more.
    fn read_back(
        &self,
        copy: &Folder,
        stop: &Stop,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<(u64, Vec<Alarm>), VaultError> {
        let run = |file: &Path, tell: &mut dyn FnMut(Progress)| {
            verify::run(open_reader(file, &self.key)?, &self.functions, stop, tell)
        };
        let report = run(&copy.database(), tell)?;
        if report.alarms.is_empty() {
            return Ok((report.entries, Vec::new()));
        }
        let known = run(&self.folder.database(), &mut |_| {})?.alarms;
        if report.alarms.iter().all(|alarm| known.contains(alarm)) {
            return Ok((report.entries, report.alarms));
        }
        Err(VaultError::BadCopy("it is not what the vault holds"))
    }

    /// Whether the copy holds all that was acknowledged, and nothing that the vault does not. With the proof over the chain, one
    /// entry says it for all before it.
    fn goes_far_enough(&self, end: LogEnd) -> Result<(), VaultError> {
        let sql = open_reader(&self.folder.database(), &self.key)?;
        let line = entries::bytes(&sql, Place::new(OWN_LOG, end.seq))?;
        let is_ours = end.seq == 0 || line.is_some_and(|line| seal::sha256(&line) == end.head.0);
        if is_ours && end.seq >= self.acknowledged.seq {
            Ok(())
        } else {
            Err(VaultError::BadCopy("entries are missing"))
        }
    }

    fn note(&self, state: &State, entries: u64, files: Vec<BackupFile>) -> BackupNote {
        let (card, end) = (&state.card, state.head.log.end);
        BackupNote {
            format: backup_note::FORMAT.to_owned(),
            version: backup_note::VERSION,
            study: card.study.as_str().into(),
            site: card.site.clone(),
            device: card.device.clone(),
            practice: self.terms.practice,
            epoch: state.head.epoch,
            seq: end.seq,
            head: end.head,
            state: EntryId(state.head.digest.digest()),
            entries,
            at: self.stamp.at,
            tz: self.stamp.tz,
            program: self.terms.program.clone(),
            files,
        }
    }

    /// `<study>_<device>_<day>.outpost-backup`, from the second one of a day on with its number.
    fn name(&self, mut folder: NewFolder, note: BackupNote, alarms: Vec<Alarm>) -> Result<NewBackup, VaultError> {
        let day: String = note.at.local(note.tz).chars().take(10).collect();
        let name = format!("{}_{}_{day}", plain(&note.study), plain(&note.device));
        for n in 1..=MOST_OF_A_DAY {
            let number = if n == 1 { String::new() } else { format!("-{n}") };
            match folder.name(&self.terms.to.join(format!("{name}{number}{BACKUP_END}"))) {
                Err(VaultError::Taken) => {}
                named => return named.map(|()| NewBackup { folder, note, alarms }),
            }
        }
        Err(VaultError::Taken)
    }
}

impl NewBackup {
    /// What it holds.
    pub fn note(&self) -> &BackupNote {
        &self.note
    }

    /// What is wrong with the vault itself, and so with its backup.
    pub fn alarms(&self) -> &[Alarm] {
        &self.alarms
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> u64 {
        self.note.files.iter().map(|file| file.bytes).sum()
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// It stays.
    pub fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

/// A text as a part of a file's name on every system.
fn plain(text: &str) -> String {
    let sign = |sign: char| if sign.is_ascii_alphanumeric() || sign == '.' { sign } else { '-' };
    text.chars().map(sign).take(64).collect()
}

/// The same on a connection of its own, which stops when that is wished.
fn copy_beside(database: &Path, key: &DbKey, to: &Path, stop: &Stop) -> Result<(), VaultError> {
    let mut sql = open_reader(database, key)?;
    let wish = Arc::clone(stop);
    sql.progress_handler(STOP_STEPS, Some(move || wish()))?;
    // What is written is the copy.
    sql.pragma_update(None, "query_only", false)?;
    vacuum(&sql, to)
}

/// Copies the database as it stands, under the same key.
fn vacuum(sql: &Connection, to: &Path) -> Result<(), VaultError> {
    let name = to.to_str().ok_or(VaultError::Missing("a file name in Unicode"))?;
    faults::before_database(Call::Write, to)?;
    let copied = sql.execute("VACUUM INTO ?1", [name]).map_err(VaultError::from);
    copied.map_err(|error| if error.is_interrupted() { VaultError::Cancelled } else { error })?;
    Ok(folder::sync_file(to)?)
}

/// The files of a backup as they lie there.
fn files(copy: &Folder, terms: &BackupTerms, stop: &Stop) -> Result<Vec<BackupFile>, VaultError> {
    let beside = terms.beside.iter().map(|(name, _)| copy.root.join(name));
    let all = [copy.database(), copy.slots()].into_iter().chain(beside);
    all.map(|path| {
        let (bytes, sha256) = digest(&path, stop)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(BackupFile { name, bytes, sha256 })
    })
    .collect()
}

fn digest(path: &Path, stop: &Stop) -> Result<(u64, EntryId), VaultError> {
    let (mut file, mut hash, mut buffer) = (open_file(path)?, Sha256::new(), vec![0; 256 << 10]);
    let mut bytes = 0;
    loop {
        if stop() {
            return Err(VaultError::Cancelled);
        }
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, EntryId(hash.finish()))),
            n => {
                hash.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}

/// Copies the database before a schema migration, under the same key, and reads the copy back.
pub(crate) fn copy_database(sql: &Connection, key: &DbKey, to: &Path) -> Result<(), VaultError> {
    vacuum(sql, to)?;
    let copy = open_reader(to, key).map_err(|_| VaultError::BadCopy("it does not open"))?;
    is_sound(&copy)?;
    let counts = |sql: &Connection| -> Result<(u64, i64), VaultError> {
        Ok(sql.query_row("SELECT count(*), total(place) FROM entry", [], |row| {
            Ok((row.get(0)?, row.get::<_, f64>(1)? as i64))
        })?)
    };
    if counts(&copy)? != counts(sql)? {
        return Err(VaultError::BadCopy("entries are missing"));
    }
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// The database's own check: every page authenticated, every tree in order.
pub(crate) fn is_sound(sql: &Connection) -> Result<(), VaultError> {
    let first: String = sql.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if first == "ok" { Ok(()) } else { Err(VaultError::BadCopy("the database's own check fails")) }
}

/// Whether `path` is a file: opening a pipe would wait for its writer, for ever perhaps.
pub(crate) fn open_file(path: &Path) -> Result<File, VaultError> {
    faults::before(Call::Read, path)?;
    let open = || if fs::metadata(path)?.is_file() { Ok(File::open(path)?) } else { Err(VaultError::NotABackup) };
    open().map_err(backup_note::unreadable)
}
