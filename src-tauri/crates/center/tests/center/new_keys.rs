//! A device that drew new keys, because somebody left who may have kept the former ones.

use crate::device::{Desk, Device, stamp};
use crate::replies::open;
use bundle::{Key, Kind};
use casebook::act::DeviceEnrolled;
use center::{AlarmKind, CenterError, DeviceState, KitProof, RevokeWish};
use seal::{Identity, SignerStanding, SigningKey};
use std::fs;
use std::process::{Command, Stdio};
use study::Oid;

/// What was drawn, and how the journal tells it.
fn draw(device: &mut Device, seed: u8) -> Identity {
    let identity = Identity::make();
    (device.key, device.age) = (SigningKey::from_seed(&[seed; 32]), identity.recipient());
    device.enrol();
    identity
}

/// A device whose first bundle was taken in, as who left copied it, and as it went on with new keys.
struct Stage {
    desk: Desk,
    left: Device,
    /// The identity of who left.
    former: Identity,
    device: Device,
    identity: Identity,
}

fn stage() -> Stage {
    let desk = Desk::new();
    let mut left = Device::new(&desk, "S01-k7f2m3pq");
    let former = Identity::make();
    left.age = former.recipient();
    desk.admit(&mut left);
    let mut device = left.clone();
    let identity = draw(&mut device, 9);
    device.register(1);
    Stage { desk, left, former, device, identity }
}

fn states(desk: &Desk) -> Vec<(DeviceState, String)> {
    let devices = desk.center.devices().expect("devices");
    devices.into_iter().map(|device| (device.state, device.key.words())).collect()
}

fn alarms(desk: &Desk) -> Vec<&'static str> {
    desk.center.status().expect("a status").alarms.into_iter().map(|alarm| alarm.kind).collect()
}

/// H4: the new key waits until its words were compared; from then on the former one signs nothing more, and what is sent to the
/// device opens by the new one alone.
#[test]
fn h4_a_new_key_takes_the_place_of_the_former_one() {
    let Stage { desk, mut left, former, device, identity } = stage();
    let (old, new) = (left.key.public().words(), device.key.public().words());
    let sent = desk.send(&device.export(2));
    assert_eq!(sent[0].outcome.to_string(), format!("waiting for approval: S01-k7f2m3pq, {new}"));
    assert_eq!((sent[0].alarms.as_slice(), alarms(&desk)), ([AlarmKind::NewKey].as_slice(), vec!["new_key"]));
    assert_eq!(desk.send(&device.export(2))[0].alarms, [], "it is told once");
    let status = desk.center.status().expect("a status").sites.remove(0).devices;
    let waiting = status.iter().find(|device| device.state == "waiting").expect("listed");
    assert_eq!(
        (waiting.words.as_str(), waiting.waiting, &waiting.kit),
        (new.as_str(), 2, &KitProof::NewKey { shows_kit: false })
    );
    // Until then it stops nothing.
    let twin = left.clone();
    left.register(2);
    assert_eq!(desk.says(&left.export(2)), "accepted 1 entries");
    left = twin;
    // Nobody replaces a key by mistake.
    let refused = desk.center.approve(&stamp(5), &device.log).expect_err("words must say so");
    assert!(matches!(refused, CenterError::NewKey(_)), "{refused}");
    desk.center.approve_key(&stamp(5), &device.log, Some(&old)).expect("that is the present one");
    assert!(desk.center.approve_key(&stamp(5), &device.log, Some("abandon ability able")).is_err());
    assert_eq!(states(&desk).iter().filter(|(state, _)| *state == DeviceState::Approved).count(), 1);

    let kit = desk.center.approve_key(&stamp(6), &device.log, Some(&new)).expect("approved");
    assert_eq!(kit.kit, KitProof::NewKey { shows_kit: false });
    let mut known = states(&desk);
    known.sort_by_key(|(state, _)| state.code());
    assert_eq!(known, [(DeviceState::Approved, new), (DeviceState::Replaced, old.clone())]);
    // Who left signs nothing more, whatever it says; and is not approved again.
    left.register(7);
    let said = desk.says(&left.export(2));
    assert!(said.starts_with("refused: replaced sender: S01-k7f2m3pq has another key since; export again"), "{said}");
    let refused = desk.center.approve_key(&stamp(7), &device.log, Some(&old)).expect_err("replaced");
    assert!(matches!(refused, CenterError::Replaced(_)), "{refused}");
    // A reply that is made now.
    let reply = desk.center.reply(&stamp(8), "S01").expect("a reply").packed.remove(0);
    let to: Vec<_> = reply.envelope.recipients.iter().map(|to| to.age.clone()).collect();
    assert_eq!(to, [identity.recipient().to_string()]);
    open(&desk, &reply.bytes, Kind::Reply, &Key::Identity(&identity));
    let sealed = bundle::Sealed::inspect(std::io::Cursor::new(reply.bytes)).expect("whole");
    let admission = bundle::Admission {
        study: None,
        site: None,
        kind: Kind::Reply,
        practice: false,
        sender: bundle::SenderTrust::Known(desk.center.public_key()),
    };
    let opened = sealed
        .admit(&admission)
        .expect("from the center")
        .open(&Key::Identity(&former), &mut crate::replies::Read::default());
    assert_eq!(opened.err(), Some(bundle::BundleError::NotForUs));
}

