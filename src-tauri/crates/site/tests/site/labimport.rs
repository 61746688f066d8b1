//! A laboratory's file: what it would do is shown first, nothing is overwritten in silence, nothing is taken twice.

use std::path::PathBuf;

use proptest::prelude::*;
use screens::messages::{LabFileView, LabLineTyped, LabMapping, LabVerdict};
use study::CellKey;

use crate::labs::{CYCLE, SCR, STUDY, at};
use crate::stage::{Stage, code, event, law};

/// A file of the laboratory on the stick.
fn file(stage: &Stage, text: &[u8]) -> PathBuf {
    let path = stage.folder.path().join("results.csv");
    std::fs::write(&path, text).expect("written");
    path
}

fn open(stage: &mut Stage, text: &str) -> LabFileView {
    let path = file(stage, text.as_bytes());
    let opened = stage.session().lab_file_open(&path, "Central (sample)").expect("opened");
    opened.file.unwrap_or_else(|| panic!("{:?}", opened.fault))
}

fn verdicts(view: &LabFileView) -> Vec<(u32, LabVerdict)> {
    let mut found: Vec<_> = view.rows.iter().map(|row| (row.line, row.verdict)).collect();
    found.sort_unstable();
    found
}

fn stage() -> (Stage, String) {
    let mut stage = Stage::studying(STUDY);
    let subject = stage.subject();
    (stage, subject)
}

const HEAD: &str = "Subject,Date,Test,Result,Unit,Low,High\n";

#[test]
fn a_file_is_recorded_panel_by_panel_with_its_own_words_and_limits() {
    let (mut stage, subject) = stage();
    let text = format!(
        "{HEAD}S01-001,2026-11-20 08:30,ALT,260↑,U/L,9,50\nS01-001,2026-11-20,bili,1.0,mg/dL,0.3,1.2\n\
                        S01-001,2026-11-20,PIVKA,<40,mAU/mL,,\n"
    );
    let view = open(&mut stage, &text);
    assert!(verdicts(&view).iter().all(|(_, verdict)| *verdict == LabVerdict::New), "{:?}", verdicts(&view));
    assert_eq!(view.mapping.tests.iter().map(|pair| pair.meant.as_str()).collect::<Vec<_>>(), ["ALT", "PIVKA", "BILI"]);
    assert!(stage.cell(&subject, &at(&SCR, "ALT")).typed.is_empty(), "looking records nothing");
    let report = stage.session().lab_file_import(&[], None).expect("recorded");
    assert_eq!((report.results, report.panels, report.left), (3, 1, 0));
    let shown = |stage: &mut Stage, item: &str| stage.cell(&subject, &at(&SCR, item)).typed;
    assert_eq!((shown(&mut stage, "ALT").as_str(), shown(&mut stage, "ALTHI").as_str()), ("260", "50"));
    assert_eq!((shown(&mut stage, "BILI").as_str(), shown(&mut stage, "BILIHI").as_str()), ("1.0 mg/dL", "1.2 mg/dL"));
    assert_eq!((shown(&mut stage, "DAT").as_str(), shown(&mut stage, "PIVKA").as_str()), ("2026-11-20", "<40"));
    assert_eq!(stage.cell(&subject, &at(&SCR, "LAB")).display, "Central (sample)");
    let history = |stage: &mut Stage, item: &str| {
        stage.session().cell_view(&subject, &at(&SCR, item)).expect("a cell").history[0].seq
    };
    assert_eq!(history(&mut stage, "ALT"), history(&mut stage, "PIVKA"), "one entry for the panel");
    // The same file again changes nothing, and its mapping is remembered.
    let view = open(&mut stage, &text);
    assert!(view.remembered && verdicts(&view).iter().all(|(_, verdict)| *verdict == LabVerdict::Same));
    let before = history(&mut stage, "ALT");
    let report = stage.session().lab_file_import(&[], None).expect("nothing to do");
    assert_eq!((report.results, report.left), (0, 3));
    assert_eq!(history(&mut stage, "ALT"), before);
}

