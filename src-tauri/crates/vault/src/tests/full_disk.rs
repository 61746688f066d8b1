//! A full disk: an error, nothing lost, and the vault goes on as soon as there is room.

use super::accounts::{add_second, close, users};
use super::*;

/// Lets the database grow by no more than `pages`.
fn limit(open: &Open, pages: i64) {
    let now: i64 = open.sql.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("count");
    let set = open.sql.pragma_update_and_check(None, "max_page_count", now + pages, |row| row.get::<_, i64>(0));
    assert_eq!(set.expect("limit"), now + pages);
}

#[test]
fn the_act_that_did_not_fit_is_refused_whole_and_the_next_one_fits() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    set(&mut open, "S01-001", "IT.SYSBP", "120", 20);
    limit(&open, 3);
    let mut refused = 0;
    let mut last = 120;
    for value in 121..400 {
        let done = open.transact(&at(i64::from(value)), |tx| {
            write_note(tx, "S01-001", &"words ".repeat(200))?;
            write_answer(tx, "S01-001", "IT.SYSBP", &value.to_string())
        });
        match done {
            Ok(_) => last = value,
            Err(VaultError::Full) => refused += 1,
            Err(other) => panic!("{other}"),
        }
        if refused == 3 {
            break;
        }
    }
    assert_eq!(refused, 3);
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP"), Some(last.to_string()));
    assert_eq!(verified(&open), []);
    limit(&open, 10_000);
    set(&mut open, "S01-001", "IT.SYSBP", "99", 500);
    assert_eq!(verified(&open), []);
    open.lock(&at(600)).expect("locks");
    assert_eq!(value(&mut site.unlock(700), "S01-001", "IT.SYSBP").as_deref(), Some("99"));
}

/// Needs a file system of its own, such as `mount -t tmpfs -o size=2m none DIR`, named by `OUTPOST_SMALL_DISK`.
#[test]
fn on_a_small_file_system_nothing_acknowledged_is_lost() {
    let Some(disk) = std::env::var_os("OUTPOST_SMALL_DISK") else {
        println!("skipped: OUTPOST_SMALL_DISK names no small file system");
        return;
    };
    let site = Site { temp: tempfile::tempdir_in(disk).expect("temp") };
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    let mut acknowledged = Vec::new();
    let mut refused = 0;
    for round in 0..2000 {
        let words = format!("{round} {}", "words ".repeat(300));
        let done = open.transact(&at(20 + round), |tx| write_note(tx, "S01-001", &words));
        match done {
            Ok(text) => acknowledged.push((text, words)),
            Err(VaultError::Full | VaultError::Io(_) | VaultError::Database(_)) => refused += 1,
            Err(other) => panic!("{other}"),
        }
        if refused == 5 {
            break;
        }
    }
    assert_eq!(refused, 5, "{} acknowledged", acknowledged.len());
    for (text, words) in &acknowledged {
        assert_eq!(open.text(&text.text).expect("reads").expect("there").text.as_str(), words);
    }
    assert_eq!(verified(&open), []);
    drop(open);
    // H5: what does not fit keeps nobody out.
    let open = site.unlock(10_000);
    for (text, words) in &acknowledged {
        assert_eq!(open.text(&text.text).expect("reads").expect("there").text.as_str(), words);
    }
}

/// H5: an account is closed, and the disk has no room for a second database. Needs a small file system as above.
#[test]
fn h5_on_a_small_file_system_a_closing_without_room_keeps_nobody_out() {
    let Some(disk) = std::env::var_os("OUTPOST_SMALL_DISK") else {
        println!("skipped: OUTPOST_SMALL_DISK names no small file system");
        return;
    };
    let site = Site { temp: tempfile::tempdir_in(disk).expect("temp") };
    let mut open = site.found();
    add_second(&mut open);
    register(&mut open, "S01-001", 600);
    // Large enough that a second one does not fit, and folded back, so that none of it lies in the write-ahead log.
    open.transact(&at(610), |tx| tx.store(&[7; 400 << 10])).expect("stored");
    open.lock(&at(620)).expect("locks");
    let mut open = site.unlock(700);
    let filler = site.temp.path().join("filler");
    let mut file = fs::File::create(&filler).expect("a file");
    while std::io::Write::write_all(&mut file, &[7; 4096]).is_ok() {}
    let room = file.metadata().expect("its length").len().saturating_sub(96 << 10);
    file.set_len(room).expect("some room");
    drop(file);
    close(&mut open, 800).expect("closed");
    assert_eq!(open.alarms(), [Alarm::ClosingPending]);
    set(&mut open, "S01-001", "IT.SYSBP", "121", 900);
    drop(open);
    for ms in [1000, 2000] {
        let mut open = site.unlock(ms);
        assert!(open.alarms().contains(&Alarm::ClosingPending), "{:?}", open.alarms());
        assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("121"));
    }
    fs::remove_file(&filler).expect("removed");
    drop(site.unlock(3000));
    assert_eq!((site.unlock(4000).alarms(), users(&site)), ([].as_slice(), vec!["nurse1".to_owned()]));
}
