//! Results beside their limits, and the baseline of a result.

use clinical::labs::{Labs, Side, fact};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::stage::{Chart, STUDY, cell, date};

const PANEL: &str = "SE.AGAIN[1]/F.PANEL[1]/IG.PANEL[1]";

fn panel(answers: &[(&str, &str)]) -> Chart<'static> {
    let mut chart = Chart::new();
    chart.visit("SE.AGAIN[1]", "2026-03-01").fill(PANEL, answers);
    chart
}

fn side(answers: &[(&str, &str)]) -> Option<Side> {
    let chart = panel(answers);
    Labs::new(&STUDY, &chart.book).result(&cell(PANEL, "ALT"))?.side()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A qualified result stands for every number that it may be: all of them lie there, or nothing is said.
    #[test]
    fn a_result_lies_where_all_that_it_may_be_lies(
        value in 0..60_i32, sign in prop::sample::select(vec!["", "<", "<=", ">", ">="]),
        low in prop::option::of(0..60_i32), more in prop::option::of(0..30_i32)
    ) {
        let high = more.map(|more| low.unwrap_or(10) + more);
        let (typed, lo, hi) = (format!("{sign}{value}"), low.map(|n| n.to_string()), high.map(|n| n.to_string()));
        let mut answers = vec![("ALT", &*typed)];
        answers.extend(lo.as_deref().map(|lo| ("ALTLO", lo)));
        answers.extend(hi.as_deref().map(|hi| ("ALTHI", hi)));
        // Halves between the whole numbers, so that an open end is felt; what lies beyond 200 is like 200.
        let (twice, doubled) = (2 * value, |limit: Option<i32>| limit.map(|limit| 2 * limit));
        let may_be = |half: &i32| match sign {
            "" => *half == twice,
            "<" => *half < twice,
            "<=" => *half <= twice,
            ">" => *half > twice,
            _ => *half >= twice,
        };
        let below = |half: i32| doubled(low).is_some_and(|low| half < low);
        let above = |half: i32| doubled(high).is_some_and(|high| half > high);
        let mut lies: Vec<(bool, bool)> =
            (-400..400).filter(may_be).map(|half| (below(half), above(half))).collect();
        lies.dedup();
        let only = |wanted: fn(&(bool, bool)) -> bool| lies.iter().all(wanted);
        let wanted = if low.is_none() && high.is_none() {
            None
        } else if only(|lies| lies.0) {
            Some(Side::Low)
        } else if only(|lies| lies.1) {
            Some(Side::High)
        } else if only(|lies| *lies == (false, false)) {
            Some(Side::Within)
        } else {
            None
        };
        prop_assert_eq!(side(&answers), wanted, "{} in {:?} to {:?}", typed, low, high);
    }

    /// The last result up to the day of the baseline event counts, whatever was entered first.
    #[test]
    fn the_baseline_is_the_last_result_up_to_its_day(days in prop::collection::vec((0..60_i32, any::<bool>()), 3)) {
        const FORMS: [&str; 4] = ["SE.BASE[1]", "SE.START[1]", "SE.SCAN[1]", "SE.AGAIN[1]"];
        let mut chart = Chart::new();
        chart.visit("SE.AGAIN[1]", &date(90)).visit("SE.START[1]", &date(30));
        let mut wanted: Option<(i32, usize)> = None;
        for (at, (day, is_known)) in days.iter().enumerate() {
            let day = if at == 1 { 30 } else { *day };
            chart.visit(FORMS[at], &date(day));
            if *is_known {
                chart.fill(&format!("{}/F.PANEL[1]/IG.PANEL[1]", FORMS[at]), &[("ALT", &(100 + at).to_string())]);
                // Of two on one day the later in the protocol; scans stand behind the others there.
                wanted = wanted.max((day <= 30).then_some((day, at)));
            }
        }
        chart.fill(PANEL, &[("ALT", "44")]);
        let found = Labs::new(&STUDY, &chart.book).baseline(&cell(PANEL, "ALT")).map(|found| found.value.decimal);
        prop_assert_eq!(found, wanted.map(|(_, at)| Decimal::from(100 + at)));
    }
}

