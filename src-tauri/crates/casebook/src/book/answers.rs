//! The book as the rules read it.

use super::{Book, Cell, CellState};
use crate::act::Stored;
use crate::ids::EntryId;
use std::borrow::Cow;
use study::rules::{Answer, Answers};
use study::value::PartialDate;
use study::{CellKey, EventKey, FormKey, Oid, Repeat};

/// What a rule sees of a free text: that there is one. What it says is in no fold, so that a redaction changes no value.
const SOME_TEXT: &str = "…";

impl Answers for Book {
    fn cell(&self, place: &CellKey) -> Option<Answer<'_>> {
        let form = self.forms.get(&place.form)?;
        if !form.rows.is_empty() && form.is_removed(&place.group, &place.group_repeat) {
            return None;
        }
        let cell = form.cell(&place.group, &place.group_repeat, &place.item)?;
        // What is not collected is not read: an answer from before it was left out must not decide anything.
        if cell.hidden {
            return None;
        }
        match cell.state() {
            CellState::Answered(given) => match given.value.as_ref()? {
                Stored::Plain(value) => {
                    let value = self.renamed.now(&place.item, value.as_str());
                    Some(Answer { value: Cow::Borrowed(value), unit: given.unit.clone() })
                }
                Stored::Text(_) => Some(Answer::new(SOME_TEXT)),
            },
            CellState::Derived(derived) => Some(Answer::new(derived.value.as_str())),
            CellState::Empty | CellState::Missing(..) | CellState::Conflict => None,
        }
    }

    fn forms(&self, form: &Oid) -> Vec<FormKey> {
        self.by_form.get(form).map(|keys| keys.iter().cloned().collect()).unwrap_or_default()
    }

    fn rows(&self, form: &FormKey, group: &Oid) -> Vec<Repeat> {
        self.live_rows(form, group)
    }

    fn event_date(&self, event: &EventKey) -> Option<PartialDate> {
        self.events.get(event)?.date()?.parse().ok()
    }

    fn edition(&self) -> Option<u64> {
        Some(self.edition.0)
    }
}

impl Book {
    /// The entries behind what a rule read in a cell, ascending: the heads, or the inputs of a computed value.
    pub(crate) fn entries_behind(&self, place: &CellKey) -> Vec<EntryId> {
        match self.cell(place) {
            Some(Cell { derived: Some(derived), .. }) => derived.inputs.clone(),
            Some(cell) => cell.bases(),
            None => Vec::new(),
        }
    }
}
