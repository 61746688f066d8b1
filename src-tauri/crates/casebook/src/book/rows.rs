//! The book as rows, and back.

use super::form::{CellPlace, Form, Row, RowPlace};
use super::{Allocation, Book, BookRow, Cell, Event, Query, Redaction};
use crate::ids::{EntryId, TextCommit};
use crate::row::{Names, RowChange, RowError, RowKey, RowKind, RowReader, RowWriter};
use crate::summary::Summary;
use study::FormKey;

impl Book {
    /// Every row, in no particular order.
    pub fn rows(&self) -> Vec<(RowKey, Vec<u8>)> {
        let spots = self.spots();
        let summary = self.subject.is_some().then(|| self.summary_row());
        let written = spots.iter().filter_map(|spot| Some((self.key_of(spot), self.bytes_of(spot)?)));
        summary.into_iter().chain(written).collect()
    }

    /// The rows that changed since the last call. Call after [`Book::recompute`].
    pub fn take_changed_rows(&mut self) -> Vec<RowChange> {
        if self.subject.is_none() {
            return Vec::new();
        }
        let dirty = std::mem::take(&mut self.dirty);
        let (key, bytes) = self.summary_row();
        let mut changes = Vec::with_capacity(dirty.len() + 1);
        changes.push((key, Some(bytes)));
        for spot in dirty {
            changes.push((self.key_of(&spot), self.bytes_of(&spot)));
        }
        changes
    }

