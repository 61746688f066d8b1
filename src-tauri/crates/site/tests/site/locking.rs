//! What a lock, a panic and a disk that refuses leave: no key beside the vault, nobody shut out, nothing told otherwise than it is.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use screens::messages::{Progress, TransferKind};
use site::{FaultError, NewAccount, SiteComputer};

use crate::stage::{PASSPHRASE, PASSWORD, Stage, code, home, vs};

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("a folder").count()
}

/// Puts a folder where a file is to be written: that fails for whoever asks, and for root, too.
fn block(file: &Path) {
    // Where there is none yet, there is nothing to remove.
    let _ = std::fs::remove_file(file);
    std::fs::create_dir_all(file.join("in the way")).expect("made");
}

/// Bundles that the journal of the open vault tells of.
fn exports(stage: &mut Stage) -> usize {
    let view = stage.session().sync_view().expect("a view");
    view.history.iter().filter(|one| one.kind == TransferKind::Exported).count()
}

/// security.md, suspected: `export_finish` after a lock journaled into whichever vault was open then.
#[test]
fn an_export_is_journaled_in_the_session_that_began_it_or_not_at_all() {
    let mut stage = Stage::new();
    stage.subject();
    let (kit, now) = (stage.kit(), stage.now);
    let admin = NewAccount::new("admin1", "Administrator (sample)", PASSWORD.to_owned());
    stage.computer.kit_found_as("second", &kit, PASSPHRASE, &admin, now).expect("another vault");
    for (vault, user) in [("vault", "nurse1"), ("vault", "doctor1"), ("second", "admin1")] {
        stage.sign_in("nurse1");
        let stick = tempfile::tempdir().expect("a stick");
        let job = stage.session().export_begin(stick.path()).expect("begun");
        let written = job.run(&|_| {}, &AtomicBool::new(false)).expect("written");
        assert_eq!(files(stick.path()), 1);
        let now = stage.now.later(1_000);
        stage.computer.unlock(vault, user, PASSWORD, now).expect("signed in");
        assert_eq!(code(stage.session().export_finish(written)), "other_session", "{vault} {user}");
        assert_eq!(files(stick.path()), 0, "{vault} {user}: nobody carries off what no journal tells of");
        assert_eq!(exports(&mut stage), 0, "{vault} {user}");
    }
    stage.sign_in("nurse1");
    stage.export();
    assert_eq!(exports(&mut stage), 1);
}

/// security.md, M8: a background export kept key and connection beyond a manual lock.
#[test]
fn m8_a_lock_stops_an_export_under_way_and_waits_for_it() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    let stick = tempfile::tempdir().expect("a stick");
    let job = stage.session().export_begin(stick.path()).expect("begun");
    let (began, begun) = mpsc::channel();
    let work = std::thread::spawn(move || {
        let slow = |_: &Progress| {
            // After the first word nobody listens any more.
            let _ = began.send(());
            std::thread::sleep(Duration::from_millis(100));
        };
        job.run(&slow, &AtomicBool::new(false)).map(drop)
    });
    begun.recv().expect("it begins");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(files(stick.path()), 0, "nothing of it is left, under no name");
    assert!(!stage.place().folder.join("vault.db-wal").exists(), "nobody has the database open any more");
    assert_eq!(code(work.join().expect("no panic")), "cancelled");
}

/// The same for an export that has not begun to write.
#[test]
fn an_export_that_was_only_begun_has_nothing_to_read_with_after_a_lock() {
    let mut stage = Stage::new();
    stage.subject();
    let stick = tempfile::tempdir().expect("a stick");
    let job = stage.session().export_begin(stick.path()).expect("begun");
    stage.sign_in("nurse1");
    assert_eq!(code(job.run(&|_| {}, &AtomicBool::new(false)).map(drop)), "cancelled");
    assert_eq!(files(stick.path()), 0);
}

/// security.md, H5: the lock of a former vault that failed refused the next one.
#[test]
fn h5_a_vault_that_cannot_be_locked_in_order_keeps_nobody_out_of_another() {
    let mut stage = Stage::new();
    let (kit, now) = (stage.kit(), stage.now);
    let admin = NewAccount::new("admin1", "Administrator (sample)", PASSWORD.to_owned());
    stage.computer.kit_found_as("second", &kit, PASSPHRASE, &admin, now).expect("another vault");
    stage.sign_in("nurse1");
    block(&stage.place().checkpoint);
    let now = stage.now.later(1_000);
    stage.computer.unlock("second", "admin1", PASSWORD, now).expect("signed in");
    assert!(stage.computer.lock(now).is_ok(), "its own checkpoint can be written");
}

