//! What people do at a site computer that changes files, one workflow each.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use casebook::act::{ItemSet, ItemsSet, SubjectRegistered};
use casebook::{Act, Line, LogHead, LogWriter, Stamp, Stored};
use screens::messages::Role;
use seal::{Cost, sha256};
use site::{LostPassword, NewAccount, SiteComputer};
use study::{Oid, Repeat};

use crate::earlier;
use crate::outcome::{OF_ANOTHER, Play, Told};
use crate::stage::{Content, PASSPHRASE, PASSWORD, VS, event, home, vs};

/// Another password, as good as the first.
const OTHER: &str = "marble-harbour-77";

type Workflow = crate::driver::Workflow<Play>;

pub const WORKFLOWS: [Workflow; 17] = [
    Workflow { name: "sign in", before: lock, run: sign_in },
    Workflow { name: "sign in after wrong passwords", before: lock, run: sign_in_after_wrong_ones },
    Workflow { name: "save", before: |_| {}, run: save },
    Workflow { name: "lock", before: |_| {}, run: |play| drop(play.stage.computer.lock(play.stage.now)) },
    Workflow { name: "add an account", before: as_administrator, run: add_account },
    Workflow { name: "add two accounts", before: as_administrator, run: add_two_accounts },
    Workflow { name: "change a password", before: |_| {}, run: change_password },
    Workflow { name: "reset a password", before: as_administrator, run: reset_password },
    Workflow { name: "set a lost password by a code", before: coded, run: recover },
    Workflow { name: "close an account", before: as_administrator, run: close_account },
    Workflow { name: "export", before: |_| {}, run: export },
    Workflow { name: "import a reply", before: answered, run: import },
    Workflow { name: "found a vault", before: lock, run: found },
    Workflow { name: "back up", before: |_| {}, run: back_up },
    Workflow { name: "put a vault back", before: backed_up, run: put_back },
    Workflow { name: "sign in to a vault of an earlier version", before: of_an_earlier_version, run: sign_in_there },
    Workflow { name: "import a reply before the one that it follows", before: out_of_order, run: import_both },
];

fn lock(play: &mut Play) {
    play.stage.computer.lock(play.stage.now).expect("locks");
}

fn sign_in(play: &mut Play) {
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    let _ = play.stage.computer.unlock("vault", "nurse1", PASSWORD, now);
}

fn sign_in_after_wrong_ones(play: &mut Play) {
    let now = play.stage.now.later(1_000);
    let _ = play.stage.computer.unlock("vault", "nurse1", "not-the-password", now);
    play.stage.now = now.later(600_000);
    sign_in(play);
}

fn as_administrator(play: &mut Play) {
    play.stage.sign_in("admin1");
}

fn save(play: &mut Play) {
    play.try_save("DIABP", "81");
    play.try_save("WEIGHT", "72");
    let now = play.stage.now.later(1_000);
    if let Ok(mut session) = play.stage.computer.session(now) {
        let _ = session.draft_item(&play.subject, &vs("SYSBP"), "13");
        let _ = session.event_date(&play.subject, &event("SE.CN[1]"), "2026-12-11", None);
    }
    play.try_save("SYSBP", "130");
}

fn add(play: &mut Play, user: &'static str) {
    let account = NewAccount::new(user, "Nurse (sample)", PASSWORD.to_owned());
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    let Ok(mut session) = play.stage.computer.session(now) else { return };
    match session.add(&account, Role::Nurse, Cost::floor()) {
        Ok(()) => play.told.push(Told::SignsIn("vault", user, PASSWORD)),
        Err(_) => play.told.push(Told::NotAdded(user)),
    }
}

fn add_account(play: &mut Play) {
    add(play, "nurse2");
}

fn add_two_accounts(play: &mut Play) {
    add(play, "nurse2");
    add(play, "nurse3");
}

fn change_password(play: &mut Play) {
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    let Ok(mut session) = play.stage.computer.session(now) else { return };
    if session.change_password(PASSWORD, OTHER).is_ok() {
        play.password = OTHER;
    }
}

fn reset_password(play: &mut Play) {
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    let Ok(mut session) = play.stage.computer.session(now) else { return };
    let done = session.user_reset("doctor1", OTHER, PASSWORD).is_ok();
    play.told.push(set_anew(done));
}

/// The center has the codes, and nobody is signed in.
fn coded(play: &mut Play) {
    play.code = play.stage.codes().remove(0);
    lock(play);
}

fn recover(play: &mut Play) {
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    let lost = LostPassword { user: "doctor1", code: &play.code, password: OTHER };
    let done = play.stage.computer.recover("vault", &lost, now).is_ok();
    play.told.push(set_anew(done));
}

/// What holds of an account whose password was set anew, or perhaps was.
fn set_anew(done: bool) -> Told {
    if done { Told::SignsIn("vault", "doctor1", OTHER) } else { Told::SignsInByOne("doctor1", [PASSWORD, OTHER]) }
}

fn close_account(play: &mut Play) {
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    let Ok(mut session) = play.stage.computer.session(now) else { return };
    if session.user_close("doctor1").is_ok() {
        play.told.push(Told::Closed("doctor1"));
    }
}

