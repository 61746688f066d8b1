//! How the vault that lies where a backup is to be put stands to that backup: whether it may be set aside.
//!
//! Nothing is set aside because something could not be found out. A vault under another key than the backup's opens for whoever
//! works with it: it is for one of them to let it be looked into.

use std::path::Path;

use casebook::LogEnd;
use rusqlite::Connection;
use seal::recovery::RecoveryCode;
use seal::{KeySlots, SealError};

use crate::attempts::guarded;
use crate::connection::{DbKey, open_reader, open_writer};
use crate::entries::{self, OWN_LOG, Place};
use crate::folder::{self, Folder, exists};
use crate::head::Head;
use crate::migrations::{self, MIGRATIONS};
use crate::set_aside::WhyAside;
use crate::slots::{self, By, Login};
use crate::state::State;
use crate::{Stamp, VaultError, backup, device_keys, keys, replacement};

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
}

impl Copy<'_> {
    /// How the vault in a folder stands to it. `by` is asked where only somebody who can sign in to that vault can tell.
    ///
    /// # Errors
    /// What could not be read, and the refusal of `by`: then nothing is known, and nothing may be set aside.
    pub(crate) fn judge(&self, vault: &Path, by: Option<&SignsIn<'_>>) -> Result<InPlace, VaultError> {
        let folder = Folder::new(vault);
        let (slots, is_changing) = (SlotFile::read(&folder, self.key)?, is_changing(&folder)?);
        let is_of_its_key = matches!(slots, SlotFile::Unreadable | SlotFile::OfKey) && !is_changing;
        match whole(&folder, self.key) {
            Ok(there) if !self.goes_beyond(&there)? => return self.mend(&folder, &slots, is_changing),
            Ok(_) if !is_changing => return Ok(InPlace::Aside(WhyAside::Older)),
            Err(refused) if !refused.is_of_the_bytes() => return Err(refused),
            // Without its slots nobody can sign in, whatever lies beside it.
            Err(_) if is_of_its_key || slots == SlotFile::Unreadable => return Ok(InPlace::Aside(WhyAside::Damaged)),
            Ok(_) | Err(_) => {}
        }
        by.map_or(Ok(InPlace::Shut), |by| self.judge_by(&folder, by))
    }

    /// By the key of whoever can sign in. A database whose replacement was interrupted gets its name, as at a sign-in.
    fn judge_by(&self, folder: &Folder, by: &SignsIn<'_>) -> Result<InPlace, VaultError> {
        let _lock = folder.lock()?;
        let key = guarded(&folder.root, by.user, by.stamp, || by.enter(folder))?;
        match whole(folder, &key) {
            Ok(there) if self.goes_beyond(&there)? => Ok(InPlace::Aside(WhyAside::Older)),
            Ok(there) if self.is_of_another_device(&there)? => Ok(InPlace::Aside(WhyAside::Foreign)),
            Ok(_) => Ok(InPlace::Sound),
            Err(refused) if refused.is_of_the_bytes() => Ok(InPlace::Aside(WhyAside::Damaged)),
            Err(refused) => Err(refused),
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
        let judged = slots::judge(&sql, b"", self.key).and_then(|judged| slots::carry_through(&sql, folder, &judged));
        match judged {
            Ok(()) => Ok(InPlace::SlotsMended),
            // Nobody can sign in to it any more.
            Err(refused) if refused.is_of_the_bytes() => Ok(InPlace::Aside(WhyAside::Damaged)),
            Err(refused) => Err(refused),
        }
    }

    /// Whether the backup holds all of another vault's own log, and more.
    fn goes_beyond(&self, there: &Connection) -> Result<bool, VaultError> {
        let end = Head::read(there)?.log.end;
        if end.seq == 0 || end.seq >= self.end.seq {
            return Ok(false);
        }
        let line = entries::bytes(self.sql, Place::new(OWN_LOG, end.seq))?;
        Ok(line.is_some_and(|line| seal::sha256(&line) == end.head.0))
    }

    /// Whether another vault has no key in common with the backup, be it a former one: it only took its name.
    fn is_of_another_device(&self, there: &Connection) -> Result<bool, VaultError> {
        let (ours, theirs) = (device_keys::signing_keys(self.sql)?, device_keys::signing_keys(there)?);
        Ok(!theirs.iter().any(|key| ours.contains(key)))
    }
}

impl SignsIn<'_> {
    /// The key of the database to which a sign-in leads.
    fn enter(&self, folder: &Folder) -> Result<DbKey, VaultError> {
        let enter = |by| Ok(replacement::enter(folder, Login { user: self.user, by })?.secrets.db_key);
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
    fn read(folder: &Folder, key: &DbKey) -> Result<Self, VaultError> {
        let bytes = match folder::read_small(&folder.slots()) {
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

/// Whether files of an interrupted replacement lie there.
fn is_changing(folder: &Folder) -> Result<bool, VaultError> {
    let files = [folder.next_database(), folder.old_database(), folder.next_slots(), folder.old_slots()];
    files.iter().try_fold(false, |found, file| Ok(found || exists(file)?))
}

/// Opens the database, and finds everything in it that a sign-in needs.
fn whole(folder: &Folder, key: &DbKey) -> Result<Connection, VaultError> {
    if !exists(&folder.database())? {
        return Err(VaultError::damaged("the database is gone"));
    }
    let sql = open_reader(&folder.database(), key)?;
    migrations::pending(&sql, MIGRATIONS)?;
    backup::is_sound(&sql)?;
    State::read(&sql)?;
    keys::study_file(&sql, &keys::study_id(&sql)?)?;
    Ok(sql)
}
