//! The same form at its visits: what a number's course and "the last value" are read from.

use casebook::Book;
use study::value::PartialDate;
use study::{CellKey, EventKey, FormKey, Study};

/// The same question at another visit.
pub struct Point {
    /// The cell there.
    pub key: CellKey,
    /// The visit's date.
    pub date: Option<PartialDate>,
}

/// The same question at every visit at which its form was begun, in the order of the visits.
pub fn course(study: &Study, book: &Book, key: &CellKey) -> Vec<Point> {
    let at = |visit: Visit| Point {
        key: visit.form.cell(key.group.clone(), key.group_repeat.clone(), key.item.clone()),
        date: visit.date,
    };
    visits_of(study, book, &key.form).into_iter().map(at).collect()
}

/// The same form at the visits before its own, the latest first.
pub(super) fn earlier(study: &Study, book: &Book, form: &FormKey) -> Vec<FormKey> {
    let visits = visits_of(study, book, form);
    let here = visits.iter().position(|visit| visit.form == *form).unwrap_or(visits.len());
    visits.into_iter().take(here).rev().map(|visit| visit.form).collect()
}

/// A form at one of its visits.
struct Visit {
    form: FormKey,
    date: Option<PartialDate>,
}

/// The visits at which a form was begun, and its own. Visits without a date keep the place that the protocol gives them;
/// those with one are put in the order of their dates among the places that dated visits hold.
fn visits_of(study: &Study, book: &Book, form: &FormKey) -> Vec<Visit> {
    let date = |form: &FormKey| book.event(&form.event_key())?.date()?.parse().ok();
    let same = book.forms().map(|(known, _)| known);
    let same = same.filter(|known| known.form == form.form && known.form_repeat == form.form_repeat);
    let mut forms: Vec<FormKey> = same.cloned().collect();
    if !forms.contains(form) {
        forms.push(form.clone());
    }
    let order = |event: &EventKey| (study.events.position(&event.event), event.repeat.clone());
    forms.sort_by_cached_key(|form| order(&form.event_key()));
    let mut visits: Vec<Visit> = forms.into_iter().map(|form| Visit { date: date(&form), form }).collect();
    let dated_places: Vec<usize> = (0..visits.len()).filter(|at| visits[*at].date.is_some()).collect();
    let mut by_date = dated_places.clone();
    by_date.sort_by_key(|at| visits[*at].date.as_ref().map(PartialDate::earliest));
    let moved: Vec<FormKey> = by_date.iter().map(|at| visits[*at].form.clone()).collect();
    for (at, form) in dated_places.into_iter().zip(moved) {
        visits[at] = Visit { date: date(&form), form };
    }
    visits
}
