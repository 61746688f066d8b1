//! Who opens a backup, and by what; and folders in which something else lies than a backup.

use std::path::Path;

use super::accounts::{OTHER, add_second, close, try_other};
use super::backups::{back_up, drill, names, never, opener, restore, terms, with_stick};
use super::recovery::{NEW, code, recover, renew};
use super::schema::vault_of_schema_1;
use super::*;
use crate::{Backup, BackupContent, Opener, OpensBy};

/// What a drill by a code finds.
fn drill_by(backup: &Path, scratch: &Path, user: &str, code: &str) -> Result<BackupContent, VaultError> {
    let (stamp, functions, asked_in) = (at(6000), study::Functions::default(), scratch.join("asked"));
    let by = opener(user, OpensBy::Code(code), &stamp, &functions, &asked_in);
    Backup::find(backup)?.drill(scratch, &by, &never(), |_| {})
}

/// S9: whoever forgot the password of the backup's time, or never had another, was kept out of it for ever. A recovery code that
/// was left then opens it, and sets a password in the vault that is put back; a drill burns none.
#[test]
fn s9_a_recovery_code_opens_a_backup_and_then_the_vault_that_is_put_back() {
    let (_lost, mut open, stick) = with_stick();
    let codes = renew(&mut open, 500);
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    assert_eq!(Backup::find(&backup).expect("a backup").code_set(), Some(1));
    let site = Site::new();
    let typed = code(&codes, 2).to_lowercase();
    for _ in 0..2 {
        let content = drill_by(&backup, site.temp.path(), "nurse1", &typed).expect("drilled");
        assert_eq!((content.alarms.as_slice(), content.subjects), ([].as_slice(), 1));
    }
    assert!(matches!(drill_by(&backup, site.temp.path(), "nobody", &typed), Err(VaultError::WrongCode)));
    let (stamp, functions, asked_in) = (at(6000), study::Functions::default(), site.temp.path().join("asked"));
    let by = opener("nurse1", OpensBy::Code(&typed), &stamp, &functions, &asked_in);
    let restored = Backup::find(&backup).expect("a backup").restore(site.temp.path(), &by, &never(), |_| {});
    restored.expect("restored").name(&site.place()).expect("named");
    let mut open = recover(&site, "nurse1", &typed, 7000).expect("sets a password");
    open.go_on(&at(7100)).expect("goes on");
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("120"));
    open.lock(&at(7200)).expect("locks");
    assert_eq!(site.try_unlock(NEW, 7300).expect("opens").alarms(), []);
    assert!(matches!(recover(&site, "nurse1", &typed, 7400), Err(VaultError::WrongCode)), "burnt");
}

/// S9: a code that the backup knows as used opens it no more, and a guess costs what it costs at the door.
#[test]
fn s9_a_wrong_code_for_a_backup_waits() {
    let (lost, mut open, stick) = with_stick();
    let codes = renew(&mut open, 500);
    open.lock(&at(600)).expect("locks");
    let mut open = recover(&lost, "nurse1", &code(&codes, 1), 700).expect("recovers");
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let guess = |typed: &str| drill_by(&backup, lost.temp.path(), "nurse1", typed).map(drop);
    for typed in [code(&codes, 1).as_str(), "no code", "0000-0000-0000-0000-0000"] {
        assert!(matches!(guess(typed), Err(VaultError::WrongCode)), "{typed}");
    }
    assert!(matches!(guess(&code(&codes, 2)), Err(VaultError::Wait { seconds: 5 })));
}

/// S14: whoever makes a folder can draw its keys; so what is put back names them. A slot that does not say which vault it was made
/// for puts none back unless somebody takes it for what it is.
#[test]
fn s14_what_is_put_back_names_its_keys_and_takes_no_unbound_slot_unasked() {
    // Only whoever signs in gets a slot of the second form.
    let site = vault_of_schema_1();
    let mut open = try_other(&site, "inv1", OTHER, 5_000_000).expect("opens");
    let (stick, vaults) = (site.temp.path().join("stick"), site.temp.path().join("vaults"));
    [&stick, &vaults].into_iter().for_each(|folder| fs::create_dir(folder).expect("made"));
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let words = open.device_key().public().words();
    let (stamp, functions, asked_in) = (at(6_000_000), study::Functions::default(), site.folder());
    let by = opener("nurse1", OpensBy::Password(PASSWORD), &stamp, &functions, &asked_in);
    let found = Backup::find(&backup).expect("a backup");
    let drilled = found.drill(&vaults, &by, &never(), |_| {}).expect("a drill makes no vault");
    assert_eq!((drilled.alarms, drilled.device_words), (vec![Alarm::SlotUnbound], words.clone()));
    let refused = found.restore(&vaults, &by, &never(), |_| {}).map(drop);
    assert!(matches!(refused, Err(VaultError::SlotUnbound)), "{refused:?}");
    assert_eq!(names(&vaults), [] as [String; 0]);
    let by = Opener { takes_unbound: true, ..by };
    let restored = found.restore(&vaults, &by, &never(), |_| {}).expect("taken");
    let content = restored.content();
    assert_eq!(
        (content.device_words.as_str(), content.center_key.clone()),
        (words.as_str(), open.setting("center.key").expect("reads"))
    );
}

