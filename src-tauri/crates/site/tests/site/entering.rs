//! Entering data.

use screens::messages::{BlockerKind, FormStatus, QueryState, Severity, WindowState};

use crate::stage::{AE, DM, Stage, VS, cell, code, dm, event, find, vs};

#[test]
fn what_is_typed_is_normalised_and_shown_back() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    assert_eq!(subject, "S01-001");
    stage.types(&subject, &dm("SEX"), "female");
    stage.types(&subject, &dm("BRTHDAT"), "mar 1961");
    let state = stage.types(&subject, &dm("NOTE"), "  lives far away ");
    assert_eq!((find(&state, &dm("SEX")).display.as_str(), find(&state, &dm("SEX")).typed.as_str()), ("Female", "F"));
    assert_eq!(
        (find(&state, &dm("BRTHDAT")).display.as_str(), find(&state, &dm("BRTHDAT")).typed.as_str()),
        ("Mar 1961", "1961-03")
    );
    assert_eq!(find(&state, &dm("NOTE")).display, "lives far away");
    assert_eq!((state.answered, state.total, state.status), (3, 3, FormStatus::Started));
}

#[test]
fn another_unit_is_kept_and_converted_beside() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let state = stage.types(&subject, &vs("WEIGHT"), "143 jin");
    let weight = find(&state, &vs("WEIGHT"));
    assert_eq!((weight.display.as_str(), weight.unit.as_str(), weight.converted.as_str()), ("143", "jin", "71.5 kg"));
    assert_eq!(weight.typed, "143 jin");
    // What the control starts from means the same when it is left unchanged.
    stage.types(&subject, &vs("WEIGHT"), "143 jin");
    let history = stage.session().cell_view(&subject, &vs("WEIGHT")).expect("a cell").history;
    assert_eq!(history.len(), 1);
}

#[test]
fn what_somebody_else_left_unfinished_bears_that_persons_name() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.session().draft_item(&subject, &vs("SYSBP"), "12").expect("kept");
    let by = |stage: &mut Stage| {
        let cell = stage.cell(&subject, &vs("SYSBP"));
        (cell.draft, cell.draft_by)
    };
    assert_eq!(by(&mut stage), (Some("12".to_owned()), String::new()), "one's own");
    stage.sign_in("doctor1");
    assert_eq!(by(&mut stage), (Some("12".to_owned()), "Nurse (sample)".to_owned()));
    stage.session().draft_item(&subject, &vs("SYSBP"), "121").expect("kept");
    assert_eq!(by(&mut stage), (Some("121".to_owned()), String::new()), "typed on by the investigator");
}

#[test]
fn every_act_that_waits_for_the_center_is_told() {
    let mut stage = Stage::new();
    let mut known = stage.computer.unsent_news().unwrap_or_default();
    assert_eq!(stage.computer.unsent_news(), None, "told once");
    let subject = stage.session().subject_register().expect("registered");
    let mut told = |stage: &mut Stage, what: &str| {
        let now = stage.session().sync_view().expect("a view").unsent;
        assert!(now > known, "{what}");
        assert_eq!((stage.computer.unsent_news(), stage.computer.unsent_news()), (Some(now), None), "{what}");
        known = now;
    };
    told(&mut stage, "a registration");
    stage.session().event_date(&subject, &event("SE.SCR[1]"), "2026-11-20", None).expect("dated");
    told(&mut stage, "a visit's date");
    stage.types(&subject, &vs("SYSBP"), "120");
    told(&mut stage, "an answer");
    let files = stage.export();
    stage.computer.unsent_news();
    let reply = stage.reply(&files[0]);
    stage.session().import_bundle(&reply).expect("taken in");
    assert_eq!(stage.computer.unsent_news(), Some(0), "all is at the center");
    stage.sign_in("reader1");
    assert_eq!(stage.computer.unsent_news(), None, "it would tell a masked assessor how much was entered");
}

