//! Every rule of admiral's two files, on a grid around each of its limits.

use super::case_when::{Names, first_true};
use oncology::ctcae::{Case, Unit, propose_all, rules_of, unit};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Our analyte for each of admiral's terms; of the two kinds of calcium by admiral's own addition to the term.
const ANALYTES: [(&str, &str); 40] = [
    ("Anemia", "HGB"),
    ("Leukocytosis", "WBC"),
    ("Activated partial thromboplastin time prolonged", "APTT"),
    ("Alanine aminotransferase increased", "ALT"),
    ("Alkaline phosphatase increased", "ALP"),
    ("Aspartate aminotransferase increased", "AST"),
    ("Blood bilirubin increased", "BILI"),
    ("Blood lactate dehydrogenase increased", "LDH"),
    ("CD4 lymphocytes decreased", "CD4"),
    ("Cholesterol high", "CHOL"),
    ("CPK increased", "CK"),
    ("Creatinine increased", "CREAT"),
    ("Fibrinogen decreased", "FIB"),
    ("GGT increased", "GGT"),
    ("Haptoglobin decreased", "HAPTOG"),
    ("Hemoglobin increased", "HGB"),
    ("INR increased", "INR"),
    ("Lipase increased", "LIPASE"),
    ("Lymphocyte count decreased", "LYM"),
    ("Lymphocyte count increased", "LYM"),
    ("Neutrophil count decreased", "NEUT"),
    ("Platelet count decreased", "PLAT"),
    ("Serum amylase increased", "AMYLASE"),
    ("White blood cell decreased", "WBC"),
    ("Acidosis", "PH"),
    ("Alkalosis", "PH"),
    ("Hypercalcemia", "CACORR"),
    ("Hypercalcemia (Ionized)", "CAION"),
    ("Hyperkalemia", "K"),
    ("Hypermagnesemia", "MG"),
    ("Hypernatremia", "SODIUM"),
    ("Hypertriglyceridemia", "TRIG"),
    ("Hyperuricemia", "URATE"),
    ("Hypoalbuminemia", "ALB"),
    ("Hypocalcemia", "CACORR"),
    ("Hypocalcemia (Ionized)", "CAION"),
    ("Hypoglycemia", "GLUC"),
    ("Hypokalemia", "K"),
    ("Hypomagnesemia", "MG"),
    ("Hyponatremia", "SODIUM"),
];

/// Where the grades differ, and why ours follow NCI's words.
const DIFFERENCES: [(&str, &str); 5] = [
    (
        "GGT increased",
        "grade 1 is \"2.0 - 2.5 x baseline\", which holds 2.0 as \"1.5 - 3.0\" does for ALT; admiral asks for more",
    ),
    (
        "Hypertriglyceridemia",
        "grade 1 is \"150 mg/dL - 300 mg/dL; 1.71 mmol/L - 3.42 mmol/L\", which holds its lower end; admiral asks for more",
    ),
    (
        "Hyponatremia",
        "grade 1 ends at 130; admiral leaves what lies between 129 and 130 in grade 1, because the words go on at 129",
    ),
    (
        "Hypercalcemia (Ionized) in mg/dL",
        "NCI names mmol/L only; admiral rounds its own limits in mg/dL, ours are converted",
    ),
    (
        "Hypocalcemia (Ionized) in mg/dL",
        "NCI names mmol/L only; admiral rounds its own limits in mg/dL, ours are converted",
    ),
];

fn rows(file: &str) -> Option<Vec<Value>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let folder = std::env::var_os("OUTPOST_SHARED").map_or_else(beside, PathBuf::from);
    let bytes = std::fs::read(folder.join("data/ctcae").join(file)).ok()?;
    Some(serde_json::from_slice(&bytes).expect("JSON"))
}

/// One rule of admiral's.
struct Rule {
    term: String,
    unit: Option<Unit>,
    shown: String,
    code: String,
    is_low: bool,
}

impl Rule {
    fn of(row: &Value) -> Self {
        let text = |key: &str| row[key].as_str().unwrap_or("").to_owned();
        let keys = ["GRADE_NA_CODE", "GRADE_4_CODE", "GRADE_3_CODE", "GRADE_2_CODE", "GRADE_1_CODE"];
        let codes: Vec<String> = keys.into_iter().map(text).filter(|code| !code.is_empty()).collect();
        let (term, checked) = (text("TERM"), text("UNIT_CHECK"));
        let own = (!checked.is_empty()).then(|| unit(&checked).unwrap_or(Unit::Unknown));
        let shown = if checked == "mg/dL" { format!("{term} in mg/dL") } else { term.clone() };
        Self { term, unit: own, shown, code: codes.join(", "), is_low: text("DIRECTION") == "L" }
    }

