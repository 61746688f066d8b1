//! Attack 2: vaults that are copies of what was there once, and damaged ones, as people work with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bundle::HeldLog;
use casebook::{Act, EntryId};
use screens::messages::{CodeUsed, ImportOutcome, RestoreReport, Role, SessionView, VersionState, WhySetAside};
use site::{LostPassword, OpensHere, SiteComputer, SiteError};
use tempfile::TempDir;
use vault::{Locked, VaultPlace};

use crate::backup::{Lost, OWN, back_up, go_on, names, own_password, restore, stick};
use crate::stage::{Content, PASSWORD, Stage, code, home, vs};
use crate::versions::{Publisher, second, state};

/// How far the center holds the device's log by what came to it.
fn held(sent: &Content) -> HeldLog {
    let last = sent.lines.last().expect("lines");
    HeldLog { log: last.entry().log.to_string(), seq: last.entry().seq, head: last.id() }
}

/// A backup of the vault as it is now.
fn backed_up(stage: &mut Stage) -> PathBuf {
    let to = stick(stage);
    back_up(stage, &to).expect("backed up").folder.into()
}

/// The computer is lost, and the backup put back on another one: the lost one's folder, in which the stick is, and the new vault.
fn put_back_elsewhere(stage: &mut Stage, backup: &Path) -> (TempDir, String) {
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let old = stage.lose_computer();
    (old, restore(stage, backup).expect("put back").vault)
}

/// Signs in a minute later.
fn signs_in(stage: &mut Stage, vault: &str, user: &str) -> SessionView {
    signs_in_with(stage, vault, user, PASSWORD)
}

fn signs_in_with(stage: &mut Stage, vault: &str, user: &str, password: &str) -> SessionView {
    stage.now = stage.now.later(60_000);
    let now = stage.now;
    stage.computer.unlock(vault, user, password, now).expect("signed in")
}

/// S2: a reply that the vault had read before it was backed up says nothing of what came since: it is refused, also where it is
/// read again, and the whole reply of today lets work go on.
#[test]
fn s2_an_old_reply_lets_no_restored_vault_go_on() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let first = stage.export();
    let old = stage.reply(&first[0]);
    assert_eq!(stage.session().import_bundle(&old).expect("imported").outcome, ImportOutcome::Accepted);
    let kept = fs::read(&old).expect("the reply");
    stage.types(&subject, &vs("SYSBP"), "120");
    let backup = backed_up(&mut stage);
    stage.types(&subject, &vs("DIABP"), "80");
    let files = stage.export();
    let sent = stage.carried(&files[0]);
    let all: Vec<_> = stage.carried(&first[0]).lines.into_iter().chain(sent.lines.clone()).collect();
    let (_old, vault) = put_back_elsewhere(&mut stage, &backup);
    signs_in(&mut stage, &vault, "nurse1");
    let again = stage.folder.path().join("again.bundle");
    fs::write(&again, &kept).expect("written");
    for _ in 0..2 {
        assert_eq!(code(stage.session().import_bundle(&again)), "old_reply");
        assert_eq!(code(stage.session().save_item(&subject, &vs("WEIGHT"), "70", None)), "awaits_center");
    }
    // Nothing that the center confirmed may be missing from what it says that it holds.
    let empty = stage.send_holding(&Content::default(), Vec::new());
    assert_eq!(code(stage.session().import_bundle(&empty)), "old_reply");
    let has = vec![held(&sent)];
    let whole = stage.send_holding(&Content { lines: all, ..sent }, has);
    assert_eq!(stage.session().import_bundle(&whole).expect("imported").outcome, ImportOutcome::Accepted);
    own_password(&mut stage);
    assert_eq!(stage.cell(&subject, &vs("DIABP")).display, "80");
}

