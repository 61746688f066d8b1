//! Tables as CSV: RFC 4180, UTF-8, lines ending in `\n`.

use std::io::{self, Write};

use casebook::Book;
use study::Study;

use super::cell::marked;
use crate::ExchangeError;
use crate::tables::{Tables, Texts};

/// Writes one table: the only place where cells become CSV.
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay as they are. See
/// [`CsvExport`] for how to take it off.
pub struct CsvTable<W: Write>(csv::Writer<W>);

impl<W: Write> CsvTable<W> {
    /// A table that nothing has been written to.
    pub fn new(to: W) -> Self {
        Self(csv::Writer::from_writer(to))
    }

    /// Writes a line.
    ///
    /// # Errors
    /// When it can't be written, or has another number of cells than the lines before.
    pub fn line<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), ExchangeError> {
        for cell in cells {
            self.0.write_field(marked(cell.as_ref()).as_bytes())?;
        }
        // Ends the line.
        Ok(self.0.write_record(None::<&[u8]>)?)
    }

    /// Writes what is still held back, and gives back what was written to.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(self) -> Result<W, ExchangeError> {
        self.0.into_inner().map_err(|fault| ExchangeError::Io(fault.into_error()))
    }
}

/// Writes casebooks, one after the other, into tables. The same casebooks in the same order give the same bytes.
///
/// What people typed is written as they typed it, but for one thing: where a spreadsheet could begin a cell (at the beginning,
/// and after a semicolon, a tabulator or a line break) an apostrophe stands before what begins with `=`, `+`, `-` or `@`,
/// blanks before it or not, and is no number; and before an apostrophe. To have the text as it was typed, take one
/// apostrophe off at each of these places: in R, `gsub("(^|[;\t\r\n])'", "\\1", x)`. Numbers, codes and dates never have one.
pub struct CsvExport<'s, W: Write> {
    tables: Tables<'s>,
    writers: Vec<CsvTable<W>>,
}

impl<'s, W: Write> CsvExport<'s, W> {
    /// Opens every table of a study's versions, which come newest first; `open` is given the names of the files.
    ///
    /// # Errors
    /// When a table can't be opened or written.
    pub fn new(versions: &'s [&'s Study], mut open: impl FnMut(&str) -> io::Result<W>) -> Result<Self, ExchangeError> {
        let tables = Tables::of(versions);
        let mut writers = Vec::new();
        for schema in tables.schemas() {
            let file = format!("{}.csv", schema.name);
            let opened = open(&file).map_err(|error| ExchangeError::Open { table: file, error })?;
            let mut writer = CsvTable::new(opened);
            writer.line(&schema.columns)?;
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
        self.tables.book(book, texts, |table, line| writers[table].line(line))
    }

    /// Writes what is still held back and gives the writers back: `cells.csv` first, then the tables in the study's order.
    ///
    /// # Errors
    /// When a table can't be written.
    pub fn finish(self) -> Result<Vec<W>, ExchangeError> {
        self.writers.into_iter().map(CsvTable::finish).collect()
    }
}
