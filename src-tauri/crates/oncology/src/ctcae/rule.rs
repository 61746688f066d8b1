//! The shape of a grading rule.

use super::units::Unit;
use rust_decimal::Decimal;
use std::fmt;

/// A rule of the CTCAE: one term, graded by one analyte.
#[derive(Debug)]
pub struct Rule {
    /// Codes of the analyte, CDISC's first.
    pub analytes: &'static [&'static str],
    /// CTCAE term, as NCI's spreadsheet writes it.
    pub term: &'static str,
    /// Units in which the fixed limits are named, the one that is converted to first. `Unit::Ratio` alone: any unit that
    /// the value shares with its limits.
    pub units: &'static [Unit],
    /// Grades that the number can decide, highest first.
    pub grades: &'static [Grade],
    /// How the words are read where they leave something open.
    pub reading: Option<&'static str>,
}

/// A grade of a rule.
#[derive(Debug)]
pub struct Grade {
    /// CTCAE grade, 1 to 4.
    pub grade: u8,
    /// The words of the CTCAE.
    pub text: &'static str,
    /// The grade holds when any of these does.
    pub tests: &'static [Test],
}

/// A comparison that makes a grade.
#[derive(Debug, Clone, Copy)]
pub struct Test {
    /// Under which condition the test counts.
    pub when: When,
    /// On which side of the bound.
    pub side: Side,
    /// What the value is held against.
    pub bound: Bound,
}

/// When a test counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Without a condition.
    Always,
    /// The baseline was not above its upper limit, or there is none.
    BaselineNormal,
    /// The baseline was above its upper limit.
    BaselineAbnormal,
    /// The value is above the baseline.
    AboveBaseline,
    /// The value is below its lower limit.
    BelowNormal,
    /// The patient has signs, symptoms or consequences.
    Symptoms,
    /// The patient takes an anticoagulant.
    Anticoagulated,
}

/// On which side of a bound a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The value is above the bound.
    Above,
    /// The value is at or above the bound.
    From,
    /// The value is below the bound.
    Below,
}

/// What a value is held against.
#[derive(Debug, Clone, Copy)]
pub enum Bound {
    /// A number per unit of the rule.
    Fixed(&'static [Decimal]),
    /// A multiple of the upper limit of normal.
    Upper(Decimal),
    /// A multiple of the lower limit of normal.
    Lower(Decimal),
    /// A multiple of the baseline.
    Baseline(Decimal),
    /// The upper limit of normal and a number per unit of the rule.
    OverUpper(&'static [Decimal]),
    /// The baseline and a number per unit of the rule.
    OverBaseline(&'static [Decimal]),
    /// The baseline less so many per cent of it. The side is always `Below`, the bound itself counts as below.
    Drop(Decimal),
}

impl Rule {
    /// A short name of the rule: its analyte, and `+` or `-` for the direction.
    pub fn key(&self) -> String {
        format!("{}{}", self.analytes[0], if self.is_high() { '+' } else { '-' })
    }

    /// Whether high values are graded.
    pub fn is_high(&self) -> bool {
        self.grades.iter().flat_map(|grade| grade.tests).all(|test| test.side != Side::Below)
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, test) in self.tests.iter().enumerate() {
            if place > 0 {
                f.write_str("; or ")?;
            }
            write!(f, "{test}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match (self.side, self.bound) {
            (Side::Above, _) => ">",
            (Side::From, _) => "≥",
            (Side::Below, Bound::Drop(_)) => "≤",
            (Side::Below, _) => "<",
        };
        write!(f, "{sign} {}", self.bound)?;
        match self.when {
            When::Always => Ok(()),
            When::BaselineNormal => f.write_str(" if baseline normal"),
            When::BaselineAbnormal => f.write_str(" if baseline abnormal"),
            When::AboveBaseline => f.write_str(" and > baseline"),
            When::BelowNormal => f.write_str(" and < LLN"),
            When::Symptoms => f.write_str(" with symptoms"),
            When::Anticoagulated => f.write_str(" if on anticoagulation"),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = |f: &mut fmt::Formatter<'_>, factor: &Decimal, name: &str| match *factor == Decimal::ONE {
            true => f.write_str(name),
            false => write!(f, "{factor} × {name}"),
        };
        match self {
            Self::Fixed(numbers) => write!(f, "{}", numbers[0]),
            Self::Upper(factor) => times(f, factor, "ULN"),
            Self::Lower(factor) => times(f, factor, "LLN"),
            Self::Baseline(factor) => times(f, factor, "baseline"),
            Self::OverUpper(numbers) => write!(f, "ULN + {}", numbers[0]),
            Self::OverBaseline(numbers) => write!(f, "baseline + {}", numbers[0]),
            Self::Drop(percent) => write!(f, "baseline − {percent} %"),
        }
    }
}
