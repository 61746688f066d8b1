//! Clotting.

use super::super::rule::Bound::{Baseline, Drop, Fixed, Lower, Upper};
use super::super::rule::Rule;
use super::super::rule::Side::{Above, Below};
use super::super::rule::When::{Always, Anticoagulated, BelowNormal};
use super::super::units::Unit;
use super::notation::{d, grade, on};

pub(super) const RULES: &[Rule] = &[
    Rule {
        analytes: &["APTT"],
        term: "Activated partial thromboplastin time prolonged",
        units: &[Unit::Ratio],
        grades: &[
            grade(3, ">2.5 x ULN; bleeding", &[on(Always, Above, Upper(d(25, 1)))]),
            grade(2, ">1.5 - 2.5 x ULN", &[on(Always, Above, Upper(d(15, 1)))]),
            grade(1, ">ULN - 1.5 x ULN", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["INR"],
        term: "INR increased",
        units: &[Unit::Bare],
        grades: &[
            grade(
                3,
                ">2.5; >2.5 x baseline if on anticoagulation; bleeding",
                &[on(Always, Above, Fixed(&[d(25, 1)])), on(Anticoagulated, Above, Baseline(d(25, 1)))],
            ),
            grade(
                2,
                ">1.5 - 2.5; >1.5 - 2.5 x baseline if on anticoagulation; dose adjustment indicated",
                &[on(Always, Above, Fixed(&[d(15, 1)])), on(Anticoagulated, Above, Baseline(d(15, 1)))],
            ),
            grade(
                1,
                ">1.2 - 1.5; >1 - 1.5 x baseline if on anticoagulation; monitoring only indicated",
                &[on(Always, Above, Fixed(&[d(12, 1)])), on(Anticoagulated, Above, Baseline(d(1, 0)))],
            ),
        ],
        reading: Some(
            "The baseline counts only “if on anticoagulation”; then the worse of the two readings, as the semicolon says “or”.",
        ),
    },
    Rule {
        analytes: &["FIB", "FIBRINO"],
        term: "Fibrinogen decreased",
        units: &[Unit::GramPerLitre, Unit::MilligramPerDecilitre],
        grades: &[
            grade(
                4,
                "<0.25 x LLN; if abnormal, 75% decrease from baseline; absolute value <50 mg/dL",
                &[
                    on(Always, Below, Lower(d(25, 2))),
                    on(BelowNormal, Below, Drop(d(75, 0))),
                    on(Always, Below, Fixed(&[d(5, 1), d(50, 0)])),
                ],
            ),
            grade(
                3,
                "<0.5 - 0.25 x LLN; if abnormal, 50 - <75% decrease from baseline",
                &[on(Always, Below, Lower(d(5, 1))), on(BelowNormal, Below, Drop(d(50, 0)))],
            ),
            grade(
                2,
                "<0.75 - 0.5 x LLN; if abnormal, 25 - <50% decrease from baseline",
                &[on(Always, Below, Lower(d(75, 2))), on(BelowNormal, Below, Drop(d(25, 0)))],
            ),
            grade(
                1,
                "<1.0 - 0.75 x LLN; if abnormal, <25% decrease from baseline",
                &[on(Always, Below, Lower(d(1, 0)))],
            ),
        ],
        reading: Some(
            "“If abnormal” is read of the value itself: the decrease from baseline counts once the value is below its lower limit.",
        ),
    },
];
