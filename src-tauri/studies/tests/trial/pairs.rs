//! The checks that need no story: what makes each speak, and what silences it.
//!
//! A step is `@EVENT date` (a visit took place), `EVENT FORM: ITEM=answer …` (answers), or `+EVENT FORM: …` (a new row).

use crate::nurse::{Nurse, STUDY};
use std::collections::BTreeSet;

/// What was done, the cell that then speaks and its words, and the answers that silence it.
pub type Pair = (&'static [&'static str], &'static str, &'static str, &'static str);

const PAIRS: &[Pair] = &[
    // Consent and history
    (
        &["SCR DM: BRTHDAT=2026-03", "SCR ICF: ICYN=Y DSSTDAT=2026-02-27"],
        "SCR ICF DSSTDAT",
        "before the date of birth",
        "SCR DM: BRTHDAT=1961",
    ),
    (&["SCR ICF: ICYN=Y ICCOPY=N"], "SCR ICF ICCOPY", "hold a signed copy", "SCR ICF: ICCOPY=Y"),
    (
        &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02", "SCR HCC: DXDAT=2026-04"],
        "SCR HCC DXDAT",
        "after consent",
        "SCR HCC: DXDAT=2026-03",
    ),
    (
        &["SCR DM: BRTHDAT=1961", "SCR HCC: DXDAT=1960"],
        "SCR HCC DXDAT",
        "Diagnosis before birth",
        "SCR HCC: DXDAT=1961",
    ),
    (
        &["SCR ECOG: ECOG=3", "SCR HCC: BCLC=C"],
        "SCR HCC BCLC",
        "which follows from ECOG, Child-Pugh, vessels",
        "SCR HCC: BCLC=D",
    ),
    (
        &["SCR L1: L1REG=SINTI_BEV L1PD1=TISLELIZUMAB"],
        "SCR L1 L1PD1",
        "the antibody is sintilimab",
        "SCR L1: L1PD1=SINTILIMAB",
    ),
    (
        &["SCR HCC: DXDAT=2024-05", "SCR L1: L1STDAT=2024-04-30"],
        "SCR L1 L1STDAT",
        "before HCC was diagnosed",
        "SCR L1: L1STDAT=2024-05-01",
    ),
    (
        &["RAND RAND: RANDDAT=2026-03-10", "SCR L1: L1ENDAT=2026-03-11"],
        "SCR L1 L1ENDAT",
        "ends after randomisation",
        "SCR L1: L1ENDAT=2026-03",
    ),
    (&["SCR L1: L1STOP=TOX"], "SCR L1 L1STOP", "for oligoprogression on first-line", "SCR L1: L1STOP=OLIGOPD"),
    // Measurements
    (&["SCR VS: SYSBP=80 DIABP=120"], "SCR VS SYSBP", "must be above diastolic", "SCR VS: SYSBP=120 DIABP=80"),
    (
        &["@SCR 2026-03-10", "SCR LB: LBHPERF=Y LBHDAT=2026-03-02"],
        "SCR LB LBHDAT",
        "more than 7 days from the visit",
        "SCR LB: LBHDAT=2026-03-03",
    ),
    // Tumours
    (
        &["SCR TU: TUDAT=2026-03-21", "+RTF@1 RTX: FXDAT=2026-03-20"],
        "SCR TU TUDAT",
        "must be before SBRT",
        "SCR TU: TUDAT=2026-03-01",
    ),
    (
        &["@TA@1 2026-04-23", "TA@1 TR: TRDAT=2026-05-01"],
        "TA@1 TR TRDAT",
        "more than 7 days from the visit date",
        "TA@1 TR: TRDAT=2026-04-30",
    ),
    (&["+TA@1 TR: TLID=T01 LESTATE=MEASURED TLDIAM=0"], "TA@1 TR TLDIAM", "of 0 mm", "TA@1 TR: TLDIAM=1"),
    (&["TA@1 TR: TRDAT=2026-04-23 RSDAT=2026-04-22"], "TA@1 TR RSDAT", "before the scan", "TA@1 TR: RSDAT=2026-04-23"),
    (
        &["TA@1 TR: TRGRESP=SD NTRGRESP=NONE NEWLPROG=N OVRLRESP=PD"],
        "TA@1 TR OVRLRESP",
        "no part of the assessment says",
        "TA@1 TR: OVRLRESP=SD",
    ),
    (
        &["TA@1 TR: TRGRESP=CR NTRGRESP=NON-CR/NON-PD OVRLRESP=CR"],
        "TA@1 TR OVRLRESP",
        "needs CR of the targets",
        "TA@1 TR: NTRGRESP=CR",
    ),
    (
        &["TA@1 TR: TRGRESP=NE NTRGRESP=NONE NEWLPROG=N OVRLRESP=SD"],
        "TA@1 TR OVRLRESP",
        "Targets not evaluable",
        "TA@1 TR: OVRLRESP=NE",
    ),
    (
        &["+SCR OP: OPID=P1 OPTU=T02", "+SCR TU: TTID=T01"],
        "SCR OP OPTU",
        "baseline tumour form has no lesion",
        "SCR OP: OPTU=T01",
    ),
    // Eligibility and randomisation
    (
        &["RAND RAND: RANDDAT=2026-03-10", "SCR IE: IEDAT=2026-03-11"],
        "SCR IE IEDAT",
        "after randomisation",
        "SCR IE: IEDAT=2026-03-10",
    ),
    (&["RAND RAND: RANDDAT=2026-03-10"], "RAND RAND RANDDAT", "No informed consent is recorded", "SCR ICF: ICYN=Y"),
    (
        &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02", "RAND RAND: RANDDAT=2026-03-31"],
        "RAND RAND RANDDAT",
        "More than 28 days",
        "RAND RAND: RANDDAT=2026-03-30",
    ),
    (
        &["SCR LB: LBCPERF=Y ASCITES=MODERATE", "SCR IE: E05=N"],
        "SCR IE E05",
        "Confirm that it is not refractory",
        "SCR LB: ASCITES=SLIGHT",
    ),
    (
        &["SCR LB: LBCPERF=Y HE=GRADE12", "SCR IE: E04=N"],
        "SCR IE E04",
        "records encephalopathy. Correct one",
        "SCR LB: HE=NONE",
    ),
    (&["SCR IE: E07=Y"], "SCR IE E07", "Exclusion criterion E07 applies", "SCR IE: E07=N"),
    // Systemic therapy
    (
        &["RAND RAND: REG2=LENV", "+LOG EC: ECTRT=NIVOLUMAB"],
        "LOG EC ECTRT",
        "No PD-1 antibody is planned",
        "RAND RAND: REG2=REGO_PD1",
    ),
    (
        &["RAND RAND: REG2=REGO_PD1 PD1NEW=TISLELIZUMAB", "+LOG EC: ECTRT=NIVOLUMAB"],
        "LOG EC ECTRT",
        "not the one planned",
        "LOG EC: ECTRT=TISLELIZUMAB",
    ),
    (&["+LOG EC: ECTRT=REGORAFENIB ECDOSE=100"], "LOG EC ECDOSE", "160, 120 and 80 mg", "LOG EC: ECDOSE=120"),
    (&["+LOG EC: ECTRT=PEMBROLIZUMAB ECDOSE=100"], "LOG EC ECDOSE", "200 mg every 3 weeks", "LOG EC: ECDOSE=200"),
    (
        &["TA@1 TR: RSDAT=2026-04-24 OVRLRESP=PD", "@TA@1 2026-04-23", "+LOG EC: ECSTDAT=2026-04-25"],
        "LOG EC ECSTDAT",
        "treatment beyond progression",
        "LOG EC: ECSTDAT=2026-04-20",
    ),
    (&["+LOG EC: ECDOSE=8 ECADJ=Y ECACN=DRUG+INTERRUPTED"], "LOG EC ECACN", "a period with dose 0", "LOG EC: ECDOSE=0"),
    (&["+LOG EC: ECADJ=Y ECREAS=AE"], "LOG EC ECREAS", "but none is recorded", "+LOG AE: AETERM=Rash"),
    (
        &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02", "+LOG EC: ECSTDAT=2026-03-31"],
        "LOG EC TRTSDAT",
        "more than 28 days after consent",
        "LOG EC: ECSTDAT=2026-03-30",
    ),
    // Radiotherapy
    (
        &["RAND RAND: ARM=SBRT", "+RTPLAN RTP: ITV=20 PTV=19"],
        "RTPLAN RTP PTV",
        "smaller than ITV",
        "RTPLAN RTP: PTV=20",
    ),
    (
        &["+RTPLAN RTP: RTID=RT1 SIMDAT=2026-03-21", "+RTF@1 RTX: FXTGT=RT1 FXDAT=2026-03-20"],
        "RTF@1 RTX FXDAT",
        "before the simulation CT",
        "RTF@1 RTX: FXDAT=2026-03-21",
    ),
    (
        &["RAND RAND: RANDDAT=2026-03-10", "+RTPLAN RTP: SIMDAT=2026-03-09"],
        "RTPLAN RTP SIMDAT",
        "before randomisation",
        "RTPLAN RTP: SIMDAT=2026-03-10",
    ),
    (
        &["RAND RAND: RANDDAT=2026-03-10", "+RTF@1 RTX: FXDAT=2026-03-09"],
        "RTF@1 RTX FXDAT",
        "before randomisation",
        "RTF@1 RTX: FXDAT=2026-03-10",
    ),
    (
        &["+RTF@1 RTX: FXDEV=Y FXREAS=AE"],
        "RTF@1 RTX FXREAS",
        "says that radiotherapy was changed",
        "+LOG AE: AETERM=Rash AEACNRT=DRUG+INTERRUPTED",
    ),
    (
        &[
            "LOG RTS: RTXSTAT=GOES+ON",
            "RAND RAND: ARM=SBRT",
            "+LOG EC: ECSTDAT=2026-03-12",
            "+RTF@1 RTX: FXDAT=2026-03-11",
        ],
        "LOG RTS RTSDAT",
        "before second-line therapy",
        "RTF@1 RTX: FXDAT=2026-03-12",
    ),
    (
        &[
            "LOG RTS: RTXSTAT=GOES+ON",
            "RAND RAND: ARM=SBRT",
            "+RTF@1 RTX: FXDAT=2026-03-11",
            "+RTF@1 RTX: FXDAT=2026-04-09",
        ],
        "LOG RTS RTEDAT",
        "more than 4 weeks",
        "RTF@1 RTX: FXDAT@2=2026-04-08",
    ),
    (&["+RTPLAN RTP: OARMET=N"], "RTPLAN RTP OARMET", "A constraint is exceeded", "RTPLAN RTP: OARMET=Y"),
    // Adverse events
    (&["+LOG AE: AETERM=Bleeding AETOXGR=5 AESER=N"], "LOG AE AESER", "always serious", "LOG AE: AESER=Y AESDTH=true"),
    (
        &["+LOG AE: AENO=1 AETERM=Rash AEACN=DOSE+REDUCED"],
        "LOG AE AEACN",
        "no reduced period",
        "+LOG EC: ECADJ=Y ECACN=DOSE+REDUCED ECAE=1",
    ),
    (
        &["+LOG AE: AETERM=Rash AEONGO=N AEOUT=NOT+RECOVERED/NOT+RESOLVED"],
        "LOG AE AEOUT",
        "yet an end date",
        "LOG AE: AEONGO=Y",
    ),
    (
        &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02", "+LOG AE: AETERM=Rash AESTDAT=2026-02"],
        "LOG AE AESTDAT",
        "began before consent",
        "LOG AE: AESTDAT=2026-03",
    ),
    (
        &["LOG DD: DTHDAT=2026-04-20", "+LOG AE: AETERM=Rash AESTDAT=2026-04-21"],
        "LOG AE AESTDAT",
        "begins after death",
        "LOG AE: AESTDAT=2026-04-20",
    ),
    // The end
    (&["EOT EOT: EOTREAS=ADVERSE+EVENT"], "EOT EOT EOTREAS", "Stopped for an adverse event", "+LOG AE: AETERM=Rash"),
    (
        &["RAND RAND: ARM=SBRT", "+RTPLAN RTP: RTID=RT1 NFX=2", "+RTF@1 RTX: FXTGT=RT1 FXNO=1", "EOT EOT: RTDONE=Y"],
        "EOT EOT RTDONE",
        "fractions of a target are missing",
        "+RTF@1 RTX: FXTGT=RT1 FXNO=2",
    ),
    (
        &["+LOG EC: ECSTDAT=2026-03-12", "LTFU@1 LTFU: NACTYN=Y", "+LOG NACT: NACTDAT=2026-03-11"],
        "LOG NACT NACTDAT",
        "before Day 1",
        "LOG NACT: NACTDAT=2026-03",
    ),
    (
        &["+LOG EC: ECSTDAT=2026-03-12", "LOG DD: DTHDAT=2026-03-11"],
        "LOG DD DTHDAT",
        "Treatment is recorded after",
        "LOG DD: DTHDAT=2026-03-12",
    ),
    (
        &["@TA@1 2026-04-23", "TA@1 TR: TRDAT=2026-04-23", "LOG DD: DTHDAT=2026-04-22"],
        "LOG DD DTHDAT",
        "A scan is recorded after",
        "LOG DD: DTHDAT=2026-04-23",
    ),
    (&["LTFU@1 LTFU: SURVSTAT=DEAD"], "LTFU@1 LTFU SURVSTAT", "fill in the death form", "LOG DD: DTHDAT=2026"),
];