fn export(play: &mut Play) {
    let stick = play.stage.folder.path().join("stick");
    let _ = std::fs::create_dir(&stick);
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    let Ok(mut session) = play.stage.computer.session(now) else { return };
    if let Ok(report) = session.export_bundle(&stick) {
        play.told.extend(report.files.into_iter().map(|file| Told::Bundle(file.into())));
    }
}

fn answered(play: &mut Play) {
    let files = play.stage.export();
    play.replies.push(play.stage.reply(&files[0]));
}

fn import(play: &mut Play) {
    let Some(reply) = play.replies.first().cloned() else { return };
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    let Ok(mut session) = play.stage.computer.session(now) else { return };
    if session.import_bundle(&reply).is_ok_and(|report| report.unsent == 0) {
        play.told.push(Told::AtCenter("DIABP"));
    }
}

fn found(play: &mut Play) {
    let kit = play.stage.folder.path().join("S01.kit");
    let admin = NewAccount::new("admin1", "Administrator (sample)", PASSWORD.to_owned());
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    if play.stage.computer.kit_found_as("second", &kit, PASSPHRASE, &admin, now).is_ok() {
        play.told.push(Told::SignsIn("second", "admin1", PASSWORD));
    }
}

fn back_up(play: &mut Play) {
    let stick = play.stage.folder.path().join("stick");
    let _ = std::fs::create_dir(&stick);
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    let computer = &mut play.stage.computer;
    let begun = computer.session(now).and_then(|mut session| session.backup_begin(&stick));
    let made = begun.and_then(|job| job.run(&|_| {}, &Arc::new(AtomicBool::new(false))));
    let finished = made.and_then(|made| computer.session(now)?.backup_finish(made));
    if let Ok(report) = finished {
        play.told.push(Told::Backup(report.folder.into()));
    }
}

fn backed_up(play: &mut Play) {
    back_up(play);
    assert!(matches!(play.told.last(), Some(Told::Backup(_))), "{:?}", play.told);
}

/// On another computer, as after the first one was lost.
fn put_back(play: &mut Play) {
    let Some(Told::Backup(backup)) = play.told.last().cloned() else { return };
    let folder = play.stage.folder.path().join("another");
    let mut computer = SiteComputer::new(home(&folder), Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
    let begun = computer.restore_begin(&backup, "nurse1", PASSWORD, play.stage.now);
    let restored = begun.and_then(|job| job.restore(&|_| {}, &Arc::new(AtomicBool::new(false))));
    if let Ok(report) = restored.and_then(|restoring| computer.restore_finish(restoring)) {
        play.told.push(Told::Restored(folder, report.vault));
    }
}

/// A vault that the program made before its rooms were moved, with its device's subject and account.
fn of_an_earlier_version(play: &mut Play) {
    lock(play);
    earlier::lay(play.stage.folder.path());
    play.stage.now = play.stage.now.later(earlier::LATER_MS);
    (play.vault, play.user, play.password) = (earlier::VAULT, earlier::USER, earlier::PASSWORD);
    play.subject = earlier::SUBJECT.to_owned();
    play.told = vec![Told::Saved("SYSBP", "131".to_owned()), Told::Saved("DIABP", "84".to_owned())];
}

fn sign_in_there(play: &mut Play) {
    let now = play.stage.now.later(1_000);
    play.stage.now = now;
    if play.stage.computer.unlock(play.vault, play.user, play.password, now).is_ok() {
        play.try_save("DIABP", "85");
    }
}

/// Two replies with what another device of the site wrote: its last entries first.
fn out_of_order(play: &mut Play) {
    let files = play.stage.export();
    let own = play.stage.carried(&files[0]).lines;
    let lines = of_another_device(&own);
    let part = |lines: &[Line]| play.stage.send(&Content { lines: lines.to_vec(), ..Content::default() });
    play.replies = vec![part(&lines[1..]), part(&lines[..1])];
    play.told.push(Told::Comes(play.replies.clone(), "S01-901"));
}

/// The log of a device that registered a subject and took its blood pressure.
fn of_another_device(own: &[Line]) -> Vec<Line> {
    let version = own.iter().find_map(|line| line.entry().metadata_version.clone());
    let study = own[0].entry().study.clone();
    let mut log = LogWriter { study, log: Oid::from("S01-zzzzzzzz"), head: LogHead::empty() };
    let subject = Oid::from("S01-901");
    let item = ItemSet {
        group: Oid::from("IG.VS"),
        repeat: Repeat::first(),
        item: Oid::from("IT.VS.DIABP"),
        value: Some(Stored::Plain(OF_ANOTHER.into())),
        missing: None,
        unit: None,
        raw: None,
        bases: Vec::new(),
        reason: None,
    };
    let acts: [Act; 2] = [
        SubjectRegistered { subject: subject.clone(), site: Oid::from("S01") }.into(),
        ItemsSet { subject, form: VS.clone(), items: vec![item] }.into(),
    ];
    let stamp = Stamp { by: Oid::from("nurse9"), at: own[0].entry().at, tz: own[0].entry().tz };
    acts.map(|act| log.next(act, version.clone(), &stamp, sha256).expect("an entry").line).into()
}

fn import_both(play: &mut Play) {
    for reply in play.replies.clone() {
        let now = play.stage.now.later(1_000);
        play.stage.now = now;
        let Ok(mut session) = play.stage.computer.session(now) else { return };
        let _ = session.import_bundle(&reply);
    }
}
