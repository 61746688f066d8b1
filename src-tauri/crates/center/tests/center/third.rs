//! Third attack: what one damaged row stops, what is said of keys that wait, and of codes that are used twice.

use crate::device::{Desk, Device, stamp};
use crate::folding::database;
use bundle::{Key, Kind, Kit};
use casebook::act::{RecoverySealed, RecoveryUsed};
use casebook::{CENTER, TextCommit, TextRow};
use center::{AlarmKind, Branch, Caller, CenterError, Choice, KitProof, Omission, Revocation};

use seal::recovery::RecoveryCodes;
use seal::{Identity, SigningKey, sha256};
use std::fs;
use std::io::Write;
use study::Oid;

/// A device of a site of its own that was taken in.
fn admitted(desk: &Desk, log: &str) -> Device {
    let mut device = Device::new(desk, log);
    desk.admit(&mut device);
    device
}

/// Two sites with a device each.
fn desk() -> (Desk, Device, Device) {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    let devices = ["S01-aaaaaaaa", "S02-bbbbbbbb"].map(|log| admitted(&desk, log));
    let [one, two] = devices;
    (desk, one, two)
}

/// A set of three codes that the device has written; nothing of it was sent.
pub fn seals(device: &mut Device, set: u64) {
    let codes = RecoveryCodes::make(&device.log, set, 3).expect("random numbers");
    let mut writer = seal::encrypt(std::slice::from_ref(&device.recovery), Vec::new()).expect("it encrypts");
    writer.write_all(codes.to_text().as_bytes()).expect("written");
    let sealed = seal::hex::encode(&writer.finish().expect("finished"));
    device.write_with(RecoverySealed { set, codes: 3, sealed }, |entry| entry.by = Oid::from("system"));
}

/// Somebody sets the password of an account by a code.
fn uses(device: &mut Device, user: &str, code: u32) {
    device.write_with(RecoveryUsed { set: 1, code, user: Oid::from(user) }, |entry| entry.by = Oid::from(user));
}

pub fn read_out(desk: &Desk, device: &Device) -> Result<u32, CenterError> {
    let file = fs::read_to_string(desk.folder.path().join("recovery.agekey")).expect("the key");
    let key = Identity::from_file(&file).expect("a key");
    let caller = Caller { device: &device.log, user: "nurse1", set: None, reason: "called back (sample)" };
    desk.center.read_out_code(&stamp(10), caller, &key).map(|read_out| read_out.number)
}

/// An entry can't be read any more.
pub fn damage(desk: &Desk, log: &str, seq: u64) {
    let sql = "UPDATE entry SET line = x'00' WHERE seq = ?2 AND log = (SELECT number FROM log WHERE name = ?1)";
    assert_eq!(database(desk).execute(sql, rusqlite::params![log, seq]).expect("damaged"), 1);
}

/// Third attack, C5: one damaged entry about codes stopped the status of all sites and the device's own bundles. It is named; only that
/// a code is read out it stops, for it may say that this one was.
#[test]
fn a3_c5_a_damaged_entry_about_codes_stops_nobody() {
    let (desk, mut device, _) = desk();
    seals(&mut device, 1);
    device.register(1);
    assert_eq!(desk.says(&device.export(2)), "accepted 2 entries");
    assert_eq!(read_out(&desk, &device).expect("a code"), 1);
    damage(&desk, &device.log, 2);
    let status = desk.center.status().expect("a status");
    assert_eq!(status.omitted, [Omission::Entry { log: device.log.clone(), seq: 2 }]);
    assert_eq!(status.omitted[0].to_string(), "S01-aaaaaaaa at seq 2: damaged: what this entry says is not counted");
    uses(&mut device, "nurse1", 1);
    let sent = desk.send(&device.export(4)).remove(0);
    assert_eq!((sent.outcome.to_string(), sent.alarms), ("accepted 1 entries".to_owned(), Vec::new()));
    let refused = read_out(&desk, &device).expect_err("damaged");
    assert!(matches!(&refused, CenterError::UnreadCode { log, seq: 2 } if *log == device.log), "{refused}");
    // Where it is the center's word that can't be read, a code that was read out is told as one that was not.
    let own = desk.center.status().expect("a status").own_entries;
    let released = (1..=own).rev().find(|seq| line(&desk, *seq).contains("\"recovery.released\"")).expect("written");
    damage(&desk, CENTER, released);
    uses(&mut device, "nurse1", 1);
    let sent = desk.send(&device.export(5)).remove(0);
    assert_eq!(sent.outcome.to_string(), "accepted 1 entries");
    assert_eq!(sent.alarms, [AlarmKind::RecoveryCode, AlarmKind::RecoveryAgain]);
    let omitted = desk.center.status().expect("a status").omitted;
    assert!(omitted.contains(&Omission::Entry { log: CENTER.to_owned(), seq: released }), "{omitted:?}");
}

/// An entry of the center's own log.
fn line(desk: &Desk, seq: u64) -> String {
    let read = crate::folding::storage(desk).read(|tx| tx.line_at(CENTER, seq));
    String::from_utf8(read.expect("read").expect("held")).expect("text")
}