#[test]
fn each_row_says_why_it_is_not_taken() {
    let (mut stage, subject) = stage();
    stage.types(&subject, &at(&SCR, "ALT"), "45");
    stage.types(&subject, &at(&SCR, "DAT"), "2026-11-20");
    let rows = [
        ("S01-001,2026-11-20,ALT,45.0,U/L,,", LabVerdict::Same),
        ("S01-001,2026-11-20,ALT,45.0,U/L,,", LabVerdict::Again),
        ("S01-001,2026-11-20,ALT,46,U/L,,", LabVerdict::Contradicts),
        ("S01-001,2026-11-20,XYZ,1,U/L,,", LabVerdict::LeftOut),
        ("S01-001,2026-11-20,BILI,17,mol,,", LabVerdict::NoUnit),
        ("S01-099,2026-11-20,BILI,17,µmol/L,,", LabVerdict::NoSubject),
        ("S01-001,2026-01-01,BILI,17,µmol/L,,", LabVerdict::NoVisit),
        ("S01-001,2026-11-21,BILI,17,µmol/L,,", LabVerdict::NoVisit),
        ("S01-001,soon,BILI,17,µmol/L,,", LabVerdict::NoDate),
        ("S01-001,2026-11-20,BILI,haemolytic,µmol/L,,", LabVerdict::NoNumber),
        ("s01-001,20 Nov 2026,BILI,17,umol/L,,", LabVerdict::New),
    ];
    let text = format!("{HEAD}{}\n", rows.map(|(row, _)| row).join("\n"));
    let view = open(&mut stage, &text);
    let expected: Vec<(u32, LabVerdict)> = (2..).zip(rows.map(|(_, verdict)| verdict)).collect();
    assert_eq!(verdicts(&view), expected);
    assert_eq!(view.total, 11);
}

#[test]
fn a_value_that_differs_is_taken_only_by_a_person_with_a_reason() {
    let (mut stage, subject) = stage();
    stage.types(&subject, &at(&SCR, "DAT"), "2026-11-20");
    stage.types(&subject, &at(&SCR, "ALT"), "45");
    let text = format!("{HEAD}S01-001,2026-11-20,ALT,54,U/L,,\n");
    let view = open(&mut stage, &text);
    assert_eq!((view.rows[0].verdict, view.rows[0].standing.as_str()), (LabVerdict::Differs, "45"));
    assert_eq!(stage.session().lab_file_import(&[], None).expect("nothing").results, 0);
    assert_eq!(stage.cell(&subject, &at(&SCR, "ALT")).typed, "45");
    open(&mut stage, &text);
    assert_eq!(code(stage.session().lab_file_import(&[2], None)), "reason_needed");
    let report = stage.session().lab_file_import(&[2], Some("report of the laboratory")).expect("taken");
    assert_eq!((report.results, stage.cell(&subject, &at(&SCR, "ALT")).typed.as_str()), (1, "54"));
    let history = stage.session().cell_view(&subject, &at(&SCR, "ALT")).expect("a cell").history;
    assert_eq!((history[0].old.as_str(), history[0].reason.as_str()), ("45", "report of the laboratory"));
    assert_eq!(code(stage.session().lab_file_import(&[], None)), "no_such", "the file is put away");
}

#[test]
fn two_samples_go_to_two_visits_and_the_register_fills_the_limits() {
    let (mut stage, subject) = stage();
    let line = LabLineTyped {
        lab: "Central (sample)".into(),
        analyte: "ALT".into(),
        low: "9".into(),
        high: "50".into(),
        ..LabLineTyped::default()
    };
    stage.session().lab_range_set(&line).expect("taken");
    stage.session().event_date(&subject, &event("SE.CN[1]"), "2026-11-22", None).expect("dated");
    let text = "受试者编号;采样日期;检验项目;结果;单位\nS01-001;2026-11-20;ALT;45;U/L\nS01-001;2026-11-23;ALT;60;U/L\nS01-001;2026-11-24;ALT;61;U/L\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let path = file(&stage, &gb);
    let view = stage
        .session()
        .speaking("zh-CN")
        .lab_file_open(&path, "Central (sample)")
        .expect("opened")
        .file
        .expect("a table");
    assert_eq!((view.encoding.as_str(), view.delimiter.as_str()), ("gb18030", ";"));
    assert_eq!(
        verdicts(&view),
        [(2, LabVerdict::New), (3, LabVerdict::New), (4, LabVerdict::NoVisit)],
        "a third sample has no visit of its own"
    );
    assert_eq!(stage.session().lab_file_import(&[], None).expect("recorded").panels, 2);
    let typed = |stage: &mut Stage, cell: CellKey| stage.cell(&subject, &cell).typed;
    assert_eq!(typed(&mut stage, at(&SCR, "ALTHI")), "50");
    assert_eq!(
        (typed(&mut stage, at(&CYCLE, "ALT")), typed(&mut stage, at(&CYCLE, "DAT"))),
        ("60".into(), "2026-11-23".into())
    );
}

