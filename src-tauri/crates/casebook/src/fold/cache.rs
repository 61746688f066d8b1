//! The few books that are open in memory, and the trial's state. What is not here is read from the folded rows.

use super::{CachedBook, FoldReader, FoldStore, read_trial_state};
use crate::book::Book;
use crate::trial_state::TrialState;
use std::collections::VecDeque;
use study::Oid;

/// Books kept: a nurse works on one subject at a time, a list of tasks leads to the next.
const KEPT: usize = 6;

/// Open books, most recent first, over a [`FoldStore`] that is lent to each call. After a failed transaction the cache is
/// to be [cleared](BookCache::clear).
#[derive(Debug, Default)]
pub struct BookCache {
    books: VecDeque<CachedBook>,
    trial_state: Option<TrialState>,
    trial_state_changed: bool,
    blank: Book,
}

impl BookCache {
    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = BookCache::default();
    }

    /// An empty book.
    pub fn blank(&self) -> &Book {
        &self.blank
    }

    /// A subject's recomputed book, if it is in memory.
    pub fn peek(&self, subject: &str) -> Option<&Book> {
        let cached = self.books.iter().find(|cached| cached.subject() == subject)?;
        (!cached.is_changed()).then(|| cached.book())
    }

    /// What concerns no subject, if it is in memory.
    pub fn peek_trial_state(&self) -> Option<&TrialState> {
        self.trial_state.as_ref()
    }

    /// A subject's book, to apply entries to.
    ///
    /// # Errors
    /// When the store fails or a row is damaged.
    pub fn for_change<S: FoldStore>(&mut self, store: &mut S, subject: &str) -> Result<&mut Book, S::Error> {
        Ok(self.fetch(store, subject)?.for_change())
    }

    /// A subject's book, recomputed.
    ///
    /// # Errors
    /// When the store fails or a row is damaged.
    pub fn recomputed<S: FoldStore>(&mut self, store: &mut S, subject: &str) -> Result<&Book, S::Error> {
        self.fetch(store, subject)?.recomputed(store)
    }

    /// A subject's book with every entry so far; what the rules make of the last ones may not be in it yet.
    ///
    /// # Errors
    /// When the store fails or a row is damaged.
    pub fn folded<S: FoldStore>(&mut self, store: &mut S, subject: &str) -> Result<&Book, S::Error> {
        Ok(self.fetch(store, subject)?.book())
    }

    /// The metadata version that a subject is under, entries that are not yet written included.
    ///
    /// # Errors
    /// When the store fails or a row is damaged.
    pub fn version<S: FoldStore>(&mut self, store: &mut S, subject: &str) -> Result<Option<Oid>, S::Error> {
        Ok(self.fetch(store, subject)?.book().version().cloned())
    }

    fn fetch<S: FoldStore>(&mut self, store: &mut S, subject: &str) -> Result<&mut CachedBook, S::Error> {
        let known = self.books.iter().position(|cached| cached.subject() == subject);
        // Removing and pushing rather than swapping keeps the order of use.
        let cached = match known.and_then(|at| self.books.remove(at)) {
            Some(cached) => cached,
            None => {
                self.make_room(store)?;
                CachedBook::load(store, subject)?
            }
        };
        Ok(self.books.push_front_mut(cached))
    }

    fn make_room<S: FoldStore>(&mut self, store: &mut S) -> Result<(), S::Error> {
        while self.books.len() >= KEPT {
            if let Some(mut last) = self.books.pop_back() {
                last.write(store)?;
            }
        }
        Ok(())
    }

    /// What concerns no subject.
    ///
    /// # Errors
    /// When the store fails or a row is damaged.
    pub fn trial_state<S: FoldReader>(&mut self, store: &S) -> Result<&TrialState, S::Error> {
        Ok(self.fetch_trial_state(store)?)
    }

    /// What concerns no subject, to apply entries to.
    ///
    /// # Errors
    /// When the store fails or a row is damaged.
    pub fn trial_state_for_change<S: FoldReader>(&mut self, store: &S) -> Result<&mut TrialState, S::Error> {
        self.trial_state_changed = true;
        self.fetch_trial_state(store)
    }

    fn fetch_trial_state<S: FoldReader>(&mut self, store: &S) -> Result<&mut TrialState, S::Error> {
        let trial_state = match self.trial_state.take() {
            Some(trial_state) => trial_state,
            None => read_trial_state(store)?,
        };
        Ok(self.trial_state.insert(trial_state))
    }

    /// Recomputes, and writes every row that changed.
    ///
    /// # Errors
    /// When the store fails.
    pub fn write_all<S: FoldStore>(&mut self, store: &mut S) -> Result<(), S::Error> {
        for cached in &mut self.books {
            cached.write(store)?;
        }
        if self.trial_state_changed {
            let changes = self.fetch_trial_state(store)?.take_changed_rows();
            store.write_rows("", &changes)?;
            self.trial_state_changed = false;
        }
        Ok(())
    }
}
