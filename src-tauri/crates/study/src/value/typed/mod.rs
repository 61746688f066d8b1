//! What a person types: freely, in either script, and refused only where it could mean two things.
//!
//! - Numbers take a decimal comma or point. `1,234` is refused: it may be a thousand or one and a bit.
//! - Dates are day first unless the year is first; the year has four digits (`12/3/24` is refused: which century, which
//!   part?). `un` stands for an unknown part.
//! - Codes are given by the code itself, a label in any language, or the place in the list.

mod codes;
mod dates;
mod fold;
mod numbers;
mod times;

use crate::{ItemDef, ItemKind, Oid, Study};
pub(crate) use fold::fold;

/// What was typed, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The text to store.
    pub value: String,
    /// The unit, where one was typed with the number.
    pub unit: Option<Oid>,
    /// The text as typed, where it differs from `value`.
    pub raw: Option<String>,
}

/// Why what was typed can't be stored. It says nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// Nothing was typed.
    #[error("nothing typed")]
    Empty,
    /// Not a number.
    #[error("not a number")]
    NotANumber,
    /// A comma or space may separate thousands or decimals.
    #[error("thousands or decimals?")]
    AmbiguousSeparator,
    /// More than 28 digits can't be kept exactly.
    #[error("more than 28 digits")]
    TooManyDigits,
    /// A whole number is asked for.
    #[error("not a whole number")]
    NotWhole,
    /// `<` or `>` is not accepted here.
    #[error("qualifier not accepted here")]
    QualifierNotAccepted,
    /// The unit is none of the item's.
    #[error("unit not known here")]
    UnknownUnit,
    /// Not a date.
    #[error("not a date")]
    NotADate,
    /// The calendar has no such date.
    #[error("no such date")]
    NoSuchDate,
    /// The year needs four digits.
    #[error("the year needs four digits")]
    TwoDigitYear,
    /// No chart holds a year before 1800 or after 2199.
    #[error("year out of range")]
    YearOutOfRange,
    /// Day and month are asked for.
    #[error("day or month missing")]
    DateNotWhole,
    /// A day without its month can't be kept.
    #[error("day without month")]
    DayWithoutMonth,
    /// Not a time.
    #[error("not a time")]
    NotATime,
    /// Hour and minute are asked for.
    #[error("hour or minute missing")]
    TimeNotWhole,
    /// No choice of the list.
    #[error("no such choice")]
    NoSuchChoice,
    /// Several choices of the list are called so.
    #[error("several choices are called so")]
    AmbiguousChoice,
    /// Neither yes nor no.
    #[error("neither yes nor no")]
    NotABoolean,
    /// Holds characters that are not text.
    #[error("control characters")]
    ControlCharacters,
    /// Pictures and files are not typed.
    #[error("not typed")]
    NotTyped,
}

impl EntryFault {
    /// A code by which the window finds its words.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotANumber => "not_a_number",
            Self::AmbiguousSeparator => "ambiguous_separator",
            Self::TooManyDigits => "too_many_digits",
            Self::NotWhole => "not_whole",
            Self::QualifierNotAccepted => "qualifier_not_accepted",
            Self::UnknownUnit => "unknown_unit",
            Self::NotADate => "not_a_date",
            Self::NoSuchDate => "no_such_date",
            Self::TwoDigitYear => "two_digit_year",
            Self::YearOutOfRange => "year_out_of_range",
            Self::DateNotWhole => "date_not_whole",
            Self::DayWithoutMonth => "day_without_month",
            Self::NotATime => "not_a_time",
            Self::TimeNotWhole => "time_not_whole",
            Self::NoSuchChoice => "no_such_choice",
            Self::AmbiguousChoice => "ambiguous_choice",
            Self::NotABoolean => "not_a_boolean",
            Self::ControlCharacters => "control_characters",
            Self::NotTyped => "not_typed",
        }
    }
}

impl ItemDef {
    /// Turns what was typed into what is stored.
    ///
    /// # Errors
    /// When it is no value of the item's type, or could be two different ones.
    pub fn normalise(&self, study: &Study, typed: &str) -> Result<Entered, EntryFault> {
        let folded = fold(typed);
        let text = folded.trim();
        if text.is_empty() {
            return Err(EntryFault::Empty);
        }
        let (value, unit) = match study.codelist_of(self) {
            Some(list) if list.external.is_none() => (codes::read(list, text)?, None),
            _ => self.normalise_by_kind(study, typed, text)?,
        };
        let raw = (value != typed && !study.is_free_text(self)).then(|| typed.to_owned());
        Ok(Entered { value, unit, raw })
    }

    fn normalise_by_kind(&self, study: &Study, typed: &str, text: &str) -> Result<(String, Option<Oid>), EntryFault> {
        let plain = match self.kind {
            ItemKind::Integer | ItemKind::Float | ItemKind::Double => return numbers::read(self, study, text),
            ItemKind::Date => dates::whole(dates::read(text)?)?.to_string(),
            ItemKind::PartialDate | ItemKind::IncompleteDate => dates::read(text)?.to_string(),
            ItemKind::Time => times::whole(times::read(text)?)?.to_string(),
            ItemKind::PartialTime | ItemKind::IncompleteTime => times::read(text)?.to_string(),
            ItemKind::DateTime => {
                let moment = times::read_moment(text)?;
                dates::whole(moment.date())?;
                times::whole(moment.time().ok_or(EntryFault::TimeNotWhole)?)?;
                moment.to_string()
            }
            ItemKind::PartialDateTime | ItemKind::IncompleteDateTime => times::read_moment(text)?.to_string(),
            ItemKind::Boolean => codes::read_boolean(text)?.to_string(),
            ItemKind::Base64Binary | ItemKind::HexBinary | ItemKind::Base64Float | ItemKind::HexFloat => {
                return Err(EntryFault::NotTyped);
            }
            ItemKind::Text | ItemKind::String | ItemKind::Duration | ItemKind::Interval | ItemKind::Uri => {
                free_text(typed)?
            }
        };
        Ok((plain, None))
    }
}

/// Reads a date that was typed outside any item, such as a visit's: whole or partial.
///
/// # Errors
/// When it is no date, or could be two different ones.
pub fn typed_date(typed: &str) -> Result<super::PartialDate, EntryFault> {
    let folded = fold(typed);
    let text = folded.trim();
    if text.is_empty() { Err(EntryFault::Empty) } else { dates::read(text) }
}

/// Free text stays as typed, without the blanks around it.
fn free_text(typed: &str) -> Result<String, EntryFault> {
    let text = typed.trim();
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return Err(EntryFault::ControlCharacters);
    }
    Ok(text.to_owned())
}
