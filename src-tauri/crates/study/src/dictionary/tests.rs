//! The dictionary that the built-in study loads: loading, merging, reading back, searching.

use super::load::{Loading, Names, Term, merge, tabbed, terms};
use super::search::Hit;
use crate::rules::Functions;
use crate::{CodeList, Document, Study};
use std::sync::OnceLock;
use std::time::Instant;

const TABLE: &str = include_str!("../../../../studies/ctcae-v5.0.tsv");

const NAMES: &str = "term\tlanguage\tname\tsynonyms\n\
                     Alanine aminotransferase increased\tzh-CN\t丙氨酸氨基转移酶升高\tALT; SGPT; 转氨酶\n\
                     Nausea\tzh-CN\t恶心\t\n\
                     Platelet count decreased\t\t\tThrombocytopenia\n\
                     Investigations\tzh-CN\t各类检查\t\n";

fn table() -> Vec<Term> {
    terms(&tabbed(TABLE)).expect("terms")
}

fn study_with(list: &str, rest: &str) -> String {
    format!(
        r#"<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" FileOID="T" CreationDateTime="2026-01-01T00:00:00"><Study OID="ST.T"><GlobalVariables><StudyName>T</StudyName><StudyDescription>T</StudyDescription><ProtocolName>T</ProtocolName></GlobalVariables><BasicDefinitions/><MetaDataVersion OID="MDV.1" Name="1">{rest}<CodeList OID="CL.X" Name="Terms" DataType="text">{list}</CodeList></MetaDataVersion></Study></ODM>"#
    )
}

fn merged() -> &'static str {
    static MERGED: OnceLock<String> = OnceLock::new();
    MERGED.get_or_init(|| {
        let xml = study_with(r#"<ExternalCodeList Dictionary="CTCAE" Version="5.0"/>"#, "");
        let document = Document::parse("t.xml", xml.as_bytes()).expect("well-formed");
        let terms = table();
        let names = Names::read(&tabbed(NAMES), &terms).expect("names");
        let loading = Loading { terms: &terms, names: &names, source: "made up", meddra_licence: None };
        merge(&document, &loading).expect("merged")
    })
}

fn list() -> &'static CodeList {
    static STUDY: OnceLock<Study> = OnceLock::new();
    let study =
        STUDY.get_or_init(|| Study::read("t.xml", merged().as_bytes(), &Functions::default()).expect("a study"));
    study.codelists.get(&crate::Oid::from("CL.X")).expect("the list")
}

fn found(typed: &str) -> Vec<&'static str> {
    list().search(typed, 8).expect("a dictionary").into_iter().map(|hit| &*list().choices[hit.place].code).collect()
}

/// Every column that the table has comes into the study, counted in the table's own text.
#[test]
fn definitions_and_navigational_notes_are_taken() {
    let rows: Vec<Vec<&str>> =
        TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    let filled = |head: &str| {
        let column = rows[0].iter().position(|cell| *cell == head).expect(head);
        rows[1..].iter().filter(|row| row.get(column).is_some_and(|cell| !matches!(cell.trim(), "" | "-"))).count()
    };
    let (terms, choices) = (table(), &list().choices);
    let entries = || choices.iter().filter_map(|choice| choice.entry.as_ref());
    let (definitions, notes) = (filled("Definition"), filled("Navigational Note"));
    assert!(definitions > 700 && notes > 20, "{definitions} definitions, {notes} notes");
    assert_eq!(terms.iter().filter(|term| !term.definition.is_empty()).count(), definitions);
    assert_eq!(terms.iter().filter(|term| !term.note.is_empty()).count(), notes);
    assert_eq!(entries().filter(|entry| !entry.definition.is_empty()).count(), definitions);
    assert_eq!(entries().filter(|entry| !entry.note.is_empty()).count(), notes);
}

