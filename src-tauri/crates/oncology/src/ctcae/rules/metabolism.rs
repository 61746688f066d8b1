//! Kidney, electrolytes, metabolism.

use super::super::rule::Bound::{Baseline, Fixed, Lower, Upper};
use super::super::rule::Rule;
use super::super::rule::Side::{Above, Below, From};
use super::super::rule::When::{AboveBaseline, Always, Symptoms};
use super::super::units::Unit;
use super::notation::{d, grade, on};

pub(super) const RULES: &[Rule] = &[
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
        analytes: &["EGFR"],
        term: "Chronic kidney disease",
        units: &[Unit::MillilitrePerMinute],
        grades: &[
            grade(
                4,
                "eGFR or CrCl <15 ml/min/1.73 m2; dialysis or renal transplant indicated",
                &[on(Always, Below, Fixed(&[d(15, 0)]))],
            ),
            grade(3, "eGFR or CrCl 29 - 15 ml/min/1.73 m2", &[on(Always, Below, Fixed(&[d(30, 0)]))]),
            grade(2, "eGFR or CrCl 59 - 30 ml/min/1.73 m2", &[on(Always, Below, Fixed(&[d(60, 0)]))]),
            grade(
                1,
                "eGFR (estimated Glomerular Filtration Rate) or CrCl (creatinine clearance) <LLN - 60 ml/min/1.73 m2 or proteinuria 2+ present; urine protein/creatinine >0.5",
                &[on(Always, Below, Lower(d(1, 0)))],
            ),
        ],
        reading: Some("59 - 30 is read as below 60, and 29 - 15 as below 30: nothing lies between whole numbers."),
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
];
