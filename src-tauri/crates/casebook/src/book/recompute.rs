//! What the study's rules make of the answers: computed values, what is hidden, findings, counts, the overview.
//!
//! It is incremental: the rules say which of them read what changed, and only those are asked again, in the order of
//! their dependencies. The result is the one state in which every rule agrees with what it reads, so it does not depend on
//! what was recomputed before.

use super::form::{CellPlace, RowPlace};
use super::tally::groups;
use super::{Book, BookRow, Cell, Changed, Derived, Edition, Finding};
use crate::act;
use crate::ids::EntryId;
use std::collections::BTreeSet;
use study::rules::{Change, Found, Input, Place, RuleId, RuleKind, Rules, Task};
use study::{CellKey, FormKey, Oid, Study};

/// Rounds after which it stops: each needs a value of an earlier visit that the round before computed, so a casebook
/// with this many visits in one chain of computations would be needed to reach it.
const MOST_ROUNDS: usize = 1000;

impl Book {
    /// Asks the rules again about everything that changed since the last call, and about what depends on it. Doing
    /// so after each entry gives the same rows as doing it once at the end. Under another metadata version than the last time,
    /// everything is asked again.
    pub fn recompute(&mut self, study: &Study) {
        self.leave_version(study);
        self.read_under(study);
        let changed = std::mem::take(&mut self.changed);
        let mut work =
            Recomputation { study, rules: study.rules(), recount: changed.forms.clone(), changes: Vec::new() };
        self.ask_new(&mut work, &changed);
        work.changes.extend(changed.cells.into_iter().map(Change::Cell));
        work.changes.extend(changed.events.into_iter().map(Change::Date));
        for _ in 0..MOST_ROUNDS {
            if work.changes.is_empty() {
                break;
            }
            let changes = std::mem::take(&mut work.changes);
            for task in work.rules.affected(&changes, self) {
                self.ask(&mut work, &task);
            }
        }
        self.count(study, &work.recount);
        self.overview = self.make_overview(study);
    }

    /// Asks every rule of places that are new, and forgets what was said of places that are gone.
    fn ask_new(&mut self, work: &mut Recomputation<'_>, changed: &Changed) {
        for cell in &changed.cells {
            match self.row_not_added(work.study, cell) {
                Some(row) => {
                    self.ask_row(work, &cell.form, &row);
                    work.changes.push(Change::Rows(cell.form.clone(), row.group));
                }
                None => self.update_hidden(work, cell),
            }
        }
        for key in &changed.forms {
            let is_new = self.forms.get_mut(key).is_some_and(|form| !std::mem::replace(&mut form.asked, true));
            self.update_form_hidden(work, key);
            if is_new {
                self.ask_form(work, key);
                let groups = work.study.forms.get(&key.form).into_iter().flat_map(|def| &def.groups);
                work.changes.extend(groups.map(|at| Change::Rows(key.clone(), at.group.clone())));
            }
        }
        for (key, row) in &changed.rows {
            self.ask_row(work, key, row);
            work.changes.push(Change::Rows(key.clone(), row.group.clone()));
        }
    }

    /// The row of a cell where it stands by its cells alone, because its addition has not arrived.
    fn row_not_added(&self, study: &Study, cell: &CellKey) -> Option<RowPlace> {
        let row = RowPlace { group: cell.group.clone(), repeat: cell.group_repeat.clone() };
        let repeats = study.groups.get(&cell.group).is_some_and(|group| group.repeating);
        let added = || self.forms.get(&cell.form).is_some_and(|form| form.rows.contains_key(&row));
        (repeats && !added()).then_some(row)
    }

    /// Asks every rule of every cell of a form.
    fn ask_form(&mut self, work: &mut Recomputation<'_>, key: &FormKey) {
        let Some(def) = work.study.forms.get(&key.form) else { return };
        for group in groups(work.study, def, self.forms.get(key)) {
            for repeat in group.rows {
                self.ask_row(work, key, &RowPlace { group: group.at.group.clone(), repeat });
            }
        }
    }

