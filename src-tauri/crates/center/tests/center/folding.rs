//! Folded rows at the center: whatever came in whatever order, they are what the entries fold to.

use crate::device::{Desk, Device, STUDY, stamp};
use casebook::Book;
use center::store::{Embedded, FoldState, Storage};
use center::{Amendment, Center, CenterError};
use proptest::prelude::*;
use std::fs;
use study::{Functions, Oid};

/// Takes away the columns that the sixth step of the schema and the seventh add.
const BEFORE_6: &str = "ALTER TABLE log DROP COLUMN restored_at; ALTER TABLE alarm DROP COLUMN last;
    ALTER TABLE device DROP COLUMN kit; ALTER TABLE quarantine DROP COLUMN settled; ALTER TABLE log DROP COLUMN given;";

/// The rows of a book, sorted.
pub fn rows(book: &Book) -> Vec<(casebook::RowKey, Vec<u8>)> {
    let mut rows = book.rows();
    rows.sort();
    rows
}

/// A fold from nothing of what devices wrote about a subject, under the center's study.
pub fn fresh<'a>(desk: &Desk, subject: &str, devices: impl IntoIterator<Item = &'a Device>) -> Book {
    let mut book = Book::new();
    for line in devices.into_iter().flat_map(|device| &device.lines) {
        if line.entry().act.subject().is_some_and(|of| **of == *subject) {
            book.apply(line.id(), line.entry()).expect("of this subject");
        }
    }
    book.recompute(desk.center.study());
    book
}

pub fn database(desk: &Desk) -> rusqlite::Connection {
    rusqlite::Connection::open(desk.folder.path().join("center.sqlite")).expect("the database")
}

pub fn storage(desk: &Desk) -> Box<dyn Storage> {
    Box::new(Embedded::open(&desk.folder.path().join("center.sqlite")).expect("it opens"))
}

fn state(desk: &Desk, subject: &str) -> FoldState {
    storage(desk).read(|tx| tx.fold_state(subject)).expect("read")
}

pub fn export(desk: &Desk, name: &str) -> Vec<(String, Vec<u8>)> {
    let out = desk.folder.path().join(name);
    let files = desk.center.export_csv(&stamp(100), &out).expect("exported").files;
    let name = |path: &std::path::PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read(path).expect("a table"))).collect()
}

#[test]
fn rows_are_carried_on_when_a_book_is_read() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    desk.send(&device.export(2));
    assert_eq!(state(&desk, &subject), FoldState::Absent, "an import folds nothing");
    assert_eq!(rows(&desk.center.book(&subject).expect("a book")), rows(&fresh(&desk, &subject, [&device])));
    assert_eq!(state(&desk, &subject), FoldState::Current);
    let other = device.register(2);
    device.set(&subject, "IT.VS.DIABP", "80");
    desk.send(&device.export(4));
    assert_eq!((state(&desk, &subject), state(&desk, &other)), (FoldState::Behind, FoldState::Absent));
    assert_eq!(rows(&desk.center.book(&subject).expect("a book")), rows(&fresh(&desk, &subject, [&device])));
    let nobody = desk.center.book("S09-009").expect("an empty book");
    assert!(nobody.subject().is_none() && state(&desk, "S09-009") == FoldState::Absent);
    export(&desk, "out");
    assert_eq!(
        storage(&desk).read(|tx| tx.unfolded("", 9)).expect("read"),
        [""; 0],
        "an export carries all of them on"
    );
    desk.center.check().expect("they are what the entries say");
}

/// H3: what was held before a fork came to light stays in force, and goes on.
#[test]
fn h3_a_fork_leaves_what_was_folded_as_it_was() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    let mut copy = device.clone();
    device.set(&subject, "IT.VS.SYSBP", "120");
    desk.send(&device.export(2));
    let before = export(&desk, "before");
    copy.set(&subject, "IT.VS.SYSBP", "190");
    desk.send(&copy.export(2));
    assert!(export(&desk, "after") == before, "the branch held first is in force");
    device.set(&subject, "IT.VS.DIABP", "80");
    assert_eq!(desk.says(&device.export(4)), "accepted 1 entries", "and goes on");
    assert_eq!(rows(&desk.center.book(&subject).expect("a book")), rows(&fresh(&desk, &subject, [&device])));
    desk.center.check().expect("sound");
}

