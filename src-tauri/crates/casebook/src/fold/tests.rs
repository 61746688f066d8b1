//! Rows in a store: whatever was cached, forgotten and written in between, they are what the journal folds to.

use super::*;
use crate::act::{Act, SubjectRegistered, UserAdded};
use crate::book::tests::order::{play, steps};
use crate::book::tests::world::{SECOND, SMALL, digest};
use crate::{LogHead, LogWriter, Role, Stamp};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A store in memory that counts what is written.
#[derive(Default)]
struct Memory {
    rows: BTreeMap<String, Rows>,
    writes: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct Damaged;

impl From<RowError> for Damaged {
    fn from(_: RowError) -> Damaged {
        Damaged
    }
}

impl FoldReader for Memory {
    type Error = Damaged;

    fn each_row(&self, subject: &str, each: EachRow<'_>) -> Result<(), Damaged> {
        let rows = self.rows.get(subject).into_iter().flatten();
        rows.for_each(|(key, value)| each(key.kind, &key.place, value));
        Ok(())
    }

    fn study(&self, version: Option<&Oid>) -> Result<Arc<Study>, Damaged> {
        static STUDIES: LazyLock<[Arc<Study>; 2]> =
            LazyLock::new(|| [Arc::new(SMALL.clone()), Arc::new(SECOND.clone())]);
        let second = version.is_some_and(|version| *version == "MDV.2");
        Ok(Arc::clone(&STUDIES[usize::from(second)]))
    }
}

impl FoldStore for Memory {
    fn write_rows(&mut self, subject: &str, changes: &[RowChange]) -> Result<(), Damaged> {
        self.writes += 1;
        let rows = self.rows.entry(subject.to_owned()).or_default();
        for (key, value) in changes {
            match value {
                Some(value) => drop(rows.insert(key.clone(), value.clone())),
                None => drop(rows.remove(key)),
            }
        }
        Ok(())
    }
}

fn refold<'a>(store: &Memory, subject: &str, lines: impl IntoIterator<Item = &'a Line>) -> Rows {
    let mut fold = Refold::new(subject);
    lines.into_iter().for_each(|line| fold.apply(line).expect("of this subject"));
    fold.into_rows(store).expect("rows")
}

/// A log with a registration of each subject, and an account.
fn log(subjects: &[&str]) -> Vec<Line> {
    let mut writer = LogWriter { study: "ST".into(), log: "S01-a".into(), head: LogHead::empty() };
    let mut line = |act: Act| {
        let version = act.subject().map(|_| "MDV.1".into());
        writer.next(act, version, &Stamp::new(1000, 0, "nurse1"), digest).expect("a line").line
    };
    let register = |subject: &&str| SubjectRegistered { subject: (*subject).into(), site: "S01".into() };
    let account =
        UserAdded { user: "nurse1".into(), name: "A".into(), role: Role::Nurse, key: None, must_change: false };
    std::iter::once(account.into())
        .chain(subjects.iter().map(|subject| register(subject).into()))
        .map(&mut line)
        .collect()
}

fn apply(cache: &mut BookCache, store: &mut Memory, line: &Line) {
    match line.entry().act.subject() {
        Some(subject) => {
            let book = cache.for_change(store, subject).expect("a book");
            book.apply(line.id(), line.entry()).expect("of this subject");
        }
        None => cache.trial_state_for_change(store).expect("the trial's state").apply(line.id(), line.entry()),
    }
}

