//! The table of rules. The grade texts are those of NCI's spreadsheet, word for word; a test holds them against it.

use super::rule::Bound::{Baseline, Drop, Fixed, Lower, OverBaseline, OverUpper, Upper};
use super::rule::Side::{Above, Below, From};
use super::rule::When::{
    AboveBaseline, Always, Anticoagulated, BaselineAbnormal, BaselineNormal, BelowNormal, Symptoms,
};
use super::rule::{Bound, Grade, Rule, Side, Test, When};
use super::units::Unit;
use rust_decimal::Decimal;

const fn d(digits: u32, scale: u32) -> Decimal {
    Decimal::from_parts(digits, 0, 0, false, scale)
}

const fn on(when: When, side: Side, bound: Bound) -> Test {
    Test { when, side, bound }
}

const fn grade(grade: u8, text: &'static str, tests: &'static [Test]) -> Grade {
    Grade { grade, text, tests }
}

/// The rules that a code of an analyte stands under, in any case of letters.
pub fn rules_of(code: &str) -> impl Iterator<Item = &'static Rule> + use<'_> {
    RULES.iter().filter(move |rule| rule.analytes.iter().any(|known| known.eq_ignore_ascii_case(code)))
}

/// The code by which an analyte's rules are named, from any code that it is known by.
pub fn analyte(code: &str) -> Option<&'static str> {
    rules_of(code).next().map(|rule| rule.analytes[0])
}

