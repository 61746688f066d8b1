//! How a laboratory's file is read: guessed from its head, corrected by a person, remembered for the next file.

use std::collections::BTreeSet;

use exchange::read::Table;
use screens::labels;
use screens::messages::{LabMapping, LabPair};
use study::Study;

/// Names by which laboratories head their columns, in lower case.
const HEADS: [(&str, &[&str]); 7] = [
    ("subject", &["subject", "subjid", "subject id", "patient", "受试者", "受试者编号", "受试者号"]),
    (
        "date",
        &["date", "sample date", "collection date", "lbdtc", "采样日期", "采集日期", "采样时间", "检验日期", "日期"],
    ),
    ("test", &["test", "analyte", "item", "lbtestcd", "lbtest", "检验项目", "项目", "项目名称"]),
    ("result", &["result", "value", "lborres", "结果", "检验结果"]),
    ("unit", &["unit", "units", "lborresu", "单位"]),
    ("low", &["low", "lower limit", "lln", "lbornrlo", "下限", "参考下限"]),
    ("high", &["high", "upper limit", "uln", "lbornrhi", "上限", "参考上限"]),
];

/// The mapping that a file's own words suggest.
pub(super) fn guess(study: &Study, table: &Table, lab: &str) -> LabMapping {
    let column = |wanted: &str| {
        let names = HEADS.iter().find(|(name, _)| *name == wanted).map_or(&[][..], |(_, names)| names);
        table.head.iter().find(|head| names.contains(&head.to_lowercase().as_str())).cloned().unwrap_or_default()
    };
    let mapping = LabMapping {
        lab: lab.to_owned(),
        subject: column("subject"),
        date: column("date"),
        test: column("test"),
        result: column("result"),
        unit: column("unit"),
        low: column("low"),
        high: column("high"),
        tests: Vec::new(),
        units: Vec::new(),
    };
    complete(study, table, mapping)
}

/// Adds the tests and units of the file that the mapping does not know yet; what a person said of the others stays.
pub(super) fn complete(study: &Study, table: &Table, mut mapping: LabMapping) -> LabMapping {
    let words = |column: &str| -> BTreeSet<String> {
        let at = table.column(column);
        table.rows.iter().filter_map(|(_, row)| row.get(at?)).filter(|word| !word.is_empty()).cloned().collect()
    };
    for said in words(&mapping.test) {
        if mapping.tests.iter().all(|pair| pair.said != said) {
            mapping.tests.push(LabPair { meant: analyte(study, &said), said });
        }
    }
    for said in words(&mapping.unit) {
        if mapping.units.iter().all(|pair| pair.said != said) {
            mapping.units.push(LabPair { meant: said.clone(), said });
        }
    }
    mapping
}

/// The analyte that a test's name gives by itself: its code, or the question in a language of the study.
fn analyte(study: &Study, said: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(said);
    let named = |item: &study::ItemDef| {
        let questions = study.languages.iter().map(|lang| item.question(lang));
        questions.chain([item.name.as_str()]).any(|name| {
            let bare = name.split(['(', '（']).next().unwrap_or(name);
            plain(name) == wanted || plain(bare) == wanted
        })
    };
    let found = study.analytes().find(|(code, item)| plain(code) == wanted || named(item));
    found.map(|(code, _)| code.to_owned()).unwrap_or_default()
}

/// The symbols of all units that the analytes of the study have.
pub(super) fn units(study: &Study, lang: &str) -> Vec<String> {
    let of = study.analytes().flat_map(|(_, item)| &item.units);
    let symbols: BTreeSet<String> = of.map(|unit| labels::unit(study, Some(unit), lang)).collect();
    symbols.into_iter().collect()
}
