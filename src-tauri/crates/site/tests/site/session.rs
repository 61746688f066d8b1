//! Signing in, accounts, and what is kept where.

use std::path::Path;

use screens::messages::Role;
use site::NewAccount;

use crate::stage::{PASSWORD, Stage, code, dm, vs};

#[test]
fn wrong_passwords_are_slowed_down_and_a_locked_desk_shows_nothing() {
    let mut stage = Stage::new();
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(stage.computer.session(now).map(drop).expect_err("locked").code(), "locked");
    for _ in 0..3 {
        assert_eq!(code(stage.computer.unlock("vault", "nurse1", "not the password", now)), "wrong_password");
    }
    let slowed = stage.computer.unlock("vault", "nurse1", PASSWORD, now).expect_err("slowed down");
    assert_eq!(slowed.code(), "slow_down");
    assert!(slowed.wait_seconds().is_some_and(|seconds| seconds > 0));
    let later = now.later(60_000);
    assert_eq!(stage.computer.unlock("vault", " Nurse1 ", PASSWORD, later).expect("signed in").user, "nurse1");
    assert_eq!(code(stage.computer.unlock("../vault", "nurse1", PASSWORD, later)), "no_such");
}

#[test]
fn accounts_are_made_changed_and_closed() {
    let mut stage = Stage::new();
    stage.sign_in("admin1");
    let weak = NewAccount::new("nurse2", "Second nurse (sample)", "password1234".to_owned());
    assert_eq!(code(stage.session().user_add(&weak, Role::Nurse)), "weak_password");
    let unnamed = NewAccount::new("nurse2", " ", PASSWORD.to_owned());
    assert_eq!(code(stage.session().user_add(&unnamed, Role::Nurse)), "bad_name");
    let taken = NewAccount::new("NURSE1", "Second nurse (sample)", PASSWORD.to_owned());
    assert_eq!(code(stage.session().user_add(&taken, Role::Nurse)), "user_exists");
    assert_eq!(code(stage.session().user_close("admin1")), "own_account");
    let view = stage.session().user_close("nurse1").expect("closed");
    assert!(view.people.iter().any(|person| person.user == "nurse1" && !person.open));
    assert_eq!(code(stage.session().user_close("nurse1")), "no_such");
    assert_eq!(code(stage.session().user_add(&taken, Role::Nurse)), "user_exists");
    let now = stage.now;
    assert_eq!(code(stage.computer.unlock("vault", "nurse1", PASSWORD, now)), "wrong_password");
    stage.sign_in("doctor1");
    stage.session().change_password(PASSWORD, "willow-anchor-77").expect("changed");
    let now = stage.now.later(1_000);
    assert_eq!(code(stage.computer.unlock("vault", "doctor1", PASSWORD, now)), "wrong_password");
    stage.computer.unlock("vault", "doctor1", "willow-anchor-77", now).expect("signed in");
}

#[test]
fn the_verification_in_the_background_comes_to_an_end() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    stage.sign_in("nurse1");
    let view = (0..600).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        Some(stage.session().integrity().expect("a view")).filter(|view| view.done)
    });
    let view = view.expect("it ends");
    assert!(view.alarms.is_empty(), "{:?}", view.alarms);
    assert!(view.verified > 0 && view.finished_at.is_some());
}

#[test]
fn no_file_of_the_computer_holds_what_was_typed() {
    let canary = "KANARIENVOGEL";
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &dm("NOTE"), canary);
    stage.types(&subject, &vs("SYSBP"), canary);
    stage.session().draft_item(&subject, &vs("DIABP"), canary).expect("kept");
    stage.session().save_item(&subject, &vs("HEIGHT"), "171", Some(canary)).expect("saved");
    stage.session().raise_query(&subject, &vs("HEIGHT"), canary).expect("asked");
    stage.export();
    assert_eq!(files_with(stage.folder.path(), canary.as_bytes()), Vec::<String>::new(), "while open");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(files_with(stage.folder.path(), canary.as_bytes()), Vec::<String>::new(), "after locking");
}

fn files_with(folder: &Path, needle: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with(&path, needle));
        } else if std::fs::read(&path).expect("a file").windows(needle.len()).any(|part| part == needle) {
            found.push(path.display().to_string());
        }
    }
    found
}
