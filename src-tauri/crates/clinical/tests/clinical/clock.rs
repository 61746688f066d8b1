//! Reports of serious adverse events and their clocks, held against minutes that are counted on a calendar of paper.

use casebook::{Instant, Offset};
use clinical::safety::{Clock, Safety, Standing, forms_of_reports, reporting_hours};
use proptest::prelude::*;

use crate::stage::{Chart, STUDY, cell, date, new_year, with};

const REPORT: &str = "SE.NOTES[1]/F.REPORT[1]";
const EVENT: &str = "SE.NOTES[1]/F.EVENT[1]";
const SHANGHAI: i32 = 480;

/// A minute of 2026, counted from its first: text, as much of it as is known.
fn moment(minute: i32, known: usize) -> String {
    let (day, of_day) = (minute / 1440, minute % 1440);
    let whole = format!("{}T{:02}:{:02}", date(day), of_day / 60, of_day % 60);
    whole[..[16, 13, 10, 7, 4][known]].to_owned()
}

/// The clock of a report of which these moments were entered.
fn clock(aware: &str, sent: &str, now: i64) -> Option<Clock> {
    let mut chart = Chart::new();
    let answers: Vec<(&str, &str)> =
        [("AWARE", aware), ("SENT", sent)].into_iter().filter(|(_, typed)| !typed.is_empty()).collect();
    chart.row(REPORT, "IG.REPORT", &answers);
    let safety = Safety::read(&STUDY, &chart.book);
    safety.reports.first()?.clock(24, Instant::from_ms(now * 60_000), Offset::from_minutes(SHANGHAI))
}

/// Minutes since 1970, UTC, of a minute of 2026 on the wall in Shanghai.
fn utc(minute: i32) -> i64 {
    i64::from(new_year()) * 1440 + i64::from(minute) - i64::from(SHANGHAI)
}

fn is_late(standing: Standing) -> bool {
    matches!(standing, Standing::Late(_) | Standing::Overdue(_))
}

/// Minutes from awareness: many of them about the end of the time.
fn after() -> impl Strategy<Value = i32> {
    prop_oneof![0..4_000_i32, 1_436..1_444_i32]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whole_minutes_are_counted_exactly(aware in 0..500_000_i32, after in after(), sent: bool) {
        let then = aware + after;
        let sent_at = if sent { moment(then, 0) } else { String::new() };
        let found = clock(&moment(aware, 0), &sent_at, utc(then)).expect("a clock");
        let (minutes, left) = (i64::from(after), 1440 - i64::from(after));
        prop_assert_eq!(found.deadline.ms(), (utc(aware) + 1440) * 60_000);
        prop_assert_eq!(found.standing, match (sent, left >= 0) {
            (true, true) => Standing::InTime(minutes),
            (true, false) => Standing::Late(-left),
            (false, true) => Standing::Due(left),
            (false, false) => Standing::Overdue(-left),
        });
        prop_assert_eq!(found.standing.is_open(), !sent);
    }

    /// Whatever is cut off of either moment: a report that is late is never called in time, and no deadline moves back.
    #[test]
    fn what_is_not_known_hides_no_delay(
        aware in 0..500_000_i32, after in after(), sent: bool, cut in (0..5_usize, 0..5_usize)
    ) {
        let then = aware + after;
        let sent_at = |known| if sent { moment(then, known) } else { String::new() };
        let whole = clock(&moment(aware, 0), &sent_at(0), utc(then)).expect("a clock");
        let partly = clock(&moment(aware, cut.0), &sent_at(cut.1), utc(then)).expect("a clock");
        prop_assert!(partly.deadline <= whole.deadline);
        prop_assert!(!is_late(whole.standing) || is_late(partly.standing), "{:?} of {:?}", partly, whole);
        prop_assert_eq!(partly.standing.is_open(), whole.standing.is_open());
    }
}

#[test]
fn without_the_day_of_awareness_there_is_no_clock() {
    assert_eq!(clock("", "2026-03-01T10:00", 0), None);
    let missing = clock("?unknown", "", 0);
    assert_eq!(missing, None);
}

#[test]
fn an_offset_that_was_written_down_wins_over_the_local_one() {
    // 10:00 in Paris in winter is 17:00 in Shanghai.
    let paris = clock("2026-01-02T10:00+01:00", "", utc(0)).expect("a clock");
    assert_eq!(paris, clock("2026-01-02T17:00", "", utc(0)).expect("a clock"));
}

#[test]
fn reports_and_events_find_each_other_by_number() {
    let mut chart = Chart::new();
    let serious = |no: &'static str, yes: &'static str| [("NO", no), ("FROM", "2026-02-01"), ("SERIOUS", yes)];
    let first = chart.row(EVENT, "IG.EVENT", &serious("1", "true"));
    let second = chart.row(EVENT, "IG.EVENT", &serious("2", "true"));
    chart.row(EVENT, "IG.EVENT", &serious("3", "false"));
    let unnumbered = chart.row(EVENT, "IG.EVENT", &[("FROM", "2026-02-03"), ("SERIOUS", "true")]);
    let report = chart.row(REPORT, "IG.REPORT", &[("EVENT", "2"), ("NO", "1"), ("AWARE", "2026-02-02")]);
    let stray = chart.row(REPORT, "IG.REPORT", &[("EVENT", "9"), ("AWARE", "2026-02-02")]);
    let at = |row: &str| clinical::safety::RowAt::of(&cell(row, "NO"));
    let safety = Safety::read(&STUDY, &chart.book);
    let unreported: Vec<_> = safety.unreported().map(|event| event.row.clone()).collect();
    assert_eq!(unreported, [at(&first), at(&unnumbered)]);
    let about = |row: &str| safety.event_of(safety.report(&at(row)).expect("a report")).map(|event| event.row.clone());
    assert_eq!((about(&report), about(&stray)), (Some(at(&second)), None));
    assert!(safety.event(&at(&report)).is_none() && safety.report(&at(&first)).is_none());
    // A report that names no event reports none, and one that is taken back reports nothing.
    chart.row(REPORT, "IG.REPORT", &[("AWARE", "2026-02-03")]);
    chart.remove(&report);
    let count = |chart: &Chart<'_>| Safety::read(&STUDY, &chart.book).unreported().count();
    assert_eq!(count(&chart), 3);
    chart.remove(&first);
    assert_eq!(count(&chart), 2, "nor is anything due of an event that is taken back");
    assert_eq!(Safety::read(&STUDY, &chart.book).events.len(), 3);
}

#[test]
fn a_study_says_how_many_hours_there_are_and_where_reports_stand() {
    assert_eq!(reporting_hours(&STUDY), Some(24));
    let hours = |said: &str| reporting_hours(&with(&[("AE_SERIOUS_WITHIN_HOURS", said)]).expect("a study"));
    assert_eq!((hours("48"), hours("two days"), hours("-1")), (Some(48), None, None));
    let forms: Vec<&str> = forms_of_reports(&STUDY).into_iter().map(|form| form.as_str()).collect();
    assert_eq!(forms, ["F.EVENT", "F.REPORT"]);
}
