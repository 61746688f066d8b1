//! Of what a device may speak: what is refused, and what is not given out until somebody vouched for it.

use crate::device::{Desk, Device, stamp};
use crate::folding::export;
use crate::replies::open;
use bundle::{Key, Kind};
use casebook::act::{
    AlarmRaised, BundleExported, BundleImported, ClockFault, ClockSuspected, DeviceEnrolled, EventAdded, LogRange,
    ReceiptAccepted, SessionOpened, SessionRefused, SubjectRegistered, UserAdded,
};
use casebook::{Act, Entry, EntryId, Instant, Role, Tick};
use center::Omission;
use seal::{Identity, SigningKey};
use study::Oid;

fn runs(log: &str) -> Vec<LogRange> {
    vec![LogRange { log: log.into(), first: 1, last: 2 }]
}

fn enrolled(device: &Device) -> DeviceEnrolled {
    DeviceEnrolled {
        site: device.site.as_str().into(),
        device: device.log.as_str().into(),
        key: device.key.public().to_string(),
        recipient: device.age.to_string(),
        program: "0.1.0".to_owned(),
        practice: false,
    }
}

/// Acts that name another site, log, device, key or user than their writer's, and by whom they would be written.
fn foreign(device: &Device) -> Vec<(&'static str, Act)> {
    let (bundle, head, at) = (EntryId([3; 32]), EntryId([4; 32]), Instant::from_ms(0));
    let confirmed = |log: &str| ReceiptAccepted { bundle, log: log.into(), seq: 1, head, at };
    let exported = |log: &str| BundleExported { bundle, file: "a.bundle".to_owned(), logs: runs(log), entries: 2 };
    let imported =
        |sender: &str, log: &str| BundleImported { bundle, sender: sender.into(), logs: runs(log), entries: 2 };
    let own = enrolled(device);
    let alarm = AlarmRaised { code: "rolled_back".to_owned(), place: String::new() };
    let clock = ClockSuspected { why: ClockFault::Backwards, tick: Tick::default(), against: at };
    let (user, subject) = (Oid::from("nurse1"), Oid::from("S01-666"));
    let role = Role::DataManager;
    vec![
        ("nurse1", confirmed("S02-bbbbbbbb").into()),
        ("nurse1", confirmed("S01-aaaaaaaa").into()),
        ("nurse1", confirmed("center").into()),
        ("nurse1", exported("S01-aaaaaaaa").into()),
        ("nurse1", imported("S01-aaaaaaaa", "S01-aaaaaaaa").into()),
        ("nurse1", imported("center", "S02-bbbbbbbb").into()),
        ("nurse1", DeviceEnrolled { site: "S02".into(), ..own.clone() }.into()),
        ("nurse1", DeviceEnrolled { device: "S01-aaaaaaaa".into(), ..own.clone() }.into()),
        ("nurse1", DeviceEnrolled { key: SigningKey::from_seed(&[9; 32]).public().to_string(), ..own.clone() }.into()),
        ("nurse1", DeviceEnrolled { recipient: Identity::make().recipient().to_string(), ..own.clone() }.into()),
        ("nurse1", DeviceEnrolled { practice: true, ..own }.into()),
        ("nurse2", SessionOpened { user: user.clone() }.into()),
        ("nurse1", SessionRefused { user: None, failures: 1 }.into()),
        ("nurse1", alarm.into()),
        ("nurse1", clock.into()),
        ("admin1", UserAdded { user, name: "D (sample)".to_owned(), role, key: None, must_change: false }.into()),
        ("system", SubjectRegistered { subject: subject.clone(), site: "S01".into() }.into()),
        ("system", EventAdded { subject, event: "SE.SCR[1]".parse().expect("an event") }.into()),
    ]
}

/// C3: a device speaks of itself, in its own log, with its own keys and in its users' names; a bundle that says more is
/// refused whole, also where it is only put aside for later.
#[test]
fn c3_a_device_speaks_of_no_other_log_device_key_or_user() {
    let (desk, device) = Desk::with_device();
    for (by, act) in foreign(&device) {
        let what = format!("{act:?}");
        let by = |entry: &mut Entry| entry.by = Oid::from(by);
        let mut says = device.clone();
        says.write_with(act.clone(), by);
        let said = desk.says(&says.export(2));
        let refused = said.starts_with("refused: line 1 of the entries: ") || said == "refused: not for this site";
        assert!(refused, "{what}: {said}");
        let mut early = device.clone();
        early.register(2);
        early.write_with(act, by);
        let said = desk.says(&early.export(3));
        assert!(said.starts_with("refused: "), "early: {what}: {said}");
    }
    let status = desk.center.status().expect("a status");
    assert_eq!((status.subjects, status.sites[0].devices[0].held), (0, 1));
}