/// S3: the version that was put into force after the backup is in force again with the center's whole reply.
#[test]
fn s3_a_superseded_version_is_not_in_force_again() {
    let mut stage = Stage::new();
    stage.subject();
    stage.export();
    let backup = backed_up(&mut stage);
    let said = Publisher::new().says(&second(), "2026-11-23", &[], true);
    let reply = stage.send(&said);
    assert_eq!(stage.session().import_bundle(&reply).expect("taken in").versions, ["2"]);
    stage.sign_in("doctor1");
    stage.session().study_activate("MDV.2").expect("its day has come");
    let files = stage.export();
    let sent = stage.carried(&files[0]);
    let (_old, vault) = put_back_elsewhere(&mut stage, &backup);
    signs_in(&mut stage, &vault, "nurse1");
    let has = vec![held(&sent)];
    let lines = said.lines.iter().chain(&sent.lines).cloned().collect();
    let whole = stage.send_holding(&Content { lines, blobs: said.blobs, ..sent }, has);
    let report = stage.session().import_bundle(&whole).expect("imported");
    assert_eq!((report.versions, report.session.study_version.as_str()), (vec!["2".to_owned()], "2"));
    own_password(&mut stage);
    stage.session().subject_register().expect("registered");
    let view = stage.session().study_view().expect("a view");
    assert_eq!(state(&view, "MDV.2"), Some(VersionState::InForce));
}

/// S7: what the center said is remembered although its reply was refused: as another history, or cut off on the way.
#[test]
fn s7_what_a_refused_reply_said_is_remembered() {
    let mut lost = Lost::new();
    lost.put_back();
    let other = HeldLog { seq: 3, head: EntryId([7; 32]), ..lost.held() };
    let reply = lost.stage.send_holding(&Content::default(), vec![other]);
    assert_eq!(code(lost.stage.session().import_bundle(&reply)), "foreign_receipt");
    assert_eq!(code(lost.stage.session().restored_go_on()), "foreign_receipt");

    let mut lost = Lost::new();
    lost.put_back();
    let whole = lost.stage.send_holding(&lost.sent, vec![lost.held()]);
    let bytes = fs::read(&whole).expect("the reply");
    fs::write(&whole, &bytes[..bytes.len() - 40]).expect("cut off");
    assert!(lost.stage.session().import_bundle(&whole).is_err());
    assert_eq!(code(lost.stage.session().restored_go_on()), "behind");
    fs::write(&whole, &bytes).expect("whole");
    assert_eq!(lost.stage.session().import_bundle(&whole).expect("imported").outcome, ImportOutcome::Accepted);
}

/// Third attack, S8: what a reply says for another device is not heard, and is told as what it is; a remembered word stands. That
/// a reply is for other keys is remembered with what it says of the log, also where it came damaged.
#[test]
fn a3_s8_only_a_reply_for_this_device_is_heard() {
    let foreign = || seal::Identity::make().recipient();
    let mut lost = Lost::new();
    lost.put_back();
    let newer = lost.stage.send_to((&device_of(&lost), foreign()), &lost.sent, vec![lost.held()]);
    assert_eq!(code(lost.stage.session().import_bundle(&newer)), "keys_replaced");
    for has in [vec![], vec![lost.held()]] {
        let for_another = lost.stage.send_to(("S02-k7f2m3pq", foreign()), &Content::default(), has);
        assert_eq!(code(lost.stage.session().import_bundle(&for_another)), "not_for_us");
        assert_eq!(code(lost.stage.session().restored_go_on()), "keys_replaced");
    }

    let mut lost = Lost::new();
    lost.put_back();
    let newer = lost.stage.send_to((&device_of(&lost), foreign()), &lost.sent, vec![lost.held()]);
    let bytes = fs::read(&newer).expect("the reply");
    fs::write(&newer, &bytes[..bytes.len() - 40]).expect("cut off");
    assert!(lost.stage.session().import_bundle(&newer).is_err());
    assert_eq!(code(lost.stage.session().restored_go_on()), "keys_replaced");
}

