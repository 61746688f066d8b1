//! A dictionary of terms that travels with the study: a code list whose codes carry class, grades, definition and note.
//!
//! ODM keeps codes and labels; what it lacks stands in aliases of the code list items:
//!
//! | alias `urn:outpost:odm:1:…` | on | holds |
//! |---|---|---|
//! | `dictionary` | CodeList | `CTCAE 5.0 \| where it was loaded from` |
//! | `meddra-licence` | CodeList | who attests a licence of MedDRA, where its codes were kept |
//! | `soc`, `soc:<language>` | CodeListItem | system organ class |
//! | `grade1` … `grade5` | CodeListItem | the words of a grade; one that is not there does not exist |
//! | `definition`, `note` | CodeListItem | definition, navigational note |
//! | `synonyms` | CodeListItem | other names, parted by `;` |
//! | `other` | CodeListItem | `specify`: the term only says that free text follows |
//!
//! [`load`] makes such a list from NCI's spreadsheet, [`search`] finds terms while a person types.

mod entry;
mod fold;
mod grades;
pub mod load;
pub mod search;

#[cfg(test)]
mod tests;

pub use entry::Entry;
pub(crate) use grades::GradeTable;

use crate::Choice;
use search::Index;
use std::sync::{Arc, OnceLock};

/// What makes a code list a dictionary.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    /// Name with version: `CTCAE 5.0`.
    pub name: String,
    /// Where it was loaded from.
    pub source: String,
    index: OnceLock<Arc<Index>>,
}

impl Dictionary {
    pub(crate) fn new(name: &str, source: &str) -> Self {
        Self { name: name.to_owned(), source: source.to_owned(), index: OnceLock::new() }
    }

    /// The terms among `choices`, this dictionary's own, that a typed text may mean, best first. The index is made at the
    /// first search and kept.
    pub(crate) fn search(&self, choices: &[Choice], typed: &str, most: usize) -> Vec<search::Hit> {
        self.index.get_or_init(|| Arc::new(Index::of(choices))).search(typed, most)
    }
}
