//! What lies in the way of a vault that is put back: what may be set aside, and what not.

use std::path::Path;

use casebook::LogEnd;

use super::accounts::{OTHER, add_second, change, close};
use super::backups::{back_up, names, restore, with_stick};
use super::recovery::{code, recover, renew, used};
use super::restoring::Lost;
use super::*;
use crate::attempts::{Asked, unjournaled};
use crate::faults::Call;
use crate::faults::plan::{Fault, crashing, every, under};
use crate::folder::Folder;
use crate::{Backup, CenterWord, InPlace, Opener, OpensBy, Restoring, SignsIn, WhyAside};

const DAY: &str = "2026-11-23";

/// How the vault that is there stands to a backup, where nobody signs in to it.
fn stands(restoring: &mut Restoring, site: &Site) -> InPlace {
    restoring.judge(&site.folder(), None).expect("judged")
}

/// The same where somebody signs in to it.
fn stands_by(restoring: &mut Restoring, site: &Site, user: &str, secret: &str) -> Result<InPlace, VaultError> {
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
        let mut restoring = restore(&lost.backup, site.temp.path()).expect("restored");
        assert_eq!(stands(&mut restoring, &site), InPlace::Sound, "{hurt}");
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
        assert_eq!(stands(&mut restoring, &site), InPlace::Aside(WhyAside::Damaged), "{hurt}");
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
    let mut restoring = restore(&backup, site.temp.path()).expect("restored");
    assert_eq!(stands(&mut restoring, &site), InPlace::Shut);
    // Whose account was closed, and whoever has a stick of last week, is nobody there.
    for secret in [OTHER, "another-password"] {
        let refused = stands_by(&mut restoring, &site, "inv1", secret);
        assert!(matches!(refused, Err(VaultError::WrongPassword)), "{refused:?}");
    }
    assert_eq!(unjournaled(&Folder::new(&site.folder())).len(), 2, "guesses count as at the door");
    assert_eq!(stands_by(&mut restoring, &site, "nurse1", PASSWORD).expect("judged"), InPlace::Sound);
    fs::write(site.database(), vec![0x5a; 20_000]).expect("written");
    assert_eq!(stands(&mut restoring, &site), InPlace::Shut);
    let judged = stands_by(&mut restoring, &site, "nurse1", PASSWORD).expect("judged");
    assert_eq!(judged, InPlace::Aside(WhyAside::Damaged));
}

/// Third attack, S1: a vault whose database was being replaced when the power went is repaired by a sign-in: it is not damaged.
#[test]
fn a3_s1_a_vault_that_a_sign_in_repairs_is_not_set_aside() {
    let lost = Lost::new();
    let site = lost.restored();
    let mut restoring = restore(&lost.backup, site.temp.path()).expect("restored");
    let (database, slots) = (site.database(), site.folder().join("keyslots.json"));
    for end in ["next", "old"] {
        fs::copy(&database, database.with_extension(format!("db.{end}"))).expect("copied");
        fs::copy(&slots, slots.with_extension(format!("json.{end}"))).expect("copied");
    }
    assert_eq!(stands(&mut restoring, &site), InPlace::Sound);
    fs::remove_file(&database).expect("between two names");
    assert_eq!(stands(&mut restoring, &site), InPlace::Shut);
    assert_eq!(stands_by(&mut restoring, &site, "nurse1", PASSWORD).expect("judged"), InPlace::Sound);
    assert!(site.unlock(10_000).awaits_center());
}