    /// Asks every rule of every cell of a row, or takes back what was said of a row that is gone.
    fn ask_row(&mut self, work: &mut Recomputation<'_>, key: &FormKey, row: &RowPlace) {
        let Some(def) = work.study.groups.get(&row.group) else { return };
        for item in &def.items {
            let place = key.cell(&row.group, &row.repeat, &item.item);
            self.update_hidden(work, &place);
            self.update_derived(work, &place);
            self.update_findings(work, &place);
            // What stands in a row that came or went is now read, or no longer.
            if self.cell(&place).is_some_and(Cell::holds_data) {
                work.changes.push(Change::Cell(place));
            }
        }
    }

    fn ask(&mut self, work: &mut Recomputation<'_>, task: &Task) {
        let kind = work.rules.get(task.rule).kind;
        match (&task.place, kind) {
            (Place::Cell(place), RuleKind::Condition) => self.update_hidden(work, place),
            (Place::Cell(place), RuleKind::Derivation) => self.update_derived(work, place),
            (Place::Cell(place), RuleKind::Check(_)) => self.update_finding(work, task.rule, place),
            (Place::Group(form, group), _) => self.update_group_hidden(work, form, Some(group)),
            (Place::Form(form), _) => {
                self.update_form_hidden(work, form);
                self.update_group_hidden(work, form, None);
            }
            // The plan is made anew with the overview.
            (Place::Event(_), _) | (Place::Cell(_), RuleKind::Until | RuleKind::Times) => {}
        }
    }

    /// Changes what the rules say of a cell; a cell of which nothing is left to keep is dropped.
    fn edit(&mut self, work: &mut Recomputation<'_>, place: &CellKey, change: impl FnOnce(&mut Cell)) {
        let Some(form) = self.forms.get_mut(&place.form) else { return };
        self.edition = Edition::default();
        let at = CellPlace { group: place.group.clone(), repeat: place.group_repeat.clone(), item: place.item.clone() };
        let cell = form.cells.entry(at.clone()).or_default();
        change(cell);
        if cell.is_blank() {
            form.cells.remove(&at);
        }
        self.dirty.insert(BookRow::Cell(place.form.clone(), at));
        if !work.recount.contains(&place.form) {
            work.recount.insert(place.form.clone());
        }
    }

    /// Whether skip logic leaves a cell out: what is not known leaves out what holds nothing.
    pub(crate) fn skips(&self, study: &Study, place: &CellKey) -> bool {
        let rules = study.rules();
        let mut truths = [
            rules.skips(place, self),
            rules.skips_group(&place.form, &place.group, self),
            rules.skips_form(&place.form, self),
        ]
        .into_iter();
        let holds = self.cell(place).is_some_and(Cell::holds_data);
        truths.any(|truth| truth.is_yes() || (!holds && !truth.is_no()))
    }

    /// Whether the cell stands in a row that was removed: it keeps its answers, but nothing is computed or said of it.
    fn is_gone(&self, place: &CellKey) -> bool {
        let form = self.forms.get(&place.form);
        form.is_some_and(|form| !form.rows.is_empty() && form.is_removed(&place.group, &place.group_repeat))
    }

    fn update_hidden(&mut self, work: &mut Recomputation<'_>, place: &CellKey) {
        let hidden = !self.is_gone(place) && self.skips(work.study, place);
        if self.cell(place).is_some_and(|cell| cell.hidden) == hidden {
            return;
        }
        self.edit(work, place, |cell| cell.hidden = hidden);
        // Nobody reads what holds nothing, hidden or not; a computed value follows below.
        if self.cell(place).is_some_and(Cell::holds_data) {
            work.changes.push(Change::Cell(place.clone()));
        }
        self.update_derived(work, place);
        self.update_findings(work, place);
    }

    fn update_group_hidden(&mut self, work: &mut Recomputation<'_>, form: &FormKey, group: Option<&Oid>) {
        let Some(def) = work.study.forms.get(&form.form) else { return };
        for found in groups(work.study, def, self.forms.get(form)) {
            if group.is_none_or(|group| *group == found.at.group) {
                for repeat in &found.rows {
                    for item in &found.def.items {
                        self.update_hidden(work, &form.cell(&found.at.group, repeat, &item.item));
                    }
                }
            }
        }
    }

