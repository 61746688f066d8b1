//! Where names lead.

use super::{Draft, Sheet, rules_of};
use crate::rules::Answers;
use crate::value::Truth;
use crate::{Oid, Severity};

/// A trial in miniature.
fn trial(derived: &str) -> Draft {
    let mut draft = Draft::new();
    draft
        .event("SCR", "Scheduled", "No", &["DM", "VS", "TU"], &[])
        .event("C1", "Scheduled", "No", &["VS", "LB"], &[])
        .event(
            "CN",
            "Scheduled",
            "Yes",
            &["VS", "LB"],
            &[
                ("anchor", "event SE.C1"),
                ("offset", "21"),
                ("every", "21"),
                ("until", "rows(\"TR\").exists(r, r.PD == true)"),
            ],
        )
        .event("TA", "Scheduled", "Yes", &["TR"], &[])
        .event("LOG", "Common", "No", &["AE"], &[]);
    draft
        .form("DM", &["DM"])
        .form("VS", &["VS", "VX"])
        .form("LB", &["LB"])
        .form("TU", &["TT"])
        .form("TR", &["TR", "TL"])
        .form("AE", &["AEG", "AE"]);
    draft.group("DM", "No", &["SEX text | : M F", "BIRTH partialDate"]);
    let out = format!("OUT float | = {derived}");
    draft.group("VS", "No", &["WEIGHT float | # GE 20 | # LE 250 | ~ abs(WEIGHT - previous(\"VS\",\"WEIGHT\")) * 10 <= previous(\"VS\",\"WEIGHT\")", &out]);
    draft.group("VX", "No", &["HEIGHT float", "PULSE float"]);
    draft.group("LB", "No", &["ALB float | @ MU.A MU.B=10 MU.C | # LT 70 | # GT 0.5 MU.B"]);
    draft.group("TT", "Yes", &["TID text | : T1 T2 T9", "SIZE float"]);
    draft.group("TR", "No", &["PD boolean", "TOTAL float | = sum(rows(\"TL\").map(t, t.DIAM))"]);
    draft.group(
        "TL",
        "Yes",
        &[
            "LID text | : T1 T2 T9 | ! rows(\"TT\").exists(t, t.TID == LID) | ! rows(\"TL\").filter(r, r.LID == LID).size() == 1",
            "DIAM float",
            "REL float | = DIAM / rows(\"TT\").filter(t, t.TID == LID)[0].SIZE",
        ],
    );
    draft.group("AEG", "No", &["ANY text | : Y N"]);
    draft.group(
        "AE",
        "Yes",
        &["TERM text", "GRADE integer | ? AEG.ANY != \"Y\"", "LAST float | = latest(\"LB\", \"ALB\")"],
    );
    draft
}

fn visits() -> Sheet {
    let mut sheet = Sheet::default();
    sheet.date("SCR", "1", "2024-01-01").date("C1", "1", "2024-01-10").date("CN", "1", "2024-02-01").date(
        "CN",
        "2",
        "2024-02-22",
    );
    sheet
        .set("SCR/VS/VS/WEIGHT", "70")
        .set("SCR/VS/VX/HEIGHT", "1.75")
        .set("C1/VS/VS/WEIGHT", "71")
        .set("CN[1]/VS/VS/WEIGHT", "72")
        .set("CN[2]/VS/VS/WEIGHT", "73")
        .set("C1/LB/LB/ALB", "40")
        .set("CN[2]/LB/LB/ALB", "38");
    sheet
}

fn out(expression: &str, sheet: &Sheet, path: &str) -> Option<String> {
    let (_, rules) = rules_of(&trial(expression));
    let value = rules.derive(&Sheet::place(path), sheet as &dyn Answers).expect("derived").value?;
    Some(value.trim_end_matches('0').trim_end_matches('.').to_owned())
}