/// Third attack, S1: what can't be read now is not damaged, whichever call fails.
#[test]
fn a3_s1_what_can_not_be_read_now_is_no_reason_to_set_a_vault_aside() {
    let lost = Lost::new();
    let site = lost.restored();
    let mut restoring = restore(&lost.backup, site.temp.path()).expect("restored");
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
    let mut restoring = restore(&lost.backup, site.temp.path()).expect("restored");
    assert_eq!(stands(&mut restoring, &site), InPlace::Shut);
    let judged = stands_by(&mut restoring, &site, "nurse1", PASSWORD).expect("judged");
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
        assert_eq!(
            stands(&mut restore(&older, site.temp.path()).expect("restored"), &site),
            InPlace::Sound,
            "the same"
        );
        let mut restoring = restore(&newer, site.temp.path()).expect("restored");
        if rekeyed {
            assert_eq!(stands(&mut restoring, &site), InPlace::Shut);
        }
        let judged = stands_by(&mut restoring, &site, "nurse1", PASSWORD).expect("judged");
        assert_eq!(judged, InPlace::Aside(WhyAside::Older), "{rekeyed}");
        let (_, aside) = restoring.name_instead(&site.folder(), WhyAside::Older, DAY, &site.place()).expect("named");
        assert_eq!(aside, Some(site.temp.path().join("vault-older-2026-11-23")));
        let mut open = site.unlock(10_000);
        assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("140"));
        // What went on from the newer one is not in the older one.
        open.go_on(&at(11_000)).expect("goes on");
        open.lock(&at(11_100)).expect("locks");
        let mut restoring = restore(&newer, site.temp.path()).expect("restored");
        assert_eq!(stands(&mut restoring, &site), InPlace::Sound, "it went on");
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
        let mut restoring = restore(&backup, site.temp.path()).expect("restored");
        assert_eq!(stands(&mut restoring, &site), InPlace::SlotsMended, "{hurt}");
        assert_eq!(fs::read(&slots).expect("reads"), whole, "{hurt}");
        assert_eq!(stands(&mut restoring, &site), InPlace::Sound, "{hurt}");
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
    let mut restoring = restore(&lost.backup, site.temp.path()).expect("restored");
    assert_eq!(stands(&mut restoring, &site), InPlace::Aside(WhyAside::Damaged));
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

/// A copy that was put back, in which somebody came in by a code, and the center said something; then a newer backup goes in its place.
struct Learnt {
    site: Site,
    lines: Vec<casebook::Line>,
    typed: String,
    newer: PathBuf,
}

impl Learnt {
    fn with(word: impl FnOnce(&[casebook::Line]) -> LogEnd) -> Self {
        let (site, mut open, stick) = with_stick();
        add_second(&mut open);
        let codes = renew(&mut open, 550);
        let older = back_up(&mut open, &stick).expect("backed up").keep();
        set(&mut open, "S01-001", "IT.SYSBP", "140", 5200);
        let newer = back_up(&mut open, &stick).expect("backed up").keep();
        set(&mut open, "S01-001", "IT.SYSBP", "150", 5300);
        let end = open.logs()[0].seq;
        let lines: Vec<_> = (1..=end).map(|seq| open.line(DEVICE, seq).expect("reads").expect("held")).collect();
        open.lock(&at(5400)).expect("locks");
        fs::remove_dir_all(site.folder()).expect("lost");
        restore(&older, site.temp.path()).expect("restored").name(&site.place()).expect("named");
        let typed = code(&codes, 1);
        recover(&site, "inv1", &typed, 6000).expect("comes in").lock(&at(6100)).expect("locks");
        let mut open = site.unlock(6200);
        let own = Some(word(&lines));
        let _ = open.hear(&CenterWord { reply: EntryId([9; 32]), own, center: None, other_keys: false }, &at(6300));
        open.lock(&at(6400)).expect("locks");
        Self { site, lines, typed, newer }
    }

    /// The newer backup takes its place.
    fn replaced(&self) {
        let mut restoring = restore(&self.newer, self.site.temp.path()).expect("restored");
        assert_eq!(stands(&mut restoring, &self.site), InPlace::Aside(WhyAside::Older));
        restoring.name_instead(&self.site.folder(), WhyAside::Older, DAY, &self.site.place()).expect("named");
    }
}

