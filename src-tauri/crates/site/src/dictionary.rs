//! The study's dictionary of terms, for whoever chooses one.

use screens::messages::{GradeView, TermView};
use screens::permissions::Command;
use study::{Choice, CodeList, Oid, Study};

use crate::SiteError;
use crate::noun::Noun;
use crate::session::Session;

/// As many terms are offered at once as fit beside a field.
const OFFERED: usize = 8;

impl Session<'_> {
    /// The terms of an item's dictionary that a typed text may mean, best first.
    ///
    /// # Errors
    /// The item has no dictionary.
    pub fn term_search(&mut self, item: &str, typed: &str) -> Result<Vec<TermView>, SiteError> {
        self.may(Command::TermSearch)?;
        let study = self.study();
        let list = dictionary(&study, item)?;
        let hits = list.search(typed, OFFERED).unwrap_or_default().into_iter().filter_map(|hit| {
            let choice = list.choices.get(hit.place)?;
            let synonym = hit.synonym.and_then(|at| choice.entry.as_ref()?.synonyms.get(at));
            Some(TermView {
                synonym: synonym.map(|name| name.to_string()).unwrap_or_default(),
                ..view(choice, &self.language)
            })
        });
        Ok(hits.collect())
    }

    /// One term with its definition and grades.
    ///
    /// # Errors
    /// The item has no dictionary, or the dictionary no such term.
    pub fn term_view(&mut self, item: &str, code: &str) -> Result<TermView, SiteError> {
        self.may(Command::TermView)?;
        let study = self.study();
        let choice = dictionary(&study, item)?.choice(code).ok_or(SiteError::NoSuch(Noun::Term))?;
        Ok(view(choice, &self.language))
    }
}

fn dictionary<'s>(study: &'s Study, item: &str) -> Result<&'s CodeList, SiteError> {
    let item = study.items.get(&Oid::from(item)).ok_or(SiteError::NoSuch(Noun::Item))?;
    study.codelist_of(item).filter(|list| list.dictionary.is_some()).ok_or(SiteError::NoSuch(Noun::Dictionary))
}

fn view(choice: &Choice, lang: &str) -> TermView {
    let entry = choice.entry.as_deref().cloned().unwrap_or_default();
    let grades = entry.grades.iter().enumerate().filter_map(|(place, text)| {
        Some(GradeView { grade: (place + 1).to_string(), text: text.as_ref()?.to_string() })
    });
    TermView {
        code: choice.code.to_string(),
        label: choice.label(lang).to_owned(),
        synonym: String::new(),
        soc: entry.soc.get(lang).to_owned(),
        grades: grades.collect(),
        definition: entry.definition.to_string(),
        note: entry.note.to_string(),
        other: entry.other,
    }
}
