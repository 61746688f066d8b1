//! Safety on the screen: the clocks of reports on the worklist and beside the form, what surrounds an adverse event, the
//! evidence behind a finding, and the content of the printed report. What is read of the book is read in
//! `clinical::safety`; here it becomes words.

mod clocks;
mod context;
mod evidence;
mod paper;
mod texts;

pub(crate) use clocks::tasks;
pub use clocks::{clocks, report_forms};
pub use context::Context;
pub use evidence::evidence;
pub use paper::{Provenance, report};

use casebook::Stored;
use clinical::safety::{AdverseEvent, RowAt};
use study::rules::Answers;
use study::{CellKey, Study};

use crate::View;

/// The answer in a cell as a person reads it, with its unit; of a free text nothing, because only its hash is in the book.
pub(crate) fn answer(view: &View<'_>, key: &CellKey) -> String {
    let item = view.study.items.get(&key.item).filter(|item| !view.study.is_free_text(item));
    let Some(item) = item else { return String::new() };
    let Some(answer) = Answers::cell(view.book, key) else { return String::new() };
    view.measured(item, &answer.value, answer.unit.as_ref())
}

/// The answer of the item of a row that means a concept.
pub(crate) fn answer_of(view: &View<'_>, row: &RowAt, concept: &str) -> String {
    row.meaning(view.study, concept).map(|key| answer(view, &key)).unwrap_or_default()
}

/// An adverse event in few words: `3 · Fever, grade 2`. Without a term from the dictionary, its number and grade.
pub(crate) fn title(view: &View<'_>, event: &AdverseEvent) -> String {
    let number = event.number.map(|number| number.to_string()).unwrap_or_default();
    let term = answer_of(view, &event.row, "ae.term");
    let grade = event.grade.map(|grade| texts::Text::Grade.of(view.language).replace("{n}", &grade.to_string()));
    let named: Vec<String> = [Some(term), grade].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let words = named.join(texts::Text::Comma.of(view.language));
    [number, words].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The first cell of a row: where the window goes to show it.
pub(crate) fn first_cell(study: &Study, row: &RowAt) -> String {
    row.cells(study).next().map(|cell| cell.to_string()).unwrap_or_default()
}

/// The commitment of the free text in a cell, if it holds one.
pub(crate) fn free_text_in(view: &View<'_>, key: &CellKey) -> Option<casebook::FreeTextId> {
    let casebook::CellState::Answered(given) = view.book.cell(key)?.state() else { return None };
    match given.value {
        Some(Stored::Text(id)) => Some(id),
        _ => None,
    }
}
