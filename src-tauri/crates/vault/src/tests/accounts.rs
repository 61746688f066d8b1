//! Accounts, passwords, slots, and what happens at the door.

use std::fs;

use casebook::act::{SessionRefused, UserClosed};
use seal::KeySlots;

use super::*;
use crate::slots;

pub(crate) const OTHER: &str = "quartz-river-mango-12";

pub(crate) fn close(open: &mut Open, ms: i64) -> Result<(), VaultError> {
    open.close_user(&at(ms), |tx| tx.write(UserClosed { user: Oid::from("inv1"), reason: None }).map(drop))
}

/// Who has a slot.
pub(crate) fn users(site: &Site) -> Vec<String> {
    let locked = Locked::find(&site.place(), &study::Functions::default()).expect("found");
    locked.users().map(str::to_owned).collect()
}

pub(crate) fn add_second(open: &mut Open) {
    let new = NewUser { user: "inv1", password: OTHER, cost: Cost::floor() };
    open.add_user(&new, &at(500), |tx, key| tx.write(account("inv1", Some(key.to_string()))).map(drop)).expect("added");
}

pub(crate) fn try_other(site: &Site, user: &str, password: &str, ms: i64) -> Result<Open, VaultError> {
    Locked::find(&site.place(), &study::Functions::default())?.unlock(user, password, &at(ms))
}

#[test]
fn two_users_each_with_an_own_key_and_an_id_is_never_given_twice() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    let first_key = open.user_key().public();
    let new = NewUser { user: "inv1", password: OTHER, cost: Cost::floor() };
    let again: Result<(), VaultError> = open.add_user(&new, &at(600), |_, _| Ok(()));
    assert!(matches!(again, Err(VaultError::Slots(seal::SealError::UserExists))));
    open.lock(&at(700)).expect("locks");
    let open = try_other(&site, "inv1", OTHER, 800).expect("unlocks");
    assert_eq!((open.user(), open.alarms()), ("inv1", [].as_slice()));
    assert_ne!(open.user_key().public(), first_key);
    assert!(open.is_password(OTHER).expect("checks") && !open.is_password(PASSWORD).expect("checks"));
}

#[test]
fn refusals_slow_down_and_are_journaled() {
    let site = Site::new();
    site.with_answers(1, 1);
    for n in 0..3 {
        assert!(matches!(site.try_unlock("wrong-password", 200_000 + n), Err(VaultError::WrongPassword)));
    }
    assert!(matches!(site.try_unlock(PASSWORD, 200_003), Err(VaultError::Wait { seconds: 5 })));
    assert!(matches!(site.try_unlock(PASSWORD, 202_003), Err(VaultError::Wait { seconds: 3 })));
    assert!(matches!(try_other(&site, "nobody", PASSWORD, 206_000), Err(VaultError::WrongPassword)));
    assert!(matches!(site.try_unlock(PASSWORD, 207_000), Err(VaultError::Wait { seconds: 9 })));
    let open = site.unlock(220_000);
    let last = open.logs()[0].seq;
    let refused: Vec<SessionRefused> = (last - 4..last)
        .map(|seq| open.line(DEVICE, seq).expect("reads").expect("there"))
        .map(|line| match &line.entry().act {
            casebook::Act::SessionRefused(refused) => refused.clone(),
            other => panic!("{}", other.name()),
        })
        .collect();
    let users: Vec<Option<&str>> = refused.iter().map(|one| one.user.as_ref().map(Oid::as_str)).collect();
    assert_eq!(users, [Some("nurse1"), Some("nurse1"), Some("nurse1"), None]);
    drop(open);
    assert!(site.try_unlock(PASSWORD, 230_000).is_ok());
}

#[test]
fn a_changed_password_is_the_only_one_that_opens() {
    let site = Site::new();
    let mut open = site.found();
    assert!(matches!(open.change_password("wrong", OTHER, &Cost::floor(), &at(5)), Err(VaultError::WrongPassword)));
    let key = open.user_key().public();
    open.change_password(PASSWORD, OTHER, &Cost::floor(), &at(600)).expect("changed");
    open.lock(&at(10)).expect("locks");
    assert!(matches!(site.try_unlock(PASSWORD, 20), Err(VaultError::WrongPassword)));
    let open = site.try_unlock(OTHER, 30).expect("unlocks");
    assert_eq!((open.user_key().public(), open.alarms()), (key, [].as_slice()));
}

#[test]
fn an_older_slot_file_is_named_put_right_and_lets_no_old_password_in() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    let old = fs::read(open.folder.slots()).expect("reads");
    open.change_password(PASSWORD, OTHER, &Cost::floor(), &at(600)).expect("changed");
    open.lock(&at(1000)).expect("locks");
    let new = fs::read(site.folder().join("keyslots.json")).expect("reads");
    fs::write(site.folder().join("keyslots.json"), &old).expect("put back");
    assert!(matches!(site.try_unlock(PASSWORD, 2000), Err(VaultError::WrongPassword)));
    assert_eq!(fs::read(site.folder().join("keyslots.json")).expect("reads"), new);
    fs::write(site.folder().join("keyslots.json"), &old).expect("put back");
    assert_eq!(try_other(&site, "inv1", OTHER, 3000).expect("unlocks").alarms(), [Alarm::SlotsStale]);
    assert_eq!(fs::read(site.folder().join("keyslots.json")).expect("reads"), new);
    assert_eq!(site.try_unlock(OTHER, 4000).expect("unlocks").alarms(), []);
}

