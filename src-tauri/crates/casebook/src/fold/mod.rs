//! Folded rows in a store: read, carried on, written back, and compared with a fold from nothing.
//!
//! A vault and the center keep the rows of a subject's book beside the journal, so that opening a subject does not read
//! its whole history. [`FoldStore`] is what either offers; what is done with it is here, once.

mod cache;
mod cached;

pub use cache::BookCache;
pub use cached::CachedBook;

use crate::book::{ApplyError, Book};
use crate::entry::Line;
use crate::row::{RowChange, RowError, RowKey, RowKind};
use crate::trial_state::TrialState;
use std::collections::BTreeMap;
use std::sync::Arc;
use study::{Oid, Study};

/// What takes rows one after the other: kind, place, bytes.
pub type EachRow<'a> = &'a mut dyn FnMut(RowKind, &str, &[u8]);

/// A place from which folded rows are read by subject, kind and place. The empty subject stands for what concerns none.
pub trait FoldReader {
    /// What reading and writing can fail with.
    type Error: From<RowError>;

    /// Hands every row of a subject to `each`, in no particular order.
    ///
    /// # Errors
    /// When the store fails, or holds a row of a kind that this version doesn't know.
    fn each_row(&self, subject: &str, each: EachRow<'_>) -> Result<(), Self::Error>;

    /// The study of a metadata version; the one that stands in where it is none, or not held.
    ///
    /// # Errors
    /// When the store fails.
    fn study(&self, version: Option<&Oid>) -> Result<Arc<Study>, Self::Error>;
}

/// A place where folded rows are kept.
pub trait FoldStore: FoldReader {
    /// Replaces, adds and removes rows of a subject.
    ///
    /// # Errors
    /// When the store fails.
    fn write_rows(&mut self, subject: &str, changes: &[RowChange]) -> Result<(), Self::Error>;
}

/// A stored row, taken out.
struct StoredRow {
    kind: RowKind,
    place: String,
    value: Vec<u8>,
}

fn stored_rows<S: FoldReader>(store: &S, subject: &str) -> Result<Vec<StoredRow>, S::Error> {
    let mut rows = Vec::new();
    store.each_row(subject, &mut |kind, place, value| {
        rows.push(StoredRow { kind, place: place.to_owned(), value: value.to_vec() });
    })?;
    Ok(rows)
}

impl StoredRow {
    fn parts(&self) -> (RowKind, &str, &[u8]) {
        (self.kind, &self.place, &self.value)
    }
}

/// A subject's book as its rows say; an empty one where there are none.
///
/// # Errors
/// When the store fails or a row is damaged.
pub fn read_book<S: FoldReader>(store: &S, subject: &str) -> Result<Book, S::Error> {
    Ok(Book::from_rows(stored_rows(store, subject)?.iter().map(StoredRow::parts))?)
}

/// What concerns no subject, as its rows say.
///
/// # Errors
/// When the store fails or a row is damaged.
pub fn read_trial_state<S: FoldReader>(store: &S) -> Result<TrialState, S::Error> {
    Ok(TrialState::from_rows(stored_rows(store, "")?.iter().map(StoredRow::parts))?)
}

/// Rows by kind and place.
pub type Rows = BTreeMap<RowKey, Vec<u8>>;

/// A fold from nothing but the journal: what the rows must be.
pub enum Refold {
    /// Of a subject.
    Subject(Box<Book>),
    /// Of what concerns none.
    TrialState(Box<TrialState>),
}

impl Refold {
    /// Before the first entry. The empty subject stands for what concerns none.
    pub fn new(subject: &str) -> Refold {
        if subject.is_empty() { Refold::TrialState(Box::default()) } else { Refold::Subject(Box::default()) }
    }

    /// Takes an entry into account; each log in its order.
    ///
    /// # Errors
    /// When the entry concerns another subject.
    pub fn apply(&mut self, line: &Line) -> Result<(), ApplyError> {
        match self {
            Refold::Subject(book) => book.apply(line.id(), line.entry()),
            Refold::TrialState(trial_state) => {
                trial_state.apply(line.id(), line.entry());
                Ok(())
            }
        }
    }

    /// The rows, under the study that the store holds for the subject's version.
    ///
    /// # Errors
    /// When the store fails.
    pub fn into_rows<S: FoldReader>(self, store: &S) -> Result<Rows, S::Error> {
        Ok(match self {
            Refold::Subject(mut book) => {
                book.recompute(&*store.study(book.version())?);
                book.rows().into_iter().collect()
            }
            Refold::TrialState(trial_state) => trial_state.rows().into_iter().collect(),
        })
    }
}

/// Whether exactly these rows are stored.
///
/// # Errors
/// When the store fails.
pub fn is_stored<S: FoldReader>(store: &S, subject: &str, mut rows: Rows) -> Result<bool, S::Error> {
    let mut same = true;
    store.each_row(subject, &mut |kind, place, value| {
        let key = RowKey { kind, place: place.to_owned() };
        same &= rows.remove(&key).is_some_and(|expected| expected == value);
    })?;
    Ok(same && rows.is_empty())
}

#[cfg(test)]
mod tests;
