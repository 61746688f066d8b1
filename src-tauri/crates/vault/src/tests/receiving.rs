//! Entries of other logs, in whatever order and shape they come.

use casebook::act::{QueryRaised, StudyPublished, SubjectRegistered};
use casebook::{Entry, FreeTextId, Line, Offset, TextCommit, Tick};
use proptest::prelude::*;

use super::*;
use crate::Received;

/// A log of the center, or of another device, with a registration now and then.
fn log(name: &str, length: u64, salt: &str) -> Vec<Line> {
    let mut prev = EntryId::ZERO;
    (1..=length)
        .map(|seq| {
            let act: casebook::Act = if seq % 3 == 0 {
                SubjectRegistered { subject: Oid::from(format!("S02-{seq:03}")), site: Oid::from("S02") }.into()
            } else {
                StudyPublished {
                    version: Oid::from(format!("MDV.{salt}{seq}")),
                    file: "0".repeat(64),
                    effective: "2026-01-01".into(),
                    approval: String::new(),
                    sites: Vec::new(),
                }
                .into()
            };
            let entry = Entry {
                v: casebook::VERSION,
                study: Oid::from("ST.TEST"),
                log: Oid::from(name),
                seq,
                prev,
                at: at(i64::try_from(seq).expect("small")).at,
                tz: Offset::from_minutes(0),
                tick: Tick { ms: 1000 + seq, counter: 0 },
                by: Oid::from("dm1"),
                metadata_version: act.subject().is_some().then(|| Oid::from("MDV.1")),
                act,
            };
            let line = Line::write(entry, seal::sha256).expect("an entry");
            prev = line.id();
            line
        })
        .collect()
}

fn receive<'a>(open: &mut Open, lines: impl IntoIterator<Item = &'a Line>) -> Received {
    let lines: Vec<&Line> = lines.into_iter().collect();
    open.transact(&at(50), |tx| {
        let mut so_far = Received::default();
        lines.iter().try_for_each(|line| tx.receive(line, &mut so_far))?;
        Ok::<_, VaultError>(so_far)
    })
    .expect("received")
}

#[test]
fn what_follows_is_linked_and_the_same_again_is_held() {
    let site = Site::new();
    let mut open = site.found();
    let center = log("center", 6, "");
    assert_eq!(receive(&mut open, &center), Received { accepted: 6, ..Received::default() });
    assert_eq!(receive(&mut open, &center), Received { held: 6, ..Received::default() });
    assert_eq!(open.logs()[1].seq, 6);
    assert_eq!(open.subjects().collect::<Vec<_>>(), ["S02-003", "S02-006"]);
    assert_eq!(verified(&open), []);
}

/// The center sends words only to the site that they concern: what is about another site's subject is no damage here.
#[test]
fn words_about_another_site_are_not_missed() {
    let site = Site::new();
    let mut open = site.found();
    let asked = |subject: &str| -> Line {
        let question = FreeTextId { text: TextCommit([7; 32]) };
        let (form, group) = ("SE.SCR[1]/F.VS[1]".parse().expect("a form"), Oid::from("IG.VS"));
        let act = QueryRaised {
            subject: Oid::from(subject),
            form,
            group,
            repeat: study::Repeat::first(),
            item: Oid::from("IT.VS.SYSBP"),
            question,
        };
        let mut entry = log("center", 1, "").remove(0).entry().clone();
        (entry.act, entry.metadata_version) = (act.into(), Some(Oid::from("MDV.1")));
        Line::write(entry, seal::sha256).expect("an entry")
    };
    receive(&mut open, [&asked("S02-001")]);
    assert_eq!(verified(&open), []);
    let other = Site::new();
    let mut open = other.found();
    receive(&mut open, [&asked("S01-001")]);
    assert_eq!(verified(&open), [Alarm::TextsDamaged { count: 1 }]);
}

#[test]
fn a_gap_is_parked_and_closes() {
    let site = Site::new();
    let mut open = site.found();
    let center = log("center", 9, "");
    let first = receive(&mut open, &center[3..]);
    assert_eq!((first.parked, first.accepted, &first.expects), (6, 0, &vec![("center".to_owned(), 1)]));
    assert_eq!(open.subjects().count(), 0);
    let second = receive(&mut open, &center[..3]);
    assert_eq!((second.accepted, second.expects), (9, vec![]));
    assert_eq!(open.subjects().count(), 3);
    assert_eq!(verified(&open), []);
}