/// Fourth attack, T6: what the center said to an older copy, and who came in there by a code, was set aside with it: the log of the
/// newer one went on against the center's word, and the code opened again.
#[test]
fn a4_t6_what_an_older_copy_had_learnt_goes_over() {
    let learnt = Learnt::with(|lines| LogEnd::of(lines.last().expect("lines")));
    learnt.replaced();
    let again = recover(&learnt.site, "inv1", &learnt.typed, 10_000);
    assert!(matches!(again, Err(VaultError::WrongCode)), "{:?}", again.err());
    let mut open = learnt.site.unlock(11_000);
    assert!(matches!(open.go_on(&at(11_100)), Err(VaultError::Behind)));
    let brought = open.bring_back(&at(11_200), |back| learnt.lines.iter().try_for_each(|line| back.line(line)));
    assert!(brought.expect("brought back").goes_on);
    let told: Vec<_> = used(&open).into_iter().map(|(by, used)| (by, used.code)).collect();
    assert_eq!(told, [("inv1".to_owned(), 1)]);

    let learnt = Learnt::with(|_| LogEnd { seq: 1, head: EntryId([7; 32]) });
    learnt.replaced();
    let mut open = learnt.site.unlock(11_000);
    assert!(matches!(open.go_on(&at(11_100)), Err(VaultError::ForeignReceipt { seq: 1 })));
}

/// The vault's slot file as the backup has it: before an account was closed.
fn former_slots(site: &Site, backup: &Path) {
    fs::copy(backup.join("keyslots.json"), site.folder().join("keyslots.json")).expect("copied");
}

/// Fourth attack, T7: that a key does not open a database says nothing of it but that: whose slot file is gone, or another one of
/// long ago, was told as a vault that did not open.
#[test]
fn a4_t7_a_vault_under_an_unknown_key_is_not_told_as_damaged() {
    let unknown = InPlace::Aside(WhyAside::Unknown);
    let (site, backup) = with_other_key();
    let slots = site.folder().join("keyslots.json");
    let whole = fs::read(&slots).expect("reads");
    let mut restoring = restore(&backup, site.temp.path()).expect("restored");
    // One of before the closing: somebody signs in by it, and comes to no key of this database.
    former_slots(&site, &backup);
    assert_eq!(stands(&mut restoring, &site), InPlace::Shut);
    assert_eq!(stands_by(&mut restoring, &site, "nurse1", PASSWORD).expect("judged"), unknown);
    // None, but one beside it that an interrupted replacement left.
    fs::remove_file(&slots).expect("removed");
    fs::write(slots.with_extension("json.next"), &whole).expect("written");
    assert_eq!(stands(&mut restoring, &site), InPlace::Shut);
    let refused = stands_by(&mut restoring, &site, "inv1", OTHER);
    assert!(matches!(refused, Err(VaultError::WrongPassword)), "{refused:?}");
    assert_eq!(stands_by(&mut restoring, &site, "nurse1", PASSWORD).expect("judged"), InPlace::SlotsMended);
    assert_eq!(fs::read(&slots).expect("reads"), whole);
    // None but the one of before the closing.
    for end in ["json", "json.next"] {
        fs::remove_file(slots.with_extension(end)).expect("removed");
    }
    assert_eq!(stands(&mut restoring, &site), InPlace::Shut);
    assert_eq!(stands_by(&mut restoring, &site, "nurse1", PASSWORD).expect("judged"), unknown);
    // None at all.
    fs::remove_file(slots.with_extension("json.old")).expect("removed");
    assert_eq!(stands(&mut restoring, &site), unknown);
    restoring.name_instead(&site.folder(), WhyAside::Unknown, DAY, &site.place()).expect("named");
    assert!(site.temp.path().join("vault-unknown-2026-11-23").is_dir());
}

/// Fourth attack, T7: one passing error at the slot file of an interrupted replacement made a whole vault a damaged one.
#[test]
fn a4_t7_what_can_not_be_read_beside_it_is_no_reason_either() {
    let (site, backup) = with_other_key();
    let slots = site.folder().join("keyslots.json");
    fs::rename(&slots, slots.with_extension("json.next")).expect("renamed");
    former_slots(&site, &backup);
    let mut restoring = restore(&backup, site.temp.path()).expect("restored");
    let sound = site.twin();
    let (judged, calls) = under(&[], || stands_by(&mut restoring, &sound, "nurse1", PASSWORD));
    assert_eq!(judged.expect("judged"), InPlace::Sound);
    let reads = |fault: &Fault| !fault.ever && matches!(fault.call, Call::Read | Call::Open);
    for fault in every(&calls).into_iter().filter(reads) {
        let twin = site.twin();
        let (judged, _) = under(&[fault], || stands_by(&mut restoring, &twin, "nurse1", PASSWORD));
        assert!(matches!(judged, Err(_) | Ok(InPlace::Sound)), "{fault:?}: {judged:?}");
    }
}

