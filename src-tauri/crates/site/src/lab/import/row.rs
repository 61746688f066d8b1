//! One row of a laboratory's file, held against the study and what stands.

use casebook::book::CellState;
use casebook::{Book, Stored};
use exchange::read::Table;
use screens::lab;
use screens::messages::{LabMapping, LabVerdict};
use study::value::{Entered, PartialDate, TypedValueError, typed_date};
use study::{AnalytePart, CellKey, FormKey, GroupDef, ItemDef, Oid, Repeat, Study};

/// Days between a sample and the visit that it belongs to, where the study has no setting of its own.
const NEAR_DAYS: i32 = 7;
/// Setting: days between a sample and its visit.
const NEAR: &str = "LAB_VISIT_DAYS";
/// Marks that laboratories print behind a number out of its limits.
const MARKS: [char; 4] = ['↑', '↓', '▲', '▼'];

/// What a row says, as the file has it.
pub(super) struct Said<'t> {
    pub line: usize,
    pub subject: &'t str,
    pub date: &'t str,
    pub test: &'t str,
    pub result: &'t str,
    pub unit: &'t str,
    pub low: &'t str,
    pub high: &'t str,
}

/// The rows of a file by the columns of a mapping.
pub(super) fn said<'t>(table: &'t Table, mapping: &LabMapping) -> impl Iterator<Item = Said<'t>> {
    let names =
        [&mapping.subject, &mapping.date, &mapping.test, &mapping.result, &mapping.unit, &mapping.low, &mapping.high];
    let at = names.map(|name| table.column(name));
    table.rows.iter().map(move |(line, row)| {
        let field = |n: usize| at[n].and_then(|at| row.get(at)).map_or("", String::as_str);
        Said {
            line: *line,
            subject: field(0),
            date: field(1),
            test: field(2),
            result: field(3),
            unit: field(4),
            low: field(5),
            high: field(6),
        }
    })
}

/// What a row means: where it belongs and which value it brings.
pub(super) struct Meant<'s> {
    pub day: PartialDate,
    pub form: FormKey,
    pub group: &'s GroupDef,
    pub item: &'s ItemDef,
    pub entered: Entered,
}

impl Meant<'_> {
    pub(super) fn cell(&self) -> CellKey {
        self.form.cell(self.group.oid.clone(), Repeat::first(), self.item.oid.clone())
    }
}

/// Why a row belongs nowhere or brings no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowError {
    NoSubject,
    NoTest,
    LeftOut,
    NoDate,
    NoVisit,
    NoUnit,
    NoNumber,
}

impl RowError {
    /// What is said of the row.
    pub(super) fn verdict(self) -> LabVerdict {
        match self {
            Self::NoSubject => LabVerdict::NoSubject,
            Self::NoTest => LabVerdict::NoTest,
            Self::LeftOut => LabVerdict::LeftOut,
            Self::NoDate => LabVerdict::NoDate,
            Self::NoVisit => LabVerdict::NoVisit,
            Self::NoUnit => LabVerdict::NoUnit,
            Self::NoNumber => LabVerdict::NoNumber,
        }
    }
}

/// Where a row belongs, or why it belongs nowhere. `day_of` gives the sample's day that a panel holds.
pub(super) fn meant<'s>(
    study: &'s Study,
    book: &Book,
    mapping: &LabMapping,
    said: &Said<'_>,
) -> Result<Meant<'s>, RowError> {
    let pair = mapping.tests.iter().find(|pair| pair.said == said.test).ok_or(RowError::NoTest)?;
    if pair.meant.is_empty() {
        return Err(RowError::LeftOut);
    }
    let day = day(said.date).ok_or(RowError::NoDate)?;
    let (form, group, item) = place(study, book, &pair.meant, &day)?;
    let entered = number(study, item, said.result, unit(mapping, said.unit))?;
    Ok(Meant { day, form, group, item, entered })
}

/// A whole day; a time behind it is cut off.
pub(super) fn day(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    let date = match text.find([' ', 'T']) {
        Some(at) if text[..at].len() >= 8 && text[at + 1..].contains(':') => &text[..at],
        _ => text,
    };
    typed_date(date).ok().filter(PartialDate::is_whole)
}

/// The symbol that the study has for a unit of the file.
pub(super) fn unit<'m>(mapping: &'m LabMapping, said: &'m str) -> &'m str {
    mapping.units.iter().find(|pair| pair.said == said).map_or(said, |pair| pair.meant.as_str())
}

