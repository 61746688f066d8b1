//! What earlier versions kept is brought up to date when it is opened.

use crate::storage::{at, device, id};
use casebook::TextCommit;
use center::AlarmKind;
use center::store::{Alarm, Device, DeviceState, Embedded, Storage, StoreError};
use tempfile::TempDir;

/// What a center kept before a device waited by its key.
#[test]
fn a_database_of_version_2_is_brought_up_to_date() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("center.sqlite");
    let old = rusqlite::Connection::open(&file).expect("made");
    for step in
        [include_str!("../../src/store/sqlite/0001_first.sql"), include_str!("../../src/store/sqlite/0002_fold.sql")]
    {
        old.execute_batch(step).expect("a step");
    }
    old.execute_batch("PRAGMA user_version = 2; INSERT INTO site VALUES ('S01', 'Sample hospital', 0)")
        .expect("a site");
    for (log, state, bundle) in [("S01-a", "approved", 1), ("S01-b", "waiting", 2), ("S01-c", "revoked", 3)] {
        let Device { key, age, .. } = device(log);
        let insert = "INSERT INTO device VALUES (?1, 'S01', ?2, ?3, ?4, 1, 2)";
        old.execute(insert, rusqlite::params![log, key.to_string(), age.to_string(), state]).expect("a device");
        let insert = "INSERT INTO bundle VALUES (?1, ?2, 1, 1, 3, 'waiting', 0, NULL, NULL)";
        old.execute(insert, rusqlite::params![id(bundle).bytes(), log]).expect("a bundle");
    }
    drop(old);
    let store: Box<dyn Storage> = Box::new(Embedded::open(&file).expect("it opens"));
    let read =
        |log: &str| store.read(|tx| Ok::<_, StoreError>((tx.device(log)?, tx.waiting_bundles(log, device(log).key)?)));
    for (log, known, bundle) in [("S01-a", true, 1), ("S01-b", false, 2), ("S01-c", true, 3)] {
        let (device, bundles) = read(log).expect("read");
        assert_eq!((device.is_some(), bundles.iter().map(|row| row.id).collect::<Vec<_>>()), (known, vec![id(bundle)]));
    }
    assert_eq!(store.read(|tx| tx.devices()).expect("read").len(), 3);
}

/// What a center kept before it knew of ways back in.
#[test]
fn a_database_of_version_5_is_brought_up_to_date() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("center.sqlite");
    let old = rusqlite::Connection::open(&file).expect("made");
    for step in [
        include_str!("../../src/store/sqlite/0001_first.sql"),
        include_str!("../../src/store/sqlite/0002_fold.sql"),
        include_str!("../../src/store/sqlite/0003_forks.sql"),
        include_str!("../../src/store/sqlite/0004_redacted.sql"),
        include_str!("../../src/store/sqlite/0005_waiting.sql"),
    ] {
        old.execute_batch(step).expect("a step");
    }
    let Device { key, age, .. } = device("S01-a");
    old.execute_batch("PRAGMA user_version = 5; INSERT INTO site VALUES ('S01', 'Sample hospital', 0)")
        .expect("a site");
    let insert = "INSERT INTO device VALUES ('S01-a', 'S01', ?1, ?2, 'approved', 1, 2)";
    old.execute(insert, [key.to_string(), age.to_string()]).expect("a device");
    old.execute("INSERT INTO log VALUES (7, 'S01-a', 3)", []).expect("a log");
    let insert = "INSERT INTO alarm VALUES (?1, 'recovery', 'S01-a', 4, ?2)";
    old.execute(insert, rusqlite::params![at(1).ms(), id(1).bytes()]).expect("an alarm");
    drop(old);
    let store: Box<dyn Storage> = Box::new(Embedded::open(&file).expect("it opens"));
    let alarm =
        Alarm { at: at(1), kind: AlarmKind::Recovery, log: "S01-a".to_owned(), seq: 4, last: None, bundle: id(1) };
    store
        .read(|tx| {
            assert_eq!(
                tx.device("S01-a")?.map(|device| (device.kit, device.state)),
                Some((None, DeviceState::Approved))
            );
            let state = tx.log_state("S01-a")?;
            assert_eq!((state.forked_at, state.restored_at), (Some(3), None));
            assert_eq!((tx.alarms()?, tx.kits("S01")?.len()), (vec![alarm], 0));
            Ok::<_, StoreError>(())
        })
        .expect("read");
}

