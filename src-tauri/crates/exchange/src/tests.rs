//! Tables of a small casebook.

use crate::CsvExport;
use casebook::act::{EventDated, FormCompleted, ItemSet, ItemsSet, RowAdded, RowRemoved, TextRedacted};
use casebook::{Act, Book, Entry, EntryId, FreeTextId, Instant, Line, Offset, Stored, TextCommit, Tick};
use std::collections::BTreeMap;
use study::{FormKey, Missing, Oid, Repeat, Study};

const STUDY: &[u8] = include_bytes!("../../casebook/src/book/tests/small.xml");

/// Writes one device's entries into a book.
struct Hand<'b> {
    book: &'b mut Book,
    log: &'static str,
    seq: u64,
}

impl Hand<'_> {
    fn act(&mut self, act: impl Into<Act>) -> EntryId {
        self.seq += 1;
        let mut id = [0; 32];
        id[..8].copy_from_slice(&self.seq.to_be_bytes());
        id[8] = self.log.len() as u8;
        let entry = Entry {
            v: 1,
            study: "ST.SMALL".into(),
            log: self.log.into(),
            seq: self.seq,
            prev: if self.seq == 1 { EntryId::ZERO } else { EntryId([1; 32]) },
            at: Instant::from_ms(1_795_000_000_000 + self.seq as i64 * 1000),
            tz: Offset::from_minutes(480),
            tick: Tick { ms: self.seq, counter: 0 },
            by: "nurse1".into(),
            metadata_version: Some("MDV.1".into()),
            act: act.into(),
        };
        let line = Line::write(entry, |_| id).expect("well-formed");
        self.book.apply(line.id(), line.entry()).expect("one subject");
        line.id()
    }

    fn set(&mut self, form: &FormKey, group: &str, repeat: &str, item: &str, answer: Answer) -> EntryId {
        let (value, missing, unit) = match answer {
            Answer::Plain(value, unit) => (Some(Stored::Plain(value.into())), None, unit.map(Oid::from)),
            Answer::Text(n) => (Some(Stored::Text(FreeTextId { text: TextCommit([n; 32]) })), None, None),
            Answer::Missing(missing) => (None, Some(missing), None),
        };
        let (group, repeat, item) = (Oid::from(group), Repeat::from(repeat), Oid::from(item));
        let raw = unit.is_some().then(|| "98,4 jin".into());
        let item = ItemSet { group, repeat, item, value, missing, unit, raw, bases: vec![], reason: None };
        self.act(ItemsSet { subject: "S01-001".into(), form: form.clone(), items: vec![item] })
    }
}

enum Answer {
    Plain(&'static str, Option<&'static str>),
    Text(u8),
    Missing(Missing),
}

fn plain(value: &'static str) -> Answer {
    Answer::Plain(value, None)
}

fn form(text: &str) -> FormKey {
    text.parse().expect("a place")
}

