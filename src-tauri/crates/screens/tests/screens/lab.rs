//! What is shown beside results, and the register of limits.

use casebook::act::LabRangeSet;
use proptest::prelude::*;
use screens::form;
use screens::lab;
use screens::messages::{Control, LabSide};

use crate::chart::Chart;

const LB: &str = "SE.C1D1[1]/F.LB[1]/IG.LBC[1]";

fn panel(alt: &str) -> Chart {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.RAND[1]", "2026-10-01").visit("SE.C1D1[1]", "2026-10-02");
    let result =
        [("IT.LBC.LBCPERF", "Y"), ("IT.LBC.LBCDAT", "2026-10-02"), ("IT.LBC.ALTLO", "9"), ("IT.LBC.ALTHI", "50")];
    chart.fill(LB, &result);
    chart.answer(&format!("{LB}/IT.LBC.ALT"), alt, None);
    chart
}

fn range(lab: &str, low: Option<&str>, high: Option<&str>, from: Option<&str>) -> LabRangeSet {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let (lab, analyte) = (lab.to_owned(), "ALT".to_owned());
    let (low, high, from) = (text(low), text(high), text(from));
    LabRangeSet { lab, analyte, sex: None, from, to: None, unit: None, low, high, bases: Vec::new() }
}

#[test]
fn a_result_lies_on_one_side_of_its_limits() {
    for (alt, side) in [("8", LabSide::Low), ("9", LabSide::Within), ("50", LabSide::Within), ("51", LabSide::High)] {
        let beside = panel(alt).cell(&format!("{LB}/IT.LBC.ALT")).lab.expect("a result");
        assert_eq!((beside.limits.as_str(), beside.side), ("9–50 U/L", Some(side)), "{alt}");
    }
    assert!(panel("8").cell(&format!("{LB}/IT.LBC.ALTLO")).lab.is_none(), "a limit is no result");
}

#[test]
fn a_grade_is_proposed_with_its_grounds_and_asks_for_an_event() {
    // CTCAE 5.0, alanine aminotransferase increased: grade 3 above 5 times the upper limit.
    let beside = panel("300").cell(&format!("{LB}/IT.LBC.ALT")).lab.expect("a result");
    let grade = beside.grade.expect("a proposal");
    assert_eq!((grade.grade, grade.recordable), (Some(3), true));
    assert!(grade.term.contains("lanine") && !grade.words.is_empty(), "{}", grade.term);
    assert!(beside.event.is_some_and(|event| event.title.is_empty()), "no event is recorded for it");
    let normal = panel("40").cell(&format!("{LB}/IT.LBC.ALT")).lab.expect("a result");
    assert!(normal.grade.is_none_or(|grade| !grade.recordable) && normal.event.is_none());
}

#[test]
fn the_register_names_each_line_and_marks_those_that_contradict_each_other() {
    let mut chart = Chart::new();
    chart.write(range("Central", Some("9"), Some("50"), None));
    chart.write(range("Other", None, Some("41"), None));
    let register = |chart: &Chart| lab::register(chart.study, &chart.trial_state, "en");
    let first = register(&chart);
    assert_eq!(first.labs, ["Central", "Other"]);
    assert!(first.lines.iter().all(|line| !line.disputed && line.unit == "U/L" && line.by == "Wang Li"));
    assert!(first.analytes.iter().any(|analyte| analyte.code == "ALT"));
    assert_eq!(first.sexes.iter().map(|sex| sex.code.as_str()).collect::<Vec<_>>(), ["M", "F"]);
    chart.write(range("Central", Some("10"), Some("50"), Some("2026-10-01")));
    let disputed: Vec<_> =
        register(&chart).lines.into_iter().filter(|line| line.disputed).map(|line| line.lab).collect();
    assert_eq!(disputed, ["Central", "Central"]);
}

