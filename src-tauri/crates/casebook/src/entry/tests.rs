//! Frozen lines and what is refused.

use super::*;
use crate::act::{ItemSet, ItemsSet, SessionOpened, Stored};
use crate::book::Book;
use crate::ids::TextCommit;
use crate::text::FreeTextId;

/// Stands for SHA-256 where only the shape matters.
fn digest(_: &[u8]) -> [u8; 32] {
    [7; 32]
}

const HEAD: &str = r#"{"v":1,"study":"ST.HCC","log":"S01-k7f2m3pq","seq":2,"prev":"1111111111111111111111111111111111111111111111111111111111111111","at":"2026-11-23T08:15:02.113Z","tz":"+08:00","tick":"1795421702113.0","by":"nurse1","#;

fn line(rest: &str) -> Vec<u8> {
    format!("{HEAD}{rest}}}\n").into_bytes()
}

pub(crate) fn read(rest: &str) -> Result<Line, EntryError> {
    Line::read(&line(rest), EntryId([7; 32]))
}

/// One line of every act, as version 1 writes it. A change here is a change of the format.
pub(crate) const FROZEN: &[&str] = &[
    r#""act":"device.enrolled","site":"S01","device":"S01-k7f2m3pq","key":"ssh-ed25519 AAAA","recipient":"age1x","program":"0.1.0","practice":false"#,
    r#""act":"device.approved","site":"S01","device":"S01-k7f2m3pq","key":"ssh-ed25519 AAAA","recipient":"age1x""#,
    r#""act":"device.revoked","device":"S01-k7f2m3pq","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"}"#,
    r#""act":"user.added","user":"nurse1","name":"Nurse (sample)","role":"nurse""#,
    r#""act":"user.added","user":"inv1","name":"Investigator (sample)","role":"investigator","key":"ssh-ed25519 AAAA""#,
    r#""act":"user.added","user":"nurse2","name":"Nurse (sample)","role":"nurse","key":"ssh-ed25519 AAAA","must_change":true"#,
    r#""act":"user.role_changed","user":"nurse1","role":"administrator""#,
    r#""act":"user.closed","user":"nurse1""#,
    r#""act":"session.opened","user":"nurse1""#,
    r#""act":"session.refused","user":"nurse1","failures":3"#,
    r#""act":"session.refused","failures":1"#,
    r#""mdv":"MDV.1","act":"subject.registered","subject":"S01-003","site":"S01""#,
    r#""mdv":"MDV.1","act":"event.dated","subject":"S01-003","event":"SE.SCR[1]","date":"2026-11","bases":[]"#,
    r#""mdv":"MDV.1","act":"event.added","subject":"S01-003","event":"SE.UNS[2]""#,
    r#""mdv":"MDV.1","act":"event.missed","subject":"S01-003","event":"SE.TA[3]","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"bases":[]"#,
    r#""mdv":"MDV.1","act":"items.set","subject":"S01-003","form":"SE.SCR[1]/F.VS[1]","items":[{"group":"IG.VS","repeat":"1","item":"IT.VS.SYSBP","value":"4.50","unit":"MU.MMHG","raw":"4,50","bases":["3333333333333333333333333333333333333333333333333333333333333333","4444444444444444444444444444444444444444444444444444444444444444"],"reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"}},{"group":"IG.VS","repeat":"1","item":"IT.VS.DIABP","missing":"not_done","bases":[]},{"group":"IG.VS","repeat":"1","item":"IT.VS.NOTE","value":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"bases":[]}]"#,
    r#""mdv":"MDV.1","act":"row.added","subject":"S01-003","form":"SE.LOG[1]/F.AE[1]","group":"IG.AE","repeat":"k7f2m3pq.1","bases":[]"#,
    r#""mdv":"MDV.1","act":"row.removed","subject":"S01-003","form":"SE.LOG[1]/F.AE[1]","group":"IG.AE","repeat":"k7f2m3pq.1","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"bases":["3333333333333333333333333333333333333333333333333333333333333333"],"cells":[]"#,
    r#""mdv":"MDV.1","act":"form.completed","subject":"S01-003","form":"SE.SCR[1]/F.VS[1]","bases":[]"#,
    r#""mdv":"MDV.1","act":"form.reopened","subject":"S01-003","form":"SE.SCR[1]/F.VS[1]","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"bases":[]"#,
    r#""mdv":"MDV.1","act":"form.not_done","subject":"S01-003","form":"SE.SCR[1]/F.VS[1]","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"bases":[]"#,
    r#""mdv":"MDV.1","act":"finding.confirmed","subject":"S01-003","form":"SE.SCR[1]/F.VS[1]","group":"IG.VS","repeat":"1","item":"IT.VS.SYSBP","rule":"IT.VS.SYSBP#1","comment":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"operands":[]"#,
    r#""mdv":"MDV.1","act":"query.raised","subject":"S01-003","form":"SE.SCR[1]/F.VS[1]","group":"IG.VS","repeat":"1","item":"IT.VS.SYSBP","question":{"text":"2222222222222222222222222222222222222222222222222222222222222222"}"#,
    r#""mdv":"MDV.1","act":"query.answered","subject":"S01-003","query":"3333333333333333333333333333333333333333333333333333333333333333","answer":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"bases":[]"#,
    r#""mdv":"MDV.1","act":"query.closed","subject":"S01-003","query":"3333333333333333333333333333333333333333333333333333333333333333","bases":[]"#,
    r#""mdv":"MDV.1","act":"query.reopened","subject":"S01-003","query":"3333333333333333333333333333333333333333333333333333333333333333","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"bases":[]"#,
    r#""act":"study.published","version":"MDV.2","file":"ab","effective":"2026-12-01","approval":"EC 7/26","sites":["S01"]"#,
    r#""act":"study.activated","version":"MDV.1","file":"ab""#,
    r#""act":"bundle.exported","bundle":"3333333333333333333333333333333333333333333333333333333333333333","file":"HCC_S01-k7f2m3pq_1-9.bundle","logs":[{"log":"S01-k7f2m3pq","first":1,"last":9}],"entries":9"#,
    r#""act":"bundle.imported","bundle":"3333333333333333333333333333333333333333333333333333333333333333","sender":"center","logs":[],"entries":0"#,
    r#""act":"receipt.accepted","bundle":"3333333333333333333333333333333333333333333333333333333333333333","log":"S01-k7f2m3pq","seq":9,"head":"4444444444444444444444444444444444444444444444444444444444444444","at":"2026-11-23T08:15:02.113Z""#,
    r#""act":"data.exported","format":"csv","subjects":4"#,
    r#""act":"clock.suspected","why":"backwards","tick":"1795421702113.0","against":"2026-11-23T08:15:02.113Z""#,
    r#""act":"alarm.raised","code":"rolled_back","place":"S01-k7f2m3pq 12""#,
    r#""mdv":"MDV.1","act":"text.redacted","subject":"S01-003","text":"2222222222222222222222222222222222222222222222222222222222222222","reason":{"text":"3333333333333333333333333333333333333333333333333333333333333333"}"#,
    r#""act":"lab.range_set","lab":"Hospital laboratory","analyte":"ALT","sex":"M","from":"2026-01-01","to":"2026-12-31","unit":"MU.U_L","low":"9","high":"50","bases":[]"#,
    r#""act":"lab.range_set","lab":"Hospital laboratory","analyte":"ALT","bases":["3333333333333333333333333333333333333333333333333333333333333333"]"#,
    r#""mdv":"MDV.1","act":"subject.migrated","subject":"S01-003","from":"MDV.1","to":"MDV.2","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"bases":["3333333333333333333333333333333333333333333333333333333333333333"]"#,
    r#""act":"allocation.published","root":"3333333333333333333333333333333333333333333333333333333333333333","strata":4,"slots":120"#,
    r#""mdv":"MDV.1","act":"allocation.requested","subject":"S01-003","root":"3333333333333333333333333333333333333333333333333333333333333333","stratum":2,"factors":["HBV","1"],"number":7"#,
    r#""act":"allocation.released","device":"S01-k7f2m3pq","subject":"S01-003","stratum":2,"slot":9,"number":7,"code":"ABCD-EFGH","again":false"#,
    r#""act":"allocation.released","device":"S01-k7f2m3pq","subject":"S01-003","stratum":2,"slot":9,"number":8,"code":"ABCD-EFGH","again":true,"deviation":{"text":"2222222222222222222222222222222222222222222222222222222222222222"}"#,
    r#""act":"allocation.refused","code":"ABCD-EFGH","device":"S01-k7f2m3pq","why":"skipped""#,
    r#""act":"allocation.refused","code":"ABCD-EFGH","why":"unknown_device""#,
    r#""mdv":"MDV.1","act":"allocation.revealed","subject":"S01-003","request":"3333333333333333333333333333333333333333333333333333333333333333","stratum":2,"slot":9,"arm":"A""#,
    r#""act":"recovery.sealed","set":1,"codes":10,"sealed":"6167652d656e6372797074696f6e""#,
    r#""act":"recovery.released","device":"S01-k7f2m3pq","set":1,"code":3,"reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"}"#,
    r#""act":"recovery.released","device":"S01-k7f2m3pq","set":1,"code":3,"reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"user":"nurse1""#,
    r#""act":"recovery.used","set":1,"code":3,"user":"nurse1""#,
    r#""act":"user.password_changed","user":"nurse1","how":"own""#,
    r#""act":"user.password_changed","user":"inv1","how":"administrator","key":"ssh-ed25519 AAAA""#,
    r#""act":"user.password_changed","user":"nurse1","how":"recovery","key":"ssh-ed25519 AAAA""#,
    r#""act":"backup.written","seq":9,"head":"3333333333333333333333333333333333333333333333333333333333333333""#,
    r#""act":"vault.restored","seq":9,"head":"3333333333333333333333333333333333333333333333333333333333333333""#,
    r#""act":"vault.restored","seq":9,"head":"3333333333333333333333333333333333333333333333333333333333333333","said_by":"nurse1""#,
    r#""act":"log.settled","device":"S01-k7f2m3pq","seq":5,"kept":"held","head":"3333333333333333333333333333333333333333333333333333333333333333","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"}"#,
    r#""act":"log.settled","device":"S01-k7f2m3pq","seq":5,"kept":"later","head":"3333333333333333333333333333333333333333333333333333333333333333","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"rest":{"text":"4444444444444444444444444444444444444444444444444444444444444444"}"#,
    r#""act":"log.settled","device":"S01-k7f2m3pq","seq":5,"kept":"held","head":"3333333333333333333333333333333333333333333333333333333333333333","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"},"lost":[{"subject":"S01-001","stratum":0,"slot":1,"same_person":false}],"unread":["3333333333333333333333333333333333333333333333333333333333333333"]"#,
];

