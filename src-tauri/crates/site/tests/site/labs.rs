//! Laboratory panels: limits from the register, results beside them, proposals.

use std::sync::LazyLock;

use screens::messages::{LabLineTyped, LabSide};
use study::{CellKey, FormKey};

use crate::stage::{AE, Stage, code, dm, event, find, form};

/// A small study with laboratory panels.
pub const STUDY: &[u8] = include_bytes!("labs.xml");
/// The panel of a visit.
pub static SCR: LazyLock<FormKey> = LazyLock::new(|| form("SE.SCR[1]/F.LB[1]"));
static DAY1: LazyLock<FormKey> = LazyLock::new(|| form("SE.DAY1[1]/F.LB[1]"));
pub static CYCLE: LazyLock<FormKey> = LazyLock::new(|| form("SE.CN[1]/F.LB[1]"));

pub fn at(form: &FormKey, item: &str) -> CellKey {
    form.cell("IG.CH", "1", format!("IT.CH.{item}"))
}

fn line(analyte: &str, low: &str, high: &str) -> LabLineTyped {
    let (lab, analyte, low, high) = ("Central (sample)".into(), analyte.into(), low.into(), high.into());
    LabLineTyped { lab, analyte, low, high, ..LabLineTyped::default() }
}

fn stage() -> (Stage, String) {
    let mut stage = Stage::studying(STUDY);
    let subject = stage.subject();
    (stage, subject)
}

fn set(stage: &mut Stage, line: &LabLineTyped) {
    stage.session().lab_range_set(line).expect("taken into the register");
}

#[test]
fn limits_of_the_register_are_recorded_with_the_result() {
    let (mut stage, subject) = stage();
    set(&mut stage, &line("ALT", "9", "50"));
    set(&mut stage, &LabLineTyped { unit: "mg/dL".into(), ..line("BILI", "0.3", "1.2") });
    stage.types(&subject, &at(&SCR, "DAT"), "2026-11-20");
    let state = stage.types(&subject, &at(&SCR, "ALT"), "260");
    assert_eq!(find(&state, &at(&SCR, "LAB")).display, "Central (sample)", "the only one that the register knows");
    let shown = |item: &str| find(&state, &at(&SCR, item)).typed.clone();
    assert_eq!((shown("ALTLO").as_str(), shown("ALTHI").as_str()), ("9", "50"));
    let beside = find(&state, &at(&SCR, "ALT")).lab.clone().expect("a result");
    assert_eq!((beside.limits.as_str(), beside.side), ("9–50 U/L", Some(LabSide::High)));
    let grade = beside.grade.expect("graded");
    assert_eq!((grade.grade, grade.term.as_str()), (Some(3), "Alanine aminotransferase increased"));
    let state = stage.types(&subject, &at(&SCR, "BILI"), "17.1");
    assert_eq!(find(&state, &at(&SCR, "BILIHI")).converted, "20.5 µmol/L");
    assert_eq!(find(&state, &at(&SCR, "BILI")).lab.as_ref().and_then(|lab| lab.side), Some(LabSide::Within));
    // One entry holds the result and its limits.
    let history =
        |stage: &mut Stage, item: &str| stage.session().cell_view(&subject, &at(&SCR, item)).expect("a cell").history;
    assert_eq!(history(&mut stage, "BILI")[0].seq, history(&mut stage, "BILIHI")[0].seq);
    assert_eq!(history(&mut stage, "ALT")[0].seq, history(&mut stage, "LAB")[0].seq);
}

#[test]
fn limits_follow_the_date_and_the_laboratory_but_not_over_what_a_person_wrote() {
    let (mut stage, subject) = stage();
    let until = LabLineTyped { to: "30 6 2026".into(), ..line("ALT", "9", "50") };
    set(&mut stage, &until);
    set(&mut stage, &LabLineTyped { from: "2026-07-01".into(), ..line("ALT", "7", "40") });
    set(&mut stage, &LabLineTyped { lab: "Other (sample)".into(), ..line("ALT", "5", "35") });
    let high = |stage: &mut Stage, item: &str| stage.cell(&subject, &at(&SCR, item)).typed;
    let state = stage.types(&subject, &at(&SCR, "ALT"), "45");
    assert_eq!(find(&state, &at(&SCR, "ALTHI")).typed, "", "no laboratory, no day: nothing is guessed");
    stage.types(&subject, &at(&SCR, "LAB"), "Central (sample)");
    stage.types(&subject, &at(&SCR, "DAT"), "2026-11-20");
    assert_eq!((high(&mut stage, "ALTLO").as_str(), high(&mut stage, "ALTHI").as_str()), ("7", "40"));
    stage.types(&subject, &at(&SCR, "DAT"), "2026-06-30");
    assert_eq!(high(&mut stage, "ALTHI"), "50", "the day moved, and with it the limits");
    stage.types(&subject, &at(&SCR, "ALTHI"), "48");
    stage.types(&subject, &at(&SCR, "LAB"), "Other (sample)");
    assert_eq!((high(&mut stage, "ALTLO").as_str(), high(&mut stage, "ALTHI").as_str()), ("5", "48"));
    stage.types(&subject, &at(&SCR, "ALTLO"), "");
    stage.types(&subject, &at(&SCR, "ALT"), "44");
    assert_eq!(high(&mut stage, "ALTLO"), "", "what a person emptied stays empty");
}

