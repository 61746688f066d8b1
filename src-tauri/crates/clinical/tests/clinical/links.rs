//! Results behind adverse events and events of results, held against their definition pair by pair.

use clinical::labs::Labs;
use clinical::safety::{EventLink, LabLink, Links, RowAt, Safety};
use proptest::prelude::*;
use study::Study;

use crate::stage::{Chart, STUDY, cell, date, with};

const EVENTS: &str = "SE.NOTES[1]/F.EVENT[1]";
/// Visits after the one of the baseline, at which nothing was measured: every grade counts from the limit.
const VISITS: [&str; 3] = ["SE.AGAIN[1]", "SE.AGAIN[2]", "SE.SCAN[1]"];
const TERMS: [&str; 3] = ["Alanine aminotransferase increased", "T2", "Nausea"];

fn panel(visit: usize) -> String {
    format!("{}/F.PANEL[1]/IG.PANEL[1]", VISITS[visit])
}

/// An adverse event; days count from 1 January 2026.
#[derive(Clone, Debug)]
struct Told {
    term: usize,
    from: i32,
    days: Option<i32>,
    /// The visit whose result its form names.
    names: Option<usize>,
}

/// A result of a visit on a day: a multiple of the upper limit.
#[derive(Clone, Debug)]
struct Measured {
    day: i32,
    times: u32,
}

/// CTCAE 5.0, alanine aminotransferase increased, without a baseline: above 1, 3, 5 and 20 times the limit.
fn grade(times: u32) -> Option<u8> {
    [1, 3, 5, 20].into_iter().zip(1..).filter(|(above, _)| times > *above).map(|(_, grade)| grade).last()
}

/// The link of an event with a result as the settings of the invented study have it: named by the form; else the same term,
/// a grade, and a sample from five days before the event to its end.
fn link(event: &Told, visit: usize, result: &Measured) -> Option<(bool, Option<u8>)> {
    let named = event.names == Some(visit);
    let lasts = event.from - 5 <= result.day && event.days.is_none_or(|days| result.day <= event.from + days);
    let graded = grade(result.times).filter(|_| event.term == 0);
    if named {
        return Some((true, graded));
    }
    graded.filter(|_| lasts).map(|grade| (false, Some(grade)))
}

/// A chart of three visits with a result each, and of these events.
fn told<'s>(study: &'s Study, events: &[Told], results: &[Measured]) -> Chart<'s> {
    let mut chart = Chart::of(study);
    chart.visit("SE.START[1]", &date(0));
    for (visit, result) in results.iter().enumerate() {
        let value = (result.times * 40).to_string();
        chart.visit(VISITS[visit], &date(result.day));
        chart.fill(&panel(visit), &[("ALT", &value), ("ALTHI", "40")]);
    }
    for (n, event) in events.iter().enumerate() {
        let (no, from) = ((n + 1).to_string(), date(event.from));
        let mut answers = vec![("NO", &*no), ("TERM", TERMS[event.term]), ("FROM", &*from)];
        let to = event.days.map(|days| date(event.from + days));
        answers.extend(to.as_deref().map(|to| ("TO", to)));
        let named = event.names.map(|visit| date(results[visit].day));
        answers.extend(named.as_deref().into_iter().flat_map(|day| [("TEST", "ALT"), ("TESTDAY", day)]));
        chart.row(EVENTS, "IG.EVENT", &answers);
    }
    chart
}

/// What an event's links are: visit, named, grade.
fn links(study: &Study, chart: &Chart<'_>, event: usize) -> Vec<(usize, bool, Option<u8>)> {
    let (labs, safety) = (Labs::new(study, &chart.book), Safety::read(study, &chart.book));
    let visit =
        |link: &LabLink| (0..3).find(|visit| link.cell == cell(&panel(*visit), "ALT")).expect("a visit's result");
    let links = Links::new(study, &chart.book, &labs, &safety);
    links.results_of(&safety.events[event]).iter().map(|link| (visit(link), link.named, link.grade)).collect()
}