#[test]
fn what_cannot_be_read_stays_as_a_draft_also_across_a_lock() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let state = stage.types(&subject, &vs("SYSBP"), "twelve");
    assert_eq!(find(&state, &vs("SYSBP")).draft.as_deref(), Some("twelve"));
    assert_eq!(find(&state, &vs("SYSBP")).draft_fault, "not_a_number");
    stage.session().draft_item(&subject, &vs("DIABP"), "8").expect("kept");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    stage.sign_in("nurse1");
    let state = stage.state(&subject, &VS);
    assert_eq!(find(&state, &vs("SYSBP")).draft.as_deref(), Some("twelve"));
    assert_eq!(find(&state, &vs("DIABP")).draft.as_deref(), Some("8"));
    assert!(state.blockers.iter().any(|blocker| blocker.kind == BlockerKind::Draft));
    let state = stage.types(&subject, &vs("SYSBP"), "120");
    assert_eq!(find(&state, &vs("SYSBP")).draft, None);
}

#[test]
fn a_form_is_completed_when_nothing_stands_against_it() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    let state = stage.types(&subject, &vs("DIABP"), "125");
    let finding = &find(&state, &vs("SYSBP")).findings[0];
    assert_eq!((finding.severity, finding.message.as_str()), (Severity::Hard, "120 is not above 125."));
    assert_eq!(code(stage.session().form_complete(&subject, &VS)), "blocked");
    stage.types(&subject, &vs("DIABP"), "80");
    let state = stage.types(&subject, &vs("SYSBP"), "185");
    // 105 between the two: the reason why is asked now.
    assert!(find(&state, &vs("WHY")).visible);
    stage.types(&subject, &vs("WHY"), "white coat");
    let soft = stage.state(&subject, &VS).blockers;
    assert_eq!((soft.len(), soft[0].kind, soft[0].message.as_str()), (1, BlockerKind::Soft, "185 is high."));
    assert_eq!(code(stage.session().confirm_finding(&subject, &vs("SYSBP"), &soft[0].rule, " ")), "reason_needed");
    stage.session().confirm_finding(&subject, &vs("SYSBP"), &soft[0].rule, "measured twice").expect("confirmed");
    let state = stage.session().form_complete(&subject, &VS).expect("complete");
    assert_eq!(state.status, FormStatus::Complete);
    assert_eq!(find(&state, &vs("SYSBP")).findings[0].confirmed.as_deref(), Some("measured twice"));
    assert_eq!(find(&state, &vs("PP")).display, "105");
    assert!(find(&state, &vs("PP")).trace.contains("SYSBP - DIABP"));
}

#[test]
fn after_completion_a_change_needs_a_reason_and_keeps_what_was_typed() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    stage.session().form_complete(&subject, &VS).expect("complete");
    assert!(stage.state(&subject, &VS).reason_needed);
    assert_eq!(code(stage.session().save_item(&subject, &vs("SYSBP"), "121", None)), "reason_needed");
    let cell = stage.cell(&subject, &vs("SYSBP"));
    assert_eq!((cell.display.as_str(), cell.draft.as_deref()), ("120", Some("121")));
    stage.session().save_item(&subject, &vs("SYSBP"), "121", Some("misread")).expect("saved");
    let view = stage.session().cell_view(&subject, &vs("SYSBP")).expect("a cell");
    let change = &view.history[0];
    assert_eq!((change.old.as_str(), change.new.as_str(), change.reason.as_str()), ("120", "121", "misread"));
    assert_eq!(change.by, "Nurse (sample)");
    assert_eq!(code(stage.session().form_reopen(&subject, &VS, "")), "reason_needed");
    assert_eq!(stage.session().form_reopen(&subject, &VS, "more to enter").expect("open").status, FormStatus::Started);
}

