//! What becomes of bundles.

use crate::device::{Desk, Device, stamp};
use bundle::SignedReceipt;
use casebook::act::{DeviceRevoked, StudyPublished};
use casebook::{FreeTextId, TextRow};
use center::{CenterError, Omission, Outcome};
use seal::{SigningKey, sha256};
use std::fs;
use study::Oid;

#[test]
fn a_stranger_waits_until_the_words_were_compared() {
    let desk = Desk::new();
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.enrol();
    device.register(1);
    let first = device.export(1);
    let words = format!("waiting for approval: S01-k7f2m3pq, {}", device.key.public().words());
    assert_eq!(desk.says(&first), words);
    assert_eq!(desk.says(&first), words, "and again");
    let second = device.export(1);
    assert_eq!(desk.says(&second), words);
    let status = desk.center.status().expect("status");
    assert_eq!((status.sites[0].devices[0].state, status.sites[0].devices[0].waiting), ("waiting", 2));
    assert_eq!(status.subjects, 0, "nothing was opened");
    let signers = || fs::read_to_string(desk.folder.path().join("allowed_signers")).expect("the file");
    assert!(!signers().contains("S01-k7f2m3pq"));

    desk.center.approve(&stamp(5), &device.log).expect("it waits");
    assert!(signers().contains(&format!("S01-k7f2m3pq namespaces=\"outpost-bundle\" {}", device.key.public())));
    let taken: Vec<_> =
        desk.center.import_waiting(&stamp(6), &device.log).expect("taken").into_iter().map(|i| i.outcome).collect();
    assert_eq!(taken, [Outcome::Accepted { entries: 2 }, Outcome::AlreadyHeld]);
    assert_eq!(desk.says(&first), "already held");
    assert_eq!(desk.center.status().expect("status").subjects, 1);
}

#[test]
fn the_same_bundle_twice_gives_the_same_receipt_bytes() {
    let (desk, mut device) = Desk::with_device();
    device.register(1);
    let packed = device.export(1);
    let receipt = |imported: &center::ImportedBundle| {
        let path = imported.receipt.clone().expect("a receipt");
        let signature = fs::read_to_string(path.with_extension("json.sig")).expect("its signature");
        SignedReceipt { bytes: fs::read(path).expect("the receipt"), signature }
    };
    let first = desk.send(&packed);
    assert_eq!(first[0].outcome, Outcome::Accepted { entries: 1 });
    let given = receipt(&first[0]);
    let said = given.verify(&desk.center.public_key()).expect("the center's");
    assert_eq!((said.seq, said.head, said.bundle), (2, device.head(), packed.id));
    fs::remove_dir_all(desk.folder.path().join("receipts")).expect("removed");
    let again = desk.send(&packed);
    assert_eq!(again[0].outcome, Outcome::AlreadyHeld);
    assert_eq!(receipt(&again[0]), given);
    let kept = fs::read(desk.folder.path().join(format!("bundles/{}.bundle", packed.id))).expect("kept");
    assert!(kept == packed.bytes, "kept as received");
}

#[test]
fn a_gap_is_parked_and_filled() {
    let (desk, mut device) = Desk::with_device();
    for number in 1..=9 {
        device.register(number);
    }
    let (second, third, fourth) = (device.part(2, 4), device.part(5, 7), device.part(8, 10));
    assert_eq!(desk.says(&fourth), "parked, expects seq 2");
    assert_eq!(desk.says(&third), "parked, expects seq 2");
    assert_eq!(desk.says(&third), "parked, expects seq 2");
    assert_eq!(desk.center.status().expect("status").sites[0].devices[0].gap, Some(2));
    let said: Vec<String> = desk.send(&second).iter().map(|imported| imported.outcome.to_string()).collect();
    assert_eq!(said, ["accepted 3 entries", "accepted 3 entries", "accepted 3 entries"]);
    let status = desk.center.status().expect("status");
    assert_eq!((status.sites[0].devices[0].gap, status.sites[0].devices[0].held, status.subjects), (None, 10, 9));
    assert_eq!(desk.says(&third), "already held");
}

#[test]
fn overlapping_bundles_are_merged() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    assert_eq!(desk.says(&device.export(1)), "accepted 1 entries");
    device.set(&subject, "IT.VS.SYSBP", "120");
    device.say(&subject, "fell on the stairs");
    assert_eq!(desk.says(&device.export(2)), "accepted 2 entries");
    assert_eq!(desk.says(&device.part(2, 3)), "already held");
    assert_eq!(desk.says(&device.export(5)), "accepted 0 entries", "nothing but a sign of life");
}

