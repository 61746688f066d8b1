//! A vault that nobody has opened: what can be known of it without a key, and the way in.

use std::fs::File;
use std::path::PathBuf;

use casebook::ROW_FORMAT;
use rusqlite::Connection;
use seal::{KeySlots, Unlocked};
use study::Functions;

use crate::attempts::{Attempts, RefusedLogin};
use crate::connection::{DbKey, open_reader, open_writer};
use crate::folder::{self, Folder};
use crate::migrations::{self, MIGRATIONS, Migration};
use crate::open::{Footing, Parts};
use crate::replacement::{Entrance, OldCopy};
use crate::slots::{Login, Standing, open_slot};
use crate::state::State;
use crate::{Alarm, Open, Stamp, VaultError, backup, checkpoint, replacement, slots};

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

impl Locked {
    /// Finds the vault in a folder. `functions` are those that its study's rules may call.
    ///
    /// # Errors
    /// [`VaultError::NotAVault`]; [`VaultError::Slots`] when the slot file can't be read as one.
    pub fn find(place: &VaultPlace, functions: &Functions) -> Result<Self, VaultError> {
        let folder = Folder::new(&place.folder);
        // While it is being replaced it may lie under another name.
        if ![folder.database(), folder.old_database(), folder.next_database()].iter().any(|file| file.is_file()) {
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
        let mut attempts = Attempts::read(&self.folder);
        match attempts.wait(stamp.at.ms()) {
            0 => {}
            seconds => return Err(VaultError::Wait { seconds }),
        }
        let opened = self.enter(lock, Login { user, password }, stamp, &attempts);
        if let Err(VaultError::WrongPassword) = opened {
            let known = self.slots_now().users().any(|known| known == user);
            let refusal =
                RefusedLogin { user: known.then(|| user.to_owned()), at_ms: stamp.at.ms(), tz: stamp.tz.minutes() };
            attempts.note(&self.folder, refusal);
        }
        opened
    }

    /// The slots as they stand now, or stood when the vault was found.
    fn slots_now(&self) -> KeySlots {
        let now = folder::read_small(&self.folder.slots()).ok().flatten();
        now.and_then(|bytes| KeySlots::read(&bytes).ok()).unwrap_or_else(|| self.slots.clone())
    }

    fn enter(&self, lock: File, login: Login<'_>, stamp: &Stamp, attempts: &Attempts) -> Result<Open, VaultError> {
        let Entrance { file, bytes, secrets, mut alarms, old } = replacement::enter(&self.folder, login)?;
        let (mut sql, footing) = self.connect(&secrets)?;
        if matches!(footing, Footing::ReadOnly) {
            alarms.push(Alarm::ReadOnly);
        }
        let migrated = migrate(&mut sql, &self.folder, &secrets.db_key, MIGRATIONS, &mut alarms)?;
        let mut state = State::read(&sql)?;
        let judged = slots::judge(&sql, &bytes, &secrets.db_key)?;
        if judged.standing == Standing::Stale || !file.is_authentic(&secrets.db_key) {
            alarms.push(Alarm::SlotsStale);
        }
        // What was interrupted is finished, and what was altered put right; the slots that count decide whatever the disk says.
        if slots::carry_through(&sql, &self.folder, &judged).is_err() {
            alarms.push(Alarm::SlotsPending);
        }
        if alarms.contains(&Alarm::SlotsStale) {
            // An old file must not let an old password in.
            open_slot(&KeySlots::read(&judged.in_force)?, login)?;
        }
        alarms.extend(checkpoint::journal_end(&sql, &state)?);
        checkpoint::adopt_end(&sql, &mut state)?;
        let (folder, checkpoint_file, functions) =
            (self.folder.clone(), self.checkpoint.clone(), self.functions.clone());
        let parts = Parts { folder, checkpoint_file, lock, sql, footing, state, functions };
        let mut open = Open::assemble(parts, secrets)?;
        let device = open.device_key().public();
        // Of a vault that was put back on purpose it would say only that: its checkpoint begins anew.
        if !open.awaits_center() {
            alarms.extend(checkpoint::compare(&open.sql, &open.state, &open.checkpoint_file, &device)?);
        }
        open.mend_tables(&mut alarms, stamp)?;
        if open.account(login.user)?.is_some_and(|account| account.closed) {
            return Err(VaultError::WrongPassword);
        }
        if stamp.at < open.state.head.log.at {
            alarms.push(Alarm::ClockSuspect);
        }
        if Attempts::are_unkept(&open.folder) {
            alarms.push(Alarm::AttemptsUnkept);
        }
        clear_leftovers(&open.folder, old, migrated, &mut alarms);
        alarms.into_iter().for_each(|alarm| open.note(alarm));
        open.begin_session(login.user, stamp, &attempts.refused)?;
        Ok(open)
    }

    /// The writing connection; where the disk takes in nothing, one that reads.
    fn connect(&self, secrets: &Unlocked) -> Result<(Connection, Footing), VaultError> {
        let database = self.folder.database();
        match open_writer(&database, &secrets.db_key, false) {
            Err(refused) if refused.is_of_the_disk() => match open_reader(&database, &secrets.db_key) {
                Ok(sql) => Ok((sql, Footing::ReadOnly)),
                Err(_) => Err(refused),
            },
            opened => Ok((opened?, Footing::Firm)),
        }
    }
}

/// Clears away what an unlock at which nothing was wrong makes superfluous; what can't be removed is tried at the next one.
fn clear_leftovers(folder: &Folder, old: OldCopy, migrated: bool, alarms: &mut Vec<Alarm>) {
    let mut cleared = folder.clear_unfinished();
    if !alarms.iter().any(Alarm::doubts_the_vault) {
        if old == OldCopy::Superseded {
            cleared = cleared.and(replacement::let_go(folder));
        }
        if !migrated {
            cleared = cleared.and(folder.clear_schema_copies());
        }
    }
    if cleared.is_err() && !alarms.contains(&Alarm::LeftoversKept) {
        alarms.push(Alarm::LeftoversKept);
    }
}

impl Open {
    /// Folds anew what another version laid out otherwise, and what can't be read at all.
    pub(crate) fn mend_tables(&mut self, alarms: &mut Vec<Alarm>, stamp: &Stamp) -> Result<(), VaultError> {
        if self.state.card.rows == ROW_FORMAT {
            match self.trial_state() {
                Ok(_) => return Ok(()),
                Err(VaultError::Damaged { what }) => {
                    alarms.push(Alarm::TablesStale { subjects: 1, first: String::new() });
                    // A database whose pages can't be read refuses to be written for reasons of its own: the page is the reason.
                    return self.rebuild(stamp).map_err(|refused| match refused {
                        VaultError::Database(_) | VaultError::Io(_) => VaultError::Damaged { what },
                        other => other,
                    });
                }
                Err(other) => return Err(other),
            }
        }
        self.rebuild(stamp)
    }

