//! Adverse events, reports of serious ones, and what was given before them: read from a subject's book by what the study
//! says its items mean, so that every screen and the report tell the same.
//!
//! | where | what |
//! |---|---|
//! | `read` | rows of a book by concept |
//! | `clock` | the hours from awareness to the report |
//! | `cycles` | days on which treatment and its cycles began |
//! | `exposure` | doses and fractions before a day |
//! | `labs` | results behind an event, and the event of a result |
//!
//! Nothing here decides anything: a link is what the form itself says, or else a suggestion.

mod clock;
mod cycles;
mod exposure;
mod labs;
mod read;

pub use clock::{Clock, Standing, reporting_hours};
pub use cycles::Cycle;
pub use exposure::{Course, Dosing};
pub use labs::{EventLink, LabLink, Links};
pub use read::RowAt;

use read::Reader;
use rust_decimal::Decimal;
use study::value::{PartialDate, PartialDateTime};
use study::{Oid, Study};

use casebook::Book;

/// An adverse event.
#[derive(Clone)]
pub struct AdverseEvent {
    /// Its row.
    pub row: RowAt,
    /// The number by which other forms refer to it.
    pub number: Option<Decimal>,
    /// First day, perhaps partial.
    pub start: Option<PartialDate>,
    /// Last day, perhaps partial; none while it goes on.
    pub end: Option<PartialDate>,
    /// Worst grade.
    pub grade: Option<u8>,
    /// Whether it is serious.
    pub serious: bool,
    /// The dictionary's term as stored.
    pub term: Option<String>,
    /// Code of the laboratory test behind it, and the day of the sample.
    pub lab: Option<(String, Option<PartialDate>)>,
}

/// A report of a serious adverse event.
#[derive(Clone)]
pub struct Report {
    /// Its row.
    pub row: RowAt,
    /// Number of the adverse event.
    pub event: Option<Decimal>,
    /// Number of the report.
    pub number: Option<Decimal>,
    /// When the site became aware.
    pub awareness: Option<PartialDateTime>,
    /// When the report went to the sponsor.
    pub reported: Option<PartialDateTime>,
}

/// A period of treatment with one dose of one drug.
#[derive(Clone)]
pub struct Period {
    /// Its row.
    pub row: RowAt,
    /// Code of the drug.
    pub drug: String,
    /// Dose in the item's standard unit; 0 for an interruption.
    pub dose: Option<Decimal>,
    /// Code of how often it is given.
    pub frequency: String,
    /// First day, counted from 1970.
    pub from: i32,
    /// Last day; none while it goes on.
    pub to: Option<i32>,
    /// Number of the adverse event that changed the dose when it began.
    pub because: Option<Decimal>,
}

/// A fraction of radiotherapy.
#[derive(Clone)]
pub struct Fraction {
    /// Its row.
    pub row: RowAt,
    /// Its day, counted from 1970.
    pub day: i32,
    /// Code of the target.
    pub target: String,
    /// Dose in Gy.
    pub dose: Option<Decimal>,
}

/// What a subject's book says of safety.
#[derive(Clone, Default)]
pub struct Safety {
    /// Adverse events, in the order of their rows.
    pub events: Vec<AdverseEvent>,
    /// Reports, in the order of their rows.
    pub reports: Vec<Report>,
    /// Periods of treatment, by their first days.
    pub periods: Vec<Period>,
    /// Fractions, by their days.
    pub fractions: Vec<Fraction>,
    /// First days of cycles, as they took place.
    pub cycles: Vec<Cycle>,
    /// The day of the first study treatment, counted from 1970.
    pub day1: Option<i32>,
}

