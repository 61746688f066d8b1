//! The rows of the grid: each lesion at each scan.

use clinical::tumours::{Course, LesionPlace};
use oncology::recist::{Role, Used};
use study::{Oid, Repeat};

use super::screen::{Scan, Screen, millimetres, role};
use super::sheet::{Columns, Sheet, is_of};
use crate::messages::{CellState, LesionRole, TumourCell, TumourRow};

impl Screen<'_> {
    /// Target lesions, non-target lesions, then new ones in the order in which they came.
    pub fn rows(&self, course: &Course, scans: &[Scan<'_>]) -> Vec<TumourRow> {
        let readings = Columns::readings(self.view.study, self.form);
        let others = Columns::others(self.view.study, self.form);
        let mut rows: Vec<TumourRow> = Vec::new();
        for lesion in &course.lesions {
            let columns = if lesion.role == Role::Target { &readings } else { &others };
            let mut cells = vec![self.at_baseline(course, lesion)];
            cells.extend(scans.iter().map(|scan| {
                let used = scan.judged.and_then(|(_, point)| point.used.iter().find(|used| used.lesion == lesion.id));
                cell(
                    scan.sheet,
                    columns.as_ref(),
                    &lesion.id,
                    used,
                    self.view.study.meanings.one("tumour.reading.treated"),
                )
            }));
            rows.push(TumourRow { cells, ..self.named(lesion) });
        }
        if let Some(columns) = Columns::new_lesions(self.view.study, self.form) {
            rows.extend(self.new_rows(&columns, scans));
        }
        rows
    }

    fn named(&self, lesion: &LesionPlace) -> TumourRow {
        let (organ, place) = match lesion.role {
            Role::Target => ("tumour.target.organ", "tumour.target.place"),
            Role::NonTarget => ("tumour.other.organ", "tumour.other.place"),
        };
        let place = self.view.study.meanings.one(place).zip(self.baseline.as_ref()).and_then(|(item, sheet)| {
            sheet.at(&lesion.cell.group, &lesion.cell.group_repeat, item).map(|cell| cell.display.clone())
        });
        TumourRow {
            id: lesion.id.clone(),
            role: role(lesion.role),
            organ: self.organ(organ, &lesion.organ),
            place: place.unwrap_or_default(),
            node: lesion.node,
            cells: Vec::new(),
        }
    }

    fn organ(&self, concept: &str, code: &str) -> String {
        let item = self.view.study.meanings.one(concept).and_then(|item| self.view.study.items.get(item));
        item.map_or_else(|| code.to_owned(), |item| self.view.value(item, code))
    }

    fn at_baseline(&self, course: &Course, lesion: &LesionPlace) -> TumourCell {
        let state = lesion.size.as_ref().zip(self.baseline.as_ref()).and_then(|(cell, sheet)| sheet.cell(cell));
        let used = course.outcome.baseline.used.iter().find(|used| used.lesion == lesion.id);
        let mut cell = TumourCell { parts: 1, cell: Some(lesion.cell.to_string()), ..TumourCell::default() };
        if lesion.role == Role::NonTarget {
            cell.state = "PRESENT".to_owned();
        }
        if let Some(state) = state {
            cell.cell = Some(state.key.clone());
            take(&mut cell, state);
        }
        cell.mm = used.and_then(|used| used.size).map(millimetres);
        cell
    }

    fn new_rows(&self, columns: &Columns, scans: &[Scan<'_>]) -> Vec<TumourRow> {
        let mut rows: Vec<TumourRow> = Vec::new();
        for scan in scans {
            for row in scan.sheet.rows(columns, |_| true) {
                let Some(id) = scan.sheet.at(&columns.group, &row, &columns.id) else { continue };
                let id = id.typed.clone();
                if !rows.iter().any(|known| known.id == id) {
                    rows.push(self.new_row(columns, scan.sheet, &row, id));
                }
            }
        }
        for row in &mut rows {
            row.cells.push(TumourCell::default());
            row.cells.extend(scans.iter().map(|scan| cell(scan.sheet, Some(columns), &row.id, None, None)));
        }
        rows
    }

    fn new_row(&self, columns: &Columns, sheet: &Sheet, row: &Repeat, id: String) -> TumourRow {
        let said = |concept: &str| {
            let cell = self.view.study.meanings.one(concept).and_then(|item| sheet.at(&columns.group, row, item));
            cell.map(|cell| cell.display.clone()).unwrap_or_default()
        };
        let (organ, place) = (said("tumour.new.organ"), said("tumour.new.place"));
        TumourRow { id, role: LesionRole::New, organ, place, node: false, cells: Vec::new() }
    }
}

/// A lesion at an assessment.
fn cell(
    sheet: &Sheet,
    columns: Option<&Columns>,
    lesion: &str,
    used: Option<&Used>,
    treated: Option<&Oid>,
) -> TumourCell {
    let Some(columns) = columns else { return TumourCell::default() };
    let rows = sheet.rows(columns, |label| is_of(label, lesion));
    let mut cell = TumourCell { parts: u32::try_from(rows.len()).unwrap_or(u32::MAX), ..TumourCell::default() };
    let at = |row: &Repeat, item: &Oid| sheet.at(&columns.group, row, item);
    if let [row] = rows.as_slice() {
        let state = columns.state.as_ref().and_then(|item| at(row, item));
        if let Some(state) = state {
            state.typed.clone_into(&mut cell.state);
            cell.draft = state.draft.clone();
        }
        let shown = columns.sizes.iter().filter_map(|item| at(row, item)).filter(|size| size.visible);
        shown.for_each(|size| take(&mut cell, size));
    }
    for row in &rows {
        let parts = std::iter::once(&columns.id).chain(&columns.state).chain(&columns.sizes);
        let states = parts.filter_map(|item| at(row, item));
        cell.findings.extend(states.flat_map(|state| state.findings.iter().cloned()));
        let is_treated = treated.and_then(|item| at(row, item)).is_some_and(|state| state.typed == "Y");
        cell.treated |= is_treated;
    }
    cell.cell = rows.first().and_then(|row| at(row, &columns.id)).map(|state| state.key.clone());
    if let Some(used) = used {
        (cell.mm, cell.gone) = (used.size.map(millimetres), used.gone);
    }
    cell
}

/// The size of a cell and what was typed there.
fn take(cell: &mut TumourCell, size: &CellState) {
    if cell.size.is_empty() {
        size.typed.clone_into(&mut cell.size);
    }
    if size.draft.is_some() {
        cell.draft = size.draft.clone();
    }
}
