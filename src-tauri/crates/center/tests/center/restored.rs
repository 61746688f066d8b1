//! Devices whose vault was put back from a copy.

use crate::device::{Desk, Device, stamp};
use crate::replies::open;
use bundle::{Key, Kind};
use casebook::act::{AlarmRaised, VaultRestored};
use center::AlarmKind;
use seal::Identity;
use study::Oid;

/// A device that has sent ten entries in three sessions, the copy of its vault that was made of the first six in the first
/// session, and what opens replies to it.
fn scene() -> (Desk, Device, Device, Identity) {
    let desk = Desk::new();
    let identity = Identity::make();
    let mut device = Device { age: identity.recipient(), ..Device::new(&desk, "S01-k7f2m3pq") };
    desk.admit(&mut device);
    (1..=5).for_each(|number| drop(device.register(number)));
    desk.send(&device.export(2));
    let copy = device.clone();
    device.epoch = 3;
    (6..=9).for_each(|number| drop(device.register(number)));
    assert_eq!(desk.says(&device.export(7)), "accepted 4 entries");
    (desk, device, copy, identity)
}

/// The vault's first words after it was put back: in another session than the copy's.
fn put_back(copy: &mut Device, end: &Device) {
    copy.epoch += 1;
    let act = VaultRestored { seq: end.lines.len() as u64, head: end.head(), said_by: None };
    copy.write_with(act, |entry| entry.by = Oid::from("system"));
}

/// The runs of the device's own log in the replies to its site.
fn own_runs(desk: &Desk, device: &Device) -> Vec<(u64, u64)> {
    let packed = desk.center.reply(&stamp(20), "S01").expect("a reply").packed;
    let runs = packed.iter().flat_map(|one| &one.envelope.logs);
    runs.filter(|run| run.log == device.log).map(|run| (run.first, run.last)).collect()
}

/// Issue 9, part B: a restored vault is told by the center what it lacks, also at a site with one device only.
#[test]
fn a_restored_device_gets_its_own_entries_back() {
    let (desk, device, mut copy, identity) = scene();
    assert_eq!(own_runs(&desk, &device), [], "its own entries stay at home");
    // The copy sends what it had not been confirmed, before it writes anything.
    copy.epoch = 2;
    desk.send(&copy.export(2));
    assert_eq!(own_runs(&desk, &device), [(7, 10)]);
    let packed = desk.center.reply(&stamp(20), "S01").expect("a reply").packed;
    let read = open(&desk, &packed[0].bytes, Kind::Reply, &Key::Identity(&identity));
    let own = read.lines.into_iter().filter(|line| *line.entry().log == *device.log);
    let end = copy.clone();
    copy.lines.extend(own);
    assert_eq!(copy.head(), device.head());

    put_back(&mut copy, &end);
    copy.register(10);
    let sent = desk.send(&copy.export(11)).remove(0);
    assert_eq!((sent.outcome.to_string(), sent.alarms), ("accepted 2 entries".to_owned(), vec![AlarmKind::Restored]));
    assert_eq!(own_runs(&desk, &device), [], "it has them");
    let told = desk.center.status().expect("a status").alarms;
    let told = told.iter().find(|alarm| alarm.kind == "restored").expect("told");
    assert_eq!((told.seq, told.last), (11, None), "nothing that is held here is missing there");
    copy.epoch += 1;
    copy.register(11);
    assert_eq!(desk.send(&copy.export(13))[0].alarms, [], "it goes on");
}

/// Issue 9, part B: one that went on from the copy's end is a fork as any other, and it is named what it lacks.
#[test]
fn what_a_restored_device_lacks_is_named() {
    let (desk, device, mut copy, _) = scene();
    let end = copy.clone();
    put_back(&mut copy, &end);
    copy.register(12);
    let sent = desk.send(&copy.export(7)).remove(0);
    assert!(sent.outcome.to_string().starts_with("fork: seq 7 has two entries"), "{}", sent.outcome);
    assert!(sent.alarms.contains(&AlarmKind::Restored) && sent.alarms.contains(&AlarmKind::Clone), "{:?}", sent.alarms);
    let status = desk.center.status().expect("a status");
    let told = status.alarms.iter().find(|alarm| alarm.kind == "restored").expect("told");
    assert_eq!((told.seq, told.last), (7, Some(10)));
    assert!(told.words.ends_with("; it lacks seq 7 to 10, which are held here"), "{}", told.words);
    let own = &status.sites[0].devices[0];
    assert_eq!((own.held, own.forked_at, own.quarantined), (10, Some(7), 2), "as before");
    assert_eq!(own_runs(&desk, &device), [], "ours would only contradict its own");
}

/// A vault that lies in the safe of a new computer may have sent nothing yet: the data manager asks for all.
#[test]
fn a_whole_reply_holds_a_device_s_own_entries() {
    let (desk, device, _, identity) = scene();
    let packed = desk.center.reply_whole(&stamp(20), "S01").expect("a reply").packed;
    let read = open(&desk, &packed[0].bytes, Kind::Reply, &Key::Identity(&identity));
    let own = read.lines.iter().filter(|line| *line.entry().log == *device.log).map(|line| line.id());
    assert!(own.eq(device.lines.iter().map(casebook::Line::id)));
}

/// Attack 2, S1: what a site's computer noticed of an older copy by itself stands in the status as an alarm of its own; what
/// concerns the site alone does not.
#[test]
fn s1_what_a_site_noticed_by_itself_is_an_alarm() {
    let (desk, mut device, ..) = scene();
    for code in
        ["rolled_back", "other_history", "checkpoint_missing", "checkpoint_forged", "checkpoint_unkept", "read_only"]
    {
        let act = AlarmRaised { code: code.to_owned(), place: format!("{} 4 < 9", device.log) };
        device.write_with(act, |entry| entry.by = Oid::from("system"));
    }
    let (older, other, checkpoint) =
        (AlarmKind::ToldRolledBack, AlarmKind::ToldOtherHistory, AlarmKind::ToldCheckpoint);
    assert_eq!(desk.send(&device.export(11))[0].alarms, [older, other, checkpoint, checkpoint, checkpoint]);
    let told = desk.center.status().expect("a status").alarms;
    let told: Vec<(&str, u64)> = told.iter().map(|alarm| (alarm.kind, alarm.seq)).collect();
    let all = [
        ("told_rolled_back", 11),
        ("told_other_history", 12),
        ("told_checkpoint", 13),
        ("told_checkpoint", 14),
        ("told_checkpoint", 15),
    ];
    assert!(told.len() == all.len() && all.iter().all(|one| told.contains(one)), "{told:?}");
}
