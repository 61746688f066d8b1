//! Fourth attack: bundles that are long in one kind of act, slots that were lost with a branch, and whose branch goes on.

use crate::branches::Pair;
use crate::device::{Desk, Device, stamp};
use crate::folding::database;
use crate::randomisation::{ask, dealt, reveal};
use casebook::EntryId;
use casebook::act::{AllocationRevealed, RecoveryUsed};
use center::{AlarmKind, Branch, CenterError, Choice, SettleError, Settled};
use seal::SigningKey;
use std::fs;
use std::time::{Duration, Instant};
use study::Oid;

/// Fourth attack, D2: for each request of a bundle the device's whole log was read and every line of it parsed, while nobody else could
/// write: a bundle of 200 kB took hours. Each log is read once for a bundle, however many requests are in it.
#[test]
fn a4_d2_a_bundle_of_requests_is_judged_as_fast_as_any_other() {
    const MANY: u32 = 4_000;
    let (desk, mut device) = dealt();
    device.register(1);
    reveal(&desk, &ask(&mut device, 1, 1));
    for number in 2..=MANY {
        ask(&mut device, 1, number);
    }
    let bundle = device.export(2);
    let started = Instant::now();
    let taken = desk.send(&bundle).remove(0);
    assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
    assert_eq!((taken.outcome.to_string(), taken.alarms), (format!("accepted {} entries", MANY + 1), Vec::new()));
    // What leaves out the one that was answered is named all the same, once for each.
    let (desk, mut device) = dealt();
    let mut before = device.clone();
    reveal(&desk, &ask(&mut device, 1, 1));
    for number in 2..=MANY {
        ask(&mut before, 4, number);
    }
    let started = Instant::now();
    let alarms = desk.send(&before.export(2)).remove(0).alarms;
    assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
    assert_eq!(alarms, vec![AlarmKind::Request; MANY as usize - 1]);
}

/// Fourth attack, D2: the same of codes that were used: each use is held against the first one of its code, not against all.
#[test]
fn a4_d2_a_bundle_of_used_codes_is_judged_as_fast_as_any_other() {
    const MANY: u32 = 4_000;
    let (desk, mut device) = Desk::with_device();
    for code in (1..=MANY).chain([MANY]) {
        let user = Oid::from("nurse1");
        let (set, code) = (u64::from(code / 100) + 1, code % 100 + 1);
        device.write_with(RecoveryUsed { set, code, user: user.clone() }, |entry| entry.by = user);
    }
    let bundle = device.export(2);
    let started = Instant::now();
    let alarms = desk.send(&bundle).remove(0).alarms;
    assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
    let again = alarms.iter().filter(|kind| **kind == AlarmKind::RecoveryAgain).count();
    assert_eq!((alarms.len(), again), (MANY as usize + 2, 1), "the last one alone was used twice");
    assert_eq!(desk.center.status().expect("a status").sites[0].devices[0].codes_used.len(), MANY as usize + 1);
}

/// Somebody who left has a copy of the vault and its former key, and wrote in it what `left` says. The device has drawn a new key since, which
/// was approved, and has sent what it wrote under that: its branch came later.
fn with_a_leaver(left: impl FnOnce(&mut Pair, Device)) -> Pair {
    let mut pair = Pair::new();
    let copy = pair.later.clone();
    left(&mut pair, copy);
    pair.held.key = SigningKey::from_seed(&[3; 32]);
    pair.held.enrol();
    pair.held.register(2);
    let says = pair.desk.says(&pair.held.export(4));
    assert!(says.starts_with("waiting for approval"), "{says}");
    let words = pair.held.key.public().words();
    pair.desk.center.approve_key(&stamp(5), &pair.held.log, Some(&words)).expect("it waits");
    let taken = pair.desk.center.import_waiting(&stamp(6), &pair.held.log).expect("good");
    assert!(taken.iter().any(|bundle| bundle.is_fork()), "{taken:?}");
    pair
}

fn why(tried: &Result<Settled, CenterError>) -> &SettleError {
    match tried {
        Err(CenterError::NotSettled(why)) => why,
        other => panic!("not settled, not {other:?}"),
    }
}

