//! A subject's course, read from the book by what the study says its items mean.

use std::collections::HashMap;

use casebook::book::{Cell, CellState};
use casebook::{Book, FreeTextId, Stored};
use oncology::recist::{Day, Tenths};
use rust_decimal::Decimal;
use study::value::{PartialDate, Value};
use study::{CellKey, EventKey, ItemDef, Oid, Study};

/// A period of treatment.
pub(super) struct Drug {
    pub label: Label,
    pub dose: Label,
    pub paused: bool,
    pub from: i32,
    /// None while it goes on.
    pub to: Option<i32>,
}

/// A fraction of radiotherapy.
pub(super) struct Fraction {
    pub day: i32,
    pub dose: Label,
}

/// A scan.
pub(super) struct Scan {
    pub day: i32,
    pub event: EventKey,
    pub baseline: bool,
    /// Sum of the target lesions' diameters in millimetres.
    pub sum: Option<Decimal>,
    /// Change of the sum from baseline in per cent, to one decimal.
    pub change: Option<Decimal>,
    /// Whether the disease had progressed before.
    pub after_progression: bool,
    /// Code of the overall response as entered.
    pub response: String,
}

/// An adverse event.
pub(super) struct Adverse {
    pub term: Label,
    pub grade: u8,
    pub serious: bool,
    pub from: i32,
    /// None while it goes on.
    pub to: Option<i32>,
}

/// The course of one result.
pub(super) struct Lab {
    pub item: Oid,
    pub points: Vec<(i32, Decimal)>,
}

/// A value as it will be shown: free text is looked up later, since only its hash stands in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// An item's stored value and its unit.
    Value(Oid, String, Option<Oid>),
    /// Free text.
    FreeText(FreeTextId),
    /// Nothing.
    None,
}

/// All that is drawn of one subject, in order of time; days count from 1970.
#[derive(Default)]
pub struct Course {
    /// Code of the allocated arm.
    pub(super) arm: String,
    pub(super) consent: Option<i32>,
    pub(super) day1: Option<i32>,
    pub(super) ended: Option<i32>,
    pub(super) died: Option<i32>,
    pub(super) alive: Option<i32>,
    pub(super) drugs: Vec<Drug>,
    pub(super) fractions: Vec<Fraction>,
    pub(super) scans: Vec<Scan>,
    /// Best overall response that the RECIST engine reports: a code, or empty.
    pub(super) best: String,
    /// Changes in per cent that are a partial response and progression, as the study has them.
    pub(super) guides: Option<[i32; 2]>,
    pub(super) adverse: Vec<Adverse>,
    pub(super) labs: Vec<Lab>,
}

impl Course {
    /// Reads a book.
    pub fn read(study: &Study, book: &Book) -> Course {
        let reader = Reader::new(study, book);
        let mut course = Course {
            arm: reader.first_text("subject.arm"),
            consent: reader.first_day("subject.consent_date"),
            day1: study.meanings.all("event.day1").iter().filter_map(|event| reader.event_day(event)).min(),
            ended: reader.days("course.treatment_end").max(),
            died: reader.days("subject.death_date").max(),
            alive: reader.days("subject.last_alive").max(),
            drugs: reader.drugs(),
            fractions: reader.fractions(),
            scans: Vec::new(),
            best: String::new(),
            guides: None,
            adverse: reader.adverse(),
            labs: reader.labs(),
        };
        if let Some(tumours) = clinical::tumours::course(study, book) {
            course.judge(&tumours);
        }
        course.drugs.sort_by_key(|drug| drug.from);
        course.fractions.sort_by_key(|fraction| fraction.day);
        course.scans.sort_by_key(|scan| (scan.day, !scan.baseline));
        course.adverse.sort_by_key(|event| (event.from, event.to));
        course
    }

