//! Somebody leaves a site and keeps a copy of its computer's folder: what the copy can still do, by a real site and a real center
//! (finding H4).

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use center::{AlarmKind, ImportedBundle};
use screens::messages::ImportOutcome;
use site::{Home, SiteComputer, SiteError};

use crate::amendments::{PASSWORD, SCR, Stage, stamp, vs};

fn on() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(false))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for file in fs::read_dir(from).expect("a folder").flatten() {
        let to = to.join(file.file_name());
        if file.path().is_dir() {
            copy(&file.path(), &to);
        } else {
            fs::copy(file.path(), to).expect("copied");
        }
    }
}

/// The folder as it stands now, on a computer of its own.
fn copy_of(stage: &Stage) -> SiteComputer {
    let own = tempfile::tempdir_in(stage.folder.path()).expect("a folder").keep();
    for part in ["data", "config"] {
        copy(&stage.folder.path().join(part), &own.join(part));
    }
    SiteComputer::new(Home { data: own.join("data"), config: own.join("config") }, Arc::new(|_| {}), on())
}

fn sign_in(stage: &mut Stage, user: &str) {
    stage.now = stage.now.later(1_000);
    let view = stage.computer.unlock("vault", user, PASSWORD, stage.now).expect("signed in");
    assert!(view.alarms.is_empty(), "{:?}", view.alarms);
}

/// What is new, in one file.
fn export(stage: &mut Stage) -> PathBuf {
    let stick = tempfile::tempdir_in(stage.folder.path()).expect("a stick").keep();
    stage.session().export_bundle(&stick).expect("exported").files.remove(0).into()
}

fn import(stage: &Stage, file: &Path, minute: u64) -> Vec<ImportedBundle> {
    let source = Cursor::new(fs::read(file).expect("the bundle"));
    stage.center.import(&stamp(minute), "a.bundle", source).expect("the center works")
}

fn reply(stage: &Stage, minute: u64) -> PathBuf {
    stage.write(&stage.center.reply(&stamp(minute), "S01").expect("a reply").packed.remove(0), minute)
}

fn backup(stage: &mut Stage) -> PathBuf {
    let stick = tempfile::tempdir_in(stage.folder.path()).expect("a stick").keep();
    let made = stage.session().backup_begin(&stick).expect("begun").run(&|_| {}, &on()).expect("made");
    stage.session().backup_finish(made).expect("noted").folder.into()
}

/// The site and its center until the doctor's account is closed; the copy that she kept; a reply of before; a backup of before.
struct Left {
    stage: Stage,
    copy: SiteComputer,
    before: PathBuf,
    backup: PathBuf,
}

fn left() -> Left {
    let mut stage = Stage::new();
    let subject = stage.session().subject_register().expect("registered");
    stage.session().event_date(&subject, &SCR, "2026-11-02", None).expect("dated");
    stage.types(&subject, &vs("SYSBP"), "122");
    stage.exchange(1);
    let backup = backup(&mut stage);
    stage.computer.lock(stage.now).expect("locked");
    let copy = copy_of(&stage);
    let before = reply(&stage, 2);
    sign_in(&mut stage, "admin1");
    assert_eq!(stage.session().sync_view().expect("a view").new_words, None);
    assert!(!stage.session().sync_view().expect("a view").backup.due);
    stage.session().user_close("doctor1").expect("closed");
    Left { stage, copy, before, backup }
}

