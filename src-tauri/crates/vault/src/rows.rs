//! Folded rows in the file, and the set hash that is kept over them at every write.

use casebook::RowKind;
use rusqlite::{Connection, OptionalExtension};
use seal::SetHash;

use crate::VaultError;

/// The kind of row that lists read; kept in a table of its own.
pub(crate) const SUMMARY: RowKind = RowKind::Summary;

/// A row as an element of the set hash: each part led by its length. The subject's key and not its number stands in it,
/// so that the digest depends on the journal alone.
pub(crate) fn element(subject: &str, kind: u8, place: &str, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(32 + subject.len() + place.len() + value.len());
    out.push(kind);
    for part in [subject.as_bytes(), place.as_bytes(), value] {
        out.extend_from_slice(&(part.len() as u64).to_le_bytes());
        out.extend_from_slice(part);
    }
    out
}

/// Where a row stands.
#[derive(Clone, Copy)]
pub(crate) struct RowPlace<'a> {
    pub(crate) no: i64,
    pub(crate) subject: &'a str,
    pub(crate) kind: u8,
    pub(crate) place: &'a str,
}

impl RowPlace<'_> {
    fn in_summary(&self) -> bool {
        self.no != 0 && self.kind == SUMMARY.code()
    }

    fn read(&self, sql: &Connection) -> Result<Option<Vec<u8>>, VaultError> {
        let found = if self.in_summary() {
            sql.prepare_cached("SELECT value FROM summary WHERE subject = ?1")?
                .query_row([self.no], |row| row.get(0))
                .optional()?
        } else {
            sql.prepare_cached("SELECT value FROM fold WHERE subject = ?1 AND kind = ?2 AND place = ?3")?
                .query_row((self.no, self.kind, self.place), |row| row.get(0))
                .optional()?
        };
        Ok(found)
    }

    /// Replaces, adds or (with `None`) removes the row, and keeps the digest in step.
    pub(crate) fn write(&self, sql: &Connection, digest: &mut SetHash, value: Option<&[u8]>) -> Result<(), VaultError> {
        if let Some(old) = self.read(sql)? {
            if value == Some(old.as_slice()) {
                return Ok(());
            }
            digest.remove(&element(self.subject, self.kind, self.place, &old));
        }
        let Some(value) = value else { return self.delete(sql) };
        digest.add(&element(self.subject, self.kind, self.place, value));
        if self.in_summary() {
            sql.prepare_cached(
                "INSERT INTO summary (subject, value) VALUES (?1, ?2) ON CONFLICT (subject) DO UPDATE SET value = ?2",
            )?
            .execute((self.no, value))?;
        } else {
            sql.prepare_cached(
                "INSERT INTO fold (subject, kind, place, value) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (subject, kind, place) DO UPDATE SET value = ?4",
            )?
            .execute((self.no, self.kind, self.place, value))?;
        }
        Ok(())
    }

    fn delete(&self, sql: &Connection) -> Result<(), VaultError> {
        if self.in_summary() {
            sql.prepare_cached("DELETE FROM summary WHERE subject = ?1")?.execute([self.no])?;
        } else {
            sql.prepare_cached("DELETE FROM fold WHERE subject = ?1 AND kind = ?2 AND place = ?3")?
                .execute((self.no, self.kind, self.place))?;
        }
        Ok(())
    }
}

/// Hands every row of a subject to `each`: kind, place, value.
pub(crate) fn of_subject(
    sql: &Connection,
    no: i64,
    mut each: impl FnMut(u8, &str, &[u8]) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let mut read = sql.prepare_cached("SELECT kind, place, value FROM fold WHERE subject = ?1")?;
    let mut rows = read.query([no])?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_blob()?)?;
    }
    let summary: Option<Vec<u8>> = sql
        .prepare_cached("SELECT value FROM summary WHERE subject = ?1")?
        .query_row([no], |row| row.get(0))
        .optional()?;
    if let Some(value) = summary {
        each(SUMMARY.code(), "", &value)?;
    }
    Ok(())
}

/// Hands the rows of one form to `each`: the form's own, its rows', its cells'. Of a subject with two years of entries
/// only these are read.
pub(crate) fn of_form(
    sql: &Connection,
    no: i64,
    form: &str,
    mut each: impl FnMut(RowKind, &str, &[u8]) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    for kind in [RowKind::Form, RowKind::Row, RowKind::Cell] {
        // Places of a form's parts begin with the form's own and a slash; the sign after it is where others begin.
        let mut read = sql.prepare_cached(
            "SELECT place, value FROM fold
             WHERE subject = ?1 AND kind = ?2 AND (place = ?3 OR (place > ?3 || '/' AND place < ?3 || '0'))",
        )?;
        let mut rows = read.query((no, kind.code(), form))?;
        while let Some(row) = rows.next()? {
            each(kind, row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_blob()?)?;
        }
    }
    Ok(())
}
