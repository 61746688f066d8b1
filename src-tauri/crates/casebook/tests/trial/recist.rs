//! What RECIST 1.1 names, entered: nodes, too small, split, merged, not evaluable, markers, new lesions; and what the engine
//! makes of the book.

use crate::nurse::{Nurse, STUDY};
use casebook::tumours::{Course, course};

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
