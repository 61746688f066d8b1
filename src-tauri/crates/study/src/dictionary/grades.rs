//! Which grades the terms of a study's dictionaries have.

use crate::MetaDataVersion;
use std::collections::HashMap;
use std::sync::Arc;

/// Which grades exist, by term: what `ctcae_grade_exists` asks.
pub(crate) struct GradeTable(HashMap<Arc<str>, [bool; 5]>);

impl GradeTable {
    /// The table of every dictionary of the study.
    pub fn of(study: &MetaDataVersion) -> Self {
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