fn device_of(lost: &Lost) -> String {
    lost.held().log
}

/// S10: a password that was given up after the backup asks for another one as soon as the journal is back; before, it is said of
/// when the passwords are.
#[test]
fn s10_a_former_password_asks_for_another_one() {
    let mut stage = Stage::new();
    stage.subject();
    let backup = backed_up(&mut stage);
    stage.session().change_password(PASSWORD, OWN).expect("changed");
    stage.sign_in("admin1");
    stage.session().user_reset("reader1", "meadow-copper-lark-8", PASSWORD).expect("reset");
    let files = stage.export();
    let sent = stage.carried(&files[0]);
    let (_old, vault) = put_back_elsewhere(&mut stage, &backup);
    let view = signs_in(&mut stage, &vault, "doctor1");
    let copy = view.copy.expect("it is a copy");
    assert!(copy.is_backup && copy.at.starts_with("2026-11-23"), "{copy:?}");
    let reply = stage.send_holding(&sent, vec![held(&sent)]);
    let view = stage.session().import_bundle(&reply).expect("imported").session;
    assert!(!view.awaits_center && view.must_change && view.copy.is_none(), "{view:?}");
    // Third attack, S3: also whose password the journal does not know to be another, as it may lack what was never sent.
    for user in ["nurse1", "doctor1", "admin1"] {
        assert!(signs_in(&mut stage, &vault, user).must_change, "{user}");
        if user == "nurse1" {
            assert_eq!(code(stage.session().subject_register()), "own_password_first");
        }
        assert!(!stage.session().change_password(PASSWORD, OWN).expect("changed").must_change);
    }
    // Fourth attack, T3: not whose password an administrator took away: whoever knows it would choose the new one.
    let now = stage.now.later(60_000);
    assert_eq!(code(stage.computer.unlock(&vault, "reader1", PASSWORD, now)), "wrong_password");
    signs_in_with(&mut stage, &vault, "admin1", OWN);
    stage.session().user_reset("reader1", "birch-window-sled-31", OWN).expect("reset");
    assert!(signs_in_with(&mut stage, &vault, "reader1", "birch-window-sled-31").must_change);
}

/// Fourth attack, T2: a used code is typed while the restored vault waits: who came in by it is shown before work goes on, and out
/// once the reply tells of its use; a code of the new set is the way back for whose account it was.
#[test]
fn a4_t2_a_used_code_typed_while_the_vault_waits() {
    let mut stage = Stage::new();
    stage.subject();
    let codes = stage.codes();
    let backup = backed_up(&mut stage);
    let now = stage.now;
    let used = LostPassword { user: "nurse1", code: &codes[0], password: OWN };
    stage.computer.recover("vault", &used, now).expect("used by telephone");
    let files = stage.export();
    let sent = stage.carried(&files[0]);
    let (_old, vault) = put_back_elsewhere(&mut stage, &backup);
    let thief = LostPassword { user: "admin1", code: &codes[0], password: "birch-window-sled-31" };
    let now = stage.now;
    let view = stage.computer.recover(&vault, &thief, now).expect("nobody knows better yet");
    let reply = stage.send_holding(&sent, vec![held(&sent)]);
    assert!(view.awaits_center);
    assert_eq!(code(stage.session().import_bundle(&reply)), "way_in_revoked");
    let came = |view: SessionView| view.copy.expect("a copy").came_by_code;
    assert_eq!(came(signs_in(&mut stage, &vault, "reader1")), [], "a masked reader learns nothing of others");
    let admin = CodeUsed { user: "admin1".to_owned(), set: 1, code: 1 };
    assert_eq!(came(signs_in(&mut stage, &vault, "doctor1")), [admin]);
    assert!(!stage.session().import_bundle(&reply).expect("imported").session.awaits_center);
    let now = stage.now.later(60_000);
    for password in ["birch-window-sled-31", PASSWORD] {
        assert_eq!(code(stage.computer.unlock(&vault, "admin1", password, now)), "wrong_password");
    }
    signs_in(&mut stage, &vault, "doctor1");
    own_password(&mut stage);
    let sets = stage.sealed();
    let again = stage.codes_of(sets.last().expect("a new set"));
    let rightful = LostPassword { user: "admin1", code: &again[0], password: "willow-anchor-77" };
    let now = stage.now;
    assert_eq!(stage.computer.recover(&vault, &rightful, now).expect("comes in").role, Role::Administrator);
}

