//! The few books that are open in memory, and the roster. What is not here is read from the folded rows.

use std::collections::VecDeque;

use casebook::{Book, Roster, Summary};
use casebook::{RowChange, RowKind};
use rusqlite::{Connection, OptionalExtension};
use study::{FormKey, Oid};

use crate::VaultError;
use crate::rows::{self, RowPlace};
use crate::state::State;
use crate::studies::Studies;

/// Books kept: a nurse works on one subject at a time, a list of tasks leads to the next.
const KEPT: usize = 6;

/// A book in memory.
struct Standing {
    no: i64,
    book: Book,
    /// Whether entries were applied that are not settled and written.
    changed: bool,
}

/// Open books, most recent first.
#[derive(Default)]
pub(crate) struct Shelf {
    books: VecDeque<Standing>,
    roster: Option<Roster>,
    roster_changed: bool,
    blank: Book,
}

impl Shelf {
    /// Forgets everything, after a failed transaction.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// A book in which nothing stands.
    pub(crate) fn blank(&self) -> &Book {
        &self.blank
    }

    /// A subject's settled book, if it is in memory.
    pub(crate) fn peek(&self, no: i64) -> Option<&Book> {
        self.books.iter().find(|standing| standing.no == no && !standing.changed).map(|standing| &standing.book)
    }

    /// The roster, if it is in memory.
    pub(crate) fn peek_roster(&self) -> Option<&Roster> {
        self.roster.as_ref()
    }

    /// A subject's book, to apply entries to.
    pub(crate) fn for_change(
        &mut self,
        sql: &Connection,
        state: &mut State,
        studies: &Studies,
        no: i64,
    ) -> Result<&mut Book, VaultError> {
        let standing = self.fetch(sql, state, studies, no)?;
        standing.changed = true;
        Ok(&mut standing.book)
    }

    /// A subject's book, settled.
    pub(crate) fn settled(
        &mut self,
        sql: &Connection,
        state: &mut State,
        studies: &Studies,
        no: i64,
    ) -> Result<&Book, VaultError> {
        let standing = self.fetch(sql, state, studies, no)?;
        if standing.changed {
            standing.book.settle(studies.of(sql, standing.book.version())?);
        }
        Ok(&standing.book)
    }

    /// A subject's book with every entry of this transaction; what the rules make of the last ones may not be in it yet.
    pub(crate) fn folded(
        &mut self,
        sql: &Connection,
        state: &mut State,
        studies: &Studies,
        no: i64,
    ) -> Result<&Book, VaultError> {
        Ok(&self.fetch(sql, state, studies, no)?.book)
    }

    /// The metadata version that a subject is under, entries of this transaction included.
    pub(crate) fn version(
        &mut self,
        sql: &Connection,
        state: &mut State,
        studies: &Studies,
        no: i64,
    ) -> Result<Option<Oid>, VaultError> {
        Ok(self.fetch(sql, state, studies, no)?.book.version().cloned())
    }

    fn fetch(
        &mut self,
        sql: &Connection,
        state: &mut State,
        studies: &Studies,
        no: i64,
    ) -> Result<&mut Standing, VaultError> {
        if let Some(at) = self.books.iter().position(|standing| standing.no == no) {
            // Rotating rather than swapping keeps the order of use.
            if let Some(standing) = self.books.remove(at) {
                self.books.push_front(standing);
            }
        } else {
            while self.books.len() >= KEPT {
                if let Some(mut last) = self.books.pop_back() {
                    last.put_away(sql, state, studies)?;
                }
            }
            let mut book = read_book(sql, no)?;
            book.read_under(studies.of(sql, book.version())?);
            self.books.push_front(Standing { no, book, changed: false });
        }
        self.books.front_mut().ok_or(VaultError::Missing("book"))
    }

    /// The roster.
    pub(crate) fn roster(&mut self, sql: &Connection) -> Result<&Roster, VaultError> {
        Ok(self.fetch_roster(sql)?)
    }

