//! One subject's book between its rows and its next entries.

use super::{FoldReader, FoldStore, read_book};
use crate::book::Book;
use study::Oid;

/// A book in memory that remembers whether its rows are behind.
#[derive(Debug)]
pub struct CachedBook {
    subject: Oid,
    book: Book,
    /// Whether entries were applied that are not recomputed and written.
    changed: bool,
}

impl CachedBook {
    /// A subject's book before its first entry.
    pub fn empty(subject: &str) -> CachedBook {
        CachedBook { subject: subject.into(), book: Book::new(), changed: false }
    }

    /// A subject's book from its rows; an empty one where there are none.
    ///
    /// # Errors
    /// When the store fails or a row is damaged.
    pub fn load<S: FoldReader>(store: &S, subject: &str) -> Result<CachedBook, S::Error> {
        let mut book = read_book(store, subject)?;
        book.read_under(&*store.study(book.version())?);
        Ok(CachedBook { subject: subject.into(), book, changed: false })
    }

    /// The subject's key.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether entries were applied that are not recomputed and written.
    pub fn is_changed(&self) -> bool {
        self.changed
    }

    /// The book, to apply entries to.
    pub fn for_change(&mut self) -> &mut Book {
        self.changed = true;
        &mut self.book
    }

    /// The book as it was last recomputed, entries since included in its answers.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// The book, recomputed under the version that the subject is under.
    ///
    /// # Errors
    /// When the store fails.
    pub fn recomputed<S: FoldReader>(&mut self, store: &S) -> Result<&Book, S::Error> {
        if self.changed {
            self.book.recompute(&*store.study(self.book.version())?);
        }
        Ok(&self.book)
    }

    /// Recomputes, and writes the rows that changed.
    ///
    /// # Errors
    /// When the store fails.
    pub fn write<S: FoldStore>(&mut self, store: &mut S) -> Result<(), S::Error> {
        if self.changed {
            self.recomputed(store)?;
            store.write_rows(&self.subject, &self.book.take_changed_rows())?;
            self.changed = false;
        }
        Ok(())
    }

    /// The book alone, recomputed.
    ///
    /// # Errors
    /// When the store fails.
    pub fn into_recomputed<S: FoldReader>(mut self, store: &S) -> Result<Book, S::Error> {
        self.recomputed(store)?;
        Ok(self.book)
    }
}
