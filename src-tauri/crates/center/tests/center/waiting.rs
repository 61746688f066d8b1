//! What waits for people: keys that nobody has approved, what they sent, and what is said of it (second attack).

use crate::device::{Desk, Device, stamp};
use bundle::{Key, Kind, Kit};
use center::{Center, CenterError, DeviceState, KitProof, Omission, ReplyWish};
use seal::{Identity, SigningKey};
use std::fs;
use std::path::PathBuf;
use study::Functions;

const PASSPHRASE: &str = "correct horse battery";
const FULL: &str = "refused: too large: number of bundles that wait for approval";

/// The activation code of a new kit.
fn code(desk: &Desk, minute: i64) -> String {
    let kit = desk.center.make_kit(&stamp(minute), "S01", PASSPHRASE).expect("a kit");
    let read = crate::replies::open(desk, &kit.bytes, Kind::Kit, &Key::Passphrase(PASSPHRASE));
    Kit::read(&read.blobs[0].1).expect("a kit").activation
}

/// A device that came by a kit.
fn founded() -> (Desk, Device) {
    let desk = Desk::new();
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.activation = Some(code(&desk, 1));
    desk.admit(&mut device);
    (desk, device)
}

/// The device with another key, which its log tells.
fn renewed(device: &Device, seed: u8) -> Device {
    let mut device =
        Device { key: SigningKey::from_seed(&[seed; 32]), age: Identity::make().recipient(), ..device.clone() };
    device.enrol();
    device
}

/// A key that somebody made who knows no more than what an envelope shows.
fn stranger(device: &Device, seed: u8) -> Device {
    let mut stranger = Device { activation: None, lines: Vec::new(), ..device.clone() };
    stranger.key = SigningKey::from_seed(&[seed; 32]);
    stranger.enrol();
    stranger
}

fn words(device: &Device) -> String {
    device.key.public().words()
}

fn says(imported: Vec<center::ImportedBundle>) -> Vec<String> {
    imported.into_iter().map(|one| one.outcome.to_string()).collect()
}

fn file(desk: &Desk, packed: &bundle::Packed) -> PathBuf {
    desk.folder.path().join(format!("bundles/{}.bundle", packed.id))
}

fn omitted(desk: &Desk) -> Vec<Omission> {
    desk.center.status().expect("a status").omitted
}

/// K4: sixteen keys that anybody can make kept a device's real new key out for ever.
#[test]
fn k4_strangers_keep_no_device_from_its_new_key() {
    let (desk, device) = founded();
    for seed in 0..16 {
        assert!(desk.says(&stranger(&device, 100 + seed).export(1)).starts_with("waiting"), "{seed}");
    }
    assert_eq!(desk.says(&stranger(&device, 116).export(1)), FULL);
    let own = renewed(&device, 9);
    // The code of another kit of the site is not that by which the device came.
    let other = Device { activation: Some(code(&desk, 2)), ..own.clone() };
    assert_eq!(desk.says(&other.export(2)), FULL);
    assert!(desk.says(&own.export(2)).starts_with("waiting for approval"), "it shows its kit");
    let approval = desk.center.approve_key(&stamp(5), &own.log, Some(&words(&own))).expect("approved");
    assert_eq!(approval.kit, KitProof::NewKey { shows_kit: true });
    assert_eq!(says(desk.center.import_waiting(&stamp(6), &own.log).expect("taken in")), ["accepted 1 entries"]);
}

/// K4: where a device shows no kit, or who left shows its own in many keys, people make room at once.
#[test]
fn k4_all_keys_that_wait_are_rejected_at_once() {
    let (desk, device) = Desk::with_device();
    assert!(desk.center.reject_waiting(&stamp(4), &device.log, "none (sample)").is_err());
    for seed in 0..16 {
        desk.send(&stranger(&device, 100 + seed).export(1));
    }
    let own = renewed(&device, 9);
    assert_eq!(desk.says(&own.export(2)), FULL);
    assert_eq!(desk.center.reject_waiting(&stamp(5), &device.log, "strangers (sample)").expect("rejected"), 16);
    assert!(desk.says(&own.export(2)).starts_with("waiting for approval"), "there is room");
    let states: Vec<_> = desk.center.devices().expect("devices").into_iter().map(|device| device.state).collect();
    assert_eq!(states.iter().filter(|state| **state == DeviceState::Approved).count(), 1, "the device stays");
}

