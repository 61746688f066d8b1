//! What an unlock can do without keeps nobody out: it is an alarm, and done later.

use super::accounts::{OTHER, add_second, close, try_other, users};
use std::time::Duration;

use super::*;
use crate::attempts::waiting::pass;
use crate::faults::Call;
use crate::faults::plan::{Fault, Made, every, under};
use crate::locked::migrate;
use crate::migrations::{MIGRATIONS, Migration};

/// A vault with work left for the next unlock: a closed account's key, failed sign-ins, older copies, unfinished files.
fn with_work_left() -> Site {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    register(&mut open, "S01-001", 600);
    set(&mut open, "S01-001", "IT.SYSBP", "120", 700);
    under(&[Fault { call: Call::Write, nth: 0, ever: true }], || close(&mut open, 800)).0.expect("closed");
    assert_eq!(open.alarms(), [Alarm::ClosingPending]);
    drop(open);
    assert!(matches!(site.try_unlock("wrong", 950), Err(VaultError::WrongPassword)));
    for name in ["vault.db.schema-0", ".writing-abc", "vault.db.next"] {
        fs::write(site.folder().join(name), b"left").expect("written");
    }
    site
}

/// H5: whichever call of an unlock fails, once or for ever, the right password opens, unless it is the one that gives the key
/// or the database itself; but for a checkpoint that can't be read, work goes on.
#[test]
fn h5_no_optional_step_fails_an_unlock() {
    let template = with_work_left();
    let (opened, made) = under(&[], || template.twin().try_unlock(PASSWORD, 2000));
    assert_eq!(opened.expect("opens").alarms(), []);
    // The slot file is read when the vault is found and when it is entered.
    let is_slots = |made: &Made| made.0 == Call::Read && made.1 == "keyslots.json";
    let slots: Vec<usize> = (0..made.len()).filter(|at| is_slots(&made[*at])).take(2).collect();
    for (place, fault) in every(&made).into_iter().enumerate() {
        let site = template.twin();
        let told = format!("{fault:?} at {:?}", made[place / 2]);
        let (opened, _) = under(&[fault], || site.try_unlock(PASSWORD, 2000));
        let gives_the_key =
            fault.call == Call::Read && slots.iter().any(|at| *at == place / 2 || fault.ever && place / 2 < *at);
        match opened {
            Ok(mut open) => {
                assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("120"), "{told}");
                // Third attack, S6: a checkpoint that can't be read may be the one that knows better: nothing is written.
                if open.is_unread() {
                    let is_unread = fault.call == Call::Read && fault.ever;
                    assert!(is_unread && open.alarms().contains(&Alarm::CheckpointUnkept), "{told}");
                } else {
                    set(&mut open, "S01-001", "IT.SYSBP", "121", 3000);
                }
                open.lock(&at(4000)).unwrap_or_else(|error| panic!("{told}: {error}"));
            }
            Err(error) => {
                let is_the_way_in = gives_the_key || fault.call == Call::Open && fault.ever;
                assert!(is_the_way_in, "{told}: {error}");
            }
        }
        drop(site.try_unlock(PASSWORD, 5000).unwrap_or_else(|error| panic!("{told}: {error}")));
        let open = site.try_unlock(PASSWORD, 6000).unwrap_or_else(|error| panic!("{told}: {error}"));
        assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]), "{told}");
        assert_eq!((users(&site), site.leftovers()), (vec!["nurse1".to_owned()], vec![]), "{told}");
    }
}

/// H5: a disk that takes in nothing. What is there can be read, and the sign-in is journaled before the first act.
#[test]
fn h5_a_full_disk_keeps_nobody_out() {
    let site = with_work_left();
    let (opened, _) = under(&[Fault { call: Call::Commit, nth: 0, ever: true }], || {
        let mut open = site.try_unlock(PASSWORD, 2000).expect("opens");
        assert_eq!(open.alarms(), [Alarm::Unjournaled]);
        assert!(open.transact(&at(2500), |tx| write_answer(tx, "S01-001", "IT.SYSBP", "150")).is_err());
        open
    });
    let mut open = opened;
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("120"));
    set(&mut open, "S01-001", "IT.SYSBP", "121", 3000);
    let last = open.logs()[0].seq;
    let names: Vec<String> = (last - 2..=last)
        .map(|seq| open.line(DEVICE, seq).expect("reads").expect("there").entry().act.name().to_owned())
        .collect();
    assert_eq!(names, ["session.refused", "session.opened", "items.set"]);
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
    assert!(!site.folder().join("attempts.json").exists());
}

