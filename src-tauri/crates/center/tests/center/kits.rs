//! Kits: how a device shows that it came by one, and one that carries a site's data.

use crate::device::{Desk, Device, stamp};
use crate::replies::open;
use bundle::{Activation, Key, Kind, Kit, Packed};
use casebook::{CENTER, Line};
use center::KitProof;
use seal::{SigningKey, sha256};

const PASSPHRASE: &str = "correct horse battery";

fn code_in(desk: &Desk, kit: &Packed) -> String {
    let read = open(desk, &kit.bytes, Kind::Kit, &Key::Passphrase(PASSPHRASE));
    Kit::read(&read.blobs[0].1).expect("a kit").activation
}

/// A device that was founded by a kit.
fn founded(desk: &Desk, log: &str, code: &str) -> Device {
    let mut device = Device { activation: Some(code.to_owned()), ..Device::new(desk, log) };
    device.enrol();
    device
}

fn proof(desk: &Desk, log: &str) -> KitProof {
    let devices = desk.center.status().expect("a status").sites.remove(0).devices;
    devices.into_iter().find(|device| device.device == log).expect("it is known").kit
}

/// M3: the kit's activation code was read by nobody. Who approves sees who came by a kit; each counts once.
#[test]
fn m3_who_approves_sees_whether_a_device_came_by_a_kit() {
    let desk = Desk::new();
    let made = stamp(2).at;
    let code = code_in(&desk, &desk.center.make_kit(&stamp(2), "S01", PASSPHRASE).expect("a kit"));
    assert!(code.len() >= Activation::CODE, "it can't be guessed from an envelope");
    let [first, second] = ["S01-aaaaaaaa", "S01-bbbbbbbb"].map(|log| founded(&desk, log, &code));
    let stranger = founded(&desk, "S01-cccccccc", "abcdefghijklmnopqrstuvwxyz");
    let plain = Device::new(&desk, "S01-dddddddd");
    for device in [&first, &second, &stranger] {
        assert!(desk.says(&device.export(1)).starts_with("waiting for approval"));
    }
    let mut plain = plain;
    plain.enrol();
    desk.send(&plain.export(1));
    assert_eq!(proof(&desk, &first.log), KitProof::Kit { made });
    assert_eq!((proof(&desk, &stranger.log), proof(&desk, &plain.log)), (KitProof::None, KitProof::None));

    let approved = desk.center.approve_key(&stamp(4), &first.log, None).expect("it waits");
    assert_eq!(approved.kit, KitProof::Kit { made });
    let used = KitProof::Used { made, by: first.log.clone() };
    assert_eq!((proof(&desk, &first.log), proof(&desk, &second.log)), (KitProof::Kit { made }, used.clone()));
    assert_eq!(desk.center.approve_key(&stamp(5), &second.log, None).expect("people may decide so").kit, used);
    assert_eq!(used.to_string(), format!("came by the kit of {made}, which was used for S01-aaaaaaaa already"));
    // Of a bundle in parts only the first shows it.
    let silent = Device { activation: None, epoch: 2, ..founded(&desk, "S01-eeeeeeee", &code) };
    let code = code_in(&desk, &desk.center.make_kit(&stamp(6), "S01", PASSPHRASE).expect("another kit"));
    desk.send(&Device { activation: Some(code), epoch: 1, ..silent.clone() }.export(1));
    desk.send(&silent.export(1));
    assert_eq!(proof(&desk, &silent.log), KitProof::Kit { made: stamp(6).at });
}

/// M3: strangers who fill a site's queue are in nobody's way who holds its kit, and what they saw of it helps them nothing.
#[test]
fn m3_strangers_keep_nobody_out_who_holds_a_kit() {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    let kit = |site: &str| code_in(&desk, &desk.center.make_kit(&stamp(2), site, PASSPHRASE).expect("a kit"));
    let (code, elsewhere) = (kit("S01"), kit("S02"));
    for number in 0..256_u32 {
        let mut stranger = founded(&desk, &format!("S01-{number:08}"), &elsewhere);
        stranger.key = SigningKey::from_seed(&sha256(&number.to_be_bytes()));
        desk.send(&stranger.export(1));
    }
    let full = "refused: too large: number of bundles that wait for approval";
    let mut late = Device::new(&desk, "S01-k7f2m3pq");
    late.enrol();
    assert_eq!(desk.says(&late.export(1)), full);
    let honest = founded(&desk, "S01-honest00", &code);
    let seen = honest.export(1);
    assert!(desk.says(&seen).starts_with("waiting for approval"));
    // The name of the blob, as it stands in the clear in the envelope, under another key.
    let name = seen.envelope.blobs[0].name.clone();
    let copied = Device { blob: Some(name), ..late.clone() };
    assert_eq!(desk.says(&copied.export(1)), full);
    assert_eq!(proof(&desk, &honest.log), KitProof::Kit { made: stamp(2).at });
}

/// Issue 9, part B: a lost computer's site is rebuilt by one file.
#[test]
fn a_kit_with_data_carries_all_that_is_held_of_the_site() {
    let (desk, mut device) = Desk::with_device();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    let mut elsewhere = Device::new(&desk, "S02-bbbbbbbb");
    desk.admit(&mut elsewhere);
    for (device, words) in [(&mut device, "fell on the stairs"), (&mut elsewhere, "another site's words")] {
        let subject = device.register(1);
        device.say(&subject, words);
        desk.send(&device.export(2));
    }
    // Of a stolen computer, too, what it sent before stays.
    desk.center.revoke(&stamp(7), &device.log, "stolen (sample)").expect("revoked");

    let kit = desk.center.make_kit_with_data(&stamp(8), "S01", PASSPHRASE).expect("a kit");
    assert_eq!(kit.omitted, []);
    let read = open(&desk, &kit.packed.bytes, Kind::Kit, &Key::Passphrase(PASSPHRASE));
    let own = desk.center.status().expect("a status").own_entries;
    let of = |log: &str| read.lines.iter().filter(|line| *line.entry().log == *log).map(Line::id).collect::<Vec<_>>();
    assert_eq!(of(CENTER).len() as u64, own);
    assert_eq!(of(&device.log), device.lines.iter().map(Line::id).collect::<Vec<_>>());
    assert_eq!(of(&elsewhere.log), []);
    let words: Vec<_> = read.texts.iter().map(|text| text.text.as_str()).collect();
    assert_eq!(words, ["stolen (sample)", "fell on the stairs"]);
    let has: Vec<_> = kit.packed.envelope.has.iter().map(|has| (has.log.as_str(), has.seq)).collect();
    assert_eq!(has, [(CENTER, own), (device.log.as_str(), 3)]);
    assert_eq!(Kit::read(&read.blobs[0].1).expect("a kit").site, "S01");
    assert!(read.blobs.iter().any(|(name, _)| name == Kit::STUDY_NAME));
    let plain = desk.center.make_kit(&stamp(9), "S01", PASSPHRASE).expect("a kit");
    assert_eq!((plain.envelope.entries, plain.envelope.has.len()), (0, 0));
}
