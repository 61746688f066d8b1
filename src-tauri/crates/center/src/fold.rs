//! Subjects' books at the center, from folded rows that are carried on when a book is next needed.
//!
//! An import only notes which subjects got entries; folding them at once would make it many times slower. Reading a book
//! takes its rows and the entries that came since, so what is read is right whether the rows were carried on or not.

use crate::store::{FoldState, StoreError, Tx};
use crate::versions::Published;
use crate::{Center, CenterError, Omission};
use casebook::fold::{CachedBook, EachRow, FoldReader, FoldStore, Refold, is_stored};
use casebook::{Book, Line, RowChange, RowKind, Summary};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use study::{Oid, Study};

/// Subjects that are folded in one transaction, and so in one sync.
const BATCH: usize = 64;

/// The folded rows as a transaction sees them.
struct Rows<'a> {
    tx: &'a dyn Tx,
    published: &'a Published,
}

impl FoldReader for Rows<'_> {
    type Error = CenterError;

    fn each_row(&self, subject: &str, each: EachRow<'_>) -> Result<(), CenterError> {
        Ok(self.tx.each_row(subject, each)?)
    }

    fn study(&self, version: Option<&Oid>) -> Result<Arc<Study>, CenterError> {
        Ok(Arc::clone(self.published.of(version)))
    }
}

/// The folded rows in a transaction that writes.
struct RowsMut<'a> {
    tx: &'a mut dyn Tx,
    published: &'a Published,
}

impl FoldReader for RowsMut<'_> {
    type Error = CenterError;

    fn each_row(&self, subject: &str, each: EachRow<'_>) -> Result<(), CenterError> {
        Ok(self.tx.each_row(subject, each)?)
    }

    fn study(&self, version: Option<&Oid>) -> Result<Arc<Study>, CenterError> {
        Ok(Arc::clone(self.published.of(version)))
    }
}

impl FoldStore for RowsMut<'_> {
    fn write_rows(&mut self, subject: &str, changes: &[RowChange]) -> Result<(), CenterError> {
        Ok(self.tx.write_rows(subject, changes)?)
    }
}

impl Center {
    /// The casebook of one subject, recomputed under the version that it is under. Of a log with two branches it holds the
    /// one that came first.
    ///
    /// # Errors
    /// When the database fails or holds what is no entry.
    pub fn book(&self, subject: &str) -> Result<Book, CenterError> {
        let current = self.store.read(|tx| match tx.fold_state(subject)? {
            FoldState::Current => {
                let published = self.published_versions(tx)?;
                read_book(tx, &published, subject).map(Some)
            }
            FoldState::Absent | FoldState::Behind => Ok(None),
        })?;
        match current {
            Some(book) => Ok(book),
            None if self.store.is_read_only() => self.store.read(|tx| {
                let published = self.published_versions(tx)?;
                read_book(tx, &published, subject)
            }),
            None => self.store.transact(|tx| {
                let published = self.published_versions(tx)?;
                fold(tx, &published, subject)
            }),
        }
    }

    /// Carries on the folded rows of every subject that got entries since they were written. A subject whose entries or rows
    /// can't be read stays behind and is named; the others go on. Where none can be written all stay as they are: who reads rows
    /// carries on for himself what is behind ([`each_behind`]).
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn fold_all(&self) -> Result<Vec<Omission>, CenterError> {
        let (mut after, mut unreadable) = (String::new(), Vec::new());
        if self.store.is_read_only() {
            return Ok(unreadable);
        }
        loop {
            let waiting = self.store.read(|tx| tx.unfolded(&after, BATCH))?;
            let Some(last) = waiting.last() else { return Ok(unreadable) };
            after.clone_from(last);
            unreadable.extend(self.store.transact(|tx| {
                let published = self.published_versions(tx)?;
                let mut failed = Vec::new();
                for subject in &waiting {
                    if let Err(error) = fold(tx, &published, subject) {
                        // What can't be read is read before anything of it is written.
                        failed.push(Omission::of_subject(subject, error)?);
                    }
                }
                Ok::<_, CenterError>(failed)
            })?);
        }
    }

    /// Compares the folded rows with a fold from nothing, subject by subject; gives what is wrong. With `mend`, rows that
    /// differ are removed, so that they are folded anew.
    pub(crate) fn check_folded_rows(&self, mend: bool) -> Result<Vec<CenterError>, CenterError> {
        let (mut wrong, mut faults) = (Vec::new(), Vec::new());
        self.store.read(|tx| {
            let published = self.published_versions(tx)?;
            for subject in tx.subjects()? {
                match are_rows_right(tx, &published, &subject) {
                    Ok(true) => {}
                    Ok(false) => wrong.push(subject),
                    Err(error) => faults.push(unreadable(&subject, error)?),
                }
            }
            Ok::<_, CenterError>(())
        })?;
        if mend && !wrong.is_empty() {
            self.store.transact(|tx| wrong.iter().try_for_each(|subject| tx.discard_rows(subject)))?;
            faults.push(CenterError::FoldedRows { subjects: wrong.len() });
        } else {
            faults.extend(wrong.into_iter().map(|subject| CenterError::Unreadable { subject, what: "folded rows" }));
        }
        Ok(faults)
    }
}

