//! A lost computer comes back by a backup and the center's whole reply: a real site and a real center agree on it (issue 9,
//! item 10, part B).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use center::{AlarmKind, Outcome};
use screens::messages::ImportOutcome;
use site::{Home, SiteComputer, SiteError};

use crate::amendments::{PASSWORD, SCR, Stage, VS, stamp, vs};

/// A password of one's own.
const OWN: &str = "willow-anchor-77";

fn on() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(false))
}

fn back_up(stage: &mut Stage) -> Result<PathBuf, SiteError> {
    let stick = stage.folder.path().join("stick");
    fs::create_dir_all(&stick)?;
    let made = stage.session().backup_begin(&stick)?.run(&|_| {}, &on())?;
    Ok(stage.session().backup_finish(made)?.folder.into())
}

/// Puts the backup back on a computer of its own, and signs in there.
fn put_back(stage: &mut Stage, backup: &Path) -> Result<(), SiteError> {
    let folder = stage.folder.path().join("another");
    let home = Home { data: folder.join("data"), config: folder.join("config") };
    stage.computer = SiteComputer::new(home, Arc::new(|_| {}), on());
    let restoring = stage.computer.restore_begin(backup, "nurse1", PASSWORD, stage.now)?.restore(&|_| {}, &on())?;
    let report = stage.computer.restore_finish(restoring)?;
    sign_in(stage, &report.vault, PASSWORD)
}

fn sign_in(stage: &mut Stage, vault: &str, password: &str) -> Result<(), SiteError> {
    stage.now = stage.now.later(1_000);
    let view = stage.computer.unlock(vault, "nurse1", password, stage.now)?;
    assert!(view.alarms.is_empty(), "{view:?}");
    Ok(())
}

fn shown(stage: &mut Stage, subject: &str, item: &str) -> String {
    let state = stage.session().form_state(subject, &VS).expect("a form");
    let key = vs(item).to_string();
    let mut cells = state.rows.iter().flat_map(|row| &row.cells);
    cells.find(|cell| cell.key == key).expect("the cell is in the form").display.clone()
}

/// Sends what is new to the center; gives what that gave away.
fn send(stage: &mut Stage, minute: u64) -> Vec<AlarmKind> {
    let stick = tempfile::tempdir_in(stage.folder.path()).expect("a stick").keep();
    let report = stage.session().export_bundle(&stick).expect("exported");
    let mut alarms = Vec::new();
    for file in &report.files {
        let source = std::io::Cursor::new(fs::read(file).expect("the bundle"));
        for one in stage.center.import(&stamp(minute), "a.bundle", source).expect("the center works") {
            assert!(matches!(one.outcome, Outcome::Accepted { .. }), "{}", one.outcome);
            alarms.extend(one.alarms);
        }
    }
    alarms
}

fn take_reply(stage: &mut Stage, minute: u64, whole: bool) -> ImportOutcome {
    let reply =
        if whole { stage.center.reply_whole(&stamp(minute), "S01") } else { stage.center.reply(&stamp(minute), "S01") };
    let packed = reply.expect("a reply").packed.remove(0);
    let reply = stage.write(&packed, minute);
    stage.session().import_bundle(&reply).expect("imported").outcome
}

/// The usual reply holds nothing of the device's own log: the center last heard that the device has all of it. It is not
/// mistaken for all that is missing; the whole reply is.
#[test]
fn a_restored_vault_goes_on_by_the_centers_whole_reply_and_raises_no_alarm_but_that() {
    let mut stage = Stage::new();
    let subject = stage.session().subject_register().expect("registered");
    stage.session().event_date(&subject, &SCR, "2026-11-02", None).expect("dated");
    stage.types(&subject, &vs("SYSBP"), "122");
    stage.exchange(1);
    let backup = back_up(&mut stage).expect("backed up");
    stage.types(&subject, &vs("DIABP"), "78");
    // Sessions that the backup does not know.
    for _ in 0..3 {
        sign_in(&mut stage, "vault", PASSWORD).expect("signed in");
    }
    stage.types(&subject, &vs("PULSE"), "71");
    stage.exchange(2);

    put_back(&mut stage, &backup).expect("put back");
    assert_eq!(["SYSBP", "DIABP", "PULSE"].map(|item| shown(&mut stage, &subject, item)), ["122", "", ""]);
    assert_eq!(take_reply(&mut stage, 3, false), ImportOutcome::Parked);
    let refused = stage.session().restored_go_on().map(drop);
    assert_eq!(refused.map_err(|refused| refused.code()), Err("behind"), "the center named more than came");
    assert_eq!(take_reply(&mut stage, 4, true), ImportOutcome::Accepted);
    assert!(!stage.session().change_password(PASSWORD, OWN).expect("changed").must_change);
    assert_eq!(["SYSBP", "DIABP", "PULSE"].map(|item| shown(&mut stage, &subject, item)), ["122", "78", "71"]);

    stage.types(&subject, &vs("WEIGHT"), "68.5");
    assert_eq!(send(&mut stage, 5), [AlarmKind::Restored]);
    let told = stage.center.status().expect("a status").alarms;
    let told: Vec<_> = told.iter().map(|alarm| (alarm.kind, alarm.last)).collect();
    assert_eq!(told, [("restored", None)], "nothing that the center holds is missing at the site");
    stage.center.check().expect("sound");

    // Work goes on at both ends as if nothing had been.
    assert_eq!(take_reply(&mut stage, 6, false), ImportOutcome::Accepted);
    let vault = stage.computer.start_view().expect("a view").vaults.remove(0).id;
    sign_in(&mut stage, &vault, OWN).expect("signed in");
    stage.types(&subject, &vs("TEMP"), "36.6");
    assert_eq!(send(&mut stage, 7), []);
}