/// H5: the copy for a closing finds no room.
#[test]
fn h5_a_closing_without_room_for_a_copy_keeps_nobody_out() {
    let site = with_work_left();
    fs::remove_file(site.folder().join("vault.db.next")).expect("removed");
    // The next database can't be made; the present one is opened before.
    fs::create_dir(site.folder().join("vault.db.next")).expect("a folder in its way");
    for ms in [2000, 3000] {
        let mut open = site.unlock(ms);
        assert!(open.alarms().contains(&Alarm::ClosingPending), "{:?}", open.alarms());
        set(&mut open, "S01-001", "IT.SYSBP", "121", ms);
        drop(open);
        assert!(matches!(try_other(&site, "inv1", OTHER, ms + 1), Err(VaultError::WrongPassword)));
    }
    fs::remove_dir(site.folder().join("vault.db.next")).expect("removed");
    drop(site.unlock(4000));
    assert_eq!((site.unlock(5000).alarms(), users(&site)), ([].as_slice(), vec!["nurse1".to_owned()]));
}

/// H5: where checkpoints are kept nothing can be read or written.
#[test]
fn h5_a_checkpoint_that_cannot_be_kept_keeps_nobody_out() {
    let site = Site::new();
    site.with_answers(1, 1);
    let file = site.place().checkpoint;
    fs::remove_file(&file).expect("removed");
    fs::create_dir_all(file.join("in its way")).expect("a folder");
    for ms in [200_000, 300_000] {
        let mut open = site.unlock(ms);
        assert_eq!(open.alarms(), [Alarm::CheckpointUnkept]);
        set(&mut open, "S01-001", "IT.SYSBP", "121", ms);
        assert!(open.lock(&at(ms)).is_err(), "whoever locks may say so");
    }
    fs::remove_dir_all(&file).expect("removed");
    assert_eq!(site.unlock(400_000).alarms(), [Alarm::CheckpointMissing]);
    assert_eq!(site.unlock(500_000).alarms(), []);
}

/// H5: guesses are answered as such and slow the next one down, also where they can't be written.
#[test]
fn h5_guesses_count_where_nothing_can_be_written() {
    let site = Site::new();
    site.with_answers(1, 1);
    let (opened, _) = under(&[Fault { call: Call::Write, nth: 0, ever: true }], || {
        for n in 0..3 {
            assert!(matches!(site.try_unlock("wrong-password", 200_000 + n), Err(VaultError::WrongPassword)));
        }
        assert!(matches!(site.try_unlock(PASSWORD, 200_003), Err(VaultError::Wait { seconds: 5 })));
        pass(Duration::from_secs(5));
        site.try_unlock(PASSWORD, 220_000).expect("opens")
    });
    assert!(opened.alarms().contains(&Alarm::AttemptsUnkept), "{:?}", opened.alarms());
    let last = opened.logs()[0].seq;
    let refused = (1..=last).filter(|seq| {
        opened.line(DEVICE, *seq).expect("reads").expect("there").entry().act.name() == "session.refused"
    });
    assert_eq!(refused.count(), 3);
}

/// H4: older copies, which hold what was under an older key, go at the first unlock at which nothing is wrong.
#[test]
fn h4_older_copies_go_at_the_first_clean_unlock() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    close(&mut open, 800).expect("closed");
    open.lock(&at(900)).expect("locks");
    fs::write(site.folder().join("vault.db.schema-0"), b"a copy").expect("written");
    let kept = ["keyslots.json.old", "vault.db.old", "vault.db.schema-0"];
    assert_eq!(site.leftovers(), kept);
    fs::remove_file(site.place().checkpoint).expect("removed");
    assert_eq!(site.unlock(1000).alarms(), [Alarm::CheckpointMissing]);
    for name in kept {
        assert!(site.folder().join(name).exists(), "{name} goes only when nothing is wrong");
    }
    assert_eq!(site.unlock(2000).alarms(), []);
    assert_eq!(site.leftovers(), [] as [String; 0]);
}

