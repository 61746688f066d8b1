//! Recovery codes: deposited by devices, read out by a data manager, used up.

use crate::device::{Desk, Device, stamp};
use casebook::act::{RecoverySealed, RecoveryUsed};
use casebook::{Act, CENTER};
use center::store::{Embedded, Storage, Tx};
use center::{AlarmKind, Caller, CenterError, CodeUsed, RecoveryError, RecoveryStatus};
use seal::recovery::RecoveryCodes;
use seal::{Identity, Recipient, hex};
use std::fs;
use std::io::Write;
use study::Oid;

const REASON: &str = "nurse lost her password, called back (sample)";

/// Somebody who calls about a device's vault.
fn caller(device: &str) -> Caller<'_> {
    Caller { device, user: "nurse1", set: None, reason: REASON }
}

/// The offline key of a center.
fn recovery_key(desk: &Desk) -> Identity {
    let file = fs::read_to_string(desk.folder.path().join("recovery.agekey")).expect("the key");
    Identity::from_file(&file).expect("a key")
}

fn sealed(text: &str, to: &Recipient) -> String {
    let mut writer = seal::encrypt(std::slice::from_ref(to), Vec::new()).expect("it encrypts");
    writer.write_all(text.as_bytes()).expect("written");
    hex::encode(&writer.finish().expect("finished"))
}

fn deposit_text(desk: &Desk, device: &mut Device, text: &str, set: u64) {
    let sealed = sealed(text, &device.recovery);
    let from = device.lines.len() as u64 + 1;
    device.write_with(RecoverySealed { set, codes: 3, sealed }, |entry| entry.by = Oid::from("system"));
    assert_eq!(desk.says(&device.export(from)), "accepted 1 entries");
}

/// Deposits a set of three codes.
fn deposit(desk: &Desk, device: &mut Device, set: u64) -> RecoveryCodes {
    let codes = RecoveryCodes::make(&device.log, set, 3).expect("random numbers");
    deposit_text(desk, device, &codes.to_text(), set);
    codes
}

fn uses(desk: &Desk, device: &mut Device, set: u64, code: u32) -> Vec<AlarmKind> {
    uses_for(desk, device, "nurse1", set, code)
}

/// Somebody sets the password of an account by a code.
fn uses_for(desk: &Desk, device: &mut Device, user: &str, set: u64, code: u32) -> Vec<AlarmKind> {
    let from = device.lines.len() as u64 + 1;
    device.write_with(RecoveryUsed { set, code, user: Oid::from(user) }, |entry| entry.by = Oid::from(user));
    desk.send(&device.export(from)).remove(0).alarms
}

/// What the center's log says of codes that were read out: device, set, code, and the reason.
fn journaled(desk: &Desk) -> Vec<(String, u64, u32, String)> {
    let store = Embedded::open(&desk.folder.path().join("center.sqlite")).expect("the database");
    let store: Box<dyn Storage> = Box::new(store);
    let mut found = Vec::new();
    let mut look = |tx: &dyn Tx| {
        tx.lines(CENTER, 1, &mut |_, _, id, bytes| {
            let line = casebook::Line::reread(bytes.to_vec(), id).expect("an entry");
            if let Act::RecoveryReleased(act) = &line.entry().act {
                let words = tx.text(act.reason.text, "S01")?.expect("the reason").text.as_str().to_owned();
                found.push((act.device.to_string(), act.set, act.code, words));
            }
            Ok(())
        })
    };
    store.read(|tx| look(tx)).expect("read");
    found
}

fn status(desk: &Desk) -> RecoveryStatus {
    desk.center.status().expect("a status").sites[0].devices[0].recovery.clone().expect("codes")
}

