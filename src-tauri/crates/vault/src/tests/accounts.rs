//! Accounts, passwords, slots, and what happens at the door.

use std::fs;
use std::time::Duration;

use casebook::act::{PasswordChange, SessionRefused, UserClosed, UserPasswordChanged};
use seal::KeySlots;

use super::*;
use crate::attempts::waiting::pass;
use crate::{NewPassword, slots};

pub(crate) const OTHER: &str = "quartz-river-mango-12";

pub(crate) fn close(open: &mut Open, ms: i64) -> Result<(), VaultError> {
    open.close_user(&at(ms), |tx| tx.write(UserClosed { user: Oid::from("inv1"), reason: None }).map(drop))
}

/// Changes the password of whoever is signed in.
pub(crate) fn change(open: &mut Open, old: &str, new: &str, ms: i64) -> Result<(), VaultError> {
    let user = open.user().into();
    let new = NewPassword { password: new, cost: Cost::floor() };
    open.change_password(old, &new, &at(ms), |tx, key| {
        let key = key.map(ToString::to_string);
        tx.write(UserPasswordChanged { user, how: PasswordChange::Own, key }).map(drop)
    })
}

/// The refusals among the newest entries, oldest first: whose, and how many in a row.
fn refusals(open: &Open, entries: u64) -> Vec<(Option<String>, u32)> {
    let last = open.logs()[0].seq;
    let acts = (last + 1 - entries..=last)
        .map(|seq| open.line(DEVICE, seq).expect("reads").expect("there").into_parts().2.act);
    let refused = acts.filter_map(|act| match act {
        casebook::Act::SessionRefused(SessionRefused { user, failures }) => {
            Some((user.map(|user| user.to_string()), failures))
        }
        _ => None,
    });
    refused.collect()
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
    let mut open = open;
    assert!(open.check_password(OTHER, &at(900)).is_ok());
    assert!(matches!(open.check_password(PASSWORD, &at(901)), Err(VaultError::WrongPassword)));
}

/// M6: of each account by itself, and of all names that nobody has together.
#[test]
fn m6_refusals_slow_down_and_are_journaled() {
    let site = Site::new();
    site.with_answers(1, 1);
    for n in 0..3 {
        assert!(matches!(site.try_unlock("wrong-password", 200_000 + n), Err(VaultError::WrongPassword)));
    }
    assert!(matches!(site.try_unlock(PASSWORD, 200_003), Err(VaultError::Wait { seconds: 5 })));
    pass(Duration::from_secs(2));
    assert!(matches!(site.try_unlock(PASSWORD, 200_003), Err(VaultError::Wait { seconds: 3 })));
    // Not sooner by a clock that is set forward.
    assert!(matches!(site.try_unlock(PASSWORD, 900_000_000), Err(VaultError::Wait { seconds: 3 })));
    assert!(matches!(try_other(&site, "nobody", PASSWORD, 206_000), Err(VaultError::WrongPassword)));
    assert!(matches!(try_other(&site, "somebody", PASSWORD, 206_000), Err(VaultError::WrongPassword)));
    pass(Duration::from_secs(3));
    let open = site.unlock(220_000);
    let nurse = |failures| (Some("nurse1".to_owned()), failures);
    assert_eq!(refusals(&open, 6), [nurse(1), nurse(2), nurse(3), (None, 1), (None, 2)]);
    drop(open);
    assert!(matches!(try_other(&site, "nobody else", PASSWORD, 221_000), Err(VaultError::WrongPassword)));
    assert!(matches!(try_other(&site, "nobody", PASSWORD, 222_000), Err(VaultError::Wait { seconds: 5 })));
    assert!(site.try_unlock(PASSWORD, 230_000).is_ok());
}

