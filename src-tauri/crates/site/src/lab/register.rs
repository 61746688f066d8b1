//! The register of laboratory limits, as a person keeps it.

use casebook::EntryId;
use casebook::act::LabRangeSet;
use screens::guard::Command;
use screens::labels;
use screens::messages::{Choice, LabAnalyte, LabLine, LabLineTyped, LabRegister};
use study::value::{Entered, Value, typed_date};
use study::{AnalytePart, ItemDef, Oid, Study};

use crate::SiteError;
use crate::desk::Seat;
use crate::typed::{self, Unreadable};

/// Longest name of a laboratory, in bytes.
const MOST_NAME: usize = 100;

/// Why a line is not taken into the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabFault {
    /// The laboratory has no name, or one that is too long.
    #[error("a laboratory needs a name")]
    Name,
    /// Neither a lower nor an upper limit.
    #[error("a limit is needed")]
    NoLimit,
    /// The lower limit does not lie below the upper one.
    #[error("the lower limit is not below the upper one")]
    Order,
    /// The last day lies before the first, or a date is partial.
    #[error("the days are not in order")]
    Days,
}

impl LabFault {
    /// The stable code on which the window branches.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "lab_name",
            Self::NoLimit => "lab_no_limit",
            Self::Order => "lab_order",
            Self::Days => "lab_days",
        }
    }
}

impl Seat<'_> {
    /// The register of laboratory limits.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn lab_register(&mut self, lang: &str) -> Result<LabRegister, SiteError> {
        self.may(Command::LabRegister)?;
        self.register(lang)
    }

    /// Puts a line into the register, perhaps in the place of another.
    ///
    /// # Errors
    /// `Lab` when the line says nothing that could hold, `Unreadable` for a limit that is no number, `NoSuch`.
    pub fn lab_range_set(&mut self, line: &LabLineTyped, lang: &str) -> Result<LabRegister, SiteError> {
        self.may(Command::LabRangeSet)?;
        let study = self.study();
        let bases = self.replaced(&line.replaces)?;
        let act = read(&study, line, bases)?;
        self.write(|tx| tx.write(act).map(drop))?;
        self.register(lang)
    }

    /// Withdraws a line of the register. What was recorded beside results stays.
    ///
    /// # Errors
    /// `NoSuch` when the line does not stand.
    pub fn lab_range_withdraw(&mut self, line: &str, lang: &str) -> Result<LabRegister, SiteError> {
        self.may(Command::LabRangeWithdraw)?;
        let bases = self.replaced(line)?;
        let found = self.session.open.roster()?.ranges().into_iter().find(|(id, ..)| bases.first() == Some(id));
        let (lab, analyte) = found.map(|(_, _, range)| (range.lab.clone(), range.analyte.clone())).ok_or(NO_LINE)?;
        let act =
            LabRangeSet { lab, analyte, sex: None, from: None, to: None, unit: None, low: None, high: None, bases };
        self.write(|tx| tx.write(act).map(drop))?;
        self.register(lang)
    }

    fn replaced(&mut self, line: &str) -> Result<Vec<EntryId>, SiteError> {
        if line.is_empty() {
            return Ok(Vec::new());
        }
        let id: EntryId = line.parse().map_err(|_| NO_LINE)?;
        let stands = self.session.open.roster()?.ranges().iter().any(|(known, ..)| *known == id);
        if stands { Ok(vec![id]) } else { Err(NO_LINE) }
    }

    fn register(&mut self, lang: &str) -> Result<LabRegister, SiteError> {
        let study = self.study();
        let roster = self.session.open.roster()?;
        let ranges = roster.ranges();
        let lines = ranges.iter().map(|(id, origin, range)| LabLine {
            id: id.hex(),
            lab: range.lab.clone(),
            analyte: range.analyte.clone(),
            question: question(&study, &range.analyte, lang),
            sex: range.sex.clone().unwrap_or_default(),
            from: range.from.clone().unwrap_or_default(),
            to: range.to.clone().unwrap_or_default(),
            low: range.low.clone().unwrap_or_default(),
            high: range.high.clone().unwrap_or_default(),
            unit: labels::unit(&study, range.unit.as_ref().or(standard(&study, &range.analyte)), lang),
            by: roster.name_of(&origin.log, &origin.by).to_owned(),
            at: origin.at.local(origin.tz),
            disputed: ranges.iter().any(|(_, _, other)| disputes(range, other)),
        });
        Ok(LabRegister {
            labs: roster.laboratories().into_iter().map(str::to_owned).collect(),
            analytes: analytes(&study, lang),
            sexes: sexes(&study, lang),
            lines: lines.collect(),
        })
    }
}

const NO_LINE: SiteError = SiteError::NoSuch("line");

