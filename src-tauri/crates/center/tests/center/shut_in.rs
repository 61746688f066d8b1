//! What a revocation shuts in, whose kit counts, and what one damaged line stops (fourth attack).

use crate::device::{Begun, Desk, Device, stamp};
use crate::folding::database;
use crate::third::{damage, read_out, seals};
use bundle::{Key, Kind, Kit, Packed};
use casebook::CENTER;
use center::{Branch, CenterError, Choice, KitProof, Omission, Revocation, RevokeWish};
use seal::{Identity, SigningKey};

const PASSPHRASE: &str = "correct horse battery";

/// The activation code of a new kit.
fn code(desk: &Desk, minute: i64) -> String {
    let kit = desk.center.make_kit(&stamp(minute), "S01", PASSPHRASE).expect("a kit");
    let read = crate::replies::open(desk, &kit.bytes, Kind::Kit, &Key::Passphrase(PASSPHRASE));
    Kit::read(&read.blobs[0].1).expect("a kit").activation
}

/// The device with another key, which its log tells; it shows this kit.
fn renewed(device: &Device, seed: u8, activation: Option<String>) -> Device {
    let mut renewed = Device { key: SigningKey::from_seed(&[seed; 32]), activation, ..device.clone() };
    renewed.enrol();
    renewed
}

fn words(device: &Device) -> String {
    device.key.public().words()
}

fn revoke(desk: &Desk, device: &Device, and_waiting: bool) -> Result<Revocation, CenterError> {
    let words = words(device);
    let wish = RevokeWish { log: &device.log, words: Some(&words), reason: "stolen (sample)", and_waiting };
    desk.center.revoke_as(&stamp(9), &wish)
}

/// The subjects that the bundles register which were refused: all that a data manager can read of them.
fn readable(desk: &Desk, device: &Device) -> Vec<String> {
    let refused = desk.center.refused(&device.log).expect("read").into_iter().flat_map(|bundle| bundle.said);
    refused.filter(|one| one.act == "subject.registered").map(|one| one.place).collect()
}

/// Nothing of the device is left out in silence, and its refused bundles stand in the list.
fn is_named(desk: &Desk, refused: &[&Packed]) {
    let status = desk.center.status().expect("a status");
    assert_eq!(status.omitted, []);
    for packed in refused {
        let file = format!("{}.bundle", packed.id);
        assert!(
            status.refused.iter().any(|one| one.file == file && one.words.starts_with("revoked sender: ")),
            "{file}"
        );
        assert!(desk.folder.path().join("bundles").join(file).exists(), "it stays as evidence");
    }
}

/// Fourth attack, D6: what a device's new key had sent was shut in for ever when the device was revoked, and nobody was told.
#[test]
fn a4_d6_what_waits_under_a_new_key_stops_a_revocation_or_is_named() {
    let (desk, device) = Desk::with_device();
    let mut new = renewed(&device, 9, None);
    new.register(7);
    let waits = new.export(2);
    assert!(desk.says(&waits).starts_with("waiting for approval"));
    let stopped = revoke(&desk, &device, false);
    assert!(matches!(&stopped, Err(CenterError::KeyWaits(log)) if *log == device.log), "{stopped:?}");
    assert_eq!(desk.center.status().expect("a status").sites[0].devices[0].state, "approved", "nothing was done");
    assert_eq!(revoke(&desk, &device, true).expect("revoked"), Revocation::Device { refused: vec![waits.id] });
    is_named(&desk, &[&waits]);
    assert_eq!(readable(&desk, &device), ["S01-007"]);
    // Where that key is approved first, its data are in force, and nothing is left to be named.
    let (desk, device) = Desk::with_device();
    desk.send(&waits_again(&device, &desk).export(2));
    let own = waits_again(&device, &desk);
    desk.center.approve_key(&stamp(5), &device.log, Some(&words(&own))).expect("approved");
    desk.center.import_waiting(&stamp(6), &device.log).expect("taken in");
    assert_eq!(revoke(&desk, &own, false).expect("revoked"), Revocation::Device { refused: Vec::new() });
    is_named(&desk, &[]);
    assert!(readable(&desk, &device).is_empty());
    let devices = desk.center.status().expect("a status").sites.remove(0).devices;
    assert!(devices.iter().any(|one| one.state == "revoked" && one.held == 3), "its data are in force");
}

