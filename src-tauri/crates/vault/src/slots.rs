//! keyslots.json and its copy in the database, which is the one that counts.
//!
//! A replacement goes: the new bytes into the database as `next`; the file replaced; `next` becomes `current`. Whatever
//! step a power cut falls on, the next unlock finds either both old or the file on one side and knows which way to go.

use rusqlite::Connection;
use seal::KeySlots;

use crate::VaultError;
use crate::folder::{self, Folder};

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

/// The bytes that count.
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

/// Second and third step.
pub(crate) fn carry_through(sql: &Connection, folder: &Folder, bytes: &[u8]) -> Result<(), VaultError> {
    folder::replace(&folder.slots(), bytes)?;
    set_current(sql, bytes)
}

/// At unlock: compares the file with the database, finishes what was interrupted, and heals what was altered.
pub(crate) fn reconcile(
    sql: &Connection,
    folder: &Folder,
    file: &[u8],
    key: &[u8; 32],
) -> Result<Standing, VaultError> {
    let row = read(sql)?;
    let is_newer = is_newer(file, &row.current, key);
    let is_next = row.next.as_deref() == Some(file);
    match row.next {
        Some(next) if row.acted || is_next => {
            let known = is_next || file == row.current;
            carry_through(sql, folder, &next)?;
            Ok(if known { Standing::Settled } else { Standing::Stale })
        }
        Some(_) => {
            let known = file == row.current;
            carry_through(sql, folder, &row.current)?;
            Ok(if known { Standing::Settled } else { Standing::Stale })
        }
        None if file == row.current => Ok(Standing::Current),
        None if is_newer => {
            // The file is authentic and later: it is the database that is behind.
            set_current(sql, file)?;
            Ok(Standing::Stale)
        }
        None => {
            folder::replace(&folder.slots(), &row.current)?;
            Ok(Standing::Stale)
        }
    }
}

fn is_newer(file: &[u8], current: &[u8], key: &[u8; 32]) -> bool {
    let (Ok(file), Ok(current)) = (KeySlots::read(file), KeySlots::read(current)) else { return false };
    file.revision() > current.revision() && file.is_authentic(key)
}