    /// The roster, to apply entries to.
    pub(crate) fn roster_for_change(&mut self, sql: &Connection) -> Result<&mut Roster, VaultError> {
        self.roster_changed = true;
        self.fetch_roster(sql)
    }

    fn fetch_roster(&mut self, sql: &Connection) -> Result<&mut Roster, VaultError> {
        let roster = match self.roster.take() {
            Some(roster) => roster,
            None => {
                let stored = read_rows(sql, 0)?;
                Roster::from_rows(stored.iter().map(as_row)).map_err(|_| VaultError::damaged("folded rows"))?
            }
        };
        Ok(self.roster.insert(roster))
    }

    /// Settles and writes everything that changed.
    pub(crate) fn write_all(
        &mut self,
        sql: &Connection,
        state: &mut State,
        studies: &Studies,
    ) -> Result<(), VaultError> {
        for standing in &mut self.books {
            standing.put_away(sql, state, studies)?;
        }
        if self.roster_changed {
            let changes = self.fetch_roster(sql)?.take_changed_rows();
            write_changes(sql, state, 0, &changes)?;
            self.roster_changed = false;
        }
        Ok(())
    }
}

impl Standing {
    fn put_away(&mut self, sql: &Connection, state: &mut State, studies: &Studies) -> Result<(), VaultError> {
        if self.changed {
            self.book.settle(studies.of(sql, self.book.version())?);
            write_changes(sql, state, self.no, &self.book.take_changed_rows())?;
            self.changed = false;
        }
        Ok(())
    }
}

fn write_changes(sql: &Connection, state: &mut State, no: i64, changes: &[RowChange]) -> Result<(), VaultError> {
    let subject = state.key(no);
    for (key, value) in changes {
        let place = RowPlace { no, subject: &subject, kind: key.kind.code(), place: &key.place };
        place.write(sql, &mut state.head.digest, value.as_deref())?;
    }
    Ok(())
}

/// A stored row.
type Stored = (RowKind, String, Vec<u8>);

fn as_row(stored: &Stored) -> (RowKind, &str, &[u8]) {
    (stored.0, &stored.1, &stored.2)
}

fn read_rows(sql: &Connection, no: i64) -> Result<Vec<Stored>, VaultError> {
    let mut stored = Vec::new();
    rows::of_subject(sql, no, |kind, place, value| {
        let kind = RowKind::from_code(kind).ok_or_else(|| VaultError::damaged("folded rows"))?;
        stored.push((kind, place.to_owned(), value.to_vec()));
        Ok(())
    })?;
    Ok(stored)
}

/// The summary of a subject, where there is one.
pub(crate) fn read_summary(sql: &Connection, no: i64) -> Result<Option<Summary>, VaultError> {
    let bytes: Option<Vec<u8>> = sql
        .prepare_cached("SELECT value FROM summary WHERE subject = ?1")?
        .query_row([no], |row| row.get(0))
        .optional()?;
    bytes.map(|bytes| Summary::from_row(&bytes).map_err(|_| VaultError::damaged("folded rows"))).transpose()
}

/// Some forms of a subject as a book of their own; none where nothing stands in them.
pub(crate) fn read_sheets(sql: &Connection, no: i64, forms: &[FormKey]) -> Result<Option<Book>, VaultError> {
    let mut stored = Vec::new();
    for form in forms {
        rows::of_form(sql, no, &form.to_string(), |kind, place, value| {
            stored.push((kind, place.to_owned(), value.to_vec()));
            Ok(())
        })?;
    }
    if stored.is_empty() {
        return Ok(None);
    }
    Book::from_rows(stored.iter().map(as_row)).map(Some).map_err(|_| VaultError::damaged("folded rows"))
}

/// The book of a subject from its rows.
pub(crate) fn read_book(sql: &Connection, no: i64) -> Result<Book, VaultError> {
    let stored = read_rows(sql, no)?;
    Book::from_rows(stored.iter().map(as_row)).map_err(|_| VaultError::damaged("folded rows"))
}
