//! Names in expressions: items here and elsewhere, values over time, rows. What each may be is listed in [`super`].

use super::compile::{Compiler, Typed, literal_text};
use super::item_info::ItemInfo;
use super::names::Site;
use super::node::{History, Moment, Node, Reach, Reference, RowFact, RowsSite, RowsSource, Series, Span, Where};
use super::types::Type;
use crate::{Anchor, Oid};
use cel::common::ast::{Expr, IdedExpr};
use std::sync::Arc;

impl Compiler<'_> {
    /// A bare name.
    pub fn identifier(&mut self, name: &str) -> Typed {
        if let Some((place, (_, found))) = self.variables.iter().enumerate().rev().find(|(_, (known, _))| known == name)
        {
            return (Node::Variable(place), found.clone());
        }
        match self.here(name) {
            Err(reason) => return self.fault(reason),
            Ok(Some(typed)) => return typed,
            Ok(None) => {}
        }
        match name {
            "visit_date" if self.is_at_visit() => {
                self.reads_dates = true;
                (Node::VisitDate, Type::Date)
            }
            "visit" if self.is_at_visit() => (Node::Visit, Type::Text),
            "visit_repeat" if self.is_at_visit() => (Node::VisitRepeat, Type::Number),
            "today" | "now" => self.fault("a rule gives the same answer on any day: there is no today"),
            _ => match self.rows_here(name) {
                Some(typed) => typed,
                None => self.fault(format!("there is no item `{name}` here")),
            },
        }
    }

    fn is_at_visit(&self) -> bool {
        self.context.form.is_some()
    }

    /// An item of this group, or of a group without rows in this form.
    fn here(&mut self, name: &str) -> Result<Option<Typed>, String> {
        let Some(form) = self.context.form.clone() else { return Ok(None) };
        if let Some(group) = self.context.group.clone()
            && let Some(item) = self.names.member(&group, name)?.cloned()
        {
            return Ok(Some(self.reference(Where::Row, &form, group, item)));
        }
        let sites: Vec<Site> = self.names.sites_of_form(&form).into_iter().filter(|site| !site.repeating).collect();
        let series = self.names.series(&sites, name)?;
        match series.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(self.reference(Where::Form, &form, one.group.clone(), one.item.clone()))),
            _ => Err(format!("several groups of this form have an item `{name}`; write GROUP.{name}")),
        }
    }

    /// The rows of a group of this form.
    fn rows_here(&mut self, name: &str) -> Option<Typed> {
        let form = self.context.form.clone()?;
        let site = self
            .names
            .sites_of_form(&form)
            .into_iter()
            .find(|site| site.repeating && (site.group.short_name() == name || site.group == *name))?;
        let site = RowsSite { form: site.form, group: Some(site.group), repeating: true };
        Some(self.gather(Span::Form, vec![site]))
    }

    /// `VS.SYSBP`, `at("SCR","DM").BRTHDAT`, `row.AETERM`.
    pub fn member(&mut self, operand: &IdedExpr, field: &str) -> Typed {
        match &operand.expr {
            Expr::Ident(name) if !self.variables.iter().any(|(known, _)| known == name) => {
                match self.elsewhere(name, field) {
                    Err(reason) => return self.fault(reason),
                    Ok(Some(typed)) => return typed,
                    Ok(None) => {}
                }
            }
            Expr::Call(call) if call.target.is_none() && call.func_name == "at" => {
                return self.at(&call.args, Some(field));
            }
            _ => {}
        }
        let (node, found) = self.expression(operand);
        match found {
            Type::Row(source) => self.fact(node, source, field),
            Type::Any => (Node::Null, Type::Any),
            other => self.fault(format!("`.{field}` is asked of {other}")),
        }
    }

    /// `GROUP.ITEM` in this form, or in another form of this event.
    fn elsewhere(&mut self, name: &str, field: &str) -> Result<Option<Typed>, String> {
        let Some(form) = self.context.form.clone() else { return Ok(None) };
        if !self.names.is_form_or_group(name) {
            return Err(format!("there is no item `{name}` here, and no group or form"));
        }
        let own_group = self.context.group.clone();
        let all = self.names.sites(name);
        let in_form: Vec<Site> = all.iter().filter(|site| site.form == form).cloned().collect();
        let series = self.names.series(&in_form, field)?;
        let own = series.iter().find(|one| own_group.as_ref() == Some(&one.group));
        if let Some(one) = own {
            return Ok(Some(self.reference(Where::Row, &form, one.group.clone(), one.item.clone())));
        }
        match series.as_slice() {
            [one] if one.repeating => {
                return Err(format!("group {} has rows: which one? use {name}.filter(…)", one.group));
            }
            [one] => return Ok(Some(self.reference(Where::Form, &form, one.group.clone(), one.item.clone()))),
            [] => {}
            _ => return Err(format!("several groups called `{name}` have an item `{field}`")),
        }
        let at_event: Vec<Site> = all.into_iter().filter(|site| self.is_at_event(&site.form)).collect();
        match self.names.series(&at_event, field)?.as_slice() {
            [] => Err(format!("neither this form nor this event has `{name}.{field}`")),
            [one] => {
                self.refuse_repeats(one)?;
                let at = Where::Event { form: one.form.clone() };
                Ok(Some(self.reference(at, &one.form, one.group.clone(), one.item.clone())))
            }
            _ => Err(format!("several forms of this event have `{name}.{field}`")),
        }
    }

    fn is_at_event(&self, form: &Oid) -> bool {
        match (&self.context.event, &self.context.form) {
            (Some(event), _) => self.names.event_holds(event, form),
            (None, Some(own)) => self.names.share_event(own, form),
            (None, None) => false,
        }
    }

    fn refuse_repeats(&self, one: &Series) -> Result<(), String> {
        if one.repeating {
            return Err(format!("group {} has rows: which one?", one.group));
        }
        if self.names.form_repeats(&one.form) {
            return Err(format!("form {} repeats: which one?", one.form));
        }
        Ok(())
    }

    fn reference(&mut self, at: Where, form: &Oid, group: Oid, item: Arc<ItemInfo>) -> Typed {
        let (event, reach) = match &at {
            Where::Row => (None, Reach::Row),
            Where::Form => (None, Reach::Form),
            Where::Event { .. } => (None, Reach::Event),
            Where::At { event, .. } => (Some(event.clone()), Reach::Subject),
        };
        self.read(event.as_ref(), form, Some(&group), Some(&item.oid), reach, false);
        let found = Type::of(item.kind);
        let known =
            self.references.iter().position(|one| one.at == at && one.group == group && one.item.oid == item.oid);
        let place = known.unwrap_or_else(|| {
            self.references.push(Reference { at, group, item });
            self.references.len() - 1
        });
        (Node::Cell(place), found)
    }

    /// The item that a node reads, where it reads one.
    pub fn item_of(&self, node: &Node) -> Option<Arc<ItemInfo>> {
        match node {
            Node::Cell(place) => Some(self.references.get(*place)?.item.clone()),
            Node::History(place) => Some(self.histories.get(*place)?.series.first()?.item.clone()),
            Node::Fact(_, RowFact::Cell { item, .. }) => Some(item.clone()),
            _ => None,
        }
    }

    /// `at(…)`, `latest(…)` and the other words that reach beyond this form.
    pub fn access(&mut self, word: &str, args: &[IdedExpr]) -> Typed {
        let texts: Option<Vec<&str>> = args.iter().map(literal_text).collect();
        match (word, texts.as_deref()) {
            (_, None) => self.fault(format!("the names in {word}(…) are written out as text")),
            ("setting", Some([key])) => self.setting(key),
            ("at", Some(_)) => self.at(args, None),
            ("rows", Some([name])) => match self.names.rows_of(name) {
                Ok(sites) => self.nearest(sites),
                Err(reason) => self.fault(reason),
            },
            ("all_rows", Some([name])) => match self.names.rows_of(name) {
                Ok(sites) => self.gather(Span::Subject, sites),
                Err(reason) => self.fault(reason),
            },
            ("latest" | "previous" | "baseline", Some([place, item])) => match self.history(word, place, item) {
                Ok(typed) => typed,
                Err(reason) => self.fault(reason),
            },
            (_, Some(texts)) => self.fault(format!("{word} does not take {} arguments", texts.len())),
        }
    }

    fn at(&mut self, args: &[IdedExpr], field: Option<&str>) -> Typed {
        let texts: Vec<&str> = args.iter().filter_map(literal_text).collect();
        let &[event, place] = texts.as_slice() else {
            return self.fault("at takes the names of an event and of a form or group, written out as text");
        };
        let found = match field {
            Some(field) => self.at_cell(event, place, field),
            None => self.at_rows(event, place),
        };
        found.unwrap_or_else(|reason| self.fault(reason))
    }

    fn at_cell(&mut self, event: &str, place: &str, field: &str) -> Result<Typed, String> {
        let event = self.single_event(event)?;
        if !self.names.is_form_or_group(place) {
            return Err(format!("there is no form or group `{place}`"));
        }
        let sites: Vec<Site> =
            self.names.sites(place).into_iter().filter(|site| self.names.event_holds(&event, &site.form)).collect();
        if sites.is_empty() {
            return Err(format!("event {event} has no form or group `{place}`"));
        }
        match self.names.series(&sites, field)?.as_slice() {
            [] => Err(format!("`{place}` at {event} has no item `{field}`")),
            [one] => {
                self.refuse_repeats(one)?;
                let at = Where::At { event, form: one.form.clone() };
                Ok(self.reference(at, &one.form, one.group.clone(), one.item.clone()))
            }
            _ => Err(format!("several groups of `{place}` at {event} have an item `{field}`")),
        }
    }

    fn at_rows(&mut self, event: &str, place: &str) -> Result<Typed, String> {
        let event = self.single_event(event)?;
        let sites = self.names.rows_of(place)?;
        let sites: Vec<RowsSite> =
            sites.into_iter().filter(|site| self.names.event_holds(&event, &site.form)).collect();
        if sites.is_empty() {
            return Err(format!("event {event} has no form or group `{place}`"));
        }
        Ok(self.gather(Span::At(event), sites))
    }

    fn single_event(&self, name: &str) -> Result<Oid, String> {
        let event = self.names.event(name)?;
        match self.names.study.events.get(event) {
            Some(definition) if definition.repeating => {
                Err(format!("event {event} repeats: use latest, previous, baseline or rows"))
            }
            _ => Ok(event.clone()),
        }
    }

    fn history(&mut self, word: &str, place: &str, item: &str) -> Result<Typed, String> {
        if !self.names.is_form_or_group(place) {
            return Err(format!("there is no form or group `{place}`"));
        }
        let series = self.names.series(&self.names.sites(place), item)?;
        let Some(first) = series.first() else { return Err(format!("`{place}` has no item `{item}`")) };
        let found = Type::of(first.item.kind);
        if series.iter().any(|one| Type::of(one.item.kind) != found) {
            return Err(format!("the items `{item}` of `{place}` differ in type"));
        }
        let moment = match word {
            "latest" => Moment::Latest,
            "previous" => Moment::Previous,
            _ => Moment::Baseline(self.baseline_event()?),
        };
        if !self.is_at_visit() {
            return Err(format!("{word} counts from a visit, and there is none here"));
        }
        self.reads_dates = true;
        let earlier = moment == Moment::Previous;
        for one in &series {
            self.read(None, &one.form, Some(&one.group), Some(&one.item.oid), Reach::Subject, earlier);
        }
        self.histories.push(History { moment, series });
        Ok((Node::History(self.histories.len() - 1), found))
    }

    /// The event whose day is Day 1: what the study's setting names, or the only event that other events' plans count from.
    fn baseline_event(&self) -> Result<Oid, String> {
        if let Some(name) = self.names.study.setting("BASELINE_EVENT") {
            return self.names.event(name).cloned();
        }
        let mut anchors: Vec<&Oid> = Vec::new();
        for event in &self.names.study.events {
            if let Some(Anchor::Event(anchor)) = event.timing.as_ref().map(|timing| &timing.anchor)
                && !anchors.contains(&anchor)
            {
                anchors.push(anchor);
            }
        }
        match anchors.as_slice() {
            [one] => Ok((*one).clone()),
            _ => Err("baseline needs the setting BASELINE_EVENT".to_owned()),
        }
    }

    /// The rows of this form, of this event, or of the casebook: the nearest that the study has.
    fn nearest(&mut self, sites: Vec<RowsSite>) -> Typed {
        let own: Vec<RowsSite> = sites
            .iter()
            .filter(|site| Some(&site.form) == self.context.form.as_ref() && site.group.is_some())
            .cloned()
            .collect();
        if !own.is_empty() {
            return self.gather(Span::Form, own);
        }
        if self.context.form.is_none() {
            return self.gather(Span::Subject, sites);
        }
        let holds = |event: &Oid| sites.iter().any(|site| self.names.event_holds(event, &site.form));
        let events =
            self.names.study.events.iter().map(|event| &event.oid).filter(|event| holds(event)).cloned().collect();
        self.gather(Span::Nearest(events), sites)
    }

    fn gather(&mut self, span: Span, sites: Vec<RowsSite>) -> Typed {
        let (event, reach) = span_of(&span);
        for site in &sites {
            self.read(event.as_ref(), &site.form, site.group.as_ref(), None, reach, false);
        }
        let source = RowsSource { span, sites };
        let known = self.rows.iter().position(|one| one.span == source.span && one.sites == source.sites);
        let place = known.unwrap_or_else(|| {
            self.rows.push(source);
            self.rows.len() - 1
        });
        (Node::Rows(place), Type::List(Box::new(Type::Row(place))))
    }

    /// What is asked of a row.
    fn fact(&mut self, row: Node, source: usize, field: &str) -> Typed {
        match self.cell_of_row(source, field) {
            Err(reason) => return self.fault(reason),
            Ok(Some((group, item))) => {
                let found = Type::of(item.kind);
                return (Node::Fact(Box::new(row), RowFact::Cell { group, item }), found);
            }
            Ok(None) => {}
        }
        let (fact, found) = match field {
            "visit_date" => {
                self.reads_dates = true;
                (RowFact::VisitDate, Type::Date)
            }
            "visit" => (RowFact::Visit, Type::Text),
            "visit_repeat" => (RowFact::VisitRepeat, Type::Number),
            _ => return self.fault(format!("the rows have no item `{field}`")),
        };
        (Node::Fact(Box::new(row), fact), found)
    }

    /// The group and item that a row's field means: its own group's, or that of a group without rows beside it.
    fn cell_of_row(&mut self, source: usize, field: &str) -> Result<Option<(Oid, Arc<ItemInfo>)>, String> {
        let Some(source) = self.rows.get(source).cloned() else { return Ok(None) };
        let (event, reach) = span_of(&source.span);
        let mut found: Option<(Oid, Arc<ItemInfo>)> = None;
        for site in &source.sites {
            let own = match &site.group {
                Some(group) => self.names.member(group, field)?.map(|item| (group.clone(), item.clone())),
                None => None,
            };
            let beside = || -> Result<Option<(Oid, Arc<ItemInfo>)>, String> {
                let sites: Vec<Site> =
                    self.names.sites_of_form(&site.form).into_iter().filter(|site| !site.repeating).collect();
                match self.names.series(&sites, field)?.as_slice() {
                    [] => Ok(None),
                    [one] => Ok(Some((one.group.clone(), one.item.clone()))),
                    _ => Err(format!("several groups of form {} have an item `{field}`", site.form)),
                }
            };
            let here = if own.is_some() { own } else { beside()? };
            let Some((group, item)) = here else { continue };
            self.read(event.as_ref(), &site.form, Some(&group), Some(&item.oid), reach, false);
            match &found {
                Some((known, _)) if *known != group => return Err(format!("the rows have several items `{field}`")),
                _ => found = Some((group, item)),
            }
        }
        Ok(found)
    }
}

fn span_of(span: &Span) -> (Option<Oid>, Reach) {
    match span {
        Span::Form => (None, Reach::Form),
        Span::At(event) => (Some(event.clone()), Reach::Subject),
        Span::Nearest(_) | Span::Subject => (None, Reach::Subject),
    }
}
