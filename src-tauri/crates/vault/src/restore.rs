//! What can be done with a backup: reading a copy of it beside everything else (the restore drill), and making a vault of it
//! on a computer that has none of its device.
//!
//! Neither touches the backup nor any vault. Everything is done in a copy in a folder of its own, which goes again unless it
//! becomes the vault. A password opens it that was in force when the backup was made, or a recovery code that was left then; it
//! burns none: a code sets a password in the vault that was put back, as it would have in the lost one.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use casebook::{EntryId, Instant, Offset, Role};
use seal::recovery::RecoveryCode;
use seal::{KeySlots, SealError, Sha256};
use study::Functions;

use crate::attempts::{self, guarded};
use crate::backup::open_file;
use crate::backup_note::{BackupFile, BackupNote, SignedNote, read_part};
use crate::connection::{open_at_rest, open_reader, open_writer};
use crate::entries::{self, OWN_LOG, Place};
use crate::faults::{self, Call};
use crate::folder::{self, Folder};
use crate::in_place::{Copy, InPlace, Judged, SignsIn};
use crate::learnt::Learnt;
use crate::locked::VaultPlace;
use crate::migrations::{self, MIGRATIONS};
use crate::new_folder::NewFolder;
use crate::open::{Footing, Parts, Secrets};
use crate::set_aside::{Names, RESTORING, SetAside, WhyAside};
use crate::slots::{By, Login, Opened, check_bond, open_slot};
use crate::state::State;
use crate::verify::{self, Progress, Stop};
use crate::{Alarm, Open, Stamp, VaultError};

/// Beginning of the names of copies that are only read.
const DRILL: &str = ".drill-";
/// The files that a backup may bring, of which the first two must be there. Other names are none of ours: who wrote them could
/// say any place on this computer.
const KNOWN: [&str; 3] = ["vault.db", "keyslots.json", "card.json"];

/// A folder that says that it is a backup. What it says is proven when it is read.
#[derive(Clone)]
pub struct Backup {
    root: PathBuf,
    signed: SignedNote,
}

/// Who opens a backup, and when.
pub struct Opener<'a> {
    /// The account.
    pub user: &'a str,
    /// By what.
    pub by: OpensBy<'a>,
    /// Whether a key slot may open it that does not say which vault it was made for. It counts when a vault is put back.
    pub takes_unbound: bool,
    /// Name of the setting that holds the center's key.
    pub center_key: &'a str,
    /// The moment.
    pub stamp: &'a Stamp,
    /// The functions that its study's rules may call.
    pub functions: &'a Functions,
    /// Where wrong passwords are counted: the folder of the device's vault, where this computer has one; else a folder of its
    /// own, which need not be there.
    pub asked_in: &'a Path,
}

/// What somebody has to open a backup.
#[derive(Clone, Copy)]
pub enum OpensBy<'a> {
    /// The account's password when the backup was made.
    Password(&'a str),
    /// A recovery code that was left when the backup was made, as typed.
    Code(&'a str),
}

/// What reading a backup is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreStep {
    /// Its files are copied: bytes so far and in all.
    Copy(Progress),
    /// The copy is verified.
    Verify(Progress),
}

/// What a backup holds, proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupContent {
    /// What it says of itself: the device's own word.
    pub note: BackupNote,
    /// The study's title.
    pub study: String,
    /// Entries of all logs.
    pub entries: u64,
    /// Subjects.
    pub subjects: usize,
    /// The role of whoever opened it.
    pub role: Role,
    /// Wall clock of the newest entry of the device's own log, with its offset.
    pub newest: Option<(Instant, Offset)>,
    /// What is wrong with it; empty as a rule.
    pub alarms: Vec<Alarm>,
    /// Whether an earlier version of the program wrote it, so that the copy had to be brought up to date.
    pub was_older: bool,
    /// Fingerprint of the device's key as words. Whoever made the folder could draw a key: only people who compare them know whose it is.
    pub device_words: String,
    /// What the setting says that holds the center's key.
    pub center_key: Option<Vec<u8>>,
}

/// A vault made from a backup, under a temporary name. Dropping it removes it.
pub struct Restoring {
    folder: NewFolder,
    content: BackupContent,
    opened: Opened,
    functions: Functions,
    stamp: Stamp,
    /// Where wrong passwords were counted.
    asked_in: PathBuf,
    /// What the vault in its place had learnt that may be set aside.
    learnt: Option<Learnt>,
}

impl Backup {
    /// Looks at a folder that somebody chose.
    ///
    /// # Errors
    /// [`VaultError::NotABackup`], [`VaultError::Newer`], or what the disk says.
    pub fn find(root: &Path) -> Result<Self, VaultError> {
        let signed = SignedNote::read(root)?;
        Ok(Self { root: root.to_owned(), signed })
    }

