//! What lies in the way of a vault that is put back: what may be set aside, and what not.

use std::path::Path;

use super::accounts::{OTHER, add_second, close};
use super::backups::{back_up, names, restore, with_stick};
use super::restoring::Lost;
use super::*;
use crate::attempts::{Asked, unjournaled};
use crate::faults::plan::{every, under};
use crate::folder::Folder;
use crate::{Backup, InPlace, Opener, OpensBy, Restoring, SignsIn, WhyAside};

const DAY: &str = "2026-11-23";

/// How the vault that is there stands to a backup, where nobody signs in to it.
fn stands(restoring: &Restoring, site: &Site) -> InPlace {
    restoring.judge(&site.folder(), None).expect("judged")
}

/// The same where somebody signs in to it.
fn stands_by(restoring: &Restoring, site: &Site, user: &str, secret: &str) -> Result<InPlace, VaultError> {
    restoring.judge(&site.folder(), Some(&SignsIn { user, secret, stamp: &at(9000) }))
}

/// A vault, locked, and a backup of it that was made before an account was closed: the vault lies under another key since.
fn with_other_key() -> (Site, PathBuf) {
    let (site, mut open, stick) = with_stick();
    add_second(&mut open);
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    close(&mut open, 5100).expect("closed");
    set(&mut open, "S01-001", "IT.SYSBP", "140", 5200);
    open.lock(&at(5300)).expect("locks");
    (site, backup)
}

/// Attack 2, S4: a vault that does not open any more is set aside for its backup, under another name and whole; one that is whole
/// is told as such, and one that is open stays.
#[test]
fn s4_a_damaged_vault_is_set_aside() {
    let lost = Lost::new();
    for hurt in ["first page", "a page", "no database"] {
        let site = lost.restored();
        let restoring = restore(&lost.backup, site.temp.path()).expect("restored");
        assert_eq!(stands(&restoring, &site), InPlace::Sound, "{hurt}");
        let database = site.database();
        let mut bytes = fs::read(&database).expect("reads");
        let middle = bytes.len() / 2;
        match hurt {
            "first page" => bytes = vec![0x5a; 20_000],
            _ => bytes[middle..middle + 4096].fill(0x5a),
        }
        if hurt == "no database" {
            fs::remove_file(&database).expect("removed");
        } else {
            fs::write(&database, bytes).expect("written");
        }
        assert_eq!(stands(&restoring, &site), InPlace::Aside(WhyAside::Damaged), "{hurt}");
        let before = names(&site.folder());
        let held = Folder::new(&site.folder()).lock().expect("locks");
        let (folder, place) = (site.folder(), site.place());
        let refused = restoring.name_instead(&folder, WhyAside::Damaged, DAY, &place);
        assert!(matches!(refused, Err(VaultError::InUse)), "{hurt}: {refused:?}");
        drop(held);
        assert_eq!(names(&site.folder()), before, "{hurt}");
        let restoring = restore(&lost.backup, site.temp.path()).expect("restored");
        let (_, aside) = restoring.name_instead(&folder, WhyAside::Damaged, DAY, &place).expect("named");
        let aside = aside.expect("set aside");
        assert_eq!(aside, site.temp.path().join("vault-damaged-2026-11-23"), "{hurt}");
        assert_eq!(names(&aside), before, "{hurt}");
        assert!(site.unlock(10_000).awaits_center(), "{hurt}");
        let again = restore(&lost.backup, site.temp.path()).expect("restored");
        let again = again.name_instead(&folder, WhyAside::Damaged, DAY, &place).expect("named");
        assert_eq!(again.1, Some(site.temp.path().join("vault-damaged-2026-11-23-2")), "{hurt}");
    }
}

