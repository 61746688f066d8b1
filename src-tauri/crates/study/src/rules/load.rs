//! From a study's definitions to its rules, with every fault.

use super::check::Comparing;
use super::compile::{Context, compile};
use super::functions::Functions;
use super::names::Names;
use super::node::{Program, Reach, Read};
use super::rule::{Body, Rule, RuleKind, StoredAs, Target};
use super::syntax::{self, Parsed};
use super::types::Type;
use crate::{
    Check, EventDef, Expression, FormDef, GroupDef, GroupRef, ItemKind, ItemRef, MetaDataVersion, Oid, StudyIssue, Text,
};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Compiles every condition, method, check and end of repetition of a study, in document order.
pub(super) fn load(study: &MetaDataVersion, functions: &Functions) -> (Vec<Rule>, Vec<StudyIssue>) {
    let mut loader = Loader {
        names: Names::of(study),
        functions,
        parsed: HashMap::new(),
        text: 0,
        rules: Vec::new(),
        faults: Vec::new(),
        told: HashSet::new(),
    };
    for event in &study.events {
        loader.event(event);
    }
    for form in &study.forms {
        for reference in &form.groups {
            loader.group(form, reference);
        }
    }
    (loader.rules, loader.faults)
}

/// Most bytes of expressions in a study, each different one counted once. More would take seconds to parse.
const MOST_TEXT: usize = 1 << 20;
/// Most places at which expressions stand: shared forms and groups multiply them.
const MOST_RULES: usize = 50_000;

struct Loader<'a> {
    names: Names<'a>,
    functions: &'a Functions,
    /// Expressions by their text.
    parsed: HashMap<&'a str, Rc<Result<Parsed, String>>>,
    /// Bytes parsed.
    text: usize,
    rules: Vec<Rule>,
    faults: Vec<StudyIssue>,
    told: HashSet<(u32, Oid, String)>,
}

