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
        ("１３０", true),
        ("１３０．０", true),
        ("１_３０", false),
        ("NaN", false),
        ("inf", false),
        ("-", false),
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

/// No number is too large, too small or too long to be answered; what can't be is refused with its line.
#[test]
fn the_ends_of_the_number_line_are_answered() {
    let most = "79228162514264337593543950335";
    let least = "0.0000000000000000000000000001";
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "labs.csv");
    let mut rows = String::from(HEADS);
    let numbers = [most, least, "0", "-1", &format!("-{most}")];
    for (&analyte, unit) in &analytes() {
        for value in numbers {
            for limit in numbers {
                let symbol = unit.symbol();
                writeln!(rows, "s,{analyte},{value},{symbol},{limit},{limit},{limit},").expect("a string takes all");
            }
        }
    }
    fs::write(&file, rows).expect("written");
    let (code, out, errors) = run(&["grade", &file, "--worst-case"]);
    let lines: Vec<_> =
        csv::Reader::from_reader(out.as_bytes()).into_records().map(|row| row.expect("a row")).collect();
    assert_eq!((code, lines.len()), (1, analytes().len() * 25));
    assert!(lines.iter().all(|line| !line[10].is_empty()), "each says why");
    let graded = lines.iter().filter(|line| !line[10].starts_with("not read")).count();
    assert_eq!(graded, analytes().len() * 6, "three results by two limits are above zero, or zero");
    assert_eq!(errors.lines().count(), analytes().len() * 19);
}

/// W7: what no laboratory can have measured, or printed as a limit, is never graded.
#[test]
fn w7_impossible_results_and_limits_are_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "labs.csv");
    for (row, why) in [
        ("ALT,25,U/L,,0,", "uln is not above zero"),
        ("HGB,12,g/dL,,0,", "uln is not above zero"),
        ("LDH,200,U/L,,-40,", "uln is not above zero"),
        ("HGB,-12,g/dL,,,", "value is below zero"),
        ("ALT,<-5,U/L,,40,", "value is below zero"),
        ("K,4,mmol/L,-3.5,5.1,", "lln is below zero"),
        ("K,4,mmol/L,5.1,3.5,", "lln is above uln"),
        ("ALT,25,U/L,,40,-3", "baseline is below zero"),
    ] {
        fs::write(&file, format!("analyte,value,unit,lln,uln,baseline\n{row}\nALT,130,U/L,0,40,\n")).expect("written");
        let (code, out, errors) = run(&["grade", &file]);
        assert_eq!((code, errors.starts_with(&format!("line 2: {why}"))), (1, true), "{row}: {errors}");
        let lines: Vec<&str> = out.lines().collect();
        assert!(
            lines[1].contains("not read: ") && lines[2].contains("increased,2,"),
            "{row}: the other is graded: {out}"
        );
    }
}

/// W8: a code that is none is a slip and never "not graded"; synonyms are graded as what they are; that the CTCAE grades
/// nothing is said only where its spreadsheet has no such term.
#[test]
fn w8_an_unknown_analyte_is_a_slip() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "labs.csv");
    for (code, near) in
        [("ATL", Some("ALT")), ("PLTT", Some("PLT")), ("ASTT", Some("AST")), ("QWERTZ", None), ("", None)]
    {
        fs::write(&file, format!("subject,analyte,value\ns,{code},900\n")).expect("written");
        let (exit, out, errors) = run(&["grade", &file]);
        assert!(exit == 1 && errors.starts_with("line 2: analyte is no code that is known"), "{code}: {errors}");
        assert!(
            near.is_none_or(|near| errors.contains(near)) && !out.contains("does not grade"),
            "{code}: {out} {errors}"
        );
    }
    for (synonym, code) in
        [("SGPT", "ALT"), ("gpt", "ALT"), ("ALAT", "ALT"), ("GOT", "AST"), ("PLT", "PLAT"), ("HB", "HGB")]
    {
        let row = |code: &str| graded(&format!("s,{code},30,g/L,35,40,,\n"), &[]).iter().map(told).collect::<Vec<_>>();
        assert_eq!(row(synonym), row(code), "{synonym}");
        assert!(!row(code)[0][0].is_empty(), "{code} is graded");
    }
    for code in ["AFP", "BUN", "CRP"] {
        let line = &graded(&format!("s,{code},30,g/L,35,40,,\n"), &[])[0];
        assert!(line[10].contains("CTCAE 5.0 does not grade this analyte by a number"), "{code}");
    }
    let grade = |row: &str| graded(&format!("s,{row},\n"), &[])[0][6].to_owned();
    assert_eq!(grade("EOS,0.9,10^9/L,,0.5,0.3"), "1");
    assert_eq!(grade("EOS,0.9,10^9/L,,0.5,1.2"), "0", "above the limit, not above the baseline");
    assert_eq!(grade("EOS,0.9,10^9/L,,0.5,"), "", "without a baseline nobody knows");
    for (value, wanted) in
        [("95", "0"), ("89", "1"), ("60", "1"), ("59", "2"), ("30", "2"), ("29", "3"), ("15", "3"), ("14", "4")]
    {
        assert_eq!(grade(&format!("EGFR,{value},mL/min/1.73 m²,90,,")), wanted, "{value}");
    }
}

