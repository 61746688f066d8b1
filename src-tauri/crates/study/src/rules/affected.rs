//! Which rules must be asked again, and where, after something changed in a casebook.

use super::Rules;
use super::answers::Answers;
use super::node::{Reach, Read};
use super::rule::{Rule, RuleId, RuleKind};
use crate::{CellKey, EventKey, FormKey, Oid, Repeat};
use std::collections::{BTreeMap, BTreeSet};

/// A change in a subject's answers that rules may depend on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The value of a cell.
    Cell(CellKey),
    /// The rows of a group, or that the form exists at all.
    Rows(FormKey, Oid),
    /// The recorded date of an event.
    Date(EventKey),
}

/// Where a rule is asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The rules of one cell.
    Cell(CellKey),
    /// Of a group in a form.
    Group(FormKey, Oid),
    /// The conditions of one form.
    Form(FormKey),
    /// Of an event as a whole.
    Event(Oid),
}

/// One rule to ask at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Number of the rule to evaluate.
    pub rule: RuleId,
    /// Where it is to be evaluated.
    pub place: Place,
}

/// What a rule may be told of: cells of a form, as narrowly as is known.
#[derive(Clone, Debug)]
struct Touched {
    form: FormKey,
    group: Option<(Oid, Option<Repeat>)>,
    item: Option<Oid>,
}

impl Rules {
    /// Everything that must be asked again after `changes`, directly or through derived values and conditions, in an order
    /// in which nothing is asked before what it depends on. It may name more than what truly changes, never less, except
    /// that readings of earlier visits ([`super`]) need another round once a derived value did change.
    pub fn affected(&self, changes: &[Change], answers: &dyn Answers) -> Vec<Task> {
        let mut work = Work { rules: self, answers, found: BTreeMap::new() };
        for change in changes {
            match change {
                Change::Cell(cell) => {
                    let group = Some((cell.group.clone(), Some(cell.group_repeat.clone())));
                    work.touch(&Touched { form: cell.form.clone(), group, item: Some(cell.item.clone()) });
                }
                Change::Rows(form, group) => {
                    work.touch(&Touched { form: form.clone(), group: Some((group.clone(), None)), item: None });
                }
                Change::Date(_) => work.redate(),
            }
        }
        work.spread();
        let mut tasks: Vec<Task> = Vec::new();
        for (_, (rule, places)) in work.found {
            tasks.extend(places.into_iter().map(|place| Task { rule, place }));
        }
        tasks
    }
}

struct Work<'a> {
    rules: &'a Rules,
    answers: &'a dyn Answers,
    /// By rank.
    found: BTreeMap<u32, (RuleId, BTreeSet<Place>)>,
}