fn waits_again(device: &Device, desk: &Desk) -> Device {
    let mut new = renewed(&Device { to: desk.recipient(), ..device.clone() }, 9, None);
    new.register(7);
    new
}

/// Fourth attack, D6: the same of a bundle that waits under the approved key, and of one that is parked.
#[test]
fn a4_d6_what_waits_under_the_approved_key_is_taken_in_or_named() {
    for takes_in in [true, false] {
        let desk = Desk::new();
        let mut device = Device::new(&desk, "S01-k7f2m3pq");
        device.enrol();
        device.register(1);
        let first = device.export(1);
        desk.send(&first);
        desk.center.approve(&stamp(2), &device.log).expect("approved");
        device.register(2);
        device.register(3);
        let parked = device.part(4, 4);
        // The program died before it took in what waited, and came again or not.
        if takes_in {
            desk.center.import_parked(&stamp(3)).expect("the center works");
        }
        assert!(desk.says(&parked).starts_with("parked"));
        if !takes_in {
            let sql = "UPDATE bundle SET state = 'waiting' WHERE state = 'accepted'";
            database(&desk).execute(sql, []).expect("as it was before");
        }
        let Ok(Revocation::Device { refused }) = revoke(&desk, &device, false) else { panic!("not revoked") };
        assert!(refused.contains(&parked.id), "{refused:?}");
        assert_eq!(refused.contains(&first.id), !takes_in);
        is_named(&desk, &[&parked]);
        assert_eq!(readable(&desk, &device), ["S01-003"]);
    }
}

/// Fourth attack, D6: what the former key had left waiting when another one takes its place is refused and named as well.
#[test]
fn a4_d6_what_a_replaced_key_left_waiting_is_named() {
    let desk = Desk::new();
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.enrol();
    device.register(1);
    let first = device.export(1);
    desk.send(&first);
    desk.center.approve(&stamp(2), &device.log).expect("approved");
    let new = renewed(&device, 9, None);
    desk.send(&new.export(1));
    let sql = "UPDATE bundle SET state = 'waiting' WHERE state = 'accepted'";
    database(&desk).execute(sql, []).expect("as if it could not be taken in");
    let approval = desk.center.approve_key(&stamp(5), &device.log, Some(&words(&new))).expect("approved");
    assert_eq!(approval.refused, [first.id]);
    desk.center.import_waiting(&stamp(6), &device.log).expect("taken in");
    assert_eq!(desk.center.status().expect("a status").omitted, []);
    assert!(readable(&desk, &device).is_empty(), "the device has sent it again");
}

/// Fourth attack, D9: where it was not known by which kit a device came, any kit of its site counted as its own.
#[test]
fn a4_d9_only_the_device_s_own_kit_counts() {
    let (desk, mut device) = Desk::with_device();
    seals(&mut device, 1);
    desk.send(&device.export(2));
    let used = code(&desk, 1);
    let mut second = Device { activation: Some(used.clone()), ..Device::new(&desk, "S01-bbbbbbbb") };
    desk.admit(&mut second);
    for (seed, kit) in [(8, used.clone()), (9, code(&desk, 2))] {
        let other = renewed(&device, seed, Some(kit));
        assert!(desk.says(&other.export(3)).starts_with("waiting"));
        let devices = desk.center.status().expect("a status").sites.remove(0).devices;
        let waits = devices.into_iter().find(|one| one.words == words(&other)).expect("it waits");
        assert_eq!(waits.kit, KitProof::NewKey { shows_kit: false });
    }
    let omitted = desk.center.reply(&stamp(9), "S01").expect("nobody stops it").omitted;
    assert!(omitted.contains(&Omission::OtherKey { device: device.log.clone() }), "{omitted:?}");
    assert!(asking(&desk, &device).is_empty());
    desk.center.reject_waiting(&stamp(10), &device.log, "strangers (sample)").expect("rejected");
    // A device that was approved before it showed its kit shows it later; one that served another device says nothing.
    let own = code(&desk, 3);
    for (kit, counts) in [(used, false), (own.clone(), true)] {
        device.activation = Some(kit.clone());
        device.register(if counts { 2 } else { 1 });
        assert!(desk.says(&device.export(3)).starts_with("accepted"));
        desk.send(&renewed(&device, if counts { 11 } else { 10 }, Some(kit)).export(3));
        assert_eq!(asking(&desk, &device).len(), usize::from(counts));
        let refused = matches!(desk.center.reply(&stamp(9), "S01"), Err(CenterError::FormerKey(_)));
        assert_eq!(refused, counts);
    }
}

