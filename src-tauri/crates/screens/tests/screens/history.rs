//! What concerns one cell.

use screens::history;
use screens::messages::{CellView, QueryState, Role};

use casebook::act::{QueryClosed, QueryReopened};

use crate::chart::{Chart, DOCTOR, NURSE_THERE, SUBJECT};

const SYSBP: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP";
const WEIGHT: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.WEIGHT";

fn view(chart: &Chart, cell: &str) -> CellView {
    let key = chart.key(cell);
    let item = chart.study.items.get(&key.item).expect("an item");
    chart.draw(|view| history::cell(view, &key, item, &chart.lines))
}

/// What each change says, newest first: old, new, reason.
fn told(chart: &Chart, cell: &str) -> Vec<[String; 3]> {
    view(chart, cell).history.into_iter().map(|change| [change.old, change.new, change.reason]).collect()
}

#[test]
fn every_change_is_told_newest_first_with_its_reason() {
    let mut chart = Chart::new();
    chart.answer(SYSBP, "120", None);
    chart.answer(SYSBP, "130", Some("misread"));
    chart.author = DOCTOR;
    chart.answer(SYSBP, "?not_done", Some("cuff broken"));
    assert_eq!(
        told(&chart, SYSBP),
        [["130", "not_done", "cuff broken"], ["120", "130", "misread"], ["", "120", ""]]
            .map(|told| told.map(str::to_owned))
    );
    let history = view(&chart, SYSBP).history;
    assert_eq!(history.iter().map(|change| change.by.as_str()).collect::<Vec<_>>(), ["Zhao Min", "Wang Li", "Wang Li"]);
    assert_eq!(history.iter().map(|change| change.missing).collect::<Vec<_>>(), [true, false, false]);
    assert!(history[0].at > history[1].at && history[0].at.ends_with("+08:00"));
    assert!(told(&chart, WEIGHT).is_empty(), "another cell's changes are not told");
}

#[test]
fn a_settled_conflict_names_both_sides() {
    let mut chart = Chart::new();
    let here = chart.answer(SYSBP, "120", None);
    chart.author = NURSE_THERE;
    let there = chart.answer_over(SYSBP, "125", None, Vec::new());
    let conflict = view(&chart, SYSBP);
    assert_eq!(
        conflict.queries.first().map(|query| (query.id.as_str(), query.state)),
        Some(("conflict", QueryState::Open))
    );
    chart.answer_over(SYSBP, "125", Some("the chart says so"), vec![here, there]);
    let settled = view(&chart, SYSBP);
    assert!(settled.queries.is_empty());
    assert_eq!(settled.history[0].old, "120 / 125");
}

#[test]
fn a_unit_that_is_not_the_standard_one_is_said() {
    let mut chart = Chart::new();
    chart.answer(WEIGHT, "143 jin", None);
    chart.answer(WEIGHT, "71.5", Some("in kilograms"));
    let told = told(&chart, WEIGHT);
    assert_eq!((told[0][0].as_str(), told[0][1].as_str()), ("143 jin", "71.5"));
}

#[test]
fn a_masked_reader_learns_neither_reasons_nor_how_much_was_entered() {
    let mut chart = Chart::new();
    chart.answer(SYSBP, "120", None);
    chart.answer(SYSBP, "130", Some("after the radiotherapy"));
    chart.ask(SYSBP, "Before or after the infusion?");
    assert!(view(&chart, SYSBP).history.iter().all(|change| change.seq > 0));
    chart.reader.role = Role::Assessor;
    let masked = view(&chart, SYSBP);
    assert!(masked.history.iter().all(|change| change.seq == 0 && change.reason.is_empty()));
    assert!(masked.queries.iter().all(|query| query.text.is_empty()));
    assert_eq!(masked.history[0].new, "130", "the value itself is what the assessor reads");
}

#[test]
fn a_query_is_told_with_its_answers() {
    let mut chart = Chart::new();
    chart.author = DOCTOR;
    let first = chart.ask(SYSBP, "Really?");
    let second = chart.ask(SYSBP, "Which arm was measured?");
    chart.author = crate::chart::NURSE;
    chart.reply(first, "Yes, twice.");
    let queries = view(&chart, SYSBP).queries;
    assert_eq!(queries.iter().map(|query| query.id.clone()).collect::<Vec<_>>(), [second.hex(), first.hex()]);
    assert_eq!((queries[0].state, queries[0].by.as_str()), (QueryState::Open, "Zhao Min"));
    let answers: Vec<_> = queries[1].answers.iter().map(|answer| (answer.new.as_str(), answer.by.as_str())).collect();
    assert_eq!((queries[1].state, answers.last()), (QueryState::Answered, Some(&("Yes, twice.", "Wang Li"))));
    assert_eq!(chart.cell(SYSBP).queries, 2, "an answered query is not closed");
}

