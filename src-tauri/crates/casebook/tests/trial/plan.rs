//! The schedule of visits, and that settings and timings say the same.

use crate::nurse::STUDY;
use std::collections::BTreeSet;
use study::{Anchor, EventKind, Timing};

fn timing(event: &str) -> &'static Timing {
    STUDY.events.get(event).and_then(|event| event.timing.as_ref()).unwrap_or_else(|| panic!("{event} is not planned"))
}

#[test]
fn the_visits_of_the_trial() {
    let names: Vec<&str> = STUDY.events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["SCR", "RAND", "C1D1", "CnD1", "CnD1-28", "TA", "EOT", "SFU30", "SFU90", "LTFU", "UNS", "LOG"]);
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
        let Some(list) = STUDY.codelist_of(item) else { continue };
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
