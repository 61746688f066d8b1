//! What people do at a site computer that changes files, one workflow each.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use screens::messages::Role;
use seal::Cost;
use site::{NewAccount, SiteComputer};

use crate::outcome::{Play, Told};
use crate::stage::{PASSPHRASE, PASSWORD, event, home, vs};

/// Another password, as good as the first.
const OTHER: &str = "marble-harbour-77";

/// One thing that people do.
pub struct Workflow {
    pub name: &'static str,
    /// What comes before: no call fails yet.
    pub before: fn(&mut Play),
    /// The workflow itself.
    pub run: fn(&mut Play),
}

pub const WORKFLOWS: [Workflow; 13] = [
    Workflow { name: "sign in", before: lock, run: sign_in },
    Workflow { name: "sign in after wrong passwords", before: lock, run: sign_in_after_wrong_ones },
    Workflow { name: "save", before: |_| {}, run: save },
    Workflow { name: "lock", before: |_| {}, run: |play| drop(play.stage.computer.lock(play.stage.now)) },
    Workflow { name: "add an account", before: as_administrator, run: add_account },
    Workflow { name: "add two accounts", before: as_administrator, run: add_two_accounts },
    Workflow { name: "change a password", before: |_| {}, run: change_password },
    Workflow { name: "close an account", before: as_administrator, run: close_account },
    Workflow { name: "export", before: |_| {}, run: export },
    Workflow { name: "import a reply", before: answered, run: import },
    Workflow { name: "found a vault", before: lock, run: found },
    Workflow { name: "back up", before: |_| {}, run: back_up },
    Workflow { name: "put a vault back", before: backed_up, run: put_back },
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
    play.reply = Some(play.stage.reply(&files[0]));
}

fn import(play: &mut Play) {
    let Some(reply) = play.reply.clone() else { return };
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