/// Third attack, C5: the same of the entry that settled a fork.
#[test]
fn a3_c5_a_damaged_settlement_stops_no_status() {
    let (desk, mut device, _) = desk();
    let mut copy = device.clone();
    device.register(1);
    copy.register(2);
    desk.send(&device.export(2));
    desk.send(&copy.export(2));
    let (keep, reason) = (Branch::Held, "a copy (sample)");
    let choice = Choice {
        device: &device.log,
        keep,
        reason,
        shown: None,
        without_parked: false,
        without_request: &[],
        without_vault: false,
    };
    desk.center.settle(&stamp(9), &choice).expect("settled");
    let by = desk.center.status().expect("a status").own_entries;
    damage(&desk, CENTER, by);
    let status = desk.center.status().expect("a status");
    assert_eq!(status.omitted, [Omission::Entry { log: CENTER.to_owned(), seq: by }]);
}

/// Third attack, C5: what is damaged of one log kept the parked bundles of all logs behind it from their turn.
#[test]
fn a3_c5_a_parked_bundle_that_can_not_be_taken_in_stops_no_other() {
    let (desk, mut one, mut two) = desk();
    for device in [&mut one, &mut two] {
        (1..=2).for_each(|number| drop(device.register(number)));
        assert!(desk.says(&device.part(3, 3)).starts_with("parked"));
    }
    // Another process brought what they wait for.
    let storage = crate::folding::storage(&desk);
    storage
        .transact(|tx| [&one, &two].iter().try_for_each(|device| tx.append(&(&device.lines[1]).into())))
        .expect("in");
    let sql = "UPDATE mark SET head = x'00' WHERE log = 'S01-aaaaaaaa'";
    assert!(database(&desk).execute(sql, []).expect("damaged") > 0);
    for _ in 1..=2 {
        let imported = desk.center.import_parked(&stamp(9)).expect("the center works");
        let own = imported.iter().find(|bundle| bundle.log.as_ref() == Some(&one.log)).expect("named");
        assert!(!own.is_good() && own.outcome.to_string().contains("the next run tries again"), "{own}");
    }
    let held = |at: usize| desk.center.status().expect("a status").sites[at].devices[0].held;
    assert_eq!([held(0), held(1)], [2, 3]);
}

/// Third attack, S9: the second use of a code, in a copy of the vault, was no alarm, and the status named the first one alone.
#[test]
fn a3_s9_a_code_that_is_used_twice_is_an_alarm() {
    let (desk, mut device, _) = desk();
    seals(&mut device, 1);
    desk.send(&device.export(2));
    assert_eq!(read_out(&desk, &device).expect("a code"), 1);
    let mut copy = device.clone();
    copy.register(7);
    uses(&mut device, "nurse1", 1);
    assert_eq!(desk.send(&device.export(3))[0].alarms, []);
    assert_eq!(desk.send(&device.export(1))[0].alarms, [], "the same one");
    uses(&mut copy, "nurse1", 1);
    let told = desk.send(&copy.export(3)).remove(0);
    assert!(told.is_fork() && told.alarms.contains(&AlarmKind::RecoveryAgain), "{told}");
    let used = || {
        let status = desk.center.status().expect("a status").sites.remove(0).devices.remove(0).codes_used;
        status.into_iter().map(|used| (used.set, used.code, used.user)).collect::<Vec<_>>()
    };
    assert_eq!(used(), [(1, 1, "nurse1".to_owned()), (1, 1, "nurse1".to_owned())]);
    // Of two in one bundle the later one is the second.
    let (desk, _, mut device) = self::desk();
    seals(&mut device, 1);
    uses(&mut device, "nurse1", 1);
    uses(&mut device, "admin1", 1);
    let told = desk.send(&device.export(2)).remove(0).alarms;
    assert_eq!(told.iter().filter(|kind| **kind == AlarmKind::RecoveryAgain).count(), 1, "{told:?}");
}

/// Third attack, C9: what a revoked device had parked made every export say for ever that it lacks something, and end with 1.
#[test]
fn a3_c9_what_a_revoked_device_left_parked_is_refused_and_named_once() {
    let (desk, mut device, _) = desk();
    (1..=3).for_each(|number| drop(device.register(number)));
    let parked = device.part(4, 4);
    assert_eq!(desk.says(&parked), "parked, expects seq 2");
    let revoke = || desk.center.revoke(&stamp(9), &device.log, "stolen (sample)").expect("revoked");
    assert_eq!(revoke(), Revocation::Device { refused: vec![parked.id] });
    assert_eq!(revoke(), Revocation::Device { refused: Vec::new() }, "once");
    let status = desk.center.status().expect("a status");
    assert_eq!((status.omitted, status.sites[0].devices[0].gap), (Vec::new(), None));
    assert_eq!(status.refused[0].file, format!("{}.bundle", parked.id));
    assert!(status.refused[0].words.starts_with("revoked sender: "), "{}", status.refused[0].words);
    let exported = desk.center.export_csv(&stamp(10), &desk.folder.path().join("out")).expect("exported");
    assert_eq!(exported.omitted, []);
    assert!(desk.folder.path().join(format!("bundles/{}.bundle", parked.id)).exists(), "it stays as evidence");
}