impl Work<'_> {
    /// Notes everything that reads what was touched.
    fn touch(&mut self, touched: &Touched) {
        let rules = self.rules;
        let candidates = match (&touched.item, &touched.group) {
            (Some(item), _) => rules.affected_by(item),
            (None, Some((group, _))) => rules.affected_by_rows(group),
            (None, None) => &[],
        };
        for &id in candidates {
            let rule = rules.get(id);
            for read in rule.reads().filter(|read| reads(read, touched)) {
                self.note(id, rule, read.reach, Some(touched));
            }
        }
    }

    fn redate(&mut self) {
        let rules = self.rules;
        for (id, rule) in rules.iter().filter(|(_, rule)| rule.reads_dates()) {
            self.note(id, rule, Reach::Subject, None);
        }
    }

    /// Goes on from what was noted to what reads it, in order of rank.
    fn spread(&mut self) {
        let mut done: Option<u32> = None;
        loop {
            let next = match done {
                None => self.found.iter().next(),
                Some(rank) => self.found.range(rank + 1..).next(),
            };
            let Some((&rank, (id, places))) = next else { break };
            let (id, places) = (*id, places.clone());
            done = Some(rank);
            let readers = &self.rules.0.graph.readers[id.index()];
            for &reader in readers {
                let reader = RuleId(reader);
                let rule = self.rules.get(reader);
                // What an earlier rank would read again comes through `previous`, and waits for the next round.
                if self.rules.0.graph.rank[reader.index()] <= rank {
                    continue;
                }
                for touched in places.iter().filter_map(touched_by) {
                    for read in rule.reads().filter(|read| reads(read, &touched)) {
                        self.note(reader, rule, read.reach, Some(&touched));
                    }
                }
            }
        }
    }

    /// Notes a rule at every place from which what was touched can be seen.
    fn note(&mut self, id: RuleId, rule: &Rule, reach: Reach, touched: Option<&Touched>) {
        let rank = self.rules.0.graph.rank[id.index()];
        let places = self.places(rule, reach, touched);
        if !places.is_empty() {
            self.found.entry(rank).or_insert_with(|| (id, BTreeSet::new())).1.extend(places);
        }
    }

    fn places(&self, rule: &Rule, reach: Reach, touched: Option<&Touched>) -> Vec<Place> {
        let target = &rule.target;
        if matches!(rule.kind, RuleKind::Until | RuleKind::Times) {
            return target.event.iter().map(|event| Place::Event(event.clone())).collect();
        }
        let Some(form) = &target.form else { return Vec::new() };
        let mut forms: Vec<FormKey> = match touched {
            Some(touched) if reach <= Reach::Form => vec![touched.form.clone()],
            Some(touched) => {
                let mut forms = self.answers.forms(form);
                if touched.form.form == *form && !forms.contains(&touched.form) {
                    forms.push(touched.form.clone());
                }
                if reach == Reach::Event {
                    let key = touched.form.event_key();
                    forms.retain(|form| form.event_key() == key);
                }
                forms
            }
            None => self.answers.forms(form),
        };
        forms.retain(|key| key.form == *form && target.event.as_ref().is_none_or(|event| *event == key.event));
        let row = touched.filter(|_| reach == Reach::Row).and_then(|touched| touched.group.as_ref()?.1.clone());
        forms.into_iter().flat_map(|form| self.places_in(rule, form, row.as_ref())).collect()
    }

    fn places_in(&self, rule: &Rule, form: FormKey, row: Option<&Repeat>) -> Vec<Place> {
        match (&rule.target.group, &rule.target.item) {
            (None, _) => vec![Place::Form(form)],
            (Some(group), None) => vec![Place::Group(form, group.clone())],
            (Some(group), Some(item)) => {
                let rows = match row {
                    Some(row) => vec![row.clone()],
                    None if self.rules.0.repeating.contains(group) => self.answers.rows(&form, group),
                    None => vec![Repeat::first()],
                };
                rows.into_iter().map(|row| Place::Cell(form.cell(group, row, item))).collect()
            }
        }
    }
}

fn touched_by(place: &Place) -> Option<Touched> {
    match place {
        Place::Cell(cell) => Some(Touched {
            form: cell.form.clone(),
            group: Some((cell.group.clone(), Some(cell.group_repeat.clone()))),
            item: Some(cell.item.clone()),
        }),
        Place::Group(form, group) => {
            Some(Touched { form: form.clone(), group: Some((group.clone(), None)), item: None })
        }
        Place::Form(form) => Some(Touched { form: form.clone(), group: None, item: None }),
        Place::Event(_) => None,
    }
}

fn reads(read: &Read, touched: &Touched) -> bool {
    let event = read.event.as_ref().is_none_or(|event| *event == touched.form.event);
    let group = match (&read.group, &touched.group) {
        (Some(read), Some((touched, _))) => read == touched,
        _ => true,
    };
    let item = match (&read.item, &touched.item) {
        (Some(read), Some(touched)) => read == touched,
        (None, Some(_)) => false,
        _ => true,
    };
    read.form == touched.form.form && event && group && item
}
