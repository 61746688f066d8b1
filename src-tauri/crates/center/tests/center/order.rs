//! In whatever order the bundles of several devices come, in pieces, twice, early: the center ends where one ends that got
//! them in order. Of a vault that was copied the branch that came first is in force, whole; the other takes nothing out.

use crate::device::{Desk, Device, stamp};
use crate::folding::{export, fresh, rows, storage};
use casebook::act::{EventDated, FormCompleted, ItemSet, ItemsSet};
use casebook::{EntryId, Stored};
use center::{Center, DeviceStatus, Omission};
use proptest::prelude::*;
use std::collections::BTreeSet;
use study::{Functions, Missing, Oid, Repeat};

const LOGS: [&str; 3] = ["S01-aaaaaaaa", "S02-bbbbbbbb", "S01-cccccccc"];
/// The device whose vault is copied.
const COPIED: usize = 2;

/// What a person does next: on which device, which act, and a number that varies it.
#[derive(Clone, Copy, Debug)]
struct Step {
    device: usize,
    what: u8,
    value: u8,
}

fn steps(devices: usize, most: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (0..devices, any::<u8>(), any::<u8>()).prop_map(|(device, what, value)| Step { device, what, value });
    proptest::collection::vec(step, 0..most)
}

/// What devices wrote, and what a copy of the last one wrote after entry `parts`.
struct History {
    devices: [Device; 3],
    copy: Device,
    parts: u64,
}

impl History {
    /// `after` are acts of the copied device and of its copy.
    fn of(desk: &Desk, before: &[Step], after: &[Step]) -> Self {
        let mut devices = LOGS.map(|log| Device::new(desk, log));
        devices.iter_mut().for_each(Device::enrol);
        before.iter().for_each(|step| act(&mut devices[step.device], step));
        let parts = devices[COPIED].lines.len() as u64;
        let mut copy = devices[COPIED].clone();
        devices[COPIED].register(50);
        copy.register(60);
        for step in after {
            act(if step.device == 1 { &mut copy } else { &mut devices[COPIED] }, step);
        }
        Self { devices, copy, parts }
    }

    /// A sender, as it seals its bundles for a center.
    fn sender(&self, desk: &Desk, which: usize) -> Device {
        let device = self.devices.get(which).unwrap_or(&self.copy);
        Device { to: desk.recipient(), recovery: desk.key("recovery.agekey"), ..device.clone() }
    }

    /// The devices with what a center holds: of the copied one the branch that came first.
    fn in_force(&self, desk: &Desk) -> [Device; 3] {
        let mut devices = self.devices.clone();
        if self.holds_copy(desk) {
            devices[COPIED].lines.clone_from(&self.copy.lines);
        }
        devices
    }

    fn holds_copy(&self, desk: &Desk) -> bool {
        let held = storage(desk).read(|tx| tx.id_at(LOGS[COPIED], self.parts + 1)).expect("read");
        held == self.copy.lines.get(usize::try_from(self.parts).expect("small")).map(casebook::Line::id)
    }

    fn subjects(&self) -> BTreeSet<Oid> {
        let lines = self.devices.iter().chain([&self.copy]).flat_map(|device| &device.lines);
        lines.filter_map(|line| line.entry().act.subject().cloned()).collect()
    }
}

/// One act, mostly about a subject that other devices of the site write about, too.
fn act(device: &mut Device, &Step { what, value, .. }: &Step) {
    let subject = Oid::from(format!("{}-{:03}", device.site, value % 3 + 1));
    match what % 8 {
        0 => drop(device.register(u32::from(value % 3) + 1)),
        1 => drop(device.say(&subject, "fell on the stairs (sample)")),
        2 => {
            let (event, date) = ("SE.DAY1[1]".parse().expect("an event"), format!("2026-12-{:02}", value % 28 + 1));
            device.write(EventDated { subject, event, date: Some(date.into()), bases: Vec::new(), reason: None });
        }
        3 => {
            let form = "SE.SCR[1]/F.VS[1]".parse().expect("a form");
            device.write(FormCompleted { subject, form, bases: Vec::new() });
        }
        4 => {
            let items = vec![ItemSet {
                group: Oid::from("IG.VS"),
                repeat: Repeat::first(),
                item: Oid::from("IT.VS.SYSBP"),
                value: None,
                missing: Some(Missing::NotDone),
                unit: None,
                raw: None,
                bases: last_of(device, &subject),
                reason: None,
            }];
            let form = "SE.SCR[1]/F.VS[1]".parse().expect("a form");
            device.write(ItemsSet { subject, form, items });
        }
        5 => drop(device.set(&subject, "IT.VS.DIABP", &value.to_string())),
        6 => drop(device.put(&subject, "SE.SCR[1]/F.DM[1]", "IG.DM", "IT.DM.SEX", Stored::Plain("F".into()))),
        _ => drop(device.set(&subject, "IT.VS.SYSBP", &(100 + u32::from(value)).to_string())),
    }
}

