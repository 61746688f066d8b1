//! Issue 9, item 10: backups, restore drills, and a vault put back on another computer, as people do them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bundle::HeldLog;
use casebook::{Act, Line};
use screens::Now;
use screens::messages::{BackupAgainst, BackupReport, DrillReport, ImportOutcome, ProgressStep, RestoreReport, Role};
use site::{LostPassword, NewAccount, OpensBackup, SiteComputer, SiteError};

use crate::stage::{BEGIN, Center, Content, PASSPHRASE, PASSWORD, STUDY, Stage, code, home, vs};

/// A password of one's own.
pub(super) const OWN: &str = "willow-anchor-77";

/// Whoever is signed in sets an own password, as everybody does once the log of a restored vault goes on.
pub(super) fn own_password(stage: &mut Stage) {
    assert!(!stage.session().change_password(PASSWORD, OWN).expect("changed").must_change);
}

pub(super) fn go_on() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(false))
}

pub(super) fn stick(stage: &Stage) -> PathBuf {
    let stick = stage.folder.path().join("stick");
    fs::create_dir_all(&stick).expect("a stick");
    stick
}

pub(super) fn back_up(stage: &mut Stage, to: &Path) -> Result<BackupReport, SiteError> {
    let job = stage.session().backup_begin(to)?;
    let made = job.run(&|_| {}, &go_on())?;
    stage.session().backup_finish(made)
}

fn drill(stage: &mut Stage, backup: &str, user: &str, password: &str) -> Result<DrillReport, SiteError> {
    let job = stage.computer.restore_begin(backup.as_ref(), user, password, stage.now)?;
    let content = job.drill(&|_| {}, &go_on())?;
    stage.computer.drill_finish(&content)
}

pub(super) fn restore(stage: &mut Stage, backup: &Path) -> Result<RestoreReport, SiteError> {
    stage.computer.may_restore(backup)?;
    let job = stage.computer.restore_begin(backup, "nurse1", PASSWORD, stage.now)?;
    let restoring = job.restore(&|_| {}, &go_on())?;
    stage.computer.restore_finish(restoring)
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_told_in_the_journal_and_a_drill_says_what_is_in_it() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    let before = stage.session().sync_view().expect("a view").backup;
    assert_eq!((before.last, before.days, before.due), (None, None, true));
    assert_eq!(stage.session().backup_folder().expect("a setting"), None);
    let stick = stick(&stage);
    let report = back_up(&mut stage, &stick).expect("backed up");
    assert!(report.noted && report.alarms.is_empty() && report.folder.ends_with(".outpost-backup"), "{report:?}");
    let view = stage.session().sync_view().expect("a view");
    assert_eq!((view.backup.days, view.backup.due), (Some(0), false));
    assert_eq!(view.backup_folder, stick.to_string_lossy());
    assert_eq!(stage.session().backup_folder().expect("a setting"), Some(stick.clone()));
    let files = stage.export();
    let told = stage.carried(&files[0]).lines.into_iter().any(|line| matches!(line.entry().act, Act::BackupWritten(_)));
    assert!(told);
    stage.now = stage.now.later(7 * 86_400_000);
    assert!(stage.session().sync_view().expect("a view").backup.due, "a week later");
    // Beside the open vault, with another account than the one that is signed in.
    let found = drill(&mut stage, &report.folder, " Doctor1 ", PASSWORD).expect("drilled");
    assert_eq!((found.site.as_str(), found.subjects, found.practice), ("S01", 1, true));
    assert_eq!((found.entries, found.alarms.len(), found.was_older), (report.entries, 0, false));
    // The entry that tells of the backup is not in it, nor is the bundle.
    assert_eq!((found.against, found.behind), (BackupAgainst::Behind, 2));
    assert_eq!(code(drill(&mut stage, &report.folder, "doctor1", "not the password")), "wrong_password");
    assert_eq!(code(drill(&mut stage, &stick.to_string_lossy(), "doctor1", PASSWORD)), "no_backup");
    // Also while nobody is signed in: then there is nothing to compare it with.
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let found = drill(&mut stage, &report.folder, "nurse1", PASSWORD).expect("drilled");
    assert_eq!((found.against, found.behind), (BackupAgainst::Nothing, 0));
    assert!(names(&home(stage.folder.path()).vaults()).iter().all(|name| !name.starts_with('.')), "no copy stays");
}

