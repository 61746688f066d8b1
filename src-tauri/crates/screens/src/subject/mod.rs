//! The subject screen: the casebook as a matrix of visits and forms.

use std::collections::BTreeMap;
use std::sync::Arc;

use casebook::EventLine;
use casebook::book::{Form, FormStatus as Status};
use study::{EventDef, EventKey, EventKind, FormKey, Oid, Repeat, Study};

use crate::calendar::{Today, iso, window};
use crate::form::status;
use crate::messages::{AddableEvent, EventColumn, FormMark, FormRow, FormStatus, SubjectView, WindowState};
use crate::{View, labels, lists};

/// The casebook as a matrix. `older` holds the other versions of the study, newest first, where the book holds what the
/// subject's own has retired.
pub fn matrix(view: &View<'_>, older: &[Arc<Study>]) -> SubjectView {
    let (study, today, lang) = (view.study, view.today(), view.language);
    let summary = view.book.summary();
    let events = &summary.overview.events;
    let shown = shown(study, today, events);
    let matrix = Matrix { view: *view, older };
    let mut forms: Vec<FormRow> = study.forms.iter().filter_map(|form| matrix.row(&form.oid, &shown)).collect();
    forms.extend(matrix.retired(&shown));
    let totals = &summary.overview.totals;
    SubjectView {
        subject: view.subject().to_owned(),
        facts: lists::facts(study, &summary, lang),
        events: shown.iter().map(|line| column(matrix.naming(&line.key.event), today, line, lang)).collect(),
        forms,
        addable: addable(study, events, lang),
        next_form: matrix.next(today, &shown),
        queries: totals.queries,
        must_change: totals.hard + totals.conflicts,
    }
}

/// The columns: everything that happened or is due, and of each repeating event the next one only.
fn shown<'a>(study: &Study, today: Today, events: &'a [EventLine]) -> Vec<&'a EventLine> {
    let mut ahead: Option<&Oid> = None;
    let mut columns = Vec::new();
    for line in events {
        let Some(event) = study.events.get(&line.key.event) else {
            // A visit that this version retired: what took place stays in sight.
            columns.push(line);
            continue;
        };
        let later = !line.is_begun()
            && !line.added
            && matches!(today.state(line), WindowState::Upcoming | WindowState::Unplanned);
        let needless = later && event.repeating && (ahead == Some(&event.oid) || event.kind == EventKind::Unscheduled);
        if later {
            ahead = Some(&event.oid);
        }
        if !needless {
            columns.push(line);
        }
    }
    // What has a day stands in the order of days; the rest follows in the order of the study.
    columns.sort_by_key(|line| {
        let day = iso(line.date.as_ref()).or_else(|| iso(line.planned.as_ref()));
        (day.is_none(), day)
    });
    columns
}

fn column(study: &Study, today: Today, line: &EventLine, lang: &str) -> EventColumn {
    EventColumn {
        key: line.key.to_string(),
        title: labels::event_title(study, &line.key, lang),
        label: labels::event_label(study, &line.key),
        planned: iso(line.planned.as_ref()),
        window: window(line),
        date: iso(line.date.as_ref()),
        state: today.state(line),
        conflict: line.conflict,
        dated: study.events.get(&line.key.event).is_some_and(|event| event.kind != EventKind::Common),
    }
}

/// Unscheduled events may be added at any time; of repeating ones the next that the plan does not name.
pub(crate) fn addable(study: &Study, events: &[EventLine], lang: &str) -> Vec<AddableEvent> {
    let next = |event: &EventDef| {
        let taken = events.iter().filter(|line| line.key.event == event.oid);
        taken.filter_map(|line| line.key.repeat.number()).max().unwrap_or(0) + 1
    };
    let offered = |event: &&EventDef| {
        let first = next(event) == 1;
        (event.repeating && event.kind != EventKind::Common) || (first && event.kind == EventKind::Unscheduled)
    };
    let one = |event: &EventDef| {
        let repeat = Repeat::nth(next(event));
        let key = EventKey::new(event.oid.clone(), repeat.clone());
        AddableEvent {
            oid: event.oid.to_string(),
            title: labels::event_title(study, &key, lang),
            repeat: repeat.to_string(),
        }
    };
    let mut all: Vec<&EventDef> = study.events.iter().filter(offered).collect();
    // What is added most often comes first.
    all.sort_by_key(|event| event.kind != EventKind::Unscheduled);
    all.into_iter().map(one).collect()
}