/// H4: who left signs nothing that the center takes in once the device's new key is approved, and opens no reply that is made then.
#[test]
fn h4_who_left_signs_and_reads_nothing() {
    let Left { mut stage, mut copy, before, .. } = left();
    let old = copy.unlock("vault", "doctor1", PASSWORD, stage.now).expect("her password opens her copy").device_words;
    let people = stage.session().people_view().expect("a view");
    let view = stage.session().sync_view().expect("a view");
    assert_ne!(people.device_words, old);
    assert_eq!(view.new_words.as_ref(), Some(&people.device_words), "the center will ask for these");
    assert!(view.backup.due, "the backup of before is no way back any more");
    // A reply that was made before is read.
    assert_eq!(stage.session().import_bundle(&before).expect("read").outcome, ImportOutcome::Accepted);

    let file = export(&mut stage);
    let sent = import(&stage, &file, 3).remove(0);
    assert_eq!(sent.outcome.to_string(), format!("waiting for approval: {}, {}", people.device, people.device_words));
    assert_eq!(sent.alarms, [AlarmKind::NewKey]);
    stage.center.approve_key(&stamp(4), &people.device, Some(&people.device_words)).expect("approved");
    let taken = stage.center.import_waiting(&stamp(5), &people.device).expect("taken in");
    assert!(taken.iter().all(ImportedBundle::is_good), "{taken:?}");

    // She signs.
    let stick = tempfile::tempdir_in(stage.folder.path()).expect("a stick").keep();
    let mut session = copy.session(stage.now).expect("signed in");
    let forged = session.export_bundle(&stick).expect("exported").files.remove(0);
    let said = import(&stage, Path::new(&forged), 6).remove(0).outcome.to_string();
    assert!(said.starts_with("refused: replaced sender: "), "{said}");
    // She reads.
    let after = reply(&stage, 7);
    let refused = copy.session(stage.now).expect("signed in").import_bundle(&after).expect_err("not for her");
    assert_eq!(refused.code(), "keys_replaced");

    // The site goes on.
    assert_eq!(stage.session().import_bundle(&after).expect("read").outcome, ImportOutcome::Accepted);
    assert_eq!(stage.session().sync_view().expect("a view").new_words, None, "the center has confirmed it");
    backup(&mut stage);
    assert!(!stage.session().sync_view().expect("a view").backup.due);
    sign_in(&mut stage, "nurse1");
    let file = export(&mut stage);
    assert!(import(&stage, &file, 8).remove(0).is_good());
    stage.center.check().expect("sound");
}

/// H4: an account may be closed before anything was sent: the first bundle brings both enrolments.
#[test]
fn h4_an_account_that_is_closed_before_the_first_bundle() {
    let mut stage = Stage::new();
    sign_in(&mut stage, "admin1");
    let words = stage.session().user_close("doctor1").expect("closed").device_words;
    let file = export(&mut stage);
    let sent = import(&stage, &file, 1).remove(0);
    assert!(sent.outcome.to_string().ends_with(&words) && sent.alarms.is_empty(), "{sent}");
    let device = sent.log.expect("its log");
    let kit = stage.center.approve(&stamp(2), &device).map(|()| stage.center.import_waiting(&stamp(3), &device));
    assert!(kit.expect("approved").expect("taken in").iter().all(ImportedBundle::is_good));
    let answer = reply(&stage, 4);
    assert_eq!(stage.session().import_bundle(&answer).expect("read").outcome, ImportOutcome::Accepted);
    assert_eq!(stage.session().sync_view().expect("a view").new_words, None);
}

/// H4: a backup that was made before is put back and can be read; that its log can't go on is said at the site by the first
/// reply, and remembered.
#[test]
fn h4_a_backup_of_before_can_be_read_and_does_not_go_on() {
    let Left { mut stage, backup, .. } = left();
    let words = stage.session().people_view().expect("a view").device_words;
    let file = export(&mut stage);
    let device = import(&stage, &file, 3).remove(0).log.expect("its log");
    stage.center.approve_key(&stamp(4), &device, Some(&words)).expect("approved");
    stage.center.import_waiting(&stamp(5), &device).expect("taken in");

    let folder = stage.folder.path().join("another");
    let home = Home { data: folder.join("data"), config: folder.join("config") };
    stage.computer = SiteComputer::new(home, Arc::new(|_| {}), on());
    let restoring = stage.computer.restore_begin(&backup, "nurse1", PASSWORD, stage.now).expect("opens");
    let restoring = restoring.restore(&|_| {}, &on()).expect("put back");
    let vault = stage.computer.restore_finish(restoring).expect("named").vault;
    let view = stage.computer.unlock(&vault, "nurse1", PASSWORD, stage.now).expect("opens");
    assert!(view.awaits_center && view.alarms.is_empty(), "{view:?}");
    assert_eq!(stage.session().subjects().expect("reads").len(), 1);
    let whole = stage.center.reply_whole(&stamp(6), "S01").expect("a reply").packed.remove(0);
    let whole = stage.write(&whole, 6);
    let refused = stage.session().import_bundle(&whole).expect_err("it is for newer keys");
    assert!(matches!(refused, SiteError::KeysReplaced), "{refused}");
    // Attack 2, S7: it is remembered, and whoever says that the center holds nothing newer is not believed.
    let refused = stage.session().restored_go_on().expect_err("it is for newer keys");
    assert_eq!(refused.code(), "keys_replaced");
    let stick = tempfile::tempdir_in(stage.folder.path()).expect("a stick").keep();
    assert_eq!(stage.session().export_bundle(&stick).expect_err("it waits").code(), "awaits_center");
}
