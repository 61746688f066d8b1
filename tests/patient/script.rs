//! What is to be typed: the book of a patient that `cargo xtask practice` makes, read form by form.
//!
//! The patient of practice is entered by the program itself, through the same acts as a person's. Its book therefore says
//! what a nurse would have to enter, in which order, and what has to be confirmed; rows are named by their order, since
//! every computer names its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use practice::{CHART, PASSWORD, Pace, STAFF, Trial, study_file};
use screens::Now;
use screens::messages::{Control, FormShape, FormState, FormStatus, LabPart, Severity};
use site::Session;
use xtask::practice::{Material, VAULT, computer, make_trial, now};

use crate::window::Trouble;

const DAY_MS: u64 = 86_400_000;
const LANG: &str = "en";
/// Days from consent to randomisation of a practice patient.
const SCREENING_DAYS: u16 = 14;

/// One patient, visit by visit.
#[derive(Debug)]
pub struct Script {
    /// Visits in the order of their days; running records last.
    pub visits: Vec<Visit>,
}

/// A visit, or the running records.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Place, `SE.CYC[3]`.
    pub event: String,
    /// Its day, ISO 8601; none for running records and for what did not take place.
    pub date: Option<String>,
    /// It is recorded that it did not take place.
    pub missed: bool,
    /// No plan brings it: hands add it.
    pub added: bool,
    /// Forms that hold something, in the order of the screen.
    pub sheets: Vec<Sheet>,
}

/// A form.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Place, `SE.SCR[1]/F.DM[1]`.
    pub form: String,
    /// It was declared complete.
    pub complete: bool,
    /// Its rows; a group that does not repeat has one.
    pub rows: Vec<Row>,
}

/// A row of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The group.
    pub group: String,
    /// Whether rows are added by hand.
    pub repeating: bool,
    /// Its cells, in the order of the screen.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The item.
    pub item: String,
    /// How it is shown.
    pub control: Control,
    /// What stands in it.
    pub answer: Answer,
    /// The place of a choice, or of a reason, among those that are offered.
    pub place: Option<usize>,
    /// What the value is called where it is one of a list.
    pub label: String,
    /// Whether a form without it cannot be complete.
    pub mandatory: bool,
    /// The analyte of a laboratory panel that it is about, and whether it is the result itself.
    pub analyte: Option<(String, bool)>,
    /// Soft findings that were confirmed, by their rules.
    pub confirmed: Vec<String>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Nothing,
    /// A reason why there is no value, by its code.
    Missing(String),
    /// A value, as it would be typed.
    Value(String),
}

impl Script {
    /// Makes the first patient of a seed, whose randomisation falls on today, and reads the book as it stands so many
    /// days after consent.
    ///
    /// # Errors
    /// Practice cannot be made.
    pub fn invent(folder: &Path, seed: u64, days: u16) -> Result<Script, Trouble> {
        let ahead = u64::from(days.saturating_sub(SCREENING_DAYS)) * DAY_MS;
        let until = Now { at_ms: now().at_ms + ahead, ..now() };
        found(
            folder,
            &Trial {
                vault: VAULT,
                seed,
                subjects: 1,
                chart: CHART,
                until,
                pace: Pace { days: days.into(), lead: 1, session: 28 },
            },
        )?;
        let mut computer = computer(folder);
        computer.unlock(VAULT, STAFF[1].0, PASSWORD, until)?;
        read(&mut computer.session(until)?, "S01-001")
    }

    /// One of every kind of visit and form: of visits that repeat the first.
    #[must_use]
    pub fn one_of_each(mut self) -> Script {
        self.visits.retain(|visit| visit.event.ends_with("[1]"));
        self
    }

    /// The same with the limits of laboratories typed once, as if they stood in the register from then on. An analyte
    /// whose limits a form cannot do without keeps them.
    #[must_use]
    pub fn with_limits_once(mut self) -> Script {
        let mut limits = false;
        for sheet in self.visits.iter_mut().flat_map(|visit| &mut visit.sheets) {
            let beside = |cell: &Cell| match &cell.analyte {
                Some((code, false)) => Some(code.clone()),
                _ => None,
            };
            let cells = || sheet.rows.iter().flat_map(|row| &row.cells);
            let kept: Vec<String> =
                cells().filter(|cell| cell.mandatory && cell.item.ends_with("HI")).filter_map(beside).collect();
            let has = cells().any(|cell| cell.is_entered() && beside(cell).is_some());
            for cell in sheet.rows.iter_mut().flat_map(|row| &mut row.cells) {
                if limits && beside(cell).is_some_and(|code| !kept.contains(&code)) {
                    cell.answer = Answer::Nothing;
                }
            }
            limits |= has;
        }
        self
    }

    /// The same with a visit that no plan brings, on the day of another and with one of its forms.
    #[must_use]
    pub fn with_unscheduled(mut self, event: &str, like: &str, form: &str) -> Script {
        let Some(at) = self.visits.iter().position(|visit| visit.event == like) else { return self };
        let mut visit = Visit { event: event.to_owned(), added: true, ..self.visits[at].clone() };
        visit.sheets.retain(|sheet| sheet.form.ends_with(&format!("/{form}[1]")));
        for sheet in &mut visit.sheets {
            sheet.form = format!("{event}/{form}[1]");
        }
        self.visits.insert(at + 1, visit);
        self
    }