    /// The book that these rows were written from.
    ///
    /// # Errors
    /// When a row is not what this version writes.
    pub fn from_rows<'a>(rows: impl IntoIterator<Item = (RowKind, &'a str, &'a [u8])>) -> Result<Book, RowError> {
        let mut book = Book::new();
        let mut names = Names::default();
        let mut last_form = None;
        for (kind, place, bytes) in rows {
            let mut reader = RowReader { rest: bytes, names: &mut names };
            match kind {
                RowKind::Summary => book.take_summary(Summary::read(&mut reader)?),
                RowKind::Event => {
                    let key = place.parse().map_err(|_| RowError)?;
                    book.events.insert(key, Event::read(&mut reader)?);
                }
                RowKind::Form => {
                    let key: FormKey = place.parse().map_err(|_| RowError)?;
                    let form = Form::read(&mut reader)?;
                    let known = book.form_entry(&key);
                    let (rows, cells) = (std::mem::take(&mut known.rows), std::mem::take(&mut known.cells));
                    *known = Form { rows, cells, ..form };
                }
                RowKind::Row => {
                    let form = read_cell_form(&mut reader, &mut last_form)?;
                    let at = RowPlace { group: reader.oid()?, repeat: reader.repeat()? };
                    book.form_entry(&form).rows.insert(at, Row::read(&mut reader)?);
                }
                RowKind::Cell => {
                    let form = read_cell_form(&mut reader, &mut last_form)?;
                    let at = CellPlace { group: reader.oid()?, repeat: reader.repeat()?, item: reader.oid()? };
                    book.form_entry(&form).cells.insert(at, Cell::read(&mut reader)?);
                }
                RowKind::Query => {
                    let id: EntryId = place.parse().map_err(|_| RowError)?;
                    book.queries.insert(id, Query::read(&mut reader)?);
                }
                RowKind::Redaction => {
                    let text: TextCommit = place.split_once('/').ok_or(RowError)?.0.parse().map_err(|_| RowError)?;
                    let id = reader.id()?;
                    let redaction = Redaction { origin: reader.origin()?, reason: reader.words()? };
                    book.redacted.insert((text, id), redaction);
                }
                RowKind::Allocation => {
                    let request = place.parse().map_err(|_| RowError)?;
                    book.allocations.insert(request, Allocation::read(&mut reader)?);
                }
                _ => return Err(RowError),
            }
            reader.end()?;
        }
        Ok(book)
    }

    fn take_summary(&mut self, summary: Summary) {
        self.subject = Some(summary.subject.as_str().into());
        self.registered = summary.registrations;
        self.heard = summary.heard;
        self.last = summary.last;
        self.overview = summary.overview;
        self.moves = summary.moves;
        self.computed_under = summary.computed_under;
    }

    fn spots(&self) -> Vec<BookRow> {
        let mut spots = Vec::new();
        spots.extend(self.events.keys().cloned().map(BookRow::Event));
        for (key, form) in &self.forms {
            spots.push(BookRow::Form(key.clone()));
            spots.extend(form.rows.keys().cloned().map(|row| BookRow::Row(key.clone(), row)));
            spots.extend(form.cells.keys().cloned().map(|cell| BookRow::Cell(key.clone(), cell)));
        }
        spots.extend(self.queries.keys().copied().map(BookRow::Query));
        spots.extend(self.allocations.keys().copied().map(BookRow::Allocation));
        spots.extend(self.redacted.keys().map(|(text, id)| BookRow::Redaction(*text, *id)));
        spots
    }

    fn summary_row(&self) -> (RowKey, Vec<u8>) {
        let mut writer = RowWriter::default();
        self.summary().write(&mut writer);
        (RowKey { kind: RowKind::Summary, place: String::new() }, writer.0)
    }

    fn key_of(&self, spot: &BookRow) -> RowKey {
        let (kind, place) = match spot {
            BookRow::Event(key) => (RowKind::Event, key.to_string()),
            BookRow::Form(key) => (RowKind::Form, key.to_string()),
            // As a cell's whose item is `*`. It only tells rows apart: what another program calls a group may be no part of a place.
            BookRow::Row(form, row) => (RowKind::Row, form.cell(&row.group, &row.repeat, "*").to_string()),
            BookRow::Cell(form, cell) => (RowKind::Cell, form.cell(&cell.group, &cell.repeat, &cell.item).to_string()),
            BookRow::Query(id) => (RowKind::Query, id.to_string()),
            BookRow::Allocation(request) => (RowKind::Allocation, request.to_string()),
            BookRow::Redaction(text, id) => (RowKind::Redaction, format!("{text}/{id}")),
        };
        RowKey { kind, place }
    }

    fn bytes_of(&self, spot: &BookRow) -> Option<Vec<u8>> {
        let mut writer = RowWriter(Vec::with_capacity(256));
        match spot {
            BookRow::Event(key) => self.events.get(key)?.write(&mut writer),
            BookRow::Form(key) => self.forms.get(key)?.write(&mut writer),
            BookRow::Row(key, place) => {
                let row = self.forms.get(key)?.rows.get(place)?;
                writer.form_key(key);
                writer.text(&place.group);
                writer.text(&place.repeat);
                row.write(&mut writer);
            }
            BookRow::Cell(key, place) => {
                let cell = self.forms.get(key)?.cells.get(place).filter(|cell| !cell.is_blank())?;
                writer.form_key(key);
                writer.text(&place.group);
                writer.text(&place.repeat);
                writer.text(&place.item);
                cell.write(&mut writer);
            }
            BookRow::Query(id) => self.queries.get(id)?.write(&mut writer),
            BookRow::Allocation(request) => self.allocations.get(request)?.write(&mut writer),
            BookRow::Redaction(text, id) => {
                let redaction = self.redacted.get(&(*text, *id))?;
                writer.id(id);
                writer.origin(&redaction.origin);
                writer.words(&redaction.reason);
            }
        }
        Some(writer.0)
    }
}

/// Rows and cells of one form follow each other: their form's key is made once.
fn read_cell_form(reader: &mut RowReader<'_>, last: &mut Option<(Vec<u8>, FormKey)>) -> Result<FormKey, RowError> {
    if let Some((bytes, key)) = last
        && let Some(rest) = reader.rest.strip_prefix(bytes.as_slice())
    {
        reader.rest = rest;
        return Ok(key.clone());
    }
    let before = reader.rest;
    let key = reader.form_key()?;
    let bytes = before[..before.len() - reader.rest.len()].to_vec();
    *last = Some((bytes, key.clone()));
    Ok(key)
}
