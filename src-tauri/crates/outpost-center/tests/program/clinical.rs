//! What the command line says of medicine: grades, constants, dictionaries.

use crate::cli::{good, path, run};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const STUDIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../studies");

fn studies(name: &str) -> String {
    path(Path::new(STUDIES), name)
}

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

#[test]
fn a_file_of_values_is_graded_row_by_row() {
    let folder = folder();
    let file = path(folder.path(), "labs.csv");
    let rows = "\u{feff}Subject,Analyte,Date,Value,Unit,LLN,ULN,Baseline,Baseline_Unit,Symptoms\n\
                S01-001,alt,2026-03-12,130,U/L,7,40,38,,\n\
                S01-001,HGB,2026-03-12,7.9,g/dL,12,16,,,\n\
                S01-001,HGB,2026-03-12,7.9,,12,16,,,\n\
                S01-001,URATE,2026-03-12,500,umol/L,200,420,,,\n\
                S01-001,URATE,2026-03-12,500,umol/L,200,420,,,N\n\
                S01-001,CREAT,2026-03-12,130,umol/L,,,0.9,mg/dL,\n\
                S01-001,HBVDNA,2026-03-12,5000,copies/mL,,,,,\n\
                S01-001,PLAT,2026-03-12,<25,10^9/L,125,350,,,\n";
    fs::write(&file, rows).expect("written");
    let out = good(&["grade", &file]);
    let graded: Vec<(String, String, String)> = csv::Reader::from_reader(out.as_bytes())
        .records()
        .map(|row| row.expect("a row"))
        .map(|row| (row[5].to_owned(), row[6].to_owned(), row[7].to_owned()))
        .collect();
    let line = |term: &str, grade: &str, symptoms: &str| (term.to_owned(), grade.to_owned(), symptoms.to_owned());
    let expected = [
        line("Alanine aminotransferase increased", "2", ""),
        line("Anemia", "3", ""),
        line("Anemia", "", ""),
        line("Hyperuricemia", "1", "3"),
        line("Hyperuricemia", "1", ""),
        line("Creatinine increased", "2", ""),
        line("", "", ""),
        line("Platelet count decreased", "4", ""),
    ];
    assert_eq!(graded, expected, "{out}");
    assert!(out.contains("130 > 3.0 × ULN") || out.contains("130 U/L > 3.0 × ULN"), "{out}");
    let worst = good(&["grade", &file, "--worst-case"]);
    assert!(worst.lines().nth(4).is_some_and(|line| line.contains("Hyperuricemia,3,")), "{worst}");
    assert_eq!(good(&["grade", &file, "--every-term"]).lines().count(), 11);
    fs::write(&file, "analyte,value\nALT,many\nPLAT,10\n").expect("written");
    let (code, out, errors) = run(&["grade", &file]);
    assert_eq!((code, errors.as_str()), (1, "line 2: value is no number\n"));
    assert!(out.contains("not read: value is no number") && out.lines().count() == 3, "{out}");
    fs::write(&file, "test,value\nALT,3\n").expect("written");
    assert_eq!(run(&["grade", &file]).0, 2);
}

#[test]
fn the_sheet_holds_the_program_and_the_study() {
    let sheet = good(&["constants", "--csv", "--study", &studies("hcc-oligoprogression.xml")]);
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(sheet.as_bytes()).records().map(|row| row.expect("a row")).collect();
    let all = oncology::constants::all();
    for constant in &all {
        assert!(rows.iter().any(|row| row[0] == constant.name && row[1] == constant.value), "{}", constant.name);
    }
    let bytes = fs::read(studies("hcc-oligoprogression.xml")).expect("the trial");
    let study = study::Study::read("t", &bytes, &clinical::functions()).expect("a study");
    for (key, setting) in &study.settings {
        let row = rows.iter().find(|row| row[0] == format!("setting:{key}")).unwrap_or_else(|| panic!("{key}"));
        assert_eq!((&row[1], &row[4]), (setting.value.as_str(), setting.citation.as_str()));
    }
    for check in study.items.iter().flat_map(|item| &item.checks) {
        assert!(rows.iter().any(|row| row[0] == *check.id.as_str()), "{}", check.id);
    }
    assert!(rows.iter().all(|row| !row[4].is_empty()), "a line without a source");
    let text = good(&["constants"]);
    assert!(text.contains("albi::GRADE_1_TO = -2.60 [K]") && text.ends_with("Signature ______________________\n"));
}

#[test]
fn a_dictionary_is_loaded_into_a_study_and_travels_in_one_file() {
    let folder = folder();
    let out = path(folder.path(), "study.xml");
    let (trial, terms) = (studies("hcc-oligoprogression.xml"), studies("ctcae-v5.0.tsv"));
    let names = path(folder.path(), "names.csv");
    fs::write(&names, "term,language,name,synonyms\nNausea,zh-CN,恶心,sickness; feeling sick\n").expect("written");
    let said = good(&["study", "dictionary", "--ctcae", &terms, "--names", &names, &trial, "--out", &out]);
    assert!(said.starts_with("837 terms in 26 organ classes, from ctcae-v5.0.tsv, sha256 "), "{said}");
    let loaded = fs::read_to_string(&out).expect("the study");
    assert!(loaded.contains("恶心") && !loaded.contains("<ExternalCodeList"));
    assert!(good(&["study", "check", &out]).contains("code lists"));
    fs::write(&names, "term,language,name,synonyms\nNausee,zh-CN,恶心,\n").expect("written");
    let (code, _, errors) = run(&["study", "dictionary", "--ctcae", &terms, "--names", &names, &trial, "--out", &out]);
    assert!(code == 2 && errors.contains("row 2: \"Nausee\" is neither a term nor a class"), "{errors}");
}

/// NCI's own spreadsheet gives the very terms that the built-in study holds.
#[test]
fn the_built_in_terms_are_those_of_ncis_spreadsheet() {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let shared = std::env::var_os("OUTPOST_SHARED").map_or_else(beside, PathBuf::from);
    let sheet = shared.join("data/ctcae/CTCAE_v5.0_2017-11-27.xlsx");
    if !sheet.exists() {
        println!("skipped: NCI's spreadsheet is absent");
        return;
    }
    let folder = folder();
    let load = |table: &str, name: &str, more: &[&str]| {
        let (trial, out) = (studies("hcc-oligoprogression.xml"), path(folder.path(), name));
        let mut arguments = vec!["study", "dictionary", "--ctcae", table, &trial, "--out", &out];
        arguments.extend(more);
        good(&arguments);
        let text = fs::read_to_string(&out).expect("the study");
        text.lines().filter(|line| !line.contains("odm:1:dictionary")).map(str::to_owned).collect::<Vec<_>>()
    };
    let sheet = sheet.display().to_string();
    let ncis = load(&sheet, "a.xml", &[]);
    assert!(ncis == load(&studies("ctcae-v5.0.tsv"), "b.xml", &[]), "the tables differ");
    assert!(!ncis.iter().any(|line| line.contains("MedDRA\"")), "licensed codes were kept");
    let licensed = load(&sheet, "c.xml", &["--keep-meddra-codes-licensed-by", "Sponsor (sample)"]);
    assert_eq!(licensed.iter().filter(|line| line.contains("Context=\"MedDRA\"")).count(), 837);
    assert!(licensed.iter().any(|line| line.contains("meddra-licence") && line.contains("Sponsor (sample)")));
}