/// C2: what holds something that the present database does not is never let go.
#[test]
fn c2_an_old_database_that_holds_more_is_kept_and_named() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    register(&mut open, "S01-001", 600);
    close(&mut open, 800).expect("closed");
    drop(open);
    // The old one goes on under its own slots.
    let aside = Site::new();
    fs::create_dir_all(aside.folder()).expect("folder");
    for (from, to) in [("vault.db.old", "vault.db"), ("keyslots.json.old", "keyslots.json")] {
        fs::copy(site.folder().join(from), aside.folder().join(to)).expect("copied");
    }
    // Its own closing comes to nothing: it stays under its key.
    under(&[Fault { call: Call::Write, nth: 0, ever: true }], || {
        set(&mut aside.unlock(900), "S01-001", "IT.SYSBP", "77", 1000);
    });
    fs::copy(aside.database(), site.folder().join("vault.db.old")).expect("copied");
    set(&mut site.unlock(2000), "S01-001", "IT.SYSBP", "88", 2100);
    for ms in [3000, 4000] {
        let mut open = site.unlock(ms);
        assert!(open.alarms().iter().any(|alarm| alarm.code() == "other_history"), "{:?}", open.alarms());
        assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("88"));
        assert!(site.folder().join("vault.db.old").exists());
    }
}

/// 1.7: a schema migration for whose copy there is no room goes on all the same; where there is room the copy is whole.
#[test]
fn a_migration_without_room_for_a_copy_goes_on() {
    for room in [true, false] {
        let site = Site::new();
        let key = site.with_answers(1, 1);
        let mut steps: Vec<Migration> = MIGRATIONS.iter().map(|step| Migration { sql: step.sql }).collect();
        steps.push(Migration { sql: "CREATE TABLE later (n INTEGER PRIMARY KEY) STRICT" });
        let mut sql = crate::connection::open_writer(&site.database(), &key, false).expect("opens");
        let folder = crate::folder::Folder::new(&site.folder());
        let mut alarms = Vec::new();
        let no_room = Fault { call: Call::Sync, nth: 0, ever: true };
        let faults: &[Fault] = if room { &[] } else { &[no_room] };
        let (done, _) = under(faults, || migrate(&mut sql, &folder, &key, &steps, &mut alarms));
        assert!(done.expect("migrates"));
        assert!(!migrate(&mut sql, &folder, &key, &steps, &mut alarms).expect("nothing to do"));
        let named = if room { vec![] } else { vec![Alarm::CopyMissing] };
        let left = if room { vec![format!("vault.db.schema-{}", MIGRATIONS.len())] } else { vec![] };
        assert_eq!((alarms, site.leftovers()), (named, left));
    }
}

/// H5: a folder that can't be written is read.
#[cfg(unix)]
#[test]
fn h5_a_folder_that_cannot_be_written_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    site.with_answers(1, 2);
    let folders = [site.folder(), site.place().checkpoint.parent().expect("a folder").to_path_buf()];
    let allow = |mode| {
        folders.iter().for_each(|folder| {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).expect("set");
        })
    };
    allow(0o500);
    if fs::write(site.folder().join("probe"), b"").is_ok() {
        allow(0o700);
        println!("skipped: this user may write everywhere");
        return;
    }
    let opened = site.try_unlock(PASSWORD, 200_000);
    allow(0o700);
    let mut open = opened.expect("opens");
    assert!(open.alarms().contains(&Alarm::ReadOnly), "{:?}", open.alarms());
    allow(0o500);
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("101"));
    assert_eq!(verified(&open), []);
    assert!(open.transact(&at(300_000), |tx| write_answer(tx, "S01-001", "IT.SYSBP", "150")).is_err());
    allow(0o700);
    // As soon as it can be written, it is.
    set(&mut open, "S01-001", "IT.SYSBP", "151", 400_000);
    open.lock(&at(400_001)).expect("locks");
    assert_eq!(value(&mut site.unlock(500_000), "S01-001", "IT.SYSBP").as_deref(), Some("151"));
}