/// A matrix that is being drawn.
struct Matrix<'a> {
    view: View<'a>,
    older: &'a [Arc<Study>],
}

impl Matrix<'_> {
    /// One row; none where the form belongs to no event shown.
    fn row(&self, form: &Oid, events: &[&EventLine]) -> Option<FormRow> {
        let cells: Vec<Option<FormMark>> = events.iter().map(|line| self.mark(&self.at(form, line)?)).collect();
        let title = labels::form_title(self.view.study, form, self.view.language);
        cells.iter().any(Option::is_some).then(|| FormRow { oid: form.to_string(), title, cells })
    }

    /// Forms that this version retired and that hold data, with the visits at which they do.
    fn retired(&self, events: &[&EventLine]) -> Vec<FormRow> {
        let held = |key: &FormKey| !self.view.book.retired_cells(self.view.study, key).is_empty();
        let gone = self.view.book.forms().map(|(key, _)| key).filter(|key| !self.view.study.has_form(key) && held(key));
        let mut rows: BTreeMap<&Oid, FormRow> = BTreeMap::new();
        for key in gone {
            let named = self.older.iter().find(|study| study.has_form(key)).map_or(self.view.study, |study| study);
            let title = labels::form_title(named, &key.form, self.view.language);
            let blank = || FormRow { oid: key.form.to_string(), title: title.clone(), cells: vec![None; events.len()] };
            let row = rows.entry(&key.form).or_insert_with(blank);
            if let Some(at) = events.iter().position(|line| line.key == key.event_key()) {
                row.cells[at] = self.mark(key).map(|mark| FormMark { title, ..mark });
            }
        }
        rows.into_values().filter(|row| row.cells.iter().any(Option::is_some)).collect()
    }

    /// The version that says what an event is called.
    fn naming(&self, event: &Oid) -> &Study {
        let has = |study: &&Study| study.events.contains(event);
        [self.view.study]
            .into_iter()
            .chain(self.older.iter().map(|study| &**study))
            .find(has)
            .unwrap_or(self.view.study)
    }

    /// The form's place at an event that has it.
    fn at(&self, form: &Oid, line: &EventLine) -> Option<FormKey> {
        let event = self.view.study.events.get(&line.key.event)?;
        event.forms.iter().any(|at| at.form == *form).then(|| line.key.form(form.clone(), Repeat::first()))
    }

    fn mark(&self, key: &FormKey) -> Option<FormMark> {
        let form = self.view.book.form(key);
        let skipped = self.view.study.rules().skips_form(key, self.view.book).is_yes();
        if skipped && form.is_none_or(|form| form.status() == Status::Empty) {
            return None;
        }
        let tally = form.map(|form| *form.tally()).unwrap_or_default();
        let log = self.view.study.forms.get(&key.form).is_some_and(|form| {
            form.groups.iter().filter_map(|at| self.view.study.groups.get(&at.group)).any(|group| group.repeating)
        });
        Some(FormMark {
            key: key.to_string(),
            title: self.view.form_title(key),
            status: status(form.map_or(Status::Empty, Form::status)),
            must_change: tally.hard + tally.conflicts,
            confirm: tally.soft,
            queries: tally.queries,
            at_center: form.is_some_and(|form| self.is_at_center(form)),
            rows: log.then_some(tally.rows),
        })
    }

    /// Whether the center has confirmed all that this computer wrote into a form.
    fn is_at_center(&self, form: &Form) -> bool {
        let reader = self.view.reader;
        form.touched().all(|(log, seq)| *log != reader.device || seq <= reader.confirmed)
    }

    /// Where work goes on: the first form that is not done, in the events that have begun or are due.
    fn next(&self, today: Today, events: &[&EventLine]) -> Option<String> {
        let open = |line: &&&EventLine| {
            let scheduled =
                self.view.study.events.get(&line.key.event).is_some_and(|event| event.kind != EventKind::Common);
            scheduled
                && (line.is_begun()
                    || line.added
                    || matches!(today.state(line), WindowState::Due | WindowState::Overdue))
        };
        let forms = events.iter().filter(open).flat_map(|line| {
            let event = self.view.study.events.get(&line.key.event);
            event.into_iter().flat_map(|event| &event.forms).map(|at| line.key.form(at.form.clone(), Repeat::first()))
        });
        let marks = forms.filter_map(|key| self.mark(&key));
        marks
            .into_iter()
            .find(|mark| matches!(mark.status, FormStatus::Empty | FormStatus::Started))
            .map(|mark| mark.key)
    }
}
