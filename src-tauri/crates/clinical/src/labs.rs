//! What a laboratory result means beside its limits: low, within or high, and which CTCAE grade the rules propose.
//!
//! Everything is taken from the subject's own book: limits are those that were recorded with the result, the baseline is
//! the last value up to the day of the study's baseline event. So a site, the center and a later reader see the same.

use std::cell::RefCell;
use std::collections::HashMap;

use casebook::CellState;
use casebook::{Book, Stored};
use oncology::ctcae;
use rust_decimal::Decimal;
use study::rules::Answers;
use study::value::{Number, PartialDate, Value};
use study::{AnalytePart, CellKey, EventKey, FormKey, GroupDef, ItemDef, Oid, Qualifier, Repeat, Study};

/// Setting: the event on whose day the baseline ends, by its short name or OID.
const BASELINE_EVENT: &str = "BASELINE_EVENT";

/// Where a result lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Below the lower limit of normal.
    Low,
    /// Not outside the limits that are known.
    Within,
    /// Above the upper limit of normal.
    High,
}

/// A result with its limits, all in the analyte's standard unit.
#[derive(Clone)]
pub struct LabResult {
    /// Code of the analyte.
    pub analyte: String,
    /// The result.
    pub value: Number,
    /// Lower limit of normal.
    pub low: Option<Decimal>,
    /// Upper limit of normal.
    pub high: Option<Decimal>,
}

impl LabResult {
    /// Where it lies; nothing where no limit is known or a qualifier (`<5`) leaves it open.
    pub fn side(&self) -> Option<Side> {
        use study::value::Comparison::{Greater, Less};
        use study::value::Truth;
        let ask =
            |limit: Option<Decimal>, question| limit.map(|limit| self.value.compare(question, &Number::exact(limit)));
        match (ask(self.low, Less), ask(self.high, Greater)) {
            (Some(Truth::Yes), _) => Some(Side::Low),
            (_, Some(Truth::Yes)) => Some(Side::High),
            (None, None) | (Some(Truth::Unknown), _) | (_, Some(Truth::Unknown)) => None,
            _ => Some(Side::Within),
        }
    }
}

/// A subject's laboratory values.
pub struct Labs<'a> {
    study: &'a Study,
    book: &'a Book,
    baseline_day: Option<PartialDate>,
    /// The items of all panels: each result looks for its limits among a hundred neighbours.
    parts: HashMap<PartOf<'a>, &'a ItemDef>,
    /// The grades proposed so far.
    proposals: RefCell<HashMap<CellKey, Option<ctcae::Proposal>>>,
}

/// A group, the code of an analyte, and what of it an item holds.
type PartOf<'a> = (&'a Oid, &'a str, AnalytePart);

impl<'a> Labs<'a> {
    /// The laboratory values of a book.
    pub fn new(study: &'a Study, book: &'a Book) -> Self {
        let named = |name: &str| study.events.iter().find(|event| event.oid.short_name() == name || event.oid == *name);
        let set = study.setting(BASELINE_EVENT).and_then(named).map(|event| &event.oid);
        let event = set.or_else(|| study.meanings.one("event.day1"));
        let day = event.and_then(|event| book.event(&EventKey::new(event.clone(), Repeat::first())));
        Self {
            study,
            book,
            baseline_day: day.and_then(|event| event.date()?.parse().ok()),
            parts: parts(study),
            proposals: RefCell::default(),
        }
    }

    /// The result that a cell holds; nothing where it holds none, or one in a unit that is never converted.
    pub fn result(&self, key: &CellKey) -> Option<LabResult> {
        let item = self.study.items.get(&key.item)?;
        let group = self.study.groups.get(&key.group)?;
        let code = item.analyte()?;
        Some(LabResult {
            analyte: code.to_owned(),
            value: self.number(key, item)?,
            low: self.limit(key, group, code, AnalytePart::Low),
            high: self.limit(key, group, code, AnalytePart::High),
        })
    }

    /// The grade that the CTCAE's rules propose for a result, with how it came about. Nothing for an analyte that is not
    /// graded by a number.
    pub fn proposal(&self, key: &CellKey) -> Option<ctcae::Proposal> {
        if let Some(known) = self.proposals.borrow().get(key) {
            return known.clone();
        }
        let proposal = self.propose(key);
        self.proposals.borrow_mut().insert(key.clone(), proposal.clone());
        proposal
    }

