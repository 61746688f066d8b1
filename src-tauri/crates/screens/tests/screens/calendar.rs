//! Windows and days, held against a calendar that counts on its fingers.

use casebook::EventLine;
use proptest::prelude::*;
use screens::calendar::{self, Today};
use screens::messages::{TaskKind, WindowState};
use screens::paper::Moment;
use study::EventKey;

use crate::chart::Chart;
use crate::lists::{task, treated, worklist};

/// The date so many days after 1 January 2026, counted month by month.
fn date(day: i32) -> String {
    let (mut year, mut left) = (2026, day);
    loop {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let months = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, length) in (1..).zip(months) {
            if left < length {
                return format!("{year:04}-{month:02}-{:02}", left + 1);
            }
            left -= length;
        }
        year += 1;
    }
}

/// A visit that is planned on a day, with days before and after it.
fn line(planned: i32, before: i32, after: i32, actual: Option<&str>) -> EventLine {
    let read = |iso: &str| iso.parse().ok();
    EventLine {
        key: EventKey::new("SE.TA", "1"),
        planned: read(&date(planned)),
        earliest: read(&date(planned - before)),
        latest: read(&date(planned + after)),
        date: actual.and_then(read),
        missed: false,
        conflict: false,
        added: false,
        forms: 2,
        started: 0,
        complete: 0,
        not_done: 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_visit_that_is_ahead_stands_where_its_window_says(
        planned in 100..500_i32, before in 0..20_i32, after in 0..20_i32, today in 60..540_i32
    ) {
        let (line, now) = (line(planned, before, after, None), Today::new(&date(today)));
        let (first, last) = (planned - before, planned + after);
        let wanted = match today {
            today if today < first => WindowState::Upcoming,
            today if today > last => WindowState::Overdue,
            _ => WindowState::Due,
        };
        prop_assert_eq!(now.state(&line), wanted);
        prop_assert_eq!(now.days_left(&line), Some(last - today));
        prop_assert_eq!(now.is_soon(&line), first - today <= 7);
        let shown = if today > last { last } else { planned.max(today) };
        prop_assert_eq!(now.calendar_day(&line), Some(date(shown)));
        prop_assert_eq!(calendar::window(&line), Some((date(first), date(last))));
        let since = Today::new(&date(planned)).days_since(&date(today));
        prop_assert_eq!(i32::try_from(since), Ok((planned - today).max(0)));
        prop_assert_eq!(calendar::day_iso(now.number()), date(today));
    }

    /// A date of which the day is not known is called early or late only where every day of it is.
    #[test]
    fn a_visit_that_took_place_is_late_only_for_certain(
        planned in 100..500_i32, before in 0..40_i32, after in 0..40_i32, actual in 60..540_i32, whole: bool
    ) {
        let day = date(actual);
        let said = if whole { &*day } else { &day[..7] };
        let may_be: Vec<i32> = (0..640).filter(|day| date(*day).starts_with(said)).collect();
        let wanted = if may_be.iter().all(|day| *day < planned - before) {
            WindowState::Early
        } else if may_be.iter().all(|day| *day > planned + after) {
            WindowState::Late
        } else {
            WindowState::OnTime
        };
        prop_assert_eq!(Today::new("2026-01-01").state(&line(planned, before, after, Some(said))), wanted, "{}", said);
    }
}

#[test]
fn a_visit_without_its_date_is_settled_when_all_its_forms_are() {
    let today = Today::new("2026-07-01");
    let begun = |started, complete, not_done| EventLine { started, complete, not_done, ..line(100, 3, 3, None) };
    assert_eq!(today.state(&begun(1, 1, 0)), WindowState::Due);
    assert_eq!([begun(0, 2, 0), begun(0, 1, 1)].map(|line| today.state(&line)), [WindowState::OnTime; 2]);
    let unplanned = EventLine { planned: None, earliest: None, latest: None, ..line(100, 3, 3, None) };
    assert_eq!(today.state(&unplanned), WindowState::Unplanned);
    assert_eq!((today.days_left(&unplanned), calendar::window(&unplanned)), (None, None));
    assert!(!today.is_soon(&unplanned));
    assert_eq!(today.state(&EventLine { missed: true, ..line(100, 3, 3, Some("2026-05-01")) }), WindowState::Missed);
}

#[test]
fn what_is_no_day_is_the_first_of_all() {
    assert_eq!([Today::new("soon"), Today::new(""), Today::new("2026-13-01")].map(Today::number), [0; 3]);
    assert_eq!(Today::new("2026-01-02T23:59:00+08:00"), Today::new("2026-01-02"));
    assert_eq!(calendar::day_iso(i32::MAX), "");
}

/// Day by day through a year: each assessment waits, is due, is overdue, and is asked for once.
#[test]
fn the_worklist_turns_with_the_days() {
    const DAY_MS: u64 = 24 * 3_600_000;
    let mut chart: Chart = treated();
    // 2 October 2026 is day 1; the first assessment comes 42 days later, seven days sooner or later.
    let day1 = (0..400).find(|day| date(*day) == "2026-10-02").expect("a day of 2026");
    chart.now.at_ms = 1_790_900_000_000;
    let mut told = Vec::new();
    for _ in 0..70 {
        let today = (0..400).find(|day| date(*day) == chart.now.today()).expect("a day of 2026");
        let until = day1 + 42 + 7 - today;
        let wanted = match day1 + 42 - 7 - today {
            ahead if ahead > 7 => None,
            ahead if ahead > 0 => Some(TaskKind::Upcoming),
            _ if until >= 0 => Some(TaskKind::Due),
            _ => Some(TaskKind::Overdue),
        };
        let view = worklist(&chart);
        let found = task(&view, "SE.TA[1]");
        assert_eq!(found.map(|task| task.kind), wanted, "{}", chart.now.today());
        assert_eq!(found.and_then(|task| task.days_left), wanted.map(|_| until));
        told.extend(wanted.filter(|kind| told.last() != Some(kind)));
        chart.now = chart.now.later(DAY_MS);
    }
    assert_eq!(told, [TaskKind::Upcoming, TaskKind::Due, TaskKind::Overdue]);
}

#[test]
fn a_document_carries_its_own_moment() {
    let moment = Moment::local("2026-11-23T16:15:02+08:00", 480);
    assert_eq!(moment, Moment { year: 2026, parts: [11, 23, 16, 15, 2], offset_minutes: 480 });
    let broken = Moment::local("2026-1x-23", -300);
    assert_eq!(broken, Moment { year: 2026, parts: [0, 23, 0, 0, 0], offset_minutes: -300 });
}
