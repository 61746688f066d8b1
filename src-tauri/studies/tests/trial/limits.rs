//! Limits on both sides, units and jumps of units, as the trial file gives them.

use crate::nurse::{Nurse, STUDY};

/// A visit with every laboratory panel declared done.
fn lab() -> Nurse {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR LB", "LBHPERF=Y LBCPERF=Y LBGPERF=Y LBTPERF=Y LBVPERF=Y");
    nurse
}

/// Types a value and says which kinds of finding stand.
fn verdict(nurse: &mut Nurse, place: &str, value: &str) -> &'static str {
    nurse.type_in(place, value);
    let said = nurse.findings(place);
    let limit = |finding: &&casebook::Finding| {
        let check = STUDY.items.iter().flat_map(|item| &item.checks).find(|check| check.id == finding.rule);
        check.is_some_and(|check| check.comparator.is_some())
    };
    let limits: Vec<_> = said.iter().filter(limit).collect();
    match limits.iter().any(|finding| finding.severity == study::Severity::Hard) {
        true => "hard",
        false if limits.is_empty() => "fine",
        false => "soft",
    }
}

/// Each limit of the trial file: at the limit and just beyond it.
#[test]
fn hard_and_soft_limits_of_the_trial_file() {
    let rows = [
        ("SCR LB HGB", "19.9 hard, 20 soft, 59.9 soft, 60 fine, 180 fine, 180.1 soft, 250 soft, 250.1 hard"),
        ("SCR LB PLAT", "0 soft, 29 soft, 30 fine, 600 fine, 601 soft, 2000 soft, 2001 hard"),
        ("SCR LB NEUT", "0.49 soft, 0.5 fine, 15 fine, 15.1 soft, 100 soft, 100.1 hard"),
        ("SCR LB ALB", "4.9 hard, 5 soft, 25 fine, 55 fine, 55.1 soft, 70 soft, 70.1 hard"),
        ("SCR LB BILI", "0 fine, 51 fine, 51.1 soft, 1000 soft, 1000.1 hard"),
        ("SCR LB CREAT", "9.9 hard, 10 fine, 177 fine, 177.1 soft, 2000 soft, 2000.1 hard"),
        ("SCR LB ALT", "0 fine, 215 fine, 216 soft, 20000 soft, 20001 hard"),
        ("SCR LB INR", "0.49 hard, 0.5 fine, 2.3 fine, 2.31 soft, 20 soft, 20.1 hard"),
        ("SCR LB K", "0.9 hard, 1 soft, 2.9 soft, 3 fine, 5.5 fine, 5.6 soft, 10 soft, 10.1 hard"),
        ("SCR VS TEMP", "29.9 hard, 30 soft, 35 fine, 39 fine, 39.1 soft, 43 soft, 43.1 hard"),
        ("SCR VS SYSBP", "39 hard, 40 soft, 85 fine, 180 fine, 181 soft, 300 soft, 301 hard"),
        ("SCR VS WEIGHT", "19.9 hard, 250.1 hard, 70 fine"),
    ];
    let mut nurse = lab();
    for (place, steps) in rows {
        for step in steps.split(", ") {
            let (value, expected) = step.split_once(' ').expect("value and verdict");
            assert_eq!(verdict(&mut nurse, place, value), expected, "{place} {value}");
        }
    }
}

#[test]
fn limits_of_the_sbrt_plan() {
    let mut nurse = Nurse::new();
    nurse.fill("RAND RAND", "RANDDAT=2026-03-10 ARM=SBRT");
    nurse.row("RTPLAN RTP", "RTID=RT1 NFX=1");
    for (value, expected) in [("0.05", "hard"), ("0.1", "fine"), ("3000", "fine"), ("3000.1", "hard")] {
        assert_eq!(verdict(&mut nurse, "RTPLAN RTP GTV", value), expected, "GTV {value}");
    }
    nurse.type_in("RTPLAN RTP TOTGY", "0.9");
    for (total, per_fraction) in [("4.9", "soft"), ("5", "fine"), ("18", "fine"), ("18.1", "soft"), ("30.1", "hard")] {
        nurse.type_in("RTPLAN RTP TOTGY", total);
        let said = nurse.findings("RTPLAN RTP GYFX");
        let hard = said.iter().any(|finding| finding.severity == study::Severity::Hard);
        let found = if hard {
            "hard"
        } else if said.is_empty() {
            "fine"
        } else {
            "soft"
        };
        assert_eq!(found, per_fraction, "{total} Gy in one fraction");
    }
}

/// Every factor of the trial file, by what a laboratory in conventional units would report.
#[test]
fn conversion_factors() {
    let convert = |oid: &str, value: &str, unit: &str| {
        let item = STUDY.items.get(oid).expect("an item");
        let from = STUDY.units.iter().find(|one| one.oid == unit).expect("a unit");
        let decimal: rust_decimal::Decimal = value.parse().expect("a number");
        let factor = item.conversions.iter().find(|(one, _)| *one == from.oid).map(|(_, factor)| *factor);
        factor.map(|factor| (decimal * factor).normalize().to_string())
    };
    for (oid, value, unit, expected) in [
        ("IT.LBH.HGB", "12.5", "MU.G_DL", "125"),
        ("IT.LBC.BILI", "0.9", "MU.MG_DL", "15.39"),
        ("IT.LBC.ALB", "3.5", "MU.G_DL", "35"),
        ("IT.LBC.CREAT", "1", "MU.MG_DL", "88.4"),
        ("IT.LBC.UREA", "10", "MU.MG_DL", "3.57"),
        ("IT.LBC.GLUC", "100", "MU.MG_DL", "5.55"),
        ("IT.LBC.CA", "10", "MU.MG_DL", "2.495"),
        ("IT.LBC.MG", "2", "MU.MG_DL", "0.8228"),
        ("IT.LBC.PHOS", "3", "MU.MG_DL", "0.9687"),
        ("IT.LBC.URATE", "5", "MU.MG_DL", "297.4"),
        ("IT.LBT.AFP", "100", "MU.IU_ML", "121"),
        ("IT.LBE.FT4", "1", "MU.NG_DL", "12.87"),
        ("IT.LBE.CORT", "10", "MU.UG_DL", "275.9"),
        ("IT.LBE.TSH", "2.5", "MU.UIU_ML", "2.5"),
        ("IT.VS.WEIGHT", "130", "MU.JIN", "65"),
    ] {
        assert_eq!(convert(oid, value, unit).as_deref(), Some(expected), "{oid}");
    }
    assert_eq!(convert("IT.LBT.PIVKAII", "100", "MU.NG_ML"), None, "depends on the kit");
    assert_eq!(convert("IT.LBV.HBVDNA", "100", "MU.COPIES_ML"), None, "depends on the kit");
}