/// S15: a pipe under the name of one of the files held up whoever looked at the folder, for ever.
#[cfg(unix)]
#[test]
fn s15_a_pipe_in_a_folder_is_not_waited_for() {
    let (site, mut open, stick) = with_stick();
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let pipe = |name: &str| {
        fs::remove_file(backup.join(name)).expect("removed");
        assert!(std::process::Command::new("mkfifo").arg(backup.join(name)).status().expect("runs").success());
    };
    pipe("keyslots.json");
    assert!(matches!(drill(&backup, site.temp.path(), PASSWORD), Err(VaultError::BadCopy(_))));
    assert_eq!(Backup::find(&backup).expect("a backup").code_set(), None);
    pipe("backup.json");
    assert!(matches!(Backup::find(&backup).map(drop), Err(VaultError::NotABackup)));
}

/// S16: a file that is longer than was said was copied whole, until the disk was full, before it was refused.
#[test]
fn s16_no_more_is_copied_than_was_said() {
    let (site, mut open, stick) = with_stick();
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let database = fs::File::options().append(true).open(backup.join("vault.db")).expect("opens");
    let said = database.metadata().expect("there").len();
    database.set_len(said + (64 << 20)).expect("longer");
    let (mut most, stamp, functions) = (0, at(6000), study::Functions::default());
    let asked_in = site.folder();
    let by = opener("nurse1", OpensBy::Password(PASSWORD), &stamp, &functions, &asked_in);
    let drilled = Backup::find(&backup).expect("a backup").drill(site.temp.path(), &by, &never(), |step| {
        if let crate::RestoreStep::Copy(progress) = step {
            most = most.max(progress.done);
        }
    });
    assert!(matches!(drilled, Err(VaultError::BadCopy(_))), "{drilled:?}");
    assert!(most <= said + 1, "{most} of {said}");
}

/// S17: an account that is closed while a backup is made gives the vault another key; the backup said that the vault was damaged.
#[test]
fn s17_a_backup_that_a_closing_overtook_says_so() {
    let (_site, mut open, stick) = with_stick();
    add_second(&mut open);
    let job = open.backup(terms(&stick), &at(5000)).expect("begun");
    close(&mut open, 5100).expect("closed");
    let overtaken = job.run(&never(), |_| {}).map(drop);
    assert!(matches!(overtaken, Err(VaultError::Overtaken)), "{overtaken:?}");
    assert_eq!(names(&stick), [] as [String; 0]);
    back_up(&mut open, &stick).expect("the next one");
}

/// S22: a backup that may not be read is not a place that may not be written.
#[cfg(unix)]
#[test]
fn s22_a_backup_that_may_not_be_read_is_called_so() {
    use std::os::unix::fs::PermissionsExt;
    let (site, mut open, stick) = with_stick();
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let refused = || std::io::Error::from(std::io::ErrorKind::PermissionDenied);
    let told = crate::backup_note::unreadable(VaultError::Io(refused()));
    assert!(matches!(told, VaultError::Unreadable));
    fs::set_permissions(backup.join("backup.json"), fs::Permissions::from_mode(0o0)).expect("set");
    // Whoever may do everything, as tests in a container do, reads it all the same.
    if fs::read(backup.join("backup.json")).is_err() {
        assert!(matches!(Backup::find(&backup).map(drop), Err(VaultError::Unreadable)));
        assert!(matches!(restore(&backup, site.temp.path()).map(drop), Err(VaultError::Unreadable)));
    }
}

/// S5: a folder that says it is a backup opens by a password that whoever made it knows. That is no sign-in: it forgets no failure at
/// the vault itself, or guesses at that would cost nothing.
#[test]
fn s5_what_opens_a_copy_clears_no_failure_at_the_vault() {
    let (site, mut open, stick) = with_stick();
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let (stamp, functions, asked_in) = (at(6000), study::Functions::default(), site.folder());
    let guess = |password: &str| {
        let by = opener("nurse1", OpensBy::Password(password), &stamp, &functions, &asked_in);
        Backup::find(&backup).expect("a backup").drill(site.temp.path(), &by, &never(), |_| {}).map(drop)
    };
    for _ in 0..2 {
        assert!(matches!(guess("another-password"), Err(VaultError::WrongPassword)));
    }
    guess(PASSWORD).expect("opens");
    assert!(matches!(guess("another-password"), Err(VaultError::WrongPassword)));
    assert!(matches!(guess(PASSWORD), Err(VaultError::Wait { seconds: 5 })));
}
