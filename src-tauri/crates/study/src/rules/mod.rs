//! Skip logic, checks and derivations.
//!
//! Rules are written in the Common Expression Language. The `cel` crate gives the grammar; everything else is of this
//! room, because a trial needs what CEL's own values lack:
//!
//! - **Numbers are exact decimals.** `0.1 + 0.2 == 0.3`; `7 / 2` is 3.5. A literal is what was typed, to the last digit.
//! - **Missing is not zero.** An operation on something missing is missing; logic has three values (Kleene). Partial dates
//!   and numbers such as `<20` answer "unknown" where the known part does not decide. Unknown never raises a finding.
//! - **Everything is resolved when the study is read**: names, types, codes, patterns, cycles. All faults are listed.
//! - **Every evaluation ends**, reads only through [`Answers`], and gives the same bytes on every machine.
//!
//! # Names
//!
//! | written | means |
//! | --- | --- |
//! | `SYSBP` | the item of this group; otherwise the one item of that name in a group of this form that has no rows |
//! | `VS.SYSBP` | group `VS` of this form; otherwise group or form `VS` of this event |
//! | `at("SCR","DM").BRTHDAT` | an item at an event that takes place once |
//! | `latest("LB","ALB")` | the last value up to this visit; in running logs the last of all |
//! | `previous("VS","WEIGHT")` | the last value at an earlier visit |
//! | `baseline("LB","ALB")` | the last value up to the day of setting `BASELINE_EVENT`, or of the one event that plans count from |
//! | `AE` | the rows of group `AE` in this form |
//! | `rows("AE")` | rows of this form where it holds the group, else of this event where it does, else of the whole casebook |
//! | `all_rows("AE")` | rows of the whole casebook |
//! | `at("SCR","TT")` | the rows of a group with rows at that event |
//! | `visit_date`, `visit`, `visit_repeat` | date, name and number of this event; also of a row: `r.visit_date` |
//! | `setting("AGE_MIN")` | a clinical setting: a number or a date where its text is one |
//!
//! Forms, groups and events are called by the last segment of their OID or by the OID as a whole.
//!
//! # Functions
//!
//! `abs ceil floor round sqrt cbrt pow exp ln log10 min max sum count size distinct coalesce known
//! date year month day days (days_between) hours_between years_between age is_whole number text contains startsWith endsWith matches`
//! and the macros `all exists exists_one filter map`. [`Functions`] adds clinical ones.
//!
//! A rule that reads `previous(…)` depends on the same rules at earlier visits: whoever computes a casebook goes on until no
//! derived value changes any more, which it soon does, because time only runs forward.

mod access;
mod affected;
mod answers;
mod builtin;
mod check;
mod compile;
mod eval;
mod exact;
mod functions;
mod gather;
mod graph;
mod item_info;
mod kind;
mod load;
mod names;
mod node;
mod outcome;
mod rule;
mod survey;
mod syntax;
mod types;
mod value;

#[cfg(test)]
mod tests;

pub use affected::{Change, Place, Task};
pub use answers::{Answer, Answers};
pub use eval::Input;
pub use functions::{Call, Functions, OpenCall};
pub use kind::Kind;
pub use outcome::{Derived, Found};
pub use rule::{Rule, RuleId, RuleKind, Target};
pub use survey::{MakeSurvey, Survey, Surveyed};

use crate::value::Truth;
use crate::{CellKey, FormKey, MetaDataVersion, Oid, StudyIssue};
use eval::{EventFacts, Here, Machine};
use graph::Graph;
use rust_decimal::prelude::ToPrimitive;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use value::Val;

/// The compiled rules of a study. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct Rules(Arc<Compiled>);

#[derive(Debug, Default)]
struct Compiled {
    rules: Vec<Rule>,
    graph: Graph,
    events: HashMap<Oid, EventFacts>,
    /// Form, group, item.
    cells: HashMap<Oid, HashMap<Oid, HashMap<Oid, CellRules>>>,
    /// Conditions of groups, by form and group.
    groups: HashMap<Oid, HashMap<Oid, RuleId>>,
    /// Conditions of forms, by event and form.
    forms: HashMap<Oid, HashMap<Oid, RuleId>>,
    untils: HashMap<Oid, RuleId>,
    times: HashMap<Oid, RuleId>,
    /// Groups with rows.
    repeating: HashSet<Oid>,
}

