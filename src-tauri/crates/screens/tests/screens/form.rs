//! The form screen.

use screens::form::{self, Extras};
use screens::messages::{BlockerKind, Control, FormStatus, Role, Severity};

use crate::chart::{ASSESSOR, AT_HOME, Chart, DOCTOR, NURSE, NURSE_THERE};

const VS: &str = "SE.SCR[1]/F.VS[1]";
const SYSBP: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP";
const WEIGHT: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.WEIGHT";
const HEIGHT: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.HEIGHT";
const BMI: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.BMI";

fn screening() -> Chart {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20");
    chart
}

#[test]
fn a_form_asks_its_questions_in_the_readers_language() {
    let chart = screening();
    let key = VS.parse().expect("a form");
    let [english, chinese] =
        ["en", "zh-CN"].map(|lang| form::shape(chart.study, &key, lang).expect("a form of the study"));
    assert_eq!((english.title.as_str(), english.groups.len()), ("Vital signs", 1));
    assert_ne!(chinese.title, english.title);
    let item = |oid: &str| english.groups[0].items.iter().find(|item| item.oid == oid).expect("an item");
    assert_eq!((item("IT.VS.SYSBP").control, item("IT.VS.BMI").control), (Control::Number, Control::Derived));
    assert!(item("IT.VS.SYSBP").mandatory && !item("IT.VS.BMI").mandatory);
    assert!(form::shape(chart.study, &"SE.SCR[1]/F.NONE[1]".parse().expect("a key"), "en").is_none());
}

#[test]
fn an_empty_form_lacks_every_mandatory_answer() {
    let chart = screening();
    let state = chart.state(VS);
    assert_eq!((state.status, state.answered), (FormStatus::Empty, 0));
    assert_eq!(state.event_date.as_deref(), Some("2026-09-20"));
    let lacking: Vec<&str> = state.blockers.iter().map(|blocker| blocker.key.as_str()).collect();
    assert!(
        state.blockers.iter().all(|blocker| blocker.kind == BlockerKind::Mandatory && !blocker.question.is_empty())
    );
    // In the order of the form, and nothing that is computed.
    assert_eq!(lacking.len(), 7, "{lacking:?}");
    assert_eq!((lacking[1], lacking[6]), (SYSBP, WEIGHT));
}

#[test]
fn an_answer_is_shown_in_words_and_as_it_would_be_typed() {
    let mut chart = screening();
    chart.answer(SYSBP, "120", None);
    chart.answer(WEIGHT, "143 jin", None);
    chart.answer(HEIGHT, "?not_done", None);
    let (pressure, weight, height) = (chart.cell(SYSBP), chart.cell(WEIGHT), chart.cell(HEIGHT));
    assert_eq!((pressure.display.as_str(), pressure.typed.as_str(), pressure.unit.as_str()), ("120", "120", "mmHg"));
    assert_eq!((weight.typed.as_str(), weight.converted.as_str()), ("143 jin", "71.5 kg"));
    assert_eq!((height.display.as_str(), height.missing.as_str()), ("", "not_done"));
    let state = chart.state(VS);
    assert_eq!((state.status, state.answered), (FormStatus::Started, 3));
}

#[test]
fn a_computed_value_says_what_it_waits_for_and_how_it_came_about() {
    let mut chart = screening();
    let waiting = chart.cell(BMI);
    assert!(waiting.display.is_empty() && !waiting.trace.is_empty());
    chart.answer(WEIGHT, "80", None);
    chart.answer(HEIGHT, "200", None);
    let computed = chart.cell(BMI);
    assert_eq!(computed.display, "20.0");
    assert!(computed.trace.contains("80") && computed.trace.contains("200"), "{}", computed.trace);
}

#[test]
fn what_was_typed_and_is_no_answer_stays_and_blocks_completion() {
    let mut chart = screening();
    chart.answer(WEIGHT, "80", None);
    let mut extras = Extras { unsent: 12, ..Extras::default() };
    for (cell, typed) in [(SYSBP, "high"), (HEIGHT, "180")] {
        extras.drafts.insert(chart.key(cell), typed.into());
    }
    let state = chart.state_with(VS, &extras);
    let cell = |key: &str| state.rows[0].cells.iter().find(|cell| cell.key == key).expect("a cell");
    assert_eq!(cell(SYSBP).draft.as_deref(), Some("high"));
    assert!(!cell(SYSBP).draft_fault.is_empty(), "no number");
    assert_eq!((cell(HEIGHT).draft.as_deref(), cell(HEIGHT).draft_fault.as_str()), (Some("180"), ""));
    assert_eq!(cell(WEIGHT).draft, None);
    let drafts: Vec<&str> = state
        .blockers
        .iter()
        .filter(|blocker| blocker.kind == BlockerKind::Draft)
        .map(|blocker| blocker.key.as_str())
        .collect();
    assert_eq!(drafts, [SYSBP, HEIGHT]);
    assert!(!state.blockers.iter().any(|blocker| blocker.kind == BlockerKind::Mandatory && blocker.key == SYSBP));
    assert_eq!(state.unsent, 12);
}

