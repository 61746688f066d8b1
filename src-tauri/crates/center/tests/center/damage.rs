//! One thing that is damaged: it is named and left out, and everything else goes on.

use crate::device::{Desk, Device, stamp};
use crate::folding::{database, export, fresh, rows, storage};
use crate::randomisation::{ask, center as dealing};
use crate::replies::open;
use bundle::{Key, Kind};
use casebook::{Line, Tick};
use center::{AlarmKind, Center, CenterError, Omission};
use seal::{Identity, sha256};
use study::{Functions, Oid};

/// A center with two sites, a subject each, and whoever reads the replies of the first.
fn desk() -> (Desk, [Device; 2], Identity) {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    let identity = Identity::make();
    let mut devices = ["S01-aaaaaaaa", "S02-bbbbbbbb"].map(|log| Device::new(&desk, log));
    devices[1].age = identity.recipient();
    for device in &mut devices {
        desk.admit(device);
        let subject = device.register(1);
        device.set(&subject, "IT.VS.SYSBP", "120");
        desk.send(&device.export(2));
    }
    (desk, devices, identity)
}

fn has(tables: &[(String, Vec<u8>)], subject: &str) -> bool {
    tables.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(subject))
}

/// The first site's log is damaged at its third entry.
fn damage(desk: &Desk) {
    let sql =
        "UPDATE entry SET line = x'00' WHERE seq = 3 AND log = (SELECT number FROM log WHERE name = 'S01-aaaaaaaa')";
    assert_eq!(database(desk).execute(sql, []).expect("damaged"), 1);
}

/// C1: one unreadable entry stops neither the export, nor a status, nor a check, nor the replies of anybody else.
#[test]
fn c1_an_unreadable_entry_leaves_out_its_own_subject_alone() {
    let (desk, [_, mut honest], identity) = desk();
    damage(&desk);
    let unreadable = Omission::Unreadable { subject: "S01-001".to_owned(), what: "an entry" };
    let exported = desk.center.export_csv(&stamp(9), &desk.folder.path().join("out")).expect("exported");
    assert_eq!((exported.subjects, exported.omitted), (1, vec![unreadable.clone()]));
    let tables = export(&desk, "again");
    assert!(has(&tables, "S02-001") && !has(&tables, "S01-001"));
    let status = desk.center.status().expect("a status");
    assert_eq!((status.subjects, status.omitted), (1, vec![unreadable]));
    let found = desk.center.check().expect_err("found");
    assert!(matches!(&found, CenterError::Chain { log, seq: 3 } if log == "S01-aaaaaaaa"), "{found}");
    assert!(desk.center.book("S01-001").is_err());
    honest.set(&Oid::from("S02-001"), "IT.VS.DIABP", "80");
    assert_eq!(desk.says(&honest.export(4)), "accepted 1 entries");
    assert_eq!(rows(&desk.center.book("S02-001").expect("a book")), rows(&fresh(&desk, "S02-001", [&honest])));
    // A reply holds the log up to there; the other site's reply does not hold it at all.
    let mut second = Device::new(&desk, "S01-cccccccc");
    second.age = identity.recipient();
    desk.admit(&mut second);
    let reply = desk.center.reply(&stamp(10), "S01").expect("a reply");
    assert_eq!(reply.omitted, [Omission::Damaged { log: "S01-aaaaaaaa".to_owned(), seq: 3 }]);
    let read = open(&desk, &reply.packed[0].bytes, Kind::Reply, &Key::Identity(&identity));
    assert_eq!(read.lines.iter().filter(|line| *line.entry().log == *"S01-aaaaaaaa").count(), 2);
    assert_eq!(desk.center.reply(&stamp(10), "S02").expect("a reply").omitted, []);
}

/// C1: the same of folded rows, which a check removes, so that they are folded anew.
#[test]
fn c1_unreadable_folded_rows_leave_out_their_own_subject_alone() {
    for kind in [1, 5] {
        let (desk, _, _) = desk();
        let before = export(&desk, "before");
        let sql = format!("UPDATE fold SET value = x'ff' WHERE subject = 1 AND kind = {kind}");
        assert!(database(&desk).execute(&sql, []).expect("damaged") > 0);
        let exported = desk.center.export_csv(&stamp(9), &desk.folder.path().join("out")).expect("exported");
        assert_eq!(exported.subjects, 1, "kind {kind}");
        assert!(matches!(&exported.omitted[..], [Omission::Unreadable { subject, .. }] if subject == "S01-001"));
        desk.center.status().expect("a status");
        assert!(matches!(desk.center.check(), Err(CenterError::FoldedRows { subjects: 1 })), "kind {kind}");
        assert!(export(&desk, "after") == before, "kind {kind}");
        desk.center.check().expect("sound");
    }
}