/// H6: there was no way back from a lost password. Each code is read out once, and the log says so before anybody sees it.
#[test]
fn h6_each_code_is_read_out_once_and_journaled() {
    let (desk, mut device) = Desk::with_device();
    let codes = deposit(&desk, &mut device, 1);
    let key = recovery_key(&desk);
    assert_eq!(status(&desk), RecoveryStatus { set: 1, left: 3, released: 0, used: 0 });
    for number in 1..=3 {
        let read_out = desk.center.read_out_code(&stamp(10), caller(&device.log), &key).expect("a code");
        assert!(*read_out.code == *codes.code(number).expect("a code").spelled(), "code {number}");
        assert_eq!((read_out.set, read_out.number, read_out.left), (1, number, 3 - number));
        assert_eq!((read_out.words, read_out.site.as_str()), (device.key.public().words(), "S01"));
        assert_eq!(journaled(&desk).len() as u32, number);
    }
    assert_eq!(journaled(&desk)[0], (device.log.clone(), 1, 1, REASON.to_owned()));
    let refused = desk.center.read_out_code(&stamp(11), caller(&device.log), &key).err();
    assert!(matches!(refused, Some(CenterError::NotReadOut(RecoveryError::NoneLeft))), "{refused:?}");
    assert_eq!(uses(&desk, &mut device, 1, 2), []);
    assert_eq!(status(&desk), RecoveryStatus { set: 1, left: 0, released: 3, used: 1 });
    // A new set takes the place of the old one.
    let codes = deposit(&desk, &mut device, 2);
    assert_eq!(status(&desk), RecoveryStatus { set: 2, left: 3, released: 0, used: 0 });
    let read_out = desk.center.read_out_code(&stamp(12), caller(&device.log), &key).expect("a code");
    assert!((read_out.set, read_out.number) == (2, 1) && *read_out.code == *codes.code(1).expect("a code").spelled());
}

/// H6: what was used elsewhere is not read out, and no code lies readable in the center's folder.
#[test]
fn h6_a_used_code_is_passed_over_and_none_is_kept_in_the_clear() {
    let (desk, mut device) = Desk::with_device();
    let codes = deposit(&desk, &mut device, 1);
    uses(&desk, &mut device, 1, 1);
    let read_out = desk.center.read_out_code(&stamp(10), caller(&device.log), &recovery_key(&desk)).expect("a code");
    assert_eq!(read_out.number, 2);
    for file in fs::read_dir(desk.folder.path()).expect("the folder") {
        let path = file.expect("a file").path();
        let bytes = if path.is_file() { fs::read(&path).expect("read") } else { Vec::new() };
        for (_, code) in codes.numbered() {
            let spelled = code.spelled();
            assert!(!bytes.windows(spelled.len()).any(|part| part == spelled.as_bytes()), "{}", path.display());
        }
    }
}

/// H6: each refusal is named, and reads nothing out.
#[test]
fn h6_a_code_is_refused_by_name() {
    let (desk, mut device) = Desk::with_device();
    let key = recovery_key(&desk);
    let refused = |log: &str, key: &Identity, reason: &str| {
        desk.center
            .read_out_code(&stamp(10), Caller { reason, ..caller(log) }, key)
            .err()
            .map(|error| error.to_string())
    };
    let says = |words: &str| Some(words.to_owned());
    assert_eq!(refused("S01-nobody00", &key, REASON), says("there is no device S01-nobody00"));
    assert_eq!(refused(&device.log, &key, REASON), says("no code: no bundle has brought codes of this device"));
    assert_eq!(refused(&device.log, &key, " \n"), says("no code: it must be said why"));
    let other = Identity::make();
    assert_eq!(refused(&device.log, &other, REASON), says("no code: this is not the center's recovery key"));
    let good = RecoveryCodes::make(&device.log, 1, 3).expect("random numbers").to_text();
    let not_its_codes = says("no code: what the device sealed are not its codes");
    for (set, text) in (1..).zip([
        "no codes at all\n".to_owned(),
        good.replace(&device.log, "S01-another0"),
        good.replace("set 1", "set 9"),
        RecoveryCodes::make(&device.log, 4, 0).expect("none").to_text().to_string(),
    ]) {
        deposit_text(&desk, &mut device, &text, set);
        assert_eq!(refused(&device.log, &key, REASON), not_its_codes, "{set}");
    }
    let act = RecoverySealed { set: 5, codes: 3, sealed: sealed(&good, &other.recipient()) };
    let from = device.lines.len() as u64 + 1;
    device.write_with(act, |entry| entry.by = Oid::from("system"));
    desk.send(&device.export(from));
    assert_eq!(refused(&device.log, &key, REASON), says("no code: the device sealed its codes to another key"));
    deposit(&desk, &mut device, 6);
    desk.center.revoke(&stamp(9), &device.log, "stolen (sample)").expect("revoked");
    assert_eq!(refused(&device.log, &key, REASON), says("no code: the device was revoked"));
    assert_eq!(journaled(&desk), []);
}

