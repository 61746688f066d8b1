//! The form screen: the questions of a form, its answers, and all that follows from them.

mod course;
mod prior;
mod shape;
mod sync;

pub use course::{Point, course};
pub use prior::PriorVersions;
pub(crate) use prior::earlier_label;
pub use shape::{choices, shape};
pub use sync::FormSync;

use std::collections::HashMap;

use casebook::book::{self, Block, Cell, CellState as Held, Given, QueryStatus};
use casebook::{Private, Stored};
use clinical::labs::Labs;
use study::value::Value;
use study::{CellKey, FormKey, ItemDef, Oid, Severity as Grave};

use crate::messages::{Blocker, BlockerKind, CellState, FindingView, FormState, FormStatus, RowState, Severity};
use crate::permissions::Command;
use crate::safety::{self, Context};
use crate::{View, lab, labels, typed};

/// What a form shows beside what its book holds.
#[derive(Default)]
pub struct Extras {
    /// What was typed into cells and is not an answer yet, as it was typed.
    pub drafts: HashMap<CellKey, Private>,
    /// By whom, by name, where it was not whoever is signed in.
    pub drafts_by: HashMap<CellKey, String>,
    /// The versions of the study under which the form's values were given.
    pub prior: PriorVersions,
    /// Changes of the whole vault that the center has not confirmed.
    pub unsent: u32,
}

/// The answers of a form and all that follows from them.
pub fn state(view: &View<'_>, extras: &Extras, key: &FormKey) -> FormState {
    let (study, book, reader) = (view.study, view.book, view.reader);
    let labs = Labs::new(study, book);
    // Of a form that this version retired nothing is asked; its values are listed below.
    let asked = study.has_form(key);
    let mut state = book.form_state(study, key);
    if !asked {
        (state.rows, state.blockers) = (Vec::new(), Vec::new());
    }
    let panel = lab::is_panel_form(study, key);
    let adverse = if panel { Context::read(*view, &labs) } else { None };
    let form = FormView { view: *view, extras, earlier: course::earlier(study, book, key), labs: &labs, adverse };
    FormState {
        key: key.to_string(),
        status: status(state.status),
        answered: state.tally.answered,
        total: state.tally.total,
        editable: asked && reader.may(Command::SaveItem),
        reason_needed: book.needs_reason(&reader.device, &key.cell("", "1", "")),
        event_date: book.event(&key.event_key()).and_then(|event| event.date()).map(str::to_owned),
        rows: state.rows.iter().map(|row| form.row(key, row)).collect(),
        blockers: form.blockers(&state),
        unsent: extras.unsent,
        clocks: safety::clocks(view, key),
        retired: prior::retired(view, &extras.prior, key),
    }
}

/// A form's status as it crosses to a UI.
pub fn status(status: book::FormStatus) -> FormStatus {
    match status {
        book::FormStatus::Empty => FormStatus::Empty,
        book::FormStatus::Started => FormStatus::Started,
        book::FormStatus::NotDone => FormStatus::NotDone,
        book::FormStatus::Complete => FormStatus::Complete,
    }
}

/// A form that is being drawn.
struct FormView<'a> {
    view: View<'a>,
    extras: &'a Extras,
    /// The same form at earlier visits, the latest first.
    earlier: Vec<FormKey>,
    labs: &'a Labs<'a>,
    /// The adverse events behind results, in a form with laboratory results.
    adverse: Option<Context<'a>>,
}