    /// Takes over what the RECIST engine makes of the tumours.
    fn judge(&mut self, tumours: &clinical::tumours::Course) {
        let limits = &tumours.settings.limits;
        let percent = |percent: u32| i32::try_from(percent).unwrap_or(i32::MAX);
        self.guides = Some([-percent(limits.response_percent), percent(limits.progression_percent)]);
        self.best = tumours.outcome.reported().response.map(|best| best.code().to_owned()).unwrap_or_default();
        self.scans.extend(day_number(tumours.input.baseline.date).map(|day| Scan {
            day,
            event: tumours.baseline.event_key(),
            baseline: true,
            sum: tumours.outcome.baseline.sum.map(Tenths::to_mm),
            change: None,
            after_progression: false,
            response: String::new(),
        }));
        let progressed = tumours.outcome.progression().map(|point| point.date);
        for (place, point) in tumours.judged() {
            let entered = place.entered.overall.as_ref().and_then(|entered| entered.code.clone());
            self.scans.extend(day_number(point.date).map(|day| Scan {
                day,
                event: place.form.event_key(),
                baseline: false,
                sum: point.sum.map(Tenths::to_mm),
                change: point.from_baseline.and_then(|change| change.percent(1)),
                after_progression: progressed.is_some_and(|day| point.date > day),
                response: entered.unwrap_or_default(),
            }));
        }
    }

    /// The scan before treatment, where its sum is known.
    pub(super) fn baseline(&self) -> Option<&Scan> {
        self.scans.iter().find(|scan| scan.baseline && scan.sum.is_some())
    }

    /// The last day of which anything is known.
    pub(super) fn last_known(&self) -> Option<i32> {
        let drugs = self.drugs.iter().map(|drug| drug.to.unwrap_or(drug.from));
        let fractions = self.fractions.iter().map(|fraction| fraction.day);
        let scans = self.scans.iter().map(|scan| scan.day);
        let labs = self.labs.iter().flat_map(|lab| lab.points.iter().map(|(day, _)| *day));
        let single = [self.day1, self.ended, self.died, self.alive].into_iter().flatten();
        drugs.chain(fractions).chain(scans).chain(labs).chain(single).max()
    }
}

fn day_number(day: Day) -> Option<i32> {
    let (year, month, day) = day.civil();
    let part = |number: i32| u8::try_from(number).ok();
    PartialDate::new(u16::try_from(year).ok()?, part(month), part(day))?.day_number()
}

/// The cells of a book by item: what is skipped and what stands in removed rows is left out.
struct Reader<'a> {
    study: &'a Study,
    book: &'a Book,
    cells: HashMap<&'a Oid, Vec<Placed<'a>>>,
}

/// A cell with its place.
struct Placed<'a> {
    key: CellKey,
    cell: &'a Cell,
}

impl<'a> Reader<'a> {
    fn new(study: &'a Study, book: &'a Book) -> Self {
        let mut cells: HashMap<&Oid, Vec<Placed<'a>>> = HashMap::new();
        for (key, form) in book.forms() {
            for (place, cell) in form.cells() {
                let stands = !cell.is_hidden() && !form.is_removed(&place.group, &place.repeat);
                if stands && study.meanings.of(&place.item).next().is_some() {
                    let key = key.cell(place.group.clone(), place.repeat.clone(), place.item.clone());
                    cells.entry(&place.item).or_default().push(Placed { key, cell });
                }
            }
        }
        Self { study, book, cells }
    }

