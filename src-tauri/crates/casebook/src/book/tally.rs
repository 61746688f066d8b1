//! What a form asks for, holds and lacks.

use super::form::{CellPlace, Form, Row, RowPlace, Tally};
use super::{Book, Cell, CellState, QueryStatus};
use crate::clock::Tick;
use std::collections::BTreeMap;
use study::{AnalytePart, FormDef, FormKey, GroupDef, GroupRef, ItemRef, Oid, Repeat, Severity, Study};

/// Sorts after every item of a row.
const AFTER: &str = "\u{10ffff}";

impl Form {
    /// The rows of a repeating group that hold cells, whether or not their addition has arrived.
    fn rows_with_cells(&self, group: &Oid) -> Vec<Repeat> {
        let mut rows = Vec::new();
        let mut from = CellPlace { group: group.clone(), repeat: Repeat::from("0"), item: Oid::from("") };
        while let Some((place, _)) = self.cells.range(from..).next() {
            if place.group != *group {
                break;
            }
            rows.push(place.repeat.clone());
            from = CellPlace { group: group.clone(), repeat: place.repeat.clone(), item: Oid::from(AFTER) };
        }
        rows
    }

    /// The rows of a repeating group in the order in which they were added, removed ones left out. A row whose addition
    /// has not arrived yet, but cells of which have, comes last.
    pub fn live_rows(&self, group: &Oid) -> Vec<Repeat> {
        let late = Row::default().born;
        let mut rows: BTreeMap<(Tick, Repeat), bool> = BTreeMap::new();
        let first = RowPlace { group: group.clone(), repeat: Repeat::from("0") };
        for (place, row) in self.rows.range(first..).take_while(|(place, _)| place.group == *group) {
            rows.insert((row.born, place.repeat.clone()), self.row_lives(place, row));
        }
        for repeat in self.rows_with_cells(group) {
            let place = RowPlace { group: group.clone(), repeat };
            if !self.rows.contains_key(&place) {
                rows.insert((late, place.repeat), true);
            }
        }
        rows.into_iter().filter(|(_, lives)| *lives).map(|((_, repeat), _)| repeat).collect()
    }
}

/// One group of a form as the study defines it, with the rows that stand in it.
pub(crate) struct GroupRows<'s> {
    pub(crate) def: &'s GroupDef,
    pub(crate) at: &'s GroupRef,
    pub(crate) rows: Vec<Repeat>,
}

/// The groups of a form, in its order, with their rows. A group that does not repeat has the row `1`.
pub(crate) fn groups<'s>(study: &'s Study, def: &'s FormDef, form: Option<&Form>) -> Vec<GroupRows<'s>> {
    let with_rows = |at: &'s GroupRef| {
        let def = study.groups.get(&at.group)?;
        let rows = match form {
            _ if !def.repeating => vec![Repeat::first()],
            Some(form) => form.live_rows(&at.group),
            None => Vec::new(),
        };
        Some(GroupRows { def, at, rows })
    };
    def.groups.iter().filter_map(with_rows).collect()
}

/// Whether the item stands beside a laboratory result without being asked for itself: its limits, the judgement on it.
fn is_beside(study: &Study, item: &ItemRef) -> bool {
    let analyte = study.items.get(&item.item).and_then(|item| item.analyte.as_ref());
    !item.mandatory && analyte.is_some_and(|analyte| analyte.part != AnalytePart::Result)
}

/// Adds what one place asks for and holds.
fn count(tally: &mut Tally, study: &Study, item: &ItemRef, cell: Option<&Cell>) {
    if let Some(cell) = cell {
        for finding in &cell.findings {
            match finding.severity {
                Severity::Hard => tally.hard += 1,
                Severity::Soft => tally.soft += u32::from(cell.confirmation(finding).is_none()),
            }
        }
        if matches!(cell.state(), CellState::Conflict) {
            tally.conflicts += 1;
            tally.queries += 1;
        }
        if cell.hidden {
            return;
        }
    }
    if item.method.is_some() || is_beside(study, item) {
        return;
    }
    tally.total += 1;
    match cell.map(Cell::state) {
        Some(CellState::Answered(_) | CellState::Missing(..) | CellState::Derived(_)) => tally.answered += 1,
        _ => tally.lacking += u32::from(item.mandatory),
    }
}

impl Book {
    /// Counts what a form asks for, holds and lacks.
    pub(crate) fn tally(&self, study: &Study, key: &FormKey) -> Tally {
        let Some(form) = self.forms.get(key) else { return Tally::default() };
        let mut tally = Tally { hidden: form.tally.hidden, ..Tally::default() };
        tally.conflicts += u32::from(form.is_conflict());
        if let Some(def) = study.forms.get(&key.form) {
            for group in groups(study, def, Some(form)) {
                for repeat in &group.rows {
                    for item in &group.def.items {
                        count(&mut tally, study, item, form.cell(&group.at.group, repeat, &item.item));
                    }
                }
                if group.def.repeating {
                    tally.rows += u32::try_from(group.rows.len()).unwrap_or(u32::MAX);
                }
            }
        }
        tally.conflicts += u32::try_from(form.rows.keys().filter(|row| form.is_row_conflict(row)).count()).unwrap_or(0);
        let open = self.queries.values().filter(|query| {
            query.raised.as_ref().is_some_and(|raised| raised.cell.form == *key) && query.status() == QueryStatus::Open
        });
        tally.queries += u32::try_from(open.count()).unwrap_or(u32::MAX);
        tally
    }
}
