//! `outpost-center recist`: other people's courses held against the engine.

use crate::cli::{good, path, run};
use std::fs;
use tempfile::TempDir;

/// The lines of an answer, each by the names of its columns.
fn lines(out: &str) -> Vec<impl Fn(&str) -> String + use<>> {
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let heads = reader.headers().expect("heads").clone();
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
    records
        .into_iter()
        .map(|record| {
            let heads = heads.clone();
            move |head: &str| {
                let place = heads.iter().position(|known| known == head).expect("a column");
                record[place].to_owned()
            }
        })
        .collect()
}

/// What the program says of a file.
fn judge(rows: &str, options: &[&str]) -> String {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "lesions.csv");
    fs::write(&file, rows).expect("written");
    good(&[&["recist", &file], options].concat())
}

/// The chosen columns of lines of a kind, separated by blanks.
fn said(out: &str, kind: &str, columns: &[&str]) -> Vec<String> {
    let of_kind = lines(out).into_iter().filter(|line| line("kind") == kind);
    of_kind.map(|line| columns.iter().map(|column| line(column)).collect::<Vec<_>>().join(" ")).collect()
}

/// The example of the help itself.
#[test]
fn the_example_of_the_help() {
    let help = good(&["recist", "--help"]);
    let from = help.find("subject,date,role,lesion,organ").expect("an example");
    let example: Vec<&str> = help[from..].lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let out = judge(&example.join("\n"), &[]);
    assert_eq!(said(&out, "BASELINE", &["date", "sum_mm"]), ["2026-03-01 70.0"]);
    let columns =
        ["date", "sum_mm", "known_mm", "nadir_mm", "change_pct", "target", "non_target", "new", "response", "rule"];
    assert_eq!(
        said(&out, "ASSESSMENT", &columns),
        [
            "2026-04-12 39.0 39.0 70.0 -44.29 PR NON-CR/NON-PD N PR target-partial",
            "2026-05-24  5.0 39.0  NE NE EQUIVOCAL NE target-not-evaluable",
        ]
    );
    assert_eq!(said(&out, "BEST", &["response", "date"]), ["PR 2026-04-12"]);
    assert_eq!(said(&out, "BEST_CONFIRMED", &["response", "date"]), ["SD 2026-04-12"]);
    assert!(out.contains("(RECIST 1.1, 4.3.1)"), "{out}");
    assert!(judge(&example.join("\n"), &["--lang", "zh-CN"]).contains("靶病灶总和"), "Chinese");
}

/// EORTC's example: a partial response lasts, or is recomputed.
#[test]
fn settings_decide() {
    let sizes = [100, 70, 70, 80, 80, 80];
    let mut rows = "subject,date,role,lesion,mm\n".to_owned();
    for (month, size) in (1..).zip(sizes) {
        rows += &format!("a,2026-{month:02}-01,T,T01,{size}\n");
    }
    let responses = |options: &[&str]| said(&judge(&rows, options), "ASSESSMENT", &["response"]);
    assert_eq!(responses(&[]), ["PR"; 5]);
    assert_eq!(responses(&["--pr", "strict"]), ["PR", "PR", "SD", "SD", "SD"]);
    assert_eq!(responses(&["--pr-percent", "31"]), ["SD"; 5]);
    assert_eq!(responses(&["--pd-percent", "10"]), ["PR", "PR", "PD", "PD", "PD"]);
    assert_eq!(responses(&["--pd-percent", "10", "--pd-mm", "10.1"]), ["PR"; 5]);
    let best = |options: &[&str]| said(&judge(&rows, options), "BEST_CONFIRMED", &["response", "confirmed"]);
    assert_eq!(best(&[]), ["PR 2026-03-01"]);
    assert_eq!(best(&["--confirmation-days", "29", "--pr", "strict"]), ["SD "]);
    assert_eq!(best(&["--confirmation-days", "29", "--pr", "strict", "--sd-days", "200"]), ["NE "]);
}

/// Everything that a row may say.
#[test]
fn splitting_merging_markers_and_new_lesions() {
    let rows = "\u{feff}Subject,Date,Role,Lesion,Organ,Node,MM,State,Into,Treated,Start,New_Therapy\n\
        b,2026-01-01,target,T01,liver,,30,,,,2026-01-10,\n\
        b,2026-01-01,target,T02,liver,,20,,,,,\n\
        b,2026-01-01,target,T03,Lymph node,,20,,,,,\n\
        b,2026-01-01,markers,,,,,elevated,,,,\n\
        b,2026-02-15,target,T01.1,,,10,,,,,\n\
        b,2026-02-15,target,T01.2,,,8.5,,,,,\n\
        b,2026-02-15,target,T02,,,,merged,T01,,,\n\
        b,2026-02-15,target,T03,,,9,,,,,2026-05-01\n\
        b,2026-04-01,target,T01,,,,absent,,,,\n\
        b,2026-04-01,target,T02,,,0,absent,,,,\n\
        b,2026-04-01,target,T03,,,4,,,,,\n\
        b,2026-04-01,markers,,,,,elevated,,,,\n\
        b,2026-06-01,target,T01,,,,too-small,,Y,,\n\
        b,2026-06-01,target,T02,,,,absent,,,,\n\
        b,2026-06-01,target,T03,,,4,,,,,\n\
        b,2026-06-01,new,N01,lung,,,unequivocal,,,,\n";
    let out = judge(rows, &[]);
    let columns = ["sum_mm", "target", "new", "response", "rule"];
    assert_eq!(
        said(&out, "ASSESSMENT", &columns),
        ["27.5 PR N PR target-partial", "4.0 CR N PR complete-but-markers", " NE Y PD new-lesion"]
    );
    assert_eq!(said(&judge(rows, &["--markers", "ignored"]), "ASSESSMENT", &["response"]), ["PR", "CR", "PD"]);
    let evaluable = judge(rows, &["--treated", "evaluable"]);
    assert_eq!(said(&evaluable, "ASSESSMENT", &columns)[2], "9.0 PD Y PD target-progression");
    assert_eq!(said(&out, "BEST", &["response", "date"]), ["PR 2026-02-15"]);
}

