//! Casebooks as tables: for each form a table with one line per subject, visit and row, and one table `cells` that keeps
//! everything: every answer in force, of a conflict each, with unit, missing code, what was typed, who, when and under which
//! metadata version. Where a study has several versions the tables hold the items of all of them, each with the version of
//! its value; `NOTE` marks what the subject's version no longer asks. The writers of formats take these tables and know no
//! casebook.

mod layout;
mod rows;

pub use rows::Texts;

use std::collections::BTreeSet;

use casebook::{Book, CellState, Form, FormStatus};
use layout::{Layout, layouts, table_name};
use rows::{Source, head};
use study::{Repeat, Study};

const HEAD: [&str; 8] =
    ["SUBJECT", "EVENT", "EVENT_REPEAT", "EVENT_DATE", "FORM_REPEAT", "FORM_STATUS", "SUBJECT_MDV", "ROW"];
const CELLS: [&str; 20] = [
    "SUBJECT",
    "EVENT",
    "EVENT_REPEAT",
    "EVENT_DATE",
    "FORM",
    "FORM_REPEAT",
    "FORM_STATUS",
    "GROUP",
    "ROW",
    "ITEM",
    "STATE",
    "VALUE",
    "UNIT",
    "MISSING",
    "TYPED",
    "NOTE",
    "BY",
    "AT",
    "LOG",
    "MDV",
];

/// The place of the table of all cells.
const CELLS_AT: usize = 0;

/// Name and columns of a table.
pub struct Schema {
    /// A name that every file system takes, without an ending.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
}

/// The tables of a study's versions.
pub struct Tables<'s> {
    /// Newest first.
    versions: &'s [&'s Study],
    cells: String,
    forms: Vec<Layout>,
}

impl<'s> Tables<'s> {
    /// The tables of a study's versions, which come newest first.
    pub fn of(versions: &'s [&'s Study]) -> Self {
        let mut taken = BTreeSet::new();
        let cells = table_name(&["cells"], &mut taken);
        Self { versions, cells, forms: layouts(versions, &mut taken) }
    }

    /// Every table: `cells` first, then the forms' in the study's order.
    pub fn schemas(&self) -> Vec<Schema> {
        let cells = Schema { name: self.cells.clone(), columns: CELLS.iter().map(|name| (*name).to_owned()).collect() };
        let forms = self.forms.iter().map(|layout| self.schema(layout));
        std::iter::once(cells).chain(forms).collect()
    }

    fn schema(&self, layout: &Layout) -> Schema {
        let mut columns: Vec<String> = HEAD.iter().map(|name| (*name).to_owned()).collect();
        for column in &layout.columns {
            columns.push(column.name.clone());
            if column.has_unit {
                columns.push(format!("{}.UNIT", column.name));
            }
            columns.push(format!("{}.STATE", column.name));
            if self.versions.len() > 1 {
                columns.push(format!("{}.MDV", column.name));
            }
        }
        Schema { name: layout.name.clone(), columns }
    }

    /// Hands every line that a casebook gives to `line`, with the place of its table in [`Self::schemas`]. The casebook was
    /// recomputed under one of the versions.
    ///
    /// # Errors
    /// Those of `line`.
    pub fn book<E>(
        &self,
        book: &Book,
        texts: &Texts<'_>,
        mut line: impl FnMut(usize, &[String]) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(study) = self.study_of(book) else { return Ok(()) };
        let source = Source { study, versions: self.versions, book, texts };
        for (key, form) in book.forms() {
            if is_untouched(form) {
                continue;
            }
            let head = head(book, key, form);
            for (table, layout) in (CELLS_AT + 1..).zip(&self.forms).filter(|(_, layout)| layout.form == key.form) {
                let rows = match &layout.rows_of {
                    Some(group) => form.live_rows(group),
                    None => vec![Repeat::first()],
                };
                rows.iter().try_for_each(|row| line(table, &source.line(layout, &head, form, row)))?;
            }
            source.cells(key, form, &head).iter().try_for_each(|cells| line(CELLS_AT, cells))?;
        }
        Ok(())
    }

    /// The version that a casebook was recomputed under.
    fn study_of(&self, book: &Book) -> Option<&'s Study> {
        let under = self.versions.iter().find(|study| book.computed_under() == Some(&study.metadata_version));
        under.or(self.versions.last()).copied()
    }
}

/// Whether nobody has entered anything in a form: somebody only asked there, and it is no row of anybody's.
fn is_untouched(form: &Form) -> bool {
    let never = |cell: &casebook::Cell| cell.heads().next().is_none() && matches!(cell.state(), CellState::Empty);
    form.status() == FormStatus::Empty && form.cells().all(|(_, cell)| never(cell))
}
