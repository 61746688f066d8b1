//! A vault that nobody has opened: what can be known of it without a key, and the way in.

use std::fs::File;
use std::path::{Path, PathBuf};

use casebook::ROW_FORMAT;
use casebook::act::{SessionOpened, SessionRefused};
use rusqlite::Connection;
use seal::{KeySlots, SealError, Unlocked};
use study::{Functions, Oid};

use crate::attempts::{Attempts, RefusedLogin};
use crate::connection::open_writer;
use crate::folder::{self, Folder};
use crate::migrations::{self, MIGRATIONS};
use crate::open::Parts;
use crate::slots::Standing;
use crate::state::State;
use crate::{Alarm, Open, Stamp, VaultError, backup, checkpoint, slots, users};

/// Where a vault lies, and where the checkpoint that watches over it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultPlace {
    /// The folder.
    pub folder: PathBuf,
    /// The checkpoint's file: outside the folder, in the user's configuration.
    pub checkpoint: PathBuf,
}

/// A vault without its key.
pub struct Locked {
    folder: Folder,
    checkpoint: PathBuf,
    slots: KeySlots,
    functions: Functions,
}

/// Who asks to be let in, and by which password.
#[derive(Clone, Copy)]
struct Login<'a> {
    user: &'a str,
    password: &'a str,
}

impl Locked {
    /// Finds the vault in a folder. `functions` are those that its study's rules may call.
    ///
    /// # Errors
    /// [`VaultError::NotAVault`]; [`VaultError::Slots`] when the slot file can't be read as one.
    pub fn find(place: &VaultPlace, functions: &Functions) -> Result<Self, VaultError> {
        let folder = Folder::new(&place.folder);
        if !folder.database().is_file() {
            return Err(VaultError::NotAVault);
        }
        let bytes = folder::read_small(&folder.slots())?.ok_or(VaultError::NotAVault)?;
        let slots = KeySlots::read(&bytes)?;
        Ok(Self { folder, checkpoint: place.checkpoint.clone(), slots, functions: functions.clone() })
    }

    /// The study's OID.
    pub fn study(&self) -> &str {
        self.slots.study()
    }

    /// The device's id.
    pub fn device(&self) -> &str {
        self.slots.device()
    }

    /// Accounts that may try to open it.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.slots.users()
    }

    /// Opens the vault as `user`. What is noticed on the way is in [`Open::alarms`] and in the journal.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`], [`VaultError::Wait`], [`VaultError::InUse`], [`VaultError::Newer`],
    /// [`VaultError::Damaged`], or what the disk and the database say.
    pub fn unlock(&self, user: &str, password: &str, stamp: &Stamp) -> Result<Open, VaultError> {
        let lock = self.folder.lock()?;
        let mut attempts = Attempts::read(&self.folder)?;
        match attempts.wait(stamp.at.ms()) {
            0 => {}
            seconds => return Err(VaultError::Wait { seconds }),
        }
        let bytes = folder::read_small(&self.folder.slots())?.ok_or(VaultError::NotAVault)?;
        let file = KeySlots::read(&bytes)?;
        let opened = self.enter(lock, &file, &bytes, Login { user, password }, stamp, &attempts);
        if let Err(VaultError::WrongPassword) = opened {
            let known = file.users().any(|known| known == user);
            let refusal =
                RefusedLogin { user: known.then(|| user.to_owned()), at_ms: stamp.at.ms(), tz: stamp.tz.minutes() };
            attempts.note(&self.folder, refusal)?;
        }
        opened
    }

    fn enter(
        &self,
        lock: File,
        file: &KeySlots,
        bytes: &[u8],
        login: Login<'_>,
        stamp: &Stamp,
        attempts: &Attempts,
    ) -> Result<Open, VaultError> {
        let secrets = open_slot(file, login)?;
        users::finish_replacement(&self.folder, &secrets.db_key)?;
        let mut sql = open_writer(&self.folder.database(), &secrets.db_key, false)?;
        migrate(&mut sql, &self.folder, &secrets)?;
        let mut state = State::read(&sql)?;
        let mut alarms = Vec::new();
        if slots::reconcile(&sql, &self.folder, bytes, &secrets.db_key)? == Standing::Stale
            || !file.is_authentic(&secrets.db_key)
        {
            alarms.push(Alarm::SlotsStale);
            // An old file must not let an old password in.
            open_slot(&KeySlots::read(&slots::current(&sql)?)?, login)?;
        }
        alarms.extend(checkpoint::journal_end(&sql, &state)?);
        checkpoint::adopt_end(&sql, &mut state)?;
        let (folder, checkpoint_file, functions) =
            (self.folder.clone(), self.checkpoint.clone(), self.functions.clone());
        let mut open = Open::assemble(Parts { folder, checkpoint_file, lock, sql, state, functions }, secrets)?;
        let device = open.device_key().public();
        alarms.extend(checkpoint::compare(&open.sql, &open.state, &open.checkpoint_file, &device)?);
        open.mend_tables(&mut alarms, stamp)?;
        if open.account(login.user)?.is_some_and(|account| account.closed) {
            return Err(VaultError::WrongPassword);
        }
        if stamp.at < open.state.head.log.at {
            alarms.push(Alarm::ClockSuspect);
        }
        open.journal_alarms(&alarms, stamp)?;
        open.alarms = alarms;
        open.begin_session(login.user, stamp, &attempts.refused)?;
        Attempts::forget(&self.folder)?;
        Ok(open)
    }
}

