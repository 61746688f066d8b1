//! Evaluation: a walk over the compiled tree that ends, reads only through [`Answers`], and gives the same on every machine.

use super::answers::Answers;
use super::exact;
use super::functions::{Body, Function};
use super::item_info::ItemInfo;
use super::kind::Kind;
use super::node::Surveying;
use super::node::{Arithmetic, Each, Loop, Node, Program, RowFact, Where};
use super::survey::Noting;
use super::value::{List, Row, Val};
use crate::value::{Comparison, Number, PartialDate, Truth, Value};
use crate::{CellKey, EventKey, FormKey, ItemKind, Oid, Repeat, Text};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Steps after which an evaluation is given up. A form's check takes some ten; a check over all pairs of five hundred rows
/// takes a million or two.
const FUEL: u32 = 5_000_000;

/// What evaluation needs to know of a study's events.
#[derive(Debug)]
pub(super) struct EventFacts {
    /// Place in the protocol.
    pub position: usize,
    /// Whether it is a running log, which has no day of its own.
    pub is_log: bool,
    /// Name in rules.
    pub name: Arc<str>,
}

/// Where a rule is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here<'a> {
    pub form: Option<&'a FormKey>,
    /// Group and row.
    pub row: Option<(&'a Oid, &'a Repeat)>,
}

/// A cell that an evaluation looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Key of the cell.
    pub place: CellKey,
    /// The name that rules have for its item.
    pub name: Arc<str>,
    /// Its value, numbers in the standard unit; none where the rule waits for it.
    pub value: Option<Value>,
    /// The unit of the value, where it is not the standard unit because there is no factor to it.
    pub unit: Option<Oid>,
}

/// One evaluation.
pub(super) struct Machine<'a> {
    pub program: &'a Program,
    pub answers: &'a dyn Answers,
    pub events: &'a HashMap<Oid, EventFacts>,
    pub here: Here<'a>,
    /// The cells looked at, where they are wanted.
    pub inputs: Option<Vec<Input>>,
    /// What surveys said, by their names; where the cells looked at are wanted.
    pub said: Vec<(Arc<str>, Text)>,
    variables: Vec<Val<'a>>,
    fuel: u32,
}

impl<'a> Machine<'a> {
    pub fn new(
        program: &'a Program,
        answers: &'a dyn Answers,
        events: &'a HashMap<Oid, EventFacts>,
        here: Here<'a>,
    ) -> Self {
        Self { program, answers, events, here, inputs: None, said: Vec::new(), variables: Vec::new(), fuel: FUEL }
    }

