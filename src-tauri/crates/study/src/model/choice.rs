//! One code of a list.

use super::Alias;
use crate::Text;
use crate::dictionary::Entry;
use std::sync::Arc;

/// One code of a list with its label (ODM CodeListItem or EnumeratedItem).
#[derive(Clone, Debug)]
pub struct Choice {
    /// The code, as it is stored in the journal.
    pub code: Arc<str>,
    /// Label; empty where the code speaks for itself.
    pub label: Text,
    /// What it was called in earlier versions (alias `was`): values recorded so are read as this code, and stay as they were
    /// recorded.
    pub was: Vec<Arc<str>>,
    /// Rank for ordinal comparisons, where the file gives one.
    pub rank: Option<rust_decimal::Decimal>,
    /// What the dictionary says of it, where the list is one.
    pub entry: Option<Arc<Entry>>,
    /// Names in other standards (`CDASH`, `SDTM` …).
    pub aliases: Vec<Alias>,
}

impl Choice {
    /// The label in `language`; the code where there is no label.
    pub fn label(&self, language: &str) -> &str {
        if self.label.is_empty() { &self.code } else { self.label.get(language) }
    }
}
