//! Issue 9, item 10: backups are whole, read back and named, or nothing of them is left; a drill touches nothing.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::faults::Call;
use crate::faults::plan::{Fault, every, under};
use crate::{Backup, BackupContent, BackupTerms, NewBackup, Opener, OpensBy, Progress, RestoreStep, Restoring, Stop};

/// Nobody wishes to stop.
pub(super) fn never() -> Stop {
    Arc::new(|| false)
}

pub(super) fn terms(to: &Path) -> BackupTerms {
    BackupTerms {
        to: to.to_owned(),
        practice: true,
        program: "0.1.0".into(),
        beside: vec![("card.json".to_owned(), b"{}".to_vec())],
    }
}

pub(super) fn back_up(open: &mut Open, to: &Path) -> Result<NewBackup, VaultError> {
    open.backup(terms(to), &at(5000))?.run(&never(), |_| {})
}

/// Who opens a backup, and by what.
pub(super) fn opener<'a>(
    user: &'a str,
    by: OpensBy<'a>,
    stamp: &'a Stamp,
    functions: &'a study::Functions,
    asked_in: &'a Path,
) -> Opener<'a> {
    Opener { user, by, takes_unbound: false, center_key: "center.key", stamp, functions, asked_in }
}

pub(super) fn drill(backup: &Path, scratch: &Path, password: &str) -> Result<BackupContent, VaultError> {
    drill_asking(backup, scratch, password, &scratch.join("asked"))
}

/// The same where wrong passwords are counted in a folder that may be there.
fn drill_asking(backup: &Path, scratch: &Path, password: &str, asked_in: &Path) -> Result<BackupContent, VaultError> {
    let (stamp, functions) = (at(6000), study::Functions::default());
    let by = opener("nurse1", OpensBy::Password(password), &stamp, &functions, asked_in);
    Backup::find(backup)?.drill(scratch, &by, &never(), |_| {})
}

pub(super) fn restore(backup: &Path, vaults: &Path) -> Result<Restoring, VaultError> {
    restore_asking(backup, vaults, &vaults.join("asked"))
}

fn restore_asking(backup: &Path, vaults: &Path, asked_in: &Path) -> Result<Restoring, VaultError> {
    let (stamp, functions) = (at(6000), study::Functions::default());
    let by = opener("nurse1", OpensBy::Password(PASSWORD), &stamp, &functions, asked_in);
    Backup::find(backup)?.restore(vaults, &by, &never(), |_| {})
}

/// The same where somebody takes it although a slot does not say which vault it was made for.
pub(super) fn restore_unbound(backup: &Path, vaults: &Path) -> Result<Restoring, VaultError> {
    let (stamp, functions, asked_in) = (at(6000), study::Functions::default(), vaults.join("asked"));
    let by = opener("nurse1", OpensBy::Password(PASSWORD), &stamp, &functions, &asked_in);
    Backup::find(backup)?.restore(vaults, &Opener { takes_unbound: true, ..by }, &never(), |_| {})
}

