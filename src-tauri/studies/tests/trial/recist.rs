//! What RECIST 1.1 names, entered: nodes, too small, split, merged, not evaluable, markers, new lesions; and what the engine
//! makes of the book.

use crate::nurse::{Nurse, STUDY, XML};
use clinical::tumours::{Course, course};
use std::collections::BTreeSet;
use study::Study;

/// A baseline scan with these target lesions (identifier, organ, millimetres), day 1 eleven days later.
fn baseline(targets: &[(&str, &str, &str)]) -> Nurse {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.visit("C1D1", "2026-03-12").fill("SCR TU", "TUDAT=2026-03-01 TUMETHOD=CT SLICE=5 TUMARK=NORMAL");
    for (id, organ, size) in targets {
        nurse.row("SCR TU", &format!("TTID={id} TTORGAN={} TTDIAM={size} TTPREV=N", organ.replace(' ', "+")));
    }
    nurse
}

/// An assessment with these rows of target lesions.
fn assess(nurse: &mut Nurse, n: u32, date: &str, rows: &[&str]) {
    let form = format!("TA@{n} TR");
    nurse.visit(&format!("TA@{n}"), date).fill(&form, &format!("TRDAT={date} TRMETHOD=CT TRMARK=NORMAL"));
    for row in rows {
        nurse.row(&form, row);
    }
}

fn judged(nurse: &Nurse) -> Course {
    course(&STUDY, &nurse.book).expect("a dated baseline")
}

/// Sums and overall responses, assessment by assessment.
fn said(nurse: &Nurse) -> Vec<(String, &'static str)> {
    let course = judged(nurse);
    let points = course.outcome.points.iter();
    points.map(|point| (point.sum.map_or("-".to_owned(), |sum| sum.to_string()), point.overall.code())).collect()
}

#[test]
fn everything_that_recist_names_can_be_entered() {
    let mut nurse =
        baseline(&[("T01", "LIVER", "30"), ("T02", "LIVER", "20"), ("T03", "LYMPH NODE", "16"), ("T04", "LUNG", "14")]);
    assess(
        &mut nurse,
        1,
        "2026-04-23",
        &[
            "TLID=T01.1 LESTATE=MEASURED TLDIAM=12",
            "TLID=T01.2 LESTATE=MEASURED TLDIAM=9.5",
            "TLID=T02 LESTATE=TOOSMALL TLSMALL=3.5",
            "TLID=T03 LESTATE=MEASURED TLDIAM=9",
            "TLID=T04 LESTATE=MERGED TLINTO=T01",
        ],
    );
    assert_eq!(said(&nurse), [("34.0".to_owned(), "PR")]);
    assert_eq!((nurse.number("TA@1 TR SUMDIAM").as_str(), nurse.number("TA@1 TR TLVAL@3").as_str()), ("34", "3.5"));
    nurse.fine("TA@1 TR TLINTO@5").fine("TA@1 TR TLSMALL@3");
    nurse.fill("TA@1 TR", "TLINTO@5=T04").hard("TA@1 TR TLINTO@5", "is no other target lesion of baseline");
    nurse.fill("TA@1 TR", "TLINTO@5=T05").hard("TA@1 TR TLINTO@5", "must carry the common diameter");
    nurse.fill("TA@1 TR", "TLSMALL@3=6").soft("TA@1 TR TLSMALL@3", "is no size of a lesion that is too small");
    assert!(nurse.hides("TA@1 TR TLREASND@1") && nurse.hides("TA@1 TR TLSMALL@1") && nurse.hides("TA@1 TR TLINTO@1"));
    nurse.fill("TA@1 TR", "LESTATE@4=NE TLREASND@4=QUALITY LESTATE@5=NOTDONE");
    assert!(!nurse.hides("TA@1 TR TLREASND@4") && !nurse.hides("TA@1 TR TLREASND@5"));
    assert_eq!(said(&nurse), [("-".to_owned(), "NE")]);
    assert_eq!(nurse.number("TA@1 TR SUMDIAM"), "");
}

