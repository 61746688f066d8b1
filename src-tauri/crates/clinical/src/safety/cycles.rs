//! The days on which treatment and its cycles began, as events took place.

use casebook::Book;
use study::value::PartialDate;
use study::{EventKey, Oid, Repeat, Study};

/// The first day of a cycle of treatment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The event.
    pub event: EventKey,
    /// Its day, counted from 1970.
    pub day: i32,
}

/// The day of the first study treatment.
pub(super) fn day1(study: &Study, book: &Book) -> Option<i32> {
    let day = |event: &Oid| book.event(&EventKey::new(event.clone(), Repeat::first()))?.date()?.parse().ok();
    study.meanings.all("event.day1").iter().filter_map(day).filter_map(|date: PartialDate| date.day_number()).min()
}

/// First days of cycles, as they took place.
pub(super) fn cycles(study: &Study, book: &Book) -> Vec<Cycle> {
    let begins = |key: &EventKey| study.meanings.is(&key.event, "event.cycle");
    let day = |date: &str| date.parse::<PartialDate>().ok()?.day_number();
    let mut cycles: Vec<Cycle> = book
        .events()
        .filter(|(key, _)| begins(key))
        .filter_map(|(key, event)| Some(Cycle { event: key.clone(), day: day(event.date()?)? }))
        .collect();
    cycles.sort_by(|a, b| (a.day, &a.event).cmp(&(b.day, &b.event)));
    cycles
}
