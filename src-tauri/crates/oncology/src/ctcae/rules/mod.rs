//! The table of rules. The grade texts are those of NCI's spreadsheet, word for word; a test holds them against it.

mod blood;
mod clotting;
mod heart;
mod liver;
mod metabolism;
mod notation;

use super::rule::Rule;

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