#[test]
fn a_panel_offers_the_laboratories_of_the_register() {
    let chart = Chart::new();
    let key = "SE.C1D1[1]/F.LB[1]".parse().expect("a form");
    assert!(lab::is_panel_form(chart.study, &key));
    assert!(!lab::is_panel_form(chart.study, &"SE.C1D1[1]/F.VS[1]".parse().expect("a form")));
    let mut shape = form::shape(chart.study, &key, "en").expect("a form of the study");
    let control = |shape: &screens::messages::FormShape| {
        let items = shape.groups.iter().flat_map(|group| &group.items);
        items.clone().find(|item| item.oid == "IT.LBC.LBCLAB").map(|item| (item.control, item.choices.len()))
    };
    lab::offer(chart.study, &mut shape, &[]);
    assert_ne!(control(&shape).map(|(control, _)| control), Some(Control::List));
    lab::offer(chart.study, &mut shape, &["Central", "Other"]);
    assert_eq!(control(&shape), Some((Control::List, 2)));
}

/// A day of October or none: an open end.
fn end() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(1..31_u32)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Two lines contradict each other when on some day both hold for one person and say different things.
    #[test]
    fn lines_are_disputed_when_they_meet_on_a_day(
        one in (end(), end()), other in (end(), end()), sexes in (prop::bool::ANY, prop::bool::ANY), same: bool
    ) {
        prop_assume!([one, other].iter().all(|(from, to)| from.zip(*to).is_none_or(|(from, to)| from <= to)));
        let mut chart = Chart::new();
        let day = |day: Option<u32>| day.map(|day| format!("2026-10-{day:02}"));
        for ((from, to), is_male, low) in [(one, sexes.0, "9"), (other, sexes.1, if same { "9" } else { "10" })] {
            let line = range("Central", Some(low), Some("50"), None);
            chart.write(LabRangeSet { from: day(from), to: day(to), sex: is_male.then(|| "M".to_owned()), ..line });
        }
        let holds = |(from, to): (Option<u32>, Option<u32>), day: u32| {
            from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
        };
        let meet = (0..32).any(|day| holds(one, day) && holds(other, day));
        let lines = lab::register(chart.study, &chart.trial_state, "en").lines;
        prop_assert_eq!(lines.len(), 2);
        let wanted = meet && sexes.0 == sexes.1 && !same;
        prop_assert_eq!(lines.iter().map(|line| line.disputed).collect::<Vec<_>>(), [wanted, wanted]);
    }
}

#[test]
fn a_limit_on_one_side_is_said_with_its_sign() {
    let beside = |lo: &str, hi: &str| {
        let mut chart = Chart::new();
        chart.visit("SE.C1D1[1]", "2026-10-02").fill(LB, &[("IT.LBC.LBCPERF", "Y"), ("IT.LBC.ALT", "44")]);
        let limits = [("IT.LBC.ALTLO", lo), ("IT.LBC.ALTHI", hi)];
        chart.fill(LB, &limits.into_iter().filter(|(_, typed)| !typed.is_empty()).collect::<Vec<_>>());
        chart.cell(&format!("{LB}/IT.LBC.ALT")).lab.expect("a result").limits
    };
    assert_eq!([beside("9", ""), beside("", "50"), beside("", "")], ["≥ 9 U/L", "≤ 50 U/L", ""]);
}

#[test]
fn a_panel_that_was_not_done_shows_nothing_beside_what_stood_there() {
    let mut chart = panel("300");
    let shown = |chart: &Chart| chart.cell(&format!("{LB}/IT.LBC.ALT"));
    assert!(shown(&chart).lab.is_some());
    chart.answer(&format!("{LB}/IT.LBC.LBCPERF"), "N", Some("another patient's"));
    assert!(shown(&chart).lab.is_none() && !shown(&chart).visible);
}

#[test]
fn adverse_events_are_recorded_in_the_studys_own_rows() {
    let rows = lab::event_rows(&crate::chart::TRIAL).expect("rows of adverse events");
    assert_eq!((rows.form.to_string().as_str(), rows.group.oid.as_str()), ("SE.LOG[1]/F.AE[1]", "IG.AE"));
    assert!(lab::event_rows(&crate::chart::AT_HOME).is_none());
    let sexes = |language: &str| lab::sexes(&crate::chart::AT_HOME, language).into_iter().map(|sex| sex.label);
    assert_eq!(sexes("fr").collect::<Vec<_>>(), ["Femme", "Homme"]);
}