#[test]
fn all_of_nci_and_nothing_of_meddra() {
    let terms = table();
    let socs: std::collections::BTreeSet<&str> = terms.iter().map(|term| term.soc.as_str()).collect();
    let others = terms.iter().filter(|term| term.term.ends_with("Other, specify")).count();
    assert_eq!((terms.len(), socs.len(), others), (837, 26, 26));
    assert!(terms.iter().all(|term| term.meddra.is_empty()));
    assert!(!merged().contains("MedDRA\""));
}

#[test]
fn what_was_loaded_is_read_back() {
    let entry = |code: &str| list().choice(code).expect("a term").entry.clone().expect("an entry");
    for term in table() {
        let entry = entry(&term.term);
        assert_eq!(entry.soc.get("en"), term.soc);
        for (read, loaded) in entry.grades.iter().zip(&term.grades) {
            assert_eq!(read.as_deref().unwrap_or(""), loaded);
        }
        assert_eq!((&*entry.definition, &*entry.note), (term.definition.as_str(), term.note.as_str()));
        assert_eq!(entry.other, term.term.ends_with("Other, specify"));
    }
    let alt = entry("Alanine aminotransferase increased");
    assert_eq!(alt.soc.get("zh-CN"), "各类检查");
    assert_eq!(alt.synonyms.len(), 3);
    assert!(alt.grades[3].is_some() && alt.grades[4].is_none());
    let dictionary = list().dictionary.as_ref().expect("a dictionary");
    assert_eq!((dictionary.name.as_str(), dictionary.source.as_str()), ("CTCAE 5.0", "made up"));
    // Loading again replaces: the same terms, and no trace of the first loading.
    let again = Document::parse("t.xml", merged().as_bytes()).expect("well-formed");
    let terms = table();
    let loading = Loading { terms: &terms, names: &Names::default(), source: "again", meddra_licence: None };
    let again = merge(&again, &loading).expect("merged");
    assert!(!again.contains("made up") && !again.contains("恶心"));
    assert_eq!(again.matches("<CodeListItem ").count(), 837);
}