#[test]
fn limits_and_results_are_read_in_the_standard_unit() {
    let chart = panel(&[("HGB", "8.5 g/dL"), ("HGBLO", "130"), ("HGBHI", "17.5 g/dL"), ("ALTLO", "9")]);
    let labs = Labs::new(&STUDY, &chart.book);
    let found = labs.result(&cell(PANEL, "HGB")).expect("a result");
    assert_eq!((found.analyte.as_str(), found.value.decimal), ("HGB", Decimal::from(85)));
    assert_eq!((found.low, found.high), (Some(Decimal::from(130)), Some(Decimal::from(175))));
    assert_eq!(found.side(), Some(Side::Low));
    assert!(labs.result(&cell(PANEL, "HGBLO")).is_none(), "a limit is no result");
    assert!(labs.result(&cell(PANEL, "ALT")).is_none(), "limits alone are none either");
}

#[test]
fn what_is_missing_or_not_asked_is_no_result() {
    let mut chart = panel(&[("ALT", "?not_done"), ("ALTHI", "50")]);
    let held = |chart: &Chart<'_>| Labs::new(&STUDY, &chart.book).result(&cell(PANEL, "ALT")).is_some();
    assert!(!held(&chart));
    chart.fill(PANEL, &[("ALT", "400")]);
    assert!(held(&chart));
    // The panel was not done after all: an answer from before must not be read.
    chart.fill(PANEL, &[("DONE", "N")]);
    assert!(!held(&chart));
    chart.fill(PANEL, &[("DONE", "Y")]);
    assert!(held(&chart));
}

#[test]
fn a_baseline_that_was_skipped_is_none() {
    let mut chart = Chart::new();
    chart.visit("SE.START[1]", "2026-02-01").visit("SE.AGAIN[1]", "2026-03-01").fill(PANEL, &[("ALT", "44")]);
    let start = "SE.START[1]/F.PANEL[1]/IG.PANEL[1]";
    chart.fill(start, &[("ALT", "80"), ("ALTHI", "50")]);
    let baseline = |chart: &Chart<'_>| {
        Labs::new(&STUDY, &chart.book).baseline(&cell(PANEL, "ALT")).map(|found| (found.value.decimal, found.high))
    };
    assert_eq!(baseline(&chart), Some((Decimal::from(80), Some(Decimal::from(50)))));
    let of_itself = Labs::new(&STUDY, &chart.book).baseline(&cell(start, "ALT")).is_some();
    assert!(!of_itself, "a result of that time has no baseline");
    chart.fill(start, &[("DONE", "N")]);
    assert_eq!(baseline(&chart), None);
}

#[test]
fn without_the_day_of_the_baseline_event_there_is_no_baseline() {
    let mut chart = Chart::new();
    chart.visit("SE.BASE[1]", "2026-01-10").fill("SE.BASE[1]/F.PANEL[1]/IG.PANEL[1]", &[("ALT", "80")]);
    chart.visit("SE.AGAIN[1]", "2026-03-01").fill(PANEL, &[("ALT", "44")]);
    let has_one = |chart: &Chart<'_>| Labs::new(&STUDY, &chart.book).baseline(&cell(PANEL, "ALT")).is_some();
    assert!(!has_one(&chart));
    chart.visit("SE.START[1]", "2026-02");
    assert!(!has_one(&chart), "a month is no day");
    chart.visit("SE.START[1]", "2026-02-01");
    assert!(has_one(&chart));
}

#[test]
fn a_fact_is_the_first_answer_to_its_question() {
    let mut chart = Chart::new();
    assert_eq!(fact(&STUDY, &chart.book, "lab.performed"), None);
    chart.fill(PANEL, &[("DONE", "?unknown")]);
    assert_eq!(fact(&STUDY, &chart.book, "lab.performed"), None);
    chart.fill(PANEL, &[("DONE", "Y")]);
    assert_eq!(fact(&STUDY, &chart.book, "lab.performed").as_deref(), Some("Y"));
}