/// H3: a fork hides nothing. The branch held first stays in force, goes on, and is given out whole; what is kept aside is
/// counted wherever it is left out.
#[test]
fn h3_a_fork_keeps_both_branches() {
    let (desk, mut device) = Desk::with_device();
    device.register(1);
    let mut copy = device.clone();
    device.register(2);
    assert_eq!(desk.says(&device.export(1)), "accepted 2 entries");
    copy.register(3);
    copy.register(4);
    let branch = copy.export(1);
    let fork = "fork: seq 3 has two entries; the branch held first stays in force, this one is kept aside";
    assert_eq!(desk.says(&branch), fork);
    assert_eq!(desk.says(&branch), fork);
    device.register(5);
    let on = desk.send(&device.export(4)).remove(0);
    assert_eq!(on.outcome.to_string(), "accepted 1 entries");
    assert!(on.receipt.is_some(), "what is in force is confirmed");
    let status = desk.center.status().expect("status");
    let own = &status.sites[0].devices[0];
    assert_eq!((own.forked_at, own.held, own.quarantined), (Some(3), 4, 2));
    assert!(status.alarms.iter().any(|alarm| alarm.kind == "clone"));
    let aside = [Omission::Branch { log: device.log.clone(), seq: 3, entries: 2 }];
    assert_eq!(status.omitted, aside);
    let out = desk.folder.path().join("out");
    let exported = desk.center.export_csv(&stamp(9), &out).expect("exported");
    assert_eq!((exported.subjects, exported.omitted), (3, aside.to_vec()));
    for (subject, held) in [("S01-001", true), ("S01-002", true), ("S01-003", false), ("S01-005", true)] {
        assert_eq!(desk.center.book(subject).expect("a book").subject().is_some(), held, "{subject}");
    }
    let mut other = Device::new(&desk, "S01-bbbbbbbb");
    desk.admit(&mut other);
    let reply = desk.center.reply(&stamp(10), "S01").expect("a reply");
    assert_eq!(reply.omitted, aside);
    let run = reply.packed[0].envelope.logs.iter().find(|run| run.log == device.log).expect("the log travels");
    assert_eq!((run.first, run.last, run.head), (1, 4, device.head()), "whole");
}

#[test]
fn the_wrong_ones_are_refused_by_name() {
    let (desk, device) = Desk::with_device();
    let says = |change: &dyn Fn(&mut Device)| {
        let mut other = device.clone();
        change(&mut other);
        other.register(1);
        desk.says(&other.export(2))
    };
    assert_eq!(says(&|d| d.site = "S02".to_owned()), "refused: not for this site");
    assert_eq!(says(&|d| d.practice = true), "refused: practice data");
    let mut elsewhere = Device::new(&desk, "S09-k7f2m3pq");
    elsewhere.site = "S09".to_owned();
    elsewhere.enrol();
    assert_eq!(desk.says(&elsewhere.export(1)), "refused: not for this site");
    let mut misnamed = Device::new(&desk, "k7f2m3pq");
    misnamed.enrol();
    assert_eq!(desk.says(&misnamed.export(1)), "refused: not for this site");
    let mut foreign = Device::new(&desk, "S01-aaaaaaaa");
    foreign.study = "ST.OTHER".to_owned();
    foreign.enrol();
    assert_eq!(desk.says(&foreign.export(1)), "refused: not for this study");
    let codes: Vec<_> = desk.center.status().expect("status").refused;
    assert_eq!(codes.len(), 5);

    let practice = Desk::of(true);
    assert_eq!(practice.says(&device.export(1)), "refused: not practice data: this installation is for practice only");
}

#[test]
fn a_revoked_device_is_refused_and_stays_so() {
    let (desk, mut device) = Desk::with_device();
    let held = device.export(1);
    assert_eq!(desk.says(&held), "already held");
    desk.center.revoke(&stamp(7), &device.log, "stolen").expect("revoked");
    device.register(1);
    assert_eq!(desk.says(&device.export(1)), "refused: revoked sender: S01-k7f2m3pq");
    assert!(desk.center.approve(&stamp(8), &device.log).is_err());
    let signers = fs::read_to_string(desk.folder.path().join("allowed_signers")).expect("the file");
    assert!(!signers.contains(&device.log));
}