/// A vault with an answer, open, and an empty stick.
pub(super) fn with_stick() -> (Site, Open, PathBuf) {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    set(&mut open, "S01-001", "IT.SYSBP", "120", 20);
    let stick = site.temp.path().join("stick");
    fs::create_dir(&stick).expect("made");
    (site, open, stick)
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn bytes(folder: &Path) -> Vec<Vec<u8>> {
    names(folder).iter().map(|name| fs::read(folder.join(name)).expect("read")).collect()
}

#[test]
fn a_backup_reads_back_and_its_drill_touches_nothing() {
    let (site, mut open, stick) = with_stick();
    let made = back_up(&mut open, &stick).expect("backed up");
    assert_eq!((made.note().end().seq, made.alarms()), (open.logs()[0].seq, [].as_slice()));
    assert_eq!(made.note().end().head, open.logs()[0].head);
    let name = format!("ST.TEST_{DEVICE}_2026-11-23.outpost-backup");
    assert_eq!(made.path(), stick.join(&name));
    let to = made.keep();
    assert_eq!(names(&to), ["backup.json", "card.json", "keyslots.json", "vault.db"]);
    assert!(!fs::read(to.join("vault.db")).expect("reads").starts_with(b"SQLite format 3"));
    let (before, live) = (bytes(&to), open.logs());
    let (scratch, stamp, functions) = (site.temp.path().join("scratch"), at(6000), study::Functions::default());
    fs::create_dir(&scratch).expect("made");
    let mut steps = Vec::new();
    let backup = Backup::find(&to).expect("a backup");
    let asked_in = site.folder();
    let by = opener("nurse1", OpensBy::Password(PASSWORD), &stamp, &functions, &asked_in);
    let content = backup.drill(&scratch, &by, &never(), |step| steps.push(step)).expect("drilled");
    assert_eq!((content.alarms, content.subjects, content.was_older), (vec![], 1, false));
    assert_eq!((content.entries, content.newest), (open.logs()[0].seq, Some((at(20).at, at(20).tz))));
    let is_end = |progress: &Progress| progress.done == progress.total;
    assert!(steps.iter().any(|step| matches!(step, RestoreStep::Copy(progress) if is_end(progress))), "{steps:?}");
    assert!(matches!(steps.last(), Some(RestoreStep::Verify(progress)) if is_end(progress)), "{steps:?}");
    assert_eq!((bytes(&to), open.logs()), (before, live));
    assert_eq!(names(&scratch), [] as [String; 0]);
    assert!(matches!(drill(&to, &scratch, "another-password"), Err(VaultError::WrongPassword)));
    assert_eq!(names(&scratch), [] as [String; 0]);
}

#[test]
fn no_backup_is_written_over() {
    let (_site, mut open, stick) = with_stick();
    let first = back_up(&mut open, &stick).expect("backed up").keep();
    let before = bytes(&first);
    set(&mut open, "S01-001", "IT.SYSBP", "121", 30);
    let second = back_up(&mut open, &stick).expect("backed up").keep();
    assert!(second.to_string_lossy().ends_with("_2026-11-23-2.outpost-backup"), "{second:?}");
    assert_eq!(bytes(&first), before);
    // One that is not kept goes.
    drop(back_up(&mut open, &stick).expect("backed up"));
    assert_eq!(names(&stick).len(), 2);
}

/// What is saved while a backup is under way is in it or not, and the backup is whole either way.
#[test]
fn people_go_on_while_a_backup_is_made() {
    let (site, mut open, stick) = with_stick();
    let job = open.backup(terms(&stick), &at(5000)).expect("begun");
    set(&mut open, "S01-001", "IT.SYSBP", "121", 30);
    let running = std::thread::spawn(move || job.run(&never(), |_| {}).map(NewBackup::keep));
    for value in 0..50 {
        set(&mut open, "S01-001", "IT.DIABP", &value.to_string(), 40 + value);
    }
    let made = running.join().expect("no panic").expect("backed up");
    let content = drill(&made, site.temp.path(), PASSWORD).expect("drilled");
    assert_eq!(content.alarms, []);
    let line = open.line(DEVICE, content.note.end().seq).expect("reads").expect("held");
    assert_eq!(line.id(), content.note.end().head);
}

#[test]
fn a_backup_stops_when_that_is_wished_and_leaves_nothing() {
    let (_site, mut open, stick) = with_stick();
    for allowed in 0..12 {
        let asked = AtomicUsize::new(0);
        let stop: Stop = Arc::new(move || asked.fetch_add(1, Ordering::Relaxed) >= allowed);
        let made = open.backup(terms(&stick), &at(5000)).expect("begun").run(&stop, |_| {});
        let told = made.as_ref().map(|made| made.path().to_owned());
        assert!(matches!(made, Err(VaultError::Cancelled)) || allowed > 3, "{allowed}: {told:?}");
        drop(made);
        assert_eq!(names(&stick), [] as [String; 0], "after {allowed}");
    }
}

/// Whichever call fails, once or for ever: a backup that is told of is whole, and of another one nothing is left.
#[test]
fn whichever_call_fails_a_backup_is_whole_or_nothing() {
    let (site, mut open, stick) = with_stick();
    let (made, calls) = under(&[], || back_up(&mut open, &stick));
    drop(made.expect("backed up"));
    let mut tried = 0;
    for fault in every(&calls) {
        let (made, _) = under(&[fault], || back_up(&mut open, &stick).map(NewBackup::keep));
        if let Ok(path) = &made {
            let content = drill(path, site.temp.path(), PASSWORD).unwrap_or_else(|error| panic!("{fault:?}: {error}"));
            assert_eq!(content.alarms, [], "{fault:?}");
            fs::remove_dir_all(path).expect("removed");
        }
        assert_eq!(names(&stick), [] as [String; 0], "{fault:?}");
        tried += 1;
    }
    assert!(tried > 15, "{tried} of {calls:?}");
    set(&mut open, "S01-001", "IT.SYSBP", "130", 7000);
    assert_eq!(verified(&open), []);
}

/// A copy that is not what the vault holds is no backup.
#[test]
fn a_backup_that_does_not_read_back_is_not_named() {
    let (_site, mut open, stick) = with_stick();
    let job = open.backup(terms(&stick), &at(5000)).expect("begun");
    let there = stick.clone();
    // Somebody's hand, once all of it is written: the first look at the wish to stop after that.
    let stop: Stop = Arc::new(move || {
        let folder = there.join(names(&there).remove(0));
        if folder.join("card.json").is_file() && !folder.join("altered").exists() {
            let mut bytes = fs::read(folder.join("vault.db")).expect("read");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(folder.join("vault.db"), bytes).expect("written");
            fs::write(folder.join("altered"), "").expect("written");
        }
        false
    });
    let done = job.run(&stop, |_| {}).map(NewBackup::keep);
    assert!(matches!(done, Err(VaultError::BadCopy(_) | VaultError::Damaged { .. })), "{done:?}");
    assert_eq!(names(&stick), [] as [String; 0]);
    assert_eq!(verified(&open), []);
}

/// What lies on a stick was in other hands: each file must be the one that was written, and the device must have said so.
#[test]
fn a_backup_that_was_altered_is_named() {
    let (site, mut open, stick) = with_stick();
    let good = back_up(&mut open, &stick).expect("backed up").keep();
    let copy = |name: &str| -> PathBuf {
        let to = site.temp.path().join(name);
        fs::create_dir(&to).expect("made");
        for file in names(&good) {
            fs::copy(good.join(&file), to.join(&file)).expect("copied");
        }
        to
    };
    for file in ["vault.db", "keyslots.json", "card.json"] {
        let bad = copy(&format!("bad-{file}"));
        let mut bytes = fs::read(bad.join(file)).expect("read");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(bad.join(file), bytes).expect("written");
        let drilled = drill(&bad, &stick, PASSWORD);
        assert!(matches!(drilled, Err(VaultError::BadCopy(_))), "{file}: {drilled:?}");
        fs::remove_file(bad.join(file)).expect("removed");
        assert!(drill(&bad, &stick, PASSWORD).is_err(), "{file} is gone");
    }
    let bad = copy("bad-note");
    let note = fs::read_to_string(bad.join("backup.json")).expect("read");
    fs::write(bad.join("backup.json"), note.replace("2026-11-23T08", "2026-11-24T08")).expect("written");
    let drilled = drill(&bad, &stick, PASSWORD);
    assert!(matches!(drilled, Err(VaultError::BadCopy("its device did not sign it"))), "{drilled:?}");
    fs::write(bad.join("backup.json"), note.replace("\"version\": 1", "\"version\": 2")).expect("written");
    assert!(matches!(drill(&bad, &stick, PASSWORD), Err(VaultError::Newer { found: 2, known: 1 })));
    fs::write(bad.join("backup.json"), note.replace("card.json", "../x.json")).expect("written");
    assert!(drill(&bad, &stick, PASSWORD).is_err());
    fs::write(bad.join("backup.json"), "{}").expect("written");
    assert!(matches!(drill(&bad, &stick, PASSWORD), Err(VaultError::NotABackup)));
    assert!(matches!(drill(&site.folder(), &stick, PASSWORD), Err(VaultError::NotABackup)), "a vault is none");
    assert_eq!(names(&stick).len(), 1, "no copy stays behind");
}

/// M2: an account whose slot is not in the file yet opens the backup, and one that was closed does not.
#[test]
fn m2_a_backup_knows_who_may_open_it() {
    let (site, mut open, stick) = with_stick();
    super::accounts::add_second(&mut open);
    let before = back_up(&mut open, &stick).expect("backed up").keep();
    super::accounts::close(&mut open, 3000).expect("closed");
    let after = back_up(&mut open, &stick).expect("backed up").keep();
    let (stamp, functions) = (at(6000), study::Functions::default());
    let (password, asked_in) = (super::accounts::OTHER, site.folder());
    let opens = |backup: &Path| {
        let by = opener("inv1", OpensBy::Password(password), &stamp, &functions, &asked_in);
        Backup::find(backup).expect("a backup").drill(site.temp.path(), &by, &never(), |_| {}).map(drop)
    };
    opens(&before).expect("a backup opens with the passwords of its time");
    assert!(matches!(opens(&after), Err(VaultError::WrongPassword)));
}

fn refusals(open: &Open) -> usize {
    let own = (1..=open.logs()[0].seq).map(|seq| open.line(DEVICE, seq).expect("reads").expect("there"));
    own.filter(|line| matches!(line.entry().act, casebook::Act::SessionRefused(_))).count()
}

/// M6: a guess at a backup's password costs what one at the door costs, and the vault's journal tells of it.
#[test]
fn m6_a_guess_at_a_backup_waits_and_is_told_by_the_vault() {
    let (site, mut open, stick) = with_stick();
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let guess = |password: &str| drill_asking(&backup, site.temp.path(), password, &site.folder()).map(drop);
    for _ in 0..3 {
        assert!(matches!(guess("another-password"), Err(VaultError::WrongPassword)));
    }
    assert!(matches!(guess(PASSWORD), Err(VaultError::Wait { seconds: 5 })));
    open.journal_refusals(&at(6500)).expect("journaled");
    assert_eq!(refusals(&open), 3);
    open.lock(&at(7000)).expect("locks");
    assert!(matches!(site.try_unlock(PASSWORD, 7000), Err(VaultError::Wait { .. })), "nor are there more at the door");
    crate::attempts::waiting::pass(std::time::Duration::from_secs(5));
    guess(PASSWORD).expect("drilled");
    assert_eq!(refusals(&site.unlock(7000)), 3, "told once");
}

/// M6: on a computer that has no vault of the device, what was guessed is told by the vault that is put back there.
#[test]
fn m6_guesses_before_a_vault_is_put_back_are_told_by_it() {
    let (_lost, mut open, stick) = with_stick();
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let site = Site::new();
    let asked = site.temp.path().join("asked");
    fs::create_dir(&asked).expect("made");
    for _ in 0..3 {
        let guessed = drill_asking(&backup, site.temp.path(), "another-password", &asked);
        assert!(matches!(guessed, Err(VaultError::WrongPassword)));
    }
    assert!(matches!(restore_asking(&backup, site.temp.path(), &asked), Err(VaultError::Wait { seconds: 5 })));
    crate::attempts::waiting::pass(std::time::Duration::from_secs(5));
    let restored = restore_asking(&backup, site.temp.path(), &asked).expect("restored");
    restored.name(&site.place()).expect("named");
    assert_eq!(names(&asked), [] as [String; 0]);
    let mut open = site.unlock(7000);
    assert_eq!((open.alarms(), refusals(&open)), ([].as_slice(), 0));
    open.go_on(&at(8000)).expect("goes on");
    assert_eq!(refusals(&open), 3);
    open.lock(&at(8500)).expect("locks");
    assert_eq!(refusals(&site.unlock(9000)), 3, "told once");
}

/// H2: a backup in which the database is another device's than the password was made for opens with no password.
#[test]
fn h2_a_backup_of_an_exchanged_vault_is_refused() {
    let (site, open, stick) = with_stick();
    let key = site.key();
    open.lock(&at(1000)).expect("locks");
    let other = SigningKey::make().expect("key");
    site.raw(&key)
        .execute("UPDATE setting SET value = ?1 WHERE key = 'device.seed'", [other.seed().as_slice()])
        .expect("set");
    let mut open = site.enter(&key, &key);
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let drilled = drill(&backup, &stick, PASSWORD);
    assert!(matches!(drilled, Err(VaultError::Exchanged)), "{drilled:?}");
    assert!(matches!(restore(&backup, &stick).map(drop), Err(VaultError::Exchanged)));
    assert_eq!(names(&stick).len(), 1, "no copy stays behind");
}

/// Neither backup nor vault changes, and no copy stays behind, whichever call fails.
#[test]
fn a_drill_whose_calls_fail_leaves_nothing_behind() {
    let (site, mut open, stick) = with_stick();
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let before = bytes(&backup);
    let scratch = site.temp.path().join("scratch");
    fs::create_dir(&scratch).expect("made");
    let (drilled, calls) = under(&[], || drill(&backup, &scratch, PASSWORD));
    drilled.expect("drilled");
    // Each costs the hashing of a password.
    let faults: Vec<Fault> = every(&calls).into_iter().filter(|fault| !fault.ever).collect();
    for fault in faults {
        let _ = under(&[fault], || drill(&backup, &scratch, PASSWORD));
        if fault.call == Call::Remove {
            // What could not be removed goes with the next one.
            drill(&backup, &scratch, PASSWORD).expect("drilled");
        }
        assert_eq!((names(&scratch), bytes(&backup) == before), (vec![], true), "{fault:?}");
    }
}
