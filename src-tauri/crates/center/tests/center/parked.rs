//! What was kept for later, and what several processes do at once.

use crate::device::{Desk, Device, STUDY, stamp};
use crate::folding::database;
use bundle::Packed;
use center::{Amendment, Center, DeviceState};
use std::fs;
use std::time::Duration;
use study::Functions;

fn says(imported: Vec<center::ImportedBundle>) -> Vec<String> {
    imported.into_iter().map(|one| one.outcome.to_string()).collect()
}

fn parked(desk: &Desk) -> u64 {
    let sql = "SELECT count(*) FROM bundle WHERE state = 'parked'";
    database(desk).query_row(sql, [], |row| row.get(0)).expect("a count")
}

/// A device with eight entries that have not come, of which the first three are the only ones that are not parked.
fn stage() -> (Desk, Device, Packed, [Packed; 2]) {
    let (desk, mut device) = Desk::with_device();
    (1..=8).for_each(|number| drop(device.register(number)));
    let (first, early) = (device.part(2, 4), [device.part(5, 6), device.part(5, 9)]);
    for bundle in &early {
        assert_eq!(desk.says(bundle), "parked, expects seq 2");
    }
    (desk, device, first, early)
}

/// M1: a bundle that was parked while another process brought what it waited for is imported with the next bundle of
/// anybody, and in a run that brings none.
#[test]
fn m1_parked_bundles_are_looked_at_in_every_run() {
    for with_another in [true, false] {
        let (desk, device, first, _) = stage();
        // What the race leaves behind: a bundle that is parked before nothing.
        let sql = database(&desk);
        sql.execute("UPDATE bundle SET state = 'fork' WHERE state = 'parked'", []).expect("put away");
        assert_eq!(says(desk.send(&first)), ["accepted 3 entries"]);
        sql.execute("UPDATE bundle SET state = 'parked' WHERE state = 'fork'", []).expect("given back");
        let late = if with_another {
            let mut other = Device::new(&desk, "S01-bbbbbbbb");
            other.enrol();
            desk.send(&other.export(1)).split_off(1)
        } else {
            desk.center.import_parked(&stamp(9)).expect("the center works")
        };
        assert_eq!(says(late), ["accepted 2 entries", "accepted 3 entries"]);
        let devices = desk.center.status().expect("a status").sites.remove(0).devices;
        let own = devices.into_iter().find(|one| one.device == device.log).expect("known");
        assert_eq!((own.held, own.gap), (9, None));
    }
}

/// M1: a parked bundle that is refused when its turn comes, or whose file is gone, is named once and blocks no other.
#[test]
fn m1_a_bad_parked_bundle_blocks_no_other() {
    for gone in [true, false] {
        let (desk, device, first, [bad, good]) = stage();
        let kept = desk.folder.path().join(format!("bundles/{}.bundle", bad.id));
        if gone {
            fs::remove_file(&kept).expect("removed");
        } else {
            fs::write(&kept, &bad.bytes[..bad.bytes.len() - 9]).expect("cut");
        }
        let imported = desk.send(&first);
        assert!(imported.iter().skip(1).all(|one| one.log.as_deref() == Some(&*device.log)), "{imported:?}");
        assert_eq!((imported[1].bundle, imported[1].file.clone()), (Some(bad.id), format!("{}.bundle", bad.id)));
        let said = says(imported);
        assert_eq!((said.len(), &*said[0], &*said[2]), (3, "accepted 3 entries", "accepted 5 entries"), "{said:?}");
        assert!(said[1].starts_with("refused: "), "{said:?}");
        assert_eq!(parked(&desk), 0);
        assert_eq!(says(desk.center.import_parked(&stamp(9)).expect("the center works")), [""; 0], "once");
        let status = desk.center.status().expect("a status");
        assert_eq!((status.sites[0].devices[0].held, status.refused.len()), (9, 1));
        assert_eq!(good.envelope.logs[0].last, 9);
        if gone {
            assert_eq!(desk.says(&bad), "already held", "if it comes once more, it is looked at");
        }
    }
}

/// M1: the same of bundles that waited for their device's approval.
#[test]
fn m1_a_waiting_bundle_that_is_gone_blocks_no_other() {
    let desk = Desk::new();
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.enrol();
    device.register(1);
    let (one, two) = (device.part(1, 1), device.export(1));
    desk.send(&one);
    desk.send(&two);
    fs::remove_file(desk.folder.path().join(format!("bundles/{}.bundle", one.id))).expect("removed");
    desk.center.approve(&stamp(5), &device.log).expect("it waits");
    let mut said = says(desk.center.import_waiting(&stamp(6), &device.log).expect("the center works"));
    said.sort();
    assert_eq!((said.len(), &*said[0]), (2, "accepted 2 entries"), "{said:?}");
    assert!(said[1].starts_with("refused: "), "{said:?}");
    assert_eq!(says(desk.center.import_waiting(&stamp(7), &device.log).expect("the center works")), [""; 0]);
}