/// The device's own last entry about a subject: what its next answer replaces.
fn last_of(device: &Device, subject: &Oid) -> Vec<EntryId> {
    let own = device.lines.iter().rev().find(|line| line.entry().act.subject() == Some(subject));
    own.map(casebook::Line::id).into_iter().collect()
}

/// A center with two sites.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    desk
}

/// The same, with the three devices, which have sent their first entry.
fn desk_with(history: &History) -> Desk {
    let desk = desk();
    for which in 0..history.devices.len() {
        let device = history.sender(&desk, which);
        desk.send(&device.part(1, 1));
        desk.center.approve(&stamp(2), &device.log).expect("it waits");
        desk.center.import_waiting(&stamp(3), &device.log).expect("taken in");
    }
    desk
}

fn status_of(center: &Center, log: &str) -> DeviceStatus {
    let sites = center.status().expect("a status").sites;
    sites.into_iter().flat_map(|site| site.devices).find(|device| device.device == log).expect("known")
}

/// What both centers must agree on.
fn agree(one: &Desk, other: &Desk, history: &History) {
    assert!(export(one, "out") == export(other, "out"), "the tables");
    let in_force = history.in_force(other);
    for subject in history.subjects() {
        let expected = rows(&fresh(other, &subject, &in_force));
        assert_eq!(rows(&other.center.book(&subject).expect("a book")), expected, "{subject}");
        assert_eq!(rows(&one.center.book(&subject).expect("a book")), expected, "{subject}");
    }
    for (log, device) in LOGS.iter().zip(&in_force).take(COPIED) {
        let status = status_of(&other.center, log);
        assert_eq!((status.held, status.gap, status.forked_at), (device.lines.len() as u64, None, None), "{log}");
        assert_eq!((status.quarantined, status.state), (0, "approved"), "{log}");
    }
    let copied = status_of(&other.center, LOGS[COPIED]);
    assert_eq!(copied.forked_at, Some(history.parts + 1), "where the branches part");
    let both = (history.devices[COPIED].lines.len() + history.copy.lines.len()) as u64;
    assert_eq!(copied.held, in_force[COPIED].lines.len() as u64, "one branch is held whole");
    assert_eq!(copied.quarantined, both - copied.held - history.parts, "and the other is kept whole");
    let (log, seq, entries) = (LOGS[COPIED].to_owned(), history.parts + 1, copied.quarantined);
    let omitted = other.center.status().expect("a status").omitted;
    assert!(omitted.contains(&Omission::Branch { log, seq, entries }), "{omitted:?}");
    let alarms = other.center.status().expect("a status").alarms;
    assert!(alarms.iter().all(|alarm| alarm.log == LOGS[COPIED]), "no honest device is accused: {alarms:?}");
    assert!(alarms.iter().any(|alarm| alarm.kind == "clone"), "{alarms:?}");
    let of = |desk: &Desk| desk.center.status().expect("a status").sites[1].subjects;
    assert_eq!(of(one), of(other), "subjects of the site without a copy");
    other.center.check().expect("sound");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_order_of_bundles_ends_where_the_right_one_ends(
        before in steps(3, 40),
        after in steps(2, 12),
        order in proptest::collection::vec((0usize..4, 1u64..30, 0u64..9, any::<u8>()), 0..24),
        last in Just([0usize, 1, 2, 3]).prop_shuffle(),
    ) {
        let history = History::of(&desk(), &before, &after);
        let mixed = desk_with(&history);
        let other = Center::open(mixed.folder.path(), &Functions::default()).expect("it opens");
        for (which, first, more, what) in order {
            let sender = history.sender(&mixed, which);
            // Everything, any piece, or a piece of what lies behind the place where the branches part.
            let [first, more] = match what % 3 {
                0 => [2, 99],
                1 => [first, more],
                _ => [history.parts + first % 8, more],
            };
            if first <= sender.lines.len() as u64 {
                let packed = sender.part(first, first + more);
                mixed.send(&packed);
                if what % 4 == 0 {
                    let said = mixed.send(&packed)[0].outcome.clone();
                    prop_assert!(!matches!(said, center::Outcome::Accepted { .. }), "twice: {}", said);
                }
            }
            match what % 7 {
                0 => drop(other.book("S01-001").expect("a book")),
                1 => other.check().expect("sound"),
                2 => drop(other.status().expect("a status")),
                _ => {}
            }
        }
        last.iter().for_each(|&which| drop(mixed.send(&history.sender(&mixed, which).export(2))));
        let straight = desk_with(&history);
        let order = if history.holds_copy(&mixed) { [0, 1, 3, 2] } else { [0, 1, 2, 3] };
        order.iter().for_each(|&which| drop(straight.send(&history.sender(&straight, which).export(2))));
        agree(&straight, &mixed, &history);
        let again = Desk { center: Center::open(mixed.folder.path(), &Functions::default()).expect("it opens"), ..mixed };
        agree(&straight, &again, &history);
    }
}
