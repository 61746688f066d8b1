//! A device that drew a new key because somebody left, as a data manager meets it.

use crate::cli::{good, made, path, run};
use crate::device::{Desk, Device, stamp};
use seal::{Identity, SigningKey};
use std::fs;

/// A center with a device, and that device with a new key and a bundle in a file.
fn renewed() -> (Desk, String, Device, Device, String) {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a site");
    let mut left = Device::new(&desk, "S01-k7f2m3pq");
    desk.admit(&mut left);
    let mut device = left.clone();
    (device.key, device.age) = (SigningKey::from_seed(&[9; 32]), Identity::make().recipient());
    device.enrol();
    let file = path(desk.folder.path(), "new.bundle");
    fs::write(&file, device.export(2).bytes).expect("written");
    (desk, dir, left, device, file)
}

/// H4: a new key is an alarm, is listed beside the approved one, and is approved by its words alone; then the former one is refused.
#[test]
fn h4_a_new_key_is_approved_by_its_words() {
    let (desk, dir, mut left, device, file) = renewed();
    let (old, new) = (left.key.public().words(), device.key.public().words());
    let (code, out, _) = run(&["ingest", "--dir", &dir, &file]);
    assert!(code == 1 && out.contains(&format!("waiting for approval: S01-k7f2m3pq, {new}; ALARM new key: ")), "{out}");
    let list = good(&["device", "list", "--dir", &dir]);
    let line = format!("S01-k7f2m3pq\twaiting\theld 1\t{new}\tis a new key of a known device\n");
    assert!(list.contains(&line) && list.contains(&format!("S01-k7f2m3pq\tapproved\theld 1\t{old}\t")), "{list}");
    let status = good(&["status", "--dir", &dir]);
    assert!(status.contains(&format!("1 bundles wait, is a new key of a known device; words: {new}")), "{status}");
    assert!(status.contains("ALARM "), "{status}");
    for named in [&["device", "approve", "--dir", &dir][..], &["device", "approve", "--dir", &dir, "S01-k7f2m3pq"]] {
        let (code, _, errors) = run(named);
        assert!(
            code != 0 && errors.contains("another key of the device S01-k7f2m3pq waits: compare its words"),
            "{errors}"
        );
    }
    let approve = ["device", "approve", "--dir", &dir, "S01-k7f2m3pq", "--words", &new];
    let out = good(&approve);
    assert!(out.starts_with("approved S01-k7f2m3pq: it is a new key of a known device\n"), "{out}");
    assert!(out.contains("accepted 1 entries"), "{out}");
    assert!(good(&approve).starts_with("approved S01-k7f2m3pq: it shows no kit"), "again");
    left.register(1);
    fs::write(&file, left.export(2).bytes).expect("written");
    let (code, out, _) = run(&["ingest", "--dir", &dir, &file]);
    assert!(code == 1 && out.contains("refused: replaced sender: S01-k7f2m3pq has another key since"), "{out}");
    let list = good(&["device", "list", "--dir", &dir]);
    assert!(list.contains(&format!("S01-k7f2m3pq\treplaced\theld 2\t{old}\t")), "{list}");
    let (code, _, errors) = run(&["device", "approve", "--dir", &dir, "S01-k7f2m3pq", "--words", &old]);
    assert!(code != 0 && errors.contains("was replaced by another; it cannot be approved again"), "{errors}");
    drop(desk);
}

/// H4: whose words are not the device's is refused, and the device goes on with the key that it has.
#[test]
fn h4_a_thiefs_key_is_revoked_by_its_words() {
    let (desk, dir, mut left, thief, file) = renewed();
    run(&["ingest", "--dir", &dir, &file]);
    let words = thief.key.public().words();
    good(&["device", "revoke", "--dir", &dir, "S01-k7f2m3pq", "--reason", "not its words (sample)", "--words", &words]);
    let (_, out, _) = run(&["ingest", "--dir", &dir, &file]);
    assert!(out.contains("refused: revoked sender: S01-k7f2m3pq"), "{out}");
    left.register(1);
    assert_eq!(desk.says(&left.export(2)), "accepted 1 entries");
}
