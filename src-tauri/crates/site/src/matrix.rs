//! One subject: the casebook as a matrix of visits and forms, and the acts on visits.

use std::collections::BTreeMap;
use std::sync::Arc;

use casebook::act::{EventAdded, EventDated, EventMissed, SubjectRegistered};
use casebook::book::{Form, FormStatus as Status};
use casebook::{Book, EventLine, Words};
use screens::calendar::{Today, iso, window};
use screens::guard::Command;
use screens::labels;
use screens::messages::{AddableEvent, EventColumn, FormMark, FormRow, FormStatus, SubjectView, WindowState};
use study::{EventDef, EventKey, EventKind, FormKey, Oid, Repeat, Study};

use crate::desk::Seat;
use crate::{SiteError, lists, place};

impl Seat<'_> {
    /// Registers the next subject and answers its key.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn subject_register(&mut self) -> Result<String, SiteError> {
        self.may(Command::SubjectRegister)?;
        let site = self.site();
        let prefix = format!("{site}-");
        let number = |key: &str| key.strip_prefix(&prefix).and_then(|rest| rest.parse::<u32>().ok());
        let summaries = self.summaries()?;
        let last = summaries.iter().filter_map(|summary| number(&summary.subject)).max().unwrap_or(0);
        let key = format!("{prefix}{:03}", last + 1);
        let act = SubjectRegistered { subject: key.as_str().into(), site: site.as_str().into() };
        self.write(|tx| tx.write(act).map(drop))?;
        Ok(key)
    }

    /// The casebook as a matrix.
    ///
    /// # Errors
    /// There is no such subject.
    pub fn subject_view(&mut self, subject: &str, lang: &str) -> Result<SubjectView, SiteError> {
        self.may(Command::SubjectView)?;
        self.matrix_of(subject, lang)
    }

    /// Records when an event took place; an empty date withdraws an earlier one.
    ///
    /// # Errors
    /// `Unreadable` when it is no date; `ReasonNeeded` when a form of this event was completed before.
    pub fn event_date(
        &mut self,
        subject: &str,
        event: &str,
        date: &str,
        reason: Option<&str>,
        lang: &str,
    ) -> Result<SubjectView, SiteError> {
        self.may(Command::EventDate)?;
        let (key, _) = place::event(&*self.study_of(subject)?, event).map(|(key, def)| (key, def.repeating))?;
        let date = read_date(date)?;
        let book = self.known(subject)?;
        let bases = book.event_bases(&key);
        let held = book.event(&key).and_then(|event| event.date());
        if held == date.as_deref() && !book.event(&key).is_some_and(casebook::book::Event::is_conflict) {
            return self.matrix_of(subject, lang);
        }
        let completed = book.forms().any(|(form, state)| form.event_key() == key && state.status() == Status::Complete);
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        if completed && !bases.is_empty() && reason.is_none() {
            return Err(SiteError::ReasonNeeded);
        }
        let subject_key = Oid::from(subject);
        self.write(move |tx| {
            let reason: Option<Words> = reason.map(|reason| tx.text(reason)).transpose()?;
            tx.write(EventDated { subject: subject_key, event: key, date: date.map(Into::into), bases, reason })
                .map(drop)
        })?;
        self.matrix_of(subject, lang)
    }

    /// Adds an event that the schedule does not bring of itself.
    ///
    /// # Errors
    /// There is no such event, or it was added before.
    pub fn event_add(
        &mut self,
        subject: &str,
        oid: &str,
        repeat: &str,
        date: Option<&str>,
        lang: &str,
    ) -> Result<SubjectView, SiteError> {
        self.may(Command::EventAdd)?;
        let event = EventKey::new(oid, repeat);
        place::event_of(&*self.study_of(subject)?, &event)?;
        let date = date.map(read_date).transpose()?.flatten();
        if self.known(subject)?.event(&event).is_some() {
            return Err(SiteError::Taken);
        }
        let subject_key = Oid::from(subject);
        self.write(move |tx| {
            tx.write(EventAdded { subject: subject_key.clone(), event: event.clone() })?;
            if let Some(date) = date {
                let (bases, reason) = (Vec::new(), None);
                tx.write(EventDated { subject: subject_key, event, date: Some(date.into()), bases, reason })?;
            }
            Ok(())
        })?;
        self.matrix_of(subject, lang)
    }

    /// Records that an event did not take place.
    ///
    /// # Errors
    /// `ReasonNeeded` without a reason; there is no such event.
    pub fn event_missed(
        &mut self,
        subject: &str,
        event: &str,
        reason: &str,
        lang: &str,
    ) -> Result<SubjectView, SiteError> {
        self.may(Command::EventMissed)?;
        let (event, _) = place::event(&*self.study_of(subject)?, event).map(|(key, def)| (key, def.repeating))?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(SiteError::ReasonNeeded);
        }
        let bases = self.known(subject)?.event_bases(&event);
        let subject_key = Oid::from(subject);
        self.write(move |tx| {
            let reason = tx.text(reason)?;
            tx.write(EventMissed { subject: subject_key, event, reason, bases }).map(drop)
        })?;
        self.matrix_of(subject, lang)
    }

    fn matrix_of(&mut self, subject: &str, lang: &str) -> Result<SubjectView, SiteError> {
        let (study, today) = (self.study_of(subject)?, self.today());
        let (acknowledged, device) = (self.acknowledged(), self.device());
        let older = self.older(subject)?;
        let book = self.known(subject)?;
        let summary = book.summary();
        let shown = shown(&study, today, &summary.overview.events);
        let at_center = |form: &Form| form.touched().all(|(log, seq)| *log != device || seq <= acknowledged);
        let page = Page { study: &study, older: &older, book, lang, at_center: &at_center };
        let mut forms: Vec<FormRow> = study.forms.iter().filter_map(|form| page.row(&form.oid, &shown)).collect();
        forms.extend(page.retired(&shown));
        let totals = &summary.overview.totals;
        Ok(SubjectView {
            subject: subject.to_owned(),
            facts: lists::facts(&study, &summary, lang),
            events: shown.iter().map(|line| column(page.naming(&line.key.event), today, line, lang)).collect(),
            forms,
            addable: addable(&study, &summary.overview.events, lang),
            next_form: page.next(today, &shown),
            queries: totals.queries,
            must_change: totals.hard + totals.conflicts,
        })
    }
}

