//! The casebook as a matrix.

use screens::messages::{FormStatus, SubjectView, WindowState};
use screens::subject;

use casebook::act::{EventAdded, EventMissed};

use crate::chart::{AT_HOME, Chart, NURSE_THERE, SUBJECT};

fn matrix(chart: &Chart) -> SubjectView {
    chart.draw(|view| subject::matrix(view, &[]))
}

fn event<'v>(view: &'v SubjectView, key: &str) -> &'v screens::messages::EventColumn {
    view.events.iter().find(|event| event.key == key).unwrap_or_else(|| panic!("no {key}"))
}

fn mark<'v>(view: &'v SubjectView, form: &str, key: &str) -> Option<&'v screens::messages::FormMark> {
    let at = view.events.iter().position(|event| event.key == key)?;
    view.forms.iter().find(|row| row.oid == form)?.cells[at].as_ref()
}

fn treated() -> Chart {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.RAND[1]", "2026-10-01").visit("SE.C1D1[1]", "2026-10-02");
    chart
}

#[test]
fn visits_stand_in_the_order_of_their_days_with_their_windows() {
    let view = matrix(&treated());
    let days: Vec<String> =
        view.events.iter().filter_map(|event| event.date.clone().or_else(|| event.planned.clone())).collect();
    assert!(days.is_sorted() && days.len() > 4, "{days:?}");
    // The first assessment of the tumours comes six weeks after the first treatment, a week sooner or later.
    let assessment = event(&view, "SE.TA[1]");
    assert_eq!(assessment.planned.as_deref(), Some("2026-11-13"));
    assert_eq!(assessment.window, Some(("2026-11-06".to_owned(), "2026-11-20".to_owned())));
    assert_eq!(assessment.state, WindowState::Overdue, "it is the 23rd");
    assert_eq!((assessment.label.as_str(), assessment.dated), ("TA 1", true));
    assert!(!event(&view, "SE.LOG[1]").dated, "a log has no day");
}

#[test]
fn of_a_repeating_visit_only_the_next_is_ahead() {
    let view = matrix(&treated());
    let ahead = |oid: &str| {
        let own = view.events.iter().filter(|event| event.key.starts_with(oid));
        own.filter(|event| event.state == WindowState::Upcoming).count()
    };
    assert!(ahead("SE.TA[") <= 1 && ahead("SE.CND1[") <= 1 && ahead("SE.LTFU[") <= 1);
    assert!(view.addable.iter().any(|event| event.oid == "SE.UNS" && event.repeat == "1"));
}

#[test]
fn a_mark_counts_what_its_form_holds() {
    let mut chart = treated();
    chart.fill("SE.SCR[1]/F.VS[1]/IG.VS[1]", &[("IT.VS.SYSBP", "80"), ("IT.VS.DIABP", "90")]);
    chart.ask("SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.PULSE", "Which arm?");
    chart.row("SE.LOG[1]/F.AE[1]", "IG.AE", &[]);
    let view = matrix(&chart);
    let signs = mark(&view, "F.VS", "SE.SCR[1]").expect("a mark");
    assert_eq!((signs.status, signs.queries, signs.rows), (FormStatus::Started, 1, None));
    assert!(signs.must_change >= 1, "a diastolic pressure above the systolic one");
    assert_eq!(mark(&view, "F.AE", "SE.LOG[1]").expect("a log").rows, Some(1));
    assert!(mark(&view, "F.SAE", "SE.SCR[1]").is_none(), "screening has no reports");
    assert_eq!(view.queries, 1);
}

#[test]
fn the_center_has_a_form_when_it_confirmed_all_that_this_computer_wrote_there() {
    let mut chart = treated();
    chart.answer("SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP", "120", None);
    let at_center = |chart: &Chart| mark(&matrix(chart), "F.VS", "SE.SCR[1]").expect("a mark").at_center;
    assert!(!at_center(&chart));
    chart.reader.confirmed = 1_000;
    assert!(at_center(&chart));
    chart.reader.confirmed = 0;
    let mut elsewhere = treated();
    elsewhere.author = NURSE_THERE;
    elsewhere.answer("SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP", "120", None);
    assert!(at_center(&elsewhere), "what another computer wrote came by way of the center");
}

#[test]
fn work_goes_on_in_the_first_form_that_is_open() {
    let mut chart = treated();
    let first = matrix(&chart).next_form.expect("a form");
    assert!(first.starts_with("SE.SCR[1]/"), "{first}");
    let def = chart.study.events.get("SE.SCR").expect("screening");
    for form in def.forms.iter().map(|at| format!("SE.SCR[1]/{}[1]", at.form)) {
        chart.complete(&form);
    }
    let next = matrix(&chart).next_form.expect("a form");
    assert!(!next.starts_with("SE.SCR[1]/"), "{next}");
}

#[test]
fn a_visit_that_was_missed_or_added_says_so() {
    let mut chart = Chart::of(&AT_HOME);
    chart.visit("SE.FIRST[1]", "2026-11-01");
    let state = |chart: &Chart, key: &str| event(&matrix(chart), key).state;
    assert_eq!(state(&chart, "SE.WEEK[1]"), WindowState::Overdue);
    let (reason, week) = (chart.text("in hospital"), "SE.WEEK[1]".parse::<study::EventKey>().expect("an event"));
    let bases = chart.book.event_bases(&week);
    chart.write(EventMissed { subject: SUBJECT.into(), event: week.clone(), reason, bases });
    assert_eq!(state(&chart, "SE.WEEK[1]"), WindowState::Missed);
    assert!(!matrix(&chart).next_form.expect("a form").starts_with("SE.WEEK[1]"), "no work goes on there");
    // It took place after all.
    chart.visit("SE.WEEK[1]", "2026-11-08");
    assert_eq!(state(&chart, "SE.WEEK[1]"), WindowState::OnTime);
    let extra = "SE.EXTRA[1]".parse::<study::EventKey>().expect("an event");
    assert!(!matrix(&chart).events.iter().any(|event| event.key == "SE.EXTRA[1]"));
    chart.write(EventAdded { subject: SUBJECT.into(), event: extra });
    let view = matrix(&chart);
    assert_eq!(event(&view, "SE.EXTRA[1]").state, WindowState::Unplanned);
    let addable: Vec<_> = view.addable.iter().map(|event| (&*event.oid, &*event.repeat)).collect();
    assert_eq!(addable, [("SE.EXTRA", "2"), ("SE.WEEK", "3")], "what no schedule brings comes first");
}

#[test]
fn computers_that_differ_on_a_day_are_a_conflict_of_the_visit() {
    let mut chart = Chart::of(&AT_HOME);
    chart.visit("SE.FIRST[1]", "2026-11-01");
    chart.author = NURSE_THERE;
    let key: study::EventKey = "SE.FIRST[1]".parse().expect("an event");
    let dated = |date: &str, bases| {
        let (subject, event) = (SUBJECT.into(), key.clone());
        casebook::act::EventDated { subject, event, date: Some(date.into()), bases, reason: None }
    };
    chart.write(dated("2026-11-02", Vec::new()));
    let view = matrix(&chart);
    let column = event(&view, "SE.FIRST[1]");
    assert!(column.conflict && column.date.is_none(), "no day is chosen among them");
    let bases = chart.book.event_bases(&key);
    chart.write(dated("2026-11-02", bases));
    let view = matrix(&chart);
    assert_eq!(
        (event(&view, "SE.FIRST[1]").conflict, event(&view, "SE.FIRST[1]").date.as_deref()),
        (false, Some("2026-11-02"))
    );
}
