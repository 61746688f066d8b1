//! keyslots.json and its copy in the database, which is the one that counts.
//!
//! A replacement goes: the new bytes into the database as `next`; the file replaced; `next` becomes `current`. Whatever
//! step a power cut falls on, the next unlock finds either both old or the file on one side and knows which way to go.

use rusqlite::Connection;
use seal::{KeySlots, SealError, Unlocked};

use crate::connection::DbKey;
use crate::folder::{self, Folder};
use crate::{Alarm, Open, Stamp, Tx, VaultError};

/// Who asks to be let in, and by which password.
#[derive(Clone, Copy)]
pub(crate) struct Login<'a> {
    /// The account.
    pub(crate) user: &'a str,
    /// As typed.
    pub(crate) password: &'a str,
}

/// Opens somebody's slot. Neither names nor timing beyond Argon2id's own tell which of user and password was wrong.
pub(crate) fn open_slot(slots: &KeySlots, login: Login<'_>) -> Result<Unlocked, VaultError> {
    slots.unlock_unverified(login.user, login.password).map_err(|error| match error {
        SealError::WrongPassword | SealError::UnknownUser => VaultError::WrongPassword,
        other => other.into(),
    })
}

/// How the file on the disk stands to the database.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is the one that was last written.
    Current,
    /// A replacement was interrupted and has been carried through or taken back.
    Settled,
    /// It is an older one, or was edited; it has been put right.
    Stale,
}

/// The row as it stands.
struct Row {
    current: Vec<u8>,
    next: Option<Vec<u8>>,
    acted: bool,
}

/// Reads it. SQLCipher may give a page that it can't authenticate as zeros: what is no slot file must never take the place
/// of the one on the disk, which is the last copy then.
fn read(sql: &Connection) -> Result<Row, VaultError> {
    let row = sql.query_row("SELECT current, next, next_acted FROM slots", [], |row| {
        Ok(Row { current: row.get(0)?, next: row.get(1)?, acted: row.get(2)? })
    });
    let row = row.map_err(|error| match error {
        rusqlite::Error::QueryReturnedNoRows => VaultError::damaged("the slots row is gone"),
        other => other.into(),
    })?;
    let whole = |bytes: &[u8]| KeySlots::read(bytes).is_ok();
    if whole(&row.current) && row.next.as_deref().is_none_or(whole) {
        Ok(row)
    } else {
        Err(VaultError::damaged("the slots row holds no slot file"))
    }
}

/// The bytes that count where no replacement is under way.
#[cfg(test)]
pub(crate) fn current(sql: &Connection) -> Result<Vec<u8>, VaultError> {
    Ok(read(sql)?.current)
}

/// Sets the bytes that count, with no replacement under way.
pub(crate) fn set_current(sql: &Connection, bytes: &[u8]) -> Result<(), VaultError> {
    sql.execute(
        "INSERT INTO slots (one, current, next, next_acted) VALUES (1, ?1, NULL, 0)
         ON CONFLICT (one) DO UPDATE SET current = ?1, next = NULL, next_acted = 0",
        [bytes],
    )?;
    Ok(())
}

/// First step. `acted` says that an entry in the same transaction depends on the new slots.
pub(crate) fn announce(sql: &Connection, bytes: &[u8], acted: bool) -> Result<(), VaultError> {
    sql.execute("UPDATE slots SET next = ?1, next_acted = ?2", (bytes, acted))?;
    Ok(())
}

/// Which slots count, going by the database and the file, and what is left to be done about it.
pub(crate) struct Judged {
    /// How the file stands to the database.
    pub(crate) standing: Standing,
    /// The slots that count.
    pub(crate) in_force: Vec<u8>,
    /// Whether the file holds them.
    file_has_them: bool,
    /// Whether the database holds them, with no replacement under way.
    row_has_them: bool,
}