/// A code that opened a vault although nobody at the center read it out: somebody else has the recovery key.
#[test]
fn a_code_that_nobody_read_out_is_an_alarm_once() {
    let (desk, mut device) = Desk::with_device();
    deposit(&desk, &mut device, 1);
    desk.center.read_out_code(&stamp(10), caller(&device.log), &recovery_key(&desk)).expect("a code");
    assert_eq!(uses(&desk, &mut device, 1, 1), [], "this one was read out");
    assert_eq!(uses(&desk, &mut device, 1, 3), [AlarmKind::RecoveryCode]);
    assert_eq!(desk.send(&device.export(1))[0].alarms, [], "once");
    let alarms = desk.center.status().expect("a status").alarms;
    let told: Vec<_> = alarms.iter().map(|alarm| (alarm.kind, alarm.seq)).collect();
    assert_eq!(told, [("recovery_code", device.lines.len() as u64)]);
    assert_eq!(status(&desk), RecoveryStatus { set: 1, left: 1, released: 1, used: 2 });
}

/// S8: a code that was read out for one person opened any account, and the center did not learn whose it was.
#[test]
fn s8_a_code_that_sets_anothers_password_is_an_alarm() {
    let (desk, mut device) = Desk::with_device();
    deposit(&desk, &mut device, 1);
    let key = recovery_key(&desk);
    for user in ["nurse1", " Nurse1 ", "nurse1"] {
        let read_out = desk.center.read_out_code(&stamp(10), Caller { user, ..caller(&device.log) }, &key);
        assert_eq!(read_out.expect("a code").user, "nurse1");
    }
    assert_eq!(uses_for(&desk, &mut device, "nurse1", 1, 1), []);
    assert_eq!(uses_for(&desk, &mut device, "admin1", 1, 2), [AlarmKind::RecoveryAccount]);
    let status = desk.center.status().expect("a status");
    let used = |code, user: &str| {
        let read_out_for = Some("nurse1".to_owned());
        CodeUsed { set: 1, code, user: user.to_owned(), read_out_for }
    };
    let told = &status.sites[0].devices[0].codes_used;
    assert_eq!(*told, [used(1, "nurse1"), used(2, "admin1")]);
    assert_eq!(told.iter().map(CodeUsed::is_anothers).collect::<Vec<_>>(), [false, true]);
    let alarms: Vec<_> = status.alarms.iter().map(|alarm| (alarm.kind, alarm.seq)).collect();
    assert_eq!(alarms, [("recovery_account", device.lines.len() as u64)]);
}

/// S8: without an account nothing is read out.
#[test]
fn s8_a_code_is_read_out_for_somebody() {
    let (desk, mut device) = Desk::with_device();
    deposit(&desk, &mut device, 1);
    for user in ["", "  ", "nurse\n1"] {
        let refused =
            desk.center.read_out_code(&stamp(10), Caller { user, ..caller(&device.log) }, &recovery_key(&desk));
        assert!(matches!(refused.err(), Some(CenterError::NotReadOut(RecoveryError::Account))), "{user:?}");
    }
    assert_eq!(journaled(&desk), []);
}

/// A low finding: the codes of a backup could not be read out once the device had sealed another set.
#[test]
fn a_code_of_an_earlier_set_is_read_out_where_that_is_asked_for() {
    let (desk, mut device) = Desk::with_device();
    let first = deposit(&desk, &mut device, 1);
    deposit(&desk, &mut device, 3);
    let key = recovery_key(&desk);
    let of = |set| desk.center.read_out_code(&stamp(10), Caller { set: Some(set), ..caller(&device.log) }, &key);
    for number in 1..=3 {
        let read_out = of(1).expect("a code");
        assert!((read_out.set, read_out.number, read_out.left) == (1, number, 3 - number));
        assert!(*read_out.code == *first.code(number).expect("a code").spelled());
    }
    assert!(matches!(of(1).err(), Some(CenterError::NotReadOut(RecoveryError::NoneLeft))));
    for none in [0, 2, 4] {
        let refused = of(none).err();
        assert!(matches!(refused, Some(CenterError::NotReadOut(RecoveryError::NoSuchSet(set))) if set == none));
    }
    assert_eq!((of(3).expect("a code").set, status(&desk).left), (3, 2), "the newest one is untouched");
}
