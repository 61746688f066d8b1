//! Functions of the language itself.

use super::exact;
use super::types::Type;
use super::value::{List, Val};
use crate::value::{Comparison, Number, PartialDate, Truth};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::borrow::Cow;

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    Abs,
    Age,
    Ceil,
    Cbrt,
    Coalesce,
    Contains,
    Count,
    Date,
    Day,
    DaysBetween,
    Distinct,
    EndsWith,
    Exp,
    Floor,
    HoursBetween,
    IsWhole,
    Ln,
    Log10,
    Max,
    Min,
    Month,
    Number,
    Pow,
    Round,
    Size,
    Sqrt,
    StartsWith,
    Sum,
    Text,
    Year,
    YearsBetween,
}

/// Name, function, fewest and most arguments.
const TABLE: [(&str, Builtin, usize, usize); 32] = [
    ("abs", Builtin::Abs, 1, 1),
    ("age", Builtin::Age, 2, 2),
    ("cbrt", Builtin::Cbrt, 1, 1),
    ("ceil", Builtin::Ceil, 1, 1),
    ("coalesce", Builtin::Coalesce, 1, 16),
    ("contains", Builtin::Contains, 2, 2),
    ("count", Builtin::Count, 1, 1),
    ("date", Builtin::Date, 1, 1),
    ("day", Builtin::Day, 1, 1),
    ("days", Builtin::DaysBetween, 2, 2),
    ("days_between", Builtin::DaysBetween, 2, 2),
    ("distinct", Builtin::Distinct, 1, 1),
    ("endsWith", Builtin::EndsWith, 2, 2),
    ("exp", Builtin::Exp, 1, 1),
    ("floor", Builtin::Floor, 1, 1),
    ("hours_between", Builtin::HoursBetween, 2, 2),
    ("is_whole", Builtin::IsWhole, 1, 1),
    ("ln", Builtin::Ln, 1, 1),
    ("log10", Builtin::Log10, 1, 1),
    ("max", Builtin::Max, 1, 16),
    ("min", Builtin::Min, 1, 16),
    ("month", Builtin::Month, 1, 1),
    ("number", Builtin::Number, 1, 1),
    ("pow", Builtin::Pow, 2, 2),
    ("round", Builtin::Round, 1, 2),
    ("size", Builtin::Size, 1, 1),
    ("sqrt", Builtin::Sqrt, 1, 1),
    ("startsWith", Builtin::StartsWith, 2, 2),
    ("sum", Builtin::Sum, 1, 1),
    ("text", Builtin::Text, 1, 1),
    ("year", Builtin::Year, 1, 1),
    ("years_between", Builtin::YearsBetween, 2, 2),
];

/// The function called `name`, and how many arguments it takes.
pub(super) fn find(name: &str) -> Option<(Builtin, std::ops::RangeInclusive<usize>)> {
    TABLE.iter().find(|(known, ..)| *known == name).map(|&(_, builtin, fewest, most)| (builtin, fewest..=most))
}

