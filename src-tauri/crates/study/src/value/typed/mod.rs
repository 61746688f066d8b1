//! What a person types: freely, in either script, and refused only where it could mean two things.
//!
//! - Numbers take a decimal comma or point. `1,234` is refused: it may be a thousand or one and a bit.
//! - Dates are day first unless the year is first; the year has four digits (`12/3/24` is refused: which century, which
//!   part?). `un` stands for an unknown part.
//! - Codes are given by the code itself, a label in any language, or the place in the list.

mod codes;
mod dates;
mod error;
mod fold;
mod numbers;
mod times;

use crate::{ItemDef, ItemKind, MetaDataVersion, Oid};
pub use error::TypedValueError;
pub use fold::fold;

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

impl ItemDef {
    /// Turns what was typed into what is stored.
    ///
    /// # Errors
    /// When it is no value of the item's type, or could be two different ones.
    pub fn normalise(&self, study: &MetaDataVersion, typed: &str) -> Result<Entered, TypedValueError> {
        let folded = fold(typed);
        let text = folded.trim();
        if text.is_empty() {
            return Err(TypedValueError::Empty);
        }
        let (value, unit) = match study.codelist_of(self) {
            Some(list) if list.external.is_none() => (codes::read(list, text)?, None),
            _ => self.normalise_by_kind(study, typed, text)?,
        };
        let raw = (value != typed && !study.is_free_text(self)).then(|| typed.to_owned());
        Ok(Entered { value, unit, raw })
    }

    fn normalise_by_kind(
        &self,
        study: &MetaDataVersion,
        typed: &str,
        text: &str,
    ) -> Result<(String, Option<Oid>), TypedValueError> {
        let plain = match self.kind {
            ItemKind::Integer | ItemKind::Float | ItemKind::Double => return numbers::read(self, study, text),
            ItemKind::Date => dates::whole(dates::read(text)?)?.to_string(),
            ItemKind::PartialDate | ItemKind::IncompleteDate => dates::read(text)?.to_string(),
            ItemKind::Time => times::whole(times::read(text)?)?.to_string(),
            ItemKind::PartialTime | ItemKind::IncompleteTime => times::read(text)?.to_string(),
            ItemKind::DateTime => {
                let moment = times::read_moment(text)?;
                dates::whole(moment.date())?;
                times::whole(moment.time().ok_or(TypedValueError::TimeNotWhole)?)?;
                moment.to_string()
            }
            ItemKind::PartialDateTime | ItemKind::IncompleteDateTime => times::read_moment(text)?.to_string(),
            ItemKind::Boolean => codes::read_boolean(text)?.to_string(),
            ItemKind::Base64Binary | ItemKind::HexBinary | ItemKind::Base64Float | ItemKind::HexFloat => {
                return Err(TypedValueError::NotTyped);
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
pub fn typed_date(typed: &str) -> Result<super::PartialDate, TypedValueError> {
    let folded = fold(typed);
    let text = folded.trim();
    if text.is_empty() { Err(TypedValueError::Empty) } else { dates::read(text) }
}

/// Free text stays as typed, without the blanks around it.
fn free_text(typed: &str) -> Result<String, TypedValueError> {
    let text = typed.trim();
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return Err(TypedValueError::ControlCharacters);
    }
    Ok(text.to_owned())
}