/// W9 and finding 7 of the clinic: units as laboratories spell them, one reading for each.
#[test]
fn w9_units_are_read_as_laboratories_spell_them() {
    let giga = [
        "10^9/L",
        "×10⁹/L",
        "x10E9/L",
        "10e9/L",
        "10*9/L",
        "X10^9/L",
        "G/L",
        "Gpt/L",
        "K/uL",
        "K/µL",
        "K/μL",
        "10³/mm³",
        "10^3/uL",
        "10³/µL",
        "x 10^9 /L",
    ];
    for unit in giga {
        assert_eq!(ctcae::unit(unit), Some(Unit::GigaPerLitre), "{unit}");
        assert_eq!(graded(&format!("s,PLAT,70,{unit},125,350,,\n"), &[])[0][6].to_owned(), "2", "{unit}");
    }
    for (unit, read) in [("g/L", Unit::GramPerLitre), ("g/l", Unit::GramPerLitre), ("μmol/l", Unit::MicromolePerLitre)]
    {
        assert_eq!(ctcae::unit(unit), Some(read));
    }
    let grams = &graded("s,PLAT,70,g/L,125,350,,\n", &[])[0];
    assert!(grams[6].is_empty() && grams[10].contains("the unit is not one of the rule's"), "{grams:?}");
    // 11.2 mmol/L are 180 g/L: 20 above the limit, of 9.93 mmol/L.
    assert_eq!(graded("s,HGB,11.3,mmol/L,7.5,9.93,,\n", &[])[0][6].to_owned(), "2", "an increase, counted in mmol/L");
}

/// W11: what is typed with Chinese input, and results at a limit of what was measured, are graded as far as that goes.
#[test]
fn w11_signs_before_a_number_are_read() {
    for (value, wanted) in [
        ("<75", "2"),
        ("＜７５", "2"),
        ("<=75", "1"),
        ("≤75", "1"),
        ("≤74", "2"),
        ("＜=74", "2"),
        (">350", "0"),
        ("≥125", "0"),
        ("≥124", ""),
    ] {
        assert_eq!(graded(&format!("s,PLAT,{value},10^9/L,125,350,,\n"), &[])[0][6].to_owned(), wanted, "{value}");
    }
}

/// W6, W5, W10, W11: a table is read as it stands or its row is refused, whatever its delimiter, encoding and ends of lines.
#[test]
fn w6_a_row_of_another_width_is_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "labs.csv");
    let write = |text: &str| fs::write(&file, text).expect("written");
    write("analyte,value,unit,uln\r\n\r\nBILI,3,9,mg/dL,1.2\r\nBILI,3.9,mg/dL\r\nBILI,3.9,mg/dL,1.2\r\n");
    let (code, out, errors) = run(&["grade", &file]);
    assert_eq!((code, out.lines().count()), (1, 4));
    assert_eq!(
        errors,
        "line 3: another number of columns than in the head\nline 4: another number of columns than in the head\n"
    );
    assert!(out.lines().nth(3).is_some_and(|line| line.contains("increased,3,")), "{out}");
    write("analyte;value;unit;uln\nBILI;3.9;mg/dL;1.2\n");
    assert!(good(&["grade", &file]).contains("increased,3,"));
    write("analyte;value;value\nBILI;3.9;4\n");
    let (code, _, errors) = run(&["grade", &file]);
    assert!(code == 2 && errors.contains("columns 2 and 3 of the head have the same name"), "{errors}");
    write("test;value\nBILI;3.9\n");
    let (code, _, errors) = run(&["grade", &file]);
    assert!(code == 2 && errors.contains("there is no column \"analyte\"") && errors.contains("';'"), "{errors}");
    let wide: Vec<u8> = "\u{feff}analyte,value,uln\nALT,130,40\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&file, wide).expect("written");
    assert!(good(&["grade", &file]).contains("increased,2,"));
}

#[test]
fn a_file_that_is_no_table_is_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "labs.csv");
    for (bytes, why) in [
        (&b""[..], "there is no table"),
        (b"analyte\nALT\n", "there is no table"),
        (b"analyte,test\nALT,1\n", "there is no column \"value\""),
        (b"analyte,value\nALT,\xFF\xFE\n", "line 2 is no text"),
        (b"\xFF\xFEa\0n\0a\0l\0", "there is no table"),
        (b"PK\x03\x04\0\0\0\0", "line 1 is no text"),
    ] {
        fs::write(&file, bytes).expect("written");
        let (code, _, errors) = run(&["grade", &file]);
        assert!(code == 2 && errors.contains(why), "{why}: {code} {errors}");
    }
    assert_eq!(ctcae::unit("furlong"), None);
    fs::write(&file, "analyte,value,unit,uln\nALT,130,furlong,40\nHGB,7,furlong,\nAFP,7,,\n").expect("written");
    let out = good(&["grade", &file]);
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[1].contains("increased,2,"), "a ratio needs no known unit: {}", lines[1]);
    assert!(lines[2].contains("Anemia,,"), "a fixed limit does: {}", lines[2]);
    assert!(lines[3].contains("CTCAE 5.0 does not grade this analyte by a number"), "{}", lines[3]);
}
