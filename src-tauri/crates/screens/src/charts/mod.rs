//! Charts of this site's own data, computed here and only drawn by the window.
//!
//! What an item means to a chart is said by the study (`Alias … means`), so a study without a concept simply lacks what
//! is drawn from it; sums, changes and best responses are the RECIST engine's. Sums and changes are exact decimals; a change is rounded once, to one decimal.

mod course;
mod group;

pub use course::Course;

use rust_decimal::Decimal;
use study::Study;

use self::course::{Lab, Label};
use crate::calendar::{Today, day_iso as iso};
use crate::messages::{
    AdverseBar, ChartsView, FractionMark, Milestone, MilestoneKind, PeriodBar, ResultLine, ScanMark, TimelineView,
};
use crate::{View, labels, lists};

/// Days of margin at both ends of a timeline.
const MARGIN_DAYS: i32 = 7;

/// One subject's course on one axis.
pub fn timeline(view: &View<'_>) -> TimelineView {
    let (study, today) = (view.study, view.today().number());
    let course = Course::read(study, view.book);
    let milestones = milestones(&course);
    let (first, last) = span(&course, &milestones, today);
    let milestone = |(day, kind)| Milestone { kind, date: iso(day) };
    let drug = |drug: &course::Drug| PeriodBar {
        label: labelled(view, &drug.label),
        dose: labelled(view, &drug.dose),
        paused: drug.paused,
        from: iso(drug.from),
        to: iso(drug.to.unwrap_or_else(|| until(&course, drug.from, today))),
        open: drug.to.is_none(),
    };
    let fraction =
        |fraction: &course::Fraction| FractionMark { date: iso(fraction.day), dose: labelled(view, &fraction.dose) };
    let adverse = |event: &course::Adverse| AdverseBar {
        term: labelled(view, &event.term),
        grade: event.grade,
        serious: event.serious,
        from: iso(event.from),
        to: iso(event.to.unwrap_or_else(|| until(&course, event.from, today))),
        open: event.to.is_none(),
    };
    TimelineView {
        subject: view.subject().to_owned(),
        facts: lists::facts(study, &view.book.summary(), view.language),
        first: iso(first),
        last: iso(last),
        today: iso(today),
        day1: course.day1.map(iso),
        drugs: course.drugs.iter().map(drug).collect(),
        fractions: course.fractions.iter().map(fraction).collect(),
        scans: course.scans.iter().map(|scan| scan_mark(study, scan)).collect(),
        adverse: course.adverse.iter().map(adverse).collect(),
        labs: course.labs.iter().filter_map(|lab| lab_line(view, lab)).collect(),
        milestones: milestones.into_iter().map(milestone).collect(),
    }
}

/// The subjects of a site beside each other, in the order in which they are given, each with its key. The allocated arms
/// are shown, so no masked role may see it. `study` names the arms.
pub fn charts(courses: &[(String, Course)], study: &Study, language: &str, today: Today) -> ChartsView {
    ChartsView {
        arms: arms(study, courses, language),
        subjects: u32::try_from(courses.len()).unwrap_or(u32::MAX),
        guides: courses.iter().find_map(|(_, course)| course.guides).map(Vec::from).unwrap_or_default(),
        waterfall: group::waterfall(courses),
        spider: group::spider(courses),
        swimmer: group::swimmer(courses, today.number()),
    }
}

/// A value in words.
fn labelled(view: &View<'_>, label: &Label) -> String {
    match label {
        Label::None => String::new(),
        Label::FreeText(id) => view.free_text(*id),
        Label::Value(item, stored, unit) => match view.study.items.get(item) {
            Some(item) => view.measured(item, stored, unit.as_ref()),
            None => stored.clone(),
        },
    }
}

/// Where something that goes on is drawn to: today, or the day on which the subject died.
fn until(course: &Course, from: i32, today: i32) -> i32 {
    course.died.unwrap_or(today).max(from)
}

fn milestones(course: &Course) -> Vec<(i32, MilestoneKind)> {
    // A subject that died was last known to be alive before; the one word is enough.
    let alive = course.alive.filter(|_| course.died.is_none());
    let known = [
        (course.consent, MilestoneKind::Consent),
        (course.day1, MilestoneKind::Day1),
        (course.ended, MilestoneKind::End),
        (alive, MilestoneKind::LastAlive),
        (course.died, MilestoneKind::Death),
    ];
    let mut milestones: Vec<_> = known.into_iter().filter_map(|(day, kind)| Some((day?, kind))).collect();
    milestones.sort();
    milestones
}

/// First and last day of the axis.
fn span(course: &Course, milestones: &[(i32, MilestoneKind)], today: i32) -> (i32, i32) {
    let starts = course.drugs.iter().map(|drug| drug.from).chain(course.adverse.iter().map(|event| event.from));
    let days = milestones
        .iter()
        .map(|(day, _)| *day)
        .chain(starts)
        .chain(course.adverse.iter().filter_map(|event| event.to))
        .chain(course.last_known());
    let labs = course.labs.iter().flat_map(|lab| lab.points.iter().map(|(day, _)| *day));
    let all: Vec<i32> = days.chain(labs).chain(course.scans.iter().map(|scan| scan.day)).collect();
    let open = course.died.is_none();
    let last = all.iter().copied().chain(open.then_some(today)).max().unwrap_or(today);
    let first = all.iter().copied().min().unwrap_or(today).min(last);
    (first - MARGIN_DAYS, last + MARGIN_DAYS)
}

fn scan_mark(study: &Study, scan: &course::Scan) -> ScanMark {
    ScanMark {
        date: iso(scan.day),
        visit: labels::event_label(study, &scan.event),
        baseline: scan.baseline,
        sum: scan.sum.map(|sum| format!("{} mm", sum.normalize())).unwrap_or_default(),
        change: scan.change.map(|change| format!("{change:.1}")),
        response: group::response(&scan.response),
    }
}

fn lab_line(view: &View<'_>, lab: &Lab) -> Option<ResultLine> {
    let item = view.study.items.get(&lab.item)?;
    let point = |(day, value): &(i32, Decimal)| (iso(*day), value.normalize().to_string());
    Some(ResultLine {
        name: item.question(view.language).to_owned(),
        unit: view.unit(item.standard_unit()),
        points: lab.points.iter().map(point).collect(),
    })
}

/// The arms in the order of the study's code list, so that each keeps its mark whoever was allocated; nothing before the
/// first allocation.
fn arms(study: &Study, courses: &[(String, Course)], lang: &str) -> Vec<(String, String)> {
    let mut held: Vec<&str> =
        courses.iter().map(|(_, course)| course.arm.as_str()).filter(|arm| !arm.is_empty()).collect();
    held.sort_unstable();
    held.dedup();
    let item = study.meanings.one("subject.arm").and_then(|item| study.items.get(item));
    let list = item.and_then(|item| study.codelist_of(item));
    let known = list.into_iter().flat_map(|list| &list.choices);
    let mut arms: Vec<(String, String)> = known
        .map(|choice| (choice.code.to_string(), choice.label(lang).to_owned()))
        .filter(|_| !held.is_empty())
        .collect();
    let others = held.into_iter().filter(|arm| list.is_none_or(|list| list.choice(arm).is_none()));
    arms.extend(others.map(|arm| (arm.to_owned(), arm.to_owned())));
    arms
}
