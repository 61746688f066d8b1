//! The screens that only show: each is drawn by `screens` from what the vault holds.

use std::sync::Arc;

use casebook::Summary;
use screens::charts::{self, Course};
use screens::form;
use screens::lists::{self, Listed};
use screens::messages::{
    CellView, ChartsView, ChecklistView, FormShape, FormState, FormUpdate, SubjectRow, SubjectView, TimelineView,
    TumoursView, WorklistView,
};
use screens::permissions::Command;
use screens::{checklist, history, lab, safety, subject, tumours};
use study::{CellKey, EventKey, FormKey, Study};

use crate::noun::Noun;
use crate::session::Session;
use crate::{SiteError, place};

impl Session<'_> {
    /// What is to be done, most urgent first.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn worklist(&mut self) -> Result<WorklistView, SiteError> {
        self.may(Command::Worklist)?;
        let subjects = self.listed()?;
        let view = self.draw_all(|frame, session| {
            let mut tasks = Vec::new();
            for (study, summary) in &subjects {
                let forms = safety::report_forms(study, summary);
                let reports = if forms.is_empty() { None } else { session.open.sheets(&summary.subject, &forms)? };
                let reports = reports.map(|mut book| {
                    book.read_under(study);
                    book
                });
                tasks.extend(lists::tasks(frame, Listed { study, summary }, reports.as_ref()));
            }
            Ok(lists::worklist(frame, tasks))
        })?;
        Ok(WorklistView { backup: self.backup_due()?, ..view })
    }

    /// Every subject of this vault with what a person must know before opening it.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn subjects(&mut self) -> Result<Vec<SubjectRow>, SiteError> {
        self.may(Command::Subjects)?;
        let mut unsent = Vec::new();
        for (study, summary) in self.listed()? {
            if !summary.registrations.is_empty() {
                unsent.push((self.unsent(Some(&summary.subject))?, study, summary));
            }
        }
        unsent.sort_by(|(_, _, a), (_, _, b)| a.subject.cmp(&b.subject));
        self.draw_all(|frame, _| {
            let rows = unsent.iter();
            let row = |(unsent, study, summary): &(u32, Arc<Study>, Summary)| {
                lists::subject_row(frame, Listed { study, summary }, *unsent)
            };
            Ok(rows.map(row).collect())
        })
    }

    /// The subjects as whoever is signed in sees them, each with its version of the study.
    fn listed(&mut self) -> Result<Vec<(Arc<Study>, Summary)>, SiteError> {
        let summaries = self.summaries()?;
        summaries.into_iter().map(|summary| Ok((self.study_under(&summary)?, summary))).collect()
    }

    /// The casebook as a matrix.
    ///
    /// # Errors
    /// There is no such subject.
    pub fn subject_view(&mut self, subject: &str) -> Result<SubjectView, SiteError> {
        self.may(Command::SubjectView)?;
        self.matrix_of(subject)
    }

    pub(crate) fn matrix_of(&mut self, subject: &str) -> Result<SubjectView, SiteError> {
        let older = self.older(subject)?;
        self.draw(subject, |view| subject::matrix(view, &older))
    }

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

    /// The questions of a form: what does not change while entering.
    ///
    /// # Errors
    /// There is no such form.
    pub fn form_shape(&mut self, subject: &str, form: &FormKey) -> Result<FormShape, SiteError> {
        self.may(Command::FormShape)?;
        self.known(subject)?;
        let present = self.study_of(subject)?;
        let study = self.study_with_form(subject, form)?;
        let mut shape = form::shape(&study, form, &self.language).ok_or(SiteError::NoSuch(Noun::Form))?;
        if study.metadata_version != present.metadata_version {
            // A form that this version retired is read as a list of its values.
            shape.groups.clear();
        }
        lab::offer(&study, &mut shape, &self.signed_in.open.trial_state()?.laboratories());
        Ok(shape)
    }

    /// The answers of a form and all that follows from them.
    ///
    /// # Errors
    /// There is no such form.
    pub fn form_state(&mut self, subject: &str, form: &FormKey) -> Result<FormState, SiteError> {
        self.may(Command::FormState)?;
        self.study_with_form(subject, form)?;
        self.state_of(subject, form)
    }

    /// The version of the study that has a form: the subject's, or the one before which it was retired.
    fn study_with_form(&mut self, subject: &str, form: &FormKey) -> Result<Arc<Study>, SiteError> {
        let study = self.study_with(subject, form)?;
        place::form(&study, form)?;
        Ok(study)
    }

    pub(crate) fn state_of(&mut self, subject: &str, key: &FormKey) -> Result<FormState, SiteError> {
        let extras = self.extras(subject, Some(key))?;
        self.draw(subject, |view| form::state(view, &extras, key))
    }

    /// The whole state of a form, for a window that shows it anew.
    pub fn whole_form(&mut self, subject: &str, state: FormState) -> FormUpdate {
        self.signed_in.shown.whole(subject, &self.language, state)
    }

    /// What of a form's state the window does not hold yet.
    pub fn form_update(&mut self, subject: &str, state: FormState) -> FormUpdate {
        self.signed_in.shown.update(subject, &self.language, state)
    }

    /// What concerns one cell.
    ///
    /// # Errors
    /// The place does not exist.
    pub fn cell_view(&mut self, subject: &str, cell: &CellKey) -> Result<CellView, SiteError> {
        self.may(Command::CellView)?;
        self.view_of(subject, cell)
    }

    pub(crate) fn view_of(&mut self, subject: &str, cell: &CellKey) -> Result<CellView, SiteError> {
        let study = self.study_of(subject)?;
        let spot = place::cell(&study, cell)?;
        let lines = self.signed_in.open.lines(subject)?;
        self.draw(subject, |view| history::cell(view, &spot.key, spot.item, &lines))
    }

    /// The tumours of a subject.
    ///
    /// # Errors
    /// There is no such subject, or the study has no tumour forms.
    pub fn tumours_view(&mut self, subject: &str) -> Result<TumoursView, SiteError> {
        self.may(Command::TumoursView)?;
        self.tumours_of(subject)
    }

    pub(crate) fn tumours_of(&mut self, subject: &str) -> Result<TumoursView, SiteError> {
        let extras = self.extras(subject, None)?;
        let drawn = self.draw(subject, |view| tumours::view(view, &extras))?;
        drawn.ok_or(SiteError::NoSuch(Noun::TumourForm))
    }

    /// A visit as a list to tick off.
    ///
    /// # Errors
    /// There is no such subject or visit.
    pub fn visit_checklist(&mut self, subject: &str, event: &EventKey) -> Result<ChecklistView, SiteError> {
        self.may(Command::VisitChecklist)?;
        let study = self.study_of(subject)?;
        let def = place::event(&study, event)?;
        let extras = self.extras(subject, None)?;
        self.draw(subject, |view| checklist::visit(view, &extras, event, def))
    }

    /// One subject's course on one axis.
    ///
    /// # Errors
    /// There is no such subject.
    pub fn timeline(&mut self, subject: &str) -> Result<TimelineView, SiteError> {
        self.may(Command::Timeline)?;
        self.draw(subject, charts::timeline)
    }

    /// Every subject of this site beside each other. The allocated arms are shown, so no masked role may ask.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn charts(&mut self) -> Result<ChartsView, SiteError> {
        self.may(Command::Charts)?;
        let registered = self.summaries()?.into_iter().filter(|summary| !summary.registrations.is_empty());
        let mut subjects: Vec<String> = registered.map(|summary| summary.subject).collect();
        subjects.sort();
        let mut courses = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let study = self.study_of(&subject)?;
            let course = Course::read(&study, self.known(&subject)?);
            courses.push((subject, course));
        }
        Ok(charts::charts(&courses, &self.study(), &self.language, self.today()))
    }

    /// Whether the window may be printed, which is all that is asked of this room.
    ///
    /// # Errors
    /// The role may not.
    pub fn may_print(&self) -> Result<(), SiteError> {
        self.may(Command::PrintPage)
    }
}
