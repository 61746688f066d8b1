//! Values: what a cell may hold, how it is stored as text, typed at the keyboard and shown in words.
//!
//! A stored value is always text: exact digits as typed (`4.50`, `<20`), ISO 8601 dates cut off where no more is known
//! (`2024-03`), codes, `true` and `false`. [`ItemKind::read`](crate::ItemKind::read) gives it meaning;
//! [`ItemDef::normalise`](crate::ItemDef::normalise) makes it from what a person typed; [`display()`] says it in words.
//! Comparisons of values that are only partly known answer with a [`Truth`].

mod calendar;
mod date;
mod display;
mod error;
mod moment;
mod number;
mod stored;
mod truth;
mod typed;

pub use date::PartialDate;
pub use display::display;
pub use error::ValueError;
pub use moment::{PartialDateTime, Time};
pub use number::{MOST_DIGITS, Number, read_decimal};
pub use truth::{Comparison, Truth};
pub use typed::fold as fold_width;
pub use typed::{Entered, TypedValueError, typed_date};

use std::sync::Arc;

/// What a cell holds, with its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Characters or a code.
    Text(Arc<str>),
    /// A number with its precision and qualifier.
    Number(Number),
    /// A date, perhaps partial.
    Date(PartialDate),
    /// A time of day.
    Time(Time),
    /// A date with a time, perhaps cut off.
    DateTime(PartialDateTime),
    /// True or false.
    Bool(bool),
}

impl Value {
    /// The text that is stored.
    pub fn stored(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Time(time) => time.to_string(),
            Self::DateTime(moment) => moment.to_string(),
            Self::Bool(value) => value.to_string(),
        }
    }

    /// The exact number, where it is one.
    pub fn as_decimal(&self) -> Option<rust_decimal::Decimal> {
        match self {
            Self::Number(number) => number.as_exact(),
            _ => None,
        }
    }

    /// The characters, where it is text or a code.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The date, or the date of a moment.
    pub fn as_date(&self) -> Option<PartialDate> {
        match self {
            Self::Date(date) => Some(*date),
            Self::DateTime(moment) => Some(moment.date()),
            _ => None,
        }
    }
}

impl From<rust_decimal::Decimal> for Value {
    fn from(decimal: rust_decimal::Decimal) -> Self {
        Self::Number(Number::exact(decimal))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}