impl FormView<'_> {
    fn row(&self, form: &FormKey, row: &book::RowState<'_>) -> RowState {
        let reader = self.view.reader;
        let probe = form.cell(row.group.clone(), row.repeat.clone(), "");
        RowState {
            group: row.group.to_string(),
            repeat: row.repeat.to_string(),
            reason_needed: self.view.book.needs_reason(&reader.device, &probe),
            cells: row.cells.iter().map(|cell| self.cell(cell)).collect(),
        }
    }

    fn cell(&self, view: &book::CellView<'_>) -> CellState {
        let mut out = CellState { key: view.key.to_string(), visible: !view.hidden, ..CellState::default() };
        let Some(item) = self.view.study.items.get(&view.key.item) else { return out };
        match view.state() {
            Held::Empty => {}
            Held::Answered(given) => {
                self.answered(item, given, &mut out);
                out.earlier = prior::earlier_label(&self.view, &self.extras.prior, &view.key, given);
            }
            Held::Missing(_, missing) => missing.code().clone_into(&mut out.missing),
            Held::Conflict => out.conflict = self.sides(item, view.cell),
            Held::Derived(derived) => {
                out.display = self.view.value(item, derived.value.as_str());
                out.unit = self.view.unit(item.standard_unit());
            }
        }
        if view.computed {
            let derived = self.view.study.rules().derive(&view.key, self.view.book);
            out.trace = derived.map(|derived| derived.trace(self.view.study, self.view.language)).unwrap_or_default();
        } else {
            out.last = self.last(item, &view.key);
        }
        out.lab = lab::context(&self.view, self.labs, &view.key, self.adverse.as_ref());
        let reader = self.view.reader;
        if let Some(cell) = view.cell {
            out.findings = cell.findings().iter().map(|finding| self.finding(&view.key, cell, finding)).collect();
            out.at_center = cell.heads().next().is_some()
                && cell
                    .heads()
                    .all(|(_, given)| given.origin.log != reader.device || given.origin.seq <= reader.confirmed);
        }
        if let Some(draft) = self.extras.drafts.get(&view.key) {
            let fault = typed::read(self.view.study, item, draft.as_str()).err();
            out.draft_fault = fault.map(|fault| fault.code().to_owned()).unwrap_or_default();
            out.draft = Some(draft.as_str().to_owned());
            out.draft_by = self.extras.drafts_by.get(&view.key).cloned().unwrap_or_default();
        }
        let open = self.view.book.queries_of(&view.key).filter(|(_, query)| query.status() != QueryStatus::Closed);
        out.queries = u32::try_from(open.count()).unwrap_or(u32::MAX) + u32::from(!out.conflict.is_empty());
        out
    }

    fn answered(&self, item: &ItemDef, given: &Given, out: &mut CellState) {
        let stored = self.view.stored(given);
        let other_unit = given.unit.as_ref().filter(|unit| Some(*unit) != item.standard_unit());
        out.display = self.view.value(item, &stored);
        out.unit = self.view.unit(given.unit.as_ref().or(item.standard_unit()));
        out.typed = if other_unit.is_some() { format!("{stored} {}", out.unit) } else { stored.clone() };
        out.converted = other_unit.and_then(|unit| self.converted(item, &stored, unit)).unwrap_or_default();
    }

    /// The answers of several devices, each once.
    fn sides(&self, item: &ItemDef, cell: Option<&Cell>) -> Vec<String> {
        let mut sides = Vec::new();
        for (_, given) in cell.into_iter().flat_map(Cell::heads) {
            let said = match given.missing {
                Some(missing) => missing.code().to_owned(),
                None => self.view.value(item, &self.view.stored(given)),
            };
            if !sides.contains(&said) {
                sides.push(said);
            }
        }
        sides
    }

    /// A value in the standard unit, in words.
    fn converted(&self, item: &ItemDef, stored: &str, unit: &Oid) -> Option<String> {
        let number = match item.kind.read(stored).ok()? {
            Value::Number(number) => number,
            _ => return None,
        };
        let value = item.to_standard(number.decimal, Some(unit))?;
        let sign = number.qualifier.map(|qualifier| qualifier.sign()).unwrap_or_default();
        let symbol = self.view.unit(item.standard_unit());
        Some(format!("{sign}{} {symbol}", labels::shortened(value)).trim_end().to_owned())
    }

    /// The value of the same question at the latest earlier visit, in words.
    fn last(&self, item: &ItemDef, key: &CellKey) -> String {
        let held = |form: &FormKey| self.view.book.form(form)?.cell(&key.group, &key.group_repeat, &key.item);
        // A free text says little beside a field, so that none is looked up.
        let plain = |given: &Given| match &given.value {
            Some(Stored::Plain(value)) => value.as_str().to_owned(),
            _ => String::new(),
        };
        let earlier = self.earlier.iter().find_map(|form| match held(form)?.state() {
            Held::Answered(given) => Some((plain(given), given.unit.clone())),
            Held::Derived(derived) => Some((derived.value.as_str().to_owned(), None)),
            _ => None,
        });
        let Some((stored, unit)) = earlier else { return String::new() };
        let value = self.view.value(item, &stored);
        let other_unit = unit.filter(|unit| Some(unit) != item.standard_unit());
        format!("{value} {}", self.view.unit(other_unit.as_ref())).trim_end().to_owned()
    }

    fn finding(&self, key: &CellKey, cell: &Cell, finding: &book::Finding) -> FindingView {
        let confirmed = cell.confirmation(finding).map(|word| self.view.remark(&word.origin, word.comment));
        FindingView {
            rule: finding.rule.to_string(),
            severity: match finding.severity {
                Grave::Hard => Severity::Hard,
                Grave::Soft => Severity::Soft,
            },
            message: self.message(key, &finding.rule),
            confirmed,
        }
    }

    /// What a rule says of a cell, in the study's words.
    fn message(&self, key: &CellKey, rule: &Oid) -> String {
        let found = self.view.study.rules().findings(key, self.view.book).into_iter().find(|found| found.rule == *rule);
        found.map(|found| found.words(self.view.study, self.view.language)).unwrap_or_default()
    }

    /// What stands against completion: what the rules say, and what was typed and not accepted.
    fn blockers(&self, state: &book::FormState<'_>) -> Vec<Blocker> {
        let mut blockers: Vec<Blocker> = state
            .blockers
            .iter()
            .filter(|blocker| !self.extras.drafts.contains_key(&blocker.cell) || blocker.why != Block::Lacking)
            .map(|blocker| {
                let (kind, rule) = match &blocker.why {
                    Block::Lacking => (BlockerKind::Mandatory, None),
                    Block::Hard(rule) => (BlockerKind::Hard, Some(rule)),
                    Block::Soft(rule) => (BlockerKind::Soft, Some(rule)),
                    Block::Conflict => (BlockerKind::Conflict, None),
                };
                let message = rule.map(|rule| self.message(&blocker.cell, rule));
                Blocker {
                    key: blocker.cell.to_string(),
                    question: self.view.question(&blocker.cell.item),
                    kind,
                    rule: rule.map(|rule| rule.to_string()).unwrap_or_default(),
                    message: message.unwrap_or_default(),
                }
            })
            .collect();
        let cells =
            state.rows.iter().flat_map(|row| &row.cells).filter(|cell| self.extras.drafts.contains_key(&cell.key));
        blockers.extend(cells.map(|cell| Blocker {
            key: cell.key.to_string(),
            question: self.view.question(&cell.key.item),
            kind: BlockerKind::Draft,
            rule: String::new(),
            message: String::new(),
        }));
        let order: HashMap<String, usize> = state
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .enumerate()
            .map(|(n, cell)| (cell.key.to_string(), n))
            .collect();
        blockers.sort_by_key(|blocker| order.get(&blocker.key).copied());
        blockers
    }
}