/// Every rule. CTCAE v5.0, US National Cancer Institute, 27 November 2017.
pub const RULES: &[Rule] = &[
    // Blood
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
        analytes: &["HAPTOG"],
        term: "Haptoglobin decreased",
        units: &[Unit::Ratio],
        grades: &[grade(1, "<LLN", &[on(Always, Below, Lower(d(1, 0)))])],
        reading: None,
    },
    // Clotting
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
    // Liver and enzymes
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
    // Kidney, electrolytes, metabolism
    Rule {
        analytes: &["CREAT", "CR"],
        term: "Creatinine increased",
        units: &[Unit::Ratio],
        grades: &[
            grade(4, ">6.0 x ULN", &[on(Always, Above, Upper(d(60, 1)))]),
            grade(
                3,
                ">3.0 x baseline; >3.0 - 6.0 x ULN",
                &[on(Always, Above, Upper(d(30, 1))), on(Always, Above, Baseline(d(30, 1)))],
            ),
            grade(
                2,
                ">1.5 - 3.0 x baseline; >1.5 - 3.0 x ULN",
                &[on(Always, Above, Upper(d(15, 1))), on(Always, Above, Baseline(d(15, 1)))],
            ),
            grade(1, ">ULN - 1.5 x ULN", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["K", "POTASSIUM"],
        term: "Hyperkalemia",
        units: &[Unit::MillimolePerLitre],
        grades: &[
            grade(4, ">7.0 mmol/L; life-threatening consequences", &[on(Always, Above, Fixed(&[d(70, 1)]))]),
            grade(3, ">6.0 - 7.0 mmol/L; hospitalization indicated", &[on(Always, Above, Fixed(&[d(60, 1)]))]),
            grade(2, ">5.5 - 6.0 mmol/L; intervention initiated", &[on(Always, Above, Fixed(&[d(55, 1)]))]),
            grade(1, ">ULN - 5.5 mmol/L", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["K", "POTASSIUM"],
        term: "Hypokalemia",
        units: &[Unit::MillimolePerLitre],
        grades: &[
            grade(4, "<2.5 mmol/L; life-threatening consequences", &[on(Always, Below, Fixed(&[d(25, 1)]))]),
            grade(3, "<3.0 - 2.5 mmol/L; hospitalization indicated", &[on(Always, Below, Fixed(&[d(30, 1)]))]),
            grade(
                2,
                "Symptomatic with <LLN - 3.0 mmol/L; intervention indicated",
                &[on(Symptoms, Below, Lower(d(1, 0)))],
            ),
            grade(1, "<LLN - 3.0 mmol/L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["SODIUM", "NA"],
        term: "Hypernatremia",
        units: &[Unit::MillimolePerLitre],
        grades: &[
            grade(4, ">160 mmol/L; life-threatening consequences", &[on(Always, Above, Fixed(&[d(160, 0)]))]),
            grade(3, ">155 - 160 mmol/L; hospitalization indicated", &[on(Always, Above, Fixed(&[d(155, 0)]))]),
            grade(2, ">150 - 155 mmol/L; intervention initiated", &[on(Always, Above, Fixed(&[d(150, 0)]))]),
            grade(1, ">ULN - 150 mmol/L", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["SODIUM", "NA"],
        term: "Hyponatremia",
        units: &[Unit::MillimolePerLitre],
        grades: &[
            grade(4, "<120 mmol/L; life-threatening consequences", &[on(Always, Below, Fixed(&[d(120, 0)]))]),
            grade(
                3,
                "125-129 mmol/L symptomatic; 120-124 mmol/L regardless of symptoms",
                &[on(Always, Below, Fixed(&[d(125, 0)])), on(Symptoms, Below, Fixed(&[d(130, 0)]))],
            ),
            grade(2, "125-129 mmol/L and asymptomatic", &[on(Always, Below, Fixed(&[d(130, 0)]))]),
            grade(1, "<LLN - 130 mmol/L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: Some(
            "CTCAE names whole numbers (125-129, 120-124): a value between two of them is below the end of the milder grade and has the worse one.",
        ),
    },
    Rule {
        analytes: &["CACORR", "CA"],
        term: "Hypercalcemia",
        units: &[Unit::MillimolePerLitre, Unit::MilligramPerDecilitre],
        grades: &[
            grade(
                4,
                "Corrected serum calcium of >13.5 mg/dL; >3.4 mmol/L; Ionized calcium >1.8 mmol/L; life-threatening consequences",
                &[on(Always, Above, Fixed(&[d(34, 1), d(135, 1)]))],
            ),
            grade(
                3,
                "Corrected serum calcium of >12.5 - 13.5 mg/dL; >3.1 - 3.4 mmol/L; Ionized calcium >1.6 - 1.8 mmol/L; hospitalization indicated",
                &[on(Always, Above, Fixed(&[d(31, 1), d(125, 1)]))],
            ),
            grade(
                2,
                "Corrected serum calcium of >11.5 - 12.5 mg/dL; >2.9 - 3.1 mmol/L; Ionized calcium >1.5 - 1.6 mmol/L; symptomatic",
                &[on(Always, Above, Fixed(&[d(29, 1), d(115, 1)]))],
            ),
            grade(
                1,
                "Corrected serum calcium of >ULN - 11.5 mg/dL; >ULN - 2.9 mmol/L; Ionized calcium >ULN - 1.5 mmol/L",
                &[on(Always, Above, Upper(d(1, 0)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["CACORR", "CA"],
        term: "Hypocalcemia",
        units: &[Unit::MillimolePerLitre, Unit::MilligramPerDecilitre],
        grades: &[
            grade(
                4,
                "Corrected serum calcium of <6.0 mg/dL; <1.5 mmol/L; Ionized calcium <0.8 mmol/L; life-threatening consequences",
                &[on(Always, Below, Fixed(&[d(15, 1), d(60, 1)]))],
            ),
            grade(
                3,
                "Corrected serum calcium of <7.0 - 6.0 mg/dL; <1.75 - 1.5 mmol/L; Ionized calcium <0.9 - 0.8 mmol/L; hospitalization indicated",
                &[on(Always, Below, Fixed(&[d(175, 2), d(70, 1)]))],
            ),
            grade(
                2,
                "Corrected serum calcium of <8.0 - 7.0 mg/dL; <2.0 - 1.75 mmol/L; Ionized calcium <1.0 - 0.9 mmol/L; symptomatic",
                &[on(Always, Below, Fixed(&[d(20, 1), d(80, 1)]))],
            ),
            grade(
                1,
                "Corrected serum calcium of <LLN - 8.0 mg/dL; <LLN - 2.0 mmol/L; Ionized calcium <LLN - 1.0 mmol/L",
                &[on(Always, Below, Lower(d(1, 0)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["CAION"],
        term: "Hypercalcemia",
        units: &[Unit::MillimolePerLitre],
        grades: &[
            grade(
                4,
                "Corrected serum calcium of >13.5 mg/dL; >3.4 mmol/L; Ionized calcium >1.8 mmol/L; life-threatening consequences",
                &[on(Always, Above, Fixed(&[d(18, 1)]))],
            ),
            grade(
                3,
                "Corrected serum calcium of >12.5 - 13.5 mg/dL; >3.1 - 3.4 mmol/L; Ionized calcium >1.6 - 1.8 mmol/L; hospitalization indicated",
                &[on(Always, Above, Fixed(&[d(16, 1)]))],
            ),
            grade(
                2,
                "Corrected serum calcium of >11.5 - 12.5 mg/dL; >2.9 - 3.1 mmol/L; Ionized calcium >1.5 - 1.6 mmol/L; symptomatic",
                &[on(Always, Above, Fixed(&[d(15, 1)]))],
            ),
            grade(
                1,
                "Corrected serum calcium of >ULN - 11.5 mg/dL; >ULN - 2.9 mmol/L; Ionized calcium >ULN - 1.5 mmol/L",
                &[on(Always, Above, Upper(d(1, 0)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["CAION"],
        term: "Hypocalcemia",
        units: &[Unit::MillimolePerLitre],
        grades: &[
            grade(
                4,
                "Corrected serum calcium of <6.0 mg/dL; <1.5 mmol/L; Ionized calcium <0.8 mmol/L; life-threatening consequences",
                &[on(Always, Below, Fixed(&[d(8, 1)]))],
            ),
            grade(
                3,
                "Corrected serum calcium of <7.0 - 6.0 mg/dL; <1.75 - 1.5 mmol/L; Ionized calcium <0.9 - 0.8 mmol/L; hospitalization indicated",
                &[on(Always, Below, Fixed(&[d(9, 1)]))],
            ),
            grade(
                2,
                "Corrected serum calcium of <8.0 - 7.0 mg/dL; <2.0 - 1.75 mmol/L; Ionized calcium <1.0 - 0.9 mmol/L; symptomatic",
                &[on(Always, Below, Fixed(&[d(10, 1)]))],
            ),
            grade(
                1,
                "Corrected serum calcium of <LLN - 8.0 mg/dL; <LLN - 2.0 mmol/L; Ionized calcium <LLN - 1.0 mmol/L",
                &[on(Always, Below, Lower(d(1, 0)))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["MG"],
        term: "Hypermagnesemia",
        units: &[Unit::MillimolePerLitre, Unit::MilligramPerDecilitre],
        grades: &[
            grade(
                4,
                ">8.0 mg/dL; >3.30 mmol/L; life-threatening consequences",
                &[on(Always, Above, Fixed(&[d(330, 2), d(80, 1)]))],
            ),
            grade(3, ">3.0 - 8.0 mg/dL; >1.23 - 3.30 mmol/L", &[on(Always, Above, Fixed(&[d(123, 2), d(30, 1)]))]),
            grade(1, ">ULN - 3.0 mg/dL; >ULN - 1.23 mmol/L", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["MG"],
        term: "Hypomagnesemia",
        units: &[Unit::MillimolePerLitre, Unit::MilligramPerDecilitre],
        grades: &[
            grade(
                4,
                "<0.7 mg/dL; <0.3 mmol/L; life-threatening consequences",
                &[on(Always, Below, Fixed(&[d(3, 1), d(7, 1)]))],
            ),
            grade(3, "<0.9 - 0.7 mg/dL; <0.4 - 0.3 mmol/L", &[on(Always, Below, Fixed(&[d(4, 1), d(9, 1)]))]),
            grade(2, "<1.2 - 0.9 mg/dL; <0.5 - 0.4 mmol/L", &[on(Always, Below, Fixed(&[d(5, 1), d(12, 1)]))]),
            grade(1, "<LLN - 1.2 mg/dL; <LLN - 0.5 mmol/L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["PHOS"],
        term: "Hyperphosphatemia",
        units: &[Unit::Ratio],
        grades: &[grade(
            1,
            "Laboratory finding only and intervention not indicated",
            &[on(Always, Above, Upper(d(1, 0)))],
        )],
        reading: Some("The number alone makes a laboratory finding, grade 1; the treatment makes the higher grades."),
    },
    Rule {
        analytes: &["PHOS"],
        term: "Hypophosphatemia",
        units: &[Unit::Ratio],
        grades: &[grade(
            1,
            "Laboratory finding only and intervention not indicated",
            &[on(Always, Below, Lower(d(1, 0)))],
        )],
        reading: Some("The number alone makes a laboratory finding, grade 1; the treatment makes the higher grades."),
    },
    Rule {
        analytes: &["GLUC"],
        term: "Hyperglycemia",
        units: &[Unit::Ratio],
        grades: &[grade(
            1,
            "Abnormal glucose above baseline with no medical intervention",
            &[on(AboveBaseline, Above, Upper(d(1, 0)))],
        )],
        reading: Some("“Abnormal” is read as above the upper limit of normal; the treatment makes the higher grades."),
    },
    Rule {
        analytes: &["GLUC"],
        term: "Hypoglycemia",
        units: &[Unit::MillimolePerLitre, Unit::MilligramPerDecilitre],
        grades: &[
            grade(
                4,
                "<30 mg/dL; <1.7 mmol/L; life-threatening consequences; seizures",
                &[on(Always, Below, Fixed(&[d(17, 1), d(30, 0)]))],
            ),
            grade(3, "<40 - 30 mg/dL; <2.2 - 1.7 mmol/L", &[on(Always, Below, Fixed(&[d(22, 1), d(40, 0)]))]),
            grade(2, "<55 - 40 mg/dL; <3.0 - 2.2 mmol/L", &[on(Always, Below, Fixed(&[d(30, 1), d(55, 0)]))]),
            grade(1, "<LLN - 55 mg/dL; <LLN - 3.0 mmol/L", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["CHOL"],
        term: "Cholesterol high",
        units: &[Unit::MillimolePerLitre, Unit::MilligramPerDecilitre],
        grades: &[
            grade(4, ">500 mg/dL; >12.92 mmol/L", &[on(Always, Above, Fixed(&[d(1292, 2), d(500, 0)]))]),
            grade(3, ">400 - 500 mg/dL; >10.34 - 12.92 mmol/L", &[on(Always, Above, Fixed(&[d(1034, 2), d(400, 0)]))]),
            grade(2, ">300 - 400 mg/dL; >7.75 - 10.34 mmol/L", &[on(Always, Above, Fixed(&[d(775, 2), d(300, 0)]))]),
            grade(1, ">ULN - 300 mg/dL; >ULN - 7.75 mmol/L", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["TRIG"],
        term: "Hypertriglyceridemia",
        units: &[Unit::MillimolePerLitre, Unit::MilligramPerDecilitre],
        grades: &[
            grade(
                4,
                ">1000 mg/dL; >11.4 mmol/L; life-threatening consequences",
                &[on(Always, Above, Fixed(&[d(114, 1), d(1000, 0)]))],
            ),
            grade(
                3,
                ">500 mg/dL - 1000 mg/dL; >5.7 mmol/L - 11.4 mmol/L",
                &[on(Always, Above, Fixed(&[d(57, 1), d(500, 0)]))],
            ),
            grade(
                2,
                ">300 mg/dL - 500 mg/dL; >3.42 mmol/L - 5.7 mmol/L",
                &[on(Always, Above, Fixed(&[d(342, 2), d(300, 0)]))],
            ),
            grade(
                1,
                "150 mg/dL - 300 mg/dL; 1.71 mmol/L - 3.42 mmol/L",
                &[on(Always, From, Fixed(&[d(171, 2), d(150, 0)]))],
            ),
        ],
        reading: None,
    },
    Rule {
        analytes: &["URATE"],
        term: "Hyperuricemia",
        units: &[Unit::Ratio],
        grades: &[
            grade(3, ">ULN with physiologic consequences", &[on(Symptoms, Above, Upper(d(1, 0)))]),
            grade(1, ">ULN without physiologic consequences", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["PH"],
        term: "Acidosis",
        units: &[Unit::Bare],
        grades: &[
            grade(3, "pH <7.3", &[on(Always, Below, Fixed(&[d(73, 1)]))]),
            grade(1, "pH <normal, but >=7.3", &[on(Always, Below, Lower(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["PH"],
        term: "Alkalosis",
        units: &[Unit::Bare],
        grades: &[
            grade(3, "pH >7.5", &[on(Always, Above, Fixed(&[d(75, 1)]))]),
            grade(1, "pH >normal, but <=7.5", &[on(Always, Above, Upper(d(1, 0)))]),
        ],
        reading: None,
    },
    Rule {
        analytes: &["BICARB", "HCO3"],
        term: "Blood bicarbonate decreased",
        units: &[Unit::Ratio],
        grades: &[grade(1, "<LLN and no intervention initiated", &[on(Always, Below, Lower(d(1, 0)))])],
        reading: None,
    },
    Rule {
        analytes: &["TSH"],
        term: "Thyroid stimulating hormone increased",
        units: &[Unit::Ratio],
        grades: &[grade(1, "TSH increased and no intervention initiated", &[on(Always, Above, Upper(d(1, 0)))])],
        reading: Some("Increased is read as above the upper limit of normal."),
    },
    // Heart
    Rule {
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
    },
];
