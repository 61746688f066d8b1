//! No record lies after death: the same check stands on every date that something was done.

use crate::nurse::Nurse;

#[test]
fn nothing_is_done_after_death() {
    let rows = [
        ("SCR EG", "EGDAT", "2026-04-20"),
        ("RAND RAND", "RANDDAT", "2026-04-20"),
        ("EOT EOT", "EOTDAT", "2026-04-20"),
        ("TA@1 TR", "TRDAT", "2026-04-20"),
        ("LOG EC", "ECSTDAT", "2026-04-20"),
        ("LOG EC", "ECENDAT", "2026-04-20"),
        ("RTPLAN RTP", "SIMDAT", "2026-04-20"),
        ("RTF@1 RTX", "FXDAT", "2026-04-20"),
        ("LOG NACT", "NACTDAT", "2026-04-20"),
        ("C1D1 LB", "LBHDAT", "2026-04-20"),
        ("C1D1 LB", "LBCDAT", "2026-04-20"),
        ("C1D1 LB", "LBGDAT", "2026-04-20"),
        ("C1D1 LB", "LBTDAT", "2026-04-20"),
        ("C1D1 LB", "LBVDAT", "2026-04-20"),
    ];
    for (form, item, day) in rows {
        let mut nurse = Nurse::new();
        nurse.fill("LOG DD", "DTHDAT=2026-04-20");
        if Nurse::has_rows(form, item) {
            nurse.row(form, &format!("{item}={day}"));
        } else {
            nurse.fill(form, &format!("{item}={day}"));
        }
        let place = format!("{form} {item}");
        nurse.silent(&place, "after death");
        nurse.type_in("LOG DD DTHDAT", "2026-04-19");
        assert!(nurse.says_anything(&place, "after death"), "{place}");
        // Known to the month only, death may be later: nothing is said.
        nurse.type_in("LOG DD DTHDAT", "2026-04").silent(&place, "after death");
    }
}

#[test]
fn nothing_is_done_before_consent() {
    for (form, item, words) in [
        ("SCR IE", "IEDAT", "before consent"),
        ("SCR TU", "TUDAT", "before consent"),
        ("RTPLAN RTP", "SIMDAT", "before consent"),
        ("LTFU@1 LTFU", "LASTALV", "before consent"),
        ("LOG DD", "DTHDAT", "before consent"),
    ] {
        let mut nurse = Nurse::at("SCR", "2026-03-02");
        nurse.fill("SCR ICF", "ICYN=Y DSSTDAT=2026-03-02");
        let place = format!("{form} {item}");
        if Nurse::has_rows(form, item) {
            nurse.row(form, &format!("{item}=2026-03-01"));
        } else {
            nurse.fill(form, &format!("{item}=2026-03-01"));
        }
        assert!(nurse.says_anything(&place, words), "{place}");
        nurse.type_in(&place, "2026-03-02").silent(&place, words);
    }
}

#[test]
fn the_baseline_scan_is_recent() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR TU", "TUDAT=2026-02-11").row("LOG EC", "ECSTDAT=2026-03-12");
    nurse.soft("SCR TU TUDAT", "more than 28 days before the first dose");
    nurse.type_in("SCR TU TUDAT", "2026-02-12").silent("SCR TU TUDAT", "28 days");
    nurse.fill("SCR L1", "PDDAT=2025-12-01").fill("SCR ICF", "ICYN=Y DSSTDAT=2026-03-02");
    nurse.soft("SCR L1 PDDAT", "more than 3 months before consent");
    nurse.type_in("SCR L1 PDDAT", "2025-12-02").fine("SCR L1 PDDAT");
}
