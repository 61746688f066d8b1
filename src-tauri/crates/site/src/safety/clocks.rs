//! The clock of reports, for the form and for the worklist.

use casebook::{Book, EventLine, Offset, Summary};
use clinical::safety::{AdverseEvent, Clock, Report, RowAt, Safety, Standing, forms_of_reports, reporting_hours};
use screens::messages::{ClockState, ReportClock, Task, TaskKind};
use screens::{Now, labels};
use study::{FormKey, Oid, Repeat, Study};

use super::{first_cell, title};
use crate::SiteError;
use crate::desk::Seat;

/// The clocks of the reports that stand in a form; none for a form without reports.
pub(crate) fn clocks(study: &Study, book: &Book, form: &FormKey, now: Now, lang: &str) -> Vec<ReportClock> {
    let Some(hours) = hours_of(study, form) else { return Vec::new() };
    let safety = Safety::read(study, book);
    let own = safety.reports.iter().filter(|report| report.row.form == *form);
    let event = |report| safety.event_of(report).map(|event| title(study, book, event, lang)).unwrap_or_default();
    own.map(|report| clock(study, report, event(report), hours, now)).collect()
}

/// The hours that the study gives, where the form holds reports.
fn hours_of(study: &Study, form: &FormKey) -> Option<u32> {
    let items = study.meanings.all("sae.awareness");
    let holds = items.iter().any(|item| study.places_of(item).any(|(at, _)| *at == form.form));
    if holds { reporting_hours(study) } else { None }
}

fn clock(study: &Study, report: &Report, title: String, hours: u32, now: Now) -> ReportClock {
    let known = report.clock(hours, now.instant(), now.offset());
    let number = |number: Option<rust_decimal::Decimal>| number.map(|number| number.to_string()).unwrap_or_default();
    let (state, minutes) = known.map_or((ClockState::Unaware, 0), |clock| state(clock.standing));
    ReportClock {
        cell: first_cell(study, &report.row),
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

/// What a subject's reports ask for: each that is not with the sponsor yet, and each serious event without any.
pub(crate) fn tasks(seat: &Seat<'_>, study: &Study, summary: &Summary, lang: &str) -> Result<Vec<Task>, SiteError> {
    let Some(hours) = reporting_hours(study) else { return Ok(Vec::new()) };
    let forms = asked(study, &summary.overview.events, &forms_of_reports(study));
    let sheets = if forms.is_empty() { None } else { seat.session.open.sheets(&summary.subject, &forms)? };
    let Some(mut book) = sheets else { return Ok(Vec::new()) };
    book.read_under(study);
    let safety = Safety::read(study, &book);
    let about = |event: Option<&AdverseEvent>| event.map(|event| title(study, &book, event, lang)).unwrap_or_default();
    let task = |row, clock, event| Task { about: about(event), ..task(study, summary, row, clock, seat.now, lang) };
    let mut tasks = Vec::new();
    for report in &safety.reports {
        let clock = report.clock(hours, seat.now.instant(), seat.now.offset());
        let open = clock.is_none_or(|clock| clock.standing.is_open());
        if open && report.reported.is_none() {
            tasks.push(task(&report.row, clock, safety.event_of(report)));
        }
    }
    tasks.extend(safety.unreported().map(|event| task(&event.row, None, Some(event))));
    Ok(tasks)
}

/// The places of these forms at the events that are known of a subject.
fn asked(study: &Study, events: &[EventLine], forms: &[&Oid]) -> Vec<FormKey> {
    let at = |line: &EventLine| {
        let own = study.events.get(&line.key.event).into_iter().flat_map(|event| &event.forms);
        let wanted = own.filter(|at| forms.contains(&&at.form));
        wanted.map(|at| line.key.form(at.form.clone(), Repeat::first())).collect::<Vec<_>>()
    };
    events.iter().flat_map(at).collect()
}

fn task(study: &Study, summary: &Summary, row: &RowAt, clock: Option<Clock>, now: Now, lang: &str) -> Task {
    let (form, event) = (&row.form, row.form.event_key());
    let minutes = clock.map(|clock| match clock.standing {
        Standing::Due(minutes) | Standing::InTime(minutes) => minutes,
        Standing::Overdue(minutes) | Standing::Late(minutes) => -minutes,
    });
    let deadline = clock.map(|clock| deadline(&clock, now.offset()));
    let whole = |minutes: i64| i32::try_from(minutes).unwrap_or(if minutes < 0 { i32::MIN } else { i32::MAX });
    Task {
        kind: TaskKind::Serious,
        subject: summary.subject.clone(),
        event: event.to_string(),
        event_title: labels::event_title(study, &event, lang),
        form: form.to_string(),
        form_title: labels::form_title(study, &form.form, lang),
        cell: first_cell(study, row),
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
