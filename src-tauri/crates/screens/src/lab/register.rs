//! The register of laboratory limits as a screen.

use casebook::TrialState;
use casebook::act::LabRangeSet;
use study::{AnalytePart, ItemDef, Oid, Study};

use crate::labels;
use crate::messages::{Choice, LabAnalyte, LabLine, LabRegister};

/// The register with what a new line may name.
pub fn register(study: &Study, trial_state: &TrialState, lang: &str) -> LabRegister {
    let ranges = trial_state.ranges();
    let lines = ranges.iter().map(|(id, origin, range)| LabLine {
        id: id.hex(),
        lab: range.lab.clone(),
        analyte: range.analyte.clone(),
        question: question(study, &range.analyte, lang),
        sex: range.sex.clone().unwrap_or_default(),
        from: range.from.clone().unwrap_or_default(),
        to: range.to.clone().unwrap_or_default(),
        low: range.low.clone().unwrap_or_default(),
        high: range.high.clone().unwrap_or_default(),
        unit: labels::unit(study, range.unit.as_ref().or(standard_unit(study, &range.analyte)), lang),
        by: trial_state.name_of(&origin.log, &origin.by).to_owned(),
        at: origin.at.local(origin.tz),
        disputed: ranges.iter().any(|(_, _, other)| disputes(range, other)),
    });
    LabRegister {
        labs: trial_state.laboratories().into_iter().map(str::to_owned).collect(),
        analytes: limited_analytes(study, lang),
        sexes: sexes(study, lang),
        lines: lines.collect(),
    }
}

/// Whether two lines may hold on one day for one person and say different things.
fn disputes(a: &LabRangeSet, b: &LabRangeSet) -> bool {
    let before =
        |end: &Option<String>, start: &Option<String>| end.as_ref().zip(start.as_ref()).is_some_and(|(e, s)| e < s);
    let apart = before(&a.to, &b.from) || before(&b.to, &a.from);
    (&a.lab, &a.analyte, &a.sex) == (&b.lab, &b.analyte, &b.sex)
        && !apart
        && (&a.low, &a.high, &a.unit) != (&b.low, &b.high, &b.unit)
}

/// The item that holds a limit of an analyte.
pub fn limit_item<'s>(study: &'s Study, analyte: &str) -> Option<&'s ItemDef> {
    let holds = |item: &&ItemDef| {
        [AnalytePart::Low, AnalytePart::High].iter().any(|part| item.analyte_part(*part) == Some(analyte))
    };
    study.items.iter().find(holds)
}

fn standard_unit<'s>(study: &'s Study, analyte: &str) -> Option<&'s Oid> {
    limit_item(study, analyte)?.standard_unit()
}

fn question(study: &Study, analyte: &str, lang: &str) -> String {
    let found = study.analytes().find(|(known, _)| *known == analyte);
    found.map_or_else(|| analyte.to_owned(), |(_, item)| item.question(lang).to_owned())
}

/// The analytes that may have limits.
fn limited_analytes(study: &Study, lang: &str) -> Vec<LabAnalyte> {
    asked_analytes(study, lang).into_iter().filter(|analyte| limit_item(study, &analyte.code).is_some()).collect()
}

/// The analytes that the study asks for, in the order of the file.
pub fn asked_analytes(study: &Study, lang: &str) -> Vec<LabAnalyte> {
    let mut found: Vec<LabAnalyte> = Vec::new();
    for (code, item) in study.analytes() {
        if found.iter().all(|known| known.code != code) {
            let units = item.units.iter().map(|unit| labels::unit(study, Some(unit), lang)).collect();
            found.push(LabAnalyte { code: code.to_owned(), question: item.question(lang).to_owned(), units });
        }
    }
    found
}

/// The codes of the subject's sex.
pub fn sexes(study: &Study, lang: &str) -> Vec<Choice> {
    let item = study.meanings.one("subject.sex").and_then(|oid| study.items.get(oid));
    let Some(list) = item.and_then(|item| study.codelist_of(item)) else { return Vec::new() };
    let choice =
        |choice: &study::Choice| Choice { code: choice.code.to_string(), label: choice.label(lang).to_owned() };
    list.choices.iter().map(choice).collect()
}
