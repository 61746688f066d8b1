//! The trial's state folds to the same rows in any order, too.

use super::{RangeQuestion, TrialState};
use crate::act::{
    Act, BackupWritten, BundleExported, BundleImported, ClockFault, ClockSuspected, DataExported, DeviceApproved,
    DeviceEnrolled, DeviceRevoked, LabRangeSet, PasswordChange, ReceiptAccepted, RecoveryReleased, RecoverySealed,
    RecoveryUsed, Role, SessionOpened, SessionRefused, StudyActivated, StudyPublished, TextRedacted, UserAdded,
    UserClosed, UserPasswordChanged, UserRoleChanged, VaultRestored,
};
use crate::clock::{Instant, Offset, Tick};
use crate::entry::Entry;
use crate::ids::{EntryId, TextCommit};
use crate::text::FreeTextId;
use proptest::prelude::*;
use std::collections::BTreeMap;
use study::Oid;

fn words(n: u8) -> FreeTextId {
    FreeTextId { text: TextCommit([n; 32]) }
}

fn act(what: u8, a: u8, b: u8) -> Act {
    let user: Oid = ["nurse1", "inv1", "admin1"][usize::from(a) % 3].into();
    let device: Oid = ["S01-1", "S01-2"][usize::from(a) % 2].into();
    let role = [Role::Nurse, Role::Investigator, Role::Administrator][usize::from(b) % 3];
    let (key, recipient) = (format!("ssh-ed25519 {b}"), format!("age1{b}"));
    let version = Oid::from(["MDV.1", "MDV.2"][usize::from(a) % 2]);
    match what % 22 {
        0 => DeviceEnrolled { site: "S01".into(), device, key, recipient, program: "0.1.0".into(), practice: false }
            .into(),
        1 => DeviceApproved { site: "S01".into(), device, key, recipient }.into(),
        2 => DeviceRevoked { device, reason: words(b) }.into(),
        3 => UserAdded { user, name: format!("Sample {b}"), role, key: None, must_change: b % 2 == 1 }.into(),
        4 => UserRoleChanged { user, role }.into(),
        5 => UserClosed { user, reason: Some(words(b)) }.into(),
        6 => SessionOpened { user }.into(),
        7 => SessionRefused { user: Some(user), failures: 1 }.into(),
        8 => {
            let (file, effective) = (format!("{b}"), "2026-12-01".into());
            StudyPublished { version, file, effective, approval: String::new(), sites: vec![] }.into()
        }
        9 => StudyActivated { version, file: format!("{b}") }.into(),
        10 => BundleExported { bundle: EntryId([b; 32]), file: "x.bundle".into(), logs: vec![], entries: 3 }.into(),
        11 => BundleImported { bundle: EntryId([b; 32]), sender: "center".into(), logs: vec![], entries: 3 }.into(),
        12 => {
            let (log, at) = (device, Instant::from_ms(i64::from(b)));
            ReceiptAccepted { bundle: EntryId([b; 32]), log, seq: u64::from(b % 5), head: EntryId([b; 32]), at }.into()
        }
        13 if b.is_multiple_of(2) => DataExported { format: "csv".into(), subjects: 1, file: None }.into(),
        13 => {
            let (tick, against) = (Tick::default(), Instant::from_ms(0));
            ClockSuspected { why: ClockFault::Backwards, tick, against }.into()
        }
        14 => range(["ALT", "AST"][usize::from(a % 2)], None, (None, None), a, vec![EntryId([b; 32])]).into(),
        15 => RecoverySealed { set: u64::from(b % 4) + 1, codes: 3, sealed: format!("{b:02x}") }.into(),
        16 => RecoveryReleased { device, set: u64::from(b % 4) + 1, code: 1, reason: words(a), user: None }.into(),
        17 => RecoveryUsed { set: u64::from(b % 4) + 1, code: 1, user }.into(),
        18 => {
            let how = [PasswordChange::Own, PasswordChange::Administrator][usize::from(b % 2)];
            UserPasswordChanged { user, how, key: b.is_multiple_of(3).then_some(key) }.into()
        }
        19 => BackupWritten { seq: b.into(), head: EntryId([b; 32]) }.into(),
        20 => VaultRestored { seq: b.into(), head: EntryId([b; 32]), said_by: None }.into(),
        _ => TextRedacted { subject: None, text: TextCommit([b; 32]), reason: words(a) }.into(),
    }
}