/// C1: a check names all that is wrong, and lets rows stand where the entries are what was altered.
#[test]
fn c1_a_check_goes_on_after_the_first_fault() {
    let (desk, _, _) = desk();
    let before = export(&desk, "before");
    damage(&desk);
    let sql = "UPDATE entry SET line = CAST(replace(CAST(line AS TEXT), '\"120\"', '\"130\"') AS BLOB)
               WHERE seq = 3 AND log = (SELECT number FROM log WHERE name = 'S02-bbbbbbbb')";
    assert_eq!(database(&desk).execute(sql, []).expect("altered"), 1);
    let said = desk.center.check().expect_err("found").to_string();
    for fault in [
        "the log S01-aaaaaaaa is damaged or altered at seq 3",
        "the log S02-bbbbbbbb is damaged or altered at seq 3",
        "S01-001: damaged: an entry",
        "S02-001: damaged: folded rows",
    ] {
        assert!(said.contains(fault), "{fault}: {said}");
    }
    assert!(export(&desk, "after") == before, "the rows still say what was imported");
}

/// C1: a center whose own log an earlier version wrote past the end of time opens and works on, and so do its replies.
#[test]
fn c1_a_center_at_the_end_of_time_works_on() {
    let (desk, [mut device, _], identity) = desk();
    let last: Line = storage(&desk)
        .read(|tx| {
            let (end, mut last) = (tx.log_state("center")?.end, None);
            tx.lines("center", end.seq, &mut |_, _, id, bytes| {
                last = Line::reread(bytes.to_vec(), id).ok();
                Ok(())
            })?;
            Ok::<_, center::store::StoreError>(last.expect("a line"))
        })
        .expect("read");
    let (_, prev, mut entry) = last.into_parts();
    (entry.seq, entry.prev) = (entry.seq + 1, prev);
    entry.tick = Tick { ms: 253_402_300_800_000, counter: 0 };
    let poisoned = Line::write(entry, sha256).expect("as an earlier version wrote it");
    assert!(String::from_utf8_lossy(poisoned.bytes()).contains("\"tick\":\"253402300800000.0\""));
    storage(&desk).transact(|tx| tx.append(&(&poisoned).into())).expect("written");
    let desk = Desk {
        center: Center::open(desk.folder.path(), &Functions::default()).expect("it opens"),
        folder: desk.folder,
    };
    let subject = device.register(2);
    device.set(&subject, "IT.VS.SYSBP", "130");
    assert_eq!(desk.says(&device.export(4)), "accepted 2 entries");
    assert!(has(&export(&desk, "out"), "S01-002"));
    desk.center.status().expect("a status");
    desk.center.check().expect("sound");
    desk.center.revoke(&stamp(9), &device.log, "lost (sample)").expect("revoked");
    let reply = desk.center.reply(&stamp(10), "S02").expect("a reply").packed.remove(0);
    let read = open(&desk, &reply.bytes, Kind::Reply, &Key::Identity(&identity));
    let own = desk.center.status().expect("a status").own_entries;
    assert_eq!(
        read.lines.iter().filter(|line| *line.entry().log == *"center").count() as u64,
        own,
        "read as it was written"
    );
}

/// C1: the same of allocation: one subject's damaged row, or a device's damaged request, is told and stops nobody.
#[test]
fn c1_damaged_requests_stop_nobody() {
    let desk = dealing(false);
    desk.center.make_allocation(&stamp(1), None).expect("dealt");
    let mut device = Device::new(&desk, "S01-aaaaaaaa");
    desk.admit(&mut device);
    for number in 1..=2 {
        device.register(number);
        ask(&mut device, number, number);
    }
    desk.send(&device.export(2));
    let asked = || {
        let status = desk.center.status().expect("a status");
        let subjects = status.allocation.expect("it deals").subjects.into_iter().map(|one| one.subject);
        (subjects.collect::<Vec<_>>(), status.omitted)
    };
    assert_eq!(asked(), (vec!["S01-001".to_owned(), "S01-002".to_owned()], Vec::new()));
    database(&desk).execute("UPDATE fold SET value = x'ff' WHERE subject = 1 AND kind = 8", []).expect("damaged");
    let unreadable = |what| vec![Omission::Unreadable { subject: "S01-001".to_owned(), what }];
    assert_eq!(asked(), (vec!["S01-002".to_owned()], unreadable("folded rows")));
    let sql = "UPDATE entry SET line = substr(line, 2)
               WHERE seq = 3 AND log = (SELECT number FROM log WHERE name = 'S01-aaaaaaaa')";
    assert_eq!(database(&desk).execute(sql, []).expect("damaged"), 1);
    device.register(3);
    ask(&mut device, 3, 3);
    let sent = desk.send(&device.export(6)).remove(0);
    assert_eq!((sent.outcome.to_string(), sent.alarms), ("accepted 2 entries".to_owned(), vec![AlarmKind::Request]));
}