    /// Every cell of the items that mean this.
    fn cells(&self, concept: &str) -> impl Iterator<Item = &Placed<'a>> {
        let items = self.study.meanings.all(concept).iter();
        items.filter_map(|item| self.cells.get(item)).flatten()
    }

    /// The cell beside another in its row that means this.
    fn beside(&self, key: &CellKey, concept: &str) -> Option<&Placed<'a>> {
        let same = |at: &CellKey| at.form == key.form && at.group == key.group && at.group_repeat == key.group_repeat;
        self.cells(concept).find(|at| same(&at.key))
    }

    fn item(&self, key: &CellKey) -> Option<&'a ItemDef> {
        self.study.items.get(&key.item)
    }

    fn value(&self, at: &Placed<'a>) -> Option<Value> {
        let item = self.item(&at.key)?;
        let stored = match at.cell.state() {
            CellState::Answered(given) => match given.value.as_ref()? {
                Stored::Plain(value) => value.as_str(),
                Stored::Text(_) => return None,
            },
            CellState::Derived(derived) => derived.value.as_str(),
            _ => return None,
        };
        item.kind.read(stored).ok()
    }

    /// An exact number in the standard unit: what is only known to lie below a limit has no place on an axis.
    fn number(&self, at: &Placed<'a>) -> Option<Decimal> {
        let number = self.value(at)?.as_decimal()?;
        let unit = match at.cell.state() {
            CellState::Answered(given) => given.unit.as_ref(),
            _ => None,
        };
        self.item(&at.key)?.to_standard(number, unit)
    }

    fn date(&self, at: &Placed<'a>) -> Option<PartialDate> {
        self.value(at)?.as_date()
    }

    fn text(&self, at: &Placed<'a>) -> String {
        self.value(at).map(|value| value.stored()).unwrap_or_default()
    }

    fn label(&self, at: Option<&Placed<'a>>) -> Label {
        let Some(Placed { key, cell }) = at else { return Label::None };
        match cell.state() {
            CellState::Answered(given) => match &given.value {
                Some(Stored::Plain(value)) => {
                    Label::Value(key.item.clone(), value.as_str().to_owned(), given.unit.clone())
                }
                Some(Stored::Text(words)) => Label::FreeText(*words),
                None => Label::None,
            },
            CellState::Derived(derived) => Label::Value(key.item.clone(), derived.value.as_str().to_owned(), None),
            _ => Label::None,
        }
    }

    fn days(&self, concept: &str) -> impl Iterator<Item = i32> {
        self.cells(concept).filter_map(|at| self.date(at)).map(|date| date.earliest())
    }

    fn first_day(&self, concept: &str) -> Option<i32> {
        self.days(concept).min()
    }

    fn first_text(&self, concept: &str) -> String {
        self.cells(concept).map(|at| self.text(at)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    fn day_of(&self, event: &EventKey) -> Option<i32> {
        let date: PartialDate = self.book.event(event)?.date()?.parse().ok()?;
        Some(date.earliest())
    }

    fn event_day(&self, event: &Oid) -> Option<i32> {
        self.day_of(&EventKey::new(event.clone(), "1"))
    }

    fn drugs(&self) -> Vec<Drug> {
        let period = |at: &Placed<'a>| {
            let from = self.date(at)?.earliest();
            let dose = self.beside(&at.key, "exposure.dose");
            let end = self.beside(&at.key, "exposure.end").and_then(|end| self.date(end));
            Some(Drug {
                label: self.label(self.beside(&at.key, "exposure.drug")),
                paused: dose.and_then(|dose| self.number(dose)).is_some_and(|dose| dose.is_zero()),
                dose: self.label(dose),
                from,
                to: end.map(|end| end.latest().max(from)),
            })
        };
        self.cells("exposure.start").filter_map(period).collect()
    }

    fn fractions(&self) -> Vec<Fraction> {
        let fraction = |at: &Placed<'a>| {
            let dose = self.label(self.beside(&at.key, "rt.fraction_dose"));
            Some(Fraction { day: self.date(at)?.earliest(), dose })
        };
        self.cells("rt.fraction_date").filter_map(fraction).collect()
    }

    fn adverse(&self) -> Vec<Adverse> {
        let event = |at: &Placed<'a>| {
            let from = self.date(at)?.earliest();
            let end = self.beside(&at.key, "ae.end").and_then(|end| self.date(end));
            let grade = self.beside(&at.key, "ae.grade").map(|at| self.text(at)).unwrap_or_default();
            let serious = self.beside(&at.key, "ae.serious").map(|at| self.text(at)).unwrap_or_default();
            // Without a dictionary's term the words of the chart speak.
            let coded = self.label(self.beside(&at.key, "ae.term"));
            let reported = || self.label(self.beside(&at.key, "ae.verbatim"));
            Some(Adverse {
                term: if coded == Label::None { reported() } else { coded },
                grade: grade.parse().unwrap_or(0),
                serious: matches!(serious.as_str(), "Y" | "true"),
                from,
                to: end.map(|end| end.latest().max(from)),
            })
        };
        self.cells("ae.start").filter_map(event).collect()
    }

    fn labs(&self) -> Vec<Lab> {
        let items = self.study.meanings.all("course.lab").iter();
        let line = |item: &Oid| {
            let point = |at: &Placed<'a>| {
                let sampled = self.beside(&at.key, "lab.sample_date").and_then(|at| self.date(at));
                let day = sampled.map(|date| date.earliest()).or_else(|| self.day_of(&at.key.event_key()));
                Some((day?, self.number(at)?))
            };
            let mut points: Vec<_> = self.cells.get(item)?.iter().filter_map(point).collect();
            points.sort();
            (!points.is_empty()).then(|| Lab { item: item.clone(), points })
        };
        items.filter_map(line).collect()
    }
}
