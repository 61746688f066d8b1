//! Values that the CTCAE's own words decide. The comparison with admiral's files is in `tests/ctcae`.

use super::*;
use rust_decimal::Decimal;

fn dec(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn case<'a>(analyte: &'a str, value: &str, lln: &str, uln: &str, baseline: &str) -> Case<'a> {
    let number = |text: &str| (!text.is_empty()).then(|| dec(text));
    Case { lln: number(lln), uln: number(uln), baseline: number(baseline), ..Case::new(analyte, dec(value)) }
}

fn graded(case: &Case<'_>) -> (Option<u8>, Option<u8>) {
    let proposal = propose(case).expect("a graded analyte");
    (proposal.grade, proposal.with_symptoms)
}

#[test]
fn edges_with_a_normal_and_an_abnormal_baseline() {
    let rows = [
        ("40", "30", 0),
        ("40.1", "30", 1),
        ("120", "30", 1),
        ("120.1", "30", 2),
        ("200", "", 2),
        ("200.1", "", 3),
        ("800.1", "40", 4),
        ("119", "80", 0),
        ("120", "80", 1),
        ("240", "80", 1),
        ("240.1", "80", 2),
        ("1600.1", "80", 4),
    ];
    for (value, baseline, grade) in rows {
        assert_eq!(graded(&case("ALT", value, "7", "40", baseline)).0, Some(grade), "{value}, baseline {baseline}");
    }
    // The same words for GGT: "2.0 - 2.5 x baseline" holds its lower end.
    assert_eq!(graded(&case("GGT", "200", "7", "40", "100")).0, Some(1));
    assert_eq!(graded(&case("GGT", "199.9", "7", "40", "100")).0, Some(0));
}

#[test]
fn a_missing_limit_is_not_a_grade_0() {
    assert_eq!(graded(&case("ALT", "30", "", "", "")).0, None);
    assert_eq!(graded(&case("K", "4", "", "5.1", "")).0, None, "low potassium can't be excluded");
    assert_eq!(graded(&case("K", "4", "3.5", "5.1", "")).0, Some(0));
    assert_eq!(graded(&case("K", "2.4", "", "", "")).0, Some(4), "fixed limits need no limit of normal");
    assert_eq!(graded(&case("HGB", "105", "", "160", "")).0, None);
    assert_eq!(graded(&case("HGB", "105", "160", "120", "")).0, None, "limits in the wrong order");
    assert!(propose(&case("UREA", "5", "", "", "")).is_none());
}

#[test]
fn creatinine_by_baseline_without_a_limit_says_what_it_left_out() {
    let proposal = propose(&case("CREAT", "200", "", "", "60")).expect("graded");
    assert_eq!(proposal.grade, Some(3));
    assert_eq!(proposal.trace.notes, [Note::NotExcluded(MissingInputError::Upper)]);
    assert_eq!(proposal.comparison(), "200 > 3.0 × baseline = 180");
}

#[test]
fn symptoms_are_asked_for_never_assumed() {
    let urate = case("URATE", "500", "200", "420", "");
    assert_eq!(graded(&urate), (Some(1), Some(3)));
    assert_eq!(graded(&Case { symptoms: Some(true), ..urate }), (Some(3), None));
    assert_eq!(graded(&Case { symptoms: Some(false), ..urate }), (Some(1), None));
    assert_eq!(graded(&case("SODIUM", "127", "135", "145", "")), (Some(2), Some(3)));
    assert_eq!(graded(&case("SODIUM", "124", "135", "145", "")), (Some(3), None));
    assert_eq!(graded(&case("LIPASE", "301", "0", "60", "")), (Some(3), Some(4)));
    assert_eq!(graded(&case("K", "3.2", "3.5", "5", "")), (Some(1), Some(2)));
}

#[test]
fn the_baseline_of_inr_counts_under_anticoagulation_only() {
    let inr = case("INR", "1.15", "", "", "1.0");
    assert_eq!(graded(&inr).0, Some(0));
    assert_eq!(graded(&Case { anticoagulated: Some(true), ..inr }).0, Some(1));
    assert_eq!(graded(&Case { anticoagulated: Some(false), ..inr }).0, Some(0));
}

