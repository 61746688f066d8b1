//! The records beside the journal: settings, stored files, bundle history, receipts. Every row is an element of one
//! set hash, so that an old page put back is noticed here, too.

use rusqlite::{Connection, OptionalExtension};
use seal::{SetHash, Zeroizing};

use crate::VaultError;

/// One kind of record: its table as an element of the set hash.
#[derive(Clone, Copy)]
pub(crate) enum Record<'a> {
    Setting { key: &'a str, value: &'a [u8] },
    Blob { id: &'a [u8; 32] },
    Bundle { id: &'a str, at_ms: i64, way: &'a str, record: &'a str },
    Receipt { bundle: &'a str, bytes: &'a [u8] },
}

impl Record<'_> {
    /// Unambiguous bytes: each part led by its length. Wiped when dropped, for a setting may be a key.
    fn element(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Setting { key, value } => joined(&[b"setting", key.as_bytes(), value]),
            Self::Blob { id } => joined(&[b"blob", id.as_slice()]),
            Self::Bundle { id, at_ms, way, record } => {
                joined(&[b"bundle", id.as_bytes(), &at_ms.to_le_bytes(), way.as_bytes(), record.as_bytes()])
            }
            Self::Receipt { bundle, bytes } => joined(&[b"receipt", bundle.as_bytes(), bytes]),
        }
    }

    pub(crate) fn add(&self, side: &mut SetHash) {
        side.add(&self.element());
    }

    pub(crate) fn remove(&self, side: &mut SetHash) {
        side.remove(&self.element());
    }
}

fn joined(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    // With room for all of it: a vector that grows leaves copies behind.
    let mut out = Zeroizing::new(Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum()));
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_le_bytes());
        out.extend_from_slice(part);
    }
    out
}

/// The set hash over the records as they stand in the file.
pub(crate) fn fold(sql: &Connection) -> Result<SetHash, VaultError> {
    let mut side = SetHash::new();
    let mut read = sql.prepare("SELECT key, value FROM setting")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        Record::Setting { key: row.get_ref(0)?.as_str()?, value: row.get_ref(1)?.as_blob()? }.add(&mut side);
    }
    let mut read = sql.prepare("SELECT id, bytes FROM blob")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        // The id is recomputed, so that a changed file is noticed and not only a missing one.
        let id = seal::sha256(row.get_ref(1)?.as_blob()?);
        if row.get_ref(0)?.as_blob()? == id {
            Record::Blob { id: &id }.add(&mut side);
        }
    }
    let mut read = sql.prepare("SELECT id, at_ms, way, record FROM bundle")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let (id, way, record) = (row.get_ref(0)?.as_str()?, row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?);
        Record::Bundle { id, at_ms: row.get(1)?, way, record }.add(&mut side);
    }
    let mut read = sql.prepare("SELECT bundle, bytes FROM receipt")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        Record::Receipt { bundle: row.get_ref(0)?.as_str()?, bytes: row.get_ref(1)?.as_blob()? }.add(&mut side);
    }
    Ok(side)
}

/// A setting's bytes.
pub(crate) fn setting(sql: &Connection, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
    Ok(sql.prepare_cached("SELECT value FROM setting WHERE key = ?1")?.query_row([key], |row| row.get(0)).optional()?)
}

/// Writes or replaces a setting.
pub(crate) fn set(sql: &Connection, side: &mut SetHash, key: &str, value: &[u8]) -> Result<(), VaultError> {
    if let Some(old) = setting(sql, key)?.map(Zeroizing::new) {
        Record::Setting { key, value: &old }.remove(side);
    }
    sql.prepare_cached("INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")?
        .execute((key, value))?;
    Record::Setting { key, value }.add(side);
    Ok(())
}

/// Stores a file under its SHA-256, once.
pub(crate) fn store(sql: &Connection, side: &mut SetHash, bytes: &[u8]) -> Result<[u8; 32], VaultError> {
    let id = seal::sha256(bytes);
    let added = sql.prepare_cached("INSERT OR IGNORE INTO blob (id, bytes) VALUES (?1, ?2)")?.execute((id, bytes))?;
    if added == 1 {
        Record::Blob { id: &id }.add(side);
    }
    Ok(id)
}

/// A stored file.
pub(crate) fn stored(sql: &Connection, id: &[u8; 32]) -> Result<Option<Vec<u8>>, VaultError> {
    Ok(sql.prepare_cached("SELECT bytes FROM blob WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?)
}
