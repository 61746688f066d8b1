//! What clinical functions take and give.

use super::types::Type;

/// What a function takes or gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Any,
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// Characters or a code.
    Text,
    /// A date, perhaps partial.
    Date,
    /// A time of day.
    Time,
    /// A date with a time.
    DateTime,
}

impl Kind {
    pub(super) fn as_type(self) -> Type {
        match self {
            Self::Any => Type::Any,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::Text => Type::Text,
            Self::Date => Type::Date,
            Self::Time => Type::Time,
            Self::DateTime => Type::DateTime,
        }
    }
}