/// Takes one step.
pub fn step(nurse: &mut Nurse, step: &str) {
    if let Some((event, date)) = step.strip_prefix('@').and_then(|visit| visit.split_once(' ')) {
        nurse.visit(event, date);
        return;
    }
    let (form, answers) = step.split_once(": ").expect("FORM: answers");
    match form.strip_prefix('+') {
        Some(form) => nurse.row(form, answers),
        None => nurse.fill(form, answers),
    };
}

#[test]
fn every_pair_speaks_and_falls_silent() {
    hold(PAIRS);
}

/// Asserts that each pair speaks and falls silent.
pub fn hold(pairs: &[Pair]) {
    for (before, place, words, after) in pairs {
        let mut nurse = Nurse::at("SCR", "2026-03-02");
        before.iter().for_each(|one| step(&mut nurse, one));
        assert!(nurse.says_anything(place, words), "{place} should say {words:?}: {:?}", nurse.findings(place));
        step(&mut nurse, after);
        nurse.silent(place, words);
    }
}

/// Sources of these tests: a check whose words occur in none of them is not tested.
const SOURCES: [&str; 10] = [
    include_str!("records.rs"),
    include_str!("derived.rs"),
    include_str!("forms.rs"),
    include_str!("labs.rs"),
    include_str!("limits.rs"),
    include_str!("pairs.rs"),
    include_str!("recist.rs"),
    include_str!("treatment.rs"),
    include_str!("tumours.rs"),
    include_str!("dates.rs"),
];

#[test]
fn every_check_is_tested_by_its_words() {
    let quoted: BTreeSet<&str> = SOURCES
        .iter()
        .flat_map(|source| source.split('"').skip(1).step_by(2))
        .filter(|words| words.len() >= 6)
        .collect();
    let checks = STUDY.items.iter().flat_map(|item| &item.checks).filter(|check| check.comparator.is_none());
    let untested: Vec<String> = checks
        .filter(|check| !quoted.iter().any(|words| check.message.get("en").contains(words)))
        .map(|check| format!("{}: {}", check.id, check.message.get("en")))
        .collect();
    assert!(untested.is_empty(), "{}", untested.join("\n"));
}