/// The words of keys that `recover` reads out as the device's own.
fn asking(desk: &Desk, device: &Device) -> Vec<String> {
    let file = std::fs::read_to_string(desk.folder.path().join("recovery.agekey")).expect("the key");
    let key = Identity::from_file(&file).expect("a key");
    let caller = center::Caller { device: &device.log, user: "nurse1", set: None, reason: "called back (sample)" };
    desk.center.read_out_code(&stamp(10), caller, &key).expect("a code").asking
}

/// Fourth attack, D8: one damaged line about a code shut out everybody who lost a password, at every site, for ever.
#[test]
fn a4_d8_a_damaged_line_about_codes_costs_codes_and_shuts_nobody_out() {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    let devices = ["S01-aaaaaaaa", "S02-bbbbbbbb"].map(|log| {
        let mut device = Device::new(&desk, log);
        desk.admit(&mut device);
        seals(&mut device, 1);
        desk.send(&device.export(2));
        device
    });
    let [one, two] = &devices;
    assert_eq!((read_out(&desk, one).ok(), read_out(&desk, two).ok()), (Some(1), Some(1)));
    let sql = "SELECT seq FROM entry WHERE log = (SELECT number FROM log WHERE name = 'center')
               AND instr(CAST(line AS TEXT), '\"recovery.released\",\"device\":\"S01-') > 0";
    let seq: u64 = database(&desk).query_row(sql, [], |row| row.get(0)).expect("the release");
    damage(&desk, CENTER, seq);
    for device in &devices {
        let stopped = read_out(&desk, device);
        assert!(matches!(&stopped, Err(CenterError::UnreadCode { log, seq: at }) if log == CENTER && *at == seq));
    }
    let file = std::fs::read_to_string(desk.folder.path().join("recovery.agekey")).expect("the key");
    let key = Identity::from_file(&file).expect("a key");
    let despite = |device: &Device| {
        let caller = center::Caller { device: &device.log, user: "nurse1", set: None, reason: "called back (sample)" };
        desk.center.read_out_despite_damage(&stamp(10), caller, &key).map(|read_out| (read_out.number, read_out.left))
    };
    // The first code of the first device was read out by the line that is damaged: it is never read out again.
    assert_eq!(despite(one).expect("a code"), (2, 1));
    assert_eq!(despite(two).expect("a code"), (3, 0), "one is passed over, which the line may tell of");
    assert_eq!(despite(one).expect("a code"), (3, 0));
    assert!(matches!(despite(one), Err(CenterError::NotReadOut(_))), "what is passed over stays so");
}

/// Fourth attack, a small finding: a damaged entry that settled a fork kept everybody from reading what was put aside.
#[test]
fn a4_what_was_put_aside_is_read_beside_a_damaged_settlement() {
    let Begun { desk, device: mut held, subject, .. } = Begun::new();
    desk.send(&held.export(2));
    let mut later = held.clone();
    held.register(2);
    later.set(&subject, "IT.VS.DIABP", "177");
    desk.send(&held.export(4));
    desk.send(&later.export(4));
    let (device, keep, reason) = (held.log.as_str(), Branch::Held, "a copy (sample)");
    let choice =
        Choice { device, keep, reason, shown: None, without_parked: false, without_request: &[], without_vault: false };
    desk.center.settle(&stamp(50), &choice).expect("settled");
    let rest = || desk.center.rest(device).expect("read").remove(0);
    let whole = rest();
    assert!(!whole.is_damaged() && whole.settled.is_some());
    damage(&desk, CENTER, whole.entry);
    let damaged = rest();
    assert!(damaged.is_damaged() && damaged.settled.is_none());
    assert_eq!(damaged.entry, whole.entry);
    let said: Vec<&str> = damaged.said.iter().map(|one| one.words.as_str()).collect();
    assert_eq!(said, ["\"177\""]);
}
