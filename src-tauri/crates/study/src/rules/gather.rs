//! Rows and values over time: what an evaluation collects from several places, in one order on every machine.

use super::eval::Machine;
use super::node::{History, Moment, RowsSite, Series, Span};
use super::value::{List, Row, Val};
use crate::{EventKey, FormKey, Oid, Repeat};
use std::rc::Rc;

/// A form on the line of time: its day, whether it is of this very visit, its place in the protocol, its repeat.
type When = (i32, bool, usize, Repeat, Repeat);

impl<'a> Machine<'a> {
    /// The rows of a source: in protocol order of their forms, then as they are shown.
    pub fn rows(&mut self, place: usize) -> Val<'a> {
        let program = self.program;
        let Some(source) = program.rows.get(place) else { return Val::Missing };
        let mut members = Vec::new();
        for site in &source.sites {
            let mut forms = self.forms_of(site, &source.span);
            forms.sort_by_cached_key(|form| {
                (self.position(&form.event), form.event_repeat.clone(), form.form_repeat.clone())
            });
            for form in forms {
                self.rows_of_form(form, site, &mut members);
                if !self.spend(members.len() / 8 + 1) {
                    return Val::Missing;
                }
            }
        }
        Val::List(Rc::new(List { members, unsure: false }))
    }

    fn forms_of(&self, site: &RowsSite, span: &Span) -> Vec<FormKey> {
        let all = || self.answers.forms(&site.form);
        match (span, self.here.form) {
            (Span::Form, Some(here)) => vec![here.clone()],
            (Span::At(event), _) => all().into_iter().filter(|form| form.event == *event).collect(),
            (Span::Nearest(events), Some(here)) if events.contains(&here.event) => {
                let same = |form: &FormKey| form.event == here.event && form.event_repeat == here.event_repeat;
                all().into_iter().filter(same).collect()
            }
            _ => all(),
        }
    }

    fn rows_of_form(&mut self, form: FormKey, site: &RowsSite, members: &mut Vec<Val<'a>>) {
        match &site.group {
            Some(group) if site.repeating => {
                for repeat in self.answers.rows(&form, group) {
                    members.push(Val::Row(Rc::new(Row { form: form.clone(), group: Some((group.clone(), repeat)) })));
                }
            }
            Some(group) => members.push(Val::Row(Rc::new(Row { form, group: Some((group.clone(), Repeat::first())) }))),
            None => members.push(Val::Row(Rc::new(Row { form, group: None }))),
        }
    }

    fn position(&self, event: &Oid) -> usize {
        self.events.get(event).map_or(usize::MAX, |facts| facts.position)
    }

    /// One value among those that an item has over time.
    pub fn history(&mut self, place: usize) -> Val<'a> {
        let program = self.program;
        let (Some(history), Some(here)) = (program.histories.get(place), self.here.form) else { return Val::Missing };
        let mut candidates = self.candidates(history, here);
        candidates.sort_by(|(a, ..), (b, ..)| b.cmp(a));
        for (_, form, series) in candidates {
            let rows = if series.repeating { self.answers.rows(&form, &series.group) } else { vec![Repeat::first()] };
            if !self.spend(rows.len() + 1) {
                return Val::Missing;
            }
            for row in rows.into_iter().rev() {
                let place = form.cell(&series.group, row, &series.item.oid);
                // Only the one that is used counts as looked at: an empty visit is not waited for.
                if self.answers.cell(&place).is_none() {
                    continue;
                }
                let value = self.read(place, &series.item);
                if !matches!(value, Val::Missing) {
                    return value;
                }
            }
        }
        Val::Missing
    }

    fn candidates(&self, history: &'a History, here: &FormKey) -> Vec<(When, FormKey, &'a Series)> {
        let own = here.event_key();
        let today = self.day_of(&own);
        let is_log = self.events.get(&own.event).is_some_and(|facts| facts.is_log);
        let limit = match &history.moment {
            Moment::Baseline(event) => match self.day_of(&EventKey { event: event.clone(), repeat: Repeat::first() }) {
                Some(day) => Some(day),
                None => return Vec::new(),
            },
            _ => today,
        };
        let mut candidates = Vec::new();
        for series in &history.series {
            for form in self.answers.forms(&series.form) {
                let event = form.event_key();
                let is_own = event == own;
                let day = if is_own { today } else { self.day_of(&event) };
                let counts = match (&history.moment, day, limit) {
                    (Moment::Latest, _, _) if is_own || is_log => true,
                    (Moment::Latest | Moment::Baseline(_), Some(day), Some(limit)) => day <= limit,
                    (Moment::Previous, Some(day), Some(limit)) => {
                        day < limit || (day == limit && self.earlier(&event, &own))
                    }
                    _ => false,
                };
                if counts {
                    let unknown = if is_own { i32::MAX } else { i32::MIN };
                    let when = (
                        day.unwrap_or(unknown),
                        is_own,
                        self.position(&event.event),
                        event.repeat,
                        form.form_repeat.clone(),
                    );
                    candidates.push((when, form, series));
                }
            }
        }
        candidates
    }

    /// Whether an event comes before another of the same day.
    fn earlier(&self, event: &EventKey, other: &EventKey) -> bool {
        (self.position(&event.event), &event.repeat) < (self.position(&other.event), &other.repeat)
    }

    fn day_of(&self, event: &EventKey) -> Option<i32> {
        self.answers.event_date(event)?.day_number()
    }
}
