//! Signing in, accounts, and what is kept where.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bundle::HeldLog;
use casebook::Act;
use screens::Now;
use screens::messages::{ImportOutcome, IntegrityView, Role, SessionView};
use site::{NewAccount, SiteComputer};

use crate::backup::{OWN, own_password};
use crate::stage::{PASSWORD, Stage, code, dm, home, vs};

/// SQLCipher's page size.
const PAGE: usize = 4096;

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
    // Not by a clock that is set forward.
    let later = now.later(60_000);
    let slowed = stage.computer.unlock("vault", "nurse1", PASSWORD, later).expect_err("slowed down");
    std::thread::sleep(Duration::from_secs(slowed.wait_seconds().expect("seconds").into()));
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
fn a_password_is_changed_only_by_who_knows_the_old_one_and_to_a_strong_one() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.session().draft_item(&subject, &vs("SYSBP"), "12").expect("kept");
    let new = "willow-anchor-77";
    for (old, new, why) in [
        ("not the password", new, "wrong_password"),
        (PASSWORD, "willow", "weak_password"),
        (PASSWORD, "nurse1-nurse1-1", "weak_password"),
        (PASSWORD, "Nurse (sample)", "weak_password"),
    ] {
        assert_eq!(code(stage.session().change_password(old, new)), why, "{new}");
    }
    stage.session().change_password(PASSWORD, new).expect("changed");
    stage.types(&subject, &vs("DIABP"), "80");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    stage.computer.unlock("vault", "nurse1", new, now).expect("signed in");
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).draft.as_deref(), Some("12"));
    stage.sign_in("doctor1");
    assert_eq!(stage.cell(&subject, &vs("DIABP")).display, "80", "nobody else needs another password");
}

#[test]
fn only_one_program_has_a_vault_and_a_wrong_password_leaves_nobody_signed_in() {
    let mut stage = Stage::new();
    let now = stage.now;
    let home = home(stage.folder.path());
    let mut second = SiteComputer::new(home, Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
    assert_eq!(code(second.unlock("vault", "nurse1", PASSWORD, now)), "in_use");
    assert_eq!(second.start_view().expect("a view").vaults.len(), 1, "it is listed all the same");
    assert!(stage.computer.is_open());
    assert_eq!(code(stage.computer.unlock("vault", "doctor1", "not the password", now)), "wrong_password");
    assert!(!stage.computer.is_open());
    second.unlock("vault", "nurse1", PASSWORD, now.later(60_000)).expect("it is free now");
    assert_eq!(code(stage.computer.unlock("vault", "nurse1", PASSWORD, now.later(60_000))), "in_use");
}

/// H5: a checkpoint that can't be kept refuses neither the next unlock, nor an export, nor an import.
#[test]
fn h5_a_checkpoint_that_cannot_be_kept_refuses_nothing() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let checkpoint = stage.place().checkpoint;
    fs::remove_file(&checkpoint).expect("removed");
    fs::create_dir_all(checkpoint.join("in its way")).expect("a folder");
    let now = stage.now;
    let view = stage.computer.unlock("vault", "nurse1", PASSWORD, now).expect("signed in");
    assert_eq!(view.alarms.iter().map(|alarm| alarm.code.as_str()).collect::<Vec<_>>(), ["checkpoint_unkept"]);
    stage.types(&subject, &vs("SYSBP"), "120");
    let files = stage.export();
    let reply = stage.reply(&files[0]);
    assert_eq!(stage.session().import_bundle(&reply).expect("imported").unsent, 0);
    let now = stage.now;
    // Windows has one error for a folder in the way and for a file that another program holds.
    let told = if cfg!(windows) { "in_use" } else { "io" };
    assert_eq!(stage.computer.lock(now).expect_err("it is told").code(), told);
    assert!(!stage.computer.is_open());
}