/// Attack 2, S4: whatever fails while one vault takes another's place, the one that was there has its name still.
#[test]
fn s4_a_vault_is_set_aside_whole_or_not_at_all() {
    let lost = Lost::new();
    let instead = |site: &Site| {
        let (folder, place) = (site.folder(), site.place());
        let made = restore(&lost.backup, site.temp.path())?;
        made.name_instead(&folder, WhyAside::Damaged, DAY, &place)
    };
    let (done, calls) = {
        let site = lost.restored();
        under(&[], || instead(&site))
    };
    done.expect("named");
    for fault in every(&calls).into_iter().filter(|fault| !fault.ever) {
        let site = lost.restored();
        let before = names(&site.folder());
        let (done, _) = under(&[fault], || instead(&site));
        let (folder, aside) = (site.folder(), site.temp.path().join("vault-damaged-2026-11-23"));
        let kept = if done.is_ok() { aside } else { folder };
        assert_eq!(names(&kept), before, "{fault:?}: {done:?}");
        if done.is_ok() {
            assert_eq!(named(&site, 10_000), [], "{fault:?}");
        }
    }
}

/// Third attack, S1: a vault under newer keys than the backup's was taken for a damaged one. Only who can sign in to it today
/// lets it be looked into, and nobody sets it aside while it is whole.
#[test]
fn a3_s1_a_vault_under_another_key_is_not_taken_for_a_damaged_one() {
    let (site, backup) = with_other_key();
    let restoring = restore(&backup, site.temp.path()).expect("restored");
    assert_eq!(stands(&restoring, &site), InPlace::Shut);
    // Whose account was closed, and whoever has a stick of last week, is nobody there.
    for secret in [OTHER, "another-password"] {
        let refused = stands_by(&restoring, &site, "inv1", secret);
        assert!(matches!(refused, Err(VaultError::WrongPassword)), "{refused:?}");
    }
    assert_eq!(unjournaled(&Folder::new(&site.folder())).len(), 2, "guesses count as at the door");
    assert_eq!(stands_by(&restoring, &site, "nurse1", PASSWORD).expect("judged"), InPlace::Sound);
    fs::write(site.database(), vec![0x5a; 20_000]).expect("written");
    assert_eq!(stands(&restoring, &site), InPlace::Shut);
    let judged = stands_by(&restoring, &site, "nurse1", PASSWORD).expect("judged");
    assert_eq!(judged, InPlace::Aside(WhyAside::Damaged));
}

/// Third attack, S1: a vault whose database was being replaced when the power went is repaired by a sign-in: it is not damaged.
#[test]
fn a3_s1_a_vault_that_a_sign_in_repairs_is_not_set_aside() {
    let lost = Lost::new();
    let site = lost.restored();
    let restoring = restore(&lost.backup, site.temp.path()).expect("restored");
    let (database, slots) = (site.database(), site.folder().join("keyslots.json"));
    for end in ["next", "old"] {
        fs::copy(&database, database.with_extension(format!("db.{end}"))).expect("copied");
        fs::copy(&slots, slots.with_extension(format!("json.{end}"))).expect("copied");
    }
    assert_eq!(stands(&restoring, &site), InPlace::Sound);
    fs::remove_file(&database).expect("between two names");
    assert_eq!(stands(&restoring, &site), InPlace::Shut);
    assert_eq!(stands_by(&restoring, &site, "nurse1", PASSWORD).expect("judged"), InPlace::Sound);
    assert!(site.unlock(10_000).awaits_center());
}

/// Third attack, S1: what can't be read now is not damaged, whichever call fails.
#[test]
fn a3_s1_what_can_not_be_read_now_is_no_reason_to_set_a_vault_aside() {
    let lost = Lost::new();
    let site = lost.restored();
    let restoring = restore(&lost.backup, site.temp.path()).expect("restored");
    let (judged, calls) = under(&[], || restoring.judge(&site.folder(), None));
    assert_eq!(judged.expect("judged"), InPlace::Sound);
    let faults = every(&calls);
    assert!(!faults.is_empty());
    for fault in faults {
        let (judged, _) = under(&[fault], || restoring.judge(&site.folder(), None));
        assert!(matches!(judged, Err(_) | Ok(InPlace::Sound)), "{fault:?}: {judged:?}");
    }
}