/// Fourth attack, D1: what a center kept before it noted who brought a text belongs to whoever's entries name it; what the center's
/// own entries name, to those alone about whom they are.
#[test]
fn a4_d1_a_database_of_version_8_is_brought_up_to_date() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("center.sqlite");
    let old = rusqlite::Connection::open(&file).expect("made");
    for step in [
        include_str!("../../src/store/sqlite/0001_first.sql"),
        include_str!("../../src/store/sqlite/0002_fold.sql"),
        include_str!("../../src/store/sqlite/0003_forks.sql"),
        include_str!("../../src/store/sqlite/0004_redacted.sql"),
        include_str!("../../src/store/sqlite/0005_waiting.sql"),
        include_str!("../../src/store/sqlite/0006_ways_back.sql"),
        include_str!("../../src/store/sqlite/0007_settled.sql"),
        include_str!("../../src/store/sqlite/0008_quotes.sql"),
    ] {
        old.execute_batch(step).expect("a step");
    }
    old.execute_batch(
        "PRAGMA user_version = 8;
         INSERT INTO log (number, name) VALUES (1, 'center'), (2, 'S01-a'), (3, 'S-02-b');",
    )
    .expect("logs");
    let text = |n: u8| TextCommit([n; 32]);
    for n in 1..=8_u8 {
        let insert = "INSERT INTO words VALUES (?1, '00', 'words')";
        old.execute(insert, [text(n).0]).expect("words");
    }
    let line = |table: &str, log: u8, seq: u8, line: &str| {
        let columns = if table == "entry" { "log, seq, id, line" } else { "log, seq, id, line, bundle" };
        let more = if table == "entry" { "" } else { ", x'00'" };
        let insert = format!("INSERT INTO {table} ({columns}) VALUES (?1, ?2, ?3, ?4{more})");
        old.execute(&insert, rusqlite::params![log, seq, id(seq).bytes(), line.as_bytes()]).expect("a line");
    };
    let named = |n: u8| format!(r#"{{"text":"{}"}}"#, text(n).hex());
    // The center asks about a subject of the second site, loses a device of the first, and tells that a text of the first is gone.
    line("entry", 1, 1, &format!(r#"{{"subject":"S-02-001","question":{}}}"#, named(1)));
    line("entry", 1, 2, &format!(r#"{{"device":"S01-c","reason":{}}}"#, named(2)));
    line("entry", 1, 3, &format!(r#"{{"subject":"S01-001","text":"{}","reason":{}}}"#, text(4).hex(), named(3)));
    // The first site names its own, the second one's question, and what nobody brought.
    line(
        "entry",
        2,
        1,
        &format!(r#"{{"subject":"S01-001","items":[{{"value":{},"reason":{}}}]}}"#, named(4), named(1)),
    );
    line("entry", 2, 2, &format!(r#"{{"reason":{}}}"#, named(99)));
    line("entry", 2, 3, &format!(r#"{{"reason":{}"#, named(8)));
    line("quarantine", 2, 3, &format!(r#"{{"reason":{}}}"#, named(5)));
    line("entry", 3, 1, &format!(r#"{{"reason":{},"comment":{}}}"#, named(5), named(6)));
    drop(old);
    let store: Box<dyn Storage> = Box::new(Embedded::open(&file).expect("it opens"));
    let of = |n: u8| store.read(|tx| tx.text_of(text(n))).expect("read");
    assert_eq!(of(1), ["S-02", "center"], "not the site's that only names it");
    assert_eq!((of(2), of(3)), (vec!["S01".to_owned(), "center".to_owned()], of(2)));
    assert_eq!(
        (of(4), of(5), of(6)),
        (vec!["S01".to_owned()], vec!["S-02".to_owned(), "S01".to_owned()], vec!["S-02".to_owned()])
    );
    assert!(of(7).is_empty() && of(8).is_empty() && of(99).is_empty(), "nobody can be given what no whole entry names");
    let held = |of: &str| store.read(|tx| tx.text(text(1), of)).expect("read").is_some();
    assert_eq!((held("S01"), held("S-02"), held("center")), (false, true, true));
}