/// M6: at an open vault a guess costs what it costs at the door, and is journaled at once.
#[test]
fn m6_guesses_at_an_open_vault_wait_and_are_journaled() {
    type Ask = fn(&mut Open, &str) -> Result<(), VaultError>;
    let asks: [Ask; 2] =
        [|open, password| open.check_password(password, &at(600)), |open, password| change(open, password, OTHER, 600)];
    for ask in asks {
        let site = Site::new();
        let mut open = site.found();
        for n in 1..=3 {
            assert!(matches!(ask(&mut open, "wrong-password"), Err(VaultError::WrongPassword)));
            assert_eq!(refusals(&open, 1), [(Some("nurse1".to_owned()), n)]);
        }
        assert!(matches!(ask(&mut open, PASSWORD), Err(VaultError::Wait { seconds: 5 })));
        let told = open.logs()[0].seq;
        assert!(matches!(ask(&mut open, "wrong-password"), Err(VaultError::Wait { .. })));
        assert_eq!(open.logs()[0].seq, told, "nothing was asked");
        // Locking in between is no way round.
        open.lock(&at(700)).expect("locks");
        assert!(matches!(site.try_unlock(PASSWORD, 800), Err(VaultError::Wait { .. })));
        pass(Duration::from_secs(5));
        let mut open = site.unlock(900);
        assert_eq!(refusals(&open, open.logs()[0].seq).len(), 3, "they are told once");
        ask(&mut open, PASSWORD).expect("the right one");
        assert!(!open.folder.attempts().exists());
    }
}

/// M6: who has an account of his own gets no more guesses at another's by signing in to his.
#[test]
fn m6_an_own_sign_in_clears_nobody_elses_failures() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    open.lock(&at(600)).expect("locks");
    for n in 0..3 {
        assert!(matches!(site.try_unlock("wrong-password", 700 + n), Err(VaultError::WrongPassword)));
        drop(try_other(&site, "inv1", OTHER, 700 + n).expect("opens"));
    }
    assert!(matches!(site.try_unlock(PASSWORD, 800), Err(VaultError::Wait { seconds: 5 })));
}

/// M6: whatever asks for a password beside the vault asks as slowly, and the open vault tells it.
#[test]
fn m6_a_password_that_is_asked_for_beside_the_vault_counts() {
    let site = Site::new();
    let mut open = site.found();
    let wrong = || crate::guarded(&site.folder(), "nurse1", &at(600), || Err::<(), _>(VaultError::WrongPassword));
    for _ in 0..3 {
        assert!(matches!(wrong(), Err(VaultError::WrongPassword)));
    }
    assert!(matches!(wrong(), Err(VaultError::Wait { seconds: 5 })));
    open.journal_refusals(&at(700)).expect("journaled");
    assert_eq!(refusals(&open, 3).len(), 3);
    open.journal_refusals(&at(701)).expect("nothing to do");
    assert_eq!(refusals(&open, 4).len(), 3);
    assert!(matches!(open.check_password(PASSWORD, &at(702)), Err(VaultError::Wait { .. })));
    pass(Duration::from_secs(5));
    // A password of what only says to be a copy forgives nothing.
    crate::guarded(&site.folder(), "nurse1", &at(600), || Ok(())).expect("asked");
    assert!(matches!(wrong(), Err(VaultError::WrongPassword)));
    assert!(matches!(wrong(), Err(VaultError::Wait { seconds: 10 })));
    pass(Duration::from_secs(10));
    open.journal_refusals(&at(702)).expect("journaled");
    assert!(open.check_password(PASSWORD, &at(703)).is_ok() && !open.folder.attempts().exists());
}