/// Third attack, S1: a vault that a stranger made under this device's name is set aside by whoever was let into it.
#[test]
fn a3_s1_a_strangers_vault_can_be_set_aside() {
    let lost = Lost::new();
    let site = Site::new();
    site.found().lock(&at(100)).expect("locks");
    let restoring = restore(&lost.backup, site.temp.path()).expect("restored");
    assert_eq!(stands(&restoring, &site), InPlace::Shut);
    let judged = stands_by(&restoring, &site, "nurse1", PASSWORD).expect("judged");
    assert_eq!(judged, InPlace::Aside(WhyAside::Foreign));
    let (_, aside) = restoring.name_instead(&site.folder(), WhyAside::Foreign, DAY, &site.place()).expect("named");
    assert_eq!(aside, Some(site.temp.path().join("vault-foreign-2026-11-23")));
    assert!(site.unlock(10_000).awaits_center());
}

/// Third attack, S2: a newer backup goes in the place of an older copy, also where an account was closed between the two; an
/// older or the same backup does not.
#[test]
fn a3_s2_a_newer_backup_takes_the_place_of_an_older_copy() {
    for rekeyed in [false, true] {
        let (site, mut open, stick) = with_stick();
        add_second(&mut open);
        let older = back_up(&mut open, &stick).expect("backed up").keep();
        set(&mut open, "S01-001", "IT.SYSBP", "140", 5200);
        if rekeyed {
            close(&mut open, 5300).expect("closed");
        }
        let newer = back_up(&mut open, &stick).expect("backed up").keep();
        open.lock(&at(5400)).expect("locks");
        fs::remove_dir_all(site.folder()).expect("lost");
        restore(&older, site.temp.path()).expect("restored").name(&site.place()).expect("named");
        assert!(site.unlock(6000).awaits_center());
        assert_eq!(stands(&restore(&older, site.temp.path()).expect("restored"), &site), InPlace::Sound, "the same");
        let restoring = restore(&newer, site.temp.path()).expect("restored");
        if rekeyed {
            assert_eq!(stands(&restoring, &site), InPlace::Shut);
        }
        let judged = stands_by(&restoring, &site, "nurse1", PASSWORD).expect("judged");
        assert_eq!(judged, InPlace::Aside(WhyAside::Older), "{rekeyed}");
        let (_, aside) = restoring.name_instead(&site.folder(), WhyAside::Older, DAY, &site.place()).expect("named");
        assert_eq!(aside, Some(site.temp.path().join("vault-older-2026-11-23")));
        let mut open = site.unlock(10_000);
        assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("140"));
        // What went on from the newer one is not in the older one.
        open.go_on(&at(11_000)).expect("goes on");
        open.lock(&at(11_100)).expect("locks");
        let restoring = restore(&newer, site.temp.path()).expect("restored");
        assert_eq!(stands(&restoring, &site), InPlace::Sound, "it went on");
    }
}