/// Fourth attack, T4: a checkpoint that can't be read once stops writing and makes no copy: nobody is told of an older folder, no
/// reply makes it one, and work goes on without another password once a person has it looked for.
#[cfg(unix)]
#[test]
fn a4_t4_a_checkpoint_that_cannot_be_read_makes_no_copy() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let files = stage.export();
    let reply = stage.reply(&files[0]);
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let checkpoint = stage.place().checkpoint;
    let aside = checkpoint.with_file_name("aside");
    fs::rename(&checkpoint, &aside).expect("aside");
    std::os::unix::fs::symlink(&checkpoint, &checkpoint).expect("what nobody can follow");
    let view = stage.computer.unlock("vault", "nurse1", PASSWORD, now.later(60_000)).expect("signed in");
    assert!(view.awaits_center && view.checkpoint_unread && view.copy.is_none(), "{view:?}");
    assert_eq!(code(stage.session().save_item(&subject, &vs("SYSBP"), "120", None)), "checkpoint_unread");
    assert_eq!(code(stage.session().import_bundle(&reply)), "checkpoint_unread");
    fs::remove_file(&checkpoint).expect("removed");
    fs::rename(&aside, &checkpoint).expect("back");
    let view = stage.session().restored_go_on().expect("looked for");
    assert!(!view.awaits_center && !view.checkpoint_unread && !view.must_change && view.alarms.is_empty(), "{view:?}");
    stage.types(&subject, &vs("SYSBP"), "120");
    assert_eq!(stage.session().import_bundle(&reply).expect("imported").outcome, ImportOutcome::Accepted);
}

#[test]
fn a_clock_that_was_set_back_is_named_and_decides_nothing() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("SYSBP"), "120");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    stage.now = Now { at_ms: now.at_ms - 40 * 86_400_000, ..now };
    let earlier = stage.now;
    let session = stage.computer.unlock("vault", "nurse1", PASSWORD, earlier).expect("signed in");
    assert_eq!(session.alarms.iter().map(|alarm| alarm.code.as_str()).collect::<Vec<_>>(), ["clock_suspect"]);
    stage.types(&subject, &vs("SYSBP"), "130");
    stage.now = now;
    stage.types(&subject, &vs("SYSBP"), "140");
    let history = stage.session().cell_view(&subject, &vs("SYSBP")).expect("a cell").history;
    assert_eq!(history.iter().map(|change| change.new.as_str()).collect::<Vec<_>>(), ["140", "130", "120"]);
    assert!(history[1].at < history[2].at, "it is shown as it was told: {history:?}");
    let files = stage.export();
    let kinds: Vec<bool> = stage.carried(&files[0]).lines.iter().map(is_clock).collect();
    assert_eq!(kinds.iter().filter(|is_clock| **is_clock).count(), 1, "a wrong clock is named once");
    let reply = stage.reply(&files[0]);
    assert_eq!(stage.session().import_bundle(&reply).expect("imported").unsent, 0);
}

fn is_clock(line: &casebook::Line) -> bool {
    matches!(line.entry().act, casebook::Act::ClockSuspected(_))
}

/// A folder with its files, laid elsewhere in the place of what was there.
fn lay(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
    }
}

/// A site whose vault was turned back to before an answer that was sent: the subject, what was sent, and the vault as it was later.
fn turned_back() -> (Stage, String, Vec<PathBuf>, PathBuf) {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let (place, kept, later) =
        (stage.place().folder, stage.folder.path().join("kept"), stage.folder.path().join("later"));
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    lay(&place, &kept);
    stage.sign_in("nurse1");
    stage.types(&subject, &vs("SYSBP"), "120");
    let lost = stage.export();
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    lay(&place, &later);
    lay(&kept, &place);
    (stage, subject, lost, later)
}

/// Attack 2, S1: everybody is told, nobody can enter anything, and what was sent comes back with the center's whole reply.
#[test]
fn s1_a_vault_that_was_turned_back_waits_for_the_center() {
    let (mut stage, subject, lost, _) = turned_back();
    let alarms = |session: &SessionView| -> Vec<(String, bool)> {
        session.alarms.iter().map(|alarm| (alarm.code.clone(), alarm.place.is_empty())).collect()
    };
    for (user, is_masked) in [("reader1", true), ("nurse1", false)] {
        let now = stage.now.later(1_000);
        let session = stage.computer.unlock("vault", user, PASSWORD, now).expect("signed in");
        assert_eq!(alarms(&session), [("rolled_back".to_owned(), is_masked)], "a masked reader learns of no count");
        assert!(session.awaits_center && session.copy.is_some_and(|copy| !copy.is_backup), "{user}");
    }
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "");
    assert_eq!(code(stage.session().save_item(&subject, &vs("SYSBP"), "130", None)), "awaits_center");
    let sent = stage.carried(&lost[0]);
    let last = sent.lines.last().expect("lines");
    let held = HeldLog { log: last.entry().log.to_string(), seq: last.entry().seq, head: last.id() };
    let whole = stage.send_holding(&sent, vec![held]);
    let report = stage.session().import_bundle(&whole).expect("taken in");
    assert!(report.outcome == ImportOutcome::Accepted && !report.session.awaits_center, "{report:?}");
    own_password(&mut stage);
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "120");
    stage.types(&subject, &vs("DIABP"), "80");
    let files = stage.export();
    let told = stage.carried(&files[0]).lines;
    let told = told.iter().find_map(|line| match &line.entry().act {
        Act::AlarmRaised(alarm) => Some(alarm.code.clone()),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("rolled_back"), "the center is told");
    let now = stage.now.later(1_000);
    let session = stage.computer.unlock("vault", "nurse1", OWN, now).expect("signed in");
    assert!(session.alarms.is_empty() && !session.awaits_center, "{session:?}");
}