impl<'a> Loader<'a> {
    fn study(&self) -> &'a MetaDataVersion {
        self.names.study
    }

    fn fault(&mut self, line: u32, oid: &Oid, reason: String) {
        // An expression that stands in several forms is told once.
        if self.told.insert((line, oid.clone(), reason.clone())) {
            self.faults.push(StudyIssue::new(&self.study().file, line, Some(oid), reason));
        }
    }

    fn event(&mut self, event: &'a EventDef) {
        for reference in &event.forms {
            let target =
                Target { event: Some(event.oid.clone()), form: Some(reference.form.clone()), ..Target::default() };
            self.condition(reference.condition.as_ref(), target);
        }
        let Some(repeat) = event.timing.as_ref().and_then(|timing| timing.repeat.as_ref()) else { return };
        for (expression, kind, wanted) in
            [(&repeat.times, RuleKind::Times, Type::Number), (&repeat.until, RuleKind::Until, Type::Bool)]
        {
            let Some(expression) = expression else { continue };
            let target = Target { event: Some(event.oid.clone()), ..Target::default() };
            if let Some(program) = self.program(&Context::default(), expression, &event.oid, &wanted) {
                self.push(&event.oid, kind, target, Text::default(), program);
            }
        }
    }

    fn group(&mut self, form: &'a FormDef, reference: &'a GroupRef) {
        let target = Target { form: Some(form.oid.clone()), group: Some(reference.group.clone()), ..Target::default() };
        self.condition(reference.condition.as_ref(), target);
        let Some(group) = self.study().groups.get(&reference.group) else { return };
        for item in &group.items {
            self.item(form, group, item);
        }
    }

    fn item(&mut self, form: &'a FormDef, group: &'a GroupDef, reference: &'a ItemRef) {
        let target = Target {
            event: None,
            form: Some(form.oid.clone()),
            group: Some(group.oid.clone()),
            item: Some(reference.item.clone()),
        };
        self.condition(reference.condition.as_ref(), target.clone());
        self.derivation(reference, target.clone());
        let Some(item) = self.study().items.get(&reference.item) else { return };
        for check in &item.checks {
            self.check(check, item.line, target.clone());
        }
    }

    fn context(target: &Target) -> Context {
        // What hides a group is asked of the form: its rows may not even exist.
        let group = target.item.as_ref().and(target.group.clone());
        Context { event: target.event.clone(), form: target.form.clone(), group }
    }

    fn condition(&mut self, condition: Option<&Oid>, target: Target) {
        let Some(condition) = condition.and_then(|oid| self.study().conditions.get(oid)) else { return };
        let Some(expression) = self.only_cel(&condition.expressions, &condition.oid) else { return };
        if let Some(program) = self.program(&Self::context(&target), expression, &condition.oid, &Type::Bool) {
            self.push(&condition.oid, RuleKind::Condition, target, Text::default(), program);
        }
    }

    fn derivation(&mut self, reference: &ItemRef, target: Target) {
        let Some(method) = reference.method.as_ref().and_then(|oid| self.study().methods.get(oid)) else { return };
        let Some(item) = self.study().items.get(&reference.item) else { return };
        if !method.computes {
            return;
        }
        let Some(expression) = self.only_cel(&method.expressions, &method.oid) else { return };
        let wanted = Type::of(item.kind);
        if let Some(program) = self.program(&Self::context(&target), expression, &method.oid, &wanted) {
            self.push(&method.oid, RuleKind::Derivation, target, method.description.clone(), program);
            if let Some(rule) = self.rules.last_mut() {
                rule.stored_as = StoredAs { kind: item.kind, digits: item.digits };
            }
        }
    }

    fn check(&mut self, check: &'a Check, item_line: u32, target: Target) {
        let Some(info) = target.item.as_ref().and_then(|oid| self.names.item(oid)).cloned() else { return };
        let Some(form) = target.form.clone() else { return };
        let read = Read {
            event: None,
            form,
            group: target.group.clone(),
            item: target.item.clone(),
            reach: Reach::Row,
            earlier: false,
        };
        let comparing = Comparing::of(check, &info, read).unwrap_or_else(|reason| {
            let line = if check.line > 0 { check.line } else { item_line };
            self.fault(line, &check.id, reason);
            None
        });
        let mut programs = Vec::new();
        for expression in check.expressions.iter().filter(|expression| expression.is_cel()) {
            programs.extend(self.program(&Self::context(&target), expression, &check.id, &Type::Bool));
        }
        if comparing.is_some() || !programs.is_empty() {
            self.rules.push(Rule {
                oid: check.id.clone(),
                kind: RuleKind::Check(check.severity),
                target,
                words: check.message.clone(),
                body: Body { programs, comparing },
                stored_as: StoredAs { kind: ItemKind::Text, digits: None },
            });
        }
    }

    fn only_cel(&mut self, expressions: &'a [Expression], oid: &Oid) -> Option<&'a Expression> {
        let mut found = expressions.iter().filter(|expression| expression.is_cel());
        let first = found.next();
        if let Some(second) = found.next() {
            self.fault(second.line, oid, "has more than one CEL expression".to_owned());
        }
        first
    }

    fn program(&mut self, context: &Context, expression: &'a Expression, oid: &Oid, wanted: &Type) -> Option<Program> {
        if self.rules.len() >= MOST_RULES {
            let file = self.study().file.clone();
            let fault = StudyIssue::new(&file, 0, None, format!("there are more than {MOST_RULES} rules"));
            if self.faults.last() != Some(&fault) {
                self.faults.push(fault);
            }
            return None;
        }
        let parsed = self.parse(&expression.text);
        let reasons = match parsed.as_ref() {
            Ok(parsed) => match compile(&self.names, self.functions, context, parsed, wanted) {
                Ok(program) => return Some(program),
                Err(reasons) => reasons,
            },
            Err(reason) => vec![reason.clone()],
        };
        for reason in reasons {
            self.fault(expression.line, oid, reason);
        }
        None
    }

    fn parse(&mut self, text: &'a str) -> Rc<Result<Parsed, String>> {
        if let Some(parsed) = self.parsed.get(text) {
            return parsed.clone();
        }
        self.text = self.text.saturating_add(text.len());
        let parsed = if self.text > MOST_TEXT {
            Err(format!("the rules are longer than {MOST_TEXT} bytes altogether"))
        } else {
            syntax::parse(text)
        };
        let parsed = Rc::new(parsed);
        self.parsed.insert(text, parsed.clone());
        parsed
    }

    fn push(&mut self, oid: &Oid, kind: RuleKind, target: Target, words: Text, program: Program) {
        let body = Body { programs: vec![program], comparing: None };
        self.rules.push(Rule {
            oid: oid.clone(),
            kind,
            target,
            words,
            body,
            stored_as: StoredAs { kind: ItemKind::Text, digits: None },
        });
    }
}