/// Third attack, S4: where only the file of the key slots is damaged, the database has them, too: the file is put right, and what
/// was entered after the backup is still there.
#[test]
fn a3_s4_a_damaged_slot_file_is_put_right_and_nothing_set_aside() {
    for hurt in ["gone", "empty", "altered"] {
        let (site, mut open, stick) = with_stick();
        let backup = back_up(&mut open, &stick).expect("backed up").keep();
        set(&mut open, "S01-001", "IT.SYSBP", "140", 5200);
        open.lock(&at(5300)).expect("locks");
        let slots = site.folder().join("keyslots.json");
        let whole = fs::read(&slots).expect("reads");
        match hurt {
            "gone" => fs::remove_file(&slots).expect("removed"),
            "empty" => fs::write(&slots, b"").expect("written"),
            _ => {
                let text = String::from_utf8(whole.clone()).expect("text").replace("nurse1", "nurse9");
                fs::write(&slots, text).expect("written");
            }
        }
        let restoring = restore(&backup, site.temp.path()).expect("restored");
        assert_eq!(stands(&restoring, &site), InPlace::SlotsMended, "{hurt}");
        assert_eq!(fs::read(&slots).expect("reads"), whole, "{hurt}");
        assert_eq!(stands(&restoring, &site), InPlace::Sound, "{hurt}");
        drop(restoring);
        let mut open = site.unlock(10_000);
        assert_eq!((open.alarms(), open.awaits_center()), ([].as_slice(), false), "{hurt}");
        assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("140"), "{hurt}");
    }
    // Where the database is damaged as well, nobody can sign in any more.
    let lost = Lost::new();
    let site = lost.restored();
    fs::remove_file(site.folder().join("keyslots.json")).expect("removed");
    fs::write(site.database(), vec![0x5a; 20_000]).expect("written");
    let restoring = restore(&lost.backup, site.temp.path()).expect("restored");
    assert_eq!(stands(&restoring, &site), InPlace::Aside(WhyAside::Damaged));
}

/// Third attack, S10: refusals that were counted before a vault was put back stay where they are until it has its name, and those
/// that were counted in one that is set aside count on and are told.
#[test]
fn a3_s10_no_refusal_is_lost_on_the_way_of_a_restore() {
    let lost = Lost::new();
    let site = Site::new();
    fs::create_dir_all(site.temp.path().join("config")).expect("made");
    let (apart, stamp, functions) = (site.temp.path().join("asked"), at(6000), study::Functions::default());
    fs::create_dir(&apart).expect("made");
    let by = |password| Opener {
        user: "nurse1",
        by: OpensBy::Password(password),
        takes_unbound: false,
        center_key: "center.key",
        stamp: &stamp,
        functions: &functions,
        asked_in: &apart,
    };
    let restore = |password| {
        let found = Backup::find(&lost.backup).expect("a backup");
        found.restore(site.temp.path(), &by(password), &super::backups::never(), |_| {})
    };
    assert!(matches!(restore("another-password"), Err(VaultError::WrongPassword)));
    // One that gets no name, as for somebody who may not.
    drop(restore(PASSWORD).expect("restored"));
    restore(PASSWORD).expect("restored").name(&site.place()).expect("named");
    assert_eq!(unjournaled(&Folder::new(&apart)), []);
    let counted = unjournaled(&Folder::new(&site.folder()));
    assert_eq!((counted.len(), counted[0].user.as_deref()), (1, None));

    fs::write(site.database(), vec![0x5a; 20_000]).expect("written");
    let folder = Folder::new(&site.folder());
    for user in [Some("nurse1"), Some("nurse1"), Some("nurse1"), Some("nurse2")] {
        Asked { folder: &folder, account: user }.note(&stamp, &Err::<(), _>(VaultError::WrongPassword));
    }
    let restoring = restore(PASSWORD).expect("restored");
    let (_, aside) = restoring.name_instead(&site.folder(), WhyAside::Damaged, DAY, &site.place()).expect("named");
    let users = |folder: &Path| -> Vec<Option<String>> {
        unjournaled(&Folder::new(folder)).into_iter().map(|refused| refused.user).collect()
    };
    let nurse = || Some("nurse1".to_owned());
    assert_eq!(users(&site.folder()), [None, nurse(), nurse(), nurse(), None], "no account nurse2 in this copy");
    assert_eq!(users(&aside.expect("aside")).len(), 5, "it stays as it was");
    let waits = Asked { folder: &folder, account: Some("nurse1") }.wait(&stamp);
    assert!(matches!(waits, Err(VaultError::Wait { seconds: 5 })), "{waits:?}");
}