impl Builtin {
    /// The type of the result, or what is wrong with the types of the arguments.
    pub fn check(self, args: &[Type]) -> Result<Type, String> {
        let asks = |wanted: Type| match args.iter().find(|arg| !arg.fits(&wanted)) {
            Some(arg) => Err(format!("{wanted} is asked for, this is {arg}")),
            None => Ok(()),
        };
        let moments = || match args.iter().find(|arg| !arg.comparable(&Type::Date)) {
            Some(arg) => Err(format!("a date is asked for, this is {arg}")),
            None => Ok(()),
        };
        let member = || match args.first() {
            Some(Type::List(member)) => Ok(Some((**member).clone())),
            Some(Type::Any | Type::Null) | None => Ok(None),
            Some(other) => Err(format!("a list is asked for, this is {other}")),
        };
        match self {
            Self::Abs
            | Self::Ceil
            | Self::Cbrt
            | Self::Exp
            | Self::Floor
            | Self::Ln
            | Self::Log10
            | Self::Pow
            | Self::Round
            | Self::Sqrt => asks(Type::Number).map(|()| Type::Number),
            Self::Contains | Self::EndsWith | Self::StartsWith => asks(Type::Text).map(|()| Type::Bool),
            Self::Date if args.iter().all(|arg| arg.comparable(&Type::Date)) => Ok(Type::Date),
            Self::Date => asks(Type::Text).map(|()| Type::Date),
            Self::Number => asks(Type::Text).map(|()| Type::Number),
            Self::Age
            | Self::Day
            | Self::DaysBetween
            | Self::HoursBetween
            | Self::Month
            | Self::Year
            | Self::YearsBetween => moments().map(|()| Type::Number),
            Self::IsWhole => moments().map(|()| Type::Bool),
            Self::Text => Ok(Type::Text),
            Self::Count => member().map(|_| Type::Number),
            Self::Size if args == [Type::Text] => Ok(Type::Number),
            Self::Size => member().map(|_| Type::Number),
            Self::Sum => match member()? {
                Some(member) if !member.fits(&Type::Number) => {
                    Err(format!("a list of numbers is asked for, this holds {member}"))
                }
                _ => Ok(Type::Number),
            },
            Self::Distinct => Ok(Type::List(Box::new(member()?.unwrap_or(Type::Any)))),
            Self::Coalesce => join_all(args),
            Self::Max | Self::Min if args.len() == 1 => Ok(member()?.unwrap_or(Type::Any)),
            Self::Max | Self::Min => join_all(args),
        }
    }

    /// The result. Any missing operand makes it missing, but for `coalesce` and the members that `count` counts.
    pub fn call<'a>(self, args: &[Val<'a>]) -> Val<'a> {
        match (self, args) {
            (Self::Coalesce, _) => {
                args.iter().find(|arg| !matches!(arg, Val::Missing)).cloned().unwrap_or(Val::Missing)
            }
            (_, [Val::List(list)]) => self.of_list(list),
            (Self::Max | Self::Min, [_, _, ..]) => self.extreme(args),
            (_, [Val::Number(x)]) => {
                x.as_exact().and_then(|x| self.of_number(x)).map_or_else(|| self.of_text(&args[0]), Val::decimal)
            }
            (Self::Round | Self::Pow, [Val::Number(x), Val::Number(y)]) => {
                let of = |x: Decimal, y: Decimal| match self {
                    Self::Pow => exact::pow(x, y),
                    _ => y.to_i64().filter(|_| y.fract().is_zero()).and_then(|places| exact::round(x, places)),
                };
                x.as_exact().zip(y.as_exact()).and_then(|(x, y)| of(x, y)).map_or(Val::Missing, Val::decimal)
            }
            (_, [Val::Text(text), Val::Text(part)]) => match self {
                Self::Contains => Val::Bool(text.contains(&**part)),
                Self::StartsWith => Val::Bool(text.starts_with(&**part)),
                Self::EndsWith => Val::Bool(text.ends_with(&**part)),
                _ => Val::Missing,
            },
            (Self::HoursBetween, [Val::DateTime(from), Val::DateTime(to)]) => {
                from.hours_to(to).map_or(Val::Missing, Val::decimal)
            }
            (Self::DaysBetween, [from, to]) => between(from, to, PartialDate::days_to),
            (Self::Age, [birth, day, Val::Text(middle)]) => {
                let birth = birth.date().and_then(|birth| estimate(birth, middle)).map_or(Val::Missing, Val::Date);
                between(&birth, day, PartialDate::years_to)
            }
            (Self::Age | Self::YearsBetween, [from, to]) => between(from, to, PartialDate::years_to),
            (_, [one]) => self.of_text(one),
            _ => Val::Missing,
        }
    }

    fn of_number(self, x: Decimal) -> Option<Decimal> {
        match self {
            Self::Abs => Some(x.abs()),
            Self::Ceil => Some(x.ceil()),
            Self::Floor => Some(x.floor()),
            Self::Round => exact::round(x, 0),
            Self::Cbrt => exact::cbrt(x),
            Self::Sqrt => exact::sqrt(x),
            Self::Log10 => exact::log10(x),
            Self::Ln => exact::ln(x),
            Self::Exp => exact::exp(x),
            Self::Max | Self::Min => Some(x),
            _ => None,
        }
    }

    /// Functions of one text or one date.
    fn of_text<'a>(self, value: &Val<'a>) -> Val<'a> {
        let number = |n: Option<u16>| n.map_or(Val::Missing, |n| Val::decimal(Decimal::from(n)));
        match (self, value) {
            (_, Val::Missing) => Val::Missing,
            (Self::Text, value) => value.stored().map_or(Val::Missing, |text| Val::Text(Cow::Owned(text))),
            (Self::Size, Val::Text(text)) => Val::decimal(Decimal::from(text.chars().count())),
            (Self::Number, Val::Text(text)) => Number::read(text.trim()).map_or(Val::Missing, Val::Number),
            (Self::Date, Val::Text(text)) => text.trim().parse().map_or(Val::Missing, Val::Date),
            (Self::Date, value) => value.date().map_or(Val::Missing, Val::Date),
            (Self::Year, value) => number(value.date().map(|date| date.year())),
            (Self::Month, value) => number(value.date().and_then(|date| date.month()).map(u16::from)),
            (Self::Day, value) => number(value.date().and_then(|date| date.day()).map(u16::from)),
            (Self::IsWhole, Val::DateTime(moment)) => Val::Bool(moment.is_whole()),
            (Self::IsWhole, value) => value.date().map_or(Val::Missing, |date| Val::Bool(date.is_whole())),
            _ => Val::Missing,
        }
    }

    fn of_list<'a>(self, list: &List<'a>) -> Val<'a> {
        if list.unsure {
            return Val::Missing;
        }
        match self {
            Self::Size => Val::decimal(Decimal::from(list.members.len())),
            Self::Count => {
                let there = list.members.iter().filter(|member| !matches!(member, Val::Missing)).count();
                Val::decimal(Decimal::from(there))
            }
            Self::Sum => {
                let add = |sum: Decimal, member: &Val<'a>| sum.checked_add(member.exact()?);
                list.members.iter().try_fold(Decimal::ZERO, add).map_or(Val::Missing, Val::decimal)
            }
            Self::Max | Self::Min => self.extreme(&list.members),
            Self::Distinct => distinct(list),
            _ => Val::Missing,
        }
    }

    /// The one that is surely greatest or least.
    fn extreme<'a>(self, members: &[Val<'a>]) -> Val<'a> {
        let question = if self == Self::Max { Comparison::AtLeast } else { Comparison::AtMost };
        let mut members = members.iter();
        let Some(mut best) = members.next() else { return Val::Missing };
        for member in members {
            match best.compare(question, member) {
                Truth::Yes => {}
                Truth::No => best = member,
                Truth::Unknown => return Val::Missing,
            }
        }
        best.clone()
    }
}

