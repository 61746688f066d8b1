//! A form while the invented nurse fills it: the rows that were added, and what its state says so far.

use std::collections::BTreeMap;
use std::str::FromStr;

use screens::messages::{BlockerKind, CellState, Control, FormShape, FormState, RowState};
use study::value::PartialDate;
use study::{CellKey, Oid, Study};

use crate::chart::Template;
use site::{Noun, SiteError, place};

/// A form that is being filled.
pub(super) struct Sheet<'c> {
    /// The day of its visit.
    pub(super) date: PartialDate,
    /// The rows that were added.
    pub(super) rows: Vec<Sown<'c>>,
}

/// A row that was added, and what all of it says.
pub(super) struct Sown<'c> {
    pub(super) group: Oid,
    pub(super) repeat: String,
    pub(super) at: usize,
    pub(super) template: Option<&'c Template>,
    /// What stands in the row on which it hangs.
    pub(super) source: BTreeMap<Oid, String>,
}

/// The key that a message names as text.
pub(super) fn key<K: FromStr>(text: &str, of: Noun) -> Result<K, SiteError> {
    text.parse().map_err(|_| SiteError::NoSuch(of))
}

/// The fields that wait for an answer, and whether each is needed.
pub(super) fn open_cells(shape: &FormShape, state: &FormState) -> Result<Vec<(CellKey, bool)>, SiteError> {
    let mut open = Vec::new();
    for row in &state.rows {
        let Some(group) = shape.groups.iter().find(|group| group.oid == row.group) else { continue };
        let cells = group.items.iter().zip(&row.cells);
        let typed = cells.filter(|(item, _)| !matches!(item.control, Control::Derived | Control::File));
        for (item, cell) in typed.filter(|(_, cell)| is_open(cell)) {
            open.push((key(&cell.key, Noun::Cell)?, item.mandatory));
        }
    }
    Ok(open)
}

/// The field at a place.
pub(super) fn find<'s>(state: &'s FormState, key: &CellKey) -> Option<&'s CellState> {
    let key = key.to_string();
    state.rows.iter().flat_map(|row| &row.cells).find(|cell| cell.key == key)
}

/// Whether a field waits for an answer.
pub(super) fn is_open(cell: &CellState) -> bool {
    cell.visible && cell.display.is_empty() && cell.missing.is_empty() && cell.conflict.is_empty()
}

/// What is typed in the row on which one hangs, and in itself so far.
pub(super) fn so_far(study: &Study, state: &FormState, sown: &Sown<'_>) -> Result<BTreeMap<Oid, String>, SiteError> {
    let mut said = sown.source.clone();
    let mut rows = state.rows.iter().filter(|row| row.group == *sown.group && row.repeat == *sown.repeat);
    if let Some(row) = rows.next().filter(|_| !said.is_empty()) {
        said.extend(typed(study, row)?);
    }
    Ok(said)
}

/// What is typed in a row.
pub(super) fn typed(study: &Study, row: &RowState) -> Result<BTreeMap<Oid, String>, SiteError> {
    let answered = row.cells.iter().filter(|cell| !cell.typed.is_empty());
    answered.map(|cell| Ok((place::cell(study, &key(&cell.key, Noun::Cell)?)?.key.item, cell.typed.clone()))).collect()
}

/// How many answers the form's hard checks refuse.
pub(super) fn refusals(state: &FormState) -> usize {
    state.blockers.iter().filter(|blocker| blocker.kind == BlockerKind::Hard).count()
}

/// How much a form's checks have to say.
pub(super) fn trouble(state: &FormState) -> u32 {
    let weight = |kind| match kind {
        BlockerKind::Hard => 3,
        BlockerKind::Soft => 1,
        _ => 0,
    };
    state.blockers.iter().map(|blocker| weight(blocker.kind)).sum()
}
