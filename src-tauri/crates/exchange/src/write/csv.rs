//! Tables as CSV: RFC 4180, UTF-8, lines ending in `\n`.

use std::io::Write;

use casebook::Book;
use study::Study;

use crate::ExchangeError;
use crate::tables::{Tables, Texts};

/// Writes casebooks, one after the other, into tables. The same casebooks in the same order give the same bytes.
pub struct CsvExport<'s, W: Write> {
    tables: Tables<'s>,
    writers: Vec<csv::Writer<W>>,
}

impl<'s, W: Write> CsvExport<'s, W> {
    /// Opens every table of a study's versions, which come newest first; `open` is given the names of the files.
    ///
    /// # Errors
    /// When a table can't be opened or written.
    pub fn new(
        versions: &'s [&'s Study],
        mut open: impl FnMut(&str) -> std::io::Result<W>,
    ) -> Result<Self, ExchangeError> {
        let tables = Tables::of(versions);
        let mut writers = Vec::new();
        for schema in tables.schemas() {
            let file = format!("{}.csv", schema.name);
            let opened = open(&file).map_err(|error| ExchangeError::Open { table: file, error })?;
            let mut writer = csv::Writer::from_writer(opened);
            writer.write_record(&schema.columns)?;
            writers.push(writer);
        }
        Ok(Self { tables, writers })
    }

    /// Writes one casebook, recomputed under one of the versions. Casebooks come in the order in which they shall stand.
    ///
    /// # Errors
    /// When a table can't be written.
    pub fn book(&mut self, book: &Book, texts: &Texts<'_>) -> Result<(), ExchangeError> {
        let writers = &mut self.writers;
        self.tables.book(book, texts, |table, line| Ok(writers[table].write_record(line)?))
    }

    /// Writes what is still held back and gives the writers back: `cells.csv` first, then the tables in the study's order.
    ///
    /// # Errors
    /// When a table can't be written.
    pub fn finish(self) -> Result<Vec<W>, ExchangeError> {
        let close = |writer: csv::Writer<W>| writer.into_inner().map_err(|fault| ExchangeError::Io(fault.into_error()));
        self.writers.into_iter().map(close).collect()
    }
}