#[test]
fn a_reason_may_stand_instead_of_a_value_and_a_value_may_be_emptied() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("HEIGHT"), "170");
    assert_eq!(find(&stage.types(&subject, &vs("HEIGHT"), ""), &vs("HEIGHT")).display, "");
    let state = stage.session().save_missing(&subject, &vs("HEIGHT"), "not_done", None).expect("saved");
    assert_eq!(find(&state, &vs("HEIGHT")).missing, "not_done");
    assert_eq!(code(stage.session().save_missing(&subject, &vs("HEIGHT"), "lazy", None)), "no_such");
    let history = stage.session().cell_view(&subject, &vs("HEIGHT")).expect("a cell").history;
    assert_eq!(history.len(), 3);
    assert!(history[0].missing);
}

#[test]
fn computed_cells_and_unknown_places_take_nothing() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    assert_eq!(code(stage.session().save_item(&subject, &vs("PP"), "40", None)), "derived");
    for place in [
        "SE.SCR[2]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP",
        "SE.SCR[1]/F.VS[1]/IG.VS[2]/IT.VS.SYSBP",
        "SE.SCR[1]/F.AE[1]/IG.AE[1]/IT.AE.TERM",
    ] {
        assert_eq!(code(stage.session().save_item(&subject, &cell(place), "1", None)), "no_such", "{place}");
    }
    assert_eq!(code(stage.session().save_item("S01-999", &vs("SYSBP"), "1", None)), "no_such");
    assert_eq!(code(stage.session().save_item(&subject, &AE.cell("IG.AE", "x.1", "IT.AE.TERM"), "1", None)), "no_such");
}

#[test]
fn rows_come_and_go_and_nothing_of_them_is_lost() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let state = stage.session().row_add(&subject, &AE, "IG.AE").expect("a row");
    let row = state.rows.iter().find(|row| row.group == "IG.AE").expect("a row").repeat.clone();
    let cell = AE.cell("IG.AE", row.as_str(), "IT.AE.GRADE");
    stage.types(&subject, &cell, "3");
    let second = stage.session().row_add(&subject, &AE, "IG.AE").expect("a row");
    assert_eq!(second.rows.iter().filter(|row| row.group == "IG.AE").count(), 2);
    assert_eq!(code(stage.session().row_remove(&subject, &AE, "IG.AE", &row, "")), "reason_needed");
    let state = stage.session().row_remove(&subject, &AE, "IG.AE", &row, "entered twice").expect("removed");
    assert_eq!(state.rows.iter().filter(|row| row.group == "IG.AE").count(), 1);
    assert_eq!(code(stage.session().save_item(&subject, &cell, "2", None)), "no_such");
    let third = stage.session().row_add(&subject, &AE, "IG.AE").expect("a row");
    assert!(third.rows.iter().all(|other| other.repeat != row), "a row key is never used again");
}

#[test]
fn a_form_with_answers_is_not_declared_not_done() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let state = stage.session().form_not_done(&subject, &DM, "refused").expect("not done");
    assert_eq!(state.status, FormStatus::NotDone);
    stage.types(&subject, &vs("SYSBP"), "120");
    assert_eq!(code(stage.session().form_not_done(&subject, &VS, "not_done")), "has_data");
}

#[test]
fn visits_are_planned_dated_missed_and_listed() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let view = stage.session().subject_view(&subject).expect("a subject");
    let next = view.events.iter().find(|column| column.key == "SE.CN[1]").expect("planned");
    assert_eq!((next.planned.as_deref(), next.state), (Some("2026-12-11"), WindowState::Upcoming));
    assert_eq!(next.window, Some(("2026-12-08".to_owned(), "2026-12-14".to_owned())));
    stage.now = stage.now.later(25 * 86_400_000);
    let list = stage.session().worklist().expect("a worklist");
    let overdue = list.tasks.iter().find(|task| task.event == "SE.CN[1]").expect("it is overdue");
    assert_eq!(overdue.days_left, Some(-4));
    assert_eq!(code(stage.session().event_missed(&subject, &event("SE.CN[1]"), " ")), "reason_needed");
    let view = stage.session().event_missed(&subject, &event("SE.CN[1]"), "snowed in").expect("missed");
    let column = view.events.iter().find(|column| column.key == "SE.CN[1]").expect("a column");
    assert_eq!(column.state, WindowState::Missed);
    assert_eq!(code(stage.session().event_date(&subject, &event("SE.CN[2]"), "31 2 2026", None)), "no_such_date");
    let view = stage.session().event_date(&subject, &event("SE.CN[2]"), "2.1.2027", None).expect("dated");
    let column = view.events.iter().find(|column| column.key == "SE.CN[2]").expect("a column");
    assert_eq!(column.date.as_deref(), Some("2027-01-02"));
}