/// A device that came by a kit.
fn founded() -> (Desk, Device) {
    let desk = Desk::new();
    let kit = desk.center.make_kit(&stamp(1), "S01", "correct horse battery").expect("a kit");
    let read = crate::replies::open(&desk, &kit.bytes, Kind::Kit, &Key::Passphrase("correct horse battery"));
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.activation = Some(Kit::read(&read.blobs[0].1).expect("a kit").activation);
    desk.admit(&mut device);
    (desk, device)
}

/// The device with another key, which its log tells; with or without its kit.
fn renewed(device: &Device, seed: u8, shows_kit: bool) -> Device {
    let activation = device.activation.clone().filter(|_| shows_kit);
    let mut renewed = Device { key: SigningKey::from_seed(&[seed; 32]), activation, ..device.clone() };
    renewed.enrol();
    renewed
}

fn words(device: &Device) -> String {
    device.key.public().words()
}

/// Third attack, C7: of a new key that can't show its kit a reply said nothing, though whoever left could open it.
#[test]
fn a3_c7_a_reply_names_each_key_that_waits_and_can_not_open_it() {
    let (desk, device, other) = desk();
    let omitted = |site: &str| desk.center.reply(&stamp(9), site).expect("nobody stops it").omitted;
    assert_eq!(omitted("S01"), []);
    desk.send(&renewed(&device, 9, false).export(2));
    let named = Omission::OtherKey { device: device.log.clone() };
    assert!(omitted("S01").contains(&named), "{:?}", omitted("S01"));
    assert!(named.to_string().contains("whoever has the former key, such as somebody who left, can open this reply"));
    assert_eq!(omitted("S02"), [], "another site's");
    // Nobody's first key is in place of another one.
    let mut new = Device::new(&desk, "S02-cccccccc");
    new.enrol();
    desk.send(&new.export(1));
    assert_eq!(omitted(&other.site), []);
    desk.center.reject_waiting(&stamp(10), &device.log, "strangers (sample)").expect("rejected");
    assert_eq!(omitted("S01"), []);
}

/// Third attack, C10: whoever compares the words of a new key was not told whether it shows the device's kit.
#[test]
fn a3_c10_a_new_key_says_whether_it_shows_the_kit() {
    let (desk, device) = founded();
    for (seed, shows_kit) in [(8, false), (9, true)] {
        let own = renewed(&device, seed, shows_kit);
        desk.send(&own.export(2));
        let devices = desk.center.status().expect("a status").sites.remove(0).devices;
        let waits = devices.into_iter().find(|one| one.words == words(&own)).expect("it waits");
        assert_eq!(waits.kit, KitProof::NewKey { shows_kit });
    }
}

/// Third attack, C11: a stranger's words were read out as those that the device may show. (After an account was closed the site shows the
/// words of its new key, and the center read out those of the former one alone.)
#[test]
fn a3_c11_only_a_key_that_shows_the_kit_is_read_out_as_the_device_s() {
    let (desk, mut device) = founded();
    seals(&mut device, 1);
    desk.send(&device.export(2));
    let file = fs::read_to_string(desk.folder.path().join("recovery.agekey")).expect("the key");
    let key = Identity::from_file(&file).expect("a key");
    let caller = Caller { device: &device.log, user: "nurse1", set: None, reason: "called back (sample)" };
    let read_out = || desk.center.read_out_code(&stamp(10), caller, &key).expect("a code");
    desk.send(&renewed(&device, 8, false).export(3));
    assert_eq!(read_out().asking, [""; 0]);
    let own = renewed(&device, 9, true);
    desk.send(&own.export(3));
    let now = read_out();
    assert_eq!((now.words, now.asking), (words(&device), vec![words(&own)]));
}

/// Third attack, C12: a redaction takes away all texts that quote the words, and tells each.
#[test]
fn a3_c12_a_redaction_takes_all_that_quotes_the_words() {
    const QUOTES: u32 = 300;
    let (desk, ..) = desk();
    let commit = |number: u32| TextCommit(sha256(&number.to_be_bytes()));
    let storage = crate::folding::storage(&desk);
    let laid = storage.transact(|tx| {
        for number in 0..=QUOTES + 1 {
            tx.put_text(
                &TextRow { commit: commit(number), salt: String::new(), text: "a name (sample)".into() },
                CENTER,
            )?;
        }
        (1..=QUOTES).try_for_each(|number| tx.put_quote(commit(0), commit(number)))
    });
    laid.expect("written");
    let redact = |number| desk.center.redact(&stamp(9), commit(number), "a name (sample)").expect("redacted").len();
    assert_eq!((redact(QUOTES + 1), redact(0)), (1, 301));
}