impl Safety {
    /// Reads a book. What a study does not bind is simply not there.
    pub fn read(study: &Study, book: &Book) -> Safety {
        let reader = Reader { study, book };
        let mut safety = Safety {
            events: reader.rows("ae.start").map(|row| event(&reader, row)).collect(),
            reports: reader.rows("sae.awareness").map(|row| report(&reader, row)).collect(),
            periods: reader.rows("exposure.start").filter_map(|row| period(&reader, row)).collect(),
            fractions: reader.rows("rt.fraction_date").filter_map(|row| fraction(&reader, row)).collect(),
            cycles: cycles::cycles(study, book),
            day1: cycles::day1(study, book),
        };
        safety.periods.sort_by(|a, b| (a.from, &a.drug).cmp(&(b.from, &b.drug)));
        safety.fractions.sort_by(|a, b| (a.day, &a.target).cmp(&(b.day, &b.target)));
        safety
    }

    /// The adverse event of a row.
    pub fn event(&self, row: &RowAt) -> Option<&AdverseEvent> {
        self.events.iter().find(|event| event.row == *row)
    }

    /// The report of a row.
    pub fn report(&self, row: &RowAt) -> Option<&Report> {
        self.reports.iter().find(|report| report.row == *row)
    }

    /// The adverse event that a report is about.
    pub fn event_of(&self, report: &Report) -> Option<&AdverseEvent> {
        let number = report.event?;
        self.events.iter().find(|event| event.number == Some(number))
    }

    /// Serious events about which no report stands.
    pub fn unreported(&self) -> impl Iterator<Item = &AdverseEvent> {
        let reported = |event: &AdverseEvent| {
            event.number.is_some() && self.reports.iter().any(|report| report.event == event.number)
        };
        self.events.iter().filter(move |event| event.serious && !reported(event))
    }
}

/// The forms that must be read to know which reports are due.
pub fn forms_of_reports(study: &Study) -> Vec<&Oid> {
    let mut forms: Vec<&Oid> = Vec::new();
    for concept in ["sae.awareness", "ae.start"] {
        for item in study.meanings.all(concept) {
            forms.extend(study.places_of(item).map(|(form, _)| form));
        }
    }
    forms.sort();
    forms.dedup();
    // Without reports there is nothing that could be due.
    if study.meanings.one("sae.awareness").is_none() { Vec::new() } else { forms }
}

fn event(reader: &Reader<'_>, row: RowAt) -> AdverseEvent {
    let lab = reader.text(&row, "ae.lab_test").map(|test| (test, reader.date(&row, "ae.lab_date")));
    AdverseEvent {
        number: reader.number(&row, "ae.number"),
        start: reader.date(&row, "ae.start"),
        end: reader.date(&row, "ae.end"),
        grade: reader.text(&row, "ae.grade").and_then(|grade| grade.parse().ok()),
        serious: reader.is_yes(&row, "ae.serious"),
        term: reader.text(&row, "ae.term"),
        lab,
        row,
    }
}

fn report(reader: &Reader<'_>, row: RowAt) -> Report {
    Report {
        event: reader.number(&row, "sae.ae"),
        number: reader.number(&row, "sae.number"),
        awareness: reader.moment(&row, "sae.awareness"),
        reported: reader.moment(&row, "sae.reported"),
        row,
    }
}

fn period(reader: &Reader<'_>, row: RowAt) -> Option<Period> {
    let from = reader.date(&row, "exposure.start")?.earliest();
    Some(Period {
        drug: reader.text(&row, "exposure.drug").unwrap_or_default(),
        dose: reader.number(&row, "exposure.dose"),
        frequency: reader.text(&row, "exposure.frequency").unwrap_or_default(),
        from,
        to: reader.date(&row, "exposure.end").map(|end| end.latest().max(from)),
        because: reader.number(&row, "exposure.ae"),
        row,
    })
}

fn fraction(reader: &Reader<'_>, row: RowAt) -> Option<Fraction> {
    Some(Fraction {
        day: reader.date(&row, "rt.fraction_date")?.earliest(),
        target: reader.text(&row, "rt.target").unwrap_or_default(),
        dose: reader.number(&row, "rt.fraction_dose"),
        row,
    })
}