#[test]
fn lesions_of_the_baseline() {
    let mut nurse = baseline(&[("T01", "LIVER", "30")]);
    assert!(nurse.hides("SCR TU TTPROG@1"));
    nurse
        .fill("SCR TU", "TTPREV@1=Y TTPROG@1=N")
        .soft("SCR TU TTPROG@1", "has not progressed since is usually not measurable");
    assert_eq!(judged(&nurse).outcome.baseline.notes.len(), 1);
    nurse.fill("SCR TU", "TTPROG@1=Y").fine("SCR TU TTPROG@1");
    nurse.row("SCR TU", "NTID=NT01 NTORGAN=LIVER");
    assert!(nurse.hides("SCR TU NTDIAM@1"));
    nurse.fill("SCR TU", "NTORGAN@1=LYMPH+NODE NTDIAM@1=9.9").hard("SCR TU NTDIAM@1", "is normal and no lesion");
    nurse.fill("SCR TU", "NTDIAM@1=10").fine("SCR TU NTDIAM@1");
    let course = judged(&nurse);
    assert_eq!(course.lesions.iter().map(|lesion| lesion.node).collect::<Vec<_>>(), [false, true]);
    assert!(course.outcome.baseline.notes.is_empty());
}

#[test]
fn markers_that_were_elevated_must_be_normal() {
    let mut nurse = baseline(&[("T01", "LIVER", "30")]);
    nurse.fill("SCR TU", "TUMARK=ELEVATED");
    assess(&mut nurse, 1, "2026-04-23", &["TLID=T01 LESTATE=ABSENT"]);
    assert_eq!(said(&nurse)[0].1, "CR");
    nurse.fill("TA@1 TR", "TRMARK=ELEVATED");
    assert_eq!(said(&nurse)[0].1, "PR");
    nurse.fill("TA@1 TR", "TRMARK=NORMAL").fill("SCR TU", "TUMARK=ND");
    nurse.soft("TA@1 TR TRMARK", "were not measured at baseline");
}

#[test]
fn new_and_equivocal_lesions_are_followed() {
    let mut nurse = baseline(&[("T01", "LIVER", "30")]);
    nurse.row("SCR TU", "NTID=NT01 NTORGAN=LIVER");
    for (n, date) in [(1, "2026-04-23"), (2, "2026-06-04")] {
        assess(&mut nurse, n, date, &["TLID=T01 LESTATE=MEASURED TLDIAM=30"]);
        nurse.row(&format!("TA@{n} TR"), "NLID=NT01 NTSTATE=PRESENT");
    }
    nurse.row("TA@1 TR", "NEWID=N01 NEWORGAN=BONE NEWCERT=EQUIVOCAL");
    assert_eq!(said(&nurse).iter().map(|said| said.1).collect::<Vec<_>>(), ["SD", "SD"]);
    nurse.row("TA@2 TR", "NEWID=N01 NEWORGAN=BONE NEWCERT=UNEQUIVOCAL");
    assert_eq!(said(&nurse).iter().map(|said| said.1).collect::<Vec<_>>(), ["PD", "PD"]);
    let course = judged(&nurse);
    assert_eq!(course.outcome.points[0].as_seen.overall.code(), "SD");
    nurse.fill("TA@2 TR", "NEWCERT@1=REFUTED");
    assert_eq!(said(&nurse).iter().map(|said| said.1).collect::<Vec<_>>(), ["SD", "SD"]);
    nurse.fill("TA@1 TR", "NTSTATE@1=EQUIVOCAL").fill("TA@2 TR", "NTSTATE@1=PD");
    assert_eq!(said(&nurse).iter().map(|said| said.1).collect::<Vec<_>>(), ["PD", "PD"]);
}

/// Where each thing stands, what was entered, and whether entry has come far enough to judge.
#[test]
fn places_and_entered_responses() {
    let mut nurse = baseline(&[("T01", "LIVER", "30"), ("T02", "LIVER", "20")]);
    assess(&mut nurse, 1, "2026-04-23", &["TLID=T01 LESTATE=MEASURED TLDIAM=30"]);
    nurse.fill("TA@1 TR", "OVRLRESP=SD");
    let course = judged(&nurse);
    let (place, point) = course.judged().next().expect("an assessment");
    assert!(!place.targets_read && place.others_read && !place.is_settled(point));
    assert_eq!(place.readings[0].state.as_ref().map(|cell| cell.item.as_str()), Some("IT.TL.LESTATE"));
    assert_eq!(place.entered.overall.as_ref().and_then(|entered| entered.code.as_deref()), Some("SD"));
    assert_eq!(course.lesions[1].size.as_ref().map(|cell| cell.item.as_str()), Some("IT.TT.TTDIAM"));
    nurse.row("TA@1 TR", "TLID=T02 LESTATE=ABSENT");
    let course = judged(&nurse);
    let (place, point) = course.judged().next().expect("an assessment");
    assert!(place.is_settled(point));
    assert_eq!(point.overall.code(), "PR", "30 of 50 mm");
}

