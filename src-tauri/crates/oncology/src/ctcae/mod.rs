//! Laboratory values graded by the CTCAE, version 5.0.
//!
//! The Common Terminology Criteria for Adverse Events (US National Cancer Institute, 27 November 2017) grade laboratory
//! findings by fixed limits, by multiples of the laboratory's limits of normal, and, where the baseline was abnormal, by
//! multiples of the baseline. The rules are a table ([`rules()`]); a judgement keeps the whole trace of how it came about,
//! because it is a proposal that the investigator confirms or overrides.
//!
//! What the number alone can't say is never assumed: symptoms and anticoagulation are asked for; where they are not known
//! the proposal is what the number supports, with the grade that it would be with symptoms beside it.
//!
//! | where | what |
//! |---|---|
//! | [`rule`] | the shape of a rule |
//! | `rules` | the table |
//! | `judge` | a value held against a rule |
//! | `units` | units of the limits, and conversions |
//! | `labels` | the trace in English and Chinese |

mod judge;
mod labels;
pub mod rule;
mod rules;
mod units;

pub use judge::{Case, MissingInputError, Note, Proposal, Reading, Trace, corrected_calcium, propose, propose_all};
pub use rules::{analyte, like, rules, rules_of, ungraded};
pub use units::{CALCIUM_PER_ALBUMIN, CONVERSIONS, Conversion, NORMAL_ALBUMIN, Unit, convert, unit};

use crate::constant::{Constant, Mark};

/// Where every rule was read.
pub const SOURCE: &str = "CTCAE v5.0, US National Cancer Institute, 27 November 2017";

/// The rules and conversion factors for the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    let mut lines = vec![Constant::new("ctcae::SOURCE", SOURCE, "", "edition of the rules", SOURCE, Mark::Verified)];
    for rule in rules() {
        for grade in rule.grades {
            let meaning = format!("{}, grade {}: {}", rule.term, grade.grade, grade.text);
            let name = format!("ctcae::RULES.{}.{}", rule.key(), grade.grade);
            lines.push(Constant::new(&name, grade, rule.units[0].symbol(), &meaning, SOURCE, Mark::Verified));
        }
        if let Some(reading) = rule.reading {
            let name = format!("ctcae::RULES.{}.reading", rule.key());
            lines.push(Constant::new(&name, reading, "", "how the words are read", SOURCE, Mark::Known));
        }
    }
    lines.extend(units::constants());
    lines
}

#[cfg(test)]
mod tests;