/// H6: an administrator sets a password that somebody has lost: the old one opens nothing, the account has another key.
#[test]
fn h6_a_password_is_set_for_somebody_else() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    let new = NewPassword { password: "meadow-copper-lark-8", cost: Cost::floor() };
    let act = |user: &str, key: Option<String>| UserPasswordChanged {
        user: user.into(),
        how: PasswordChange::Administrator,
        key,
    };
    let nothing = |_: &mut Tx<'_>, _: &seal::PublicKey| Ok::<_, VaultError>(());
    assert!(matches!(open.reset_password("nurse1", &new, &at(601), nothing), Err(VaultError::OwnAccount)));
    assert!(matches!(open.reset_password("nobody", &new, &at(601), nothing), Err(VaultError::Missing(_))));
    open.reset_password("inv1", &new, &at(600), |tx, key| tx.write(act("inv1", Some(key.to_string()))).map(drop))
        .expect("set");
    open.lock(&at(700)).expect("locks");
    assert!(matches!(try_other(&site, "inv1", OTHER, 800), Err(VaultError::WrongPassword)));
    let mut open = try_other(&site, "inv1", new.password, 900).expect("opens");
    let key = open.user_key().public().to_string();
    let account = open.account("inv1").expect("reads").expect("there");
    assert_eq!((account.key.as_deref(), account.must_change), (Some(key.as_str()), true));
    change(&mut open, new.password, OTHER, 1000).expect("changed");
    let account = open.account("inv1").expect("reads").expect("there");
    assert_eq!((account.key.as_deref(), account.must_change), (Some(key.as_str()), false));
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
    drop(open);
    let mut open = site.unlock(1100);
    close(&mut open, 1200).expect("closed");
    assert!(matches!(open.reset_password("inv1", &new, &at(1300), nothing), Err(VaultError::Missing(_))));
}

#[test]
fn a_changed_password_is_the_only_one_that_opens() {
    let site = Site::new();
    let mut open = site.found();
    assert!(matches!(change(&mut open, "wrong", OTHER, 5), Err(VaultError::WrongPassword)));
    let key = open.user_key().public();
    change(&mut open, PASSWORD, OTHER, 600).expect("changed");
    let last = open.line(DEVICE, open.logs()[0].seq).expect("reads").expect("there").into_parts().2.act;
    assert_eq!(last, UserPasswordChanged { user: "nurse1".into(), how: PasswordChange::Own, key: None }.into());
    open.lock(&at(700)).expect("locks");
    assert!(matches!(site.try_unlock(PASSWORD, 800), Err(VaultError::WrongPassword)));
    let open = site.try_unlock(OTHER, 900).expect("unlocks");
    assert_eq!((open.user_key().public(), open.alarms()), (key, [].as_slice()));
}

#[test]
fn an_older_slot_file_is_named_put_right_and_lets_no_old_password_in() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    let old = fs::read(open.folder.slots()).expect("reads");
    change(&mut open, PASSWORD, OTHER, 600).expect("changed");
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
        let new = NewUser { user: "nurse1", password: OTHER, cost: Cost::floor() };
        let made = vec![file.put(&new.slot(), &open.user_seed, &open.vault_keys()).expect("replaced")];
        let next = slots::Next { bytes: file.write(&open.key), made };
        slots::announce(&open.sql, &next, acted).expect("announced");
        if replaced {
            crate::folder::replace(&open.folder.slots(), &next.bytes).expect("written");
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

/// H4: a password that was replaced lets its person in once more where the new slots had not come to the disk. A slot whose secret
/// somebody knew who left is sealed anew at a sign-in: that one is not, or the old password would be in force again.
#[test]
fn h4_a_password_that_was_replaced_is_not_sealed_anew() {
    let site = Site::new();
    let open = site.found();
    open.sql.execute("UPDATE wrap SET known = 1", []).expect("set");
    let mut file = KeySlots::read(&slots::current(&open.sql).expect("reads")).expect("slots");
    let new = NewUser { user: "nurse1", password: OTHER, cost: Cost::floor() };
    let made = vec![file.put(&new.slot(), &open.user_seed, &open.vault_keys()).expect("replaced")];
    let next = slots::Next { bytes: file.write(&open.key), made };
    // As when the power goes before the file is written.
    slots::announce(&open.sql, &next, true).expect("announced");
    drop(open);
    drop(site.try_unlock(PASSWORD, 1000).expect("opens"));
    assert!(matches!(site.try_unlock(PASSWORD, 2000), Err(VaultError::WrongPassword)));
    site.try_unlock(OTHER, 3000).expect("opens");
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