impl Seat<'_> {
    /// The other versions that this vault holds, newest first; nothing where the subject's own asks for all that its book
    /// holds, which is nearly always so.
    fn older(&mut self, subject: &str) -> Result<Vec<Arc<Study>>, SiteError> {
        let study = self.study_of(subject)?;
        let whole = self.known(subject)?.forms().all(|(key, _)| study.has_form(key));
        if whole || self.is_masked() {
            return Ok(Vec::new());
        }
        Ok(self.versions()?.into_iter().rev().filter_map(|known| known.study).collect())
    }
}

/// A date typed freely; nothing where it was emptied.
fn read_date(typed: &str) -> Result<Option<String>, SiteError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let date = study::value::typed_date(typed).map_err(|fault| SiteError::Unreadable(fault.into()))?;
    Ok(Some(date.to_string()))
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

/// What the matrix is drawn from.
struct Page<'a> {
    study: &'a Study,
    /// Earlier and later versions, newest first, where the book holds what the subject's own has retired.
    older: &'a [Arc<Study>],
    book: &'a Book,
    lang: &'a str,
    at_center: &'a dyn Fn(&Form) -> bool,
}

impl Page<'_> {
    /// One row; none where the form belongs to no event shown.
    fn row(&self, form: &Oid, events: &[&EventLine]) -> Option<FormRow> {
        let cells: Vec<Option<FormMark>> = events.iter().map(|line| self.mark(&self.at(form, line)?)).collect();
        let title = labels::form_title(self.study, form, self.lang);
        cells.iter().any(Option::is_some).then(|| FormRow { oid: form.to_string(), title, cells })
    }

    /// Forms that this version retired and that hold data, with the visits at which they do.
    fn retired(&self, events: &[&EventLine]) -> Vec<FormRow> {
        let held = |key: &FormKey| !self.book.retired_cells(self.study, key).is_empty();
        let gone = self.book.forms().map(|(key, _)| key).filter(|key| !self.study.has_form(key) && held(key));
        let mut rows: BTreeMap<&Oid, FormRow> = BTreeMap::new();
        for key in gone {
            let named = self.older.iter().find(|study| study.has_form(key)).map_or(self.study, |study| study);
            let title = labels::form_title(named, &key.form, self.lang);
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
        [self.study].into_iter().chain(self.older.iter().map(|study| &**study)).find(has).unwrap_or(self.study)
    }

    /// The form's place at an event that has it.
    fn at(&self, form: &Oid, line: &EventLine) -> Option<FormKey> {
        let event = self.study.events.get(&line.key.event)?;
        event.forms.iter().any(|at| at.form == *form).then(|| line.key.form(form.clone(), Repeat::first()))
    }

    fn mark(&self, key: &FormKey) -> Option<FormMark> {
        let form = self.book.form(key);
        let skipped = self.study.rules().skips_form(key, self.book).is_yes();
        if skipped && form.is_none_or(|form| form.status() == Status::Empty) {
            return None;
        }
        let tally = form.map(|form| *form.tally()).unwrap_or_default();
        let log = self.study.forms.get(&key.form).is_some_and(|form| {
            form.groups.iter().filter_map(|at| self.study.groups.get(&at.group)).any(|group| group.repeating)
        });
        Some(FormMark {
            key: key.to_string(),
            title: labels::form_title(self.study, &key.form, self.lang),
            status: status(form.map_or(Status::Empty, Form::status)),
            must_change: tally.hard + tally.conflicts,
            confirm: tally.soft,
            queries: tally.queries,
            at_center: form.is_some_and(|form| (self.at_center)(form)),
            rows: log.then_some(tally.rows),
        })
    }

    /// Where work goes on: the first form that is not done, in the events that have begun or are due.
    fn next(&self, today: Today, events: &[&EventLine]) -> Option<String> {
        let open = |line: &&&EventLine| {
            let scheduled = self.study.events.get(&line.key.event).is_some_and(|event| event.kind != EventKind::Common);
            scheduled
                && (line.is_begun()
                    || line.added
                    || matches!(today.state(line), WindowState::Due | WindowState::Overdue))
        };
        let forms = events.iter().filter(open).flat_map(|line| {
            let event = self.study.events.get(&line.key.event);
            event.into_iter().flat_map(|event| &event.forms).map(|at| line.key.form(at.form.clone(), Repeat::first()))
        });
        let marks = forms.filter_map(|key| self.mark(&key));
        marks
            .into_iter()
            .find(|mark| matches!(mark.status, FormStatus::Empty | FormStatus::Started))
            .map(|mark| mark.key)
    }
}

/// A form's status as it crosses to the window.
pub(crate) fn status(status: Status) -> FormStatus {
    match status {
        Status::Empty => FormStatus::Empty,
        Status::Started => FormStatus::Started,
        Status::NotDone => FormStatus::NotDone,
        Status::Complete => FormStatus::Complete,
    }
}
