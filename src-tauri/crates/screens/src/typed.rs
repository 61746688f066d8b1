//! What was typed, read as the item's type.

use study::value::{Entered, TypedValueError};
use study::{ItemDef, Study};

/// Longest text that a field takes, in bytes: as long as any text that is kept.
const MOST_BYTES: usize = casebook::MAX_TEXT;

/// Why what was typed stays a draft. Says nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedError {
    /// It is no value of the item's type.
    #[error("{0}")]
    Fault(#[from] TypedValueError),
    /// It is too long.
    #[error("too long")]
    TooLong,
}

impl TypedError {
    /// A code by which the window finds its words.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::TooLong => "too_long",
        }
    }
}

/// The value that was typed; nothing where the field was emptied.
///
/// # Errors
/// It is no value of the item's type, or too long: then it stays a draft.
pub fn read(study: &Study, item: &ItemDef, typed: &str) -> Result<Option<Entered>, TypedError> {
    if typed.len() > MOST_BYTES {
        return Err(TypedError::TooLong);
    }
    match item.normalise(study, typed) {
        Ok(entered) => Ok(Some(entered)),
        Err(TypedValueError::Empty) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}