    /// Raises the epoch, journals what happened at the door, and writes the checkpoint. A disk that takes in nothing keeps
    /// nobody out: the session's beginning is journaled before its first act.
    pub(crate) fn begin_session(
        &mut self,
        user: &str,
        stamp: &Stamp,
        refused: &[RefusedLogin],
    ) -> Result<(), VaultError> {
        self.user = user.into();
        self.unsaid.refused = refused.to_vec();
        self.unsaid.session = true;
        match self.say(stamp) {
            Ok(()) => {}
            Err(refused) if refused.is_of_the_disk() => {
                self.alarms.push(Alarm::Unjournaled);
                return Ok(());
            }
            Err(other) => return Err(other),
        }
        self.keep_checkpoint(stamp);
        self.try_closing(stamp);
        // A database that was replaced may not open again at once: tried here, and then before anything is read or written.
        let _ = self.be_sure();
        Ok(())
    }
}

/// Brings the schema up to date, in one transaction, and tells whether there was anything to be done. A verified copy of the
/// file as it was is kept beside it until the next unlock at which nothing is wrong; where there is no room for one, that is
/// an alarm.
pub(crate) fn migrate(
    sql: &mut Connection,
    folder: &Folder,
    key: &DbKey,
    steps: &[Migration],
    alarms: &mut Vec<Alarm>,
) -> Result<bool, VaultError> {
    if !migrations::pending(sql, steps)? {
        return Ok(false);
    }
    let copy = folder.schema_copy(migrations::version(sql)?);
    let part = folder::with_end(&copy, ".part");
    let copied = folder::remove(&part)
        .and_then(|()| backup::copy_database(sql, key, &part))
        .and_then(|()| folder::rename(&part, &copy));
    if copied.is_err() {
        // What there is of it only takes up room; else it goes with the other copies.
        let _ = folder::remove(&part);
        alarms.push(Alarm::CopyMissing);
    }
    migrations::migrate(sql, steps)?;
    Ok(true)
}