#[test]
fn names_lead_to_the_right_cells() {
    let sheet = visits();
    let at = |expression: &str, path: &str| out(expression, &sheet, path);
    assert_eq!(at("WEIGHT", "CN[2]/VS/VS/OUT").as_deref(), Some("73"));
    assert_eq!(at("HEIGHT", "SCR/VS/VS/OUT").as_deref(), Some("1.75"));
    assert_eq!(at("VX.HEIGHT", "SCR/VS/VS/OUT").as_deref(), Some("1.75"));
    assert_eq!(at("VX.HEIGHT", "C1/VS/VS/OUT"), None);
    assert_eq!(at("at(\"SCR\",\"VS\").HEIGHT", "C1/VS/VS/OUT").as_deref(), Some("1.75"));
    assert_eq!(at("at(\"SE.SCR\",\"F.VS\").HEIGHT", "C1/VS/VS/OUT").as_deref(), Some("1.75"));
    assert_eq!(at("LB.ALB", "CN[2]/VS/VS/OUT").as_deref(), Some("38"));
    assert_eq!(at("LB.ALB", "CN[1]/VS/VS/OUT"), None);
    assert_eq!(at("previous(\"VS\",\"WEIGHT\")", "CN[2]/VS/VS/OUT").as_deref(), Some("72"));
    assert_eq!(at("previous(\"VS\",\"WEIGHT\")", "SCR/VS/VS/OUT"), None);
    assert_eq!(at("latest(\"LB\",\"ALB\")", "CN[1]/VS/VS/OUT").as_deref(), Some("40"));
    assert_eq!(at("latest(\"LB\",\"ALB\")", "CN[2]/VS/VS/OUT").as_deref(), Some("38"));
    assert_eq!(at("latest(\"LB\",\"ALB\")", "SCR/VS/VS/OUT"), None);
    assert_eq!(at("baseline(\"VS\",\"WEIGHT\")", "CN[2]/VS/VS/OUT").as_deref(), Some("71"));
    assert_eq!(at("all_rows(\"VS\").size()", "SCR/VS/VS/OUT").as_deref(), Some("4"));
    assert_eq!(
        at("all_rows(\"VS\").filter(r, r.visit_date < visit_date).size()", "CN[1]/VS/VS/OUT").as_deref(),
        Some("2")
    );
    assert_eq!(
        at("all_rows(\"VS\").filter(r, r.visit == \"CN\").map(r, r.visit_repeat)[1]", "SCR/VS/VS/OUT").as_deref(),
        Some("2")
    );
    assert_eq!(at("visit == \"CN\" ? visit_repeat : 0", "CN[2]/VS/VS/OUT").as_deref(), Some("2"));
}

#[test]
fn an_undated_visit_has_no_past() {
    let mut sheet = visits();
    sheet.dates.clear();
    assert_eq!(out("previous(\"VS\",\"WEIGHT\")", &sheet, "CN[2]/VS/VS/OUT"), None);
    assert_eq!(out("baseline(\"VS\",\"WEIGHT\")", &sheet, "CN[2]/VS/VS/OUT"), None);
    assert_eq!(out("latest(\"VS\",\"WEIGHT\")", &sheet, "CN[2]/VS/VS/OUT").as_deref(), Some("73"));
    assert_eq!(out("latest(\"LB\",\"ALB\")", &sheet, "CN[1]/VS/VS/OUT"), None);
}

#[test]
fn rows_are_the_nearest() {
    let (_, rules) = rules_of(&trial("1"));
    let mut sheet = visits();
    sheet.set("SCR/TU/TT[a.1]/TID", "T1").set("SCR/TU/TT[a.1]/SIZE", "20").set("SCR/TU/TT[a.2]/TID", "T2");
    for (visit, size) in [("TA[1]", "18"), ("TA[2]", "12")] {
        sheet.set(&format!("{visit}/TR/TL[a.1]/LID"), "T1").set(&format!("{visit}/TR/TL[a.1]/DIAM"), size);
    }
    let value = |path: &str, sheet: &Sheet| rules.derive(&Sheet::place(path), sheet).expect("derived").value;
    assert_eq!(value("TA[1]/TR/TR/TOTAL", &sheet).as_deref(), Some("18.0000"));
    assert_eq!(value("TA[2]/TR/TR/TOTAL", &sheet).as_deref(), Some("12.0000"));
    assert_eq!(value("TA[2]/TR/TL[a.1]/REL", &sheet).as_deref(), Some("0.6000"));
    let finds = |sheet: &Sheet| {
        rules
            .findings(&Sheet::place("TA[2]/TR/TL[a.1]/LID"), sheet)
            .into_iter()
            .map(|found| found.rule.to_string())
            .collect::<Vec<_>>()
    };
    assert!(finds(&sheet).is_empty());
    sheet.set("TA[2]/TR/TL[b.1]/LID", "T1");
    assert_eq!(finds(&sheet), ["IT.TL.LID#2"]);
    assert_eq!(value("TA[2]/TR/TR/TOTAL", &sheet), None, "a lesion without a size leaves the sum open");
    sheet.set("TA[2]/TR/TL[a.1]/LID", "T9");
    assert_eq!(finds(&sheet), ["IT.TL.LID#1"]);
}

#[test]
fn running_logs_see_the_last_of_all() {
    let (_, rules) = rules_of(&trial("1"));
    let derived = rules.derive(&Sheet::place("LOG/AE/AE[x.1]/LAST"), &visits()).expect("derived");
    assert_eq!(derived.value.as_deref(), Some("38.0000"));
}

#[test]
fn conditions_hide_unless_unknown() {
    let (_, rules) = rules_of(&trial("1"));
    let mut sheet = visits();
    let place = Sheet::place("LOG/AE/AE[x.1]/GRADE");
    assert_eq!(rules.skips(&place, &sheet), Truth::Unknown);
    sheet.set("LOG/AE/AEG/ANY", "Y");
    assert_eq!(rules.skips(&place, &sheet), Truth::No);
    sheet.set("LOG/AE/AEG/ANY", "N");
    assert_eq!(rules.skips(&place, &sheet), Truth::Yes);
    assert_eq!(rules.skips(&Sheet::place("LOG/AE/AE[x.1]/TERM"), &sheet), Truth::No);
    assert_eq!(rules.ends(&Oid::from("SE.CN"), &sheet), Truth::No);
    sheet.set("TA[1]/TR/TR/PD", "true");
    assert_eq!(rules.ends(&Oid::from("SE.CN"), &sheet), Truth::Yes);
}