#[test]
fn centimetres_count_in_millimetres() {
    let mut nurse = baseline(&[("T01", "LIVER", "30")]);
    assess(&mut nurse, 1, "2026-04-23", &["TLID=T01 LESTATE=MEASURED"]);
    nurse.type_in("TA@1 TR TLDIAM@1", "2.1 cm");
    assert_eq!(said(&nurse), [("21.0".to_owned(), "PR")]);
}

/// What the findings of a cell say.
fn words(study: &Study, nurse: &Nurse, place: &str, language: &str) -> Vec<String> {
    let found = study.rules().findings(&nurse.cell(place), &nurse.book);
    found.iter().map(|found| found.words(study, language)).collect()
}

/// Two assessments of one lesion, the entered overall responses beside.
fn responding(entered: [&str; 2]) -> Nurse {
    let mut nurse = baseline(&[("T01", "LIVER", "100")]);
    for (n, (date, size)) in (1..).zip([("2026-04-23", "60"), ("2026-06-04", "66")]) {
        assess(&mut nurse, n, date, &[&format!("TLID=T01 LESTATE=MEASURED TLDIAM={size}")]);
        nurse.fill(&format!("TA@{n} TR"), &format!("OVRLRESP={}", entered[n as usize - 1]));
    }
    nurse
}

#[test]
fn an_entered_response_is_held_against_the_computed_one() {
    let mut nurse = responding(["SD", "PR"]);
    assert_eq!(
        words(&STUDY, &nurse, "TA@1 TR OVRLRESP", "en"),
        [
            "Stable disease (SD) is entered. By the entries of this assessment: PR: the target sum of 60.0 mm lies −40 % from \
             the baseline of 100.0 mm; the limit is −30 % (RECIST 1.1, 4.3.1). Correct one of them, or confirm with the reason."
        ]
    );
    let chinese = words(&STUDY, &nurse, "TA@1 TR OVRLRESP", "zh-CN").join("");
    assert!(chinese.contains("PR：靶病灶总和 60.0 mm"), "{chinese}");
    nurse.fine("TA@2 TR OVRLRESP");
    // What a later assessment reads depends on the earlier one: the nadir is 55 now, 66 is 20 % and 11 mm above.
    nurse
        .fill("TA@1 TR", "OVRLRESP=PR TLDIAM@1=55")
        .fine("TA@1 TR OVRLRESP")
        .soft("TA@2 TR OVRLRESP", "By the entries");
    nurse.fill("SCR TU", "TTDIAM@1=70").soft("TA@1 TR OVRLRESP", "By the entries");
    nurse.fill("SCR TU", "TTDIAM@1=100").fill("TA@2 TR", "OVRLRESP=PD").fine("TA@2 TR OVRLRESP");
}

/// A confirmation holds for what the response rests on: the sizes until then are operands, those of later scans are not.
#[test]
fn the_operands_are_what_the_response_rests_on() {
    let nurse = responding(["SD", "SD"]);
    let behind = |place: &str| nurse.book.cell_bases(&nurse.cell(place))[0];
    let until_then = ["SCR TU TUDAT", "SCR TU TTDIAM@1", "TA@1 TR TLDIAM@1"];
    for (assessment, others) in [("TA@1", vec!["TA@2 TR TLDIAM@1"]), ("TA@2", vec![])] {
        let finding = &nurse.findings(&format!("{assessment} TR OVRLRESP"))[0];
        let own = [format!("{assessment} TR OVRLRESP"), format!("{assessment} TR TLDIAM@1")];
        for place in until_then.iter().copied().chain(own.iter().map(String::as_str)) {
            assert!(finding.operands.contains(&behind(place)), "{assessment}: {place}");
        }
        for place in others {
            assert!(!finding.operands.contains(&behind(place)), "{assessment}: {place}");
        }
    }
    let later = &nurse.findings("TA@2 TR OVRLRESP")[0];
    assert!(!later.operands.contains(&behind("TA@1 TR OVRLRESP")));
}