    /// Numbers in the code, without the 15 digits and the grades themselves.
    fn numbers(&self) -> BTreeSet<Decimal> {
        let words = self.code.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '"'));
        words.filter(|word| !word.contains('"')).filter_map(|word| word.parse().ok()).collect()
    }

    fn admirals(&self, at: &Point) -> Option<u8> {
        let float = |number: Option<Decimal>| number.and_then(|number| number.to_f64());
        let (value, base) = (Some(at.value), at.baseline);
        let high = base.zip(at.uln).map(|(base, uln)| Decimal::from(u8::from(base > uln)));
        let change = base.map(|base| (at.value - base) * Decimal::ONE_HUNDRED / base);
        let names = Names::from([
            ("AVAL", float(value)),
            ("ANRLO", float(at.lln)),
            ("ANRHI", float(at.uln)),
            ("BASE", float(base)),
            ("BNRIND", float(high)),
            ("PCHG", float(change)),
        ]);
        match first_true(&self.code, &names).as_deref() {
            Some("NA_character_") => None,
            Some(grade) => Some(grade.parse().expect("a grade")),
            None => Some(0),
        }
    }

    /// admiral takes symptoms and anticoagulation as given.
    fn ours(&self, at: &Point) -> Option<u8> {
        let analyte = ANALYTES.iter().find(|(term, _)| *term == self.term).expect("an analyte").1;
        let case = Case {
            unit: self.unit,
            lln: at.lln,
            uln: at.uln,
            baseline: at.baseline,
            symptoms: Some(true),
            anticoagulated: Some(true),
            ..Case::new(analyte, at.value)
        };
        let term = self.term.trim_end_matches(" (Ionized)");
        propose_all(&case).into_iter().find(|proposal| proposal.term == term).expect("a rule").grade
    }
}

/// A value with its limits.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Point {
    value: Decimal,
    lln: Option<Decimal>,
    uln: Option<Decimal>,
    baseline: Option<Decimal>,
}

/// Limits and baselines, with and without, and values on both sides of whatever they and the rule's numbers make.
fn grid(rule: &Rule) -> BTreeSet<Point> {
    let numbers = rule.numbers();
    let is_fixed = rule.unit.is_some() || rule.term == "INR increased" || rule.term.ends_with("osis");
    let (least, most) =
        (numbers.first().copied().unwrap_or(Decimal::ONE), numbers.last().copied().unwrap_or(Decimal::ONE));
    let (low, high) = match is_fixed {
        true => (most * Decimal::new(12, 1), least * Decimal::new(8, 1)),
        false => (Decimal::from(10), Decimal::from(40)),
    };
    let own = if rule.is_low { low } else { high };
    let baselines = ["0.5", "1", "1.1", "2.3"].map(|factor| Some(own * factor.parse::<Decimal>().expect("a factor")));
    let mut points = BTreeSet::new();
    for limit in [None, Some(own)] {
        for baseline in baselines.into_iter().chain([None]) {
            let mut critical: BTreeSet<Decimal> = numbers.clone();
            let anchors = limit.into_iter().chain(baseline);
            for anchor in anchors {
                critical.insert(anchor);
                for number in &numbers {
                    critical.insert(anchor * *number);
                    critical.insert(anchor + *number);
                    critical.insert(anchor - anchor * *number / Decimal::ONE_HUNDRED);
                }
            }
            for value in critical {
                for nudge in ["0", "0.0001", "-0.0001", "0.3", "-0.3"] {
                    let value = value + nudge.parse::<Decimal>().expect("a nudge");
                    if value > Decimal::ZERO {
                        let (lln, uln) = if rule.is_low { (limit, None) } else { (None, limit) };
                        points.insert(Point { value, lln, uln, baseline });
                    }
                }
            }
        }
    }
    points
}

#[test]
fn the_grades_are_admirals_but_for_what_is_listed() {
    let mut differing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut held = 0;
    for file in ["lab_grading_si.json", "lab_grading_us.json"] {
        let Some(rows) = rows(file) else {
            println!("skipped: the public grading file {file} is absent");
            return;
        };
        for rule in rows.iter().map(Rule::of) {
            for point in grid(&rule) {
                held += 1;
                let (ours, admirals) = (rule.ours(&point), rule.admirals(&point));
                if ours != admirals {
                    let list = differing.entry(rule.shown.clone()).or_default();
                    list.push(format!("{point:?}: {ours:?}, admiral {admirals:?}"));
                }
            }
        }
    }
    for (term, points) in &differing {
        println!("{term}: {} of {held} points, such as {}", points.len(), points[0]);
    }
    let explained =
        |term: &str| DIFFERENCES.iter().any(|(known, _)| *known == term || term == format!("{known} in mg/dL"));
    let unexplained: Vec<_> = differing.iter().filter(|(term, _)| !explained(term)).collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    for (known, why) in DIFFERENCES {
        assert!(differing.contains_key(known), "{known} no longer differs: {why}");
    }
    assert!(held > 10_000, "{held}");
    println!("{held} points, {} of them differ as listed", differing.values().map(Vec::len).sum::<usize>());
}

#[test]
fn differences_lie_only_where_the_list_says() {
    let Some(rows) = rows("lab_grading_si.json") else {
        println!("skipped: the public grading files are absent");
        return;
    };
    for rule in rows.iter().map(Rule::of) {
        for point in grid(&rule).into_iter().filter(|point| rule.ours(point) != rule.admirals(point)) {
            let at_edge = match rule.term.as_str() {
                "GGT increased" => point.baseline.is_some_and(|base| point.value == base * Decimal::TWO),
                "Hypertriglyceridemia" => point.value == Decimal::new(171, 2),
                "Hyponatremia" => point.value > Decimal::from(129) && point.value < Decimal::from(130),
                _ => false,
            };
            assert!(at_edge, "{}: {point:?}", rule.term);
        }
    }
}

#[test]
fn every_analyte_of_the_table_is_known() {
    for (_, analyte) in ANALYTES {
        assert!(rules_of(analyte).next().is_some(), "{analyte}");
    }
}