    /// What it says of itself, unproven.
    pub fn note(&self) -> &BackupNote {
        &self.signed.note
    }

    /// Which set of the device's recovery codes opens it, by its own word; none where none is left.
    pub fn code_set(&self) -> Option<u64> {
        let slots = KeySlots::read(&self.key_slots().ok()?).ok()?;
        slots.codes_left().filter(|(_, left)| !left.is_empty()).map(|(set, _)| set)
    }

    /// The restore drill: opens a copy in `scratch`, verifies everything in it, and leaves nothing behind.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`], [`VaultError::Wait`] after too many of them, [`VaultError::Exchanged`] when the database is
    /// another one than the password was made for, [`VaultError::BadCopy`] when it is not what was written,
    /// [`VaultError::Cancelled`], [`VaultError::Newer`], [`VaultError::Full`], and what else the disk says.
    pub fn drill(
        &self,
        scratch: &Path,
        by: &Opener<'_>,
        stop: &Stop,
        tell: impl FnMut(RestoreStep),
    ) -> Result<BackupContent, VaultError> {
        let folder = NewFolder::make(scratch, DRILL)?;
        let opened = self.unlock(by)?;
        let (content, open) = self.read_in(&folder, by, &opened, stop, tell)?;
        drop(open);
        Ok(content)
    }

    /// Makes a vault of it beside the other vaults of this computer, in `vaults`, and verifies it. It has no name yet.
    ///
    /// # Errors
    /// As [`Self::drill`]; [`VaultError::SlotUnbound`] for a slot of the first form, unless that is taken. What is wrong with the
    /// vault itself is no reason to refuse: it is told, and named again at the unlock.
    pub fn restore(
        &self,
        vaults: &Path,
        by: &Opener<'_>,
        stop: &Stop,
        tell: impl FnMut(RestoreStep),
    ) -> Result<Restoring, VaultError> {
        let folder = NewFolder::make(vaults, RESTORING)?;
        let opened = self.unlock(by)?;
        if opened.bond.is_none() && !by.takes_unbound {
            return Err(VaultError::SlotUnbound);
        }
        let (content, mut open) = self.read_in(&folder, by, &opened, stop, tell)?;
        open.await_center(by.stamp)?;
        close(open, folder.path())?;
        let (functions, stamp, asked_in) = (by.functions.clone(), by.stamp.clone(), by.asked_in.to_owned());
        Ok(Restoring { folder, content, opened, functions, stamp, asked_in, learnt: None })
    }

    /// Copies the backup into a folder, opens it there, and proves what it says.
    fn read_in(
        &self,
        folder: &NewFolder,
        by: &Opener<'_>,
        opened: &Opened,
        stop: &Stop,
        mut tell: impl FnMut(RestoreStep),
    ) -> Result<(BackupContent, Open), VaultError> {
        self.copy(folder.path(), stop, &mut |progress| tell(RestoreStep::Copy(progress)))?;
        let (mut open, was_older) = open_copy(folder.path(), opened, by.functions)?;
        self.compare(&open, was_older)?;
        // As at the door: a slot of the first form does not know which vault it was made for.
        let mut alarms: Vec<Alarm> = opened.bond.is_none().then_some(Alarm::SlotUnbound).into_iter().collect();
        open.mend_tables(&mut alarms, by.stamp)?;
        let account = open.account(by.user)?.filter(|account| !account.closed);
        let role = account.ok_or(by.refused())?.role;
        if let Some(burnt) = opened.code
            && open.is_used(burnt)?
        {
            return Err(VaultError::WrongCode);
        }
        // How many entries there are tells a masked assessor how much was done.
        let tells = role.masked_as().is_none();
        let reader = open_reader(&open.folder.database(), &open.key)?;
        let report = verify::run(reader, by.functions, stop, |progress| {
            if tells {
                tell(RestoreStep::Verify(progress));
            }
        })?;
        alarms.extend(report.alarms);
        let newest = entries::bytes(&open.sql, Place::new(OWN_LOG, self.note().seq))?.map(entries::line).transpose()?;
        let content = BackupContent {
            note: self.note().clone(),
            study: open.study().name.clone(),
            entries: report.entries,
            subjects: open.subjects().count(),
            role,
            newest: newest.map(|line| (line.entry().at, line.entry().tz)),
            alarms,
            was_older,
            device_words: open.device.public().words(),
            center_key: open.setting(by.center_key)?,
        };
        Ok((content, open))
    }

    /// Opens the person's slot, before anything large is copied. A wrong password costs here what it costs at the door.
    fn unlock(&self, by: &Opener<'_>) -> Result<Opened, VaultError> {
        let slots = KeySlots::read(&self.key_slots()?)?;
        let opened = guarded(by.asked_in, by.user, by.stamp, || by.open(&slots))?;
        if slots.is_authentic(&opened.db_key) { Ok(opened) } else { Err(SealError::SlotsAltered.into()) }
    }