#[test]
fn entry_that_goes_on_is_not_judged() {
    let mut nurse = baseline(&[("T01", "LIVER", "30"), ("T02", "LIVER", "20")]);
    nurse.row("SCR TU", "NTID=NT01 NTORGAN=LIVER");
    assess(&mut nurse, 1, "2026-04-23", &["TLID=T01 LESTATE=MEASURED TLDIAM=30"]);
    nurse.fill("TA@1 TR", "TRGRESP=PR NTRGRESP=NON-CR/NON-PD OVRLRESP=PR NEWLPROG=N");
    nurse.fine("TA@1 TR TRGRESP").fine("TA@1 TR NTRGRESP").fine("TA@1 TR OVRLRESP");
    nurse.row("TA@1 TR", "TLID=T02 LESTATE=ABSENT").fine("TA@1 TR TRGRESP").fine("TA@1 TR OVRLRESP");
    nurse
        .row("TA@1 TR", "NLID=NT01 NTSTATE=ABSENT")
        .soft("TA@1 TR NTRGRESP", "By the entries")
        .fine("TA@1 TR OVRLRESP");
    // What is there already is progression, whatever the rest will say.
    nurse.remove_row("TA@1 TR TLID@2").fill("TA@1 TR", "TLDIAM@1=61").soft("TA@1 TR TRGRESP", "By the entries");
}

#[test]
fn back_dated_progression_is_recorded_by_its_date() {
    let mut nurse = baseline(&[("T01", "LIVER", "30")]);
    for (n, date) in [(1, "2026-04-23"), (2, "2026-06-04")] {
        assess(&mut nurse, n, date, &["TLID=T01 LESTATE=MEASURED TLDIAM=30"]);
    }
    nurse.row("TA@1 TR", "NEWID=N01 NEWORGAN=BONE NEWCERT=EQUIVOCAL");
    nurse.row("TA@2 TR", "NEWID=N01 NEWORGAN=BONE NEWCERT=UNEQUIVOCAL");
    nurse.fill("TA@1 TR", "OVRLRESP=SD").fine("TA@1 TR OVRLRESP");
    nurse.fill("TA@1 TR", "OVRLRESP=PD").silent("TA@1 TR OVRLRESP", "By the entries");
    nurse.fill("TA@1 TR", "OVRLRESP=SD").fill("TA@2 TR", "NEWLPROG=Y OVRLRESP=PD RSDAT=2026-06-05 RSPDDAT=2026-06-04");
    nurse.soft("TA@2 TR RSPDDAT", "Progression is dated");
    let said = words(&STUDY, &nurse, "TA@2 TR RSPDDAT", "en").join("");
    assert!(said.contains("N01 was confirmed on 2026-06-04"), "{said}");
    nurse.fill("TA@2 TR", "RSPDDAT=2026-04-23").fine("TA@2 TR RSPDDAT");
}

/// The trial file with a setting changed.
fn with_setting(key: &str, value: &str) -> Result<Study, Vec<study::StudyIssue>> {
    let xml = std::str::from_utf8(XML).expect("UTF-8");
    let start = xml.find(&format!("odm:1:setting:{key}\"")).expect("the setting");
    let from = start + xml[start..].find("Name=\"").expect("its value") + 6;
    let to = from + xml[from..].find(" |").expect("its citation");
    let edited = format!("{}{value}{}", &xml[..from], &xml[to..]);
    Study::read("edited.xml", edited.as_bytes(), &clinical::functions())
}