/// Fourth attack, T2: the computer dies before a new set was made, and the first one who opens the vault types a code of before.
#[test]
fn a4_t2_a_code_of_before_opens_nothing_after_a_power_cut() {
    let mut stage = Stage::new();
    stage.subject();
    let codes = stage.codes();
    let backup = backed_up(&mut stage);
    let (_old, vault) = put_back_elsewhere(&mut stage, &backup);
    goes_on_and_dies(&mut stage, &vault);
    let thief = LostPassword { user: "admin1", code: &codes[0], password: "birch-window-sled-31" };
    let now = stage.now.later(60_000);
    assert_eq!(code(stage.computer.recover(&vault, &thief, now)), "wrong_code");
    assert!(signs_in(&mut stage, &vault, "admin1").must_change);
}

/// Third attack, S3: what the lost computer revoked and never sent is revoked all the same: a code that somebody used, and a
/// password that an administrator took away. Nobody works by them once the log goes on, also not where the power went between
/// its going on and the new set of codes.
#[test]
fn a3_s3_what_was_revoked_and_never_sent_is_not_in_force_for_good() {
    for crashes in [false, true] {
        let mut stage = Stage::new();
        stage.subject();
        let codes = stage.codes();
        let backup = backed_up(&mut stage);
        let now = stage.now;
        let used = LostPassword { user: "nurse1", code: &codes[0], password: OWN };
        stage.computer.recover("vault", &used, now).expect("used by telephone");
        stage.sign_in("admin1");
        stage.session().user_reset("doctor1", "meadow-copper-lark-8", PASSWORD).expect("reset");
        let (_old, vault) = put_back_elsewhere(&mut stage, &backup);
        let view = if crashes {
            goes_on_and_dies(&mut stage, &vault);
            signs_in(&mut stage, &vault, "admin1")
        } else {
            signs_in(&mut stage, &vault, "admin1");
            stage.session().restored_go_on().expect("goes on")
        };
        assert!(!view.awaits_center && view.must_change && view.alarms.is_empty(), "{view:?}");
        stage.session().change_password(PASSWORD, OWN).expect("changed");
        stage.now = stage.now.later(60_000);
        let now = stage.now;
        stage.computer.lock(now).expect("locked");
        for code_of_then in &codes[..2] {
            let thief = LostPassword { user: "admin1", code: code_of_then, password: "birch-window-sled-31" };
            assert_eq!(code(stage.computer.recover(&vault, &thief, now)), "wrong_code");
        }
        for user in ["doctor1", "nurse1", "reader1"] {
            assert!(signs_in(&mut stage, &vault, user).must_change, "{user}");
            assert_eq!(code(stage.session().subjects()), "own_password_first", "{user}");
        }
        assert!(!signs_in_with(&mut stage, &vault, "admin1", OWN).must_change, "an own one since");
        let sets: Vec<u64> = stage.sealed().iter().map(|set| set.set).collect();
        assert_eq!(sets, [1, 2], "and no more than once");
    }
}

/// The log of a restored vault goes on, and the computer dies before anything else is done.
fn goes_on_and_dies(stage: &mut Stage, vault: &str) {
    stage.now = stage.now.later(60_000);
    let home = home(stage.folder.path());
    let place = VaultPlace { folder: home.vault(vault), checkpoint: home.checkpoint(vault) };
    let stamp = vault::Stamp::new(stage.now.ms(), 480, "admin1");
    let locked = Locked::find(&place, &clinical::functions()).expect("a vault");
    locked.unlock("admin1", PASSWORD, &stamp).expect("opens").go_on(&stamp).expect("goes on");
}