#[test]
fn every_frozen_line_reads_and_writes_the_same_bytes() {
    for rest in FROZEN {
        let line = read(rest).unwrap_or_else(|fault| panic!("{fault}: {rest}"));
        let again = Line::write(line.entry().clone(), digest).expect("what was read can be written");
        assert_eq!(again, line, "{rest}");
        assert!(rest.contains(&format!("\"act\":\"{}\"", line.entry().act.name())));
        assert_eq!(Line::reread(line.bytes().to_vec(), line.id()), Ok(line));
    }
}

#[test]
fn every_act_has_a_frozen_line() {
    let frozen = |name: &&&str| FROZEN.iter().any(|rest| rest.contains(&format!("\"act\":\"{name}\"")));
    let missing: Vec<_> = Act::NAMES.iter().filter(|name| !frozen(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Bytes of the summary of a book in which nothing is but an entry of [`HEAD`].
const BARE_SUMMARY: usize = 76;

/// What an act answers about itself, and that the fold takes it, held against the keys of its line: an act that is added
/// to the list and forgotten in one of the matches would be lost in silence.
#[test]
fn every_act_is_known_wherever_it_is_asked_about() {
    for rest in FROZEN {
        let line = read(rest).unwrap_or_else(|fault| panic!("{fault}: {rest}"));
        let (id, entry) = (line.id(), line.entry());
        let json: serde_json::Value = serde_json::from_slice(line.bytes()).expect("JSON");
        let by_center = entry.act.name() == "allocation.released";
        let subject = json["subject"].as_str().filter(|_| !by_center);
        assert_eq!(entry.act.subject().map(Oid::as_str), subject, "{rest}");
        let mut texts = Vec::new();
        collect_texts(&json, &mut texts);
        let known: Vec<String> = entry.act.texts().iter().map(ToString::to_string).collect();
        assert_eq!(known, texts, "{rest}");
        let mut book = Book::new();
        assert_eq!(book.apply(id, entry).is_ok(), subject.is_some(), "{rest}");
        // When a book was last written in stands in its summary, whatever was written.
        let bytes: usize = book.rows().iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(subject.is_none() || bytes > BARE_SUMMARY, "no book remembers {rest}");
    }
}

/// Every commitment to a free text in a line: an object with the one key `text`. A redaction names its target as text.
fn collect_texts(json: &serde_json::Value, found: &mut Vec<String>) {
    match json {
        serde_json::Value::Object(keys) => match keys.get("text").filter(|_| keys.len() == 1) {
            Some(text) => found.extend(text.as_str().map(str::to_owned)),
            None => keys.values().for_each(|value| collect_texts(value, found)),
        },
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect_texts(value, found)),
        _ => {}
    }
}

#[test]
fn every_act_stands_in_the_text_of_the_format() {
    let text = include_str!("../../FORMAT.md");
    let missing: Vec<_> = Act::NAMES.iter().filter(|name| !text.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "FORMAT.md lacks {missing:?}");
}

#[test]
fn what_a_reader_would_skip_is_refused() {
    let good = r#""act":"session.opened","user":"nurse1""#;
    assert!(read(good).is_ok());
    for (rest, fault) in [
        (r#""act":"session.opened","user":"nurse1","note":"hidden""#, EntryError::NotCanonical),
        (r#""act":"session.opened", "user":"nurse1""#, EntryError::NotCanonical),
        (r#""act":"session.opened","user":"nurs\u00651""#, EntryError::NotCanonical),
        (r#""act":"session.opened","user":"nurse1","user":"nurse1""#, EntryError::Malformed),
        (r#""act":"session.opened""#, EntryError::Malformed),
        (r#""user":"nurse1","act":"session.opened""#, EntryError::Malformed),
        (r#""act":"signature.given","subject":"S01-003""#, EntryError::NewerVersion),
        (r#""mdv":"MDV.1","act":"session.opened","user":"nurse1""#, EntryError::Invalid("metadata version")),
        (r#""act":"session.opened","user":"" "#.trim_end(), EntryError::Invalid("a name out of bounds")),
        (
            r#""act":"lab.range_set","lab":"L","analyte":"alt","low":"9","bases":[]"#,
            EntryError::Invalid("no analyte's code"),
        ),
        (r#""act":"lab.range_set","lab":"L","analyte":"ALT","bases":[]"#, EntryError::Invalid("nothing is withdrawn")),
        (
            r#""act":"recovery.sealed","set":0,"codes":10,"sealed":"00""#,
            EntryError::Invalid("a set of recovery codes has no number or no codes"),
        ),
        (
            r#""act":"recovery.sealed","set":1,"codes":10,"sealed":"0A""#,
            EntryError::Invalid("a sealed set is not hexadecimal"),
        ),
        (
            r#""act":"recovery.used","set":1,"code":101,"user":"nurse1""#,
            EntryError::Invalid("there can't be such a recovery code"),
        ),
        (
            r#""act":"log.settled","device":"S01-k7f2m3pq","seq":0,"kept":"held","head":"3333333333333333333333333333333333333333333333333333333333333333","reason":{"text":"2222222222222222222222222222222222222222222222222222222222222222"}"#,
            EntryError::Invalid("a log begins with seq 1"),
        ),
        (
            r#""act":"lab.range_set","lab":"L","analyte":"ALT","low":"9e9","bases":[]"#,
            EntryError::Invalid("a limit is no decimal"),
        ),
        (
            r#""act":"lab.range_set","lab":"L","analyte":"ALT","from":"2026","low":"9","bases":[]"#,
            EntryError::Invalid("a date is not ISO 8601"),
        ),
    ] {
        assert_eq!(read(rest), Err(fault), "{rest}");
    }
    let text = String::from_utf8(line(good)).expect("text");
    let bytes = |text: String| Line::read(text.as_bytes(), EntryId([7; 32]));
    assert_eq!(bytes(text.replace("\"v\":1", "\"v\":2")), Err(EntryError::NewerVersion));
    assert_eq!(bytes(text.replace("\"seq\":2", "\"seq\":2.0")), Err(EntryError::Malformed));
    assert_eq!(bytes(text.replace("\"seq\":2", "\"seq\":0")), Err(EntryError::Invalid("seq and prev")));
    assert_eq!(bytes(text.replace("\"seq\":2", "\"seq\":1")), Err(EntryError::Invalid("seq and prev")));
    assert_eq!(bytes(text.replace(".113Z", ".113z")), Err(EntryError::Malformed));
    assert_eq!(bytes(text.replace("3.0\"", "3.00\"")), Err(EntryError::NotCanonical));
    assert_eq!(bytes(text.replace('\n', "")), Err(EntryError::Malformed));
    assert_eq!(bytes(text.replace('\n', "\n\n")), Err(EntryError::NotCanonical));
    assert_eq!(bytes(text.replace('{', " {")), Err(EntryError::NotCanonical));
    assert_eq!(bytes("x".repeat(MAX_LINE + 1)), Err(EntryError::TooLong));
    assert_eq!(bytes("[".repeat(MAX_LINE - 1) + "\n"), Err(EntryError::Malformed));
}

#[test]
fn an_answer_that_contradicts_itself_is_refused() {
    let answer = |rest: &str| {
        read(&format!(
            r#""mdv":"MDV.1","act":"items.set","subject":"S01-003","form":"SE.SCR[1]/F.VS[1]","items":[{rest}]"#
        ))
    };
    let cell = r#""group":"IG.VS","repeat":"1","item":"IT.VS.SYSBP","#;
    assert!(answer(&format!(r#"{{{cell}"value":"1","bases":[]}}"#)).is_ok());
    for rest in [
        format!(r#"{{{cell}"value":"","bases":[]}}"#),
        format!(r#"{{{cell}"bases":[]}}"#),
        format!(r#"{{{cell}"value":"1","missing":"not_done","bases":[]}}"#),
        format!(r#"{{{cell}"missing":"not_done","raw":"1","bases":[]}}"#),
        format!(r#"{{{cell}"value":"1","bases":[]}},{{{cell}"value":"2","bases":[]}}"#),
        format!(r#"{{{cell}"value":"1","bases":["{0}","{0}"]}}"#, "3".repeat(64)),
        String::new(),
    ] {
        assert!(matches!(answer(&rest), Err(EntryError::Invalid(_))), "{rest}");
    }
}

#[test]
fn no_debug_shows_an_answer() {
    let form = "SE.SCR[1]/F.VS[1]".parse().expect("a place");
    let item = ItemSet {
        group: "IG".into(),
        repeat: "1".into(),
        item: "IT".into(),
        value: Some(Stored::Plain("canary".into())),
        missing: None,
        unit: None,
        raw: Some("canary".into()),
        bases: vec![],
        reason: Some(FreeTextId { text: TextCommit([1; 32]) }),
    };
    let act = Act::ItemsSet(ItemsSet { subject: "S01-003".into(), form, items: vec![item] });
    assert!(!format!("{act:?}").contains("canary"));
    assert!(act.is_change() && act.subject().is_some_and(|subject| subject == "S01-003"));
    assert_eq!(act.texts(), [TextCommit([1; 32])]);
    assert!(!Act::from(SessionOpened { user: "u".into() }).is_change());
}

/// C1: no writer writes what its reader refuses. A place that can be made in memory and not be read is caught when the line
/// is written, whatever act it stands in.
#[test]
fn c1_a_line_that_could_not_be_read_back_is_not_written() {
    let mut entry = read(r#""mdv":"MDV.1","act":"event.added","subject":"S01-003","event":"SE.UNS[2]""#)
        .expect("a good line")
        .entry()
        .clone();
    assert!(Line::write(entry.clone(), digest).is_ok());
    for (event, repeat) in [("SE.UNS", ""), ("", "2")] {
        let event = study::EventKey { event: event.into(), repeat: repeat.into() };
        entry.act = crate::act::EventAdded { subject: "S01-003".into(), event }.into();
        assert!(Line::write(entry.clone(), digest).is_err(), "{:?}", entry.act);
    }
    entry.act = read(r#""mdv":"MDV.1","act":"event.added","subject":"S01-003","event":"SE.UNS[2]""#)
        .expect("good")
        .entry()
        .act
        .clone();
    entry.tick = Tick { ms: 999_999_999_999_999, counter: 0 };
    assert!(Line::write(entry, digest).is_err(), "nor a tick that nobody reads");
}
