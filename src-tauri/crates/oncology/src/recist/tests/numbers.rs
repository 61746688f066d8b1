//! Published numbers: RECIST-tracker's and pyrecist's tests (both MIT), the EORTC's answers, the paper's example.

use super::*;

/// The target response of the last of these sizes.
fn last(sizes: &[&str]) -> &'static str {
    let strict = Settings { partial_response: PartialResponse::Strict, ..Settings::default() };
    targets_of(&one_lesion(sizes), &strict).last().expect("a visit")
}

/// heyhey-yoyo/RECIST-tracker, tests/recist.test.js: limits met exactly and missed by a tenth.
#[test]
fn limits_are_met_exactly() {
    assert_eq!(last(&["100", "70"]), "PR");
    assert_eq!(last(&["100", "70.1"]), "SD");
    assert_eq!(last(&["100", "20", "25"]), "PD");
    assert_eq!(last(&["100", "20", "24.9"]), "PR", "below 5 mm of growth, and still -75 % from baseline");
    assert_eq!(last(&["100", "90", "108"]), "PD");
    assert_eq!(last(&["100", "90", "107.9"]), "SD");
}

/// Where binary fractions go wrong: 0.7 × 14, 1.2 × 27, 8.2 − 3.2.
#[test]
fn no_limit_turns_on_a_binary_fraction() {
    assert_eq!(last(&["14", "9.8"]), "PR");
    assert_eq!(last(&["14", "9.9"]), "SD");
    assert_eq!(last(&["27", "32.4"]), "PD");
    assert_eq!(last(&["27", "32.3"]), "SD");
    assert_eq!(last(&["100", "3.2", "8.2"]), "PD");
    assert_eq!(last(&["100", "3.2", "8.1"]), "PR");
}

/// robertojorasp06/pyrecist, tests/data.
#[test]
fn growth_below_five_millimetres_leaves_a_response() {
    let course = one_lesion(&["30", "24", "21", "25.2", "26"]);
    assert_eq!(targets_of(&course, &Settings::default()), ["SD", "PR", "PR", "PD"]);
    let why = assess(&course, &Settings::default()).points[2].why.clone();
    assert_eq!(why.rule, Rule::TargetPartialPersists);
}

/// EORTC: a response lasts until progression. Strictly recomputed it is stable again.
#[test]
fn a_partial_response_lasts() {
    let course = one_lesion(&["100", "70", "70", "80", "80", "80"]);
    assert_eq!(targets_of(&course, &Settings::default()), ["PR"; 5]);
    let strict = Settings { partial_response: PartialResponse::Strict, ..Settings::default() };
    assert_eq!(targets_of(&course, &strict), ["PR", "PR", "SD", "SD", "SD"]);
}

/// RECIST 1.1, 4.4.2: baseline 50 mm of three, two seen at 80 mm.
#[test]
fn a_known_part_can_be_progression() {
    let sizes = |sizes: [Measure; 3]| {
        let [one, two, three] = sizes;
        [("T01", one), ("T02", two), ("T03", three)]
    };
    let of = |millimetres| Measure::Size(Tenths::mm(millimetres));
    let lesions = vec![target("T01"), target("T02"), target("T03")];
    let baseline = seen(after(0), sizes([of(20), of(20), of(10)]));
    let visit = |second| seen(after(42), sizes([of(second), of(40), Measure::NotEvaluable]));
    let progressed = course(lesions.clone(), baseline.clone(), vec![visit(40)]);
    let outcome = assess(&progressed, &Settings::default());
    assert_eq!((outcome.points[0].target, outcome.points[0].sum), (Some(Response::Pd), None));
    assert_eq!(outcome.points[0].known, Tenths::mm(80));
    assert_eq!(outcome.points[0].why.rule, Rule::TargetProgressionKnownPart);
    // 59 mm of the nadir's 50 are 18 %: not by themselves progression.
    assert_eq!(targets_of(&course(lesions, baseline, vec![visit(19)]), &Settings::default()), ["NE"]);
}

/// An assessment that isn't wholly known never sets the nadir.
#[test]
fn what_is_not_evaluable_sets_no_nadir() {
    let of = |millimetres| Measure::Size(Tenths::mm(millimetres));
    let both = |day, one, two| seen(after(day), [("T01", one), ("T02", two)]);
    let visits = vec![both(42, of(10), Measure::NotDone), both(84, of(30), of(30)), both(126, of(31), of(31))];
    let course = course(vec![target("T01"), target("T02")], both(0, of(30), of(30)), visits);
    let outcome = assess(&course, &Settings::default());
    let nadirs: Vec<_> = outcome.points.iter().map(|point| point.nadir).collect();
    assert_eq!(nadirs, [Some(Tenths::mm(60)); 3]);
    assert_eq!(targets_of(&course, &Settings::default()), ["NE", "SD", "SD"]);
}

/// Nodes of 7 and 3 mm with all else gone: complete, though the sum is 10 mm.
#[test]
fn complete_response_with_nodes_left() {
    let of = |millimetres| Measure::Size(Tenths::mm(millimetres));
    let all = |day, one, two, three| seen(after(day), [("N01", one), ("N02", two), ("T01", three)]);
    let lesions = vec![node("N01"), node("N02"), target("T01")];
    let visits = vec![all(42, of(7), of(3), Measure::Absent), all(84, of(10), of(3), Measure::Absent)];
    let course = course(lesions, all(0, of(20), of(15), of(30)), visits);
    let outcome = assess(&course, &Settings::default());
    assert_eq!(outcome.points[0].overall, Response::Cr);
    assert_eq!(outcome.points[0].sum, Some(Tenths::mm(10)));
    assert_eq!(
        outcome.points[1].target,
        Some(Response::Pr),
        "10 mm of short axis is a diseased node again, 3 mm of growth"
    );
}
