//! Heart.

use super::super::rule::Bound::{Fixed, OverBaseline};
use super::super::rule::Rule;
use super::super::rule::Side::{Above, From};
use super::super::rule::When::Always;
use super::super::units::Unit;
use super::notation::{d, grade, on};

pub(super) const RULES: &[Rule] = &[Rule {
    analytes: &["QTCF", "QTC"],
    term: "Electrocardiogram QT corrected interval prolonged",
    units: &[Unit::Millisecond],
    grades: &[
        grade(
            3,
            "Average QTc >= 501 ms; >60 ms change from baseline",
            &[on(Always, Above, Fixed(&[d(500, 0)])), on(Always, Above, OverBaseline(&[d(60, 0)]))],
        ),
        grade(2, "Average QTc 481 - 500 ms", &[on(Always, Above, Fixed(&[d(480, 0)]))]),
        grade(1, "Average QTc 450 - 480 ms", &[on(Always, From, Fixed(&[d(450, 0)]))]),
    ],
    reading: Some(
        "CTCAE names whole milliseconds (481, 501): a value between two of them has the worse grade. A rise of more than 60 ms over the baseline is grade 3 by itself, as the semicolon says “or”.",
    ),
}];