#[test]
fn an_edited_slot_file_is_named_and_put_right() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    open.lock(&at(1000)).expect("locks");
    let file = site.folder().join("keyslots.json");
    let whole = fs::read(&file).expect("reads");
    let text = String::from_utf8(whole.clone()).expect("text");
    let from = text.rfind("    {\n      \"user\": \"inv1\"").expect("slot");
    let to = text.find("\n  ],").expect("end");
    let without = format!("{}{}", text[..from].trim_end().trim_end_matches(','), &text[to..]);
    for edited in [without, text.replace("\"revision\": 2", "\"revision\": 9")] {
        assert_ne!(edited, text);
        fs::write(&file, edited).expect("written");
        assert_eq!(site.unlock(2000).alarms(), [Alarm::SlotsStale]);
        assert_eq!(fs::read(&file).expect("reads"), whole);
    }
    fs::write(&file, "{}").expect("written");
    assert!(matches!(site.try_unlock(PASSWORD, 3000), Err(VaultError::Slots(seal::SealError::MalformedSlots))));
}

#[test]
fn every_step_of_writing_slots_may_be_the_last_one() {
    // 0: announced only; 1: the file replaced, too. Both for a change that an entry tells of and for one that none does.
    for (acted, replaced) in [(false, false), (false, true), (true, false), (true, true)] {
        let site = Site::new();
        let open = site.found();
        let mut file = KeySlots::read(&slots::current(&open.sql).expect("reads")).expect("slots");
        let secrets = file.unlock("nurse1", PASSWORD).expect("opens");
        file.replace("nurse1", OTHER, &Cost::floor(), &secrets).expect("replaced");
        let bytes = file.write(&open.key);
        slots::announce(&open.sql, &bytes, acted).expect("announced");
        if replaced {
            crate::folder::replace(&open.folder.slots(), &bytes).expect("written");
        }
        drop(open);
        let password = if replaced { OTHER } else { PASSWORD };
        let open = site.try_unlock(password, 1000).expect("opens");
        assert_eq!(open.alarms(), [], "acted {acted}, replaced {replaced}");
        drop(open);
        let lasting = if replaced || acted { OTHER } else { PASSWORD };
        assert_eq!(site.try_unlock(lasting, 2000).expect("opens").alarms(), []);
    }
}

#[test]
fn closing_an_account_writes_everything_anew_under_a_new_key() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    register(&mut open, "S01-001", 600);
    set(&mut open, "S01-001", "IT.SYSBP", "120", 700);
    let old_key = open.key.clone();
    let old_slots = fs::read(open.folder.slots()).expect("reads");
    close(&mut open, 800).expect("closed");
    assert_ne!(*open.key, *old_key);
    set(&mut open, "S01-001", "IT.SYSBP", "121", 900);
    assert_eq!(verified(&open), []);
    open.lock(&at(1000)).expect("locks");
    assert!(crate::connection::open_reader(&site.database(), &old_key).is_err());
    assert!(matches!(try_other(&site, "inv1", OTHER, 1100), Err(VaultError::WrongPassword)));
    let mut open = site.unlock(1200);
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("121"));
    open.lock(&at(1300)).expect("locks");
    // The old slots give the old key, which opens nothing any more.
    fs::write(site.folder().join("keyslots.json"), old_slots).expect("put back");
    assert!(matches!(try_other(&site, "inv1", OTHER, 1400), Err(VaultError::Damaged { .. })));
}

/// Whoever still reads the old file holds up the new key, not the closing.
#[test]
fn closing_waits_for_readers() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    register(&mut open, "S01-001", 600);
    let (reader, old_key) = (open.snapshot().expect("snapshot"), open.key.clone());
    set(&mut open, "S01-001", "IT.SYSBP", "120", 700);
    close(&mut open, 800).expect("closed");
    assert_eq!((open.alarms(), &open.key), ([Alarm::ClosingPending].as_slice(), &old_key));
    set(&mut open, "S01-001", "IT.SYSBP", "121", 900);
    assert_eq!(open.lock(&at(950)).map_err(|error| error.to_string()), Ok(()), "while it is read");
    assert!(matches!(try_other(&site, "inv1", OTHER, 960), Err(VaultError::WrongPassword)));
    drop(reader);
    let open = site.unlock(1000);
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
    assert_ne!(open.key, old_key);
    assert_eq!(users(&site), ["nurse1"]);
}

/// What a virus scanner does: it reads the database and lets nobody rename it meanwhile.
#[cfg(windows)]
#[test]
fn closing_waits_for_a_scanner() {
    use std::os::windows::fs::OpenOptionsExt;
    const READ_AND_WRITE: u32 = 3;
    for (held_ms, closes) in [(400, true), (8_000, false)] {
        let site = Site::new();
        let mut open = site.found();
        add_second(&mut open);
        let scanner = fs::File::options().read(true).share_mode(READ_AND_WRITE).open(site.database()).expect("opens");
        let letting_go = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(held_ms));
            drop(scanner);
        });
        close(&mut open, 800).expect("closed");
        assert_eq!(open.alarms().is_empty(), closes, "{:?}", open.alarms());
        register(&mut open, "S01-001", 900);
        letting_go.join().expect("let go");
        drop(open);
        let open = site.unlock(1000);
        assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
        assert_eq!(users(&site), ["nurse1"]);
    }
}