/// H4: what waited of the new key is taken in once it is approved, and the device goes on; a third key likewise.
#[test]
fn h4_the_device_goes_on_with_its_new_keys() {
    let Stage { desk, mut device, .. } = stage();
    for (minute, seed) in [(10, 9_u8), (20, 11)] {
        let words = device.key.public().words();
        desk.send(&device.export(2));
        desk.center.approve_key(&stamp(minute), &device.log, Some(&words)).expect("approved");
        let taken = desk.center.import_waiting(&stamp(minute + 1), &device.log).expect("taken in");
        assert_eq!(taken[0].outcome.to_string(), "accepted 2 entries");
        device.register(u32::from(seed));
        assert_eq!(desk.says(&device.export(2)), "accepted 1 entries");
        // The same person as before, by the same words: nothing changes.
        desk.center.approve_key(&stamp(minute + 2), &device.log, Some(&words)).expect("is approved");
        desk.center.approve(&stamp(minute + 2), &device.log).expect("is approved");
        draw(&mut device, 11);
        device.register(u32::from(seed) + 1);
    }
    assert_eq!(alarms(&desk), ["new_key", "new_key"]);
    assert!(desk.center.check().is_ok());
}

/// H4: a first bundle may bring the first and the second enrolment; an export in parts names the new keys in a later part; what was
/// exported before the new keys is taken in by the former one.
#[test]
fn h4_the_last_enrolment_of_a_log_is_its_signers() {
    let desk = Desk::new();
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.enrol();
    device.register(1);
    draw(&mut device, 9);
    device.register(2);
    desk.send(&device.part(1, 2));
    desk.send(&device.part(3, 4));
    desk.center.approve(&stamp(5), &device.log).expect("a new device");
    let taken = desk.center.import_waiting(&stamp(6), &device.log).expect("taken in");
    let said: Vec<_> = taken.iter().map(|one| one.outcome.to_string()).collect();
    assert_eq!(said, ["accepted 2 entries", "accepted 2 entries"]);

    // What was exported before, and comes only now.
    let (desk, mut old) = Desk::with_device();
    old.register(1);
    let export = old.export(1);
    let mut new = old.clone();
    draw(&mut new, 9);
    desk.send(&new.export(2));
    assert_eq!(desk.says(&export), "accepted 1 entries");
    desk.center.approve_key(&stamp(5), &new.log, Some(&new.key.public().words())).expect("approved");
    let taken = desk.center.import_waiting(&stamp(6), &new.log).expect("taken in");
    assert_eq!(taken[0].outcome.to_string(), "accepted 1 entries", "{:?}", taken[0]);
    assert_eq!(desk.says(&export), "already held", "it was answered");

    // The last keys of a log that nobody holds who signs it.
    let (desk, mut liar) = Desk::with_device();
    let key = liar.key.clone();
    draw(&mut liar, 9);
    let said = desk.says(&Device { key: key.clone(), ..liar.clone() }.export(1));
    assert!(said.contains("an act about another device"), "{said}");
    // Also behind its own: the former ones can't come last.
    let mut back = liar.clone();
    back.write(DeviceEnrolled {
        site: Oid::from("S01"),
        device: Oid::from(back.log.as_str()),
        key: key.public().to_string(),
        recipient: back.age.to_string(),
        program: "0.1.0".to_owned(),
        practice: false,
    });
    desk.send(&back.export(2));
    desk.center.approve_key(&stamp(5), &back.log, Some(&back.key.public().words())).expect("approved");
    let taken = desk.center.import_waiting(&stamp(6), &back.log).expect("the center works");
    assert!(taken[0].outcome.to_string().contains("an act about another device"), "{}", taken[0].outcome);
}