/// The branch under the approved key goes on, not the former key's, and its vault sends on.
fn goes_on(mut pair: Pair) -> Pair {
    assert_eq!(pair.fork().not_held, Some(SettleError::Replaced.to_string()));
    let choice = Choice { without_vault: true, ..pair.choice(Branch::Held) };
    for tried in [pair.settle(Branch::Held), pair.desk.center.settle(&stamp(50), &choice)] {
        assert_eq!(*why(&tried), SettleError::Replaced);
    }
    assert!(!pair.settle(Branch::Later).expect("settled").without_vault);
    pair.held.register(3);
    pair.held.epoch = 2;
    assert_eq!(pair.desk.says(&pair.held.export(6)), "accepted 1 entries");
    pair.desk.center.check().expect("sound");
    pair
}

/// Fourth attack, D3: a former key's branch that tells of a made-up slot was the only one that could go on.
#[test]
fn a4_d3_a_made_up_reveal_decides_nothing() {
    goes_on(with_a_leaver(|pair, mut copy| {
        let (subject, request) = (copy.register(9), EntryId([1; 32]));
        copy.write(AllocationRevealed { subject, request, stratum: 0, slot: 1, arm: "M".into() });
        assert_eq!(pair.desk.says(&copy.export(4)), "accepted 2 entries");
    }));
}

/// Fourth attack, D3: two branches of a former key, one held and one aside, kept the honest one, which lay beside it, from going on. Of those
/// that are kept aside the one under the approved key is the other branch; the rest goes aside with the one that is put aside.
#[test]
fn a4_d3_a_second_branch_of_a_former_key_decides_nothing() {
    let pair = with_a_leaver(|pair, mut copy| {
        let mut second = copy.clone();
        copy.register(9);
        second.register(8);
        second.set(&pair.subject, "IT.VS.SYSBP", "666");
        assert_eq!(pair.desk.says(&copy.export(4)), "accepted 1 entries");
        assert!(pair.desk.says(&second.export(4)).starts_with("fork: seq 4 "));
    });
    let view = pair.fork();
    assert_eq!((view.held.entries, view.later.entries), (1, 2));
    assert_eq!(view.others.expect("a further one").entries, 2);
    let pair = goes_on(pair);
    let rest = pair.desk.center.rest(&pair.held.log).expect("read").remove(0);
    let said: Vec<_> = rest.said.iter().map(|one| (one.seq, one.act)).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said.contains(&(5, "items.set")) && said.iter().filter(|one| **one == (4, "subject.registered")).count() == 2
    );
}

/// Fourth attack, D3: whatever keeps the other branch from going on, a former key's is not kept in silence: it is asked for by a flag of its
/// own, and that no vault can go on is said.
#[test]
fn a4_d3_a_former_key_s_branch_is_never_kept_in_silence() {
    type Provoke = fn(&Pair);
    let provoke: [(Provoke, SettleError); 4] = [
        (
            |pair| {
                let mut other = Device::new(&pair.desk, "S01-bbbbbbbb");
                pair.desk.admit(&mut other);
                pair.desk.center.reply(&stamp(20), "S01").expect("a reply");
            },
            SettleError::Given,
        ),
        (
            |pair| {
                let sql =
                    "UPDATE entry SET line = x'00' WHERE seq = 4 AND log = (SELECT number FROM log WHERE name = ?1)";
                assert_eq!(database(&pair.desk).execute(sql, [&pair.held.log]), Ok(1));
            },
            SettleError::Damaged(4),
        ),
        (
            |pair| {
                let sql = "UPDATE quarantine SET line = x'7b7d0a' WHERE seq = 4";
                assert_eq!(database(&pair.desk).execute(sql, []), Ok(1));
                let sql = "SELECT lower(hex(bundle)) FROM quarantine WHERE seq = 4";
                let id: String = database(&pair.desk).query_row(sql, [], |row| row.get(0)).expect("aside");
                fs::write(pair.desk.folder.path().join(format!("bundles/{id}.bundle")), "nothing").expect("altered");
            },
            SettleError::Lost(4),
        ),
        (
            |pair| {
                // Two copies of the vault under the new key: nobody knows which of them is the device's.
                let mut second = pair.held.clone();
                second.lines.truncate(4);
                second.register(12);
                assert!(pair.desk.says(&second.export(5)).starts_with("fork: seq "));
            },
            SettleError::NotWhole,
        ),
    ];
    for (provoke, expected) in provoke {
        let pair = with_a_leaver(|pair, mut copy| {
            copy.register(9);
            assert_eq!(pair.desk.says(&copy.export(4)), "accepted 1 entries");
        });
        provoke(&pair);
        assert_eq!(*why(&pair.settle(Branch::Later)), expected);
        assert_eq!(*why(&pair.settle(Branch::Held)), SettleError::NoVault, "{expected:?}");
        assert_eq!(pair.fork().not_held, Some(SettleError::NoVault.to_string()));
        let choice = Choice { without_vault: true, ..pair.choice(Branch::Held) };
        assert!(pair.desk.center.settle(&stamp(50), &choice).expect("settled").without_vault, "{expected:?}");
    }
}