    /// Where another book holds something else than was to be typed; with `computed`, also what the program computes.
    #[must_use]
    pub fn differences(&self, held: &Script, computed: bool) -> Vec<String> {
        let sheets = |script: &Script| -> BTreeMap<String, Sheet> {
            let all = script.visits.iter().flat_map(|visit| &visit.sheets);
            all.map(|sheet| (sheet.form.clone(), sheet.clone())).collect()
        };
        let (wanted, held) = (sheets(self), sheets(held));
        let mut found = Vec::new();
        for (form, sheet) in &wanted {
            let cells = |sheet: Option<&Sheet>| sheet.map(|sheet| sheet.flat(computed)).unwrap_or_default();
            let (ours, theirs) = (cells(Some(sheet)), cells(held.get(form)));
            let places = ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>();
            let differs = places.into_iter().filter(|place| ours.get(*place) != theirs.get(*place));
            found.extend(differs.map(|at| format!("{form} {at:?}: {:?}, held {:?}", ours.get(at), theirs.get(at))));
            if sheet.complete && held.get(form).is_some_and(|held| !held.complete) {
                found.push(format!("{form} is not complete"));
            }
        }
        found
    }
}

/// A practice site of a seed with nobody in it: its slots are those of [`Script::invent`]'s.
///
/// # Errors
/// Practice cannot be made.
pub fn empty_site(folder: &Path, seed: u64) -> Result<(), Trouble> {
    found(
        folder,
        &Trial {
            vault: VAULT,
            seed,
            subjects: 0,
            chart: CHART,
            until: now(),
            pace: Pace { days: 1, lead: 1, session: 28 },
        },
    )
}

fn found(folder: &Path, trial: &Trial<'_>) -> Result<(), Trouble> {
    let material = Material { name: "hcc-oligoprogression.xml", study: study_file()?, chart: CHART };
    make_trial(folder, &material, trial).map_err(|error| error.to_string().into())
}

impl Sheet {
    /// What stands in it: by group, place of the row in it, and item.
    fn flat(&self, computed: bool) -> BTreeMap<(String, usize, String), Answer> {
        let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
        let mut flat = BTreeMap::new();
        for row in &self.rows {
            let nth = rows.entry(&row.group).or_default();
            let cells = row
                .cells
                .iter()
                .filter(|cell| if computed { cell.answer != Answer::Nothing } else { cell.is_entered() });
            flat.extend(cells.map(|cell| ((row.group.clone(), *nth, cell.item.clone()), cell.answer.clone())));
            *nth += 1;
        }
        flat
    }
}

impl Cell {
    /// Whether hands put something into it.
    pub fn is_entered(&self) -> bool {
        self.control != Control::Derived && self.answer != Answer::Nothing
    }
}

/// Reads a subject's book as it stands.
///
/// # Errors
/// What the vault says.
pub fn read(session: &mut Session<'_>, subject: &str) -> Result<Script, Trouble> {
    let view = session.speaking(LANG).subject_view(subject)?;
    let mut visits = Vec::new();
    for (at, column) in view.events.iter().enumerate() {
        let mut sheets = Vec::new();
        for mark in view.forms.iter().filter_map(|row| row.cells.get(at)?.as_ref()) {
            if mark.status == FormStatus::Empty {
                continue;
            }
            let shape = session.speaking(LANG).form_shape(subject, &mark.key.parse()?)?;
            let state = session.speaking(LANG).form_state(subject, &mark.key.parse()?)?;
            sheets.push(sheet(&shape, &state));
        }
        let missed = column.state == screens::messages::WindowState::Missed;
        if !sheets.is_empty() || missed || column.date.is_some() {
            visits.push(Visit { event: column.key.clone(), date: column.date.clone(), missed, added: false, sheets });
        }
    }
    // What did not take place stands where it was planned.
    visits.sort_by_key(|visit| {
        let planned =
            view.events.iter().find(|column| column.key == visit.event).and_then(|column| column.planned.clone());
        let day = visit.date.clone().or(planned.filter(|_| visit.missed));
        (day.is_none(), day)
    });
    Ok(Script { visits })
}

fn sheet(shape: &FormShape, state: &FormState) -> Sheet {
    let rows = state.rows.iter().filter_map(|row| {
        let group = shape.groups.iter().find(|group| group.oid == row.group)?;
        let cells = group.items.iter().zip(&row.cells).map(|(item, cell)| Cell {
            item: item.oid.clone(),
            place: match cell.missing.as_str() {
                "" => item.choices.iter().position(|choice| choice.code == cell.typed),
                code => item.missing.iter().position(|offered| offered == code),
            },
            label: cell.display.clone(),
            mandatory: item.mandatory,
            analyte: item.analyte.as_ref().map(|shape| (shape.code.clone(), shape.part == LabPart::Result)),
            control: item.control,
            answer: match (cell.missing.is_empty(), cell.typed.is_empty() || !cell.visible) {
                (false, _) => Answer::Missing(cell.missing.clone()),
                (_, true) => Answer::Nothing,
                _ if cell.unit.is_empty() || cell.unit == item.unit => Answer::Value(cell.typed.clone()),
                _ => Answer::Value(format!("{} {}", cell.typed, cell.unit)),
            },
            confirmed: (cell.findings.iter())
                .filter(|finding| finding.severity == Severity::Soft && finding.confirmed.is_some())
                .map(|finding| finding.rule.clone())
                .collect(),
        });
        Some(Row { group: row.group.clone(), repeating: group.repeating, cells: cells.collect() })
    });
    Sheet { form: shape.key.clone(), complete: state.status == FormStatus::Complete, rows: rows.collect() }
}
