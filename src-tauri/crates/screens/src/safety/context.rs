//! What surrounds an adverse event: treatment before it began, results behind it; and the event of a result.

use clinical::labs::Labs;
use clinical::safety::{AdverseEvent, Dosing, EventLink, LabLink, Links, RowAt, Safety};
use study::CellKey;

use super::{answer, answer_of, first_cell, title};
use crate::calendar::day_iso as iso;
use crate::messages::{CourseBefore, DrugBefore, EventBeside, ResultBehind, ResultEvent};
use crate::{View, lab, labels};

/// What a subject's book says of safety, for one answer to a UI.
pub struct Context<'a> {
    view: View<'a>,
    labs: &'a Labs<'a>,
    /// Adverse events, their reports, and the treatment before them.
    pub safety: Safety,
}

impl<'a> Context<'a> {
    /// Reads the safety of a book; none for a study that records no adverse events.
    pub fn read(view: View<'a>, labs: &'a Labs<'a>) -> Option<Self> {
        view.study.meanings.one("ae.start")?;
        Some(Self { view, labs, safety: Safety::read(view.study, view.book) })
    }
}

impl Context<'_> {
    /// What stands around the adverse event, or the report of one, in whose row a cell lies.
    pub fn cell(&self, key: &CellKey) -> Option<EventBeside> {
        let row = RowAt::of(key);
        let reported = || self.safety.report(&row).and_then(|report| self.safety.event_of(report));
        let event = self.safety.event(&row).or_else(reported)?;
        Some(self.event(event))
    }

    fn event(&self, event: &AdverseEvent) -> EventBeside {
        let onset = event.start.filter(|start| start.is_whole()).and_then(|start| start.day_number());
        EventBeside {
            title: title(&self.view, event),
            onset: event.start.map(|start| start.to_string()),
            day: onset.and_then(|day| self.study_day(day)),
            cycle: onset.and_then(|day| self.cycle_day(day)),
            drugs: self.drugs(event, onset),
            radiotherapy: onset.map(|day| self.radiotherapy(day)).unwrap_or_default(),
            labs: self.results(event).iter().map(|link| self.result(link)).collect(),
        }
    }

    /// The day of the study: the first treatment is on day 1, the day before it is day -1.
    pub(crate) fn study_day(&self, day: i32) -> Option<i32> {
        let day1 = self.safety.day1?;
        Some(if day >= day1 { day - day1 + 1 } else { day - day1 })
    }

    /// The cycle in which a day lies, and which day of it.
    pub(crate) fn cycle_day(&self, day: i32) -> Option<(String, i32)> {
        let cycle = self.safety.cycle(day)?;
        Some((labels::event_label(self.view.study, &cycle.event), day - cycle.day + 1))
    }

    /// The results behind an event.
    pub(crate) fn results(&self, event: &AdverseEvent) -> Vec<LabLink> {
        self.links().results_of(event)
    }

    fn links(&self) -> Links<'_> {
        Links::new(self.view.study, self.view.book, self.labs, &self.safety)
    }

    /// Of each drug the period in which the event began, or the last one before; of an interruption the doses before it,
    /// too; and every period that the event changed.
    fn drugs(&self, event: &AdverseEvent, onset: Option<i32>) -> Vec<DrugBefore> {
        let before = onset.map(|day| self.safety.dosing(day)).unwrap_or_default();
        let mut shown: Vec<&Dosing<'_>> = Vec::new();
        for dosing in before.iter().rev() {
            let same = |other: &&&Dosing<'_>| other.period.drug == dosing.period.drug;
            if !shown.iter().filter(same).any(|other| other.last.is_some()) {
                shown.push(dosing);
            }
        }
        shown.reverse();
        let mut drugs: Vec<DrugBefore> = shown.iter().map(|dosing| self.drug(dosing, onset, event)).collect();
        let changed = self.safety.periods.iter().filter(|period| {
            event.number.is_some()
                && period.because == event.number
                && !shown.iter().any(|dosing| dosing.period.row == period.row)
        });
        let later = |period| Dosing { period, last: None, running: false };
        drugs.extend(changed.map(|period| self.drug(&later(period), None, event)));
        drugs
    }

    /// A period of treatment in words.
    pub(crate) fn drug(&self, dosing: &Dosing<'_>, onset: Option<i32>, event: &AdverseEvent) -> DrugBefore {
        let (view, period) = (&self.view, dosing.period);
        let dose = answer_of(view, &period.row, "exposure.dose");
        let often = answer_of(view, &period.row, "exposure.frequency");
        let paused = period.dose.is_some_and(|dose| dose.is_zero());
        let parts = [dose, if paused { String::new() } else { often }];
        DrugBefore {
            drug: answer_of(view, &period.row, "exposure.drug"),
            dose: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            paused,
            from: iso(period.from),
            to: period.to.map(iso),
            last: dosing.last.map(iso),
            since: onset.zip(dosing.last).map(|(onset, last)| onset - last),
            because: event.number.is_some() && period.because == event.number,
            form: period.row.form.to_string(),
            cell: first_cell(view.study, &period.row),
        }
    }

    /// The fractions before a day, target by target.
    pub(crate) fn radiotherapy(&self, day: i32) -> Vec<CourseBefore> {
        let target = |code: &str| {
            let fraction = self.safety.fractions.iter().find(|fraction| fraction.target == code)?;
            Some(answer_of(&self.view, &fraction.row, "rt.target"))
        };
        let courses = self.safety.courses(day).into_iter();
        courses
            .map(|course| CourseBefore {
                target: target(&course.target).unwrap_or_default(),
                fractions: u32::try_from(course.fractions).unwrap_or(u32::MAX),
                dose: course.dose.map(|dose| format!("{} Gy", dose.normalize())).unwrap_or_default(),
                first: iso(course.days.0),
                last: iso(course.days.1),
                since: day - course.days.1,
            })
            .collect()
    }

    /// A result behind an event in words.
    pub(crate) fn result(&self, link: &LabLink) -> ResultBehind {
        let view = &self.view;
        let beside = lab::context(view, self.labs, &link.cell, None);
        ResultBehind {
            name: view.question(&link.cell.item),
            value: answer(view, &link.cell),
            limits: beside.map(|beside| beside.limits).unwrap_or_default(),
            date: iso(link.day),
            visit: labels::event_label(view.study, &link.cell.event_key()),
            grade: link.grade,
            named: link.named,
            form: link.cell.form.to_string(),
            cell: link.cell.to_string(),
        }
    }

    /// The adverse event of the result in a cell; with an empty title where none is recorded though its grade asks for one.
    pub(crate) fn event_of(&self, key: &CellKey) -> Option<ResultEvent> {
        let links = self.links();
        Some(match links.event_of(key)? {
            EventLink::Missing => ResultEvent { title: String::new(), form: String::new(), cell: String::new() },
            EventLink::Recorded(event) => ResultEvent {
                title: title(&self.view, event),
                form: event.row.form.to_string(),
                cell: first_cell(self.view.study, &event.row),
            },
        })
    }
}