/// S11: two people come in by codes while the vault waits, and a third lets it go on: the center is told of each who it was.
#[test]
fn s11_each_code_goes_to_whoever_used_it() {
    let mut stage = Stage::new();
    stage.subject();
    let codes = stage.codes();
    let backup = backed_up(&mut stage);
    let (_old, vault) = put_back_elsewhere(&mut stage, &backup);
    for (user, code) in ["nurse1", "doctor1"].into_iter().zip(&codes) {
        stage.now = stage.now.later(60_000);
        let now = stage.now;
        stage.computer.recover(&vault, &LostPassword { user, code, password: OWN }, now).expect("comes in");
        stage.computer.lock(now).expect("locked");
    }
    signs_in(&mut stage, &vault, "admin1");
    let view = stage.session().restored_go_on().expect("goes on");
    assert!(view.must_change, "{view:?}");
    stage.session().change_password(PASSWORD, OWN).expect("changed");
    let files = stage.export();
    let told: Vec<(String, Option<u32>)> = stage
        .carried(&files[0])
        .lines
        .iter()
        .filter_map(|line| match &line.entry().act {
            Act::RecoveryUsed(act) => Some((act.user.to_string(), Some(act.code))),
            Act::UserPasswordChanged(act) => Some((act.user.to_string(), None)),
            Act::VaultRestored(act) => Some((act.said_by.as_ref()?.to_string(), None)),
            _ => None,
        })
        .collect();
    let one = |user: &str, code| (user.to_owned(), code);
    let (nurse, doctor) =
        ([one("nurse1", Some(1)), one("nurse1", None)], [one("doctor1", Some(2)), one("doctor1", None)]);
    // S23: and by whose word the log goes on.
    let admin = [one("admin1", None)];
    assert_eq!(told, [&admin[..], &nurse, &doctor, &admin].concat(), "and then the own password of whoever said so");
}

/// Puts a backup back in the place of the vault that is there.
fn restore_instead(stage: &mut Stage, backup: &Path) -> Result<RestoreReport, SiteError> {
    restore_instead_by(stage, backup, None)
}

/// The same where somebody signs in to the vault that is there.
fn restore_instead_by(
    stage: &mut Stage,
    backup: &Path,
    here: Option<&OpensHere<'_>>,
) -> Result<RestoreReport, SiteError> {
    let job = stage.computer.restore_begin(backup, "nurse1", PASSWORD, stage.now)?;
    let restoring = job.restore(&|_| {}, &go_on())?;
    stage.computer.restore_instead(restoring, here, stage.now)
}

