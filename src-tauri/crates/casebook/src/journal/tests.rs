//! A log's next line, and how lines that arrive relate to what is held.

use super::*;
use crate::Role;
use crate::act::{SubjectRegistered, UserAdded};
use crate::book::tests::world::digest;
use proptest::prelude::*;
use std::convert::Infallible;

fn writer(log: &str) -> LogWriter {
    LogWriter { study: "ST".into(), log: log.into(), head: LogHead::empty() }
}

fn act(n: u64) -> Act {
    SubjectRegistered { subject: format!("S01-{n:03}").into(), site: "S01".into() }.into()
}

fn stamp(at_ms: i64) -> Stamp {
    Stamp::new(at_ms, 480, "nurse1")
}

/// A log of so many lines; `salt` tells one branch from another.
fn log(length: u64, salt: u64) -> Vec<Line> {
    go_on(writer("S01-a"), length, salt)
}

fn go_on(mut writer: LogWriter, length: u64, salt: u64) -> Vec<Line> {
    let first = writer.head.end.seq + 1;
    let line = |n| writer.next(act(n + salt), Some("MDV.1".into()), &stamp(1000), digest).map(|written| written.line);
    (first..first + length).map(line).collect::<Result<_, _>>().expect("lines")
}

fn judge(held: &[Line], line: &Line) -> Link {
    let end = held.last().map_or(LogEnd::EMPTY, LogEnd::of);
    let id_at = |seq: u64| Ok::<_, Infallible>(held.get(usize::try_from(seq - 1).expect("small")).map(Line::id));
    end.judge(line, id_at).expect("infallible")
}

#[test]
fn a_log_is_chained_and_its_ticks_rise() {
    let mut writer = writer("S01-a");
    let mut before = LogHead::empty();
    for (n, at) in [(1, 5000), (2, 5000), (3, 9000)] {
        let written = writer.next(act(n), Some("MDV.1".into()), &stamp(at), digest).expect("a line");
        assert_eq!(written.suspected, None);
        let entry = written.line.entry();
        assert_eq!((entry.seq, entry.prev, entry.at), (n, before.end.head, Instant::from_ms(at)));
        assert!(entry.tick > before.tick);
        assert_eq!(Line::read(written.line.bytes(), written.line.id()).as_ref(), Ok(&written.line));
        before = writer.head;
        assert_eq!(before, LogHead { end: LogEnd::of(&written.line), at: entry.at, tick: entry.tick });
    }
}

#[test]
fn a_clock_that_was_set_back_is_named_once() {
    let mut writer = writer("S01-a");
    let next = |writer: &mut LogWriter, at| {
        let written = writer.next(act(1), Some("MDV.1".into()), &stamp(at), digest).expect("a line");
        written.lines().map(|line| (line.entry().seq, line.entry().act.name())).collect::<Vec<_>>()
    };
    assert_eq!(next(&mut writer, 9000), [(1, "subject.registered")]);
    let against = writer.head;
    let back = writer.next(act(2), Some("MDV.1".into()), &stamp(4000), digest).expect("lines");
    let suspected = back.suspected.expect("named");
    assert_eq!((&*suspected.entry().by, suspected.entry().seq), (SYSTEM, 2));
    let said = ClockSuspected { why: ClockFault::Backwards, tick: against.tick, against: against.at };
    assert_eq!(suspected.entry().act, said.into());
    assert_eq!((&*back.line.entry().by, back.line.entry().prev), ("nurse1", suspected.id()));
    assert!(back.line.entry().tick > suspected.entry().tick && suspected.entry().tick > against.tick);
    assert_eq!(next(&mut writer, 4000), [(4, "subject.registered")], "once");
    writer.head.see(Tick { ms: 90_000, counter: 7 }, Instant::from_ms(4001));
    writer.head.see(Tick { ms: 80_000, counter: 0 }, Instant::from_ms(4001));
    assert_eq!(next(&mut writer, 4001), [(5, "subject.registered")], "a foreign tick is no clock");
    assert_eq!(writer.head.tick, Tick { ms: 90_000, counter: 8 });
}

/// C1: another clock pulls the own ticks a day ahead at most, and back never.
#[test]
fn c1_a_foreign_clock_pulls_a_day_at_most() {
    const DAY: i64 = 86_400_000;
    let mut writer = writer("S01-a");
    let now = Instant::from_ms(5000);
    let tick = |ms: i64, counter| Tick { ms: ms.unsigned_abs(), counter };
    for (seen, comes) in [
        (tick(4000, 9), tick(4000, 9)),
        (tick(5000 + DAY - 1, u32::MAX), tick(5000 + DAY - 1, u32::MAX)),
        (tick(5000 + DAY, 3), tick(5000 + DAY, 0)),
        (tick(253_402_300_799_999, u32::MAX), tick(5000 + DAY, 0)),
        (tick(3000, 0), tick(5000 + DAY, 0)),
    ] {
        writer.head.see(seen, now);
        assert_eq!(writer.head.tick, comes, "{seen}");
    }
    let line = writer.next(act(1), Some("MDV.1".into()), &stamp(6000), digest).expect("a line").line;
    assert_eq!(line.entry().tick, tick(5000 + DAY, 1), "what was seen within a day is before it");
    writer.head.see(tick(1, 0), Instant::from_ms(i64::MAX));
    assert_eq!(writer.head.tick, line.entry().tick);
}