#[test]
fn a_second_gap_behind_the_first_is_still_waited_for() {
    let site = Site::new();
    let mut open = site.found();
    let center = log("center", 9, "");
    receive(&mut open, &center[2..4]);
    receive(&mut open, &center[6..]);
    let closed = receive(&mut open, &center[..2]);
    assert_eq!((closed.accepted, closed.expects), (4, vec![("center".to_owned(), 5)]));
    let closed = receive(&mut open, &center[4..6]);
    assert_eq!((closed.accepted, closed.expects), (5, vec![]));
}

#[test]
fn a_fork_is_kept_apart_and_named() {
    let site = Site::new();
    let mut open = site.found();
    let (ours, theirs) = (log("center", 6, ""), log("center", 6, "other-"));
    receive(&mut open, &ours);
    let fork = receive(&mut open, &theirs);
    assert_eq!((fork.quarantined, fork.forks), (6, vec![("center".to_owned(), 1)]));
    let again = receive(&mut open, &theirs);
    assert_eq!((again.quarantined, again.held), (0, 6));
    assert_eq!(open.line("center", 1).expect("reads").as_ref(), Some(&ours[0]));
    let key = open.key.clone();
    drop(open);
    let kept: i64 = site.raw(&key).query_row("SELECT count(*) FROM quarantine", [], |row| row.get(0)).expect("reads");
    assert_eq!(kept, 6);
    assert_eq!(named(&site, 60), []);
}

#[test]
fn a_parked_branch_that_does_not_fit_goes_to_quarantine() {
    let site = Site::new();
    let mut open = site.found();
    let (ours, theirs) = (log("center", 4, ""), log("center", 4, "other-"));
    receive(&mut open, &theirs[2..]);
    let fork = receive(&mut open, &ours);
    // The third entry of the branch names another second one than ours: there the two logs part for certain.
    assert_eq!((fork.accepted, fork.forks), (4, vec![("center".to_owned(), 2)]));
    assert_eq!(verified(&open), []);
}

#[test]
fn this_devices_own_log_coming_back_longer_is_a_fork() {
    let site = Site::new();
    let mut open = site.found();
    let own = open.line(DEVICE, 1).expect("reads").expect("there");
    assert_eq!(receive(&mut open, [&own]).held, 1);
    let longer = log(DEVICE, 30, "");
    let fork = receive(&mut open, &longer[20..]);
    assert_eq!((fork.quarantined, fork.forks), (10, vec![(DEVICE.to_owned(), 21)]));
}

#[test]
fn the_hybrid_clock_rises_over_everything_seen() {
    let site = Site::new();
    let mut open = site.found();
    let mut line = log("center", 1, "").remove(0).into_parts().2;
    line.tick = Tick { ms: u64::try_from(START).expect("positive") + 86_400_000, counter: 3 };
    let line = Line::write(line, seal::sha256).expect("an entry");
    receive(&mut open, [&line]);
    register(&mut open, "S01-001", 60);
    let last = open.line(DEVICE, open.logs()[0].seq).expect("reads").expect("there");
    assert!(last.entry().tick > line.entry().tick);
}

/// C1: an entry from the end of time, which the center passed on, leaves this device's own log readable.
#[test]
fn c1_a_foreign_clock_at_the_end_of_time_stops_nobody() {
    let site = Site::new();
    let mut open = site.found();
    let mut line = log("center", 1, "").remove(0).into_parts().2;
    line.tick = "253402300799999.4294967295".parse().expect("the format allows it");
    let line = Line::write(line, seal::sha256).expect("an entry");
    receive(&mut open, [&line]);
    for n in 1..=4 {
        register(&mut open, &format!("S01-00{n}"), 60 + n);
        let last = open.line(DEVICE, open.logs()[0].seq).expect("it reads").expect("there");
        let day = u64::try_from(START).expect("positive") + 86_400_050;
        assert_eq!(last.entry().tick.ms, day, "a day ahead at most");
    }
    assert_eq!(verified(&open), []);
    drop(open);
    assert_eq!(named(&site, 90), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn any_order_of_bundles_gives_the_same_digest(order in Just(vec![0usize, 1, 2, 3, 4, 5]).prop_shuffle()) {
        let parts: Vec<Vec<Line>> = ["center", "S02-bbbbbbbb"]
            .iter()
            .flat_map(|name| log(name, 9, "").chunks(3).map(<[Line]>::to_vec).collect::<Vec<_>>())
            .collect();
        let site = Site::new();
        let mut open = site.found();
        for part in order {
            receive(&mut open, &parts[part]);
        }
        prop_assert_eq!(open.logs()[1..].iter().map(|log| log.seq).collect::<Vec<_>>(), [9, 9]);
        prop_assert_eq!(open.subjects().count(), 3);
        prop_assert_eq!(verified(&open), []);
    }
}
