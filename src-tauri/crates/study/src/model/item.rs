//! Items: what is asked, how it is answered, what is checked.

use super::{Analyte, Expression, ItemKind, Missing};
use crate::{Identified, Oid, Text};
use rust_decimal::Decimal;

/// One question.
#[derive(Clone, Debug)]
pub struct ItemDef {
    /// OID.
    pub oid: Oid,
    /// Name.
    pub name: String,
    /// Name in rules: the last segment of the OID.
    pub short_name: String,
    /// Data type.
    pub kind: ItemKind,
    /// Greatest number of characters (for numbers: of digits), where limited.
    pub length: Option<u32>,
    /// Digits after the decimal point, where limited.
    pub digits: Option<u32>,
    /// The question as asked.
    pub question: Text,
    /// Completion guideline.
    pub guideline: Text,
    /// Code list of the answers.
    pub codelist: Option<Oid>,
    /// Units in which an answer may be given; the first is the standard unit.
    pub units: Vec<Oid>,
    /// Factors: a value in this unit times the factor is the value in the standard unit. A unit without a factor is
    /// never converted.
    pub conversions: Vec<(Oid, Decimal)>,
    /// Checks in document order.
    pub checks: Vec<Check>,
    /// Qualifiers that may stand before a number.
    pub qualifiers: Vec<Qualifier>,
    /// Reasons that may be given instead of a value.
    pub missing_allowed: Vec<Missing>,
    /// Place among the facts shown at a subject's head, where it is one.
    pub headline: Option<u32>,
    /// Which part of which laboratory test it holds, where it holds one.
    pub analyte: Option<Analyte>,
    /// Which control should show it, where the study says so.
    pub control: Option<Control>,
    /// Whether masked roles must not see it, where the study says so. Unsaid, free text is masked and nothing else is.
    pub masked: Option<bool>,
    /// Names elsewhere (`CDASH`, `SDTM` and others), without those that this program reads itself.
    pub aliases: Vec<Alias>,
    /// Line of the definition.
    pub line: u32,
}

impl ItemDef {
    /// The question in `language`; the name where there is none.
    pub fn question(&self, language: &str) -> &str {
        if self.question.is_empty() { &self.name } else { self.question.get(language) }
    }

    /// Whether people type free text into it.
    pub fn is_free_text(&self) -> bool {
        self.codelist.is_none() && self.kind.is_textual()
    }

    /// Whether masked roles must not see it though its group is open to them: free text, unless the study says otherwise.
    pub fn is_masked(&self) -> bool {
        self.masked.unwrap_or_else(|| self.is_free_text())
    }

    /// The standard unit.
    pub fn standard_unit(&self) -> Option<&Oid> {
        self.units.first()
    }

    /// The factor that takes a number from `unit` to the standard unit, which is also meant where no unit is given. None
    /// where the two are never converted: what a factor would give depends on the kit, or the study names none.
    pub fn factor(&self, unit: Option<&Oid>) -> Option<Decimal> {
        match unit {
            Some(unit) if Some(unit) != self.standard_unit() => {
                self.conversions.iter().find(|(known, _)| known == unit).map(|&(_, factor)| factor)
            }
            _ => Some(Decimal::ONE),
        }
    }

    /// A number in the standard unit, exactly. None where the unit is never converted, or where the result is larger
    /// than a number can be here.
    pub fn to_standard(&self, number: Decimal, unit: Option<&Oid>) -> Option<Decimal> {
        match self.factor(unit)? {
            one if one == Decimal::ONE => Some(number),
            factor => number.checked_mul(factor).map(|product| product.normalize()),
        }
    }

    /// The name in another context, such as `CDASH`.
    pub fn alias(&self, context: &str) -> Option<&str> {
        self.aliases.iter().find(|alias| alias.context == context).map(|alias| alias.name.as_str())
    }
}

impl Identified for ItemDef {
    fn oid(&self) -> &Oid {
        &self.oid
    }
}

/// A name that something has elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Where: `CDASH`, `SDTM` …
    pub context: String,
    /// The name there.
    pub name: String,
}

/// A control that a study asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Several lines of text.
    Long,
    /// Many choices; typing filters.
    List,
    /// Choices side by side.
    Choices,
}

/// A sign before a number: beyond what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Qualifier {
    /// `<`: below the limit of detection.
    Less,
    /// `>`: above the limit of detection.
    Greater,
    /// `<=`.
    AtMost,
    /// `>=`.
    AtLeast,
}

impl Qualifier {
    /// The sign as written before the number.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::Greater => ">",
            Self::AtMost => "<=",
            Self::AtLeast => ">=",
        }
    }

    /// The qualifier with this sign; `≤` and `≥` are taken, too.
    pub fn from_sign(sign: &str) -> Option<Self> {
        match sign {
            "<" => Some(Self::Less),
            ">" => Some(Self::Greater),
            "<=" | "≤" => Some(Self::AtMost),
            ">=" | "≥" => Some(Self::AtLeast),
            _ => None,
        }
    }
}

/// What an unmet check means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The form can be completed once a person confirms with a comment.
    Soft,
    /// The form can't be completed.
    Hard,
}

/// How a range check compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// Less than.
    Lt,
    /// At most.
    Le,
    /// Greater than.
    Gt,
    /// At least.
    Ge,
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// One of.
    In,
    /// None of.
    NotIn,
}

impl Comparator {
    /// The comparator with this ODM name.
    pub fn from_odm(name: &str) -> Option<Self> {
        Some(match name {
            "LT" => Self::Lt,
            "LE" => Self::Le,
            "GT" => Self::Gt,
            "GE" => Self::Ge,
            "EQ" => Self::Eq,
            "NE" => Self::Ne,
            "IN" => Self::In,
            "NOTIN" => Self::NotIn,
            _ => return None,
        })
    }
}

/// One check of an item (ODM RangeCheck).
#[derive(Clone, Debug)]
pub struct Check {
    /// Rule id: the item's OID, `#` and the number of the check from 1.
    pub id: Oid,
    /// Comparison with `values`, where the check is one.
    pub comparator: Option<Comparator>,
    /// What is compared with.
    pub values: Vec<String>,
    /// Unit of `values`; the standard unit where absent.
    pub unit: Option<Oid>,
    /// Expressions that are true when all is well.
    pub expressions: Vec<Expression>,
    /// What it means when the check is not met.
    pub severity: Severity,
    /// What is said then; may name operands as `{SYSBP}`.
    pub message: Text,
    /// Line of the definition.
    pub line: u32,
}
