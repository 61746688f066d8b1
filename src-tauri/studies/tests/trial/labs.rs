//! Laboratory panels: each analyte with its limits, its jumps of unit and its judgement.

use crate::nurse::{Nurse, STUDY};
use study::{AnalytePart, GroupDef, ItemDef};

/// The panels with the items that hold results.
fn results() -> impl Iterator<Item = (&'static GroupDef, &'static ItemDef, &'static str)> {
    STUDY.groups.iter().flat_map(|group| {
        let items = group.items.iter().filter_map(|at| STUDY.items.get(&at.item));
        items.filter_map(move |item| Some((group, item, item.analyte()?)))
    })
}

fn beside(group: &GroupDef, code: &str, part: AnalytePart) -> Option<&'static ItemDef> {
    STUDY.analyte_item(group, code, part)
}

fn panels_done(nurse: &mut Nurse, visit: &str) {
    let done = "LBHPERF=Y LBCPERF=Y LBGPERF=Y LBEPERF=Y LBTPERF=Y LBVPERF=Y";
    nurse.fill(&format!("{visit} LB"), done);
}

/// The analytes of the trial's casebook; what depends on the kit has no factor.
#[test]
fn every_analyte_of_the_casebook_is_asked_in_the_right_unit() {
    let named = "HGB WBC NEUT LYM PLAT BILI BILDIR ALB ALT AST ALP GGT CREAT UREA K SODIUM GLUC CA MG PHOS URATE PT INR \
                 APTT FIB FT4 TSH CORT AFP PIVKAII HBVDNA";
    let found: Vec<&str> = results().map(|(_, _, code)| code).collect();
    assert_eq!(found.join(" "), named);
    for (group, item, code) in results() {
        let kit = matches!(code, "PIVKAII" | "HBVDNA");
        let factors = item.units.len().saturating_sub(1);
        assert_eq!(item.conversions.len(), if kit { 0 } else { factors }, "{code}");
        for part in [AnalytePart::Low, AnalytePart::High] {
            let Some(limit) = beside(group, code, part) else {
                assert_eq!(code, "HBVDNA", "has limits");
                continue;
            };
            assert_eq!((&limit.units, &limit.conversions), (&item.units, &item.conversions), "{code}");
        }
    }
}

#[test]
fn a_tenfold_and_a_thousandfold_jump_of_every_analyte_ask_for_the_unit() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.visit("C1D1", "2026-03-12");
    panels_done(&mut nurse, "SCR");
    panels_done(&mut nurse, "C1D1");
    nurse.fill("SCR LB", "HBSAG=POSITIVE").fill("C1D1 LB", "HBSAG=POSITIVE");
    for (_, item, code) in results() {
        let (before, now) = (format!("SCR LB {}", item.short_name), format!("C1D1 LB {}", item.short_name));
        let words = "Is the unit right?";
        // A viral load falls by decades under treatment: only a thousandfold jump asks.
        let (quiet, speaks): (&[&str], &[&str]) = match code {
            "HBVDNA" => (&["100", "10001", "999999"], &["10000000", "1000000", "10", "1"]),
            _ => (&["10000", "99999", "1001"], &["100000", "10000000", "1000", "10"]),
        };
        nurse.type_in(&before, if code == "HBVDNA" { "1000" } else { "10000" });
        for value in quiet {
            let value = if code == "HBVDNA" && *value == "10001" { "2" } else { value };
            nurse.type_in(&now, value).silent(&now, words);
        }
        for value in speaks.iter().filter(|value| code != "HBVDNA" || **value != "10") {
            nurse.type_in(&now, value).soft(&now, words);
        }
    }
}

#[test]
fn limits_stand_in_order_and_judgement_is_asked_where_a_value_lies_outside() {
    for (group, item, code) in results().filter(|(_, _, code)| *code != "HBVDNA") {
        let mut nurse = Nurse::at("SCR", "2026-03-02");
        panels_done(&mut nurse, "SCR");
        let place = |part| format!("SCR LB {}", beside(group, code, part).expect("stands beside").short_name);
        let (low, high, judged) = (place(AnalytePart::Low), place(AnalytePart::High), place(AnalytePart::Significance));
        let value = format!("SCR LB {}", item.short_name);
        nurse.type_in(&low, "40").type_in(&high, "40").hard(&high, "is not above the lower limit");
        nurse.type_in(&high, "50").silent(&high, "is not above the lower limit");
        for (typed, asked) in [("40", false), ("50", false), ("39.9", true), ("50.1", true), ("45", false)] {
            nurse.type_in(&value, typed);
            assert_eq!(!nurse.hides(&judged), asked, "{code} {typed}");
        }
    }
}

#[test]
fn a_panel_without_significance_must_not_hold_a_significant_value() {
    for (panel, code) in [("LBH", "HGB"), ("LBC", "CREAT"), ("LBG", "INR"), ("LBE", "TSH")] {
        let mut nurse = Nurse::at("SCR", "2026-03-02");
        panels_done(&mut nurse, "SCR");
        nurse.fill("SCR LB", &format!("{code}HI=1 {code}=20 {code}CS=Y {panel}CS=N"));
        let place = format!("SCR LB {panel}CS");
        nurse.soft(&place, "a value above is marked clinically significant");
        nurse.fill("SCR LB", &format!("{code}CS=N")).silent(&place, "is marked clinically significant");
    }
}
