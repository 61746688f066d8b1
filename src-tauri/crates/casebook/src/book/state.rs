//! A form as a person sees it: rows, cells, and what stands against completing it.

use super::form::{Form, FormStatus, Tally};
use super::tally::groups;
use super::{Book, Cell, CellState};
use study::{CellKey, FormKey, Oid, Repeat, Severity, Study};

/// A form as it stands.
#[derive(Clone, Debug)]
pub struct FormState<'a> {
    /// Where it stands.
    pub status: FormStatus,
    /// What it holds and lacks.
    pub tally: Tally,
    /// Rows of its groups in the order of the form; a group that does not repeat has the row `1`.
    pub rows: Vec<RowState<'a>>,
    /// What stands against completing it, in the order of the form.
    pub blockers: Vec<Blocker>,
}

/// One row of one group.
#[derive(Clone, Debug)]
pub struct RowState<'a> {
    /// Group.
    pub group: Oid,
    /// Row key.
    pub repeat: Repeat,
    /// One cell for each item of the group, in its order.
    pub cells: Vec<CellView<'a>>,
}

/// One cell at its place.
#[derive(Clone, Debug)]
pub struct CellView<'a> {
    /// Its place.
    pub key: CellKey,
    /// Whether it must be answered.
    pub mandatory: bool,
    /// Whether it is computed and can't be typed.
    pub computed: bool,
    /// Whether skip logic hides it.
    pub hidden: bool,
    /// What it holds, if anything.
    pub cell: Option<&'a Cell>,
}

impl<'a> CellView<'a> {
    /// What it holds.
    pub fn state(&self) -> CellState<'a> {
        self.cell.map_or(CellState::Empty, Cell::state)
    }
}

/// Something that stands against completing a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// Where.
    pub cell: CellKey,
    /// What.
    pub why: Block,
}

/// Why a form can't be completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A mandatory item lacks an answer.
    Lacking,
    /// A hard finding stands, by this rule.
    Hard(Oid),
    /// A soft finding waits for a word, by this rule.
    Soft(Oid),
    /// Answers differ.
    Conflict,
}

impl Book {
    /// A form as a person sees it, whether or not anything was entered.
    pub fn form_state(&self, study: &Study, key: &FormKey) -> FormState<'_> {
        let form = self.forms.get(key);
        let mut rows = Vec::new();
        let mut blockers = Vec::new();
        if let Some(def) = study.forms.get(&key.form) {
            for group in groups(study, def, form) {
                for repeat in &group.rows {
                    let view = |item: &study::ItemRef| {
                        let place = key.cell(&group.at.group, repeat, &item.item);
                        let cell = form.and_then(|form| form.cell(&group.at.group, repeat, &item.item));
                        let hidden = self.hides(study, form, &place, cell);
                        CellView {
                            key: place,
                            mandatory: item.mandatory,
                            computed: item.method.is_some(),
                            hidden,
                            cell,
                        }
                    };
                    let cells: Vec<CellView<'_>> = group.def.items.iter().map(view).collect();
                    cells.iter().for_each(|cell| block(&mut blockers, cell));
                    rows.push(RowState { group: group.at.group.clone(), repeat: repeat.clone(), cells });
                }
            }
        }
        let mut tally = form.map(|form| form.tally).unwrap_or_default();
        if form.is_none() {
            let asked = rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.hidden && !cell.computed);
            asked.for_each(|cell| {
                tally.total += 1;
                tally.lacking += u32::from(cell.mandatory);
            });
        }
        FormState { status: form.map_or(FormStatus::Empty, Form::status), tally, rows, blockers }
    }

    /// Whether skip logic hides a cell. In a form of which nothing was said yet, the rules are asked now.
    fn hides(&self, study: &Study, form: Option<&Form>, place: &CellKey, cell: Option<&Cell>) -> bool {
        match form {
            Some(_) => cell.is_some_and(|cell| cell.hidden),
            None => self.skips(study, place),
        }
    }
}

fn block(blockers: &mut Vec<Blocker>, view: &CellView<'_>) {
    let mut add = |why| blockers.push(Blocker { cell: view.key.clone(), why });
    if view.state() == CellState::Conflict {
        add(Block::Conflict);
    }
    if view.hidden {
        return;
    }
    if let Some(cell) = view.cell {
        for finding in &cell.findings {
            match finding.severity {
                Severity::Hard => add(Block::Hard(finding.rule.clone())),
                Severity::Soft if cell.confirmation(finding).is_none() => add(Block::Soft(finding.rule.clone())),
                Severity::Soft => {}
            }
        }
    }
    if view.mandatory && !view.computed && view.state() == CellState::Empty {
        add(Block::Lacking);
    }
}