    fn propose(&self, key: &CellKey) -> Option<ctcae::Proposal> {
        let result = self.result(key)?;
        let item = self.study.items.get(&key.item)?;
        let albumin = self.beside(key, "ALB").map(|albumin| albumin.value).and_then(|value| value.as_exact());
        let baseline = self.baseline(key);
        let reading = match result.value.qualifier {
            None => ctcae::Reading::Exact,
            Some(Qualifier::Less) => ctcae::Reading::Below,
            Some(Qualifier::Greater) => ctcae::Reading::Above,
            Some(Qualifier::AtMost) => ctcae::Reading::AtMost,
            Some(Qualifier::AtLeast) => ctcae::Reading::AtLeast,
        };
        let case = ctcae::Case {
            reading,
            unit: self.unit(item),
            lln: result.low,
            uln: result.high,
            baseline: baseline.as_ref().and_then(|baseline| baseline.value.as_exact()),
            baseline_uln: baseline.as_ref().and_then(|baseline| baseline.high),
            albumin,
            ..ctcae::Case::new(&result.analyte, result.value.decimal)
        };
        ctcae::propose(&case)
    }

    /// The last result of the same question up to the day of the baseline event; nothing for a result that is of that
    /// time itself.
    pub fn baseline(&self, key: &CellKey) -> Option<LabResult> {
        let until = self.baseline_day.as_ref()?.day_number()?;
        if self.day(&key.form)? <= until {
            return None;
        }
        let forms = self.book.forms().map(|(form, _)| form);
        let same = forms.filter(|form| form.form == key.form.form && form.form_repeat == key.form.form_repeat);
        let mut before: Vec<(i32, Option<usize>, &FormKey)> = same
            .filter_map(|form| Some((self.day(form)?, self.study.events.position(&form.event), form)))
            .filter(|(day, ..)| *day <= until)
            .collect();
        before.sort_by(|a, b| b.cmp(a));
        before.into_iter().find_map(|(_, _, form)| {
            self.result(&form.cell(key.group.clone(), key.group_repeat.clone(), key.item.clone()))
        })
    }

    /// The result of another analyte of the same panel.
    fn beside(&self, key: &CellKey, code: &str) -> Option<LabResult> {
        let group = self.study.groups.get(&key.group)?;
        let item = self.part(group, code, AnalytePart::Result)?;
        self.result(&key.form.cell(key.group.clone(), key.group_repeat.clone(), item.oid.clone()))
    }

    fn limit(&self, key: &CellKey, group: &GroupDef, code: &str, part: AnalytePart) -> Option<Decimal> {
        let item = self.part(group, code, part)?;
        let place = key.form.cell(key.group.clone(), key.group_repeat.clone(), item.oid.clone());
        self.number(&place, item)?.as_exact()
    }

    /// As [`study::MetaDataVersion::analyte_item`], of which there are many to find.
    fn part(&self, group: &GroupDef, code: &str, part: AnalytePart) -> Option<&'a ItemDef> {
        self.parts.get(&(&group.oid, code, part)).copied()
    }

    /// The unit of the standard in the grading table's words; without one known there, the number stands for itself.
    fn unit(&self, item: &ItemDef) -> Option<ctcae::Unit> {
        let Some(unit) = item.standard_unit().and_then(|unit| self.study.units.get(unit)) else {
            return Some(ctcae::Unit::Bare);
        };
        let ucum = unit.aliases.iter().find(|alias| alias.context == "UCUM").map(|alias| alias.name.as_str());
        let known = ucum.and_then(ctcae::unit).or_else(|| ctcae::unit(unit.symbol("en")));
        Some(known.unwrap_or(ctcae::Unit::Ratio))
    }

    /// The number in a cell, in the standard unit: what is not asked is not read, nor what stands in a removed row.
    fn number(&self, key: &CellKey, item: &ItemDef) -> Option<Number> {
        let answer = Answers::cell(self.book, key)?;
        let Ok(Value::Number(number)) = item.kind.read(&answer.value) else { return None };
        let decimal = item.to_standard(number.decimal, answer.unit.as_ref())?;
        Some(Number { decimal, qualifier: number.qualifier })
    }

    fn day(&self, form: &FormKey) -> Option<i32> {
        self.book.event(&form.event_key())?.date()?.parse::<PartialDate>().ok()?.day_number()
    }
}

fn parts(study: &Study) -> HashMap<PartOf<'_>, &ItemDef> {
    let mut parts = HashMap::new();
    for group in &study.groups {
        for item in group.items.iter().filter_map(|at| study.items.get(&at.item)) {
            if let Some(analyte) = &item.analyte {
                parts.entry((&group.oid, analyte.code.as_str(), analyte.part)).or_insert(item);
            }
        }
    }
    parts
}

/// The first cell of the book that holds the item of a concept, as it was stored: `subject.sex`.
pub fn fact(study: &Study, book: &Book, concept: &str) -> Option<String> {
    let wanted: &[Oid] = study.meanings.all(concept);
    book.forms().find_map(|(_, form)| {
        form.cells().filter(|(place, _)| wanted.contains(&place.item)).find_map(|(_, cell)| match cell.state() {
            CellState::Answered(given) => match &given.value {
                Some(Stored::Plain(value)) => Some(value.as_str().to_owned()),
                _ => None,
            },
            _ => None,
        })
    })
}