impl Open {
    /// Folds anew what another version laid out otherwise, and what can't be read at all.
    fn mend_tables(&mut self, alarms: &mut Vec<Alarm>, stamp: &Stamp) -> Result<(), VaultError> {
        if self.state.card.rows == ROW_FORMAT {
            match self.trial_state() {
                Ok(_) => return Ok(()),
                Err(VaultError::Damaged { what }) => {
                    alarms.push(Alarm::TablesStale { subjects: 1, first: String::new() });
                    // A database whose pages can't be read refuses to be written for reasons of its own: the page is the reason.
                    return self.rebuild(stamp).map_err(|refused| match refused {
                        VaultError::Database(_) => VaultError::Damaged { what },
                        other => other,
                    });
                }
                Err(other) => return Err(other),
            }
        }
        self.rebuild(stamp)
    }

    /// Raises the epoch, journals what happened at the door, and writes the checkpoint.
    pub(crate) fn begin_session(
        &mut self,
        user: &str,
        stamp: &Stamp,
        refused: &[RefusedLogin],
    ) -> Result<(), VaultError> {
        let stamp = Stamp { by: user.into(), ..stamp.clone() };
        self.user = stamp.by.clone();
        self.transact(&stamp, |tx| {
            tx.state.head.epoch += 1;
            for (count, refusal) in refused.iter().enumerate() {
                let failures = u32::try_from(count + 1).unwrap_or(u32::MAX);
                let user = refusal.user.as_deref().map(Oid::from);
                tx.write_as_system(SessionRefused { user, failures })?;
            }
            tx.write(SessionOpened { user: Oid::from(user) })?;
            Ok::<_, VaultError>(())
        })?;
        self.write_checkpoint(&stamp)?;
        users::finish_closing(self, &stamp)
    }
}

/// Neither names nor timing beyond Argon2id's own tell which of user and password was wrong.
fn open_slot(slots: &KeySlots, login: Login<'_>) -> Result<Unlocked, VaultError> {
    slots.unlock_unverified(login.user, login.password).map_err(|error| match error {
        SealError::WrongPassword | SealError::UnknownUser => VaultError::WrongPassword,
        other => other.into(),
    })
}

/// Brings the schema up to date; a verified copy of the file as it was is kept beside it.
fn migrate(sql: &mut Connection, folder: &Folder, secrets: &Unlocked) -> Result<(), VaultError> {
    if migrations::pending(sql, MIGRATIONS)? {
        let from = migrations::version(sql)?;
        let copy: &Path = &folder.root.join(format!("vault.db.schema-{from}"));
        folder::remove(copy)?;
        backup::copy_database(sql, &secrets.db_key, copy)?;
        migrations::migrate(sql, MIGRATIONS)?;
    }
    Ok(())
}
