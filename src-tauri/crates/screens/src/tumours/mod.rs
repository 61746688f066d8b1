//! The Tumours screen: lesions × assessments.
//!
//! [`view`] draws what `clinical::tumours` computes together with the forms as they stand. The study's concepts `tumour.*`
//! say where everything is.

mod lesions;
mod screen;
mod sheet;

pub use sheet::{Columns, Sheet, is_of};

use casebook::Book;
use clinical::tumours;
use oncology::recist::Day;
use study::{EventKey, FormKey, Oid, Repeat, Study};

use crate::form::{self, Extras};
use crate::messages::{AddableEvent, TumoursView};
use crate::permissions::Command;
use crate::{View, subject};
use screen::Screen;

/// The tumours of a subject; none where the study has no form for their assessment. `extras` concern all its forms.
pub fn view(view: &View<'_>, extras: &Extras) -> Option<TumoursView> {
    let (study, book) = (view.study, view.book);
    let form = form_of(study, "tumour.assessment.date")?;
    let course = tumours::course(study, book);
    let sheet = |key: FormKey, date| Sheet::new(form::state(view, extras, &key), key, date);
    let baseline = course.as_ref().map(|course| course.baseline.clone());
    let baseline = baseline.or_else(|| first_place(study, &form_of(study, "tumour.baseline.date")?));
    let assessments = assessments(study, book, &form).into_iter();
    let screen = Screen {
        view: *view,
        form: &form,
        course: course.as_ref(),
        start: first_treatment(study, book),
        baseline: baseline.map(|key| sheet(key, None)),
        sheets: assessments.map(|place| sheet(place.form, place.date)).collect(),
    };
    let holds = |event: &AddableEvent| {
        let def = study.events.get(&event.oid);
        def.is_some_and(|def| def.forms.iter().any(|at| at.form == form))
    };
    let mut addable = subject::addable(study, &book.overview().events, view.language);
    addable.retain(|event| view.reader.may(Command::EventAdd) && holds(event));
    Some(TumoursView { addable, ..screen.draw() })
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

/// An assessment of the tumours.
struct Assessment {
    form: FormKey,
    /// The date of its visit, ISO 8601.
    date: Option<String>,
}

/// The assessments that have begun: the form holds something, or its visit has a date.
fn assessments(study: &Study, book: &Book, form: &Oid) -> Vec<Assessment> {
    let mut places = Vec::new();
    for key in book.event_keys(study) {
        let def = study.events.get(&key.event);
        if !def.is_some_and(|def| def.forms.iter().any(|at| at.form == *form)) {
            continue;
        }
        let date = book.event(&key).and_then(|event| event.date()).map(str::to_owned);
        let place = key.form(form.clone(), Repeat::first());
        if date.is_some() || book.form(&place).is_some() {
            places.push(Assessment { form: place, date });
        }
    }
    places
}