#[test]
fn the_mapping_is_corrected_by_a_person_and_remembered_for_the_laboratory() {
    let (mut stage, _) = stage();
    let text = "Pat,When,What,Found,In\nS01-001,2026-11-20,GPT,45,IU\n";
    let mut mapping = open(&mut stage, text).mapping;
    assert!(mapping.subject.is_empty());
    for (column, name) in [
        (&mut mapping.subject, "Pat"),
        (&mut mapping.date, "When"),
        (&mut mapping.test, "What"),
        (&mut mapping.result, "Found"),
        (&mut mapping.unit, "In"),
    ] {
        name.clone_into(column);
    }
    let view = stage.session().lab_file_map(&mapping).expect("mapped");
    let mut mapping = view.mapping;
    assert_eq!(view.rows[0].verdict, LabVerdict::LeftOut);
    mapping.tests[0].meant = "ALT".into();
    mapping.units[0].meant = "U/L".into();
    let view = stage.session().lab_file_map(&mapping).expect("mapped");
    assert_eq!(view.rows[0].verdict, LabVerdict::New);
    stage.session().lab_file_import(&[], None).expect("recorded");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    stage.sign_in("nurse1");
    let view = open(&mut stage, text);
    assert!(view.remembered);
    assert_eq!(view.mapping, mapping);
}

#[test]
fn a_file_that_is_no_table_is_refused_with_its_line_and_the_lock_forgets_it() {
    let (mut stage, _) = stage();
    let path = file(&stage, b"a,b\n1,2\n1,2,3\n");
    let opened = stage.session().lab_file_open(&path, "x").expect("read");
    let fault = opened.fault.expect("refused");
    assert_eq!((fault.code.as_str(), fault.line), ("lab_file_columns", Some(3)));
    assert_eq!(code(stage.session().lab_file_open(&stage_gone(), "x")), "gone");
    open(&mut stage, &format!("{HEAD}S01-001,2026-11-20,ALT,45,U/L,,\n"));
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    stage.sign_in("nurse1");
    assert_eq!(code(stage.session().lab_file_import(&[], None)), "no_such");
}

/// Of one day's panels of two subjects, in whatever order the laboratory wrote them: what is recorded is what the rows say,
/// once; and the same rows again, in another order, bring nothing.
#[test]
fn the_order_of_the_rows_and_a_second_file_change_nothing() {
    let stage = std::cell::RefCell::new(Stage::studying(STUDY));
    let orders = || Just((0..6).collect::<Vec<usize>>()).prop_shuffle();
    law(12, (prop::collection::vec(1..900_u32, 6), orders(), orders()), |(values, first, second)| {
        let stage = &mut *stage.borrow_mut();
        let subjects = [stage.subject(), stage.subject()];
        let tests = [("ALT", "U/L"), ("BILI", "µmol/L"), ("PLAT", "10⁹/L")];
        let asked: Vec<(&String, &str, &str, String)> =
            (0..6).map(|at| (&subjects[at / 3], tests[at % 3].0, tests[at % 3].1, values[at].to_string())).collect();
        let text = |order: &[usize]| {
            let row = |at: &usize| {
                let (subject, test, unit, value) = &asked[*at];
                format!("{subject},2026-11-20,{test},{value},{unit},,\n")
            };
            HEAD.to_owned() + &order.iter().map(row).collect::<String>()
        };
        open(stage, &text(&first));
        let report = stage.session().lab_file_import(&[], None).expect("recorded");
        assert_eq!((report.results, report.panels, report.left), (6, 2, 0));
        for (subject, test, _, value) in &asked {
            assert_eq!(stage.cell(subject, &at(&SCR, test)).typed, *value, "{subject} {test}");
            assert_eq!(stage.cell(subject, &at(&SCR, "DAT")).typed, "2026-11-20");
        }
        let before = stage.session().sync_view().expect("a view").unsent;
        let view = open(stage, &text(&second));
        assert!(verdicts(&view).iter().all(|(_, verdict)| *verdict == LabVerdict::Same), "{:?}", verdicts(&view));
        assert_eq!(stage.session().lab_file_import(&[], None).expect("nothing").results, 0);
        assert_eq!(stage.session().sync_view().expect("a view").unsent, before);
    });
}