/// What is recorded of a visit's result: the row of an event, or that none is.
fn event_of(study: &Study, chart: &Chart<'_>, visit: usize) -> Option<Option<RowAt>> {
    let (labs, safety) = (Labs::new(study, &chart.book), Safety::read(study, &chart.book));
    match Links::new(study, &chart.book, &labs, &safety).event_of(&cell(&panel(visit), "ALT"))? {
        EventLink::Recorded(event) => Some(Some(event.row.clone())),
        EventLink::Missing => Some(None),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn links_are_those_of_the_definition(
        events in prop::collection::vec((0..3_usize, 0..60_i32, prop::option::of(0..20_i32), prop::option::of(0..3_usize)), 0..4),
        days in prop::sample::subsequence((1..60).collect::<Vec<i32>>(), 3),
        times in prop::collection::vec(0..25_u32, 3),
    ) {
        let events: Vec<Told> =
            events.into_iter().map(|(term, from, days, names)| Told { term, from, days, names }).collect();
        let results: Vec<Measured> =
            days.into_iter().zip(times).map(|(day, times)| Measured { day, times: times.max(1) }).collect();
        let chart = told(&STUDY, &events, &results);
        let rows: Vec<RowAt> = Safety::read(&STUDY, &chart.book).events.iter().map(|event| event.row.clone()).collect();
        for (n, event) in events.iter().enumerate() {
            let wanted: Vec<_> = results
                .iter()
                .enumerate()
                .filter_map(|(visit, result)| link(event, visit, result).map(|(named, grade)| (visit, named, grade)))
                .collect();
            prop_assert_eq!(links(&STUDY, &chart, n), wanted, "event {}", n);
        }
        for (visit, result) in results.iter().enumerate() {
            // Grades from 3 on ask for an event.
            let linked = events.iter().enumerate().filter_map(|(n, event)| {
                link(event, visit, result).map(|(named, _)| (named, event.from, n))
            });
            let wanted = match linked.max() {
                Some((_, _, n)) => Some(Some(rows[n].clone())),
                None => grade(result.times).filter(|grade| *grade >= 3).map(|_| None),
            };
            prop_assert_eq!(event_of(&STUDY, &chart, visit), wanted, "visit {}", visit);
        }
    }
}

/// An event of the matching term on a day, without a word on what is behind it.
fn plain(from: i32) -> Told {
    Told { term: 0, from, days: None, names: None }
}

fn high(day: i32) -> Measured {
    Measured { day, times: 10 }
}

#[test]
fn before_treatment_no_event_is_missed() {
    let mut chart = Chart::new();
    chart.visit("SE.SCAN[1]", &date(10)).fill(&panel(2), &[("ALT", "400"), ("ALTHI", "40")]);
    assert_eq!(event_of(&STUDY, &chart, 2), None, "treatment has not begun");
    chart.visit("SE.START[1]", &date(11));
    assert_eq!(event_of(&STUDY, &chart, 2), None, "it began on the day after");
    chart.visit("SE.START[1]", &date(10));
    assert_eq!(event_of(&STUDY, &chart, 2), Some(None));
}

#[test]
fn the_study_sets_the_days_before_and_the_grade() {
    let results = [high(1), high(30), high(60)];
    for (days, linked) in [("0", false), ("5", false), ("6", true), ("several", false)] {
        let study = with(&[("AE_LAB_DAYS", days)]).expect("a study");
        let chart = told(&study, &[plain(36)], &results);
        let found = links(&study, &chart, 0);
        assert_eq!(found.iter().any(|(visit, ..)| *visit == 1), linked, "{days}");
    }
    // Ten times the limit is grade 3.
    for (from, missed) in [("3", Some(None)), ("4", None), ("none", None)] {
        let study = with(&[("AE_LAB_GRADE", from)]).expect("a study");
        let chart = told(&study, &[], &results);
        assert_eq!(event_of(&study, &chart, 1), missed, "{from}");
    }
}

#[test]
fn the_day_of_the_sample_counts_before_that_of_the_visit() {
    let results = [high(1), high(30), high(60)];
    let mut chart = told(&STUDY, &[Told { days: Some(3), ..plain(20) }], &results);
    assert_eq!(links(&STUDY, &chart, 0), []);
    chart.fill(&panel(1), &[("DAY", &date(22))]);
    assert_eq!(links(&STUDY, &chart, 0), [(1, false, Some(3))]);
    // Of a sample of which only the month is known no day is told.
    chart.fill(&panel(1), &[("DAY", "2026-01")]);
    assert_eq!(links(&STUDY, &chart, 0), []);
}

#[test]
fn a_result_that_is_not_asked_is_behind_no_event() {
    let results = [high(1), high(30), high(60)];
    let mut chart = told(&STUDY, &[plain(29)], &results);
    assert_eq!(links(&STUDY, &chart, 0).len(), 2);
    chart.fill(&panel(2), &[("DONE", "N")]);
    assert_eq!(links(&STUDY, &chart, 0), [(1, false, Some(3))]);
    assert_eq!(event_of(&STUDY, &chart, 2), None);
}

#[test]
fn a_partly_known_event_lasts_as_long_as_it_may_have() {
    let mut chart = Chart::new();
    chart.visit("SE.START[1]", "2026-01-01").visit(VISITS[1], "2026-03-31").visit(VISITS[2], "2026-04-01");
    for visit in [1, 2] {
        chart.fill(&panel(visit), &[("ALT", "400"), ("ALTHI", "40")]);
    }
    chart.row(EVENTS, "IG.EVENT", &[("TERM", TERMS[0]), ("FROM", "2026-03"), ("TO", "2026-03")]);
    assert_eq!(links(&STUDY, &chart, 0), [(1, false, Some(3))]);
}

#[test]
fn a_term_is_known_by_its_code_or_by_its_words() {
    let mut chart = Chart::new();
    chart.visit("SE.START[1]", "2026-01-01").visit(VISITS[0], "2026-02-01");
    chart.fill(&panel(0), &[("HGB", "75"), ("HGBLO", "130")]);
    chart.row(EVENTS, "IG.EVENT", &[("TERM", TERMS[1]), ("FROM", "2026-02-01")]);
    chart.row(EVENTS, "IG.EVENT", &[("TERM", TERMS[2]), ("FROM", "2026-02-01")]);
    chart.row(EVENTS, "IG.EVENT", &[("FROM", "2026-02-01")]);
    let (labs, safety) = (Labs::new(&STUDY, &chart.book), Safety::read(&STUDY, &chart.book));
    let links = Links::new(&STUDY, &chart.book, &labs, &safety);
    let counts: Vec<usize> = safety.events.iter().map(|event| links.results_of(event).len()).collect();
    assert_eq!(counts, [1, 0, 0], "the study calls T2 Anemia");
}
