//! How the vault that lies where a backup is to be put stands to that backup: whether it may be set aside.
//!
//! No vault is said to be damaged because something could not be found out. One under another key than the backup's opens for whoever
//! works with it: it is for one of them to let it be looked into. Where nobody can sign in to it any more, or a sign-in leads to no
//! key of its database, it is not known what is wrong with it: it is set aside as that ([`WhyAside::Unknown`]).

use std::fs;
use std::path::Path;

use casebook::LogEnd;
use rusqlite::Connection;
use seal::recovery::RecoveryCode;
use seal::{KeySlots, SealError};
use study::Functions;

use crate::attempts::guarded;
use crate::connection::{DbKey, open_reader, open_writer};
use crate::device_keys::DeviceKeys;
use crate::entries::{self, OWN_LOG, Place};
use crate::folder::{self, Folder, exists};
use crate::learnt::Learnt;
use crate::migrations::{self, MIGRATIONS};
use crate::set_aside::WhyAside;
use crate::slots::{self, By, Login, Opened, check_bond};
use crate::state::State;
use crate::studies::Studies;
use crate::{Stamp, VaultError, backup, checkpoint, device_keys, replacement};

/// Bytes of a page of the database, of which it is made.
const PAGE: u64 = 4096;

/// How a vault stands to a backup that is to be put in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InPlace {
    /// It is whole, and holds something that the backup does not, or the same: whoever works with it can go on.
    Sound,
    /// The same; only the file of its key slots was damaged, and is put right from the database now.
    SlotsMended,
    /// It can be set aside.
    Aside(WhyAside),
    /// It lies under another key than the backup, or its database was being replaced: only who can sign in to it can tell.
    Shut,
}

/// Who can sign in to the vault that is in place.
pub struct SignsIn<'a> {
    /// The account.
    pub user: &'a str,
    /// Its password there, as it is today, or a recovery code that is left there, as typed.
    pub secret: &'a str,
    /// The moment.
    pub stamp: &'a Stamp,
}

/// A backup that was opened.
pub(crate) struct Copy<'a> {
    pub(crate) sql: &'a Connection,
    pub(crate) key: &'a DbKey,
    /// Where its own log ends.
    pub(crate) end: LogEnd,
    /// The functions that its study's rules may call.
    pub(crate) functions: &'a Functions,
}

/// How a vault stands to a backup.
pub(crate) struct Judged {
    /// What may be done.
    pub(crate) stands: InPlace,
    /// What it had learnt, where it can be set aside and that can be read of it.
    pub(crate) learnt: Option<Learnt>,
}

impl Judged {
    fn of(stands: InPlace) -> Self {
        Self { stands, learnt: None }
    }

    fn aside(why: WhyAside) -> Self {
        Self::of(InPlace::Aside(why))
    }
}

