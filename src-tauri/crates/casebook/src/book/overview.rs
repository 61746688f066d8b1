//! The overview: what lists show of a subject, computed from its events and the counts of its forms.

use super::form::{FormStatus, Tally};
use super::{Book, CellState};
use crate::act::Stored;
use crate::summary::{EventLine, FormLine, Headline, Overview};
use crate::text::Private;
use std::collections::{BTreeMap, BTreeSet};
use study::{CellKey, EventDef, EventKey, EventKind, FormKey, Oid, Repeat, Study, schedule};

impl Book {
    /// Every event that the study plans or that anything was said of, in the order of the study and of the repeats.
    pub fn event_keys(&self, study: &Study) -> Vec<EventKey> {
        let mut known: BTreeMap<&Oid, BTreeSet<&Repeat>> = BTreeMap::new();
        for key in self.events.keys() {
            known.entry(&key.event).or_default().insert(&key.repeat);
        }
        for key in self.forms.keys() {
            known.entry(&key.event).or_default().insert(&key.event_repeat);
        }
        let first = Repeat::first();
        let planned = schedule::plan(study, self, &self.known_events(), None);
        for event in &planned {
            known.entry(&event.key.event).or_default().insert(&event.key.repeat);
        }
        let mut keys = Vec::new();
        for def in &study.events {
            let mut repeats = known.remove(&def.oid).unwrap_or_default();
            // Whether a repeating visit is to come at all is the plan's to say.
            let repeats_by_plan = def.timing.as_ref().is_some_and(|timing| timing.repeat.is_some());
            if def.kind != EventKind::Unscheduled && !repeats_by_plan {
                repeats.insert(&first);
            }
            keys.extend(repeats.into_iter().map(|repeat| EventKey { event: def.oid.clone(), repeat: repeat.clone() }));
        }
        // Events of another metadata version: nothing is ever dropped.
        for (event, repeats) in known {
            keys.extend(repeats.into_iter().map(|repeat| EventKey { event: event.clone(), repeat: repeat.clone() }));
        }
        keys
    }

    /// Events of which anything was said.
    fn known_events(&self) -> Vec<EventKey> {
        self.events.keys().cloned().chain(self.forms.keys().map(|form| form.event_key())).collect()
    }

    pub(crate) fn make_overview(&self, study: &Study) -> Overview {
        let mut totals = Tally::default();
        let mut work = Vec::new();
        for (key, form) in &self.forms {
            let (status, tally) = (form.status(), &form.tally);
            totals.add(tally);
            // A form that this version retired asks for nothing more, though a query about it may stand.
            let begun = status == FormStatus::Started && study.has_form(key);
            let asks = begun || tally.hard + tally.soft + tally.conflicts + tally.queries > 0;
            if asks && !tally.hidden {
                work.push(FormLine { key: key.clone(), status, tally: *tally });
            }
        }
        let events = self.event_keys(study).into_iter().map(|key| self.event_line(study, key)).collect();
        Overview { headlines: self.headlines(study), events, work, totals }
    }

    fn event_line(&self, study: &Study, key: EventKey) -> EventLine {
        let event = self.events.get(&key);
        let plan = schedule::planned(study, self, &key);
        let mut line = EventLine {
            planned: plan.as_ref().and_then(|plan| plan.planned),
            earliest: plan.as_ref().and_then(|plan| plan.earliest),
            latest: plan.as_ref().and_then(|plan| plan.latest),
            date: event.and_then(|event| event.date()).and_then(|date| date.parse().ok()),
            missed: event.is_some_and(|event| event.is_missed()),
            conflict: event.is_some_and(|event| event.is_conflict()),
            added: event.is_some_and(|event| event.is_added()),
            forms: study.events.get(&key.event).map_or(0, asked_forms),
            started: 0,
            complete: 0,
            not_done: 0,
            key,
        };
        for form in self.forms_of(&line.key) {
            if !study.has_form(form) {
                continue;
            }
            let form = &self.forms[form];
            if form.tally.hidden {
                line.forms = line.forms.saturating_sub(1);
                continue;
            }
            match form.status() {
                FormStatus::Empty => {}
                FormStatus::Started => line.started += 1,
                FormStatus::NotDone => line.not_done += 1,
                FormStatus::Complete => line.complete += 1,
            }
        }
        line
    }

    /// The forms at one event of which anything was said.
    pub(crate) fn forms_of(&self, event: &EventKey) -> impl Iterator<Item = &FormKey> {
        let from = event.form("", Repeat::from("0"));
        let (oid, repeat) = (from.event.clone(), from.event_repeat.clone());
        self.forms
            .range(from..)
            .map(|(key, _)| key)
            .take_while(move |key| key.event == oid && key.event_repeat == repeat)
    }

    /// Facts for the subject's head: of each marked item the first answer in the order of places.
    fn headlines(&self, study: &Study) -> Vec<Headline> {
        let mut wanted: Vec<(u32, &Oid)> =
            study.items.iter().filter_map(|item| Some((item.headline?, &item.oid))).collect();
        wanted.sort();
        wanted.into_iter().filter_map(|(_, item)| self.headline(study, item)).collect()
    }

    fn headline(&self, study: &Study, item: &Oid) -> Option<Headline> {
        let mut found = None;
        for (form, group) in places_of(study, item) {
            let stands = self.by_form.get(form).into_iter().flatten();
            for (key, form) in stands.filter_map(|key| Some((key, self.forms.get(key)?))) {
                let here = form.cells.iter().find(|(place, _)| place.item == *item && place.group == *group);
                if let Some((place, cell)) = here
                    && let Some((value, unit)) = plain(cell.state())
                {
                    let place: CellKey = key.cell(&place.group, &place.repeat, &place.item);
                    if found.as_ref().is_none_or(|(first, _, _)| place < *first) {
                        found = Some((place, value.clone(), unit.cloned()));
                    }
                }
            }
        }
        found.map(|(_, value, unit)| Headline { item: item.clone(), value, unit })
    }
}

/// Forms that an event asks for, whatever was answered.
fn asked_forms(def: &EventDef) -> u32 {
    u32::try_from(def.forms.len()).unwrap_or(u32::MAX)
}

/// A value that stands in the open.
fn plain(state: CellState<'_>) -> Option<(&Private, Option<&Oid>)> {
    match state {
        CellState::Answered(given) => match &given.value {
            Some(Stored::Plain(value)) => Some((value, given.unit.as_ref())),
            _ => None,
        },
        CellState::Derived(derived) => Some((&derived.value, None)),
        _ => None,
    }
}

/// The forms and groups in which an item stands.
pub(crate) fn places_of<'s>(study: &'s Study, item: &Oid) -> Vec<(&'s Oid, &'s Oid)> {
    let holds = |group: &Oid| study.groups.get(group).is_some_and(|def| def.items.iter().any(|at| at.item == *item));
    let groups = study.forms.iter().flat_map(|form| form.groups.iter().map(move |group| (&form.oid, &group.group)));
    groups.filter(|(_, group)| holds(group)).collect()
}
