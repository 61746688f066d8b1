//! The tables `fold` and `summary`: folded rows, and the set hash that is kept over them at every write.

use std::sync::Arc;

use casebook::fold::{EachRow, FoldReader, FoldStore};
use casebook::{Book, RowChange, RowKind, Summary};
use rusqlite::{Connection, OptionalExtension};
use seal::SetHash;
use study::{FormKey, Oid, Study};

use crate::VaultError;
use crate::state::State;
use crate::studies::Studies;

/// The folded rows of this file.
pub(crate) struct FoldTables<'a> {
    pub(crate) sql: &'a Connection,
    pub(crate) state: &'a mut State,
    pub(crate) studies: &'a Studies,
}

impl FoldReader for FoldTables<'_> {
    type Error = VaultError;

    fn each_row(&self, subject: &str, each: EachRow<'_>) -> Result<(), VaultError> {
        match self.state.subject_no(subject) {
            Some(no) => of_subject(self.sql, no, each),
            None => Ok(()),
        }
    }

    fn study(&self, version: Option<&Oid>) -> Result<Arc<Study>, VaultError> {
        self.studies.of(self.sql, version).cloned()
    }
}

impl FoldStore for FoldTables<'_> {
    fn write_rows(&mut self, subject: &str, changes: &[RowChange]) -> Result<(), VaultError> {
        let no = self.state.subject_no(subject).ok_or(VaultError::Missing("subject"))?;
        for (key, value) in changes {
            let place = RowPlace { no, subject, kind: key.kind.code(), place: &key.place };
            place.write(self.sql, &mut self.state.head.digest, value.as_deref())?;
        }
        Ok(())
    }
}

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

fn of_subject(sql: &Connection, no: i64, each: EachRow<'_>) -> Result<(), VaultError> {
    let mut read = sql.prepare_cached("SELECT kind, place, value FROM fold WHERE subject = ?1")?;
    let mut rows = read.query([no])?;
    while let Some(row) = rows.next()? {
        let kind = RowKind::from_code(row.get(0)?).ok_or_else(|| VaultError::damaged("folded rows"))?;
        each(kind, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_blob()?);
    }
    if let Some(value) = summary_bytes(sql, no)? {
        each(SUMMARY, "", &value);
    }
    Ok(())
}

/// Hands the rows of one form to `each`: the form's own, its rows', its cells'. Of a subject with two years of entries
/// only these are read.
fn of_form(sql: &Connection, no: i64, form: &str, each: EachRow<'_>) -> Result<(), VaultError> {
    for kind in [RowKind::Form, RowKind::Row, RowKind::Cell] {
        // Places of a form's parts begin with the form's own and a slash; the sign after it is where others begin.
        let mut read = sql.prepare_cached(
            "SELECT place, value FROM fold
             WHERE subject = ?1 AND kind = ?2 AND (place = ?3 OR (place > ?3 || '/' AND place < ?3 || '0'))",
        )?;
        let mut rows = read.query((no, kind.code(), form))?;
        while let Some(row) = rows.next()? {
            each(kind, row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_blob()?);
        }
    }
    Ok(())
}

/// Some forms of a subject as a book of their own; none where nothing stands in them.
pub(crate) fn read_sheets(sql: &Connection, no: i64, forms: &[FormKey]) -> Result<Option<Book>, VaultError> {
    let mut stored: Vec<(RowKind, String, Vec<u8>)> = Vec::new();
    for form in forms {
        of_form(sql, no, &form.to_string(), &mut |kind, place, value| {
            stored.push((kind, place.to_owned(), value.to_vec()));
        })?;
    }
    if stored.is_empty() {
        return Ok(None);
    }
    Ok(Some(Book::from_rows(stored.iter().map(|(kind, place, value)| (*kind, place.as_str(), value.as_slice())))?))
}

/// The summary of a subject, where there is one.
pub(crate) fn read_summary(sql: &Connection, no: i64) -> Result<Option<Summary>, VaultError> {
    Ok(summary_bytes(sql, no)?.map(|bytes| Summary::from_row(&bytes)).transpose()?)
}

fn summary_bytes(sql: &Connection, no: i64) -> Result<Option<Vec<u8>>, VaultError> {
    let mut read = sql.prepare_cached("SELECT value FROM summary WHERE subject = ?1")?;
    Ok(read.query_row([no], |row| row.get(0)).optional()?)
}