#[test]
fn settings_of_the_study_file_decide() {
    let mut nurse = baseline(&[("T01", "LIVER", "100")]);
    for (n, (date, size)) in (1..).zip([("2026-04-23", "70"), ("2026-06-04", "80")]) {
        assess(&mut nurse, n, date, &[&format!("TLID=T01 LESTATE=MEASURED TLDIAM={size} TLPRVIR=Y")]);
        nurse.fill(&format!("TA@{n} TR"), "TRGRESP=PR");
    }
    let responses = |study: &Study| {
        let points = course(study, &nurse.book).expect("a course").outcome.points;
        points.iter().map(|point| point.overall.code()).collect::<Vec<_>>()
    };
    assert_eq!(responses(&STUDY), ["PR", "PR"]);
    for (key, value, expected) in [
        ("RECIST_PR", "STRICT", ["PR", "SD"]),
        ("RECIST_PR_PERCENT", "31", ["SD", "SD"]),
        ("RECIST_PD_PERCENT", "14", ["PR", "PD"]),
        ("RECIST_PD_MM", "11", ["PR", "PR"]),
        ("IRRADIATED_TARGET", "NOT_EVALUABLE", ["NE", "NE"]),
    ] {
        let study = with_setting(key, value).expect("a study");
        assert_eq!(responses(&study), expected, "{key}={value}");
        let speaks = |n: u32| !words(&study, &nurse, &format!("TA@{n} TR TRGRESP"), "en").is_empty();
        assert_eq!([speaks(1), speaks(2)], expected.map(|code| code != "PR"), "{key}={value}");
    }
    let best = |study: &Study| course(study, &nurse.book).expect("a course").outcome.reported().response;
    let late = with_setting("RECIST_CONFIRMATION_DAYS", "43").expect("a study");
    let needed = |study: &Study| course(study, &nurse.book).expect("a course").outcome.best_confirmed.response;
    assert_eq!((best(&STUDY).map(|r| r.code()), needed(&late).map(|r| r.code())), (Some("PR"), Some("SD")));
}

#[test]
fn a_setting_that_the_engine_does_not_know_is_refused() {
    for (key, value) in [
        ("RECIST_PR", "SOMETIMES"),
        ("RECIST_STABLE_DAYS", "6.5"),
        ("RECIST_PR_PERCENT", "130"),
        ("RECIST_PD_MM", "-5"),
    ] {
        let faults = with_setting(key, value).expect_err(key);
        let reasons: BTreeSet<&str> = faults.iter().map(|fault| fault.reason.as_str()).collect();
        assert!(reasons.iter().any(|reason| reason.contains(key)), "{reasons:?}");
        assert!(faults.iter().all(|fault| fault.line > 0 && fault.oid.is_some()));
    }
}

/// Two years of assessments: what a keystroke in a size sets in motion stays far below a frame, and one elsewhere asks nothing.
#[test]
fn two_years_of_assessments_settle_quickly() {
    let mut nurse =
        baseline(&[("T01", "LIVER", "30"), ("T02", "LIVER", "20"), ("T03", "LUNG", "14"), ("T04", "LUNG", "12")]);
    let start: study::value::PartialDate = "2026-04-23".parse().expect("a date");
    for n in 1..=17 {
        let date = start.plus_days(42 * (n as i32 - 1)).expect("a date").to_string();
        let rows = ["T01", "T02", "T03", "T04"].map(|id| format!("TLID={id} LESTATE=MEASURED TLDIAM=12"));
        assess(&mut nurse, n, &date, &rows.each_ref().map(String::as_str));
        nurse.fill(&format!("TA@{n} TR"), "TRGRESP=PR NTRGRESP=NONE NEWLPROG=N OVRLRESP=PR");
    }
    let rules = STUDY.rules();
    let place = nurse.cell("TA@1 TR OVRLRESP");
    let started = std::time::Instant::now();
    for _ in 0..10 {
        assert!(rules.findings(&place, &nurse.book).is_empty());
    }
    println!("checks of one response: {:?}", started.elapsed() / 10);
    let started = std::time::Instant::now();
    nurse.type_in("TA@1 TR TLDIAM@1", "12.5");
    println!("a size typed and settled: {:?}", started.elapsed());
    let asked = |place: &str| rules.affected(&[study::rules::Change::Cell(nurse.cell(place))], &nurse.book);
    let engine = |place: &str| {
        asked(place)
            .iter()
            .filter(|task| rules.get(task.rule).expressions().any(|text| text.contains("recist_")))
            .count()
    };
    assert!(engine("TA@1 TR TLDIAM@1") >= 17);
    assert_eq!(engine("SCR VS SYSBP"), 0);
}
