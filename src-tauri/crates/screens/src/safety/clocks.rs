//! The clock of a serious adverse event's report: from awareness to the limit that the study sets.

use casebook::{Offset, Summary};
use clinical::safety::{AdverseEvent, Clock, Report, RowAt, Safety, Standing, forms_of_reports, reporting_hours};
use study::{FormKey, Oid, Repeat, Study};

use super::{first_cell, title};
use crate::View;
use crate::messages::{ClockState, ReportClock, Task, TaskKind};

/// The clocks of the reports that stand in a form; none for a form without reports.
pub fn clocks(view: &View<'_>, form: &FormKey) -> Vec<ReportClock> {
    let Some(hours) = hours_of(view.study, form) else { return Vec::new() };
    let safety = Safety::read(view.study, view.book);
    let own = safety.reports.iter().filter(|report| report.row.form == *form);
    let event = |report| safety.event_of(report).map(|event| title(view, event)).unwrap_or_default();
    own.map(|report| clock(view, report, event(report), hours)).collect()
}

/// The hours that the study gives, where the form holds reports.
fn hours_of(study: &Study, form: &FormKey) -> Option<u32> {
    let items = study.meanings.all("sae.awareness");
    let holds = items.iter().any(|item| study.places_of(item).any(|(at, _)| *at == form.form));
    if holds { reporting_hours(study) } else { None }
}

fn clock(view: &View<'_>, report: &Report, title: String, hours: u32) -> ReportClock {
    let now = view.now;
    let known = report.clock(hours, now.instant(), now.offset());
    let number = |number: Option<rust_decimal::Decimal>| number.map(|number| number.to_string()).unwrap_or_default();
    let (state, minutes) = known.map_or((ClockState::Unaware, 0), |clock| state(clock.standing));
    ReportClock {
        cell: first_cell(view.study, &report.row),
        event: number(report.event),
        title,
        report: number(report.number),
        state,
        minutes: u32::try_from(minutes).unwrap_or(u32::MAX),
        deadline: known.map(|clock| deadline(&clock, now.offset())),
        hours,
    }
}

fn state(standing: Standing) -> (ClockState, i64) {
    match standing {
        Standing::Due(minutes) => (ClockState::Due, minutes),
        Standing::Overdue(minutes) => (ClockState::Overdue, minutes),
        Standing::InTime(minutes) => (ClockState::InTime, minutes),
        Standing::Late(minutes) => (ClockState::Late, minutes),
    }
}

/// To the minute, as the clock on the wall shows it.
pub(super) fn deadline(clock: &Clock, tz: Offset) -> String {
    clock.deadline.local(tz).chars().take(16).collect()
}

/// The places of reports at the events that are known of a subject: the forms that the tasks are read from.
pub fn report_forms(study: &Study, summary: &Summary) -> Vec<FormKey> {
    if reporting_hours(study).is_none() {
        return Vec::new();
    }
    let forms: Vec<&Oid> = forms_of_reports(study);
    let mut places = Vec::new();
    for line in &summary.overview.events {
        let own = study.events.get(&line.key.event).into_iter().flat_map(|event| &event.forms);
        let wanted = own.filter(|at| forms.contains(&&at.form));
        places.extend(wanted.map(|at| line.key.form(at.form.clone(), Repeat::first())));
    }
    places
}

/// What a subject's reports ask for: each that is not with the sponsor yet, and each serious event without any. The view's
/// book need hold the forms of [`report_forms`] alone.
pub(crate) fn tasks(view: &View<'_>, summary: &Summary) -> Vec<Task> {
    let Some(hours) = reporting_hours(view.study) else { return Vec::new() };
    let safety = Safety::read(view.study, view.book);
    let about = |event: Option<&AdverseEvent>| event.map(|event| title(view, event)).unwrap_or_default();
    let task = |row, clock, event| Task { about: about(event), ..task(view, summary, row, clock) };
    let mut tasks = Vec::new();
    for report in &safety.reports {
        let clock = report.clock(hours, view.now.instant(), view.now.offset());
        let open = clock.is_none_or(|clock| clock.standing.is_open());
        if open && report.reported.is_none() {
            tasks.push(task(&report.row, clock, safety.event_of(report)));
        }
    }
    tasks.extend(safety.unreported().map(|event| task(&event.row, None, Some(event))));
    tasks
}

fn task(view: &View<'_>, summary: &Summary, row: &RowAt, clock: Option<Clock>) -> Task {
    let (form, event) = (&row.form, row.form.event_key());
    let minutes = clock.map(|clock| match clock.standing {
        Standing::Due(minutes) | Standing::InTime(minutes) => minutes,
        Standing::Overdue(minutes) | Standing::Late(minutes) => -minutes,
    });
    let deadline = clock.map(|clock| deadline(&clock, view.now.offset()));
    let whole = |minutes: i64| i32::try_from(minutes).unwrap_or(if minutes < 0 { i32::MIN } else { i32::MAX });
    Task {
        kind: TaskKind::Serious,
        subject: summary.subject.clone(),
        event: event.to_string(),
        event_title: view.event_title(&event),
        form: form.to_string(),
        form_title: view.form_title(form),
        cell: first_cell(view.study, row),
        about: String::new(),
        planned: None,
        window: None,
        days_left: None,
        minutes_left: minutes.map(whole),
        count: 1,
        day: deadline.as_ref().map(|deadline| deadline.chars().take(10).collect()),
        deadline,
    }
}
