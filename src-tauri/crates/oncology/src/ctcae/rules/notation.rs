//! Short constructors, so that a rule of the table fits on a line.

use crate::ctcae::rule::{Bound, Grade, Side, Test, When};
use rust_decimal::Decimal;

/// `digits` / 10^`scale`.
pub(super) const fn d(digits: u32, scale: u32) -> Decimal {
    Decimal::from_parts(digits, 0, 0, false, scale)
}

/// A test of the value.
pub(super) const fn on(when: When, side: Side, bound: Bound) -> Test {
    Test { when, side, bound }
}

/// A grade with NCI's text for it.
pub(super) const fn grade(grade: u8, text: &'static str, tests: &'static [Test]) -> Grade {
    Grade { grade, text, tests }
}