#[test]
fn findings_name_their_operands() {
    let (study, rules) = rules_of(&trial("1"));
    let mut sheet = visits();
    assert!(rules.findings(&Sheet::place("CN[2]/VS/VS/WEIGHT"), &sheet).is_empty());
    sheet.set("CN[2]/VS/VS/WEIGHT", "60");
    let found = rules.findings(&Sheet::place("CN[2]/VS/VS/WEIGHT"), &sheet);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].rule.as_str(), found[0].severity), ("IT.VS.WEIGHT#3", Severity::Soft));
    let places: Vec<String> = found[0].inputs.iter().map(|input| input.place.to_string()).collect();
    assert_eq!(
        places,
        [Sheet::place("CN[2]/VS/VS/WEIGHT").to_string(), Sheet::place("CN[1]/VS/VS/WEIGHT").to_string()]
    );
    assert_eq!(found[0].words(&study, "en"), "unmet: 60");
    sheet.set("CN[2]/VS/VS/WEIGHT", "300");
    let ids: Vec<String> = rules
        .findings(&Sheet::place("CN[2]/VS/VS/WEIGHT"), &sheet)
        .iter()
        .map(|found| found.rule.to_string())
        .collect();
    assert_eq!(ids, ["IT.VS.WEIGHT#2", "IT.VS.WEIGHT#3"]);
    sheet.clear("CN[2]/VS/VS/WEIGHT");
    assert!(rules.findings(&Sheet::place("CN[2]/VS/VS/WEIGHT"), &sheet).is_empty());
}

#[test]
fn comparisons_know_units() {
    let (_, rules) = rules_of(&trial("1"));
    let unmet = |value: &str, unit: Option<&str>| {
        let mut sheet = Sheet::default();
        match unit {
            None => sheet.set("C1/LB/LB/ALB", value),
            Some(unit) => sheet.set_in("C1/LB/LB/ALB", value, unit),
        };
        rules
            .findings(&Sheet::place("C1/LB/LB/ALB"), &sheet)
            .iter()
            .map(|found| found.rule.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(unmet("40", None), "");
    assert_eq!(unmet("70", None), "IT.LB.ALB#1");
    assert_eq!(unmet("7.0", Some("MU.B")), "IT.LB.ALB#1");
    assert_eq!(unmet("6.9", Some("MU.B")), "");
    assert_eq!(unmet("5", None), "IT.LB.ALB#2", "0.5 in the other unit is 5 here, and 5 is not greater");
    assert_eq!(unmet("0.4", Some("MU.B")), "IT.LB.ALB#2");
    assert_eq!(unmet("0.4", Some("MU.C")), "", "no factor, no finding");
    assert_eq!(unmet("<70", None), "");
    assert_eq!(unmet(">80", None), "IT.LB.ALB#1");
    assert_eq!(unmet("not a number", None), "");
}

#[test]
fn what_was_compared_is_told_in_its_unit() {
    let (study, rules) = rules_of(&trial("1"));
    let shown = |value: &str, unit: &str| {
        let mut sheet = Sheet::default();
        sheet.set_in("C1/LB/LB/ALB", value, unit);
        let found = rules.findings(&Sheet::place("C1/LB/LB/ALB"), &sheet);
        found.first().and_then(|found| found.inputs.first()?.shown(&study, "en"))
    };
    assert_eq!(shown("7.5", "MU.B").as_deref(), Some("75 uA"));
    assert_eq!(shown("7.5", "MU.A"), None);
    assert_eq!(shown("0.5", "MU.C"), None);
}

#[test]
fn traces_say_what_went_in_and_what_is_waited_for() {
    let (study, rules) = rules_of(&trial("round(WEIGHT / pow(at(\"SCR\",\"VS\").HEIGHT, 2), 1) + LB.ALB"));
    let mut sheet = visits();
    sheet.clear("C1/LB/LB/ALB");
    let derived = rules.derive(&Sheet::place("C1/VS/VS/OUT"), &sheet).expect("derived");
    assert_eq!(derived.value, None);
    let trace = derived.trace(&study, "en");
    assert!(trace.ends_with("; Ask WEIGHT 71, Ask HEIGHT 1.75; waits for Ask ALB"), "{trace}");
    sheet.set_in("C1/LB/LB/ALB", "4", "MU.B");
    let derived = rules.derive(&Sheet::place("C1/VS/VS/OUT"), &sheet).expect("derived");
    assert_eq!(derived.value.as_deref(), Some("63.2000"));
    assert!(derived.trace(&study, "zh-CN").ends_with("；Ask WEIGHT 71，Ask HEIGHT 1.75，Ask ALB 40 uA"));
}