/// Attack 2, S1: the newer folder is found: it goes on as if nothing had been.
#[test]
fn s1_the_newer_folder_is_put_back() {
    let (mut stage, subject, _, later) = turned_back();
    let now = stage.now.later(1_000);
    assert!(stage.computer.unlock("vault", "nurse1", PASSWORD, now).expect("signed in").awaits_center);
    stage.computer.lock(now).expect("locked");
    lay(&later, &stage.place().folder);
    let session = stage.computer.unlock("vault", "nurse1", PASSWORD, now.later(1_000)).expect("signed in");
    assert!(session.alarms.is_empty() && !session.awaits_center, "{session:?}");
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "120");
}

#[test]
fn a_vault_that_was_turned_back_and_went_on_gets_its_lost_lines_back_as_another_branch() {
    let (mut stage, subject, lost, _) = turned_back();
    stage.sign_in("nurse1");
    // Somebody says that the center holds nothing newer, and is wrong.
    stage.session().restored_go_on().expect("goes on");
    own_password(&mut stage);
    stage.types(&subject, &vs("SYSBP"), "130");
    let reply = stage.pass_on(&lost[0]);
    let report = stage.session().import_bundle(&reply).expect("taken in");
    assert_eq!((report.outcome, report.entries), (ImportOutcome::Fork, 0));
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "130", "neither branch is written over the other");
    let receipt = stage.reply(&lost[0]);
    assert_eq!(code(stage.session().import_bundle(&receipt)), "foreign_receipt");
}

#[test]
fn a_database_that_was_changed_is_noticed_and_not_made_worse() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let (place, kept) = (stage.place().folder, stage.folder.path().join("kept"));
    lay(&place, &kept);
    let good = fs::read(kept.join("vault.db")).expect("the database");
    let mut told = 0;
    for at in (100..good.len()).step_by(2 * PAGE) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        lay(&kept, &place);
        fs::write(place.join("vault.db"), &bytes).expect("written");
        let now = stage.now.later(1_000);
        match stage.computer.unlock("vault", "nurse1", PASSWORD, now) {
            Err(refused) => assert_eq!(refused.code(), "damaged", "byte {at}: {refused:?}"),
            Ok(_) => {
                assert!(!verified(&mut stage).alarms.is_empty(), "byte {at}");
                told += 1;
            }
        }
        // It may not be able to lock what is damaged; nobody is signed in all the same.
        let _ = stage.computer.lock(now);
        assert!(!stage.computer.is_open());
        // What stands beside the damaged file was not made worse: with the good one in its place everything is there.
        fs::write(place.join("vault.db"), &good).expect("written");
        for log in ["vault.db-wal", "vault.db-shm"] {
            let _ = fs::remove_file(place.join(log));
        }
        stage.sign_in("nurse1");
        assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "120", "byte {at}");
        let now = stage.now;
        stage.computer.lock(now).expect("locked");
    }
    assert!(told > 0, "the verification in the background found none of them");
    fs::write(place.join("keyslots.json"), b"{}").expect("written");
    let now = stage.now.later(1_000);
    assert_eq!(code(stage.computer.unlock("vault", "nurse1", PASSWORD, now)), "damaged");
}

/// Waits for the end of the verification in the background.
fn verified(stage: &mut Stage) -> IntegrityView {
    let view = (0..600).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        Some(stage.session().integrity().expect("a view")).filter(|view| view.done)
    });
    view.expect("it ends")
}

#[test]
fn the_verification_in_the_background_comes_to_an_end() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    stage.sign_in("nurse1");
    let view = verified(&mut stage);
    assert!(view.alarms.is_empty(), "{:?}", view.alarms);
    assert!(view.verified > 0 && view.finished_at.is_some());
    stage.sign_in("reader1");
    let view = verified(&mut stage);
    assert_eq!((view.verified, view.total, view.alarms.len()), (0, 0, 0), "how much was entered tells the arm");
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