#[test]
fn a_device_does_not_speak_for_the_center() {
    let (desk, device) = Desk::with_device();
    let mut says = device.clone();
    says.write(StudyPublished {
        version: Oid::from("MDV.9"),
        file: "00".to_owned(),
        effective: "2026-12-01".to_owned(),
        approval: String::new(),
        sites: Vec::new(),
    });
    let refused =
        "refused: line 1 of the entries: the entry contradicts itself: an act of the center's in a device's log";
    assert_eq!(desk.says(&says.export(2)), refused);
    let mut says = device.clone();
    let row = TextRow::new(&[1; 16], "because", sha256).expect("short");
    says.write(DeviceRevoked { device: Oid::from("S01-zzzzzzzz"), reason: FreeTextId { text: row.commit } });
    assert_eq!(desk.says(&says.export(2)), refused);
    let mut registers = device.clone();
    registers.register(1);
    registers.site = "S02".to_owned();
    registers.register(1);
    registers.site = "S01".to_owned();
    assert_eq!(desk.says(&registers.export(2)), "refused: not for this site");
    // All or nothing: the good entry before the bad one was not taken in either.
    assert_eq!(desk.center.status().expect("status").subjects, 0);
    let mut honest = device;
    honest.register(7);
    assert_eq!(desk.says(&honest.export(2)), "accepted 1 entries");
}

#[test]
fn no_damage_is_taken_in() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    let good = device.export(1).bytes;
    let before = desk.center.status().expect("status").own_entries;
    let step = good.len() / 200;
    for at in (0..good.len()).step_by(step) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let outcome = &desk.send_bytes(&bad)[0].outcome;
        assert!(matches!(outcome, Outcome::Refused { .. }), "byte {at}: {outcome}");
    }
    for end in (0..good.len()).step_by(step) {
        assert!(matches!(desk.send_bytes(&good[..end])[0].outcome, Outcome::Refused { .. }), "cut at {end}");
    }
    assert_eq!(
        desk.send_bytes(&[&good[..], b"x"].concat())[0].outcome.to_string(),
        "refused: there are trailing bytes after the end of the bundle"
    );
    let status = desk.center.status().expect("status");
    assert_eq!((status.own_entries, status.subjects), (before, 0));
    assert_eq!(desk.send_bytes(&good)[0].outcome.to_string(), "accepted 2 entries");
}

/// `S01-2` is another site than `S01`: neither its subjects nor its devices are that site's.
#[test]
fn a_site_whose_identifier_goes_on_from_another_s_is_its_own() {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S01-2", "Second hospital (sample)").expect("a good name");
    let mut taken = Device::new(&desk, "S01-2-aaaaaaaa");
    taken.enrol();
    assert_eq!(desk.says(&taken.export(1)), "refused: not for this site", "as a device of S01");
    let mut devices = ["S01-aaaaaaaa", "S01-2-aaaaaaaa"].map(|log| Device::new(&desk, log));
    devices[1].site = "S01-2".to_owned();
    for (many, device) in (1..).zip(&mut devices) {
        desk.admit(device);
        (1..=many).for_each(|number| drop(device.register(number)));
        desk.send(&device.export(2));
    }
    let status = desk.center.status().expect("a status");
    let counted: Vec<_> = status.sites.iter().map(|site| (&*site.site, site.subjects, site.devices.len())).collect();
    assert_eq!(counted, [("S01", 1, 1), ("S01-2", 2, 1)]);
    assert_eq!(status.subjects, 3);
}

#[test]
fn what_waits_for_approval_is_bounded() {
    let desk = Desk::new();
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.enrol();
    let mut sent = Vec::new();
    for number in 0..64 {
        device.epoch = number;
        sent.push(device.export(1));
        assert!(desk.says(&sent[sent.len() - 1]).starts_with("waiting for approval"), "{number}");
    }
    device.epoch = 64;
    let refused = "refused: too large: number of bundles that wait for approval";
    assert_eq!(desk.says(&device.export(1)), refused);
    assert!(desk.says(&sent[7]).starts_with("waiting for approval"), "one that waits already takes no room");
    let kept = fs::read_dir(desk.folder.path().join("bundles")).expect("the folder").count();
    assert_eq!(kept, 64, "what was refused is not kept");
    desk.center.approve(&stamp(5), &device.log).expect("it waits");
    let taken = desk.center.import_waiting(&stamp(6), &device.log).expect("taken in");
    assert_eq!(taken.len(), 64);
    assert!(taken.iter().all(|one| one.outcome.is_good()), "{taken:?}");
    assert_eq!(desk.says(&device.export(1)), "already held");
}

/// A device that names the log of another before that one is heard of.
fn squatter(desk: &Desk, log: &str, seed: u8) -> Device {
    let mut squatter = Device { key: SigningKey::from_seed(&[seed; 32]), ..Device::new(desk, log) };
    squatter.enrol();
    squatter
}