    /// The bytes of its key slots, which are those that it says.
    fn key_slots(&self) -> Result<Vec<u8>, VaultError> {
        let file = self.note().file(KNOWN[1]).ok_or(VaultError::NotABackup)?;
        let bytes = read_part(&self.root.join(KNOWN[1]), VaultError::BadCopy("a file is missing"))?;
        if file.sha256 == EntryId(seal::sha256(&bytes)) {
            Ok(bytes)
        } else {
            Err(VaultError::BadCopy("the key slots are not those that were written"))
        }
    }

    /// Copies its files, each of which must be the one that was written.
    fn copy(&self, to: &Path, stop: &Stop, tell: &mut dyn FnMut(Progress)) -> Result<(), VaultError> {
        let files = &self.note().files;
        if KNOWN[..2].iter().any(|name| self.note().file(name).is_none()) {
            return Err(VaultError::NotABackup);
        }
        let known = files.iter().filter(|file| KNOWN.contains(&file.name.as_str()));
        let mut copying =
            Copying { stop, tell, progress: Progress { done: 0, total: known.clone().map(|file| file.bytes).sum() } };
        for file in known {
            copying.file(&self.root.join(&file.name), &to.join(&file.name), file)?;
        }
        Ok(folder::sync_name(&to.join(KNOWN[0]))?)
    }

    /// Whether the vault in the copy is the one that the note tells of, and its device said so.
    fn compare(&self, open: &Open, was_older: bool) -> Result<(), VaultError> {
        let (note, state) = (self.note(), &open.state);
        if !self.signed.is_signed_by(&open.device.public()) {
            return Err(VaultError::BadCopy("its device did not sign it"));
        }
        let named = (note.study.as_str(), note.site.as_str(), note.device.as_str());
        let held = (state.card.study.as_str(), state.card.site.as_str(), state.card.device.as_str());
        let stands = state.head.log.end == note.end() && state.head.epoch == note.epoch;
        // A schema migration may lay rows out anew.
        let folded = was_older || state.head.digest.digest() == note.state.0;
        if named == held && stands && folded { Ok(()) } else { Err(VaultError::BadCopy("it is another state")) }
    }
}

impl Opener<'_> {
    fn open(&self, slots: &KeySlots) -> Result<Opened, VaultError> {
        let opened = |by| open_slot(slots, Login { user: self.user, by });
        let opened = match self.by {
            OpensBy::Password(password) => opened(By::Password(password)),
            // What is no code is asked for like one.
            OpensBy::Code(typed) => opened(By::Code(&RecoveryCode::typed(typed).or_else(|_| RecoveryCode::make())?)),
        };
        opened.map_err(|refused| match refused {
            VaultError::WrongPassword => self.refused(),
            other => other,
        })
    }

    /// That what was typed does not fit.
    fn refused(&self) -> VaultError {
        match self.by {
            OpensBy::Password(_) => VaultError::WrongPassword,
            OpensBy::Code(_) => VaultError::WrongCode,
        }
    }
}

/// Opens the copy with its keys, its schema brought up to date; nobody is signed in, and nothing is journaled.
///
/// # Errors
/// [`VaultError::Exchanged`] when the database is not the one that the slot was made for; then nothing was written into it.
fn open_copy(root: &Path, opened: &Opened, functions: &Functions) -> Result<(Open, bool), VaultError> {
    let folder = Folder::new(root);
    let lock = folder.lock()?;
    let mut sql = open_writer(&folder.database(), &opened.db_key, false)?;
    check_bond(&sql, opened.bond.as_ref())?;
    let was_older = migrations::pending(&sql, MIGRATIONS)?;
    migrations::migrate(&mut sql, MIGRATIONS)?;
    let state = State::read(&sql)?;
    let (checkpoint_file, footing, functions) = (root.join("checkpoint.json"), Footing::Firm, functions.clone());
    let parts = Parts { folder, checkpoint_file, lock, sql, footing, state, functions };
    let secrets = Secrets { db_key: opened.db_key.clone(), signing_seed: opened.seed.clone() };
    Ok((Open::assemble(parts, secrets)?, was_older))
}

/// Closes a copy with all of it in its own file, which lasts.
fn close(open: Open, root: &Path) -> Result<(), VaultError> {
    open.close_quietly()?;
    let database = Folder::new(root).database();
    folder::sync_file(&database)?;
    Ok(folder::sync_name(&database)?)
}

impl Restoring {
    /// What was put back.
    pub fn content(&self) -> &BackupContent {
        &self.content
    }