fn range(
    analyte: &str,
    sex: Option<&str>,
    days: (Option<&str>, Option<&str>),
    high: u8,
    bases: Vec<EntryId>,
) -> LabRangeSet {
    let (from, to) = (days.0.map(Into::into), days.1.map(Into::into));
    let (lab, analyte, sex) = ("Lab (sample)".into(), analyte.into(), sex.map(Into::into));
    LabRangeSet { lab, analyte, sex, from, to, unit: None, low: Some("5".into()), high: Some(high.to_string()), bases }
}

fn entries(draws: &[(usize, u8, u8, u8)]) -> BTreeMap<usize, Vec<(EntryId, Entry)>> {
    let mut logs: BTreeMap<usize, Vec<(EntryId, Entry)>> = BTreeMap::new();
    for (n, &(writer, what, a, b)) in draws.iter().enumerate() {
        let log = logs.entry(writer).or_default();
        let entry = Entry {
            v: 1,
            study: "ST".into(),
            log: ["center", "S01-1", "S01-2"][writer].into(),
            seq: log.len() as u64 + 1,
            prev: EntryId::ZERO,
            at: Instant::from_ms(i64::from(b) * 1000),
            tz: Offset::from_minutes(0),
            tick: Tick { ms: u64::from(b) * 1000, counter: n as u32 },
            by: "nurse1".into(),
            metadata_version: None,
            act: act(what, a, b),
        };
        let mut id = [b; 32];
        id[..8].copy_from_slice(&(n as u64).to_be_bytes());
        log.push((EntryId(id), entry));
    }
    logs
}

fn rows(trial_state: &TrialState) -> BTreeMap<crate::row::RowKey, Vec<u8>> {
    trial_state.rows().into_iter().collect()
}

proptest! {
    #[test]
    fn any_arrival_order_gives_the_same_trial_state(
        draws in proptest::collection::vec((0..3usize, any::<u8>(), any::<u8>(), any::<u8>()), 1..50),
        order in proptest::collection::vec(0..3usize, 60),
    ) {
        let logs = entries(&draws);
        let mut straight = TrialState::new();
        logs.values().flatten().for_each(|(id, entry)| straight.apply(*id, entry));
        let mut mixed = TrialState::new();
        let mut kept: BTreeMap<_, Vec<u8>> = BTreeMap::new();
        let mut left: Vec<&[(EntryId, Entry)]> = logs.values().map(Vec::as_slice).collect();
        for turn in order.iter().cycle() {
            left.retain(|entries| !entries.is_empty());
            if left.is_empty() {
                break;
            }
            let choice = turn % left.len();
            let ((id, entry), rest) = left[choice].split_first().expect("not empty");
            left[choice] = rest;
            mixed.apply(*id, entry);
            mixed.apply(*id, entry);
            for (key, bytes) in mixed.take_changed_rows() {
                kept.insert(key, bytes.expect("rows of the trial's state only come"));
            }
        }
        let expected = rows(&straight);
        prop_assert_eq!(&rows(&mixed), &expected);
        prop_assert_eq!(&kept, &expected);
        let again = TrialState::from_rows(kept.iter().map(|(key, bytes)| (key.kind, key.place.as_str(), bytes.as_slice())));
        prop_assert_eq!(rows(&again.expect("our own rows")), expected);
    }
}

#[test]
fn an_account_is_never_used_again_and_a_revoked_device_stays_revoked() {
    let mut trial_state = TrialState::new();
    let draws = [(1, 3, 0, 0), (1, 5, 0, 0), (1, 3, 0, 1), (0, 0, 0, 0), (0, 1, 0, 0), (0, 2, 0, 0), (0, 1, 0, 1)];
    entries(&draws).values().flatten().for_each(|(id, entry)| trial_state.apply(*id, entry));
    let (log, user) = (Oid::from("S01-1"), Oid::from("nurse1"));
    let account = trial_state.account(&log, &user).expect("added");
    assert!(account.closed && account.name == "Sample 0");
    assert_eq!(trial_state.account(&"S01-2".into(), &user), None, "each device keeps its own");
    assert!(trial_state.device_of("S01-1").is_some_and(|device| !device.is_trusted()));
}

