//! The schedule of visits, and that settings and timings say the same.

use crate::nurse::{Nurse, STUDY};
use std::collections::BTreeSet;
use study::{Anchor, EventKind, Timing};

fn timing(event: &str) -> &'static Timing {
    STUDY.events.get(event).and_then(|event| event.timing.as_ref()).unwrap_or_else(|| panic!("{event} is not planned"))
}

#[test]
fn the_visits_of_the_trial() {
    let names: Vec<&str> = STUDY.events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "SCR", "RAND", "RTPLAN", "RTF{n}", "C1D1", "C{n+1}D1", "C{n+1}D1", "TA", "EOT", "SFU30", "SFU90", "LTFU",
            "EOS", "UNS", "UTA", "LOG"
        ]
    );
    let kind = |event: &str| STUDY.events.get(event).map(|event| event.kind);
    assert_eq!(kind("SE.UNS"), Some(EventKind::Unscheduled));
    assert_eq!(kind("SE.LOG"), Some(EventKind::Common));
}

#[test]
fn tumour_assessments_count_from_day_one() {
    let timing = timing("SE.TA");
    assert_eq!(timing.anchor, Anchor::Event("SE.C1D1".into()));
    assert_eq!((timing.offset_days, timing.before_days, timing.after_days), (42, 7, 7));
    let repeat = timing.repeat.as_ref().expect("it repeats");
    assert_eq!(STUDY.setting("TA_EVERY_DAYS"), Some(repeat.every_days.to_string().as_str()));
    assert!(repeat.until.as_ref().is_some_and(|until| until.text.contains("OVRLRESP")));
}

#[test]
fn grids_of_treatment() {
    for (event, setting) in [("SE.CND1", "CYCLE_DAYS"), ("SE.CND1R", "CYCLE_DAYS_REGORAFENIB")] {
        let every = timing(event).repeat.as_ref().map(|repeat| repeat.every_days.to_string());
        assert_eq!(STUDY.setting(setting), every.as_deref(), "{event}");
        assert_eq!((timing(event).before_days, timing(event).after_days), (3, 3));
    }
    let follow = timing("SE.LTFU");
    assert_eq!((follow.repeat.as_ref().map(|repeat| repeat.every_days), follow.before_days), (Some(91), 14));
    assert_eq!((timing("SE.SFU30").offset_days, timing("SE.SFU30").after_days), (30, 7));
    assert_eq!(timing("SE.EOT").after_days, 7);
}

/// Whatever the trial's registry leaves open is a setting with a source.
#[test]
fn settings_are_cited() {
    for key in [
        "AGE_MIN",
        "AGE_MAX",
        "OP_LESIONS_MAX",
        "OP_ORGANS_MAX",
        "SBRT_START_DAYS",
        "TA_EVERY_DAYS",
        "PFS_EVENT",
        "PFS_START",
        "PD_CONFIRMATION",
        "IRRADIATED_TARGET",
        "MASKED_ROLE",
        "CP_COAGULATION",
        "CP_TABLE",
        "BSA_FORMULA",
    ] {
        assert!(STUDY.settings.contains_key(key), "{key}");
    }
    for (key, setting) in &STUDY.settings {
        assert!(setting.citation.len() > 10, "{key}: {}", setting.citation);
    }
}

#[test]
fn every_code_fits_a_digit_or_a_list() {
    for item in &STUDY.items {
        // A dictionary's terms are searched, not shown.
        let Some(list) = STUDY.codelist_of(item).filter(|list| list.dictionary.is_none()) else { continue };
        let codes: BTreeSet<_> = list.choices.iter().map(|choice| choice.code.clone()).collect();
        assert_eq!(codes.len(), list.choices.len());
        let side_by_side = item.control.is_none_or(|control| control == study::Control::Choices);
        assert!(!side_by_side || list.choices.len() <= 9, "{}: {} choices side by side", item.oid, list.choices.len());
    }
}

/// Items carry the names under which they are submitted.
#[test]
fn cdash_names() {
    let named = STUDY.items.iter().filter(|item| item.alias("CDASH").is_some()).count();
    assert!(named > 100, "{named}");
    let alias = |oid: &str| STUDY.items.get(oid).and_then(|item| item.alias("CDASH"));
    assert_eq!(alias("IT.DM.BRTHDAT"), Some("BRTHDAT"));
    assert_eq!(alias("IT.VS.SYSBP"), Some("SYSBP_VSORRES"));
    assert_eq!(alias("IT.AE.AETERM"), Some("AETERM"));
}