/// Fourth attack, D5: of three branches, each with other answers in the same cells, the ones put aside are asked about each by itself.
/// (The later one's words hid the other's, which were nowhere, not even listed; and a subject that one of them registers took away the
/// questions of the other.)
#[test]
fn a4_d5_no_branch_hides_what_another_one_says() {
    let mut pair = Pair::new();
    let (mut third, subject) = (pair.later.clone(), pair.subject.clone());
    pair.held.register(2);
    for (item, value) in [("IT.VS.SYSBP", "150"), ("IT.VS.SYSBP", "151"), ("IT.VS.DIABP", "85")] {
        pair.later.set(&subject, item, value);
    }
    third.register(8);
    third.register(7);
    for (item, value) in [("IT.VS.SYSBP", "190"), ("IT.VS.DIABP", "95")] {
        third.set(&subject, item, value);
    }
    let of_other = pair.later.register(21);
    pair.later.set(&of_other, "IT.VS.SYSBP", "111");
    pair.send();
    assert!(pair.desk.says(&third.export(4)).starts_with("fork: seq 4 "));
    let settled = pair.settle(Branch::Held).expect("settled");
    assert_eq!((settled.aside, settled.queries), (9, 4));
    let questions = pair.questions(&subject).join("\n");
    for value in ["151", "85", "190", "95"] {
        assert!(questions.contains(&format!("\"{value}\"")), "{value}: {questions}");
    }
    assert!(!questions.contains("\"150\""), "its own branch says something else later");
    // All that is in --rest is asked or listed, but for what its own branch says otherwise later.
    assert_eq!(settled.queries as usize + settled.unasked.len(), pair.rest().len() - 1);
}

/// Fourth attack, D5: a subject that one branch registers, under a key that is known, takes no question from another branch.
#[test]
fn a4_d5_a_subject_that_one_branch_registers_is_another_ones_subject() {
    let mut pair = Pair::new();
    let (mut third, subject) = (pair.later.clone(), pair.subject.clone());
    pair.held.register(2);
    pair.later.set(&subject, "IT.VS.SYSBP", "150");
    third.register(1);
    third.set(&subject, "IT.VS.SYSBP", "190");
    pair.send();
    assert!(pair.desk.says(&third.export(4)).starts_with("fork: seq 4 "));
    let settled = pair.settle(Branch::Held).expect("settled");
    assert_eq!((settled.queries, settled.unasked.len()), (1, 2));
    assert!(pair.questions(&subject)[0].contains("\"150\""));
}

/// Fourth attack, a small finding: where the entry that settled a fork is damaged, what was put aside is read all the same, and that is named.
#[test]
fn a4_small_a_damaged_settlement_keeps_nothing_from_being_read() {
    let mut pair = Pair::with_a_gap(15);
    pair.later.register(16);
    let parked = pair.later.part(8, 8);
    assert_eq!(pair.desk.says(&parked), "parked, expects seq 5");
    let choice = Choice { without_parked: true, ..pair.choice(Branch::Held) };
    pair.desk.center.settle(&stamp(50), &choice).expect("settled");
    let rest = || pair.desk.center.rest(&pair.held.log).expect("read").remove(0);
    let before = rest();
    assert!(!before.is_damaged() && before.settled.is_some() && before.bundles.len() == 1, "{before:?}");
    let sql = "UPDATE entry SET line = x'00' WHERE seq = ?1 AND log = (SELECT number FROM log WHERE name = 'center')";
    assert_eq!(database(&pair.desk).execute(sql, [before.entry]), Ok(1));
    let after = rest();
    assert!(after.is_damaged() && after.settled.is_none());
    assert_eq!((after.said.len(), after.bundles.len()), (before.said.len(), 1));
}
