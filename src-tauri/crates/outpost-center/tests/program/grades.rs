//! `outpost-center grade` held against the engine it speaks for, and against what any grade must be.

use crate::cli::{good, path, run};
use oncology::ctcae::{self, Case, Proposal, Unit, propose, propose_all, rules};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use tempfile::TempDir;

/// What a laboratory sends of a value besides the value.
#[derive(Clone, Debug)]
struct Around {
    lln: Decimal,
    uln: Decimal,
    baseline: Option<Decimal>,
    symptoms: Option<bool>,
}

fn around() -> impl Strategy<Value = Around> {
    let tenths = |range: std::ops::Range<i64>| range.prop_map(|tenths| Decimal::new(tenths, 1));
    let part = (tenths(1..900), tenths(1..900), proptest::option::of(tenths(1..4_000)), any::<Option<bool>>());
    part.prop_map(|(lln, more, baseline, symptoms)| Around { lln, uln: lln + more, baseline, symptoms })
}

impl Around {
    fn case<'a>(&self, analyte: &'a str, value: Decimal, unit: Unit) -> Case<'a> {
        let (lln, uln) = (Some(self.lln), Some(self.uln));
        let (baseline, symptoms) = (self.baseline, self.symptoms);
        Case { unit: Some(unit), lln, uln, baseline, symptoms, ..Case::new(analyte, value) }
    }

    fn row(&self, subject: usize, analyte: &str, value: Decimal, unit: &str) -> String {
        let yes = |yes: bool| if yes { "Y" } else { "N" };
        let baseline = self.baseline.map(|value| value.to_string()).unwrap_or_default();
        let (lln, uln, symptoms) = (self.lln, self.uln, self.symptoms.map(yes).unwrap_or_default());
        format!("{subject},{analyte},{value},{unit},{lln},{uln},{baseline},{symptoms}\n")
    }
}

const HEADS: &str = "subject,analyte,value,unit,lln,uln,baseline,symptoms\n";

/// The lines that the program prints of rows, without the heads.
fn graded(rows: &str, options: &[&str]) -> Vec<csv::StringRecord> {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "labs.csv");
    fs::write(&file, format!("{HEADS}{rows}")).expect("written");
    let out = good(&[&["grade", &file], options].concat());
    csv::Reader::from_reader(out.as_bytes()).records().map(|row| row.expect("a row")).collect()
}

/// What a line says of a proposal: term, grade, grade with symptoms, rule.
fn said(found: &Proposal) -> Vec<String> {
    let digit = |grade: Option<u8>| grade.map(|grade| grade.to_string()).unwrap_or_default();
    vec![found.term.to_owned(), digit(found.grade), digit(found.with_symptoms), found.comparison()]
}

fn told(line: &csv::StringRecord) -> Vec<String> {
    (5..9).map(|column| line[column].to_owned()).collect()
}

/// Codes of every analyte that a rule is about, with the unit of the rule's first limits.
fn analytes() -> BTreeMap<&'static str, Unit> {
    rules().map(|rule| (rule.analytes[0], rule.units[0])).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Of every analyte, whatever stands around the value: the program prints what the engine says, and a value that lies
    /// further from normal never gets a lower grade.
    #[test]
    fn every_grade_is_the_engine_s_and_rises_with_the_value(
        around in around(),
        values in proptest::collection::btree_set(1i64..60_000, 2..12),
    ) {
        let values: Vec<Decimal> = values.into_iter().map(|hundredths| Decimal::new(hundredths, 2)).collect();
        let (mut rows, mut worst, mut all) = (String::new(), Vec::new(), Vec::new());
        for (&analyte, &unit) in &analytes() {
            for (place, &value) in values.iter().enumerate() {
                let symbol = unit.symbol();
                let case = around.case(analyte, value, ctcae::unit(symbol).expect("its own spelling"));
                rows += &around.row(place, analyte, value, symbol);
                worst.extend(propose(&case).iter().map(said));
                all.extend(propose_all(&case).iter().map(|found| (analyte, said(found))));
            }
        }
        prop_assert_eq!(graded(&rows, &[]).iter().map(told).collect::<Vec<_>>(), worst);
        let every = graded(&rows, &["--every-term"]);
        let lines: Vec<_> = every.iter().map(|line| (&line[1], told(line))).collect();
        prop_assert!(lines == all, "{:?}", lines.iter().zip(&all).find(|(one, other)| one != other));
        for rule in rules() {
            let of_rule = every.iter().filter(|line| &line[1] == rule.analytes[0] && &line[5] == rule.term);
            let grades: Vec<u8> = of_rule.filter_map(|line| line[6].parse().ok()).collect();
            let mut sorted = grades.clone();
            sorted.sort_unstable();
            if !rule.is_high() {
                sorted.reverse();
            }
            prop_assert_eq!(&grades, &sorted, "{} over {:?} with {:?}", rule.key(), values, around);
        }
    }
}