fn filled(study: &Study) -> Book {
    let mut book = Book::new();
    let (vs, dm, ae) = (form("SE.SCR[1]/F.VS[1]"), form("SE.SCR[1]/F.DM[1]"), form("SE.LOG[1]/F.AE[1]"));
    let mut hand = Hand { book: &mut book, log: "S01-a", seq: 0 };
    let (subject, event) = (Oid::from("S01-001"), vs.event_key());
    hand.act(EventDated {
        subject: subject.clone(),
        event,
        date: Some("2026-01-05".into()),
        bases: vec![],
        reason: None,
    });
    hand.set(&vs, "IG.VS", "1", "IT.VS.SYSBP", plain("150"));
    hand.set(&vs, "IG.VS", "1", "IT.VS.DIABP", plain("70"));
    hand.set(&vs, "IG.VS", "1", "IT.VS.WEIGHT", Answer::Plain("98.4", Some("MU.JIN")));
    hand.set(&vs, "IG.VS", "1", "IT.VS.HEIGHT", Answer::Missing(Missing::NotDone));
    hand.set(&vs, "IG.VS", "1", "IT.VS.WHY", Answer::Text(1));
    hand.act(FormCompleted { subject: subject.clone(), form: vs, bases: vec![] });
    hand.set(&dm, "IG.DM", "1", "IT.DM.SEX", plain("F"));
    hand.set(&dm, "IG.DM", "1", "IT.DM.NOTE", Answer::Text(2));
    hand.act(TextRedacted {
        subject: Some(subject.clone()),
        text: TextCommit([2; 32]),
        reason: FreeTextId { text: TextCommit([9; 32]) },
    });
    for (n, grade) in [("a.1", "3"), ("a.2", "5")] {
        let (group, repeat) = (Oid::from("IG.AE"), Repeat::from(n));
        let added = hand.act(RowAdded {
            subject: subject.clone(),
            form: ae.clone(),
            group: group.clone(),
            repeat: repeat.clone(),
            bases: vec![],
        });
        let cell = hand.set(&ae, "IG.AE", n, "IT.AE.GRADE", plain(grade));
        if n == "a.2" {
            let reason = FreeTextId { text: TextCommit([8; 32]) };
            let (subject, form) = (subject.clone(), ae.clone());
            hand.act(RowRemoved { subject, form, group, repeat, reason, bases: vec![added], cells: vec![cell] });
        }
    }
    let mut other = Hand { book: &mut book, log: "S01-bb", seq: 0 };
    other.set(&dm, "IG.DM", "1", "IT.DM.SEX", plain("M"));
    book.recompute(study);
    book
}

fn exported(study: &Study, books: &[&Book]) -> BTreeMap<String, String> {
    tables(study, books, &|text: &TextCommit| (text.0[0] == 1).then(|| "fever, \"chills\"\nand more".to_owned()))
}

fn tables(study: &Study, books: &[&Book], texts: &crate::Texts<'_>) -> BTreeMap<String, String> {
    let mut names = Vec::new();
    let versions = [study];
    let mut export = CsvExport::new(&versions, |name| {
        names.push(name.to_owned());
        Ok(Vec::new())
    })
    .expect("memory takes everything");
    for book in books {
        export.book(book, texts).expect("memory takes everything");
    }
    let tables = export.finish().expect("memory takes everything");
    names.into_iter().zip(tables.into_iter().map(|table| String::from_utf8(table).expect("UTF-8"))).collect()
}

