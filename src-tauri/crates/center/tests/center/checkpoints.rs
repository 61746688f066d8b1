//! What a device's checkpoint gives away, from start to end.

use crate::device::{Desk, Device};
use center::AlarmKind;

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