/// S4: a vault that does not open any more is put back from its backup on the same computer: the damaged one is set aside, whole and
/// under another name, and is no vault of the first screen. Third attack, S4: not one of which only the key slots are damaged.
#[test]
fn s4_a_damaged_vault_is_put_back_on_the_same_computer() {
    let mut lost = Lost::new();
    let vault = lost.put_back();
    let vaults = home(lost.stage.folder.path()).vaults();
    let folder = vaults.join(&vault);
    let (database, slots) = (folder.join("vault.db"), folder.join("keyslots.json"));
    assert_eq!(code(restore_instead(&mut lost.stage, &lost.backup)), "vault_sound", "it is open");
    let now = lost.stage.now;
    lost.stage.computer.lock(now).expect("locked");
    assert_eq!(code(restore_instead(&mut lost.stage, &lost.backup)), "vault_sound");
    for hurt in ["no slots", "slots"] {
        match hurt {
            "slots" => fs::write(&slots, b"").expect("written"),
            _ => fs::remove_file(&slots).expect("removed"),
        }
        assert_eq!(lost.stage.computer.start_view().expect("a view").vaults.len(), 0, "{hurt}");
        assert_eq!(code(restore_instead(&mut lost.stage, &lost.backup)), "slots_mended", "{hurt}");
        assert_eq!(lost.stage.computer.start_view().expect("a view").vaults.len(), 1, "{hurt}");
    }
    assert_eq!(names(&vaults), [vault.as_str()]);
    for (n, hurt) in ["pages", "no database"].into_iter().enumerate() {
        match n {
            0 => fs::write(&database, vec![0x5a; 20_000]).expect("written"),
            _ => fs::remove_file(&database).expect("removed"),
        }
        let before = names(&folder);
        assert!(lost.stage.computer.backup_look(&lost.backup).expect("a view").is_here, "{hurt}");
        assert_eq!(code(restore(&mut lost.stage, &lost.backup)), "device_here", "{hurt}");
        let report = restore_instead(&mut lost.stage, &lost.backup).expect(hurt);
        let aside = report.set_aside.expect("set aside");
        assert_eq!(aside.why, WhySetAside::Damaged, "{hurt}");
        let aside = PathBuf::from(aside.folder);
        let number = if n == 0 { String::new() } else { format!("-{}", n + 1) };
        assert_eq!(aside, vaults.join(format!("{vault}-damaged-2026-11-23{number}")), "{hurt}");
        assert_eq!((report.vault, names(&aside)), (vault.clone(), before), "{hurt}");
        assert_eq!(lost.stage.computer.start_view().expect("a view").vaults.len(), 1, "{hurt}");
        assert!(lost.unlock(&vault).awaits_center, "{hurt}");
        let now = lost.stage.now;
        lost.stage.computer.lock(now).expect("locked");
    }
}

/// Third attack, S1: whose account was closed set the whole vault aside with a backup and a password of then, and was in again.
#[test]
fn a3_s1_who_left_sets_no_vault_aside() {
    let mut stage = Stage::new();
    stage.subject();
    let backup = backed_up(&mut stage);
    stage.sign_in("admin1");
    stage.session().user_close("nurse1").expect("closed");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(code(restore_instead(&mut stage, &backup)), "vault_shut");
    let mut by = |user, secret| restore_instead_by(&mut stage, &backup, Some(&OpensHere { user, secret }));
    assert_eq!(code(by("nurse1", PASSWORD)), "wrong_password_here");
    assert_eq!(code(by(" Admin1 ", PASSWORD)), "vault_sound", "also for whoever may sign in");
    assert_eq!(code(stage.computer.unlock("vault", "nurse1", PASSWORD, now)), "wrong_password");
    stage.sign_in("admin1");
}

/// Third attack, S2: the older of two backups was put back, and then nothing could be put over it.
#[test]
fn a3_s2_a_newer_backup_is_put_over_an_older_copy() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let older = backed_up(&mut stage);
    stage.types(&subject, &vs("SYSBP"), "120");
    let newer = backed_up(&mut stage);
    let (_old, vault) = put_back_elsewhere(&mut stage, &older);
    signs_in(&mut stage, &vault, "nurse1");
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(code(restore_instead(&mut stage, &older)), "vault_sound", "the same");
    let report = restore_instead(&mut stage, &newer).expect("put back");
    let aside = report.set_aside.expect("set aside");
    assert_eq!(aside.why, WhySetAside::Older);
    assert!(aside.folder.ends_with(&format!("{vault}-older-2026-11-23")), "{aside:?}");
    assert_eq!(stage.computer.start_view().expect("a view").vaults.len(), 1);
    assert!(signs_in(&mut stage, &vault, "nurse1").awaits_center);
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "120");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(code(restore_instead(&mut stage, &older)), "vault_sound", "the newer one stays");
}