/// Rules see the standard unit, whatever was typed.
#[test]
fn a_limit_holds_in_any_unit() {
    let mut nurse = lab();
    nurse.type_in("SCR LB BILI", "0.9 mg/dL").fine("SCR LB BILI");
    nurse.type_in("SCR LB BILI", "3.1 mg/dL").soft("SCR LB BILI", "unusually high");
    nurse.type_in("SCR LB HGB", "12.5 g/dL").fine("SCR LB HGB");
    nurse.type_in("SCR VS WEIGHT", "130 jin").fine("SCR VS WEIGHT");
}

#[test]
fn qualifiers_are_kept_and_never_overstated() {
    let mut nurse = lab();
    nurse.type_in("SCR LB AFP", ">60500").fine("SCR LB AFP");
    assert_eq!(nurse.value("SCR LB AFP"), ">60500");
    nurse.fill("SCR LB", "HBSAG=POSITIVE").type_in("SCR LB HBVDNA", "<20 IU/mL");
    assert_eq!(nurse.value("SCR LB HBVDNA"), "<20");
    nurse.type_in("SCR LB ALT", "<5").fine("SCR LB ALT");
}

#[test]
fn a_tenfold_jump_asks_about_the_unit() {
    let mut nurse = lab();
    nurse.type_in("SCR LB ALB", "40");
    nurse.visit("C1D1", "2026-03-12").fill("C1D1 LB", "LBCPERF=Y");
    let words = "Is the unit right?";
    nurse.type_in("C1D1 LB ALB", "36").silent("C1D1 LB ALB", words);
    nurse.type_in("C1D1 LB ALB", "4.0").soft("C1D1 LB ALB", words);
    nurse.type_in("C1D1 LB ALB", "4.1").silent("C1D1 LB ALB", words);
    nurse.type_in("SCR LB ALB", "4").type_in("C1D1 LB ALB", "40").soft("C1D1 LB ALB", words);
}

#[test]
fn body_weight_that_changes_by_more_than_a_tenth() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.type_in("SCR VS WEIGHT", "70").visit("C1D1", "2026-03-12");
    let words = "differs by more than 10 %";
    for (weight, speaks) in [("77", false), ("77.1", true), ("63", false), ("62.9", true)] {
        nurse.type_in("C1D1 VS WEIGHT", weight);
        if speaks {
            nurse.soft("C1D1 VS WEIGHT", words);
        } else {
            nurse.silent("C1D1 VS WEIGHT", words);
        }
    }
}

/// Every limit of every question, on both sides, wherever the form first occurs.
#[test]
fn every_limit_holds_on_both_sides() {
    let mut tried = 0;
    for form in &STUDY.forms {
        let event =
            STUDY.events.iter().find(|event| event.forms.iter().any(|one| one.form == form.oid)).expect("an event");
        let at = format!("{} {}", event.oid.short_name(), form.oid.short_name());
        let groups = form.groups.iter().filter_map(|one| STUDY.groups.get(&one.group));
        for reference in groups.flat_map(|group| &group.items).filter(|reference| reference.method.is_none()) {
            let item = STUDY.items.get(&reference.item).expect("an item");
            for check in item.checks.iter().filter(|check| check.comparator.is_some()) {
                tried += 1;
                both_sides(&at, item, check);
            }
        }
    }
    assert!(tried > 150, "{tried} limits");
}

fn both_sides(at: &str, item: &study::ItemDef, check: &study::Check) {
    let limit: rust_decimal::Decimal = check.values[0].parse().expect("a number");
    let step = if item.kind == study::ItemKind::Integer { 1.into() } else { rust_decimal::Decimal::new(1, 2) };
    let beyond = match check.comparator {
        Some(study::Comparator::Ge) => limit - step,
        Some(study::Comparator::Le) => limit + step,
        other => panic!("{}: {other:?}", check.id),
    };
    let mut nurse = Nurse::new();
    let name = &item.short_name;
    if Nurse::has_rows(at, name) {
        nurse.row(at, &format!("{name}={limit}"));
    } else {
        nurse.fill(at, &format!("{name}={limit}"));
    }
    let place = format!("{at} {name}");
    let speaks = |nurse: &Nurse| nurse.findings(&place).iter().any(|finding| finding.rule == check.id);
    assert!(!speaks(&nurse), "{} at {limit}", check.id);
    // Only asked under another setting of the study.
    if nurse.hides(&place) {
        assert_eq!(name, "PTCTRL");
        return;
    }
    if !beyond.is_sign_negative() {
        nurse.type_in(&place, &beyond.to_string());
        assert!(speaks(&nurse), "{} at {beyond}", check.id);
    }
}
