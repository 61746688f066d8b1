//! Questions of the data manager: asked at the center, they travel to the site, are answered there, and come back.

use crate::device::{Desk, Device, stamp};
use crate::folding::export;
use crate::replies::{Read, open};
use bundle::{Key, Kind};
use casebook::act::{FormCompleted, QueryAnswered, QueryClosed};
use casebook::gate::Thing;
use casebook::{Act, CENTER, DeniedError, EntryId, FreeTextId, QueryStatus, TextRow};
use center::CenterError;
use seal::{Identity, sha256};
use study::{CellKey, Oid};

const CELL: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP";
const QUESTION: &str = "Was the cuff the right size? (sample)";

fn cell(place: &str) -> CellKey {
    place.parse().expect("a cell")
}

/// A center with a subject whose systolic pressure was entered by a device that can read replies.
fn asked() -> (Desk, Device, Identity, Oid) {
    let desk = Desk::new();
    let identity = Identity::make();
    let mut device = Device { age: identity.recipient(), ..Device::new(&desk, "S01-k7f2m3pq") };
    desk.admit(&mut device);
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "410");
    desk.send(&device.export(2));
    (desk, device, identity, subject)
}

fn reply(desk: &Desk, identity: &Identity) -> Read {
    let packed = desk.center.reply(&stamp(20), "S01").expect("a reply").packed.remove(0);
    open(desk, &packed.bytes, Kind::Reply, &Key::Identity(identity))
}

/// Writes an answer as a site does, with its words beside it.
fn answer(device: &mut Device, subject: &Oid, query: EntryId) -> EntryId {
    let row = TextRow::new(&[5; 16], "Typed twice; it was 140 (sample)", sha256).expect("short");
    let answer = FreeTextId { text: row.commit };
    let id = device.write(QueryAnswered { subject: subject.clone(), query, answer, bases: Vec::new() });
    device.texts.push((device.lines.len() as u64, row));
    id
}

#[test]
fn a_question_travels_with_its_words_and_its_answer_comes_back() {
    let (desk, mut device, identity, subject) = asked();
    let query = desk.center.raise_query(&stamp(5), &subject, &cell(CELL), QUESTION).expect("raised");
    let read = reply(&desk, &identity);
    let line = read.lines.iter().find(|line| line.id() == query).expect("it travels");
    let (entry, Act::QueryRaised(act)) = (line.entry(), &line.entry().act) else { panic!("a query") };
    assert_eq!((&*entry.log, &*entry.by), (CENTER, "datamanager"));
    assert_eq!(entry.metadata_version, Some(Oid::from("MDV.1")), "the subject's version");
    assert_eq!((&act.subject, act.form.cell(&act.group, &act.repeat, &act.item)), (&subject, cell(CELL)));
    let words = read.texts.iter().find(|row| row.commit == act.question.text).expect("its words");
    assert_eq!(words.text.as_str(), QUESTION);
    assert!(!String::from_utf8_lossy(line.bytes()).contains("cuff"), "the entry itself holds no word of it");

    let status = |desk: &Desk| desk.center.book(&subject).expect("a book").query(&query).map(casebook::Query::status);
    assert_eq!(status(&desk), Some(QueryStatus::Open));
    let answered = answer(&mut device, &subject, query);
    assert_eq!(desk.says(&device.export(4)), "accepted 1 entries");
    assert_eq!(status(&desk), Some(QueryStatus::Answered));
    device.write(QueryClosed { subject: subject.clone(), query, comment: None, bases: vec![answered] });
    desk.send(&device.export(5));
    assert_eq!(status(&desk), Some(QueryStatus::Closed));
    desk.center.check().expect("sound");
}

#[test]
fn each_question_is_its_own_and_stays_behind_no_other() {
    let (desk, mut device, identity, subject) = asked();
    let ask = |words: &str| desk.center.raise_query(&stamp(5), &subject, &cell(CELL), words).expect("raised");
    let queries = ["Once? (sample)", "Once? (sample)", "Thrice? (sample)"].map(ask);
    answer(&mut device, &subject, queries[1]);
    desk.send(&device.export(4));
    let book = desk.center.book(&subject).expect("a book");
    let stand = queries.map(|id| book.query(&id).expect("there").status());
    assert_eq!(stand, [QueryStatus::Open, QueryStatus::Answered, QueryStatus::Open]);
    let texts: Vec<String> = reply(&desk, &identity).texts.iter().map(|row| row.text.as_str().to_owned()).collect();
    assert_eq!(texts.iter().filter(|words| *words == "Once? (sample)").count(), 2, "the salt parts them");
    // Another site's reply has nothing of them but the center's entries; a device of that site holds no such subject.
    desk.center.add_site(&stamp(6), "S02", "Second hospital (sample)").expect("a good name");
    assert!(matches!(desk.center.reply(&stamp(7), "S02"), Err(CenterError::NoDevice(_))));
}

#[test]
fn what_cannot_be_asked_is_refused_and_leaves_nothing() {
    let (desk, _, _, subject) = asked();
    let before = export(&desk, "before");
    let own = desk.center.status().expect("a status").own_entries;
    let ask = |subject: &str, place: &str| desk.center.raise_query(&stamp(5), subject, &cell(place), QUESTION);
    for nobody in ["S01-002", "S02-001", "", "center"] {
        let refused = ask(nobody, CELL);
        assert!(matches!(&refused, Err(CenterError::UnknownSubject(name)) if name == nobody), "{refused:?}");
    }
    for (place, what) in [
        ("SE.NONE[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP", Thing::Form),
        ("SE.SCR[1]/F.AE[1]/IG.VS[1]/IT.VS.SYSBP", Thing::Form),
        ("SE.SCR[2]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP", Thing::Form),
        ("SE.SCR[1]/F.VS[1]/IG.DM[1]/IT.VS.SYSBP", Thing::Cell),
        ("SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.NONE", Thing::Cell),
    ] {
        match ask(&subject, place) {
            Err(CenterError::Denied(DeniedError::NoSuch(said))) => assert_eq!(said, what, "{place}"),
            other => panic!("{place}: {other:?}"),
        }
    }
    assert_eq!(desk.center.status().expect("a status").own_entries, own);
    assert!(export(&desk, "after") == before);
    let sql = crate::folding::database(&desk);
    let kept: u64 = sql.query_row("SELECT count(*) FROM words", [], |row| row.get(0)).expect("a count");
    assert_eq!(kept, 0, "nor were the words of a refused question kept");
}

#[test]
fn a_question_about_a_form_that_was_completed_is_asked_all_the_same() {
    let (desk, mut device, _, subject) = asked();
    let form = "SE.SCR[1]/F.VS[1]".parse().expect("a form");
    device.write(FormCompleted { subject: subject.clone(), form, bases: Vec::new() });
    desk.send(&device.export(4));
    let query = desk.center.raise_query(&stamp(5), &subject, &cell(CELL), QUESTION).expect("raised");
    let book = desk.center.book(&subject).expect("a book");
    assert_eq!(book.queries_of(&cell(CELL)).map(|(id, _)| id).collect::<Vec<_>>(), [query]);
}
