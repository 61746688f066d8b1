//! The register of laboratory limits, as a person keeps it.

use casebook::EntryId;
use casebook::act::LabRangeSet;
use screens::lab::{limit_item, sexes};
use screens::messages::{LabLineTyped, LabRegister};
use screens::permissions::Command;
use screens::typed::{self, TypedError};
use study::value::{Entered, Value, typed_date};
use study::{ItemDef, Study};

use crate::SiteError;
use crate::lab::LabLineError;
use crate::noun::{Field, Noun};
use crate::session::Session;

/// Longest name of a laboratory, in bytes.
const MOST_NAME: usize = 100;

impl Session<'_> {
    /// The register of laboratory limits.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn lab_register(&mut self) -> Result<LabRegister, SiteError> {
        self.may(Command::LabRegister)?;
        self.register()
    }

    /// Puts a line into the register, perhaps in the place of another.
    ///
    /// # Errors
    /// `Lab` when the line says nothing that could hold, `Unreadable` for a limit that is no number, `NoSuch`.
    pub fn lab_range_set(&mut self, line: &LabLineTyped) -> Result<LabRegister, SiteError> {
        self.may(Command::LabRangeSet)?;
        let study = self.study();
        let bases = Self::replaced(&line.replaces)?;
        let act = read(&study, line, bases)?;
        self.write(|tx| tx.write(act).map(drop))?;
        self.register()
    }

    /// Withdraws a line of the register. What was recorded beside results stays.
    ///
    /// # Errors
    /// `NoSuch` when the line does not stand.
    pub fn lab_range_withdraw(&mut self, line: &str) -> Result<LabRegister, SiteError> {
        self.may(Command::LabRangeWithdraw)?;
        let bases = Self::replaced(line)?;
        let found = self.signed_in.open.trial_state()?.ranges().into_iter().find(|(id, ..)| bases.first() == Some(id));
        let (lab, analyte) = found.map(|(_, _, range)| (range.lab.clone(), range.analyte.clone())).ok_or(NO_LINE)?;
        let act =
            LabRangeSet { lab, analyte, sex: None, from: None, to: None, unit: None, low: None, high: None, bases };
        self.write(|tx| tx.write(act).map(drop))?;
        self.register()
    }

    fn replaced(line: &str) -> Result<Vec<EntryId>, SiteError> {
        if line.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![line.parse().map_err(|_| NO_LINE)?])
    }

    fn register(&mut self) -> Result<LabRegister, SiteError> {
        let study = self.study();
        Ok(screens::lab::register(&study, self.signed_in.open.trial_state()?, &self.language))
    }
}

const NO_LINE: SiteError = SiteError::NoSuch(Noun::Line);

/// A typed line as the journal takes it.
fn read(study: &Study, line: &LabLineTyped, bases: Vec<EntryId>) -> Result<LabRangeSet, SiteError> {
    let lab = line.lab.trim().to_owned();
    if lab.is_empty() || lab.len() > MOST_NAME || lab.chars().any(char::is_control) {
        return Err(SiteError::Lab(LabLineError::Name));
    }
    let item = limit_item(study, &line.analyte).ok_or(SiteError::NoSuch(Noun::Analyte))?;
    let (low, high) = (limit(study, item, &line.low, &line.unit)?, limit(study, item, &line.high, &line.unit)?);
    let unit = match (&low, &high) {
        (None, None) => return Err(SiteError::Lab(LabLineError::NoLimit)),
        (Some(low), Some(high)) => {
            let number = |entered: &Entered| match item.kind.read(&entered.value) {
                Ok(Value::Number(number)) => item.to_standard(number.as_exact()?, entered.unit.as_ref()),
                _ => None,
            };
            if low.unit != high.unit || number(low).zip(number(high)).is_some_and(|(low, high)| low >= high) {
                return Err(SiteError::Lab(LabLineError::Order));
            }
            low.unit.clone()
        }
        (Some(one), None) | (None, Some(one)) => one.unit.clone(),
    };
    let (from, to) = (day(&line.from)?, day(&line.to)?);
    if from.as_ref().zip(to.as_ref()).is_some_and(|(from, to)| from > to) {
        return Err(SiteError::Lab(LabLineError::Days));
    }
    let sex = Some(line.sex.clone()).filter(|sex| !sex.is_empty());
    if sex.as_ref().is_some_and(|sex| !sexes(study, "en").iter().any(|known| known.code == *sex)) {
        return Err(SiteError::Invalid(Field::Sex));
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
    let date = typed_date(text).map_err(|fault| SiteError::Unreadable(TypedError::Fault(fault)))?;
    if date.is_whole() { Ok(Some(date.to_string())) } else { Err(SiteError::Lab(LabLineError::Days)) }
}