#[test]
fn more_subjects_than_are_kept_are_all_written() {
    let subjects: Vec<String> = (1..=20).map(|n| format!("S01-{n:03}")).collect();
    let names: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let (mut store, mut cache) = (Memory::default(), BookCache::default());
    let lines = log(&names);
    lines.iter().for_each(|line| apply(&mut cache, &mut store, line));
    assert_eq!(cache.version(&mut store, "S01-001").expect("a book").as_deref(), Some("MDV.1"), "read back");
    cache.write_all(&mut store).expect("written");
    assert_eq!(store.writes, 21, "each subject once, and the trial's state");
    cache.write_all(&mut store).expect("written");
    assert_eq!(store.writes, 21, "nothing changed");
    for subject in &names {
        let own = lines.iter().filter(|line| line.entry().act.subject().is_some_and(|of| of == subject));
        assert!(is_stored(&store, subject, refold(&store, subject, own)).expect("read"), "{subject}");
    }
    let rest = lines.iter().filter(|line| line.entry().act.subject().is_none());
    assert!(is_stored(&store, "", refold(&store, "", rest)).expect("read"));
    assert_eq!(read_trial_state(&store).expect("the trial's state").accounts_of(&"S01-a".into()).count(), 1);
    assert_eq!(cache.recomputed(&mut store, "S01-007").expect("a book").subject().map(|key| &**key), Some("S01-007"));
}

#[test]
fn what_was_not_written_is_forgotten() {
    let (mut store, mut cache) = (Memory::default(), BookCache::default());
    log(&["S01-001"]).iter().for_each(|line| apply(&mut cache, &mut store, line));
    cache.clear();
    assert_eq!(cache.recomputed(&mut store, "S01-001").expect("a book").subject(), None);
    assert_eq!(cache.trial_state(&store).expect("the trial's state").accounts_of(&"S01-a".into()).count(), 0);
    assert_eq!(store.writes, 0);
}

#[test]
fn rows_that_differ_are_noticed() {
    let (mut store, mut cache) = (Memory::default(), BookCache::default());
    let lines = log(&["S01-001"]);
    lines.iter().for_each(|line| apply(&mut cache, &mut store, line));
    cache.write_all(&mut store).expect("written");
    let fresh = || refold(&store, "S01-001", &lines[1..]);
    assert!(is_stored(&store, "S01-001", fresh()).expect("read"));
    let mut fewer = fresh();
    fewer.pop_first();
    assert!(!is_stored(&store, "S01-001", fewer).expect("read"), "a row too many");
    let mut more = fresh();
    more.insert(RowKey { kind: RowKind::Query, place: "x".to_owned() }, Vec::new());
    assert!(!is_stored(&store, "S01-001", more).expect("read"), "a row is lacking");
    let mut other = fresh();
    other.values_mut().for_each(|value| value.push(0));
    assert!(!is_stored(&store, "S01-001", other.clone()).expect("read"), "other bytes");
    store.rows.insert("S01-001".to_owned(), other);
    assert_eq!(CachedBook::load(&store, "S01-001").expect_err("damaged"), Damaged);
}

proptest! {
    /// Carried on from rows, recomputed, written and forgotten at whatever moments: the rows are those of a fold from nothing.
    #[test]
    fn rows_are_what_a_fold_from_nothing_gives(
        steps in steps(),
        order in proptest::collection::vec(any::<u8>(), 40),
        moments in proptest::collection::vec(0u8..6, 40),
    ) {
        let world = play(&steps);
        let (mut store, mut cache) = (Memory::default(), BookCache::default());
        let mut left: Vec<&[Line]> = world.logs.values().map(Vec::as_slice).collect();
        for turn in 0.. {
            left.retain(|lines| !lines.is_empty());
            if left.is_empty() {
                break;
            }
            let choice = usize::from(order[turn % 40]) % left.len();
            let (line, rest) = left[choice].split_first().expect("not empty");
            left[choice] = rest;
            apply(&mut cache, &mut store, line);
            match moments[turn % 40] {
                0 => cache.write_all(&mut store).expect("written"),
                1 => {
                    cache.write_all(&mut store).expect("written");
                    cache.clear();
                }
                2 => drop(cache.recomputed(&mut store, "S01-001").expect("recomputed").summary()),
                _ => {}
            }
        }
        cache.write_all(&mut store).expect("written");
        let fresh = refold(&store, "S01-001", world.logs.values().flatten());
        prop_assert!(is_stored(&store, "S01-001", fresh).expect("read"));
    }
}
