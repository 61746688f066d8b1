//! What a device's checkpoint gives away, from start to end.

use crate::device::{Desk, Device};
use center::AlarmKind;
use seal::Identity;

fn alarms(desk: &Desk, device: &Device, from: u64) -> Vec<AlarmKind> {
    desk.send(&device.export(from))[0].alarms.clone()
}

/// A device that has sent ten entries in its third session.
fn known() -> (Desk, Device) {
    let (desk, mut device) = Desk::with_device();
    device.epoch = 2;
    for number in 1..=4 {
        device.register(number);
    }
    assert_eq!(alarms(&desk, &device, 1), []);
    device.epoch = 3;
    for number in 5..=9 {
        device.register(number);
    }
    assert_eq!(alarms(&desk, &device, 1), []);
    (desk, device)
}

#[test]
fn going_on_raises_nothing() {
    let (desk, mut device) = known();
    device.epoch = 4;
    device.register(10);
    assert_eq!(alarms(&desk, &device, 11), []);
    assert_eq!(alarms(&desk, &device, 1), []);
    assert!(desk.center.status().expect("status").alarms.is_empty());
}

#[test]
fn removed_newest_entries_are_named() {
    let (desk, mut device) = known();
    device.epoch = 4;
    device.lines.truncate(8);
    assert_eq!(alarms(&desk, &device, 1), [AlarmKind::Truncation]);
    device.register(10);
    // To whoever holds both branches, a vault that lost its newest entries is an older vault.
    assert_eq!(alarms(&desk, &device, 1), [AlarmKind::Clone, AlarmKind::Truncation, AlarmKind::Rollback]);
    let status = desk.center.status().expect("status");
    assert_eq!(status.sites[0].devices[0].held, 10, "nothing is lost");
}

#[test]
fn a_rewritten_entry_is_named() {
    let (desk, mut device) = known();
    device.epoch = 4;
    device.lines.truncate(4);
    for number in 11..=20 {
        device.register(number);
    }
    assert_eq!(alarms(&desk, &device, 1), [AlarmKind::Clone, AlarmKind::Edit]);
    let (desk, mut device) = known();
    device.epoch = 4;
    device.lines.truncate(4);
    for number in 11..=20 {
        device.register(number);
    }
    // Only what follows the last receipt is sent: the entry before it is another than the center's.
    assert_eq!(alarms(&desk, &device, 11), [AlarmKind::Clone, AlarmKind::Edit]);
}

#[test]
fn yesterdays_copy_is_named() {
    let (desk, mut device) = Desk::with_device();
    device.epoch = 2;
    device.register(1);
    let mut yesterday = device.clone();
    device.epoch = 3;
    device.register(2);
    assert_eq!(alarms(&desk, &device, 1), []);
    yesterday.epoch = 3;
    yesterday.register(3);
    yesterday.register(4);
    assert_eq!(alarms(&desk, &yesterday, 1), [AlarmKind::Clone, AlarmKind::Rollback]);
}

#[test]
fn an_old_stick_raises_nothing() {
    let (desk, mut device) = Desk::with_device();
    device.epoch = 2;
    device.register(1);
    let old = device.export(1);
    device.epoch = 3;
    device.register(2);
    assert_eq!(alarms(&desk, &device, 1), []);
    assert_eq!(desk.send(&old)[0].alarms, []);
}

/// A low finding: an epoch of 2^64 − 1 was remembered, and no later rollback of that device was seen.
#[test]
fn an_absurd_epoch_is_named_and_hides_no_rollback() {
    let (desk, mut device) = known();
    let mut yesterday = device.clone();
    for epoch in [u64::MAX, i64::MAX as u64, 12] {
        device.epoch = epoch;
        device.lines.truncate(10);
        device.register(10);
        assert_eq!(alarms(&desk, &device, 11), [AlarmKind::Epoch], "{epoch}");
    }
    device.epoch = 4;
    device.register(11);
    assert_eq!(alarms(&desk, &device, 12), [], "the honest program goes on");
    yesterday.epoch = 4;
    yesterday.register(12);
    assert_eq!(alarms(&desk, &yesterday, 11), [AlarmKind::Clone, AlarmKind::Rollback]);
}

/// The same of a center that remembered one before it was looked at.
#[test]
fn an_absurd_epoch_that_was_remembered_counts_no_more() {
    let (desk, mut device) = known();
    let planted = "INSERT INTO mark VALUES (?1, ?2, 10, zeroblob(32))";
    crate::folding::database(&desk).execute(planted, rusqlite::params![device.log, i64::MAX]).expect("planted");
    device.epoch = 4;
    device.register(10);
    assert_eq!(alarms(&desk, &device, 11), []);
}

/// A low finding, and H6: what the recovery key does not open is lost with the center's computer. It is not taken in.
#[test]
fn a_bundle_that_the_recovery_key_does_not_open_is_refused() {
    let (desk, mut device) = known();
    let other = Identity::make().recipient();
    let recovery = std::mem::replace(&mut device.recovery, other.clone());
    device.epoch = 4;
    device.register(10);
    let refused = "refused: not encrypted to the center's recovery key as well";
    assert_eq!(desk.says(&device.export(11)), refused);
    device.register(11);
    device.register(12);
    assert_eq!(desk.says(&device.export(13)), refused, "also what would be parked");
    let mut stranger = Device { recovery: other, ..Device::new(&desk, "S01-zzzzzzzz") };
    stranger.enrol();
    assert_eq!(desk.says(&stranger.export(1)), refused, "also what would wait");
    let status = desk.center.status().expect("a status");
    assert_eq!((status.sites[0].devices.len(), status.sites[0].devices[0].held), (1, 10));
    device.recovery = recovery;
    assert_eq!(desk.says(&device.export(11)), "accepted 3 entries");
    assert_eq!(desk.center.status().expect("a status").alarms.len(), 0);
}