/// A typed line as the journal takes it.
fn read(study: &Study, line: &LabLineTyped, bases: Vec<EntryId>) -> Result<LabRangeSet, SiteError> {
    let lab = line.lab.trim().to_owned();
    if lab.is_empty() || lab.len() > MOST_NAME || lab.chars().any(char::is_control) {
        return Err(SiteError::Lab(LabFault::Name));
    }
    let item = limited(study, &line.analyte).ok_or(SiteError::NoSuch("analyte"))?;
    let (low, high) = (limit(study, item, &line.low, &line.unit)?, limit(study, item, &line.high, &line.unit)?);
    let unit = match (&low, &high) {
        (None, None) => return Err(SiteError::Lab(LabFault::NoLimit)),
        (Some(low), Some(high)) => {
            let number = |entered: &Entered| match item.kind.read(&entered.value) {
                Ok(Value::Number(number)) => item.to_standard(number.as_exact()?, entered.unit.as_ref()),
                _ => None,
            };
            if low.unit != high.unit || number(low).zip(number(high)).is_some_and(|(low, high)| low >= high) {
                return Err(SiteError::Lab(LabFault::Order));
            }
            low.unit.clone()
        }
        (Some(one), None) | (None, Some(one)) => one.unit.clone(),
    };
    let (from, to) = (day(&line.from)?, day(&line.to)?);
    if from.as_ref().zip(to.as_ref()).is_some_and(|(from, to)| from > to) {
        return Err(SiteError::Lab(LabFault::Days));
    }
    let sex = Some(line.sex.clone()).filter(|sex| !sex.is_empty());
    if sex.as_ref().is_some_and(|sex| !sexes(study, "en").iter().any(|known| known.code == *sex)) {
        return Err(SiteError::NoSuch("sex"));
    }
    let (low, high) = (low.map(|low| low.value), high.map(|high| high.value));
    Ok(LabRangeSet { lab, analyte: line.analyte.clone(), sex, from, to, unit, low, high, bases })
}

/// A limit as it would be typed into a panel; without a unit of its own it is in the line's.
fn limit(study: &Study, item: &ItemDef, text: &str, unit: &str) -> Result<Option<Entered>, SiteError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let bare = text.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | ',' | '-' | '+'));
    let typed = if bare { format!("{text} {unit}") } else { text.to_owned() };
    let mut entered = typed::read(study, item, &typed).map_err(SiteError::Unreadable)?;
    if let Some(entered) = &mut entered {
        // The standard unit is what is meant where none is named: two ways to say so would look like two limits.
        entered.unit = entered.unit.take().filter(|unit| Some(unit) != item.standard_unit());
    }
    Ok(entered)
}

fn day(text: &str) -> Result<Option<String>, SiteError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let date = typed_date(text).map_err(|fault| SiteError::Unreadable(Unreadable::Fault(fault)))?;
    if date.is_whole() { Ok(Some(date.to_string())) } else { Err(SiteError::Lab(LabFault::Days)) }
}

/// Whether two lines may hold on one day for one person and say different things.
fn disputes(a: &LabRangeSet, b: &LabRangeSet) -> bool {
    let before =
        |end: &Option<String>, start: &Option<String>| end.as_ref().zip(start.as_ref()).is_some_and(|(e, s)| e < s);
    let apart = before(&a.to, &b.from) || before(&b.to, &a.from);
    (&a.lab, &a.analyte, &a.sex) == (&b.lab, &b.analyte, &b.sex)
        && !apart
        && (&a.low, &a.high, &a.unit) != (&b.low, &b.high, &b.unit)
}

/// The item that holds a limit of an analyte.
fn limited<'s>(study: &'s Study, code: &str) -> Option<&'s ItemDef> {
    let holds = |item: &&ItemDef| {
        [AnalytePart::Low, AnalytePart::High].iter().any(|part| item.analyte_part(*part) == Some(code))
    };
    study.items.iter().find(holds)
}

fn standard<'s>(study: &'s Study, code: &str) -> Option<&'s Oid> {
    limited(study, code)?.standard_unit()
}

fn question(study: &Study, code: &str, lang: &str) -> String {
    let found = study.analytes().find(|(known, _)| *known == code);
    found.map_or_else(|| code.to_owned(), |(_, item)| item.question(lang).to_owned())
}

/// The analytes that may have limits.
fn analytes(study: &Study, lang: &str) -> Vec<LabAnalyte> {
    asked(study, lang).into_iter().filter(|analyte| limited(study, &analyte.code).is_some()).collect()
}

/// The analytes that the study asks for, in the order of the file.
pub(super) fn asked(study: &Study, lang: &str) -> Vec<LabAnalyte> {
    let mut found: Vec<LabAnalyte> = Vec::new();
    for (code, item) in study.analytes() {
        if found.iter().all(|known| known.code != code) {
            let units = item.units.iter().map(|unit| labels::unit(study, Some(unit), lang)).collect();
            found.push(LabAnalyte { code: code.to_owned(), question: item.question(lang).to_owned(), units });
        }
    }
    found
}

/// The codes of the subject's sex.
fn sexes(study: &Study, lang: &str) -> Vec<Choice> {
    let item = study.meanings.one("subject.sex").and_then(|oid| study.items.get(oid));
    let Some(list) = item.and_then(|item| study.codelist_of(item)) else { return Vec::new() };
    let choice =
        |choice: &study::Choice| Choice { code: choice.code.to_string(), label: choice.label(lang).to_owned() };
    list.choices.iter().map(choice).collect()
}