fn join_all(args: &[Type]) -> Result<Type, String> {
    let mut joined = args.first().cloned().unwrap_or(Type::Any);
    for arg in args.iter().skip(1) {
        joined = joined.join(arg).ok_or_else(|| format!("{joined} and {arg} have nothing in common"))?;
    }
    Ok(joined)
}

/// The members without those that surely equal an earlier one; a missing member may equal any.
fn distinct<'a>(list: &List<'a>) -> Val<'a> {
    let mut different = List { members: Vec::new(), unsure: false };
    for member in &list.members {
        match different.holds(member) {
            Truth::Yes => {}
            Truth::No => different.members.push(member.clone()),
            Truth::Unknown => different.unsure = true,
        }
    }
    Val::List(different.into())
}

/// A whole date for a birth of which only the year (`middle`, as `07-01`) or the month (its 15th) is known.
fn estimate(birth: PartialDate, middle: &str) -> Option<PartialDate> {
    match birth.month() {
        None => format!("{:04}-{middle}", birth.year()).parse().ok(),
        Some(month) => PartialDate::new(birth.year(), Some(month), Some(birth.day().unwrap_or(15))),
    }
}

fn between<'a>(from: &Val<'a>, to: &Val<'a>, measure: fn(&PartialDate, &PartialDate) -> Option<i32>) -> Val<'a> {
    let dates = from.date().zip(to.date());
    dates.and_then(|(from, to)| measure(&from, &to)).map_or(Val::Missing, |n| Val::decimal(Decimal::from(n)))
}