/// The rules of one item in one group of one form.
#[derive(Debug, Default)]
struct CellRules {
    condition: Option<RuleId>,
    derivation: Option<RuleId>,
    checks: Vec<RuleId>,
}

impl Rules {
    /// Compiles the rules of a metadata version whose definitions are all resolved.
    ///
    /// # Errors
    /// Every fault of every expression, and every cycle.
    pub fn compile(study: &MetaDataVersion, functions: &Functions) -> Result<Self, Vec<StudyIssue>> {
        let functions = functions.of_study(study);
        let loaded = syntax::with_stack(|| load::load(study, &functions));
        let (rules, mut faults) =
            loaded.map_err(|error| vec![StudyIssue::new(&study.file, 0, None, error.to_string())])?;
        let graph = match Graph::of(study, &rules) {
            Ok(graph) => graph,
            Err(cycles) => {
                faults.extend(cycles);
                Graph::default()
            }
        };
        if !faults.is_empty() {
            return Err(faults);
        }
        let events = study.events.iter().enumerate().map(|(position, event)| {
            let is_log = event.kind == crate::EventKind::Common;
            (event.oid.clone(), EventFacts { position, is_log, name: event.oid.short_name().into() })
        });
        let repeating = study.groups.iter().filter(|group| group.repeating).map(|group| group.oid.clone()).collect();
        let mut compiled = Compiled { events: events.collect(), rules, graph, repeating, ..Compiled::default() };
        for number in 0..compiled.rules.len() {
            compiled.file_away(RuleId(u32::try_from(number).unwrap_or(u32::MAX)));
        }
        Ok(Self(Arc::new(compiled)))
    }

    /// Every rule, in document order.
    pub fn iter(&self) -> impl Iterator<Item = (RuleId, &Rule)> {
        (0u32..).map(RuleId).zip(&self.0.rules)
    }

    /// The rule with this number.
    pub fn get(&self, id: RuleId) -> &Rule {
        &self.0.rules[id.index()]
    }

    /// The rules that depend on an item, directly or through others, in an order in which none comes before what it
    /// depends on.
    pub fn affected_by(&self, item: &Oid) -> &[RuleId] {
        self.0.graph.of_item(item)
    }

    /// The rules that depend on which rows a group has, in the same order.
    pub fn affected_by_rows(&self, group: &Oid) -> &[RuleId] {
        self.0.graph.of_group(group)
    }

    /// Whether the item is not collected at this place: `Yes` hides it, `Unknown` leaves what holds data in sight. `No`
    /// where there is no condition.
    pub fn skips(&self, place: &CellKey, answers: &dyn Answers) -> Truth {
        match self.cell(place).and_then(|rules| rules.condition) {
            None => Truth::No,
            Some(id) => self.ask(id, answers, here(place)),
        }
    }

    /// Whether the group is not collected in this form.
    pub fn skips_group(&self, form: &FormKey, group: &Oid, answers: &dyn Answers) -> Truth {
        match self.0.groups.get(&form.form).and_then(|groups| groups.get(group)) {
            None => Truth::No,
            Some(&id) => self.ask(id, answers, Here { form: Some(form), row: None }),
        }
    }

    /// Whether the form is not collected at this event.
    pub fn skips_form(&self, form: &FormKey, answers: &dyn Answers) -> Truth {
        match self.0.forms.get(&form.event).and_then(|forms| forms.get(&form.form)) {
            None => Truth::No,
            Some(&id) => self.ask(id, answers, Here { form: Some(form), row: None }),
        }
    }

    /// Whether an event is planned no further. `No` where the study does not say when.
    pub fn ends(&self, event: &Oid, answers: &dyn Answers) -> Truth {
        match self.0.untils.get(event) {
            None => Truth::No,
            Some(&id) => self.ask(id, answers, Here { form: None, row: None }),
        }
    }

    /// How many repeats of an event there are: none where the study does not count them, 0 as long as it is not known.
    pub fn times(&self, event: &Oid, answers: &dyn Answers) -> Option<u32> {
        let program = self.get(*self.0.times.get(event)?).body.programs.first()?;
        let value = Machine::new(program, answers, &self.0.events, Here { form: None, row: None }).run();
        let count = match value {
            Val::Number(number) => number.as_exact().and_then(|count| count.to_u32()),
            _ => None,
        };
        Some(count.unwrap_or(0))
    }

    /// Whether the item is computed and never typed.
    pub fn is_derived(&self, form: &Oid, group: &Oid, item: &Oid) -> bool {
        self.of(form, group, item).is_some_and(|rules| rules.derivation.is_some())
    }

