//! Items: what is asked and how it is answered.

use super::{Alias, Analyte, AnalytePart, Check, ItemKind, Missing, Qualifier};
use crate::{Identified, Oid, Text};
use rust_decimal::Decimal;

/// An item: one question with its answers and checks (ODM ItemDef).
#[derive(Clone, Debug)]
pub struct ItemDef {
    /// OID, unique among the definitions of its kind.
    pub oid: Oid,
    /// Name as the study file gives it.
    pub name: String,
    /// Name in rules: the last segment of the OID.
    pub short_name: String,
    /// ODM data type of the answer.
    pub kind: ItemKind,
    /// Greatest number of characters (for numbers: of digits), where limited.
    pub length: Option<u32>,
    /// Digits after the decimal point, where limited.
    pub digits: Option<u32>,
    /// The question as asked.
    pub question: Text,
    /// How to fill it in, by language; empty where there is nothing to say.
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

    /// The unit in which values are compared and exported: the first of `units`.
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

    /// The analyte whose result this item holds.
    pub fn analyte(&self) -> Option<&str> {
        self.analyte_part(AnalytePart::Result)
    }

    /// The analyte of which this item holds `part`.
    pub fn analyte_part(&self, part: AnalytePart) -> Option<&str> {
        self.analyte.as_ref().filter(|analyte| analyte.part == part).map(|analyte| analyte.code.as_str())
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