#[test]
fn a_masked_assessor_neither_backs_up_nor_learns_from_a_backup_how_much_is_entered() {
    let mut stage = Stage::new();
    stage.subject();
    let stick = stick(&stage);
    let report = back_up(&mut stage, &stick).expect("backed up");
    assert_eq!(code(drill(&mut stage, &report.folder, "reader1", PASSWORD)), "not_your_role");
    stage.sign_in("reader1");
    assert_eq!(code(back_up(&mut stage, &stick)), "not_your_role");
    assert_eq!(stage.session().worklist().expect("a list").backup, None);
    let found = drill(&mut stage, &report.folder, "nurse1", PASSWORD).expect("drilled");
    assert_eq!((found.against, found.behind), (BackupAgainst::Nothing, 0), "how much the vault has more");
    assert_eq!(names(&stick).len(), 1);
}

/// S18: what the window shows of a backup before it is opened, and while it is tested, told an assessor how much was entered.
#[test]
fn s18_a_masked_assessor_sees_no_count_of_entries_of_a_backup() {
    let mut stage = Stage::new();
    stage.subject();
    let stick = stick(&stage);
    let report = back_up(&mut stage, &stick).expect("backed up");
    let looks = |stage: &mut Stage| stage.computer.backup_look(report.folder.as_ref()).expect("a view");
    assert_eq!(looks(&mut stage).entries, Some(report.entries));
    stage.sign_in("reader1");
    assert_eq!(looks(&mut stage).entries, None);
    let job = stage.computer.restore_begin(report.folder.as_ref(), "reader1", PASSWORD, stage.now).expect("begun");
    let steps = std::cell::RefCell::new(Vec::new());
    let refused = job.drill(&|progress| steps.borrow_mut().push(progress.step), &go_on());
    assert_eq!(code(refused), "not_your_role");
    assert!(!steps.borrow().contains(&ProgressStep::Verify), "{steps:?}");
}

/// S9: a backup opens by the passwords of its time. When these are others, another backup is due, and that is said.
#[test]
fn s9_a_backup_is_due_once_a_password_or_an_account_is_another() {
    let mut stage = Stage::new();
    stage.subject();
    let stick = stick(&stage);
    let state = |stage: &mut Stage| {
        let state = stage.session().sync_view().expect("a view").backup;
        (state.due, state.former_accounts)
    };
    let renewed = |stage: &mut Stage| {
        back_up(stage, &stick).expect("backed up");
        assert_eq!(state(stage), (false, false));
    };
    renewed(&mut stage);
    stage.session().change_password(PASSWORD, "willow-anchor-77").expect("changed");
    assert_eq!(state(&mut stage), (true, true), "an own password");
    renewed(&mut stage);
    stage.sign_in("admin1");
    let nurse = NewAccount::new("nurse2", "Nurse (sample)", "granite-lantern-58".to_owned());
    stage.session().user_add(&nurse, Role::Nurse).expect("added");
    assert_eq!(state(&mut stage), (true, true), "another account");
    renewed(&mut stage);
    let codes = stage.codes();
    let lost = LostPassword { user: "doctor1", code: &codes[0], password: "meadow-copper-lark-8" };
    stage.computer.recover("vault", &lost, stage.now).expect("recovered");
    assert_eq!(state(&mut stage), (true, true), "a recovery code");
    renewed(&mut stage);
}

/// S9: the code that the center reads out opens the backup, and then sets a password in the vault that was put back.
#[test]
fn s9_a_vault_is_put_back_by_a_code_of_the_center() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("SYSBP"), "120");
    let codes = stage.codes();
    let stick = stick(&stage);
    let backup = PathBuf::from(back_up(&mut stage, &stick).expect("backed up").folder);
    let words = stage.session().device_key().words();
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let _old = stage.lose_computer();
    assert_eq!(stage.computer.backup_look(&backup).expect("a view").code_set, Some(1), "to be told to the center");
    let opens = |secret| OpensBackup { user: " Nurse1 ", secret, by_code: true, takes_unbound: false };
    let wrong = stage.computer.restore_begin_by(&backup, &opens(PASSWORD), stage.now).expect("begun");
    assert_eq!(code(wrong.drill(&|_| {}, &go_on())), "wrong_code");
    let job = stage.computer.restore_begin_by(&backup, &opens(&codes[3]), stage.now).expect("begun");
    let restoring = job.restore(&|_| {}, &go_on()).expect("restored");
    let report = stage.computer.restore_finish(restoring).expect("put back");
    // S14: what the person compares with the center, on the first screen of a vault that anybody could have made.
    assert_eq!((report.device_words, report.center_words), (words, stage.center.signing.public().words()));
    let lost = LostPassword { user: "nurse1", code: &codes[3], password: "willow-anchor-77" };
    let view = stage.computer.recover(&report.vault, &lost, stage.now).expect("signed in");
    assert!(view.awaits_center, "{view:?}");
    // Third attack, S7: whoever signs in later compares them, too.
    let words_in = (view.device_words, view.copy.expect("a copy").center_words);
    assert_eq!(words_in, (stage.session().device_key().words(), stage.center.signing.public().words()));
    stage.session().restored_go_on().expect("goes on");
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "120");
}