/// H3: a center whose fork was hidden by an earlier version shows the branch that it held first again.
#[test]
fn h3_what_an_earlier_version_hid_behind_a_fork_is_back() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    desk.send(&device.export(2));
    export(&desk, "early");
    let mut copy = device.clone();
    device.set(&subject, "IT.VS.SYSBP", "120");
    desk.send(&device.export(3));
    copy.set(&subject, "IT.VS.SYSBP", "190");
    desk.send(&copy.export(3));
    // As the second version of the schema had it: folded up to the fork, and taken for current.
    database(&desk)
        .execute_batch(&format!(
            "UPDATE folded SET behind = 0; DROP INDEX bundle_parked; {BEFORE_6} PRAGMA user_version = 2;"
        ))
        .expect("as it was");
    let center = Center::open(desk.folder.path(), &Functions::default()).expect("it opens");
    assert_eq!(rows(&center.book(&subject).expect("a book")), rows(&fresh(&desk, &subject, [&device])));
    center.check().expect("sound");
}

#[test]
fn rows_that_somebody_changed_are_named_and_folded_anew() {
    let (desk, mut device) = Desk::with_device();
    let (one, two) = (device.register(1), device.register(2));
    device.set(&one, "IT.VS.SYSBP", "120");
    device.set(&two, "IT.VS.SYSBP", "130");
    desk.send(&device.export(2));
    let before = export(&desk, "before");
    for change in [
        "UPDATE fold SET value = (SELECT value FROM fold WHERE subject = 2 AND kind = 5) WHERE subject = 1 AND kind = 5",
        "DELETE FROM fold WHERE subject = 1 AND kind = 5",
        "INSERT INTO fold (subject, kind, place, value) VALUES (1, 200, 'x', x'00')",
        "INSERT INTO fold (subject, kind, place, value) SELECT 1, 6, 'x', value FROM fold WHERE kind = 5 LIMIT 1",
    ] {
        assert!(database(&desk).execute(change, []).expect("changed") > 0, "{change}");
        let found = desk.center.check().expect_err(change);
        assert!(matches!(found, CenterError::FoldedRows { subjects: 1 }), "{change}: {found}");
        desk.center.check().expect("they were removed");
        assert!(export(&desk, "after") == before, "{change}");
        desk.center.check().expect("and folded anew");
    }
}

#[test]
fn a_center_that_was_made_without_folded_rows_works_on() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    desk.send(&device.export(2));
    let before = export(&desk, "before");
    // What the first version of the schema had.
    let first = format!("DROP TABLE fold; DROP TABLE folded; {BEFORE_6} PRAGMA user_version = 1;");
    database(&desk).execute_batch(&first).expect("as it was");
    let again = Desk {
        center: Center::open(desk.folder.path(), &Functions::default()).expect("it opens"),
        folder: desk.folder,
    };
    assert_eq!(state(&again, &subject), FoldState::Absent);
    assert_eq!(rows(&again.center.book(&subject).expect("a book")), rows(&fresh(&again, &subject, [&device])));
    assert!(export(&again, "after") == before);
    device.set(&subject, "IT.VS.DIABP", "80");
    assert_eq!(again.says(&device.export(4)), "accepted 1 entries");
    assert_eq!(rows(&again.center.book(&subject).expect("a book")), rows(&fresh(&again, &subject, [&device])));
    again.center.check().expect("sound");
    database(&again).execute_batch("PRAGMA user_version = 99;").expect("as a newer one would");
    let newer = Center::open(again.folder.path(), &Functions::default()).err().expect("refused").to_string();
    assert_eq!(newer, "a newer version of Outpost made the center's database");
}

#[test]
fn answers_under_a_version_that_is_published_later_are_asked_its_rules() {
    let second = STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.2\"");
    assert!(second != STUDY);
    let (desk, mut device) = Desk::with_device();
    device.version = Oid::from("MDV.2");
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    desk.send(&device.export(2));
    let settled = |desk: &Desk| desk.center.book(&subject).expect("a book").computed_under().cloned();
    assert_eq!(settled(&desk), Some(Oid::from("MDV.1")), "the first stands in");
    let amendment = Amendment {
        name: "second.xml",
        file: second.as_bytes(),
        effective: "2026-12-01",
        approval: "EC 2",
        sites: &[],
    };
    desk.center.publish(&stamp(100), &amendment).expect("published");
    assert_eq!(settled(&desk), Some(Oid::from("MDV.2")));
    desk.center.check().expect("folded under its own version");
    // What another process published is known here, too.
    let third = STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.3\"");
    let amendment = Amendment { name: "third.xml", file: third.as_bytes(), ..amendment };
    Center::open(desk.folder.path(), &Functions::default())
        .expect("it opens")
        .publish(&stamp(101), &amendment)
        .expect("published");
    let known: Vec<String> =
        desk.center.publications().expect("listed").iter().map(|one| one.act.version.to_string()).collect();
    assert_eq!(known, ["MDV.1", "MDV.2", "MDV.3"]);
}