    /// The value of the whole expression; missing when it was given up.
    pub fn run(&mut self) -> Val<'a> {
        let program = self.program;
        let value = self.eval(&program.root);
        if self.fuel == 0 { Val::Missing } else { value }
    }

    /// Spends fuel; false once it is used up.
    pub fn spend(&mut self, steps: usize) -> bool {
        self.fuel = self.fuel.saturating_sub(u32::try_from(steps).unwrap_or(u32::MAX));
        self.fuel > 0
    }

    /// Walks down conditionals and to the left of sums without recursing, so that no chain within the limits overflows a
    /// small stack.
    fn eval(&mut self, node: &'a Node) -> Val<'a> {
        let mut node = node;
        while let Node::If(parts) = node {
            if !self.spend(1) {
                return Val::Missing;
            }
            node = match self.truth(&parts.0) {
                Truth::Yes => &parts.1,
                Truth::No => &parts.2,
                Truth::Unknown => return Val::Missing,
            };
        }
        match node {
            Node::Arithmetic(..) => self.sum(node),
            Node::Compare(question, pair) if matches!(pair.0, Node::Compare(..)) => {
                self.comparisons(*question, &pair.0, &pair.1)
            }
            _ => self.eval_one(node),
        }
    }

    /// `a + b - c …`, from the left.
    fn sum(&mut self, node: &'a Node) -> Val<'a> {
        let mut steps: Vec<(Arithmetic, &'a Node)> = Vec::new();
        let mut first = node;
        while let Node::Arithmetic(operator, pair) = first {
            steps.push((*operator, &pair.1));
            first = &pair.0;
        }
        let mut left = self.eval(first);
        for (operator, right) in steps.into_iter().rev() {
            if !self.spend(1) {
                return Val::Missing;
            }
            let right = self.eval(right);
            left = self.arithmetic(operator, &left, &right);
        }
        left
    }

    /// `a == b == c …`, from the left.
    fn comparisons(&mut self, question: Comparison, left: &'a Node, right: &'a Node) -> Val<'a> {
        let mut steps = vec![(question, right)];
        let mut first = left;
        while let Node::Compare(question, pair) = first {
            steps.push((*question, &pair.1));
            first = &pair.0;
        }
        let mut left = self.eval(first);
        for (question, right) in steps.into_iter().rev() {
            let right = self.eval(right);
            left = Val::truth(left.compare(question, &right));
        }
        left
    }

    fn eval_one(&mut self, node: &'a Node) -> Val<'a> {
        if !self.spend(1) {
            return Val::Missing;
        }
        match node {
            Node::Null => Val::Missing,
            Node::Bool(value) => Val::Bool(*value),
            Node::Number(decimal) => Val::decimal(*decimal),
            Node::Text(text) => Val::Text(Cow::Borrowed(text)),
            Node::Date(date) => Val::Date(*date),
            Node::Cell(place) => self.cell(*place),
            Node::History(place) => self.history(*place),
            Node::Rows(place) => self.rows(*place),
            Node::VisitDate => self.visit_date().map_or(Val::Missing, Val::Date),
            Node::Visit => self.here.form.map_or(Val::Missing, |form| self.event_name(&form.event)),
            Node::VisitRepeat => self.here.form.map_or(Val::Missing, |form| repeat_number(&form.event_repeat)),
            Node::Variable(place) => self.variables.get(*place).cloned().unwrap_or(Val::Missing),
            Node::Fact(row, fact) => self.fact(row, fact),
            Node::Not(inner) => Val::truth(self.truth(inner).negate()),
            Node::And(pair) => {
                let first = self.truth(&pair.0);
                if first.is_no() { Val::Bool(false) } else { Val::truth(first.and(self.truth(&pair.1))) }
            }
            Node::Or(pair) => {
                let first = self.truth(&pair.0);
                if first.is_yes() { Val::Bool(true) } else { Val::truth(first.or(self.truth(&pair.1))) }
            }
            Node::Compare(question, pair) => self.compare(*question, &pair.0, &pair.1),
            Node::Present(inner) => Val::Bool(!matches!(self.eval(inner), Val::Missing)),
            Node::In(pair) => self.membership(&pair.0, &pair.1),
            Node::Negate(inner) => self.eval(inner).exact().map_or(Val::Missing, |x| Val::decimal(-x)),
            Node::List(members) => {
                let members = members.iter().map(|member| self.eval(member)).collect();
                Val::List(Rc::new(List { members, unsure: false }))
            }
            Node::Index(pair) => self.index(&pair.0, &pair.1),
            Node::Loop(each) => self.each(each),
            Node::Call(builtin, args) => {
                let args: Vec<Val<'a>> = args.iter().map(|arg| self.eval(arg)).collect();
                self.charge(&args);
                builtin.call(&args)
            }
            Node::External(function, args) => self.external(function, args),
            Node::Survey(call) => self.survey(call),
            Node::If(..) | Node::Arithmetic(..) => self.eval(node),
            Node::Matches(text, regex) => match self.eval(text) {
                Val::Text(text) if self.spend(text.len()) => Val::Bool(regex.is_match(&text)),
                _ => Val::Missing,
            },
        }
    }

    /// Work on a list costs its length, and on two lists their product.
    fn charge(&mut self, args: &[Val<'a>]) {
        let length = |arg: &Val<'a>| match arg {
            Val::List(list) => list.members.len(),
            Val::Text(text) => text.len() / 64,
            _ => 0,
        };
        let longest = args.iter().map(length).max().unwrap_or(0);
        self.spend(longest);
    }

    fn truth(&mut self, node: &'a Node) -> Truth {
        self.eval(node).as_truth()
    }

    fn compare(&mut self, question: Comparison, a: &'a Node, b: &'a Node) -> Val<'a> {
        let left = self.eval(a);
        // The right side is looked at even where the left is missing: a trace names everything that is waited for.
        let right = self.eval(b);
        Val::truth(left.compare(question, &right))
    }

    fn membership(&mut self, value: &'a Node, list: &'a Node) -> Val<'a> {
        let value = self.eval(value);
        match (value, self.eval(list)) {
            (Val::Missing, _) => Val::Missing,
            (value, Val::List(list)) if self.spend(list.members.len()) => Val::truth(list.holds(&value)),
            _ => Val::Missing,
        }
    }

    fn index(&mut self, list: &'a Node, place: &'a Node) -> Val<'a> {
        let list = self.eval(list);
        let place = self.eval(place).exact().and_then(exact::as_index);
        match (list, place) {
            (Val::List(list), Some(place)) if !list.unsure => list.members.get(place).cloned().unwrap_or(Val::Missing),
            _ => Val::Missing,
        }
    }

    fn arithmetic(&mut self, operator: Arithmetic, left: &Val<'a>, right: &Val<'a>) -> Val<'a> {
        let days = |date: &PartialDate, days: Decimal, sign: i32| {
            let days = i32::try_from(days).ok().filter(|_| days.fract().is_zero())?.checked_mul(sign)?;
            date.plus_days(days)
        };
        match (operator, left, right) {
            (_, Val::Number(x), Val::Number(y)) => {
                let result = x.as_exact().zip(y.as_exact()).and_then(|(x, y)| reckon(operator, x, y));
                result.map_or(Val::Missing, Val::decimal)
            }
            (Arithmetic::Add, Val::Text(x), Val::Text(y)) => {
                let joined = format!("{x}{y}");
                if self.spend(joined.len()) { Val::Text(Cow::Owned(joined)) } else { Val::Missing }
            }
            (Arithmetic::Add, Val::Date(date), Val::Number(n)) => {
                n.as_exact().and_then(|n| days(date, n, 1)).map_or(Val::Missing, Val::Date)
            }
            (Arithmetic::Subtract, Val::Date(date), Val::Number(n)) => {
                n.as_exact().and_then(|n| days(date, n, -1)).map_or(Val::Missing, Val::Date)
            }
            (Arithmetic::Subtract, Val::Date(to), Val::Date(from)) => {
                from.days_to(to).map_or(Val::Missing, |n| Val::decimal(Decimal::from(n)))
            }
            (Arithmetic::Add, Val::List(x), Val::List(y)) => {
                let members: Vec<Val<'a>> = x.members.iter().chain(&y.members).cloned().collect();
                let unsure = x.unsure || y.unsure;
                if self.spend(members.len()) { Val::List(Rc::new(List { members, unsure })) } else { Val::Missing }
            }
            _ => Val::Missing,
        }
    }

    fn each(&mut self, each: &'a Loop) -> Val<'a> {
        let Val::List(list) = self.eval(&each.list) else { return Val::Missing };
        let mut kept = List { members: Vec::new(), unsure: list.unsure };
        let mut any = if list.unsure { Truth::Unknown } else { Truth::No };
        let mut all = any.negate();
        let (mut hits, mut doubts) = (0usize, usize::from(list.unsure));
        for member in &list.members {
            if !self.spend(1) {
                return Val::Missing;
            }
            self.variables.push(member.clone());
            let wanted = each.only.as_ref().map_or(Truth::Yes, |only| self.truth(only));
            let result = if wanted.is_no() { Val::Missing } else { self.eval(&each.body) };
            self.variables.pop();
            match (each.each, wanted) {
                (Each::Map, Truth::Yes) => kept.members.push(result),
                (Each::Map, Truth::No) => {}
                (Each::Map, Truth::Unknown) => kept.unsure = true,
                (kind, _) => {
                    let truth = result.as_truth();
                    any = any.or(truth);
                    all = all.and(truth);
                    match truth {
                        Truth::Yes => hits += 1,
                        Truth::Unknown => doubts += 1,
                        Truth::No => {}
                    }
                    match (kind, truth) {
                        (Each::Filter, Truth::Yes) => kept.members.push(member.clone()),
                        (Each::Filter, Truth::Unknown) => kept.unsure = true,
                        (Each::Exists, Truth::Yes) => return Val::Bool(true),
                        (Each::All, Truth::No) => return Val::Bool(false),
                        _ => {}
                    }
                }
            }
        }
        match each.each {
            Each::Filter | Each::Map => Val::List(Rc::new(kept)),
            Each::Exists => Val::truth(any),
            Each::All => Val::truth(all),
            Each::ExistsOne if hits > 1 => Val::Bool(false),
            Each::ExistsOne if doubts > 0 => Val::Missing,
            Each::ExistsOne => Val::Bool(hits == 1),
        }
    }

    fn arguments(&mut self, args: &'a [Node], params: &[Kind]) -> Vec<Option<Value>> {
        let values = args.iter().zip(params).map(|(arg, kind)| {
            let value = self.eval(arg).to_value();
            match (kind, value) {
                (Kind::Date, Some(Value::DateTime(moment))) => Some(Value::Date(moment.date())),
                (_, value) => value,
            }
        });
        values.collect()
    }

    fn survey(&mut self, call: &'a Surveying) -> Val<'a> {
        let values = self.arguments(&call.args, &call.params);
        let Some(here) = self.here.form else { return Val::Missing };
        if self.inputs.is_none() {
            // Nobody wants to know what it looked at, so it may answer from what it knows.
            return call.survey.ask(here, &values, self.answers).value.map_or(Val::Missing, Val::of);
        }
        let noting = Noting::new(self.answers);
        let surveyed = call.survey.ask(here, &values, &noting);
        let seen = noting.seen();
        if !self.spend(seen.len() + 1) {
            return Val::Missing;
        }
        for place in seen.into_iter().filter(|place| !surveyed.aside.contains(&place.form)) {
            if let Some(item) = call.items.get(&place.item) {
                self.read(place, item);
            }
        }
        self.said.push((call.name.clone(), surveyed.words));
        surveyed.value.map_or(Val::Missing, Val::of)
    }

    fn external(&mut self, function: &'a Function, args: &'a [Node]) -> Val<'a> {
        let values = self.arguments(args, &function.params);
        let result = match &function.body {
            Body::Grades(table) => match values.as_slice() {
                [Some(term), Some(grade)] => term
                    .as_text()
                    .zip(grade.as_text())
                    .and_then(|(term, grade)| table.exists(term, grade))
                    .map(Value::Bool),
                _ => None,
            },
            // A survey is a node of its own.
            Body::Make(_) | Body::Survey(_) => None,
            Body::Open(call) => call(&values),
            Body::Strict(call) => values.into_iter().collect::<Option<Vec<Value>>>().and_then(|values| call(&values)),
        };
        result.map_or(Val::Missing, Val::of)
    }

    fn cell(&mut self, place: usize) -> Val<'a> {
        let program = self.program;
        let (Some(form), Some(reference)) = (self.here.form, program.references.get(place)) else {
            return match program.references.get(place).map(|reference| (&reference.at, reference)) {
                Some((Where::At { event, form }, reference)) => {
                    let form = FormKey {
                        event: event.clone(),
                        event_repeat: Repeat::first(),
                        form: form.clone(),
                        form_repeat: Repeat::first(),
                    };
                    self.read(form.cell(&reference.group, Repeat::first(), &reference.item.oid), &reference.item)
                }
                _ => Val::Missing,
            };
        };
        let (form, repeat) = match &reference.at {
            Where::Row => (form.clone(), self.here.row.map_or_else(Repeat::first, |(_, repeat)| repeat.clone())),
            Where::Form => (form.clone(), Repeat::first()),
            Where::Event { form: other } => {
                let there = FormKey { form: other.clone(), form_repeat: Repeat::first(), ..form.clone() };
                (there, Repeat::first())
            }
            Where::At { event, form } => {
                let there = FormKey {
                    event: event.clone(),
                    event_repeat: Repeat::first(),
                    form: form.clone(),
                    form_repeat: Repeat::first(),
                };
                (there, Repeat::first())
            }
        };
        let place =
            CellKey { form, group: reference.group.clone(), group_repeat: repeat, item: reference.item.oid.clone() };
        self.read(place, &reference.item)
    }

    /// The value of a cell in the item's standard unit.
    pub fn read(&mut self, place: CellKey, item: &'a ItemInfo) -> Val<'a> {
        let value =
            self.answers.cell(&place).map_or(Val::Missing, |answer| meaning(answer.value, answer.unit.as_ref(), item));
        if let Some(inputs) = &mut self.inputs
            && !inputs.iter().any(|input| input.place == place)
        {
            inputs.push(Input { place, name: item.name.clone(), value: value.to_value(), unit: None });
        }
        value
    }

    fn fact(&mut self, row: &'a Node, fact: &'a RowFact) -> Val<'a> {
        let Val::Row(row) = self.eval(row) else { return Val::Missing };
        match fact {
            RowFact::Cell { group, item } => {
                let repeat = match &row.group {
                    Some((own, repeat)) if own == group => repeat.clone(),
                    _ => Repeat::first(),
                };
                self.read(row.form.cell(group, repeat, &item.oid), item)
            }
            RowFact::VisitDate => self.date_of(&row).map_or(Val::Missing, Val::Date),
            RowFact::Visit => self.event_name(&row.form.event),
            RowFact::VisitRepeat => repeat_number(&row.form.event_repeat),
        }
    }

    fn date_of(&self, row: &Row) -> Option<PartialDate> {
        self.answers.event_date(&row.form.event_key())
    }

    /// The recorded date of this visit.
    pub fn visit_date(&self) -> Option<PartialDate> {
        let form = self.here.form?;
        self.answers.event_date(&EventKey { event: form.event.clone(), repeat: form.event_repeat.clone() })
    }

    fn event_name(&self, event: &Oid) -> Val<'a> {
        self.events.get(event).map_or(Val::Missing, |facts| Val::Text(Cow::Borrowed(&facts.name)))
    }
}