/// Compares the file with the database: a replacement that an entry tells of goes forward, another one by what the file says,
/// and what was altered counts for nothing.
pub(crate) fn judge(sql: &Connection, file: &[u8], key: &[u8; 32]) -> Result<Judged, VaultError> {
    let Row { current, next, acted } = read(sql)?;
    let (is_current, is_next) = (file == current, next.as_deref() == Some(file));
    let row_is_at_rest = next.is_none();
    let settled = |known| if known { Standing::Settled } else { Standing::Stale };
    let (standing, in_force) = match next {
        Some(next) if acted || is_next => (settled(is_current || is_next), next),
        Some(_) => (settled(is_current), current),
        None if is_current => (Standing::Current, current),
        // The file is authentic and later: it is the database that is behind.
        None if is_newer(file, &current, key) => {
            return Ok(Judged {
                standing: Standing::Stale,
                in_force: file.to_owned(),
                file_has_them: true,
                row_has_them: false,
            });
        }
        None => (Standing::Stale, current),
    };
    Ok(Judged { standing, file_has_them: in_force == file, in_force, row_has_them: row_is_at_rest })
}

/// Second and third step: the file, then the row. Can be done again after any failure.
pub(crate) fn carry_through(sql: &Connection, folder: &Folder, judged: &Judged) -> Result<(), VaultError> {
    match (judged.file_has_them, judged.row_has_them) {
        (true, true) => return Ok(()),
        // The row forgets that a replacement is under way only when no power cut can take it back.
        (true, false) => folder::sync_name(&folder.slots())?,
        (false, _) => folder::replace(&folder.slots(), &judged.in_force)?.lasting()?,
    }
    if judged.row_has_them { Ok(()) } else { set_current(sql, &judged.in_force) }
}

fn is_newer(file: &[u8], current: &[u8], key: &[u8; 32]) -> bool {
    let (Ok(file), Ok(current)) = (KeySlots::read(file), KeySlots::read(current)) else { return false };
    file.revision() > current.revision() && file.is_authentic(key)
}

/// What says whether new slots count when only part of a replacement was done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decides {
    /// An entry of the same transaction: who was told of it goes on with the new ones, and so they go forward.
    Entry,
    /// The file: who was told of an error goes on with what opens it.
    File,
}

impl Open {
    /// Replaces the key slots: the one way for every change of them but a new database key. What an earlier replacement left
    /// undone is settled before.
    ///
    /// Where an entry decides, a file that can't be written is an alarm: it is tried again at the next change, at locking and
    /// at unlocking.
    pub(crate) fn replace_slots<E: From<VaultError>>(
        &mut self,
        decides: Decides,
        stamp: &Stamp,
        change: impl FnOnce(&mut KeySlots, &DbKey) -> Result<(), VaultError>,
        acts: impl FnOnce(&mut Tx<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.regain()?;
        let settled = self.settle_slots();
        if decides == Decides::File {
            settled?;
        }
        let mut file = self.slots()?;
        change(&mut file, &self.key)?;
        let bytes = file.write(&self.key);
        self.transact(stamp, |tx| {
            acts(tx)?;
            announce(tx.sql, &bytes, decides == Decides::Entry).map_err(E::from)
        })?;
        if decides == Decides::File
            && let Err(refused) = folder::replace(&self.folder.slots(), &bytes)
        {
            // The old ones stand in the file, and count: what was announced is taken back now or at the next settling.
            let _ = self.settle_slots();
            return Err(refused.into());
        }
        if self.settle_slots().is_err() {
            self.note(Alarm::SlotsPending);
        }
        Ok(())
    }

    /// The slots that count.
    pub(crate) fn slots(&self) -> Result<KeySlots, VaultError> {
        Ok(KeySlots::read(&self.judge_slots()?.in_force)?)
    }

    pub(crate) fn judge_slots(&self) -> Result<Judged, VaultError> {
        let file = folder::read_small(&self.folder.slots())?.unwrap_or_default();
        judge(&self.sql, &file, &self.key)
    }

    /// Finishes or takes back what a replacement left undone.
    ///
    /// # Errors
    /// What the disk says; it can be done again.
    pub(crate) fn settle_slots(&mut self) -> Result<(), VaultError> {
        let judged = self.judge_slots()?;
        carry_through(&self.sql, &self.folder, &judged)?;
        self.forget(&Alarm::SlotsPending);
        Ok(())
    }
}