    fn update_form_hidden(&mut self, work: &mut Recomputation<'_>, key: &FormKey) {
        let hidden = self.is_form_hidden(work.study, key);
        if let Some(form) = self.forms.get_mut(key)
            && form.tally.hidden != hidden
        {
            form.tally.hidden = hidden;
            self.dirty.insert(BookRow::Form(key.clone()));
            work.recount.insert(key.clone());
        }
    }

    /// Whether skip logic leaves out a whole form.
    pub fn is_form_hidden(&self, study: &Study, key: &FormKey) -> bool {
        let truth = study.rules().skips_form(key, self);
        let holds = || self.forms.get(key).is_some_and(|form| form.cells.values().any(Cell::holds_data));
        truth.is_yes() || (!truth.is_no() && !holds())
    }

    fn update_derived(&mut self, work: &mut Recomputation<'_>, place: &CellKey) {
        if !work.rules.is_derived(&place.form.form, &place.group, &place.item) {
            return;
        }
        let known = self.cell(place);
        let computed = match known {
            Some(cell) if cell.hidden => None,
            _ if self.is_gone(place) => None,
            _ => work.rules.derive(place, self),
        };
        let derived = computed.and_then(|computed| {
            let inputs = self.behind(&computed.inputs);
            Some(Derived { value: computed.value?.into(), inputs })
        });
        if known.and_then(|cell| cell.derived.as_ref()) == derived.as_ref() {
            return;
        }
        self.edit(work, place, |cell| cell.derived = derived);
        work.changes.push(Change::Cell(place.clone()));
    }

    fn update_findings(&mut self, work: &mut Recomputation<'_>, place: &CellKey) {
        let is_silent = self.cell(place).is_some_and(|cell| cell.hidden) || self.is_gone(place);
        let found = if is_silent { Vec::new() } else { work.rules.findings(place, self) };
        let findings: Vec<Finding> = found.iter().map(|found| self.finding(found)).collect();
        if self.cell(place).map_or(&[][..], |cell| &cell.findings) != findings {
            self.edit(work, place, |cell| cell.findings = findings);
        }
    }

    fn update_finding(&mut self, work: &mut Recomputation<'_>, rule: RuleId, place: &CellKey) {
        let known = self.cell(place);
        let is_silent = known.is_some_and(|cell| cell.hidden) || self.is_gone(place);
        let found = if is_silent { None } else { work.rules.finding(rule, place, self) };
        let name = &work.rules.get(rule).oid;
        let before = known.and_then(|cell| cell.findings.iter().find(|finding| finding.rule == *name));
        let after = found.map(|found| self.finding(&found));
        if before != after.as_ref() {
            // Anew as a whole, so that findings keep the order of the study.
            self.update_findings(work, place);
        }
    }

    fn finding(&self, found: &Found) -> Finding {
        let mut operands = self.behind(&found.inputs);
        if found.dated {
            operands = act::bases(operands.into_iter().chain(self.event_bases(&found.place.event_key())));
        }
        Finding { rule: found.rule.clone(), severity: found.severity, operands }
    }

    /// The entries behind what a rule looked at.
    fn behind(&self, inputs: &[Input]) -> Vec<EntryId> {
        act::bases(inputs.iter().flat_map(|input| self.entries_behind(&input.place)))
    }

    fn count(&mut self, study: &Study, forms: &BTreeSet<FormKey>) {
        for key in forms {
            let tally = self.tally(study, key);
            if let Some(form) = self.forms.get_mut(key)
                && form.tally != tally
            {
                form.tally = tally;
                self.dirty.insert(BookRow::Form(key.clone()));
            }
        }
    }
}

/// What one recomputation carries along.
struct Recomputation<'s> {
    study: &'s Study,
    rules: &'s Rules,
    /// Forms whose counts are to be made anew.
    recount: BTreeSet<FormKey>,
    /// What changed and was not yet followed up.
    changes: Vec<Change>,
}
