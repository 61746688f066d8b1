//! What the window has been told of a form, so that an answer need say only what is otherwise now.
//!
//! A nurse saves one field at a time, and of a form's hundred questions that changes a handful. Telling the whole form at
//! every keystroke cost more than working it out.

use screens::messages::{FormNews, FormState, RowState};

use crate::desk::Seat;

/// The last telling of a form.
#[derive(Default)]
pub(crate) struct Telling {
    /// Subject, form and language.
    of: (String, String, String),
    told: u32,
    rows: Vec<RowState>,
}

impl Seat<'_> {
    /// Tells the window the whole state of a form.
    pub fn tell(&mut self, subject: &str, lang: &str, state: FormState) -> FormNews {
        let last = &mut self.session.telling;
        last.of = (subject.to_owned(), state.key.clone(), lang.to_owned());
        last.told = last.told.wrapping_add(1);
        last.rows.clone_from(&state.rows);
        FormNews { told: last.told, since: None, state }
    }

    /// Tells the window what is otherwise than it was told last; the whole state where it was told of another form, or
    /// where other rows stand in it now.
    pub fn tell_news(&mut self, subject: &str, lang: &str, state: FormState) -> FormNews {
        let last = &mut self.session.telling;
        let same_form = last.of.0 == subject && last.of.1 == state.key && last.of.2 == lang;
        let (since, before) = (last.told, std::mem::take(&mut last.rows));
        let same_rows = before.len() == state.rows.len() && before.iter().zip(&state.rows).all(|(a, b)| asks_as(a, b));
        let mut news = self.tell(subject, lang, state);
        if same_form && same_rows {
            news.since = Some(since);
            let rows = std::mem::take(&mut news.state.rows);
            news.state.rows = before.iter().zip(rows).filter_map(|(before, now)| changed(now, before)).collect();
        }
        news
    }
}

/// Whether it is the same row, with the same cells.
fn asks_as(row: &RowState, other: &RowState) -> bool {
    let same_place = row.group == other.group && row.repeat == other.repeat;
    let same_cells = row.cells.iter().map(|cell| &cell.key).eq(other.cells.iter().map(|cell| &cell.key));
    same_place && same_cells && row.reason_needed == other.reason_needed
}

/// What of a row is otherwise than `before`; nothing where all is the same.
fn changed(mut row: RowState, before: &RowState) -> Option<RowState> {
    let mut known = before.cells.iter();
    row.cells.retain(|cell| known.next() != Some(cell));
    Some(row).filter(|row| !row.cells.is_empty())
}
