//! The worklist and the list of subjects: read from one small row per subject, never from whole books.

use casebook::book::FormStatus;
use casebook::{Book, EventLine, FormLine, Headline, Summary};
use study::{EventKind, Study};

use crate::calendar::{iso, window};
use crate::messages::{SubjectRow, Task, TaskKind, WindowState, WorklistView};
use crate::{Frame, labels, safety};

/// A subject as the lists know it: its summary under its version of the study.
#[derive(Clone, Copy)]
pub struct Listed<'a> {
    /// The study in the version that the subject is under.
    pub study: &'a Study,
    /// The subject's summary.
    pub summary: &'a Summary,
}

/// What a subject asks for. `reports` holds the forms of [`safety::report_forms`], where anything stands in them.
pub fn tasks(frame: &Frame<'_>, listed: Listed<'_>, reports: Option<&Book>) -> Vec<Task> {
    let overview = &listed.summary.overview;
    let mut tasks: Vec<Task> = overview.events.iter().filter_map(|line| event_task(frame, listed, line)).collect();
    for line in &overview.work {
        tasks.extend(form_tasks(frame, listed, line));
    }
    if let Some(book) = reports {
        tasks.extend(safety::tasks(&frame.of(listed.study, book), listed.summary));
    }
    tasks
}

/// The tasks of all subjects, most urgent first.
pub fn worklist(frame: &Frame<'_>, mut tasks: Vec<Task>) -> WorklistView {
    let urgency = |task: &Task| (task.kind, task.minutes_left, task.days_left);
    tasks.sort_by(|a, b| urgency(a).cmp(&urgency(b)).then_with(|| a.subject.cmp(&b.subject)));
    let mut counts: Vec<(TaskKind, u32)> = Vec::new();
    for task in &tasks {
        match counts.last_mut() {
            Some((kind, count)) if *kind == task.kind => *count += 1,
            _ => counts.push((task.kind, 1)),
        }
    }
    WorklistView { tasks, counts, today: frame.now.today(), backup: None }
}

/// What a visit asks for, if anything.
fn event_task(frame: &Frame<'_>, listed: Listed<'_>, line: &EventLine) -> Option<Task> {
    let (today, Listed { study, summary }) = (frame.today(), listed);
    let scheduled = study.events.get(&line.key.event).is_some_and(|event| event.kind == EventKind::Scheduled);
    let begun = line.started + line.complete + line.not_done;
    let (kind, count) = match today.state(line) {
        _ if line.conflict => (TaskKind::MustChange, 1),
        _ if scheduled && line.is_begun() && begun < line.forms => (TaskKind::Unfinished, line.forms - begun),
        WindowState::Overdue if scheduled => (TaskKind::Overdue, line.forms),
        WindowState::Due if scheduled && !line.is_begun() => (TaskKind::Due, line.forms),
        WindowState::Upcoming if scheduled && today.is_soon(line) => (TaskKind::Upcoming, line.forms),
        _ => return None,
    };
    Some(Task {
        kind,
        subject: summary.subject.clone(),
        event: line.key.to_string(),
        event_title: labels::event_title(study, &line.key, frame.language),
        form: String::new(),
        form_title: String::new(),
        cell: String::new(),
        about: String::new(),
        planned: iso(line.planned.as_ref()),
        window: window(line),
        days_left: today.days_left(line),
        minutes_left: None,
        deadline: None,
        count,
        day: if line.is_begun() { None } else { today.calendar_day(line) },
    })
}

/// What a form asks for: what must be changed, answered, finished, confirmed.
fn form_tasks(frame: &Frame<'_>, listed: Listed<'_>, line: &FormLine) -> Vec<Task> {
    let Listed { study, summary } = listed;
    let tally = &line.tally;
    let event = line.key.event_key();
    let must_change = tally.hard + tally.conflicts;
    let open = line.status == FormStatus::Started && study.has_form(&line.key);
    let asks = [
        (TaskKind::MustChange, must_change),
        (TaskKind::Query, tally.queries.saturating_sub(tally.conflicts)),
        (TaskKind::Unfinished, if open { tally.total.saturating_sub(tally.answered).max(1) } else { 0 }),
        // While the form is open, what waits for a word is part of finishing it.
        (TaskKind::Confirm, if open { 0 } else { tally.soft }),
    ];
    let task = |(kind, count)| Task {
        kind,
        subject: summary.subject.clone(),
        event: event.to_string(),
        event_title: labels::event_title(study, &event, frame.language),
        form: line.key.to_string(),
        form_title: labels::form_title(study, &line.key.form, frame.language),
        cell: String::new(),
        about: String::new(),
        planned: None,
        window: None,
        days_left: None,
        minutes_left: None,
        deadline: None,
        count,
        day: None,
    };
    asks.into_iter().filter(|(_, count)| *count > 0).map(task).collect()
}

/// The facts that the study wants at a subject's head.
pub fn facts(study: &Study, summary: &Summary, lang: &str) -> Vec<String> {
    let fact = |headline: &Headline| {
        let item = study.items.get(&headline.item)?;
        let unit = labels::unit(study, headline.unit.as_ref().or(item.standard_unit()), lang);
        Some(format!("{} {unit}", labels::value(study, item, headline.value.as_str(), lang)).trim_end().to_owned())
    };
    summary.overview.headlines.iter().filter_map(fact).collect()
}

/// A subject with what a person must know before opening it; `unsent` counts its changes that the center has not confirmed.
pub fn subject_row(frame: &Frame<'_>, listed: Listed<'_>, unsent: u32) -> SubjectRow {
    let (today, lang, Listed { study, summary }) = (frame.today(), frame.language, listed);
    let events = &summary.overview.events;
    let pending = |state| matches!(state, WindowState::Overdue | WindowState::Due | WindowState::Upcoming);
    let next = events
        .iter()
        .filter(|line| !line.is_begun() && pending(today.state(line)))
        .min_by_key(|line| line.planned.as_ref().map(study::value::PartialDate::earliest));
    let last = events
        .iter()
        .filter(|line| line.is_begun() && line.date.is_some())
        .max_by_key(|line| line.date.as_ref().map(study::value::PartialDate::earliest));
    let expected = |line: &&EventLine| {
        let scheduled = study.events.get(&line.key.event).is_some_and(|event| event.kind == EventKind::Scheduled);
        scheduled && (line.is_begun() || matches!(today.state(line), WindowState::Due | WindowState::Overdue))
    };
    let totals = &summary.overview.totals;
    SubjectRow {
        subject: summary.subject.clone(),
        facts: facts(study, summary, lang),
        last_event: last.map(|line| labels::event_title(study, &line.key, lang)),
        next_event: next.map(|line| labels::event_title(study, &line.key, lang)),
        next_date: next.and_then(|line| iso(line.planned.as_ref())),
        next_state: next.map(|line| today.state(line)),
        complete: events.iter().filter(expected).map(|line| line.complete + line.not_done).sum(),
        expected: events.iter().filter(expected).map(|line| line.forms).sum(),
        must_change: totals.hard + totals.conflicts,
        confirm: totals.soft,
        queries: totals.queries,
        unsent,
    }
}