/// H4: what a former key signed and is parked is not taken in behind the approval of a new one: who left may have sent it. The device
/// sends what is its own again.
#[test]
fn h4_what_a_former_key_left_parked_is_sent_again() {
    let Stage { desk, left, mut device, .. } = stage();
    let mut forged = left.clone();
    (5..8).for_each(|number| drop(forged.register(number)));
    assert_eq!(desk.says(&forged.part(4, 4)), "parked, expects seq 2");
    let words = device.key.public().words();
    desk.send(&device.export(2));
    desk.center.approve_key(&stamp(6), &device.log, Some(&words)).expect("approved");
    let taken = desk.center.import_waiting(&stamp(7), &device.log).expect("taken in");
    assert_eq!(taken.iter().map(|one| one.outcome.to_string()).collect::<Vec<_>>(), ["accepted 2 entries"]);
    device.register(3);
    assert_eq!(desk.says(&device.export(2)), "accepted 1 entries");
    let status = desk.center.status().expect("a status");
    // The one that was parked is named.
    assert_eq!((status.refused.len(), status.sites[0].devices.iter().filter_map(|one| one.gap).count()), (1, 0));
}

/// H4: whoever has an old copy may ask, too: so many keys wait for a device and no more, in the way of no other; one that was
/// refused by its words stays so.
#[test]
fn h4_keys_that_ask_for_a_known_device_are_bounded() {
    let Stage { desk, left, device, .. } = stage();
    let thief = |seed| Device { key: SigningKey::from_seed(&[seed; 32]), ..left.clone() };
    for seed in 100..116 {
        assert!(desk.says(&thief(seed).export(1)).starts_with("waiting"));
    }
    let many = "refused: too large: number of bundles that wait for approval";
    assert_eq!(desk.says(&thief(116).export(1)), many);
    let mut other = Device::new(&desk, "S01-aaaaaaaa");
    other.enrol();
    assert!(desk.says(&other.export(1)).starts_with("waiting"), "another device's key");
    desk.center
        .revoke_key(&stamp(4), &left.log, &thief(100).key.public().words(), "not its words (sample)")
        .expect("refused");
    assert!(desk.says(&thief(100).export(1)).starts_with("refused: revoked sender"));
    assert!(desk.says(&device.export(2)).starts_with("waiting"), "there is room again");
    // A revoked device gets no other key.
    let words = left.key.public().words();
    let stopped = desk.center.revoke_key(&stamp(9), &left.log, &words, "stolen").expect_err("its new key waits");
    assert!(matches!(stopped, CenterError::KeyWaits(_)), "{stopped}");
    let wish = RevokeWish { log: &left.log, words: Some(&words), reason: "stolen", and_waiting: true };
    desk.center.revoke_as(&stamp(9), &wish).expect("revoked");
    assert!(desk.says(&device.export(2)).starts_with("refused: revoked sender"));
    assert!(desk.center.approve_key(&stamp(10), &left.log, Some(&device.key.public().words())).is_err());
}

