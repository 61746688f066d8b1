//! What must be true of a subject before its allocation is requested: named one by one, so that a person can see to it.

use casebook::{Block, Book, FormStatus};
use study::{CellKey, FormKey, Oid, Study};

use crate::plan::{Plan, first_form, place_of, value};

/// What a gate asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateKind {
    /// The subject was registered once: two devices may have given out the same key.
    Registered,
    /// Consent has a whole date.
    Consent,
    /// An answer is yes.
    Yes,
    /// A form is complete, and nothing hard stands against it.
    Form,
    /// A factor of stratification is known.
    Stratum,
    /// Something that has to be settled before is answered.
    Before,
}

/// One gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What it asks for.
    pub kind: GateKind,
    /// The form where it can be seen to; none for the registration.
    pub form: Option<FormKey>,
    /// The cell, where it is about one.
    pub cell: Option<CellKey>,
    /// Whether it is open.
    pub open: bool,
}

/// Every gate of a subject, in the order in which people see to them. There is no waiver: all must be open.
pub fn gates(book: &Book, study: &Study, plan: &Plan) -> Vec<Gate> {
    let mut gates =
        vec![Gate { kind: GateKind::Registered, form: None, cell: None, open: book.registrations().len() == 1 }];
    let mut ask = |kind, concept: &str, open: &dyn Fn(&CellKey) -> bool| {
        for cell in study.meanings.all(concept).iter().filter_map(|item| place_of(study, item)) {
            gates.push(of_cell(kind, &cell, open(&cell)));
        }
    };
    ask(GateKind::Consent, "subject.consent_date", &|cell| value(book, cell).is_some_and(|date| date.len() == 10));
    ask(GateKind::Yes, "allocation.must_be_yes", &|cell| {
        value(book, cell).is_some_and(|answer| matches!(answer.as_str(), "Y" | "true"))
    });
    for form in study.meanings.all("allocation.gate").iter().filter_map(|form| first_place(study, form)) {
        let open = skipped(book, study, &form) || is_complete(book, study, &form);
        gates.push(Gate { kind: GateKind::Form, form: Some(form), cell: None, open });
    }
    let lacking = plan.stratum(book).err().unwrap_or_default();
    for factor in &plan.factors {
        gates.push(of_cell(GateKind::Stratum, &factor.cell, !lacking.contains(&factor.cell)));
    }
    for cell in study.meanings.all("allocation.before").iter().filter_map(|item| place_of(study, item)) {
        let state = book.form_state(study, &cell.form);
        let asked = state.rows.iter().flat_map(|row| &row.cells).any(|view| view.key == cell && !view.hidden);
        if asked {
            let open = book.cell(&cell).is_some_and(|cell| cell.heads().any(|(_, given)| given.value.is_some()));
            gates.push(of_cell(GateKind::Before, &cell, open));
        }
    }
    gates
}

fn of_cell(kind: GateKind, cell: &CellKey, open: bool) -> Gate {
    Gate { kind, form: Some(cell.form.clone()), cell: Some(cell.clone()), open }
}

/// Where a form is asked for the first time in the course of the visits.
fn first_place(study: &Study, form: &Oid) -> Option<FormKey> {
    let event = study.events.iter().find(|event| event.forms.iter().any(|at| at.form == *form))?;
    Some(first_form(&event.oid, form))
}

/// Whether skip logic leaves the whole form out.
fn skipped(book: &Book, study: &Study, key: &FormKey) -> bool {
    let state = book.form_state(study, key);
    state.rows.iter().all(|row| row.cells.iter().all(|cell| cell.hidden))
}

fn is_complete(book: &Book, study: &Study, key: &FormKey) -> bool {
    let complete = book.form(key).is_some_and(|form| form.status() == FormStatus::Complete && !form.is_conflict());
    let hard = |why: &Block| matches!(why, Block::Hard(_) | Block::Conflict | Block::Lacking);
    complete && !book.form_state(study, key).blockers.iter().any(|blocker| hard(&blocker.why))
}