#[test]
fn what_can_be_no_entry_moves_nothing() {
    let mut writer = writer("S01-a");
    writer.next(act(1), Some("MDV.1".into()), &stamp(9000), digest).expect("a line");
    let before = writer.head;
    let lacks_version = writer.next(act(2), None, &stamp(1), digest);
    assert!(lacks_version.is_err());
    let (user, name) = (Oid::from("x".repeat(999).as_str()), "A".to_owned());
    let bad = UserAdded { user, name, role: Role::Nurse, key: None, must_change: false };
    assert!(writer.next(bad.into(), None, &stamp(9001), digest).is_err());
    assert_eq!(writer.head, before, "not even the suspected clock was written");
}

#[test]
fn a_line_follows_is_known_or_leaves_a_gap() {
    let lines = log(5, 0);
    assert_eq!(judge(&[], &lines[0]), Link::Follows);
    assert_eq!(judge(&lines[..3], &lines[3]), Link::Follows);
    assert_eq!(judge(&lines[..3], &lines[1]), Link::Known);
    assert_eq!(judge(&lines[..3], &lines[2]), Link::Known);
    assert_eq!(judge(&lines[..3], &lines[4]), Link::Gap { expects: 4 });
    assert_eq!(judge(&[], &lines[4]), Link::Gap { expects: 1 });
}

#[test]
fn another_branch_is_named_where_it_parts() {
    let ours = log(6, 0);
    let fork = writer_after(&ours[..3]);
    let theirs = go_on(fork, 4, 100);
    // Numbers 4 to 7 of the other branch.
    assert_eq!(judge(&ours[..3], &theirs[0]), Link::Follows, "neither is the right one");
    assert_eq!(judge(&ours, &theirs[0]), Link::Fork { at: 4 });
    assert_eq!(judge(&ours, &theirs[1]), Link::Fork { at: 4 }, "its predecessor is another already");
    assert_eq!(judge(&ours[..4], &theirs[1]), Link::Fork { at: 4 }, "it would be the next, but of another line");
    assert_eq!(judge(&ours, &theirs[3]), Link::Fork { at: 6 });
    assert_eq!(judge(&log(3, 0), &log(3, 100)[0]), Link::Fork { at: 1 });
}

fn writer_after(lines: &[Line]) -> LogWriter {
    let last = lines.last().expect("a line");
    let head = LogHead { end: LogEnd::of(last), at: last.entry().at, tick: last.entry().tick };
    LogWriter { head, ..writer("S01-a") }
}

#[test]
fn ones_own_log_never_follows_from_elsewhere() {
    let lines = log(5, 0);
    let end = LogEnd::of(&lines[2]);
    let own = |line: &Line| {
        end.judge_own(line, |seq| Ok::<_, Infallible>(lines.get(seq as usize - 1).map(Line::id))).expect("infallible")
    };
    assert_eq!(own(&lines[1]), Link::Known);
    assert_eq!(own(&lines[3]), Link::Fork { at: 4 });
    assert_eq!(own(&lines[4]), Link::Fork { at: 5 });
}

proptest! {
    /// However two branches of a log arrive, what is linked is one unbroken chain, everything held is known, and a line is
    /// linked only where it follows.
    #[test]
    fn whatever_arrives_one_chain_is_held(parts in 0u64..8, order in proptest::collection::vec(0usize..16, 1..80)) {
        let ours = log(8, 0);
        let theirs = if parts == 0 { log(8, 100) } else {
            let trunk = &ours[..parts as usize];
            [trunk.to_vec(), go_on(writer_after(trunk), 8 - parts, 100)].concat()
        };
        let all: Vec<&Line> = ours.iter().chain(&theirs).collect();
        let mut held: Vec<Line> = Vec::new();
        for pick in order {
            let line = all[pick];
            let seq = line.entry().seq;
            let there = held.iter().any(|known| known.id() == line.id());
            match judge(&held, line) {
                Link::Follows => {
                    prop_assert!(!there);
                    prop_assert_eq!(line.entry().prev, held.last().map_or(EntryId::ZERO, Line::id));
                    held.push(line.clone());
                }
                Link::Known => prop_assert!(there),
                Link::Gap { expects } => {
                    prop_assert_eq!(expects, held.len() as u64 + 1);
                    prop_assert!(seq > expects);
                }
                Link::Fork { at } => {
                    prop_assert!(!there);
                    prop_assert!(at == seq || at + 1 == seq);
                    let other = &held[at as usize - 1];
                    let branch: &[Line] = if ours.contains(line) { &ours } else { &theirs };
                    prop_assert!(branch[at as usize - 1].id() != other.id(), "both have an entry there");
                }
            }
        }
    }
}