/// M1: two data managers publish at once. Each version is held against the one that comes right before it, so the second of
/// two that call themselves the same is refused.
#[test]
fn m1_versions_that_are_published_at_once_follow_each_other() {
    let desk = Desk::new();
    let other = Center::open(desk.folder.path(), &Functions::default()).expect("it opens");
    let files = ["Second (sample)", "Other (sample)"]
        .map(|name| STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.2\"").replacen("Good", name, 1));
    assert_ne!(files[0], files[1]);
    let lock = database(&desk);
    lock.execute_batch("BEGIN IMMEDIATE").expect("alone");
    let published = std::thread::scope(|scope| {
        let publish = |center: &Center, file: &str| {
            let (effective, approval) = ("2026-12-01", "EC 2 (sample)");
            let amendment = Amendment { name: "second.xml", file: file.as_bytes(), effective, approval, sites: &[] };
            center.publish(&stamp(8), &amendment).is_ok()
        };
        let (center, files) = (&desk.center, &files);
        let both = [scope.spawn(move || publish(center, &files[0])), scope.spawn(move || publish(&other, &files[1]))];
        // Both have read what there is by now, where they read before they write.
        std::thread::sleep(Duration::from_millis(500));
        lock.execute_batch("COMMIT").expect("let go");
        both.map(|one| one.join().expect("no panic"))
    });
    assert_eq!(published.iter().filter(|done| **done).count(), 1, "{published:?}");
    assert_eq!(desk.center.publications().expect("listed").len(), 2);
}

/// M1: however many approve and revoke at once, the list of signers is the last one's.
#[test]
fn m1_the_list_of_signers_is_never_an_older_one() {
    let desk = Desk::new();
    let devices: Vec<Device> = (0..24)
        .map(|n| {
            let mut device = Device::new(&desk, &format!("S01-aaaaaa{n:02}"));
            device.enrol();
            desk.send(&device.export(1));
            device
        })
        .collect();
    let signers = || fs::read_to_string(desk.folder.path().join("allowed_signers")).expect("the list");
    std::thread::scope(|scope| {
        for part in devices.chunks(6) {
            let center = Center::open(desk.folder.path(), &Functions::default()).expect("it opens");
            let signers = &signers;
            scope.spawn(move || {
                for (n, device) in part.iter().enumerate() {
                    center.approve(&stamp(5), &device.log).expect("approved");
                    if n % 2 == 0 {
                        center.revoke(&stamp(6), &device.log, "lost (sample)").expect("revoked");
                    }
                    assert_eq!(signers().contains(&device.log), n % 2 == 1, "{}", device.log);
                }
            });
        }
    });
    let signers = signers();
    for device in desk.center.devices().expect("listed") {
        assert_eq!(signers.contains(&device.log), device.state == DeviceState::Approved, "{}", device.log);
    }
}

/// A device that never sends what comes first fills neither the list nor the disk, and nobody else waits for it.
#[test]
fn what_waits_for_an_earlier_bundle_is_bounded() {
    let (desk, mut device) = Desk::with_device();
    (1..=258).for_each(|number| drop(device.register(number)));
    let one = |seq: u64| device.part(seq, seq);
    let third = one(3);
    assert_eq!(desk.says(&third), "parked, expects seq 2");
    for seq in 4..=258 {
        assert_eq!(desk.says(&one(seq)), "parked, expects seq 2");
    }
    assert_eq!(desk.says(&third), "parked, expects seq 2", "what is kept already is no further one");
    let last = one(259);
    assert_eq!(desk.says(&last), "refused: too large: number of bundles that wait for an earlier one");
    assert!(!desk.folder.path().join(format!("bundles/{}.bundle", last.id)).exists(), "nor is it kept");
    let mut other = Device::new(&desk, "S01-bbbbbbbb");
    desk.admit(&mut other);
    (1..=3).for_each(|number| drop(other.register(500 + number)));
    let early = other.part(3, 3);
    assert_eq!(desk.says(&early), "parked, expects seq 2", "another device's wait by themselves");
    // Together they may be no longer than so many bytes, however few they are. The file gets a hole; the disk does not get full.
    let file = desk.folder.path().join(format!("bundles/{}.bundle", early.id));
    let kept = fs::read(&file).expect("kept");
    fs::OpenOptions::new().write(true).open(&file).and_then(|file| file.set_len(1 << 30)).expect("longer");
    let together = "refused: too large: bundles that wait for an earlier one, together";
    assert_eq!(desk.says(&other.part(4, 4)), together);
    fs::write(&file, kept).expect("as it was");
    assert_eq!(says(desk.send(&one(2))).len(), 257, "all that waited is taken in");
    assert_eq!(desk.says(&last), "accepted 1 entries");
}