/// K7: a program that died between an approval and taking in what waited left that for ever, and nobody saw it.
#[test]
fn k7_what_an_approved_key_left_waiting_is_taken_in_by_the_next_run() {
    let desk = Desk::new();
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.enrol();
    device.register(1);
    desk.send(&device.export(1));
    desk.center.approve(&stamp(2), &device.log).expect("approved");
    // It died here.
    let again = Center::open(desk.folder.path(), &Functions::default()).expect("it opens");
    let status = again.status().expect("a status");
    assert_eq!((status.sites[0].devices[0].state, status.sites[0].devices[0].waiting), ("approved", 1));
    assert_eq!(status.omitted, [Omission::Waiting { device: device.log.clone(), bundles: 1 }]);
    assert_eq!(says(again.import_parked(&stamp(3)).expect("the center works")), ["accepted 2 entries"]);
    let status = again.status().expect("a status");
    assert_eq!((status.sites[0].devices[0].waiting, status.subjects, status.omitted.len()), (0, 1, 0));
    assert_eq!(says(again.import_parked(&stamp(4)).expect("the center works")), [""; 0]);
}

/// K6: exports, replies, kits and counts said nothing of what a known device has sent and nobody has taken in.
#[test]
fn k6_what_waits_or_is_parked_of_a_known_device_is_named() {
    let (desk, device) = Desk::with_device();
    assert_eq!(omitted(&desk), []);
    let mut own = renewed(&device, 9);
    own.register(1);
    let waits = desk.send(&own.export(2)).remove(0);
    assert!(!waits.outcome.is_good(), "somebody has to compare words");
    let again = desk.send(&own.export(3)).remove(0);
    assert!(!again.is_good() && again.alarms.is_empty(), "also of the second one, which is no alarm");
    let mut late = device.clone();
    (1..=3).for_each(|number| drop(late.register(number)));
    assert!(desk.says(&late.part(4, 4)).starts_with("parked"));
    let expected = [
        Omission::Parked { log: device.log.clone(), expects: 2, bundles: 1 },
        Omission::Waiting { device: device.log.clone(), bundles: 2 },
    ];
    assert_eq!(omitted(&desk), expected);
    let exported = desk.center.export_csv(&stamp(9), &desk.folder.path().join("x")).expect("exported");
    assert_eq!(exported.omitted, expected);
    let wish = ReplyWish { site: "S01", whole: true, to_former_key: true };
    // A reply also says that the key that waits can't open it.
    let of_reply = [&expected[..], &[Omission::OtherKey { device: device.log.clone() }]].concat();
    assert_eq!(desk.center.reply_as(&stamp(9), &wish).expect("a reply").omitted, of_reply);
    assert_eq!(desk.center.make_kit_with_data(&stamp(9), "S01", PASSPHRASE).expect("a kit").omitted, expected);
    assert_eq!(
        desk.center.make_kit(&stamp(9), "S01", PASSPHRASE).map(drop).ok(),
        Some(()),
        "one without data says nothing"
    );
    // A stranger's device is nobody's data.
    desk.center.reject_waiting(&stamp(9), &device.log, "strangers (sample)").expect("rejected");
    let mut unknown = Device::new(&desk, "S01-zzzzzzzz");
    unknown.enrol();
    desk.send(&unknown.export(1));
    assert_eq!(omitted(&desk), expected[..1]);
}

/// K14: a reply that was made while a new key waited went to the former one, which who left has, and nobody was told.
#[test]
fn k14_a_reply_goes_to_no_former_key_unasked() {
    let (desk, device) = founded();
    let to = |reply: center::Replied| reply.packed[0].envelope.recipients[0].age.clone();
    // Whoever shows no kit may be anybody, and keeps nobody from replies.
    desk.send(&stranger(&device, 100).export(1));
    assert_eq!(to(desk.center.reply(&stamp(5), "S01").expect("a reply")), device.age.to_string());
    let own = renewed(&device, 9);
    desk.send(&own.export(2));
    for refused in [desk.center.reply(&stamp(5), "S01"), desk.center.reply_whole(&stamp(5), "S01")] {
        let refused = refused.err().expect("which key?");
        assert!(matches!(&refused, CenterError::FormerKey(log) if *log == device.log), "{refused}");
    }
    let wish = ReplyWish { site: "S01", whole: false, to_former_key: true };
    assert_eq!(to(desk.center.reply_as(&stamp(6), &wish).expect("asked for")), device.age.to_string());
    desk.center.approve_key(&stamp(7), &own.log, Some(&words(&own))).expect("approved");
    assert_eq!(to(desk.center.reply(&stamp(8), "S01").expect("a reply")), own.age.to_string());
}