fn first(nurse: &Nurse, event: &str) -> String {
    nurse.plan(event).into_iter().next().unwrap_or_default()
}

/// Consent and allocation bring the first visits.
#[test]
fn the_way_to_day_one() {
    let mut nurse = Nurse::new();
    nurse.fill("SCR ICF", "ICYN=Y DSSTDAT=2026-03-02");
    assert_eq!(first(&nurse, "SCR"), "2026-03-02 (2026-03-02 2026-03-29)");
    assert_eq!(first(&nurse, "RAND"), "2026-03-16 (2026-03-02 2026-03-29)");
    assert_eq!(first(&nurse, "C1D1"), "");
    nurse.fill("RAND RAND", "RANDDAT=2026-03-10");
    assert_eq!(first(&nurse, "C1D1"), "2026-03-11 (2026-03-10 2026-03-17)");
}

fn treated(regimen: &str) -> Nurse {
    let mut nurse = Nurse::new();
    nurse.fill("SCR ICF", "ICYN=Y DSSTDAT=2026-03-02").fill("RAND RAND", &format!("RANDDAT=2026-03-10 REG2={regimen}"));
    nurse.visit("C1D1", "2026-03-12");
    nurse
}

/// Every 42 days from Day 1: neither a late assessment nor a dose delay moves the next one.
#[test]
fn assessments_do_not_move() {
    let mut nurse = treated("LENV");
    assert_eq!(first(&nurse, "TA"), "2026-04-23 (2026-04-16 2026-04-30)");
    nurse.visit("TA@1", "2026-05-06").visit("CND1@1", "2026-04-20");
    assert_eq!(nurse.plan("TA")[1], "2026-06-04 (2026-05-28 2026-06-11)");
    nurse.visit("TA@2", "2026-06-04");
    assert_eq!(nurse.plan("TA")[2], "2026-07-16 (2026-07-09 2026-07-23)");
}

#[test]
fn progression_or_death_ends_the_assessments() {
    let mut nurse = treated("LENV");
    nurse.visit("TA@1", "2026-04-23").fill("TA@1 TR", "OVRLRESP=SD");
    assert!(nurse.plan("TA").len() > 1);
    nurse.fill("TA@1 TR", "OVRLRESP=PD");
    assert_eq!(nurse.plan("TA").len(), 1, "{:?}", nurse.plan("TA"));
    nurse.fill("TA@1 TR", "OVRLRESP=SD").fill("LOG DD", "DTHDAT=2026-05");
    assert_eq!(nurse.plan("TA").len(), 1);
    assert!(nurse.plan("CND1").is_empty());
}

/// Regorafenib alone has cycles of 28 days, every other regimen of 21.
#[test]
fn cycles_follow_the_regimen() {
    for (regimen, of_21, of_28) in
        [("LENV", "2026-04-02", ""), ("REGO_PD1", "2026-04-02", ""), ("REGO", "", "2026-04-09")]
    {
        let nurse = treated(regimen);
        let day = |event| first(&nurse, event).split(' ').next().unwrap_or_default().to_owned();
        assert_eq!((day("CND1").as_str(), day("CND1R").as_str()), (of_21, of_28), "{regimen}");
    }
    let mut nurse = treated("LENV");
    nurse.fill("EOT EOT", "EOTDAT=2026-03-20");
    assert!(nurse.plan("CND1").is_empty());
}

#[test]
fn follow_up_counts_from_the_last_dose() {
    let mut nurse = treated("LENV");
    nurse.fill("EOT EOT", "EOTDAT=2026-05-02 LASTDAT=2026-05-01");
    assert_eq!(first(&nurse, "EOT"), "2026-05-02 (2026-05-02 2026-05-09)");
    assert_eq!(first(&nurse, "SFU30"), "2026-05-31 (2026-05-31 2026-06-07)");
    assert_eq!(first(&nurse, "SFU90"), "2026-07-30 (2026-07-16 2026-08-13)");
    assert_eq!(first(&nurse, "LTFU"), "2026-08-01 (2026-07-18 2026-08-15)");
    nurse.fill("LOG DD", "DTHDAT=2026-06-01");
    assert!(nurse.plan("LTFU").is_empty());
}