#[test]
fn the_course_of_a_number_follows_the_days_of_the_visits() {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.C1D1[1]", "2026-10-02").visit("SE.CND1[1]", "2026-10-23");
    chart.answer(WEIGHT, "160 jin", None);
    chart.answer("SE.C1D1[1]/F.VS[1]/IG.VS[1]/IT.VS.WEIGHT", "78.5", None);
    chart.answer("SE.CND1[1]/F.VS[1]/IG.VS[1]/IT.VS.WEIGHT", "77", None);
    let shown = view(&chart, "SE.C1D1[1]/F.VS[1]/IG.VS[1]/IT.VS.WEIGHT");
    let points: Vec<_> = shown
        .course
        .iter()
        .map(|point| (point.date.as_deref().unwrap_or(""), point.value.as_str(), point.here))
        .collect();
    assert_eq!(points, [("2026-09-20", "80", false), ("2026-10-02", "78.5", true), ("2026-10-23", "77", false)]);
}

#[test]
fn a_query_goes_through_its_states_and_counts_until_it_is_closed() {
    let mut chart = Chart::new();
    let query = chart.ask(SYSBP, "Really?");
    let seen = |chart: &Chart| (view(chart, SYSBP).queries[0].state, chart.cell(SYSBP).queries);
    assert_eq!(seen(&chart), (QueryState::Open, 1));
    chart.reply(query, "Yes.");
    assert_eq!(seen(&chart), (QueryState::Answered, 1));
    let (subject, bases) = (SUBJECT.into(), chart.book.query_bases(&query));
    chart.write(QueryClosed { subject, query, comment: None, bases });
    assert_eq!(seen(&chart), (QueryState::Closed, 0));
    let (reason, bases) = (chart.text("not so"), chart.book.query_bases(&query));
    chart.write(QueryReopened { subject: SUBJECT.into(), query, reason, bases });
    assert_eq!(seen(&chart), (QueryState::Open, 1));
    let steps: Vec<String> = view(&chart, SYSBP).queries[0].answers.iter().map(|step| step.new.clone()).collect();
    assert_eq!(steps, ["Yes.", "", "not so"], "a step without words is told all the same");
    chart.texts.clear();
    assert_eq!(view(&chart, SYSBP).queries[0].text, "", "what was redacted");
}

#[test]
fn the_course_of_a_result_has_the_band_of_its_limits() {
    let mut chart = Chart::new();
    let panel = |event: &str| format!("{event}/F.LB[1]/IG.LBC[1]");
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.C1D1[1]", "2026-10-02").visit("SE.CND1[1]", "2026-10-23");
    chart.fill(
        &panel("SE.SCR[1]"),
        &[("IT.LBC.LBCPERF", "Y"), ("IT.LBC.ALT", "60"), ("IT.LBC.ALTLO", "9"), ("IT.LBC.ALTHI", "50")],
    );
    chart.fill(&panel("SE.C1D1[1]"), &[("IT.LBC.LBCPERF", "Y"), ("IT.LBC.ALT", "<10"), ("IT.LBC.ALTHI", "40")]);
    chart.fill(&panel("SE.CND1[1]"), &[("IT.LBC.LBCPERF", "Y"), ("IT.LBC.ALT", "30")]);
    let shown = |event: &str| view(&chart, &format!("{}/IT.LBC.ALT", panel(event)));
    let band = |low: &str, high: &str| Some((low.to_owned(), high.to_owned()));
    assert_eq!(shown("SE.SCR[1]").course_range, band("9", "50"));
    assert_eq!(shown("SE.C1D1[1]").course_range, band("0", "40"), "without a lower limit it reaches down to nothing");
    assert_eq!(
        shown("SE.CND1[1]").course_range,
        band("0", "40"),
        "without limits those of the last result that has some"
    );
    let points: Vec<_> = shown("SE.CND1[1]").course.into_iter().map(|point| (point.sign, point.value)).collect();
    assert_eq!(points, [("", "60"), ("<", "10"), ("", "30")].map(|(sign, value)| (sign.to_owned(), value.to_owned())));
}
