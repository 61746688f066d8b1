//! Values while an expression is evaluated.

use crate::value::{Comparison, Number, PartialDate, PartialDateTime, Time, Truth, Value};
use crate::{FormKey, Oid, Repeat};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::rc::Rc;

/// A value or its absence. Absence stands for "missing" and for "unknown" alike: neither gives a finding.
#[derive(Clone, Debug)]
pub(super) enum Val<'a> {
    Missing,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    Date(PartialDate),
    Time(Time),
    DateTime(PartialDateTime),
    List(Rc<List<'a>>),
    Row(Rc<Row>),
}

/// A list. It is unsure when a filter could not tell for some member whether it belongs.
#[derive(Clone, Debug, Default)]
pub(super) struct List<'a> {
    pub members: Vec<Val<'a>>,
    pub unsure: bool,
}

/// A row of a group, or a form as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub form: FormKey,
    pub group: Option<(Oid, Repeat)>,
}

impl<'a> Val<'a> {
    pub fn decimal(decimal: Decimal) -> Self {
        Self::Number(Number::exact(decimal))
    }

    pub fn truth(truth: Truth) -> Self {
        truth.known().map_or(Self::Missing, Self::Bool)
    }

    pub fn as_truth(&self) -> Truth {
        match self {
            Self::Bool(value) => Truth::from(*value),
            _ => Truth::Unknown,
        }
    }

    /// The exact number.
    pub fn exact(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => number.as_exact(),
            _ => None,
        }
    }

    /// The date, or a moment's date.
    pub fn date(&self) -> Option<PartialDate> {
        match self {
            Self::Date(date) => Some(*date),
            Self::DateTime(moment) => Some(moment.date()),
            _ => None,
        }
    }

    /// As a cell's value; none for lists, rows and what is missing.
    pub fn to_value(&self) -> Option<Value> {
        match self {
            Self::Missing | Self::List(_) | Self::Row(_) => None,
            Self::Bool(value) => Some(Value::Bool(*value)),
            Self::Number(number) => Some(Value::Number(*number)),
            Self::Text(text) => Some(Value::Text(text.as_ref().into())),
            Self::Date(date) => Some(Value::Date(*date)),
            Self::Time(time) => Some(Value::Time(*time)),
            Self::DateTime(moment) => Some(Value::DateTime(*moment)),
        }
    }

    pub fn of(value: Value) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(number),
            Value::Text(text) => Self::Text(Cow::Owned(text.to_string())),
            Value::Date(date) => Self::Date(date),
            Value::Time(time) => Self::Time(time),
            Value::DateTime(moment) => Self::DateTime(moment),
        }
    }

    /// The text that a cell would store.
    pub fn stored(&self) -> Option<String> {
        self.to_value().map(|value| value.stored())
    }

    /// Asks about the order of two values. A date and a moment are compared by their days.
    pub fn compare(&self, question: Comparison, other: &Self) -> Truth {
        let equality = matches!(question, Comparison::Equal | Comparison::Unequal);
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.compare(question, b),
            (Self::Text(a), Self::Text(b)) => Truth::from(question.of(a.cmp(b))),
            (Self::Date(a), Self::Date(b)) => a.compare(question, b),
            (Self::Time(a), Self::Time(b)) => a.compare(question, b),
            (Self::DateTime(a), Self::DateTime(b)) => a.compare(question, b),
            (Self::Date(a), Self::DateTime(b)) => a.compare(question, &b.date()),
            (Self::DateTime(a), Self::Date(b)) => a.date().compare(question, b),
            (Self::Bool(a), Self::Bool(b)) => Truth::from(question.of(a.cmp(b))),
            (Self::Row(a), Self::Row(b)) if equality => Truth::from((a == b) == (question == Comparison::Equal)),
            (Self::List(a), Self::List(b)) if equality => {
                let same = a.equals(b);
                if question == Comparison::Equal { same } else { same.negate() }
            }
            _ => Truth::Unknown,
        }
    }
}

impl<'a> List<'a> {
    fn equals(&self, other: &Self) -> Truth {
        if self.unsure || other.unsure {
            return Truth::Unknown;
        }
        if self.members.len() != other.members.len() {
            return Truth::No;
        }
        let pairs = self.members.iter().zip(&other.members);
        pairs.fold(Truth::Yes, |all, (a, b)| all.and(a.compare(Comparison::Equal, b)))
    }

    /// Whether some member equals `value`.
    pub fn holds(&self, value: &Val<'a>) -> Truth {
        let seed = if self.unsure { Truth::Unknown } else { Truth::No };
        self.members.iter().fold(seed, |any, member| any.or(member.compare(Comparison::Equal, value)))
    }
}
