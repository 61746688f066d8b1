//! The invented nurse: enters a patient's visits and running records form by form through the same acts as a person, and
//! confirms with a comment what is unusual but true.

use std::collections::{BTreeMap, BTreeSet};

use casebook::book::CellState as Answer;
use casebook::{DeniedError, Given, Stored};
use screens::Now;
use screens::messages::{BlockerKind, FormState, FormStatus, RandomiseStep};
use study::value::PartialDate;
use study::{EventKey, EventKind, FormKey, Oid, Study};

use crate::chart::{Chart, Source};
use crate::patient::Patient;
use crate::sheet::{Sheet, Sown, key, open_cells, typed};
use site::{Noun, Session, SiteError, place};

/// Of a hundred forms of the last session, those that are left half done.
const LEFT: u32 = 18;
/// Most answers in a form that is left half done.
const MOST_HALF: u32 = 6;
/// The nurse's comment on what is unusual but true.
const CHECKED: &str = "Checked against the chart (sample).";

/// A practice center at the telephone.
pub type Phone<'a> = &'a dyn Fn(&str, Now) -> Option<String>;

/// A nurse with one patient's chart.
pub(super) struct Nurse<'a, 'd> {
    pub(super) session: &'a mut Session<'d>,
    pub(super) chart: &'a Chart,
    pub(super) patient: &'a mut Patient,
    /// It is the last session: some forms are left half done, so that a newcomer finds something to do.
    pub(super) hurries: bool,
}