/// K15: what waited had no bound in bytes; what was forgotten left its files and its alarms.
#[test]
fn k15_what_waits_is_bounded_and_what_is_forgotten_goes() {
    let (desk, device) = Desk::with_device();
    let thief = stranger(&device, 100);
    let first = thief.export(1);
    assert!(desk.says(&first).starts_with("waiting"));
    // The file gets a hole; the disk does not get full.
    let lengthen = |bytes| {
        let open = fs::OpenOptions::new().write(true).open(file(&desk, &first)).expect("kept");
        open.set_len(bytes).expect("longer");
    };
    let more = |seed: u8, epoch| desk.says(&Device { epoch, ..stranger(&device, seed) }.export(1));
    let together = "refused: too large: bundles that wait for approval, together";
    lengthen(1 << 30);
    assert_eq!(more(100, 2), together, "of one key");
    assert!(more(101, 1).starts_with("waiting"), "another key's wait by themselves");
    lengthen(4 << 30);
    assert_eq!(more(102, 1), together, "of all such keys");
    let mut other = Device::new(&desk, "S01-aaaaaaaa");
    other.enrol();
    assert!(desk.says(&other.export(1)).starts_with("waiting"), "another device's");

    let before = fs::read_dir(desk.folder.path().join("bundles")).expect("the folder").count();
    let alarms = || desk.center.status().expect("a status").alarms.len();
    assert_eq!(alarms(), 2);
    let revoked = desk.center.revoke_key(&stamp(5), &device.log, &words(&thief), "not its words (sample)");
    assert!(!revoked.expect("rejected").is_device() && !file(&desk, &first).exists());
    assert_eq!(alarms(), 1, "that one is dealt with");
    desk.center.reject_waiting(&stamp(5), &device.log, "strangers (sample)").expect("rejected");
    let after = fs::read_dir(desk.folder.path().join("bundles")).expect("the folder").count();
    assert_eq!((before - after, alarms()), (2, 0));
    desk.center.check().expect("sound");
    // The others that waited for a device's first approval go, too.
    let squatter = stranger(&other, 103).export(1);
    desk.send(&squatter);
    desk.center.approve_key(&stamp(6), &other.log, Some(&words(&other))).expect("approved");
    assert!(!file(&desk, &squatter).exists());
}

/// K9, the rest: who rejected a key that waited was told that the device was revoked, and the reason was gone.
#[test]
fn k9_a_key_that_is_rejected_is_said_to_be_and_why() {
    let desk = Desk::new();
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.enrol();
    desk.send(&device.export(1));
    let rejected = desk.center.revoke(&stamp(4), &device.log, "misheard (sample)").expect("rejected");
    assert!(!rejected.is_device(), "nothing was revoked");
    let refused = desk.center.status().expect("a status").refused.remove(0);
    let said = format!("the key {} was rejected: misheard (sample)", words(&device));
    assert_eq!((refused.file, refused.words), (device.log.clone(), said));
    desk.center.approve_key(&stamp(5), &device.log, Some(&words(&device))).expect("after all");
    assert!(desk.center.revoke(&stamp(6), &device.log, "stolen (sample)").expect("revoked").is_device());
}

/// F4: to approve one of two new keys forgot what the other had sent, in silence. It waits on: it may be the newer one.
#[test]
fn f4_another_new_key_waits_on() {
    let (desk, device) = Desk::with_device();
    let two = renewed(&device, 9);
    let mut three = renewed(&two, 11);
    three.register(1);
    desk.send(&three.export(2));
    desk.send(&two.export(2));
    desk.center.approve_key(&stamp(5), &two.log, Some(&words(&two))).expect("approved");
    assert_eq!(says(desk.center.import_waiting(&stamp(6), &two.log).expect("taken in")), ["accepted 1 entries"]);
    assert_eq!(omitted(&desk), [Omission::Waiting { device: two.log.clone(), bundles: 1 }]);
    desk.center.approve_key(&stamp(7), &two.log, Some(&words(&three))).expect("approved");
    assert_eq!(says(desk.center.import_waiting(&stamp(8), &two.log).expect("taken in")), ["accepted 2 entries"]);
}