/// A real site is reminded at work, whoever can make a backup; a practice site is not.
#[test]
fn a_backup_that_is_due_is_said_on_the_worklist() {
    let mut stage = Stage::new();
    stage.subject();
    assert_eq!(stage.session().worklist().expect("a list").backup, None, "practice");
    let mut stage = real_site();
    assert_eq!(stage.session().worklist().expect("a list").backup, None, "nothing to lose yet");
    stage.session().subject_register().expect("registered");
    let due = stage.session().worklist().expect("a list").backup.expect("due");
    assert_eq!((due.last, due.days), (None, None));
    let stick = stick(&stage);
    back_up(&mut stage, &stick).expect("backed up");
    assert_eq!(stage.session().worklist().expect("a list").backup, None);
    stage.now = stage.now.later(8 * 86_400_000);
    assert_eq!(stage.session().worklist().expect("a list").backup.expect("due").days, Some(8));
}

/// A site that is not for practice, with a nurse signed in.
fn real_site() -> Stage {
    let mut stage = Stage::new();
    stage.center = Center { practice: false, ..Center::new(STUDY) };
    stage.lose_computer();
    let kit = stage.kit();
    let admin = NewAccount::new("admin1", "Administrator (sample)", PASSWORD.to_owned());
    stage.computer.kit_found_as("vault", &kit, PASSPHRASE, &admin, BEGIN).expect("founded");
    let nurse = NewAccount::new("nurse1", "Nurse (sample)", PASSWORD.to_owned());
    stage.session().add(&nurse, Role::Nurse, seal::Cost::floor()).expect("added");
    stage.sign_in("nurse1");
    stage
}

/// As an export does: what it reads with is lent, and nothing is left that no journal tells of.
#[test]
fn a_backup_ends_with_its_session() {
    let mut stage = Stage::new();
    stage.subject();
    let stick = stick(&stage);
    let job = stage.session().backup_begin(&stick).expect("begun");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(code(job.run(&|_| {}, &go_on())), "cancelled");
    stage.sign_in("nurse1");
    let made = stage.session().backup_begin(&stick).expect("begun").run(&|_| {}, &go_on()).expect("written");
    stage.sign_in("doctor1");
    assert_eq!(code(stage.session().backup_finish(made)), "other_session");
    let cancel = go_on();
    let job = stage.session().backup_begin(&stick).expect("begun");
    let stopped = job.run(&|_| cancel.store(true, Ordering::Relaxed), &cancel);
    assert_eq!(code(stopped), "cancelled");
    assert_eq!(names(&stick), [] as [String; 0]);
    assert_eq!(code(stage.session().backup_begin(&stick.join("gone"))), "gone");
}

/// A computer with a backup of it, which then went on and sent a bundle, and is lost.
pub(super) struct Lost {
    pub(super) stage: Stage,
    pub(super) subject: String,
    pub(super) backup: PathBuf,
    /// What the center got.
    pub(super) sent: Content,
    /// The folders of the lost computer, and the stick.
    _old: tempfile::TempDir,
}

impl Lost {
    pub(super) fn new() -> Self {
        let mut stage = Stage::new();
        let subject = stage.subject();
        stage.types(&subject, &vs("SYSBP"), "120");
        let stick = stick(&stage);
        let backup = PathBuf::from(back_up(&mut stage, &stick).expect("backed up").folder);
        stage.types(&subject, &vs("DIABP"), "80");
        let files = stage.export();
        let sent = stage.carried(&files[0]);
        let now = stage.now;
        stage.computer.lock(now).expect("locked");
        let _old = stage.lose_computer();
        Self { stage, subject, backup, sent, _old }
    }