/// H4: while another key waits, nobody revokes the device by mistake; by its words the other key is rejected and the device stays.
#[test]
fn h4_a_strangers_key_does_not_take_the_device_along() {
    let Stage { desk, left, .. } = stage();
    let thief = Device { key: SigningKey::from_seed(&[100; 32]), ..left.clone() };
    assert!(desk.says(&thief.export(1)).starts_with("waiting"));
    let center = &desk.center;
    let refused = center.revoke(&stamp(5), &left.log, "not its words (sample)").expect_err("which?");
    assert!(matches!(refused, CenterError::NewKey(_)), "{refused}");
    let by = |key: &SigningKey| center.revoke_key(&stamp(6), &left.log, &key.public().words(), "compared (sample)");
    assert!(!by(&thief.key).expect("rejected").is_device());
    assert!(desk.says(&thief.export(1)).starts_with("refused: revoked sender"));
    let state = |key: &SigningKey| states(&desk).into_iter().find(|(_, words)| *words == key.public().words());
    assert_eq!(state(&left.key).map(|(state, _)| state), Some(DeviceState::Approved));
    assert!(by(&SigningKey::from_seed(&[101; 32])).is_err());
    assert!(by(&left.key).expect("revoked").is_device());
    assert_eq!(state(&left.key).map(|(state, _)| state), Some(DeviceState::Revoked));
}

/// H4: what was taken in before can be checked by OpenSSH for the time in which the former key counted, and not for later.
#[test]
fn h4_old_evidence_is_checked_by_ssh_keygen() {
    let Stage { desk, mut left, device, .. } = stage();
    left.register(1);
    desk.send(&device.export(2));
    let new = device.key.public();
    desk.center.approve_key(&stamp(6), &device.log, Some(&new.words())).expect("approved");
    let signers = fs::read_to_string(desk.folder.path().join("allowed_signers")).expect("the list");
    assert_eq!(signers.lines().filter(|line| line.starts_with(&device.log)).count(), 2, "{signers}");
    let read = seal::AllowedSigners::read(&signers, bundle::NAMESPACE).expect("our own list");
    assert_eq!(read.standing(&device.log, &new), SignerStanding::Allowed);
    assert_eq!(read.standing(&device.log, &left.key.public()), SignerStanding::Former { until: "20261125" });
    if Command::new("ssh-keygen").arg("-?").stderr(Stdio::null()).status().is_err() {
        println!("skipped: no ssh-keygen");
        return;
    }
    let verify = |of: &SigningKey, time: &str| {
        let (text, armour) = (desk.folder.path().join("said"), desk.folder.path().join("said.sig"));
        fs::write(&text, b"said").expect("written");
        fs::write(&armour, of.sign_ssh(bundle::NAMESPACE, b"said")).expect("written");
        let mut ssh = Command::new("ssh-keygen");
        ssh.args(["-Y", "verify", "-n", bundle::NAMESPACE, "-I", &device.log, "-O", &format!("verify-time={time}")]);
        ssh.arg("-f").arg(desk.folder.path().join("allowed_signers")).arg("-s").arg(&armour);
        ssh.stdin(fs::File::open(&text).expect("there")).stdout(Stdio::null()).stderr(Stdio::null());
        ssh.status().expect("runs").success()
    };
    // The test's day is the 23rd of November 2026.
    let days = ["20261122", "20261123", "20261124", "20261126"];
    assert_eq!(days.map(|day| verify(&left.key, day)), [true, true, true, false]);
    assert_eq!(days.map(|day| verify(&device.key, day)), [true; 4]);
}