fn study() -> Study {
    Study::read("small.xml", STUDY, &study::Functions::default()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

#[test]
fn each_form_is_a_table_and_each_repeating_group_another() {
    let study = study();
    let tables = exported(&study, &[&filled(&study)]);
    let names: Vec<&str> = tables.keys().map(String::as_str).collect();
    assert_eq!(names, ["F.AE-IG.AE.csv", "F.AE.csv", "F.DM.csv", "F.PT.csv", "F.VS.csv", "cells.csv"]);
    assert_eq!(
        tables["F.VS.csv"],
        "SUBJECT,EVENT,EVENT_REPEAT,EVENT_DATE,FORM_REPEAT,FORM_STATUS,SUBJECT_MDV,ROW,SYSBP,SYSBP.STATE,DIABP,DIABP.STATE,WEIGHT,\
         WEIGHT.UNIT,WEIGHT.STATE,HEIGHT,HEIGHT.STATE,PP,PP.STATE,PPCLASS,PPCLASS.STATE,CHANGE,CHANGE.STATE,TOTAL,\
         TOTAL.STATE,WHY,WHY.STATE,POS,POS.STATE\n\
         S01-001,SE.SCR,1,2026-01-05,1,complete,MDV.1,1,150,answered,70,answered,98.4,MU.JIN,answered,,not_done,80,computed,WIDE,\
         computed,,,,,\"fever, \"\"chills\"\"\nand more\",answered,,\n"
    );
    assert_eq!(
        tables["F.AE-IG.AE.csv"].lines().skip(1).collect::<Vec<_>>(),
        ["S01-001,SE.LOG,1,,1,started,MDV.1,a.1,,,3,answered,,,true,computed"],
        "the removed row is left out"
    );
    assert!(tables["F.DM.csv"].ends_with("S01-001,SE.SCR,1,2026-01-05,1,started,MDV.1,1,,conflict,,,,redacted\n"));
    assert_eq!(tables["F.PT.csv"].lines().count(), 1);
}

#[test]
fn the_cells_table_keeps_everything() {
    let study = study();
    let tables = exported(&study, &[&filled(&study)]);
    let cells = &tables["cells.csv"];
    let lines = |item: &str| cells.lines().filter(|line| line.contains(&format!(",{item},"))).collect::<Vec<_>>();
    let sexes = lines("IT.DM.SEX");
    assert_eq!(sexes.len(), 2, "both answers of a conflict");
    assert!(sexes.iter().any(|line| line.contains(",conflict,F,") && line.ends_with(",S01-a,MDV.1")));
    assert!(sexes.iter().any(|line| line.contains(",conflict,M,") && line.ends_with(",S01-bb,MDV.1")));
    assert!(lines("IT.VS.WEIGHT")[0].contains(",answered,98.4,MU.JIN,,\"98,4 jin\",,nurse1,2026-"));
    assert!(lines("IT.VS.HEIGHT")[0].contains(",missing,,,not_done,,,nurse1,"));
    assert!(lines("IT.AE.GRADE")[1].contains(",answered,5,,,,removed,"));
    assert!(lines("IT.DM.NOTE")[0].contains(",redacted,,,,,,"));
}

/// Finding M5: what was typed at a site is run by no spreadsheet, in whichever column it stands.
#[test]
fn m5_what_people_typed_begins_no_formula_in_any_table() {
    let study = study();
    let (vs, dm) = (form("SE.SCR[1]/F.VS[1]"), form("SE.SCR[1]/F.DM[1]"));
    let mut book = Book::new();
    let mut hand = Hand { book: &mut book, log: "S01-a", seq: 0 };
    hand.set(&vs, "IG.VS", "1", "IT.VS.SYSBP", plain("=1+1"));
    hand.set(&vs, "IG.VS", "1", "IT.VS.DIABP", plain("-1.5"));
    hand.set(&dm, "IG.DM", "1", "IT.DM.SEX", plain("@SUM(A1)"));
    hand.set(&dm, "IG.DM", "1", "IT.DM.NOTE", Answer::Text(1));
    book.recompute(&study);
    let texts = |_: &TextCommit| Some("=HYPERLINK(\"http://sample\")\nand;+more".to_owned());
    let tables = tables(&study, &[&book], &texts);
    for name in ["cells.csv", "F.VS.csv", "F.DM.csv"] {
        let mut lines = csv::ReaderBuilder::new().from_reader(tables[name].as_bytes()).into_records();
        let cells: Vec<String> =
            lines.by_ref().flatten().flat_map(|line| line.iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        let formula = |part: &str| part.starts_with(['=', '+', '@']);
        assert!(!cells.iter().any(|cell| cell.split([';', '\n']).any(formula)), "{name}: {cells:?}");
        assert_eq!(cells.iter().any(|cell| cell == "-1.5"), name != "F.DM.csv", "{name}: a number stays one");
    }
    assert!(tables["F.VS.csv"].contains(",'=1+1,"), "{}", tables["F.VS.csv"]);
    assert!(
        tables["F.DM.csv"].contains("\"'=HYPERLINK(\"\"http://sample\"\")\nand;'+more\""),
        "{}",
        tables["F.DM.csv"]
    );
}

#[test]
fn the_same_casebooks_give_the_same_bytes() {
    let study = study();
    let (one, two) = (filled(&study), filled(&study));
    let rows = two.rows();
    let stored = Book::from_rows(rows.iter().map(|(key, bytes)| (key.kind, key.place.as_str(), bytes.as_slice())));
    assert_eq!(exported(&study, &[&one]), exported(&study, &[&stored.expect("our own rows")]));
}

#[test]
fn a_table_that_cannot_be_opened_is_named() {
    let study = study();
    let held = |table: &str| if table == "F.VS.csv" { Err(std::io::Error::other("held")) } else { Ok(Vec::new()) };
    let refused = CsvExport::new(&[&study], held).err().map(|error| error.to_string());
    assert_eq!(
        refused.as_deref(),
        Some("F.VS.csv could not be opened: held; close it in other programs and export again")
    );
}
