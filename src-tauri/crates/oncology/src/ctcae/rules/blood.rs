//! Blood.

use super::super::rule::Bound::{Fixed, Lower, OverUpper, Upper};
use super::super::rule::Rule;
use super::super::rule::Side::{Above, Below};
use super::super::rule::When::{AboveBaseline, Always};
use super::super::units::Unit;
use super::notation::{d, grade, on};

pub(super) const RULES: &[Rule] = &[
    Rule {
        analytes: &["HGB"],
        term: "Anemia",
        units: &[Unit::GramPerLitre, Unit::GramPerDecilitre, Unit::MillimolePerLitre],
        grades: &[
            grade(
                3,
                "Hgb <8.0 g/dL; <4.9 mmol/L; <80 g/L; transfusion indicated",
                &[on(Always, Below, Fixed(&[d(80, 0), d(80, 1), d(49, 1)]))],
            ),
            grade(
                2,
                "Hgb <10.0 - 8.0 g/dL; <6.2 - 4.9 mmol/L; <100 - 80g/L",
                &[on(Always, Below, Fixed(&[d(100, 0), d(100, 1), d(62, 1)]))],
            ),
            grade(
                1,
                "Hemoglobin (Hgb) <LLN - 10.0 g/dL; <LLN - 6.2 mmol/L; <LLN - 100 g/L",
                &[on(Always, Below, Lower(d(1, 0)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["HGB"],
        term: "Hemoglobin increased",
        units: &[Unit::GramPerLitre, Unit::GramPerDecilitre],
        grades: &[
            grade(3, "Increase in >4 g/dL", &[on(Always, Above, OverUpper(&[d(40, 0), d(4, 0)]))]),
            grade(2, "Increase in >2 - 4 g/dL", &[on(Always, Above, OverUpper(&[d(20, 0), d(2, 0)]))]),
            grade(1, "Increase in >0 - 2 g/dL", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: Some("The increase is counted from the upper limit of normal: the definition says “above normal”."),
    },
    Rule {
        analytes: &["WBC"],
        term: "Leukocytosis",
        units: &[Unit::GigaPerLitre, Unit::PerCubicMillimetre],
        grades: &[grade(3, ">100,000/mm3", &[on(Always, Above, Fixed(&[d(100, 0), d(100000, 0)]))])],
        reading: None,
    },
    Rule {
        analytes: &["WBC"],
        term: "White blood cell decreased",
        units: &[Unit::GigaPerLitre, Unit::PerCubicMillimetre],
        grades: &[
            grade(4, "<1000/mm3; <1.0 x 10e9 /L", &[on(Always, Below, Fixed(&[d(10, 1), d(1000, 0)]))]),
            grade(3, "<2000 - 1000/mm3; <2.0 - 1.0 x 10e9 /L", &[on(Always, Below, Fixed(&[d(20, 1), d(2000, 0)]))]),
            grade(2, "<3000 - 2000/mm3; <3.0 - 2.0 x 10e9 /L", &[on(Always, Below, Fixed(&[d(30, 1), d(3000, 0)]))]),
            grade(1, "<LLN - 3000/mm3; <LLN - 3.0 x 10e9 /L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["NEUT", "ANC"],
        term: "Neutrophil count decreased",
        units: &[Unit::GigaPerLitre, Unit::PerCubicMillimetre],
        grades: &[
            grade(4, "<500/mm3; <0.5 x 10e9 /L", &[on(Always, Below, Fixed(&[d(5, 1), d(500, 0)]))]),
            grade(3, "<1000 - 500/mm3; <1.0 - 0.5 x 10e9 /L", &[on(Always, Below, Fixed(&[d(10, 1), d(1000, 0)]))]),
            grade(2, "<1500 - 1000/mm3; <1.5 - 1.0 x 10e9 /L", &[on(Always, Below, Fixed(&[d(15, 1), d(1500, 0)]))]),
            grade(1, "<LLN - 1500/mm3; <LLN - 1.5 x 10e9 /L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["LYM"],
        term: "Lymphocyte count decreased",
        units: &[Unit::GigaPerLitre, Unit::PerCubicMillimetre],
        grades: &[
            grade(4, "<200/mm3; <0.2 x 10e9 /L", &[on(Always, Below, Fixed(&[d(2, 1), d(200, 0)]))]),
            grade(3, "<500 - 200/mm3; <0.5 - 0.2 x 10e9 /L", &[on(Always, Below, Fixed(&[d(5, 1), d(500, 0)]))]),
            grade(2, "<800 - 500/mm3; <0.8 - 0.5 x 10e9 /L", &[on(Always, Below, Fixed(&[d(8, 1), d(800, 0)]))]),
            grade(1, "<LLN - 800/mm3; <LLN - 0.8 x 10e9/L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["LYM"],
        term: "Lymphocyte count increased",
        units: &[Unit::GigaPerLitre, Unit::PerCubicMillimetre],
        grades: &[
            grade(3, ">20,000/mm3", &[on(Always, Above, Fixed(&[d(20, 0), d(20000, 0)]))]),
            grade(2, ">4000/mm3 - 20,000/mm3", &[on(Always, Above, Fixed(&[d(4, 0), d(4000, 0)]))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["CD4"],
        term: "CD4 lymphocytes decreased",
        units: &[Unit::GigaPerLitre, Unit::PerCubicMillimetre],
        grades: &[
            grade(4, "<50/mm3; <0.05 x 10e9 /L", &[on(Always, Below, Fixed(&[d(5, 2), d(50, 0)]))]),
            grade(3, "<200 - 50/mm3; <0.2 x 0.05 - 10e9 /L", &[on(Always, Below, Fixed(&[d(2, 1), d(200, 0)]))]),
            grade(2, "<500 - 200/mm3; <0.5 - 0.2 x 10e9 /L", &[on(Always, Below, Fixed(&[d(5, 1), d(500, 0)]))]),
            grade(1, "<LLN - 500/mm3; <LLN - 0.5 x 10e9 /L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["PLAT", "PLT"],
        term: "Platelet count decreased",
        units: &[Unit::GigaPerLitre, Unit::PerCubicMillimetre],
        grades: &[
            grade(4, "<25,000/mm3; <25.0 x 10e9 /L", &[on(Always, Below, Fixed(&[d(250, 1), d(25000, 0)]))]),
            grade(
                3,
                "<50,000 - 25,000/mm3; <50.0 - 25.0 x 10e9 /L",
                &[on(Always, Below, Fixed(&[d(500, 1), d(50000, 0)]))],
            ),
            grade(
                2,
                "<75,000 - 50,000/mm3; <75.0 - 50.0 x 10e9 /L",
                &[on(Always, Below, Fixed(&[d(750, 1), d(75000, 0)]))],
            ),
            grade(1, "<LLN - 75,000/mm3; <LLN - 75.0 x 10e9 /L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["EOS"],
        term: "Eosinophilia",
        units: &[Unit::Ratio],
        grades: &[grade(1, ">ULN and >Baseline", &[on(AboveBaseline, Above, Upper(d(1, 0)))])],
        reading: Some("Grade 3 is steroids that were initiated, which no number says."),
    },
    Rule {
        analytes: &["HAPTOG"],
        term: "Haptoglobin decreased",
        units: &[Unit::Ratio],
        grades: &[grade(1, "<LLN", &[on(Always, Below, Lower(d(1, 0)))])],
        reading: None,
    },
];
