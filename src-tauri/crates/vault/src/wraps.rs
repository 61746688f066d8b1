//! The wrap secrets of key slots: kept in the database for the day on which it is written anew under another key.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};
use seal::{KeySlots, Wrap, Zeroizing};

use crate::VaultError;

/// Wrap secrets by slot.
pub(crate) type Secrets = BTreeMap<[u8; 32], Zeroizing<[u8; 32]>>;

/// What is known of a slot's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is not here.
    Missing,
    /// To whoever may open this vault.
    Here,
    /// Also to somebody who has left.
    ByWhoLeft,
}

/// Keeps the secrets of slots that were just made.
pub(crate) fn keep(sql: &Connection, wraps: &[Wrap]) -> Result<(), VaultError> {
    let mut write = sql.prepare_cached("INSERT OR REPLACE INTO wrap (slot, secret, known) VALUES (?1, ?2, 0)")?;
    wraps.iter().try_for_each(|wrap| Ok(write.execute((wrap.slot, &*wrap.secret)).map(drop)?))
}

/// What is known of a slot's secret.
pub(crate) fn known(sql: &Connection, slot: &[u8; 32]) -> Result<Known, VaultError> {
    let mut read = sql.prepare_cached("SELECT known FROM wrap WHERE slot = ?1")?;
    Ok(match read.query_row([slot], |row| row.get(0)).optional()? {
        None => Known::Missing,
        Some(false) => Known::Here,
        Some(true) => Known::ByWhoLeft,
    })
}

/// All secrets.
pub(crate) fn all(sql: &Connection) -> Result<Secrets, VaultError> {
    let mut read = sql.prepare("SELECT slot, secret FROM wrap")?;
    let rows = read.query_map([], |row| Ok((row.get(0)?, Zeroizing::new(row.get::<_, [u8; 32]>(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets the secrets of slots that are no more.
pub(crate) fn prune(sql: &Connection, slots: &KeySlots) -> Result<(), VaultError> {
    let lasting: Vec<[u8; 32]> = slots.wrapped().collect();
    let mut forget = sql.prepare_cached("DELETE FROM wrap WHERE slot = ?1")?;
    for slot in all(sql)?.keys().filter(|slot| !lasting.contains(slot)) {
        forget.execute([slot])?;
    }
    Ok(())
}
