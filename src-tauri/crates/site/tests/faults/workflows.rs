//! What people do at a site computer that changes files, one workflow each.

use screens::messages::Role;
use seal::Cost;
use site::{LostPassword, NewAccount};

use crate::outcome::{Play, Told};
use crate::stage::{PASSPHRASE, PASSWORD, event, vs};

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

pub const WORKFLOWS: [Workflow; 14] = [
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
    Workflow { name: "back up", before: lock, run: back_up },
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
    let stamp = casebook::Stamp::new(i64::try_from(play.stage.now.later(1_000).at_ms).expect("a time"), 480, "nurse1");
    let place = play.stage.place();
    let Ok(open) = vault::Locked::find(&place, &clinical::functions())
        .and_then(|locked| locked.unlock("nurse1", PASSWORD, &stamp))
    else {
        return;
    };
    let copy = play.stage.folder.path().join("backup");
    if open.backup(&copy).is_ok() {
        play.told.push(Told::Backup(copy));
    }
    let _ = open.lock(&stamp);
}