impl<'a> Nurse<'a, '_> {
    /// One visit with its forms.
    pub(super) fn visit(&mut self, event: &EventKey, date: PartialDate) -> Result<(), SiteError> {
        let view = self.session.event_date(&self.patient.key, event, &date.to_string(), None)?;
        let event = event.to_string();
        let Some(column) = view.events.iter().position(|column| column.key == event) else { return Ok(()) };
        let marks: Vec<_> = view.forms.iter().filter_map(|row| row.cells.get(column)?.as_ref()).collect();
        for (nth, mark) in marks.iter().enumerate() {
            self.enter(&key(&mark.key, Noun::Form)?, date, self.hurries && nth + 1 == marks.len())?;
        }
        Ok(())
    }

    /// Asks for the allocation once nothing stands against it, calls the center, and reveals what it answers.
    pub(super) fn randomise(&mut self, study: &Study, phone: Phone<'_>, now: Now) -> Result<(), SiteError> {
        if self.patient.knows_arm || self.session.randomise_view(&self.patient.key)?.step != RandomiseStep::Ready {
            return self.record_arm(study);
        }
        let asked = self.session.randomise_request(&self.patient.key)?;
        let code = asked.request.map(|request| request.groups.join("-")).unwrap_or_default();
        if let Some(answer) = phone(&code, now) {
            let view = self.session.randomise_reveal(&self.patient.key, &answer)?;
            if let Some(allocation) = view.allocation {
                let state = self.session.form_state(&self.patient.key, &key(&allocation.form, Noun::Form)?)?;
                self.conclude(study, state)?;
            }
        }
        self.record_arm(study)
    }

    /// Once the arm is known, the course takes its turn.
    fn record_arm(&mut self, study: &Study) -> Result<(), SiteError> {
        let Some(arm) = self.arm(study)?.filter(|_| !self.patient.knows_arm) else { return Ok(()) };
        self.patient.knows_arm = true;
        self.patient.local = arm == self.chart.local_arm;
        self.patient.course.treat(self.patient.local);
        Ok(())
    }

    fn arm(&mut self, study: &Study) -> Result<Option<String>, SiteError> {
        let Some(item) = study.meanings.one("subject.arm") else { return Ok(None) };
        self.code_of(item)
    }

    /// What the patient's forms say for an item: the first answer that is no text.
    fn code_of(&mut self, item: &Oid) -> Result<Option<String>, SiteError> {
        let book = self.session.known(&self.patient.key)?;
        let mut cells = book.forms().flat_map(|(_, form)| form.cells()).filter(|(place, _)| place.item == *item);
        Ok(cells.find_map(|(_, cell)| match cell.state() {
            Answer::Answered(Given { value: Some(Stored::Plain(code)), .. }) => Some(code.as_str().to_owned()),
            _ => None,
        }))
    }

    /// What is known of the patient of all that the rows of a group ask for.
    fn asked_by(&mut self, group: &Oid) -> Result<BTreeMap<Oid, String>, SiteError> {
        let chart = self.chart;
        let items = chart.groups.get(group).into_iter().flat_map(|plan| &plan.rows).flat_map(|row| row.only.keys());
        let mut known = BTreeMap::new();
        for item in items {
            if let Some(code) = self.code_of(item)? {
                known.insert(item.clone(), code);
            }
        }
        Ok(known)
    }

    /// The running records as they stand on a day: all that are left, or those that do not wait for the end.
    pub(super) fn records(&mut self, date: PartialDate, only_early: bool) -> Result<(), SiteError> {
        let view = self.session.subject_view(&self.patient.key)?;
        let study = self.session.study();
        let mut filled = Vec::new();
        for (at, column) in view.events.iter().enumerate() {
            if place::event(&study, &key(&column.key, Noun::Event)?)?.kind != EventKind::Common {
                continue;
            }
            let marks = view.forms.iter().filter_map(|row| row.cells.get(at)?.as_ref());
            for mark in marks {
                let form: FormKey = key(&mark.key, Noun::Form)?;
                if self.patient.recorded.contains(&form.form) || (only_early && !self.is_due(&form.form, date)) {
                    continue;
                }
                let stops = self.hurries && self.patient.dice.chance(LEFT);
                filled.extend(self.fill(&form, date, stops)?);
                self.patient.recorded.insert(form.form);
            }
        }
        // What one record says of another is looked at once both are there.
        for before in filled {
            let state = self.session.form_state(&self.patient.key, &key(&before.key, Noun::Form)?)?;
            self.conclude(&study, state)?;
        }
        Ok(())
    }

    /// A word on what later entries made unusual in forms that are complete.
    pub(super) fn look_back(&mut self) -> Result<(), SiteError> {
        let view = self.session.subject_view(&self.patient.key)?;
        let marks = view.forms.iter().flat_map(|row| row.cells.iter().flatten());
        for mark in marks.filter(|mark| mark.status == FormStatus::Complete) {
            let state = self.session.form_state(&self.patient.key, &key(&mark.key, Noun::Form)?)?;
            self.confirm(&state)?;
        }
        Ok(())
    }

    /// Whether a running record is entered before the next visit.
    fn is_due(&self, form: &Oid, date: PartialDate) -> bool {
        let holds = self.chart.forms.get(form).is_some_and(|when| self.patient.is(*when, date));
        holds && self.chart.early.contains(form)
    }

    /// One form: what it asks, words on what a check says, and completion when nothing stands against it.
    fn enter(&mut self, form: &FormKey, date: PartialDate, stops: bool) -> Result<(), SiteError> {
        let study = self.session.study();
        match self.fill(form, date, stops)? {
            Some(state) => self.conclude(&study, state),
            None => Ok(()),
        }
    }

    /// Rows and answers of a form; nothing of one that is left half done or that the patient doesn't have.
    fn fill(&mut self, form: &FormKey, date: PartialDate, stops: bool) -> Result<Option<FormState>, SiteError> {
        let study = self.session.study();
        if self.chart.forms.get(&form.form).is_some_and(|when| !self.patient.is(*when, date)) {
            return Ok(None);
        }
        let most_rows = if stops { 1 } else { usize::MAX };
        let sheet = Sheet { date, rows: self.sow(&study, form, date, most_rows)? };
        let shape = self.session.form_shape(&self.patient.key, form)?;
        let mut state = self.session.form_state(&self.patient.key, form)?;
        // From top to bottom: an answer may bring further questions, which come next.
        let half = if stops { 1 + self.patient.dice.below(MOST_HALF) as usize } else { 0 };
        let mut asked = BTreeSet::new();
        while let Some((cell, mandatory)) =
            open_cells(&shape, &state)?.into_iter().find(|(cell, _)| !asked.contains(cell))
        {
            if stops && asked.len() >= half {
                return Ok(None);
            }
            state = self.answer(&study, &cell, state, &sheet, mandatory)?;
            asked.insert(cell);
        }
        Ok(Some(state))
    }

    /// Adds the rows that the chart has, so many of a group at most.
    fn sow(
        &mut self,
        study: &Study,
        form: &FormKey,
        date: PartialDate,
        most: usize,
    ) -> Result<Vec<Sown<'a>>, SiteError> {
        let def = place::form(study, form)?;
        let mut sown = Vec::new();
        for group in def.groups.iter().filter_map(|at| study.groups.get(&at.group)).filter(|group| group.repeating) {
            let per = self.chart.groups.get(&group.oid).and_then(|plan| plan.per.as_ref());
            let known = self.asked_by(&group.oid)?;
            let rows: Vec<_> = match per {
                Some(source) => {
                    let sources = self.sources(study, form, source)?;
                    let templates = self.patient.rows(self.chart, &group.oid, date, &known).into_iter().cycle();
                    templates.zip(sources).collect()
                }
                None => self
                    .patient
                    .rows(self.chart, &group.oid, date, &known)
                    .into_iter()
                    .map(|template| (template, BTreeMap::new()))
                    .collect(),
            };
            for (at, (template, source)) in rows.into_iter().take(most).enumerate() {
                let state = self.session.row_add(&self.patient.key, form, &group.oid)?;
                let Some(row) = state.rows.iter().rev().find(|row| row.group == *group.oid) else { continue };
                sown.push(Sown { group: group.oid.clone(), repeat: row.repeat.clone(), at, template, source });
            }
        }
        Ok(sown)
    }

    /// The rows of another form of the same visit on which rows of this one hang.
    fn sources(
        &mut self,
        study: &Study,
        form: &FormKey,
        source: &Source,
    ) -> Result<Vec<BTreeMap<Oid, String>>, SiteError> {
        let beside = FormKey { form: source.form.clone(), ..form.clone() };
        let state = self.session.form_state(&self.patient.key, &beside)?;
        let rows = state.rows.iter().filter(|row| row.group == *source.group);
        let typed = rows.map(|row| typed(study, row)).collect::<Result<Vec<_>, _>>()?;
        Ok(typed.into_iter().filter(|row| row.get(&source.item) == Some(&source.code)).collect())
    }

    /// Words on soft findings, then completion where nothing stands against it.
    fn conclude(&mut self, study: &Study, state: FormState) -> Result<(), SiteError> {
        if state.status == FormStatus::Empty {
            return Ok(());
        }
        self.confirm(&state)?;
        for blocker in state.blockers.iter().filter(|blocker| blocker.kind == BlockerKind::Mandatory) {
            let spot = place::cell(study, &key(&blocker.key, Noun::Cell)?)?;
            if let Some(reason) = spot.item.missing_allowed.first().filter(|_| !spot.is_allocated(study)) {
                self.session.save_missing(&self.patient.key, &spot.key, reason.code(), None)?;
            }
        }
        match self.session.form_complete(&self.patient.key, &key(&state.key, Noun::Form)?) {
            // What a check forbids stays open: it is the work that is left.
            Ok(_) | Err(SiteError::Denied(DeniedError::Blocked)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A word on each soft finding of a form.
    fn confirm(&mut self, state: &FormState) -> Result<(), SiteError> {
        for blocker in state.blockers.iter().filter(|blocker| blocker.kind == BlockerKind::Soft) {
            self.session.confirm_finding(&self.patient.key, &key(&blocker.key, Noun::Cell)?, &blocker.rule, CHECKED)?;
        }
        Ok(())
    }
}