/// Fourth attack, T8: a vault to which somebody's own password was exchanged, so that it opens never again, could not be set aside.
#[test]
fn a4_t8_an_exchanged_vault_can_be_set_aside() {
    let lost = Lost::new();
    let site = lost.restored();
    let other = seal::SigningKey::make().expect("key");
    let change = "UPDATE setting SET value = ?1 WHERE key = 'device.seed'";
    site.raw(&site.key()).execute(change, [other.seed().as_slice()]).expect("set");
    assert!(matches!(site.try_unlock(PASSWORD, 9000), Err(VaultError::Exchanged)));
    // Under a key that the backup does not have.
    let (site, _) = with_other_key();
    let attacker = Site::new();
    let open = attacker.found();
    let slots = fs::read(site.folder().join("keyslots.json")).expect("reads");
    let mut file = seal::KeySlots::read(&slots).expect("slots");
    file.rekey(&open.vault_keys(), |_| Some(DbKey::new([6; 32]))).expect("rekeyed");
    let rekeyed = file.write(&open.key);
    drop(open);
    fs::write(attacker.folder().join("keyslots.json"), rekeyed).expect("written");
    let mut restoring = restore(&lost.backup, attacker.temp.path()).expect("restored");
    assert_eq!(stands(&mut restoring, &attacker), InPlace::Shut);
    let judged = stands_by(&mut restoring, &attacker, "nurse1", PASSWORD).expect("judged");
    assert_eq!(judged, InPlace::Aside(WhyAside::Foreign));
}

/// Fourth attack, T11: where a new password was set, told in the journal and acknowledged, and the last step was not done, the one
/// before came back into force with a slot file that was put right.
#[test]
fn a4_t11_a_slot_file_that_is_put_right_holds_what_was_acknowledged() {
    let (site, mut open, stick) = with_stick();
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let never_lasts = Fault { call: Call::SyncName, nth: 0, ever: true };
    under(&[never_lasts], || change(&mut open, PASSWORD, OTHER, 5200)).0.expect("changed");
    assert_eq!(open.alarms(), [Alarm::SlotsPending]);
    drop(open);
    fs::remove_file(site.folder().join("keyslots.json")).expect("removed");
    let mut restoring = restore(&backup, site.temp.path()).expect("restored");
    assert_eq!(stands(&mut restoring, &site), InPlace::SlotsMended);
    site.try_unlock(OTHER, 10_000).expect("opens");
}

/// Fourth attack, T12: a vault that an unlock refuses for something that it needs was told as sound.
#[test]
fn a4_t12_what_a_sign_in_needs_is_looked_at() {
    let lost = Lost::new();
    for hurt in [
        "DELETE FROM setting WHERE key = 'device.seed'",
        "DELETE FROM setting WHERE key = 'device.identity'",
        "DELETE FROM slots",
        "UPDATE slots SET current = zeroblob(2000)",
    ] {
        let site = lost.restored();
        site.raw(&site.key()).execute(hurt, []).expect(hurt);
        let mut restoring = restore(&lost.backup, site.temp.path()).expect("restored");
        assert_eq!(stands(&mut restoring, &site), InPlace::Aside(WhyAside::Damaged), "{hurt}");
    }
}

