//! The Tumours screen: lesions × assessments, and entry right there.
//!
//! [`screen::Screen`] draws what [`clinical::tumours`] computes together with the forms as they stand; `entry.rs`
//! turns one answer in the grid into the same acts that the form uses. The study's concepts `tumour.*` say where everything
//! is.

mod entry;
mod lesions;
mod screen;
mod sheet;

pub use entry::NewLesion;

use casebook::Book;
use clinical::tumours;
use oncology::recist::Day;
use screens::guard::{self, Command};
use screens::messages::{AddableEvent, TumoursView};
use study::{EventKey, FormKey, Oid, Repeat, Study};

use crate::desk::Seat;
use crate::{SiteError, matrix};
use screen::Screen;
use sheet::Sheet;

impl Seat<'_> {
    /// The tumours of a subject.
    ///
    /// # Errors
    /// There is no such subject, or the study has no tumour forms.
    pub fn tumours_view(&mut self, subject: &str, lang: &str) -> Result<TumoursView, SiteError> {
        self.may(Command::TumoursView)?;
        self.tumours_of(subject, lang)
    }

    fn tumours_of(&mut self, subject: &str, lang: &str) -> Result<TumoursView, SiteError> {
        let study = self.study_of(subject)?;
        let form = form_of(&study, "tumour.assessment.date").ok_or(SiteError::NoSuch("tumour form"))?;
        let book = self.known(subject)?;
        let course = tumours::course(&study, book);
        let visits = assessments(&study, book, &form);
        let start = first_treatment(&study, book);
        let events = book.overview().events.clone();
        let baseline = course.as_ref().map(|course| course.baseline.clone());
        let baseline = baseline.or_else(|| first_place(&study, &form_of(&study, "tumour.baseline.date")?));
        let mut sheets = Vec::new();
        for (key, date) in visits {
            sheets.push(Sheet::new(self.state_of(subject, &key, lang)?, key, date));
        }
        let baseline = match baseline {
            Some(key) => Some(Sheet::new(self.state_of(subject, &key, lang)?, key, None)),
            None => None,
        };
        let may = |command| guard::check(command, Some(self.session.role)).is_ok();
        let holds = |event: &AddableEvent| {
            let def = study.events.get(&event.oid);
            def.is_some_and(|def| def.forms.iter().any(|at| at.form == form))
        };
        let mut addable = matrix::addable(&study, &events, lang);
        addable.retain(|event| may(Command::EventAdd) && holds(event));
        let course = course.as_ref();
        let screen = Screen { study: &study, lang, form: &form, course, start, baseline, sheets };
        let mut view = screen.view(subject);
        view.editable = may(Command::TumourRead);
        view.addable = addable;
        Ok(view)
    }
}

/// The form that asks for an item which means this.
fn form_of(study: &Study, concept: &str) -> Option<Oid> {
    let item = study.meanings.one(concept)?;
    let asks = |group: &Oid| study.groups.get(group).is_some_and(|def| def.items.iter().any(|at| at.item == *item));
    study.forms.iter().find(|form| form.groups.iter().any(|at| asks(&at.group))).map(|form| form.oid.clone())
}

/// The day of the first study treatment.
fn first_treatment(study: &Study, book: &Book) -> Option<Day> {
    let event = study.meanings.one("event.day1")?;
    Day::read(book.event(&EventKey::new(event.clone(), Repeat::first()))?.date()?)
}

/// The first place of a form in the order of the study.
fn first_place(study: &Study, form: &Oid) -> Option<FormKey> {
    let event = study.events.iter().find(|event| event.forms.iter().any(|at| at.form == *form))?;
    Some(EventKey::new(event.oid.clone(), Repeat::first()).form(form.clone(), Repeat::first()))
}

/// The places of the assessment that have begun: its form holds something, or its visit has a date.
fn assessments(study: &Study, book: &Book, form: &Oid) -> Vec<(FormKey, Option<String>)> {
    let mut places = Vec::new();
    for key in book.event_keys(study) {
        let def = study.events.get(&key.event);
        if !def.is_some_and(|def| def.forms.iter().any(|at| at.form == *form)) {
            continue;
        }
        let date = book.event(&key).and_then(|event| event.date()).map(str::to_owned);
        let place = key.form(form.clone(), Repeat::first());
        if date.is_some() || book.form(&place).is_some() {
            places.push((place, date));
        }
    }
    places
}
