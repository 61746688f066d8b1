//! A subject's book as a masked role may see it.

use super::form::{CellPlace, Form};
use super::{Book, Cell};
use std::collections::BTreeMap;
use study::{EventDef, EventKind, FormKey, Oid, Study};

impl Book {
    /// The part of this book that `study`, made by [`Study::masked_for`], has places for, folded anew with its rules: what
    /// was computed or found with anything else is not taken over, and counts count only what is here.
    pub fn masked(&self, study: &Study) -> Book {
        let (subject, registered) = (self.subject.clone(), self.registered.clone());
        let mut book = Book { subject, registered, moves: self.moves.clone(), ..Book::default() };
        for (key, form) in &self.forms {
            if let Some(form) = masked_form(study, key, form) {
                *book.form_entry(key) = form;
                book.changed.forms.insert(key.clone());
            }
        }
        for (key, event) in &self.events {
            // An unscheduled visit is known only where something open was entered at it.
            let begun = || book.forms_of(key).next().is_some();
            if study.events.get(&key.event).is_some_and(|def| comes_by_plan(def) || begun()) {
                book.events.insert(key.clone(), event.clone());
            }
        }
        book.queries = self
            .queries
            .iter()
            .filter(|(_, query)| {
                query.raised.as_ref().is_some_and(|raised| {
                    let cell = &raised.cell;
                    has(study, &cell.form, &cell.group, &cell.item)
                })
            })
            .map(|(id, query)| (*id, query.clone()))
            .collect();
        book.recompute(study);
        book
    }
}

fn comes_by_plan(def: &EventDef) -> bool {
    def.kind != EventKind::Unscheduled
}

fn has(study: &Study, form: &FormKey, group: &Oid, item: &Oid) -> bool {
    study.events.get(&form.event).is_some_and(|def| def.forms.iter().any(|at| at.form == form.form))
        && study.forms.get(&form.form).is_some_and(|def| def.groups.iter().any(|at| at.group == *group))
        && study.groups.get(group).is_some_and(|def| def.items.iter().any(|at| at.item == *item))
}

/// The form without what is masked; none where nothing of it is open, or where nothing open was ever said of it.
fn masked_form(study: &Study, key: &FormKey, form: &Form) -> Option<Form> {
    let event = study.events.get(&key.event)?;
    let def = study.forms.get(&key.form).filter(|_| event.forms.iter().any(|at| at.form == key.form))?;
    let open = |group: &Oid| def.groups.iter().any(|at| at.group == *group);
    let rows = form.rows.iter().filter(|(row, _)| open(&row.group));
    let cells: BTreeMap<CellPlace, Cell> = form
        .cells
        .iter()
        .filter(|(place, _)| has(study, key, &place.group, &place.item))
        .map(|(place, cell)| (place.clone(), bare(cell)))
        .filter(|(_, cell)| !cell.is_blank())
        .collect();
    let mut masked = Form {
        declared: form.declared.clone(),
        declared_at: form.declared_at.clone(),
        rows: rows.map(|(row, held)| (row.clone(), held.clone())).collect(),
        cells,
        ..Form::default()
    };
    // When anybody last touched the form would tell of what is masked in it.
    for (_, given) in masked.cells.values().flat_map(|cell| cell.answer.heads()) {
        let seq = masked.touched.entry(given.origin.log.clone()).or_default();
        *seq = given.origin.seq.max(*seq);
    }
    let said = !masked.cells.is_empty() || !masked.rows.is_empty() || !masked.declared.is_empty();
    said.then_some(masked)
}

/// What people said in a cell, without what any rule made of it.
fn bare(cell: &Cell) -> Cell {
    Cell { answer: cell.answer.clone(), confirmations: cell.confirmations.clone(), ..Cell::default() }
}