/// Hands the books of the subjects whose rows are behind to `each`: what a place where nothing can be written has not carried on. Gives
/// their keys; the rows of these are not to be read. What can't be read is named.
pub(crate) fn each_behind(
    tx: &dyn Tx,
    published: &Published,
    omitted: &mut Vec<Omission>,
    each: &mut dyn FnMut(&str, &Book),
) -> Result<BTreeSet<String>, CenterError> {
    let (mut found, mut after) = (BTreeSet::new(), String::new());
    loop {
        let waiting = tx.unfolded(&after, BATCH)?;
        let Some(last) = waiting.last() else { return Ok(found) };
        after.clone_from(last);
        for subject in &waiting {
            match read_book(tx, published, subject) {
                Ok(book) => each(subject, &book),
                Err(error) => Omission::of_subject(subject, error)?.note(omitted),
            }
        }
        found.extend(waiting);
    }
}

/// A subject's failure as a fault of the center's, where it is the subject's own.
fn unreadable(subject: &str, error: CenterError) -> Result<CenterError, CenterError> {
    match error {
        CenterError::Store(StoreError::Damaged(what)) => {
            Ok(CenterError::Unreadable { subject: subject.to_owned(), what })
        }
        other => Err(other),
    }
}

/// Whether the folded rows of a subject are what its entries fold to, as far as they were written.
fn are_rows_right(tx: &dyn Tx, published: &Published, subject: &str) -> Result<bool, CenterError> {
    match tx.fold_state(subject)? {
        FoldState::Absent => Ok(true),
        // They hold the older entries alone, but can be read.
        FoldState::Behind => match CachedBook::load(&Rows { tx, published }, subject) {
            Err(CenterError::Store(StoreError::Damaged(_))) => Ok(false),
            loaded => loaded.map(|_| true),
        },
        FoldState::Current => is_folded_right(tx, published, subject),
    }
}

/// A subject's book, recomputed: its rows, and the entries that came since they were written.
pub(crate) fn read_book(tx: &dyn Tx, published: &Published, subject: &str) -> Result<Book, CenterError> {
    carried_on(tx, published, subject)?.into_recomputed(&Rows { tx, published })
}

/// Carries on the rows of a subject; gives its book.
fn fold(tx: &mut dyn Tx, published: &Published, subject: &str) -> Result<Book, CenterError> {
    let mut book = carried_on(tx, published, subject)?;
    if tx.fold_state(subject)? == FoldState::Absent {
        tx.discard_rows(subject)?;
    }
    book.write(&mut RowsMut { tx: &mut *tx, published })?;
    tx.set_folded(subject)?;
    book.into_recomputed(&Rows { tx, published })
}

fn carried_on(tx: &dyn Tx, published: &Published, subject: &str) -> Result<CachedBook, CenterError> {
    let mut cached = match tx.fold_state(subject)? {
        FoldState::Absent => CachedBook::empty(subject),
        FoldState::Current => return CachedBook::load(&Rows { tx, published }, subject),
        FoldState::Behind => CachedBook::load(&Rows { tx, published }, subject)?,
    };
    let heard: BTreeMap<String, u64> = cached.book().heard().map(|(log, seq)| (log.to_string(), seq)).collect();
    tx.lines_of(subject, &|log| heard.get(log).copied().unwrap_or(0), &mut |_, _, id, bytes| {
        let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?;
        cached.for_change().apply(id, line.entry()).map_err(|_| StoreError::Damaged("an entry's subject"))
    })?;
    Ok(cached)
}

fn is_folded_right(tx: &dyn Tx, published: &Published, subject: &str) -> Result<bool, CenterError> {
    let mut fresh = Refold::new(subject);
    tx.lines_of(subject, &|_| 0, &mut |_, _, id, bytes| {
        let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?;
        fresh.apply(&line).map_err(|_| StoreError::Damaged("an entry's subject"))
    })?;
    let rows = Rows { tx, published };
    match is_stored(&rows, subject, fresh.into_rows(&rows)?) {
        // Rows of a kind that no version writes.
        Err(CenterError::Store(StoreError::Damaged(_))) => Ok(false),
        other => other,
    }
}

/// Removes the rows of subjects that were folded under another version because theirs had not been published yet.
pub(crate) fn unfold_version(tx: &mut dyn Tx, version: &Oid) -> Result<(), CenterError> {
    let mut waiting = Vec::new();
    tx.rows_of_kind(RowKind::Summary, &mut |subject, _, bytes| {
        // A row that can't be read is folded anew, too: nobody knows under which version.
        let is_current = Summary::from_row(bytes).is_ok_and(|summary| {
            summary.version() != Some(version) || summary.computed_under.as_ref() == Some(version)
        });
        if !is_current {
            waiting.push(subject.to_owned());
        }
        Ok(())
    })?;
    Ok(waiting.iter().try_for_each(|subject| tx.discard_rows(subject))?)
}