/// H4: a device that drew other keys has the newest ones.
#[test]
fn h4_the_newest_keys_of_a_device_count() {
    let draws = [(1, 0, 0, 7), (1, 0, 0, 8), (1, 0, 0, 9)];
    let mut trial_state = TrialState::new();
    let mut newest = Vec::new();
    for (n, (mut id, entry)) in entries(&draws).into_values().flatten().enumerate() {
        // Statements are kept by their ids, which say nothing of what came first.
        id.0[0] = 9 - n as u8;
        trial_state.apply(id, &entry);
        let device = trial_state.device_of("S01-1");
        newest
            .push(device.and_then(|device| Some((device.newest_keys()?.key.clone(), device.renewed_keys().is_some()))));
    }
    let key = |n: u8| format!("ssh-ed25519 {n}");
    assert_eq!(newest, [(7, false), (8, true), (9, true)].map(|(n, renewed)| Some((key(n), renewed))));
}

/// A trial's state of these lines of the register, entry ids 1, 2, 3 …, each in a log of its own, taken in this order.
fn register(lines: &[LabRangeSet], order: &[usize]) -> TrialState {
    let mut trial_state = TrialState::new();
    for &n in order {
        let entry = Entry {
            v: 1,
            study: "ST".into(),
            log: format!("S01-{n}").into(),
            seq: 1,
            prev: EntryId::ZERO,
            at: Instant::from_ms(0),
            tz: Offset::from_minutes(0),
            tick: Tick::default(),
            by: "nurse1".into(),
            metadata_version: None,
            act: lines[n].clone().into(),
        };
        trial_state.apply(EntryId([n as u8 + 1; 32]), &entry);
    }
    trial_state
}

#[test]
fn the_register_finds_the_limits_that_hold() {
    let id = |n: u8| EntryId([n; 32]);
    let lines = [
        range("ALT", None, (None, Some("2026-06-30")), 50, vec![]),
        range("ALT", None, (Some("2026-07-01"), None), 45, vec![]),
        range("ALT", Some("M"), (Some("2026-07-01"), None), 60, vec![]),
        range("ALT", Some("M"), (Some("2026-07-01"), None), 55, vec![id(3)]),
        range("AST", None, (None, None), 40, vec![]),
        range("AST", None, (Some("2026-08-01"), None), 41, vec![]),
        LabRangeSet { low: None, high: None, ..range("CK", None, (None, None), 1, vec![id(8)]) },
        range("CK", None, (None, None), 200, vec![]),
    ];
    let straight: Vec<usize> = (0..lines.len()).collect();
    let backwards: Vec<usize> = straight.iter().rev().copied().collect();
    let trial_state = register(&lines, &straight);
    assert_eq!(rows(&trial_state), rows(&register(&lines, &backwards)), "in any order");
    let high = |analyte, sex, day| {
        let found = trial_state.range(&RangeQuestion { lab: "Lab (sample)", analyte, sex, day });
        found.and_then(|range| range.high.as_deref())
    };
    assert_eq!(high("ALT", Some("M"), "2026-06-30"), Some("50"), "the last day still counts");
    assert_eq!(high("ALT", Some("F"), "2026-07-01"), Some("45"), "the first day counts");
    assert_eq!(high("ALT", Some("M"), "2026-07-01"), Some("55"), "the sex's own line, as it was corrected");
    assert_eq!(high("ALT", None, "2026-07-01"), Some("45"));
    assert_eq!(high("AST", None, "2026-07-31"), Some("40"));
    assert_eq!(high("AST", None, "2026-08-01"), None, "two lines hold and differ");
    assert_eq!(high("CK", None, "2026-08-01"), None, "withdrawn");
    assert_eq!((trial_state.laboratories(), trial_state.ranges().len()), (vec!["Lab (sample)"], 5));
}