    /// On the new computer, signed in.
    pub(super) fn put_back(&mut self) -> String {
        let report = restore(&mut self.stage, &self.backup).expect("put back");
        let view = self.unlock(&report.vault);
        assert!(view.awaits_center && view.alarms.is_empty() && view.practice, "{view:?}");
        report.vault
    }

    pub(super) fn unlock(&mut self, vault: &str) -> screens::messages::SessionView {
        self.unlock_with(vault, PASSWORD)
    }

    fn unlock_with(&mut self, vault: &str, password: &str) -> screens::messages::SessionView {
        self.stage.now = self.stage.now.later(60_000);
        self.stage.computer.unlock(vault, "nurse1", password, self.stage.now).expect("signed in")
    }

    fn own(&self) -> &[Line] {
        &self.sent.lines
    }

    pub(super) fn held(&self) -> HeldLog {
        let last = self.own().last().expect("lines");
        HeldLog { log: last.entry().log.to_string(), seq: last.entry().seq, head: last.id() }
    }
}

#[test]
fn a_lost_computer_is_put_back_and_work_goes_on_where_the_center_has_it() {
    let mut lost = Lost::new();
    let vault = lost.put_back();
    let (subject, held) = (lost.subject.clone(), lost.held());
    assert_eq!(lost.stage.cell(&subject, &vs("SYSBP")).display, "120");
    assert_eq!(lost.stage.cell(&subject, &vs("DIABP")).display, "", "it came after the backup");
    assert_eq!(code(lost.stage.session().save_item(&subject, &vs("WEIGHT"), "70", None)), "awaits_center");
    let stick = stick(&lost.stage);
    assert_eq!(code(lost.stage.session().export_bundle(&stick)), "awaits_center");
    assert_eq!(code(back_up(&mut lost.stage, &stick)), "awaits_center");
    assert_eq!(names(&stick), [] as [String; 0]);
    let reply = lost.stage.send_holding(&lost.sent, vec![held.clone()]);
    let report = lost.stage.session().import_bundle(&reply).expect("imported");
    assert_eq!(report.outcome, ImportOutcome::Accepted);
    own_password(&mut lost.stage);
    assert_eq!(lost.stage.cell(&subject, &vs("DIABP")).display, "80");
    lost.stage.types(&subject, &vs("WEIGHT"), "71");
    // What is sent from here on continues what the center holds, with the word that it was put back first.
    let files = lost.stage.export();
    let new: Vec<Line> = lost.stage.carried(&files[0]).lines;
    let first = new.iter().find(|line| line.entry().seq == held.seq + 1).expect("the log goes on");
    assert_eq!(first.entry().prev, held.head);
    assert!(matches!(first.entry().act, Act::VaultRestored(_)), "{:?}", first.entry().act);
    let view = lost.unlock_with(&vault, OWN);
    assert!(!view.awaits_center && view.alarms.is_empty(), "{view:?}");
    assert_eq!(lost.stage.cell(&subject, &vs("WEIGHT")).display, "71");
}

#[test]
fn without_anything_newer_at_the_center_work_goes_on_at_a_persons_word() {
    let mut lost = Lost::new();
    let vault = lost.put_back();
    let subject = lost.subject.clone();
    assert!(!lost.stage.session().restored_go_on().expect("goes on").awaits_center);
    own_password(&mut lost.stage);
    lost.stage.types(&subject, &vs("DIABP"), "81");
    let view = lost.unlock_with(&vault, OWN);
    assert!(!view.awaits_center && view.alarms.is_empty(), "{view:?}");
    assert_eq!(lost.stage.cell(&subject, &vs("DIABP")).display, "81");
}

/// A reply that names more than it brings: the vault waits on, and nobody's word lets it go on any more.
#[test]
fn a_restored_vault_waits_until_all_that_the_center_holds_has_come() {
    let mut lost = Lost::new();
    lost.put_back();
    let held = lost.held();
    let before = Content { lines: lost.own()[..lost.own().len() - 2].to_vec(), ..Content::default() };
    let reply = lost.stage.send_holding(&before, vec![held.clone()]);
    let report = lost.stage.session().import_bundle(&reply).expect("read");
    assert_eq!(report.outcome, ImportOutcome::Parked);
    assert_eq!(code(lost.stage.session().restored_go_on()), "behind");
    let empty = lost.stage.send_holding(&Content::default(), vec![held.clone()]);
    assert_eq!(lost.stage.session().import_bundle(&empty).expect("read").outcome, ImportOutcome::Parked);
    let other = HeldLog { head: casebook::EntryId([7; 32]), seq: 3, ..held.clone() };
    let elsewhere = lost.stage.send_holding(&Content::default(), vec![other]);
    assert_eq!(code(lost.stage.session().import_bundle(&elsewhere)), "foreign_receipt");
    let whole = lost.stage.send_holding(&lost.sent, vec![held]);
    let report = lost.stage.session().import_bundle(&whole).expect("imported");
    assert_eq!(report.outcome, ImportOutcome::Accepted);
}