/// Finding M3: whoever named a log first kept its own device from ever being approved.
#[test]
fn m3_a_log_cannot_be_taken_from_its_device() {
    let desk = Desk::new();
    let mut honest = Device::new(&desk, "S01-k7f2m3pq");
    honest.enrol();
    honest.register(1);
    let stranger = squatter(&desk, &honest.log, 9);
    for epoch in 1..=64 {
        let said = desk.says(&Device { epoch, ..stranger.clone() }.export(1));
        assert!(said.ends_with(&stranger.key.public().words()), "{said}");
    }
    assert!(desk.says(&honest.export(1)).ends_with(&honest.key.public().words()), "it waits beside the stranger's");
    let devices = desk.center.devices().expect("devices");
    assert_eq!(devices.iter().filter(|device| device.log == honest.log).count(), 2);
    let refused = desk.center.approve(&stamp(5), &honest.log).expect_err("words must say which");
    assert!(matches!(refused, CenterError::SeveralKeys(_)), "{refused}");
    let words = honest.key.public().words().to_uppercase().replace(' ', "  ");
    desk.center.approve_key(&stamp(5), &honest.log, Some(&words)).expect("approved by its words");
    let taken = desk.center.import_waiting(&stamp(6), &honest.log).expect("taken in");
    assert_eq!(taken.iter().map(|one| one.outcome.to_string()).collect::<Vec<_>>(), ["accepted 2 entries"]);
    assert_eq!(desk.center.devices().expect("devices").len(), 1, "the other is forgotten");
    // If it comes again, it waits as a new key of a known device would, and takes nothing in.
    assert!(desk.says(&stranger.export(1)).ends_with(&stranger.key.public().words()));
    honest.register(2);
    assert_eq!(desk.says(&honest.export(3)), "accepted 1 entries");
    // It shows no kit, so it keeps nobody from a reply.
    assert_eq!(desk.center.reply(&stamp(7), "S01").expect("a reply").packed.len(), 1);
}

/// Finding M3: to refuse who had named a log first made the log useless for ever.
#[test]
fn m3_to_reject_a_stranger_leaves_the_log_to_its_device() {
    let desk = Desk::new();
    let mut honest = Device::new(&desk, "S01-k7f2m3pq");
    honest.enrol();
    let strangers = [9, 10].map(|seed| squatter(&desk, &honest.log, seed));
    let own = desk.center.status().expect("a status").own_entries;
    desk.send(&strangers[0].export(1));
    desk.center.revoke(&stamp(4), &honest.log, "other words (sample)").expect("rejected");
    desk.center.revoke(&stamp(4), &honest.log, "other words (sample)").expect("it stays so");
    assert_eq!(desk.says(&strangers[0].export(1)), "refused: revoked sender: S01-k7f2m3pq");
    desk.send(&strangers[1].export(1));
    desk.send(&honest.export(1));
    assert!(desk.center.revoke(&stamp(5), &honest.log, "which? (sample)").is_err());
    desk.center
        .revoke_key(&stamp(4), &honest.log, &strangers[1].key.public().words(), "not its words (sample)")
        .expect("rejected");
    assert_eq!(desk.center.status().expect("a status").own_entries, own, "no site is told that the device is revoked");
    desk.center.approve(&stamp(6), &honest.log).expect("only its own key waits");
    let taken = desk.center.import_waiting(&stamp(6), &honest.log).expect("taken in");
    assert_eq!((taken.len(), taken[0].outcome.to_string()), (1, "accepted 1 entries".to_owned()));
    // By its words also a key that was rejected by mistake.
    let other = squatter(&desk, "S01-zzzzzzzz", 11);
    desk.send(&other.export(1));
    desk.center.revoke(&stamp(7), &other.log, "misheard (sample)").expect("rejected");
    assert!(desk.center.approve(&stamp(8), &other.log).is_err());
    desk.center.approve_key(&stamp(8), &other.log, Some(&other.key.public().words())).expect("approved");
    assert_eq!(desk.says(&other.export(1)), "accepted 1 entries");
}

/// Finding M3: strangers filled the one queue of all sites.
#[test]
fn m3_strangers_at_one_site_are_in_the_way_of_no_other() {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    for number in 0..256_u32 {
        let mut stranger = Device::new(&desk, &format!("S01-{number:08}"));
        stranger.key = SigningKey::from_seed(&sha256(&number.to_be_bytes()));
        stranger.enrol();
        assert!(desk.says(&stranger.export(1)).starts_with("waiting for approval"), "{number}");
    }
    let mut late = Device::new(&desk, "S01-k7f2m3pq");
    late.enrol();
    assert_eq!(desk.says(&late.export(1)), "refused: too large: number of bundles that wait for approval");
    let mut elsewhere = Device::new(&desk, "S02-k7f2m3pq");
    elsewhere.enrol();
    assert!(desk.says(&elsewhere.export(1)).starts_with("waiting for approval"));
    desk.center.revoke(&stamp(2), "S01-00000000", "unknown here (sample)").expect("rejected");
    assert!(desk.says(&late.export(1)).starts_with("waiting for approval"), "there is room again");
}
