//! The worklist and the list of subjects.

use casebook::Book;
use screens::lists::{self, Listed};
use screens::messages::{SubjectRow, Task, TaskKind, WindowState, WorklistView};
use screens::safety;

use crate::chart::Chart;

pub fn worklist(chart: &Chart) -> WorklistView {
    let summary = chart.book.summary();
    let forms = safety::report_forms(chart.study, &summary);
    let reports: Option<&Book> = (!forms.is_empty()).then_some(&chart.book);
    let listed = Listed { study: chart.study, summary: &summary };
    chart.frame(|frame| lists::worklist(frame, lists::tasks(frame, listed, reports)))
}

fn row(chart: &Chart, unsent: u32) -> SubjectRow {
    let summary = chart.book.summary();
    chart.frame(|frame| lists::subject_row(frame, Listed { study: chart.study, summary: &summary }, unsent))
}

pub fn task<'v>(view: &'v WorklistView, event: &str) -> Option<&'v Task> {
    view.tasks.iter().find(|task| task.event == event && task.form.is_empty())
}

pub fn treated() -> Chart {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.RAND[1]", "2026-10-01").visit("SE.C1D1[1]", "2026-10-02");
    chart
}

#[test]
fn a_visit_becomes_due_in_its_window_and_overdue_after_it() {
    let mut chart = treated();
    // The window of the first assessment: 6 to 20 November.
    for (at_ms, kind, left) in [
        (1_793_500_000_000, Some(TaskKind::Upcoming), 19), // 1 November
        (1_794_000_000_000, Some(TaskKind::Due), 13),      // 7 November
        (1_795_421_702_113, Some(TaskKind::Overdue), -3),  // 23 November
    ] {
        chart.now.at_ms = at_ms;
        let view = worklist(&chart);
        let found = task(&view, "SE.TA[1]");
        assert_eq!(found.map(|task| task.kind), kind, "{}", chart.now.today());
        assert_eq!(found.and_then(|task| task.days_left), Some(left), "{}", chart.now.today());
    }
    chart.now.at_ms = 1_792_000_000_000;
    assert!(task(&worklist(&chart), "SE.TA[1]").is_none(), "three weeks ahead nothing is asked");
}

#[test]
fn the_most_urgent_comes_first_and_every_kind_is_counted() {
    let mut chart = treated();
    chart.fill("SE.SCR[1]/F.VS[1]/IG.VS[1]", &[("IT.VS.SYSBP", "80"), ("IT.VS.DIABP", "90")]);
    chart.ask("SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.PULSE", "Measured when?");
    let view = worklist(&chart);
    let kinds: Vec<TaskKind> = view.tasks.iter().map(|task| task.kind).collect();
    assert!(kinds.is_sorted(), "{kinds:?}");
    for kind in [TaskKind::MustChange, TaskKind::Query, TaskKind::Unfinished, TaskKind::Overdue] {
        let counted = view.counts.iter().find(|(known, _)| *known == kind).map_or(0, |(_, count)| *count);
        let listed = kinds.iter().filter(|known| **known == kind).count();
        assert!(listed > 0, "{kind:?}");
        assert_eq!(usize::try_from(counted), Ok(listed), "{kind:?}");
    }
    assert_eq!(view.today, "2026-11-23");
}

#[test]
fn a_serious_event_without_a_report_and_a_running_report_are_tasks() {
    let mut chart = treated();
    let event = [("IT.AE.AENO", "1"), ("IT.AE.AESTDAT", "2026-11-20"), ("IT.AE.AESER", "Y"), ("IT.AE.AETOXGR", "3")];
    chart.row("SE.LOG[1]/F.AE[1]", "IG.AE", &event);
    let serious = |chart: &Chart| {
        let tasks = worklist(chart).tasks;
        tasks.into_iter().filter(|task| task.kind == TaskKind::Serious).collect::<Vec<_>>()
    };
    let unreported = serious(&chart);
    assert_eq!(unreported.len(), 1);
    assert!(unreported[0].form == "SE.LOG[1]/F.AE[1]" && unreported[0].deadline.is_none());
    assert_eq!(unreported[0].about, "1 · grade 3");
    let report = [("IT.SAE.SAEAE", "1"), ("IT.SAE.SAENO", "1"), ("IT.SAE.SAEAWARE", "2026-11-23T10:15")];
    let row = chart.row("SE.LOG[1]/F.SAE[1]", "IG.SAE", &report);
    let running = serious(&chart);
    assert_eq!(running.len(), 1);
    assert_eq!(running[0].deadline.as_deref(), Some("2026-11-24T10:15"));
    // Aware six hours ago, of twenty-four.
    assert_eq!(running[0].minutes_left, Some(18 * 60));
    chart.fill(&row, &[("IT.SAE.SAEREPT", "2026-11-23T12:00")]);
    assert!(serious(&chart).is_empty());
}

#[test]
fn a_subjects_row_says_what_comes_next_and_what_is_open() {
    let mut chart = treated();
    chart.fill("SE.SCR[1]/F.DM[1]/IG.DM[1]", &[("IT.DM.SEX", "F")]);
    let shown = row(&chart, 7);
    assert_eq!((shown.subject.as_str(), shown.unsent), ("S01-001", 7));
    assert_eq!(shown.next_state, Some(WindowState::Overdue));
    assert!(shown.next_event.is_some() && shown.next_date.is_some());
    assert!(shown.complete < shown.expected);
    assert!(shown.facts.iter().any(|fact| fact == "Female"), "{:?}", shown.facts);
    chart.language = "zh-CN";
    assert_ne!(row(&chart, 7).last_event, shown.last_event);
}

#[test]
fn a_report_is_a_task_until_it_is_with_the_sponsor() {
    let mut chart = treated();
    let event = [("IT.AE.AENO", "1"), ("IT.AE.AESTDAT", "2026-11-20"), ("IT.AE.AESER", "Y")];
    chart.row("SE.LOG[1]/F.AE[1]", "IG.AE", &event);
    let report = chart.row("SE.LOG[1]/F.SAE[1]", "IG.SAE", &[("IT.SAE.SAEAE", "1"), ("IT.SAE.SAENO", "1")]);
    let tasks = |chart: &Chart| -> Vec<_> {
        let tasks = worklist(chart).tasks.into_iter().filter(|task| task.kind == TaskKind::Serious);
        tasks.map(|task| (task.minutes_left, task.deadline)).collect()
    };
    assert_eq!(tasks(&chart), [(None, None)], "nobody wrote when the site became aware");
    // 16:15 on 23 November: aware 30 hours ago, of 24.
    chart.fill(&report, &[("IT.SAE.SAEAWARE", "2026-11-22T10:15")]);
    assert_eq!(tasks(&chart), [(Some(-360), Some("2026-11-23T10:15".to_owned()))]);
    chart.fill(&report, &[("IT.SAE.SAEREPT", "2026-11-23T16:00"), ("IT.SAE.SAEAWARE", "?unknown")]);
    assert!(tasks(&chart).is_empty(), "reported, whenever the site became aware");
}