#[test]
fn limits_hold_for_the_subjects_sex() {
    let (mut stage, subject) = stage();
    set(&mut stage, &LabLineTyped { sex: "F".into(), ..line("ALT", "7", "40") });
    set(&mut stage, &line("ALT", "9", "50"));
    stage.types(&subject, &dm("SEX"), "F");
    stage.types(&subject, &at(&SCR, "DAT"), "2026-11-20");
    stage.types(&subject, &at(&SCR, "ALT"), "45");
    assert_eq!(stage.cell(&subject, &at(&SCR, "ALTHI")).typed, "40");
    let other = stage.subject();
    stage.types(&other, &at(&SCR, "DAT"), "2026-11-20");
    stage.types(&other, &at(&SCR, "ALT"), "45");
    assert_eq!(stage.cell(&other, &at(&SCR, "ALTHI")).typed, "50", "the sex is not known: what holds for both");
}

#[test]
fn a_changed_register_changes_nothing_that_was_recorded() {
    let (mut stage, subject) = stage();
    set(&mut stage, &line("ALT", "9", "50"));
    stage.types(&subject, &at(&SCR, "DAT"), "2026-11-20");
    stage.types(&subject, &at(&SCR, "ALT"), "45");
    let first = stage.session().lab_register().expect("a register").lines[0].id.clone();
    set(&mut stage, &LabLineTyped { replaces: first.clone(), ..line("ALT", "9", "60") });
    let register = stage.session().lab_register().expect("a register");
    assert_eq!((register.lines.len(), register.lines[0].high.as_str()), (1, "60"));
    stage.types(&subject, &at(&SCR, "ALT"), "46");
    assert_eq!(stage.cell(&subject, &at(&SCR, "ALTHI")).typed, "50");
    assert_eq!(code(stage.session().lab_range_withdraw(&first)), "no_such");
    let register = stage.session().lab_range_withdraw(&register.lines[0].id).expect("withdrawn");
    assert!(register.lines.is_empty());
}

#[test]
fn what_could_not_hold_is_not_taken_into_the_register() {
    let (mut stage, _) = stage();
    for (typed, expected) in [
        (line("ALT", "", ""), "lab_no_limit"),
        (line("ALT", "50", "9"), "lab_order"),
        (line("ALT", "9", "9"), "lab_order"),
        (line("ALT", "9", "fifty"), "not_a_number"),
        (line("CK", "9", "50"), "no_such"),
        (line("PIVKA", "9", "50"), "no_such"),
        (LabLineTyped { lab: "  ".into(), ..line("ALT", "9", "50") }, "lab_name"),
        (LabLineTyped { sex: "X".into(), ..line("ALT", "9", "50") }, "no_such"),
        (LabLineTyped { from: "2026".into(), ..line("ALT", "9", "50") }, "lab_days"),
        (LabLineTyped { from: "2026-02-01".into(), to: "2026-01-01".into(), ..line("ALT", "9", "50") }, "lab_days"),
        (LabLineTyped { unit: "mmol/L".into(), ..line("ALT", "9", "50") }, "unknown_unit"),
    ] {
        assert_eq!(code(stage.session().lab_range_set(&typed)), expected, "{typed:?}");
    }
    set(&mut stage, &line("ALT", "9", "50"));
    set(&mut stage, &LabLineTyped { from: "2026-01-01".into(), ..line("ALT", "9", "45") });
    let register = stage.session().lab_register().expect("a register");
    assert!(register.lines.iter().all(|line| line.disputed), "both hold in 2026 and differ");
}

#[test]
fn the_baseline_is_the_last_value_up_to_day_one() {
    let (mut stage, subject) = stage();
    set(&mut stage, &line("ALT", "9", "50"));
    for (visit, date) in [("SE.DAY1[1]", "2026-11-20"), ("SE.CN[1]", "2026-11-22")] {
        stage.session().event_date(&subject, &event(visit), date, None).expect("dated");
    }
    for (form, date, value) in
        [(&*SCR, "2026-11-18", "60"), (&*DAY1, "2026-11-20", "100"), (&*CYCLE, "2026-11-22", "260")]
    {
        stage.types(&subject, &at(form, "DAT"), date);
        stage.types(&subject, &at(form, "ALT"), value);
    }
    let grade = |stage: &mut Stage, form: &FormKey| {
        stage.cell(&subject, &at(form, "ALT")).lab.and_then(|lab| lab.grade).expect("graded")
    };
    // 260 U/L is 5.2 × the limit, grade 3; from a baseline of 100 U/L it is 2.6-fold, grade 1.
    assert_eq!(grade(&mut stage, &CYCLE).grade, Some(1));
    assert!(grade(&mut stage, &CYCLE).words.contains("100"), "{}", grade(&mut stage, &CYCLE).words);
    assert_eq!(grade(&mut stage, &DAY1).grade, Some(1), "the baseline itself is held against the limits");
}

#[test]
fn a_proposal_becomes_an_adverse_event_only_by_a_person() {
    let (mut stage, subject) = stage();
    set(&mut stage, &line("ALT", "9", "50"));
    stage.types(&subject, &at(&SCR, "DAT"), "2026-11-20");
    stage.types(&subject, &at(&SCR, "ALT"), "45");
    assert_eq!(code(stage.session().lab_event(&subject, &at(&SCR, "ALT"))), "no_such", "nothing is proposed");
    stage.types(&subject, &at(&SCR, "ALT"), "260");
    assert!(stage.state(&subject, &AE).rows.is_empty(), "a proposal writes nothing by itself");
    let row = stage.session().lab_event(&subject, &at(&SCR, "ALT")).expect("made");
    let state = stage.state(&subject, &form(&row.form));
    let shown: Vec<&str> = state.rows[0].cells.iter().map(|cell| cell.display.as_str()).collect();
    assert_eq!(shown, ["Alanine aminotransferase increased", "20 Nov 2026", "Grade 3"]);
    assert_eq!(state.rows[0].cells[0].key, row.cell);
}