/// Spellings of a number: what is one is graded as that number, what is none is never taken for another.
#[test]
fn a_number_is_read_as_it_is_written_or_not_at_all() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "labs.csv");
    for (value, read) in [
        ("130", true),
        ("130.0", true),
        ("0130", true),
        ("+130", true),
        ("130.", true),
        ("1.3e2", true),
        ("1.3E+02", true),
        ("\" 130 \"", true),
        ("1_30", false),
        ("1__30", false),
        ("_130", false),
        ("130_", false),
        ("1 30", false),
        ("\"130,0\"", false),
        ("0x82", false),
        ("１３０", false),
        ("NaN", false),
        ("inf", false),
        ("-", false),
        ("", false),
        ("<", false),
        ("<<130", false),
        ("130 U/L", false),
        ("79228162514264337593543950336", false),
    ] {
        fs::write(&file, format!("analyte,value,unit,lln,uln,baseline\nALT,{value},U/L,7,40,38\n")).expect("written");
        let (code, out, errors) = run(&["grade", &file]);
        let line = out.lines().nth(1).unwrap_or_else(|| panic!("{value}: a line: {errors}"));
        let as_expected =
            if read { line.contains("increased,2,") } else { line.contains("not read: value is no number") };
        assert!(as_expected && code == i32::from(!read), "{value}: {code} {line}");
        assert_eq!(errors.is_empty(), read, "{value}: {errors}");
    }
    for (head, cell) in
        [("lln", "7_0"), ("uln", "4O"), ("baseline", "3_8"), ("symptoms", "perhaps"), ("albumin", "4-0")]
    {
        fs::write(&file, format!("analyte,value,{head}\nALT,130,{cell}\n")).expect("written");
        let (code, out, errors) = run(&["grade", &file]);
        assert!(code == 1 && errors.starts_with(&format!("line 2: {head} is n")), "{head}: {errors}");
        assert!(out.contains(&format!("not read: {head} is n")), "{out}");
    }
}

/// No number is too large, too small or too long to be answered.
#[test]
fn the_ends_of_the_number_line_are_answered() {
    let most = "79228162514264337593543950335";
    let least = "0.0000000000000000000000000001";
    let mut rows = String::new();
    let numbers = [most, least, "0", "-1", &format!("-{most}")];
    for (&analyte, unit) in &analytes() {
        for value in numbers {
            for limit in numbers {
                let symbol = unit.symbol();
                writeln!(rows, "s,{analyte},{value},{symbol},{limit},{limit},{limit},").expect("a string takes all");
            }
        }
    }
    let lines = graded(&rows, &["--worst-case"]);
    assert_eq!(lines.len(), analytes().len() * 25);
    assert!(lines.iter().all(|line| !line[10].is_empty()), "each says why");
}

#[test]
fn a_file_that_is_no_table_is_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "labs.csv");
    for (bytes, why) in [
        (&b""[..], "there is no column \"analyte\""),
        (b"analyte\nALT\n", "there is no column \"value\""),
        (b"analyte,value\nALT,\xFF\xFE\n", "UTF-8"),
        (b"\xFF\xFEa\0n\0a\0l\0", "labs.csv: "),
        (b"PK\x03\x04\0\0\0\0", "there is no column \"analyte\""),
    ] {
        fs::write(&file, bytes).expect("written");
        let (code, _, errors) = run(&["grade", &file]);
        assert!(code == 2 && errors.contains(why), "{why}: {code} {errors}");
    }
    assert_eq!(ctcae::unit("furlong"), None);
    fs::write(&file, "analyte,value,unit,uln\nALT,130,furlong,40\nHGB,7,furlong,\nXYZ,7,,\n").expect("written");
    let out = good(&["grade", &file]);
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[1].contains("increased,2,"), "a ratio needs no known unit: {}", lines[1]);
    assert!(lines[2].contains("Anemia,,"), "a fixed limit does: {}", lines[2]);
    assert!(lines[3].contains("CTCAE 5.0 does not grade this analyte by a number"), "{}", lines[3]);
}
