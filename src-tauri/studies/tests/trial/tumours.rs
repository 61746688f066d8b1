//! Tumours at baseline and at the assessments: sums, nadir, and the comparison with the entered response.

use crate::nurse::Nurse;

fn baseline(diameters: &[&str]) -> Nurse {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.visit("C1D1", "2026-03-12").fill("SCR TU", "TUDAT=2026-03-01 TUMETHOD=CT");
    for (n, diameter) in (1..).zip(diameters) {
        let organ = if n <= 2 { "LIVER" } else { "LUNG" };
        nurse.row("SCR TU", &format!("TTID=T0{n} TTORGAN={organ} TTDIAM={diameter}"));
    }
    nurse
}

fn assess(nurse: &mut Nurse, n: u32, date: &str, diameters: &[&str]) {
    nurse.visit(&format!("TA@{n}"), date).fill(&format!("TA@{n} TR"), &format!("TRDAT={date} TRMETHOD=CT"));
    for (target, diameter) in (1..).zip(diameters) {
        nurse.row(&format!("TA@{n} TR"), &format!("TLID=T0{target} LESTATE=MEASURED TLDIAM={diameter}"));
    }
}

#[test]
fn target_lesions_follow_recist() {
    let mut nurse = baseline(&["30", "15.1"]);
    assert_eq!((nurse.number("SCR TU BLN").as_str(), nurse.number("SCR TU BLSUM").as_str()), ("2", "45.1"));
    nurse.fine("SCR TU TTDIAM@1").fine("SCR TU TTORGAN@1");
    nurse.row("SCR TU", "TTID=T03 TTORGAN=LIVER TTDIAM=12").hard("SCR TU TTORGAN@3", "two target lesions per organ");
    nurse.type_in("SCR TU TTORGAN@3", "LYMPH NODE").hard("SCR TU TTDIAM@3", "at least 15 mm").fine("SCR TU TTORGAN@1");
    nurse.type_in("SCR TU TTDIAM@3", "15").fine("SCR TU TTDIAM@3");
    nurse.type_in("SCR TU TTDIAM@1", "9.9").hard("SCR TU TTDIAM@1", "at least 10 mm");
    nurse.type_in("SCR TU TTDIAM@1", "10").fine("SCR TU TTDIAM@1");
    nurse.fill("SCR TU", "SLICE=6").soft("SCR TU TTDIAM@1", "twice the slice");
    nurse.type_in("SCR TU TTID@3", "T01").hard("SCR TU TTID@3", "Two rows carry");
    nurse.fill("SCR TU", "MEASDIS=N").hard("SCR TU MEASDIS", "at least one target lesion");
}

/// Decimal traps: 3 × 15.1 is 45.3, and a tenth of a millimetre decides.
#[test]
fn sums_are_exact() {
    let nurse = baseline(&["15.1", "15.1", "15.1"]);
    assert_eq!(nurse.number("SCR TU BLSUM"), "45.3");
}

#[test]
fn what_a_lesion_counts_as() {
    let mut nurse = baseline(&["30", "20"]);
    assess(&mut nurse, 1, "2026-04-23", &["24", "16"]);
    assert_eq!(nurse.number("TA@1 TR SUMDIAM"), "40");
    assert_eq!(nurse.number("TA@1 TR PCBL"), "-20");
    nurse.type_in("TA@1 TR LESTATE@2", "ABSENT");
    assert_eq!((nurse.number("TA@1 TR TLVAL@2").as_str(), nurse.number("TA@1 TR SUMDIAM").as_str()), ("0", "24"));
    nurse.type_in("TA@1 TR LESTATE@2", "TOOSMALL");
    assert_eq!((nurse.number("TA@1 TR TLVAL@2").as_str(), nurse.number("TA@1 TR SUMDIAM").as_str()), ("5", "29"));
    nurse.type_in("TA@1 TR LESTATE@2", "NE");
    assert_eq!((nurse.number("TA@1 TR TLVAL@2").as_str(), nurse.number("TA@1 TR SUMDIAM").as_str()), ("", ""));
    nurse.fill("TA@1 TR", "TRGRESP=PR").soft("TA@1 TR TRGRESP", "By the entries of this assessment");
}

#[test]
fn every_baseline_target_is_looked_at() {
    let mut nurse = baseline(&["30", "20"]);
    assess(&mut nurse, 1, "2026-04-23", &["24"]);
    assert_eq!(nurse.number("TA@1 TR TLMISS"), "1");
    nurse.hard("TA@1 TR TLMISS", "not in the list");
    nurse.row("TA@1 TR", "TLID=T03 LESTATE=MEASURED").hard("TA@1 TR TLID@2", "Baseline has no target");
    nurse.type_in("TA@1 TR TLID@2", "T02.1").fine("TA@1 TR TLID@2").fine("TA@1 TR TLMISS");
    nurse.type_in("TA@1 TR TLDIAM@2", "70").row("TA@1 TR", "TLID=T01");
    nurse.hard("TA@1 TR TLID@1", "Two rows carry");
    nurse.type_in("TA@1 TR TLDIAM@1", "2.9").soft("TA@1 TR TLDIAM@1", "Check mm and cm");
    nurse.type_in("TA@1 TR TRDAT", "2026-03-01").hard("TA@1 TR TRDAT", "after the baseline scan");
}