/// The confirmed best responses that admiralonco derives, through the program.
#[test]
fn responses_given_as_such() {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data/recist/confirmed_bor.csv");
    let Ok(text) = fs::read_to_string(shared) else {
        println!("skipped: no confirmed_bor.csv beside the repository");
        return;
    };
    let mut rows = "subject,start,date,role,state\n".to_owned();
    let mut expected: Vec<(String, String)> = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        rows += &format!("{},{},{},RESPONSE,{}\n", cells[0], cells[1], cells[2], cells[3]);
        let row = (cells[0].to_owned(), format!("{} {}", cells[4], cells[5]));
        if !expected.contains(&row) {
            expected.push(row);
        }
    }
    let out = judge(&rows, &["--sd-days", "28"]);
    let best = said(&out, "BEST_CONFIRMED", &["subject", "response", "date"]);
    let expected: Vec<String> = expected.into_iter().map(|(subject, best)| format!("{subject} {best}")).collect();
    assert_eq!(best, expected);
}

/// A row that can't be read is named by its line; its subject is left out, the others are judged.
#[test]
fn faults_name_their_lines() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "lesions.csv");
    let head = "subject,date,role,lesion,organ,node,mm,state\n";
    let good_rows = "g,2026-01-01,T,T01,LIVER,N,30,\ng,2026-02-15,T,T01,,,20,\n";
    for (row, why) in [
        ("x,2026-01-01,T,T01,LIVER,N,12.34,", "mm is no size"),
        ("x,2026-01-01,T,T01,LIVER,N,,", "neither a size nor a state"),
        ("x,2026-01-01,T,T01,LIVER,N,5,NE", "has no size"),
        ("x,2026-01-01,T,,LIVER,N,5,", "no lesion"),
        ("x,2026-02-30,T,T01,LIVER,N,5,", "no day like"),
        ("x,,T,T01,LIVER,N,5,", "no date"),
        ("x,2026-01-01,Q,T01,LIVER,N,5,", "role is none of"),
        ("x,2026-01-01,NT,T01,LIVER,N,,GROWN", "a non-target lesion has no such state"),
        ("x,2026-01-01,NEW,T01,LIVER,N,,", "a new lesion has no such state"),
        ("x,2026-01-01,RESPONSE,,,,,GOOD", "state is no response"),
        ("x,2026-01-01,T,T01,LIVER,maybe,5,", "neither Y nor N"),
        ("x,2026-01-01,T,T01,LIVER,N,15,\nx,2026-01-01,T,T01,LIVER,N,15,", "the lesion has two rows on this day"),
        ("x,2026-01-01,T,T01,LIVER,N,15,\nx,2026-02-01,T,T02,LIVER,N,15,", "the target has no row at baseline"),
        ("x,2026-01-01,T,T01,LIVER,N,15,\nx,2026-02-01,T,T01,LUNG,N,15,", "the lesion lay in another organ before"),
        ("x,2026-01-01,T,T01,LIVER,N,15,\nx,2026-02-01,NT,T01,,,,PRESENT", "the lesion is a target in one row"),
        ("x,2026-01-01,NEW,N01,LIVER,N,,EQUIVOCAL", "no lesion at baseline"),
    ] {
        fs::write(&file, format!("{head}{good_rows}{row}\n")).expect("written");
        let (code, out, errors) = run(&["recist", &file]);
        let line = 3 + row.lines().count();
        assert_eq!(code, 1, "{row}");
        assert!(errors.starts_with(&format!("line {line}: ")) && errors.contains(why), "{row}: {errors}");
        // A14: what is said on standard error holds nothing of any participant.
        let cells = row
            .split([',', '\n'])
            .filter(|cell| !["", "x", "T", "NT", "NEW", "N", "RESPONSE", "5", "15"].contains(cell));
        let told: Vec<&str> = cells.filter(|cell| errors.contains(*cell)).collect();
        assert!(told.is_empty(), "{row}: {errors}");
        assert_eq!(said(&out, "ASSESSMENT", &["subject", "response"]), ["g PR"], "{row}");
    }
    fs::write(&file, "subject,lesion\n").expect("written");
    let (code, _, errors) = run(&["recist", &file]);
    assert!(code == 2 && errors.contains("there is no column \"date\""), "{errors}");
    assert_eq!(run(&["recist", "/nowhere.csv"]).0, 2);
}

/// W6: with a decimal comma in a comma file every number after it is another one, and the row may be of anybody.
#[test]
fn w6_where_a_row_is_shifted_nobody_is_judged() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "lesions.csv");
    let head = "date,role,lesion,organ,mm,state,subject\n";
    for (end, line) in [("\n", 4), ("\r\n", 4), ("\r", 4)] {
        let rows = "2026-03-01,T,T01,LIVER,20,,S1\n2026-03-01,T,T01,LIVER,50,,S2\n2026-04-12,T,T01,,34,9,,S1\n";
        fs::write(&file, format!("{head}{rows}").replace('\n', end)).expect("written");
        let (code, out, errors) = run(&["recist", &file]);
        assert_eq!((code, out.lines().count()), (1, 1), "{out}");
        assert!(errors.starts_with(&format!("line {line}: another number of columns")), "{errors}");
        assert!(errors.contains("nobody is judged"), "{errors}");
    }
}