/// A number with its unit, as if it were typed.
pub(super) fn number(study: &Study, item: &ItemDef, text: &str, unit: &str) -> Result<Entered, RowError> {
    let text = text.trim().trim_end_matches(MARKS).trim_end();
    let typed = if item.units.is_empty() { text.to_owned() } else { format!("{text} {unit}") };
    let mut entered = item.normalise(study, typed.trim_end()).map_err(|fault| match fault {
        TypedValueError::UnknownUnit => RowError::NoUnit,
        _ => RowError::NoNumber,
    })?;
    // The file's own words are always kept.
    entered.raw.get_or_insert_with(|| typed.trim_end().to_owned());
    Ok(entered)
}

/// The limits that a row of the file names itself, for the cells of its panel.
pub(super) fn limits(
    study: &Study,
    meant: &Meant<'_>,
    mapping: &LabMapping,
    said: &Said<'_>,
) -> [Option<(CellKey, Entered)>; 2] {
    [(AnalytePart::Low, said.low), (AnalytePart::High, said.high)].map(|(part, text)| {
        let item = study.analyte_item(meant.group, meant.item.analyte()?, part)?;
        let entered = number(study, item, text, unit(mapping, said.unit)).ok()?;
        Some((lab::neighbour(&meant.cell(), item), entered))
    })
}

/// The panel for an analyte and a day: the one that holds this sample, or else the empty one of the nearest visit.
fn place<'s>(
    study: &'s Study,
    book: &Book,
    analyte: &str,
    day: &PartialDate,
) -> Result<(FormKey, &'s GroupDef, &'s ItemDef), RowError> {
    let near = study.setting(NEAR).and_then(|days| days.parse().ok()).unwrap_or(NEAR_DAYS);
    let wanted = day.earliest();
    let mut best: Option<(i32, usize, FormKey, &GroupDef, &ItemDef)> = None;
    let mut known = false;
    for (form, group, item) in panels(study, analyte) {
        known = true;
        for (event, held) in book.events().filter(|(event, _)| event.event == form.0) {
            let Some(visit) = held.date().and_then(|date| date.parse::<PartialDate>().ok()?.day_number()) else {
                continue;
            };
            let key = event.clone().form(form.1.clone(), Repeat::first());
            let sample = sample_day(study, book, &key, group);
            let distance = match sample {
                Some(sample) if sample == wanted => -1,
                Some(_) => continue,
                None => (visit - wanted).abs(),
            };
            let order = study.events.position(&event.event).unwrap_or(usize::MAX);
            if distance <= near && best.as_ref().is_none_or(|(d, o, ..)| (distance, order) < (*d, *o)) {
                best = Some((distance, order, key, group, item));
            }
        }
    }
    match best {
        Some((.., form, group, item)) => Ok((form, group, item)),
        None if known => Err(RowError::NoVisit),
        None => Err(RowError::NoTest),
    }
}

/// Every event, form and group that ask for an analyte.
fn panels<'s>(study: &'s Study, analyte: &str) -> impl Iterator<Item = ((Oid, Oid), &'s GroupDef, &'s ItemDef)> {
    let forms =
        study.events.iter().flat_map(|event| event.forms.iter().map(move |at| (event.oid.clone(), at.form.clone())));
    forms.flat_map(move |(event, form)| {
        let groups = study.forms.get(&form).into_iter().flat_map(|form| &form.groups);
        let found: Vec<_> = groups
            .filter_map(|at| study.groups.get(&at.group).filter(|group| !group.repeating))
            .filter_map(|group| {
                let item = lab::items(study, group).find(|item| item.analyte() == Some(analyte))?;
                Some(((event.clone(), form.clone()), group, item))
            })
            .collect();
        found
    })
}

fn sample_day(study: &Study, book: &Book, form: &FormKey, group: &GroupDef) -> Option<i32> {
    let date = lab::meaning(study, group, lab::SAMPLE_DATE)?;
    let cell = book.cell(&form.cell(group.oid.clone(), Repeat::first(), date.oid.clone()))?;
    match cell.state() {
        CellState::Answered(given) => match &given.value {
            Some(Stored::Plain(value)) => value.as_str().parse::<PartialDate>().ok()?.day_number(),
            _ => None,
        },
        _ => None,
    }
}