#[test]
fn a_backup_is_put_back_only_where_its_device_has_no_vault() {
    let mut lost = Lost::new();
    let view = lost.stage.computer.backup_look(&lost.backup).expect("a view");
    assert!(!view.is_here && view.practice && view.site == "S01", "{view:?}");
    lost.put_back();
    assert!(lost.stage.computer.backup_look(&lost.backup).expect("a view").is_here);
    let now = lost.stage.now;
    lost.stage.computer.lock(now).expect("locked");
    let vaults = home(lost.stage.folder.path()).vaults();
    let before = names(&vaults);
    assert_eq!(code(restore(&mut lost.stage, &lost.backup)), "device_here");
    let job = lost.stage.computer.restore_begin(&lost.backup, "nurse1", PASSWORD, now).expect("begun");
    let restoring = job.restore(&|_| {}, &go_on()).expect("restored");
    assert_eq!(code(lost.stage.computer.restore_finish(restoring)), "device_here", "asked again at the end");
    assert_eq!(names(&vaults), before);
}

/// H6: whoever was given a password by somebody else sets an own one first, and a restored vault that waits takes in none: so it
/// is asked for when the log goes on.
#[test]
fn h6_an_own_password_is_asked_for_when_the_log_goes_on() {
    const TOLD: &str = "meadow-copper-lark-8";
    let mut stage = Stage::new();
    stage.subject();
    stage.sign_in("admin1");
    stage.session().user_reset("nurse1", TOLD, PASSWORD).expect("reset");
    let stick = stick(&stage);
    let backup = PathBuf::from(back_up(&mut stage, &stick).expect("backed up").folder);
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let _old = stage.lose_computer();
    let job = stage.computer.restore_begin(&backup, "nurse1", TOLD, stage.now).expect("begun");
    let restoring = job.restore(&|_| {}, &go_on()).expect("restored");
    let vault = stage.computer.restore_finish(restoring).expect("put back").vault;
    let view = stage.computer.unlock(&vault, "nurse1", TOLD, stage.now).expect("signed in");
    assert!(view.awaits_center && !view.must_change, "{view:?}");
    let view = stage.session().restored_go_on().expect("goes on");
    assert!(!view.awaits_center && view.must_change, "{view:?}");
    assert_eq!(code(stage.session().subject_register()), "own_password_first");
    let view = stage.session().change_password(TOLD, "willow-anchor-77").expect("changed");
    assert!(!view.must_change);
    stage.session().subject_register().expect("registered");
}

/// M6: guesses at a backup on a computer that does not have its vault wait, too, and leave nothing among the vaults.
#[test]
fn m6_guesses_at_a_backup_wait_on_a_computer_without_its_vault() {
    let mut lost = Lost::new();
    let backup = lost.backup.to_string_lossy().into_owned();
    for _ in 0..3 {
        assert_eq!(code(drill(&mut lost.stage, &backup, "nurse1", "not the password")), "wrong_password");
    }
    assert_eq!(code(drill(&mut lost.stage, &backup, "nurse1", PASSWORD)), "slow_down");
    assert_eq!(names(&home(lost.stage.folder.path()).vaults()), [] as [String; 0]);
}

/// Without network, on a computer whose clock is wrong.
#[test]
fn a_vault_is_put_back_whatever_the_clock_says() {
    let mut lost = Lost::new();
    lost.stage.now = Now { at_ms: 1_000_000, ..BEGIN };
    let report = restore(&mut lost.stage, &lost.backup).expect("put back");
    let mut computer = SiteComputer::new(home(lost.stage.folder.path()), Arc::new(|_| {}), go_on());
    let view = computer.unlock(&report.vault, "nurse1", PASSWORD, lost.stage.now).expect("signed in");
    assert!(view.awaits_center);
    computer.session(lost.stage.now).expect("signed in").restored_go_on().expect("goes on");
}