#[test]
fn a_mapping_to_columns_that_are_not_there_takes_nothing() {
    let (mut stage, subject) = stage();
    let good = open(&mut stage, &format!("{HEAD}S01-001,2026-11-20,ALT,45,U/L,,\n")).mapping;
    type Spoil = fn(&mut LabMapping);
    let spoiled: [(Spoil, LabVerdict); 5] = [
        (|mapping| mapping.subject = "Nobody".into(), LabVerdict::NoSubject),
        (|mapping| mapping.date.clear(), LabVerdict::NoDate),
        (|mapping| mapping.result = "Subject".into(), LabVerdict::NoNumber),
        (|mapping| mapping.tests[0].meant = "CK".into(), LabVerdict::NoTest),
        (|mapping| mapping.units[0].meant = "mmol/L".into(), LabVerdict::NoUnit),
    ];
    for (spoil, verdict) in spoiled {
        let mut mapping = good.clone();
        spoil(&mut mapping);
        let view = stage.session().lab_file_map(&mapping).expect("mapped");
        assert_eq!((view.rows[0].verdict, view.total), (verdict, 1), "{mapping:?}");
    }
    stage.session().lab_file_map(&LabMapping { subject: String::new(), ..good.clone() }).expect("mapped");
    let report = stage.session().lab_file_import(&[2], Some("x")).expect("nothing to take");
    assert_eq!((report.results, report.left, stage.cell(&subject, &at(&SCR, "ALT")).typed.as_str()), (0, 1, ""));
    assert_eq!(code(stage.session().lab_file_map(&good)), "no_such", "the file is put away");
    open(&mut stage, &format!("{HEAD}S01-001,2026-11-20,ALT,45,U/L,,\n"));
    stage.session().lab_file_close().expect("closed");
    assert_eq!(code(stage.session().lab_file_map(&good)), "no_such");
    assert_eq!(code(stage.session().lab_file_import(&[], None)), "no_such");
}

#[test]
fn into_a_form_that_is_complete_nothing_comes_without_a_reason() {
    let (mut stage, subject) = stage();
    stage.types(&subject, &at(&SCR, "DAT"), "2026-11-20");
    stage.types(&subject, &at(&SCR, "ALT"), "45");
    stage.session().form_complete(&subject, &SCR).expect("complete");
    let text = format!("{HEAD}S01-001,2026-11-20,BILI,17,µmol/L,,\n");
    assert!(open(&mut stage, &text).reason_needed);
    for reason in [None, Some(" ")] {
        assert_eq!(code(stage.session().lab_file_import(&[], reason)), "reason_needed");
    }
    assert_eq!(stage.cell(&subject, &at(&SCR, "BILI")).typed, "");
    let report = stage.session().lab_file_import(&[], Some("came later (sample)")).expect("the file waited");
    assert_eq!(report.results, 1);
    let history = stage.session().cell_view(&subject, &at(&SCR, "BILI")).expect("a cell").history;
    assert_eq!(history[0].reason, "came later (sample)");
}

fn stage_gone() -> PathBuf {
    PathBuf::from("gone").join("results.csv")
}