fn repeat_number<'a>(repeat: &Repeat) -> Val<'a> {
    repeat.number().map_or(Val::Missing, |n| Val::decimal(Decimal::from(n)))
}

/// What a stored text means for its item, as a number in the standard unit.
pub(super) fn meaning<'a>(text: Cow<'a, str>, unit: Option<&Oid>, item: &ItemInfo) -> Val<'a> {
    if matches!(item.kind, ItemKind::Text | ItemKind::String) {
        return Val::Text(text);
    }
    match item.kind.read(&text).map(Val::of) {
        Err(_) => Val::Missing,
        Ok(Val::Number(number)) => match item.factor(unit) {
            Some(factor) if factor == Decimal::ONE => Val::Number(number),
            Some(factor) => number
                .decimal
                .checked_mul(factor)
                .map_or(Val::Missing, |decimal| Val::Number(Number { decimal: decimal.normalize(), ..number })),
            None => Val::Missing,
        },
        Ok(value) => value,
    }
}

fn reckon(operator: Arithmetic, x: Decimal, y: Decimal) -> Option<Decimal> {
    match operator {
        Arithmetic::Add => x.checked_add(y),
        Arithmetic::Subtract => x.checked_sub(y),
        Arithmetic::Multiply => x.checked_mul(y),
        Arithmetic::Divide => exact::divide(x, y),
        Arithmetic::Remainder => x.checked_rem(y),
    }
}