/// F2: of a new key that was rejected by mistake it was said that it shows no kit.
#[test]
fn f2_a_rejected_new_key_is_a_new_key_all_the_same() {
    let (desk, device) = Desk::with_device();
    let own = renewed(&device, 9);
    desk.send(&own.export(2));
    desk.center.revoke_key(&stamp(4), &own.log, &words(&own), "misheard (sample)").expect("rejected");
    let kit = desk.center.approve_key(&stamp(5), &own.log, Some(&words(&own))).expect("approved").kit;
    assert_eq!(kit, KitProof::NewKey { shows_kit: false });
}

/// B6: what the former key had parked was refused in silence when another was approved.
#[test]
fn b6_what_a_former_key_left_parked_is_named() {
    let (desk, mut device) = Desk::with_device();
    (1..=6).for_each(|number| drop(device.register(number)));
    let parked = device.part(5, 7);
    assert_eq!(desk.says(&parked), "parked, expects seq 2");
    let own = renewed(&device, 9);
    desk.send(&own.export(2));
    let approval = desk.center.approve_key(&stamp(5), &own.log, Some(&words(&own))).expect("approved");
    assert_eq!(approval.refused, [parked.id]);
    let refused = desk.center.status().expect("a status").refused;
    assert_eq!(refused[0].file, format!("{}.bundle", parked.id));
    assert!(refused[0].words.starts_with("replaced sender: S01-k7f2m3pq"), "{}", refused[0].words);
}

/// C3: an error that passes gave up for good what was parked, or waited. It stays, is named, and keeps no other from its turn.
#[cfg(unix)]
#[test]
fn c3_what_can_not_be_read_now_is_tried_again() {
    let (desk, mut device) = Desk::with_device();
    (1..=4).for_each(|number| drop(device.register(number)));
    let early = [device.part(4, 4), device.part(4, 5)];
    early.iter().for_each(|packed| drop(desk.send(packed)));
    // A link that leads to itself can't be read; a disk that fails for a moment neither.
    let (kept, aside) = (file(&desk, &early[0]), desk.folder.path().join("aside"));
    fs::rename(&kept, &aside).expect("put away");
    std::os::unix::fs::symlink(&kept, &kept).expect("a link");
    let said = desk.send(&device.part(2, 3));
    assert!(said[1].outcome.to_string().contains("the next run tries again"), "{}", said[1]);
    assert!(!said[1].is_good());
    assert_eq!(said[2].outcome.to_string(), "accepted 2 entries");
    fs::remove_file(&kept).expect("the link");
    fs::rename(&aside, &kept).expect("given back");
    assert_eq!(says(desk.center.import_parked(&stamp(5)).expect("the center works")), ["already held"]);
    let status = desk.center.status().expect("a status");
    assert_eq!((status.sites[0].devices[0].gap, status.refused.len()), (None, 0));
}

/// The center's clock was called suspect where a program had waited for its turn while another wrote.
#[test]
fn who_waited_for_a_turn_has_no_wrong_clock() {
    let (desk, mut device) = Desk::with_device();
    (1..=3).for_each(|number| drop(device.register(number)));
    let own = || desk.center.status().expect("a status").own_entries;
    let before = own();
    let at = |ms| center::Stamp { at: casebook::Instant::from_ms(stamp(200).at.ms() + ms), ..stamp(200) };
    let send = |ms, seq| {
        let source = std::io::Cursor::new(device.part(seq, seq).bytes);
        desk.center.import(&at(ms), "a.bundle", source).expect("the center works");
    };
    send(5, 2);
    send(0, 3);
    assert_eq!(own(), before + 2, "five milliseconds are another program's turn");
    send(-3_600_000, 4);
    assert_eq!(own(), before + 4, "an hour is a clock that was set back");
}
