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

mod fold;
pub mod load;
pub mod search;

#[cfg(test)]
mod tests;

use crate::{CodeList, Study, Text};
use search::Index;
use std::collections::HashMap;
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

/// What a dictionary knows of a term beyond its code and label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// System organ class.
    pub soc: Text,
    /// The words of grades 1 to 5; none for a grade that the term does not have.
    pub grades: [Option<Arc<str>>; 5],
    /// Definition; empty where there is none.
    pub definition: Arc<str>,
    /// Navigational note; empty where there is none.
    pub note: Arc<str>,
    /// Other names, in any language.
    pub synonyms: Vec<Arc<str>>,
    /// Whether the term only says that free text follows.
    pub other: bool,
}

impl Entry {
    /// Whether the term has this grade; `grade` is its digit.
    pub fn has_grade(&self, grade: &str) -> bool {
        let place = match grade.as_bytes() {
            [digit @ b'1'..=b'5'] => usize::from(digit - b'1'),
            _ => return false,
        };
        self.grades[place].is_some()
    }
}

impl Dictionary {
    pub(crate) fn new(name: &str, source: &str) -> Self {
        Self { name: name.to_owned(), source: source.to_owned(), index: OnceLock::new() }
    }

    /// Terms of `list`, which must be this dictionary's, that a typed text may mean, best first. The index is made at the
    /// first question and kept.
    pub fn search(&self, list: &CodeList, typed: &str, most: usize) -> Vec<search::Hit> {
        self.index.get_or_init(|| Arc::new(Index::of(list))).search(typed, most)
    }
}

/// Which grades exist, by term: what `ctcae_grade_exists` asks.
pub(crate) struct GradeTable(HashMap<Arc<str>, [bool; 5]>);

impl GradeTable {
    /// The table of every dictionary of the study.
    pub fn of(study: &Study) -> Self {
        let lists = study.codelists.iter().filter(|list| list.dictionary.is_some());
        let terms = lists.flat_map(|list| &list.choices).filter_map(|choice| {
            let entry = choice.entry.as_ref()?;
            Some((choice.code.clone(), entry.grades.each_ref().map(Option::is_some)))
        });
        Self(terms.collect())
    }

    /// Whether the term has the grade; none for a term that no dictionary knows and for what is no grade.
    pub fn exists(&self, term: &str, grade: &str) -> Option<bool> {
        let place = grade.parse::<usize>().ok()?.checked_sub(1)?;
        self.0.get(term)?.get(place).copied()
    }
}