/// Fourth attack, T12: of a vault whose journal goes on beyond an old page with its end, the rest was set aside as an older copy.
#[test]
fn a4_t12_what_lies_beyond_an_old_page_counts() {
    let (site, mut open, stick) = with_stick();
    let row = "SELECT seq, head FROM head";
    let (seq, head): (u64, [u8; 32]) =
        open.sql.query_row(row, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("reads");
    set(&mut open, "S01-001", "IT.SYSBP", "130", 5100);
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    set(&mut open, "S01-001", "IT.SYSBP", "140", 5200);
    open.lock(&at(5300)).expect("locks");
    site.raw(&site.key()).execute("UPDATE head SET seq = ?1, head = ?2", (seq, head)).expect("an old page");
    let mut restoring = restore(&backup, site.temp.path()).expect("restored");
    assert_eq!(stands(&mut restoring, &site), InPlace::Sound);
}

/// Fourth attack, T12: guesses that were counted apart while the slot file was damaged are told by the vault that it was put right of;
/// and those that a stranger laid beside his vault by nobody.
#[test]
fn a4_t12_guesses_are_told_where_they_belong() {
    let lost = Lost::new();
    let site = lost.restored();
    let apart = site.temp.path().join("asked");
    fs::create_dir(&apart).expect("made");
    let refused = |folder: &Path| {
        let folder = Folder::new(folder);
        Asked { folder: &folder, account: None }.note(&at(6000), &Err::<(), _>(VaultError::WrongPassword));
    };
    refused(&apart);
    fs::remove_file(site.folder().join("keyslots.json")).expect("removed");
    let mut restoring = restore(&lost.backup, site.temp.path()).expect("restored");
    assert_eq!(stands(&mut restoring, &site), InPlace::SlotsMended);
    let counted = |folder: &Path| unjournaled(&Folder::new(folder)).len();
    assert_eq!((counted(&apart), counted(&site.folder())), (0, 1));

    let site = Site::new();
    site.found().lock(&at(100)).expect("locks");
    refused(&site.folder());
    let mut restoring = restore(&lost.backup, site.temp.path()).expect("restored");
    let judged = stands_by(&mut restoring, &site, "nurse1", PASSWORD).expect("judged");
    assert_eq!(judged, InPlace::Aside(WhyAside::Foreign));
    restoring.name_instead(&site.folder(), WhyAside::Foreign, DAY, &site.place()).expect("named");
    assert_eq!(counted(&site.folder()), 0);
}

/// Third attack, a small one: killed between the two names, a computer showed no vault at all. At the next start either of them has
/// the name, and opens.
#[test]
fn a4_a3_a_vault_that_was_set_aside_for_nothing_gets_its_name_back() {
    let lost = Lost::new();
    let instead = |site: &Site, crash: Option<usize>| {
        let restoring = restore(&lost.backup, site.temp.path()).expect("restored");
        let (folder, place) = (site.folder(), site.place());
        let work = || restoring.name_instead(&folder, WhyAside::Damaged, DAY, &place).map(drop);
        match crash {
            Some(nth) => crashing(nth, || (work(), Vec::new())),
            None => under(&[], work),
        }
    };
    let (done, calls) = instead(&lost.restored(), None);
    done.expect("named");
    // Before that nothing has another name.
    let noted = calls.iter().position(|(_, name)| name == "set-aside").expect("noted");
    let mut given_back = 0;
    for nth in noted..calls.len() {
        let site = lost.restored();
        let _ = instead(&site, Some(nth));
        given_back += usize::from(!site.database().exists());
        let (vaults, checkpoints) = (site.temp.path(), site.temp.path().join("config"));
        crate::give_names_back([vaults, &vaults.join("none")], &checkpoints);
        assert!(site.unlock(10_000).awaits_center(), "{nth}");
    }
    assert!(given_back > 0, "some were killed between the two");
}

/// Fourth attack, T10: a pipe in the place of a database kept a sign-in waiting for ever.
#[cfg(unix)]
#[test]
fn a4_t10_a_pipe_in_the_place_of_a_database_is_not_waited_for() {
    for (name, opens) in [("vault.db.next", true), ("vault.db", false)] {
        let lost = Lost::new();
        let site = lost.restored();
        let pipe = site.folder().join(name);
        let _ = fs::remove_file(&pipe);
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("runs").success());
        let (tell, told) = std::sync::mpsc::channel();
        let place = site.place();
        std::thread::spawn(move || {
            let found = Locked::find(&place, &study::Functions::default());
            tell.send(found.and_then(|locked| locked.unlock("nurse1", PASSWORD, &at(10_000))).is_ok())
        });
        assert_eq!(told.recv_timeout(std::time::Duration::from_secs(20)), Ok(opens), "{name}");
    }
}
