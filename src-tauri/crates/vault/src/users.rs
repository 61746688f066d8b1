//! Accounts: adding, changing a password, closing. Closing writes the whole database anew under a new key, so that who
//! left with a copy of the old key can read nothing that is written afterwards.

use std::path::PathBuf;

use casebook::trial_state::Account;
use rusqlite::Connection;
use seal::{Cost, KeySlots, PublicKey, SealError, SigningKey, Unlocked, Zeroizing};

use study::Oid;

use crate::connection::{self, DbKey, open_reader, open_writer};
use crate::folder::{self, Folder};
use crate::head::Head;
use crate::{Open, Stamp, Tx, VaultError, backup, slots};

/// An account to be.
#[derive(Clone, Copy)]
pub struct NewUser<'a> {
    /// User id.
    pub user: &'a str,
    /// Password; its policy is checked by [`seal::password`] before.
    pub password: &'a str,
    /// What hashing it costs.
    pub cost: Cost,
}

impl Open {
    /// Adds an account. `acts` writes the entry that says so; it is given the account's public key.
    ///
    /// # Errors
    /// [`SealError::UserExists`] when the id is or was in use.
    pub fn add_user<E: From<VaultError>>(
        &mut self,
        new: &NewUser<'_>,
        stamp: &Stamp,
        acts: impl FnOnce(&mut Tx<'_>, &PublicKey) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.account(new.user)?.is_some() {
            return Err(VaultError::from(SealError::UserExists).into());
        }
        let signing_seed = seal::random().map_err(VaultError::from)?;
        let public = SigningKey::from_seed(&signing_seed).public();
        let secrets = Unlocked { db_key: self.key.clone(), signing_seed };
        let mut file = self.slots()?;
        file.add(new.user, new.password, &new.cost, &secrets).map_err(VaultError::from)?;
        let bytes = file.write(&self.key);
        self.transact(stamp, |tx| {
            acts(tx, &public)?;
            slots::announce(tx.sql, &bytes, true).map_err(E::from)
        })?;
        slots::carry_through(&self.sql, &self.folder, &bytes)?;
        Ok(())
    }

    /// Changes the signed-in user's password.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`] when the old one does not fit.
    pub fn change_password(&mut self, old: &str, new: &str, cost: &Cost) -> Result<(), VaultError> {
        let mut file = self.slots()?;
        let secrets = file.unlock(&self.user, old).map_err(|error| match error {
            SealError::WrongPassword => VaultError::WrongPassword,
            other => other.into(),
        })?;
        file.replace(&self.user, new, cost, &secrets)?;
        let bytes = file.write(&self.key);
        slots::announce(&self.sql, &bytes, false)?;
        slots::carry_through(&self.sql, &self.folder, &bytes)
    }