/// Third attack, S10: a refusal that was counted before somebody put a vault back who may not was never told.
#[test]
fn a3_s10_what_was_guessed_before_a_vault_was_put_back_is_told() {
    let mut lost = Lost::new();
    let begin = |lost: &mut Lost, user: &str, secret: &str| {
        let job = lost.stage.computer.restore_begin(&lost.backup, user, secret, lost.stage.now).expect("begun");
        job.restore(&|_| {}, &go_on())
    };
    assert_eq!(code(begin(&mut lost, "nurse1", "another-password-9")), "wrong_password");
    assert_eq!(code(begin(&mut lost, "reader1", PASSWORD)), "not_your_role");
    lost.put_back();
    lost.stage.session().restored_go_on().expect("goes on");
    own_password(&mut lost.stage);
    let files = lost.stage.export();
    let lines = lost.stage.carried(&files[0]).lines;
    let refused = lines.iter().filter(|line| matches!(line.entry().act, Act::SessionRefused(_))).count();
    assert_eq!(refused, 1);
}

/// Fourth attack, T9b: a reply let the log go on, and the rest of it was cancelled: the window was told of an error alone, and went on
/// showing a vault that waits to somebody who had to set a password of their own first.
#[test]
fn a4_t9b_the_log_goes_on_whatever_becomes_of_the_rest() {
    let mut lost = Lost::new();
    let cancel = go_on();
    let home = home(lost.stage.folder.path());
    lost.stage.computer = SiteComputer::new(home, Arc::new(|_| {}), Arc::clone(&cancel));
    lost.put_back();
    let reply = lost.stage.send_holding(&lost.sent, vec![lost.held()]);
    cancel.store(true, Ordering::Relaxed);
    let report = lost.stage.session().import_bundle(&reply).expect("brought back");
    assert_eq!(report.outcome, ImportOutcome::RestMissing);
    assert!(!report.session.awaits_center && report.session.must_change, "{:?}", report.session);
    cancel.store(false, Ordering::Relaxed);
    own_password(&mut lost.stage);
    assert_eq!(lost.stage.session().import_bundle(&reply).expect("imported").outcome, ImportOutcome::Accepted);
}

/// Fourth attack, T12: what was guessed for a backup while the slot file of the vault was damaged was never told once it was whole.
#[test]
fn a4_t12_what_was_guessed_while_a_vault_was_damaged_is_told() {
    let mut stage = Stage::new();
    stage.subject();
    let backup = backed_up(&mut stage);
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let slots = home(stage.folder.path()).vault("vault").join("keyslots.json");
    let whole = fs::read(&slots).expect("reads");
    fs::remove_file(&slots).expect("removed");
    let job = stage.computer.restore_begin(&backup, "nurse1", "another-password-9", now).expect("begun");
    assert_eq!(code(job.restore(&|_| {}, &go_on())), "wrong_password");
    fs::write(&slots, whole).expect("whole again");
    signs_in(&mut stage, "vault", "nurse1");
    let files = stage.export();
    let lines = stage.carried(&files[0]).lines;
    let refused = lines.iter().filter(|line| matches!(line.entry().act, Act::SessionRefused(_))).count();
    assert_eq!(refused, 1);
}

/// Third attack, a small one: killed while a vault was set aside for its backup, the first screen showed none.
#[test]
fn a4_a3_the_first_screen_gives_a_vault_its_name_back() {
    let mut lost = Lost::new();
    let vault = lost.put_back();
    let now = lost.stage.now;
    lost.stage.computer.lock(now).expect("locked");
    let vaults = home(lost.stage.folder.path()).vaults();
    let aside = format!("{vault}-older-2026-11-23");
    fs::rename(vaults.join(&vault), vaults.join(&aside)).expect("set aside");
    fs::create_dir(vaults.join(".restoring-abc")).expect("made");
    let names = format!("{vault}\n{aside}\n{vault}.json\n");
    fs::write(vaults.join(".restoring-abc/set-aside"), names).expect("written");
    assert_eq!(lost.stage.computer.start_view().expect("a view").vaults.len(), 1);
    assert!(lost.unlock(&vault).awaits_center);
}
