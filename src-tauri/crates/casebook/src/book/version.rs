//! The metadata version that a subject is under.
//!
//! A subject stays on the version that it was registered under until a person migrates it; a migration is undone by
//! another one. Nothing is rewritten: what an earlier version asked stays in the book, and only what the rules make of it
//! is computed anew.

use super::form::RowPlace;
use super::migration::{Move, differ, in_force};
use super::{Book, BookRow, Edition};
use crate::ids::EntryId;
use study::{CellKey, Oid, Study};

impl Book {
    /// The metadata version in force for the subject. Where two devices moved it to different ones, neither holds: it is
    /// the one of the registration until a person names both.
    pub fn version(&self) -> Option<&Oid> {
        in_force(&self.registered, &self.moves)
    }

    /// The metadata version whose rules were last asked; none before [`Book::recompute`].
    pub fn computed_under(&self) -> Option<&Oid> {
        self.computed_under.as_ref()
    }

    /// Whether two devices moved the subject to different versions.
    pub fn is_version_conflict(&self) -> bool {
        differ(&self.moves)
    }

    /// The migrations that no other replaces.
    pub fn moves(&self) -> impl Iterator<Item = (EntryId, &Move)> {
        self.moves.heads()
    }

    /// What the next migration names as its bases.
    pub fn version_bases(&self) -> Vec<EntryId> {
        self.moves.bases()
    }

    /// Reads codes of earlier versions as this one calls them. [`Book::recompute`] does so, too; a book that comes from rows
    /// and is recomputed already needs only this.
    pub fn read_under(&mut self, study: &Study) {
        self.renamed = study.renamed().clone();
        self.edition = Edition::default();
    }

    /// Forgets what the rules of another version made of the answers, so that everything is asked again.
    pub(crate) fn leave_version(&mut self, study: &Study) {
        if self.computed_under.as_ref() == Some(&study.metadata_version) {
            return;
        }
        let computed_before = self.computed_under.replace(study.metadata_version.clone()).is_some();
        if !computed_before {
            return;
        }
        self.changed.events.extend(self.events.keys().cloned());
        for (key, form) in &mut self.forms {
            form.asked = false;
            form.tally = Default::default();
            self.dirty.insert(BookRow::Form(key.clone()));
            self.changed.forms.insert(key.clone());
            self.changed.rows.extend(form.rows.keys().cloned().map(|row| (key.clone(), row)));
            form.cells.retain(|place, cell| {
                (cell.hidden, cell.derived) = (false, None);
                cell.findings.clear();
                self.dirty.insert(BookRow::Cell(key.clone(), place.clone()));
                let kept = !cell.is_blank();
                if kept {
                    self.changed.cells.insert(key.cell(&place.group, &place.repeat, &place.item));
                }
                kept
            });
        }
    }

    /// Places of a form that hold answers which the study does not ask there: of items, groups or whole forms that it
    /// has retired.
    pub fn retired_cells(&self, study: &Study, form: &study::FormKey) -> Vec<CellKey> {
        let Some(held) = self.forms.get(form) else { return Vec::new() };
        let holds = held.cells.iter().filter(|(_, cell)| cell.holds_data());
        let retired = holds.filter(|(place, _)| !study.asks(form, &place.group, &place.item));
        let standing = retired.filter(|(place, _)| {
            let row = RowPlace { group: place.group.clone(), repeat: place.repeat.clone() };
            held.rows.get(&row).is_none_or(|known| held.row_lives(&row, known))
        });
        standing.map(|(place, _)| form.cell(&place.group, &place.repeat, &place.item)).collect()
    }
}
