//! The rows of a laboratory's file, each held against what stands and against the rows before it.

use std::collections::BTreeMap;

use casebook::book::CellState;
use screens::labels;
use screens::messages::{LabFileRow, LabVerdict};
use study::value::{Entered, Value};
use study::{CellKey, FormKey, ItemDef, Oid};

use super::loaded::Loaded;
use super::row::{self, RowError, Said};
use crate::SiteError;
use crate::noun::Noun;
use crate::session::Session;

/// A row with what an import would do with it.
pub(super) struct Judged {
    pub(super) shown: LabFileRow,
    pub(super) bring: Option<Bring>,
}

/// What a row brings into a panel.
#[derive(Clone)]
pub(super) struct Bring {
    pub(super) subject: String,
    pub(super) cell: CellKey,
    pub(super) day: String,
    pub(super) entered: Entered,
    pub(super) limits: [Option<(CellKey, Entered)>; 2],
}

impl Session<'_> {
    /// What an import would do with each row.
    pub(super) fn judge(&mut self, loaded: &Loaded) -> Result<Vec<Judged>, SiteError> {
        let mut first: BTreeMap<(String, CellKey), Entered> = BTreeMap::new();
        let mut claimed: BTreeMap<(String, FormKey, Oid), String> = BTreeMap::new();
        let subjects: BTreeMap<String, String> =
            self.signed_in.open.subjects().map(|key| (key.to_lowercase(), key.to_owned())).collect();
        let mut judged = Vec::new();
        for said in row::said(&loaded.table, &loaded.mapping) {
            let mut shown = shown_of(&said);
            let mut bring = None;
            let found = match subjects.get(&said.subject.to_lowercase()) {
                None => Err(RowError::NoSubject),
                Some(subject) => {
                    let study = self.study_of(subject)?;
                    row::meant(&study, self.known(subject)?, &loaded.mapping, &said).map(|meant| {
                        let limits = row::limits(&study, &meant, &loaded.mapping, &said);
                        let visit = labels::event_label(&study, &meant.form.event_key());
                        let (cell, day) = (meant.cell(), meant.day.to_string());
                        (visit, Bring { subject: subject.clone(), cell, day, entered: meant.entered, limits })
                    })
                }
            };
            shown.verdict = match found {
                Err(error) => error.verdict(),
                Ok((visit, brought)) => {
                    shown.visit = visit;
                    let panel = (brought.subject.clone(), brought.cell.form.clone(), brought.cell.group.clone());
                    let day = claimed.entry(panel).or_insert_with(|| brought.day.clone());
                    let earlier = first.get(&(brought.subject.clone(), brought.cell.clone()));
                    let verdict = match earlier {
                        _ if *day != brought.day => LabVerdict::NoVisit,
                        Some(one) if same(one, &brought.entered) => LabVerdict::Again,
                        Some(_) => LabVerdict::Contradicts,
                        None => self.against(&brought, &mut shown)?,
                    };
                    if earlier.is_none() && verdict != LabVerdict::NoVisit {
                        first.insert((brought.subject.clone(), brought.cell.clone()), brought.entered.clone());
                        bring = Some(brought);
                    }
                    verdict
                }
            };
            judged.push(Judged { shown, bring });
        }
        Ok(judged)
    }

    /// A row held against what its cell holds.
    fn against(&mut self, brought: &Bring, shown: &mut LabFileRow) -> Result<LabVerdict, SiteError> {
        let cell = self.known(&brought.subject)?.cell(&brought.cell).cloned();
        Ok(match cell.as_ref().map(casebook::Cell::state) {
            None | Some(CellState::Empty) => LabVerdict::New,
            Some(CellState::Answered(given)) => {
                let (value, unit) = (self.stored(given)?, given.unit.clone());
                let study = self.study_of(&brought.subject)?;
                let symbol = labels::unit(&study, unit.as_ref(), "en");
                shown.standing = format!("{value} {symbol}").trim_end().to_owned();
                let standing = Entered { value, unit, raw: None };
                let item = study.items.get(&brought.cell.item).ok_or(SiteError::NoSuch(Noun::Item))?;
                match equal(item, &standing, &brought.entered) {
                    true => LabVerdict::Same,
                    false => LabVerdict::Differs,
                }
            }
            Some(CellState::Missing(_, missing)) => {
                missing.code().clone_into(&mut shown.standing);
                LabVerdict::Differs
            }
            Some(CellState::Conflict | CellState::Derived(_)) => LabVerdict::Differs,
        })
    }
}

fn shown_of(said: &Said<'_>) -> LabFileRow {
    LabFileRow {
        line: u32::try_from(said.line).unwrap_or(u32::MAX),
        subject: said.subject.to_owned(),
        date: said.date.to_owned(),
        test: said.test.to_owned(),
        result: format!("{} {}", said.result, said.unit).trim_end().to_owned(),
        visit: String::new(),
        standing: String::new(),
        verdict: LabVerdict::New,
    }
}

/// Whether two rows of a file say the same.
fn same(a: &Entered, b: &Entered) -> bool {
    (&a.value, &a.unit) == (&b.value, &b.unit)
}

/// Whether two values are one measurement: equal in the standard unit, with the same qualifier; `4.50` is `4.5` here.
fn equal(item: &ItemDef, a: &Entered, b: &Entered) -> bool {
    let standard = |entered: &Entered| match item.kind.read(&entered.value) {
        Ok(Value::Number(number)) => {
            Some((item.to_standard(number.decimal, entered.unit.as_ref())?.normalize(), number.qualifier))
        }
        _ => None,
    };
    // What is never converted is the same only in the same unit.
    match (standard(a), standard(b)) {
        (Some(a), Some(b)) => a == b,
        _ => same(a, b),
    }
}
