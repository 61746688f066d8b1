//! What a UI holds of a form, so that an answer need carry only what differs from it.
//!
//! A nurse saves one field at a time, and of a form's hundred questions that changes a handful. Sending the whole form at
//! every keystroke cost more than working it out.

use crate::messages::{FormState, FormUpdate, RowState};

/// The state of a form that a UI was sent last.
#[derive(Default)]
pub struct FormSync {
    of: Shown,
    revision: u32,
    rows: Vec<RowState>,
}

/// Which form a UI shows, and in which language.
#[derive(Default, PartialEq, Eq)]
struct Shown {
    subject: String,
    form: String,
    language: String,
}

impl FormSync {
    /// The whole state of a form.
    pub fn whole(&mut self, subject: &str, language: &str, state: FormState) -> FormUpdate {
        self.of = Shown { subject: subject.to_owned(), form: state.key.clone(), language: language.to_owned() };
        self.revision = self.revision.wrapping_add(1);
        self.rows.clone_from(&state.rows);
        FormUpdate { revision: self.revision, base: None, state }
    }

    /// The cells that differ from the last update; the whole state where that was another form's, or where the form has
    /// other rows now.
    pub fn update(&mut self, subject: &str, language: &str, state: FormState) -> FormUpdate {
        let same_form = self.of.subject == subject && self.of.form == state.key && self.of.language == language;
        let (base, before) = (self.revision, std::mem::take(&mut self.rows));
        let same_rows =
            before.len() == state.rows.len() && before.iter().zip(&state.rows).all(|(a, b)| is_same_row(a, b));
        let mut update = self.whole(subject, language, state);
        if same_form && same_rows {
            update.base = Some(base);
            let rows = std::mem::take(&mut update.state.rows);
            update.state.rows = before.iter().zip(rows).filter_map(|(before, now)| changed(now, before)).collect();
        }
        update
    }
}

/// Whether two states are of the same row with the same cells.
fn is_same_row(row: &RowState, other: &RowState) -> bool {
    let same_place = row.group == other.group && row.repeat == other.repeat;
    let same_cells = row.cells.iter().map(|cell| &cell.key).eq(other.cells.iter().map(|cell| &cell.key));
    same_place && same_cells && row.reason_needed == other.reason_needed
}

/// The cells of a row that differ from those `before`; none where all are the same.
fn changed(mut row: RowState, before: &RowState) -> Option<RowState> {
    let mut known = before.cells.iter();
    row.cells.retain(|cell| known.next() != Some(cell));
    Some(row).filter(|row| !row.cells.is_empty())
}