/// C3: what today's devices write of themselves is taken.
#[test]
fn c3_a_device_speaks_of_itself() {
    let (desk, mut device) = Desk::with_device();
    let (bundle, log, head, at) = (device.head(), device.log.clone(), device.head(), Instant::from_ms(0));
    device.write(ReceiptAccepted { bundle, log: log.as_str().into(), seq: 1, head, at });
    device.write(BundleExported { bundle, file: "a.bundle".to_owned(), logs: runs(&log), entries: 2 });
    device.write(BundleExported { bundle, file: "b.bundle".to_owned(), logs: Vec::new(), entries: 0 });
    let logs = ["center", "S01-aaaaaaaa", &log].iter().flat_map(|log| runs(log)).collect();
    device.write(BundleImported { bundle, sender: "center".into(), logs, entries: 6 });
    device.write(SessionOpened { user: "nurse1".into() });
    let by_system = |entry: &mut Entry| entry.by = Oid::from("system");
    device.write_with(SessionRefused { user: None, failures: 1 }, by_system);
    device.write_with(AlarmRaised { code: "rolled_back".to_owned(), place: String::new() }, by_system);
    assert_eq!(desk.says(&device.export(2)), "accepted 7 entries");
}

/// C3: a log that an earlier version took in is not refused for what it holds.
#[test]
fn c3_what_is_held_is_not_judged_again() {
    let (desk, device) = Desk::with_device();
    let mut old = device.clone();
    old.write_with(SessionRefused { user: None, failures: 1 }, |entry| entry.by = Oid::from("nurse1"));
    let line = old.lines.last().expect("a line").clone();
    let held = crate::folding::storage(&desk).transact(|tx| tx.append(&(&line).into()));
    held.expect("as an earlier version took it");
    old.register(1);
    assert_eq!(desk.says(&old.export(1)), "accepted 1 entries");
}

/// C3: nobody who was not registered stands in a table or in a count; that such entries are there is said.
#[test]
fn c3_whoever_is_not_registered_is_left_out_and_counted() {
    let (desk, mut device) = Desk::with_device();
    let known = device.register(1);
    device.set(&known, "IT.VS.SYSBP", "120");
    for number in ["998", "999"] {
        device.set(&Oid::from(format!("S01-{number}")), "IT.VS.SYSBP", "250");
    }
    assert_eq!(desk.says(&device.export(2)), "accepted 4 entries");
    let left_out = [Omission::Unregistered { subjects: 2, first: "S01-998".to_owned() }];
    let exported = desk.center.export_csv(&stamp(9), &desk.folder.path().join("out")).expect("exported");
    assert_eq!((exported.subjects, exported.omitted), (1, left_out.to_vec()));
    let has = |number: &str| {
        let tables = export(&desk, "again");
        tables.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&format!("S01-{number}")))
    };
    assert!(has("001") && !has("998") && !has("999"));
    let status = desk.center.status().expect("a status");
    assert_eq!((status.subjects, status.sites[0].subjects, status.omitted), (1, 1, left_out.to_vec()));
    // The registration comes from another device of the site, later.
    let mut other = Device::new(&desk, "S01-bbbbbbbb");
    desk.admit(&mut other);
    other.register(999);
    desk.send(&other.export(2));
    assert!(has("999") && !has("998"));
    let status = desk.center.status().expect("a status");
    assert_eq!((status.subjects, status.omitted.len()), (2, 1));
}

/// C3: the center's log travels whole, but the words about another site's subjects do not.
#[test]
fn c3_another_site_s_words_do_not_travel() {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    let identities = [Identity::make(), Identity::make()];
    for (log, identity) in ["S01-aaaaaaaa", "S02-bbbbbbbb"].iter().zip(&identities) {
        let mut device = Device { age: identity.recipient(), ..Device::new(&desk, log) };
        desk.admit(&mut device);
        let subject = device.register(1);
        desk.send(&device.export(2));
        let cell = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP".parse().expect("a cell");
        let question = format!("Asked of {subject} (sample)");
        desk.center.raise_query(&stamp(5), &subject, &cell, &question).expect("raised");
    }
    for (site, identity) in ["S01", "S02"].iter().zip(&identities) {
        let reply = desk.center.reply(&stamp(6), site).expect("a reply").packed.remove(0);
        let read = open(&desk, &reply.bytes, Kind::Reply, &Key::Identity(identity));
        let words: Vec<&str> = read.texts.iter().map(|row| row.text.as_str()).collect();
        assert_eq!(words, [format!("Asked of {site}-001 (sample)")]);
        assert_eq!(read.lines.iter().filter(|line| line.entry().act.name() == "query.raised").count(), 2);
    }
}