    /// The value of a derived item at its place. None where the item is not derived.
    pub fn derive(&self, place: &CellKey, answers: &dyn Answers) -> Option<Derived> {
        let rule = self.get(self.cell(place)?.derivation?);
        let program = rule.body.programs.first()?;
        let mut machine = Machine::new(program, answers, &self.0.events, here(place));
        machine.inputs = Some(Vec::new());
        let value = machine.run();
        let value = outcome::stored(&value, rule.stored_as);
        let inputs = machine.inputs.take().unwrap_or_default();
        Some(Derived { value, inputs, rule: rule.oid.clone(), formula: rule.words.clone(), text: program.text.clone() })
    }

    /// What the item's checks have to say of a cell, in document order; nothing where all is well or something is missing.
    pub fn findings(&self, place: &CellKey, answers: &dyn Answers) -> Vec<Found> {
        let Some(rules) = self.cell(place) else { return Vec::new() };
        rules.checks.iter().filter_map(|&id| self.finding(id, place, answers)).collect()
    }

    /// What one check has to say of a cell.
    pub fn finding(&self, id: RuleId, place: &CellKey, answers: &dyn Answers) -> Option<Found> {
        let rule = self.get(id);
        let RuleKind::Check(severity) = rule.kind else { return None };
        let mut inputs: Vec<Input> = Vec::new();
        let mut said = Vec::new();
        let mut met = Truth::Yes;
        if let Some(comparing) = &rule.body.comparing {
            let answer = answers.cell(place);
            let holds = comparing.holds(answer.clone());
            met = met.and(holds);
            if holds.is_no() {
                inputs.push(comparing.input(place, answer));
            }
        }
        for program in &rule.body.programs {
            let mut machine = Machine::new(program, answers, &self.0.events, here(place));
            let holds = machine.run().as_truth();
            met = met.and(holds);
            if holds.is_no() {
                // Asked again to learn what it looked at: few checks are unmet, and most need no list.
                let mut machine = Machine::new(program, answers, &self.0.events, here(place));
                machine.inputs = Some(Vec::new());
                machine.run();
                inputs.extend(machine.inputs.take().unwrap_or_default());
                said.append(&mut machine.said);
            }
        }
        met.is_no().then(|| Found {
            rule: rule.oid.clone(),
            severity,
            message: rule.words.clone(),
            place: place.clone(),
            inputs,
            said,
            dated: rule.reads_dates(),
        })
    }

    fn ask(&self, id: RuleId, answers: &dyn Answers, here: Here<'_>) -> Truth {
        let program = self.get(id).body.programs.first();
        program.map_or(Truth::Unknown, |program| Machine::new(program, answers, &self.0.events, here).run().as_truth())
    }

    fn cell(&self, place: &CellKey) -> Option<&CellRules> {
        self.of(&place.form.form, &place.group, &place.item)
    }

    fn of(&self, form: &Oid, group: &Oid, item: &Oid) -> Option<&CellRules> {
        self.0.cells.get(form)?.get(group)?.get(item)
    }
}

fn here(place: &CellKey) -> Here<'_> {
    Here { form: Some(&place.form), row: Some((&place.group, &place.group_repeat)) }
}

impl Compiled {
    /// Files a rule under what it speaks of.
    fn file_away(&mut self, id: RuleId) {
        let rule = &self.rules[id.index()];
        let Target { event, form, group, item } = rule.target.clone();
        match (rule.kind, event, form, group, item) {
            (RuleKind::Until, Some(event), ..) => {
                self.untils.insert(event, id);
            }
            (RuleKind::Times, Some(event), ..) => {
                self.times.insert(event, id);
            }
            (kind, _, Some(form), Some(group), Some(item)) => {
                let rules = self.cells.entry(form).or_default().entry(group).or_default().entry(item).or_default();
                match kind {
                    RuleKind::Condition => rules.condition = Some(id),
                    RuleKind::Derivation => rules.derivation = Some(id),
                    RuleKind::Check(_) | RuleKind::Until | RuleKind::Times => rules.checks.push(id),
                }
            }
            (_, _, Some(form), Some(group), None) => {
                self.groups.entry(form).or_default().insert(group, id);
            }
            (_, Some(event), Some(form), None, _) => {
                self.forms.entry(event).or_default().insert(form, id);
            }
            _ => {}
        }
    }
}