impl Copy<'_> {
    /// How the vault in a folder stands to it. `by` is asked where only somebody who can sign in to that vault can tell.
    ///
    /// # Errors
    /// What could not be read, and the refusal of `by`: then nothing is known, and nothing may be set aside.
    pub(crate) fn judge(&self, vault: &Path, by: Option<&SignsIn<'_>>) -> Result<Judged, VaultError> {
        let folder = Folder::new(vault);
        let (slots, is_changing) = (SlotFile::read(&folder.slots(), self.key)?, is_changing(&folder)?);
        match self.look(&folder, self.key)? {
            Found::Whole(there) if !self.goes_beyond(&there)? => {
                return self.mend(&folder, &slots, is_changing).map(Judged::of);
            }
            Found::Whole(there) if !is_changing => return Ok(aside_as(WhyAside::Older, &folder, &there, self.key)),
            Found::Damaged(there) if !is_changing && slots != SlotFile::OfAnother => {
                return Ok(self.damaged(&folder, there.as_ref(), self.key));
            }
            Found::Whole(_) | Found::Damaged(_) | Found::NoKeyOfIt => {}
        }
        if slots == SlotFile::Unreadable && !has_spare_slots(&folder, self.key)? {
            return Ok(Judged::aside(WhyAside::Unknown));
        }
        by.map_or(Ok(Judged::of(InPlace::Shut)), |by| self.judge_by(&folder, &slots, by))
    }

    /// By the key of whoever can sign in. A database whose replacement was interrupted gets its name, as at a sign-in.
    fn judge_by(&self, folder: &Folder, slots: &SlotFile, by: &SignsIn<'_>) -> Result<Judged, VaultError> {
        let _lock = folder.lock()?;
        let is_lost = *slots == SlotFile::Unreadable;
        let secrets = match guarded(&folder.root, by.user, by.stamp, || by.enter(folder, is_lost)) {
            // The password is right, and its slot was made for another vault: an unlock refuses it for ever.
            Err(VaultError::Exchanged) => return Ok(Judged::aside(WhyAside::Foreign)),
            entered => entered?,
        };
        let key = &secrets.db_key;
        match self.look(folder, key)? {
            Found::Whole(there) if self.goes_beyond(&there)? => Ok(aside_as(WhyAside::Older, folder, &there, key)),
            Found::Whole(there) if self.is_strange(&there, &secrets)? => Ok(Judged::aside(WhyAside::Foreign)),
            Found::Whole(_) if is_lost => Ok(Judged::of(InPlace::SlotsMended)),
            Found::Whole(_) => Ok(Judged::of(InPlace::Sound)),
            Found::Damaged(there) => Ok(self.damaged(folder, there.as_ref(), key)),
            Found::NoKeyOfIt => Ok(Judged::aside(WhyAside::Unknown)),
        }
    }

    /// Puts the slot file right of a vault that is whole by the backup's key. A replacement of its database that was interrupted
    /// is carried through by the next sign-in, and not here.
    fn mend(&self, folder: &Folder, slots: &SlotFile, is_changing: bool) -> Result<InPlace, VaultError> {
        if *slots == SlotFile::OfKey || *slots == SlotFile::OfAnother && is_changing {
            return Ok(InPlace::Sound);
        }
        let _lock = folder.lock()?;
        let sql = open_writer(&folder.database(), self.key, false)?;
        let judged = slots::judge(&sql, b"", self.key)?;
        slots::carry_through(&sql, folder, &judged)?;
        Ok(InPlace::SlotsMended)
    }

    /// A vault that does not open any more, under its own key. What it had learnt goes over as far as it can be read.
    fn damaged(&self, folder: &Folder, there: Option<&Connection>, key: &DbKey) -> Judged {
        let ours = there.filter(|there| self.is_of_another_device(there).is_ok_and(|is| !is));
        match ours {
            Some(there) => aside_as(WhyAside::Damaged, folder, there, key),
            None => Judged::aside(WhyAside::Damaged),
        }
    }

    /// What a key finds of the database.
    ///
    /// # Errors
    /// What the disk says, and that a newer version wrote it.
    fn look(&self, folder: &Folder, key: &DbKey) -> Result<Found, VaultError> {
        let database = folder.database();
        if !exists(&database)? {
            return Ok(Found::Damaged(None));
        }
        let sql = match open_reader(&database, key) {
            Err(refused) if refused.is_no_key_of_it() && is_of_pages(&database)? => return Ok(Found::NoKeyOfIt),
            Err(refused) if refused.is_of_the_bytes() => return Ok(Found::Damaged(None)),
            opened => opened?,
        };
        match self.is_whole(&sql, key) {
            Ok(()) => Ok(Found::Whole(sql)),
            Err(refused) if refused.is_of_the_bytes() => Ok(Found::Damaged(Some(sql))),
            Err(refused) => Err(refused),
        }
    }

    /// Reads what an unlock reads before it lets anybody in, after the database's own check.
    fn is_whole(&self, sql: &Connection, key: &DbKey) -> Result<(), VaultError> {
        migrations::pending(sql, MIGRATIONS)?;
        backup::is_sound(sql)?;
        State::read(sql)?;
        slots::judge(sql, b"", key)?;
        DeviceKeys::read(sql)?;
        Studies::read(sql, self.functions.clone()).map(drop)
    }

    /// Whether the backup holds all of another vault's own log, and more. Where the journal goes on beyond the head row, the row is
    /// the older of the two.
    fn goes_beyond(&self, there: &Connection) -> Result<bool, VaultError> {
        let mut state = State::read(there)?;
        checkpoint::adopt_end(there, &mut state)?;
        let end = state.head.log.end;
        if end.seq == 0 || end.seq >= self.end.seq {
            return Ok(false);
        }
        let line = entries::bytes(self.sql, Place::new(OWN_LOG, end.seq))?;
        Ok(line.is_some_and(|line| seal::sha256(&line) == end.head.0))
    }

    /// Whether another vault only took this one's name: it is another device's, or not the one that the slot was made for, so that an
    /// unlock refuses it.
    fn is_strange(&self, there: &Connection, secrets: &Opened) -> Result<bool, VaultError> {
        match check_bond(there, secrets.bond.as_ref()) {
            Err(VaultError::Exchanged) => Ok(true),
            bound => bound.and_then(|()| self.is_of_another_device(there)),
        }
    }

    /// Whether another vault has no key in common with the backup, be it a former one.
    fn is_of_another_device(&self, there: &Connection) -> Result<bool, VaultError> {
        let (ours, theirs) = (device_keys::signing_keys(self.sql)?, device_keys::signing_keys(there)?);
        Ok(!theirs.iter().any(|key| ours.contains(key)))
    }
}