    /// Whether this is the signed-in user's password: asked again before signing.
    ///
    /// # Errors
    /// When the slots can't be read.
    pub fn is_password(&self, password: &str) -> Result<bool, VaultError> {
        match self.slots()?.unlock(&self.user, password) {
            Ok(_) => Ok(true),
            Err(SealError::WrongPassword) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Closes an account for good. `acts` writes the entry that says so. The database is then written anew under a new
    /// key; if that is interrupted, the next unlock does it.
    ///
    /// # Errors
    /// [`VaultError::InUse`] while an export or verification still reads the old file.
    pub fn close_user<E: From<VaultError>>(
        &mut self,
        stamp: &Stamp,
        acts: impl FnOnce(&mut Tx<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.transact(stamp, acts)?;
        finish_closing(self, stamp)?;
        Ok(())
    }

    /// An account of this device.
    pub(crate) fn account(&mut self, user: &str) -> Result<Option<&Account>, VaultError> {
        let device = Oid::from(self.state.card.device.as_str());
        Ok(self.trial_state()?.account(&device, &Oid::from(user)))
    }

    fn slots(&self) -> Result<KeySlots, VaultError> {
        Ok(KeySlots::read(&slots::current(&self.sql)?)?)
    }
}

/// Takes the slots of closed accounts away, under a new key.
pub(crate) fn finish_closing(open: &mut Open, stamp: &Stamp) -> Result<(), VaultError> {
    let file = open.slots()?;
    let mut closed: Vec<String> = Vec::new();
    for user in file.users() {
        if open.account(user)?.is_some_and(|account| account.closed) {
            closed.push(user.to_owned());
        }
    }
    if closed.is_empty() {
        return Ok(());
    }
    let (key, bytes) = slots_without(file, &closed)?;
    replace_database(open, key, &bytes)?;
    open.write_checkpoint(stamp)?;
    Ok(())
}

fn slots_without(mut file: KeySlots, closed: &[String]) -> Result<(DbKey, Vec<u8>), VaultError> {
    closed.iter().try_for_each(|user| file.remove(user))?;
    let key = seal::random()?;
    file.rekey(&key)?;
    let bytes = file.write(&key);
    Ok((key, bytes))
}

/// A new file under a new key; synced, verified, renamed. The slot file goes first: it says which key counts.
///
/// Where the new database cannot take the old one's place, because another program holds a file, the session goes on with
/// the old one and its slots.
fn replace_database(open: &mut Open, key: DbKey, slots_file: &[u8]) -> Result<(), VaultError> {
    replace_database_by(open, key, slots_file, swap)
}

fn replace_database_by(
    open: &mut Open,
    key: DbKey,
    slots_file: &[u8],
    swap: fn(&Folder) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let folder = open.folder.clone();
    let old_slots = slots::current(&open.sql)?;
    prepare(open, &key, slots_file)?;
    let old = std::mem::replace(&mut open.sql, Connection::open_in_memory()?);
    let closed = old.close().map_err(|(_, error)| VaultError::from(error));
    let swapped = closed
        .and_then(|()| folder::rename(&folder.next_slots(), &folder.slots()))
        .and_then(|()| Ok(folder::sync_name(&folder.slots())?))
        .and_then(|()| swap(&folder));
    if folder.next_database().exists() {
        if !folder.next_slots().exists() {
            // Unless this holds, nothing may be written: the next unlock would carry the replacement through without it.
            folder::replace(&folder.slots(), &old_slots)?;
        }
        // What cannot be removed now is cleared away by the next unlock.
        let _ = discard(&folder);
    } else {
        open.key = key;
        open.cache.clear();
    }
    open.reconnect()?;
    swapped
}

/// Everything up to the point of no return: both new files lie there whole.
fn prepare(open: &Open, key: &DbKey, slots_file: &[u8]) -> Result<(), VaultError> {
    let folder = &open.folder;
    discard(folder)?;
    copy_under(&open.sql, folder, key, slots_file)?;
    let copy = open_reader(&folder.next_database(), key).map_err(|_| VaultError::BadCopy("it does not open"))?;
    backup::is_sound(&copy)?;
    let head = Head::read(&copy)?;
    copy.close().map_err(|(_, error)| error)?;
    if head.log.end != open.state.head.log.end || head.digest != open.state.head.digest {
        return Err(VaultError::BadCopy("it is another state"));
    }
    let busy: i64 = open.sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy != 0 {
        discard(folder)?;
        return Err(VaultError::InUse);
    }
    folder::replace(&folder.next_slots(), slots_file)
}

fn copy_under(sql: &Connection, folder: &Folder, key: &DbKey, slots_file: &[u8]) -> Result<(), VaultError> {
    connection::make_empty(&folder.next_database(), key)?;
    let name = folder.next_database();
    let name = name.to_str().ok_or(VaultError::Missing("a file name in Unicode"))?;
    sql.execute("ATTACH DATABASE ?1 AS next KEY ?2", (name, connection::raw_key(key).as_str()))?;
    let copied = copy_tables(sql, slots_file);
    let parted = sql.execute_batch("DETACH DATABASE next");
    copied?;
    parted?;
    Ok(folder::sync_file(&folder.next_database())?)
}

fn copy_tables(sql: &Connection, slots_file: &[u8]) -> Result<(), VaultError> {
    let all = sql.unchecked_transaction()?;
    let mut tables = all.prepare(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration'",
    )?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    drop(tables);
    for name in names {
        // Names are this schema's own.
        all.execute_batch(&format!("INSERT INTO next.\"{name}\" SELECT * FROM main.\"{name}\""))?;
    }
    all.execute("UPDATE next.slots SET current = ?1, next = NULL, next_acted = 0", [slots_file])?;
    all.commit()?;
    Ok(())
}

/// At unlock: carries an interrupted replacement through, or clears it away. Which one shows by the key that the slot
/// file gave: it opens either the old file or the new one.
pub(crate) fn finish_replacement(folder: &Folder, key: &Zeroizing<[u8; 32]>) -> Result<(), VaultError> {
    if !folder.next_database().exists() {
        return folder::remove(&folder.next_slots());
    }
    let opens = |file: PathBuf| {
        open_writer(&file, key, false).and_then(|sql| Ok(sql.close().map_err(|(_, error)| error)?)).is_ok()
    };
    if opens(folder.database()) {
        return discard(folder);
    }
    if opens(folder.next_database()) {
        return swap(folder);
    }
    Ok(())
}

/// Puts the new database in the old one's place. The old one was folded back whole before: its side files are empty.
fn swap(folder: &Folder) -> Result<(), VaultError> {
    for end in ["-wal", "-shm"] {
        folder::remove(&folder.root.join(format!("vault.db{end}")))?;
        folder::remove(&folder.root.join(format!("vault.db.next{end}")))?;
    }
    folder::rename(&folder.next_database(), &folder.database())?;
    Ok(folder::sync_name(&folder.database())?)
}

fn discard(folder: &Folder) -> Result<(), VaultError> {
    for end in ["", "-wal", "-shm", "-journal"] {
        folder::remove(&folder.root.join(format!("vault.db.next{end}")))?;
    }
    folder::remove(&folder.next_slots())
}

/// Plays another program that never lets go of the database.
#[cfg(test)]
pub(crate) fn close_while_held(open: &mut Open) -> Result<(), VaultError> {
    let (key, bytes) = slots_without(open.slots()?, &["inv1".to_owned()])?;
    replace_database_by(open, key, &bytes, |_| Err(VaultError::InUse))
}

/// Plays a power cut: after the copy was made, after both new files lie there, after the slot file was renamed.
#[cfg(test)]
pub(crate) fn interrupt_closing(open: &mut Open, step: u32) {
    let (key, bytes) = slots_without(open.slots().expect("slots"), &["inv1".to_owned()]).expect("slots");
    let folder = open.folder.clone();
    if step == 0 {
        copy_under(&open.sql, &folder, &key, &bytes).expect("copied");
        return;
    }
    prepare(open, &key, &bytes).expect("prepared");
    if step == 2 {
        folder::rename(&folder.next_slots(), &folder.slots()).expect("renamed");
    }
}