#[test]
fn total_calcium_is_corrected() {
    let calcium = case("CA", "1.9", "2.1", "2.6", "");
    let without = propose(&calcium).expect("graded");
    assert_eq!((without.grade, without.trace.missing), (None, Some(MissingInputError::Albumin)));
    // 1.9 + 0.02 × (40 − 25) = 2.2: normal.
    assert_eq!(graded(&Case { albumin: Some(dec("25")), ..calcium }).0, Some(0));
    assert_eq!(graded(&Case { albumin: Some(dec("40")), ..calcium }).0, Some(2));
    let american = Case { unit: unit("mg/dL"), albumin: Some(dec("30")), ..case("CA", "7.1", "8.5", "10.5", "") };
    assert_eq!(graded(&american).0, Some(2), "7.1 + 0.8 = 7.9");
}

#[test]
fn limits_are_read_in_the_unit_that_the_words_name_or_converted() {
    let haemoglobin = |value, unit_text| Case { unit: unit(unit_text), ..case("HGB", value, "", "", "") };
    assert_eq!(graded(&haemoglobin("7.9", "g/dL")).0, Some(3));
    assert_eq!(graded(&haemoglobin("4.9", "mmol/L")).0, Some(2));
    let glucose = Case { unit: unit("mg/dl"), ..case("GLUC", "54.5", "70", "100", "90") };
    assert_eq!(graded(&glucose).0, Some(2), "below 55 mg/dL, though 3.02 mmol/L");
    let magnesium = Case { unit: unit("mEq/L"), ..case("MG", "0.7", "1.4", "2.1", "") };
    assert_eq!(graded(&magnesium).0, Some(3), "0.35 mmol/L");
    let strange = Case { unit: unit("mEq/L"), ..case("HGB", "7", "", "", "") };
    assert_eq!(propose(&strange).expect("a rule").trace.missing, Some(MissingInputError::Unit));
}

#[test]
fn a_result_below_or_above_a_number_is_graded_as_far_as_it_goes() {
    let below = |value| Case { reading: Reading::Below, ..case("PLAT", value, "125", "350", "") };
    assert_eq!(graded(&below("25")).0, Some(4));
    assert_eq!(graded(&below("50")).0, Some(3), "at least");
    assert_eq!(graded(&below("300")).0, None);
    let above = |value| Case { reading: Reading::Above, ..case("ALT", value, "7", "40", "") };
    assert_eq!(graded(&above("800")).0, Some(4));
    assert_eq!(graded(&above("799")).0, Some(3), "at least");
}

#[test]
fn qtc_by_interval_and_by_change() {
    for (value, grade) in [("449", 0), ("450", 1), ("480", 1), ("481", 2), ("500", 2), ("501", 3)] {
        assert_eq!(graded(&case("QTCF", value, "", "", "440")).0, Some(grade), "{value}");
    }
    assert_eq!(graded(&case("QTCF", "430", "", "", "369")).0, Some(3));
    assert_eq!(graded(&case("QTCF", "430", "", "", "370")).0, Some(0));
}

#[test]
fn the_trace_speaks_both_languages() {
    let proposal = propose(&case("ALT", "130", "7", "40", "38")).expect("graded");
    assert_eq!(
        proposal.words("en"),
        "LLN 7, ULN 40, baseline 38; 130 > 3.0 × ULN if baseline normal = 120; CTCAE: >3.0 - 5.0 x ULN if baseline was \
         normal; >3.0 - 5.0 x baseline if baseline was abnormal"
    );
    let low = propose(&Case { unit: unit("g/dL"), ..case("HGB", "7.5", "12", "", "") }).expect("graded");
    assert_eq!(low.comparison(), "7.5 g/dL < 8");
    assert!(propose(&case("ALT", "30", "", "", "")).expect("a rule").words("zh-CN").contains("缺少正常值上限"));
}

#[test]
fn tables_are_well_formed() {
    for rule in rules() {
        assert!(rule.grades.windows(2).all(|pair| pair[0].grade > pair[1].grade), "{}: worst first", rule.term);
        for test in rule.grades.iter().flat_map(|grade| grade.tests) {
            if let rule::Bound::Fixed(numbers) | rule::Bound::OverUpper(numbers) | rule::Bound::OverBaseline(numbers) =
                test.bound
            {
                assert_eq!(numbers.len(), rule.units.len(), "{}: a number per unit", rule.term);
            }
        }
    }
    assert_eq!(analyte("cpk"), Some("CK"));
    assert_eq!(unit("X10^9 / L"), Some(Unit::GigaPerLitre));
    assert_eq!(unit("μmol/L"), Some(Unit::MicromolePerLitre));
    assert_eq!(unit("mAU/mL"), None);
}