#[test]
fn a_form_that_does_not_apply_is_not_in_the_matrix() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let has_test = |stage: &mut Stage| {
        let view = stage.session().subject_view(&subject).expect("a subject");
        view.forms.iter().any(|row| row.oid == "F.PT" && row.cells.iter().any(Option::is_some))
    };
    assert!(has_test(&mut stage));
    stage.types(&subject, &dm("SEX"), "M");
    assert!(!has_test(&mut stage));
}

#[test]
fn the_last_value_and_the_course_stand_beside_the_field() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("WEIGHT"), "143 jin");
    stage.session().event_date(&subject, &event("SE.CN[1]"), "2026-12-11", None).expect("dated");
    let later = &cell("SE.CN[1]/F.VS[1]/IG.VS[1]/IT.VS.WEIGHT");
    let state = stage.types(&subject, later, "70.0");
    assert_eq!(find(&state, later).last, "143 jin");
    let view = stage.session().cell_view(&subject, later).expect("a cell");
    let course: Vec<(&str, bool)> = view.course.iter().map(|point| (point.value.as_str(), point.here)).collect();
    assert_eq!(course, [("71.5", false), ("70.0", true)]);
}

#[test]
fn a_query_is_asked_and_answered() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("SYSBP"), "120");
    stage.sign_in("doctor1");
    stage.session().raise_query(&subject, &vs("SYSBP"), "Which arm?").expect("asked");
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).queries, 1);
    stage.sign_in("nurse1");
    let view = stage.session().answer_query(&subject, &vs("SYSBP"), "Left.").expect("answered");
    assert_eq!((view.queries[0].state, view.queries[0].answers[0].new.as_str()), (QueryState::Answered, "Left."));
    assert_eq!(code(stage.session().answer_query(&subject, &vs("SYSBP"), "Left.")), "no_such");
}

#[test]
fn two_devices_two_values_are_a_persons_to_settle() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("SYSBP"), "120");
    let mut other = Stage::beside(&stage);
    assert_eq!(other.subject(), subject, "two devices may give out the same key");
    other.types(&subject, &vs("SYSBP"), "130");
    other.types(&subject, &vs("DIABP"), "80");
    let bundle = other.export();
    stage.export();
    let reply = stage.pass_on(&bundle[0]);
    let report = stage.session().import_bundle(&reply).expect("imported");
    assert!(report.entries > 0);
    let cell = stage.cell(&subject, &vs("SYSBP"));
    assert_eq!((cell.conflict.len(), cell.display.as_str(), cell.queries), (2, "", 1));
    assert_eq!(stage.cell(&subject, &vs("DIABP")).display, "80");
    assert_eq!(code(stage.session().save_item(&subject, &vs("SYSBP"), "125", None)), "conflict");
    assert!(stage.state(&subject, &VS).blockers.iter().any(|blocker| blocker.kind == BlockerKind::Conflict));
    let view = stage.session().cell_view(&subject, &vs("SYSBP")).expect("a cell");
    assert_eq!((view.queries[0].by.as_str(), view.queries[0].state), ("system", QueryState::Open));
    assert_eq!(code(stage.session().resolve_conflict(&subject, &vs("SYSBP"), "130", "")), "reason_needed");
    let state = stage.session().resolve_conflict(&subject, &vs("SYSBP"), "130", "the chart says so").expect("settled");
    let cell = find(&state, &vs("SYSBP"));
    assert_eq!((cell.display.as_str(), cell.conflict.len(), cell.draft.as_deref()), ("130", 0, None));
}