#[test]
fn computers_that_differ_are_shown_side_by_side() {
    let mut chart = screening();
    chart.answer(SYSBP, "120", None);
    chart.author = NURSE_THERE;
    chart.answer_over(SYSBP, "?not_done", None, Vec::new());
    let cell = chart.cell(SYSBP);
    let mut sides = cell.conflict.clone();
    sides.sort();
    assert_eq!(sides, ["120", "not_done"]);
    assert_eq!((cell.queries, cell.display.as_str()), (1, ""));
    let state = chart.state(VS);
    assert!(state.blockers.iter().any(|blocker| blocker.kind == BlockerKind::Conflict && blocker.key == SYSBP));
    // The same answer twice is no conflict.
    let mut agreed = screening();
    agreed.answer(SYSBP, "120", None);
    agreed.author = NURSE_THERE;
    agreed.answer_over(SYSBP, "120", None, Vec::new());
    assert_eq!((agreed.cell(SYSBP).conflict.len(), agreed.cell(SYSBP).display.as_str()), (0, "120"));
}

#[test]
fn a_finding_speaks_the_studys_words_and_blocks_by_its_severity() {
    let mut chart = screening();
    chart.fill("SE.SCR[1]/F.VS[1]/IG.VS[1]", &[("IT.VS.SYSBP", "80"), ("IT.VS.DIABP", "90")]);
    let found = chart.state(VS);
    let hard = found.blockers.iter().find(|blocker| blocker.kind == BlockerKind::Hard).expect("a hard finding");
    assert!(!hard.message.is_empty() && !hard.rule.is_empty());
    let cell = chart.cell(&hard.key);
    let finding = cell.findings.iter().find(|finding| finding.rule == hard.rule).expect("the finding beside the value");
    assert_eq!((finding.severity, &finding.message), (Severity::Hard, &hard.message));
    chart.language = "zh-CN";
    assert_ne!(chart.cell(&hard.key).findings[0].message, finding.message);
}

#[test]
fn the_last_value_is_that_of_the_latest_earlier_visit() {
    let mut chart = screening();
    chart.answer(SYSBP, "120", None);
    chart.visit("SE.C1D1[1]", "2026-10-02");
    chart.answer("SE.C1D1[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP", "130", None);
    chart.visit("SE.CND1[1]", "2026-10-23");
    let last = |event: &str| chart.cell(&format!("{event}/F.VS[1]/IG.VS[1]/IT.VS.SYSBP")).last;
    assert_eq!([last("SE.SCR[1]"), last("SE.C1D1[1]"), last("SE.CND1[1]")], ["", "120", "130"]);
}

#[test]
fn who_reads_decides_what_may_be_entered() {
    let mut chart = screening();
    let editable = |chart: &Chart| chart.state(VS).editable;
    assert!(editable(&chart));
    chart.reader.role = Role::Administrator;
    assert!(!editable(&chart));
}

#[test]
fn a_change_of_what_the_center_has_needs_no_reason_but_one_of_a_completed_form_does() {
    let mut chart = screening();
    chart.answer(SYSBP, "120", None);
    assert!(!chart.cell(SYSBP).at_center && !chart.state(VS).reason_needed);
    chart.reader.confirmed = 100;
    assert!(chart.cell(SYSBP).at_center && !chart.cell(WEIGHT).at_center);
    chart.complete(VS);
    assert!(chart.state(VS).reason_needed);
}

#[test]
fn the_masked_assessor_reads_only_what_assessors_wrote() {
    let mut chart = screening();
    let id = chart.text("in the arm with radiotherapy");
    let origin = |author| {
        let mut chart = screening();
        chart.author = author;
        chart.answer(SYSBP, "120", None);
        let cell = chart.book.cell(&chart.key(SYSBP)).expect("a cell").clone();
        cell.heads().next().expect("an answer").1.origin.clone()
    };
    let said = |chart: &Chart, author| chart.draw(|view| view.remark(&origin(author), id));
    assert!([NURSE, DOCTOR, ASSESSOR].iter().all(|author| !said(&chart, *author).is_empty()));
    chart.reader.role = Role::Assessor;
    assert_eq!([NURSE, DOCTOR].map(|author| said(&chart, author)), ["", ""]);
    assert_eq!(said(&chart, ASSESSOR), "in the arm with radiotherapy");
}

#[test]
fn other_peoples_odm_is_shown_with_its_own_words() {
    let chart = Chart::of(&AT_HOME);
    for event in AT_HOME.events.iter() {
        for at in &event.forms {
            let key = format!("{}[1]/{}[1]", event.oid, at.form).parse().expect("a form");
            let shape = form::shape(&AT_HOME, &key, "en").expect("a form of the study");
            let state = chart.draw(|view| form::state(view, &Extras::default(), &key));
            for row in &state.rows {
                let asked = shape.groups.iter().find(|group| group.oid == row.group).expect("the row's group");
                assert_eq!(row.cells.len(), asked.items.len(), "one cell for each question");
            }
        }
    }
}
