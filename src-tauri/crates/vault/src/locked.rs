//! A vault that nobody has opened: what can be known of it without a key, and the way in.

use std::fs::File;
use std::path::PathBuf;

use casebook::ROW_FORMAT;
use rusqlite::Connection;
use seal::KeySlots;
use seal::recovery::RecoveryCode;
use study::Functions;

use crate::attempts::{self, Asked, Turn};
use crate::connection::{DbKey, open_reader, open_writer};
use crate::folder::{self, Folder};
use crate::head::Card;
use crate::migrations::{self, MIGRATIONS, Migration};
use crate::open::{Footing, Parts, Secrets};
use crate::replacement::{Entrance, OldCopy};
use crate::slots::{By, Login, Opened, Standing, check_bond, open_slot};
use crate::state::State;
use crate::users::NewPassword;
use crate::{Alarm, Open, Stamp, VaultError, backup, checkpoint, device_keys, replacement, slots};

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
    /// [`VaultError::WrongPassword`], [`VaultError::Wait`], [`VaultError::Exchanged`], [`VaultError::InUse`],
    /// [`VaultError::Newer`], [`VaultError::Damaged`], or what the disk and the database say.
    pub fn unlock(&self, user: &str, password: &str, stamp: &Stamp) -> Result<Open, VaultError> {
        self.let_in(Login { user, by: By::Password(password) }, stamp, |mut open, login, opened| {
            // What is not found now is found at the next sign-in.
            let _ = open.find_missed(login.user);
            open.begin_session(login.user, stamp)?;
            open.tend_slot(login, opened.bond.as_ref(), stamp);
            Ok(open)
        })
    }

    /// Opens the vault by a recovery code, which is burnt, and gives `user` another password and another signing key: all of it
    /// or nothing.
    ///
    /// # Errors
    /// [`VaultError::WrongCode`] for a wrong or used code, and for an account that is not there or closed;
    /// else as [`Locked::unlock`].
    pub fn recover(&self, user: &str, code: &str, new: &NewPassword<'_>, stamp: &Stamp) -> Result<Open, VaultError> {
        // What is no code is asked for like one.
        let typed = RecoveryCode::typed(code).or_else(|_| RecoveryCode::make())?;
        let recovered = self.let_in(Login { user, by: By::Code(&typed) }, stamp, |mut open, login, opened| {
            let code = opened.code.ok_or(VaultError::WrongPassword)?;
            open.set_by_code(login.user, code, new, stamp)?;
            Ok(open)
        });
        recovered.map_err(|refused| match refused {
            VaultError::WrongPassword => VaultError::WrongCode,
            other => other,
        })
    }

    /// Asks at the door, and lets in whoever may.
    fn let_in(
        &self,
        login: Login<'_>,
        stamp: &Stamp,
        begin: impl FnOnce(Open, Login<'_>, &Opened) -> Result<Open, VaultError>,
    ) -> Result<Open, VaultError> {
        let lock = self.folder.lock()?;
        let is_known = self.users().any(|known| known == login.user);
        let asked = Asked { folder: &self.folder, account: is_known.then_some(login.user) };
        let _turn = Turn::take(&self.folder)?;
        asked.wait(stamp)?;
        let entered = self.enter(lock, login, stamp).and_then(|(open, opened)| begin(open, login, &opened));
        asked.note(stamp, &entered);
        entered
    }

    /// Opens it; nobody has begun a session then.
    fn enter(&self, lock: File, login: Login<'_>, stamp: &Stamp) -> Result<(Open, Opened), VaultError> {
        let Entrance { file, bytes, secrets: mut opened, mut alarms, old, .. } =
            replacement::enter(&self.folder, login)?;
        let (mut sql, footing) = self.connect(&opened.db_key)?;
        self.check_vault(&sql, &opened, &mut alarms)?;
        if matches!(footing, Footing::ReadOnly) {
            alarms.push(Alarm::ReadOnly);
        }
        let migrated = migrate(&mut sql, &self.folder, &opened.db_key, MIGRATIONS, &mut alarms)?;
        let mut state = State::read(&sql)?;
        let judged = slots::judge(&sql, &bytes, &opened.db_key)?;
        if judged.standing == Standing::Stale || !file.is_authentic(&opened.db_key) {
            alarms.push(Alarm::SlotsStale);
        }
        // What was interrupted is finished, and what was altered put right; the slots that count decide whatever the disk says.
        if slots::carry_through(&sql, &self.folder, &judged).is_err() {
            alarms.push(Alarm::SlotsPending);
        }
        if alarms.contains(&Alarm::SlotsStale) {
            // An old file must not let an old password or code in, nor a slot of an older form.
            opened = open_slot(&KeySlots::read(&judged.in_force)?, login)?;
            self.check_vault(&sql, &opened, &mut alarms)?;
        }
        alarms.extend(checkpoint::journal_end(&sql, &state)?);
        checkpoint::adopt_end(&sql, &mut state)?;
        let (folder, checkpoint_file, functions) =
            (self.folder.clone(), self.checkpoint.clone(), self.functions.clone());
        let parts = Parts { folder, checkpoint_file, lock, sql, footing, state, functions };
        let mut open =
            Open::assemble(parts, Secrets { db_key: opened.db_key.clone(), signing_seed: opened.seed.clone() })?;
        alarms.extend(open.heed_checkpoint(stamp)?);
        open.mend_tables(&mut alarms, stamp)?;
        let account = open.account(login.user)?;
        if account.is_some_and(|account| account.closed) || account.is_none() && opened.code.is_some() {
            return Err(VaultError::WrongPassword);
        }
        if stamp.at < open.state.head.log.at {
            alarms.push(Alarm::ClockSuspect);
        }
        if attempts::are_unkept(&open.folder) {
            alarms.push(Alarm::AttemptsUnkept);
        }
        clear_leftovers(&open.folder, old, migrated, &mut alarms);
        alarms.into_iter().for_each(|alarm| open.note(alarm));
        Ok((open, opened))
    }

    /// Before anything is written: whether the database is the one that the slot was made for. A slot of the first form does
    /// not know; that is told, and a checkpoint that another device signed under this vault's name refuses it.
    fn check_vault(&self, sql: &Connection, opened: &Opened, alarms: &mut Vec<Alarm>) -> Result<(), VaultError> {
        check_bond(sql, opened.bond.as_ref())?;
        if opened.bond.is_none() {
            if checkpoint::is_of_another_device(&self.checkpoint, &Card::read(sql)?, &device_keys::signing_keys(sql)?) {
                return Err(VaultError::Exchanged);
            }
            alarms.push(Alarm::SlotUnbound);
        }
        Ok(())
    }

    /// The writing connection; where the disk takes in nothing, one that reads.
    fn connect(&self, key: &DbKey) -> Result<(Connection, Footing), VaultError> {
        let database = self.folder.database();
        match open_writer(&database, key, false) {
            Err(refused) if refused.is_of_the_disk() => match open_reader(&database, key) {
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
    pub(crate) fn begin_session(&mut self, user: &str, stamp: &Stamp) -> Result<(), VaultError> {
        self.user = user.into();
        self.unsaid.refused = attempts::unjournaled(&self.folder);
        self.unsaid.session = true;
        match self.say(stamp) {
            // Refusals stay noted until the journal can tell them.
            Ok(()) if self.holds_back() => {
                self.admitted(0);
                self.keep_untold(stamp);
            }
            Ok(()) => {}
            Err(refused) if refused.is_of_the_disk() => {
                self.alarms.push(Alarm::Unjournaled);
                return Ok(());
            }
            Err(other) => return Err(other),
        }
        self.settle_in(stamp);
        Ok(())
    }

    /// What a session's beginning can do without.
    pub(crate) fn settle_in(&mut self, stamp: &Stamp) {
        self.keep_checkpoint(stamp);
        self.try_closing(stamp);
        // A database that was replaced may not open again at once: tried here, and then before anything is read or written.
        let _ = self.be_sure();
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