/// Numeric tests 1 of the RECIST file: base 100, 70 is a partial response and 70.1 is not; nadir 20 and 90 with their edges.
#[test]
fn entered_responses_are_compared_with_the_sum() {
    let mut nurse = baseline(&["100"]);
    assess(&mut nurse, 1, "2026-04-23", &["70"]);
    nurse.fill("TA@1 TR", "TRGRESP=PR").fine("TA@1 TR TRGRESP");
    nurse.type_in("TA@1 TR TLDIAM", "70.1").soft("TA@1 TR TRGRESP", "By the entries of this assessment");
    for (nadir, sum, progresses) in [
        ("20", "25", true),
        ("20", "24.9", false),
        ("90", "108", true),
        ("90", "107.9", false),
        ("27", "32.4", true),
        ("3.2", "8.2", true),
    ] {
        let mut nurse = baseline(&["100"]);
        assess(&mut nurse, 1, "2026-04-23", &[nadir]);
        assess(&mut nurse, 2, "2026-06-04", &[sum]);
        assert_eq!(nurse.number("TA@2 TR NADIR"), nadir);
        let without = if nadir == "90" { "SD" } else { "PR" };
        let (right, wrong) = if progresses { ("PD", without) } else { (without, "PD") };
        nurse.fill("TA@2 TR", &format!("TRGRESP={right}")).fine("TA@2 TR TRGRESP");
        nurse.fill("TA@2 TR", &format!("TRGRESP={wrong}"));
        nurse.soft("TA@2 TR TRGRESP", "By the entries of this assessment");
    }
}

#[test]
fn the_smallest_sum_looks_back_only() {
    let mut nurse = baseline(&["30"]);
    assess(&mut nurse, 1, "2026-04-23", &["24"]);
    assess(&mut nurse, 2, "2026-06-04", &["21"]);
    assess(&mut nurse, 3, "2026-07-16", &["25.2"]);
    let nadir = |nurse: &Nurse| [1, 2, 3].map(|n| nurse.number(&format!("TA@{n} TR NADIR")));
    assert_eq!(nadir(&nurse), ["30", "24", "21"]);
    assert_eq!(nurse.number("TA@3 TR PCNADIR"), "20");
    nurse.type_in("TA@1 TR TLDIAM", "20");
    assert_eq!(nadir(&nurse), ["30", "20", "20"]);
}

#[test]
fn new_lesions_and_the_overall_response() {
    let mut nurse = baseline(&["30"]);
    assess(&mut nurse, 1, "2026-04-23", &["30"]);
    nurse
        .fill("TA@1 TR", "TRGRESP=SD NTRGRESP=NONE NEWLPROG=Y")
        .hard("TA@1 TR NEWLPROG", "needs an unequivocal new lesion");
    nurse.row("TA@1 TR", "NEWID=N01 NEWORGAN=BONE NEWCERT=EQUIVOCAL").hard("TA@1 TR NEWLPROG", "disagree");
    nurse.type_in("TA@1 TR NEWCERT", "UNEQUIVOCAL").fine("TA@1 TR NEWLPROG");
    nurse.fill("TA@1 TR", "OVRLRESP=SD").soft("TA@1 TR OVRLRESP", "makes the overall response PD");
    assert!(nurse.hides("TA@1 TR RSPDDAT"));
    nurse.fill("TA@1 TR", "OVRLRESP=PD RSDAT=2026-04-24 RSPDDAT=2026-04-25").fine("TA@1 TR OVRLRESP");
    nurse.hard("TA@1 TR RSPDDAT", "after the assessment");
    assert!(!nurse.hides("TA@1 TR RSPDDAT"));
}

#[test]
fn non_target_lesions() {
    let mut nurse = baseline(&["30"]);
    nurse.row("SCR TU", "NTID=NT01 NTORGAN=LIVER");
    assess(&mut nurse, 1, "2026-04-23", &["30"]);
    nurse.row("TA@1 TR", "NLID=NT02 NTSTATE=PD").hard("TA@1 TR NLID", "Baseline has no non-target");
    nurse.type_in("TA@1 TR NLID", "NT01").fine("TA@1 TR NLID");
    nurse
        .fill("TA@1 TR", "NTRGRESP=NONE")
        .soft("TA@1 TR NTRGRESP", "By the entries")
        .soft("TA@1 TR NTRGRESP", "without non-target");
    nurse.fill("TA@1 TR", "NTRGRESP=PD").fine("TA@1 TR NTRGRESP");
}
