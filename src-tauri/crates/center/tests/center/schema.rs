//! What earlier versions kept is brought up to date when it is opened.

use crate::storage::{at, device, id};
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