/// What a key finds of a database.
enum Found {
    /// An unlock would let somebody in.
    Whole(Connection),
    /// It is gone or cut off; or the key is its own, and something else is not what was written.
    Damaged(Option<Connection>),
    /// The key is not its own, or its first page is damaged: which of the two can't be seen.
    NoKeyOfIt,
}

/// That a vault can be set aside, with what it had learnt.
fn aside_as(why: WhyAside, folder: &Folder, there: &Connection, key: &DbKey) -> Judged {
    // Of a damaged one that may be no longer there.
    Judged { learnt: Learnt::of(folder, there, key).ok(), ..Judged::aside(why) }
}

impl SignsIn<'_> {
    /// What a sign-in finds in its slot. With `is_lost` the slot file is none, and one that lies beside it is looked for.
    fn enter(&self, folder: &Folder, is_lost: bool) -> Result<Opened, VaultError> {
        let enter = |by| {
            let login = Login { user: self.user, by };
            if is_lost {
                return replacement::find_slots(folder, login);
            }
            let entrance = replacement::enter(folder, login)?;
            if entrance.is_unsure {
                return Err(std::io::Error::other("what lies beside the database can't be read now").into());
            }
            Ok(entrance.secrets)
        };
        let Ok(code) = RecoveryCode::typed(self.secret) else { return enter(By::Password(self.secret)) };
        match enter(By::Code(&code)) {
            // A password may happen to look like a code.
            Err(VaultError::WrongPassword) => enter(By::Password(self.secret)),
            entered => entered,
        }
    }
}

/// What can be known of a slot file by a key.
#[derive(PartialEq, Eq)]
enum SlotFile {
    /// It is gone, or is none.
    Unreadable,
    /// It was written under the key.
    OfKey,
    /// It was written under another one, or altered.
    OfAnother,
}

impl SlotFile {
    /// # Errors
    /// What the disk says, and that a newer version wrote it.
    fn read(file: &Path, key: &DbKey) -> Result<Self, VaultError> {
        let bytes = match folder::read_small(file) {
            Err(VaultError::Damaged { .. }) => None,
            read => read?,
        };
        match bytes.as_deref().map(KeySlots::read) {
            Some(Ok(slots)) if slots.is_authentic(key) => Ok(Self::OfKey),
            Some(Ok(_)) => Ok(Self::OfAnother),
            Some(Err(SealError::NewerSlots)) => Err(SealError::NewerSlots.into()),
            Some(Err(_)) | None => Ok(Self::Unreadable),
        }
    }
}

/// Whether an interrupted replacement left a slot file by which somebody may sign in.
fn has_spare_slots(folder: &Folder, key: &DbKey) -> Result<bool, VaultError> {
    let spare = [folder.next_slots(), folder.old_slots()];
    spare.iter().try_fold(false, |has, file| Ok(has || SlotFile::read(file, key)? != SlotFile::Unreadable))
}

/// Whether files of an interrupted replacement lie there.
fn is_changing(folder: &Folder) -> Result<bool, VaultError> {
    let files = [folder.next_database(), folder.old_database(), folder.next_slots(), folder.old_slots()];
    files.iter().try_fold(false, |found, file| Ok(found || exists(file)?))
}

/// Whether a database is made of pages, so that it may be whole under another key.
fn is_of_pages(database: &Path) -> Result<bool, VaultError> {
    let length = fs::metadata(database)?.len();
    Ok(length.is_multiple_of(PAGE))
}