    /// How the vault in a folder stands to it. `by` is asked where only somebody who can sign in to that vault can tell. A vault that
    /// stays where it is tells of the refusals that were counted apart.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`] and [`VaultError::Wait`] of `by`; what could not be read. Then nothing may be set aside.
    pub fn judge(&mut self, vault: &Path, by: Option<&SignsIn<'_>>) -> Result<InPlace, VaultError> {
        let Self { opened: Opened { db_key: key, .. }, content, functions, .. } = &*self;
        // So that nothing stays beside the copy.
        let sql = open_at_rest(&Folder::new(self.folder.path()).database(), key)?;
        let Judged { stands, learnt } = Copy { sql: &sql, key, end: content.note.end(), functions }.judge(vault, by)?;
        self.learnt = learnt;
        if matches!(stands, InPlace::Sound | InPlace::SlotsMended) {
            self.tell_of_refusals(vault);
        }
        Ok(stands)
    }

    /// Gives refusals that were counted apart to a vault. A vault's own folder keeps what it counts.
    fn tell_of_refusals(&self, vault: &Path) {
        if folder::read_small(&self.asked_in.join(KNOWN[1])).ok().flatten().is_none() {
            attempts::move_refusals(&self.asked_in, vault);
        }
    }

    /// Gives it its name: from here on it is a vault of this computer. The checkpoint that an earlier vault of the same device left
    /// outside the folder is set aside: another one begins when the log goes on. Refusals that were counted apart go with it.
    ///
    /// # Errors
    /// [`VaultError::Taken`] when something lies there; what the disk says. Nothing is left behind then.
    pub fn name(mut self, place: &VaultPlace) -> Result<BackupContent, VaultError> {
        let checkpoint = SetAside::checkpoint(&place.checkpoint)?;
        self.folder.name(&place.folder)?;
        checkpoint.keep();
        self.tell_of_refusals(&place.folder);
        self.folder.keep();
        Ok(self.content)
    }

    /// The same where a vault lies in `there` that may be set aside ([`InPlace::Aside`]): that gets another name first, by the
    /// reason and the day, `2026-11-23`. Gives that name, where something lay there. What it had learnt this one knows, too; refusals
    /// that were counted there count on, and are told in the journal. Not those that a stranger laid beside a vault of his.
    ///
    /// # Errors
    /// [`VaultError::InUse`] while another program has it open; those of [`Self::name`]. It has its name then.
    pub fn name_instead(
        mut self,
        there: &Path,
        why: WhyAside,
        day: &str,
        place: &VaultPlace,
    ) -> Result<(BackupContent, Option<PathBuf>), VaultError> {
        self.take_over()?;
        let copy = self.folder.path().to_owned();
        let aside = SetAside::vault(there, why, day, |to| Names::of(there, to, &place.checkpoint)?.note_in(&copy))?;
        let content = self.name(place)?;
        // What stays of it says nothing any more.
        let _ = Names::forget_in(&place.folder);
        let aside = aside.keep();
        if let Some(aside) = aside.as_ref().filter(|_| why != WhyAside::Foreign) {
            // It stays as it was.
            let _ = attempts::hand_over(&Folder::new(aside), &Folder::new(&place.folder));
        }
        Ok((content, aside))
    }

    /// Writes into the copy what the vault had learnt that is to be set aside.
    fn take_over(&mut self) -> Result<(), VaultError> {
        let Some(learnt) = self.learnt.take() else { return Ok(()) };
        let (mut open, _) = open_copy(self.folder.path(), &self.opened, &self.functions)?;
        open.take_over(&learnt, &self.stamp)?;
        close(open, self.folder.path())
    }
}

/// Copying files, and how far that is.
struct Copying<'a> {
    stop: &'a Stop,
    tell: &'a mut dyn FnMut(Progress),
    progress: Progress,
}

impl Copying<'_> {
    fn file(&mut self, from: &Path, to: &Path, written: &BackupFile) -> Result<(), VaultError> {
        // One byte more than was written tells that it is another file; what comes after that need not be copied.
        let mut from = open_file(from)?.take(written.bytes.saturating_add(1));
        faults::before(Call::Write, to)?;
        let mut copy = File::options().write(true).create_new(true).open(to)?;
        let (mut hash, mut buffer, mut bytes) = (Sha256::new(), vec![0; 1 << 20], 0_u64);
        loop {
            if (self.stop)() {
                return Err(VaultError::Cancelled);
            }
            let n = from.read(&mut buffer)?;
            if n == 0 {
                break;
            }
            hash.update(&buffer[..n]);
            copy.write_all(&buffer[..n])?;
            bytes += n as u64;
            self.progress.done += n as u64;
            (self.tell)(self.progress);
        }
        faults::before(Call::Sync, to)?;
        copy.sync_all()?;
        if bytes == written.bytes && hash.finish() == written.sha256.0 {
            Ok(())
        } else {
            Err(VaultError::BadCopy("a file is not the one that was written"))
        }
    }
}
