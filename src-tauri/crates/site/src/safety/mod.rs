//! Safety at the site: the clock of reports on the worklist and beside the form, what stands around an adverse event, and
//! the report as PDF. What is read of the book is read in `clinical::safety`; here it becomes words.

mod beside;
mod clocks;
mod evidence;
mod paper;
mod report;
mod texts;

pub(crate) use beside::{Around, around};
pub(crate) use clocks::{clocks, tasks};
pub(crate) use evidence::evidence;

use casebook::{Book, Stored};
use clinical::safety::{AdverseEvent, RowAt};
use study::rules::Answers;
use study::{CellKey, Study};

use screens::labels;

/// The answer in a cell as a person reads it, with its unit; of a free text nothing, because only its hash is in the book.
pub(crate) fn said(study: &Study, book: &Book, key: &CellKey, lang: &str) -> String {
    let Some(item) = study.items.get(&key.item).filter(|item| !study.is_free_text(item)) else { return String::new() };
    let Some(answer) = Answers::cell(book, key) else { return String::new() };
    let unit = labels::unit(study, answer.unit.as_ref().or(item.standard_unit()), lang);
    format!("{} {unit}", labels::value(study, item, &answer.value, lang)).trim_end().to_owned()
}

/// The answer of the item of a row that means a concept.
pub(crate) fn said_of(study: &Study, book: &Book, row: &RowAt, concept: &str, lang: &str) -> String {
    row.meaning(study, concept).map(|key| said(study, book, &key, lang)).unwrap_or_default()
}

/// An adverse event in few words: `3 · Fever, grade 2`. Without a term from the dictionary, its number and grade.
pub(crate) fn title(study: &Study, book: &Book, event: &AdverseEvent, lang: &str) -> String {
    let number = event.number.map(|number| number.to_string()).unwrap_or_default();
    let term = said_of(study, book, &event.row, "ae.term", lang);
    let grade = event.grade.map(|grade| texts::Text::Grade.of(lang).replace("{n}", &grade.to_string()));
    let named: Vec<String> = [Some(term), grade].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let words = named.join(texts::Text::Comma.of(lang));
    [number, words].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The first cell of a row: where the window goes to show it.
pub(crate) fn first_cell(study: &Study, row: &RowAt) -> String {
    row.cells(study).next().map(|cell| cell.to_string()).unwrap_or_default()
}

/// Whether a free text stands in a cell, and which.
pub(crate) fn text_in(book: &Book, key: &CellKey) -> Option<casebook::Words> {
    let casebook::CellState::Answered(given) = book.cell(key)?.state() else { return None };
    match given.value {
        Some(Stored::Text(words)) => Some(words),
        _ => None,
    }
}