/// Entries of two devices about the same subjects, cut into bundles.
fn history(desk: &Desk, answers: &[(bool, u8, u8)]) -> [Device; 2] {
    let mut devices = ["S01-aaaaaaaa", "S01-bbbbbbbb"].map(|log| Device::new(desk, log));
    for device in &mut devices {
        device.enrol();
        desk.send(&device.export(1));
        desk.center.approve(&stamp(100), &device.log).expect("it waits");
        desk.center.import_waiting(&stamp(100), &device.log).expect("imported");
    }
    for &(which, subject, value) in answers {
        let device = &mut devices[usize::from(which)];
        let subject = Oid::from(format!("S01-{:03}", subject % 3 + 1));
        match value % 8 {
            0 => drop(device.register((value % 3).into())),
            1 => drop(device.say(&subject, "fell on the stairs")),
            2 => drop(device.set(&subject, "IT.VS.DIABP", &value.to_string())),
            _ => drop(device.set(&subject, "IT.VS.SYSBP", &(100 + u32::from(value)).to_string())),
        }
    }
    devices
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Bundles of two devices in any order, parked, repeated, read in between by two processes or not at all: the center
    /// holds the books that a fold from nothing gives.
    #[test]
    fn any_order_of_bundles_and_readings_gives_the_same_books(
        answers in proptest::collection::vec((any::<bool>(), any::<u8>(), any::<u8>()), 1..40),
        order in proptest::collection::vec((any::<bool>(), 0u64..6, any::<u8>()), 0..12),
    ) {
        let desk = Desk::new();
        let devices = history(&desk, &answers);
        let other = Center::open(desk.folder.path(), &Functions::default()).expect("it opens");
        for (which, part, what) in order {
            let device = &devices[usize::from(which)];
            let (first, last) = (2 + part * 4, 5 + part * 4);
            if first <= device.lines.len() as u64 {
                desk.send(&device.part(first, last));
            }
            let reader = if what % 2 == 0 { &desk.center } else { &other };
            match what % 5 {
                0 => drop(reader.book("S01-001").expect("a book")),
                1 => drop(reader.book("S01-002").expect("a book")),
                2 => reader.check().expect("sound"),
                _ => {}
            }
        }
        for device in &devices {
            desk.send(&device.export(2));
        }
        for subject in ["S01-001", "S01-002", "S01-003"] {
            let expected = rows(&fresh(&desk, subject, &devices));
            prop_assert_eq!(&rows(&other.book(subject).expect("a book")), &expected);
            prop_assert_eq!(&rows(&desk.center.book(subject).expect("a book")), &expected, "from rows");
        }
        desk.center.check().expect("sound");
    }
}

/// Two processes import at once; nothing is lost, refused or counted twice.
#[test]
fn imports_at_once_wait_for_each_other() {
    let (desk, mut device) = Desk::with_device();
    (1..=60).for_each(|number| drop(device.register(number)));
    let other = Center::open(desk.folder.path(), &Functions::default()).expect("it opens");
    let parts: Vec<_> = (0..12).map(|part| device.part(2 + part * 5, 8 + part * 5)).collect();
    std::thread::scope(|scope| {
        for (center, step) in [(&desk.center, 1), (&other, 5), (&desk.center, 7)] {
            let parts = &parts;
            scope.spawn(move || {
                for n in 0..parts.len() {
                    let bytes = std::io::Cursor::new(parts[n * step % parts.len()].bytes.clone());
                    let said = center.import(&stamp(100), "a.bundle", bytes).expect("the center works");
                    assert!(said.iter().all(|one| one.outcome.is_good()), "{said:?}");
                }
            });
        }
    });
    // A bundle that was parked while another thread imported what it waited for is looked at in every run.
    let late = desk.center.import_parked(&stamp(101)).expect("the center works");
    assert!(late.iter().all(|one| one.outcome.is_good()), "{late:?}");
    device.register(61);
    desk.send(&device.export(62));
    let status = desk.center.status().expect("a status");
    let own = &status.sites[0].devices[0];
    assert_eq!((own.held, own.gap, status.subjects), (62, None, 61));
    desk.center.check().expect("sound");
}
