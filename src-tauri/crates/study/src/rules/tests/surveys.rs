//! Functions that look at the whole casebook: who is asked again, what they looked at, what they say.

use super::{Draft, Sheet};
use crate::rules::{Answers, Change, Functions, Kind, Survey, Surveyed};
use crate::value::{Value, read_decimal};
use crate::{FormKey, MetaDataVersion, Oid, Study, Text};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Sum of an item over all forms.
struct Total;

impl Survey for Total {
    fn reads(&self) -> Vec<Oid> {
        vec!["IT.M.A".into()]
    }

    fn reads_dates(&self) -> bool {
        false
    }

    fn words(&self) -> &'static [&'static str] {
        &["A"]
    }

    fn ask(&self, _: &FormKey, _: &[Option<Value>], answers: &dyn Answers) -> Surveyed {
        let forms = answers.forms(&"F.M".into());
        let values = forms.iter().filter_map(|form| {
            let answer = answers.cell(&form.cell("IG.M", "1", "IT.M.A"))?;
            read_decimal(&answer.value).ok()
        });
        let total: Decimal = values.sum();
        Surveyed {
            value: Some(total.into()),
            words: Text::new("en", &format!("{total} in all")),
            ..Surveyed::default()
        }
    }
}

fn functions() -> Functions {
    let mut functions = Functions::default();
    functions.add_survey("total", &[Kind::Text], Kind::Number, |study: &MetaDataVersion| {
        match study.setting("TOTAL") {
            Some("no") => Err("the setting TOTAL forbids it".to_owned()),
            _ => Ok(Arc::new(Total)),
        }
    });
    functions
}

fn draft(check: &str) -> Draft {
    let mut draft = Draft::new();
    draft.event("V", "Scheduled", "Yes", &["M", "L"], &[]).form("M", &["M"]).form("L", &["L"]);
    draft.group("M", "No", &["A float"]).group("L", "No", &[&format!("WEIGHT float | ~ {check}")]);
    draft
}

fn sheet() -> Sheet {
    let mut sheet = Sheet::default();
    sheet.set("V[1]/M/M/A", "3").set("V[2]/M/M/A", "4").set("V[1]/L/L/WEIGHT", "8").set("V[2]/L/L/WEIGHT", "7");
    sheet
}

#[test]
fn a_change_anywhere_asks_everywhere() {
    let study = draft("WEIGHT == total(\"A\")").read_with(&functions()).expect("a study");
    let rules = study.rules();
    let asked = rules.affected(&[Change::Cell(Sheet::place("V[2]/M/M/A"))], &sheet());
    assert_eq!(asked.len(), 2);
    assert_eq!(rules.affected(&[Change::Cell(Sheet::place("V[2]/L/L/WEIGHT"))], &sheet()).len(), 1);
}

#[test]
fn what_was_looked_at_is_an_operand_and_the_reason_is_said() {
    let mut study = draft("WEIGHT == total(\"A\")").xml();
    study = study.replace("unmet: {WEIGHT}", "{WEIGHT}, but {total}");
    let study = Study::read("draft.xml", study.as_bytes(), &functions()).expect("a study");
    let found = study.rules().findings(&Sheet::place("V[1]/L/L/WEIGHT"), &sheet());
    assert_eq!(found[0].words(&study, "zh-CN"), "8, but 7 in all");
    let inputs: Vec<String> = found[0].inputs.iter().map(|input| input.place.to_string()).collect();
    let wanted = ["V[1]/L/L/WEIGHT", "V[1]/M/M/A", "V[2]/M/M/A"].map(|path| Sheet::place(path).to_string());
    assert_eq!(inputs, wanted);
    assert!(study.rules().findings(&Sheet::place("V[2]/L/L/WEIGHT"), &sheet()).is_empty());
}

#[test]
fn faults_are_found_when_the_study_is_read() {
    let reasons = |draft: &Draft| match draft.read_with(&functions()) {
        Ok(_) => String::new(),
        Err(faults) => faults.iter().map(|fault| fault.reason.clone()).collect::<Vec<_>>().join("; "),
    };
    assert_eq!(reasons(draft("WEIGHT == total(\"A\")").setting("TOTAL", "no")), "total: the setting TOTAL forbids it");
    assert_eq!(reasons(&draft("WEIGHT == total(\"B\")")), "total: the first argument is one of A");
    assert!(reasons(&draft("WEIGHT == total()")).contains("takes 1 arguments"));
    assert!(reasons(&draft("total(\"A\") == \"x\"")).contains("is compared with"));
}