/// security.md, H5: what was done is not told as an error because a checkpoint could not be written after it.
#[test]
fn h5_what_is_done_is_told_as_done_where_no_checkpoint_can_be_written() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    block(&stage.place().checkpoint);
    let files = stage.export();
    assert_eq!(exports(&mut stage), 1);
    let reply = stage.reply(&files[0]);
    assert_eq!(stage.session().import_bundle(&reply).expect("taken in").unsent, 0);
    let alarms = stage.session().integrity().expect("a view").alarms;
    let told = alarms.iter().filter(|alarm| alarm.code == "checkpoint_unkept").count();
    assert_eq!(told, 1, "{alarms:?}");
    let now = stage.now;
    assert!(stage.computer.lock(now).is_err());
    assert!(!stage.computer.is_open(), "locked all the same");
}

/// security.md, H5: a folder in which nothing can be written hides no vault.
#[test]
fn h5_vaults_are_listed_where_nothing_can_be_written() {
    let mut stage = Stage::new();
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let config = home(stage.folder.path()).config;
    std::fs::remove_dir_all(&config).expect("removed");
    std::fs::write(&config, b"a file in the place of the folder").expect("written");
    assert_eq!(stage.computer.start_view().expect("a view").vaults.len(), 1);
}

/// security.md, M7 and H5: an open vault that nobody counts the idle minutes of stays open for ever.
#[test]
fn m7_an_open_vault_always_says_when_it_locks() {
    let mut stage = Stage::new();
    assert_eq!(stage.computer.lock_after_minutes(), Some(10));
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(stage.computer.lock_after_minutes(), None);
    let kit = stage.kit();
    let admin = NewAccount::new("admin1", "Administrator (sample)", PASSWORD.to_owned());
    stage.computer.kit_found_as("second", &kit, PASSPHRASE, &admin, now).expect("another vault");
    assert!(stage.computer.is_open());
    assert_eq!(stage.computer.lock_after_minutes(), Some(10));
}

/// security.md, "IPC takes paths from the window": what the shell remembers for one session must not outlive it. Each way in
/// and each way out changes the number.
#[test]
fn every_sign_in_is_another_session_and_a_locked_computer_has_none() {
    let mut stage = Stage::new();
    let now = stage.now;
    let mut numbers = vec![stage.computer.session_number()];
    stage.computer.unlock("vault", "doctor1", PASSWORD, now).expect("signed in beside the lock");
    numbers.push(stage.computer.session_number());
    stage.sign_in("doctor1");
    numbers.push(stage.computer.session_number());
    assert!(numbers.iter().all(Option::is_some), "{numbers:?}");
    assert!(numbers.is_sorted_by(|earlier, later| earlier < later), "{numbers:?}");
    stage.computer.lock(now).expect("locked");
    assert_eq!(stage.computer.session_number(), None);
    stage.sign_in("nurse1");
    let broken: Result<(), _> = stage.computer.guard(|_| panic!("a fault"));
    assert_eq!((broken, stage.computer.session_number()), (Err(FaultError), None));
}

/// security.md, M9: a panic ended the desk's thread, and the vault stayed as it was.
#[test]
fn m9_an_act_that_panics_closes_the_vault_and_the_computer_goes_on() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("SYSBP"), "120");
    let (now, whose) = (stage.now.later(1_000), subject.clone());
    let broken = stage.computer.guard(|computer| {
        let mut session = computer.session(now).expect("signed in");
        session.save_item(&whose, &vs("DIABP"), "80", None).expect("saved");
        panic!("a fault")
    });
    assert_eq!(broken.map(|never: ()| never), Err(FaultError));
    assert!(!stage.computer.is_open());
    assert_eq!(stage.computer.lock_after_minutes(), None);
    assert_eq!(stage.computer.session(now).map(drop).expect_err("locked").code(), "locked");
    // The file of the vault is free, too: whoever signs in finds all that was saved.
    stage.sign_in("nurse1");
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "120");
    assert_eq!(stage.cell(&subject, &vs("DIABP")).display, "80");
    assert_eq!(
        stage.computer.guard(|computer| computer.is_open()),
        Ok(true),
        "an act that comes to its end harms nothing"
    );
}

/// The same in the middle of an act that has files and a transaction open.
#[test]
fn an_act_that_panics_half_way_leaves_nothing_half_done() {
    let mut stage = Stage::new();
    stage.subject();
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let breaks = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&breaks);
    let told = Arc::new(move |_: &Progress| assert!(!flag.load(Ordering::Relaxed), "a fault"));
    stage.computer = SiteComputer::new(home(stage.folder.path()), told, Arc::new(AtomicBool::new(false)));
    stage.sign_in("nurse1");
    let stick = tempfile::tempdir().expect("a stick");
    breaks.store(true, Ordering::Relaxed);
    let now = stage.now.later(1_000);
    let broken = stage.computer.guard(|computer| {
        let mut session = computer.session(now).expect("signed in");
        session.export_bundle(stick.path()).map(drop)
    });
    assert_eq!(broken.map(|done| done.is_ok()), Err(FaultError));
    assert_eq!(files(stick.path()), 0);
    breaks.store(false, Ordering::Relaxed);
    stage.sign_in("nurse1");
    assert_eq!(exports(&mut stage), 0);
    stage.session().export_bundle(stick.path()).expect("written");
    assert_eq!((files(stick.path()), exports(&mut stage)), (1, 1));
}
