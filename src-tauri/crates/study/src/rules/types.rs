//! Types of expressions, as far as they are known when a study is read.

use crate::ItemKind;
use std::fmt;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Known only at entry.
    Any,
    /// The word `null`.
    Null,
    /// True, false or unknown.
    Bool,
    /// An exact decimal.
    Number,
    /// Characters or a code.
    Text,
    /// A date, perhaps partial.
    Date,
    /// A time of day.
    Time,
    /// A date with a time.
    DateTime,
    /// A list.
    List(Box<Type>),
    /// A row of the rows source with this number.
    Row(usize),
}

impl Type {
    /// The type of an item's values.
    pub fn of(kind: ItemKind) -> Self {
        match kind {
            _ if kind.is_numeric() => Self::Number,
            _ if kind.is_date() => Self::Date,
            _ if kind.is_time() => Self::Time,
            _ if kind.is_date_time() => Self::DateTime,
            ItemKind::Boolean => Self::Bool,
            _ => Self::Text,
        }
    }

    /// Whether a value of this type can stand where `other` is asked for, as far as is known.
    pub fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) | (Self::Null, _) | (_, Self::Null) => true,
            (Self::List(a), Self::List(b)) => a.fits(b),
            (a, b) => a == b,
        }
    }

    /// Whether the two can be asked for their order or equality.
    pub fn comparable(&self, other: &Self) -> bool {
        let moments = |kind: &Self| matches!(kind, Self::Date | Self::DateTime);
        self.fits(other) || (moments(self) && moments(other))
    }

    /// The type of either of two expressions; none when they have nothing in common.
    pub fn join(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Null, kind) | (kind, Self::Null) => Some(kind.clone()),
            (Self::Any, _) | (_, Self::Any) => Some(Self::Any),
            (Self::List(a), Self::List(b)) => Some(Self::List(Box::new(a.join(b)?))),
            (a, b) if a == b => Some(a.clone()),
            _ => None,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("a truth value"),
            Self::Number => f.write_str("a number"),
            Self::Text => f.write_str("text"),
            Self::Date => f.write_str("a date"),
            Self::Time => f.write_str("a time"),
            Self::DateTime => f.write_str("a date with time"),
            Self::List(_) => f.write_str("a list"),
            Self::Row(_) => f.write_str("a row"),
        }
    }
}