#[test]
fn tables_and_studies_with_faults_are_refused_with_the_row() {
    let reason = |table: &str| terms(&tabbed(table)).expect_err("refused").to_string();
    let head = "MedDRA SOC\tCTCAE Term\tGrade 1\tGrade 2\tGrade 3\tGrade 4\tGrade 5\n";
    assert_eq!(reason(""), "the table is empty");
    assert_eq!(reason("CTCAE Term\n"), "row 1: there is no column \"MedDRA SOC\"");
    assert_eq!(reason(head), "the table has no terms");
    assert_eq!(reason(&format!("{head}S\tA\tx\nS\tA\tx\n")), "row 3: \"A\" stands twice");
    assert_eq!(reason(&format!("{head}S\tA\t -\t-\n")), "row 2: \"A\" has no grade");
    assert_eq!(reason(&format!("{head}\tA\tx\n")), "row 2: \"A\" has no system organ class");
    let terms = table();
    let named = |rows: &str| Names::read(&tabbed(&format!("term\tlanguage\tname\tsynonyms\n{rows}")), &terms);
    let unknown = named("Nausee\tzh-CN\t恶心\t\n").expect_err("refused").to_string();
    assert_eq!(unknown, "row 2: \"Nausee\" is neither a term nor a class of the dictionary");
    assert!(named("Nausea\ten\tSickness\t\n").is_err());
    assert!(named("Nausea\tzh-CN\ta\t\nNausea\tzh-CN\tb\t\n").is_err());
    let merged = |list: &str| {
        let document = Document::parse("t.xml", study_with(list, "").as_bytes()).expect("well-formed");
        let loading = Loading { terms: &terms, names: &Names::default(), source: "s", meddra_licence: None };
        merge(&document, &loading)
    };
    assert!(merged(r#"<ExternalCodeList Dictionary="MedDRA"/>"#).is_err());
}

#[test]
fn licensed_codes_are_kept_only_with_a_word_of_the_licence() {
    let terms = [Term { meddra: "10000001".to_owned(), ..table()[0].clone() }];
    let xml = study_with(r#"<ExternalCodeList Dictionary="CTCAE"/>"#, "");
    let document = Document::parse("t.xml", xml.as_bytes()).expect("well-formed");
    let with = |meddra_licence| {
        merge(&document, &Loading { terms: &terms, names: &Names::default(), source: "s", meddra_licence })
            .expect("merged")
    };
    assert!(!with(None).contains("10000001"));
    let licensed = with(Some("Sponsor (sample), 2026"));
    assert!(licensed.contains(r#"Context="MedDRA" Name="10000001""#) && licensed.contains("Sponsor (sample)"));
    Study::read("t.xml", licensed.as_bytes(), &Functions::default()).expect("a study");
}

#[test]
fn every_term_finds_itself_first() {
    for choice in &list().choices {
        assert_eq!(found(&choice.code).first(), Some(&&*choice.code));
    }
}

#[test]
fn beginnings_of_words_slips_and_both_spellings() {
    let first = [
        ("naus", "Nausea"),
        ("anaemia", "Anemia"),
        ("diarrhoea", "Diarrhea"),
        ("diarhea", "Diarrhea"),
        ("diarrehoa", "Diarrhea"),
        ("haemoglobin incr", "Hemoglobin increased"),
        ("hypoalbuminaemia", "Hypoalbuminemia"),
        ("Hypokalämie", "Hypokalemia"),
        ("oesophageal pain", "Esophageal pain"),
        ("alanine amino", "Alanine aminotransferase increased"),
        ("increased alanine", "Alanine aminotransferase increased"),
        ("alt", "Alanine aminotransferase increased"),
        ("转氨酶", "Alanine aminotransferase increased"),
        ("恶心", "Nausea"),
        ("thrombocytopaenia", "Platelet count decreased"),
        ("platelet", "Platelet count decreased"),
        ("fatigue", "Fatigue"),
        ("ftaigue", "Fatigue"),
        ("leucocytosis", "Leukocytosis"),
        ("tumour pain", "Tumor pain"),
        ("hepatobiliary other", "Hepatobiliary disorders - Other, specify"),
    ];
    for (typed, term) in first {
        assert_eq!(found(typed).first(), Some(&term), "{typed}: {:?}", found(typed));
    }
    assert!(found("xqzvw").is_empty());
    assert!(found("  ").is_empty());
    assert_eq!(found("nausea yesterday").first(), Some(&"Nausea"), "one word of two");
}

/// A slip in the middle of a term's longest word (a letter left out or doubled) still offers the term among eight.
#[test]
fn one_slip_in_a_long_word_is_forgiven() {
    for choice in list().choices.iter().step_by(3) {
        let words = choice.code.split_whitespace().filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let Some(word) = words.max_by_key(|word| word.len()).filter(|word| word.len() > 7) else { continue };
        let at = word.len() / 2;
        let Some((head, tail)) = word.split_at_checked(at) else { continue };
        for slip in [format!("{head}{}", &tail[1..]), format!("{head}{}{tail}", &tail[..1])] {
            let typed = choice.code.replacen(word, &slip, 1);
            assert!(found(&typed).contains(&&*choice.code), "{typed}: {:?}", found(&typed));
        }
    }
}

#[test]
fn the_same_question_has_the_same_answer_in_well_under_a_frame() {
    let ask = |typed: &str| -> Vec<Hit> { list().search(typed, 8).expect("a dictionary") };
    let first = ask("haemorrage gastric");
    let typed = ["d", "di", "dia", "diar", "diarrhoae", "haemorrage gastric", "increased blood bilirubin level"];
    let began = Instant::now();
    for _ in 0..20 {
        assert!(typed.iter().all(|typed| ask(typed).len() <= 8));
    }
    let each = began.elapsed() / (20 * u32::try_from(typed.len()).expect("few"));
    println!("a question over {} terms takes {each:?}", list().choices.len());
    // Unoptimised and on a busy computer; a release build is some ten times faster. A frame has 16 ms.
    assert!(each.as_millis() < 160, "{each:?}");
    assert_eq!(ask("haemorrage gastric"), first);
}
