//! The table of rules. The grade texts are those of NCI's spreadsheet, word for word; a test holds them against it.

mod blood;
mod clotting;
mod heart;
mod liver;
mod metabolism;

use super::rule::{Bound, Grade, Rule, Side, Test, When};
use rust_decimal::Decimal;

/// Every rule. CTCAE v5.0, US National Cancer Institute, 27 November 2017.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [blood::RULES, clotting::RULES, liver::RULES, metabolism::RULES, heart::RULES].into_iter().flatten()
}

/// The rules that a code of an analyte stands under, in any case of letters.
pub fn rules_of(code: &str) -> impl Iterator<Item = &'static Rule> + use<'_> {
    rules().filter(move |rule| rule.analytes.iter().any(|known| known.eq_ignore_ascii_case(code)))
}

/// The code by which an analyte's rules are named, from any code that it is known by.
pub fn analyte(code: &str) -> Option<&'static str> {
    rules_of(code).next().map(|rule| rule.analytes[0])
}

const fn d(digits: u32, scale: u32) -> Decimal {
    Decimal::from_parts(digits, 0, 0, false, scale)
}

const fn on(when: When, side: Side, bound: Bound) -> Test {
    Test { when, side, bound }
}

const fn grade(grade: u8, text: &'static str, tests: &'static [Test]) -> Grade {
    Grade { grade, text, tests }
}
