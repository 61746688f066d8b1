//! Charts of this site's own data, computed here and only drawn by the window.
//!
//! What an item means to a chart is said by the study (`Alias … means`), so a study without a concept simply lacks what
//! is drawn from it; sums, changes and best responses are the RECIST engine's. Sums and changes are exact decimals; a change is rounded once, to one decimal.

mod course;
mod group;

use rust_decimal::Decimal;
use screens::guard::Command;
use screens::labels;
use screens::messages::{
    AdverseBar, ChartsView, FractionMark, Milestone, PeriodBar, ResultLine, ScanMark, TimelineView,
};
use study::Study;
use study::value::PartialDate;

use self::course::{Course, Lab, Label};
use crate::desk::Seat;
use crate::{SiteError, lists};

/// Days of margin at both ends of a timeline.
const MARGIN_DAYS: i32 = 7;
impl Seat<'_> {
    /// One subject's course on one axis.
    ///
    /// # Errors
    /// There is no such subject.
    pub fn timeline(&mut self, subject: &str, lang: &str) -> Result<TimelineView, SiteError> {
        self.may(Command::Timeline)?;
        let (study, today) = (self.study_of(subject)?, self.today().number());
        let book = self.known(subject)?;
        let course = Course::read(&study, book);
        let facts = lists::facts(&study, &book.summary(), lang);
        let milestones = milestones(&course);
        let (first, last) = span(&course, &milestones, today);
        let mut view = TimelineView {
            subject: subject.to_owned(),
            facts,
            first: iso(first),
            last: iso(last),
            today: iso(today),
            day1: course.day1.map(iso),
            drugs: Vec::new(),
            fractions: Vec::new(),
            scans: course.scans.iter().map(|scan| scan_mark(&study, scan)).collect(),
            adverse: Vec::new(),
            labs: course.labs.iter().filter_map(|lab| lab_line(&study, lab, lang)).collect(),
            milestones: milestones
                .into_iter()
                .map(|(day, kind)| Milestone { kind: kind.to_owned(), date: iso(day) })
                .collect(),
        };
        for drug in &course.drugs {
            view.drugs.push(PeriodBar {
                label: self.labelled(&study, &drug.label, lang)?,
                dose: self.labelled(&study, &drug.dose, lang)?,
                paused: drug.paused,
                from: iso(drug.from),
                to: iso(drug.to.unwrap_or_else(|| until(&course, drug.from, today))),
                open: drug.to.is_none(),
            });
        }
        for fraction in &course.fractions {
            let dose = self.labelled(&study, &fraction.dose, lang)?;
            view.fractions.push(FractionMark { date: iso(fraction.day), dose });
        }
        for event in &course.adverse {
            view.adverse.push(AdverseBar {
                term: self.labelled(&study, &event.term, lang)?,
                grade: event.grade,
                serious: event.serious,
                from: iso(event.from),
                to: iso(event.to.unwrap_or_else(|| until(&course, event.from, today))),
                open: event.to.is_none(),
            });
        }
        Ok(view)
    }

    /// Every subject of this site beside each other. The allocated arms are shown, so no masked role may ask.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn charts(&mut self, lang: &str) -> Result<ChartsView, SiteError> {
        self.may(Command::Charts)?;
        let (study, today) = (self.study(), self.today().number());
        let summaries = self.summaries()?;
        let mut subjects: Vec<String> = summaries
            .into_iter()
            .filter(|summary| !summary.registrations.is_empty())
            .map(|summary| summary.subject)
            .collect();
        subjects.sort();
        let mut courses = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let own = self.study_of(&subject)?;
            let course = Course::read(&own, self.known(&subject)?);
            courses.push((subject, course));
        }
        Ok(ChartsView {
            arms: arms(&study, &courses, lang),
            subjects: u32::try_from(courses.len()).unwrap_or(u32::MAX),
            guides: courses.iter().find_map(|(_, course)| course.guides).map(Vec::from).unwrap_or_default(),
            waterfall: group::waterfall(&courses),
            spider: group::spider(&courses),
            swimmer: group::swimmer(&courses, today),
        })
    }

    /// A value in words.
    fn labelled(&self, study: &Study, label: &Label, lang: &str) -> Result<String, SiteError> {
        Ok(match label {
            Label::None => String::new(),
            Label::Words(words) => self.words(*words)?,
            Label::Value(item, stored, unit) => value(study, item, stored, unit.as_ref(), lang),
        })
    }
}

/// A day number as ISO 8601; days outside the calendar of the program have no name.
pub(crate) fn iso(day: i32) -> String {
    PartialDate::from_day_number(day).map(|date| date.to_string()).unwrap_or_default()
}

fn value(study: &Study, item: &str, stored: &str, unit: Option<&study::Oid>, lang: &str) -> String {
    let Some(item) = study.items.get(item) else { return stored.to_owned() };
    let unit = labels::unit(study, unit.or(item.standard_unit()), lang);
    format!("{} {unit}", labels::value(study, item, stored, lang)).trim_end().to_owned()
}

/// Where something that goes on is drawn to: today, or the day on which the subject died.
fn until(course: &Course, from: i32, today: i32) -> i32 {
    course.died.unwrap_or(today).max(from)
}

fn milestones(course: &Course) -> Vec<(i32, &'static str)> {
    // A subject that died was last known to be alive before; the one word is enough.
    let alive = course.alive.filter(|_| course.died.is_none());
    let known = [
        (course.consent, "consent"),
        (course.day1, "day1"),
        (course.ended, "end"),
        (alive, "last_alive"),
        (course.died, "death"),
    ];
    let mut milestones: Vec<_> = known.into_iter().filter_map(|(day, kind)| Some((day?, kind))).collect();
    milestones.sort();
    milestones
}

/// First and last day of the axis.
fn span(course: &Course, milestones: &[(i32, &str)], today: i32) -> (i32, i32) {
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

fn lab_line(study: &Study, lab: &Lab, lang: &str) -> Option<ResultLine> {
    let item = study.items.get(&lab.item)?;
    let point = |(day, value): &(i32, Decimal)| (iso(*day), value.normalize().to_string());
    Some(ResultLine {
        name: item.question(lang).to_owned(),
        unit: labels::unit(study, item.standard_unit(), lang),
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
