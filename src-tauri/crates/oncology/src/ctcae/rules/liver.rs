//! Liver and enzymes.

use super::super::rule::Bound::{Baseline, Fixed, Lower, Upper};
use super::super::rule::Rule;
use super::super::rule::Side::{Above, Below, From};
use super::super::rule::When::{Always, BaselineAbnormal, BaselineNormal, Symptoms};
use super::super::units::Unit;
use super::notation::{d, grade, on};

pub(super) const RULES: &[Rule] = &[
    Rule {
        analytes: &["ALT"],
        term: "Alanine aminotransferase increased",
        units: &[Unit::Ratio],
        grades: &[
            grade(
                4,
                ">20.0 x ULN if baseline was normal; >20.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(200, 1))), on(BaselineAbnormal, Above, Baseline(d(200, 1)))],
            ),
            grade(
                3,
                ">5.0 - 20.0 x ULN if baseline was normal; >5.0 - 20.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(50, 1))), on(BaselineAbnormal, Above, Baseline(d(50, 1)))],
            ),
            grade(
                2,
                ">3.0 - 5.0 x ULN if baseline was normal; >3.0 - 5.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(30, 1))), on(BaselineAbnormal, Above, Baseline(d(30, 1)))],
            ),
            grade(
                1,
                ">ULN - 3.0 x ULN if baseline was normal; 1.5 - 3.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(1, 0))), on(BaselineAbnormal, From, Baseline(d(15, 1)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["AST"],
        term: "Aspartate aminotransferase increased",
        units: &[Unit::Ratio],
        grades: &[
            grade(
                4,
                ">20.0 x ULN if baseline was normal; >20.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(200, 1))), on(BaselineAbnormal, Above, Baseline(d(200, 1)))],
            ),
            grade(
                3,
                ">5.0 - 20.0 x ULN if baseline was normal; >5.0 - 20.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(50, 1))), on(BaselineAbnormal, Above, Baseline(d(50, 1)))],
            ),
            grade(
                2,
                ">3.0 - 5.0 x ULN if baseline was normal; >3.0 - 5.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(30, 1))), on(BaselineAbnormal, Above, Baseline(d(30, 1)))],
            ),
            grade(
                1,
                ">ULN - 3.0 x ULN if baseline was normal; 1.5 - 3.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(1, 0))), on(BaselineAbnormal, From, Baseline(d(15, 1)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["ALP"],
        term: "Alkaline phosphatase increased",
        units: &[Unit::Ratio],
        grades: &[
            grade(
                4,
                ">20.0 x ULN if baseline was normal; >20.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(200, 1))), on(BaselineAbnormal, Above, Baseline(d(200, 1)))],
            ),
            grade(
                3,
                ">5.0 - 20.0 x ULN if baseline was normal; >5.0 - 20.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(50, 1))), on(BaselineAbnormal, Above, Baseline(d(50, 1)))],
            ),
            grade(
                2,
                ">2.5 - 5.0 x ULN if baseline was normal; >2.5 - 5.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(25, 1))), on(BaselineAbnormal, Above, Baseline(d(25, 1)))],
            ),
            grade(
                1,
                ">ULN - 2.5 x ULN if baseline was normal; 2.0 - 2.5 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(1, 0))), on(BaselineAbnormal, From, Baseline(d(20, 1)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["GGT"],
        term: "GGT increased",
        units: &[Unit::Ratio],
        grades: &[
            grade(
                4,
                ">20.0 x ULN if baseline was normal; >20.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(200, 1))), on(BaselineAbnormal, Above, Baseline(d(200, 1)))],
            ),
            grade(
                3,
                ">5.0 - 20.0 x ULN if baseline was normal; >5.0 - 20.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(50, 1))), on(BaselineAbnormal, Above, Baseline(d(50, 1)))],
            ),
            grade(
                2,
                ">2.5 - 5.0 x ULN if baseline was normal; >2.5 - 5.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(25, 1))), on(BaselineAbnormal, Above, Baseline(d(25, 1)))],
            ),
            grade(
                1,
                ">ULN - 2.5 x ULN if baseline was normal; 2.0 - 2.5 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(1, 0))), on(BaselineAbnormal, From, Baseline(d(20, 1)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["BILI", "TBIL"],
        term: "Blood bilirubin increased",
        units: &[Unit::Ratio],
        grades: &[
            grade(
                4,
                ">10.0 x ULN if baseline was normal; >10.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(100, 1))), on(BaselineAbnormal, Above, Baseline(d(100, 1)))],
            ),
            grade(
                3,
                ">3.0 - 10.0 x ULN if baseline was normal; >3.0 - 10.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(30, 1))), on(BaselineAbnormal, Above, Baseline(d(30, 1)))],
            ),
            grade(
                2,
                ">1.5 - 3.0 x ULN if baseline was normal; >1.5 - 3.0 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(15, 1))), on(BaselineAbnormal, Above, Baseline(d(15, 1)))],
            ),
            grade(
                1,
                ">ULN - 1.5 x ULN if baseline was normal; > 1.0 - 1.5 x baseline if baseline was abnormal",
                &[on(BaselineNormal, Above, Upper(d(1, 0))), on(BaselineAbnormal, Above, Baseline(d(10, 1)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["LDH"],
        term: "Blood lactate dehydrogenase increased",
        units: &[Unit::Ratio],
        grades: &[grade(1, ">ULN", &[on(Always, Above, Upper(d(1, 0)))])],
        reading: None,
    },
    Rule {
        analytes: &["CK", "CPK"],
        term: "CPK increased",
        units: &[Unit::Ratio],
        grades: &[
            grade(4, ">10 x ULN", &[on(Always, Above, Upper(d(10, 0)))]),
            grade(3, ">5 x ULN - 10 x ULN", &[on(Always, Above, Upper(d(5, 0)))]),
            grade(2, ">2.5 x ULN - 5 x ULN", &[on(Always, Above, Upper(d(25, 1)))]),
            grade(1, ">ULN - 2.5 x ULN", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["LIPASE", "LIPASET"],
        term: "Lipase increased",
        units: &[Unit::Ratio],
        grades: &[
            grade(4, ">5.0 x ULN and with signs or symptoms", &[on(Symptoms, Above, Upper(d(50, 1)))]),
            grade(
                3,
                ">2.0 - 5.0 x ULN with signs or symptoms; >5.0 x ULN and asymptomatic",
                &[on(Always, Above, Upper(d(50, 1))), on(Symptoms, Above, Upper(d(20, 1)))],
            ),
            grade(2, ">1.5 - 2.0 x ULN; >2.0 - 5.0 x ULN and asymptomatic", &[on(Always, Above, Upper(d(15, 1)))]),
            grade(1, ">ULN - 1.5 x ULN", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["AMYLASE"],
        term: "Serum amylase increased",
        units: &[Unit::Ratio],
        grades: &[
            grade(4, ">5.0 x ULN and with signs or symptoms", &[on(Symptoms, Above, Upper(d(50, 1)))]),
            grade(
                3,
                ">2.0 - 5.0 x ULN with signs or symptoms; >5.0 x ULN and asymptomatic",
                &[on(Always, Above, Upper(d(50, 1))), on(Symptoms, Above, Upper(d(20, 1)))],
            ),
            grade(2, ">1.5 - 2.0 x ULN; >2.0 - 5.0 x ULN and asymptomatic", &[on(Always, Above, Upper(d(15, 1)))]),
            grade(1, ">ULN - 1.5 x ULN", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["ALB"],
        term: "Hypoalbuminemia",
        units: &[Unit::GramPerLitre, Unit::GramPerDecilitre],
        grades: &[
            grade(3, "<2 g/dL; <20 g/L", &[on(Always, Below, Fixed(&[d(20, 0), d(2, 0)]))]),
            grade(2, "<3 - 2 g/dL; <30 - 20 g/L", &[on(Always, Below, Fixed(&[d(30, 0), d(3, 0)]))]),
            grade(1, "<LLN - 3 g/dL; <LLN - 30 g/L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
];
